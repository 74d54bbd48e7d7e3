package segkit

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/distance"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/starts"
	"github.com/segkit/lab/segkit/table"
)

// Model is a fitted Recipe: it assigns customers to segments, and is saved as a small file with no customer in it. You
// may change Names to what your company calls the segments; Score and Save use the new names.
type Model struct {
	Recipe       Recipe           // with its columns named and its defaults filled in
	table.Schema                  // Columns (d): what the model reads of a table, by name
	Transforms   []prep.Fitted    // one for each step of Recipe.Prep
	Assigner     cluster.Assigner // nil if the method cannot assign new customers
	Labels       []int            // label of each of the Assigner's segments, in rising order; nil if they are 0..k-1, otherwise some of the k are empty
	Names        []string         // (k) of the segments
	Sizes        []int            // (k) customers of the training table in each
	Customers    int              // n, of the training table
	Cost         float64          // what the method minimised; k-means: within-segment sum of squares
	Iterations   int              // of the best start
	Converged    bool             // false if the best start ran out of iterations
	Starts       starts.Evidence  // every start
	TrainedOn    string           // fingerprint of the training table's chosen columns
	ID           string           // name of the id column in the training table, "" for none
	Spec         json.RawMessage  // how the columns were made from order lines, as features.Spec reads it; nil if they were not
	Training     []Distribution   // (d) of each column among the training customers; nil in models of version 2 and before
	Distances    Distribution     // of the training customers' distances to their centres; empty if there are none
	Typical      [][]float64      // (k x d) of each segment in its own units: the median of a number, the most frequent level of a category; NaN for none
	MadeBy       string           // the version of segkit that fitted the model

	leftOut string // sentences on the columns that an empty Recipe.Columns left out, and on those that look like codes
}

// Restarts returns how often the best solution was found.
func (m *Model) Restarts() starts.Evidence { return m.Starts }

// K returns the number of segments, empty ones included.
func (m *Model) K() int { return len(m.Names) }

// Prepare returns the model's columns of raw (n x any) as the method sees them, with the fitted transforms applied.
func (m *Model) Prepare(raw *table.Table) (*table.Table, error) {
	if m == nil {
		return nil, fault.Nil("Model.Prepare", "model")
	}
	x, unseen, err := m.read(raw)
	if err != nil {
		return nil, err
	}
	if unseen != nil {
		return nil, m.refusal(raw, unseen)
	}
	for _, f := range m.Transforms {
		if x, err = f.Apply(x); err != nil {
			return nil, err
		}
	}
	return x, nil
}

// Space implements Origin.
func (m *Model) Space(raw *table.Table) (x *table.Table, centers [][]float64, err error) {
	if m == nil {
		return nil, nil, fault.Nil("Model.Space", "model")
	}
	if x, err = m.Prepare(raw); err != nil {
		return nil, nil, err
	}
	if err := x.CheckNumbers("Model.Space"); err != nil {
		return nil, nil, err
	}
	if a, ok := m.Assigner.(cluster.NearestMedoid); ok && (a.Distance == distance.Gower || a.Distance == distance.Jaccard) {
		return nil, nil, fault.Errorf(fault.ErrUndefined, "segkit: Model.Space: the %s distance has none", a.Distance)
	}
	centers, _ = m.centersByLabel()
	return x, centers, nil
}

// assign is that of the Assigner, under the model's labels.
func (m *Model) assign(x *table.Table) (labels table.Labels, nearest, second []float64, err error) {
	labels, nearest, second, err = m.Assigner.Assign(x)
	if m.Labels != nil {
		for i, l := range labels {
			if l >= 0 {
				labels[i] = m.Labels[l]
			}
		}
	}
	return labels, nearest, second, err
}

// centersByLabel returns the segments' centres (k x d) in the space that was clustered, nil for a segment that is empty, and false
// where the method has none.
func (m *Model) centersByLabel() (centers [][]float64, ok bool) {
	a, ok := m.Assigner.(interface{ CenterRows() [][]float64 })
	if !ok || m.Labels == nil {
		if ok {
			centers = a.CenterRows()
		}
		return centers, ok
	}
	centers = make([][]float64, m.K())
	for g, l := range m.Labels {
		centers[l] = a.CenterRows()[g]
	}
	return centers, true
}

