package segkit

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/table"
)

var threeRecipe = Recipe{Prep: []prep.Transformer{prep.Log1p{}, prep.Winsor{}, prep.Standardize{}}, Method: cluster.KMeans{K: 3, Seed: 1}}

func fitted(t *testing.T, r Recipe, raw *table.Table) *Model {
	t.Helper()
	m, err := r.Fit(raw)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func scored(t *testing.T, m *Model, raw *table.Table) *table.Segments {
	t.Helper()
	s, err := m.Score(raw)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestScoreOfTheTrainingTableIsItsClustering(t *testing.T) {
	raw := trial.ThreeGroups(600)
	m := fitted(t, threeRecipe, raw)
	x, err := threeRecipe.Prepare(raw)
	if err != nil {
		t.Fatal(err)
	}
	c, err := cluster.Fit(x, threeRecipe.Method)
	if err != nil {
		t.Fatal(err)
	}
	s := scored(t, m, raw)
	if !slices.Equal(s.Labels, c.Labels) || !slices.Equal(s.IDs, raw.IDs()) {
		t.Fatal("scoring the training table gives other labels")
	}
	if !slices.Equal(m.Sizes, []int{300, 200, 100}) || !slices.Equal(s.Counts(), m.Sizes) {
		t.Errorf("sizes %v", m.Sizes)
	}
	for i, label := range s.Labels {
		if want := []int{0, 0, 0, 1, 1, 2}[i%6]; label != want {
			t.Fatalf("customer %d of kind %d is in segment %d", i, want, label)
		}
		if s.Distance[i] < 0 || s.Margin[i] < 0 || s.Margin[i] > 1 {
			t.Fatalf("customer %d: distance %v, margin %v", i, s.Distance[i], s.Margin[i])
		}
	}
	y, err := m.Prepare(raw)
	if err != nil || y.Fingerprint() != x.Fingerprint() {
		t.Errorf("the model prepares its training table otherwise than the recipe (%v)", err)
	}
}

func TestScoreFindsColumnsByNameAndCustomersById(t *testing.T) {
	raw := trial.ThreeGroups(600)
	m := fitted(t, threeRecipe, raw)
	all := scored(t, m, raw)
	rows := rand.New(rand.NewPCG(7, 8)).Perm(600)[:50]
	other, err := raw.Rows(rows).Select("later", "basket", "orders", "recency")
	if err != nil {
		t.Fatal(err)
	}
	s := scored(t, m, other)
	for p, i := range rows {
		if s.IDs[p] != all.IDs[i] || s.Labels[p] != all.Labels[i] || s.Distance[p] != all.Distance[i] || s.Margin[p] != all.Margin[i] {
			t.Fatalf("customer %s scores differently among others", s.IDs[p])
		}
	}
	if s := scored(t, m, raw.Head(0)); len(s.Labels) != 0 || s.K() != 3 {
		t.Errorf("scoring nobody gave %v", s)
	}
	unnamed := changed(other, nil, nil) // a file without units: nothing is stated, nothing contradicts
	for j := range unnamed.Raw().Columns {
		unnamed.Raw().Columns[j].Unit = ""
	}
	if again := scored(t, m, unnamed); !slices.Equal(again.Labels, s.Labels) {
		t.Error("units that are not stated change the labels")
	}
	for _, name := range []string{"€", "euro", "EUR"} { // the currency of the training table, under its other names
		renamed := changed(other, nil, nil)
		renamed.Raw().Columns[1].Unit = name
		if again, err := m.Score(renamed); err != nil || !slices.Equal(again.Labels, s.Labels) {
			t.Errorf("%s for EUR: %v", name, err)
		}
	}
}

func TestScoreRefusesTablesThatDoNotFit(t *testing.T) {
	raw := trial.ThreeGroups(60)
	m := fitted(t, threeRecipe, raw)
	less, _ := raw.Select("basket")
	dollars := changed(raw, nil, nil)
	dollars.Raw().Columns[2].Unit = "USD"
	text := changed(raw, nil, nil)
	text.Raw().Columns[0].Levels = []string{"long ago", "lately"}
	for i := range text.Len() {
		text.Raw().Data[5*i] = float64(i % 2)
	}
	moved := changed(raw, nil, nil)
	moved.Raw().Transformed = true
	for _, c := range []struct {
		name string
		x    *table.Table
		is   error
		says []string
	}{
		{"missing columns", less, fault.ErrMissingColumn, []string{`"recency" and "orders"`, "basket"}},
		{"another unit", dollars, fault.ErrSchema, []string{`"basket"`, "USD", "EUR"}},
		{"categories", text, fault.ErrSchema, []string{`"recency"`, "categories", "numbers"}},
		{"transformed", moved, fault.ErrSchema, []string{"raw table"}},
	} {
		_, err := m.Score(c.x)
		if !errors.Is(err, c.is) {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		for _, part := range c.says {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %q does not say %s", c.name, err, part)
			}
		}
	}
}

// byLevel is a method whose segments are the levels of the first column.
type byLevel struct{}

func (byLevel) Check(*table.Table) error { return nil }

func (byLevel) Cluster(_ context.Context, x *table.Table) (*cluster.Clustering, error) {
	c := &cluster.Clustering{Method: byLevel{}, K: len(x.Raw().Columns[0].Levels), Labels: make(table.Labels, x.Len()), Assigner: byLevel{}, Converged: true}
	c.Labels, _, _, _ = byLevel{}.Assign(x)
	return c, nil
}

func (byLevel) Assign(x *table.Table) (table.Labels, []float64, []float64, error) {
	labels := make(table.Labels, x.Len())
	for i := range labels {
		labels[i] = int(x.At(i, 0))
	}
	return labels, nil, nil, nil
}

func (byLevel) Reorder([]int) cluster.Assigner { return byLevel{} }

func (byLevel) Kind() string { return "by level" }

func TestLevelsAreMatchedByTheirText(t *testing.T) {
	rows := func(levels []string, cells ...float64) *table.Table {
		ids := make([]string, len(cells))
		for i := range ids {
			ids[i] = fmt.Sprint(i)
		}
		x, err := table.New(ids, []table.Column{{Name: "city", Levels: levels}}, cells)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	m := fitted(t, Recipe{Columns: []string{"city"}, Method: byLevel{}}, rows([]string{"Hull", "Leeds", "York"}, 0, 0, 0, 1, 1, 2))
	if s := scored(t, m, rows([]string{"York", "Leeds"}, 0, 1, 0)); !slices.Equal(s.Labels, table.Labels{2, 1, 2}) {
		t.Errorf("York, Leeds, York became %v", s.Labels)
	}
	unknown := rows([]string{"York", "Bath"}, 0, 1)
	_, err := m.Prepare(unknown)
	if !errors.Is(err, fault.ErrSchema) || !strings.Contains(err.Error(), `"Bath"`) || !strings.Contains(err.Error(), "Hull, Leeds, York") {
		t.Errorf("unknown level: %v", err)
	}
	if s := scored(t, m, unknown); !slices.Equal(s.Labels, table.Labels{2, table.Noise}) || !slices.Equal(s.Flags, []table.Flag{0, NewLevel}) ||
		!slices.Equal(s.Remarks, []string{"1 customer has a level of city that the model has not seen (Bath), and is in no segment."}) {
		t.Errorf("unknown level: %v, %v, %q", s.Labels, s.Flags, s.Remarks)
	}
	if err := m.Save(t.TempDir() + "/model.json"); !errors.Is(err, fault.ErrNotPortable) {
		t.Errorf("a method from elsewhere was saved: %v", err)
	}
	if _, err := m.Centers(); !errors.Is(err, fault.ErrUndefined) {
		t.Errorf("centres of a method without: %v", err)
	}
	m.Assigner = nil
	if _, err := m.Score(rows([]string{"York"}, 0)); !errors.Is(err, fault.ErrNoPredict) {
		t.Errorf("no assigner: %v", err)
	}
	if err := m.Save(t.TempDir() + "/model.json"); !errors.Is(err, fault.ErrNotPortable) {
		t.Errorf("no assigner: %v", err)
	}
}

func TestRecipesAreChecked(t *testing.T) {
	raw := trial.ThreeGroups(60)
	means := cluster.KMeans{K: 2}
	for _, c := range []struct {
		name string
		r    Recipe
		raw  *table.Table
		says string
	}{
		{"no method", Recipe{}, raw, "KMeans{K: 4}"},
		{"outcome", Recipe{Columns: []string{"later"}, Method: means}, raw, "outcome"},
		{"unknown column", Recipe{Columns: []string{"oders"}, Method: means}, raw, "orders"},
		{"nil step", Recipe{Prep: []prep.Transformer{nil}, Method: means}, raw, "Prep[0]"},
		{"k above n", Recipe{Method: cluster.KMeans{K: 61}}, raw, "1 to 60"},
		{"nobody", threeRecipe, raw.Head(0), "no rows"},
		{"one customer", threeRecipe, raw.Head(1), "one customer; segments need at least k"},
		{"no features", Recipe{Method: means}, trial.Must(t)(raw.Select("later", "channel")), "name the columns"},
		{"a column twice", Recipe{Columns: []string{"orders", "orders"}, Method: means}, raw, "orders"},
	} {
		if _, err := c.r.Fit(c.raw); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	x, err := (Recipe{Method: means}).Prepare(raw)
	if err != nil || !slices.Equal(x.Names(), []string{"recency", "orders", "basket"}) {
		t.Errorf("without Columns, the features are %v, %v", x, err)
	}
}

func TestCentersComeBackInTheCustomersOwnUnits(t *testing.T) {
	raw := trial.ThreeGroups(600)
	for _, steps := range [][]prep.Transformer{
		nil,
		{prep.Standardize{}},
		{prep.Impute{}, prep.Robust{}},
		{prep.Standardize{}, prep.PCA{}},
	} {
		m := fitted(t, Recipe{Prep: steps, Method: cluster.KMeans{K: 3, Seed: 1, Tol: -1}}, raw) // until centres are means
		got, err := m.Centers()
		if err != nil {
			t.Fatal(err)
		}
		if got.Transformed() || !reflect.DeepEqual(got.Columns(), raw.Columns()[:3]) {
			t.Errorf("%v: columns %v", steps, got.Columns())
		}
		s := scored(t, m, raw)
		sums, counts := make([]float64, 9), s.Counts()
		for i, label := range s.Labels {
			for j := range 3 {
				sums[3*label+j] += raw.At(i, j) / float64(counts[label])
			}
		}
		trial.Near(t, sums, got.Raw().Data, 1e-9) // affine steps carry means to means
	}
	m := fitted(t, threeRecipe, raw)
	got, err := m.Centers()
	if err != nil {
		t.Fatal(err)
	}
	if v := got.At(2, 1); v < 35 || v > 45 {
		t.Errorf("frequent customers have %v orders, want about 40", v)
	}
	m = fitted(t, Recipe{Prep: []prep.Transformer{prep.Log1p{}, oneWay{}, prep.Standardize{}}, Method: threeRecipe.Method}, raw)
	if _, err := m.Centers(); !errors.Is(err, fault.ErrUndefined) || !strings.Contains(err.Error(), "step 2 (one way)") {
		t.Errorf("a step without inverse: %v", err)
	}
}

// oneWay is a transform of a user's own that cannot be undone.
type oneWay struct{}

func (oneWay) Fit(*table.Table) (prep.Fitted, error) { return oneWay{}, nil }

func (oneWay) Kind() string { return "one way" }

func (oneWay) Apply(t *table.Table) (*table.Table, error) {
	out := changed(t, []int{0}, func(_ int, v float64) float64 { return v * v })
	out.Raw().Transformed, out.Raw().Columns[0].Unit = true, "squared"
	return out, nil
}

func TestSegmentsAreNamedByWhatStandsOutInThem(t *testing.T) {
	raw := trial.ThreeGroups(600)
	m := fitted(t, threeRecipe, raw)
	if !strings.Contains(m.Names[0], "apsed") || !strings.Contains(m.Names[2], "requent") {
		t.Errorf("300 lapsed, 200 and 100 frequent customers are called %q", m.Names)
	}
	if s := scored(t, m, raw); !slices.Equal(s.Names, m.Names) {
		t.Errorf("scored as %q", s.Names)
	}
	changed := changed(raw, []int{4}, func(_ int, v float64) float64 { return -v * v }) // what they did afterwards
	if again := fitted(t, threeRecipe, changed); !slices.Equal(again.Names, m.Names) {
		t.Errorf("an outcome renames segments: %q", again.Names)
	}
	x, err := threeRecipe.Prepare(raw)
	if err != nil {
		t.Fatal(err)
	}
	if n := fitted(t, Recipe{Method: threeRecipe.Method}, x); !slices.Equal(n.Names, []string{"1", "2", "3"}) {
		t.Errorf("without own units, names are %q", n.Names)
	}
}

func TestModelKeepsWhatWasDoneWithDefaultsFilledIn(t *testing.T) {
	raw := trial.ThreeGroups(600)
	r := Recipe{Prep: []prep.Transformer{prep.Winsor{}, prep.Standardize{}, prep.PCA{}}, Method: cluster.KMeans{K: 3, Seed: 1}}
	m := fitted(t, r, raw)
	if w := m.Recipe.Prep[0].(prep.Winsor); w.Low != .01 || w.High != .99 || m.Recipe.Prep[2].(prep.PCA).Share != 1 {
		t.Errorf("defaults of %+v are open", m.Recipe.Prep)
	}
	if k := m.Recipe.Method.(cluster.KMeans); k.Restarts != 10 || k.MaxIter != 300 || k.Tol != 1e-4 {
		t.Errorf("defaults of %+v are open", k)
	}
	if !slices.Equal(m.Recipe.Columns, []string{"recency", "orders", "basket"}) || len(r.Columns) != 0 {
		t.Errorf("columns %v", m.Recipe.Columns)
	}
	again := fitted(t, m.Recipe, raw)
	if m.leftOut == "" || again.leftOut != "" {
		t.Errorf("where no columns are named, %q are left out, and %q where all are", m.leftOut, again.leftOut)
	}
	again.leftOut = m.leftOut
	if !reflect.DeepEqual(m, again) {
		t.Error("the resolved recipe gives another model")
	}
	if evidence := m.Restarts(); len(evidence) != 10 || evidence.Best() > m.Cost*(1+1e-9) {
		t.Errorf("restarts %v, cost %v", evidence, m.Cost)
	}
	if s := m.Sheet(); len(s.Rows) != 3 || s.Rows[0][1] != "300" || s.Rows[0][2] != "50.0 %" || !strings.Contains(s.Notes[0], "recency, orders and basket") {
		t.Errorf("sheet %+v", s)
	}
}

func TestFitIsRemembered(t *testing.T) {
	raw := trial.ThreeGroups(60)
	store := trial.InMap{}
	ctx := memory.With(context.Background(), store)
	fit := func(r Recipe, raw *table.Table) *Model {
		m, err := r.FitContext(ctx, raw)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	first := fit(threeRecipe, raw)
	if again := fit(threeRecipe, raw); len(store) != 1 || !reflect.DeepEqual(first, again) {
		t.Errorf("%d entries; recalled %+v, want %+v", len(store), again, first)
	}
	for _, r := range []Recipe{
		{Prep: threeRecipe.Prep, Method: cluster.KMeans{K: 3, Seed: 2}},
		{Prep: threeRecipe.Prep[:1], Method: threeRecipe.Method},
		{Columns: []string{"orders"}, Method: threeRecipe.Method},
	} {
		before := len(store)
		if fit(r, raw); len(store) != before+1 {
			t.Errorf("%+v was taken for another recipe", r)
		}
	}
	before := len(store)
	if fit(threeRecipe, raw.Head(59)); len(store) != before+1 {
		t.Error("other customers were taken for the same")
	}
	x, err := threeRecipe.Prepare(raw)
	if err != nil {
		t.Fatal(err)
	}
	before = len(store)
	for range 2 {
		warm := Recipe{Prep: threeRecipe.Prep, Method: cluster.KMeans{Start: x.Rows([]int{0, 3, 5})}}
		if m := fit(warm, raw); len(store) != before+1 || m.K() != 3 || m.Recipe.Method.(cluster.KMeans).Start != nil {
			t.Error("a given start was forgotten, or kept in the model")
		}
	}
}

// changed returns a copy of t with the values of columns at changed.
func changed(t *table.Table, at []int, value func(p int, v float64) float64) *table.Table {
	out := t.WithData(slices.Clone(t.Raw().Columns), slices.Clone(t.Raw().Data))
	for i := range out.Len() {
		for p, j := range at {
			out.Raw().Row(i)[j] = value(p, out.At(i, j))
		}
	}
	return out
}
