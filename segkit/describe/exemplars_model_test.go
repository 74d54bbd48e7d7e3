package describe_test

import (
	"math"
	"slices"
	"testing"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/internal/vec"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/table"
)

// The medoid by its definition, in the space that was clustered, and the margins that the model gives.
func TestExemplarsOfAModelAreThoseOfItsSpace(t *testing.T) {
	iris, err := table.ReadCSV("../testdata/iris.csv", "id")
	if err != nil {
		t.Fatal(err)
	}
	recipe := segkit.Recipe{Columns: []string{"sepal_length", "petal_length", "petal_width"}, Prep: []prep.Transformer{prep.Log1p{}, prep.Standardize{}}, Method: cluster.KMeans{K: 3, Seed: 1}}
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
	p, err := describe.Segments(iris, s)
	if err != nil {
		t.Fatal(err)
	}
	at := make(map[string]int)
	for i, id := range iris.Raw().IDs {
		at[id] = i
	}
	for l, g := range p.Segments {
		total := func(id string) (sum float64) {
			for i := range x.Raw().IDs {
				if s.Labels[i] == l {
					sum += math.Sqrt(vec.Square(x.Raw().Row(at[id]), x.Raw().Row(i)))
				}
			}
			return sum
		}
		e := g.Exemplars
		least, most, onBorder := math.Inf(1), 0., 0.
		for i, id := range iris.Raw().IDs {
			if s.Labels[i] == l {
				least, most = min(least, total(id)), max(most, total(id))
				if s.Margin[i] < .1 {
					onBorder++
				}
			}
		}
		trial.Nearly(t, "total of the medoid", total(e.Medoid), least, 1e-12)
		trial.Nearly(t, "total of the most atypical", total(e.Atypical), most, 1e-12)
		trial.Nearly(t, "on the border", e.OnBorder, onBorder/float64(g.Size), 1e-12)
		if len(e.Typical) != 5 || e.Typical[0] != e.Medoid || !slices.Equal(e.Values[:4], iris.Row(at[e.Medoid])[:4]) {
			t.Errorf("segment %d: %+v", l, e)
		}
		for _, b := range e.Border {
			trial.Nearly(t, "margin", b.Margin, s.Margin[at[b.ID]], 1e-6)
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
