package em

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// someMixture is k random components in d columns, and n rows around them.
func someMixture(r *rand.Rand, n, k, d int, diagonal bool) (Params, []float64) {
	p := Params{K: k, D: d, Weights: make([]float64, k), Means: make([]float64, k*d), Cov: make([]float64, k*d*d)}
	for c := range k {
		p.Weights[c] = float64(c+1) * 2 / float64(k*(k+1))
		var a [][]float64
		for i := range d {
			p.Means[c*d+i] = 2 * r.NormFloat64()
			a = append(a, make([]float64, d))
			for j := range d {
				if i == j || !diagonal {
					a[i][j] = r.NormFloat64()
				}
			}
		}
		for i := range d {
			for j := range d {
				v := 0.0
				for t := range d {
					v += a[i][t] * a[j][t]
				}
				if i == j {
					v += .1
				}
				p.Cov[(c*d+i)*d+j] = v
			}
		}
	}
	x := make([]float64, n*d)
	for i := range x {
		x[i] = 3 * r.NormFloat64()
	}
	return p, x
}

// plain computes densities with the inverse and the determinant, and everything else by its definition.
func plain(p Params, x, w []float64) (shares []float64, log float64) {
	k, d := p.K, p.D
	for i := range len(x) / d {
		sum := 0.0
		var joint []float64
		for c := range k {
			cov := mat.NewDense(d, d, slices.Clone(p.Cov[c*d*d:(c+1)*d*d]))
			var inverse mat.Dense
			if err := inverse.Inverse(cov); err != nil {
				panic(err)
			}
			apart := mat.NewVecDense(d, slices.Clone(x[i*d:(i+1)*d]))
			apart.SubVec(apart, mat.NewVecDense(d, p.Means[c*d:(c+1)*d]))
			joint = append(joint, p.Weights[c]*math.Exp(-mat.Inner(apart, &inverse, apart)/2)/math.Sqrt(math.Pow(2*math.Pi, float64(d))*mat.Det(cov)))
			sum += joint[c]
		}
		for _, v := range joint {
			shares = append(shares, v/sum)
		}
		log += w[i] * math.Log(sum)
	}
	return shares, log
}

func TestAStepIsThatOfTheDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, shape := range []Shape{Full, Tied, Diagonal, Spherical} {
		for _, size := range [][3]int{{1, 1, 1}, {7, 2, 1}, {50, 3, 2}, {101, 4, 5}} {
			n, k, d := size[0], size[1], size[2]
			p, x := someMixture(r, n, k, d, shape == Diagonal || shape == Spherical)
			w := make([]float64, n)
			for i := range w {
				w[i] = 1 + r.Float64()
			}
			m, singular := New(p)
			if singular >= 0 {
				t.Fatal("not positive definite")
			}
			want, log := plain(p, x, w)
			labels, got := make([]int, n), make([]float64, n*k)
			m.Members(x, labels, got)
			within(t, "membership", want, got, 1e-9)
			for i, l := range labels {
				if row := want[i*k : (i+1)*k]; row[l] < slices.Max(row)-1e-9 {
					t.Fatalf("row %d goes to %d of %v", i, l, row)
				}
			}
			s := NewMoments(k, d, shape)
			s.Rows(m, x, w)
			within(t, "log-likelihood", []float64{log}, []float64{s.Log}, 1e-10)

			ridge := make([]float64, d)
			for j := range ridge {
				ridge[j] = .01 * float64(j+1)
			}
			next := s.Update(p, shape, ridge)
			plainNext := byDefinition(want, x, w, k, d, shape, ridge)
			within(t, "weights", plainNext.Weights, next.Weights, 1e-9)
			within(t, "means", plainNext.Means, next.Means, 1e-8)
			within(t, "covariances", plainNext.Cov, next.Cov, 1e-8)
		}
	}
}

