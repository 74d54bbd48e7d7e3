package chart

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/measure"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/rfm"
	"github.com/segkit/lab/segkit/table"
)

// shop makes n customers in k segments of falling size, with the given names.
func shop(t testing.TB, n, k int, names []string) (*table.Table, *table.Segments) {
	t.Helper()
	r := rand.New(rand.NewPCG(7, uint64(k)))
	var ids []string
	var labels table.Labels
	var data []float64
	for i := range n {
		l := int(float64(k) * math.Pow(r.Float64(), 1.5))
		if i == 0 {
			l = k - 1
		}
		gap := 30 + 10*r.NormFloat64()
		if i%3 == 0 {
			gap = math.NaN()
		}
		ids, labels = append(ids, fmt.Sprintf("c%05d", i)), append(labels, l)
		data = append(data, math.Exp(3+0.4*float64(l)+0.7*r.NormFloat64()), math.Floor(math.Exp(5-0.3*float64(l)+0.5*r.NormFloat64())),
			1+math.Floor(r.ExpFloat64()*float64(l+1)), gap, 7, float64(r.IntN(2)))
	}
	columns := []table.Column{{Name: "spend", Unit: "EUR", Role: table.Value}, {Name: "recency", Unit: "days", LowerIsBetter: true},
		{Name: "orders"}, {Name: "gap", Unit: "days"}, {Name: "alike"}, {Name: "active"}}
	rows, err := table.New(ids, columns, data)
	if err != nil {
		t.Fatal(err)
	}
	s, err := table.NewSegments(ids, labels, names)
	if err != nil {
		t.Fatal(err)
	}
	return rows, s
}

// lonely adds to shop what charts stumble over: a segment of one, an empty one, customers in none.
func lonely(t testing.TB) (*table.Table, *table.Segments) {
	rows, s := shop(t, 60, 3, nil)
	s.Names = []string{"1", hostile, strings.Repeat("Donaudampfschifffahrt", 9), "empty"}
	seen := false
	for i, l := range s.Labels {
		if l == 2 && seen {
			s.Labels[i] = table.Noise
		}
		seen = seen || l == 2
	}
	return rows, s
}

func days(n int) dailies {
	var out dailies
	for i := range n {
		if i%7 != 3 {
			out = append(out, features.Day{Date: time.Date(2024, 11, 20, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i), Revenue: float64(1000 + 1000*(i%5)), Orders: 3})
		}
	}
	return out
}

type dailies []features.Day

func (d dailies) Daily() []features.Day { return d }
func (d dailies) Currency() string      { return "GBP" }

var longNames = []string{"rare, lapsed, small basket", "frequent, high-value", "recent", "big basket", "frequent, recent, high-value, big basket, many categories",
	"<script>alert(1)</script>", "one-time", "average", "lapsed", "rare", "lapsed and rare, but with a very big basket whenever they come", "new"}

// gallery draws every chart for a shop of k segments.
func gallery(t testing.TB, k int) map[string]*Figure {
	t.Helper()
	rows, s := shop(t, 600, k, longNames[:k])
	return charts(t, rows, s)
}

