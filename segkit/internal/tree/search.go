package tree

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
)

// The search for the best tree of at most three conditions on the candidate cuts. The value of a tree is the weight of the
// rows that it puts right less a price for every leaf; ties go to the tree with fewer leaves, then to the first column
// and the lowest cut.
//
// For one condition it takes the counts of classes in every bin of every column. For two it takes those counts in every pair
// of bins, from which the counts on either side of every cut follow by adding bins. For three it looks for the best two
// behind every first cut.

const (
	exact    = 3   // conditions up to which the best tree is found
	mostBins = 150 // of all columns together: the search costs their cube
	fewBins  = 6   // of one column at least, however many there are
	someBins = 40  // of one column at most
	missing  = -1
)

// search is one search on some rows of the data. It is used by one goroutine.
type search struct {
	*Data
	gini    bool
	price   float64     // of a leaf
	equal   float64     // values this near to each other are ties
	cuts    [][]float64 // (d) thresholds ascending, or levels
	first   []int       // (d+1) number of the column's first bin among all bins; bins are cuts + 1
	bins    [][]int     // (d x n) number among all bins, or missing
	buffers [][]float64 // joint counts that are free
}

// plan is a tree that need not be built yet.
type plan struct {
	value float64
	build func() *Node
}

func leafPlan(value float64) plan {
	return plan{value, func() *Node { return &Node{} }}
}

// better reports whether a is worth more than b, beyond rounding.
func (s *search) better(a, b float64) bool { return a > b+s.equal }

// newSearch lays the candidate cuts through rows. total is the weight of all rows of the whole problem.
func newSearch(d *Data, rows []int, o Options, total float64) *search {
	s := &search{Data: d, gini: o.Gini, price: o.Worth * total, equal: 1e-9 * total, first: make([]int, len(d.Columns)+1)}
	most := min(max(mostBins/max(len(d.Columns), 1), fewBins), someBins)
	for c, column := range d.Columns {
		cuts := d.candidates(c, rows, most)
		s.cuts = append(s.cuts, cuts)
		s.first[c+1] = s.first[c] + len(cuts) + 1
		of := make([]int, d.Len())
		for _, i := range rows {
			of[i] = missing
			v := d.Values[c][i]
			switch {
			case math.IsNaN(v):
			case column.Levels > 0:
				b := slices.Index(cuts, v)
				if b < 0 {
					b = len(cuts)
				}
				of[i] = s.first[c] + b
			default:
				of[i] = s.first[c] + sortSearch(cuts, func(at float64) bool { return column.low(v, at) })
			}
		}
		s.bins = append(s.bins, of)
	}
	return s
}

// sortSearch returns the first position whose cut holds.
func sortSearch(cuts []float64, holds func(at float64) bool) int {
	at, _ := slices.BinarySearchFunc(cuts, true, func(cut float64, _ bool) int {
		if holds(cut) {
			return 0
		}
		return -1
	})
	return at
}

// candidates returns at most most cuts of a column: the most frequent levels, or thresholds between neighbouring values,
// about as many rows between one and the next.
func (d *Data) candidates(c int, rows []int, most int) []float64 {
	weights := make(map[float64]float64)
	total := 0.0
	for _, i := range rows {
		if v := d.Values[c][i]; !math.IsNaN(v) {
			weights[v] += d.weight(i)
			total += d.weight(i)
		}
	}
	values := make([]float64, 0, len(weights))
	for v := range weights {
		values = append(values, v)
	}
	slices.Sort(values)
	if d.Columns[c].Levels > 0 {
		if len(values) == 2 {
			return values[:1] // the other level is what is left
		}
		slices.SortStableFunc(values, func(a, b float64) int { return cmp.Compare(weights[b], weights[a]) })
		values = values[:min(len(values), most)]
		slices.Sort(values)
		if len(values) < 2 {
			return nil
		}
		return values
	}
	var cuts []float64
	below, next := 0.0, 1
	for p := 1; p < len(values); p++ {
		below += weights[values[p-1]]
		if len(values)-1 > most {
			if below < total*float64(next)/float64(most+1) {
				continue
			}
			for next <= most && below >= total*float64(next)/float64(most+1) {
				next++
			}
		}
		at := values[p]
		if d.Columns[c].AtMost {
			at = values[p-1]
		}
		cuts = append(cuts, at)
	}
	return cuts
}

