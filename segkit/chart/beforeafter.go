package chart

// BeforeAfter: what a recipe's transforms do to its columns.

import (
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// BeforeAfter draws the recipe's columns as they are in raw, and below them as the method will see them.
func BeforeAfter(raw *table.Table, recipe segkit.Recipe) (*Figure, error) {
	prepared, err := recipe.Prepare(raw)
	if err != nil {
		return nil, err
	}
	names := recipe.Columns
	if len(names) == 0 { // the recipe's own rule: features that are numbers
		for _, c := range numeric(raw) {
			if c.Role == table.Feature {
				names = append(names, c.Name)
			}
		}
	}
	fig := &Figure{Panels: make([][]*plot.Plot, 2)}
	var worst [2]distribution
	for row, side := range []struct {
		table *table.Table
		names []string
		color color.Color
		word  string
	}{
		{raw, names, orange, "before"},
		{prepared, prepared.Names(), blue, "after"},
	} {
		shown := side.names[:min(len(side.names), 2*perRow)]
		for j, name := range shown {
			d, err := distributionOf("BeforeAfter", side.table, name)
			if err != nil {
				return nil, err
			}
			if j == 0 || math.Abs(d.skew) > math.Abs(worst[row].skew) || math.IsNaN(worst[row].skew) {
				worst[row] = d
			}
			p := d.plot(side.color, len(shown))
			if j == 0 {
				p.Y.Label.Text = side.word + ": customers"
			}
			fig.Panels[row] = append(fig.Panels[row], p)
			fig.describe("%s: %s", side.word, d.sentence())
		}
		if n := len(side.names) - len(shown); n > 0 {
			fig.remark("%s %s not drawn.", count(n, "more column"), side.word)
		}
	}
	cols := max(len(fig.Panels[0]), len(fig.Panels[1]))
	fig.Width = max(defaultWidth, vg.Length(cols)*2.1*vg.Inch)
	fig.Height = 4.6 * vg.Inch
	before, after := worst[0], worst[1]
	switch b, a := math.Abs(before.skew), math.Abs(after.skew); {
	case math.IsNaN(b) || math.IsNaN(a):
		fig.Title = "Before and after the transforms"
	case a < b-0.05:
		fig.Title = fmt.Sprintf("The transforms shorten the tails: skewness falls from %s (%s) to %s (%s) at most",
			sheet.Fixed(b, 1), short(clean(before.column.Name)), sheet.Fixed(a, 1), short(clean(after.column.Name)))
	default:
		fig.Title = fmt.Sprintf("The transforms leave the shape as it is: skewness is up to %s before and %s after", sheet.Fixed(b, 1), sheet.Fixed(a, 1))
	}
	return fig, nil
}
