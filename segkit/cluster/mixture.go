package cluster

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/gonum/mat"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/covariance"
	"github.com/segkit/lab/segkit/internal/distinct"
	"github.com/segkit/lab/segkit/internal/em"
	"github.com/segkit/lab/segkit/internal/enum"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/starts"
	"github.com/segkit/lab/segkit/table"
)

// GaussianMixture treats customers as draws from K normal distributions and finds the most probable ones by the EM
// algorithm (Dempster, Laird & Rubin 1977, doi:10.1111/j.2517-6161.1977.tb01600.x; shapes as in Fraley & Raftery 2002,
// doi:10.1198/016214502760047131). Segments may be wide or narrow, stretched and tilted, and may overlap: every customer
// has a probability for each (Clustering.Membership), and belongs to the likeliest. Clustering.Likelihood has the BIC for
// choosing K and Shape.
//
// There are five kinds of starts, used in turn (starts.Family; Restart.From), because k-means partitions alone miss long groups that lie
// side by side. A start from rows tries eight beginnings for at most 20 iterations each and continues the likeliest (Biernacki, Celeux &
// Govaert 2003, doi:10.1016/S0167-9473(02)00163-4; Restart.ShortRuns). Short runs see a sample of at most 1,000 rows, or ten for each
// free parameter. A segment that shrinks to a few nearly equal customers would become infinitely likely. Ridge prevents this,
// FittedMixture.Collapsed reports it, and the likelihood decides only among the starts that end with the fewest such segments, ideally
// none: others can win by an accident of a few rows (Hathaway 1985, doi:10.1214/aos/1176349557). Rows count by the table's weights. An
// iteration costs n*k*d*d (Diagonal and Spherical: n*k*d). Memory is O(n*d + n*k).
type GaussianMixture struct {
	K        int            `json:"k"`        // number of segments, 1 to the number of different customers; 0 means the number in Start
	Shape    Covariance     `json:"shape"`    // what segments may look like; zero means FullCovariance
	Restarts int            `json:"restarts"` // starts; 0 means 5
	MaxIter  int            `json:"max_iter"` // most iterations of each start; 0 means 300
	Tol      float64        `json:"tol"`      // stop when the mean log-likelihood of a customer rises by at most this; 0 means 1e-6, negative means never
	Ridge    float64        `json:"ridge"`    // added to the variances within segments, as a share of the column's; 0 means 1e-6, negative means nothing
	Start    *FittedMixture `json:"-"`        // a mixture to start from instead, one start; label i continues segment i
	Seed     int            `json:"seed"`     // any number; the same number gives the same segments
}

// Covariance is the shape of a mixture's segments. Fewer parameters need fewer customers.
type Covariance uint8

const (
	FullCovariance      Covariance = iota // each segment its own ellipsoid
	TiedCovariance                        // all segments the same ellipsoid
	DiagonalCovariance                    // each segment its own ellipsoid, with columns uncorrelated within it
	SphericalCovariance                   // each segment round, with one width for all columns: scale the columns first
)

var (
	_ KMethod  = GaussianMixture{}
	_ Assigner = FittedMixture{}

	covarianceNames = [...]string{FullCovariance: "full", TiedCovariance: "tied", DiagonalCovariance: "diagonal", SphericalCovariance: "spherical"}
)

func (c Covariance) String() string { return enum.Name(c, covarianceNames[:]) }

// MarshalText writes the name that String gives.
func (c Covariance) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (c *Covariance) UnmarshalText(text []byte) error {
	return enum.Read(c, text, "shape", covarianceNames[:])
}

func (c Covariance) shape() em.Shape {
	return [...]em.Shape{FullCovariance: em.Full, TiedCovariance: em.Tied, DiagonalCovariance: em.Diagonal, SphericalCovariance: em.Spherical}[c]
}

// parameters counts the free numbers of k segments in d columns.
func (c Covariance) parameters(k, d int) int {
	covariances := map[Covariance]int{FullCovariance: k * d * (d + 1) / 2, TiedCovariance: d * (d + 1) / 2,
		DiagonalCovariance: k * d, SphericalCovariance: k}[c]
	return k - 1 + k*d + covariances
}

// AtMost implements Restarter.
func (m GaussianMixture) AtMost(starts int) Method {
	m.Restarts = min(m.resolved().Restarts, starts)
	return m
}

// Reseeded implements Restarter.
func (m GaussianMixture) Reseeded(seed int) Method {
	m.K, m.Start = m.resolved().K, nil
	m.Seed = seed
	return m
}

