package nb

import (
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/combine"
	"github.com/segkit/lab/segkit/compare"
	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/geo"
	"github.com/segkit/lab/segkit/judge"
	"github.com/segkit/lab/segkit/measure"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/privacy"
	"github.com/segkit/lab/segkit/rfm"
	"github.com/segkit/lab/segkit/rulebook"
	"github.com/segkit/lab/segkit/table"
	"github.com/segkit/lab/segkit/weblog"
)

// orders is a small file with some of everything.
const orders = `order_id,date,customer_id,product_id,quantity,price
1,2025-01-03,a,p1,2,10.50
2,2025-01-09,b,p2,1,99.99
2,2025-01-09,b,p2,1,99.99
3,2025-02-01,a,p1,-2,10.50
4,2025-02-11,,p3,1,5
5,2025-03-01,c,p3,3,5
`

// ours makes one value of each result type that Memo keeps, by the type's name.
func ours(t *testing.T) map[string]any {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	ids, data := make([]string, 60), make([]float64, 0, 180)
	for i := range ids {
		ids[i] = "c" + string(rune('A'+i/26)) + string(rune('a'+i%26))
		data = append(data, random.NormFloat64()+float64(i%3)*5, math.Exp(random.NormFloat64()), float64(i%2))
	}
	data[4*3+2] = math.NaN()
	rows, err := table.New(ids, []table.Column{{Name: "orders"}, {Name: "spend", Unit: "EUR", Role: table.Value},
		{Name: "city", Levels: []string{"Köln", "Bonn"}, Role: table.Descriptor}}, data)
	check(t, err)
	recipe := segkit.Recipe{Columns: []string{"orders", "spend"}, Prep: []prep.Transformer{prep.Log1p{Columns: []string{"spend"}}, prep.Standardize{}, prep.PCA{}},
		Method: cluster.KMeans{K: 3, Restarts: 3}}
	x, err := recipe.Prepare(rows)
	check(t, err)
	sweep, err := choose.SweepK(rows, recipe, 1, 3, choose.SweepOptions{Draws: 2})
	check(t, err)
	model, err := recipe.Fit(rows)
	check(t, err)
	segments, err := model.Score(rows)
	check(t, err)
	silhouettes, err := measure.Silhouette(x, segments)
	check(t, err)
	matching, err := compare.Match(segments, segments)
	check(t, err)
	gap, err := choose.Gap(x, segkit.Recipe{Method: cluster.KMeans{Restarts: 1}}, 1, 3, choose.GapOptions{Draws: 2})
	check(t, err)
	strengths, err := choose.PredictionStrength(x, segkit.Recipe{Method: cluster.KMeans{Restarts: 1}}, 1, 2, choose.PredictionOptions{Splits: 2})
	check(t, err)
	stabilities, err := choose.Stability(rows, recipe, choose.StabilityOptions{Pairs: 2, Draws: 1})
	check(t, err)
	influences, err := describe.Influence(x, segments, recipe.Method)
	check(t, err)
	mixed, err := cluster.Fit(x, cluster.GaussianMixture{K: 2})
	check(t, err)
	importances, err := judge.Importance(rows, recipe, judge.ImportanceOptions{Draws: 1})
	check(t, err)
	criteria, err := choose.SweepBIC(x, 1, 2, cluster.GaussianMixture{Restarts: 1})
	check(t, err)
	answers, err := table.New(ids[:3], []table.Column{{Name: "near"}, {Name: "cheap"}}, []float64{0, 1, 1, math.NaN(), 1, 0})
	check(t, err)
	classes, err := cluster.Fit(answers, cluster.LatentClass{K: 2, Restarts: 1})
	check(t, err)
	read, err := features.ParseOrders(strings.NewReader(orders), "orders.csv", features.OrdersOptions{})
	check(t, err)
	clean, err := read.Clean(features.NoCustomer, features.Duplicate)
	check(t, err)
	dictionary, err := clean.Dictionary(Date("2025-02-20"))
	check(t, err)
	profile, err := describe.Segments(rows, segments)
	check(t, err)
	staff := &rulebook.Book{Rules: []rulebook.Rule{{Name: "Staff", When: "spend > 2"}}}
	carved, err := rulebook.Carve(rows, staff, segkit.Recipe{Columns: []string{"orders"}, Method: cluster.KMeans{K: 2, Restarts: 1}})
	check(t, err)
	adoption, err := rulebook.Adopt(rows, staff, segments)
	check(t, err)
	days := make([]float64, 0, 180)
	for i := range ids {
		days = append(days, float64(i), float64(1+i%7), float64(i*i))
	}
	history, err := table.New(ids, []table.Column{{Name: "recency", LowerIsBetter: true}, {Name: "orders"}, {Name: "spend"}}, days)
	check(t, err)
	scores, err := rfm.Score(history, rfm.Options{})
	check(t, err)
	refined, err := rulebook.Refine(rows, segments, rulebook.Edit{Move: segments.Names[0], When: "spend > 1", Into: segments.Names[1]})
	check(t, err)
	comparison, err := compare.Outcomes(rows, "spend", segments, refined.Segments, 1)
	check(t, err)
	explanation, err := rulebook.Explain(rows, segments, rulebook.Options{})
	check(t, err)
	often := &rulebook.Book{Rules: []rulebook.Rule{{Name: "Often", When: "orders >= 2"}}, Rest: "Others", File: "rules.txt", Lines: []int{1}}
	lint, err := often.Lint(rows)
	check(t, err)
	verdict, err := judge.Segments(rows, segments, judge.Options{Rules: explanation, Stability: stabilities, Sweep: sweep})
	check(t, err)
	city, err := privacy.Cross(rows, segments, "city", "spend")
	check(t, err)
	suppressed, err := privacy.Suppress(city, privacy.Rules{})
	check(t, err)
	proxied := privacy.Proxied{{Attribute: "age", Classes: []string{"18 to 35 years", "36 to 92 years"}, Customers: 60, Right: .6, Low: .5, High: .7, Chance: .5, Lift: .2, P: .01}}
	released, err := privacy.Release(rows, privacy.ReleaseOptions{Quasi: []string{"orders", "city"}})
	check(t, err)
	naming, err := privacy.Identifiers(rows)
	check(t, err)
	replies, err := table.New(ids[:40], []table.Column{{Name: "mood"}}, data[:40])
	check(t, err)
	joined, err := combine.Tables(combine.Sources{{Name: "orders", Table: rows}, {Name: "survey", Table: replies}})
	check(t, err)
	coverage, err := joined.Coverage()
	check(t, err)
	bias, err := joined.Bias("survey")
	check(t, err)
	views := combine.Views{{Name: "orders", Segments: segments, Table: rows}, {Name: "refined", Segments: refined.Segments}}
	agreements, err := combine.Agreement(views)
	check(t, err)
	agreed, err := combine.Consensus(views, combine.Limits{K: 3})
	check(t, err)
	prices, err := combine.Price(views, combine.PriceOptions{Pairs: 2, Next: rows, Metric: "spend"}, agreed)
	check(t, err)
	homes, err := table.New(ids[:2], []table.Column{{Name: "latitude"}, {Name: "longitude"}}, []float64{50, 7, math.NaN(), 8})
	check(t, err)
	places, err := geo.Locate(homes, geo.Options{})
	check(t, err)
	cities, err := table.New([]string{"Köln", "Bonn"}, []table.Column{{Name: "rich"}}, []float64{1, 2})
	check(t, err)
	lookup, err := geo.Traits(rows, "city", cities)
	check(t, err)
	hits, err := weblog.ParseVisits(strings.NewReader("visitor,time,page\na,2025-01-01 10:00,/\na,2025-01-01 10:01,/cart\nb,2025-01-02 10:00,/\n"), "hits.csv", weblog.VisitsOptions{})
	check(t, err)
	visits, err := hits.Clean(weblog.KnownBot)
	check(t, err)
	funnel, err := visits.Funnel(Date("2025-01-02"))
	check(t, err)
	transitions, err := visits.Transitions(Date("2025-01-02"))
	check(t, err)
	habits, err := visits.Habits(Date("2025-01-02"))
	check(t, err)
	cookies, err := visits.Cookies(Date("2025-01-02"), 7)
	check(t, err)
	overlap, err := visits.Overlap(Date("2025-01-02"), rows)
	check(t, err)
	conversion, err := visits.Conversion(Date("2025-01-02"), clean)
	check(t, err)
	visitWords, err := visits.Dictionary(Date("2025-01-02"))
	check(t, err)
	return map[string]any{
		"geo.Places": places, "geo.Lookup": lookup,
		"weblog.Audit": hits.Audit(), "weblog.Habits": habits, "weblog.Cookies": cookies, "weblog.Overlap": overlap, "weblog.Conversion": conversion,
		"weblog.Ledger": visits.Ledger, "weblog.Funnel": funnel, "weblog.Transitions": transitions, "weblog.Dictionary": visitWords,
		"combine.Coverage": coverage, "combine.Bias": bias, "combine.Agreements": agreements, "combine.Combination": agreed, "combine.Prices": prices,
		"rulebook.Explanation": explanation,
		"privacy.Suppressed":   suppressed, "privacy.Proxied": proxied, "privacy.Released": released, "privacy.Found": naming,
		"judge.Verdict": verdict, "judge.ColumnSpreads": verdict.SpreadWithin,
		"rulebook.Refined": refined, "compare.Comparison": comparison,
		"describe.Profile": profile, "describe.Differences": profile.Differences(), "describe.Personas": profile.Personas(),
		"table.Summary": rows.Summary(), "prep.FittedPCA": model.Transforms[2],
		"rulebook.Carved": carved, "rulebook.Adoption": adoption,
		"table.Table": rows, "table.Segments": segments, "choose.Sweep": sweep, "segkit.Model": model,
		"choose.NullControl": sweep.Control, "choose.Panel": sweep.Panel(), "choose.Advice": sweep.Advice(), "choose.GapStatistic": gap, "choose.PredictionStrengths": strengths,
		"measure.Silhouettes": silhouettes, "starts.Evidence": model.Restarts(),
		"compare.Matching": matching, "choose.Stabilities": stabilities, "describe.Influences": influences, "judge.Importances": importances, "cluster.FittedMixture": mixed.Assigner,
		"choose.BICSweep": criteria, "cluster.FittedLatentClass": classes.Assigner,
		"rulebook.Book": often, "rulebook.Lint": lint,
		"features.Ledger": clean.Ledger, "features.Audit": read.Audit(), "rfm.Scores": scores, "features.Dictionary": dictionary,
	}
}

