package predict_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/predict"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/table"
)

// every predictor there is; contracts hold for all.
func predictors() map[string]predict.Predictor {
	return map[string]predict.Predictor{
		"largest": predict.LargestSegment{}, "guess": predict.StratifiedGuess{Seed: 1}, "center": predict.NearestCenter{}, "neighbors": predict.Neighbors{},
		"logistic": predict.Logistic{}, "tree": predict.Tree{}, "forest": predict.Forest{Trees: 20, Seed: 1}, "boosted": predict.Boosted{Rounds: 10, MinLeaf: 5},
		"tuned": predict.Tuned{Try: []predict.Predictor{predict.Logistic{}, predict.Tree{}}, Folds: 3},
	}
}

// customers of three segments, with a number, a category that goes with it, a yes or no, noise, and missing cells.
func mixed(n int, random uint64) (*table.Table, *table.Segments) {
	r := rand.New(rand.NewPCG(random, 7))
	columns := []table.Column{{Name: "spend", Unit: "EUR"}, {Name: "city", Levels: []string{"Bath", "Hull", "Leeds", "York"}},
		{Name: "member", Levels: []string{"no", "yes"}}, {Name: "noise"}}
	var ids []string
	var data []float64
	labels := make(table.Labels, n)
	for i := range n {
		l := r.IntN(3)
		ids, labels[i] = append(ids, fmt.Sprintf("c%04d", i)), l
		row := []float64{float64(20*l) + 12*r.NormFloat64(), float64((l + r.IntN(2)) % 4), float64(min(1, r.IntN(2+l))), r.NormFloat64()}
		for j := range row {
			if r.IntN(12) == 0 {
				row[j] = math.NaN()
			}
		}
		data = append(data, row...)
	}
	t, err := table.New(ids, columns, data)
	if err != nil {
		panic(err)
	}
	s, err := table.NewSegments(ids, labels, []string{"small", "middle", "large"})
	if err != nil {
		panic(err)
	}
	return t, s
}

