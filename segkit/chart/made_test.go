package chart

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/compare"
	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/judge"
	"github.com/segkit/lab/segkit/predict"
	"github.com/segkit/lab/segkit/rulebook"
	"github.com/segkit/lab/segkit/starts"
	"github.com/segkit/lab/segkit/table"
)

// Results made by hand, so that charts are drawn of everything that their types can hold.

// madeSweep is a sweep from k = 2 to at most 10: of two segments that divide again and again, some of whose customers move
// elsewhere.
func madeSweep(ids []string, k int) *choose.Sweep {
	r := rand.New(rand.NewPCG(11, uint64(k)))
	n := len(ids)
	s := &choose.Sweep{N: n, D: 3, Method: "KMeans", Total: 1000, IDs: ids}
	place := make([]float64, n)
	for i := range place {
		place[i] = math.Pow(r.Float64(), 1.3)
	}
	borders := []float64{0, 0.5, 1}
	for at := 2; at <= max(2, min(k, 10)); at++ {
		p := choose.SweepPoint{K: at, Cost: 1000 / float64(at), Silhouette: 0.5 / float64(at), Labels: make(table.Labels, n)}
		for i, u := range place {
			u = max(0, min(0.999, u+0.02*r.NormFloat64()))
			for borders[p.Labels[i]+1] <= u {
				p.Labels[i]++
			}
		}
		widest := 0
		for b := range at {
			if borders[b+1]-borders[b] > borders[widest+1]-borders[widest] {
				widest = b
			}
		}
		borders = slices.Insert(borders, widest+1, (borders[widest]+borders[widest+1])/2)
		if len(s.Points) > 0 {
			before := s.Points[len(s.Points)-1]
			p.Origin = purity(before.Labels, p.Labels, before.K, at)
		}
		for start := range 10 {
			p.Restarts = append(p.Restarts, starts.Restart{Cost: p.Cost * (1 + float64(max(0, start*at-30))*0.006*r.Float64())})
		}
		p.Stability = madeStabilities(at, nil)
		s.Points = append(s.Points, p)
	}
	return s
}

func ids(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("c%05d", i)
	}
	return out
}

// purity is the definition of SLSa: 1 - entropy of where the members of each segment come from, over that of an even mix.
func purity(before, after table.Labels, from, to int) []float64 {
	out := make([]float64, to)
	for l := range out {
		counts, all := make([]float64, from), 0.0
		for i, b := range before {
			if after[i] == l {
				counts[b]++
				all++
			}
		}
		out[l] = 1
		for _, c := range counts {
			if c > 0 {
				out[l] += c / all * math.Log(c/all) / math.Log(float64(from))
			}
		}
	}
	return out
}

// madeStabilities holds k segments from the most to the least stable one.
func madeStabilities(k int, names []string) *choose.Stabilities {
	r := rand.New(rand.NewPCG(13, uint64(k)))
	near := func(mean, sd float64) float64 { return max(0, min(1, mean+sd*r.NormFloat64())) }
	s := &choose.Stabilities{Method: "KMeans", K: k, Pairs: 50, Mean: 1 / math.Sqrt(float64(k)), Null: []float64{0.4, 0.45, 0.38}}
	for range s.Pairs {
		s.Rand = append(s.Rand, near(s.Mean, 0.05))
	}
	s.Low, s.High = s.Mean-0.02, s.Mean+0.02
	for l := range k {
		each := choose.SegmentStability{Name: fmt.Sprint(l + 1), Size: 400 / (l + 1), Null: []float64{0.7 - 0.05*float64(l), 0.6 - 0.05*float64(l)}}
		if names != nil {
			each.Name = names[l]
		}
		for range s.Pairs {
			v := near(0.95-0.06*float64(l), 0.06)
			each.Jaccard = append(each.Jaccard, v)
			each.Mean += v / float64(s.Pairs)
			if v <= 0.5 {
				each.Dissolved += 1 / float64(s.Pairs)
			}
			if v >= 0.75 {
				each.Recovered += 1 / float64(s.Pairs)
			}
		}
		s.Each = append(s.Each, each)
	}
	return s
}