// Relabelled implements Origin.
func (m *Model) Relabelled(to []int, names []string) table.Origin {
	if m.K() != len(to) || len(m.Sizes) != len(to) { // somebody has changed the segments by hand: the model says nothing of theirs
		return nil
	}
	out := *m
	out.Names, out.Sizes = slices.Clone(names), make([]int, len(names))
	if m.Typical != nil {
		out.Typical = make([][]float64, len(names))
		for l := range out.Typical {
			out.Typical[l] = slices.Repeat([]float64{math.NaN()}, len(m.Columns))
		}
	}
	for l, at := range to {
		out.Sizes[at] = m.Sizes[l]
		if m.Typical != nil {
			out.Typical[at] = m.Typical[l]
		}
	}
	old := m.Labels // of the assigner's segments
	if old == nil {
		old = pick.All(len(to))
	}
	order := pick.All(len(old))
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(to[old[a]], to[old[b]]) })
	out.Labels = make([]int, len(order))
	for g, at := range order {
		out.Labels[g] = to[old[at]]
	}
	if len(order) == len(names) {
		out.Labels = nil
	}
	if m.Assigner != nil {
		out.Assigner = m.Assigner.Reorder(order)
	}
	return &out
}

// FormingColumns returns the columns that form segments of raw. A model read from a file does not know what they were computed from, but
// raw may.
func (m *Model) FormingColumns(raw *table.Table) []table.Column {
	out := table.CloneColumns(m.Columns)
	for j, c := range out {
		if have, err := raw.Column(c.Name); err == nil {
			out[j].Ancestry = c.Ancestry.And(have.Ancestry)
		}
	}
	return out
}

// Centers returns the centres of the segments that are not empty (k x d), under the segments' names, in the customers' own units: the transforms are
// undone from the last to the first. If logarithms are undone, a centre is a geometric mean. If a step cannot be undone, or segments have no
// centres, it returns ErrUndefined; describe.Segments gives means and medians in any case.
func (m *Model) Centers() (*table.Table, error) {
	if m == nil {
		return nil, fault.Nil("Model.Centers", "model")
	}
	centers, ok := m.centersByLabel()
	if !ok {
		return nil, fault.Errorf(fault.ErrUndefined, "segkit: Model.Centers: the segments of this method have no centres: use describe.Segments")
	}
	stages, err := m.stages()
	if err != nil {
		return nil, err
	}
	last := stages[len(m.Transforms)]
	t := last.WithData(last.Raw().Columns, slices.Concat(centers...)) // none of an empty segment
	t.Raw().IDs = nil
	for l, c := range centers {
		if c != nil {
			t.Raw().IDs = append(t.Raw().IDs, m.Names[l])
		}
	}
	for i := len(m.Transforms) - 1; i >= 0; i-- {
		f := m.Transforms[i]
		if inverter, ok := f.(prep.Inverter); ok {
			if t, err = inverter.Invert(t); err != nil {
				return nil, err
			}
		} else if !sameScales(stages[i], stages[i+1]) {
			return nil, fault.Errorf(fault.ErrUndefined, "segkit: Model.Centers: step %d (%s) cannot be undone: use describe.Segments", i+1, f.Kind())
		}
	}
	return table.New(t.Raw().IDs, t.Raw().Columns, t.Raw().Data)
}

// stages returns the columns before the first transform and after each, as tables without rows.
func (m *Model) stages() ([]*table.Table, error) {
	t := table.FromRaw(table.Raw{Columns: m.Columns, Transformed: m.Transformed})
	stages := []*table.Table{t}
	for _, f := range m.Transforms {
		var err error
		if t, err = f.Apply(t); err != nil {
			return nil, err
		}
		stages = append(stages, t)
	}
	return stages, nil
}

