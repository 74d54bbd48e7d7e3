package cluster_test

import (
	"context"
	"encoding/json"
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
	"github.com/segkit/lab/segkit/compare"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/table"
)

// patterns makes a table of yes/no answers q1, q2, … from patterns such as "0110" and how often each was given.
func patterns(t *testing.T, given []string, counts []int) *table.Table {
	t.Helper()
	var ids []string
	var data []float64
	for p, pattern := range given {
		for range counts[p] {
			ids = append(ids, fmt.Sprint(len(ids)+1))
			for _, answer := range pattern {
				data = append(data, float64(answer-'0'))
			}
		}
	}
	return trial.Table(t, ids, questions(len(given[0]), "no", "yes"), data)
}

func questions(d int, levels ...string) (columns []table.Column) {
	for j := range d {
		columns = append(columns, table.Column{Name: fmt.Sprintf("q%d", j+1), Levels: levels})
	}
	return columns
}

// carcinoma is 118 slides judged by seven pathologists (Landis & Koch 1977; Agresti 2002, Categorical data analysis, table 13.1).
func carcinoma(t *testing.T) *table.Table {
	return patterns(t, []string{"0000000", "0000100", "0100000", "0100001", "0100100", "0100101", "1000000", "1010101", "1100000", "1100001",
		"1100100", "1100101", "1100111", "1101001", "1101101", "1101111", "1110101", "1110111", "1111101", "1111111"},
		[]int{34, 2, 6, 1, 4, 5, 2, 1, 2, 1, 2, 7, 1, 1, 2, 3, 13, 5, 10, 16})
}

// roles is 216 answers to four dilemmas (Stouffer & Toby 1951; Goodman 1974, doi:10.1093/biomet/61.2.215).
func roles(t *testing.T) *table.Table {
	return patterns(t, []string{"0000", "0001", "0010", "0011", "0100", "0101", "0110", "0111", "1000", "1001", "1010", "1011", "1100", "1101", "1110", "1111"},
		[]int{42, 23, 6, 25, 6, 24, 7, 38, 1, 4, 1, 6, 2, 9, 2, 20})
}

// Linzer & Lewis 2011 (doi:10.18637/jss.v042.i10) give these results of the R package poLCA for both data sets.
func TestLatentClassesAsPublished(t *testing.T) {
	for _, c := range []struct {
		name          string
		x             *table.Table
		k, parameters int
		log, aic, bic float64
		shares        []float64 // falling
	}{
		{"carcinoma, 2", carcinoma(t), 2, 15, -317.2568, 664.5137, 706.0739, nil},
		{"carcinoma, 3", carcinoma(t), 3, 23, -293.705, 633.41, 697.1357, []float64{.4447, .3736, .1817}},
		{"roles, 2", roles(t), 2, 9, -504.4677, 1026.935, 1057.313, []float64{.7208, .2792}},
	} {
		got := fit(t, c.x, cluster.LatentClass{K: c.k, Tol: 1e-12, MaxIter: 10_000})
		l := got.Likelihood
		if l.Parameters != c.parameters || math.Abs(l.Log-c.log) > 6e-4 || math.Abs(l.AIC()-c.aic) > 6e-3 || math.Abs(l.BIC()-c.bic) > 6e-3 {
			t.Errorf("%s: %d parameters, log-likelihood %.4f, AIC %.4f, BIC %.4f; want %d, %v, %v, %v",
				c.name, l.Parameters, l.Log, l.AIC(), l.BIC(), c.parameters, c.log, c.aic, c.bic)
		}
		shares := slices.Sorted(slices.Values(got.Assigner.(cluster.FittedLatentClass).Shares))
		slices.Reverse(shares)
		for s, want := range c.shares {
			if math.Abs(shares[s]-want) > 6e-5 {
				t.Errorf("%s: shares %.4f, want %.4f", c.name, shares, c.shares)
				break
			}
		}
	}
}

