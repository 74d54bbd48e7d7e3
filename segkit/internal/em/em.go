// Package em is the arithmetic of Gaussian mixtures: densities, memberships and weighted moments of rows, in one pass.
//
// Four rows go through a component together, each in a lane of its own, so that the processor has independent sums to work
// on while rows and components stay in its nearest cache. A lane's result does not depend on its neighbours.
package em

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// Shape says which covariances a mixture may have.
type Shape uint8

const (
	Full      Shape = iota // each component its own
	Tied                   // one for all components
	Diagonal               // each component its own, columns uncorrelated
	Spherical              // each component one variance for all columns
)

// Params are the numbers of a mixture of k components in d columns.
type Params struct {
	K, D    int
	Weights []float64 // (k) adding up to 1
	Means   []float64 // (k*d)
	Cov     []float64 // (k*d*d) symmetric
}

// Mixture is Params made ready for densities.
type Mixture struct {
	Params
	log      []float64 // (k) ln weight - (d ln 2pi + ln det cov)/2
	whiten   []float64 // the inverse Cholesky factors: (k*d*(d+1)/2) lower triangles, or (k*d) if diagonal
	diagonal bool
}

// New factorises the covariances. It returns the component whose covariance is not positive definite, or -1.
func New(p Params) (m *Mixture, singular int) {
	m = &Mixture{Params: p, log: make([]float64, p.K), diagonal: p.diagonal()}
	for c := range p.K {
		inverse, logDet, ok := whitening(p.Cov[c*p.D*p.D:(c+1)*p.D*p.D], p.D)
		if !ok {
			return nil, c
		}
		m.log[c] = math.Log(p.Weights[c]) - (float64(float64(p.D)*math.Log(2*math.Pi))+logDet)/2
		for i := range p.D {
			for j := range i + 1 {
				if i == j || !m.diagonal {
					m.whiten = append(m.whiten, inverse.At(i, j))
				}
			}
		}
	}
	return m, -1
}

func (p Params) diagonal() bool {
	for at, v := range p.Cov {
		if cell := at % (p.D * p.D); v != 0 && cell/p.D != cell%p.D {
			return false
		}
	}
	return true
}

// whitening returns the inverse of the Cholesky factor of cov (d*d), and the logarithm of its determinant.
func whitening(cov []float64, d int) (inverse *mat.TriDense, logDet float64, ok bool) {
	var chol mat.Cholesky
	if !chol.Factorize(mat.NewSymDense(d, cov)) {
		return nil, 0, false
	}
	inverse = mat.NewTriDense(d, mat.Lower, nil)
	chol.LTo(inverse)
	for i := range d {
		if v := inverse.At(i, i); !(v > 0) || math.IsInf(v, 0) {
			return nil, 0, false
		}
	}
	logDet = chol.LogDet()
	_ = inverse.InverseTri(inverse) // an ill-conditioned factor is still the best there is
	return inverse, logDet, true
}

// lanes holds one number for each of four rows.
type lanes [4]float64

// block is four rows on their way through all components.
type block struct {
	rows  []lanes // (d)
	apart []lanes // (k*d) rows minus means
	log   []lanes // (k) ln of weight x density; -Inf where it is too small beside the highest to matter
	share []lanes // (k) memberships, times the rows' weights
	near  []int   // components of which some lane has a share, rising

	highest lanes  // of log
	label   [4]int // which component has it, the first of equals
}

func newBlock(k, d int) *block {
	return &block{rows: make([]lanes, d), apart: make([]lanes, k*d), log: make([]lanes, k), share: make([]lanes, k)}
}

// load takes the rows of x (1 to 4 times d); a lane without a row repeats the last one.
func (b *block) load(x []float64) {
	d := len(b.rows)
	last := len(x)/d - 1
	for l := range 4 {
		row := x[min(l, last)*d:][:d]
		for j, v := range row {
			b.rows[j][l] = v
		}
	}
}

// far is what every lane of a component that does not matter has.
var far = lanes{math.Inf(-1), math.Inf(-1), math.Inf(-1), math.Inf(-1)}

