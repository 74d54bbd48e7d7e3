package segkit

import (
	"cmp"
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

// Model is a fitted Recipe: it assigns customers to segments, and is saved as a small file without any customer in it.
// Names may be changed, to call segments what the house calls them; Score and Save use the new names.
type Model struct {
	Recipe       Recipe           // with its columns named and its defaults filled in
	table.Schema                  // Columns (d): what the model reads of a table, by name
	Transforms   []prep.Fitted    // one for each step of Recipe.Prep
	Assigner     cluster.Assigner // nil where the method cannot assign new customers
	Labels       []int            // label of each of the Assigner's segments, rising; nil where they are 0..k-1, else some of the k are empty
	Names        []string         // (k) of the segments
	Sizes        []int            // (k) customers of the training table in each
	Customers    int              // n, of the training table
	Cost         float64          // what the method minimised; k-means: within-segment sum of squares
	Iterations   int              // of the best start
	Converged    bool             // false if the best start ran out of iterations
	Starts       starts.Evidence  // every start
	TrainedOn    string           // fingerprint of the training table's chosen columns
}

// Restarts returns how often the best solution was found.
func (m *Model) Restarts() starts.Evidence { return m.Starts }

// K returns the number of segments, empty ones included.
func (m *Model) K() int { return len(m.Names) }

// Prepare returns the model's columns of raw (n x any) as the method sees them, with the transforms as they were fitted.
func (m *Model) Prepare(raw *table.Table) (*table.Table, error) {
	x, err := m.read(raw)
	if err != nil {
		return nil, err
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
	if x, err = m.Prepare(raw); err != nil {
		return nil, nil, err
	}
	if err := x.CheckNumbers("Space"); err != nil {
		return nil, nil, err
	}
	if a, ok := m.Assigner.(cluster.NearestMedoid); ok && (a.Distance == distance.Gower || a.Distance == distance.Jaccard) {
		return nil, nil, fmt.Errorf("segkit: Space: the %s distance has none: %w", a.Distance, fault.ErrUndefined)
	}
	centers, _ = m.centersByLabel()
	return x, centers, nil
}

// read returns the columns of raw that the model was fitted on, found by name: in the same units, with the same levels.
func (m *Model) read(raw *table.Table) (*table.Table, error) {
	if raw == nil {
		return nil, fault.Nil("Score", "table")
	}
	names := make([]string, len(m.Columns))
	for p, c := range m.Columns {
		names[p] = c.Name
	}
	var missing []string
	for _, name := range names {
		if _, err := raw.Index(name); err != nil {
			missing = append(missing, fmt.Sprintf("%q", name))
		}
	}
	if len(missing) > 0 {
		return nil, &fault.CellError{Op: "Score", File: raw.Raw().Source, Err: fault.ErrMissingColumn,
			Why: fmt.Sprintf("the model needs %s, which is not among %s", sheet.List(missing), strings.Join(raw.Names(), ", "))}
	}
	if raw.Raw().Transformed != m.Transformed {
		e := &fault.CellError{Op: "Score", Why: "the table holds transformed values, but the model was fitted on customers' own units", Remedy: "score the raw table", Err: fault.ErrSchema}
		if m.Transformed {
			e.Why, e.Remedy = "the model was fitted on transformed values, but the table is in customers' own units", "transform it likewise"
		}
		return nil, e
	}
	x, err := raw.Select(names...)
	if err != nil {
		return nil, err
	}
	for p, want := range m.Columns {
		got := x.Raw().Columns[p]
		switch {
		case want.Categorical() != got.Categorical():
			return nil, &fault.CellError{Op: "Score", Column: want.Name, Err: fault.ErrSchema,
				Why: fmt.Sprintf("holds %s here, but held %s when the model was fitted", holds(got), holds(want))}
		case want.Unit != "" && got.Unit != "" && want.Unit != got.Unit:
			return nil, table.UnitError("Score", want, got)
		case !slices.Equal(want.Levels, got.Levels):
			if err := relevel(x, p, want); err != nil {
				return nil, err
			}
		}
	}
	x.Raw().Columns = table.CloneColumns(m.Columns)
	return x, nil
}

func holds(c table.Column) string {
	if c.Categorical() {
		return "categories"
	}
	return "numbers"
}

// relevel rewrites the cells of column j as indexes into the levels of want: a file that lacks a level numbers the others
// differently. It changes t, which the caller has just made.
func relevel(t *table.Table, j int, want table.Column) error {
	have := t.Raw().Columns[j].Levels
	known := func(v float64) int { return slices.Index(want.Levels, have[int(v)]) }
	unknown := func(v float64) bool { return !math.IsNaN(v) && known(v) < 0 }
	if err := t.Refuse([]int{j}, unknown, fault.CellError{Op: "Score", Err: fault.ErrSchema,
		Why: "is a level that the model was not fitted with", Remedy: "the levels are " + wording.List(want.Levels)}); err != nil {
		e := err.(*fault.CellError)
		e.Value = have[int(t.At(e.Row-1, j))]
		return e
	}
	d := len(t.Raw().Columns)
	for i := range t.Raw().IDs {
		if v := t.Raw().Data[i*d+j]; !math.IsNaN(v) {
			t.Raw().Data[i*d+j] = float64(known(v))
		}
	}
	return nil
}

// Score assigns every customer of raw (n x any) to a segment. Distance is that to the segment's centre in the space that was
// clustered: Euclidean, for KMedoids its own Distance, for KPrototypes the root of what it adds up. Margin is 1 - distance to
// its own centre / distance to the next. Both are nil for methods that assign by likelihood or density. The training table gets
// its training labels, unless a smallest size kept customers from the nearest segment. It costs n·k·d, by density more.
func (m *Model) Score(raw *table.Table) (*table.Segments, error) {
	if m.Assigner == nil {
		return nil, fmt.Errorf("segkit: Score: %w: use Fit(recipe.Prepare(…), method) and its Segments for the customers it was fitted on", fault.ErrNoPredict)
	}
	x, err := m.Prepare(raw)
	if err != nil {
		return nil, err
	}
	labels, nearest, second, err := m.assign(x)
	if err != nil {
		return nil, err
	}
	s, err := table.NewSegments(raw.IDs(), labels, slices.Clone(m.Names))
	if err != nil {
		return nil, err
	}
	s.FormedAlso(m.Formers(raw)...)
	s.Times = raw.Times()
	if s.Model = m; nearest == nil {
		return s, nil
	}
	s.Distance, s.Margin = make([]float64, len(labels)), make([]float64, len(labels))
	for i := range labels {
		s.Distance[i] = math.Sqrt(nearest[i])
		if second[i] > 0 { // two centres at the customer's very place leave a margin of 0
			s.Margin[i] = 1 - math.Sqrt(nearest[i]/second[i])
		}
	}
	return s, nil
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
	for l, at := range to {
		out.Sizes[at] = m.Sizes[l]
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

// Formers are the columns that form segments of raw. A model read from a file does not know what they were made of, but raw may.
func (m *Model) Formers(raw *table.Table) []table.Column {
	out := table.CloneColumns(m.Columns)
	for j, c := range out {
		if have, err := raw.Column(c.Name); err == nil {
			out[j].Ancestry = c.Ancestry.And(have.Ancestry)
		}
	}
	return out
}

// Centers returns the centres of the segments that are not empty (k x d), under the segments' names, in the customers' own units: the transforms are
// undone from the last to the first. Back from logarithms, a centre is a geometric mean. Where a step cannot be undone, or
// segments have no centres, it returns ErrUndefined; describe.Segments gives means and medians in any case.
func (m *Model) Centers() (*table.Table, error) {
	centers, ok := m.centersByLabel()
	if !ok {
		return nil, fmt.Errorf("segkit: Centers: the segments of this method have no centres: use describe.Segments: %w", fault.ErrUndefined)
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
			return nil, fmt.Errorf("segkit: Centers: step %d (%s) cannot be undone: use describe.Segments: %w", i+1, f.Kind(), fault.ErrUndefined)
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
	steps := make([]string, len(m.Transforms))
	for i, f := range m.Transforms {
		steps[i] = f.Kind()
		if n, ok := f.(interface{ name() string }); ok {
			steps[i] = n.name()
		}
	}
	steps = append(steps, wording.TypeName(m.Recipe.Method))
	s.Notes = []string{fmt.Sprintf("By %s: %s.", sheet.List(m.Recipe.Columns), strings.Join(steps, ", then "))}
	if !m.Converged {
		s.Notes = append(s.Notes, "The best start ran out of iterations: raise MaxIter.")
	}
	return s
}
