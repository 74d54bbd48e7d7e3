package table

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/maphash"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/gobs"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/repeats"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
)

// Table is n customers x d named columns. It is immutable: every operation returns a new Table. Missing values are NaN
// and allowed here; a method that cannot use them says so. It implements mat.Matrix.
type Table struct {
	raw Raw
}

var _ mat.Matrix = (*Table)(nil)

// New makes a table from ids (n, unique), columns (d, unique non-empty names) and data (n*d, row-major; copied).
func New(ids []string, columns []Column, data []float64) (*Table, error) {
	if len(data) != len(ids)*len(columns) {
		return nil, fault.Errorf(fault.ErrSchema, "segkit: %d values for %d customers x %d columns, want %d",
			len(data), len(ids), len(columns), len(ids)*len(columns))
	}
	t := FromRaw(Raw{IDs: slices.Clone(ids), Columns: CloneColumns(columns), Data: slices.Clone(data)})
	return t, t.Check()
}

// Check verifies what every Table promises: unique ids, unique column names, level indexes in range.
func (t *Table) Check() error {
	if t == nil {
		return fault.Nil("table.Table.Check", "table")
	}
	if !different(t.raw.IDs) {
		seen := make(map[string]int, len(t.raw.IDs))
		for i, id := range t.raw.IDs {
			if first, ok := seen[id]; ok {
				return &fault.CellError{File: t.raw.Source, Row: i + 1, ID: id, Err: fault.ErrDuplicate,
					Why: fmt.Sprintf("the same id is in row %d", first+1), Remedy: "keep one row per customer"}
			}
			seen[id] = i
		}
	}
	return t.checkColumns()
}

var idSeed = maphash.MakeSeed()

// many is from how many ids on it is quicker to compare their hashes first.
const many = 1 << 14

// different reports whether many ids are different for certain, by their hashes; of few it says nothing.
func different(ids []string) bool {
	if len(ids) < many {
		return false
	}
	var seen repeats.Hashes
	for _, id := range ids {
		seen.Add(maphash.String(idSeed, id))
	}
	return seen.Again() == 0
}

// checkColumns is Check without the ids.
func (t *Table) checkColumns() error {
	if err := t.checkNames(); err != nil {
		return err
	}
	for j, c := range t.raw.Columns {
		if c.Labels != nil && len(c.Labels) != len(c.Levels) {
			return fault.Errorf(fault.ErrSchema, "segkit: column %q has %d labels for %d levels", c.Name, len(c.Labels), len(c.Levels))
		}
		if !c.Categorical() {
			continue
		}
		if len(c.Levels) == 0 {
			return fault.Errorf(fault.ErrSchema, "segkit: column %q is categorical but has no levels", c.Name)
		}
		for i := range t.raw.IDs {
			if v := t.At(i, j); !math.IsNaN(v) && (v < 0 || v >= float64(len(c.Levels)) || v != math.Trunc(v)) {
				return &fault.CellError{File: t.raw.Source, Row: i + 1, ID: t.raw.IDs[i], Column: c.Name, Value: fmt.Sprint(v),
					Why: fmt.Sprintf("is not one of its %d levels", len(c.Levels)), Err: fault.ErrSchema}
			}
		}
	}
	return nil
}

// checkNames refuses columns without a name, and two of one name.
func (t *Table) checkNames() error {
	names := make(map[string]bool, len(t.raw.Columns))
	for j, c := range t.raw.Columns {
		if c.Name == "" {
			return fault.Errorf(fault.ErrSchema, "segkit: column %d has no name", j+1)
		}
		if names[c.Name] {
			return fault.Errorf(fault.ErrDuplicate, "segkit: two columns are named %q", c.Name)
		}
		names[c.Name] = true
	}
	return nil
}

// Len returns n, the number of customers.
func (t *Table) Len() int { return len(t.raw.IDs) }

// Dims returns n and d.
func (t *Table) Dims() (n, d int) { return len(t.raw.IDs), len(t.raw.Columns) }

// At returns the value of customer i in column j; NaN is missing.
func (t *Table) At(i, j int) float64 { return t.raw.Data[i*len(t.raw.Columns)+j] }

// T returns the transpose without copying.
func (t *Table) T() mat.Matrix { return mat.Transpose{Matrix: t} }

// Dense returns a copy as a gonum matrix (n x d). It panics, as gonum does, for a table without rows or columns.
func (t *Table) Dense() *mat.Dense {
	n, d := t.Dims()
	return mat.NewDense(n, d, slices.Clone(t.raw.Data))
}

// IDs returns a copy of the customer ids (n).
func (t *Table) IDs() []string { return slices.Clone(t.raw.IDs) }

// Columns returns a copy of the column descriptions (d).
func (t *Table) Columns() []Column { return CloneColumns(t.raw.Columns) }

// Names returns the column names (d).
func (t *Table) Names() []string {
	names := make([]string, len(t.raw.Columns))
	for j, c := range t.raw.Columns {
		names[j] = c.Name
	}
	return names
}

