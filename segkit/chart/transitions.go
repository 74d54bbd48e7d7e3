package chart

// Transitions: which kind of page follows which.

import (
	"fmt"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/sheet"
)

// Moves is what weblog.Transitions counts: the kinds of page (k), how often one follows another (k x k), the same as shares of the steps
// away from the first, and the finding.
type Moves interface {
	Moves() (kinds []string, times [][]int, shares [][]float64)
	Says() string
}

const mostKinds = 9

// Transitions draws a row for each kind of page, showing where visits go from there: darker is more. At most 9 kinds are drawn, those with most pages.
func Transitions(t Moves) (*Figure, error) {
	if t == nil {
		return nil, fault.Nil("chart.Transitions", "transitions")
	}
	kinds, times, shares := t.Moves()
	if len(kinds) == 0 {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: chart.Transitions: there are no pages")
	}
	shown := kinds[:min(len(kinds), mostKinds)]
	fig := &Figure{Title: curled(t.Says())}
	fig.describe("Matrix of steps: rows are kinds of page, columns the kinds that follow.")
	m := matrix{names: 130, tallest: 34}
	for i, from := range shown {
		var row []matrixCell
		var told []string
		for j, to := range shown {
			c := matrixCell{}
			if times[i][j] > 0 {
				c = matrixCell{above: share(shares[i][j]), below: sheet.Count(times[i][j]), fill: shades[class(shares[i][j], 0, 1)]}
				told = append(told, fmt.Sprintf("%s %s", clean(to), share(shares[i][j])))
			}
			row = append(row, c)
		}
		m.rows, m.columns, m.cells = append(m.rows, "from "+clean(from)), append(m.columns, "to "+clean(from)), append(m.cells, row)
		if told != nil {
			fig.describe("From %s: %s.", clean(from), strings.Join(told, ", "))
		}
	}
	fig.remark("Bold: of all steps away from the row's kind of page, the share that goes to the column's. Below: how many.")
	if left := len(kinds) - len(shown); left > 0 {
		fig.remark("Not drawn: %s with fewer pages.", count(left, "kind"))
	}
	fig.drawMatrix(m)
	return fig, nil
}
