package rulebook

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/table"
)

// carvable makes two large groups, one of three customers (who cluster apart), and five staff far from all of them.
func carvable(t *testing.T) *table.Table {
	t.Helper()
	random := rand.New(rand.NewPCG(3, 4))
	var ids []string
	var data []float64
	add := func(n int, orders, basket, staff float64) {
		for range n {
			spend := 10 + random.Float64()
			ids = append(ids, fmt.Sprint("c", len(ids)))
			data = append(data, orders+random.NormFloat64(), basket+random.NormFloat64(), spend, staff)
		}
	}
	add(120, 0, 0, 0)
	add(80, 20, 0, 0)
	add(3, 12, 30, 0)
	add(5, 400, 400, 1)
	table, err := table.New(ids, []table.Column{{Name: "orders"}, {Name: "basket"}, {Name: "spend", Unit: "EUR", Role: table.Value},
		{Name: "staff", Levels: []string{"no", "yes"}, Role: table.Descriptor}}, data)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

var (
	staffRule   = &Book{Rules: []Rule{{Name: "Staff", When: `staff == "yes"`}, {Name: "Nobody", When: "orders > 1000"}}}
	carveRecipe = segkit.Recipe{Columns: []string{"orders", "basket"}, Prep: []prep.Transformer{prep.Standardize{}}, Method: cluster.KMeans{K: 3}}
)

func TestCarveTakesRulesFirstAndDissolvesSmallClusters(t *testing.T) {
	raw := carvable(t)
	whole, err := Carve(raw, staffRule, carveRecipe, CarveOptions{MinShare: -1})
	if err != nil {
		t.Fatal(err)
	}
	if got := whole.Segments.Counts(); !slices.Equal(got, []int{5, 0, 120, 80, 3}) || whole.TooSmall != nil {
		t.Fatalf("sizes %v, dissolved %v", got, whole.TooSmall)
	}
	// 2 % of 208 customers are five: the cluster of three goes, each customer to the nearest centre that is left.
	c, err := Carve(raw, staffRule, carveRecipe)
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Segments.Counts(); !slices.Equal(got, []int{5, 0, 120, 83}) || c.Least != 5 {
		t.Errorf("sizes %v, at least %d", got, c.Least)
	}
	if len(c.TooSmall) != 1 || c.TooSmall[0].Customers != 3 || !slices.Equal(c.TooSmall[0].Into, []int{0, 3}) {
		t.Errorf("dissolved %+v", c.TooSmall)
	}
	for i, was := range whole.Segments.Labels {
		if was < 4 && c.Segments.Labels[i] != was {
			t.Errorf("customer %d of no small cluster went from %d to %d", i, was, c.Segments.Labels[i])
		}
	}
	if centers := c.Model.Assigner.(cluster.Nearest).Centers; !slices.EqualFunc(centers, whole.Model.Assigner.(cluster.Nearest).Centers[:2], slices.Equal) {
		t.Error("the other centres moved")
	}
	if !slices.Equal(c.Segments.FormedBy, []string{"staff", "orders", "basket"}) || c.Segments.Model != nil {
		t.Errorf("formed by %q", c.Segments.FormedBy)
	}
	sum, want := 0.0, 0.0
	for _, v := range c.Value {
		sum += v[0]
	}
	spend, _ := raw.Values("spend")
	for _, v := range spend {
		want += v
	}
	if math.Abs(sum-want) > 1e-9*want {
		t.Errorf("value %g of %g", sum, want)
	}
	text := c.Sheet().TextIn(200)
	for _, part := range []string{"5 carved out by rule into 2 segments", "others clustered into 2", "A cluster that would be called ", ", with 3 customers, fewer than the 5 asked for, was dissolved", "3 to ", `"Nobody" has 0 customers`} {
		if !strings.Contains(text, part) {
			t.Errorf("the sheet does not say %q:\n%s", part, text)
		}
	}
	c.TooSmall[0].Name = c.Segments.Names[3]
	if want := fmt.Sprintf("A second cluster that would be called %q, with", c.Segments.Names[3]); !strings.Contains(c.Sheet().TextIn(200), want) {
		t.Errorf("a cluster that dissolves reads like the segment of the same name: no %q in\n%s", want, c.Sheet().TextIn(200))
	}
	if f := c.Frame(); f.Err != nil || f.Nrow() != 4 {
		t.Errorf("frame: %v", f.Err)
	}
}

// The training table gets its training segments, also from the two parts alone, and a part of it gets them too.
func TestCarvedScoresTheTrainingTableAlike(t *testing.T) {
	raw := carvable(t)
	for _, method := range []cluster.Method{cluster.KMeans{K: 3}, cluster.KMedoids{K: 3}, cluster.GaussianMixture{K: 3}} {
		recipe := carveRecipe
		recipe.Method = method
		c, err := Carve(raw, staffRule, recipe)
		if err != nil {
			t.Fatalf("%T: %v", method, err)
		}
		data, err := c.Model.MarshalBinary()
		if err != nil {
			t.Fatalf("%T: %v", method, err)
		}
		var model segkit.Model
		if err := model.UnmarshalBinary(data); err != nil {
			t.Fatalf("%T: %v", method, err)
		}
		again := &Carved{Rules: c.Rules, Model: &model}
		for _, part := range []*table.Table{raw, raw.Rows([]int{207, 3, 150}), raw.Rows([]int{205, 206})} {
			got, err := again.Score(part)
			if err != nil {
				t.Fatalf("%T: %v", method, err)
			}
			want, err := c.Segments.LabelsOf(part)
			if err != nil || !slices.Equal(got.Labels, want) || !slices.Equal(got.Names, c.Segments.Names) {
				t.Errorf("%T: %v, want %v", method, got.Labels, want)
			}
		}
	}
}

func TestCarveNamesApart(t *testing.T) {
	raw := carvable(t)
	plain, err := Carve(raw, staffRule, carveRecipe)
	if err != nil {
		t.Fatal(err)
	}
	name := plain.Model.Names[0]
	book := &Book{Rules: []Rule{{Name: name, When: `staff == "yes"`}, {Name: "Rest", When: "orders > 1000"}}}
	c, err := Carve(raw, book, carveRecipe)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{name, "Rest", name + " 2", plain.Model.Names[1]}; !slices.Equal(c.Segments.Names, want) {
		t.Errorf("names %q, want %q", c.Segments.Names, want)
	}
	if got := c.Segments.Counts(); !slices.Equal(got, []int{5, 0, 120, 83}) {
		t.Errorf("sizes %v", got)
	}
}

func TestCarveErrors(t *testing.T) {
	raw := carvable(t)
	everyone := &Book{Rules: []Rule{{Name: "All", When: "spend > 0"}}}
	if _, err := Carve(raw, everyone, carveRecipe); !errors.Is(err, fault.ErrEmpty) || !strings.Contains(err.Error(), "Book.Assign") {
		t.Errorf("nobody left: %v", err)
	}
	wrong := &Book{Rules: []Rule{{Name: "Staff", When: "staf == 'yes'"}}}
	if _, err := Carve(raw, wrong, carveRecipe); !errors.Is(err, fault.ErrMissingColumn) || !strings.Contains(err.Error(), "Carve") {
		t.Errorf("wrong rule: %v", err)
	}
	var option *fault.OptionError
	if _, err := Carve(raw, staffRule, carveRecipe, CarveOptions{MinShare: 1}); !errors.As(err, &option) {
		t.Errorf("share of 1: %v", err)
	}
	if _, err := Carve(raw, nil, carveRecipe); !errors.As(err, &option) {
		t.Errorf("no rules: %v", err)
	}
	dense := carveRecipe
	dense.Method = cluster.DBSCAN{Eps: .5, MinSamples: 3}
	if _, err := Carve(raw, staffRule, dense); err == nil || !strings.Contains(err.Error(), "negative number") {
		t.Errorf("a method without a next segment: %v", err)
	}
	if _, err := (&Carved{Rules: staffRule}).Score(raw); !errors.Is(err, fault.ErrEmpty) {
		t.Errorf("no model: %v", err)
	}
}
