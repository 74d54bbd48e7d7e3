package prep

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/kinds"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/table"
)

// transformCase is one row of the contract: a transformer and what it claims.
type transformCase struct {
	options      Transformer
	missing      bool // missing values are legal
	keepsMissing bool // and stay missing
	inverts      bool // Invert after Apply is the identity
	keepsUnits   bool // the result is in the customers' own units
	otherLevels  bool // but other levels
	categories   bool // it changes categories: run on someAnswers
}

var transformCases = []transformCase{
	{options: Log1p{}, missing: true, keepsMissing: true, inverts: true},
	{options: Log1p{Columns: []string{"spend"}}, missing: true, keepsMissing: true, inverts: true},
	{options: Standardize{}, missing: true, keepsMissing: true, inverts: true},
	{options: Robust{}, missing: true, keepsMissing: true, inverts: true},
	{options: Winsor{}, missing: true, keepsMissing: true, keepsUnits: true},
	{options: Winsor{Low: -1, High: .9}, missing: true, keepsMissing: true, keepsUnits: true},
	{options: Impute{}, missing: true, keepsUnits: true},
	{options: Impute{Columns: []string{"orders"}, Fill: FillMode}, missing: true, keepsUnits: true},
	{options: Impute{Fill: FillConstant, Value: 7}, missing: true, keepsUnits: true},
	{options: MinMax{}, missing: true, keepsMissing: true, inverts: true},
	{options: YeoJohnson{}, missing: true, keepsMissing: true, inverts: true},
	{options: Quantile{}, missing: true, keepsMissing: true, inverts: true},
	{options: Quantile{Normal: true, Points: 30}, missing: true, keepsMissing: true, inverts: true},
	{options: OneHot{}, missing: true, inverts: true, categories: true},
	{options: Ordinal{Columns: []string{"orders"}}, missing: true, keepsMissing: true, inverts: true, categories: true},
	{options: Bands{Columns: []string{"spend"}, Cuts: []float64{20, 50.5}}, missing: true, keepsMissing: true, keepsUnits: true, otherLevels: true},
	{options: Bands{Columns: []string{"recency", "spend"}, Cuts: []float64{100}}, missing: true, keepsMissing: true, keepsUnits: true, otherLevels: true},
	{options: Pool{}, missing: true, keepsMissing: true, keepsUnits: true, otherLevels: true, categories: true},
	{options: Pool{Columns: []string{"spend"}, Share: .34, Into: "any other"}, missing: true, keepsMissing: true, keepsUnits: true, otherLevels: true, categories: true},
	{options: PCA{}, inverts: true},
	{options: PCA{Components: 2}},
	{options: PCA{Share: .8}},
}

// someCustomers returns n customers with skewed, correlated features.
func someCustomers(n int) *table.Table {
	r := rand.New(rand.NewPCG(1, 2))
	ids, data := make([]string, n), []float64(nil)
	for i := range n {
		ids[i] = fmt.Sprintf("C-%04d", i)
		size := math.Exp(r.NormFloat64())
		data = append(data, math.Floor(200*r.Float64()), math.Ceil(3*size), 50*size*math.Exp(r.NormFloat64()/2))
	}
	t, err := table.New(ids, []table.Column{{Name: "recency", Unit: "days", LowerIsBetter: true}, {Name: "orders"},
		{Name: "spend", Unit: "EUR", Role: table.Value}}, data)
	if err != nil {
		panic(err)
	}
	return t
}

// someAnswers returns n customers who said how often and how they buy.
func someAnswers(n int) *table.Table {
	t := someCustomers(n)
	t.Raw().Columns[1].Levels, t.Raw().Columns[1].Ordered = []string{"never", "monthly", "weekly"}, true
	t.Raw().Columns[2].Levels = []string{"cash", "card", "invoice", "never seen"}
	for i := range n {
		t.Raw().Data[3*i+1], t.Raw().Data[3*i+2] = min(t.Raw().Data[3*i+1]-1, 2), float64(int(t.Raw().Data[3*i])%3)
	}
	return t
}

// withHoles returns t with about one cell in seven missing.
func withHoles(t *table.Table) *table.Table {
	out := change(t, nil, nil)
	for i := 0; i < len(out.Raw().Data); i += 7 {
		out.Raw().Data[i] = math.NaN()
	}
	return out
}

