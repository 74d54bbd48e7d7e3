package rulebook

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/table"
)

// Three maps of recency, frequency and monetary scores that go around under the same names.
var (
	// the ten segments of the Python tutorials
	tutorialMap = `
Hibernating: r <= 2 and f <= 2
At risk: r <= 2 and 3 <= f <= 4
Can't lose: r <= 2 and f == 5
About to sleep: r == 3 and f <= 2
Need attention: r == 3 and f == 3
Loyal: 3 <= r <= 4 and f >= 4
Promising: r == 4 and f == 1
New: r == 5 and f == 1
Potential loyalists: r >= 4 and 2 <= f <= 3
Champions: r == 5 and f >= 4`
	// the vignette of the R package rfm
	vignetteMap = `
Champions: r == 5 and f == 5 and m == 5
Potential Loyalist: 3 <= r <= 5 and 3 <= f <= 5 and 2 <= m <= 5
Loyal Customers: 2 <= r <= 4 and 2 <= f <= 4 and 2 <= m <= 4
Promising: 3 <= r <= 4 and 1 <= f <= 3 and 3 <= m <= 5
New Customers: 4 <= r <= 5 and 1 <= f <= 3 and 1 <= m <= 5
Can't Lose Them: 1 <= r <= 2 and 3 <= f <= 4 and 4 <= m <= 5
At Risk: 1 <= r <= 2 and 2 <= f <= 5 and 4 <= m <= 5
Need Attention: 1 <= r <= 3 and 3 <= f <= 5 and 3 <= m <= 5
About To Sleep: 2 <= r <= 3 and 1 <= f <= 3 and 1 <= m <= 4
Lost: r == 1 and 1 <= f <= 5 and 1 <= m <= 5
Others: *`
	// its test suite
	testsMap = `
Champions: r >= 4 and f >= 4 and m >= 4
Loyal Customers: 2 <= r and f >= 3 and m >= 3
Potential Loyalist: r >= 3 and f <= 3 and m <= 3
New Customers: r >= 4 and f <= 1 and m <= 1
Promising: 3 <= r <= 4 and f <= 1 and m <= 1
Need Attention: r in [2, 3] and f in [2, 3] and m in [2, 3]
About To Sleep: r in [2, 3] and f <= 2 and m <= 2
At Risk: r <= 2 and 2 <= f <= 5 and 2 <= m <= 5
Can't Lose Them: r <= 1 and f >= 4 and m >= 4
Lost: r <= 2 and f <= 2 and m <= 2`
)

func scoreAxes() []Axis {
	scores := []float64{1, 2, 3, 4, 5}
	return []Axis{{"r", scores}, {"f", scores}, {"m", scores}}
}

// The counts of cells in no segment and in several are known: of the vignette's 125 cells 10 and 58, of the test suite's 36
// and 39, where three names come out empty or swallowed.
func TestLintScoreMaps(t *testing.T) {
	for name, want := range map[string][2]int{tutorialMap: {0, 0}, vignetteMap: {10, 58}, testsMap: {36, 39}} {
		b := rulesOf(t, name)
		l, err := b.LintOver(scoreAxes()...)
		if err != nil {
			t.Fatal(err)
		}
		if got := [2]int{l.Cells.None, l.Cells.Several}; got != want || l.Cells.N != 125 || len(l.Gaps) != want[0] || len(l.Overlaps) != want[1] {
			t.Errorf("%s: %d of %d cells, want %d", b.Rules[0].When, got, l.Cells.N, want)
		}
		// the same cells as customers
		all, err := table.New(wording.Numbered(125), []table.Column{{Name: "r"}, {Name: "f"}, {Name: "m"}}, everyScore())
		if err != nil {
			t.Fatal(err)
		}
		c, err := b.Lint(all)
		if err != nil {
			t.Fatal(err)
		}
		if got := [2]int{c.Customers.None, c.Customers.Several}; got != want || !slices.Equal(c.Customers.Takes, l.Cells.Takes) {
			t.Errorf("%s: %d of the customers, want %d", b.Rules[0].When, got, want)
		}
		b.Rest = "Others" // with a name it stays, also without customers
		s, err := b.Assign(all)
		if err != nil {
			t.Fatal(err)
		}
		if counts := s.Counts(); !slices.Equal(counts[:len(b.Rules)], l.Cells.Takes) || counts[len(b.Rules)] != want[0] {
			t.Errorf("assigned %v, linted %v", counts, l.Cells.Takes)
		}
	}
	l, err := rulesOf(t, testsMap).LintOver(scoreAxes()...)
	if err != nil {
		t.Fatal(err)
	}
	for i, rule := range l.Book.Rules {
		swallowed := map[string]string{"New Customers": "Potential Loyalist", "Promising": "Potential Loyalist", "Can't Lose Them": "At Risk"}[rule.Name]
		if (l.Cells.Takes[i] == 0) != (swallowed != "") {
			t.Errorf("%s takes %d cells", rule.Name, l.Cells.Takes[i])
		}
		if finding := l.finding(i); swallowed != "" && (!strings.Contains(finding, "can never take anyone") || !strings.Contains(finding, swallowed)) {
			t.Errorf("%s: %q", rule.Name, finding)
		}
	}
	if caption := l.Sheet().Caption; caption != "36 of 125 cells fit no rule; 39 fit rules of several segments: their order decides" {
		t.Error(caption)
	}
}

