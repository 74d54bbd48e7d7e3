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

	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/compare"
	"github.com/segkit/lab/segkit/distance"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/table"
)

// What every clustering method promises, run over every method there is. A new method adds a line to contracts; a law it
// does not keep is a claim it does not make, never a check left out.
var contracts = []struct {
	name string
	new  func(k int) cluster.KMethod

	predictsTraining bool    // Predict of the training rows gives their labels, exactly
	numbersOnly      bool    // refuses categories
	takesMissing     bool    // accepts missing cells
	partsEqualRows   bool    // equal rows can get different segments
	scaled           float64 // all values times 8: same labels, cost times this, to the last bit; 0 where not claimed
	likelihood       bool    // cost is a negative log-likelihood, and columns without spread are refused
}{
	{name: "k-means", predictsTraining: true, numbersOnly: true, scaled: 64,
		new: func(k int) cluster.KMethod { return cluster.KMeans{K: k, Seed: 3} }},
	{name: "k-means from random rows", predictsTraining: true, numbersOnly: true, scaled: 64,
		new: func(k int) cluster.KMethod { return cluster.KMeans{K: k, Seed: 3, Init: cluster.RandomRows} }},
	{name: "k-means to the end", predictsTraining: true, numbersOnly: true, scaled: 64,
		new: func(k int) cluster.KMethod { return cluster.KMeans{K: k, Seed: 3, Restarts: 2, Tol: -1} }},
	{name: "k-means cut short", predictsTraining: true, numbersOnly: true, scaled: 64,
		new: func(k int) cluster.KMethod { return cluster.KMeans{K: k, Seed: 3, Restarts: 3, MaxIter: 1} }},
	{name: "k-means with a smallest size", numbersOnly: true, partsEqualRows: true, scaled: 64,
		new: func(k int) cluster.KMethod {
			return cluster.KMeans{K: k, Seed: 3, Restarts: 3, MinShare: 0.6 / float64(k)}
		}},
	{name: "mini-batch k-means", predictsTraining: true, numbersOnly: true, scaled: 64,
		new: func(k int) cluster.KMethod { return cluster.MiniBatch{K: k, Seed: 3} }},
	{name: "mini-batch k-means, small batches", predictsTraining: true, numbersOnly: true, scaled: 64,
		new: func(k int) cluster.KMethod { return cluster.MiniBatch{K: k, Seed: 3, Batch: 7, Restarts: 5} }},
	{name: "k-medoids", predictsTraining: true, numbersOnly: true, scaled: 8,
		new: func(k int) cluster.KMethod { return cluster.KMedoids{K: k, Seed: 3} }},
	{name: "k-medoids, Manhattan", predictsTraining: true, numbersOnly: true, scaled: 8,
		new: func(k int) cluster.KMethod { return cluster.KMedoids{K: k, Seed: 3, Distance: distance.Manhattan} }},
	{name: "k-medoids, Gower", predictsTraining: true, takesMissing: true, scaled: 1,
		new: func(k int) cluster.KMethod { return cluster.KMedoids{K: k, Seed: 3, Distance: distance.Gower} }},
	{name: "k-medoids by samples", predictsTraining: true, numbersOnly: true, scaled: 8,
		new: func(k int) cluster.KMethod {
			return cluster.KMedoids{K: k, Seed: 3, Exact: 1, Sample: 60, MaxIter: 1}
		}},
	{name: "k-prototypes", predictsTraining: true, scaled: 64,
		new: func(k int) cluster.KMethod { return cluster.KPrototypes{K: k, Seed: 3} }},
	{name: "Gaussian mixture", predictsTraining: true, numbersOnly: true, likelihood: true, new: mixtureOf(cluster.FullCovariance)},
	{name: "Gaussian mixture, tied", predictsTraining: true, numbersOnly: true, likelihood: true, new: mixtureOf(cluster.TiedCovariance)},
	{name: "Gaussian mixture, diagonal", predictsTraining: true, numbersOnly: true, likelihood: true, new: mixtureOf(cluster.DiagonalCovariance)},
	{name: "Gaussian mixture, spherical", predictsTraining: true, numbersOnly: true, likelihood: true, new: mixtureOf(cluster.SphericalCovariance)},
	{name: "Ward", numbersOnly: true, scaled: 64, new: hierarchical(cluster.Ward)},
	{name: "average linkage", numbersOnly: true, scaled: 64, new: hierarchical(cluster.Average)},
	{name: "complete linkage", numbersOnly: true, scaled: 64, new: hierarchical(cluster.Complete)},
	{name: "single linkage", numbersOnly: true, scaled: 64, new: hierarchical(cluster.Single)},
	{name: "DBSCAN", predictsTraining: true, numbersOnly: true,
		new: func(int) cluster.KMethod { return findsK{cluster.DBSCAN{}} }},
	{name: "HDBSCAN", predictsTraining: true, numbersOnly: true,
		new: func(int) cluster.KMethod { return findsK{cluster.HDBSCAN{MinSize: 15}} }},
}

