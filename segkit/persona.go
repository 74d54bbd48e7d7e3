package segkit

// Persona is a segment as one would introduce a person.
type Persona struct {
	Label      int
	Name       string
	Size       int
	Share      float64   // of customers
	ValueShare []float64 // of the profile's ValueColumns
	Sentences  []string  // up to three: what stands out, the strongest first
	Prototype  string    // id of the medoid customer
	Like       string    // that customer in the columns that stand out: "recency 12 days, 9 orders, basket 45 EUR"
	Rule       string    // how to recognise the segment; "" without rules
	Caution    string    // what to mind: few customers, unstable, overlapping; "" for nothing
}

// Personas introduces every segment of a profile.
type Personas []Persona
