package typing

import (
	"cmp"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/internal/pick"
)

// Which questions tell the segments apart: stepwise discriminant analysis by Wilks' lambda (Wilks 1932, doi:10.1093/biomet/24.3-4.471;
// Rao 1973, "Linear Statistical Inference and Its Applications", 8c), the share of the answers' generalised variance that lies within
// segments. It needs sums of products alone, so that all candidates of all steps cost one pass over the respondents; the few that tell most
// are tried on them.

// products are sums over some respondents of what answers become: a number for a step of a scale, and one for each level of a category
// but the first.
type products struct {
	width, k int
	weight   []float64 // (k)
	sum      []float64 // (k x width)
	square   []float64 // (width x width) upper triangle
}

func newProducts(width, k int) *products {
	return &products{width, k, make([]float64, k), make([]float64, k*width), make([]float64, width*width)}
}

func (p *products) add(z []float64, label int, weight float64) {
	p.weight[label] += weight
	for a, v := range z {
		if v == 0 {
			continue
		}
		p.sum[label*p.width+a] += weight * v
		for b := a; b < p.width; b++ {
			p.square[a*p.width+b] += float64(weight * v * z[b])
		}
	}
}

// and returns the sums over the respondents of p and, so many times, those of q: -1 takes them out.
func (p *products) and(q *products, times float64) *products {
	out := newProducts(p.width, p.k)
	for _, part := range [][3][]float64{{out.weight, p.weight, q.weight}, {out.sum, p.sum, q.sum}, {out.square, p.square, q.square}} {
		for i := range part[0] {
			part[0][i] = part[1][i] + float64(times*part[2][i])
		}
	}
	return out
}

// scatter is the spread of the answers in all, and within segments: (width x width) each, with one respondent's worth of the first added to
// the diagonals of both, so that a question that tells all leaves something within.
type scatter struct {
	width         int
	respondents   float64
	segments      int // that have respondents
	total, within []float64
}

func (p *products) scatter() scatter {
	w := p.width
	s := scatter{width: w, total: make([]float64, w*w), within: make([]float64, w*w)}
	all := make([]float64, w)
	for l, weight := range p.weight {
		if weight <= 1e-9 {
			continue
		}
		s.segments++
		s.respondents += weight
		for a := range w {
			all[a] += p.sum[l*w+a]
		}
	}
	for a := range w {
		for b := a; b < w; b++ {
			within := p.square[a*w+b]
			total := within - float64(all[a]*all[b]/s.respondents)
			for l, weight := range p.weight {
				if weight > 1e-9 {
					within -= float64(p.sum[l*w+a] * p.sum[l*w+b] / weight)
				}
			}
			for _, at := range []int{a*w + b, b*w + a} {
				s.total[at], s.within[at] = total, within
			}
		}
	}
	for a := range w {
		one := s.total[a*w+a]/s.respondents + 1e-12
		s.total[a*w+a] += one
		s.within[a*w+a] += one
	}
	return s
}

// told is how much the numbers at (indexes into 0 .. width-1) tell about the segments: twice the log likelihood ratio of normal answers, less
// twice the coefficients it took (Akaike 1974, doi:10.1109/TAC.1974.1100705).
func (s scatter) told(at []int) float64 {
	return s.respondents*(logDeterminant(s.total, s.width, at)-logDeterminant(s.within, s.width, at)) - float64(2*(s.segments-1)*len(at))
}

// logDeterminant is that of the rows and columns at of a symmetric matrix.
func logDeterminant(of []float64, width int, at []int) (sum float64) {
	m := len(at)
	for i, l := range cholesky(of, width, at) {
		if i%(m+1) == 0 {
			sum += 2 * math.Log(l)
		}
	}
	return sum
}

// cholesky returns the lower factor of the rows and columns at of a symmetric matrix (m x m).
func cholesky(of []float64, width int, at []int) []float64 {
	m := len(at)
	l := make([]float64, m*m)
	for i := range m {
		for j := range i + 1 {
			v := of[at[i]*width+at[j]]
			for c := range j {
				v -= float64(l[i*m+c] * l[j*m+c])
			}
			if i == j {
				l[i*m+i] = math.Sqrt(math.Max(v, 1e-12*of[at[i]*width+at[i]])) // what others say already leaves nothing but rounding
			} else {
				l[i*m+j] = v / l[j*m+j]
			}
		}
	}
	return l
}

// shortlist is how many sets of questions, those that tell most, are tried at each step.
const shortlist = 8

// paths returns good sets of questions for each length 1 .. most: those found by what tells more, and where they differ those found by what
// names more respondents rightly by Fisher's discriminant among the few that tell most. Ties go to what tells more, then to the first
// column. of (questions) holds the numbers that each became.
func (d discriminant) paths(of [][]int, most int) [][][]int {
	numbers := func(questions []int) (at []int) {
		for _, q := range questions {
			at = append(at, of[q]...)
		}
		return at
	}
	told := func(questions []int) float64 { return d.told(numbers(questions)) }
	right := func(questions []int) float64 { return d.right(numbers(questions)) }
	telling := path(len(of), most, func(sets [][]int) ([]int, float64) { return highest(sets, told) })
	naming := path(len(of), most, func(sets [][]int) ([]int, float64) {
		few := byFalling(sets, told)
		return highest(few[:min(shortlist, len(few))], right)
	})
	both := make([][][]int, most)
	for m := range both {
		both[m] = [][]int{telling[m]}
		if !slices.Equal(slices.Sorted(slices.Values(telling[m])), slices.Sorted(slices.Values(naming[m]))) {
			both[m] = append(both[m], naming[m])
		}
	}
	return both
}

