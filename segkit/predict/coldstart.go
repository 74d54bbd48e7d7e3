package predict

import (
	"fmt"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Cold start: how much must have been seen of a customer before a prediction is worth something?

// ColdStartGroup is the customers with a given number of orders seen.
type ColdStartGroup struct {
	Orders    string  // "1", "3 to 5", "10 and more"
	From      float64 // the fewest
	Customers int
	Accuracy  Interval // Wilson's interval
	MacroF1   float64
	Largest   float64 // accuracy of predicting the largest segment for all
}

// coldStartFrom are the fewest orders of each group.
var coldStartFrom = []float64{0, 1, 2, 3, 6, 10}

// coldStart fills the groups in.
func (r *Report) coldStart(op string, t *table.Table, column string, named table.Labels) error {
	c, err := t.Column(column)
	if err != nil {
		return err
	}
	if c.Categorical() {
		return c.KindError(op)
	}
	seen, err := t.Values(column)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(seen, func(v float64) bool { return v < 0 }); i >= 0 {
		return &fault.CellError{Op: op, Column: column, Row: i + 1, ID: r.IDs[i], Value: sheet.Number(seen[i]), Why: "is not a number of orders", Err: fault.ErrSchema}
	}
	largest := likeliest([][]float64{r.Classifier.Shares})[0]
	k := r.Classifier.K()
	for g, from := range coldStartFrom {
		to := math.Inf(1)
		if g+1 < len(coldStartFrom) {
			to = coldStartFrom[g+1]
		}
		of := tally{confusion: make([]float64, k*k)}
		squares, common, n := 0.0, 0.0, 0
		for i, v := range seen {
			if !(v >= from && v < to) {
				continue
			}
			w := r.Weights[i]
			n++
			of.all += w
			squares += float64(w * w)
			of.confusion[r.Truth[i]*k+named[i]] += w
			if r.Truth[i] == largest {
				common += w
			}
		}
		if n == 0 {
			continue
		}
		r.ColdStart = append(r.ColdStart, ColdStartGroup{Orders: ordersSay(from, to), From: from, Customers: n,
			Accuracy: wilson(of.accuracy(k), of.all*of.all/squares), MacroF1: of.macroF1(k), Largest: common / of.all})
	}
	return nil
}

func ordersSay(from, to float64) string {
	switch {
	case math.IsInf(to, 1):
		return sheet.Number(from) + " and more"
	case to == from+1:
		return sheet.Number(from)
	}
	return fmt.Sprintf("%s to %s", sheet.Number(from), sheet.Number(to-1))
}
