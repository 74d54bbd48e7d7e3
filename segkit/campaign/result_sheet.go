package campaign

import (
	"fmt"
	"math"
	"strings"

	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Write formats a value of the measure as people read it, with a sign if it is a difference: "+4.2 points", "−1.30 EUR a customer".
func (e *Effects) Write(v float64, difference bool) string {
	text := e.number(v)
	if e.share() && !difference {
		return sheet.Percent(v)
	}
	if difference && v > 0 && !math.IsNaN(v) {
		text = "+" + text
	}
	text = strings.TrimSpace(text + " " + e.Unit)
	if difference && !e.share() {
		text += " a customer"
	}
	return text
}

func (e *Effects) share() bool { return e.Measure == "response" }

func (e *Effects) number(v float64) string {
	if e.share() {
		return sheet.Fixed(100*v, 1)
	}
	return sheet.Fixed(v, 2)
}

// interval reads like "+4.2 (1.1 to 7.3)".
func (e *Effects) interval(v, low, high float64) string {
	text := e.number(v)
	if v > 0 {
		text = "+" + text
	}
	if math.IsNaN(low) {
		return text + ", no interval"
	}
	return fmt.Sprintf("%s (%s to %s)", text, e.number(low), e.number(high))
}

// Says returns one sentence on the effect in a segment, or overall: what is shown, and if nothing is, what effect could have been found.
func (e *Effects) Says(of Effect) string {
	switch text := e.shown(of); {
	case math.IsNaN(of.SE):
		return text
	case of.Shown(e.Test.Level):
		return text + ": " + e.Write(of.Value, true)
	default:
		return text + "; one of " + e.Write(e.detects(of), true) + " or more would have been found"
	}
}

// shown says in three words whether there is an effect.
func (e *Effects) shown(of Effect) string {
	switch {
	case math.IsNaN(of.SE):
		return "too few customers, or no difference among them"
	case !of.Shown(e.Test.Level) && e.Measure == "return":
		return "neither profit nor loss shown"
	case !of.Shown(e.Test.Level):
		return "no effect shown"
	case of.Value > 0 && e.Measure == "return":
		return "a profit is shown"
	case of.Value > 0:
		return "an effect is shown"
	case e.Measure == "return":
		return "a loss is shown"
	}
	return "harm is shown"
}

// detects is the smallest effect that would have been found, at the level that a segment has among all and with the test's power.
func (e *Effects) detects(of Effect) float64 {
	k := len(e.Segments)
	if of.Segment == e.Total.Segment {
		k = 1
	}
	q := e.Test.question(e.Test.Level / float64(k))
	return (q.level + q.power) * of.SE
}

// Sheet shows raw, adjusted and shrunk effects side by side.
func (e *Effects) Sheet() sheet.Sheet {
	unit := e.Unit
	own, mean := "", func(v float64) string { return e.Write(v, false) } // shares have their sign in the cell
	if !e.share() {
		own, mean = unit, e.number
	}
	out := sheet.Sheet{Caption: e.finding(), Whole: true, Columns: []sheet.Column{{Name: "segment", Text: true}, {Name: "offered", Unit: own}, {Name: "held out", Unit: own},
		{Name: "plain difference", Unit: unit}, {Name: "adjusted", Unit: unit}, {Name: "drawn together", Unit: unit}, {Name: "p"}, {Name: "would find", Unit: unit}}}
	for _, of := range append(append([]Effect(nil), e.Segments...), e.Total) {
		together := sheet.Missing
		if !math.IsNaN(of.Shrunk) {
			together = e.interval(of.Shrunk, of.ShrunkLow, of.ShrunkHigh)
		}
		adjusted := e.interval(of.Value, of.Low, of.High)
		if !of.Adjusted {
			adjusted = "not adjusted"
		}
		out.Rows = append(out.Rows, []string{of.Segment, mean(of.MeanOffered), mean(of.MeanHeldOut),
			e.interval(of.Raw, of.RawLow, of.RawHigh), adjusted, together, small(of.Corrected), e.number(e.detects(of))})
	}
	out.Total = len(out.Rows)
	out.Notes = []string{"Offered, held out: the mean per customer in each arm. Intervals: 95 %, for each segment on its own. Adjusted: for what each customer did before (Lin 2013), where each arm has at least 30 customers.",
		"Drawn together: shrunk towards the mean of all segments, as far as their differences may be chance; the better guess for a single segment. p: corrected for the number of segments (Holm). Would find: the smallest effect that would have been found, with the test's power."}
	if e.Measure == "return" {
		out.Notes = append(out.Notes, "Return: the margin on what customers spent, less what the offer cost, including its cost on customers who would have ordered anyway.")
	}
	return out
}

// small writes a chance.
func small(p float64) string {
	if p < .001 {
		return "< 0.001"
	}
	return sheet.Fixed(p, 3)
}

// finding says whether the segments differ in what the offer does.
func (e *Effects) finding() string {
	all := fmt.Sprintf("%s of all segments: %s", wording.Capital(e.Measure), e.Says(e.Total))
	switch {
	case math.IsNaN(e.P):
		return all
	case e.Differ():
		return all + fmt.Sprintf(". The offer does more in some segments than in others (p %s)", small(e.P))
	}
	return all + fmt.Sprintf(". It is not shown that segments differ in it (p %s): take the overall effect for each", small(e.P))
}

// Sheet has a row per segment and one for all: who was compared, what the offer changed, what is left after its cost, and what that means.
func (r *Result) Sheet() sheet.Sheet {
	out := sheet.Sheet{Caption: r.finding(), Whole: true, Columns: []sheet.Column{{Name: "segment", Text: true}, {Name: "offered"}, {Name: "held out"}}}
	measures := r.measures()
	for _, e := range measures {
		name := map[string]string{"response": "more who order", "revenue": "more spent a customer", "return": "left after cost, a customer"}[e.Measure]
		out.Columns = append(out.Columns, sheet.Column{Name: name, Unit: e.Unit})
	}
	out.Columns = append(out.Columns, sheet.Column{Name: "what it says", Text: true})
	row := func(l int) {
		of := r.main().at(l)
		cells := []string{of.Segment, sheet.Count(of.Offered), sheet.Count(of.HeldOut)}
		for _, e := range measures {
			v := e.at(l)
			cells = append(cells, e.interval(v.Value, v.Low, v.High))
		}
		out.Rows = append(out.Rows, append(cells, r.says(l)))
	}
	for l := range r.main().Segments {
		row(l)
	}
	row(-1)
	out.Total = len(out.Rows)
	out.Notes = append([]string{"What the offer changed, measured against customers held out at random; what customers spent is not what it changed. Intervals: 95 %, each on its own. The last column is corrected for the number of segments."}, r.Notes...)
	if main := r.main(); !math.IsNaN(main.P) && !main.Differ() {
		out.Notes = append(out.Notes, fmt.Sprintf("It is not shown that the offer does more in one segment than in another (p %s).", small(main.P)))
	}
	return out
}

// in returns the names of the segments whose effect is as asked.
func (e *Effects) in(asked func(Effect) bool) (names []string) {
	for _, of := range e.Segments {
		if asked(of) {
			names = append(names, of.Segment)
		}
	}
	return names
}

// at is the effect in segment l, in all together for -1.
func (e *Effects) at(l int) Effect {
	if l < 0 {
		return e.Total
	}
	return e.Segments[l]
}

func (r *Result) measures() (out []*Effects) {
	for _, e := range []*Effects{r.Response, r.Revenue, r.Return} {
		if e != nil {
			out = append(out, e)
		}
	}
	return out
}

// says joins what money and cost say of a segment, or of all for -1.
func (r *Result) says(l int) string {
	of := r.main().at(l)
	text := r.main().shown(of)
	if r.Response != nil && r.Revenue != nil && !of.Shown(r.Test.Level) {
		if answer := r.Response.at(l); answer.Shown(r.Test.Level) {
			text = "more orders are shown, more money is not"
		}
	}
	if r.Return == nil || r.Test.Contact == 0 && r.Test.Reward == 0 {
		return text
	}
	switch back := r.Return.at(l); {
	case !back.Shown(r.Test.Level) && of.Shown(r.Test.Level) && of.Value > 0:
		return text + ", but not that it pays"
	case !back.Shown(r.Test.Level):
		return text
	case back.Value > 0:
		return text + "; it pays"
	default:
		return text + "; it costs more than it brings"
	}
}

// finding is the caption: the total, and where the offer pays.
func (r *Result) finding() string {
	main := r.main()
	of := main.Total
	text := fmt.Sprintf("%s, all segments together: %s", orName(r.Test.Name), main.Says(of))
	if n := float64(of.Offered); r.Revenue != nil && of.Shown(r.Test.Level) {
		text += fmt.Sprintf(", %s in all (%s to %s)", strings.TrimSpace(sheet.Fixed(n*of.Value, 0)+" "+main.Unit), sheet.Fixed(n*of.Low, 0), sheet.Fixed(n*of.High, 0))
	}
	if r.Response != nil && r.Revenue != nil { // what money is too noisy to show, orders may
		if names := r.Response.in(func(of Effect) bool { return of.Value > 0 && of.Shown(r.Test.Level) }); len(names) > 0 {
			text += ". More orders are shown in " + wording.Quoted(names)
		}
	}
	if names := r.Pays(); len(names) > 0 {
		text += ". It pays in " + wording.Quoted(names)
	} else if r.Return != nil && r.Return.Total.Value > 0 && r.Return.Total.Shown(r.Test.Level) {
		text += ". It is shown to pay over all segments, but in none of them on its own"
	} else if r.Return != nil {
		text += ". In no segment is it shown to pay"
	}
	return text
}

func orName(name string) string {
	if name == "" {
		return "The offer"
	}
	return wording.Capital(name)
}

// Frame returns a row per measure and segment, the total as "all segments": measure, segment, offered, held_out, mean_offered, mean_held_out, raw, raw_low, raw_high, value, low, high, se, p,
// corrected, shrunk, shrunk_low, shrunk_high, adjusted.
func (r *Result) Frame() table.Frame {
	type row struct {
		measure string
		Effect
	}
	var rows []row
	for _, e := range r.measures() {
		for _, of := range append(append([]Effect(nil), e.Segments...), e.Total) {
			rows = append(rows, row{e.Measure, of})
		}
	}
	return frame.New(
		frame.Each("measure", rows, func(w row) string { return w.measure }),
		frame.Each("segment", rows, func(w row) string { return w.Segment }),
		frame.Each("offered", rows, func(w row) int { return w.Offered }),
		frame.Each("held_out", rows, func(w row) int { return w.HeldOut }),
		frame.Numbers([]string{"mean_offered", "mean_held_out", "raw", "raw_low", "raw_high", "value", "low", "high", "se", "p", "corrected", "shrunk", "shrunk_low", "shrunk_high"}, rows,
			func(w row) []float64 {
				return []float64{w.MeanOffered, w.MeanHeldOut, w.Raw, w.RawLow, w.RawHigh, w.Value, w.Low, w.High, w.SE, w.P, w.Corrected, w.Shrunk, w.ShrunkLow, w.ShrunkHigh}
			}),
		frame.Each("adjusted", rows, func(w row) bool { return w.Adjusted }))
}
