package predict

import (
	"fmt"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/folds"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Split has customers to learn from, and a hold-out from which nothing is learned. The split is drawn by the customers' ids, so that
// neither the order of the rows nor one customer more or less moves many of them.
type Split struct {
	Train, Test *table.Table
	How         string // how they were split, as a sentence
	unit        string // column whose customers stay together; "" for none
}

// Random holds out a share of the customers, above 0 and below 1, drawn at random.
func Random(t *table.Table, share float64, seed int) (*Split, error) {
	const op = "predict.Random"
	if err := checkSplit(op, t, share); err != nil {
		return nil, err
	}
	order := folds.Draw(t.Raw().IDs, seed, "hold-out")
	held := int(math.Round(share * float64(len(order))))
	return part(op, t, order[:held], fmt.Sprintf("%s drawn at random were held out", sheet.Percent(share)))
}

// Stratified holds out the same share of every segment, and of the customers in none. A segment with a single customer is an error, because it
// cannot be on both sides.
func Stratified(t *table.Table, s *table.Segments, share float64, seed int) (*Split, error) {
	const op = "predict.Stratified"
	if err := checkSplit(op, t, share); err != nil {
		return nil, err
	}
	labels, err := s.LabelsFor(op, t)
	if err != nil {
		return nil, err
	}
	counts := labels.Counts()
	for l, n := range counts {
		if n == 1 {
			return nil, &fault.CellError{Op: op, Err: fault.ErrSchema, Remedy: "merge it with a similar one, or take it out of the segments",
				Why: fmt.Sprintf("segment %q has 1 customer, who cannot be both learned from and held out", wording.Clip(s.Names[l]))}
		}
	}
	var held []int
	taken := make(map[int]int, len(counts)+1)
	for _, i := range folds.Draw(t.Raw().IDs, seed, "hold-out") {
		l := labels[i]
		all := len(labels)
		if l >= 0 {
			all = counts[l]
		} else {
			for _, n := range counts {
				all -= n
			}
		}
		most := int(math.Round(share * float64(all)))
		if l >= 0 {
			most = min(max(most, 1), all-1)
		}
		if taken[l] < most {
			taken[l]++
			held = append(held, i)
		}
	}
	return part(op, t, held, fmt.Sprintf("%s of every segment were held out", sheet.Percent(share)))
}

// ByGroup holds out about a share of the customers, keeping those with the same value in a column together: households, shops,
// regions. So the hold-out shows what to expect for groups not seen before. Each customer without a value is a group. Intervals of
// a Report draw whole groups.
func ByGroup(t *table.Table, column string, share float64, seed int) (*Split, error) {
	const op = "predict.ByGroup"
	if err := checkSplit(op, t, share); err != nil {
		return nil, err
	}
	groups, err := groupsOf(t, column)
	if err != nil {
		return nil, err
	}
	rows := make(map[string][]int)
	var names []string
	for i, g := range groups {
		if rows[g] == nil {
			names = append(names, g)
		}
		rows[g] = append(rows[g], i)
	}
	if len(names) < 2 {
		return nil, &fault.CellError{Op: op, Column: column, Err: fault.ErrSchema, Why: fmt.Sprintf("is the same for all %s", wording.Plural(t.Len(), "customer")),
			Remedy: "choose a column that tells groups apart"}
	}
	var held []int
	want, order := share*float64(t.Len()), folds.Draw(names, seed, "hold-out groups")
	for _, g := range order[:len(order)-1] { // one is left to learn from
		next := rows[names[g]]
		if short := want - float64(len(held)); short > 0 && short >= float64(len(next))/2 {
			held = append(held, next...)
		}
	}
	if held == nil { // every group is much larger than the share
		held = rows[names[order[0]]]
	}
	s, err := part(op, t, held, fmt.Sprintf("Whole groups by %s, %s of the customers, were held out", column, sheet.Percent(float64(len(held))/float64(t.Len()))))
	if err != nil {
		return nil, err
	}
	s.unit = column
	return s, nil
}

// groupsOf returns a name of the group of every customer.
func groupsOf(t *table.Table, column string) ([]string, error) {
	j, err := t.Index(column)
	if err != nil {
		return nil, err
	}
	out := make([]string, t.Len())
	for i, id := range t.Raw().IDs {
		if v := t.At(i, j); math.IsNaN(v) {
			out[i] = "customer " + id
		} else {
			out[i] = fmt.Sprintf("group %v", v)
		}
	}
	return out, nil
}

// ByTime learns from customers as they were on one day and tests on those of a later day, whose features were made in the same way.
// It refuses a second table whose days end no later than the first's. Customers may be in both: How says how many.
func ByTime(before, after *table.Table) (*Split, error) {
	const op = "predict.ByTime"
	for _, t := range []*table.Table{before, after} {
		if t == nil {
			return nil, fault.Nil(op, "table")
		}
		if t.Len() == 0 {
			return nil, fmt.Errorf("segkit: %s: %w", op, fault.ErrEmpty)
		}
	}
	if missing := slices.DeleteFunc(before.Names(), func(name string) bool { _, err := after.Index(name); return err == nil }); len(missing) > 0 {
		return nil, &fault.CellError{Op: op, Column: missing[0], Err: fault.ErrMissingColumn, Why: "is in the table to learn from, but not in the later one",
			Remedy: "make the features of both days in the same way"}
	}
	first, second := endOf(before), endOf(after)
	if first != "" && second != "" && second <= first {
		return nil, &fault.CellError{Op: op, Err: fault.ErrSchema, Remedy: "give the earlier table first",
			Why: fmt.Sprintf("the table to test on ends on %s, which is not after %s, the last day of the one to learn from", second, first)}
	}
	in := make(map[string]bool, before.Len())
	for _, id := range before.Raw().IDs {
		in[id] = true
	}
	both := 0
	for _, id := range after.Raw().IDs {
		if in[id] {
			both++
		}
	}
	how := "Learned from the earlier customers and tested on the later ones"
	if first != "" && second != "" {
		how = fmt.Sprintf("Learned from customers as of %s and tested on those as of %s", first, second)
	}
	return &Split{Train: before, Test: after, How: fmt.Sprintf("%s; %s are in both.", how, wording.Plural(both, "customer"))}, nil
}

// endOf returns the last day that any column of t looked at, "" where none says.
func endOf(t *table.Table) (last string) {
	for _, c := range t.Raw().Columns {
		if c.Role != table.Outcome {
			last = max(last, lastDay(c.Ancestry))
		}
	}
	return last
}

func checkSplit(op string, t *table.Table, share float64) error {
	switch {
	case t == nil:
		return fault.Nil(op, "table")
	case t.Len() < 2:
		return fault.Errorf(fault.ErrEmpty, "segkit: %s: %s cannot be split", op, wording.Plural(t.Len(), "customer"))
	case !(share > 0 && share < 1):
		return fault.Option(op, "share", share, "above 0 and below 1, such as .3")
	}
	return nil
}

// part holds out the given rows.
func part(op string, t *table.Table, held []int, how string) (*Split, error) {
	out := make([]bool, t.Len())
	for _, i := range held {
		out[i] = true
	}
	var train, test []int
	for i := range out {
		if out[i] {
			test = append(test, i)
		} else {
			train = append(train, i)
		}
	}
	if len(train) == 0 || len(test) == 0 {
		return nil, &fault.CellError{Op: op, Err: fault.ErrEmpty, Remedy: "choose another share",
			Why: fmt.Sprintf("it would leave %s to learn from and hold out %s", wording.Plural(len(train), "customer"), wording.Plural(len(test), "customer"))}
	}
	return &Split{Train: t.Rows(train), Test: t.Rows(test), How: fmt.Sprintf("%s: %s of %s.", how, sheet.Count(len(test)), wording.Plural(t.Len(), "customer"))}, nil
}