// leaf is the value of a leaf with these counts of classes.
func (s *search) leaf(counts []float64) float64 {
	if s.gini {
		sum, squares := 0.0, 0.0
		for _, n := range counts {
			sum += n
			squares += float64(n * n)
		}
		if sum == 0 {
			return -s.price
		}
		return squares/sum - s.price
	}
	most := 0.0
	for _, n := range counts {
		most = max(most, n)
	}
	return most - s.price
}

// node is a question about a cut.
func (s *search) node(column, cut int, low, high *Node) *Node {
	return &Node{Column: column, At: s.cuts[column][cut], Low: low, High: high}
}

// best returns the best tree for rows with at most the given number of conditions, 0 to exact.
func (s *search) best(rows []int, conditions int) plan {
	switch conditions {
	case 0:
		return leafPlan(s.leaf(s.count(rows)))
	case 1:
		h := make([]float64, s.width())
		for _, i := range rows {
			for c := range s.Columns {
				if b := s.bins[c][i]; b != missing {
					h[b*s.Classes+s.Class[i]] += s.weight(i)
				}
			}
		}
		return s.one(h, s.count(rows))
	}
	joint := s.pairs(rows)
	defer s.free(joint)
	region := make([]float64, s.width())
	out := leafPlan(s.leaf(s.count(rows)))
	for c := range s.Columns {
		var sides [2][]plan
		for side := range 2 {
			for cut := range s.cuts[c] {
				if conditions == 2 {
					s.region(region, joint, c, cut, side)
					sides[side] = append(sides[side], s.one(region, s.own(region, c)))
				} else {
					sides[side] = append(sides[side], s.best(s.on(rows, c, cut, side), conditions-1))
				}
			}
		}
		s.chain(c, conditions, joint, sides)
		for cut := range s.cuts[c] {
			low, high := sides[0][cut], sides[1][cut]
			if value := low.value + high.value; s.better(value, out.value) {
				out = plan{value, func() *Node { return s.node(c, cut, low.build(), high.build()) }}
			}
		}
	}
	return out
}

// chain improves the sides of the cuts of column c by one more cut of the same column on the same side, which is no further
// condition: below 9 and below 5 is below 5. What lies between the two has one condition less left.
func (s *search) chain(c, conditions int, joint []float64, sides [2][]plan) {
	level := s.Columns[c].Levels > 0
	counts, between := s.inBins(joint, c), make([]float64, s.width())
	try := func(side, outer, inner int) {
		from, to := min(outer, inner), max(outer, inner)
		var rest plan
		if conditions == 2 {
			rest = leafPlan(s.leaf(s.beyond(between[:s.Classes], counts, s.Classes, c, from, to)))
		} else {
			s.beyond(between, joint[s.first[c]*s.width():s.first[c+1]*s.width()], s.width(), c, from, to)
			rest = s.one(between, s.own(between, c))
		}
		kept := sides[side][inner]
		if level { // not a, then b: what is b has one condition
			kept = sides[0][inner]
		}
		if value := kept.value + rest.value; s.better(value, sides[side][outer].value) {
			sides[side][outer] = plan{value, func() *Node {
				if side == 0 || level {
					return s.node(c, inner, kept.build(), rest.build())
				}
				return s.node(c, inner, rest.build(), kept.build())
			}}
		}
	}
	cuts := len(s.cuts[c])
	for outer := range cuts {
		for inner := range cuts {
			switch {
			case level && inner != outer:
				try(1, outer, inner)
			case !level && inner < outer:
				try(0, outer, inner)
				try(1, cuts-1-outer, cuts-1-inner)
			}
		}
	}
}

// one returns the best tree of one condition from the counts h of classes in every bin, all of the rows together.
func (s *search) one(h, all []float64) plan {
	k := s.Classes
	value, column, at := s.leaf(all), -1, 0
	low, high, total := make([]float64, k), make([]float64, k), make([]float64, k)
	for c := range s.Columns {
		clear(total)
		clear(low)
		bins := h[s.first[c]*k : s.first[c+1]*k]
		for b := 0; b < len(bins); b += k {
			for l := range total {
				total[l] += bins[b+l]
			}
		}
		for cut := range s.cuts[c] {
			bin := bins[cut*k : cut*k+k]
			if s.Columns[c].Levels > 0 {
				clear(low)
			}
			for l := range low {
				low[l] += bin[l]
				high[l] = total[l] - low[l]
			}
			if v := s.leaf(low) + s.leaf(high); s.better(v, value) {
				value, column, at = v, c, cut
			}
		}
	}
	if column < 0 {
		return leafPlan(value)
	}
	return plan{value, func() *Node { return s.node(column, at, &Node{}, &Node{}) }}
}

