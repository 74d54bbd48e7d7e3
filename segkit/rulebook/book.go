package rulebook

import (
	"errors"
	"fmt"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/condition"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Rules that people write, and that decide who is in which segment.

// Rule gives a name to the customers who meet a condition.
type Rule struct {
	Name string `json:"name"`
	When string `json:"when"` // "orders >= 6 and recency <= 90", over the columns of a table, written as in Table.Where
}

// Book is a segmentation by rules: the first rule that holds decides, and customers whom no rule takes are in the rest. Rules
// with the same name make one segment.
type Book struct {
	Rules []Rule `json:"rules"`
	Rest  string `json:"rest"` // name of the segment for all others; "" means "Rest"
	File  string `json:"-"`    // the file that the rules were read from; with the line of each, for messages
	Lines []int  `json:"-"`
}

// rest is the name of the segment of all others.
func (b *Book) rest() string {
	if b.Rest == "" {
		return "Rest"
	}
	return b.Rest
}

// segments returns the names of the segments (k) in the order of the rules, the rest last, and the segment of every rule.
func (b *Book) segments() (names []string, of []int) {
	for _, rule := range b.Rules {
		at := slices.Index(names, rule.Name)
		if at < 0 {
			at, names = len(names), append(names, rule.Name)
		}
		of = append(of, at)
	}
	if !slices.Contains(names, b.rest()) {
		names = append(names, b.rest())
	}
	return names, of
}

// mostErrors is how many rules are named that cannot be used.
const mostErrors = 5

// all joins errors, each a sentence on its own line, the first few of them.
func all(errs []error) error {
	if more := len(errs) - mostErrors; more > 0 {
		errs = append(errs[:mostErrors:mostErrors], fmt.Errorf("and %d more", more))
	}
	return errors.Join(errs...)
}

// check compiles every rule for the columns of t.
func (b *Book) check(op string, t *table.Table) ([]condition.Term, error) {
	if b == nil {
		return nil, fault.Nil(op, "rule book")
	}
	if len(b.Rules) == 0 {
		return nil, &fault.CellError{Op: op, File: b.File, Why: "there are no rules", Err: fault.ErrEmpty,
			Remedy: `write one such as {Name: "Champions", When: "orders >= 6 and recency <= 30"}`}
	}
	if t == nil {
		return nil, fault.Nil(op, "table")
	}
	var errs []error
	rules := make([]condition.Term, len(b.Rules))
	for i, rule := range b.Rules {
		var err error
		rules[i], err = t.Raw().Condition(op, rule.When)
		switch {
		case err != nil:
		case rule.Name == "":
			err = &fault.CellError{Op: op, Why: fmt.Sprintf("rule %d has no name", i+1), Err: fault.ErrSchema}
		case slices.Contains(b.Rules[:i], rule):
			err = &fault.CellError{Op: op, Why: "the same condition appears twice", Remedy: "leave one of them out", Err: fault.ErrSchema}
		}
		if at := (*fault.CellError)(nil); errors.As(err, &at) {
			err = b.at(i, at)
		}
		if err != nil {
			errs = append(errs, err)
		}
	}
	return rules, all(errs)
}

// at tells in an error which rule it is about, and where that stands.
func (b *Book) at(i int, e *fault.CellError) error {
	if rule := b.Rules[i]; rule.Name != "" {
		if e.Value != "" { // reads `"spend" is a number`
			e.Why, e.Value = fmt.Sprintf("%q %s", wording.Clip(e.Value), e.Why), ""
		}
		e.Why = fmt.Sprintf("rule %q: %s", wording.Clip(rule.Name), e.Why)
	}
	if e.File = b.File; len(b.Lines) == len(b.Rules) {
		e.Line = b.Lines[i]
	}
	return e
}

// Check returns an error unless every rule fits the columns of t: they must exist, with the kinds and levels that the
// rules compare them with. The error names the rules that do not fit, each with its file and line, the position in its
// condition, and what was probably meant. No rule is tried on a customer.
func (b *Book) Check(t *table.Table) error {
	_, err := b.check("rulebook.Book.Check", t)
	return err
}

// Assign puts every customer of t into the segment of the first rule that holds, or into the rest if none does. The
// segments come in the order of the rules, with the rest last. Segments without customers are kept, so that a segment
// has the same number and colour from month to month; only a rest with neither a name nor customers is left out. A
// comparison with a missing value is unknown, and a rule that is unknown does not hold, as in SQL; dividing by zero
// gives a missing value. Lint counts such customers. Cost n times the length of the rules.
func (b *Book) Assign(t *table.Table) (*table.Segments, error) {
	rules, err := b.check("rulebook.Book.Assign", t)
	if err != nil {
		return nil, err
	}
	names, of := b.segments()
	rest := slices.Index(names, b.rest())
	labels := make(table.Labels, t.Len())
	for i := range labels {
		row := t.Raw().Row(i)
		labels[i] = rest
		if first := slices.IndexFunc(rules, func(r condition.Term) bool { return r.Eval(row) == 1 }); first >= 0 {
			labels[i] = of[first]
		}
	}
	if b.Rest == "" && !slices.Contains(of, rest) && !slices.Contains(labels, rest) {
		names = names[:rest] // nobody has asked for it
	}
	s, err := table.NewSegments(t.IDs(), labels, names)
	if err != nil {
		return nil, err
	}
	for _, rule := range rules {
		s.FormedAlso(t.Raw().ColumnsIn(rule.Tree)...)
	}
	s.Times = t.Times()
	return s, nil
}

// Sheet lists the rules in their order.
func (b *Book) Sheet() sheet.Sheet {
	names, _ := b.segments()
	out := sheet.Sheet{Caption: fmt.Sprintf("%s for %s: the first that holds decides", wording.Plural(len(b.Rules), "rule"), wording.Plural(len(names), "segment")),
		Columns: []sheet.Column{{Name: "segment", Text: true}, {Name: "when", Text: true}}}
	for _, rule := range b.Rules {
		out.Rows = append(out.Rows, []string{rule.Name, rule.When})
	}
	out.Rows = append(out.Rows, []string{b.rest(), "none of these"})
	return out
}

// Frame returns one row per rule, in their order. The rest has none.
func (b *Book) Frame() table.Frame {
	return frame.New(b.columns())
}

// columns are the names and the conditions of the rules as columns of a frame.
func (b *Book) columns() frame.Columns {
	return append(frame.Each("segment", b.Rules, func(r Rule) string { return r.Name }),
		frame.Each("when", b.Rules, func(r Rule) string { return r.When })...)
}
