package describe

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/table"
)

// Without a model: all features, one unit of each as wide as the middle half of customers, categories a step of one apart.
func TestExemplarsOfRules(t *testing.T) {
	rows := trial.TableOf(t, `id,orders,city,age
a,1,Hull,90
b,2,Hull,20
c,3,Hull,30
d,3,York,31
e,10,York,40
f,11,York,41
g,12,York,42
`, table.CSVOptions{Roles: map[string]table.Role{"age": table.Descriptor}})
	s, err := table.NewSegments(rows.IDs(), table.Labels{0, 0, 0, 0, 1, 1, 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	p, err := Segments(rows, s)
	if err != nil {
		t.Fatal(err)
	}
	few, many := p.Segments[0].Exemplars, p.Segments[1].Exemplars
	if few.Medoid != "b" || few.Atypical != "d" || many.Medoid != "f" || p.Space != "all features, in robust standard deviations" {
		t.Errorf("%+v, %+v, by %s", few, many, p.Space)
	}
	lone, _ := table.NewSegments(rows.IDs(), table.Labels{0, 0, 0, 0, 0, 0, 2}, []string{"most", "nobody", "one"})
	if p, err = Segments(rows, lone); err != nil {
		t.Fatal(err)
	}
	if e := p.Segments[1].Exemplars; e.Medoid != "" || !math.IsNaN(e.OnBorder) || p.Segments[1].Markers != nil || !math.IsNaN(p.Segments[1].Stats[0].Mean) {
		t.Errorf("a segment of nobody: %+v", p.Segments[1])
	}
	if e := p.Segments[2].Exemplars; e.Medoid != "g" || e.Atypical != "" || len(e.Typical) != 1 {
		t.Errorf("a segment of one: %+v", e)
	}
	// a customer at the very centre of another segment is as far over the border as can be
	rows = trial.TableOf(t, "id,orders\na,0\nb,4\nc,8\nd,20\ne,30\nf,4\n")
	if s, err = table.NewSegments(rows.IDs(), table.Labels{0, 0, 0, 0, 0, 1}, nil); err != nil {
		t.Fatal(err)
	}
	if p, err = Segments(rows, s); err != nil {
		t.Fatal(err)
	}
	if b := p.Segments[0].Exemplars.Border[0]; b.ID != "b" || !math.IsInf(b.Margin, -1) {
		t.Errorf("on the border: %+v, want b at -Inf", b)
	}
}

// The order of customers decides neither exemplars nor markers, nor, but for the last bits, effects.
func TestExemplarsAreBlindToTheOrderOfCustomers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows, s := randomProfiled(t)
		order := rapid.Permutation(numberedRows(rows.Len())).Draw(t, "order")
		a, err := Segments(rows, s)
		if err != nil {
			t.Fatal(err)
		}
		b, err := Segments(rows.Rows(order), s)
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
	x, err := table.New(wording.Numbered(5000), []table.Column{{Name: "a"}, {Name: "b"}}, data)
	if err != nil {
		t.Fatal(err)
	}
	s, err := table.NewSegments(x.Raw().IDs, make(table.Labels, 5000), []string{"all"})
	if err != nil {
		t.Fatal(err)
	}
	p, err := Segments(x, s)
	if err != nil {
		t.Fatal(err)
	}
	at := slices.Index(x.Raw().IDs, p.Segments[0].Exemplars.Medoid)
	if distance := math.Hypot(x.At(at, 0), x.At(at, 1)); distance > .2 {
		t.Errorf("the medoid of a normal cloud is %g from its middle", distance)
	}
	if e := p.Effects[0]; !math.IsNaN(e.Value) {
		t.Errorf("an effect of one segment: %+v", e)
	}
}