// WithK implements KMethod.
func (m GaussianMixture) WithK(k int) Method { m.K = k; return m }

// Variant distinguishes mixtures with different shapes.
func (m GaussianMixture) Variant() string { return m.Shape.String() }

func (m GaussianMixture) WithoutStart() (any, string) {
	if m.Start == nil {
		return m, ""
	}
	start := fmt.Sprintf("%#v ", *m.Start)
	m.Start = nil
	return m, start
}

// resolved returns m with its defaults filled in.
func (m GaussianMixture) resolved() GaussianMixture {
	if m.K == 0 && m.Start != nil {
		m.K = len(m.Start.Weights)
	}
	m.Restarts = cmp.Or(m.Restarts, 5)
	if m.Start != nil {
		m.Restarts = 1
	}
	m.MaxIter = cmp.Or(m.MaxIter, 300)
	if m.Tol == 0 {
		m.Tol = 1e-6
	}
	if m.Ridge == 0 {
		m.Ridge = 1e-6
	}
	return m
}

// Check implements Method. It costs n*d; with full or tied covariances n*d*d + d*d*d.
func (m GaussianMixture) Check(x *table.Table) error {
	const name = "cluster.GaussianMixture"
	if err := x.CheckNumbers(name); err != nil {
		return err
	}
	m = m.resolved()
	if err := checkK(name, m.K, x); err != nil {
		return err
	}
	switch {
	case int(m.Shape) >= len(covarianceNames):
		return fault.Option(name, "Shape", uint8(m.Shape), "FullCovariance, TiedCovariance, DiagonalCovariance or SphericalCovariance")
	case m.Restarts < 1:
		return fault.Option(name, "Restarts", m.Restarts, "at least 1, or 0 for 5")
	case m.MaxIter < 1:
		return fault.Option(name, "MaxIter", m.MaxIter, "at least 1, or 0 for 300")
	case math.IsNaN(m.Tol):
		return fault.Option(name, "Tol", m.Tol, "a number")
	case !(m.Ridge <= 1):
		return fault.Option(name, "Ridge", m.Ridge, "a share of the columns' variance up to 1, 0 for 1e-6, or negative for none")
	}
	for j, c := range x.Raw().Columns {
		values := x.Raw().Column(j)
		e := &fault.CellError{Op: name, File: x.Raw().Source, Column: c.Name, Err: fault.ErrUndefined}
		if v, alike := stats.OnlyValue(values); alike {
			e.Why, e.Remedy = fmt.Sprintf("is %v for every customer, which leaves a normal distribution no width", v), "leave the column out"
			return e
		}
		if _, sd, _ := stats.Moments(values, x.Raw().Weights); sd*sd == 0 {
			e.Why, e.Remedy = "differs too little between customers to have a variance", "use a smaller unit"
			return e
		}
	}
	if m.Shape == FullCovariance || m.Shape == TiedCovariance {
		if err := dependent(name, x); err != nil {
			return err
		}
	}
	if m.Start == nil {
		return nil
	}
	if len(m.Start.Weights) != m.K {
		return fault.Option(name, "Start", fmt.Sprintf("a mixture of %d", len(m.Start.Weights)), fmt.Sprintf("%d, one for each segment", m.K))
	}
	if err := m.Start.Valid(); err != nil {
		return fmt.Errorf("segkit: cluster.GaussianMixture.Start: %w", fault.Trimmed(err))
	}
	if !slices.Equal(m.Start.Columns, x.Names()) {
		return fault.Option(name, "Start", "a mixture of "+wording.List(m.Start.Columns), "the columns of the table, in their order: "+wording.List(x.Names()))
	}
	return nil
}

