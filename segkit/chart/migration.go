package chart

// Migration: customers and money that moved between segments, as streams and as a matrix.

import (
	"fmt"
	"image/color"
	"strings"
	"time"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/overlap"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/track"
)

// Migration draws the states of customers on two dates as two columns of nodes, with heights in proportion to their customers, and the streams
// between them. Those who stay have the colour of their segment. The title says how many stayed, and how many would have by chance alone.
func Migration(m *track.Migration) (*Figure, error) {
	from, to, err := statesOf("Migration", m)
	if err != nil {
		return nil, err
	}
	total, stay, still, before := 0, 0, 0.0, 0.0
	for _, a := range from {
		for _, b := range to {
			total += m.Customers[a][b]
		}
	}
	f := flow{columns: [][]node{make([]node, len(from)), make([]node, len(to))}, streams: make([][]stream, 1), names: true}
	part := 1 / float64(total)
	for side, states := range [][]int{from, to} {
		for i, state := range states {
			f.columns[side][i].fill = stateColor(m, state)
		}
	}
	inSegments := 0
	for i, a := range from {
		for j, b := range to {
			n := m.Customers[a][b]
			if a < m.Segments {
				inSegments += n
			}
			if n == 0 {
				continue
			}
			size := float64(n) * part
			f.columns[0][i].size += size
			f.columns[1][j].size += size
			moved := stream{from: i, to: j, size: size, fill: veil}
			if a == b && a < m.Segments {
				stay += n
				tone := color.NRGBAModel.Convert(Color(a)).(color.NRGBA)
				tone.A = 0x70
				moved.fill, moved.edge = tone, Color(a)
			}
			f.streams[0] = append(f.streams[0], moved)
		}
	}
	for a := range min(m.Segments, len(m.Still)) {
		still += m.Still[a][a]
		for _, n := range m.Still[a] {
			before += n
		}
	}
	fig := &Figure{}
	fig.describe("Two columns of segments, on %s and on %s, and the customers who move between them.", m.From.Format(time.DateOnly), m.To.Format(time.DateOnly))
	for side, states := range [][]int{from, to} {
		for i, state := range states {
			n, spent := &f.columns[side][i], 0.0
			for _, other := range [][]int{to, from}[side] {
				if side == 0 {
					spent += m.Before[state][other]
				} else {
					spent += m.Spend[other][state]
				}
			}
			n.text = figures(set(sans(small), clean(m.States[state]), 120), share(n.size)+", "+amount(spent, m.Unit), 120)
		}
	}
	for _, a := range from {
		for _, b := range to {
			if n := m.Customers[a][b]; n > 0 {
				fig.describe("%s to %s: %s, %s before and %s since.", clean(m.States[a]), clean(m.States[b]), count(n, "customer"), amount(m.Before[a][b], m.Unit), amount(m.Spend[a][b], m.Unit))
			}
		}
	}
	fig.Title = fmt.Sprintf("%s of the customers in a segment stayed in it", share(float64(stay)/float64(max(inSegments, 1))))
	if before > 0 {
		fig.Title += fmt.Sprintf("; %s would have if all had kept their pace", share(still/before))
	}
	p := newPlot("", "")
	p.HideAxes()
	p.Add(f)
	fig.Panels = panel(p)
	days := count(int(m.To.Sub(m.From)/(24*time.Hour)), "day")
	fig.remark("%s on the left, %s on the right; shares of %s. Money: what the customers on the left spent in the %s before, and those on the right in the %s since. "+
		"Grey streams, without an edge, change segment.", m.From.Format(time.DateOnly), m.To.Format(time.DateOnly), count(total, "customer"), days, days)
	if thin := f.thin(); thin > 0 {
		fig.remark("%s of fewer than %s of customers not drawn.", count(thin, "stream"), share(leastSeen))
	}
	fig.Height = fig.besidePanels() + f.height(34)
	return fig, nil
}

// stateColor is the colour of a segment, and grey for the other states.
func stateColor(m *track.Migration, state int) color.Color {
	if state < m.Segments {
		return Color(state)
	}
	return rest
}

