package table

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A column of dates becomes days: 2021-06-01 is two days after 2021-05-30 (and 2020 had a 29 February).
func TestDaysSinceADay(t *testing.T) {
	rows := tableOf(t, "id,last_order,signup,serial,spend,german\na,2021-05-30,13 mars 2020,43831,120,30.05.2021\nb,2020-06-01,1 août 2019,43862,40,01.06.20\nc,,5 mai 2019,,75,\n")
	for expression, want := range map[string][]float64{
		`days_since(last_order, "2021-06-01")`:            {2, 365, math.NaN()},
		`days_since(last_order, "2021-05-01")`:            {-29, 334, math.NaN()},
		`days_since(german, "2021-06-01")`:                {2, 365, math.NaN()},
		`days_since(signup, "2020-03-14")`:                {1, 226, 314},
		`days_since(signup, last_order)`:                  {443, 305, math.NaN()},
		`days_since(serial, "2020-02-01", "excel")`:       {31, 0, math.NaN()},
		`days_since(col("last_order"), "2021-06-01") / 2`: {1, 182.5, math.NaN()},
	} {
		with, err := rows.With("days", expression)
		if err != nil {
			t.Errorf("%s: %v", expression, err)
			continue
		}
		if got, _ := with.Values("days"); !sameFloats(got, want) {
			t.Errorf("%s: %v, want %v", expression, got, want)
		}
		if c, _ := with.Column("days"); c.Unit != "days" && !strings.Contains(expression, "/") {
			t.Errorf("%s: unit %q", expression, c.Unit)
		}
	}
	for expression, part := range map[string]string{
		`days_since(last_order, 2021-06-01)`:       "must be in quotes",
		`days_since(spend, "2021-06-01")`:          `"excel" for the days`,
		`days_since(last_order)`:                   "needs a column of dates and a day",
		`days_since(last_order, "1/6/2021")`:       "written like 2024-03-31",
		`days_since("last_order", "2021-06-01")`:   "needs a column of dates",
		`days_since(serial, "2020-02-01", "soon")`: "names no day",
	} {
		if _, err := rows.With("days", expression); err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%s: %v does not say %q", expression, err, part)
		}
	}
	undecided := tableOf(t, "id,day\na,3/8/2019\nb,1/2/2019\n")
	if _, err := undecided.With("days", `days_since(day, "2020-01-01")`); err == nil || !strings.Contains(err.Error(), `to "2/1/2006" for dates from 2019-02-01 to 2019-08-03, or to "1/2/2006"`) {
		t.Errorf("undecided dates: %v", err)
	}
	told, err := undecided.With("days", `days_since(day, "2019-03-09", "%m/%d/%Y")`)
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := told.Values("days"); !sameFloats(got, []float64{1, 66}) {
		t.Errorf("told to be month first: %v", got)
	}
	mixed := tableOf(t, "id,day\na,2019-01-01 10:00 CET\nb,2019-07-01 10:00 CEST\n")
	if _, err := mixed.With("days", `days_since(day, "2020-01-01")`); err == nil || !strings.Contains(err.Error(), "a different zone") {
		t.Errorf("two zones: %v", err)
	}
}

// What WriteCSV writes, ReadCSV reads without a question: 1.234 alone could be thousands.
func TestWriteCSVDecidesItsPoints(t *testing.T) {
	rows := tableOf(t, "id,a,b\nx,1.2340,1.234\ny,-5.678,12.5\nz,,7\n")
	path := filepath.Join(t.TempDir(), "out.csv")
	if err := rows.WriteCSV(path); err != nil {
		t.Fatal(err)
	}
	back, err := ReadCSV(path, "id")
	if err != nil || !sameFloats(back.raw.Data, rows.raw.Data) {
		t.Errorf("%v, %v", back, err)
	}
	if text, _ := os.ReadFile(path); !strings.Contains(string(text), "x,1.2340,1.234\n") {
		t.Errorf("%s", text)
	}
}

// A file in any encoding is the same table from a path and from a reader.
func TestParseCSVDecodesAsReadCSVDoes(t *testing.T) {
	for name, text := range map[string]string{
		"byte order mark": "\ufeffid,town\na,Cádiz\n",
		"windows-1252":    "id,town\na,C\xe1diz\n",
		"utf-16":          "\xff\xfei\x00d\x00,\x00t\x00o\x00w\x00n\x00\n\x00a\x00,\x00C\x00\xe1\x00d\x00i\x00z\x00\n\x00",
		"gzip":            gzipped("id,town\na,Cádiz\n"),
	} {
		rows, err := ParseCSV(strings.NewReader(text), "towns", "id")
		if err != nil || rows.raw.Columns[0].Levels[0] != "Cádiz" {
			t.Errorf("%s: %v, %v", name, rows, err)
		}
	}
}