func hierarchical(l cluster.Linkage) func(k int) cluster.KMethod {
	return func(k int) cluster.KMethod { return cluster.Hierarchical{K: k, Linkage: l} }
}

func mixtureOf(shape cluster.Covariance) func(k int) cluster.KMethod {
	return func(k int) cluster.KMethod {
		return cluster.GaussianMixture{K: k, Shape: shape, Restarts: 2, MaxIter: 40, Seed: 3}
	}
}

// findsK is a method that finds the number of segments itself, for the suite: what is said of k does not apply to it.
type findsK struct{ cluster.Method }

func (m findsK) WithK(int) cluster.Method { return m }

// rowsFor is n, or fewer for methods on trees: several chunks of rows suffice, and some hold all pairs.
func rowsFor(m cluster.Method, n int) int {
	switch m := m.(type) {
	case cluster.Hierarchical:
		if m.Linkage == cluster.Average || m.Linkage == cluster.Complete {
			return min(n, 3000)
		}
		return min(n, 10_000)
	case findsK:
		return min(n, 10_000)
	}
	return n
}

// same compares two results to the last bit; a cost that is NaN in both is the same.
func same(a, b *cluster.Clustering) bool {
	p, q := *a, *b
	if math.IsNaN(p.Cost) && math.IsNaN(q.Cost) {
		p.Cost, q.Cost = 0, 0
	}
	return reflect.DeepEqual(p, q)
}

