package table

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// What somebody would stop at is said in the summary, and what is as usual is not.
func TestSuspiciousColumnsAreTold(t *testing.T) {
	column := func(name string, cells ...string) string {
		var b strings.Builder
		fmt.Fprintf(&b, "id;%s\n", name)
		for i, c := range cells {
			fmt.Fprintf(&b, "c%d;%s\n", i, c)
		}
		return b.String()
	}
	for name, c := range map[string]struct {
		file string
		said string // "" for nothing
	}{
		"ages":                    {column("age", "34", "45", "-1", "999", "28", "999", "61"), `"age" holds −1 in 1 row and 999 in 2 rows, far from all its other values`},
		"an income":               {column("income", "30000", "45000", "9999999", "51000"), `list "9999999" among CSVOptions.Missing`},
		"two codes":               {column("children", "-99", "-1", "0", "2", "1"), "holds −99 in 1 row and −1 in 1 row"},
		"losses":                  {column("profit", "-1", "-7", "30", "12"), ""},
		"nearly a hundred":        {column("share", "99", "97", "50", "3"), ""},
		"a few":                   {column("visits", "9", "2", "1", "3"), ""},
		"one value":               {column("flag", "-1", "-1", "-1", "-1"), ""},
		"days of a spreadsheet":   {column("last_order", "43831", "43862", "43900"), "The numbers of \"last_order\" may be dates (43831 is 2020-01-01): if they are, With(\"days\", `days_since(col(\"last_order\"), \"2024-12-31\", \"excel\")`)"},
		"amounts":                 {column("spend", "43831", "43862", "43900"), ""},
		"seconds":                 {column("signup", "1577836800", "1580515200"), `(1577836800 is 2020-01-01)`},
		"days in digits":          {column("when", "20240305", "20230117"), `(20230117 is 2023-01-17)`},
		"large numbers":           {column("v", "20240305", "20231317"), ""},
		"milliseconds":            {column("t", "1577836800000", "1580515200000"), `"unix ms"`},
		"dates":                   {column("since", "2024-05-01", "2023-11-15", "2024-01-31"), "\"since\" holds dates, which are read as a category of 3 levels: With(\"days\", `days_since(since, \"2024-12-31\")`) turns them into days."},
		"dates, and a word":       {column("since", "2024-05-01", "2023-11-15", "unknown"), ""},
		"an outcome":              {column("Churn", "Yes", "No", "No"), `"Churn" may say what happened after the other columns were known. If it does, give it the role Outcome (CSVOptions.Roles)`},
		"a return":                {column("churns_of_butter", "1", "2", "1"), ""},
		"levels in another case":  {column("gender", "M", "F", "m"), `levels that may be the same, such as "M" and "m"`},
		"an accent in two":        {column("city", "K\u00f6ln", "Ko\u0308ln", "Bonn"), `"Ko\u0308ln" and "K\u00f6ln"`},
		"numbers with a unit":     {column("distance", "5 km", "12,5 km", "7 km"), `put "km" into its name`},
		"bands":                   {column("age", "18-24", "25-34", "35-44"), ""},
		"words with numbers":      {column("plan", "plan 1", "plan 2", "plan 3"), ""},
		"ids with marks":          {"id;v\n4000-1234;1\n4000 1234;2\nx;3\n", `3 ids are 2 if blanks and punctuation marks are ignored, as in "4000-1234" and "4000 1234": they count as different customers.`},
		"e-mails in another case": {"id;v\nAnn@x.org;1\nann@x.org;2\n", `"Ann@x.org" and "ann@x.org"`},
		"zeros lost":              {"id;v\n00123;1\n123;2\n", `"00123" and "123"`},
		"a mean below the total":  {"id;v\na;1\nb;2\nSumme;3\nMittelwert;1,5\n", "Left out: 2 lines of totals at the end"},
	} {
		table := tableOf(t, c.file)
		if got := strings.Join(table.Summary().Notes, " "); !strings.Contains(got, c.said) || c.said == "" && got != "" {
			t.Errorf("%s: noted %q, want %q", name, got, c.said)
		}
	}
	outcome := tableOf(t, column("churn", "Yes", "No"), CSVOptions{Roles: map[string]Role{"churn": Outcome}})
	if notes := outcome.Summary().Notes; strings.Contains(strings.Join(notes, " "), "churn") { // it is answered
		t.Errorf("%q", notes)
	}
	dates := tableOf(t, column("since", "2024-05-01", "2023-11-15", "2024-01-31"))
	if with, err := dates.With("days", `days_since(since, "2024-12-31")`); err != nil { // as the note has it
		t.Error(err)
	} else if days, _ := with.Values("days"); days[2] != 335 {
		t.Errorf("%v days from 2024-01-31 to 2024-12-31, want 335", days[2])
	}
	rows := tableOf(t, column("last_order", "43831", "43862", "43900"))
	with, err := rows.With("days", `days_since(col("last_order"), "2024-12-31", "excel")`) // as the note has it
	if err != nil {
		t.Fatal(err)
	}
	if days, _ := with.Values("days"); days[0] != 1826 {
		t.Errorf("%v days from 2020-01-01 to 2024-12-31, want 1826", days[0])
	}
}

// A column that adds up others is made from them, whatever the order of the columns; one that does so in most rows is not.
func TestSumsAreMadeFromTheirParts(t *testing.T) {
	var sums, nearly, months strings.Builder
	sums.WriteString("id;online;age;offline;orders\n")
	nearly.WriteString("id;online;age;offline;orders\n")
	months.WriteString("id;total;jan;feb;mar\n")
	for i := range 30 {
		a, b, c := i*7%11, i*5%13, i*3%17
		fmt.Fprintf(&sums, "c%d;%d,1;%d;%d,2;%d,3\n", i, a, 20+c, b, a+b)
		fmt.Fprintf(&nearly, "c%d;%d;%d;%d;%d\n", i, a, 20+c, b, a+b+i/29)
		fmt.Fprintf(&months, "c%d;%d;%d;%d;%d\n", i, a+b+c, a, b, c)
	}
	for name, c := range map[string]struct {
		file, column string
		parts        []string
	}{
		"a pair":   {sums.String(), "orders", []string{"offline", "online"}},
		"nearly":   {nearly.String(), "orders", nil},
		"in a row": {months.String(), "total", []string{"feb", "jan", "mar"}},
		"no sum":   {months.String(), "jan", nil},
		"few rows": {"id;a;b;c\nx;1;2;3\ny;2;3;5\n", "c", nil},
	} {
		table := tableOf(t, c.file)
		of, err := table.Column(c.column)
		if err != nil || !slices.Equal(of.Ancestry.Columns, c.parts) {
			t.Errorf("%s: %s is made from %q, want %q; %v", name, c.column, of.Ancestry.Columns, c.parts, err)
		}
		if noted := strings.Contains(strings.Join(table.Summary().Notes, " "), "is the sum of"); noted != (c.parts != nil) && c.column != "jan" {
			t.Errorf("%s: noted %v", name, noted)
		}
	}
}
