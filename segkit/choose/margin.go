package choose

import (
	"cmp"
	"math"
	"slices"
	"sort"

	"github.com/segkit/lab/segkit/internal/pick"
)

// margin is how one column of a table would be distributed if it had a single peak: the unimodal distribution whose function
// is nearest to the column's own (as for the dip, Hartigan & Hartigan 1985, doi:10.1214/aos/1176346577). Left of the peak it
// is the greatest convex function below the column's, right of it the least concave one above. A column with one peak,
// however skewed, keeps its distribution; groups that lie apart in the column are filled in between.
//
// Values that many customers share, such as counts, stay such values where the column has one peak there.
type margin struct {
	edges []float64 // (pieces+1)
	upTo  []float64 // (pieces) share of customers up to the right edge
	value []float64 // (pieces) that everyone in the piece has, NaN where they lie evenly between its edges
}

// marginPiece is an interval of values, and who lies in it.
type marginPiece struct {
	share, width float64
	value        float64 // of everyone, NaN if they differ
	cells        int     // cells it was pooled from
}

// marginFineness is how much smaller than the nearer tail a cell is: fine where values are rare, coarse where they are many.
const marginFineness = 32

// ties are the customers who share a value, and where they stand in the column's order.
type ties struct {
	value     float64
	low, high float64 // share of customers below, and up to them
	rows      []int
}

// inOrder returns the different values of a column (n), rising, with weights (n) or nil.
func inOrder(values, weights []float64) (all []ties) {
	order, total := pick.All(len(values)), 0.0
	weight := func(i int) float64 {
		if weights == nil {
			return 1
		}
		return weights[i]
	}
	for i := range order {
		total += weight(i)
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(values[a], values[b]), cmp.Compare(a, b)) })
	sum := 0.0
	for from, at := 0, 0; at < len(order); from = at {
		t := ties{value: values[order[at]], low: sum / total}
		for ; at < len(order) && values[order[at]] == t.value; at++ {
			sum += weight(order[at])
		}
		t.high, t.rows = sum/total, order[from:at]
		all = append(all, t)
	}
	return all
}

// unimodal returns the margin of a column.
func unimodal(column []ties) (m margin) {
	cells, first := marginCells(column)
	var best []marginPiece
	nearest := math.Inf(1)
	for peak := range len(cells) + 1 {
		fit := append(pooled(cells[:peak], true), pooled(cells[peak:], false)...)
		if far := farthest(cells, fit); far < nearest {
			best, nearest = fit, far
		}
	}
	m.edges = append(m.edges, first)
	edge, share := first, 0.0
	for _, p := range best {
		edge, share = edge+p.width, share+p.share
		m.edges, m.upTo, m.value = append(m.edges, edge), append(m.upTo, share), append(m.value, p.value)
	}
	return m
}

// marginCells cuts the range of the values into cells that meet halfway between neighbouring values, and returns the left edge
// of the first. A value that many share has a cell of its own.
func marginCells(column []ties) (cells []marginPiece, first float64) {
	var lowest, highest []float64 // of each cell
	begin := 0.0                  // share below the last cell
	for _, t := range column {
		share := t.high - t.low
		if last := len(cells) - 1; last >= 0 && cells[last].share+share <= min(begin, 1-begin)/marginFineness {
			cells[last].share += share
			cells[last].value, highest[last] = math.NaN(), t.value
			continue
		}
		begin = t.low
		cells, lowest, highest = append(cells, marginPiece{share: share, value: t.value, cells: 1}), append(lowest, t.value), append(highest, t.value)
	}
	last := len(cells) - 1
	edges := make([]float64, last+2)
	for c := range last {
		edges[c+1] = highest[c]/2 + lowest[c+1]/2
	}
	edges[0], edges[last+1] = lowest[0], highest[last]
	if last > 0 { // the outermost cells reach as far out as in
		edges[0] -= edges[1] - lowest[0]
		edges[last+1] += highest[last] - edges[last]
	}
	for c := range cells {
		cells[c].width = edges[c+1] - edges[c]
	}
	return cells, edges[0]
}

// pooled returns the cells with neighbours joined until the density rises, or falls, throughout.
func pooled(cells []marginPiece, rising bool) []marginPiece {
	var out []marginPiece
	for _, p := range cells {
		for len(out) > 0 {
			before := out[len(out)-1]
			a, b := before.share*p.width, p.share*before.width // densities times both widths
			if rising && a <= b || !rising && a >= b {
				break
			}
			p = marginPiece{before.share + p.share, before.width + p.width, math.NaN(), before.cells + p.cells}
			out = out[:len(out)-1]
		}
		out = append(out, p)
	}
	return out
}

// farthest returns how far apart the distribution functions of cells and of what was pooled from them are.
func farthest(cells, fit []marginPiece) (far float64) {
	own, at := 0.0, 0
	below := 0.0 // share below the piece
	for _, p := range fit {
		width := 0.0
		for range p.cells - 1 {
			own += cells[at].share
			width += cells[at].width
			far = max(far, math.Abs(below+float64(p.share*(width/p.width))-own))
			at++
		}
		own += cells[at].share
		below += p.share
		at++
	}
	return far
}

// piece returns the piece in which the value with a share of u of the customers below it lies.
func (m margin) piece(u float64) int { return min(sort.SearchFloat64s(m.upTo, u), len(m.upTo)-1) }

// within returns the value with a share of the customers of a piece below it.
func (m margin) within(piece int, share float64) float64 {
	if v := m.value[piece]; !math.IsNaN(v) {
		return v
	}
	return m.edges[piece] + float64(share*(m.edges[piece+1]-m.edges[piece]))
}