// dependent refuses columns that depend on each other linearly, as those do that add up to 0 for every customer: an ellipsoid has no width
// there, and what the likelihood gains by that is no finding. With as few rows as columns they always do, which Ridge is for.
func dependent(op string, x *table.Table) error {
	n, d := x.Dims()
	if d < 2 || n <= 2*d {
		return nil
	}
	at := make([]int, d)
	for j := range at {
		at[j] = j
	}
	_, c := covariance.Of(x, at)
	r := mat.NewSymDense(d, nil)
	for i := range d {
		for j := range i + 1 {
			r.SetSym(i, j, c.At(i, j)/math.Sqrt(c.At(i, i)*c.At(j, j)))
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(r, true) || eigen.Values(nil)[0] > 1e-10 {
		return nil
	}
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	var names []string
	for j := range d {
		if math.Abs(vectors.At(j, 0)) > 1e-3 {
			names = append(names, x.Raw().Columns[j].Name)
		}
	}
	return &fault.CellError{Op: op, File: x.Raw().Source, Err: fault.ErrUndefined,
		Why:    fmt.Sprintf("the columns %s depend on each other (each follows from the others), which leaves a full covariance no width in one direction", wording.List(names)),
		Remedy: "leave one of them out, put prep.PCA first, which drops that direction, or set Shape to DiagonalCovariance"}
}

// mixing is the work of GaussianMixture on one table.
type mixing struct {
	m      GaussianMixture // resolved
	x      *table.Table
	ridge  []float64 // (d)
	weight float64   // of all rows
	rows   func(ctx context.Context, n int, do func(chunk, from, to int)) error

	standard, white *table.Table // x standardised, and whitened: what starts are partitions of
}

// mixed is where one start has come to.
type mixed struct {
	fit        *em.Mixture
	cost       float64
	iterations int
	converged  bool
	family     starts.Family
	shortRuns  int    // of which the start continued the best
	collapsed  []bool // (k)
	unbounded  int    // the segment that lost its width, without a ridge to stop it; -1 if none did
	logUnits   float64
}

func (s *mixed) Ended() starts.Restart {
	out := starts.Restart{Cost: s.cost, Iterations: s.iterations, Converged: s.converged, From: s.family, ShortRuns: s.shortRuns, LogUnits: s.logUnits}
	for _, collapsed := range s.collapsed {
		if collapsed {
			out.Collapsed++
		}
	}
	return out
}

// Cluster implements Method.
func (m GaussianMixture) Cluster(ctx context.Context, x *table.Table) (*Clustering, error) {
	m = m.resolved()
	p, err := newMixing(m, x)
	if err != nil {
		return nil, err
	}
	across := par.Items
	if x.Len() >= bigTable {
		across, p.rows = inTurn, par.Rows
	}
	compared := x.Rows(starts.ComparedRows(x.Len()))
	best, restarts, err := starts.Best(ctx, fmt.Sprintf("Gaussian mixture, k = %d", m.K), m.Restarts, across,
		func(r int) (*mixed, error) { return p.run(ctx, r) },
		func(s *mixed) (table.Labels, error) {
			labels, _, _, err := newFittedMixture(x.Names(), s.fit.Params, make([]bool, m.K)).Assign(compared)
			return labels, err
		})
	if err != nil {
		return nil, err
	}
	if best.unbounded >= 0 {
		return nil, m.noWidth(best.unbounded)
	}
	return p.clustering(ctx, best, restarts)
}

func (m GaussianMixture) noWidth(segment int) error {
	return fault.Option("cluster.GaussianMixture", "Ridge", m.Ridge,
		fmt.Sprintf("0 for 1e-6, or more: segment %d has no width in some direction, so its likelihood has no bound", segment+1))
}

func newMixing(m GaussianMixture, x *table.Table) (*mixing, error) {
	p := &mixing{m: m, x: x, rows: par.InTurn, standard: x, white: x}
	for i := range x.Raw().IDs {
		p.weight += x.Weight(i)
	}
	for _, sd := range stats.SDs(x.Raw().Data, len(x.Raw().Columns), x.Raw().Weights) {
		p.ridge = append(p.ridge, max(m.Ridge, 0)*sd*sd)
	}
	if m.Start != nil {
		return p, nil
	}
	f, err := prep.Standardize{}.Fit(x)
	if err != nil {
		return nil, err
	}
	z, err := f.Apply(x)
	if err != nil {
		return nil, err
	}
	if distinct.Count(z.Raw().Data, z.Len(), len(z.Raw().Columns), m.K) == m.K { // customers who differ by a rounding error may not any more
		p.standard = z
	}
	if w := whitened(p.standard); distinct.Count(w.Raw().Data, w.Len(), len(w.Raw().Columns), m.K) == m.K {
		p.white = w
	} else {
		p.white = p.standard
	}
	return p, nil
}

// run makes start r and iterates it until it rests.
func (p *mixing) run(ctx context.Context, r int) (*mixed, error) {
	params, shortRuns, err := p.begin(ctx, r)
	if err != nil {
		return nil, err
	}
	s, err := p.climb(ctx, params, p.m.MaxIter)
	if err != nil {
		return nil, err
	}
	s.family, s.shortRuns = p.family(r), shortRuns
	return s, nil
}

// climb iterates from the given parameters until they rest, so many iterations at most.
func (p *mixing) climb(ctx context.Context, params em.Params, most int) (*mixed, error) {
	shape, parts := p.m.Shape.shape(), p.parts()
	s := &mixed{unbounded: -1, logUnits: logUnits(p.x)}
	defer func() {
		if s.fit != nil {
			s.collapsed = s.fit.Collapsed(shape, p.ridge, p.weight*s.logUnits)
		}
	}()
	last := math.Inf(-1)
	for {
		fit, singular := em.Ready(params, shape, p.ridge)
		switch {
		case singular >= 0 && s.fit == nil:
			return nil, p.m.noWidth(singular)
		case singular >= 0: // the start ends before this step
			s.unbounded = singular
			return s, nil
		}
		s.fit = fit
		total, err := p.sum(ctx, parts, func(part *em.Moments, from, to int) {
			part.Rows(s.fit, p.data(from, to), p.weights(from, to))
		})
		if err != nil {
			return nil, err
		}
		s.cost = -total.Log
		if total.Log-last <= p.m.Tol*p.weight {
			s.converged = true
			return s, nil
		}
		if s.iterations == most {
			return s, nil
		}
		params, last = total.Update(params, shape, p.ridge), total.Log
		s.iterations++
	}
}

// parts are empty sums, one for each chunk of rows.
func (p *mixing) parts() []*em.Moments {
	parts := make([]*em.Moments, par.Chunks(p.x.Len()))
	for c := range parts {
		parts[c] = em.NewMoments(p.m.K, len(p.x.Raw().Columns), p.m.Shape.shape())
	}
	return parts
}

// runningMeans returns the weighted means (k*d) of the rows of each label.
func runningMeans(t *table.Table, labels table.Labels, k int) []float64 {
	d := len(t.Raw().Columns)
	means, weight := make([]float64, k*d), make([]float64, k)
	for i, l := range labels {
		weight[l] += t.Weight(i)
		for j, v := range t.Raw().Row(i) { // a running mean, which huge values do not overflow
			means[l*d+j] += float64((v - means[l*d+j]) * (t.Weight(i) / weight[l]))
		}
	}
	return means
}

// sum adds the parts up, in chunk order, after add has filled each from its rows.
func (p *mixing) sum(ctx context.Context, parts []*em.Moments, add func(part *em.Moments, from, to int)) (*em.Moments, error) {
	err := p.rows(ctx, p.x.Len(), func(c, from, to int) {
		parts[c].Reset()
		add(parts[c], from, to)
	})
	total := em.NewMoments(p.m.K, len(p.x.Raw().Columns), p.m.Shape.shape())
	for _, part := range parts {
		total.Add(part)
	}
	return total, err
}

func (p *mixing) data(from, to int) []float64 {
	d := len(p.x.Raw().Columns)
	return p.x.Raw().Data[from*d : to*d]
}

func (p *mixing) weights(from, to int) []float64 {
	if p.x.Raw().Weights == nil {
		return nil
	}
	return p.x.Raw().Weights[from:to]
}

// clustering puts the best start into the public type, its segments in canonical order.
func (p *mixing) clustering(ctx context.Context, s *mixed, restarts starts.Evidence) (*Clustering, error) {
	m, x := p.m, p.x
	a := newFittedMixture(x.Names(), s.fit.Params, s.collapsed)
	out := &Clustering{Method: m, K: m.K, Cost: s.cost, Iterations: s.iterations, Converged: s.converged, Restarts: restarts,
		Likelihood: newLikelihood(x, -s.cost, m.Shape.parameters(m.K, len(x.Raw().Columns))), ordered: m.Start != nil}
	for {
		labels, membership, err := a.members(ctx, x, true)
		if err != nil {
			return nil, err
		}
		order := pick.BySize(labels, x.Raw().Weights, m.K)
		if m.Start != nil || slices.IsSorted(order) {
			out.Labels, out.Membership, out.Assigner = labels, membership, a
			break
		}
		// Renumbering can only move rows between equally likely segments, to the heavier one, so that this ends.
		a = a.Reorder(order).(FittedMixture)
	}
	out.Centers = table.FromRaw(table.Raw{Columns: x.Raw().Columns, Data: slices.Concat(a.Means...), Transformed: x.Raw().Transformed})
	for c := range m.K {
		out.Centers.Raw().IDs = append(out.Centers.Raw().IDs, strconv.Itoa(c+1))
	}
	return out, nil
}
