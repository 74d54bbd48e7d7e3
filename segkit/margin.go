package segkit

import (
	"cmp"
	"math"
	"slices"
	"sort"
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

// unimodal returns the margin of a column (n) with weights (n) or nil, and for each customer the mean normal deviate of those
// who share the place in the column's order (n).
func unimodal(values, weights []float64) (m margin, scores []float64) {
	cells, first, scores := marginCells(values, weights)
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
	return m, scores
}

// marginCells cuts the range of the values into cells that meet halfway between neighbouring values, and returns the left edge
// of the first. A value that many share has a cell of its own.
func marginCells(values, weights []float64) (cells []marginPiece, first float64, scores []float64) {
	order, total := make([]int, len(values)), 0.0
	weight := func(i int) float64 {
		if weights == nil {
			return 1
		}
		return weights[i]
	}
	for i := range order {
		order[i] = i
		total += weight(i)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(values[a], values[b]) })
	scores = make([]float64, len(values))
	var lowest, highest []float64 // of each cell
	sum, begin := 0.0, 0.0        // weight so far, and where the last cell begins
	for at := 0; at < len(order); {
		v, from := values[order[at]], at
		low := sum / total
		for ; at < len(order) && values[order[at]] == v; at++ {
			sum += weight(order[at])
		}
		share := sum/total - low
		score := (normalDensity(normalQuantile(low)) - normalDensity(normalQuantile(sum/total))) / share
		for _, i := range order[from:at] {
			scores[i] = score
		}
		if last := len(cells) - 1; last >= 0 && cells[last].share+share <= min(begin, 1-begin)/marginFineness {
			cells[last].share += share
			cells[last].value, highest[last] = math.NaN(), v
			continue
		}
		begin = low
		cells, lowest, highest = append(cells, marginPiece{share: share, value: v, cells: 1}), append(lowest, v), append(highest, v)
	}
	edges := []float64{0}
	for c := 1; c < len(cells); c++ {
		edges = append(edges, highest[c-1]/2+lowest[c]/2)
	}
	edges = append(edges, 0)
	last := len(cells) - 1
	edges[0], edges[last+1] = lowest[0], highest[last]
	if last > 0 { // the outermost cells reach as far out as in
		edges[0] -= edges[1] - lowest[0]
		edges[last+1] += highest[last] - edges[last]
	}
	for c := range cells {
		cells[c].width = edges[c+1] - edges[c]
	}
	return cells, edges[0], scores
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
			far = max(far, math.Abs(below+p.share*(width/p.width)-own))
			at++
		}
		own += cells[at].share
		below += p.share
		at++
	}
	return far
}

// at returns the value with a share of u of the customers below it.
func (m margin) at(u float64) float64 {
	i := min(sort.SearchFloat64s(m.upTo, u), len(m.upTo)-1)
	if !math.IsNaN(m.value[i]) {
		return m.value[i]
	}
	low := 0.0
	if i > 0 {
		low = m.upTo[i-1]
	}
	return m.edges[i] + min(1, (u-low)/(m.upTo[i]-low))*(m.edges[i+1]-m.edges[i])
}

func normalDensity(z float64) float64 { return math.Exp(-z*z/2) / math.Sqrt(2*math.Pi) }

func normalQuantile(p float64) float64 { return math.Sqrt2 * math.Erfinv(2*min(p, 1)-1) }

func normalShare(z float64) float64 { return math.Erfc(-z/math.Sqrt2) / 2 }