func everyScore() []float64 {
	var data []float64
	for i := range 125 {
		data = append(data, float64(1+i/25), float64(1+i/5%5), float64(1+i%5))
	}
	return data
}

// Rules over given values may compare columns with each other.
func TestLintOverAnyRule(t *testing.T) {
	b := rulesOf(t, "High: (f + m) / 2 >= 4\nEven: f == m")
	l, err := b.LintOver(scoreAxes()...)
	if err != nil {
		t.Fatal(err)
	}
	// of 25 pairs 6 add up to 8 or more (53 54 55 44 45 35), 5 are even, 44 and 55 both
	if want := []int{5 * 6, 5 * 5}; !slices.Equal(l.Cells.Holds, want) || l.Cells.Both[0][1] != 5*2 || l.Cells.None != 5*(25-9) {
		t.Errorf("%+v", l.Cells)
	}
	for _, bad := range [][]Axis{nil, {{"f", nil}, {"m", []float64{1}}}, {{"f", []float64{1}}, {"f", []float64{1}}},
		{{"f", make([]float64, 2000)}, {"m", make([]float64, 2000)}}} {
		if l, err := b.LintOver(bad...); err == nil {
			t.Errorf("%d axes: %+v", len(bad), l)
		}
	}
}

func TestLintCustomers(t *testing.T) {
	//   spend orders city      Big  Busy  Leeds Never
	// a    50      1 Leeds     no   no    yes   no
	// b   150      3 York      yes  yes   no    no
	// c     –      2 Leeds     ?    yes   yes   no
	// d   900      0 –         yes  no    ?     ?
	// e   -20      4 Hull      no   yes   no    no
	b := rulesOf(t, "Big: spend > 100\nBusy: orders >= 2\nLeeds: city == \"Leeds\"\nNever: city == \"York\" and orders > 5\nAlso big: spend > 200")
	l, err := b.Lint(trial.Shop(t))
	if err != nil {
		t.Fatal(err)
	}
	c := l.Customers
	if c.N != 5 || c.None != 0 || c.Several != 3 || c.Undecided != 1 {
		t.Errorf("%+v", c)
	}
	for name, got := range map[string][2][]int{"holds": {c.Holds, {2, 3, 2, 0, 1}}, "takes": {c.Takes, {2, 2, 1, 0, 0}}, "unknown": {c.Unknown, {1, 0, 1, 0, 1}},
		"with Busy": {c.Both[1], {1, 3, 1, 0, 0}}} {
		if !slices.Equal(got[0], got[1]) {
			t.Errorf("%s: %v, want %v", name, got[0], got[1])
		}
	}
	for i, want := range []string{"", "1 are taken by Big", "1 are taken by Busy", "can never take anyone: all are taken by Busy", "can never take anyone: all are taken by Big"} {
		if got := l.finding(i); got != want {
			t.Errorf("rule %d: %q, want %q", i, got, want)
		}
	}
	// spend <= 100, <= 200, more x orders < 2, 2 to 5, more x Leeds, York, Hull
	if l.Cells.N != 27 || l.Cells.None != 2 || strings.Join(l.Columns, " ") != "spend orders city" {
		t.Errorf("%d cells of %v, %d in none", l.Cells.N, l.Columns, l.Cells.None)
	}
	if l.Gaps[0].When != `spend <= 100 and orders <= 1 and city == "Hull"` {
		t.Errorf("%+v", l.Gaps)
	}
	if l.Exclusive() || l.Exhaustive() {
		t.Error("neither exclusive nor exhaustive")
	}
	sheet := l.Sheet()
	if want := "Every customer fits a rule; 3 of 5 customers fit rules of several segments: their order decides"; sheet.Caption != want {
		t.Errorf("%q, want %q", sheet.Caption, want)
	}
	if l, err := rulesOf(t, "A: spend / orders > 1").Lint(trial.Shop(t)); err != nil || l.Cells.N != 0 || !strings.Contains(l.Why, `"A"`) || l.Customers.Unknown[0] != 2 {
		t.Errorf("%+v, %v", l, err)
	}
}

