package table

// Raw is the memory of a Table, for methods and transforms that read every cell and must not pay for copies. It is read and never
// written: others may hold the same table.
type Raw struct {
	IDs         []string  // (n)
	Columns     []Column  // (d)
	Data        []float64 // (n*d) row-major
	Weights     []float64 // (n) or nil: every customer counts once
	Weighting   Weighting // what the weights mean
	Transformed bool      // values are no longer in the customers' own units
	Source      string    // file the table came from, for messages
	IDName      string    // name of the id column where the table came from; "" means "id"
}

// FromRaw makes a table of memory that the caller gives up. It checks nothing: New does.
func FromRaw(r Raw) *Table { return &Table{r} }

// Raw returns the table's own memory.
func (t *Table) Raw() *Raw { return &t.raw }

// Row returns the values of customer i (d), not copied.
func (r *Raw) Row(i int) []float64 { d := len(r.Columns); return r.Data[i*d : (i+1)*d] }

// Column returns the values of column j (n), copied, since a table is stored row by row.
func (r *Raw) Column(j int) []float64 {
	v, d := make([]float64, len(r.IDs)), len(r.Columns)
	for i := range v {
		v[i] = r.Data[i*d+j]
	}
	return v
}
