package chart

import (
	"fmt"
	"html"
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/basket"
	"github.com/segkit/lab/segkit/campaign"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/measure"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/rfm"
	"github.com/segkit/lab/segkit/table"
	"github.com/segkit/lab/segkit/track"
	"github.com/segkit/lab/segkit/value"
	"github.com/segkit/lab/segkit/weblog"
)

// world is a shop that strains pictures: how many customers and segments it has, what it calls things, and what its numbers are like.
type world struct {
	customers, segments int
	long                bool                              // questions of 150 characters, products of 80, segments of 60
	word                string                            // that all names are made of
	number              func(i, l int, z float64) float64 // of customer i, in segment l, with a standard normal z
	counts              int                               // of what charts only count, such as visits; money is 1,000 times as much
}

var worlds = map[string]world{
	"long names":   {customers: 600, segments: 12, long: true, word: "household", number: func(i, l int, z float64) float64 { return math.Exp(5 + .3*float64(l) + z) }, counts: 3_456},
	"long words":   {customers: 300, segments: 5, long: true, word: "Donaudampfschifffahrtsgesellschaftskapitän", number: func(i, l int, z float64) float64 { return 40 + 9*float64(l) + 5*z }, counts: 250},
	"great values": {customers: 300, segments: 4, word: "loyal", number: func(i, l int, z float64) float64 { return 1e7 * math.Exp(.5*float64(l)+z) }, counts: 98_765_432},
	"below zero":   {customers: 300, segments: 3, word: "owing", number: func(i, l int, z float64) float64 { return -300*float64(l+1) + 90*z }, counts: 77},
	"Chinese":      {customers: 300, segments: 5, word: "高价值客户群", number: func(i, l int, z float64) float64 { return 40 + 9*float64(l) + 5*z }, counts: 250},
	"long Chinese": {customers: 300, segments: 5, word: strings.Repeat("高价值客户群", 10), number: func(i, l int, z float64) float64 { return 40 + 9*float64(l) + 5*z }, counts: 250},
	"Arabic":       {customers: 300, segments: 3, word: "عملاء", number: func(i, l int, z float64) float64 { return 40 + 9*float64(l) + 5*z }, counts: 250},
	"all alike":    {customers: 60, segments: 2, word: "alike", number: func(i, l int, z float64) float64 { return 5 }, counts: 10},
	"one segment":  {customers: 60, segments: 1, word: "all", number: func(i, l int, z float64) float64 { return 40 + 5*z }, counts: 10},
	"one customer": {customers: 1, segments: 1, word: "alone", number: func(i, l int, z float64) float64 { return 1 }, counts: 1},
	"two":          {customers: 2, segments: 2, word: "pair", number: func(i, l int, z float64) float64 { return float64(1 + i) }, counts: 2},
	"nothing":      {customers: 3, segments: 2, word: "zero", number: func(i, l int, z float64) float64 { return 0 }, counts: 0},
}

// name is the i-th name, of so many characters where names are long.
func (w world) name(i, length int) string {
	s := fmt.Sprintf("%s %c", w.word, 'A'+i)
	if w.long {
		for j := 0; len([]rune(s)) < length-len(w.word); j++ {
			s += " " + []string{"of", "the", "very", "large"}[j%4] + " " + w.word
		}
	}
	return s
}

func (w world) names(n, length int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = w.name(i, length)
	}
	return out
}

func (w world) shop() (*table.Table, *table.Segments) {
	r := rand.New(rand.NewPCG(3, uint64(w.segments)))
	columns := []table.Column{{Name: "spend", Unit: "EUR", Role: table.Value}, {Name: "recency", Unit: "days", LowerIsBetter: true}, {Name: "orders"}, {Name: "active"},
		{Name: w.name(0, 60), Unit: "EUR"}, {Name: w.name(1, 60), Levels: w.names(4, 60)}, {Name: "latitude"}, {Name: "longitude"}}
	var data []float64
	labels := make(table.Labels, w.customers)
	for i := range labels {
		l := i * i % w.segments
		if i < w.segments {
			l = i
		}
		labels[i] = l
		data = append(data, w.number(i, l, r.NormFloat64()), math.Abs(w.number(i, w.segments-l, r.NormFloat64())), math.Floor(math.Abs(w.number(i, l, r.NormFloat64()))),
			float64(i%2), w.number(i, l, r.NormFloat64()), float64(i%4), 48+3*r.Float64(), 9+4*r.Float64())
	}
	rows := trial.Sure(table.New(ids(w.customers), columns, data))
	return rows, trial.Sure(table.NewSegments(rows.IDs(), labels, w.names(w.segments, 60)))
}