// sameScales reports whether a value means the same in both tables: Winsor and Impute leave nothing to undo.
func sameScales(a, b *table.Table) bool {
	return a.Raw().Transformed == b.Raw().Transformed && slices.EqualFunc(a.Raw().Columns, b.Raw().Columns, func(p, q table.Column) bool {
		return p.Name == q.Name && p.Unit == q.Unit && slices.Equal(p.Levels, q.Levels)
	})
}

// Sheet lays out the segments with their sizes; the notes say how they came about.
func (m *Model) Sheet() sheet.Sheet {
	s := sheet.Sheet{
		Caption: fmt.Sprintf("%d segments of %s customers", m.K(), sheet.Count(m.Customers)),
		Columns: []sheet.Column{{Name: "segment", Text: true}, {Name: "customers"}, {Name: "share"}},
	}
	for i, name := range m.Names {
		s.Rows = append(s.Rows, []string{name, sheet.Count(m.Sizes[i]), sheet.Percent(float64(m.Sizes[i]) / float64(m.Customers))})
	}
	steps := make([]string, len(m.Recipe.Prep))
	for i, step := range m.Recipe.Prep {
		steps[i] = wording.TypeName(step)
	}
	steps = append(steps, wording.TypeName(m.Recipe.Method))
	s.Notes = []string{fmt.Sprintf("By %s: %s.", sheet.List(m.Recipe.Columns), strings.Join(steps, ", then "))}
	if m.leftOut != "" {
		s.Notes = append(s.Notes, m.leftOut)
	}
	if !m.Converged {
		s.Notes = append(s.Notes, "The best start ran out of iterations: raise MaxIter.")
	}
	return s
}

// Inputs lays out what the model reads about a customer: each column with its unit, the range of the training customers, and
// what is typical of each segment (the median of a number, the most frequent level of a category).
func (m *Model) Inputs() sheet.Sheet {
	s := sheet.Sheet{
		Caption: fmt.Sprintf("The model reads %s of a customer", wording.Plural(len(m.Columns), "column")),
		Columns: []sheet.Column{{Name: "column", Text: true}, {Name: "unit", Text: true}, {Name: "of the training customers", Text: true}, {Name: "missing"}},
	}
	if m.Typical != nil {
		for _, name := range m.Names {
			s.Columns = append(s.Columns, sheet.Column{Name: name, Text: true})
		}
	}
	for j, c := range m.Columns {
		write := sheet.Number
		if m.Training != nil && m.Training[j].years(c) {
			write = wording.Year
		}
		row := []string{c.Name, c.Unit, sheet.Missing, sheet.Missing}
		if m.Training != nil {
			row[2], row[3] = m.Training[j].words(c), sheet.Count(m.Training[j].Missing)
		}
		for _, typical := range m.Typical {
			switch v := typical[j]; {
			case math.IsNaN(v):
				row = append(row, sheet.Missing)
			case c.Categorical():
				row = append(row, c.Levels[int(v)])
			default:
				row = append(row, write(v))
			}
		}
		s.Rows = append(s.Rows, row)
		if c.Formula != "" {
			s.Notes = append(s.Notes, fmt.Sprintf("%s is %s; where a table lacks it, it is computed.", c.Name, c.Formula))
		}
	}
	return s
}

// words says where the training customers lay: "2 to 1,200, half from 20 to 90", or the levels with their shares.
func (d Distribution) words(c table.Column) string {
	switch {
	case d.Count == 0:
		return "no value"
	case c.Categorical():
		var parts []string
		for l, level := range c.Levels {
			parts = append(parts, fmt.Sprintf("%s %s", level, sheet.Percent(d.Shares[l])))
		}
		return wording.List(parts)
	}
	write := sheet.Number
	if d.years(c) {
		write = wording.Year
	}
	return fmt.Sprintf("%s to %s, on average %s", write(d.Min), write(d.Max), write(d.Mean))
}

// years reports whether the column held years.
func (d Distribution) years(c table.Column) bool { return c.Years([]float64{d.Min, d.Max}) }
