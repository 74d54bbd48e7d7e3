package campaign

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// TierMoves says who moves when a programme changes.
type TierMoves struct {
	Before, After *Standing
	Customers     [][]int // (tiers before + 1) x (tiers after + 1); the last is no tier

	ids [][][]string
}

// Compare says who moves where, and what it costs, if the cuts or rewards of a programme are replaced by those of another, for the same customers and what they did.
// Nobody knows how they would respond to new cuts.
func (p Programme) Compare(to Programme, customers *table.Table) (*TierMoves, error) {
	before, err := p.Place(customers)
	if err != nil {
		return nil, err
	}
	after, err := to.Place(customers)
	if err != nil {
		return nil, err
	}
	m := &TierMoves{Before: before, After: after, Customers: make([][]int, len(before.Tiers)+1), ids: make([][][]string, len(before.Tiers)+1)}
	for a := range m.Customers {
		m.Customers[a], m.ids[a] = make([]int, len(after.Tiers)+1), make([][]string, len(after.Tiers)+1)
	}
	last := func(label, of int) int {
		if label < 0 {
			return of
		}
		return label
	}
	for i, id := range before.Members.IDs {
		a, b := last(before.Members.Labels[i], len(before.Tiers)), last(after.Members.Labels[i], len(after.Tiers))
		m.Customers[a][b]++
		m.ids[a][b] = append(m.ids[a][b], id)
	}
	return m, nil
}

// Movers returns the ids of the customers who go from one tier to another, by name.
func (m *TierMoves) Movers(from, to string) ([]string, error) {
	if m == nil {
		return nil, fault.Nil("campaign.TierMoves.Movers", "comparison")
	}
	a, b := slices.Index(m.Before.Members.Names, from), slices.Index(m.After.Members.Names, to)
	if a < 0 {
		return nil, fault.Option("campaign.TierMoves.Movers", "from", fmt.Sprintf("%q", from), "one of "+sheet.List(m.Before.Members.Names))
	}
	if b < 0 {
		return nil, fault.Option("campaign.TierMoves.Movers", "to", fmt.Sprintf("%q", to), "one of "+sheet.List(m.After.Members.Names))
	}
	return m.ids[a][b], nil
}

// Sheet has a row per tier before and a column per tier after.
func (m *TierMoves) Sheet() sheet.Sheet {
	names := func(s *Standing) []string {
		if m.Before.Below == 0 && m.After.Below == 0 { // everybody is in some tier
			return s.Members.Names
		}
		return append(slices.Clone(s.Members.Names), "no tier")
	}
	before, after := names(m.Before), names(m.After)
	out := sheet.Sheet{Columns: []sheet.Column{{Name: "before", Text: true}}}
	for _, name := range after {
		out.Columns = append(out.Columns, sheet.Column{Name: "then " + name, Unit: "customers"})
	}
	moved := 0
	for a, name := range before {
		cells := []string{name}
		for b, to := range after {
			n := m.Customers[a][b]
			cells = append(cells, sheet.Count(n))
			if name != to {
				moved += n
			}
		}
		out.Rows = append(out.Rows, cells)
	}
	out.Total = len(out.Rows)
	unit := m.Before.Unit
	change := m.After.Cost() - m.Before.Cost()
	word := "more"
	if change < 0 {
		word, change = "less", -change
	}
	out.Caption = fmt.Sprintf("%s move, and the programme costs %s %s: %s instead of %s", wording.Plural(moved, "customer"), strings.TrimSpace(sheet.Fixed(change, 0)+" "+unit), word, sheet.Fixed(m.After.Cost(), 0), sheet.Fixed(m.Before.Cost(), 0))
	out.Notes = []string{"These are the same customers, sorted by what they did. Only a test can show how they would respond to other cuts."}
	return out
}

// Replay says who would have been in which tier at several dates.
type Replay struct {
	Dates   []time.Time
	Names   []string          // of tiers
	Members []*table.Segments // (t) by date
	Up      []int             // (t) moved up since the previous date
	Down    []int             // (t) moved down or out
	Kept    []int             // (t) fell short but keep the tier during the grace period
}