// questions are eight questions on a scale of five steps.
func (w world) questions() *table.Table {
	var columns []table.Column
	for q := range 8 {
		columns = append(columns, table.Column{Name: w.name(q, 150), Levels: w.names(5, 40), Ordered: true})
	}
	var data []float64
	for i := range w.customers {
		for q := range columns {
			data = append(data, float64((i*(q+1)+q)%5))
		}
	}
	return trial.Sure(table.New(ids(w.customers), columns, data))
}

func (w world) coverage() holdings {
	m := min(max(2, w.segments), 12)
	h := holdings{sources: w.names(m, 60)}
	for c := range 2 * m {
		in := make([]bool, m)
		for s := range in {
			in[s] = c == 0 || (s+c)%m < 1+c/2
		}
		h.in, h.n = append(h.in, in), append(h.n, w.counts/(c+1))
	}
	return h
}

func (w world) money(n int) float64 { return 1000 * float64(n) }

func (w world) penetration() *basket.Penetration {
	p := &basket.Penetration{Items: w.names(20, 80), Segments: w.names(w.segments, 60), Level: .05}
	for l := range w.segments {
		p.Customers = append(p.Customers, w.counts/(l+1))
		var gaps []basket.Gap
		for i, item := range p.Items {
			share := float64(i+l) / float64(20+w.segments)
			gaps = append(gaps, basket.Gap{Segment: p.Segments[l], Item: item, Share: share, Rest: .4, Difference: share - .4, Q: .04 * float64(i%3)})
		}
		p.Gaps = append(p.Gaps, gaps)
	}
	return p
}

func (w world) rules() *basket.Rules {
	r := &basket.Rules{Items: w.names(12, 80), Baskets: w.counts}
	for i := range 12 {
		r.Rules = append(r.Rules, basket.Rule{Antecedent: r.Items[i : i+1+i%2*min(1, 11-i)], Consequent: r.Items[(i+5)%12 : (i+5)%12+1], Q: .04 * float64(i%3),
			Measures: basket.Measures{Lift: 30 / float64(i+1), Confidence: .9 / float64(i+1), Support: .1}})
	}
	return r
}

func (w world) migration() *track.Migration {
	k := w.segments
	m := &track.Migration{From: time.Date(2024, 12, 31, 0, 0, 0, 0, time.UTC), To: time.Date(2025, 3, 31, 0, 0, 0, 0, time.UTC), Segments: k, Unit: "EUR",
		States: append(w.names(k, 60), "in no segment", "not a customer"), Draws: 20}
	for a := range k + 2 {
		n, spend, before, still, sd := make([]int, k+2), make([]float64, k+2), make([]float64, k+2), make([]float64, k+2), make([]float64, k+2)
		for b := range k + 2 {
			if a == k+1 && b == k+1 {
				continue
			}
			n[b] = w.counts / (1 + max(a-b, b-a)*3)
			spend[b], before[b], still[b], sd[b] = w.money(n[b])/2, w.money(n[b]), float64(n[b])*.9, 1
		}
		m.Customers, m.Spend, m.Before, m.Still, m.StillSD = append(m.Customers, n), append(m.Spend, spend), append(m.Before, before), append(m.Still, still), append(m.StillSD, sd)
	}
	return m
}

