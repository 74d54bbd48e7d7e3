package weblog

// Sequences: which kind of page follows which.

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// move is a transition from one kind of page to the next that is a feature.
type move struct {
	from, to      uint32 // codes of kinds
	column, about string
}

// commonest are so many transitions, those that are made most often.
func (m *maker) commonest(n int) ([]move, error) {
	if n == 0 {
		return nil, nil
	}
	v := m.v
	if !v.kind.present() {
		return nil, fault.Errorf(fault.ErrMissingColumn, "segkit: weblog.Spec.Steps: the file has no pages one after another, so no kind of page follows another")
	}
	counts := v.transitions(m.visits)
	type pair struct{ from, to, times int }
	var all []pair
	for from, row := range counts {
		for to, times := range row {
			if times > 0 {
				all = append(all, pair{from, to, times})
			}
		}
	}
	slices.SortFunc(all, func(a, b pair) int {
		return cmp.Or(cmp.Compare(b.times, a.times), strings.Compare(v.kind.names[a.from], v.kind.names[b.from]), strings.Compare(v.kind.names[a.to], v.kind.names[b.to]))
	})
	var out []move
	var columns []string
	for _, p := range all[:min(n, len(all))] {
		from, to := v.kind.names[p.from], v.kind.names[p.to]
		columns = append(columns, simple(from)+"_to_"+simple(to))
		out = append(out, move{uint32(p.from), uint32(p.to), "", fmt.Sprintf("share of steps from one page to the next that go from %s to %s; missing where no visit has two pages", from, to)})
	}
	distinct(columns)
	for k := range out {
		out[k].column = columns[k]
	}
	return out, nil
}

// transitions counts by code which kind follows which within visits; pages of no known kind are passed over.
func (v *view) transitions(visits func(yield func(visit) bool)) [][]int {
	out := make([][]int, len(v.kind.names))
	for c := range out {
		out[c] = make([]int, len(v.kind.names))
	}
	visits(func(s visit) bool {
		before := uint32(0)
		for _, i := range v.rows[s.from:s.to] {
			if c := v.kind.codes[i]; c != 0 {
				if before != 0 {
					out[before][c]++
				}
				before = c
			}
		}
		return true
	})
	return out
}

// moves counts the transitions of one visitor.
type moves struct {
	m      *maker
	counts []int
	all    int
}

func newMoves(m *maker) *moves { return &moves{m: m, counts: make([]int, len(m.moves))} }

func (t *moves) reset() {
	clear(t.counts)
	t.all = 0
}

func (t *moves) add(s visit) {
	v, before := t.m.v, uint32(0)
	for _, i := range v.rows[s.from:s.to] {
		c := v.kind.codes[i]
		if c == 0 {
			continue
		}
		if before != 0 {
			t.all++
			for k, move := range t.m.moves {
				if move.from == before && move.to == c {
					t.counts[k]++
				}
			}
		}
		before = c
	}
}

func (t *moves) share(k int) float64 { return share(t.counts[k], t.all) }

// Transitions says which kind of page follows which, as shares.
type Transitions struct {
	Kinds  []string    // (k) in order of decreasing number of pages
	First  []float64   // (k) share of visits that begin there
	Last   []float64   // (k) share of visits that end there
	Counts [][]int     // (k x k) how often the second follows the first
	Shares [][]float64 // (k x k) of all steps away from the first; NaN if there are none
}

var _ sheet.Sheeter = (*Transitions)(nil)

