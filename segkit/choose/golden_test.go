package choose_test

import (
	"math"
	"slices"
	"testing"

	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/compare"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/measure"
	"github.com/segkit/lab/segkit/table"
)

type golden struct {
	k          int
	cost       float64
	sizes      []int   // by falling size
	silhouette float64 // 0: not given
	rand       float64 // adjusted Rand index against truth, 0: not given
}

func checkGolden(t *testing.T, x *table.Table, truth table.Labels, m cluster.KMeans, want golden) {
	t.Helper()
	m.K, m.Tol = want.k, -1 // published values are those of iterations to the end
	c := fit(t, x, m)
	if c.Cost > want.cost*(1+1e-7) {
		t.Errorf("k = %d: cost %.9g, published %.9g", want.k, c.Cost, want.cost)
	}
	if c.Cost < want.cost*(1-1e-5) {
		t.Logf("k = %d: cost %v is better than the published %v", want.k, c.Cost, want.cost)
		return
	}
	if want.sizes != nil && !slices.Equal(c.Labels.Counts(), want.sizes) {
		t.Errorf("k = %d: sizes %v, published %v", want.k, c.Labels.Counts(), want.sizes)
	}
	if want.silhouette != 0 {
		s, err := measure.Silhouette(x, c.Segments())
		if err != nil || math.Abs(s.Mean-want.silhouette) > 6e-5 {
			t.Errorf("k = %d: silhouette %v (%v), published %v", want.k, s.Mean, err, want.silhouette)
		}
	}
	if want.rand != 0 {
		ari, err := compare.AdjustedRand(c.Labels, truth)
		if err != nil || math.Abs(ari-want.rand) > 1e-6 {
			t.Errorf("k = %d: agreement with the classes %v (%v), published %v", want.k, ari, err, want.rand)
		}
	}
}

// Iris as in R and in scikit-learn from 0.20 on. k = 2 to 4 and the silhouette, agreement at k = 3: scikit-learn's and R's
// printed values; the rest recomputed by an independent implementation.
func TestIris(t *testing.T) {
	all := trial.Read(t, "../testdata/iris.csv", "id")
	x := trial.Columns(t, all, "sepal_length", "sepal_width", "petal_length", "petal_width")
	truth := trial.Classes(t, all, "species")
	for _, want := range []golden{
		{1, 681.3706, []int{150}, 0, 0},
		{2, 152.347951760358, []int{97, 53}, .681046, .539922},
		{3, 78.8514414261460, []int{62, 50, 38}, .5528190123564095, .7302382722834697},
		{4, 57.2284732142857, []int{50, 40, 32, 28}, .498051, .649818},
		{5, 46.4461820512821, nil, .488749, 0},
		{6, 39.0399872460872, nil, .364834, 0},
	} {
		checkGolden(t, x, truth, cluster.KMeans{Restarts: 50}, want)
	}
	checkGolden(t, trial.ZScores(t, x), truth, cluster.KMeans{Restarts: 50}, golden{3, 139.820496, []int{53, 50, 47}, .459948, .620135})

	// Silhouettes per segment at k = 3, printed in the example of R's cluster package: .4173, .7981, .4511 by falling size.
	s, err := measure.Silhouette(x, fit(t, x, cluster.KMeans{K: 3}).Segments())
	if err != nil {
		t.Fatal(err)
	}
	for l, want := range []float64{.4173, .7981, .4511} {
		if math.Abs(s.Segments[l].Mean-want) > 5e-5 {
			t.Errorf("silhouette of segment %d: %v, published %v", l+1, s.Segments[l].Mean, want)
		}
	}
}

// Wine (UCI), standardised with divisor n: scikit-learn's printed cost.
func TestWine(t *testing.T) {
	all := trial.Read(t, "../testdata/wine.csv", "id")
	names := all.Names()
	x, truth := trial.Columns(t, all, names[:len(names)-1]...), trial.Classes(t, all, "class")
	checkGolden(t, trial.ZScores(t, x), truth, cluster.KMeans{}, golden{3, 1277.928488844642, []int{65, 62, 51}, .2849, .897495})
	checkGolden(t, x, truth, cluster.KMeans{}, golden{3, 2370689.686987, []int{69, 62, 47}, .571138, .371114})
}