// Row returns a copy of the values of customer i (d).
func (t *Table) Row(i int) []float64 { return slices.Clone(t.Raw().Row(i)) }

// Values returns a copy of the named column (n).
func (t *Table) Values(column string) ([]float64, error) {
	if t == nil {
		return nil, fault.Nil("table.Table.Values", "table")
	}
	j, err := t.Index(column)
	if err != nil {
		return nil, err
	}
	return t.Raw().Column(j), nil
}

// Column returns the description of the named column.
func (t *Table) Column(name string) (Column, error) {
	if t == nil {
		return Column{}, fault.Nil("table.Table.Column", "table")
	}
	j, err := t.Index(name)
	if err != nil {
		return Column{}, err
	}
	return t.raw.Columns[j], nil
}

// Index finds a column; the error says which one was probably meant.
func (t *Table) Index(name string) (int, error) {
	if t == nil {
		return 0, fault.Nil("table.Table.Index", "table")
	}
	for j, c := range t.raw.Columns {
		if c.Name == name {
			return j, nil
		}
	}
	return 0, suggest.Column("", name, t.Names())
}

// idColumn is the name of the id column where one is written.
func (t *Table) idColumn() string {
	name := t.raw.IDName
	if name == "" {
		name = "id"
	}
	for slices.ContainsFunc(t.raw.Columns, func(c Column) bool { return c.Name == name }) {
		name += "_"
	}
	return name
}

// Transformed reports whether the values have left the customers' own units (logs, z-scores, principal components).
func (t *Table) Transformed() bool { return t.raw.Transformed }

// Select returns the named columns, in the given order.
func (t *Table) Select(columns ...string) (*Table, error) {
	if t == nil {
		return nil, fault.Nil("table.Table.Select", "table")
	}
	at := make([]int, len(columns))
	for p, name := range columns {
		j, err := t.Index(name)
		if err != nil {
			return nil, err
		}
		at[p] = j
	}
	out := t.WithData(make([]Column, len(at)), make([]float64, 0, len(t.raw.IDs)*len(at)))
	for p, j := range at {
		out.raw.Columns[p] = t.raw.Columns[j]
	}
	for i := range t.raw.IDs {
		row := t.Raw().Row(i)
		for _, j := range at {
			out.raw.Data = append(out.raw.Data, row[j])
		}
	}
	return out, out.checkNames()
}

// Drop returns the table without the named columns.
func (t *Table) Drop(columns ...string) (*Table, error) {
	if t == nil {
		return nil, fault.Nil("table.Table.Drop", "table")
	}
	for _, name := range columns {
		if _, err := t.Index(name); err != nil {
			return nil, err
		}
	}
	return t.Select(slices.DeleteFunc(t.Names(), func(name string) bool { return slices.Contains(columns, name) })...)
}

// Only is Select for reading: it returns the table itself if these are already its columns.
func (t *Table) Only(columns []string) (*Table, error) {
	if t == nil {
		return nil, fault.Nil("table.Table.Only", "table")
	}
	if slices.Equal(columns, t.Names()) {
		return t, nil
	}
	return t.Select(columns...)
}

// Head returns the first n customers, or all if there are fewer; nil of a nil table.
func (t *Table) Head(n int) *Table {
	if t == nil {
		return nil
	}
	return t.Rows(pick.All(min(max(n, 0), len(t.raw.IDs))))
}

// Top returns the n customers with the highest values in a column, the highest first; ties keep their order, and customers
// without a value come last. A category is sorted by the order of its levels.
func (t *Table) Top(n int, column string) (*Table, error) {
	if t == nil {
		return nil, fault.Nil("table.Table.Top", "table")
	}
	j, err := t.Index(column)
	if err != nil {
		return nil, err
	}
	rows := pick.All(len(t.raw.IDs))
	slices.SortStableFunc(rows, func(a, b int) int { return cmp.Compare(t.At(b, j), t.At(a, j)) }) // NaN is lowest
	return t.Rows(rows[:min(max(n, 0), len(rows))]), nil
}

// Rows returns the given rows, in the given order.
func (t *Table) Rows(rows []int) *Table {
	out := t.WithData(t.raw.Columns, make([]float64, 0, len(rows)*len(t.raw.Columns)))
	out.raw.IDs = make([]string, len(rows))
	if t.raw.Weights != nil {
		out.raw.Weights = make([]float64, len(rows))
	}
	for p, i := range rows {
		out.raw.IDs[p] = t.raw.IDs[i]
		out.raw.Data = append(out.raw.Data, t.Raw().Row(i)...)
		if t.raw.Weights != nil {
			out.raw.Weights[p] = t.raw.Weights[i]
		}
	}
	return out
}

// WithData returns a table of the same customers with other columns and data (not copied).
func (t *Table) WithData(columns []Column, data []float64) *Table {
	out := *t
	out.raw.Columns, out.raw.Data = columns, data
	return &out
}

