package tree

import (
	"cmp"
	"math"
	"slices"
	"sort"

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
	exact = 3 // conditions up to which the best tree is found

	mostBins = 100 // of all columns together: the search costs their cube, and more of them found no better rules
	fewBins  = 6   // of one column at least, however many there are
	someBins = 40  // of one column at most
	missing  = -1

	mostColumns = 20 // asked about in one search: of more, those that tell most by a single cut

	leastWorth = 1e-6 // share of all rows: of equally good trees the one with fewer leaves is better
)

// search is one search on some rows of the data. It is used by one goroutine.
type search struct {
	*Data
	gini    bool
	price   float64     // of a leaf
	equal   float64     // values this near to each other are ties
	cuts    [][]float64 // (d) thresholds ascending, or levels
	first   []int       // (d+1) number of the column's first bin among all bins; bins are cuts + 1
	bins    []int32     // (n x d) number among all bins, or missing
	partial []bool      // (d) whether values are missing
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
	width := len(d.Columns)
	s := &search{Data: d, gini: o.Gini, price: max(o.Worth, leastWorth) * total, equal: 1e-9 * total,
		first: make([]int, width+1), bins: make([]int32, d.Len()*width), partial: make([]bool, width)}
	most := min(max(mostBins/width, fewBins), someBins)
	asked := d.telling(rows, o, total)
	for c, column := range d.Columns {
		var cuts []float64
		if asked[c] {
			cuts = d.candidates(c, rows, most)
		}
		s.cuts = append(s.cuts, cuts)
		s.first[c+1] = s.first[c] + len(cuts) + 1
		for _, i := range rows {
			v, b := d.Values[c][i], 0
			switch {
			case math.IsNaN(v):
				s.partial[c] = true
				s.bins[i*width+c] = missing
				continue
			case column.Levels > 0:
				if b = slices.Index(cuts, v); b < 0 {
					b = len(cuts)
				}
			default:
				b = sort.Search(len(cuts), func(p int) bool { return column.low(v, cuts[p]) })
			}
			s.bins[i*width+c] = int32(s.first[c] + b)
		}
	}
	return s
}

// telling says which columns are asked about (d).
func (d *Data) telling(rows []int, o Options, total float64) []bool {
	order, value, asked := make([]int, len(d.Columns)), make([]float64, len(d.Columns)), make([]bool, len(d.Columns))
	for c := range order {
		order[c] = c
		if len(order) > mostColumns {
			alone := *d
			alone.Columns, alone.Values = d.Columns[c:c+1], d.Values[c:c+1]
			value[c] = newSearch(&alone, rows, o, total).best(rows, 1).value
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(value[b], value[a]) })
	for _, c := range order[:min(len(order), mostColumns)] {
		asked[c] = true
	}
	return asked
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
	most, sum, squares := 0.0, 0.0, 0.0
	for _, n := range counts {
		if n > most {
			most = n
		}
		if s.gini {
			sum += n
			squares += float64(n * n)
		}
	}
	if s.gini && sum > 0 {
		most = squares / sum
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
			for _, b := range s.row(i) {
				if b != missing {
					h[int(b)*s.Classes+s.Class[i]] += s.weight(i)
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
	low, high := make([]float64, k), make([]float64, k)
	for c := range s.Columns {
		clear(low)
		copy(high, all)
		if s.partial[c] {
			copy(high, s.own(h, c))
		}
		level := s.Columns[c].Levels > 0
		for cut := range s.cuts[c] {
			b := s.first[c] + cut
			if v := s.shift(low, high, h[b*k:(b+1)*k]); s.better(v, value) {
				value, column, at = v, c, cut
			}
			if level {
				s.shift(high, low, h[b*k:(b+1)*k])
			}
		}
	}
	if column < 0 {
		return leafPlan(value)
	}
	return plan{value, func() *Node { return s.node(column, at, &Node{}, &Node{}) }}
}

// shift moves the rows of a bin from one side to the other, and returns the value of both as leaves.
func (s *search) shift(to, from, bin []float64) float64 {
	to, from = to[:len(bin)], from[:len(bin)]
	mostTo, mostFrom := 0.0, 0.0
	for l, n := range bin {
		a, b := to[l]+n, from[l]-n
		to[l], from[l] = a, b
		if a > mostTo {
			mostTo = a
		}
		if b > mostFrom {
			mostFrom = b
		}
	}
	if s.gini {
		return s.leaf(to) + s.leaf(from)
	}
	return mostTo + mostFrom - 2*s.price
}

// row returns the bins of row i (d).
func (s *search) row(i int) []int32 { d := len(s.Columns); return s.bins[i*d : (i+1)*d] }

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
	at := int32(s.first[c] + cut)
	for _, i := range rows {
		b := s.row(i)[c]
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
	for _, i := range rows {
		weight, class, bins := s.weight(i), s.Class[i], s.row(i)
		for c, a := range bins {
			if a == missing {
				continue
			}
			row := joint[int(a)*w : (int(a)+1)*w]
			for _, b := range bins[c:] {
				if b != missing {
					row[int(b)*s.Classes+class] += weight
				}
			}
		}
	}
	for a := range w / s.Classes { // the other half is the same
		for b := range a {
			copy(joint[a*w+b*s.Classes:a*w+(b+1)*s.Classes], joint[b*w+a*s.Classes:])
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
		for l, n := range region[b*s.Classes : (b+1)*s.Classes] {
			counts[l] += n
		}
	}
	return counts
}
