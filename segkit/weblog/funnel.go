package weblog

// Funnels: how far visits get.

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// The steps that every file has, whatever the names of its page kinds and events.
const (
	StepVisit  = "visit"       // anything at all
	StepSecond = "second page" // more than one page
	StepOrder  = "order"       // something was bought
)

// step is one step of a funnel: one of those that every file has, or hits of a kind or an event.
type step struct {
	name        string
	kind, event uint32 // codes, 0 for none
	column      int    // of a file with a column for each kind, -1 for none
}

// steps finds the steps of a funnel by their names.
func (v *view) steps(wanted []string) (out []step, err error) {
	for _, name := range wanted {
		s := step{name: name, column: slices.Index(v.kindNames, name)}
		find := func(t *texts) uint32 { return uint32(max(slices.Index(t.names, name), 0)) }
		s.kind, s.event = find(&v.kind), find(&v.event)
		switch known := s.kind != 0 || s.event != 0 || s.column >= 0; {
		case known || name == StepVisit || name == StepSecond:
		case name == StepOrder && v.ordered:
		default:
			have := slices.Concat([]string{StepVisit, StepSecond}, v.kindNames, v.kind.known(), v.event.known())
			if v.ordered {
				have = append(have, StepOrder)
			}
			return nil, &fault.OptionError{Method: "weblog.Spec", Field: "Funnel", Value: strconv.Quote(name), Err: fault.ErrMissingColumn, Want: "kinds of page and events of this file" + suggest.Suggestion(name, have)}
		}
		out = append(out, s)
	}
	return out, nil
}

// known are the names that are not missing.
func (t *texts) known() []string {
	if len(t.names) == 0 {
		return nil
	}
	return t.names[1:]
}

// reached is how many steps a visit takes, one after another: a step counts behind the one before it only. A file with a line for each visit does
// not tell the order of pages, so there all of them count that are there.
func (v *view) reached(s visit, funnel []step) int {
	next := s.from
	for n, step := range funnel {
		switch {
		case step.kind == 0 && step.event == 0 && step.column < 0:
			if step.name == StepSecond && v.pagesIn(s) < 2 || step.name == StepOrder && !v.buysIn(s) {
				return n
			}
		case step.column >= 0:
			if !(v.kinds[step.column][v.rows[s.from]] > 0) {
				return n
			}
		default:
			is := func(i int32) bool {
				return step.kind != 0 && v.kind.codes[i] == step.kind || step.event != 0 && v.event.codes[i] == step.event
			}
			for next < s.to && !is(v.rows[next]) {
				next++
			}
			if next == s.to {
				return n
			}
			next++
		}
	}
	return len(funnel)
}

// Funnel says how many visits, and how many visitors, get to each step.
type Funnel struct {
	Steps    []string
	Visits   []int // (steps) that reach it in one visit, through all earlier steps
	Visitors []int // (steps) that do so in any visit
}

var _ sheet.Sheeter = (*Funnel)(nil)

// Funnel counts how far visits get on the given steps, from the first to the last. Steps are kinds of page, events, or StepVisit, StepSecond and
// StepOrder, which every file has and which are used if no steps are given. A step counts if all earlier ones were taken in the same visit, in
// this order. Only visits up to and including the day asOf count; a zero asOf is 90 days before the last day.
func (c *Cleaned) Funnel(asOf time.Time, wanted ...string) (*Funnel, error) {
	if c == nil {
		return nil, fault.Nil("weblog.Cleaned.Funnel", "visits")
	}
	spec, err := c.Spec(asOf)
	if err != nil {
		return nil, err
	}
	spec.Funnel = wanted
	return recall(c.Visits, "funnel", spec.text(), func(v *view) (*Funnel, error) {
		if len(wanted) == 0 {
			if spec.Funnel = []string{StepVisit, StepSecond}; v.ordered {
				spec.Funnel = append(spec.Funnel, StepOrder)
			}
		}
		m, err := c.maker(v, spec)
		if err != nil {
			return nil, err
		}
		f := &Funnel{Steps: spec.Funnel, Visits: make([]int, len(spec.Funnel)), Visitors: make([]int, len(spec.Funnel))}
		who, best := uint32(0), 0
		m.visits(func(s visit) bool {
			if s.who != who {
				who, best = s.who, 0
			}
			n := v.reached(s, m.funnel)
			for k := range n {
				f.Visits[k]++
			}
			for k := best; k < n; k++ {
				f.Visitors[k]++
			}
			best = max(best, n)
			return true
		})
		return f, nil
	})
}

// Stages returns the steps with their counts, for chart.Funnel.
func (f *Funnel) Stages() (steps []string, visits, visitors []int) {
	return slices.Clone(f.Steps), slices.Clone(f.Visits), slices.Clone(f.Visitors)
}

// Says returns the finding in a sentence: where most are lost.
func (f *Funnel) Says() string {
	if len(f.Steps) < 2 || f.Visits[0] == 0 {
		return "How far visits get"
	}
	last, worst := len(f.Steps)-1, 1
	kept := func(k int) float64 { return share(f.Visits[k], f.Visits[k-1]) }
	for k := 2; k <= last; k++ {
		if kept(k) < kept(worst) {
			worst = k
		}
	}
	text := fmt.Sprintf("%s of visits get from %q to %q", sheet.Percent(share(f.Visits[last], f.Visits[0])), f.Steps[0], f.Steps[last])
	if last > 1 && kept(worst) < 1 {
		text += fmt.Sprintf("; the fewest go on from %q to %q (%s)", f.Steps[worst-1], f.Steps[worst], sheet.Percent(kept(worst)))
	}
	return text
}

// Sheet lays the funnel out.
func (f *Funnel) Sheet() sheet.Sheet {
	s := sheet.Sheet{Whole: true, Caption: f.Says(), Columns: []sheet.Column{{Name: "step", Text: true}, {Name: "visits"}, {Name: "of the step before"}, {Name: "of the first step"}, {Name: "visitors"}},
		Notes: []string{"A step counts where all steps before it were taken in the same visit. A visitor counts with their best visit."}}
	for k, name := range f.Steps {
		before := sheet.Missing
		if k > 0 && f.Visits[k-1] > 0 {
			before = sheet.Percent(share(f.Visits[k], f.Visits[k-1]))
		}
		first := sheet.Missing
		if f.Visits[0] > 0 {
			first = sheet.Percent(share(f.Visits[k], f.Visits[0]))
		}
		s.Rows = append(s.Rows, []string{name, sheet.Count(f.Visits[k]), before, first, sheet.Count(f.Visitors[k])})
	}
	return s
}

// Frame returns the funnel as a gota frame.
func (f *Funnel) Frame() table.Frame {
	return frame.New(frame.Column("step", f.Steps), frame.Column("visits", f.Visits), frame.Column("visitors", f.Visitors))
}
