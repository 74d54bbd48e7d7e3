package chart

// Penetration: who has bought what, by segment.

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/basket"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/sheet"
)

const mostPenetrated = 16 // items

// Penetration draws a column per segment and a row per item or category. In bold is the share of the segment's customers who have bought it
// at least once, beneath it the percentage points more (blue) or fewer (orange) than among all other customers. The items with the widest
// gaps come first. A cell that chance explains is not coloured.
func Penetration(p *basket.Penetration) (*Figure, error) {
	switch {
	case p == nil:
		return nil, fault.Nil("chart.Penetration", "penetration")
	case len(p.Items) == 0:
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: chart.Penetration: there are no items")
	}
	m := matrix{tallest: 34, names: 170}
	items := p.Widest()
	drawn := items[:min(len(items), mostPenetrated)]
	fig := &Figure{Title: curled(p.Finding())}
	fig.describe("Shares of customers who have bought an item at least once, by segment.")
	m.cells = make([][]matrixCell, len(drawn))
	var small []string
	for l, gaps := range p.Gaps {
		if gaps == nil {
			small = append(small, fmt.Sprintf("%s (%s)", clean(p.Segments[l]), count(p.Customers[l], "customer")))
			continue
		}
		m.columns = append(m.columns, segment(p.Segments, l)+"\n"+count(p.Customers[l], "customer"))
		var told []string
		for i, name := range drawn {
			g := gaps[slices.Index(p.Items, name)]
			c := matrixCell{above: share(g.Share), below: points(g.Difference)}
			if g.Q <= p.Level {
				c.fill = tint(g.Difference*5, false) // full at 40 points
			}
			m.cells[i] = append(m.cells[i], c)
			told = append(told, fmt.Sprintf("%s %s (%s points)", clean(name), share(g.Share), points(g.Difference)))
		}
		fig.describe("%s: %s.", clean(p.Segments[l]), strings.Join(told, ", "))
	}
	if len(m.columns) == 0 {
		return nil, fault.Errorf(fault.ErrUndefined, "segkit: chart.Penetration: no segment has enough customers")
	}
	for _, name := range drawn {
		m.rows = append(m.rows, clean(name))
	}
	fig.remark("Bold: share of the segment's customers who have bought it at least once. Below: points more (blue) or fewer (orange) than among all other customers; uncoloured where chance explains it (q above %v).", p.Level)
	fig.remark("Customers who came less often have bought less of everything: compare within a column.")
	if len(small) > 0 {
		fig.remark("Too few to compare: %s.", sheet.List(small))
	}
	if more := len(items) - len(drawn); more > 0 {
		fig.remark("Not drawn: %s with narrower gaps.", count(more, "item"))
	}
	fig.drawMatrix(m)
	return fig, nil
}

// points writes a difference of shares in whole points with its sign.
func points(v float64) string { return strings.Replace(signed0(100*v), "-", "−", 1) }