// statesOf returns the states in which any customer was on the first and on the second date.
func statesOf(op string, m *track.Migration) (from, to []int, err error) {
	if m == nil {
		return nil, nil, fault.Nil("chart."+op, "migration")
	}
	if from, to = overlap.Used(m.Customers); from == nil {
		return nil, nil, fmt.Errorf("segkit: chart.%s: no customer was in any segment: %w", op, fault.ErrEmpty)
	}
	return from, to, nil
}

// MigrationMatrix draws a row for each state on the first date, with the shares of its customers who were in each state on the second. Below each share is what it
// would be if all had kept their pace, and the change in what they spent. The title says where clearly more or fewer stayed than that.
func MigrationMatrix(m *track.Migration) (*Figure, error) {
	from, to, err := statesOf("MigrationMatrix", m)
	if err != nil {
		return nil, err
	}
	const names, tall = vg.Length(130), vg.Length(42)
	cell := min(100, (defaultWidth-2*margin-names-8)/vg.Length(len(to)))
	fig := &Figure{Width: max(5*vg.Inch, names+cell*vg.Length(len(to))+2*margin+8)}
	fig.describe("Matrix of moves from %s (rows) to %s (columns).", m.From.Format(time.DateOnly), m.To.Format(time.DateOnly))
	var cells rects
	var texts, steady, change labels
	rows := make([]string, len(from))
	for i, a := range from {
		y := float64(len(from) - 1 - i)
		total, still := 0, 0.0
		for b := range m.States {
			total += m.Customers[a][b]
			if m.Still != nil {
				still += m.Still[a][b]
			}
		}
		rows[len(from)-1-i] = figures(set(sans(small), clean(m.States[a]), names-10), sheet.Count(total), names-10)
		var said []string
		for j, b := range to {
			n := m.Customers[a][b]
			part := float64(n) / float64(total)
			fill := shades[class(part, 0, 1)]
			text := share(part)
			if n == 0 {
				fill, text = color.NRGBA{0xFF, 0xFF, 0xFF, 0xFF}, "–"
			}
			said = append(said, clean(m.States[b])+" "+text)
			cells = append(cells, rect{float64(j) - 0.5, float64(j) + 0.5, y - 0.5, y + 0.5, fill, color.White})
			tone := against(fill)
			texts = append(texts, label{x: float64(j), y: y, text: text, style: toned(aligned(bold(small), draw.XCenter, draw.YCenter), tone), dy: 12 + drop})
			if still > 0 && a < m.Segments {
				steady = append(steady, label{x: float64(j), y: y, text: "steady " + share(m.Still[a][b]/still), style: toned(aligned(sans(small), draw.XCenter, draw.YCenter), tone), dy: drop})
			}
			if n > 0 {
				change = append(change, label{x: float64(j), y: y, text: signed0(m.Spend[a][b] - m.Before[a][b]), style: toned(aligned(sans(small), draw.XCenter, draw.YCenter), tone), dy: -12 + drop})
			}
		}
		fig.describe("%s, %s: %s.", clean(m.States[a]), count(total, "customer"), strings.Join(said, ", "))
	}
	heads := make([]string, len(to))
	for j, b := range to {
		heads[j] = clean(m.States[b])
	}
	above, head := headings(heads, cell, float64(len(from))-0.5)
	if !steady.fit(cell) {
		for i := range steady {
			steady[i].text = strings.TrimPrefix(steady[i].text, "steady ")
		}
	}
	money := change.fit(cell)
	if !money {
		change = nil
	}
	fig.Panels = panel(gridOf(rows, len(to), cells, texts, steady, change, above))
	fig.Title = strings.TrimSuffix(m.Changes()[0], ".")
	if more := len(m.Changes()) - 1; more > 0 {
		fig.Title += fmt.Sprintf("; and so on for %s more", count(more, "segment"))
	}
	fig.remark("Share of each row's customers on %s who were in each column on %s.", m.From.Format(time.DateOnly), m.To.Format(time.DateOnly))
	if m.Still != nil {
		fig.remark("Below, steady: if all had kept their pace (mean of %s).", count(m.Draws, "draw"))
	}
	if money {
		fig.remark("Last line: what they spent since, less what they spent in as many days before (%s). This is a difference, not an effect of the move.", clean(m.Unit))
	} else {
		fig.remark("The cells are too narrow for what they spent: see Migration.Money.")
	}
	fig.Height = fig.besidePanels() + tall*vg.Length(len(from)) + head + 16
	return fig, nil
}