// Dolnicar, Grün & Leisch 2018 (doi:10.1007/978-981-10-8818-6), appendix C: log-likelihoods of mixtures of binary
// distributions, found by flexmix. A likelier one is a pass.
func TestLatentClassesOfTheMcDonaldsSurvey(t *testing.T) {
	x := trial.Public(t, "mcdonalds/mcdonalds.csv", "", "yummy", "convenient", "spicy", "fattening", "greasy", "fast", "cheap", "tasty", "expensive", "healthy", "disgusting")
	for k, want := range map[int]float64{2: -7610.848, 3: -7311.534, 4: -7111.146} {
		got := fit(t, x, cluster.LatentClass{K: k, Restarts: 8}).Likelihood
		if got.Log < want-1e-3 || got.Log > want+1 || got.Parameters != 12*k-1 {
			t.Errorf("%d classes: log-likelihood %.3f with %d parameters, want %v with %d", k, got.Log, got.Parameters, want, 12*k-1)
		}
	}
}

// answersOf draws n people of two classes with 3-level answers to d questions, and says who is in which.
func answersOf(t *testing.T, n, d int) (*table.Table, table.Labels) {
	r := rand.New(rand.NewPCG(uint64(n), uint64(d)))
	var ids []string
	var data []float64
	var truth table.Labels
	for i := range n {
		ids = append(ids, fmt.Sprint("p", i))
		class := 0
		if r.Float64() < .35 {
			class = 1
		}
		truth = append(truth, class)
		for range d {
			p := [][]float64{{.8, .9}, {.1, .3}}[class]
			u := r.Float64()
			switch {
			case u < p[0]:
				data = append(data, 0)
			case u < p[1]:
				data = append(data, 1)
			default:
				data = append(data, 2)
			}
		}
	}
	return trial.Table(t, ids, questions(d, "never", "seldom", "often"), data), truth
}

// holes returns x with every m-th answer missing.
func holes(t *testing.T, x *table.Table, m int) *table.Table {
	var data []float64
	for i := range x.Len() {
		data = append(data, x.Row(i)...)
	}
	for i := 0; i < len(data); i += m {
		data[i] = math.NaN()
	}
	return trial.Table(t, x.IDs(), x.Columns(), data)
}

func TestLatentClassesAreFoundAgain(t *testing.T) {
	whole, truth := answersOf(t, 4000, 6)
	for _, x := range []*table.Table{whole, holes(t, whole, 5)} {
		got := fit(t, x, cluster.LatentClass{K: 2, Restarts: 5})
		a := got.Assigner.(cluster.FittedLatentClass)
		if math.Abs(a.Shares[1]-.35) > .03 {
			t.Errorf("shares %v, want .65 and .35", a.Shares)
		}
		for j := range 6 {
			for s, want := range [][]float64{{.8, .1, .1}, {.1, .2, .7}} {
				for l, p := range want {
					if math.Abs(a.Probabilities[s][j][l]-p) > .06 {
						t.Errorf("class %d answers %v to question %d, want %v", s, a.Probabilities[s][j], j, want)
					}
				}
			}
		}
		if ari, _ := compare.AdjustedRand(got.Labels, truth); ari < .85 {
			t.Errorf("agreement with the truth is %v", ari)
		}
	}
	best, bic := 0, math.Inf(1)
	for k := 1; k <= 4; k++ {
		if v := fit(t, whole, cluster.LatentClass{K: k, Restarts: 3, Tol: 1e-6}).Likelihood.BIC(); v < bic {
			best, bic = k, v
		}
	}
	if best != 2 {
		t.Errorf("BIC chooses %d classes", best)
	}
}

