package rulebook

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/table"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/internal/wording"
)

// halves describes two segments of a table: the first half of the customers and the second.
func halves(t interface {
	Helper()
	Fatal(...any)
}, rows *table.Table) (*describe.Profile, *table.Segments) {
	t.Helper()
	labels := make(table.Labels, rows.Len())
	for i := range labels {
		labels[i] = 2 * i / len(labels)
	}
	s, err := table.NewSegments(rows.IDs(), labels, nil)
	if err != nil {
		t.Fatal(err)
	}
	p, err := describe.Segments(rows, s)
	if err != nil {
		t.Fatal(err)
	}
	return p, s
}

// A table of a column whose first half of the customers has one value and whose second half has the other.
func twoValues(t *testing.T, column, first, second string, o table.CSVOptions) *table.Table {
	text := "id," + column + "\n"
	for i := range 40 {
		text += fmt.Sprintf("c%d,%s\n", i, []string{first, second}[i/20])
	}
	return trial.TableOf(t, text, o)
}

// A name is understood without the table beside it: a code, an answer or a step of a scale stands behind its column's name, a word
// stands alone, and what the column is called is spelt as the user spells it.
func TestNamesOfCodedColumns(t *testing.T) {
	text := func(column string) table.CSVOptions { return table.CSVOptions{Text: []string{column}} }
	for what, c := range map[string]struct {
		column, first, second string
		options               table.CSVOptions
		want                  []string
	}{
		"codes":                      {"plan", "C22", "C4", table.CSVOptions{}, []string{"Plan C22", "Plan C4"}},
		"numbers that are codes":     {"region", "17", "4", text("region"), []string{"Region 17", "Region 4"}},
		"country codes":              {"country", "DE", "US", table.CSVOptions{}, []string{"Country DE", "Country US"}},
		"letters":                    {"sex", "F", "M", table.CSVOptions{}, []string{"Sex F", "Sex M"}},
		"words":                      {"city", "Leeds", "York", table.CSVOptions{}, []string{"Leeds", "York"}},
		"words of no capitals":       {"都市", "東京", "大阪", table.CSVOptions{}, []string{"東京", "大阪"}},
		"steps of a scale":           {"visits", "weekly", "yearly", table.CSVOptions{Levels: map[string][]string{"visits": {"yearly", "weekly"}}}, []string{"Visits weekly", "Visits yearly"}},
		"answers of other kinds":     {"delivery", "Unknown", "None", table.CSVOptions{}, []string{"Delivery Unknown", "Delivery None"}},
		"a level with its column":    {"plan", "plan C22", "plan C4", table.CSVOptions{}, []string{"Plan C22", "Plan C4"}},
		"yes and no":                 {"member", "Yes", "No", table.CSVOptions{}, []string{"Member", "Not member"}},
		"yes before no":              {"member", "No", "Yes", table.CSVOptions{Levels: map[string][]string{"member": {"Yes", "No"}}}, []string{"Not member", "Member"}},
		"y and n":                    {"member", "Y", "N", table.CSVOptions{}, []string{"Member", "Not member"}},
		"ja and nein":                {"Mitglied", "ja", "nein", table.CSVOptions{}, []string{"Mitglied", "not Mitglied"}},
		"1 and 0 as text":            {"member", "1", "0", text("member"), []string{"Member", "Not member"}},
		"1 and 0":                    {"sports", "1", "0", table.CSVOptions{}, []string{"Sports", "Not sports"}},
		"a negation is not doubled":  {"not_noisy", "0", "1", table.CSVOptions{}, []string{"Noisy", "Not noisy"}},
		"nor in capitals":            {"NotNoisy", "0", "1", table.CSVOptions{}, []string{"Noisy", "NotNoisy"}},
		"levels with a negation":     {"noise", "not noisy", "noisy", table.CSVOptions{}, []string{"Not noisy", "Noisy"}},
		"a verb":                     {"is_active", "0", "1", table.CSVOptions{}, []string{"Is not active", "Is active"}},
		"the user's spelling":        {"SpendOnMeat", "10", "30", table.CSVOptions{}, []string{"Low SpendOnMeat", "High SpendOnMeat"}},
		"the user's spelling, first": {"iPhone", "1", "0", table.CSVOptions{}, []string{"iPhone", "not iPhone"}},
		"a unit is left out":         {"Annual Income (k$)", "10", "30", table.CSVOptions{}, []string{"Low Annual Income", "High Annual Income"}},
	} {
		p, _ := halves(t, twoValues(t, c.column, c.first, c.second, c.options))
		if got := p.Names(); !slices.EqualFunc(got, c.want, strings.EqualFold) || !slices.ContainsFunc(got, func(name string) bool { return name == c.want[0] }) {
			t.Errorf("%s: %q, want %q", what, got, c.want)
		}
	}
}

