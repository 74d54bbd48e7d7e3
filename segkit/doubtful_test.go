package segkit

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/table"
)

// shoppers are 40 customers with a postcode, a year of birth, a rounded income, an amount, a plan and a name.
func shoppers(t *testing.T, o ...table.CSVOptions) *table.Table {
	var b strings.Builder
	b.WriteString("id,postcode,born,income,spend,plan,name\n")
	for i := range 40 {
		fmt.Fprintf(&b, "c%d,%d,%d,%d,%d,%s,Customer %d\n", i, 10115+i*731%80000, 1950+i, 10000+i*500, 7+i*i, []string{"basic", "plus"}[i%2], i)
	}
	return trial.TableOf(t, b.String(), o...)
}

// A postcode is no amount: 10117 is not a little more than 10115. Years of birth, rounded incomes and plain amounts are.
func TestCodesThatAreClusteredAsAmountsAreToldOf(t *testing.T) {
	raw := shoppers(t)
	for j, c := range raw.Columns() {
		if got, want := likeCodes(c, raw.Raw().Column(j)), c.Name == "postcode"; got != want {
			t.Errorf("%s looks like a code: %v", c.Name, got)
		}
	}
	for _, r := range []Recipe{{Method: cluster.KMeans{K: 2}}, {Columns: []string{"postcode", "spend"}, Method: cluster.KMeans{K: 2}}} {
		if notes := strings.Join(fitted(t, r, raw).Sheet().Notes, " "); !strings.Contains(notes, "postcode looks like a code") || !strings.Contains(notes, `Drop("postcode")`) {
			t.Errorf("notes %q", notes)
		}
	}
	for what, ok := range map[string]*table.Table{"as text": shoppers(t, table.CSVOptions{Text: []string{"postcode"}}), "with a unit": shoppers(t, table.CSVOptions{Units: map[string]string{"postcode": "m"}})} {
		if notes := strings.Join(fitted(t, Recipe{Method: cluster.KMeans{K: 2}}, ok).Sheet().Notes, " "); strings.Contains(notes, "code (whole") {
			t.Errorf("%s: notes %q", what, notes)
		}
	}
}

// In a column of names everybody differs from everybody: a recipe that takes all columns leaves it out, and says so.
func TestColumnsOfNamesAreLeftOut(t *testing.T) {
	raw := shoppers(t)
	m := fitted(t, Recipe{Method: cluster.KPrototypes{K: 2}}, raw)
	if notes := strings.Join(m.Sheet().Notes, " "); strings.Contains(strings.Join(m.Recipe.Columns, " "), "name") || !strings.Contains(strings.Join(m.Recipe.Columns, " "), "plan") ||
		!strings.Contains(notes, "name (names of people") {
		t.Errorf("by %v; notes %q", m.Recipe.Columns, notes)
	}
	if _, err := (Recipe{Columns: []string{"spend", "name"}, Method: cluster.KPrototypes{K: 2}}).Fit(raw); !errors.Is(err, fault.ErrSchema) || !strings.Contains(err.Error(), `"name": holds names of people`) {
		t.Errorf("names become a feature: %v", err)
	}
}

// One customer is too few for segments, and the sentence says so, instead of what a step of the preparation cannot do with them.
func TestOneCustomerIsTooFew(t *testing.T) {
	one := trial.ThreeGroups(30).Head(1)
	for _, r := range []Recipe{
		{Prep: []prep.Transformer{prep.Log1p{}, prep.Standardize{}}, Method: cluster.KMeans{K: 3}},
		{Prep: []prep.Transformer{prep.Standardize{}}, Method: cluster.GaussianMixture{K: 2}},
	} {
		if _, err := r.Fit(one); !errors.Is(err, fault.ErrUndefined) || !strings.Contains(err.Error(), "one customer; segments need at least k customers") {
			t.Errorf("%v", err)
		}
	}
}

// What makes a clustering say less than its columns promise is told, and as usual nothing is.
func TestColumnsThatDecideAloneOrTwiceAreTold(t *testing.T) {
	var b strings.Builder
	b.WriteString("id,income,share,cents,gone\n")
	for i := range 60 {
		gone := ""
		if i%2 == 0 {
			gone = fmt.Sprint(i % 7)
		}
		fmt.Fprintf(&b, "c%d,%d.5,0.%d,%d,%s\n", i, 10000+i*i%997*31, i*7%10, 100*(10000+i*i%997*31), gone)
	}
	raw := trial.TableOf(t, b.String())
	standard := []prep.Transformer{prep.Standardize{}}
	for name, c := range map[string]struct {
		r    Recipe
		said string // "" for nothing
	}{
		"one rules":       {Recipe{Columns: []string{"income", "share"}, Method: cluster.KMeans{K: 2}}, "income has 100.0 % of the spread, so that the other columns hardly count"},
		"standardised":    {Recipe{Columns: []string{"income", "share"}, Prep: standard, Method: cluster.KMeans{K: 2}}, ""},
		"a mixture":       {Recipe{Columns: []string{"income", "share"}, Method: cluster.GaussianMixture{K: 2}}, ""},
		"twice":           {Recipe{Columns: []string{"income", "share", "cents"}, Prep: standard, Method: cluster.KMeans{K: 2}}, "cents says the same as income, and counts twice"},
		"mostly made up":  {Recipe{Columns: []string{"share", "gone"}, Prep: []prep.Transformer{prep.Impute{}, prep.Standardize{}}, Method: cluster.KMeans{K: 2}}, "Impute fills in 50.0 % of gone"},
		"a single column": {Recipe{Columns: []string{"income"}, Method: cluster.KMeans{K: 2}}, ""},
	} {
		notes := fitted(t, c.r, raw).Sheet().Notes
		if got := strings.Join(notes[1:], " "); !strings.Contains(got, c.said) || c.said == "" && got != "" {
			t.Errorf("%s: noted %q, want %q", name, got, c.said)
		}
	}
}
