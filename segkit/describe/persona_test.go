package describe

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// two segments of customers: few good ones, many others.
func introduced(t *testing.T) *Profile {
	t.Helper()
	text := "id,recency,orders,spend,city,next\n"
	var labels table.Labels
	for i := range 40 {
		labels = append(labels, 0)
		text += fmt.Sprintf("m%02d,%d,%d,%d,%s,0\n", i, 80+i%7, 1+i%3, 10+i%5, []string{"Hull", "York"}[i%2])
	}
	for i := range 10 {
		labels = append(labels, 1)
		text += fmt.Sprintf("g%02d,%d,%d,%d,York,90\n", i, 3+i%5, 9+i%3, 300+i%5)
	}
	rows := trial.TableOf(t, text, table.CSVOptions{Roles: map[string]table.Role{"spend": table.Value, "city": table.Descriptor, "next": table.Outcome},
		Units: map[string]string{"recency": "days", "spend": "EUR"}})
	rows.Raw().Columns[0].High, rows.Raw().Columns[0].Low = "lapsed", "recent"
	s, err := table.NewSegments(rows.IDs(), labels, []string{"Many", "Good"})
	if err != nil {
		t.Fatal(err)
	}
	p, err := Segments(rows, s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// ruleOfGood is a rule for the segment "Good" alone.
type ruleOfGood struct{}

func (ruleOfGood) Words(segment string) string {
	if segment == "Good" {
		return "orders at least 9"
	}
	return ""
}

func (ruleOfGood) PrecisionRecall(segment string) (precision, recall float64) {
	if segment == "Good" {
		return 1, .6
	}
	return math.NaN(), 0
}

func TestPersonas(t *testing.T) {
	p := introduced(t)
	p.Segments[0].Markers = nil
	rules := ruleOfGood{}
	personas := p.Personas(nil, rules)
	good := personas[1]
	if want := []string{"recent: recency 5 days, far below the typical 82", "spend: 302 EUR, far above the typical 13",
		"orders: 10, far above the typical 2"}; !sameSet(good.Sentences, want) {
		t.Errorf("%q", good.Sentences)
	}
	if good.Rule != "orders at least 9" || good.Caution != "Only 10 customers: what is typical of them is uncertain. The rule misses 40 % of them." {
		t.Errorf("rule %q, caution %q", good.Rule, good.Caution)
	}
	if !strings.HasPrefix(good.Prototype, "g") || !strings.Contains(good.Like, "recency ") || strings.Contains(good.Like, "next") {
		t.Errorf("prototype %q, like %q", good.Prototype, good.Like)
	}
	if many := personas[0]; many.Sentences != nil || many.Caution != "Nothing stands out: these are average customers. No rule says who they are." {
		t.Errorf("%+v", many)
	}
	text := personas.Sheet().TextIn(200)
	if strings.ContainsRune(text, '\uFFFD') {
		t.Error("what nobody says is shown as a broken character")
	}
	for _, part := range []string{"The largest segment is \"Many\" (80 %); most spend comes from \"Good\" (86 %)", "10 customers (20 %)", "86 % of spend",
		"how to recognise them", "what to mind", "Typical is the value that half"} {
		if !strings.Contains(text, part) {
			t.Errorf("the cards do not say %q:\n%s", part, text)
		}
	}
	f := personas.Frame()
	if f.Err != nil || f.Nrow() != 2 || f.Col("spend_share").Float()[1] < .8 || f.Col("caution").Records()[1] != good.Caution {
		t.Errorf("%v", f)
	}
	ruled := func(c sheet.Column) bool { return c.Name == "how to recognise them" }
	if alone := p.Personas(); alone[1].Rule != "" || slices.ContainsFunc(alone.Sheet().Columns, ruled) {
		t.Errorf("a rule without rules: %+v", alone[1])
	}
}

func sameSet(a, b []string) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

// Whatever the segments, empty ones and noise included, every result can be shown and computed with.
func TestProfilesCanAlwaysBeShown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows, s := randomProfiled(t)
		p, err := Segments(rows, s)
		if err != nil {
			t.Fatal(err)
		}
		if text := p.Personas().Sheet().Text() + p.Sheet().Text() + p.Differences().Sheet().Text(); strings.Contains(text, "NaN") || strings.Contains(text, "%!") {
			t.Fatal(text)
		}
		for what, err := range map[string]error{"personas": p.Personas().Frame().Err, "differences": p.Differences().Frame().Err,
			"wide": p.Frame().Err, "long": p.Long().Err} {
			if err != nil {
				t.Fatalf("%s: %v", what, err)
			}
		}
	})
}

func TestDifferences(t *testing.T) {
	d := introduced(t).Differences()
	var names []string
	for _, c := range d.Columns {
		names = append(names, c.Name)
	}
	if !sameSet(names[:4], []string{"recency", "orders", "spend", "next"}) || names[4] != "city" {
		t.Errorf("%q", names)
	}
	for i, e := range d.Effects[:4] {
		if d.Says[i] != "large" || e.Adjusted < e.P || e.Adjusted > 1e-4 {
			t.Errorf("%s: %s, %+v", names[i], d.Says[i], e)
		}
	}
	if text := d.Sheet().Text(); !strings.Contains(text, "Which columns formed these segments is not known") || !strings.Contains(text, "< 0.001") {
		t.Error(text)
	}
}

// One segment of all customers differs from nothing.
func TestDifferencesOfOneSegment(t *testing.T) {
	rows := trial.Shop(t)
	s, _ := table.NewSegments(rows.IDs(), make(table.Labels, rows.Len()), nil)
	p, err := Segments(rows, s)
	if err != nil {
		t.Fatal(err)
	}
	for i, says := range p.Differences().Says {
		if says != "undefined" {
			t.Errorf("column %d: %s", i, says)
		}
	}
	if got := p.Segments[0].Markers; got != nil {
		t.Errorf("markers %+v", got)
	}
}
