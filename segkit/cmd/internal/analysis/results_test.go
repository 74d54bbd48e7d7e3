package analysis_test

// The main results, from the made-up shop, each as two hashes.

import (
	"context"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"math"
	"reflect"
	"slices"
	"strings"
	"time"

	"gonum.org/v1/gonum/mat"

	"github.com/segkit/lab/datasets"
	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/basket"
	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/cmd/internal/analysis"
	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/distance"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/judge"
	"github.com/segkit/lab/segkit/measure"
	"github.com/segkit/lab/segkit/predict"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/rfm"
	"github.com/segkit/lab/segkit/rulebook"
	"github.com/segkit/lab/segkit/table"
	"github.com/segkit/lab/segkit/value"
)

// printHashes prints a line for each result: its name, the hash of its answers, the hash of its bits.
func printHashes(w io.Writer, all bool) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	say := func(name string, result any) {
		fmt.Fprintf(w, "%s\t%s\t%s\n", name, hashed(result, false), hashed(result, true))
	}
	asOf := time.Date(2025, 9, 30, 0, 0, 0, 0, time.UTC)
	orders := sure(datasets.Orders("shop"))
	clean := sure(orders.Clean(features.UsualRules...))
	customers := sure(clean.Features(asOf))
	next := sure(clean.Outcome(asOf, 90))
	say("features", customers)
	say("features: what cleaning removed", clean.Ledger)
	say("features: outcome", next)

	method := cluster.KMeans{K: 4, Seed: 1}
	recipe := segkit.Recipe{Columns: []string{"recency", "orders", "basket"}, Prep: []prep.Transformer{prep.Log1p{}, prep.Standardize{}}, Method: method}
	x := sure(recipe.Prepare(customers))
	say("scaling", x)
	for _, p := range []prep.Transformer{prep.Robust{}, prep.MinMax{}, prep.Winsor{}, prep.YeoJohnson{}, prep.Quantile{}, prep.PCA{}} {
		say(fmt.Sprintf("scaling: %T", p), sure(prep.Apply(sure(recipe.Select(customers)), p)))
	}
	small := firstRows(x, 700)
	for _, m := range []cluster.Method{
		cluster.KMeans{K: 5, Seed: 1}, cluster.KMeans{K: 3, Seed: 1, MinShare: .2, Restarts: 2}, cluster.MiniBatch{K: 4, Seed: 1},
		cluster.GaussianMixture{K: 3, Seed: 1, Restarts: 2}, cluster.GaussianMixture{K: 3, Seed: 1, Restarts: 2, Shape: cluster.DiagonalCovariance},
	} {
		say(label(m), sure(cluster.Fit(x, m)))
	}
	for _, m := range []cluster.Method{
		cluster.KMedoids{K: 4, Seed: 1}, cluster.KMedoids{K: 3, Seed: 1, Distance: distance.Gower}, cluster.KPrototypes{K: 4, Seed: 1, Restarts: 3},
		cluster.Hierarchical{K: 4}, cluster.Hierarchical{K: 4, Linkage: cluster.Average}, cluster.Hierarchical{K: 4, Linkage: cluster.Complete},
		cluster.Hierarchical{K: 4, Linkage: cluster.Single}, cluster.DBSCAN{}, cluster.HDBSCAN{MinSize: 15},
	} {
		say(label(m), sure(cluster.Fit(small, m)))
	}
	answers := firstRows(sure(sure(datasets.Survey("shop")).Select("reads_newsletter", "has_garden", "has_children", "buys_elsewhere")), 400)
	say("cluster.LatentClass", sure(cluster.Fit(answers, cluster.LatentClass{K: 2, Seed: 1, Restarts: 2})))

	model := sure(recipe.Fit(customers))
	segments := sure(model.Score(customers))
	say("model", model)
	say("segments", segments)
	ofSmall := sure(cluster.Fit(small, method)).Segments()
	say("silhouettes", sure(measure.Silhouette(small, ofSmall)))
	say("Davies-Bouldin, Calinski-Harabasz, Dunn", []float64{sure(measure.DaviesBouldin(x, segments)), sure(measure.CalinskiHarabasz(x, segments)), sure(measure.Dunn(small, ofSmall))})
	fewer := firstRows(customers, 700)
	plain := recipe
	plain.Method = cluster.KMeans{K: 4, Seed: 1, Restarts: 3}
	sweep := sure(choose.SweepK(fewer, plain, 2, 5, choose.SweepOptions{Draws: 9}))
	say("sweep", sweep)
	say("sweep: advice", sweep.Advice())
	say("stability", sure(choose.Stability(fewer, plain, choose.StabilityOptions{Pairs: 8, Draws: 1})))
	say("gap", sure(choose.Gap(fewer, plain, 2, 4, choose.GapOptions{Draws: 5})))
	say("prediction strength", sure(choose.PredictionStrength(fewer, plain, 2, 4, choose.PredictionOptions{Splits: 3})))

	say("profile", sure(describe.Segments(customers, segments)))
	rules := sure(rulebook.Explain(customers, segments, rulebook.Options{}))
	say("rules", rules)
	scores := sure(rfm.Score(customers, rfm.Options{}))
	say("RFM", scores)
	say("RFM: segments", sure(scores.Segments(nil)))

	split := firstRows(customers, 1500)
	for _, p := range []predict.Predictor{predict.Tree{}, predict.Forest{Trees: 30, Seed: 1}, predict.Boosted{Rounds: 10}, predict.Logistic{}, predict.Neighbors{}, predict.NearestCenter{}} {
		c := sure(predict.Fit(split, segments, p))
		say(label(p)+": what was learned", figures{c})
		say(label(p), sure(c.Predict(customers)))
	}

	summary := sure(value.Summarize(clean, asOf, value.SummaryOptions{Unit: value.Week}))
	buying, spending := sure(value.BGNBD{}.Fit(summary)), sure(value.GammaGamma{}.Fit(summary))
	say("BG/NBD", figures{buying})
	say("gamma-gamma", figures{spending})
	say("Pareto/NBD", figures{sure(value.ParetoNBD{}.Fit(summary))})
	forecast := sure(buying.Forecast(summary, value.Horizon{Days: 90, Spend: spending, Draws: 50}))
	say("forecast", forecast)
	say("forecast: worth of segments", sure(forecast.By(segments)))
	say("survival", sure(value.SurvivalOf(stays(customers), "weeks", "left", segments)))
	say("shifted beta geometric", sure(value.ShiftedBetaGeometric{}.Fit(value.Stays{Ended: []float64{131, 126, 90, 60, 42, 34, 26}, Going: []float64{0, 0, 0, 0, 0, 0, 491}})))

	baskets := sure(basket.FromOrders(clean))
	say("association rules", sure(baskets.Rules(basket.Options{Permutations: 20})))
	say("baskets of segments", sure(baskets.BySegment(segments, basket.Options{})))
	if !all {
		return nil
	}
	say("verdict", sure(judge.Segments(customers, segments, judge.Options{Outcome: next, Sweep: sweep, Rules: rules})))
	contents := sure(analysis.Run(context.Background(), orders, nil, nil, nil, analysis.Choices{AsOf: asOf, Seed: 1}))
	contents.MadeBy, contents.Seed = "test", 1
	for _, f := range sure(contents.Files()) {
		say("report: "+f.Name, figures{string(f.Data)})
	}
	return nil
}

