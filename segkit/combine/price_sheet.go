package combine

import (
	"fmt"
	"math"
	"strings"

	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

var _ sheet.Sheeter = (*Prices)(nil)

// Sheet has a row for every division.
func (p *Prices) Sheet() sheet.Sheet {
	out := sheet.Sheet{Caption: p.finding(), Whole: true, Columns: []sheet.Column{{Name: "division", Text: true}, {Name: "segments"}, {Name: "smallest", Unit: "%"},
		{Name: "tells of " + strings.Join(p.Views, " / "), Unit: "%"}, {Name: "comes back"}, {Name: "95 % interval"}, {Name: "weakest segment"}}}
	if p.Metric != "" {
		out.Columns = append(out.Columns, sheet.Column{Name: "explains " + p.Metric, Unit: "%"}, sheet.Column{Name: "more than the best view", Unit: "points"})
	}
	for _, r := range p.Rows {
		kept := make([]string, len(r.Kept))
		for v, share := range r.Kept {
			kept[v] = sheet.Fixed(100*share, 0)
		}
		row := []string{r.Name, sheet.Count(r.Segments), sheet.Fixed(100*r.Smallest, 1), strings.Join(kept, " / "), sheet.Fixed(r.Mean, 2), interval(r.Low, r.High), sheet.Fixed(r.Recovered, 2)}
		if p.Metric != "" {
			gain := "the best view"
			if g := r.Gain; g != nil {
				gain = fmt.Sprintf("%s (%s to %s)", points(g.Difference), points(g.Low), points(g.High))
			}
			row = append(row, sheet.Fixed(100*r.Explains, 1), gain)
		}
		out.Rows = append(out.Rows, row)
	}
	out.Notes = []string{fmt.Sprintf("All on the %s whom all views have. What a division tells about a view is the information about its segments, 100 %% being all of it.", wording.Plural(p.Customers, "customer")),
		fmt.Sprintf("Comes back: adjusted Rand of two solutions when customers are drawn again (%s); weakest segment: mean overlap, customers in both / in either, of the one that comes back least reliably.",
			wording.Plural(p.Pairs, "pair"))}
	if p.Metric != "" {
		out.Notes = append(out.Notes, fmt.Sprintf("Explains: share of the differences in %s that lies between segments. The last column is adjusted for the number of segments; its interval comes from drawing the same customers again.", p.Metric))
	}
	var weakest []string
	for _, r := range p.Rows {
		if !r.View && r.Weakest != "" {
			weakest = append(weakest, fmt.Sprintf("%q in the %s", r.Weakest, r.Name))
		}
	}
	if weakest != nil {
		out.Notes = append(out.Notes, "Least reliable: "+sheet.List(weakest)+".")
	}
	if p.Fixed != nil {
		out.Notes = append(out.Notes, fmt.Sprintf("Held fixed, as rules are: %s. What is made from them looks more stable than it is.", sheet.List(p.Fixed)))
	}
	return out
}

// points writes a difference of shares in points with its sign.
func points(share float64) string {
	text := sheet.Fixed(100*share, 1)
	if share > 0 {
		return "+" + text
	}
	return text
}

// finding says what the best combination costs beside the steadiest view, and what it brings: the best is the one that explains most, or without a
// metric the steadiest.
func (p *Prices) finding() string {
	var steady, best *Priced
	worth := func(r *Priced) float64 {
		if r.Gain != nil {
			return r.Gain.Difference
		}
		return r.Mean
	}
	for i := range p.Rows {
		switch r := &p.Rows[i]; {
		case r.View && (steady == nil || r.Mean > steady.Mean):
			steady = r
		case !r.View && (best == nil || worth(r) > worth(best)):
			best = r
		}
	}
	if steady == nil || best == nil {
		return wording.Plural(len(p.Rows), "view") + ", and no combination of them"
	}
	cost := fmt.Sprintf("The %s: smallest segment %s, comes back at %s, where %s comes back at %s", best.Name, sheet.Percent(best.Smallest), sheet.Fixed(best.Mean, 2),
		steady.Name, sheet.Fixed(steady.Mean, 2))
	switch {
	case best.Gain == nil || math.IsNaN(best.Gain.Low):
		return cost
	case best.Gain.Low > 0:
		return fmt.Sprintf("%s; it explains more of %s than any single view", cost, p.Metric)
	case best.Gain.High < 0:
		return fmt.Sprintf("%s; it explains less of %s than the best single view", cost, p.Metric)
	}
	return fmt.Sprintf("%s; it is not shown to explain more of %s than the best single view", cost, p.Metric)
}

// Frame has a row for every division.
func (p *Prices) Frame() table.Frame {
	columns := []frame.Columns{
		frame.Each("division", p.Rows, func(r Priced) string { return r.Name }),
		frame.Each("segments", p.Rows, func(r Priced) int { return r.Segments }),
		frame.Each("smallest", p.Rows, func(r Priced) float64 { return r.Smallest }),
	}
	for v, view := range p.Views {
		columns = append(columns, frame.Each("tells_"+view, p.Rows, func(r Priced) float64 { return r.Kept[v] }))
	}
	return frame.New(append(columns,
		frame.Each("rand", p.Rows, func(r Priced) float64 { return r.Mean }),
		frame.Each("rand_low", p.Rows, func(r Priced) float64 { return r.Low }),
		frame.Each("rand_high", p.Rows, func(r Priced) float64 { return r.High }),
		frame.Each("weakest", p.Rows, func(r Priced) string { return r.Weakest }),
		frame.Each("recovered", p.Rows, func(r Priced) float64 { return r.Recovered }),
		frame.Each("explains", p.Rows, func(r Priced) float64 { return r.Explains }),
		frame.Each("gain", p.Rows, func(r Priced) float64 {
			if r.Gain == nil {
				return math.NaN()
			}
			return r.Gain.Difference
		}))...)
}