// byDefinition are the weighted moments, each in a pass of its own.
func byDefinition(shares, x, w []float64, k, d int, shape Shape, ridge []float64) Params {
	p := Params{K: k, D: d, Weights: make([]float64, k), Means: make([]float64, k*d), Cov: make([]float64, k*d*d)}
	total := 0.0
	for i, v := range w {
		total += v
		for c := range k {
			p.Weights[c] += v * shares[i*k+c]
		}
	}
	for i, v := range w {
		for c := range k {
			for j := range d {
				p.Means[c*d+j] += v * shares[i*k+c] * x[i*d+j] / p.Weights[c]
			}
		}
	}
	for i, v := range w {
		for c := range k {
			for a := range d {
				for b := range d {
					if (shape == Diagonal || shape == Spherical) && a != b {
						continue
					}
					p.Cov[(c*d+a)*d+b] += v * shares[i*k+c] / p.Weights[c] * (x[i*d+a] - p.Means[c*d+a]) * (x[i*d+b] - p.Means[c*d+b])
				}
			}
		}
	}
	if shape == Tied {
		pooled := make([]float64, d*d)
		for at, v := range p.Cov {
			pooled[at%(d*d)] += p.Weights[at/(d*d)] / total * v
		}
		for at := range p.Cov {
			p.Cov[at] = pooled[at%(d*d)]
		}
	}
	for c := range k {
		p.Weights[c] /= total
		mean, added := 0.0, 0.0
		for j := range d {
			p.Cov[(c*d+j)*d+j] += ridge[j]
			mean, added = mean+p.Cov[(c*d+j)*d+j]/float64(d), added+ridge[j]
		}
		for j := range d {
			if shape == Spherical {
				p.Cov[(c*d+j)*d+j] = mean
			}
		}
	}
	return p
}

func TestRowsDoNotSeeTheirNeighbours(t *testing.T) {
	p, x := someMixture(rand.New(rand.NewPCG(3, 4)), 23, 3, 4, false)
	m, _ := New(p)
	together, labels := make([]float64, 23*3), make([]int, 23)
	m.Members(x, labels, together)
	for i := range labels {
		alone, label := make([]float64, 3), make([]int, 1)
		m.Members(x[i*4:(i+1)*4], label, alone)
		if label[0] != labels[i] || !slices.Equal(alone, together[i*3:(i+1)*3]) {
			t.Fatalf("row %d alone is %v, among others %v", i, alone, together[i*3:(i+1)*3])
		}
	}
}

// A mixture whose covariances are diagonal takes a shorter way, to the same bits.
func TestDiagonalIsFullWithZeros(t *testing.T) {
	p, x := someMixture(rand.New(rand.NewPCG(5, 6)), 40, 3, 4, true)
	short, _ := New(p)
	long, _ := New(p)
	if !short.diagonal {
		t.Fatal("a diagonal mixture goes unnoticed")
	}
	long.diagonal, long.whiten = false, nil
	for c := range 3 {
		inverse, _, _ := whitening(p.Cov[c*16:(c+1)*16], 4)
		for i := range 4 {
			for j := range i + 1 {
				long.whiten = append(long.whiten, inverse.At(i, j))
			}
		}
	}
	a, b, labels := make([]float64, 120), make([]float64, 120), make([]int, 40)
	short.Members(x, labels, a)
	long.Members(x, labels, b)
	if !slices.Equal(a, b) {
		t.Fatal("the short way leads elsewhere")
	}
}

func TestLabelledMomentsAreThoseOfThePartition(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	n, k, d := 61, 3, 3
	_, x := someMixture(r, n, k, d, false)
	shares, labels, w := make([]float64, n*k), make([]int, n), make([]float64, n)
	for i := range n {
		labels[i], w[i] = i%k, 1+r.Float64()
		shares[i*k+labels[i]] = 1
	}
	old := Params{K: k, D: d, Means: []float64{1, 2, 3, 0, 0, 0, -1, .5, 1}, Cov: make([]float64, k*d*d)}
	s := NewMoments(k, d, Full)
	s.Labelled(old.Means, labels, x, w)
	got, want := s.Update(old, Full, make([]float64, d)), byDefinition(shares, x, w, k, d, Full, make([]float64, d))
	within(t, "means", want.Means, got.Means, 1e-12)
	within(t, "covariances", want.Cov, got.Cov, 1e-12)
}