func (w world) history(rows *table.Table, s *table.Segments) *track.History {
	h := &track.History{Names: s.Names}
	for t := range 9 {
		labels := slices.Clone(s.Labels)
		for i := range labels {
			labels[i] = (labels[i] + i*t/40) % s.K()
		}
		h.Dates, h.Tables = append(h.Dates, time.Date(2024, time.Month(2+t), 0, 0, 0, 0, 0, time.UTC)), append(h.Tables, rows)
		h.Segments = append(h.Segments, trial.Sure(table.NewSegments(s.IDs, labels, s.Names)))
	}
	return h
}

func (w world) drifts() (dates []time.Time, out []*track.Drift) {
	for t := range 9 {
		dates = append(dates, time.Date(2024, time.Month(2+t), 0, 0, 0, 0, 0, time.UTC))
		d := &track.Drift{Options: track.DriftOptions{Size: .1}}
		for j := range 7 {
			d.Columns = append(d.Columns, track.ColumnDrift{Column: w.name(j, 60), PSI: float64(t*j) / 20, Limit: .05, Drifted: t*j > 9, Season: j == 3})
		}
		out = append(out, d)
	}
	return dates, out
}

func (w world) life() *track.Life {
	out := &track.Life{LeftOut: w.counts}
	for l, name := range w.names(w.segments, 60) {
		out.Segments = append(out.Segments, track.Stay{Segment: name, Stays: w.counts, Ended: w.counts / 2, Survival: []float64{.8, .6, .4}, Low: []float64{.7, .5, .3}, High: []float64{.9, .7, .5}, Median: float64(1 + l)})
	}
	return out
}

func (w world) cohorts() *track.Cohorts {
	c := &track.Cohorts{Sorting: &track.Sorting{Alpha: 1, Beta: 1, Survival: []float64{1, .5, .33}, Seen: []float64{1, .52, .35}}}
	for m := range 30 {
		c.Months, c.Customers = append(c.Months, time.Date(2022, time.Month(1+m), 1, 0, 0, 0, 0, time.UTC)), append(c.Customers, w.counts/(1+m%3))
		var active []int
		for since := range 30 - m {
			active = append(active, w.counts/(1+m%3)/(1+since))
		}
		c.Active = append(c.Active, active)
	}
	return c
}

func (w world) worth() *value.Worth {
	out := &value.Worth{Days: 1 + w.counts%365, Currency: "EUR", Money: true}
	for l, name := range w.names(w.segments, 60) {
		n := w.counts / (l + 1)
		out.Segments = append(out.Segments, value.SegmentWorth{Segment: name, Customers: n, Orders: value.Range{Mean: float64(n) * 2}, Value: value.Range{Mean: w.money(n) / float64(l+1)},
			Silent: float64(l+1) / float64(w.segments+1), AtRisk: w.money(n) / 4})
	}
	return out
}

func (w world) survival() *value.Survival {
	out := &value.Survival{Unit: "months", LogRank: 9, Degrees: max(1, w.segments-1), P: .003, LeftOut: w.counts}
	for l, name := range w.names(w.segments, 60) {
		out.Curves = append(out.Curves, value.SurvivalCurve{Segment: name, Customers: w.counts, Ended: w.counts / 2, Times: []float64{1, 2, 12}, AtRisk: []int{w.counts, w.counts, w.counts},
			Share: []float64{.9, .9, .3 + .02*float64(l)}, Low: []float64{.8, .8, .2}, High: []float64{1, 1, .6}, Median: 12})
	}
	return out
}

func (w world) holdout() *value.Holdout {
	h := &value.Holdout{Model: "MBG/NBD", Days: 1 + w.counts%365, Orders: value.Range{Mean: float64(w.counts) * 1.1}, Actual: w.counts, AsLastTime: w.counts * 3, Currency: "EUR"}
	for g := range 8 {
		n := w.counts / (g + 1)
		h.Groups = append(h.Groups, value.RepeatGroup{Repeats: g, Customers: n, Expected: float64(n) * 1.1, Actual: float64(g), Forecast: float64(g) * .9, AsLastTime: float64(g) * 1.4})
	}
	return h
}

