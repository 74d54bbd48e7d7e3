package measure_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/measure"
	"github.com/segkit/lab/segkit/table"
)

var separations = map[string]func(*table.Table, *table.Segments) (float64, error){
	"CalinskiHarabasz": measure.CalinskiHarabasz, "DaviesBouldin": measure.DaviesBouldin, "Dunn": measure.Dunn,
}

func separation(t *testing.T, name string, x *table.Table, s *table.Segments) float64 {
	t.Helper()
	v, err := separations[name](x, s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestSeparationDefinitions(t *testing.T) {
	x := trial.Column(t, 0, 2, 10, 14) // means 1 and 12, all 6.5
	s := segments(t, x, table.Labels{0, 0, 1, 1})
	for name, want := range map[string]float64{
		"CalinskiHarabasz": (2*5.5*5.5 + 2*5.5*5.5) / ((1 + 1 + 4 + 4) / 2.), "DaviesBouldin": (1 + 2) / 11., "Dunn": 8. / 4,
	} {
		if got := separation(t, name, x, s); math.Abs(got-want) > 1e-12 {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	noise := trial.Column(t, 0, 2, 10, 14, 1000)
	for name := range separations {
		if a, b := separation(t, name, x, s), separation(t, name, noise, segments(t, noise, table.Labels{0, 0, 1, 1, -1})); a != b {
			t.Errorf("%s: noise makes %v of %v", name, b, a)
		}
		if a, b := separation(t, name, x, s), separation(t, name, x, segments(t, x, table.Labels{3, 3, 1, 1})); math.Abs(a-b) > 1e-12 {
			t.Errorf("%s: segments without customers make %v of %v", name, b, a)
		}
	}
}

func TestSeparationOrderAndScale(t *testing.T) {
	x := trial.Groups(t, 200, 3, 3, 2)
	s := fit(t, x, cluster.KMeans{K: 3}).Segments()
	rows := rand.New(rand.NewPCG(1, 7)).Perm(200)
	scaled := trial.Mapped(t, x, func(v float64) float64 { return 8 * v })
	for name := range separations {
		want := separation(t, name, x, s)
		if got := separation(t, name, trial.RowsOf(t, x, rows), s); math.Abs(got/want-1) > 1e-12 {
			t.Errorf("%s: another order of rows makes %v of %v", name, got, want)
		}
		if got := separation(t, name, scaled, s); got != want {
			t.Errorf("%s: values times 8 make %v of %v", name, got, want)
		}
	}
}

// A quotient by 0 is a limit, not missing: segments in which all are alike are as good as can be, those of the same mean as bad.
// Four combinations of two flags (perfect_k.csv of the cases, made up) are perfect at k = 4, and are chosen for that.
func TestSeparationAtTheLimit(t *testing.T) {
	x := trial.Column(t, 1, 1, 5, 5)
	for _, c := range []struct {
		labels table.Labels
		want   map[string]float64
	}{
		{table.Labels{0, 0, 1, 1}, map[string]float64{"CalinskiHarabasz": math.Inf(1), "DaviesBouldin": 0, "Dunn": math.Inf(1)}},
		{table.Labels{0, 1, 0, 1}, map[string]float64{"CalinskiHarabasz": 0, "DaviesBouldin": math.Inf(1), "Dunn": 0}},
	} {
		for name, want := range c.want {
			if v := separation(t, name, x, segments(t, x, c.labels)); v != want {
				t.Errorf("%s of %v: %v, want %v", name, c.labels, v, want)
			}
		}
	}
	var flags []float64
	for i := range 40 {
		flags = append(flags, float64(i%2), float64(i/2%2))
	}
	s := sweep(t, trial.Numbered(t, 2, flags), 2, 4, choose.SweepOptions{Draws: 99})
	if p := s.Points[2]; !math.IsInf(p.CalinskiHarabasz, 1) || p.DaviesBouldin != 0 || p.Silhouette != 1 {
		t.Errorf("four perfect segments: %+v", p)
	}
	for _, name := range []string{"Calinski-Harabasz", "Davies-Bouldin", "silhouette", "simplified silhouette"} {
		if c := find(t, s.Panel(), name); c.K != 4 || strings.Contains(c.Says, "NaN") {
			t.Errorf("%+v", c)
		}
	}
	if text := fmt.Sprint(s.Panel().Sheet().Rows); !strings.Contains(text, "∞") {
		t.Error(text)
	}
}

func TestSeparationUndefined(t *testing.T) {
	x := trial.Column(t, 1, 1, 5, 5)
	alike := trial.Column(t, 1, 1, 1, 1)
	for _, test := range []struct {
		labels table.Labels
		names  []string
	}{
		{table.Labels{0, 0, 0, 0}, []string{"CalinskiHarabasz", "DaviesBouldin", "Dunn"}},
		{table.Labels{0, 1, 2, 3}, []string{"CalinskiHarabasz", "DaviesBouldin", "Dunn"}},
	} {
		for _, name := range test.names {
			if v, err := separations[name](x, segments(t, x, test.labels)); !errors.Is(err, fault.ErrUndefined) {
				t.Errorf("%s of %v: %v, %v", name, test.labels, v, err)
			}
		}
	}
	for name, measure := range separations {
		if v, err := measure(alike, segments(t, alike, table.Labels{0, 0, 1, 1})); !errors.Is(err, fault.ErrUndefined) {
			t.Errorf("%s of customers who are all alike: %v, %v", name, v, err)
		}
	}
	missing := trial.Column(t, 1, math.NaN(), 5, 5)
	for name, measure := range separations {
		if _, err := measure(missing, segments(t, missing, table.Labels{0, 0, 1, 1})); !errors.Is(err, fault.ErrNotFinite) {
			t.Errorf("%s with a missing cell: %v", name, err)
		}
	}
}

// Calinski-Harabasz and Davies-Bouldin at the best k-means solutions: scikit-learn 1.9.1; Dunn by its definition in numpy.
func TestSeparationOfPublishedData(t *testing.T) {
	iris := trial.Columns(t, trial.Read(t, "../testdata/iris.csv", "id"), "sepal_length", "sepal_width", "petal_length", "petal_width")
	all := trial.Read(t, "../testdata/wine.csv", "id")
	wine := trial.Columns(t, all, all.Names()[:13]...)
	ruspini := trial.Read(t, "../testdata/ruspini.csv", "id")
	for _, test := range []struct {
		name         string
		x            *table.Table
		k            int
		ch, db, dunn float64
	}{
		{"iris", iris, 2, 513.9245459802768, .40429283717304343, .07650633483966503},
		{"iris", iris, 3, 561.62775662962, .6619715465007465, .09880739332807607},
		{"iris", iris, 4, 530.7658081872851, .7803069838811107, .13654328177032393},
		{"iris, z", trial.ZScores(t, iris), 3, 241.90440170183157, .8335949464754338, .026496651969627583},
		{"wine, z", trial.ZScores(t, wine), 3, 70.9400080031512, 1.3891879777181646, .23225671390419228},
		{"wine", wine, 3, 561.815657860671, .5342431775436286, .016260439155422326},
		{"ruspini", ruspini, 4, 425.32734309356334, .3569642131969615, .5047155336847738},
	} {
		s := fit(t, test.x, cluster.KMeans{K: test.k, Restarts: 50, Tol: -1}).Segments()
		for name, want := range map[string]float64{"CalinskiHarabasz": test.ch, "DaviesBouldin": test.db, "Dunn": test.dunn} {
			if got := separation(t, name, test.x, s); math.Abs(got/want-1) > 1e-9 {
				t.Errorf("%s, k = %d: %s %v, scikit-learn %v", test.name, test.k, name, got, want)
			}
		}
	}
}

// The best known solutions, recomputed by an independent implementation.
func TestSeparationOfPublicData(t *testing.T) {
	mall := trial.Columns(t, trial.Public(t, "mall_customers/Mall_Customers.csv", "CustomerID"), "Annual Income (k$)", "Spending Score (1-100)")
	wholesale := trial.Columns(t, trial.Public(t, "wholesale_customers/Wholesale_customers_data.csv", ""), "Fresh", "Milk", "Grocery", "Frozen",
		"Detergents_Paper", "Delicassen")
	for _, test := range []struct {
		name   string
		x      *table.Table
		k      int
		ch, db float64 // 0: not given
	}{
		{"mall", mall, 5, 247.3590, .572563}, {"wholesale", wholesale, 2, 171.68, 0}, {"wholesale", wholesale, 3, 210.15, 0},
		{"wholesale, ln", trial.Mapped(t, wholesale, math.Log), 2, 196.34, 1.3108},
	} {
		s := fit(t, test.x, cluster.KMeans{K: test.k, Restarts: 50, Tol: -1}).Segments()
		if got := separation(t, "CalinskiHarabasz", test.x, s); math.Abs(got-test.ch) > .006 {
			t.Errorf("%s, k = %d: Calinski-Harabasz %v, want %v", test.name, test.k, got, test.ch)
		}
		if got := separation(t, "DaviesBouldin", test.x, s); test.db != 0 && math.Abs(got-test.db) > 6e-5 {
			t.Errorf("%s, k = %d: Davies-Bouldin %v, want %v", test.name, test.k, got, test.db)
		}
	}
}

func fit(t *testing.T, x *table.Table, m cluster.Method) *cluster.Clustering {
	t.Helper()
	c, err := cluster.Fit(x, m)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func sweep(t *testing.T, x *table.Table, from, to int, o ...choose.SweepOptions) *choose.Sweep {
	t.Helper()
	s, err := choose.SweepK(x, segkit.Recipe{Method: cluster.KMeans{Seed: 1}}, from, to, o...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func find(t *testing.T, p *choose.Panel, name string) choose.Criterion {
	t.Helper()
	at := slices.IndexFunc(p.Criteria, func(c choose.Criterion) bool { return c.Name == name })
	if at < 0 {
		t.Fatalf("no %s in %+v", name, p.Criteria)
	}
	return p.Criteria[at]
}