// The same answer to two questions tells which question was answered.
func TestNamesOfEqualLevels(t *testing.T) {
	text := "id,backup,support\n"
	for i := range 40 {
		text += fmt.Sprintf("c%d,%s,%s\n", i, []string{"inside", "rented"}[i/20], []string{"rented", "inside"}[i/20])
	}
	p, _ := halves(t, trial.TableOf(t, text, table.CSVOptions{}))
	if got, want := p.Names(), []string{"Backup inside, support rented", "Backup rented, support inside"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// Rules speak of an answer as names do.
func TestRulesOfAnswers(t *testing.T) {
	for what, rows := range map[string]*table.Table{
		"numbers": twoValues(t, "sports", "0", "1", table.CSVOptions{}),
		"levels":  twoValues(t, "sports", "no", "yes", table.CSVOptions{}),
		"levels from high to low": twoValues(t, "sports", "no", "yes",
			table.CSVOptions{Levels: map[string][]string{"sports": {"yes", "no"}}}),
	} {
		_, s := halves(t, rows)
		e, err := Explain(rows, s, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if no, yes := e.Words(s.Name(0)), e.Words(s.Name(1)); no != "not sports" || yes != "sports" {
			t.Errorf("%s: %q and %q", what, no, yes)
		}
	}
}

// Whatever columns and levels are called, names are unique, never empty, and deny nothing twice.
func TestNamesOfAnyColumns(t *testing.T) {
	words := rapid.SampledFrom([]string{"noisy", "Not", "not", "no", "non-smoker", "NotNoisy", "never", "is", "has", "C22", "4", "Yes", "a", "(k$)", "_", "Ärger", "都市"})
	rapid.Check(t, func(t *rapid.T) {
		n, d := rapid.IntRange(2, 12).Draw(t, "n"), rapid.IntRange(1, 4).Draw(t, "d")
		var columns []table.Column
		for j := range d {
			c := table.Column{Name: strings.Join(rapid.SliceOfN(words, 1, 3).Draw(t, "name"), " ")}
			for slices.ContainsFunc(columns, func(other table.Column) bool { return other.Name == c.Name }) {
				c.Name += fmt.Sprint(" ", j)
			}
			if rapid.Bool().Draw(t, "category") {
				c.Levels = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"", "yes", "No", "C22", "4", "Leeds", "not noisy", "1", "0"}), 1, 4, rapid.ID).Draw(t, "levels")
			}
			if strings.Contains(strings.ToLower(wording.InWords(c.Name)), "not not") {
				t.Skip("the user's own")
			}
			columns = append(columns, c)
		}
		var ids []string
		var data []float64
		for i := range n {
			ids = append(ids, fmt.Sprint("c", i))
			for _, c := range columns {
				most := 1
				if c.Categorical() {
					most = len(c.Levels) - 1
				}
				data = append(data, float64(rapid.IntRange(0, most).Draw(t, "value")))
			}
		}
		rows, err := table.New(ids, columns, data)
		if err != nil {
			t.Fatal(err)
		}
		p, _ := halves(t, rows)
		seen := make(map[string]bool)
		for _, name := range p.Names() {
			if strings.TrimSpace(name) == "" || seen[name] || strings.Contains(strings.ToLower(name), "not not") {
				t.Fatalf("names %q of %+v", p.Names(), columns)
			}
			seen[name] = true
		}
	})
}