// Transitions counts which kind of page follows which within visits up to and including the day asOf; a zero asOf is 90 days before the
// last day, and if a file has no days, all visits count. It costs O(hits + k²).
func (c *Cleaned) Transitions(asOf time.Time) (*Transitions, error) {
	if c == nil {
		return nil, fault.Nil("weblog.Cleaned.Transitions", "visits")
	}
	spec, err := c.Spec(asOf)
	if err != nil {
		return nil, err
	}
	return recall(c.Visits, "transitions", spec.text(), func(v *view) (*Transitions, error) {
		if !v.kind.present() {
			return nil, fault.Errorf(fault.ErrMissingColumn, "segkit: weblog.Cleaned.Transitions: the file has no pages one after another, so no kind of page follows another")
		}
		m, err := c.maker(v, spec)
		if err != nil {
			return nil, err
		}
		counts := v.transitions(m.visits)
		n := len(v.kind.names)
		pages, first, last, visits := make([]int, n), make([]int, n), make([]int, n), 0
		m.visits(func(s visit) bool {
			for _, i := range v.rows[s.from:s.to] {
				pages[v.kind.codes[i]]++
			}
			begin, end := v.ends(s)
			first[v.kind.codes[begin]]++
			last[v.kind.codes[end]]++
			visits++
			return true
		})
		var order []int
		for code := 1; code < n; code++ {
			if pages[code] > 0 {
				order = append(order, code)
			}
		}
		slices.SortFunc(order, func(a, b int) int {
			return cmp.Or(cmp.Compare(pages[b], pages[a]), strings.Compare(v.kind.names[a], v.kind.names[b]))
		})
		t := &Transitions{}
		for _, from := range order {
			sum := 0
			for _, to := range order {
				sum += counts[from][to]
			}
			var row []int
			var shares []float64
			for _, to := range order {
				row, shares = append(row, counts[from][to]), append(shares, share(counts[from][to], sum))
			}
			t.Kinds, t.First, t.Last = append(t.Kinds, v.kind.names[from]), append(t.First, share(first[from], visits)), append(t.Last, share(last[from], visits))
			t.Counts, t.Shares = append(t.Counts, row), append(t.Shares, shares)
		}
		return t, nil
	})
}

// Moves returns the kinds with what follows each, for chart.Transitions.
func (t *Transitions) Moves() (kinds []string, times [][]int, shares [][]float64) {
	return slices.Clone(t.Kinds), slices.Clone(t.Counts), slices.Clone(t.Shares)
}

// Says returns the finding in a sentence: where most steps from one kind to another go.
func (t *Transitions) Says() string {
	from, to := -1, -1
	for i := range t.Kinds {
		for j, n := range t.Counts[i] {
			if i != j && n > 0 && (from < 0 || n > t.Counts[from][to]) {
				from, to = i, j
			}
		}
	}
	if from < 0 {
		return "No kind of page is followed by another"
	}
	return fmt.Sprintf("The commonest step to another kind of page is from %s to %s: %s of all steps away from %s", t.Kinds[from], t.Kinds[to], sheet.Percent(t.Shares[from][to]), t.Kinds[from])
}

// Sheet shows the shares: a row for each kind, a column for the kind that follows it.
func (t *Transitions) Sheet() sheet.Sheet {
	s := sheet.Sheet{Whole: true, Caption: t.Says(), Columns: []sheet.Column{{Name: "from", Text: true}},
		Notes: []string{"Read a row from left to right: of all steps away from that kind, so many go to each other. Visits begin and end on a kind as often as the last two columns say."}}
	shown := t.Kinds[:min(len(t.Kinds), 8)]
	for _, kind := range shown {
		s.Columns = append(s.Columns, sheet.Column{Name: "to " + kind})
	}
	s.Columns = append(s.Columns, sheet.Column{Name: "visits begin here"}, sheet.Column{Name: "visits end here"})
	for k, kind := range t.Kinds {
		row := []string{kind}
		for to := range shown {
			row = append(row, sheet.Percent(t.Shares[k][to]))
		}
		s.Rows = append(s.Rows, append(row, sheet.Percent(t.First[k]), sheet.Percent(t.Last[k])))
	}
	if n := len(t.Kinds) - len(shown); n > 0 {
		s.Notes = append(s.Notes, fmt.Sprintf("%d rarer kinds are columns of Frame only.", n))
	}
	return s
}

// Frame returns the transitions as a gota frame, one row for each pair.
func (t *Transitions) Frame() table.Frame {
	type pair struct {
		from, to string
		n        int
		share    float64
	}
	var all []pair
	for i, from := range t.Kinds {
		for j, to := range t.Kinds {
			all = append(all, pair{from, to, t.Counts[i][j], t.Shares[i][j]})
		}
	}
	return frame.New(
		frame.Each("from", all, func(p pair) string { return p.from }),
		frame.Each("to", all, func(p pair) string { return p.to }),
		frame.Each("times", all, func(p pair) int { return p.n }),
		frame.Numbers([]string{"share"}, all, func(p pair) []float64 { return []float64{p.share} }))
}
