package prep

import (
	"math"
	"runtime"
	"testing"

	"github.com/segkit/lab/segkit/internal/covariance"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/table"
)

// Dolnicar, Grün & Leisch 2018, Market Segmentation Analysis, appendix C: prcomp of the McDonald's survey. R divides by n-1.
func TestPCAOfThePublishedSurvey(t *testing.T) {
	x := trial.Mcdonalds(t)
	fitted, err := PCA{}.Fit(x)
	if err != nil {
		t.Fatal(err)
	}
	f := fitted.(FittedPCA)
	n := float64(x.Len())
	var sd []float64
	for _, v := range f.Variance {
		sd = append(sd, math.Sqrt(v*n/(n-1)))
	}
	trial.Near(t, []float64{.757050, .607456, .504619, .398799, .337405, .310275, .289697, .275122, .265251, .248842, .236903}, sd, 5e-7)
	trial.Near(t, []float64{.2994, .1928, .1330, .0831, .0595, .0503, .0438, .0395, .0368, .0324, .0293}, f.Share(), 5e-5)
	// The book prints yummy −.477, tasty −.472, cheap −.337, expensive .329; the sign of a component is free.
	for column, want := range map[string]float64{"yummy": .477, "tasty": .472, "cheap": .337, "expensive": -.329} {
		j, err := x.Index(column)
		if err != nil {
			t.Fatal(err)
		}
		if got := f.Loadings[0][j]; math.Abs(got-want) > 5e-4 {
			t.Errorf("loading of %s is %v, want %v", column, got, want)
		}
	}
}

func TestComponentsAreUncorrelatedAndOrthonormal(t *testing.T) {
	x := someCustomers(300)
	fitted, err := PCA{}.Fit(x)
	if err != nil {
		t.Fatal(err)
	}
	f := fitted.(FittedPCA)
	for a := range f.Loadings {
		for b := range f.Loadings {
			dot, want := 0.0, 0.0
			for p := range f.Columns {
				dot += f.Loadings[a][p] * f.Loadings[b][p]
			}
			if a == b {
				want = 1
			}
			if math.Abs(dot-want) > 1e-12 {
				t.Errorf("loadings %d and %d: %v", a, b, dot)
			}
		}
	}
	y, err := f.Apply(x)
	if err != nil {
		t.Fatal(err)
	}
	means, cov := covariance.Of(y, []int{0, 1, 2})
	size := f.Variance[0]
	for p := range 3 {
		if math.Abs(means[p]) > 1e-10*size {
			t.Errorf("component %d has mean %v", p+1, means[p])
		}
		for q := range 3 {
			want := 0.0
			if p == q {
				want = f.Variance[p]
			}
			if math.Abs(cov.At(p, q)-want) > 1e-12*size {
				t.Errorf("covariance %d, %d is %v, want %v", p+1, q+1, cov.At(p, q), want)
			}
		}
	}
}

func TestPCAKeepsTheShareAskedForAndOtherColumns(t *testing.T) {
	x := someCustomers(300)
	all, err := PCA{}.Fit(x)
	if err != nil {
		t.Fatal(err)
	}
	share := all.(FittedPCA).Share()
	for _, c := range []struct {
		ask  float64
		want int
	}{{share[0] - 1e-9, 1}, {share[0] + 1e-9, 2}, {1, 3}} {
		f, err := PCA{Share: c.ask}.Fit(x)
		if err != nil || len(f.(FittedPCA).Loadings) != c.want {
			t.Errorf("share %v keeps %v, want %d (%v)", c.ask, f, c.want, err)
		}
	}
	f, err := PCA{Columns: []string{"spend", "orders"}, Components: 1}.Fit(x)
	if err != nil {
		t.Fatal(err)
	}
	y, err := f.Apply(x)
	if err != nil || y.At(7, 0) != x.At(7, 0) || y.Raw().Columns[0].Name != "recency" || y.Raw().Columns[1].Name != "PC1" {
		t.Errorf("got columns %v, %v", y.Names(), err)
	}
	if _, err := f.Apply(trial.Must(t)(y.Select("recency"))); err == nil {
		t.Error("columns that are gone were found")
	}
}

func TestPCAIsTheSameAtAnyNumberOfProcessors(t *testing.T) {
	x := someCustomers(9000)
	var first *table.Table
	for _, procs := range []int{1, 2, 8} {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		f, err := PCA{}.Fit(x)
		if err != nil {
			t.Fatal(err)
		}
		y, err := f.Apply(x)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = y
		}
		if y.Fingerprint() != first.Fingerprint() {
			t.Fatalf("%d processors give other bits", procs)
		}
	}
}