// notKept are the result types that Memo refuses, and why nobody misses them.
var notKept = map[string]string{
	"privacy.Shared":   "it holds the customers that it was made of, to cross them; its Profile, which pages show, is kept",
	"features.Orders":  "reading remembers by itself",
	"weblog.Visits":    "reading remembers by itself",
	"geo.Boundaries":   "reading them is quick",
	"geo.Spellings":    "finding them is quick",
	"combine.Combined": "joining takes no longer than reading what was kept",
	"segkit.Scored":    "it counts what was written to a file, which must be written again",
}

// Every result of the packages below is kept, or refused for a reason.
func TestNoResultTypeIsForgotten(t *testing.T) {
	method := regexp.MustCompile(`(?m)^func \((?:\w+ )?\*?(\w+)\) Sheet\(\) sheet\.Sheet`)
	kept := ours(t)
	found := 0
	for _, name := range []string{"segkit", "table", "prep", "compare", "combine", "starts", "cluster", "measure", "describe", "choose", "rulebook", "judge", "privacy", "features", "geo", "rfm", "weblog"} {
		pattern := "../" + name + "/*.go"
		if name == "segkit" {
			pattern = "../*.go"
		}
		files, err := filepath.Glob(pattern)
		check(t, err)
		for _, file := range files {
			source, err := os.ReadFile(file)
			check(t, err)
			for _, m := range method.FindAllStringSubmatch(string(source), -1) {
				kind := name + "." + m[1]
				if found++; kept[kind] == nil && notKept[kind] == "" {
					t.Errorf("%s: does Memo keep %s? Add one to ours, or the reason to notKept", file, kind)
				}
			}
		}
	}
	if found < 10 {
		t.Errorf("only %d result types found", found)
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestOurTypesComeBackExactly(t *testing.T) {
	for name, v := range ours(t) {
		if got := strings.TrimPrefix(reflect.TypeOf(v).String(), "*"); got != name {
			t.Errorf("%s is a %s", name, got)
		}
		kind := reflect.TypeOf(v)
		if err := storable(kind); err != nil {
			t.Errorf("%s is refused: %v", name, err)
			continue
		}
		data, err := encode(nil, reflect.ValueOf(v), 0)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		back := reflect.New(kind).Elem()
		if err := decode(data, back); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if at := difference(reflect.ValueOf(v), back, name); at != "" {
			t.Errorf("%s comes back changed at %s", name, at)
		}
	}
}

func TestDifferenceFindsOne(t *testing.T) {
	rows := ours(t)["table.Table"].(*table.Table)
	for at, other := range map[string]*table.Table{"t.raw.IDs (length)": rows.Head(59), "t.raw.Columns (length)": must(rows.Select("orders", "spend"))} {
		if got := difference(reflect.ValueOf(rows), reflect.ValueOf(other), "t"); got != at {
			t.Errorf("%q, want %q", got, at)
		}
	}
	if difference(reflect.ValueOf([]string{}), reflect.ValueOf([]string(nil)), "x") == "" {
		t.Error("nil and empty pass for the same")
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// difference returns where a and b differ, "" if they are the same to the bit, unexported fields and nil slices included.
func difference(a, b reflect.Value, path string) string {
	switch a.Kind() {
	case reflect.Float64, reflect.Float32:
		if math.Float64bits(a.Float()) != math.Float64bits(b.Float()) {
			return path
		}
		return ""
	case reflect.Pointer, reflect.Interface, reflect.Slice, reflect.Map:
		if a.IsNil() || b.IsNil() {
			if a.IsNil() != b.IsNil() {
				return path + " (nil)"
			}
			return ""
		}
	}
	switch a.Kind() {
	case reflect.Pointer, reflect.Interface:
		if a.Elem().Type() != b.Elem().Type() {
			return path + " (type)"
		}
		return difference(a.Elem(), b.Elem(), path)
	case reflect.Struct:
		for i := range a.NumField() {
			if at := difference(a.Field(i), b.Field(i), path+"."+a.Type().Field(i).Name); at != "" {
				return at
			}
		}
	case reflect.Slice, reflect.Array:
		if a.Len() != b.Len() {
			return path + " (length)"
		}
		for i := range a.Len() {
			if at := difference(a.Index(i), b.Index(i), path+"[]"); at != "" {
				return at
			}
		}
	case reflect.Map:
		for _, key := range a.MapKeys() {
			if v := b.MapIndex(key); !v.IsValid() || difference(a.MapIndex(key), v, path) != "" {
				return path + " (map)"
			}
		}
		if a.Len() != b.Len() {
			return path + " (length)"
		}
	default:
		if !a.Equal(b) {
			return path
		}
	}
	return ""
}
