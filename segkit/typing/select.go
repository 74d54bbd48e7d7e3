package typing

import (
	"math"
	"slices"
)

// Which questions tell the segments apart: stepwise discriminant analysis by Wilks' lambda (Wilks 1932, doi:10.1093/biomet/24.3-4.471;
// Rao 1973, "Linear Statistical Inference and Its Applications", 8c), the share of the answers' generalised variance that lies within
// segments. It needs sums of products alone, so that all candidates of all steps cost one pass over the respondents.

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

// logDeterminant is that of the rows and columns at of a symmetric matrix, by Cholesky's factors.
func logDeterminant(of []float64, width int, at []int) (sum float64) {
	m := len(at)
	l := make([]float64, m*m)
	for i := range m {
		for j := range i + 1 {
			v := of[at[i]*width+at[j]]
			for c := range j {
				v -= float64(l[i*m+c] * l[j*m+c])
			}
			if i == j {
				v = math.Max(v, 1e-12*of[at[i]*width+at[i]]) // what others say already leaves nothing but rounding
				sum += math.Log(v)
				l[i*m+i] = math.Sqrt(v)
			} else {
				l[i*m+j] = v / l[j*m+j]
			}
		}
	}
	return sum
}

// paths returns the best questions found for each length 1 .. most, in the order in which they were chosen: one joins that tells most beside
// those that are in, and then each may change places with one that is out as long as that tells more. Ties go to the first column.
// of (questions) holds the numbers that each became.
func (s scatter) paths(of [][]int, most int) (chosen [][]int) {
	told := func(questions []int) float64 {
		var at []int
		for _, q := range questions {
			at = append(at, of[q]...)
		}
		return s.told(at)
	}
	var in []int
	for range most {
		best, top := -1, math.Inf(-1)
		for q := range of {
			if slices.Contains(in, q) {
				continue
			}
			if v := told(append(in[:len(in):len(in)], q)); v > top {
				best, top = q, v
			}
		}
		in = append(in, best)
		for swapped := true; swapped; {
			swapped = false
			at, by, least := -1, -1, top+1e-9*math.Abs(top)
			for p := range in {
				for q := range of {
					if slices.Contains(in, q) {
						continue
					}
					other := slices.Clone(in)
					other[p] = q
					if v := told(other); v > least {
						at, by, least = p, q, v
					}
				}
			}
			if at >= 0 {
				in[at], top, swapped = by, least, true
			}
		}
		chosen = append(chosen, slices.Clone(in))
	}
	return chosen
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