// Sheet lays the table out: the id and the columns with their units, for the first customers.
func (t *Table) Sheet() sheet.Sheet {
	out := sheet.Sheet{Columns: []sheet.Column{{Name: t.idColumn(), Text: true}}, Total: t.Len(),
		Caption: fmt.Sprintf("%s, %s", wording.Plural(t.Len(), "customer"), wording.Plural(len(t.raw.Columns), "column"))}
	for _, c := range t.raw.Columns {
		out.Columns = append(out.Columns, sheet.Column{Name: c.Name, Unit: c.Unit, Text: c.Categorical()})
	}
	shown := t.Head(sheet.MaxRows)
	for _, id := range shown.raw.IDs {
		out.Rows = append(out.Rows, []string{id})
	}
	for j, c := range shown.raw.Columns {
		values := shown.Raw().Column(j)
		for i, cell := range c.cells(values, c.Years(values) && c.Years(t.Raw().Column(j))) {
			out.Rows[i] = append(out.Rows[i], cell)
		}
	}
	if t.raw.Note != "" {
		out.Notes = []string{t.raw.Note}
	}
	return out
}

// cells are values of the column as people read them: the names of levels, years, or numbers with the same number of decimals.
func (c Column) cells(values []float64, years bool) []string {
	if !c.Categorical() && !years {
		return sheet.Numbers(values)
	}
	out := make([]string, len(values))
	for i, v := range values {
		if years {
			out[i] = wording.Year(v)
		} else if out[i] = sheet.Missing; !math.IsNaN(v) {
			out[i] = c.Levels[int(v)]
		}
	}
	return out
}

// Fingerprint returns a hash of everything in the table: the same content has the same fingerprint, in any process.
//
// It does not hash what MarshalBinary gives: gob numbers types in the order in which a process first meets them.
func (t *Table) Fingerprint() string {
	sum := sha256.New()
	h := bufio.NewWriter(sum) // many small writes
	fmt.Fprintf(h, "%d %d %d %t %q %q %#v\n", len(t.raw.IDs), len(t.raw.Weights), t.raw.Weighting, t.raw.Transformed, t.raw.Source, t.raw.IDName, t.raw.Columns)
	h.Write(t.raw.Spec)
	for _, id := range t.raw.IDs {
		fmt.Fprintf(h, "%d %s", len(id), id)
	}
	var b [8]byte
	for _, values := range [][]float64{t.raw.Data, t.raw.Weights} {
		for _, v := range values {
			h.Write(binary.LittleEndian.AppendUint64(b[:0], math.Float64bits(v)))
		}
	}
	h.Flush()
	return hex.EncodeToString(sum.Sum(nil)[:16])
}

// MarshalBinary encodes the table exactly, NaN included.
func (t *Table) MarshalBinary() ([]byte, error) {
	return gobs.Encode(t.raw)
}

// UnmarshalBinary is the inverse of MarshalBinary.
func (t *Table) UnmarshalBinary(b []byte) error {
	var d Raw
	if err := gobs.Decode(b, &d); err != nil {
		return fmt.Errorf("segkit: not a stored table: %w", err)
	}
	if len(d.Data) != len(d.IDs)*len(d.Columns) || d.Weights != nil && len(d.Weights) != len(d.IDs) {
		return fault.Errorf(fault.ErrFormat, "segkit: stored table is incomplete")
	}
	*t = Table{d}
	return t.Check()
}

// Raw is the memory of a Table, for methods and transforms that read every cell and must not pay for copies. Read it, but never
// write to it: others may hold the same table.
type Raw struct {
	IDs         []string  // (n)
	Columns     []Column  // (d)
	Data        []float64 // (n*d) row-major
	Weights     []float64 // (n) or nil: every customer counts once
	Weighting   Weighting // what the weights mean
	Transformed bool      // values are no longer in the customers' own units
	Source      string    // file the table came from, for messages
	Note        string    // what to keep in mind about how it was read or made, as sentences; "" if there is nothing to say
	IDName      string    // name of the id column in the table's source; "" means "id"
	Numbered    bool      // ids only count the rows of the source, which names nobody: they are no customers of another table
	Spec        []byte    // how the columns were made from order lines, as features.Spec reads it; nil if they were not
}

// FromRaw makes a table from memory that the caller gives up. Unlike New, it checks nothing.
func FromRaw(r Raw) *Table { return &Table{r} }

// Raw returns the table's own memory.
func (t *Table) Raw() *Raw { return &t.raw }

// Row returns the values of customer i (d), not copied.
func (r *Raw) Row(i int) []float64 { d := len(r.Columns); return r.Data[i*d : (i+1)*d] }

// Column returns the values of column j (n), copied because a table is stored row by row.
func (r *Raw) Column(j int) []float64 {
	v, d := make([]float64, len(r.IDs)), len(r.Columns)
	for i := range v {
		v[i] = r.Data[i*d+j]
	}
	return v
}