func fit(t testing.TB, x *table.Table, s *table.Segments, p predict.Predictor, known ...predict.Known) *predict.Classifier {
	t.Helper()
	c, err := predict.Fit(x, s, p, known...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func probabilities(t testing.TB, c *predict.Classifier, x *table.Table) *predict.Predictions {
	t.Helper()
	p, err := c.Predict(x)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestEveryPredictorKeepsTheContract(t *testing.T) {
	x, s := mixed(300, 1)
	fresh, _ := mixed(100, 2)
	for name, p := range predictors() {
		t.Run(name, func(t *testing.T) {
			before := x.Fingerprint()
			c := fit(t, x, s, p)
			got := probabilities(t, c, fresh)
			if x.Fingerprint() != before {
				t.Error("the table was changed")
			}
			for i, row := range got.Probability {
				sum := 0.0
				for _, v := range row {
					if !(v >= 0 && v <= 1) {
						t.Fatalf("customer %d has a probability of %v", i, v)
					}
					sum += v
				}
				if math.Abs(sum-1) > 1e-9 {
					t.Fatalf("probabilities of customer %d add up to %v", i, sum)
				}
			}
			// The same bits at any number of processors.
			for _, procs := range []int{1, 3} {
				trial.WithProcs(procs, func() {
					again := probabilities(t, fit(t, x, s, p), fresh)
					if !same(got.Probability, again.Probability) {
						t.Errorf("%d processors give other probabilities", procs)
					}
				})
			}
			// One customer alone gets what they get among others, in any order.
			order := rand.New(rand.NewPCG(3, 3)).Perm(fresh.Len())
			shuffled := probabilities(t, c, fresh.Rows(order))
			for at, i := range order {
				if !slices.Equal(shuffled.Probability[at], got.Probability[i]) || shuffled.Labels[at] != got.Labels[i] {
					t.Fatalf("customer %d differs by the order of rows", i)
				}
			}
			if alone := probabilities(t, c, fresh.Rows([]int{7})); !slices.Equal(alone.Probability[0], got.Probability[7]) {
				t.Error("a customer alone gets other probabilities")
			}
			// Nothing but the baselines ignores the columns; all of these do better on customers not seen.
			held, truth := mixed(300, 2)
			r, err := c.Evaluate(held, truth, predict.Options{Shuffles: -1, Draws: 40})
			if err != nil {
				t.Fatal(err)
			}
			if better := r.Accuracy().OverLargest.Low > 0; better == (name == "largest" || name == "guess") {
				t.Errorf("accuracy %v", r.Accuracy())
			}
		})
	}
}

func same(a, b [][]float64) bool {
	return slices.EqualFunc(a, b, func(x, y []float64) bool { return slices.Equal(x, y) })
}

func TestSavedClassifiersSayTheSame(t *testing.T) {
	x, s := mixed(300, 1)
	fresh, _ := mixed(100, 2)
	for name, p := range predictors() {
		c := fit(t, x, s, p)
		path := filepath.Join(t.TempDir(), "c.json")
		err := c.Save(path)
		if name == "neighbors" {
			if !errors.Is(err, fault.ErrNotPortable) {
				t.Errorf("neighbors were saved: %v", err)
			}
			continue
		}
		if err != nil {
			t.Fatal(name, err)
		}
		back, err := predict.LoadClassifier(path)
		if err != nil {
			t.Fatal(name, err)
		}
		if !same(probabilities(t, c, fresh).Probability, probabilities(t, back, fresh).Probability) {
			t.Errorf("%s says something else after reading", name)
		}
		if back.Sheet().Caption != c.Sheet().Caption {
			t.Errorf("%s: %q, was %q", name, back.Sheet().Caption, c.Sheet().Caption)
		}
	}
}

func TestBrokenFilesAreRefused(t *testing.T) {
	x, s := mixed(300, 1)
	for name, p := range predictors() {
		if name == "neighbors" {
			continue
		}
		data, err := fit(t, x, s, p).MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		r := rand.New(rand.NewPCG(5, 5))
		for range 150 {
			spoilt := slices.Clone(data)
			if r.IntN(2) == 0 {
				spoilt = spoilt[:r.IntN(len(spoilt))]
			} else {
				spoilt[r.IntN(len(spoilt))] = "0-9e\"[]{},:n"[r.IntN(12)]
			}
			c := new(predict.Classifier)
			if c.UnmarshalBinary(spoilt) == nil {
				if _, err := c.Predict(x); err != nil && !strings.HasPrefix(err.Error(), "segkit: ") { // must not panic
					t.Errorf("%s: %v", name, err)
				}
			} else if err := c.UnmarshalBinary(spoilt); !errors.Is(err, fault.ErrFormat) {
				t.Errorf("%s: %v", name, err)
			}
		}
		newer := strings.Replace(string(data), `"version":1`, `"version":9`, 1)
		if err := new(predict.Classifier).UnmarshalBinary([]byte(newer)); err == nil || !strings.Contains(err.Error(), "newer segkit") {
			t.Errorf("a newer file: %v", err)
		}
	}
}

func TestFrequencyWeightsAreRepeatedRows(t *testing.T) {
	x, s := mixed(120, 4)
	weights := make([]float64, x.Len())
	for i := range weights {
		weights[i] = float64(1 + i%3)
	}
	weighted, err := x.WithWeights(weights, table.FrequencyWeights)
	if err != nil {
		t.Fatal(err)
	}
	long, of := weighted.Repeated()
	labels := make(table.Labels, len(of))
	for p, i := range of {
		labels[p] = s.Labels[i]
	}
	repeated, err := table.NewSegments(long.IDs(), labels, s.Names)
	if err != nil {
		t.Fatal(err)
	}
	fresh, _ := mixed(50, 5)
	for name, p := range predictors() {
		a, b := probabilities(t, fit(t, weighted, s, p), fresh), probabilities(t, fit(t, long, repeated, p), fresh)
		if !same(a.Probability, b.Probability) {
			t.Errorf("%s: weights of frequency are no repeated rows", name)
		}
	}
}

func TestLevelsNotSeenCountAsMissing(t *testing.T) {
	x, s := mixed(300, 1)
	fresh, _ := mixed(40, 2)
	cities := fresh.Columns()
	cities[1].Levels = []string{"Bath", "Hull", "Leeds", "Paris"} // York has become Paris
	renamed, err := table.New(fresh.IDs(), cities, fresh.Raw().Data)
	if err != nil {
		t.Fatal(err)
	}
	lost := slices.Clone(fresh.Raw().Data)
	want := 0
	for i := range fresh.Len() {
		if lost[i*4+1] == 3 {
			lost[i*4+1] = math.NaN()
			want++
		}
	}
	missing, err := table.New(fresh.IDs(), fresh.Columns(), lost)
	if err != nil {
		t.Fatal(err)
	}
	for name, p := range predictors() {
		c := fit(t, x, s, p)
		got := probabilities(t, c, renamed)
		if got.UnseenLevels != want || want == 0 {
			t.Errorf("%s counts %d unseen levels, want %d", name, got.UnseenLevels, want)
		}
		if !same(got.Probability, probabilities(t, c, missing).Probability) {
			t.Errorf("%s: a new level is not treated as missing", name)
		}
	}
}

func TestBadInputIsASentence(t *testing.T) {
	x, s := mixed(60, 1)
	ids := x.IDs()
	segments := func(labels table.Labels) *table.Segments {
		out, err := table.NewSegments(ids, labels, []string{"a", "b"})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	one, lone := make(table.Labels, 60), make(table.Labels, 60)
	lone[3] = 1
	c := fit(t, x, s, predict.Tree{})
	fewer, _ := x.Drop("city")
	text := x.Columns()
	text[0] = table.Column{Name: "spend", Levels: []string{"12 EUR", "much"}}
	spoken, err := table.New(ids, text, slices.Concat(slices.Repeat([]float64{1, 0, 0, 0}, 60)))
	if err != nil {
		t.Fatal(err)
	}
	infinite := x.Columns()
	endless, _ := table.New(ids, infinite, slices.Repeat([]float64{math.Inf(1), 0, 0, 0}, 60))
	after := x.Columns()
	after[3].Role = table.Outcome
	outcome, _ := table.New(ids, after, x.Raw().Data)
	dated := x.Columns()
	dated[0].Ancestry = table.Ancestry{Sources: []table.Source{{Name: "the orders", To: "2025-06-30"}}}
	late, _ := table.New(ids, dated, x.Raw().Data)
	try := func(_ any, err error) error { return err }
	day := time.Date(2025, 3, 31, 0, 0, 0, 0, time.UTC)
	for want, err := range map[string]error{
		`all 60 customers are in segment "a"`:         try(predict.Fit(x, segments(one), predict.Forest{})),
		`segment "b" has 1 customer to learn from`:    try(predict.Fit(x, segments(lone), predict.Forest{})),
		`segment "b" has 1 customer, who cannot be`:   try(predict.Stratified(x, segments(lone), .3, 1)),
		`the predictor needs "city"`:                  try(c.Predict(fewer)),
		`column "spend": holds text here ("12 EUR")`:  try(c.Predict(spoken)),
		`column "spend", row 1 (id c0000): "+Inf" is`: try(c.Predict(endless)),
		`column "noise": is an outcome`:               try(predict.Fit(outcome, s, predict.Tree{}, predict.Known{Columns: []string{"noise"}})),
		`column "spend": looks past the as-of date, 2025-03-31: it was made from the orders up to 2025-06-30`: try(predict.Fit(late, s, predict.Tree{}, predict.Known{AsOf: day})),
		`predict.Random.share = 1.2`:          try(predict.Random(x, 1.2, 1)),
		`Neighbors.K = 99, want 1 to 60`:      try(predict.Fit(x, s, predict.Neighbors{K: 99})),
		`Logistic.Ridge = -1`:                 try(predict.Fit(x, s, predict.Logistic{Ridge: -1})),
		`Tuned.Try[0] = <nil>`:                try(predict.Fit(x, s, predict.Tuned{Try: []predict.Predictor{nil}})),
		`the seed is not in the table`:        try(predict.Lookalikes(x, []string{"c0001", "nobody"})),
		`there is no segment "larg"; did you`: try(c.Prospects(x, "larg")),
		`Evaluate.Payoff = "NOPE"`:            try(c.Evaluate(x, s, predict.Options{Payoff: map[string]map[string]float64{"": {"NOPE": 1}}})),
		`Evaluate.Payoff = "NO"`:              try(c.Evaluate(x, s, predict.Options{Payoff: map[string]map[string]float64{"NO": {"": 1}}})),
		`Evaluate.Payoff = NaN`:               try(c.Evaluate(x, s, predict.Options{Payoff: map[string]map[string]float64{"": {"": math.NaN()}}})),
		`the predictor is nil`:                try(predict.Fit(x, s, nil)),
	} {
		if err == nil || !strings.HasPrefix(err.Error(), "segkit: ") || !strings.Contains(err.Error(), want) {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}

func TestColumnsThatFormedTheSegmentsAreNamed(t *testing.T) {
	x, _ := mixed(300, 1)
	full, err := x.Select("spend", "noise")
	if err != nil {
		t.Fatal(err)
	}
	full, err = full.With("double", "2 * spend")
	if err != nil {
		t.Fatal(err)
	}
	model, err := segkit.Recipe{Columns: []string{"spend"}, Prep: []prep.Transformer{prep.Impute{}}, Method: cluster.KMeans{K: 2}}.Fit(full)
	if err != nil {
		t.Fatal(err)
	}
	s, err := model.Score(full)
	if err != nil {
		t.Fatal(err)
	}
	if c := fit(t, full, s, predict.Tree{}); !slices.Equal(c.Formed, []string{"spend", "double"}) {
		t.Errorf("named %v", c.Formed)
	} else if notes := strings.Join(c.Sheet().Notes, " "); !strings.Contains(notes, "Spend and double formed the segments, or are derived from what did") {
		t.Errorf("notes %q", notes)
	}
	if c := fit(t, full, s, predict.Tree{}, predict.Known{Columns: []string{"spend"}}); !strings.Contains(strings.Join(c.Sheet().Notes, " "), "Spend formed the segments, or is derived") {
		t.Errorf("notes %q", c.Sheet().Notes)
	}
	if c := fit(t, full, s, predict.Tree{}, predict.Known{Columns: []string{"noise"}}); c.Formed != nil {
		t.Errorf("named %v", c.Formed)
	}
}

func TestSplitsPartTheCustomers(t *testing.T) {
	x, s := mixed(200, 1)
	rapid.Check(t, func(r *rapid.T) {
		share, seed := rapid.Float64Range(.05, .95).Draw(r, "share"), rapid.Int().Draw(r, "seed")
		for name, split := range map[string]func(x *table.Table) (*predict.Split, error){
			"random":     func(x *table.Table) (*predict.Split, error) { return predict.Random(x, share, seed) },
			"stratified": func(x *table.Table) (*predict.Split, error) { return predict.Stratified(x, s, share, seed) },
			"by group":   func(x *table.Table) (*predict.Split, error) { return predict.ByGroup(x, "city", share, seed) },
		} {
			p, err := split(x)
			if err != nil {
				r.Fatal(name, err)
			}
			all := append(p.Train.IDs(), p.Test.IDs()...)
			slices.Sort(all)
			if !slices.Equal(all, x.IDs()) {
				r.Fatalf("%s: customers are lost or doubled", name)
			}
			order := rand.New(rand.NewPCG(1, 1)).Perm(x.Len())
			again, err := split(x.Rows(order))
			if err != nil {
				r.Fatal(err)
			}
			a, b := p.Test.IDs(), again.Test.IDs()
			slices.Sort(b)
			if slices.Sort(a); !slices.Equal(a, b) {
				r.Fatalf("%s: the order of rows decides", name)
			}
			switch name {
			case "random":
				if got := float64(p.Test.Len()); math.Abs(got-200*share) > .5+1e-9 {
					r.Fatalf("%v held out of 200, want %v", got, 200*share)
				}
			case "stratified":
				labels, _ := s.LabelsOf(p.Test)
				for l, n := range labels.Counts() {
					if all := s.Counts()[l]; math.Abs(float64(n)-share*float64(all)) > 1 {
						r.Fatalf("%d of %d held out", n, all)
					}
				}
			case "by group":
				in := map[float64]bool{}
				for i := range p.Train.Len() {
					in[p.Train.At(i, 1)] = true
				}
				for i := range p.Test.Len() {
					if v := p.Test.At(i, 1); in[v] && !math.IsNaN(v) {
						r.Fatalf("city %v is on both sides", v)
					}
				}
			}
		}
	})
}

func TestByTimeLearnsFirst(t *testing.T) {
	at := func(day string) *table.Table {
		x, _ := mixed(40, 1)
		columns := x.Columns()
		columns[0].Ancestry = table.Ancestry{Sources: []table.Source{{Name: "orders", To: day}}}
		out, _ := table.New(x.IDs(), columns, x.Raw().Data)
		return out
	}
	p, err := predict.ByTime(at("2025-03-31"), at("2025-06-30"))
	if err != nil || p.How != "Learned from customers as of 2025-03-31 and tested on those as of 2025-06-30; 40 customers are in both." {
		t.Errorf("%v %v", p, err)
	}
	if _, err := predict.ByTime(at("2025-06-30"), at("2025-03-31")); err == nil || !strings.Contains(err.Error(), "ends on 2025-03-31, which is not after 2025-06-30") {
		t.Errorf("the wrong order: %v", err)
	}
}

func TestCancelledWorkEnds(t *testing.T) {
	x, s := mixed(300, 1)
	for name, p := range predictors() {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if _, err := predict.FitContext(ctx, x, s, p); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A part of the customers in cross-validation may lack a small segment.
func TestPredictorsBearAnAbsentSegment(t *testing.T) {
	x, s := mixed(60, 1)
	one := make(table.Labels, 60) // of two segments, all in the first
	for name, p := range predictors() {
		f, err := p.Learn(context.Background(), x, one, 2)
		if err != nil {
			t.Fatal(name, err)
		}
		for _, row := range trial.Sure(f.Probabilities(context.Background(), x)) {
			if !(row[0] > .5 && row[0] <= 1) {
				t.Fatalf("%s gives %v", name, row)
			}
		}
	}
	labels := slices.Clone(s.Labels)
	for i, l := range labels {
		if l == 2 {
			labels[i] = 1
		}
	}
	labels[0], labels[1] = 2, 2
	rare := trial.Sure(table.NewSegments(x.IDs(), labels, s.Names))
	fit(t, x, rare, predict.Tuned{Folds: 5, Try: []predict.Predictor{predict.Boosted{}, predict.NearestCenter{}, predict.Neighbors{}, predict.Logistic{}}})
}

func FuzzClassifier(f *testing.F) {
	x, s := mixed(60, 1)
	for name, p := range predictors() {
		if data, err := fit(f, x, s, p).MarshalBinary(); err == nil && name != "forest" {
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c := new(predict.Classifier)
		if err := c.UnmarshalBinary(data); err != nil {
			if !errors.Is(err, fault.ErrFormat) {
				t.Fatal(err)
			}
			return
		}
		if _, err := c.Predict(x); err != nil && !strings.HasPrefix(err.Error(), "segkit: ") {
			t.Fatal(err)
		}
	})
}
