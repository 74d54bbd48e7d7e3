package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Who moved since the last report, beside how many would have moved if nobody had changed their habits.

// move is those who went from one state to another.
type move struct {
	from, to      string
	customers     int
	still         float64 // if all had kept their pace; NaN where that was not drawn
	before, since float64 // what they spent in as many days before, and since
}

// state is the name of a state of a migration: a segment's own, else a word.
func (p *page) state(i int) string {
	switch m := p.c.Movement; i - m.Segments {
	case 0:
		return p.StateNone
	case 1:
		return p.StateAbsent
	default:
		return m.States[i]
	}
}

// moves are those between states, the largest first; who stayed is not among them, nor who was no customer at either time.
func (p *page) moves() (out []move) {
	m := p.c.Movement
	for a, row := range m.Customers {
		for b, n := range row {
			if a == b || n == 0 {
				continue
			}
			still := math.NaN()
			if m.Still != nil {
				still = m.Still[a][b]
			}
			out = append(out, move{p.state(a), p.state(b), n, still, m.Before[a][b], m.Spend[a][b]})
		}
	}
	slices.SortStableFunc(out, func(a, b move) int { return cmp.Compare(b.customers, a.customers) })
	return out
}

// mostMoves are told on the page; the workbook has all.
const mostMoves = 8

func (p *page) movement() markup {
	m := p.c.Movement
	if m == nil {
		return ""
	}
	moved, there, fresh := 0, 0, 0
	still := 0.0
	for a, row := range m.Customers {
		for b, n := range row {
			switch {
			case a == m.Segments+1 && b < m.Segments:
				fresh += n
			case a < m.Segments:
				there += n
				if a != b {
					moved += n
					if m.Still != nil {
						still += m.Still[a][b]
					}
				}
			}
		}
	}
	lead := fmt.Sprintf(p.MovementLead, p.date(m.From), p.count(moved), p.people(there), p.percent(float64(moved)/float64(max(there, 1)), 0), p.people(fresh))
	if m.Still != nil {
		lead += " " + fmt.Sprintf(p.MovementStill, p.round(math.Round(still)))
		if float64(moved) <= still {
			lead += " " + p.MovementCalm
		}
	}
	t := p.moveTable()
	t.Rows = t.Rows[:min(len(t.Rows), mostMoves)]
	return put("<section id=\"movement\"><h2>%s</h2>\n%s%s%s</section>\n", fmt.Sprintf(p.MovementTitle, p.date(m.From)), paragraphs("lead", lead, p.MovementAbout), p.thenAndNow(), p.html(t))
}

// moveTable has a row for each move.
func (p *page) moveTable() Table {
	t := Table{Name: "movement", Title: p.MovesTitle, Columns: []Column{{p.FromHead, "", Text}, {p.ToHead, "", Text}, {p.CustomersHead, "", Whole}, {p.StillHead, "", Money}, {p.BeforeHead, p.unit(), Money}, {p.SinceHead, p.unit(), Money}}}
	for _, m := range p.moves() {
		t.Rows = append(t.Rows, []any{m.from, m.to, m.customers, m.still, m.before, m.since})
	}
	return t
}

// thenAndNow draws how many customers each segment had at the last report and has today.
func (p *page) thenAndNow() markup {
	m := p.c.Movement
	then, now := make([]int, m.Segments), make([]int, m.Segments)
	most := 1
	for a, row := range m.Customers {
		for b, n := range row {
			if a < m.Segments {
				then[a] += n
			}
			if b < m.Segments {
				now[b] += n
			}
		}
	}
	for l := range then {
		most = max(most, then[l], now[l])
	}
	d := &picture{about: p.ThenNowAbout, title: p.ThenNowTitle, table: Table{Title: p.ThenNowTitle, Columns: []Column{{p.SegmentHead, "", Text}, {p.date(m.From), "", Whole}, {p.date(m.To), "", Whole}}}}
	y := 4.0
	for l := range then {
		name := m.States[l]
		d.table.Rows = append(d.table.Rows, []any{name, then[l], now[l]})
		y += 16
		y = d.name(8, y-2, name) + 6
		for i, n := range []int{then[l], now[l]} {
			class := []string{fmt.Sprintf("s%d ahead", l%colours), fmt.Sprintf("s%d", l%colours)}[i]
			width := float64(n) / float64(most) * 240
			d.rect(8, y, width, 15, class)
			d.text(8+width+6, y+12, "small", fmt.Sprintf([]string{p.ThenBar, p.NowBar}[i], p.count(n)))
			y += 17
		}
		y += 6
	}
	d.height = y + 2
	return p.show(d)
}
