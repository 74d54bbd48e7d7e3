package em

import (
	"math"
	"slices"
)

// Moments are the weighted sums that a step of the EM algorithm needs (Dempster, Laird & Rubin 1977,
// doi:10.1111/j.2517-6161.1977.tb01600.x), around the means of the mixture that gave the memberships: close to the new means, so that
// products do not cancel.
type Moments struct {
	Log     float64   // sum of weight x ln density
	Weight  []float64 // (k)
	Sum     []float64 // (k*d) of rows minus means
	Product []float64 // (k*d*(d+1)/2) lower triangles of products, or (k*d) squares for shapes without correlations
	squares bool
	b       *block
}

// NewMoments returns empty sums for k components in d columns.
func NewMoments(k, d int, s Shape) *Moments {
	squares, products := s == Diagonal || s == Spherical, k*d*(d+1)/2
	if squares {
		products = k * d
	}
	return &Moments{0, make([]float64, k), make([]float64, k*d), make([]float64, products), squares, newBlock(k, d)}
}

// Reset empties the sums.
func (s *Moments) Reset() {
	s.Log = 0
	clear(s.Weight)
	clear(s.Sum)
	clear(s.Product)
}

// Add adds those of another part of the rows.
func (s *Moments) Add(o *Moments) {
	s.Log += o.Log
	for _, v := range [][2][]float64{{s.Weight, o.Weight}, {s.Sum, o.Sum}, {s.Product, o.Product}} {
		for i, x := range v[1] {
			v[0][i] += x
		}
	}
}

// Rows adds the rows of x (n*d) with weights w (n, or nil), each by its memberships of m. It costs n*k*d*d, or n*k*d for
// shapes without correlations.
func (s *Moments) Rows(m *Mixture, x, w []float64) {
	n := len(x) / m.D
	for at := 0; at < n; at += 4 {
		end := min(at+4, n)
		s.b.load(x[at*m.D : end*m.D])
		m.densities(s.b)
		weight := lanes{}
		for i := at; i < end; i++ {
			weight[i-at] = 1
			if w != nil {
				weight[i-at] = w[i]
			}
		}
		for l, density := range s.b.shares(weight) {
			if weight[l] > 0 {
				s.Log += float64(weight[l] * density)
			}
		}
		s.put(m.D)
	}
}

// Labelled adds the rows of x (n*d) with weights w (n, or nil), each to the component of its label (n) alone, around means
// (k*d): the start of a mixture from a partition.
func (s *Moments) Labelled(means []float64, labels []int, x, w []float64) {
	d := len(s.b.rows)
	for at := range labels {
		c := labels[at]
		s.b.near, s.b.share[c] = append(s.b.near[:0], c), lanes{1}
		if w != nil {
			s.b.share[c][0] = w[at]
		}
		for j, v := range x[at*d : (at+1)*d] {
			s.b.apart[c*d+j] = lanes{v - means[c*d+j]}
		}
		s.put(d)
	}
}

// put adds the four rows of the block by their shares.
func (s *Moments) put(d int) {
	step := len(s.Product) / len(s.Weight)
	for _, c := range s.b.near {
		r := s.b.share[c]
		s.Weight[c] += r[0] + r[1] + (r[2] + r[3])
		apart := s.b.apart[c*d : (c+1)*d]
		sum := s.Sum[c*d:][:len(apart)]
		product := s.Product[c*step : (c+1)*step]
		for i := range apart {
			t := &apart[i]
			w0, w1, w2, w3 := float64(r[0]*t[0]), float64(r[1]*t[1]), float64(r[2]*t[2]), float64(r[3]*t[3])
			sum[i] += w0 + w1 + (w2 + w3)
			if s.squares {
				product[i] += float64(w0*t[0]) + float64(w1*t[1]) + (float64(w2*t[2]) + float64(w3*t[3]))
				continue
			}
			first := apart[:i+1]
			row := product[:len(first)]
			product = product[len(first):]
			for j := range first {
				u := &first[j]
				row[j] += float64(w0*u[0]) + float64(w1*u[1]) + (float64(w2*u[2]) + float64(w3*u[3]))
			}
		}
	}
}

// scarce is the share of all rows below which a component keeps its place and spread: there is nothing to learn them from.
const scarce = 1e-12

