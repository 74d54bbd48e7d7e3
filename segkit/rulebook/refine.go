package rulebook

import (
	"fmt"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/internal/worth"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Refining by hand: somebody who knows the customers merges, splits, renames and moves, and everybody sees who went where, and
// how much money with them. The edits are data, so next month the same hand is laid on new customers.

// Refined is a segmentation after edits, with what each edit did.
type Refined struct {
	Segments     *table.Segments
	Steps        []RefineStep
	ValueColumns []table.Column // the table's columns with Role Value
	ValueTotals  []float64      // (ValueColumns) over all customers
	Before       []string       // names of the segments before the first edit
}

// RefineStep is what one edit did.
type RefineStep struct {
	Edit      Edit
	Customers int       // affected by the edit: for Merge and Rename the whole resulting segment, for Split and Move those who left
	Value     []float64 // (ValueColumns) the sum over these customers
	Unknown   int       // customers for whom When is unknown, because a value is missing: they stay where they are
	Absent    int       // of IDs: not in the table, not in the named segment, or already where they should go
}

// Refine applies edits to the segments s of the customers of raw, one after the other, joined by id. raw and s must hold the
// same customers; raw gives the columns of conditions, and the value that moves (columns of Role Value, weighted). Every
// customer keeps exactly one segment, or none. A merged segment takes the place of the first of its parts; one that is split off
// comes last, so that the others keep their numbers.
//
// An edit that names an unknown segment, makes two segments with one name, or changes nobody is an error. Once customers have
// changed segments, Distance, Margin and Model are dropped, because they belonged to the old segments; FormedBy stays, with the
// columns of the conditions added, or stays unknown. Rows count as often as frequency weights repeat them; sampling weights
// weight the value, and change no count. It costs n for every edit.
func Refine(raw *table.Table, s *table.Segments, edits ...Edit) (*Refined, error) {
	rows, err := rowsIn("rulebook.Refine", s, raw)
	if err != nil {
		return nil, err
	}
	money := worth.Of(raw)
	now := *s
	if now.Times = raw.Times(); now.Times != nil {
		now.Times = pick.At(now.Times, rows)
	}
	now.Names, now.Labels, now.FormedBy = slices.Clone(s.Names), slices.Clone(s.Labels), slices.Clone(s.FormedBy)
	out := &Refined{Segments: &now, ValueColumns: money.Columns, ValueTotals: money.All(), Before: s.Names}
	for i, e := range edits {
		step, who, err := edited{&now}.apply(e, raw, rows)
		if err != nil {
			return nil, fmt.Errorf("segkit: rulebook.Refine: edit %d, %s: %w", i+1, e, fault.Trimmed(err))
		}
		step.Edit, step.Customers = e, customers(raw, pick.At(rows, who))
		step.Value = money.Sum(pick.At(rows, who))
		out.Steps = append(out.Steps, step)
	}
	return out, nil
}

// customers returns how many customers rows of t are.
func customers(t *table.Table, rows []int) (n int) {
	for _, row := range rows {
		n += t.Customers(row)
	}
	return n
}

// rowsIn returns the row in raw of every customer of s (n), who must be the same.
func rowsIn(op string, s *table.Segments, raw *table.Table) ([]int, error) {
	if _, err := s.LabelsFor(op, raw); err != nil {
		return nil, err
	}
	at := make(map[string]int, raw.Len())
	for i, id := range raw.Raw().IDs {
		at[id] = i
	}
	rows, missing := make([]int, len(s.IDs)), &fault.CellError{Op: op, Err: fault.ErrUnmatched, Why: "customer has a segment but is not in the table",
		Remedy: "give the table that was segmented"}
	for i, id := range s.IDs {
		row, ok := at[id]
		if rows[i] = row; !ok {
			if missing.Count++; missing.Count == 1 {
				missing.Row, missing.ID = i+1, id
			}
		}
	}
	if missing.Count > 0 {
		return nil, missing
	}
	return rows, nil
}

// edited are segments of our own, which edits change.
type edited struct{ *table.Segments }

// apply changes s by one edit and returns the customers it concerned, as indexes into s; rows are theirs in raw.
func (s edited) apply(e Edit, raw *table.Table, rows []int) (step RefineStep, who []int, err error) {
	kind, err := e.kind()
	if err != nil {
		return step, nil, err
	}
	target := slices.Index(s.Names, e.Into)
	switch kind {
	case mergeEdit:
		target, err = s.merge(e)
		return step, s.members(target), err
	case renameEdit:
		from, err := s.segment(e.Rename)
		if err == nil && target >= 0 && target != from {
			err = refused(fmt.Sprintf("there is a segment %q already", e.Into), "use Merge to make one of the two")
		}
		if err != nil {
			return step, nil, err
		}
		s.Names[from] = e.Into
		return step, s.members(from), nil
	case splitEdit:
		if target >= 0 {
			return step, nil, refused(fmt.Sprintf("there is a segment %q already", e.Into), "use Move")
		}
		target = len(s.Names)
	default:
		if target, err = s.segment(e.Into); err != nil {
			return step, nil, err
		}
	}
	if who, err = s.pick(e, target, raw, rows, &step); err != nil {
		return step, nil, err
	}
	if kind == splitEdit {
		if from := s.Labels[who[0]]; len(who) == len(s.members(from)) {
			return step, nil, refused(fmt.Sprintf("that is all of %q", e.Split), "use Rename")
		}
		s.Names = append(s.Names, e.Into)
	}
	for _, i := range who {
		s.Labels[i] = target
	}
	s.moved()
	return step, who, nil
}

// refused is the error for an edit that cannot be made.
func refused(why, remedy string) error {
	return &fault.CellError{Why: why, Remedy: remedy, Err: fault.ErrSchema}
}

// segment returns the number of the segment with that name.
func (s edited) segment(name string) (int, error) {
	at := slices.Index(s.Names, name)
	switch {
	case at < 0:
		return 0, refused(fmt.Sprintf("no segment %q%s", wording.Clip(name), suggest.Suggestion(name, s.Names)), "")
	case at != wording.LastIndex(s.Names, name):
		return 0, refused(fmt.Sprintf("more than one segment is called %q", wording.Clip(name)), "give them different Names")
	}
	return at, nil
}

// members returns who is in a segment, as indexes into s.
func (s edited) members(label int) (who []int) {
	for i, l := range s.Labels {
		if l == label {
			who = append(who, i)
		}
	}
	return who
}

// merge makes one segment of those named and returns its number.
func (s edited) merge(e Edit) (int, error) {
	parts := make([]bool, len(s.Names))
	for _, name := range e.Merge {
		l, err := s.segment(name)
		if err != nil {
			return 0, err
		}
		if parts[l] {
			return 0, refused(fmt.Sprintf("%q is named twice", name), "")
		}
		parts[l] = true
	}
	if l := slices.Index(s.Names, e.Into); l >= 0 && !parts[l] {
		return 0, refused(fmt.Sprintf("there is another segment %q", e.Into), "name it in Merge too, or choose another name")
	}
	first := slices.Index(parts, true)
	to, names := make([]int, len(parts)), make([]string, 0, len(parts)) // new number of each
	for l, merged := range parts {
		if merged && l != first {
			to[l] = first
			continue
		}
		to[l] = len(names)
		names = append(names, s.Names[l])
	}
	names[first] = e.Into
	s.Names = names
	for i, l := range s.Labels {
		if l >= 0 {
			s.Labels[i] = to[l]
		}
	}
	s.moved()
	return first, nil
}

// moved forgets what was true of the segments before customers were moved.
func (s edited) moved() { s.Distance, s.Margin, s.Model = nil, nil, nil }

// pick returns who is to be split off or moved to the segment target, as indexes into s, and notes in step who could not be decided or found.
func (s edited) pick(e Edit, target int, raw *table.Table, rows []int, step *RefineStep) (who []int, err error) {
	from, name := table.Noise, e.Split+e.Move // kind has seen to it that there is one of the two at most
	if name != "" {
		if from, err = s.segment(name); err != nil {
			return nil, err
		}
	}
	holds := func(i int) float64 { return 1 }
	if e.When != "" {
		condition, err := raw.Raw().Condition("", e.When)
		if err != nil {
			return nil, err
		}
		holds = func(i int) float64 { return condition.Eval(raw.Raw().Row(rows[i])) }
		if s.FormedBy != nil { // what is not known does not become known by one more column
			s.FormedAlso(raw.Raw().ColumnsIn(condition.Tree)...)
		}
	}
	asked := make(map[string]bool, len(e.IDs))
	for _, id := range e.IDs {
		asked[id] = true
	}
	step.Absent = len(asked)
	for i, l := range s.Labels {
		if l == target || name != "" && l != from || e.IDs != nil && !asked[s.IDs[i]] {
			continue
		}
		switch truth := holds(i); {
		case truth == 1:
			who = append(who, i)
		case math.IsNaN(truth):
			step.Unknown += raw.Customers(rows[i])
		}
	}
	if e.IDs != nil {
		step.Absent -= len(who)
	}
	if len(who) == 0 {
		whom := "no customer"
		if name != "" {
			whom += fmt.Sprintf(" of %q", name)
		}
		return nil, refused("it concerns "+whom, "")
	}
	return who, nil
}

// Sheet lays out the edits with the customers and the value that each of them moved.
func (r *Refined) Sheet() sheet.Sheet {
	s := r.Segments
	out := sheet.Sheet{Caption: fmt.Sprintf("%s: %s became %d", wording.Plural(len(r.Steps), "edit"), wording.Plural(len(r.Before), "segment"), s.K()),
		Columns: []sheet.Column{{Name: "edit", Text: true}, {Name: "customers"}, {Name: "of customers"}}}
	for n, step := range r.Steps {
		out.Rows = append(out.Rows, []string{step.Edit.String(), sheet.Count(step.Customers),
			sheet.Percent(float64(step.Customers) / float64(s.Count()))})
		if step.Unknown > 0 {
			out.Notes = append(out.Notes, fmt.Sprintf("Edit %d: %s stay, because a value is missing.", n+1, wording.Plural(step.Unknown, "customer")))
		}
		if step.Absent > 0 {
			out.Notes = append(out.Notes, fmt.Sprintf("Edit %d: of those named, %s not in the table, not in that segment, or there already.", n+1,
				are(step.Absent)))
		}
	}
	valueColumns(&out, r.ValueColumns, r.values(), r.ValueTotals)
	out.Notes = append(out.Notes, "Now: "+s.Sizes()+".")
	return out
}

// are reads like "1 is" or "17 are".
func are(n int) string {
	if n == 1 {
		return "1 is"
	}
	return sheet.Count(n) + " are"
}

// Frame returns the edits as a gota frame, one row each: edit, customers, unknown, absent, and the sum of every value column.
func (r *Refined) Frame() table.Frame {
	return frame.New(
		frame.Each("edit", r.Steps, func(s RefineStep) string { return s.Edit.String() }),
		frame.Each("customers", r.Steps, func(s RefineStep) int { return s.Customers }),
		frame.Each("unknown", r.Steps, func(s RefineStep) int { return s.Unknown }),
		frame.Each("absent", r.Steps, func(s RefineStep) int { return s.Absent }),
		valueFrame(r.ValueColumns, r.values()))
}

// values returns the value that each edit concerned (edits x ValueColumns).
func (r *Refined) values() [][]float64 {
	var out [][]float64
	for _, step := range r.Steps {
		out = append(out, step.Value)
	}
	return out
}
