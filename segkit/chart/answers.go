package chart

// Answers: how a battery of questions was answered (Heiberger & Robbins 2014, doi:10.18637/jss.v057.i05).

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"sort"
	"strings"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/table"
)

// The ends of a scale, and its middle; steps in between mix them. Dark letters read on all of them.
var lowest, neither, highest = color.NRGBA{0xF0, 0xA3, 0x4F, 0xFF}, color.NRGBA{0xEE, 0xEE, 0xEE, 0xFF}, color.NRGBA{0x6B, 0xB3, 0xE3, 0xFF}

// Answers draws a bar for each of the named columns, or if none are named, for each ordered category and each column of yes and no. It
// shows the share of every level among those who answered, from low on the left to high on the right, around the middle of the scale, so
// that bars further to the right mean higher answers. All columns must have the same number of levels, 2 to 11. The question with the
// highest answers is at the top; the title names it and the lowest. Shares are weighted by the table's weights; missing answers are left
// out and counted.
func Answers(t *table.Table, columns ...string) (*Figure, error) {
	const op = "chart.Answers"
	if t == nil {
		return nil, fault.Nil(op, "table")
	}
	if len(columns) == 0 {
		for _, c := range t.Columns() {
			if c.Ordered || c.Yes() >= 0 {
				columns = append(columns, c.Name)
			}
		}
	}
	if len(columns) == 0 {
		return nil, fault.Errorf(fault.ErrSchema, "segkit: %s: the table has no ordered categories and no yes/no columns: use one from survey.Answers.Table, or name levels in table.CSVOptions.Levels", op)
	}
	var rows []answered
	for _, name := range columns {
		r, err := answersTo(op, t, name)
		if err != nil {
			return nil, err
		}
		if first := append(rows, r)[0]; len(r.shares) != len(first.shares) {
			return nil, &fault.CellError{Op: op, File: t.Raw().Source, Column: name, Err: fault.ErrSchema,
				Why:    fmt.Sprintf("has %d levels, and %q has %d", len(r.shares), first.name, len(first.shares)),
				Remedy: "draw questions that share one scale"}
		}
		rows = append(rows, r)
	}
	k := len(rows[0].shares)
	sort.SliceStable(rows, func(a, b int) bool { return rows[a].mean > rows[b].mean })
	fig := &Figure{}
	fig.describe("Bars of the answers to %s, centred on the middle of the scale.", count(len(rows), "question"))
	top, bottom := rows[0], rows[len(rows)-1]
	switch {
	case len(rows) == 1:
		fig.Title = fmt.Sprintf("%s: %s answer %s", quote(top.name), share(top.upper()), top.uppers())
	default:
		fig.Title = fmt.Sprintf("%s scores highest (%s answer %s), %s lowest (%s)", quote(top.name), share(top.upper()), top.uppers(), quote(bottom.name), share(bottom.upper()))
	}
	if left := len(rows) - mostBars; left > 0 {
		rows = rows[:mostBars]
		fig.remark("%s with lower answers not drawn.", count(left, "question"))
	}
	p := newPlot("", "")
	names := make([]string, len(rows))
	var bars rects
	var numbers labels
	from, to, fewest, most := 0., 0., math.MaxInt, 0
	for i, r := range rows {
		y := float64(len(rows) - 1 - i)
		names[len(rows)-1-i] = setIn(questionLines, sans(small), r.name, questions)
		x := -r.below()
		from = min(from, x)
		for l, s := range r.shares {
			bars = append(bars, rect{x, x + s, y - 0.38, y + 0.38, shade(l, k), nil})
			if s >= 0.06 {
				numbers = append(numbers, label{x: x + s/2, y: y, text: fmt.Sprintf("%.0f", 100*s), style: aligned(sans(small), draw.XCenter, draw.YCenter), dy: drop})
			}
			x += s
		}
		to = max(to, x)
		fewest, most = min(fewest, r.missing), max(most, r.missing)
		said := make([]string, k)
		for l, s := range r.shares {
			said[l] = r.levels[l] + " " + share(s)
		}
		fig.describe("%s: %s.", r.name, strings.Join(said, ", "))
	}
	for l := range k {
		p.Legend.Add(setInLegend(rows[0].levels[l]), swatch{shade(l, k)})
	}
	p.HideX()
	p.Y.Tick.Marker, p.Y.LineStyle.Width = named(names), 0
	p.Add(line(plotter.XYs{{X: 0, Y: -0.6}, {X: 0, Y: float64(len(rows)) - 0.4}}, 1, soft), bars, numbers)
	p.X.Min, p.X.Max = from-0.01, to+0.01
	p.Y.Min, p.Y.Max = -0.6, float64(len(rows))-0.4
	fig.Panels = panel(p)
	fig.remark("Numbers are per cent of those who answered.")
	switch {
	case most > 0 && fewest == most:
		fig.remark("%s without an answer left out of each bar.", count(most, "respondent"))
	case most > 0:
		fig.remark("Up to %s without an answer left out of a bar.", count(most, "respondent"))
	}
	fig.Height = fig.besidePanels() + vg.Length(len(rows))*roomFor(names, 24) + 10
	return fig, nil
}

