package choose

import (
	"math"

	"fmt"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Sheet lists the numbers of segments.
func (s *Sweep) Sheet() sheet.Sheet {
	if s == nil {
		return sheet.Sheet{Caption: fault.Nil("choose.Sweep.Sheet", "sweep").Error()}
	}
	cost := "cost"
	if s.Squares() {
		cost = "within sum of squares"
	}
	out := sheet.Sheet{Columns: []sheet.Column{{Name: "k"}, {Name: cost}, {Name: "explained", Unit: "%"},
		{Name: "drop", Unit: "%"}, {Name: "without groups", Unit: "lowest – highest"}, {Name: "silhouette"}, {Name: "starts that found it", Text: true}}}
	marked, knee := s.Knee()
	elbow, ok := s.Elbow()
	switch {
	case ok:
		out.Caption = fmt.Sprintf("The costs bend at k = %d, and data without groups bends less there", elbow)
	case knee && s.Draws > 0:
		out.Caption = fmt.Sprintf("Kneedle marks k = %d, but data without groups bends as much there, so there is no elbow", marked)
	case knee:
		out.Caption = fmt.Sprintf("Kneedle marks k = %d; whether data without groups bends there, too, was not tried", marked)
	default:
		out.Caption = "The costs have no knee"
	}
	for _, p := range s.Points {
		drop := sheet.Missing
		if before := s.point(p.K - 1); before.K > 0 {
			drop = sheet.Fixed(100*(1-p.Cost/before.Cost), 1)
		}
		band := sheet.Missing
		if s.Draws > 0 {
			band = sheet.Number(p.NullLow) + " – " + sheet.Number(p.NullHigh)
		}
		cost := p.Cost
		if s.perfect(p) {
			cost = 0 // not what rounding leaves
		}
		found := sheet.Missing // a tree has no starts
		if len(p.Restarts) > 0 {
			found = fmt.Sprintf("%d of %d", p.Restarts.Hits(), len(p.Restarts))
		}
		out.Rows = append(out.Rows, []string{sheet.Count(p.K), sheet.Number(cost), sheet.Fixed(100*(1-p.Cost/s.Total), 1), drop, band,
			sheet.Fixed(p.Silhouette, 3), found})
	}
	if s.Control != nil {
		var beyond []string
		for _, p := range s.Points {
			if p.P <= controlLevel {
				beyond = append(beyond, sheet.Count(p.K))
			}
		}
		if beyond == nil {
			out.Notes = append(out.Notes, "No step saves more than in data without groups.")
		} else {
			out.Notes = append(out.Notes, "Steps that save more than in data without groups: to k = "+sheet.List(beyond)+".")
		}
		compared := ""
		if s.DrawRows < s.N {
			compared = fmt.Sprintf(" They are compared with %s of the customers, drawn at random.", sheet.Count(s.DrawRows))
		}
		out.Notes = append(out.Notes, fmt.Sprintf("Without groups: the same sweep on data of one group, %s customers each: %d draws from a Gaussian, "+
			"and as many with the columns' own distributions.%s", sheet.Count(s.DrawRows), s.Draws, compared), s.Control.says())
	}
	if s.StartRows > 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("Starts were tried on %s of the %s customers, and the best one at each k continued with all: costs and segments are those of all customers, though starts that see all of them may find "+
			"a lower cost (SweepOptions.StartRows: -1).", sheet.Count(s.StartRows), sheet.Count(s.N)))
	}
	if s.SilhouetteRows < s.N {
		out.Notes = append(out.Notes, fmt.Sprintf("Silhouettes are of %s customers drawn at random.", sheet.Count(s.SilhouetteRows)))
	}
	return out
}

// Frame returns one row per number of segments. Criteria that were not asked for are NaN.
func (s *Sweep) Frame() table.Frame {
	if s == nil {
		return table.Frame{Err: fault.Nil("choose.Sweep.Frame", "sweep")}
	}
	at := 0 // the point's place in the gap statistic
	return frame.New(
		frame.Each("k", s.Points, func(p SweepPoint) int { return p.K }),
		frame.Numbers([]string{"cost", "explained", "null_low", "null_median", "null_high", "p", "silhouette", "null_silhouette_high", "simplified",
			"calinski_harabasz", "davies_bouldin", "hit_rate", "smallest_share", "gap", "strength", "stability", "separation"}, s.Points,
			func(p SweepPoint) []float64 {
				gap, strength, stable, separation := math.NaN(), math.NaN(), math.NaN(), math.NaN()
				if s.Gap != nil {
					gap = s.Gap.Gap[at]
				}
				if p.Strength.K > 0 {
					strength = p.Strength.Mean
				}
				if p.Stability != nil {
					stable = p.Stability.Mean
				}
				if p.Separation.Measure != "" {
					separation = p.Separation.Value
				}
				at++
				return []float64{p.Cost, 1 - p.Cost/s.Total, p.NullLow, p.NullMedian, p.NullHigh, p.P, p.Silhouette, p.NullSilhouetteHigh, p.Simplified,
					p.CalinskiHarabasz, p.DaviesBouldin, p.Restarts.HitRate(), p.smallestShare(), gap, strength, stable, separation}
			}))
}