func TestSingularCovariances(t *testing.T) {
	p := Params{K: 2, D: 2, Weights: []float64{.5, .5}, Means: []float64{0, 0, 1, 1}, Cov: []float64{1, 0, 0, 1, 1, 1, 1, 1}}
	if _, singular := New(p); singular != 1 {
		t.Fatalf("component %d is singular, want 1", singular)
	}
	if _, singular := Ready(p, Full, []float64{0, 0}); singular != 1 {
		t.Fatal("no ridge helped")
	}
	if _, singular := Ready(p, Full, []float64{1e-9, 1e-9}); singular != -1 {
		t.Fatal("the ridge does not help")
	}
	p.Cov = []float64{1, 0, 0, 1, 1 + 1e-3, 1, 1, 1 + 1e-3}
	if got := p.Collapsed(Full, []float64{1e-3, 1e-3}, 100); !slices.Equal(got, []bool{false, true}) {
		t.Fatalf("collapsed: %v", got)
	}
}

func within(t *testing.T, what string, want, got []float64, tol float64) {
	t.Helper()
	for i := range want {
		if !(math.Abs(want[i]-got[i]) <= tol*max(1, math.Abs(want[i]))) {
			t.Fatalf("%s: number %d is %v, want %v", what, i, got[i], want[i])
		}
	}
}

// A tied covariance that needs more of the ridge gets it in all components: on a line, with a ridge too small to be seen, the first
// one alone was widened.
func TestATiedCovarianceStaysTied(t *testing.T) {
	flat := []float64{1, 1, 1, 1}
	p := Params{K: 3, D: 2, Weights: []float64{.5, .3, .2}, Means: make([]float64, 6), Cov: slices.Concat(flat, flat, flat)}
	m, singular := Ready(p, Tied, []float64{1e-20, 1e-20})
	if singular >= 0 {
		t.Fatalf("component %d is singular", singular)
	}
	for c := range 3 {
		if got := m.Cov[c*4 : (c+1)*4]; !slices.Equal(got, m.Cov[:4]) || got[0] <= 1 {
			t.Fatalf("component %d has covariance %v, the first %v", c, got, m.Cov[:4])
		}
	}
}

// Components too far away to matter are left out early, which changes no membership: four rows in a block, near to different components of
// many and one beyond all of them, get what each gets alone, and the likeliest component is that of the definition.
func TestFarComponentsAreLeftOutWithoutATrace(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	n, k, d := 60, 12, 2
	p, x := someMixture(r, n, k, d, false)
	for c := range k {
		p.Means[c*d] += 15 * float64(c)
		p.Means[c*d+1] -= 9 * float64(c%3)
	}
	for i := range n {
		for j := range d {
			x[i*d+j] = p.Means[(i*5%k)*d+j] + r.NormFloat64()
		}
	}
	x[7*d] = 1e200
	m, _ := New(p)
	shares, labels := make([]float64, n*k), make([]int, n)
	m.Members(x, labels, shares)
	want, _ := plain(p, x, slices.Repeat([]float64{1}, n))
	for i := range n {
		alone, label := make([]float64, k), make([]int, 1)
		m.Members(x[i*d:(i+1)*d], label, alone)
		if row := shares[i*k : (i+1)*k]; !slices.Equal(row, alone) || label[0] != labels[i] || row[labels[i]] != slices.Max(row) {
			t.Fatalf("row %d is %v, alone %v", i, row, alone)
		}
		if i != 7 {
			within(t, "membership", want[i*k:(i+1)*k], alone, 1e-9)
		}
	}
}