func sure[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// label is a method or a predictor with the options that differ from the default.
func label(m any) string {
	v := reflect.ValueOf(m)
	var options []string
	for i := range v.NumField() {
		if f := v.Field(i); !f.IsZero() && v.Type().Field(i).Name != "Seed" {
			options = append(options, fmt.Sprintf("%s %v", v.Type().Field(i).Name, f.Interface()))
		}
	}
	return strings.TrimSpace(fmt.Sprintf("%T %s", m, strings.Join(options, ", ")))
}

// stays are the weeks from 0 to 99 for which customers were followed, by their recency; those who ordered within 90 days have not left.
func stays(customers *table.Table) *table.Table {
	recency := sure(customers.Index("recency"))
	var data []float64
	for i := range customers.Len() {
		days, left := customers.At(i, recency), 0.0
		if days > 90 {
			left = 1
		}
		data = append(data, math.Floor(days/7), left)
	}
	return sure(table.New(customers.IDs(), []table.Column{{Name: "weeks"}, {Name: "left"}}, data))
}

func firstRows(t *table.Table, n int) *table.Table {
	rows := make([]int, min(n, t.Len()))
	for i := range rows {
		rows[i] = i
	}
	return t.Rows(rows)
}

// figures are results that are floating-point numbers above all: their words tell these numbers, and where a tree is cut follows from them.
type figures struct{ of any }

// hashed is a short hash of all exported fields of a value, and of what they point to. Without bits it leaves out floating-point numbers.
func hashed(v any, bits bool) string {
	h := sha256.New()
	if f, ok := v.(figures); ok && bits {
		v = f.of
	} else if ok {
		return "-"
	}
	walk(h, reflect.ValueOf(v), bits)
	return fmt.Sprintf("%x", h.Sum(nil)[:6])
}

func walk(h hash.Hash, v reflect.Value, bits bool) {
	if !v.IsValid() {
		fmt.Fprint(h, "nil;")
		return
	}
	if v.CanInterface() {
		switch o := v.Interface().(type) {
		case time.Time:
			fmt.Fprint(h, o.UTC(), ";")
			return
		case *table.Table:
			if o != nil {
				walk(h, reflect.ValueOf(o.IDs()), bits)
				walk(h, reflect.ValueOf(o.Columns()), bits)
				for i := range o.Len() {
					walk(h, reflect.ValueOf(o.Row(i)), bits)
				}
				return
			}
		case *mat.Dense:
			if o != nil {
				walk(h, reflect.ValueOf(o.RawMatrix()), bits)
				return
			}
		}
	}
	switch v.Kind() {
	case reflect.Float64, reflect.Float32:
		if bits {
			f := v.Float()
			if math.IsNaN(f) {
				f = math.NaN() // one for all
			}
			fmt.Fprintf(h, "%x;", math.Float64bits(f))
		}
	case reflect.Pointer, reflect.Interface:
		walk(h, v.Elem(), bits)
	case reflect.Slice, reflect.Array:
		fmt.Fprintf(h, "[%d]", v.Len())
		for i := range v.Len() {
			walk(h, v.Index(i), bits)
		}
	case reflect.Map:
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
		for _, k := range keys {
			walk(h, k, bits)
			walk(h, v.MapIndex(k), bits)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				walk(h, v.Field(i), bits)
			}
		}
	case reflect.Func, reflect.Chan:
	default:
		fmt.Fprint(h, v, ";")
	}
}
