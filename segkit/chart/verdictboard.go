package chart

// VerdictBoard: the demands on a segmentation as a board of gates.

import (
	"fmt"
	"image/color"
	"slices"
	"strings"
	"unicode"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/judge"
	"github.com/segkit/lab/segkit/sheet"
)

// gates are how a grade looks: by colour, by sign and in words.
var gates = [...]struct {
	sign draw.GlyphDrawer
	word string
	fill color.Color
}{
	judge.NotJudged: {dash, "not judged", color.NRGBA{0xF2, 0xF2, 0xF2, 0xFF}},
	judge.Fail:      {cross, "fails", color.NRGBA{0xF0, 0xA3, 0x4F, 0xFF}},
	judge.Weak:      {ring{}, "weak", color.NRGBA{0xFB, 0xE7, 0xCB, 0xFF}},
	judge.Pass:      {tick, "passes", color.NRGBA{0x9C, 0xCE, 0xEE, 0xFF}},
}

// VerdictBoard draws a verdict: a row per demand, a column for the solution as a whole and one per segment. A cell has the number
// on which its grade rests, with its unit; its colour and its sign say pass, weak or fail. Anything that was not judged is grey.
func VerdictBoard(v *judge.Verdict) (*Figure, error) {
	if v == nil {
		return nil, fault.Nil("chart.VerdictBoard", "verdict")
	}
	if len(v.Solution) == 0 {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: chart.VerdictBoard: the verdict holds no check")
	}
	whole := v.Checks()
	var demands []string
	for _, c := range whole {
		demands = append(demands, c.Demand)
	}
	d, columns := len(demands), append([][]judge.Check{whole}, v.Segments...)
	cell := min(widestColumn, (defaultWidth-2*margin-demandNames)/vg.Length(len(columns)))
	fig := &Figure{Title: verdictTitle(v), Width: max(5*vg.Inch, demandNames+cell*vg.Length(len(columns))+2*margin)}
	var cells rects
	var texts labels
	signs, heads, rows := make([]plotter.XYs, len(gates)), make([]string, len(columns)), make([]string, d)
	for y, demand := range demands {
		rows[d-1-y] = set(sans(small), clean(demand), demandNames-10)
	}
	left := 0.5 - 10/float64(cell) // from the middle of a cell to that of its sign
	for x, checks := range columns {
		heads[x] = "the solution"
		if x > 0 {
			heads[x] = segment(v.Names, x-1)
		}
		for row, demand := range demands {
			at := slices.IndexFunc(checks, func(c judge.Check) bool { return c.Demand == demand })
			if at < 0 || x > 0 && checks[at].Grade == judge.NotJudged && whole[row].Grade != judge.NotJudged { // not asked of segments
				continue
			}
			c, y := checks[at], float64(d-1-row)
			grade := min(c.Grade, judge.Pass)
			cells = append(cells, rect{float64(x) - 0.5, float64(x) + 0.5, y - 0.5, y + 0.5, gates[grade].fill, color.White})
			signs[grade] = append(signs[grade], plotter.XY{X: float64(x) - left, Y: y})
			if number := reading(clean(c.Reads), cell-17); grade != judge.NotJudged && number != "" {
				texts = append(texts, label{x: float64(x) - left, y: y, text: number, style: aligned(sans(small), draw.XLeft, draw.YCenter), dx: 7,
					dy: drop})
			}
			fig.describe("%s, %s: %s. %s", capital(heads[x]), clean(demand), gates[grade].word, curled(c.Says))
		}
	}
	above, tall := headings(heads, cell, float64(d)-0.5)
	p := gridOf(rows, len(columns), cells, texts, above)
	for grade, at := range signs {
		p.Add(dots(at, 3.2, ink, gates[grade].sign))
	}
	fig.Panels = panel(p)
	if v.Metric.Says != "" {
		fig.remark("%s", curled(v.Metric.Says))
	}
	fig.remark("Tick: passes; ring: weak; cross: fails; dash: not judged. Beside it, where there is room: the number it rests on.")
	fig.Height = fig.besidePanels() + vg.Length(d)*28 + tall + 16
	return fig, nil
}

const demandNames = vg.Length(90)

// verdictTitle says how much the solution passes, as the verdict counts, and names what it fails.
func verdictTitle(v *judge.Verdict) string {
	passed, judged := v.Passed()
	var failed []string
	construction := false
	for _, c := range v.Checks() {
		switch {
		case c.Demand == "natural":
			construction = !v.Natural && (c.Grade == judge.Weak || c.Grade == judge.Fail)
		case c.Grade == judge.Fail:
			failed = append(failed, clean(c.Demand))
		}
	}
	title := fmt.Sprintf("The solution passes %d of %s", passed, count(judged, "demand"))
	switch {
	case judged == 0:
		title = "Nothing was judged about the solution as a whole"
	case len(failed) > 0:
		title += ", and fails: " + sheet.List(failed)
	case passed < judged:
		title += ", and fails none"
	}
	if construction {
		title = "No natural segments, but a construction. " + title
	}
	return title
}

// reading fits a number with its unit into a cell, on two lines where it must be, and leaves the unit out where even these are too short. Half a number says
// nothing: where none fits, it is "".
func reading(text string, width vg.Length) string {
	if fitted, ok := wrapWords(sans(small), text, width, 2); ok {
		return fitted
	}
	words := slices.DeleteFunc(strings.Fields(text), func(w string) bool { return !strings.ContainsFunc(w, unicode.IsDigit) })
	if number := strings.Join(words, " "); sans(small).Width(number) <= width {
		return number
	}
	return ""
}
