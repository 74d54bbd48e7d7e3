package segkit

// Transformer changes columns before clustering. It is options only; fitting returns a separate value, which can be saved.
type Transformer interface {
	// Fit learns what Apply needs from t (n x d), and leaves t as it was.
	Fit(t *Table) (Fitted, error)
}

// Fitted is a transformer that has learnt its numbers. It is plain data with exported fields, saved as JSON under its Kind.
type Fitted interface {
	// Apply returns a new table with the columns changed. Columns are found by name.
	Apply(t *Table) (*Table, error)
	// Kind names the type in a model file: "log1p", "standardize".
	Kind() string
}

// Inverter is a Fitted that can be undone: cluster centres back in euros.
type Inverter interface {
	Invert(t *Table) (*Table, error)
}
