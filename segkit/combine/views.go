package combine

// What several segmentations say of the same customers.

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/table"
)

// View is how one source divides the customers.
type View struct {
	Name     string          // of the source: "orders"
	Segments *table.Segments // of a model, of rules, or of a column
	Table    *table.Table    // the customers to whom Segments.Model was fitted, so that Price can fit it again; nil holds the segments fixed
}

// Views are several divisions of customers, joined by id.
type Views []View

// check refuses views without a name or segments, and two of one name.
func (views Views) check(op string) error {
	if len(views) < 2 {
		return fault.Errorf(fault.ErrEmpty, "segkit: %s: %s: want at least two, as in combine.Views{{\"orders\", bought, nil}, {\"survey\", said, nil}}", op, wording.Plural(len(views), "view"))
	}
	names := map[string]bool{}
	for v, view := range views {
		switch {
		case strings.TrimSpace(view.Name) == "":
			return fault.Errorf(fault.ErrSchema, "segkit: %s: view %d has no name: call it by its source, such as \"orders\"", op, v+1)
		case names[view.Name]:
			return fault.Errorf(fault.ErrDuplicate, "segkit: %s: two views are called %q", op, view.Name)
		}
		names[view.Name] = true
		if _, err := view.Segments.ByID(op); err != nil {
			return fmt.Errorf("segkit: %s: segments of %s: %w", op, view.Name, fault.Trimmed(err))
		}
		if view.Segments.Times != nil {
			return fault.Errorf(fault.ErrSchema, "segkit: %s: a row of %s is several customers (frequency weights), who cannot be joined by one id: segment one row per customer", op, view.Name)
		}
	}
	return nil
}

// names are those of the sources (m).
func (views Views) names() []string {
	out := make([]string, len(views))
	for v, view := range views {
		out[v] = view.Name
	}
	return out
}

// shared is the customers whom all views have.
type shared struct {
	ids    []string       // (n) sorted, so that neither the order of views nor that of rows shows in anything
	labels []table.Labels // (m x n) of each view; Noise is one more group
}

// shared joins the views by id.
func (views Views) shared(op string) (*shared, error) {
	if err := views.check(op); err != nil {
		return nil, err
	}
	s := &shared{}
	times := map[string]int{}
	for _, view := range views {
		for _, id := range view.Segments.IDs {
			times[id]++
		}
	}
	for id, n := range times {
		if n == len(views) {
			s.ids = append(s.ids, id)
		}
	}
	if len(s.ids) == 0 {
		return nil, fault.Errorf(fault.ErrUnmatched, "segkit: %s: no customer is in all of %s: join their tables with combine.Tables, which looks at the ids", op,
			strings.Join(views.names(), ", "))
	}
	slices.Sort(s.ids)
	for _, view := range views {
		labels, err := view.Segments.LabelsOfIDs(op, s.ids)
		if err != nil {
			return nil, err
		}
		s.labels = append(s.labels, labels)
	}
	return s, nil
}

// Cell has the customers who are in the same segment of every view.
type Cell struct {
	Labels    []int // (m) by view, Noise for no segment
	Customers int
	Segment   int // of the combination
}

// cells returns the different combinations of labels (u) in the order of their first customers, and the cell of each customer (n).
func (s *shared) cells() (cells []Cell, of []int) {
	at := map[string]int{}
	key := make([]byte, 0, 8*len(s.labels))
	of = make([]int, len(s.ids))
	for i := range s.ids {
		key = key[:0]
		for _, labels := range s.labels {
			key = fmt.Appendf(key, "%d,", labels[i])
		}
		c, ok := at[string(key)]
		if !ok {
			c = len(cells)
			at[string(key)] = c
			own := make([]int, len(s.labels))
			for v := range own {
				own[v] = s.labels[v][i]
			}
			cells = append(cells, Cell{Labels: own})
		}
		cells[c].Customers++
		of[i] = c
	}
	return cells, of
}

// group is customers with the labels that the views give them, counted.
type group struct {
	n      float64
	counts [][]float64 // (m x k+1) customers by label, Noise last
	first  int         // its first cell, which tells groups apart that are alike in everything else
}

// known measures what a division still says of the views it was made from.
type known struct {
	n       float64
	entropy []float64 // (m) of each view, times n; 0 for a view of one segment
}

// groups counts each cell as a group of its own.
func groups(cells []Cell) ([]*group, *known) {
	m := len(cells[0].Labels)
	widths := make([]int, m)
	for _, c := range cells {
		for v, l := range c.Labels {
			widths[v] = max(widths[v], l+2)
		}
	}
	var out []*group
	all := newGroup(widths)
	for i, c := range cells {
		g := newGroup(widths)
		g.first, g.n = i, float64(c.Customers)
		for v, l := range c.Labels {
			if l < 0 {
				l = widths[v] - 1
			}
			g.counts[v][l] = g.n
		}
		all.add(g)
		out = append(out, g)
	}
	k := &known{n: all.n}
	for v := range m {
		k.entropy = append(k.entropy, all.spread(v, nil))
	}
	return out, k
}

func newGroup(widths []int) *group {
	g := &group{}
	for _, w := range widths {
		g.counts = append(g.counts, make([]float64, w))
	}
	return g
}

// add puts the customers of h into g.
func (g *group) add(h *group) {
	g.n, g.first = g.n+h.n, min(g.first, h.first)
	for v := range g.counts {
		for l := range g.counts[v] {
			g.counts[v][l] += h.counts[v][l]
		}
	}
}

// take is the inverse of add, but for first.
func (g *group) take(h *group) {
	g.n -= h.n
	for v := range g.counts {
		for l := range g.counts[v] {
			g.counts[v][l] -= h.counts[v][l]
		}
	}
}

// widths are the numbers of labels of the views (m), that of no segment included.
func (g *group) widths() []int {
	out := make([]int, len(g.counts))
	for v, counts := range g.counts {
		out[v] = len(counts)
	}
	return out
}

// spread is the entropy of the labels of view v in g together with h (which may be nil), times their customers, in nats.
func (g *group) spread(v int, h *group) float64 {
	n, sum := g.n, 0.0
	if h != nil {
		n += h.n
	}
	for l, c := range g.counts[v] {
		if h != nil {
			c += h.counts[v][l]
		}
		if c > 0 {
			sum += c * math.Log(n/c)
		}
	}
	return sum
}

// lost is what joining two groups costs: the shares of what a division says of each view, added up. Views are added by size, so that their
// order does not show, and rounded far below what matters, so that equal costs are equal.
func (k *known) lost(g, h *group) float64 {
	terms := make([]float64, 0, 8)
	for v, all := range k.entropy {
		if all > 0 {
			terms = append(terms, (g.spread(v, h)-g.spread(v, nil)-h.spread(v, nil))/all)
		}
	}
	return math.Round(ordered(terms)*1e12) / 1e12
}

// ordered adds terms by size, the same in whatever order they come.
func ordered(terms []float64) (sum float64) {
	slices.Sort(terms)
	for _, t := range terms {
		sum += t
	}
	return sum
}

// kept returns what share of each view (m) the groups still say: mutual information by entropy, 1 for all of it; NaN for a view of one segment.
func (k *known) kept(all []*group) []float64 {
	out := make([]float64, len(k.entropy))
	for v, whole := range k.entropy {
		left := 0.0
		for _, g := range all {
			left += g.spread(v, nil)
		}
		if out[v] = 1 - left/whole; whole == 0 {
			out[v] = math.NaN()
		}
	}
	return out
}