// A grid that is too large leaves the customers counted.
func TestLintTooManyCells(t *testing.T) {
	var rules []string
	for j := range 7 {
		for c := range 9 {
			rules = append(rules, fmt.Sprintf("x%d > %d", j, c))
		}
	}
	columns := make([]table.Column, 7)
	for j := range columns {
		columns[j].Name = fmt.Sprintf("x%d", j)
	}
	table, err := table.New(wording.Numbered(2), columns, make([]float64, 14))
	if err != nil {
		t.Fatal(err)
	}
	l, err := (&Book{Rules: []Rule{{"A", strings.Join(rules, " or ")}}}).Lint(table)
	if err != nil || l.Customers.None != 2 || l.Cells.N != 0 || !strings.Contains(l.Why, "2,000,000 cells") {
		t.Errorf("%+v, %v", l, err)
	}
}

// intervalRule draws a condition that compares columns with constants.
func intervalRule(t *rapid.T, depth int) string {
	draw := func(of ...string) string { return rapid.SampledFrom(of).Draw(t, "part") }
	if depth > 0 && rapid.Bool().Draw(t, "joined") {
		return "(" + intervalRule(t, depth-1) + draw(") and (", ") or (", ") and not (") + intervalRule(t, depth-1) + ")"
	}
	constant := draw("0", "1", "2", "3", "2.5", "-1", "1/2", "1/0")
	sign := draw("==", "!=", "<", "<=", ">", ">=")
	return draw(
		`col("x y") `+sign+" "+constant,
		constant+" "+sign+" whole",
		`whole in [1, 3]`,
		`0 < col("x y") <= 2.5`,
		`city in ["Leeds", "Hull"]`,
		`city `+draw("==", "!=")+` "York"`,
		`"monthly" `+sign+" visits",
		`missing(`+draw("whole", "city", "visits")+`)`,
		"true")
}

// Every customer whose values are known, or asked for, is in one cell, in which every rule holds as it does for the customer;
// and the condition of a cell selects its customers and no others.
func TestCellsSpeakForTheirCustomers(t *testing.T) {
	columns := []table.Column{{Name: "x y"}, {Name: "whole"}, {Name: "city", Levels: []string{"Leeds", "York", "Hull", "Bath"}},
		{Name: "visits", Levels: []string{"never", "monthly", "weekly"}, Ordered: true}}
	rapid.Check(t, func(t *rapid.T) {
		var data []float64
		n := rapid.IntRange(1, 20).Draw(t, "n")
		for range n {
			data = append(data, rapid.SampledFrom([]float64{-1, 0, 1e-9, .5, 1, 2, 2.4999, 2.5, 7, math.NaN()}).Draw(t, "x"),
				rapid.SampledFrom([]float64{0, 1, 2, 3, 5, math.NaN()}).Draw(t, "whole"),
				rapid.SampledFrom([]float64{0, 1, 2, 3, math.NaN()}).Draw(t, "city"), rapid.SampledFrom([]float64{0, 1, 2, math.NaN()}).Draw(t, "visits"))
		}
		table, err := table.New(wording.Numbered(n), columns, data)
		if err != nil {
			t.Fatal(err)
		}
		b := &Book{Rules: []Rule{{"A", intervalRule(t, 2)}, {"B", intervalRule(t, 2) + " and true"}, {"C", intervalRule(t, 1) + " or false"}}}
		rules, err := b.check("", table)
		if err != nil {
			t.Fatal(err)
		}
		cuts, why := b.cut(table, rules)
		if why != "" {
			t.Fatal(why)
		}
		row := make([]float64, len(columns))
		cells := 1
		for _, c := range cuts {
			cells *= len(c.pieces)
		}
		members := customersIn(table, cuts, cells)
		total := 0
		for cell := range cells {
			at := cell
			for _, c := range slices.Backward(cuts) {
				row[c.column] = c.pieces[at%len(c.pieces)].value
				at /= len(c.pieces)
			}
			text := cellText(cuts, cell)
			in, err := table.Where(text)
			if err != nil {
				t.Fatal(err)
			}
			known := 0 // a piece that is the whole column says nothing of it
			for i := range in.Len() {
				if inNone(in, cuts, i) {
					continue
				}
				known++
				for r, rule := range rules {
					if got, want := rule.Eval(in.Raw().Row(i)) == 1, rule.Eval(row) == 1; got != want {
						t.Fatalf("%s: %s is %t for customer %v, %t for the cell", text, b.Rules[r].When, got, in.Raw().Row(i), want)
					}
				}
			}
			if known != members[cell] {
				t.Fatalf("%s selects %d customers, the cell has %d", text, known, members[cell])
			}
			total += known
		}
		for i := range n {
			if !inNone(table, cuts, i) {
				total--
			}
		}
		if total != 0 {
			t.Fatalf("%d customers more in cells than in the table", total)
		}
	})
}

// inNone reports whether a customer has a missing value that no rule asks for.
func inNone(t *table.Table, cuts []cut, i int) bool {
	return slices.ContainsFunc(cuts, func(c cut) bool { return c.place(t.At(i, c.column)) < 0 })
}
