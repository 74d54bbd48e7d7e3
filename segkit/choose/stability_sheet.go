package choose

import (
	"fmt"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/refit"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// What share of the resamples must leave a customer where they are.
const (
	coreSurvival    = .9
	fragileSurvival = .6
)

var _ sheet.Sheeter = (*Stabilities)(nil)

// Reading puts the mean overlap into words: "highly stable" from .85, "stable" from .75, "doubtful" from .6 (there is a pattern,
// but it is uncertain who belongs to it), and "do not trust" below that. It is empty if the overlap is unknown.
func (s SegmentStability) Reading() string {
	switch {
	case s.Mean >= highlyStable:
		return "highly stable"
	case s.Mean >= stable:
		return "stable"
	case s.Mean >= doubtful:
		return "doubtful"
	case math.IsNaN(s.Mean):
		return ""
	}
	return "do not trust"
}

// Standing says how certain each customer's segment is (n): "core" if at least 90 % of the resamples leave the customer in it,
// "fragile" if fewer than 60 % do, "border" between; empty for customers in no segment.
func (s *Stabilities) Standing() []string {
	out := make([]string, len(s.Survival))
	for i, share := range s.Survival {
		switch {
		case math.IsNaN(share):
		case share >= coreSurvival:
			out[i] = "core"
		case share >= fragileSurvival:
			out[i] = "border"
		default:
			out[i] = "fragile"
		}
	}
	return out
}

// Sheet lists the segments, with what happens to each when the customers are drawn again.
func (s *Stabilities) Sheet() sheet.Sheet {
	out := sheet.Sheet{Caption: s.finding(), Columns: []sheet.Column{{Name: "segment", Text: true}, {Name: "customers"},
		{Name: "mean overlap"}, {Name: "reading", Text: true},
		{Name: "dissolved", Unit: "%"}, {Name: "recovered", Unit: "%"},
		{Name: "core", Unit: "%"}, {Name: "fragile", Unit: "%"}}}
	if s.Null != nil {
		out.Columns = append(out.Columns, sheet.Column{Name: "without groups"})
	}
	core, fragile := s.shares("core"), s.shares("fragile")
	for a, each := range s.Each {
		row := []string{each.Name, sheet.Count(each.Size), sheet.Fixed(each.Mean, 2), each.Reading(), sheet.Fixed(100*each.Dissolved, 0),
			sheet.Fixed(100*each.Recovered, 0), sheet.Fixed(100*core[a], 0), sheet.Fixed(100*fragile[a], 0)}
		if s.Null != nil {
			row = append(row, lowToHigh(each.Null))
		}
		out.Rows = append(out.Rows, row)
	}
	interval := ""
	if !math.IsNaN(s.Low) { // a single pair has none
		interval = fmt.Sprintf(", 95 %% interval %s to %s", sheet.Fixed(s.Low, 2), sheet.Fixed(s.High, 2))
	}
	note := fmt.Sprintf("%s of bootstrap samples: the two solutions of a pair agree to %s on average (adjusted Rand%s)",
		wording.Plural(s.Pairs, "pair"), sheet.Fixed(s.Mean, 2), interval)
	switch {
	case math.IsNaN(s.Mean):
		out.Notes = append(out.Notes, wording.Plural(s.Pairs, "pair")+" of bootstrap samples, where agreement is undefined.")
	case s.Null == nil:
		out.Notes = append(out.Notes, note+".")
	default:
		out.Notes = append(out.Notes, fmt.Sprintf("%s; in %s without groups, with the same columns and correlations, to %s.",
			note, wording.Plural(len(s.Null), "draw"), lowToHigh(s.Null)))
		if s.Mean <= slices.Max(s.Null) {
			out.Notes = append(out.Notes, "Data without groups are just as stable, so stability is no sign of natural segments here.")
		}
	}
	if s.Rows > 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("A sample has %s customers, drawn from all %s. Solutions of smaller samples vary more, so agreement and overlaps tend to be too low rather than too high "+
			"(StabilityOptions.Rows draws more). The standard error of the mean agreement over the pairs is %s.", sheet.Count(s.Rows), sheet.Count(len(s.Survival)), sheet.Number(standardError(s.Rand))))
	}
	out.Notes = append(out.Notes, "Overlap: customers in both / in either, of a segment and the closest one of a resample; 0.5 or less is dissolved, "+
		"0.75 or more recovered (% of resamples).", fmt.Sprintf("Core customers (%% of the segment) stay in it in at least 90 %% of the resamples, "+
		"fragile ones in fewer than 60 %%. A resample has at most %d starts.", refit.Starts))
	return out
}

// finding counts the stable segments and names the weakest.
func (s *Stabilities) finding() string {
	if s.K < 2 {
		return fmt.Sprintf("%s: there is no division whose stability could be measured", wording.Plural(s.K, "segment"))
	}
	weakest, good := s.Each[0], 0
	for _, each := range s.Each {
		if each.Mean < weakest.Mean || math.IsNaN(weakest.Mean) {
			weakest = each
		}
		if each.Mean >= stable {
			good++
		}
	}
	overlap := sheet.Fixed(weakest.Mean, 2)
	if good == s.K {
		return fmt.Sprintf("All %d segments reappear when the customers are drawn again; the weakest is %q (mean overlap %s)", s.K, weakest.Name,
			overlap)
	}
	what := "reappears only in part"
	if weakest.Dissolved > 0 {
		what = fmt.Sprintf("dissolves in %s %% of the resamples", sheet.Fixed(100*weakest.Dissolved, 0))
	}
	return fmt.Sprintf("%d of %d segments are stable; segment %q %s (mean overlap %s)", good, s.K, weakest.Name, what, overlap)
}

// shares returns the share of each segment's customers (K) who have that standing.
func (s *Stabilities) shares(standing string) []float64 {
	counts, known := make([]float64, s.K), make([]float64, s.K)
	for i, each := range s.Standing() {
		if each == "" {
			continue
		}
		l, customers := s.Segments.Labels[i], 1.0
		if s.Customers != nil {
			customers = float64(s.Customers[i])
		}
		known[l] += customers
		if each == standing {
			counts[l] += customers
		}
	}
	for l := range counts {
		counts[l] /= known[l]
	}
	return counts
}

// lowToHigh reads like ".81 – .93".
func lowToHigh(values []float64) string {
	if len(values) == 0 {
		return sheet.Missing
	}
	return sheet.Fixed(slices.Min(values), 2) + " – " + sheet.Fixed(slices.Max(values), 2)
}

// Frame returns one row per customer: id, segment, survival, standing.
func (s *Stabilities) Frame() table.Frame {
	return frame.New(frame.Column("id", s.Segments.IDs), frame.Column("segment", s.Segments.NameOfEach()),
		frame.Column("survival", s.Survival), frame.Column("standing", s.Standing()))
}

// SegmentFrame returns one row per segment: its size, mean overlap, and shares of resamples and customers, NaN if undefined.
func (s *Stabilities) SegmentFrame() table.Frame {
	return frame.New(
		frame.Each("segment", s.Each, func(g SegmentStability) string { return g.Name }),
		frame.Each("customers", s.Each, func(g SegmentStability) int { return g.Size }),
		frame.Numbers([]string{"overlap", "dissolved", "recovered"}, s.Each, func(g SegmentStability) []float64 {
			return []float64{g.Mean, g.Dissolved, g.Recovered}
		}),
		frame.Column("core", s.shares("core")),
		frame.Column("fragile", s.shares("fragile")),
		frame.Each("overlap_without_groups", s.Each, func(g SegmentStability) float64 { return stats.MeanKnown(g.Null) }))
}