func charts(t testing.TB, rows *table.Table, s *table.Segments) map[string]*Figure {
	t.Helper()
	out := map[string]*Figure{}
	add := func(name string) func(*Figure, error) {
		return func(f *Figure, err error) {
			t.Helper()
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			out[name] = f
		}
	}
	recipe := segkit.Recipe{Columns: []string{"spend", "recency", "orders"}, Prep: []prep.Transformer{prep.Log1p{}, prep.Standardize{}}, Method: cluster.KMeans{Restarts: 2}}
	prepared, err := recipe.Prepare(rows)
	if err != nil {
		t.Fatal(err)
	}
	if s.K() > 1 {
		silhouettes, err := measure.Silhouette(prepared, s)
		if err != nil {
			t.Fatal(err)
		}
		add("silhouette")(Silhouette(silhouettes))
	}
	profile, err := describe.Segments(rows, s)
	if err != nil {
		t.Fatal(err)
	}
	sweep, err := choose.SweepK(rows, recipe, 2, 10, choose.SweepOptions{Draws: 3})
	if err != nil {
		t.Fatal(err)
	}
	add("elbow")(Elbow(sweep))
	add("profile")(Profile(profile))
	add("sizes")(Sizes(s, rows, "spend"))
	add("sizes alone")(Sizes(s, rows, ""))
	add("scatter")(Scatter(prepared, s))
	add("biplot")(Biplot(prepared, s))
	add("biplot of customers alone")(Biplot(rows, nil))
	add("outcome")(Outcome(s, rows, "spend"))
	add("outcome of 0 and 1")(Outcome(s, rows, "active"))
	add("outcome without spread")(Outcome(s, rows, "alike"))
	add("before and after")(BeforeAfter(rows, recipe))
	add("histograms")(Histograms(rows))
	add("histogram")(Histograms(rows, "alike"))
	add("lorenz")(Lorenz(rows, "spend"))
	add("missingness")(Missingness(rows))
	add("answers")(Answers(battery(), "price matters", "quality matters"))
	add("daily revenue")(DailyRevenue(days(400)))
	pca, err := prep.PCA{}.Fit(prepared)
	if err != nil {
		t.Fatal(err)
	}
	add("scree")(Scree(pca))
	joined, err := cluster.Fit(prepared, cluster.Hierarchical{K: 1})
	if err != nil {
		t.Fatal(err)
	}
	add("dendrogram")(Dendrogram(joined.Tree, s.K()))
	add("correlation")(Correlation(rows))
	clusters, err := cluster.Fit(prepared, cluster.KMeans{K: 3, Restarts: 1})
	if err != nil {
		t.Fatal(err)
	}
	again, err := table.NewSegments(prepared.IDs(), clusters.Labels, nil)
	if err != nil {
		t.Fatal(err)
	}
	add("agreement")(Agreement([]string{"k-means", "the given segments", hostile}, []*table.Segments{again, s, s}))

	made := madeSweep(rows.IDs(), s.K())
	add("stability")(Stability(made))
	add("segment-stability")(SegmentStability(madeStabilities(s.K(), s.Names)))
	add("alluvial")(Alluvial(made))
	add("alluvial-by")(AlluvialBy(made, rows, "spend"))
	add("flow")(Flow(madeMatching(t, s)))
	add("starts")(Starts(made))
	add("elbow of uneven starts")(Elbow(made))

	add("rule-tree")(RuleTree(madeExplanation(s)))
	add("boxes")(Boxes(rows, s))
	add("boxes-of-a-survey")(Boxes(madeSurvey(t, s, false), s))
	add("mosaic")(Mosaic(madeSurvey(t, s, false), s, "city"))
	add("mosaic of a number")(Mosaic(rows, s, "gap"))
	add("bubble")(Bubble(profile, "recency", "orders", "spend"))
	add("bubble of shares")(Bubble(profile, "spend", "", ""))
	add("verdict-board")(VerdictBoard(madeVerdict(s)))
	scored, err := rfm.Score(rows, rfm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	add("recency-frequency")(RecencyFrequency(scored, rows, ""))
	scored, err = rfm.Score(rows, rfm.Options{Bins: 9})
	if err != nil {
		t.Fatal(err)
	}
	add("recency and frequency in nine")(RecencyFrequency(scored, rows, "gap"))
	lint, err := madeBook(s.Names).Lint(rows)
	if err != nil {
		t.Fatal(err)
	}
	add("overlap")(Overlap(lint))
	gap, err := choose.Gap(prepared, segkit.Recipe{Method: cluster.KMeans{Restarts: 1}}, 1, 6, choose.GapOptions{Draws: 3})
	if err != nil {
		t.Fatal(err)
	}
	add("gap")(Gap(gap))
	survey, answers := madeSurvey(t, s, false), madeSurvey(t, s, true)
	described := madeProfile(t, survey, s)
	add("profile-plot")(ProfilePlot(described))
	add("profile plot of answers")(ProfilePlot(madeProfile(t, answers, s)))
	add("profile plot of a shop")(ProfilePlot(profile))
	add("heatmap")(Heatmap(described))
	add("heatmap of a shop")(Heatmap(profile))
	report := madeReport(t, s)
	add("confusion")(Confusion(report))
	add("calibration")(Calibration(report))
	add("cold-start")(ColdStart(report))
	add("accuracy-by-length")(AccuracyByLength(golden5))
	add("accuracy-by-segment")(AccuracyBySegment(golden5))
	ranking, err := report.Rank(s.Names[0])
	if err != nil {
		t.Fatal(err)
	}
	add("gain")(Gain(ranking))
	addValue(t, add)
	add("lift")(Lift(ranking))
	return out
}

var textElement = regexp.MustCompile(`<text x="([^"]+)" y="([^"]+)" textLength="([^"]+)"[^>]*?( transform="[^"]*")?>(?:<title>([^<]*)</title>)?([^<]*)</text>|font-size="([^"]+)"`)

type box struct {
	x0, x1, y0, y1 float64
	text           string
}

// texts returns where every level text of the picture stands, in pixels.
func texts(svg []byte) (boxes []box) {
	size := 0.0
	number := func(s []byte) float64 { v, _ := strconv.ParseFloat(string(s), 64); return v }
	for _, m := range textElement.FindAllSubmatch(svg, -1) {
		if len(m[7]) > 0 {
			size = number(m[7])
			continue
		}
		if len(m[4]) > 0 {
			continue // turned
		}
		x, y := number(m[1]), number(m[2])
		boxes = append(boxes, box{x, x + number(m[3]), y - 0.7*size, y + 0.1*size, string(m[6])})
	}
	return boxes
}

// No text may be cut off or lie on another: at three segments, at twelve, at one, and with all that is odd.
func TestTextsStayInsideThePictureAndApart(t *testing.T) {
	sets := map[string]map[string]*Figure{"odd": nil}
	for _, k := range []int{1, 3, 10, 12} {
		sets[fmt.Sprint("k=", k)] = gallery(t, k)
	}
	rows, s := lonely(t)
	sets["odd"] = charts(t, rows, s)
	for set, figures := range sets {
		for name, f := range figures {
			apartAndInside(t, set+", "+name, f)
		}
	}
}

func apartAndInside(t *testing.T, name string, f *Figure) {
	t.Helper()
	svg, err := f.SVG()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	w, h := f.size()
	boxes := texts(svg)
	if len(boxes) < 3 {
		t.Errorf("%s: only %d texts", name, len(boxes))
	}
	for i, b := range boxes {
		if b.x0 < 0 || b.x1 > w.Points()*pixels+0.5 || b.y0 < 0 || b.y1 > h.Points()*pixels {
			t.Errorf("%s: %q is cut off: %+v", name, b.text, b)
		}
		for _, o := range boxes[:i] {
			if b.x0 < o.x1 && o.x0 < b.x1 && b.y0 < o.y1 && o.y0 < b.y1 {
				t.Errorf("%s: %q lies on %q", name, b.text, o.text)
			}
		}
	}
}

func TestEveryChartIsTitledDescribedAndRepeatable(t *testing.T) {
	first, second := gallery(t, 10), gallery(t, 10)
	for name, f := range first {
		if len(f.Title) < 10 || len(f.Alt) < 40 {
			t.Errorf("%s: title %q, description %q", name, f.Title, f.Alt)
		}
		for _, text := range []string{f.Title, f.Alt, f.Note} {
			if strings.Contains(text, "NaN") || strings.Contains(text, "Inf") || strings.Contains(text, "%!") {
				t.Errorf("%s says %q", name, text)
			}
		}
		svg, err := f.SVG()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		element(t, svg, "svg")
		if regexp.MustCompile(`(NaN|Inf)`).Match(svg) {
			t.Errorf("%s draws at NaN", name)
		}
		again, err := second[name].SVG()
		if err != nil || !bytes.Equal(svg, again) {
			t.Errorf("%s: two drawings of one result differ (%v)", name, err)
		}
		if len(svg) > 150_000 {
			t.Errorf("%s weighs %d bytes", name, len(svg))
		}
	}
}