// Update returns the parameters that these sums make of old ones: weights, means and covariances of the given shape, with
// ridge (d) added to the variances.
func (s *Moments) Update(old Params, shape Shape, ridge []float64) Params {
	k, d := old.K, old.D
	p := Params{K: k, D: d, Weights: make([]float64, k), Means: make([]float64, k*d), Cov: make([]float64, k*d*d)}
	total := 0.0
	for _, w := range s.Weight {
		total += w
	}
	pooled := make([]float64, d*d)
	for c, w := range s.Weight {
		p.Weights[c] = w / total
		cov := p.Cov[c*d*d : (c+1)*d*d]
		if w < scarce*total {
			copy(p.Means[c*d:(c+1)*d], old.Means[c*d:(c+1)*d])
			copy(cov, old.Cov[c*d*d:(c+1)*d*d]) // a tied one is overwritten below
			continue
		}
		moved := make([]float64, d)
		for j := range d {
			moved[j] = s.Sum[c*d+j] / w
			p.Means[c*d+j] = old.Means[c*d+j] + moved[j]
		}
		s.covariance(c, shape, moved, cov)
		for at, v := range cov {
			pooled[at] += float64(p.Weights[c] * v)
		}
		addRidge(cov, d, shape, ridge)
	}
	if shape == Tied {
		addRidge(pooled, d, shape, ridge)
		for c := range k {
			copy(p.Cov[c*d*d:], pooled)
		}
	}
	return p
}

// covariance writes the covariance (d*d) of component c, whose mean has moved so far, without a ridge.
func (s *Moments) covariance(c int, shape Shape, moved, cov []float64) {
	d, w := len(moved), s.Weight[c]
	if shape == Diagonal || shape == Spherical {
		mean := 0.0
		for j, m := range moved {
			cov[j*d+j] = max(s.Product[c*d+j]/w-float64(m*m), 0)
			mean += cov[j*d+j] / float64(d)
		}
		for j := range moved {
			if shape == Spherical {
				cov[j*d+j] = mean
			}
		}
		return
	}
	at := c * d * (d + 1) / 2
	for i := range d {
		for j := range i + 1 {
			v := s.Product[at]/w - float64(moved[i]*moved[j])
			if i == j {
				v = max(v, 0)
			}
			cov[i*d+j], cov[j*d+i] = v, v
			at++
		}
	}
}

func addRidge(cov []float64, d int, shape Shape, ridge []float64) {
	for j, v := range spread(shape, ridge) {
		cov[j*d+j] += v
	}
}

// spread returns the ridge (d) as the shape takes it: the same for all columns if it is spherical.
func spread(shape Shape, ridge []float64) []float64 {
	if shape != Spherical {
		return ridge
	}
	mean := 0.0
	for _, v := range ridge {
		mean += v / float64(len(ridge))
	}
	out := make([]float64, len(ridge))
	for j := range out {
		out[j] = mean
	}
	return out
}

// narrow is the least variance of a component in any direction, as a share of the mean of all components in that direction. A
// hundredth of the others' width is what a group of near-equal rows has, and no group of customers worth the name.
const narrow = 1e-4

// Collapsed reports, for each component (k), whether its likelihood is an accident: it has no more rows (of n in all) than its
// covariance has numbers of its own, its spread in some direction is for the most part the ridge (d) that was added, or it is
// narrow beside the others. The latter bounds the eigenvalues of covariances relative to each other (Hathaway 1985,
// doi:10.1214/aos/1176349557), and does not depend on units.
func (p Params) Collapsed(shape Shape, ridge []float64, n float64) []bool {
	d, out, pooled := p.D, make([]bool, p.K), p.Pooled()
	least := float64(map[Shape]int{Full: d * (d + 1) / 2, Diagonal: d, Spherical: 1}[shape] + 1)
	for c := range out {
		cov := p.Cov[c*d*d : (c+1)*d*d]
		apart, above := slices.Clone(cov), slices.Clone(cov)
		for j, v := range spread(shape, ridge) {
			apart[j*d+j] -= 2 * v
		}
		for at, v := range pooled {
			above[at] -= float64(narrow * v)
		}
		_, _, wide := whitening(apart, d)
		_, _, even := whitening(above, d)
		out[c] = !wide || !even || p.Weights[c]*n < least
	}
	return out
}

// Pooled returns the mean covariance (d*d) of the components, by their weights.
func (p Params) Pooled() []float64 {
	pooled := make([]float64, p.D*p.D)
	for at, v := range p.Cov {
		pooled[at%len(pooled)] += float64(p.Weights[at/len(pooled)] * v)
	}
	return pooled
}

// Ready is New, with as much more of the ridge (d) on a covariance as makes it positive definite; a tied one gets it in all components,
// which stay the same. It returns the component that cannot be helped because the ridge is 0, or -1.
func Ready(p Params, shape Shape, ridge []float64) (m *Mixture, singular int) {
	for {
		if m, singular = New(p); singular < 0 || slices.Max(ridge) == 0 || math.IsInf(slices.Max(ridge), 1) {
			return m, singular
		}
		ridge = slices.Clone(ridge)
		for j := range ridge {
			ridge[j] *= 10
		}
		for c := range p.K {
			if c == singular || shape == Tied {
				addRidge(p.Cov[c*p.D*p.D:(c+1)*p.D*p.D], p.D, shape, ridge)
			}
		}
	}
}