func (w world) effects() *campaign.Effects {
	e := &campaign.Effects{Measure: "revenue", Unit: "EUR", Q: 3, P: .4, Test: campaign.Test{Level: .05}}
	effect := func(name string, l int) campaign.Effect {
		v := w.money(w.counts) * float64(1-l) / 10
		half := math.Abs(v)/2 + 1
		return campaign.Effect{Segment: name, Offered: w.counts, HeldOut: w.counts / 2, Value: v, Low: v - half, High: v + half, SE: half / 2, P: .01, Corrected: .02, Shrunk: v / 2}
	}
	for l, name := range w.names(w.segments, 60) {
		e.Segments = append(e.Segments, effect(name, l))
	}
	e.Total = effect("all segments", 0)
	return e
}

func (w world) standing() *campaign.Standing {
	s := &campaign.Standing{Unit: "EUR", Below: w.counts}
	for l, name := range w.names(w.segments, 60) {
		n := w.counts / (l + 1)
		s.Tiers = append(s.Tiers, campaign.TierStanding{Name: name, Asks: "from 10,000 EUR and 5 orders in a year", Members: n, Spend: w.money(n), Cost: w.money(n) * .05})
	}
	return s
}

func (w world) funnel() *weblog.Funnel {
	f := &weblog.Funnel{Steps: w.names(5, 80)}
	for k := range f.Steps {
		f.Visits, f.Visitors = append(f.Visits, w.counts/(k*k+1)), append(f.Visitors, w.counts/(k*k+2))
	}
	return f
}

func (w world) habits() *weblog.Habits {
	h := &weblog.Habits{}
	for d := range 7 {
		for t := range 24 {
			h.Visits[d][t] = w.counts * (t % 9) / (d + 1)
		}
	}
	return h
}

func (w world) conversion() *weblog.Conversion {
	return &weblog.Conversion{Visitors: w.counts, Buyers: w.counts / 2, Before: w.counts, AtRisk: []int{w.counts, w.counts / 2, w.counts / 3}, Share: []float64{.1, .2, .5}, Low: []float64{.05, .1, .4}, High: []float64{.15, .3, .6}, Half: 2, Mean: 1}
}

func (w world) transitions() *weblog.Transitions {
	t := &weblog.Transitions{Kinds: w.names(12, 80)}
	for a := range t.Kinds {
		counts, shares := make([]int, 12), make([]float64, 12)
		for b := range counts {
			counts[b], shares[b] = w.counts/(1+a+b), 1./12
		}
		t.First, t.Last, t.Counts, t.Shares = append(t.First, 1./12), append(t.Last, 1./12), append(t.Counts, counts), append(t.Shares, shares)
	}
	return t
}

func (w world) days() (out dailies) {
	for i := range max(1, min(400, w.customers)) {
		out = append(out, features.Day{Date: time.Date(2024, 11, 20, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i), Revenue: w.money(w.counts) * float64(1+i%5), Orders: w.counts})
	}
	return out
}

// drawn is what every constructor makes of a world: a figure or a refusal, by its name.
type drawn struct {
	figures  map[string]*Figure
	refusals map[string]error
}