// Ruspini (1970), Information Sciences 2, 319-350.
func TestRuspini(t *testing.T) {
	x := trial.Read(t, "../testdata/ruspini.csv", "id")
	checkGolden(t, x, nil, cluster.KMeans{}, golden{1, 244373.866667, []int{75}, 0, 0})
	checkGolden(t, x, nil, cluster.KMeans{}, golden{4, 12881.051236, []int{23, 20, 17, 15}, .737657, 0})
}

func TestMallCustomers(t *testing.T) {
	x := trial.Columns(t, trial.Public(t, "mall_customers/Mall_Customers.csv", "CustomerID"), "Annual Income (k$)", "Spending Score (1-100)")
	if x.Len() != 200 {
		t.Fatalf("%d customers, want 200", x.Len())
	}
	for _, want := range []golden{
		{1, 269981.28, nil, 0, 0}, {2, 181363.59596, nil, .2969, 0}, {3, 106348.37306, nil, .4676, 0}, {4, 73679.78904, nil, .4932, 0},
		{5, 44448.455448, []int{81, 39, 35, 23, 22}, .553932, 0}, {6, 37233.814511, nil, .5398, 0},
	} {
		checkGolden(t, x, nil, cluster.KMeans{Restarts: 100}, want)
	}
	checkGolden(t, x, nil, cluster.KMeans{Restarts: 3000}, golden{8, 24986.53, nil, 0, 0}) // published values go up to 25337
}

// Raw money hides the two kinds of customers (agreement -.031); logarithms bring them out (.580758).
func TestWholesale(t *testing.T) {
	all := trial.Public(t, "wholesale_customers/Wholesale_customers_data.csv", "")
	x := trial.Columns(t, all, "Fresh", "Milk", "Grocery", "Frozen", "Detergents_Paper", "Delicassen")
	if x.Len() != 440 {
		t.Fatalf("%d customers, want 440", x.Len())
	}
	channel := trial.Classes(t, all, "Channel")
	checkGolden(t, x, channel, cluster.KMeans{}, golden{2, 113217528520.91, []int{375, 65}, .511533, 0})
	checkGolden(t, x, channel, cluster.KMeans{Restarts: 50}, golden{3, 80332413843.0163, []int{330, 60, 50}, .478351, 0})
	checkGolden(t, trial.Mapped(t, x, math.Log), channel, cluster.KMeans{}, golden{2, 3314.947406, []int{258, 182}, .299960, .580758})
}

// Leisch & Dolnicar's fast food data, 1,453 answers of yes and no: many local optima (the best is found by 8 of 400 starts at k = 4).
func TestMcDonalds(t *testing.T) {
	x := trial.Public(t, "mcdonalds/mcdonalds.csv", "", "yummy", "convenient", "spicy", "fattening", "greasy", "fast", "cheap", "tasty",
		"expensive", "healthy", "disgusting")
	for i, c := range x.Columns() {
		if !slices.Equal(c.Levels, []string{"No", "Yes"}) {
			t.Fatalf("column %d has levels %v", i, c.Levels)
		}
	}
	var data []float64
	for i := range x.Len() {
		data = append(data, x.Row(i)...)
	}
	yes := trial.Numbered(t, 11, data)
	for _, want := range []golden{
		{1, 2779.040606, []int{1453}, 0, 0}, {2, 2145.503727, []int{896, 557}, .2444, 0}, {3, 1818.700649, []int{615, 499, 339}, .2391, 0},
		{4, 1602.899456, []int{580, 318, 315, 240}, .2585, 0},
	} {
		checkGolden(t, yes, nil, cluster.KMeans{Restarts: 200}, want)
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