// path grows a set of questions (of count) and returns it at each length, in the order in which they were chosen: one joins the set before, and
// then each may change places with one that is out as long as that is better. best chooses among sets and says how good its choice is.
func path(count, most int, best func(sets [][]int) ([]int, float64)) (chosen [][]int) {
	var in []int
	for range most {
		var sets [][]int
		for q := range count {
			if !slices.Contains(in, q) {
				sets = append(sets, append(slices.Clone(in), q))
			}
		}
		set, good := best(sets)
		for in = set; ; in = set {
			if sets = swaps(in, count); sets == nil {
				break
			}
			var better float64
			if set, better = best(sets); !(better > good+1e-9*math.Abs(good)) {
				break
			}
			good = better
		}
		chosen = append(chosen, in)
	}
	return chosen
}

// swaps returns the sets in which one question has changed places with one of count that is out.
func swaps(in []int, count int) (sets [][]int) {
	for p := range in {
		for q := range count {
			if !slices.Contains(in, q) {
				other := slices.Clone(in)
				other[p] = q
				sets = append(sets, other)
			}
		}
	}
	return sets
}

// highest returns the set of the highest value, the first of equal ones.
func highest(sets [][]int, value func([]int) float64) (best []int, top float64) {
	top = math.Inf(-1)
	for _, set := range sets {
		if v := value(set); v > top {
			best, top = set, v
		}
	}
	return best, top
}

// byFalling returns the sets by falling value, equal ones in their order.
func byFalling(sets [][]int, value func([]int) float64) [][]int {
	values, order := make([]float64, len(sets)), pick.All(len(sets))
	for i, set := range sets {
		values[i] = value(set)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(values[b], values[a]) })
	return pick.At(sets, order)
}

// discriminant is a scatter with the respondents that it is of.
type discriminant struct {
	scatter
	k       int
	means   []float64   // (k x width)
	prior   []float64   // (k) logarithms of the segments' shares
	rows    [][]float64 // (n x width)
	labels  []int       // (n)
	weights []float64   // (n) or nil
}

func (p *products) discriminant(rows [][]float64, labels []int, weights []float64) discriminant {
	d := discriminant{p.scatter(), p.k, make([]float64, len(p.sum)), make([]float64, p.k), rows, labels, weights}
	for l, weight := range p.weight {
		d.prior[l] = math.Inf(-1)
		if weight <= 1e-9 {
			continue
		}
		d.prior[l] = math.Log(weight / d.respondents)
		for a := range p.width {
			d.means[l*p.width+a] = p.sum[l*p.width+a] / weight
		}
	}
	return d
}

// right is the share of the respondents whom Fisher's linear discriminant (Fisher 1936, doi:10.1111/j.1469-1809.1936.tb02137.x) of the numbers at
// puts into their segment.
func (d discriminant) right(at []int) float64 {
	m := len(at)
	l := cholesky(d.within, d.width, at)
	scores := make([][]float64, d.k) // m and a constant
	for c := range d.k {
		b := make([]float64, m+1)
		for i := range m {
			v := d.means[c*d.width+at[i]] * d.respondents
			for j := range i {
				v -= float64(l[i*m+j] * b[j])
			}
			b[i] = v / l[i*m+i]
		}
		for i := m - 1; i >= 0; i-- {
			v := b[i]
			for j := i + 1; j < m; j++ {
				v -= float64(l[j*m+i] * b[j])
			}
			b[i] = v / l[i*m+i]
		}
		b[m] = d.prior[c]
		for i := range m {
			b[m] -= float64(b[i] * d.means[c*d.width+at[i]] / 2)
		}
		scores[c] = b
	}
	sum, p := 0.0, make([]float64, d.k)
	for i, z := range d.rows {
		for c, b := range scores {
			v := b[m]
			for j, a := range at {
				v += float64(b[j] * z[a])
			}
			p[c] = v
		}
		if likeliest(p) == d.labels[i] {
			sum += weightAt(d.weights, i)
		}
	}
	return sum / d.respondents
}

// places returns the numbers that each question becomes (questions), and how many there are.
func places(questions []Question) (of [][]int, width int) {
	for _, q := range questions {
		count := 1
		if !q.Scale {
			count = len(q.Answers) - 1
		}
		var at []int
		for range count {
			at = append(at, width)
			width++
		}
		of = append(of, at)
	}
	return of, width
}

// spread writes what the answers of respondent i become into z (width), as distances from their means among all who answered; no answer stands
// at the mean, which knows nothing of the segments.
func (r replies) spread(questions []Question, of [][]int, means []float64, i int, z []float64) {
	for j, q := range questions {
		for p, at := range of[j] {
			switch a := r[i][j]; {
			case a == none:
				z[at] = 0
			case q.Scale:
				z[at] = q.Values[a] - means[at]
			default:
				z[at] = -means[at]
				if a == p+1 {
					z[at]++
				}
			}
		}
	}
}

// means returns the mean of each number that answers become (width).
func (r replies) means(questions []Question, of [][]int, width int, weights []float64) []float64 {
	out, z, zero := make([]float64, width), make([]float64, width), make([]float64, width)
	answered := make([]float64, len(questions))
	for i := range r {
		r.spread(questions, of, zero, i, z)
		w := weightAt(weights, i)
		for j := range questions {
			if r[i][j] != none {
				answered[j] += w
			}
		}
		for at, v := range z {
			out[at] += float64(w * v)
		}
	}
	for j, all := range answered {
		for _, at := range of[j] {
			if all > 0 {
				out[at] /= all
			}
		}
	}
	return out
}

func weightAt(weights []float64, i int) float64 {
	if weights == nil {
		return 1
	}
	return weights[i]
}