// The likelihood of the definition, summed over rows one by one, with missing answers left out of the product.
func TestLatentClassCostIsTheDefinition(t *testing.T) {
	x, _ := answersOf(t, 300, 4)
	x = holes(t, x, 7)
	got := fit(t, x, cluster.LatentClass{K: 3, Restarts: 2, MaxIter: 15})
	a := got.Assigner.(cluster.FittedLatentClass)
	cost := 0.0
	for i := range x.Len() {
		sum := 0.0
		var joint []float64
		for s, share := range a.Shares {
			p := share
			for j, v := range x.Row(i) {
				if !math.IsNaN(v) {
					p *= a.Probabilities[s][j][int(v)]
				}
			}
			joint = append(joint, p)
			sum += p
		}
		cost -= math.Log(sum)
		for s, p := range joint {
			if math.Abs(got.Membership.At(i, s)-p/sum) > 1e-9 {
				t.Fatalf("person %d belongs to %d with %v, want %v", i, s, got.Membership.At(i, s), p/sum)
			}
		}
		if joint[got.Labels[i]] < slices.Max(joint)*(1-1e-9) {
			t.Fatalf("person %d is in class %d of %v", i, got.Labels[i], joint)
		}
	}
	if math.Abs(got.Cost-cost) > 1e-8*cost {
		t.Fatalf("cost %v, want %v", got.Cost, cost)
	}
}