// A question is longer than a name.
const (
	questions     = vg.Length(200) // room for them
	questionLines = 5
)

// answered is one question: the shares of its levels (k) among those who answered.
type answered struct {
	name    string
	levels  []string
	shares  []float64
	mean    float64 // of the levels' positions
	missing int
}

func answersTo(op string, t *table.Table, column string) (r answered, err error) {
	c, err := t.Column(column)
	if err != nil {
		return r, err
	}
	if !c.Categorical() || !c.Ordered && c.Yes() < 0 {
		return r, &fault.CellError{Op: op, File: t.Raw().Source, Column: column, Why: "has no levels from low to high", Remedy: "use a scale, or yes and no", Err: fault.ErrSchema}
	}
	if k := len(c.Levels); k < 2 || k > 11 {
		return r, &fault.CellError{Op: op, File: t.Raw().Source, Column: column, Why: fmt.Sprintf("has %d levels", k), Remedy: "draw questions with 2 to 11 levels", Err: fault.ErrUndefined}
	}
	values, err := t.Values(column)
	if err != nil {
		return r, err
	}
	r = answered{name: clean(c.Name), shares: make([]float64, len(c.Levels))}
	turned := !c.Ordered && c.Yes() == 0
	for l := range c.Levels {
		r.levels = append(r.levels, clean(c.Word(l)))
	}
	if turned {
		slices.Reverse(r.levels)
	}
	weights, customers, total := evidence(t), customersOf(t), 0.
	for i, v := range values {
		if !finite(v) {
			r.missing += customers(i)
			continue
		}
		w := 1.
		if weights != nil {
			w = weights[i]
		}
		l := int(v)
		if turned {
			l = len(c.Levels) - 1 - l
		}
		r.shares[l] += w
		total += w
	}
	if total == 0 {
		return r, fault.Errorf(fault.ErrEmpty, "segkit: %s: nobody answered %q", op, column)
	}
	for l := range r.shares {
		r.shares[l] /= total
		r.mean += float64(l) * r.shares[l]
	}
	return r, nil
}

// below is the share below the middle of the scale: half of a middle step counts.
func (r answered) below() (sum float64) {
	k := len(r.shares)
	for _, s := range r.shares[:k/2] {
		sum += s
	}
	if k%2 == 1 {
		sum += r.shares[k/2] / 2
	}
	return sum
}

// upper is the share above the middle, without a middle step.
func (r answered) upper() (sum float64) {
	for _, s := range r.shares[(len(r.shares)+1)/2:] {
		sum += s
	}
	return sum
}

// uppers are the levels that upper counts, in words.
func (r answered) uppers() string {
	var above []string
	for _, level := range r.levels[(len(r.levels)+1)/2:] {
		above = append(above, short(level))
	}
	if len(above) > 2 {
		return above[0] + " to " + above[len(above)-1]
	}
	return strings.Join(above, " or ")
}

// shade is the colour of level l of k.
func shade(l, k int) color.Color {
	at := 2*float64(l)/float64(k-1) - 1
	end := highest
	if at < 0 {
		end, at = lowest, -at
	}
	mix := func(a, b uint8) uint8 { return uint8(math.Round(float64(a) + at*(float64(b)-float64(a)))) }
	return color.NRGBA{mix(neither.R, end.R), mix(neither.G, end.G), mix(neither.B, end.B), 0xFF}
}
