package chart

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/compare"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/starts"
	"github.com/segkit/lab/segkit/table"
)

func TestStabilityTitleSaysWhatCannotBeTold(t *testing.T) {
	sweep := func(null float64, means ...float64) *choose.Sweep {
		s := &choose.Sweep{Method: "KMeans"}
		for i, m := range means {
			of := &choose.Stabilities{Pairs: 2, Rand: []float64{m - 0.05, m + 0.05}, Mean: m, Low: m - 0.02, High: m + 0.02}
			if null > 0 {
				of.Null = []float64{null - 0.1, null}
			}
			s.Points = append(s.Points, choose.SweepPoint{K: i + 2, Stability: of})
		}
		return s
	}
	titled(t, "The most stable is k = 3 (mean adjusted Rand 0.90)")(Stability(sweep(0, 0.6, 0.9, 0.7)))
	titled(t, "The most stable is k = 3 (mean adjusted Rand 0.90), not clearly ahead of k = 2; data without groups reaches only 0.50")(Stability(sweep(0.5, 0.87, 0.9, 0.7)))
	titled(t, "No k is more stable than data without groups; the highest is k = 3 (mean adjusted Rand 0.90), where one group reaches 0.95")(Stability(sweep(0.95, 0.6, 0.9, 0.7)))
	if _, err := Stability(&choose.Sweep{Points: []choose.SweepPoint{{K: 2}}}); !errors.Is(err, fault.ErrEmpty) {
		t.Errorf("a sweep without stability gives error %v", err)
	}
}

func TestSegmentStabilityTitleNamesWhatDissolves(t *testing.T) {
	of := func(name string, mean, dissolved float64) choose.SegmentStability {
		return choose.SegmentStability{Name: name, Size: 10, Jaccard: []float64{mean, mean}, Mean: mean, Dissolved: dissolved}
	}
	empty := choose.SegmentStability{Name: "nobody", Mean: math.NaN()}
	titled(t, "Segment 3 dissolves in 61 % of resamples (mean overlap 0.42)")(SegmentStability(&choose.Stabilities{Each: []choose.SegmentStability{of("1", 0.9, 0), of("2", 0.8, 0.1), of("3", 0.42, 0.61)}}))
	titled(t, "“frequent” dissolves in 5 % of resamples (mean overlap 0.90)")(SegmentStability(&choose.Stabilities{Each: []choose.SegmentStability{of("frequent", 0.9, 0.05), empty}}))
	titled(t, "Every segment reappears when customers are drawn again: mean overlap at least 0.80")(SegmentStability(&choose.Stabilities{Each: []choose.SegmentStability{of("1", 0.9, 0), of("2", 0.8, 0)}}))
	titled(t, "No segment dissolves, but segment 2 reappears changed: mean overlap 0.70")(SegmentStability(&choose.Stabilities{Each: []choose.SegmentStability{of("1", 0.9, 0), of("2", 0.7, 0)}}))
	if _, err := SegmentStability(&choose.Stabilities{}); !errors.Is(err, fault.ErrEmpty) {
		t.Errorf("no segments give error %v", err)
	}
}

func TestStartsTitleCountsHits(t *testing.T) {
	sweep := func(costs ...[]float64) *choose.Sweep {
		s := &choose.Sweep{Method: "KMeans"}
		for i, ends := range costs {
			p := choose.SweepPoint{K: i + 2}
			for _, c := range ends {
				p.Restarts = append(p.Restarts, starts.Restart{Cost: c})
			}
			s.Points = append(s.Points, p)
		}
		return s
	}
	titled(t, "At k = 4 only 1 of 3 starts finds the best solution; at k = 2 all do")(Starts(sweep([]float64{9, 9, 9}, []float64{6, 6, 7}, []float64{5, 6, 7})))
	titled(t, "Every start finds the same solution, at every k from 2 to 3")(Starts(sweep([]float64{9, 9}, []float64{6, 6})))
	titled(t, "One start at each k cannot tell whether there are better solutions")(Starts(sweep([]float64{9}, []float64{6})))
	if _, err := Starts(sweep(nil, nil)); !errors.Is(err, fault.ErrEmpty) {
		t.Errorf("no starts give error %v", err)
	}
	many := make([]float64, 300)
	for i := range many {
		many[i] = 1 + float64(i)/100
	}
	f, err := Starts(sweep(many))
	if err != nil {
		t.Fatal(err)
	}
	if svg, _ := f.SVG(); len(svg) > 50_000 {
		t.Errorf("300 starts weigh %d bytes", len(svg))
	}
}

