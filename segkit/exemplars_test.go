package segkit

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// The medoid by its definition, in the space that was clustered, and the margins that the model gives.
func TestExemplarsOfAModelAreThoseOfItsSpace(t *testing.T) {
	iris, err := ReadCSV("testdata/iris.csv", "id")
	if err != nil {
		t.Fatal(err)
	}
	recipe := Recipe{Columns: []string{"sepal_length", "petal_length", "petal_width"}, Prep: []Transformer{Log1p{}, Standardize{}}, Method: KMeans{K: 3, Seed: 1}}
	model, err := recipe.Fit(iris)
	if err != nil {
		t.Fatal(err)
	}
	s, err := model.Score(iris)
	if err != nil {
		t.Fatal(err)
	}
	x, err := model.Prepare(iris)
	if err != nil {
		t.Fatal(err)
	}
	p, err := Describe(iris, s)
	if err != nil {
		t.Fatal(err)
	}
	at := make(map[string]int)
	for i, id := range iris.ids {
		at[id] = i
	}
	for l, g := range p.Segments {
		total := func(id string) (sum float64) {
			for i := range x.ids {
				if s.Labels[i] == l {
					sum += math.Sqrt(squares(x.row(at[id]), x.row(i)))
				}
			}
			return sum
		}
		e := g.Exemplars
		least, most, onBorder := math.Inf(1), 0., 0.
		for i, id := range iris.ids {
			if s.Labels[i] == l {
				least, most = min(least, total(id)), max(most, total(id))
				if s.Margin[i] < .1 {
					onBorder++
				}
			}
		}
		nearly(t, "total of the medoid", total(e.Medoid), least, 1e-12)
		nearly(t, "total of the most atypical", total(e.Atypical), most, 1e-12)
		nearly(t, "on the border", e.OnBorder, onBorder/float64(g.Size), 1e-12)
		if len(e.Typical) != 5 || e.Typical[0] != e.Medoid || !slices.Equal(e.Values[:4], iris.Row(at[e.Medoid])[:4]) {
			t.Errorf("segment %d: %+v", l, e)
		}
		for _, b := range e.Border {
			nearly(t, "margin", b.Margin, s.Margin[at[b.ID]], 1e-6)
			if s.Labels[at[b.ID]] != l || b.Second == l {
				t.Errorf("segment %d: border %+v", l, b)
			}
		}
	}
	if p.Space != "the columns that formed the segments, as they were prepared" {
		t.Error(p.Space)
	}
	for j, e := range p.Effects {
		formed := slices.Contains(recipe.Columns, p.Columns[j].Name)
		if e.Circular != formed || math.IsNaN(e.P) != formed || math.IsNaN(e.Adjusted) != formed {
			t.Errorf("%s: %+v", p.Columns[j].Name, e)
		}
	}
}

// Without a model: all features, one unit of each as wide as the middle half of customers, categories a step of one apart.
func TestExemplarsOfRules(t *testing.T) {
	table := tableOf(t, `id,orders,city,age
a,1,Hull,90
b,2,Hull,20
c,3,Hull,30
d,3,York,31
e,10,York,40
f,11,York,41
g,12,York,42
`, CSVOptions{Roles: map[string]Role{"age": Descriptor}})
	s, err := NewSegments(table.IDs(), Labels{0, 0, 0, 0, 1, 1, 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	p, err := Describe(table, s)
	if err != nil {
		t.Fatal(err)
	}
	few, many := p.Segments[0].Exemplars, p.Segments[1].Exemplars
	if few.Medoid != "b" || few.Atypical != "d" || many.Medoid != "f" || p.Space != "all features, in robust standard deviations" {
		t.Errorf("%+v, %+v, by %s", few, many, p.Space)
	}
	lone, _ := NewSegments(table.IDs(), Labels{0, 0, 0, 0, 0, 0, 2}, []string{"most", "nobody", "one"})
	if p, err = Describe(table, lone); err != nil {
		t.Fatal(err)
	}
	if e := p.Segments[1].Exemplars; e.Medoid != "" || !math.IsNaN(e.OnBorder) || p.Segments[1].Markers != nil || !math.IsNaN(p.Segments[1].Stats[0].Mean) {
		t.Errorf("a segment of nobody: %+v", p.Segments[1])
	}
	if e := p.Segments[2].Exemplars; e.Medoid != "g" || e.Atypical != "" || len(e.Typical) != 1 {
		t.Errorf("a segment of one: %+v", e)
	}
}

// The order of customers decides neither exemplars nor markers, nor, but for the last bits, effects.
func TestExemplarsAreBlindToTheOrderOfCustomers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, s := randomProfiled(t)
		order := rapid.Permutation(numberedRows(table.Len())).Draw(t, "order")
		a, err := Describe(table, s)
		if err != nil {
			t.Fatal(err)
		}
		b, err := Describe(table.pick(order), s)
		if err != nil {
			t.Fatal(err)
		}
		for g, x := range a.Segments {
			y := b.Segments[g]
			if got, want := fmt.Sprintf("%v %+v", y.Exemplars, y.Markers), fmt.Sprintf("%v %+v", x.Exemplars, x.Markers); got != want {
				t.Fatalf("%s, want %s", got, want)
			}
		}
		for j, x := range a.Effects {
			y := b.Effects[j]
			for _, pair := range [][2]float64{{x.Value, y.Value}, {x.Low, y.Low}, {x.High, y.High}, {x.Adjusted, y.Adjusted}} {
				if math.Abs(pair[0]-pair[1]) > 1e-6 || math.IsNaN(pair[0]) != math.IsNaN(pair[1]) {
					t.Fatalf("%+v and %+v", x, y)
				}
			}
		}
	})
}

// Of many members, the medoid is sought among all by their distances to a thousand: about the best.
func TestExemplarsOfALargeSegment(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var data []float64
	for range 10_000 {
		data = append(data, r.NormFloat64())
	}
	x, err := NewTable(numbered(5000), []Column{{Name: "a"}, {Name: "b"}}, data)
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSegments(x.ids, make(Labels, 5000), []string{"all"})
	if err != nil {
		t.Fatal(err)
	}
	p, err := Describe(x, s)
	if err != nil {
		t.Fatal(err)
	}
	at := slices.Index(x.ids, p.Segments[0].Exemplars.Medoid)
	if distance := math.Hypot(x.At(at, 0), x.At(at, 1)); distance > .2 {
		t.Errorf("the medoid of a normal cloud is %g from its middle", distance)
	}
	if e := p.Effects[0]; !math.IsNaN(e.Value) {
		t.Errorf("an effect of one segment: %+v", e)
	}
}