func TestTransformers(t *testing.T) {
	for _, c := range transformCases {
		t.Run(strings.TrimPrefix(fmt.Sprintf("%T%v", c.options, c.options), "segkit."), func(t *testing.T) {
			full := someCustomers(300)
			if c.categories {
				full = someAnswers(300)
			}
			holey := withHoles(full)
			x := full
			if c.missing {
				x = holey
			}
			before := x.Fingerprint()
			f, err := c.options.Fit(x)
			if err != nil {
				t.Fatal(err)
			}
			y, err := f.Apply(x)
			if err != nil {
				t.Fatal(err)
			}

			t.Run("input unchanged", func(t *testing.T) {
				if x.Fingerprint() != before {
					t.Error("Fit or Apply changed its input")
				}
			})
			t.Run("repeatable", func(t *testing.T) {
				again, err := c.options.Fit(x)
				if err != nil || !reflect.DeepEqual(f, again) {
					t.Errorf("second Fit gave %v, %v", again, err)
				}
				z, err := f.Apply(x)
				if err != nil || z.Fingerprint() != y.Fingerprint() {
					t.Errorf("second Apply differs (%v)", err)
				}
			})
			t.Run("json", func(t *testing.T) {
				data, err := kinds.Fitted.Encode(f)
				if err != nil {
					t.Fatal(err)
				}
				g, err := kinds.Decode[Fitted](kinds.Fitted, data)
				if err != nil || !reflect.DeepEqual(f, g) {
					t.Fatalf("%s came back as %v, %v", data, g, err)
				}
				if data, err = kinds.Transformers.Encode(c.options); err != nil {
					t.Fatal(err)
				}
				o, err := kinds.Decode[Transformer](kinds.Transformers, data)
				if err != nil || !reflect.DeepEqual(c.options, o) {
					t.Fatalf("%s came back as %v, %v", data, o, err)
				}
			})
			t.Run("columns are found by name", func(t *testing.T) {
				turned, err := x.Select("spend", "recency", "orders")
				if err != nil {
					t.Fatal(err)
				}
				z, err := f.Apply(turned)
				if err != nil {
					t.Fatal(err)
				}
				if z, err = z.Select(y.Names()...); err != nil || z.Fingerprint() != y.Fingerprint() {
					t.Errorf("column order shows (%v)", err)
				}
			})
			t.Run("rows stand alone", func(t *testing.T) {
				rows := []int{299, 5, 17, 0}
				z, err := f.Apply(x.Rows(rows))
				if err != nil || z.Fingerprint() != y.Rows(rows).Fingerprint() {
					t.Errorf("a customer's values depend on the others (%v)", err)
				}
			})
			t.Run("order of customers", func(t *testing.T) {
				rows := rand.New(rand.NewPCG(3, 4)).Perm(x.Len())
				g, err := c.options.Fit(x.Rows(rows))
				if err != nil {
					t.Fatal(err)
				}
				z, err := g.Apply(x.Rows(rows))
				if err != nil {
					t.Fatal(err)
				}
				trial.Near(t, y.Rows(rows).Raw().Data, z.Raw().Data, 1e-9) // sums in another order differ in their last bits
			})
			t.Run("weights are repetitions", func(t *testing.T) {
				weighted, repeated := repeat(x)
				g, err := c.options.Fit(weighted)
				if err != nil {
					t.Fatal(err)
				}
				h, err := c.options.Fit(repeated)
				if err != nil {
					t.Fatal(err)
				}
				a, err := g.Apply(x)
				if err != nil {
					t.Fatal(err)
				}
				b, err := h.Apply(x)
				if err != nil {
					t.Fatal(err)
				}
				trial.Near(t, a.Raw().Data, b.Raw().Data, 1e-9)
			})
			t.Run("missing values", func(t *testing.T) {
				z, err := f.Apply(holey)
				if !c.missing {
					var cell *fault.CellError
					if !errors.Is(err, fault.ErrNotFinite) || !errors.As(err, &cell) || cell.Row == 0 || cell.Column == "" || cell.Remedy == "" || cell.Count < 2 {
						t.Fatalf("missing cells gave %v", err)
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				for i, v := range z.Raw().Data {
					if c.keepsMissing && math.IsNaN(v) != math.IsNaN(holey.Raw().Data[i]) {
						t.Fatalf("cell %d became %v from %v", i, v, holey.Raw().Data[i])
					}
				}
			})
			t.Run("units", func(t *testing.T) {
				if y.Transformed() == c.keepsUnits {
					t.Errorf("Transformed is %v", y.Transformed())
				}
				if same := reflect.DeepEqual(x.Columns(), y.Columns()); same != (c.keepsUnits && !c.otherLevels) {
					t.Errorf("columns %v became %v", x.Columns(), y.Columns())
				}
			})
			t.Run("inverse", func(t *testing.T) {
				inverter, ok := f.(Inverter)
				if !c.inverts {
					return
				}
				if !ok {
					t.Fatal("has no Invert")
				}
				back, err := inverter.Invert(y)
				if err != nil {
					t.Fatal(err)
				}
				if !reflect.DeepEqual(back.Columns(), x.Columns()) || back.Transformed() {
					t.Errorf("columns came back as %v", back.Columns())
				}
				trial.Near(t, x.Raw().Data, back.Raw().Data, 1e-12)
			})
			t.Run("no customers", func(t *testing.T) {
				if _, err := c.options.Fit(x.Head(0)); !errors.Is(err, fault.ErrEmpty) {
					t.Errorf("Fit of an empty table: %v", err)
				}
				if z, err := f.Apply(x.Head(0)); err != nil || z.Len() != 0 || !slices.Equal(z.Names(), y.Names()) {
					t.Errorf("Apply to an empty table: %v", err)
				}
			})
			t.Run("columns that do not fit", func(t *testing.T) {
				column := x.Names()[2]
				if slices.Contains(y.Names(), "orders") && strings.Contains(fmt.Sprint(c.options), "orders") {
					column = "orders"
				}
				var keep []string
				for _, name := range x.Names() {
					if name != column {
						keep = append(keep, name)
					}
				}
				less, _ := x.Select(keep...)
				if _, err := f.Apply(less); !errors.Is(err, fault.ErrMissingColumn) || !strings.Contains(err.Error(), column) {
					t.Errorf("without column %s: %v", column, err)
				}
				dollars := change(x, nil, nil)
				dollars.Raw().Columns[2].Unit = "USD"
				if _, err := f.Apply(dollars); column == "spend" && (!errors.Is(err, fault.ErrSchema) || !strings.Contains(err.Error(), "USD")) {
					t.Errorf("other unit: %v", err)
				}
				infinite := change(x, nil, nil)
				infinite.Raw().Data[4], infinite.Raw().Data[5] = math.Inf(1), math.Inf(-1)
				var cell *fault.CellError
				if _, err := f.Apply(infinite); !errors.Is(err, fault.ErrNotFinite) || !errors.As(err, &cell) || cell.Row != 2 || cell.ID != "C-0001" {
					t.Errorf("infinite cell: %v", err)
				}
				if _, err := c.options.Fit(infinite); !errors.Is(err, fault.ErrNotFinite) {
					t.Errorf("infinite cell when fitting: %v", err)
				}
			})
		})
	}
}

func TestColumnsOfATransformerAreChecked(t *testing.T) {
	x := someCustomers(20)
	mixed := change(x, nil, nil)
	for i := range x.Len() {
		mixed.Raw().Data[3*i] = float64(i % 2)
	}
	mixed.Raw().Columns[0] = table.Column{Name: "city", Levels: []string{"Leeds", "York"}}
	for _, c := range []struct {
		o    Transformer
		want error
	}{
		{Log1p{Columns: []string{"income"}}, fault.ErrMissingColumn},
		{Standardize{Columns: []string{"city"}}, fault.ErrSchema},
		{Robust{Columns: []string{"city"}}, fault.ErrSchema},
		{Winsor{Columns: []string{"city"}}, fault.ErrSchema},
		{PCA{Columns: []string{"city"}}, fault.ErrSchema},
		{Impute{Columns: []string{"city"}, Fill: FillConstant}, fault.ErrSchema},
		{MinMax{Columns: []string{"city"}}, fault.ErrSchema},
		{YeoJohnson{Columns: []string{"city"}}, fault.ErrSchema},
		{Quantile{Columns: []string{"city"}}, fault.ErrSchema},
		{OneHot{Columns: []string{"spend"}}, fault.ErrSchema},
		{Ordinal{Columns: []string{"city"}}, fault.ErrSchema},
	} {
		if _, err := c.o.Fit(mixed); !errors.Is(err, c.want) || !strings.Contains(err.Error(), `"`) {
			t.Errorf("%#v: %v", c.o, err)
		}
	}
	var option *fault.OptionError
	if _, err := (Log1p{Columns: []string{"spend", "spend"}}).Fit(mixed); !errors.As(err, &option) {
		t.Errorf("a column named twice: %v", err)
	}
	if only, _ := mixed.Select("city"); only != nil {
		if _, err := (Standardize{}).Fit(only); !errors.Is(err, fault.ErrSchema) {
			t.Errorf("no numeric column: %v", err)
		}
	}
	f, err := Standardize{}.Fit(mixed)
	if err != nil {
		t.Fatal(err)
	}
	if y, err := f.Apply(mixed); err != nil || y.At(3, 0) != 1 || !y.Raw().Columns[0].Categorical() {
		t.Errorf("categories must pass through untouched: %v", err)
	}
	if _, err := (fittedScale{Schema: table.Schema{Columns: []table.Column{{Name: "city"}}}, Center: []float64{0}, Scale: []float64{1}}).Apply(mixed); !errors.Is(err, fault.ErrSchema) {
		t.Errorf("a number that became a category: %v", err)
	}
}

func TestOptionsOfTransformersAreChecked(t *testing.T) {
	x := someCustomers(20)
	for _, o := range []Transformer{
		Winsor{Low: .6, High: .5}, Winsor{High: 1.5}, Winsor{High: -1}, Winsor{Low: math.NaN()},
		Impute{Fill: 9}, Impute{Value: 3}, Impute{Fill: FillConstant, Value: math.NaN()},
		Quantile{Points: 1}, Quantile{Points: -1},
		PCA{Components: 4}, PCA{Components: -1}, PCA{Share: 1.2}, PCA{Share: .5, Components: 1},
	} {
		var option *fault.OptionError
		if _, err := o.Fit(x); !errors.As(err, &option) || option.Want == "" {
			t.Errorf("%#v: %v", o, err)
		}
	}
}

func TestColumnsWithoutSpreadAreRefused(t *testing.T) {
	alike := func(values ...float64) *table.Table {
		ids := make([]string, len(values))
		for i := range ids {
			ids[i] = fmt.Sprint(i)
		}
		x, err := table.New(ids, []table.Column{{Name: "visits"}}, values)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	for _, c := range []struct {
		o    Transformer
		x    *table.Table
		says string
	}{
		{Standardize{}, alike(.1, .1, .1), "is 0.1 for every customer"}, // whose mean is not .1 in floating point
		{Standardize{}, alike(5), "leave the column out"},
		{Robust{}, alike(1, 1, 1, 1, 9), "use prep.Standardize"},
		{Standardize{}, alike(math.NaN(), math.NaN()), "no value at all"},
		{Robust{}, alike(math.NaN()), "no value at all"},
		{Winsor{}, alike(math.NaN()), "no value at all"},
		{Winsor{}, alike(append(make([]float64, 199), 9)...), "would be 0 for every customer: the 1 of 200 with another value"},
		{Impute{}, alike(math.NaN()), "FillConstant"},
		{PCA{}, alike(3, 3), "identical"},
		{PCA{}, alike(1, 2, 1e200), "too large"},
		{MinMax{}, alike(3, 3), "no range"},
		{MinMax{}, alike(math.NaN()), "no value at all"},
		{YeoJohnson{}, alike(.1, .1), "is 0.1 for every customer"},
		{YeoJohnson{}, alike(math.NaN()), "no value at all"},
		{YeoJohnson{}, alike(1e9, 1e9+1, 1e9+2, 1e9+9), "use prep.Quantile"},
		{Quantile{}, alike(7, 7, math.NaN()), "is 7 for every customer"},
		{Quantile{}, alike(math.NaN()), "no value at all"},
	} {
		if _, err := c.o.Fit(c.x); !errors.Is(err, fault.ErrUndefined) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%T of %v: %v", c.o, c.x.Raw().Data, err)
		}
	}
}

// What weights do stands in every transform's documentation: nothing, or what a transform learns is weighted. Then it is something else
// with weights, and the same with all weights doubled.
func TestWhatSamplingWeightsDo(t *testing.T) {
	for _, c := range []struct {
		o        Transformer
		weighted bool
	}{
		{Log1p{}, false}, {MinMax{}, false}, {OneHot{}, false}, {Ordinal{Columns: []string{"orders"}}, false}, {Snap{}, false}, {Impute{}, true},
		{PCA{}, true}, {Quantile{}, true}, {Standardize{}, true}, {Robust{}, true}, {Winsor{}, true}, {YeoJohnson{}, true},
	} {
		fitted := func(scale float64) string {
			weighted := someCustomers(300)
			if _, whole := c.o.(PCA); !whole {
				weighted = withHoles(weighted)
			}
			switch c.o.(type) {
			case Ordinal, OneHot:
				weighted = someAnswers(300)
			}
			for i := range weighted.Len() {
				weighted.Raw().Weights = append(weighted.Raw().Weights, max(1, scale*float64(1+i%7)))
			}
			weighted.Raw().Weighting = table.SamplingWeights
			f, err := c.o.Fit(weighted)
			if err != nil {
				t.Fatal(err)
			}
			return fmt.Sprintf("%.9g", f)
		}
		if none, some, twice := fitted(0), fitted(1), fitted(2); (none != some) != c.weighted || some != twice {
			t.Errorf("%T learns %s; with weights %s, with twice the weights %s", c.o, none, some, twice)
		}
	}
}

// repeat returns x with weights 1, 2, 3, 1, … and the table in which the rows stand that often.
func repeat(x *table.Table) (weighted, repeated *table.Table) {
	weighted = change(x, nil, nil)
	weighted.Raw().Weighting = table.FrequencyWeights
	var rows []int
	for i := range x.Len() {
		weighted.Raw().Weights = append(weighted.Raw().Weights, float64(1+i%3))
		for range 1 + i%3 {
			rows = append(rows, i)
		}
	}
	return weighted, x.Rows(rows)
}

func TestScalesOfATinySample(t *testing.T) {
	x, err := table.New([]string{"a", "b", "c", "d"}, []table.Column{{Name: "v"}}, []float64{1, 2, 3, 6})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		o             Transformer
		center, scale float64
	}{
		{Standardize{}, 3, math.Sqrt(14.0 / 4)},
		{Robust{}, 2.5, (3.75 - 1.75) / 1.349}, // quartiles as R's quantile(c(1,2,3,6)) gives them
	} {
		f, err := c.o.Fit(x)
		if err != nil {
			t.Fatal(err)
		}
		s := f.(fittedScale)
		trial.Near(t, []float64{c.center, c.scale}, []float64{s.Center[0], s.Scale[0]}, 1e-15)
	}
	huge, _ := table.New([]string{"a", "b"}, []table.Column{{Name: "v"}}, []float64{3e200, 5e200})
	if _, err := (Standardize{}).Fit(huge); !errors.Is(err, fault.ErrUndefined) || !strings.Contains(err.Error(), "too large") {
		t.Errorf("squares that overflow: %v", err)
	}
}

func TestWinsorAndImputeTellWhatTheyDid(t *testing.T) {
	ids, data := []string(nil), []float64(nil)
	for i := range 101 {
		ids, data = append(ids, fmt.Sprint(i)), append(data, float64(i))
	}
	x, err := table.New(ids, []table.Column{{Name: "v"}}, data)
	if err != nil {
		t.Fatal(err)
	}
	f, err := Winsor{}.Fit(x)
	if err != nil {
		t.Fatal(err)
	}
	if w := f.(fittedWinsor); w.Low[0] != 1 || w.High[0] != 99 || w.Clipped[0] != 2 {
		t.Errorf("quantiles of 0..100: %+v", w)
	}
	y, err := f.Apply(x)
	if err != nil || y.At(0, 0) != 1 || y.At(100, 0) != 99 || y.At(50, 0) != 50 {
		t.Errorf("clipped to %v, %v", y, err)
	}
	nan := math.NaN()
	x, err = table.New([]string{"a", "b", "c", "d", "e"}, []table.Column{{Name: "v"}, {Name: "city", Levels: []string{"Leeds", "York"}}},
		[]float64{2, 1, 2, nan, nan, 0, 9, 1, 3, nan})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		o    Impute
		want []float64
	}{
		{Impute{}, []float64{2.5, 1}},
		{Impute{Fill: FillMode}, []float64{2, 1}},
		{Impute{Fill: FillConstant}, []float64{0}},
	} {
		f, err := c.o.Fit(x)
		if err != nil {
			t.Fatal(err)
		}
		if got := f.(fittedImpute); !slices.Equal(got.Values, c.want) || got.Missing[0] != 1 {
			t.Errorf("%+v fills in %v for %v missing, want %v", c.o, got.Values, got.Missing, c.want)
		}
	}
}

