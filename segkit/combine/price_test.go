package combine_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/combine"
	"github.com/segkit/lab/segkit/compare"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/table"
)

// shop is customers of three latent kinds, whom each source shows dimly: two columns each, kinds apart by so many standard deviations. What they
// spend afterwards follows the kind.
func shop(n int, apart ...float64) (views combine.Views, truth table.Labels, next *table.Table) {
	random := rand.New(rand.NewPCG(5, 6))
	var ids []string
	data := make([][]float64, len(apart))
	var spend []float64
	for i := range n {
		kind := i % 3
		ids, truth = append(ids, fmt.Sprintf("c%04d", i)), append(truth, kind)
		for s, d := range apart {
			angle := float64(kind) * 2 * math.Pi / 3
			data[s] = append(data[s], d*math.Cos(angle)+random.NormFloat64(), d*math.Sin(angle)+random.NormFloat64())
		}
		spend = append(spend, 10*float64(kind)+8*random.NormFloat64())
	}
	for s := range apart {
		columns := []table.Column{{Name: fmt.Sprint("x", s)}, {Name: fmt.Sprint("y", s)}}
		t := trial.Sure(table.New(ids, columns, data[s]))
		model := trial.Sure(segkit.Recipe{Prep: []prep.Transformer{prep.Standardize{}}, Method: cluster.KMeans{K: 3, Seed: 1}}.Fit(t))
		views = append(views, combine.View{Name: fmt.Sprint("source ", s+1), Segments: trial.Sure(model.Score(t)), Table: t})
	}
	return views, truth, trial.Sure(table.New(ids, []table.Column{{Name: "spend", Unit: "EUR", Role: table.Outcome}}, spend))
}

// Three sources that show the same kinds dimly show them better together: the consensus is nearer to the truth than each of them, comes back better,
// and says more of what customers spend afterwards.
func TestConsensusOfDimViewsIsNearerToTheTruth(t *testing.T) {
	views, truth, next := shop(900, 1.6, 1.6, 1.6)
	c := trial.Sure(combine.Consensus(views, combine.Limits{K: 3}))
	together := trial.Sure(compare.AdjustedRand(c.Segments.Labels, truth))
	for _, view := range views {
		if alone := trial.Sure(compare.AdjustedRand(view.Segments.Labels, truth)); together < alone+.1 {
			t.Errorf("together %.2f, %s alone %.2f", together, view.Name, alone)
		}
	}
	p := trial.Sure(combine.Price(views, combine.PriceOptions{Pairs: 10, Next: next, Metric: "spend"}, c))
	last := p.Rows[3]
	if last.Segments != 3 || last.Gain == nil || last.Gain.Low <= 0 {
		t.Errorf("%+v, gain %+v", last, last.Gain)
	}
	if s := p.Sheet(); !strings.Contains(s.Caption, "it explains more of spend than any single view") {
		t.Errorf("caption %q", s.Caption)
	}
}

// A source that knows nothing costs stability and number, and brings nothing.
func TestASourceOfNoiseIsAPriceWithoutAGain(t *testing.T) {
	views, _, next := shop(600, 3, 0)
	c := trial.Sure(combine.Cross(views))
	p := trial.Sure(combine.Price(views, combine.PriceOptions{Pairs: 8, Next: next, Metric: "spend"}, c))
	good, noise, crossed := p.Rows[0], p.Rows[1], p.Rows[2]
	if crossed.Segments != 9 || crossed.Mean > good.Mean-.1 || noise.Mean > .8 || crossed.Gain.Low > 0 {
		t.Errorf("%+v\n%+v\n%+v %+v", good, noise, crossed, crossed.Gain)
	}
	if good.Kept[0] != 1 || good.Kept[1] > .05 || math.Abs(crossed.Kept[0]-1) > 1e-12 {
		t.Errorf("kept %v, %v", good.Kept, crossed.Kept)
	}
	if s := p.Sheet(); !strings.Contains(s.Caption, "is not shown") && !strings.Contains(s.Caption, "explains less") {
		t.Errorf("caption %q", s.Caption)
	}
}