func TestContract(t *testing.T) {
	for _, c := range contracts {
		t.Run(c.name, func(t *testing.T) {
			x := trial.Groups(t, 300, 3, 4, 8)
			m := c.new(4)
			_, finds := m.(findsK)

			t.Run("shape", func(t *testing.T) {
				got := fit(t, x, m)
				if got.K != 4 || len(got.Labels) != 300 || !slices.Equal(got.IDs, x.IDs()) || got.Method == nil {
					t.Fatalf("K %d, %d labels, method %v", got.K, len(got.Labels), got.Method)
				}
				if finds {
					if got.Centers != nil || !math.IsNaN(got.Cost) || got.Restarts != nil {
						t.Fatalf("centres %v, cost %v, starts %v", got.Centers, got.Cost, got.Restarts)
					}
					return
				}
				if n, d := got.Centers.Dims(); n != 4 || d != 3 || !slices.Equal(got.Centers.Names(), x.Names()) {
					t.Fatalf("centres are %d x %d of %v", n, d, got.Centers.Names())
				}
				if math.IsNaN(got.Cost) || got.Cost < 0 && !c.likelihood || got.Restarts != nil && got.Cost != got.Restarts.Best() {
					t.Fatalf("cost %v, best of the starts %v", got.Cost, got.Restarts.Best())
				}
			})
			t.Run("canonical labels", func(t *testing.T) {
				for seed := range uint64(20) {
					canonical(t, fit(t, trial.Grid(t, seed, 40, 2), m).Labels, nil)
				}
			})
			t.Run("input and receiver unchanged", func(t *testing.T) {
				before, options := x.Fingerprint(), c.new(4)
				fit(t, x, m)
				if x.Fingerprint() != before || !reflect.DeepEqual(m, options) {
					t.Fatal("Fit changed its table or its options")
				}
			})
			t.Run("same seed, same result, at any number of processors", func(t *testing.T) {
				for _, x := range []*table.Table{x, trial.Groups(t, rowsFor(m, 40_000), 2, 3, 3)} {
					m := c.new(3)
					if km, ok := m.(cluster.KMeans); ok && x.Len() > 1000 {
						km.Restarts = 2
						m = km
					}
					want := fit(t, x, m)
					for _, procs := range []int{1, 2, 8} {
						trial.WithProcs(procs, func() {
							if got := fit(t, x, m); !same(got, want) {
								t.Fatalf("n = %d: another result with GOMAXPROCS = %d: cost %v, was %v", x.Len(), procs, got.Cost, want.Cost)
							}
						})
					}
				}
			})
			t.Run("row order does not matter on separated groups", func(t *testing.T) {
				rows := rand.New(rand.NewPCG(5, 6)).Perm(x.Len())
				a, b := fit(t, x, m), fit(t, trial.RowsOf(t, x, rows), m)
				moved := make(table.Labels, len(rows))
				for p, i := range rows {
					moved[p] = a.Labels[i]
				}
				if ari, err := compare.AdjustedRand(moved, b.Labels); err != nil || ari != 1 {
					t.Fatalf("agreement %v, %v after a permutation", ari, err)
				}
			})
			if !c.partsEqualRows {
				t.Run("equal rows share a segment", func(t *testing.T) {
					x := trial.Grid(t, 1, 120, 2)
					label := map[string]int{}
					for i, l := range fit(t, x, m).Labels {
						row := fmt.Sprint(x.Row(i))
						if first, ok := label[row]; ok && first != l {
							t.Fatalf("customers at %s are in segments %d and %d", row, first, l)
						}
						label[row] = l
					}
				})
			}
			if c.scaled != 0 {
				t.Run("scale", func(t *testing.T) {
					a, b := fit(t, x, m), fit(t, trial.Mapped(t, x, func(v float64) float64 { return v * 8 }), m)
					if !slices.Equal(a.Labels, b.Labels) || b.Cost != c.scaled*a.Cost {
						t.Fatalf("8 times the values: cost %v, want %v", b.Cost, c.scaled*a.Cost)
					}
				})
			}
			if c.likelihood {
				t.Run("scale", func(t *testing.T) {
					a, b := fit(t, x, m), fit(t, trial.Mapped(t, x, func(v float64) float64 { return v * 8 }), m)
					want := a.Cost + float64(len(a.Labels)*3)*math.Log(8) // every density is 8 times lower in each of 3 columns
					if !slices.Equal(a.Labels, b.Labels) || math.Abs(b.Cost-want) > 1e-9*want {
						t.Fatalf("8 times the values: cost %v, want %v", b.Cost, want)
					}
				})
			}
			t.Run("shift", func(t *testing.T) {
				a, b := fit(t, x, m), fit(t, trial.Mapped(t, x, func(v float64) float64 { return v + 1000 }), m)
				if !slices.Equal(a.Labels, b.Labels) || !finds && math.Abs(a.Cost-b.Cost) > 1e-8*a.Cost {
					t.Fatalf("values + 1000: cost %v, was %v", b.Cost, a.Cost)
				}
			})
			t.Run("extremes", func(t *testing.T) {
				for _, e := range []struct {
					name string
					x    *table.Table
					k    int
				}{
					{"k = 1", x, 1}, {"k = n", x.Head(6), 6}, {"one customer", x.Head(1), 1}, {"one column", trial.Column(t, 1, 2, 3, 9, 10, 11), 2},
					{"all alike", trial.Column(t, 7, 7, 7), 1}, {"a constant column", trial.GroupsWithConstant(t), 3}, {"tiny values", trial.Column(t, 1e-170, 2e-170, 3e-170), 3},
					{"huge values", trial.Column(t, -1e140, 1e140, 0.9e140), 2},
				} {
					if c.likelihood && slices.Contains([]string{"one customer", "all alike", "a constant column", "tiny values"}, e.name) {
						var cell *fault.CellError
						if err := c.new(e.k).Check(e.x); !errors.Is(err, fault.ErrUndefined) || !errors.As(err, &cell) || cell.Column == "" || cell.Remedy == "" {
							t.Fatalf("%s: %v", e.name, err)
						}
						continue
					}
					got := fit(t, e.x, c.new(e.k))
					if finds {
						if got.Labels.K() != got.K || len(got.Labels) != e.x.Len() {
							t.Fatalf("%s: K = %d, labels %v", e.name, got.K, got.Labels)
						}
						continue
					}
					if got.Labels.K() != e.k && e.name != "tiny values" || math.IsNaN(got.Cost) || math.IsInf(got.Cost, 0) {
						t.Fatalf("%s: labels %v, cost %v", e.name, got.Labels, got.Cost)
					}
					if !c.likelihood && (e.name == "k = n" || e.name == "one customer" || e.name == "all alike") && got.Cost != 0 {
						t.Fatalf("%s: cost %v, want 0", e.name, got.Cost)
					}
				}
			})
			t.Run("refusals", func(t *testing.T) {
				type refusal struct {
					name  string
					x     *table.Table
					k     int
					is    error
					words []string
				}
				cases := []refusal{
					{"infinite", trial.Spoilt(t, math.Inf(-1)), 2, fault.ErrNotFinite, []string{`"b"`, "row 2", "c2", "2 such cells", "Inf"}},
					{"too large", trial.Spoilt(t, 1e141), 2, fault.ErrNotFinite, []string{`"b"`, "row 2", "too large"}},
					{"no rows", trial.Column(t), 1, fault.ErrEmpty, nil},
					{"no columns", trial.Table(t, []string{"c1"}, nil, nil), 1, fault.ErrSchema, []string{"no columns"}},
				}
				if !finds {
					cases = append(cases,
						refusal{"k = 0", x, 0, nil, []string{".K = 0"}},
						refusal{"k > n", x.Head(5), 6, nil, []string{".K = 6", "1 to 5", "customers"}},
						refusal{"k > different rows", trial.Column(t, 4, 4, 4, 5), 3, nil, []string{".K = 3", "1 to 2", "4 customers"}})
				}
				if !c.takesMissing {
					cases = append(cases, refusal{"missing", trial.Spoilt(t, math.NaN()), 2, fault.ErrNotFinite, []string{`"b"`, "row 2", "c2", "2 such cells", "Impute"}})
				}
				if c.numbersOnly {
					text := trial.Table(t, []string{"c1", "c2"}, []table.Column{{Name: "a"}, {Name: "city", Levels: []string{"Bern", "Rome"}}}, []float64{1, 0, 2, 1})
					cases = append(cases, refusal{"text", text, 1, fault.ErrSchema, []string{`"city"`, "categories"}})
				}
				for _, r := range cases {
					err := c.new(r.k).Check(r.x)
					if _, fitErr := cluster.Fit(r.x, c.new(r.k)); err == nil || fitErr == nil || fitErr.Error() != err.Error() {
						t.Fatalf("%s: Check says %v, Fit %v", r.name, err, fitErr)
					}
					var option *fault.OptionError
					if r.is != nil && !errors.Is(err, r.is) || r.is == nil && !errors.As(err, &option) {
						t.Errorf("%s: wrong kind of error: %v", r.name, err)
					}
					for _, w := range r.words {
						if !strings.Contains(err.Error(), w) {
							t.Errorf("%s: %q does not say %s", r.name, err, w)
						}
					}
				}
			})
			t.Run("prediction", func(t *testing.T) {
				for _, x := range []*table.Table{x, trial.Grid(t, 2, 150, 2)} {
					got := fit(t, x, m)
					if got.Assigner == nil {
						if _, err := got.Predict(x); !errors.Is(err, fault.ErrNoPredict) {
							t.Fatalf("without an assigner Predict says %v", err)
						}
						continue
					}
					labels, err := got.Predict(x)
					if err != nil || c.predictsTraining && !slices.Equal(labels, got.Labels) {
						t.Fatalf("Predict of the training rows differs from their labels (%v)", err)
					}
					text, err := json.Marshal(got.Assigner)
					if finds {
						if !errors.Is(err, fault.ErrNotPortable) || !strings.Contains(err.Error(), "KMeans") {
							t.Fatalf("an assigner that holds customers is written down: %v", err)
						}
						continue
					}
					if err != nil {
						t.Fatal(err)
					}
					again := reflect.New(reflect.TypeOf(got.Assigner))
					if err := json.Unmarshal(text, again.Interface()); err != nil {
						t.Fatal(err)
					}
					fresh := trial.Groups(t, 500, 3, 2, 3)
					if x.Names()[0] != fresh.Names()[0] || len(x.Names()) != 3 {
						fresh = x
					}
					l1, n1, s1, err1 := got.Assigner.Assign(fresh)
					l2, n2, s2, err2 := again.Elem().Interface().(cluster.Assigner).Assign(fresh)
					if err1 != nil || err2 != nil || !slices.Equal(l1, l2) || !slices.Equal(n1, n2) || !slices.Equal(s1, s2) {
						t.Fatalf("after a round trip through JSON the assigner predicts otherwise (%v, %v)", err1, err2)
					}
				}
			})
			t.Run("cancelling", func(t *testing.T) {
				noneLeft := trial.NoneLeft(t)
				ctx, cancel := context.WithCancel(t.Context())
				cancel()
				if _, err := cluster.FitContext(ctx, x, m); !errors.Is(err, context.Canceled) {
					t.Fatalf("cancelled before the start: %v", err)
				}
				for _, big := range []int{3000, 40_000} {
					ctx, cancel = context.WithCancel(t.Context())
					first := true
					ctx = job.WithProgress(ctx, func(p job.Progress) {
						if first = false; p.Total < 1 || p.Done > p.Total || p.Task == "" {
							t.Errorf("progress %+v", p)
						}
						cancel()
					})
					if _, err := cluster.FitContext(ctx, trial.Groups(t, rowsFor(m, big), 3, 4, 1), m); !errors.Is(err, context.Canceled) || first {
						t.Fatalf("cancelled under way: %v, progress reported: %v", err, !first)
					}
				}
				noneLeft()
			})
		})
	}
}

// canonical fails unless labels run from 0 by falling weight, ties by first row.
func canonical(t *testing.T, labels table.Labels, weights []float64) {
	t.Helper()
	total, first := map[int]float64{}, map[int]int{}
	for i, l := range labels {
		if _, ok := first[l]; !ok {
			first[l] = i
		}
		w := 1.0
		if weights != nil {
			w = weights[i]
		}
		total[l] += w
	}
	for l := 1; l < labels.K(); l++ {
		if total[l] > total[l-1] || total[l] == total[l-1] && first[l] < first[l-1] {
			t.Fatalf("segment %d weighs %v from row %d, segment %d weighs %v from row %d", l-1, total[l-1], first[l-1], l, total[l], first[l])
		}
	}
}

func fit(t *testing.T, x *table.Table, m cluster.Method) *cluster.Clustering {
	t.Helper()
	c, err := cluster.Fit(x, m)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