func TestFillIsWrittenAsItsName(t *testing.T) {
	for f := FillMedian; f <= FillConstant; f++ {
		data, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		var back Fill
		if err := json.Unmarshal(data, &back); err != nil || back != f {
			t.Errorf("%s came back as %v, %v", data, back, err)
		}
	}
	var f Fill
	if err := json.Unmarshal([]byte(`"guess"`), &f); !errors.Is(err, fault.ErrFormat) {
		t.Errorf("unknown name: %v", err)
	}
}

func TestBandsBeginWithTheirCuts(t *testing.T) {
	x := trial.Table(t, []string{"a", "b", "c", "d", "e", "f"}, []table.Column{{Name: "age", Unit: "years", Role: table.Descriptor}}, []float64{17, 18, 29, 30, 31, math.NaN()})
	y, err := Apply(x, Bands{Columns: []string{"age"}, Cuts: []float64{18, 30, 31, 65}})
	if err != nil {
		t.Fatal(err)
	}
	c := y.Columns()[0]
	if want := []string{"under 18", "18 to 29", "30", "31 to 64", "65 and over"}; !slices.Equal(c.Levels, want) || !c.Ordered || c.Unit != "" || c.Role != table.Descriptor {
		t.Errorf("%+v", c)
	}
	if got := y.Raw().Data; !slices.Equal(got[:5], []float64{0, 1, 1, 2, 3}) || !math.IsNaN(got[5]) {
		t.Errorf("%v", got)
	}
	for _, o := range []Bands{{Cuts: []float64{1}}, {Columns: []string{"age"}}, {Columns: []string{"age"}, Cuts: []float64{30, 18}}, {Columns: []string{"age"}, Cuts: []float64{math.NaN()}}} {
		if _, err := o.Fit(x); !errors.Is(err, fault.ErrOption) {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

// An id read as text is a category with a level for each customer: it is refused by name, and pooled in one step.
func TestACategoryOfTenThousandLevels(t *testing.T) {
	var ids, levels []string
	var data []float64
	for i := range 10_000 {
		ids, levels, data = append(ids, fmt.Sprint(i)), append(levels, fmt.Sprint("street ", i)), append(data, float64(i))
	}
	x := trial.Table(t, ids, []table.Column{{Name: "street", Levels: levels}}, data)
	x.Raw().Source = "customers.csv"
	_, err := OneHot{}.Fit(x)
	if !errors.Is(err, fault.ErrSchema) || err.Error() != `segkit: prep.OneHot: customers.csv, column "street": has 10,000 levels, each of which would become a column: pool the rare ones with prep.Pool first, or leave the column out` {
		t.Error(err)
	}
	y, err := Apply(x, Pool{}, OneHot{})
	if err != nil || !slices.Equal(y.Names(), []string{"street=other"}) {
		t.Errorf("%v, %v", y, err)
	}
}

// Two in a hundred live in Ulm and one in Bonn; "other" is a level already, and is not told from the pooled ones.
func TestRareLevelsArePooled(t *testing.T) {
	var ids []string
	var data []float64
	for i := range 100 {
		ids, data = append(ids, fmt.Sprint(i)), append(data, min(float64(i), 4))
	}
	x := trial.Table(t, ids, []table.Column{{Name: "city", Levels: []string{"Bonn", "other", "Ulm", "Trier", "Köln"}, Labels: []string{"", "", "", "", "Cologne"}}}, data)
	x.Raw().Data[3] = 2
	y, err := Apply(x, Pool{})
	if err != nil {
		t.Fatal(err)
	}
	if c := y.Columns()[0]; !slices.Equal(c.Levels, []string{"Ulm", "Köln", "other"}) || !slices.Equal(c.Labels, []string{"", "Cologne", ""}) {
		t.Errorf("%+v", c)
	}
	if got := y.Raw().Data[:5]; !slices.Equal(got, []float64{2, 2, 0, 0, 1}) {
		t.Errorf("%v", got)
	}
	if _, err := Apply(x, Pool{Share: 1}); !errors.Is(err, fault.ErrOption) {
		t.Error(err)
	}
}