func (w world) draw(t testing.TB) drawn {
	out := drawn{map[string]*Figure{}, map[string]error{}}
	add := func(name string, f *Figure, err error) {
		if err != nil {
			out.refusals[name] = err
		} else {
			out.figures[name] = f
		}
	}
	try := func(name string) func(*Figure, error) { return func(f *Figure, err error) { add(name, f, err) } }
	rows, s := w.shop()
	recipe := segkit.Recipe{Columns: []string{"spend", "recency", "orders"}, Prep: []prep.Transformer{prep.Standardize{}}, Method: cluster.KMeans{Restarts: 2}}
	prepared, err := recipe.Prepare(rows)
	if err != nil {
		t.Log("prepare:", err)
		prepared = rows
	}
	try("BeforeAfter")(BeforeAfter(rows, recipe))
	if of, err := measure.Silhouette(prepared, s); err != nil {
		out.refusals["Silhouette"] = err
	} else {
		try("Silhouette")(Silhouette(of))
	}
	profile := trial.Sure(describe.Segments(rows, s))
	try("Profile")(Profile(profile))
	try("ProfilePlot")(ProfilePlot(profile))
	try("Heatmap")(Heatmap(profile))
	try("Bubble")(Bubble(profile, "recency", w.name(0, 60), ""))
	try("Boxes")(Boxes(rows, s))
	try("Mosaic")(Mosaic(rows, s, w.name(1, 60)))
	try("Sizes")(Sizes(s, rows, "spend"))
	try("Sizes alone")(Sizes(s, rows, ""))
	try("Scatter")(Scatter(prepared, s))
	try("Biplot")(Biplot(prepared, s))
	try("Outcome")(Outcome(s, rows, w.name(0, 60)))
	try("Outcome of shares")(Outcome(s, rows, "active"))
	try("Histograms")(Histograms(rows))
	try("Lorenz")(Lorenz(rows, "spend"))
	try("Missingness")(Missingness(rows))
	try("Answers")(Answers(w.questions()))
	try("Coverage")(Coverage(w.coverage()))
	try("Correlation")(Correlation(rows))
	try("DailyRevenue")(DailyRevenue(w.days()))
	if pca, err := (prep.PCA{}).Fit(prepared); err != nil {
		out.refusals["Scree"] = err
	} else {
		try("Scree")(Scree(pca))
	}
	try("Agreement")(Agreement(w.names(3, 60), []*table.Segments{s, s, s}))
	made := madeSweep(rows.IDs(), s.K())
	try("Stability")(Stability(made))
	try("SegmentStability")(SegmentStability(madeStabilities(s.K(), s.Names)))
	try("Starts")(Starts(made))
	try("Alluvial")(Alluvial(made))
	try("AlluvialBy")(AlluvialBy(made, rows, "spend"))
	matching := madeMatching(t, s)
	matching.To.Names = w.names(matching.To.K(), 60)
	try("Flow")(Flow(matching))
	try("RuleTree")(RuleTree(madeExplanation(s)))
	try("VerdictBoard")(VerdictBoard(madeVerdict(s)))
	if scored, err := rfm.Score(rows, rfm.Options{}); err != nil {
		out.refusals["RecencyFrequency"] = err
	} else {
		try("RecencyFrequency")(RecencyFrequency(scored, rows, ""))
	}
	if lint, err := madeBook(s.Names).Lint(rows); err != nil {
		out.refusals["Overlap"] = err
	} else {
		try("Overlap")(Overlap(lint))
	}
	report := madeReport(t, s)
	try("Confusion")(Confusion(report))
	try("Calibration")(Calibration(report))
	try("ColdStart")(ColdStart(report))
	try("AccuracyByLength")(AccuracyByLength(golden5))
	try("AccuracyBySegment")(AccuracyBySegment(golden5))
	if ranking, err := report.Rank(s.Names[0]); err != nil {
		out.refusals["Gain"], out.refusals["Lift"] = err, err
	} else {
		try("Gain")(Gain(ranking))
		try("Lift")(Lift(ranking))
	}
	summary, _ := buyers(t, 200)
	try("Alive")(Alive(trial.Sure(value.MBGNBD{}.Fit(summary)), summary))
	try("RepeatOrders")(RepeatOrders(w.holdout()))
	try("ValueRisk")(ValueRisk(w.worth()))
	try("Survival")(Survival(w.survival()))
	try("RuleMatrix")(RuleMatrix(w.rules()))
	try("Penetration")(Penetration(w.penetration()))
	try("Funnel")(Funnel(w.funnel()))
	try("Week")(Week(w.habits()))
	try("Transitions")(Transitions(w.transitions()))
	try("Conversion")(Conversion(w.conversion()))
	try("Uplift")(Uplift(w.effects()))
	try("TierWaterfall")(TierWaterfall(w.standing()))
	m := w.migration()
	try("Migration")(Migration(m))
	try("MigrationMatrix")(MigrationMatrix(m))
	h := w.history(rows, s)
	try("Shares")(Shares(h))
	try("DriftLines")(DriftLines(w.drifts()))
	try("Life")(Life(w.life()))
	try("Cohorts")(Cohorts(w.cohorts()))
	try("MapPoints")(MapPoints(rows, s))
	try("MapShares")(MapShares(rows, w.name(1, 60), s, s.Names[0]))
	return out
}

