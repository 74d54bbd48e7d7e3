package capstone

import (
	"fmt"

	"github.com/segkit/lab/segkit/sheet"
)

// Criterion is one thing that is asked, and what came of it.
type Criterion struct {
	Name   string
	Asks   string
	Of     int    // points for all of it
	Points int    // points given
	Found  string // in a sentence
	Hint   string // where points were lost
}

// Report is the grade: a criterion a row, in the order of the work.
type Report struct{ Criteria []Criterion }

// Points are those that were given, and those that there are.
func (r *Report) Points() (points, of int) {
	if r == nil {
		return 0, 0
	}
	for _, c := range r.Criteria {
		points, of = points+c.Points, of+c.Of
	}
	return points, of
}

// Sheet has a row per criterion; the caption is the total.
func (r *Report) Sheet() sheet.Sheet {
	out := sheet.Sheet{Whole: true, Columns: []sheet.Column{{Name: "criterion", Text: true}, {Name: "points"},
		{Name: "what was found", Text: true}, {Name: "hint", Text: true}}}
	points, of := r.Points()
	out.Caption = fmt.Sprintf("%d of %d points", points, of)
	if r == nil {
		return out
	}
	for _, c := range r.Criteria {
		out.Rows = append(out.Rows, []string{c.Name, fmt.Sprintf("%d of %d", c.Points, c.Of), c.Found, c.Hint})
	}
	return out
}

// Criteria is what is asked, before anything is handed in.
type Criteria []Criterion

// Rubric lists what is asked and the points for it, 100 in all. The light version leaves shop-a out, and is of 80.
func Rubric() Criteria {
	return Criteria{
		{Name: "ledger of shop-a", Of: 10, Asks: "what cleaning leaves is right in lines, customers and money, to the cent"},
		{Name: "ledger of shop-b", Of: 10, Asks: "the same"},
		{Name: "groups in shop-a?", Of: 10, Asks: "6 for the answer, 4 for its evidence: a sweep beside data of one group that says the same"},
		{Name: "groups in shop-b?", Of: 10, Asks: "the same"},
		{Name: "few segments", Of: 5, Asks: "three to five, none below 5 % of the customers"},
		{Name: "as many as there are", Of: 5, Asks: "there are as many segments as the shop has kinds of customer"},
		{Name: "names", Of: 4, Asks: "each segment has a name in words, unlike the others, and not the one that the machine gave"},
		{Name: "cards", Of: 6, Asks: "a card for each segment, under its name, with what stands out and how to recognise it"},
		{Name: "rules", Of: 10, Asks: "rules and model agree on at least 80 % of customers who are in no file"},
		{Name: "held back", Of: 10, Asks: "the rules were made without at least a tenth of the customers, and the fidelity that you state comes true within five points"},
		{Name: "hold-out", Of: 4, Asks: "the plan says who orders (active), and holds out a tenth to nine tenths by lot"},
		{Name: "size of the test", Of: 8, Asks: "there are enough customers in the plan to find a rise of 8 points, four times in five, at 5 % false alarms"},
		{Name: "memo", Of: 8, Asks: "exactly those sentences are struck that claim what only a test can show; each mistake costs 2"},
	}
}

// Sheet has a row per criterion.
func (cs Criteria) Sheet() sheet.Sheet {
	out := sheet.Sheet{Whole: true, Columns: []sheet.Column{{Name: "criterion", Text: true}, {Name: "points"}, {Name: "what is asked", Text: true}}}
	total := 0
	for _, c := range cs {
		total += c.Of
		out.Rows = append(out.Rows, []string{c.Name, fmt.Sprint(c.Of), c.Asks})
	}
	out.Caption = fmt.Sprintf("%d points in all", total)
	return out
}

// plural counts a noun that takes an s; the wording of segkit is internal to it.
func plural(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return sheet.Count(n) + " " + noun
}