func TestAlluvialTitleNamesTheMostMixedSegment(t *testing.T) {
	s := &choose.Sweep{IDs: []string{"a", "b", "c", "d"}, N: 4, Points: []choose.SweepPoint{
		{K: 2, Labels: table.Labels{0, 0, 1, 1}},
		{K: 3, Labels: table.Labels{0, 2, 2, 1}, Origin: []float64{1, 1, 0}}}}
	titled(t, "Segment 3 at k = 3 has the most mixed origin: SLSa 0.00")(Alluvial(s))
	s.Points[1] = choose.SweepPoint{K: 3, Labels: table.Labels{0, 2, 1, 1}, Origin: []float64{1, 1, 1}}
	titled(t, "From k = 2 to 3 every segment comes from a single earlier one: SLSa at least 1.00")(Alluvial(s))
	spend, err := table.New([]string{"d", "c", "b", "a"}, []table.Column{{Name: "spend", Unit: "EUR"}}, []float64{4, 8, 10, 20})
	if err != nil {
		t.Fatal(err)
	}
	titled(t, "At k = 2 the means of spend run from 6 to 15 EUR, at k = 3 from 6 to 20 EUR")(AlluvialBy(s, spend, "spend"))
	few, _ := spend.Where("spend > 4")
	if _, err := AlluvialBy(s, few, "spend"); !errors.Is(err, fault.ErrUnmatched) {
		t.Errorf("a customer who is not in the table gives error %v", err)
	}
	if _, err := Alluvial(&choose.Sweep{Points: []choose.SweepPoint{{K: 2}}}); !errors.Is(err, fault.ErrEmpty) {
		t.Errorf("a sweep without labels gives error %v", err)
	}
}

func TestFlowTitleCountsWhoStays(t *testing.T) {
	from, _ := table.NewSegments([]string{"a", "b", "c", "d"}, table.Labels{0, 0, 0, 1}, nil)
	to, _ := table.NewSegments([]string{"a", "b", "c", "d"}, table.Labels{0, 0, 1, 2}, nil)
	titled(t, "75 % of customers stay in their segment; 1 segment new")(Flow(trial.Sure(compare.Match(from, to))))
	if _, err := Flow(&compare.Matching{From: from, To: to}); !errors.Is(err, fault.ErrUnmatched) {
		t.Errorf("nobody in common gives error %v", err)
	}
}

// Two of the four customers of “all” are in A now, and two in B: half is not most. So A, which is paired with “all”, does not continue it, no customer stays, and A does not have its colour.
func TestFlowSaysWhatContinues(t *testing.T) {
	from, _ := table.NewSegments(ids(4), table.Labels{0, 0, 0, 0}, []string{"all"})
	to, _ := table.NewSegments(ids(4), table.Labels{0, 0, 1, 1}, []string{"A", "B"})
	fig, err := Flow(trial.Sure(compare.Match(from, to)))
	if err != nil {
		t.Fatal(err)
	}
	if fig.Title != "0 % of customers stay in their segment; 1 segment without a successor; 2 segments new" {
		t.Errorf("title %q", fig.Title)
	}
	for _, part := range []string{"“A” splits off from “all”, where 100 % of its customers come from.", "“all” dissolves: no segment takes more than 50 % of its customers."} {
		if !strings.Contains(fig.Alt, part) {
			t.Errorf("alt text %q, without %q", fig.Alt, part)
		}
	}
	if strings.Contains(fig.Alt, "continues") {
		t.Errorf("alt text %q", fig.Alt)
	}
}

// Streams fill their nodes exactly, and nodes of a column do not overlap.
func TestFlowNodesStandApart(t *testing.T) {
	f, _, err := flowOf("Alluvial", madeSweep(ids(200), 10))
	if err != nil {
		t.Fatal(err)
	}
	order := f.order()
	for c, spans := range f.spans(order) {
		all := 0.0
		for rank, i := range order[c] {
			all += f.columns[c][i].size
			if spans[i].low < -1e-9 || spans[i].high > 1+1e-9 || rank > 0 && spans[i].high > spans[order[c][rank-1]].low {
				t.Errorf("column %d: node %d at %v", c, i, spans[i])
			}
			if c > 0 {
				in := 0.0
				for _, s := range f.streams[c-1] {
					if s.to == i {
						in += s.size
					}
				}
				if math.Abs(in-f.columns[c][i].size) > 1e-9 {
					t.Errorf("column %d: %v come into node %d of %v", c, in, i, f.columns[c][i].size)
				}
			}
		}
		if math.Abs(all-1) > 1e-9 {
			t.Errorf("column %d holds %v of all", c, all)
		}
	}
}

func TestSpacedMovesNoMoreThanItMust(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		home := rapid.SliceOfN(rapid.Map(rapid.Float64Range(0, 100), func(v float64) vg.Length { return vg.Length(v) }), 1, 9).Draw(t, "home")
		slices.Sort(home)
		at := spaced(home, 10, 0, 100)
		free := true // where all are far enough apart they stay
		for i := range at {
			if at[i] < -1e-9 || at[i] > 100+1e-9 || i > 0 && at[i]-at[i-1] < 10-1e-9 {
				t.Fatalf("%v from %v", at, home)
			}
			free = free && (i == 0 || home[i]-home[i-1] >= 10)
		}
		for i := range at {
			if free && math.Abs(float64(at[i]-home[i])) > 1e-9 {
				t.Fatalf("%v moved to %v without need", home, at)
			}
		}
	})
}