// The laws of the contract that make sense for answers.
func TestLatentClassContract(t *testing.T) {
	x, _ := answersOf(t, 400, 5)
	x = holes(t, x, 11)
	m := cluster.LatentClass{K: 2, Restarts: 4, Seed: 3}
	got := fit(t, x, m)
	t.Run("shape", func(t *testing.T) {
		if got.K != 2 || len(got.Labels) != 400 || !slices.Equal(got.IDs, x.IDs()) || got.Centers != nil || got.Cost != got.Restarts.Best() || len(got.Restarts) != 4 {
			t.Fatalf("%+v", got)
		}
		canonical(t, got.Labels, nil)
	})
	t.Run("cost never rises", func(t *testing.T) {
		last := math.Inf(1)
		for iterations := 1; iterations < 30; iterations++ {
			cost := fit(t, x, cluster.LatentClass{K: 3, Restarts: 1, MaxIter: iterations, Tol: -1}).Cost
			if cost > last+1e-9 {
				t.Fatalf("iteration %d takes the cost from %v to %v", iterations, last, cost)
			}
			last = cost
		}
	})
	t.Run("more starts are never worse", func(t *testing.T) {
		ten, twenty := fit(t, x, cluster.LatentClass{K: 3, Restarts: 10, MaxIter: 50}), fit(t, x, cluster.LatentClass{K: 3, Restarts: 20, MaxIter: 50})
		if !sameStarts(ten.Restarts, twenty.Restarts[:10]) || twenty.Cost > ten.Cost {
			t.Fatalf("20 starts cost %v, 10 of them %v", twenty.Cost, ten.Cost)
		}
	})
	t.Run("input unchanged, same result at any number of processors", func(t *testing.T) {
		before := x.Fingerprint()
		// So many questions that no two rows are equal, and rows are shared among processors.
		large, _ := answersOf(t, 40_000, 14)
		for _, c := range []struct {
			x *table.Table
			m cluster.LatentClass
		}{{x, m}, {large, cluster.LatentClass{K: 3, Restarts: 2, MaxIter: 4}}} {
			want := fit(t, c.x, c.m)
			for _, procs := range []int{1, 2, 8} {
				trial.WithProcs(procs, func() {
					if again := fit(t, c.x, c.m); !reflect.DeepEqual(again, want) {
						t.Fatalf("another result with GOMAXPROCS = %d: cost %v, was %v", procs, again.Cost, want.Cost)
					}
				})
			}
		}
		if x.Fingerprint() != before {
			t.Fatal("Fit changed its table")
		}
	})
	t.Run("row order does not matter", func(t *testing.T) {
		rows := rand.New(rand.NewPCG(5, 6)).Perm(x.Len())
		moved := fit(t, trial.RowsOf(t, x, rows), m)
		for p, i := range rows {
			if moved.Labels[p] != got.Labels[i] {
				t.Fatalf("person %d is in class %d, was in %d", i, moved.Labels[p], got.Labels[i])
			}
		}
	})
	t.Run("weights are repetitions", func(t *testing.T) {
		full := carcinoma(t)
		var rows []int
		var weights []float64
		seen := map[string]int{}
		for i := range full.Len() {
			row := fmt.Sprint(full.Row(i))
			if p, ok := seen[row]; ok {
				weights[p]++
				continue
			}
			seen[row] = len(rows)
			rows, weights = append(rows, i), append(weights, 1)
		}
		short, err := trial.RowsOf(t, full, rows).WithWeights(weights, table.FrequencyWeights)
		if err != nil {
			t.Fatal(err)
		}
		a, b := fit(t, full, cluster.LatentClass{K: 3, Restarts: 5}), fit(t, short, cluster.LatentClass{K: 3, Restarts: 5})
		if a.Cost != b.Cost || a.Likelihood.BIC() != b.Likelihood.BIC() {
			t.Fatalf("cost %v, with weights %v", a.Cost, b.Cost)
		}
		for p, i := range rows {
			if a.Labels[i] != b.Labels[p] {
				t.Fatalf("slide %d is in class %d, with weights in %d", i, a.Labels[i], b.Labels[p])
			}
		}
	})
	t.Run("extremes", func(t *testing.T) {
		one := trial.Table(t, []string{"a"}, questions(2, "no", "yes"), []float64{1, 0})
		silent := trial.Table(t, []string{"a", "b", "c"}, questions(2, "no", "yes"), []float64{1, 0, math.NaN(), math.NaN(), 0, 1})
		for _, e := range []struct {
			x    *table.Table
			k    int
			cost float64
		}{{one, 1, 0}, {x, 1, math.NaN()}, {silent, 3, math.NaN()}, {carcinoma(t), 20, math.NaN()}} {
			if c := fit(t, e.x, cluster.LatentClass{K: e.k, Restarts: 3}); math.IsNaN(c.Cost) || math.Abs(c.Cost-e.cost) > 1e-9 {
				t.Errorf("k = %d of %d: cost %v, want %v", e.k, e.x.Len(), c.Cost, e.cost)
			}
		}
	})
	t.Run("refusals", func(t *testing.T) {
		numbers := trial.Numbered(t, 2, []float64{0, 1, 1, 0, 1, 7})
		for _, r := range []struct {
			x    *table.Table
			m    cluster.LatentClass
			is   error
			says []string
		}{
			{x.Head(0), m, fault.ErrEmpty, nil},
			{trial.Table(t, []string{"a"}, nil, nil), m, fault.ErrSchema, []string{"no columns"}},
			{numbers, m, fault.ErrSchema, []string{`"b"`, "row 3", "c3", "7", "Levels"}},
			{x, cluster.LatentClass{}, nil, []string{".K = 0"}},
			{x.Head(3), cluster.LatentClass{K: 4}, nil, []string{".K = 4", "1 to 3"}},
			{carcinoma(t), cluster.LatentClass{K: 21}, nil, []string{"1 to 20", "118 customers"}},
			{x, cluster.LatentClass{K: 2, Restarts: -1}, nil, []string{"Restarts = -1"}},
			{x, cluster.LatentClass{K: 2, MaxIter: -1}, nil, []string{"MaxIter = -1"}},
			{x, cluster.LatentClass{K: 2, Tol: math.NaN()}, nil, []string{"Tol = NaN"}},
		} {
			_, err := cluster.Fit(r.x, r.m)
			var option *fault.OptionError
			if err == nil || r.is != nil && !errors.Is(err, r.is) || r.is == nil && !errors.As(err, &option) {
				t.Errorf("%+v: %v", r.m, err)
			}
			for _, word := range r.says {
				if !strings.Contains(fmt.Sprint(err), word) {
					t.Errorf("%q does not say %s", err, word)
				}
			}
		}
	})
	t.Run("prediction", func(t *testing.T) {
		labels, err := got.Predict(x)
		if err != nil || !slices.Equal(labels, got.Labels) {
			t.Fatalf("the training rows get other labels (%v)", err)
		}
		text, err := json.Marshal(got.Assigner)
		if err != nil {
			t.Fatal(err)
		}
		var again cluster.FittedLatentClass
		if err := json.Unmarshal(text, &again); err != nil || !reflect.DeepEqual(again, got.Assigner) {
			t.Fatalf("the assigner came back as %+v (%v)", again, err)
		}
		other := trial.Table(t, []string{"a"}, questions(5, "never", "often", "seldom"), []float64{0, 0, 0, 0, 0})
		if _, err := got.Predict(other); !errors.Is(err, fault.ErrSchema) {
			t.Errorf("levels in another order: %v", err)
		}
	})
	t.Run("numbers 0 and 1 are answers", func(t *testing.T) {
		full := carcinoma(t)
		var data []float64
		for i := range full.Len() {
			data = append(data, full.Row(i)...)
		}
		bare := trial.Numbered(t, 7, data)
		a, b := fit(t, full, cluster.LatentClass{K: 3, Restarts: 2}), fit(t, bare, cluster.LatentClass{K: 3, Restarts: 2})
		if a.Cost != b.Cost || !slices.Equal(a.Labels, b.Labels) {
			t.Fatalf("cost %v, of bare numbers %v", a.Cost, b.Cost)
		}
		data[3] = 2
		if _, err := b.Predict(trial.Numbered(t, 7, data)); !errors.Is(err, fault.ErrSchema) || !strings.Contains(err.Error(), `"d"`) {
			t.Errorf("an answer of 2: %v", err)
		}
	})
	t.Run("cancelling", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		shown := 0
		ctx = job.WithProgress(ctx, func(job.Progress) {
			if shown++; shown == 2 {
				cancel()
			}
		})
		if _, err := cluster.FitContext(ctx, x, m); !errors.Is(err, context.Canceled) {
			t.Fatalf("cancelled under way: %v", err)
		}
	})
	t.Run("model", func(t *testing.T) {
		model, err := segkit.Recipe{Columns: x.Names(), Method: m}.Fit(x)
		if err != nil {
			t.Fatal(err)
		}
		data, err := model.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		var again segkit.Model
		if err := again.UnmarshalBinary(data); err != nil {
			t.Fatal(err)
		}
		s, err := again.Score(x)
		if err != nil || !slices.Equal(s.Labels, got.Labels) {
			t.Fatalf("the saved model scores otherwise (%v)", err)
		}
		if _, err := again.Centers(); !errors.Is(err, fault.ErrUndefined) {
			t.Errorf("centres of classes: %v", err)
		}
		if sheet := again.Assigner.(cluster.FittedLatentClass).Sheet(); sheet.Total != 15 {
			t.Errorf("%d rows for 5 questions of 3 answers", sheet.Total)
		}
	})
}

// The sheet has a column for each class, with its number and share, and a row for each answer, of yes and no one.
func TestSheetOfAnswers(t *testing.T) {
	a := cluster.FittedLatentClass{Columns: append(questions(1, "no", "yes"), table.Column{Name: "often", Levels: []string{"never", "at times", "always"}}), Shares: []float64{.7, .3},
		Probabilities: [][][]float64{{{.9, .1}, {.5, .3, .2}}, {{.25, .75}, {0, .4, .6}}}}
	s := a.Sheet()
	var heads []string
	for _, c := range s.Columns {
		heads = append(heads, c.Name)
	}
	if got := fmt.Sprintf("%q %q", heads, s.Rows); got != `["question" "answer" "1: 70.0 %" "2: 30.0 %"] [["q1" "yes" "10.0 %" "75.0 %"] ["often" "never" "50.0 %" "0.0 %"] ["often" "at times" "30.0 %" "40.0 %"] ["often" "always" "20.0 %" "60.0 %"]]` {
		t.Error(got)
	}
}