func TestPriceIsTheSameAtAnyNumberOfCores(t *testing.T) {
	views, _, _ := shop(120, 2, 2)
	c := trial.Sure(combine.Cross(views))
	var one, eight *combine.Prices
	trial.WithProcs(1, func() { one = trial.Sure(combine.Price(views, combine.PriceOptions{Pairs: 4, Seed: 7}, c)) })
	trial.WithProcs(8, func() { eight = trial.Sure(combine.Price(views, combine.PriceOptions{Pairs: 4, Seed: 7}, c)) })
	if fmt.Sprintf("%+v", one) != fmt.Sprintf("%+v", eight) {
		t.Errorf("%+v\n%+v", one, eight)
	}
	for i := range views {
		if !slices.Equal(views[i].Table.IDs(), views[0].Table.IDs()) || views[i].Table.IDs()[0] != "c0000" {
			t.Error("drawing changed the table")
		}
	}
}

// Rules are the same for whoever is drawn.
func TestViewsWithoutAModelAreHeldFixed(t *testing.T) {
	views, _, _ := shop(120, 2, 2)
	for v := range views {
		views[v].Table = nil
	}
	c, d := trial.Sure(combine.Cross(views)), trial.Sure(combine.Consensus(views, combine.Limits{K: 3}))
	p := trial.Sure(combine.Price(views, combine.PriceOptions{Pairs: 2}, c, d))
	for _, row := range p.Rows {
		if row.Mean != 1 || row.Recovered != 1 {
			t.Errorf("%+v", row)
		}
	}
	if !reflect.DeepEqual(p.Fixed, []string{"source 1", "source 2"}) || !strings.Contains(strings.Join(p.Sheet().Notes, " "), "Held fixed") {
		t.Errorf("fixed %v", p.Fixed)
	}
}

// Of a view with four kinds of customers, one of them rare, not every sample has all four: it is divided into those it has, and the price is paid.
func TestARareKindIsNotAlwaysDrawn(t *testing.T) {
	views, _, _ := shop(120, 3)
	data := make([]float64, 240)
	for i := range 120 {
		data[2*i], data[2*i+1] = float64(i%2), float64((i+1)%2*(i/2%2))
	}
	data[2], data[3] = 1, 1
	x := trial.Sure(table.New(views[0].Table.IDs(), []table.Column{{Name: "newsletter"}, {Name: "card"}}, data))
	model := trial.Sure(segkit.Recipe{Method: cluster.KMeans{K: 4, Seed: 1}}.Fit(x))
	views = append(views, combine.View{Name: "answers", Segments: trial.Sure(model.Score(x)), Table: x})
	p := trial.Sure(combine.Price(views, combine.PriceOptions{Pairs: 10}, trial.Sure(combine.Cross(views))))
	if row := p.Rows[1]; row.Segments != 4 || row.Mean < .9 || row.Recovered > .9 {
		t.Errorf("%+v", row)
	}
}

func TestPriceRefuses(t *testing.T) {
	views, _, next := shop(60, 2, 2)
	c := trial.Sure(combine.Cross(views))
	turned := slices.Clone(views)
	slices.Reverse(turned)
	if _, err := combine.Price(turned, combine.PriceOptions{}, c); !errors.Is(err, fault.ErrSchema) {
		t.Error(err)
	}
	if _, err := combine.Price(views, combine.PriceOptions{}, nil); !errors.Is(err, fault.ErrNil) {
		t.Error(err)
	}
	if _, err := combine.Price(views, combine.PriceOptions{Pairs: -1}, c); !errors.Is(err, fault.ErrOption) {
		t.Error(err)
	}
	if _, err := combine.Price(views, combine.PriceOptions{Next: next, Metric: "spent", Pairs: 1}, c); !errors.Is(err, fault.ErrMissingColumn) {
		t.Error(err)
	}
	short := slices.Clone(views)
	short[1].Table = short[1].Table.Head(10)
	if _, err := combine.Price(short, combine.PriceOptions{Pairs: 1}, c); !errors.Is(err, fault.ErrUnmatched) || !strings.Contains(err.Error(), "(id c0010): has a segment but is not in View.Table") {
		t.Error(err)
	}
	stuck := *views[0].Segments
	stuck.Model = trial.Sure(segkit.Recipe{Method: cluster.Hierarchical{K: 3}}.Fit(views[0].Table))
	views[0].Segments = &stuck
	if _, err := combine.Price(views, combine.PriceOptions{Pairs: 1}, c); !errors.Is(err, fault.ErrNoPredict) || !strings.Contains(err.Error(), "leave View.Table nil") {
		t.Error(err)
	}
}