// densities fills log with highest and label, and apart where it matters. The first term of a distance often tells that a component is
// too far away: the others only add to it.
func (m *Mixture) densities(b *block) {
	d := m.D
	whiten := m.whiten
	b.highest, b.label = far, [4]int{}
	h := &b.highest
	for c := range m.K {
		log, first, mean0, row0 := m.log[c], whiten[0], m.Means[c*d], &b.rows[0]
		t0, t1, t2, t3 := first*(row0[0]-mean0), first*(row0[1]-mean0), first*(row0[2]-mean0), first*(row0[3]-mean0)
		if log-float64(t0*t0)/2-h[0] < negligible && log-float64(t1*t1)/2-h[1] < negligible &&
			log-float64(t2*t2)/2-h[2] < negligible && log-float64(t3*t3)/2-h[3] < negligible {
			b.log[c] = far
			whiten = whiten[m.size():]
			continue
		}
		apart := b.apart[c*d : (c+1)*d]
		mean := m.Means[c*d:][:len(apart)]
		rows := b.rows[:len(apart)]
		for j := range apart {
			row, v := &rows[j], mean[j]
			apart[j] = lanes{row[0] - v, row[1] - v, row[2] - v, row[3] - v}
		}
		var q0, q1, q2, q3 float64
		if m.diagonal {
			for j, v := range whiten[:d] {
				t := &apart[j]
				s0, s1, s2, s3 := v*t[0], v*t[1], v*t[2], v*t[3]
				q0 += float64(s0 * s0)
				q1 += float64(s1 * s1)
				q2 += float64(s2 * s2)
				q3 += float64(s3 * s3)
			}
			whiten = whiten[d:]
		} else {
			for i := range apart {
				row := whiten[:i+1]
				whiten = whiten[i+1:]
				first := apart[:len(row)]
				var s0, s1, s2, s3 float64
				for j, v := range row {
					t := &first[j]
					s0 += float64(v * t[0])
					s1 += float64(v * t[1])
					s2 += float64(v * t[2])
					s3 += float64(v * t[3])
				}
				q0 += float64(s0 * s0)
				q1 += float64(s1 * s1)
				q2 += float64(s2 * s2)
				q3 += float64(s3 * s3)
			}
		}
		v := lanes{log - q0/2, log - q1/2, log - q2/2, log - q3/2}
		b.log[c] = v
		for l := range v {
			if v[l] > h[l] {
				h[l], b.label[l] = v[l], c
			}
		}
	}
}

// size is how many numbers of whiten a component has.
func (m *Mixture) size() int {
	if m.diagonal {
		return m.D
	}
	return m.D * (m.D + 1) / 2
}

// negligible is the logarithm of a share that disappears when it is added to 1.
const negligible = -37

// shares turns the logarithms into memberships that add up to the weights of the lanes. It returns the logarithms of the rows'
// densities. Memberships below 1e-16 are 0.
func (b *block) shares(weight lanes) (density lanes) {
	h, sum := b.highest, lanes{}
	lost := slices.Contains(h[:], math.Inf(-1)) // too far from everything for a density: the first component as well as any
	b.near = b.near[:0]
	for c := range b.log {
		v := &b.log[c]
		b.share[c] = lanes{}
		if v[0]-h[0] <= negligible && v[1]-h[1] <= negligible && v[2]-h[2] <= negligible && v[3]-h[3] <= negligible {
			continue
		}
		e := &b.share[c]
		for l := range e {
			switch apart := v[l] - h[l]; {
			case apart == 0 || lost && c == 0 && math.IsInf(h[l], -1):
				e[l] = 1
			case apart > negligible:
				e[l] = math.Exp(apart)
			}
			sum[l] += e[l]
		}
		b.near = append(b.near, c)
	}
	for _, c := range b.near {
		e := &b.share[c]
		for l := range e {
			e[l] = e[l] / sum[l] * weight[l]
		}
	}
	for l := range density {
		density[l] = h[l] + math.Log(sum[l])
	}
	return density
}

// Members gives every row of x (n*d) its likeliest component in labels (n) and its memberships in shares (n*k; nil if they
// are not wanted).
func (m *Mixture) Members(x []float64, labels []int, shares []float64) {
	b := newBlock(m.K, m.D)
	for at := 0; at < len(labels); at += 4 {
		end := min(at+4, len(labels))
		b.load(x[at*m.D : end*m.D])
		m.densities(b)
		if shares != nil {
			b.shares(lanes{1, 1, 1, 1})
		}
		for i := at; i < end; i++ {
			labels[i] = b.label[i-at]
			if shares == nil {
				continue
			}
			for c := range m.K {
				shares[i*m.K+c] = b.share[c][i-at]
			}
		}
	}
}
