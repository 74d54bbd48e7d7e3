package weblog

// Cleaning: rules in order, and a ledger of what each removed.

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Cleaned is what the rules left, with a ledger of what they removed.
type Cleaned struct {
	*Visits
	Ledger *Ledger
}

// Rules returns the rules that were applied, in order, including those of earlier calls of Clean.
func (c *Cleaned) Rules() []Rule { return slices.Clone(c.rules) }

// Clean applies the rules in order. Each rule sees only what the earlier ones left, and hits are grouped into visits again after each rule.
func (v *Visits) Clean(rules ...Rule) (*Cleaned, error) {
	if v == nil {
		return nil, fault.Nil("weblog.Visits.Clean", "visits")
	}
	for _, r := range rules {
		if err := r.check(); err != nil {
			return nil, err
		}
	}
	type result struct {
		view   *view
		ledger *Ledger
	}
	run := sync.OnceValues(func() (result, error) {
		hits, err := v.view()
		if err != nil {
			return result{}, err
		}
		before := hits.count()
		ledger := &Ledger{Opening: before, Closing: before}
		for _, r := range rules {
			next, note, err := r.apply(hits)
			if err != nil {
				return result{}, err
			}
			if note != "" {
				ledger.Notes = append(ledger.Notes, note)
			}
			ledger.Closing = next.count()
			ledger.Steps = append(ledger.Steps, Step{Rule: r.String(), Removed: before.minus(ledger.Closing)})
			before, hits = ledger.Closing, next
		}
		return result{hits, ledger}, nil
	})
	compute := func() (*Ledger, error) { r, err := run(); return r.ledger, err }
	key := memory.Derived(v.key, "clean visits", rules)
	ledger, err := memory.Recall(v.ctx, key, compute)
	if err != nil {
		return nil, err
	}
	left := newVisits(v.ctx, v.name, key, func() (*view, error) { r, err := run(); return r.view, err })
	left.rules = slices.Concat(v.rules, rules)
	return &Cleaned{Visits: left, Ledger: ledger}, nil
}

// Ledger says what each rule removed. Opening minus everything removed is exactly Closing, in every column.
type Ledger struct {
	Opening Count
	Steps   []Step
	Closing Count
	Notes   []string
}

var _ sheet.Sheeter = (*Ledger)(nil)

// Step is one rule and what it removed. A visit or a visitor counts as removed along with its last hit; if hits from the middle of a
// visit are removed, it may become two visits, which counts as one fewer removed.
type Step struct {
	Rule    string
	Removed Count
}

func (l *Ledger) MarshalBinary() ([]byte, error) { return json.Marshal(l) }

func (l *Ledger) UnmarshalBinary(b []byte) error { return json.Unmarshal(b, l) }

// rows are the lines of the ledger, as shown: the steps with a minus.
func (l *Ledger) rows() (names []string, counts []Count) {
	names, counts = []string{"as read"}, []Count{l.Opening}
	for _, s := range l.Steps {
		names = append(names, s.Rule)
		counts = append(counts, Count{}.minus(s.Removed))
	}
	return append(names, "left"), append(counts, l.Closing)
}

// Sheet lays the ledger out.
func (l *Ledger) Sheet() sheet.Sheet {
	s := sheet.Sheet{
		Whole: true,
		Caption: fmt.Sprintf("Cleaning leaves %s of %s hits, %s of %s visits and %s of %s visitors", sheet.Count(l.Closing.Hits), sheet.Count(l.Opening.Hits),
			sheet.Count(l.Closing.Visits), sheet.Count(l.Opening.Visits), sheet.Count(l.Closing.Visitors), sheet.Count(l.Opening.Visitors)),
		Columns: []sheet.Column{{Name: "rule", Text: true}, {Name: "hits"}, {Name: "visits"}, {Name: "visitors"}},
	}
	names, counts := l.rows()
	for i, c := range counts {
		s.Rows = append(s.Rows, []string{names[i], sheet.Count(c.Hits), sheet.Count(c.Visits), sheet.Count(c.Visitors)})
	}
	s.Notes = append([]string{"Reconciles exactly: what was read, less what each rule removed, equals what is left. Hits are page views."}, l.Notes...)
	return s
}

// Frame returns the ledger as a gota frame, removals negative, so that every column sums to its last row.
func (l *Ledger) Frame() table.Frame {
	names, counts := l.rows()
	count := func(name string, of func(c Count) int) frame.Columns { return frame.Each(name, counts, of) }
	return frame.New(
		frame.Column("rule", names),
		count("lines", func(c Count) int { return c.Lines }),
		count("hits", func(c Count) int { return c.Hits }),
		count("visits", func(c Count) int { return c.Visits }),
		count("visitors", func(c Count) int { return c.Visitors }))
}