// Whatever names, numbers and counts are like: no text is cut off by the page or lies on another, and no sentence is wrong for 0, 1 or many.
func TestExtremeInputIsDrawnAndSaid(t *testing.T) {
	wrong := regexp.MustCompile(`NaN|Inf\b|%!|(^|[ (])[-−]0( |$)|(^|[^,.0-9])1 (customers|members|visits|visitors|orders|days|segments|stays|respondents|groups)\b|\b1 customer (are|have|say)\b|[^,0-9.][0-9]{5,}[^0-9-]`)
	for set, w := range worlds {
		d := w.draw(t)
		for name, err := range d.refusals {
			if said := err.Error(); !strings.HasPrefix(said, "segkit: ") || wrong.MatchString(said) {
				t.Errorf("%s, %s: refused with %q", set, name, said)
			}
		}
		for name, f := range d.figures {
			for _, said := range []string{f.Title, f.Note, f.Alt} {
				if found := wrong.FindString(said); found != "" {
					t.Errorf("%s, %s says %q in %q", set, name, found, said)
				}
				if strings.Contains(said, `"`) { // charts have curly ones
					t.Errorf("%s, %s has straight quotation marks in %q", set, name, said)
				}
			}
			apartAndInside(t, set+", "+name, f)
			cutOnlyWithoutRoom(t, set+", "+name, f)
		}
	}
}

// cutOnlyWithoutRoom reports names that are cut before the last of the lines that a name may take (a turned heading has as many as its
// column is wide, and is long instead), or whose text does not carry all of them as its title.
func cutOnlyWithoutRoom(t *testing.T, name string, f *Figure) {
	t.Helper()
	sentences := wrap(sans(small), clean(f.Note), f.width()-2*margin, 9)
	size := ""
	drawn := textElement.FindAllStringSubmatch(string(trial.Sure(f.SVG())), -1)
	for i, m := range drawn {
		if m[7] != "" {
			size = m[7]
			continue
		}
		said := html.UnescapeString(m[6])
		if a, b, ok := strings.Cut(said, " to "); ok && a == b {
			t.Errorf("%s: %q is no range", name, said)
		}
		if !strings.Contains(said, "…") || size == decimal(large*pixels) || strings.Contains(sentences, said) {
			continue
		}
		if len(m[5]) <= len(m[6]) {
			t.Errorf("%s: %q is cut, and its title is %q", name, m[6], m[5])
		}
		first, last := i, i // of the lines of this name
		for first > 0 && drawn[first-1][5] == m[5] {
			first--
		}
		for last+1 < len(drawn) && drawn[last+1][5] == m[5] {
			last++
		}
		length := 0.0
		for _, line := range drawn[first : last+1] {
			long, _ := strconv.ParseFloat(line[3], 64)
			length += long / pixels
		}
		if lines, turned := last-first+1, m[4] != ""; !turned && lines < nameLines || turned && length < 180 {
			t.Errorf("%s: %q is cut, after %d lines and %.0f points", name, m[6], lines, length)
		}
	}
}

// The levels of one column do not look the same, however long its name is.
func TestLevelsKeepTheirOwnWords(t *testing.T) {
	column, seen := strings.TrimSpace(strings.Repeat("what customers think of ", 9)), map[string]bool{}
	for _, word := range []string{"price", "quality", strings.TrimSpace(strings.Repeat("speed of delivery, ", 9))} {
		shown, whole := carried(trait{name: column + ": " + word, column: column, word: word}.text(traitNames))
		if whole != column+": "+word || strings.Count(shown, "\n") >= nameLines || !strings.HasSuffix(shown, word) && len(word) < 10 {
			t.Errorf("%q shows %q and carries %q", word, shown, whole)
		}
		seen[shown] = true
	}
	if len(seen) != 3 {
		t.Errorf("two of %v look the same", seen)
	}
}