// madeMatching sets s beside a segmentation with one segment more, some of whose customers come from anywhere.
func madeMatching(t testing.TB, s *table.Segments) *compare.Matching {
	t.Helper()
	r := rand.New(rand.NewPCG(17, uint64(s.K())))
	k := s.K() + 1
	labels := slices.Clone(s.Labels)
	for i := range labels {
		if r.IntN(5) == 0 || labels[i] < 0 {
			labels[i] = r.IntN(k)
		}
	}
	to, err := table.NewSegments(s.IDs, labels, nil)
	if err != nil {
		t.Fatal(err)
	}
	m, err := compare.Match(s, to)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// madeSurvey adds to the customers of a shop what they answered: nine yes or no, a city of five, and ten numbers around 0 in
// three groups that go together. Answers alone leaves the numbers out.
func madeSurvey(t testing.TB, s *table.Segments, answersAlone bool) *table.Table {
	t.Helper()
	r := rand.New(rand.NewPCG(19, uint64(s.K())))
	var columns []table.Column
	for _, name := range []string{"convenient", "spicy", "fattening", "greasy", "fast", "cheap", "tasty", "expensive", "healthy"} {
		columns = append(columns, table.Column{Name: name, Levels: []string{"No", "Yes"}})
	}
	if !answersAlone {
		columns = append(columns, table.Column{Name: "city", Levels: []string{"Leeds", "York", "Hull", "Bath", hostile}})
		for i := range 10 {
			columns = append(columns, table.Column{Name: fmt.Sprintf("attitude_number_%d", i+1), LowerIsBetter: i == 4})
		}
		columns = append(columns, table.Column{Name: "spend", Unit: "EUR", Role: table.Value})
	}
	var data []float64
	for i := range s.IDs {
		l := float64(s.Labels[i])
		for j, c := range columns {
			lean := math.Sin(float64(j%3)*2 + l)
			switch {
			case len(c.Levels) == 2:
				data = append(data, float64(min(1, int(1.1*r.Float64()+0.45+0.4*lean))))
			case c.Levels != nil:
				data = append(data, float64(min(4, int(5*math.Pow(r.Float64(), 1+l/4)))))
			case c.Role == table.Value:
				data = append(data, math.Exp(3+0.4*l+0.7*r.NormFloat64()))
			default:
				data = append(data, lean+r.NormFloat64())
			}
		}
	}
	table, err := table.New(s.IDs, columns, data)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// madeProfile describes s with markers where a segment differs.
func madeProfile(t testing.TB, table *table.Table, s *table.Segments) *describe.Profile {
	t.Helper()
	p, err := describe.Segments(table, s)
	if err != nil {
		t.Fatal(err)
	}
	for l := range p.Segments {
		g := &p.Segments[l]
		g.Markers = nil
		for j, c := range p.Columns {
			switch {
			case !c.Categorical() && math.Abs(g.Stats[j].Difference) > 0.5:
				g.Markers = append(g.Markers, describe.Marker{Column: c.Name, Strength: g.Stats[j].Difference})
			case len(c.Levels) == 2 && math.Abs(g.Stats[j].Levels[1]-p.All[j].Levels[1]) > 0.15:
				g.Markers = append(g.Markers, describe.Marker{Column: c.Name, Level: "Yes"})
			}
		}
	}
	return p
}

// madeExplanation says s by a tree of rules that halves the segments again and again; the last one has no rule.
func madeExplanation(s *table.Segments) *rulebook.Explanation {
	k := s.K()
	e := &rulebook.Explanation{Of: s, Fidelity: rulebook.Fidelity{Conditions: 4, Accuracy: 0.91}, Held: rulebook.Fidelity{Accuracy: 0.874}, Untaken: 3}
	answers := [][2]string{{"recency <= 90", "recency > 90"}, {`city == "Leeds"`, `city != "Leeds"`}, {"spend_of_the_last_year >= 1234.5", "spend_of_the_last_year < 1234.5"},
		{`active == "Yes"`, `active == "No"`}, {"orders >= -2", "orders < -2"}}
	var halve func(from, to int, path []string)
	halve = func(from, to int, path []string) {
		if to-from > 1 {
			middle := (from + to) / 2
			halve(from, middle, append(slices.Clone(path), answers[len(path)][0]))
			halve(middle, to, append(slices.Clone(path), answers[len(path)][1]))
			return
		}
		when := strings.Join(path, " and ")
		if path == nil {
			when = "true"
		}
		n := max(1, s.Counts()[from])
		e.Rules = append(e.Rules, rulebook.Rule{Name: s.Names[from], When: when})
		e.Evidence = append(e.Evidence, rulebook.RuleEvidence{Segment: s.Names[from], Says: when, Customers: n, Coverage: float64(n) / float64(len(s.IDs)),
			Precision: 1 / (1 + 0.1*float64(from)), Recall: 0.8, Lift: 2})
	}
	halve(0, max(1, k-1), nil)
	return e
}

// madeBook is rules over a shop that overlap and leave customers out.
func madeBook(names []string) *rulebook.Book {
	b := &rulebook.Book{}
	for l, name := range names {
		b.Rules = append(b.Rules, rulebook.Rule{Name: name, When: fmt.Sprintf("spend >= %d and orders <= %d", 25*l, 2+5*(l%3))})
	}
	return b
}

// madeVerdict grades the segments of s in turn, of all demands but the first three.
func madeVerdict(s *table.Segments) *judge.Verdict {
	v := &judge.Verdict{Names: s.Names, Metric: judge.Check{Demand: "metric", Grade: judge.Pass, Value: 0.21, Reads: "21.0 %",
		Says: "Spend after the date differs between the segments: eta squared 0.21."}}
	demands := []string{"few", "exclusive", "natural", "homogeneous", "distinct", "stable", "substantial", "identifiable", "actionable"}
	values := []float64{float64(s.K()), 1, 0.001, 0.234, 0.61, 0.55, .12, 0.81, math.NaN()}
	units := []string{"%.0f segments", "%.1f of 1", "p %.3f", "silhouette %.2f", "%.2f SD", "overlap %.2f", "%.2f of customers", "AUC %.2f", ""}
	reads := func(d int, v float64) string {
		if units[d] == "" {
			return ""
		}
		return fmt.Sprintf(units[d], v)
	}
	for d, demand := range demands {
		v.Solution = append(v.Solution, judge.Check{Demand: demand, Grade: judge.Grade((d + 3) % 4), Value: values[d], Reads: reads(d, values[d]), Says: "It is so."})
	}
	for l := range s.K() {
		var checks []judge.Check
		for d, demand := range demands {
			checks = append(checks, judge.Check{Demand: demand, Grade: judge.Grade(min(d/3, 1) * ((d + l) % 4)), Value: values[d] / float64(l+1), Reads: reads(d, values[d]/float64(l+1)), Says: "It is so."})
		}
		v.Segments = append(v.Segments, checks)
	}
	return v
}

// toldFitted says the probabilities that stand in the columns.
type toldFitted struct{ k int }

func (f toldFitted) Probabilities(_ context.Context, x *table.Table) (out [][]float64, _ error) {
	for i := range x.Len() {
		out = append(out, x.Row(i)[:f.k])
	}
	return out, nil
}

// madeReport judges probabilities that lean to the true segment of s, the more the more orders were seen.
func madeReport(t testing.TB, s *table.Segments) *predict.Report {
	t.Helper()
	r, k := rand.New(rand.NewPCG(23, uint64(s.K()))), s.K()
	var columns []table.Column
	for l := range k {
		columns = append(columns, table.Column{Name: fmt.Sprint("p", l)})
	}
	columns = append(columns, table.Column{Name: "orders"})
	c := &predict.Classifier{Predictor: predict.Forest{}, Fitted: toldFitted{k}, Names: s.Names, Shares: slices.Repeat([]float64{1 / float64(k)}, k)}
	c.Columns = columns
	var data []float64
	for _, truth := range s.Labels {
		orders, sum, row := 1+r.IntN(14), 0.0, make([]float64, k)
		for l := range row {
			row[l] = math.Exp(1.5 * r.NormFloat64())
			if l == truth {
				row[l] *= 1 + float64(orders)
			}
			sum += row[l]
		}
		for l := range row {
			row[l] /= sum
		}
		data = append(append(data, row...), float64(orders))
	}
	x, err := table.New(s.IDs, columns, data)
	if err != nil {
		t.Fatal(err)
	}
	report, err := c.Evaluate(x, s, predict.Options{Seen: "orders", Shuffles: -1, Draws: 20})
	if err != nil {
		t.Fatal(err)
	}
	return report
}