// width is the length of the counts of classes in every bin.
func (s *search) width() int { return s.first[len(s.Columns)] * s.Classes }

// count returns the weight of every class among rows.
func (s *search) count(rows []int) []float64 {
	counts := make([]float64, s.Classes)
	for _, i := range rows {
		counts[s.Class[i]] += s.weight(i)
	}
	return counts
}

// on returns those of rows that are on one side of a cut, 0 the low one.
func (s *search) on(rows []int, c, cut, side int) []int {
	out := make([]int, 0, len(rows))
	at := s.first[c] + cut
	for _, i := range rows {
		b := s.bins[c][i]
		low := b <= at
		if s.Columns[c].Levels > 0 {
			low = b == at
		}
		if b != missing && low == (side == 0) {
			out = append(out, i)
		}
	}
	return out
}

// pairs counts the classes in every pair of bins (bins x bins x classes), added up along the bins of the first column: row b
// holds what is in bin b and those of its column before it.
func (s *search) pairs(rows []int) []float64 {
	w := s.width()
	var joint []float64
	if last := len(s.buffers) - 1; last >= 0 {
		joint, s.buffers = s.buffers[last], s.buffers[:last]
		clear(joint)
	} else {
		joint = make([]float64, s.first[len(s.Columns)]*w)
	}
	at := make([]int, 0, len(s.Columns))
	for _, i := range rows {
		at = at[:0]
		for c := range s.Columns {
			if b := s.bins[c][i]; b != missing {
				at = append(at, b)
			}
		}
		weight, class := s.weight(i), s.Class[i]
		for _, a := range at {
			row := joint[a*w : (a+1)*w]
			for _, b := range at {
				row[b*s.Classes+class] += weight
			}
		}
	}
	for c := range s.Columns {
		for b := s.first[c] + 1; b < s.first[c+1]; b++ {
			floats.Add(joint[b*w:(b+1)*w], joint[(b-1)*w:b*w])
		}
	}
	return joint
}

func (s *search) free(joint []float64) { s.buffers = append(s.buffers, joint) }

// region fills into with the counts of all bins among the rows on one side of a cut.
func (s *search) region(into, joint []float64, c, cut, side int) {
	w := s.width()
	row := func(b int) []float64 { return joint[(s.first[c]+b)*w : (s.first[c]+b+1)*w] }
	copy(into, row(cut))
	if s.Columns[c].Levels > 0 && cut > 0 {
		floats.Sub(into, row(cut-1))
	}
	if side == 1 {
		floats.SubTo(into, row(len(s.cuts[c])), into)
	}
}

// beyond fills into with the counts (rows of w) among the rows between two cuts; of levels, those of neither. sums holds the
// bins of column c, added up.
func (s *search) beyond(into, sums []float64, w, c, from, to int) []float64 {
	row := func(b int) []float64 { return sums[b*w : (b+1)*w] }
	if s.Columns[c].Levels == 0 {
		return floats.SubTo(into, row(to), row(from))
	}
	copy(into, row(len(s.cuts[c])))
	for _, b := range []int{from, to} {
		floats.Sub(into, row(b))
		if b > 0 {
			floats.Add(into, row(b-1))
		}
	}
	return into
}

// inBins returns the weight of every class in the bins of column c (bins x classes), added up.
func (s *search) inBins(joint []float64, c int) []float64 {
	w, k := s.width(), s.Classes
	counts := make([]float64, 0, (len(s.cuts[c])+1)*k)
	for b := s.first[c]; b < s.first[c+1]; b++ {
		counts = append(counts, s.own(joint[b*w:(b+1)*w], c)...)
	}
	return counts
}

// own returns the weight of every class in a region of column c, from the counts of its own bins.
func (s *search) own(region []float64, c int) []float64 {
	counts := make([]float64, s.Classes)
	for b := s.first[c]; b < s.first[c+1]; b++ {
		floats.Add(counts, region[b*s.Classes:(b+1)*s.Classes])
	}
	return counts
}