// Replay looks back: who would have been in which tier at each date, had the programme existed. Customers move up at once, but down only once they have fallen
// short at more dates in a row than Grace, so that one quiet month costs nobody a tier. Each table is for one date, as Place takes it; customers who are not in
// it did nothing.
func (p Programme) Replay(dates []time.Time, customers []*table.Table) (*Replay, error) {
	const op = "campaign.Programme.Replay"
	p, err := p.checked()
	if err != nil {
		return nil, err
	}
	if len(dates) != len(customers) || len(dates) == 0 {
		return nil, fault.Option(op, "customers", fmt.Sprintf("%d tables", len(customers)), fmt.Sprintf("one for each of %d dates, and at least one", len(dates)))
	}
	out := &Replay{Dates: dates}
	for _, t := range p.Tiers {
		out.Names = append(out.Names, t.Name)
	}
	type stay struct{ tier, short int }
	now := map[string]stay{}
	var known []string // in order of appearance
	for d, rows := range customers {
		if d > 0 && !dates[d].After(dates[d-1]) {
			return nil, fault.Option(op, "dates", dates[d].Format(time.DateOnly), "a date after "+dates[d-1].Format(time.DateOnly))
		}
		a, err := p.activity(op, rows)
		if err != nil {
			return nil, err
		}
		reached := make(map[string]int, len(a.ids))
		for i, id := range a.ids {
			reached[id] = p.reached(a.spend[i], a.orders[i])
			if _, ok := now[id]; !ok {
				known = append(known, id)
				now[id] = stay{-1, 0}
				if d == 0 {
					now[id] = stay{reached[id], 0}
				}
			}
		}
		up, down, kept := 0, 0, 0
		labels := make(table.Labels, len(known))
		for i, id := range known {
			s, at := now[id], p.reached(0, 0)
			if r, ok := reached[id]; ok {
				at = r
			}
			switch {
			case at > s.tier:
				s = stay{at, 0}
				up++
			case at == s.tier:
				s.short = 0
			case s.short < p.Grace:
				s.short++
				kept++
			default:
				s = stay{at, 0}
				down++
			}
			now[id] = s
			if labels[i] = s.tier; s.tier < 0 {
				labels[i] = table.Noise
			}
		}
		s, err := table.NewSegments(slices.Clone(known), labels, out.Names)
		if err != nil {
			return nil, err
		}
		out.Members = append(out.Members, s)
		out.Up, out.Down, out.Kept = append(out.Up, up), append(out.Down, down), append(out.Kept, kept)
	}
	return out, nil
}

// Sheet has a row per date.
func (r *Replay) Sheet() sheet.Sheet {
	out := sheet.Sheet{Columns: []sheet.Column{{Name: "date", Text: true}}}
	for _, name := range r.Names {
		out.Columns = append(out.Columns, sheet.Column{Name: name, Unit: "members"})
	}
	out.Columns = append(out.Columns, sheet.Column{Name: "moved up"}, sheet.Column{Name: "moved down"}, sheet.Column{Name: "kept by grace"})
	for d, date := range r.Dates {
		row := []string{date.Format(time.DateOnly)}
		for _, n := range r.Members[d].Counts() {
			row = append(row, sheet.Count(n))
		}
		if d == 0 {
			row = append(row, sheet.Missing, sheet.Missing, sheet.Missing)
		} else {
			row = append(row, sheet.Count(r.Up[d]), sheet.Count(r.Down[d]), sheet.Count(r.Kept[d]))
		}
		out.Rows = append(out.Rows, row)
	}
	out.Total = len(out.Rows)
	last := len(r.Dates) - 1
	out.Caption = fmt.Sprintf("From %s to %s: who would have been in which tier", r.Dates[0].Format(time.DateOnly), r.Dates[last].Format(time.DateOnly))
	out.Notes = []string{"Members move up at once, and down after the time of grace. New customers who reach a tier count as moved up.", notCaused}
	return out
}