// One day is a point, as there is no line to see.
func TestRevenueOfOneDayIsSeen(t *testing.T) {
	if svg := string(trial.Sure(trial.Sure(DailyRevenue(days(1))).SVG())); !strings.Contains(svg, "<circle") {
		t.Error("nothing is drawn")
	}
}

// Lines hold every letter in its order where there are enough of them, and are never wider than asked for.
func TestLinesHoldEveryLetter(t *testing.T) {
	style := sans(small)
	rapid.Check(t, func(t *rapid.T) {
		s := clean(rapid.StringOfN(rapid.RuneFrom([]rune("abcdefgiklmW_- %äж高客عe\u0301")), 0, 80, -1).Draw(t, "text"))
		width, lines := vg.Length(rapid.Float64Range(20, 200).Draw(t, "width")), rapid.IntRange(1, 5).Draw(t, "lines")
		out := wrap(style, s, width, lines)
		if got := strings.Count(out, "\n") + 1; got > lines || style.Width(out) > width {
			t.Fatalf("%q has %d lines, %v wide", out, got, style.Width(out))
		}
		for _, line := range strings.Split(out, "\n") {
			if strings.HasPrefix(line, "\u0301") && !strings.HasPrefix(s, "\u0301") && !strings.Contains(s, " \u0301") && !strings.Contains(s, "-\u0301") && !strings.Contains(s, "_\u0301") {
				t.Fatalf("%q parts a letter from its mark", out)
			}
		}
		enough := wrap(style, s, width, 1000)
		if letters(enough) != letters(s) {
			t.Fatalf("%q becomes %q", s, enough)
		}
		if strings.Count(enough, "\n") < lines && out != enough {
			t.Fatalf("%q fits in %d lines, but becomes %q", s, lines, out)
		}
	})
}

// A name that was cut stands whole in the title of each of its lines; nothing of that is drawn or measured.
func TestNamesThatAreCutAreTitlesOfTheirText(t *testing.T) {
	whole := strings.Repeat("frequent & high-value ", 9) + "A"
	said := setInLegend(whole)
	if shown, carried := carried(said); carried != whole || sans(small).Width(said) != sans(small).Width(shown) || sans(small).Height(said) != sans(small).Height("1\n2\n3") {
		t.Errorf("%q shows %q and carries %q", said, shown, carried)
	}
	p := newPlot("", "")
	p.Add(line(plotter.XYs{{X: 0, Y: 0}, {X: 1, Y: 1}}, 1, blue), labels{beside(0, 0, "plain", sans(small))})
	p.Legend.Add(said, swatch{blue})
	svg := string(trial.Sure((&Figure{Panels: panel(p)}).SVG()))
	if n := strings.Count(svg, "<title>"+escape(whole)+"</title>"); n != nameLines {
		t.Errorf("the whole name is the title of %d texts", n)
	}
	if strings.Count(svg, "<title>") != nameLines+1 { // and the picture's own
		t.Error("texts that are not cut have a title too")
	}
	if shown, carried := carried("a\x1fb"); shown != "a\x1fb" || carried != "" {
		t.Errorf("half of a text that is none of ours is hidden: %q", shown)
	}
	if short := setInLegend("frequent"); short != "frequent" {
		t.Errorf("a short name becomes %q", short)
	}
}

// No question, source or segment loses a letter where there is a page to write it on.
func TestLongNamesAreWrittenInFull(t *testing.T) {
	w := worlds["long names"]
	question := w.questions().Columns()[0].Name
	for name, f := range map[string]*Figure{"answers": trial.Sure(Answers(w.questions())), "coverage": trial.Sure(Coverage(world{segments: 4, counts: 100, long: true, word: "household"}.coverage()))} {
		svg := string(trial.Sure(f.SVG()))
		if name == "coverage" {
			question = w.name(0, 60)
		}
		var drawn []string
		for _, m := range textElement.FindAllStringSubmatch(svg, -1) {
			drawn = append(drawn, m[6])
		}
		if !strings.Contains(strings.Join(drawn, " "), question) {
			t.Errorf("%s: %q is not written in full: %q", name, question, drawn)
		}
	}
}
