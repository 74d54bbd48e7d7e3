package chart

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/table"
)

// plane makes n customers with three columns in a plane: a and b unrelated, c against a.
func plane(t testing.TB, n int) *table.Table {
	r := rand.New(rand.NewPCG(11, 12))
	a, b, c := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range a {
		a[i], b[i] = 3*r.NormFloat64(), r.NormFloat64()
		c[i] = -2 * a[i]
	}
	return columnsOf(t, a, b, c)
}

func TestBiplotTitleSaysWhatRunsAlongTheAxes(t *testing.T) {
	titled(t, "Two axes show 100 % of the variance: the first is a against c; the second is b")(Biplot(plane(t, 200), nil))
	up, down := []float64{1, 2, 3, 4, 5}, []float64{5, 4, 3, 2, 1}
	f, err := Biplot(columnsOf(t, up, down, []float64{7, 7, 7, 7, 7}), nil)
	titled(t, "Two axes show 100 % of the variance: the first is a against b")(f, err)
	if !strings.Contains(f.Note, "Hardly on these axes: c.") {
		t.Errorf("note %q: c is the same for all", f.Note)
	}
}

// In a plane, a customer's value is the inner product of point and arrow (Gabriel 1971).
func TestPointsAndArrowsGiveTheValuesBack(t *testing.T) {
	x := plane(t, 50)
	c, err := principal("Biplot", x)
	if err != nil {
		t.Fatal(err)
	}
	for j, name := range x.Names() {
		values, _ := x.Values(name)
		var sum, squares float64
		for _, v := range values {
			sum += v
		}
		mean := sum / float64(len(values))
		for _, v := range values {
			squares += (v - mean) * (v - mean)
		}
		sd := math.Sqrt(squares / float64(len(values)))
		for i, v := range values {
			if got := c.points[i].X*c.loadings[0][j] + c.points[i].Y*c.loadings[1][j]; math.Abs(got-(v-mean)/sd) > 1e-9 {
				t.Fatalf("customer %d, column %s: %v, want %v", i, name, got, (v-mean)/sd)
			}
		}
	}
}

func TestPrincipalAxesCountWeights(t *testing.T) {
	x := plane(t, 30)
	weights := make([]float64, 30)
	var ids []string
	var data []float64
	for i := range weights {
		weights[i] = float64(1 + i%3)
		for r := range 1 + i%3 {
			ids, data = append(ids, fmt.Sprint(i, "-", r)), append(data, x.Row(i)...)
		}
	}
	weighted, err := x.WithWeights(weights)
	if err != nil {
		t.Fatal(err)
	}
	repeated, err := table.New(ids, x.Columns(), data)
	if err != nil {
		t.Fatal(err)
	}
	a, err := principal("Biplot", weighted)
	if err != nil {
		t.Fatal(err)
	}
	b, err := principal("Biplot", repeated)
	if err != nil {
		t.Fatal(err)
	}
	for axis := range 2 {
		if math.Abs(a.share[axis]-b.share[axis]) > 1e-9 {
			t.Errorf("axis %d holds %v of weighted rows, %v of repeated ones", axis+1, a.share[axis], b.share[axis])
		}
		for j := range a.loadings[axis] {
			if math.Abs(a.loadings[axis][j]-b.loadings[axis][j]) > 1e-9 {
				t.Errorf("axis %d: %v weighted, %v repeated", axis+1, a.loadings[axis], b.loadings[axis])
			}
		}
	}
}

func TestNamesOfArrowsLieOnNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := newPlot("", "")
		p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = -1, 1, -1, 1
		c := draw.Canvas{Rectangle: vg.Rectangle{Max: vg.Point{X: 400, Y: 300}}}
		tx, ty := p.Transforms(&c)
		at := rapid.Float64Range(-0.7, 0.7)
		var as arrows
		var tips []vg.Point
		for i := range rapid.IntRange(1, mostArrows).Draw(t, "arrows") {
			a := arrow{at.Draw(t, "x"), at.Draw(t, "y"), strings.Repeat("name ", 1+i%4)}
			as.tips, tips = append(as.tips, a), append(tips, vg.Point{X: tx(a.x), Y: ty(a.y)})
		}
		for range rapid.IntRange(0, 6).Draw(t, "discs") {
			as.around = append(as.around, disc{at.Draw(t, "x"), at.Draw(t, "y"), "1"})
		}
		_, discs := as.around.places(c, p)
		taken := []vg.Rectangle{}
		for _, d := range discs {
			taken = append(taken, around(d, discRadius, discRadius))
		}
		for i, r := range as.places(c, p, vg.Point{X: tx(0), Y: ty(0)}, tips) {
			if r.Min.X < 0 || r.Min.Y < 0 || r.Max.X > 400 || r.Max.Y > 300 || r.Max.X <= r.Min.X {
				t.Fatalf("name %d lies at %v on a page of 400 x 300", i, r)
			}
			for _, o := range taken {
				if r.Min.X < o.Max.X && o.Min.X < r.Max.X && r.Min.Y < o.Max.Y && o.Min.Y < r.Max.Y {
					t.Fatalf("name %d at %v lies on %v", i, r, o)
				}
			}
			taken = append(taken, r)
		}
	})
}

func TestBiplotOfTwentyColumnsAndMore(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const n, d = 100, 25
	columns := make([][]float64, d)
	for j := range columns {
		columns[j] = make([]float64, n)
	}
	for i := range n {
		a, b := r.NormFloat64(), r.NormFloat64()
		for j := range columns {
			columns[j][i] = a*math.Cos(float64(j)) + b*math.Sin(float64(j)) + 0.3*r.NormFloat64()
		}
	}
	f, err := Biplot(columnsOf(t, columns...), nil)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(f.Note, "Shorter arrows not drawn: ") {
		t.Errorf("note %q: there are 25 columns", f.Note)
	}
	svg, err := f.SVG()
	if err != nil {
		t.Fatal(err)
	}
	names := 0
	for _, b := range texts(svg) {
		if len(b.text) == 1 && b.text >= "a" && b.text <= "y" {
			names++
		}
	}
	if names != mostArrows {
		t.Errorf("%d names are drawn, want %d", names, mostArrows)
	}
}

func TestBiplotOfBadInput(t *testing.T) {
	one := columnsOf(t, []float64{1, 2, 3})
	if _, err := Biplot(one, nil); !errors.Is(err, fault.ErrSchema) || !strings.Contains(err.Error(), "chart.Biplot") {
		t.Errorf("one column gives error %v", err)
	}
	alike := columnsOf(t, []float64{1, 1}, []float64{2, 2})
	if _, err := Biplot(alike, nil); !errors.Is(err, fault.ErrUndefined) {
		t.Errorf("customers all alike give error %v", err)
	}
	nan := math.NaN()
	if _, err := Biplot(columnsOf(t, []float64{1, nan}, []float64{nan, 2}), nil); !errors.Is(err, fault.ErrEmpty) {
		t.Errorf("no complete customer gives error %v", err)
	}
	strangers, _ := table.NewSegments([]string{"x"}, table.Labels{0}, nil)
	if _, err := Biplot(plane(t, 5), strangers); !errors.Is(err, fault.ErrUnmatched) {
		t.Errorf("customers without a segment give error %v", err)
	}
}
