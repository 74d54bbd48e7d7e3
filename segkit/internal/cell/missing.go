package cell

// Markers are the cells that mean "not known", unless the user lists others. "-" and "None" are not among them: spreadsheets
// write 0 as "-", and None may be a level.
var Markers = []string{"", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "null", "NULL", `\N`, "<NA>"}

// Missing finds the cells that mean "not known".
type Missing struct {
	markers []string
	longest int
	first   [256]bool // bytes with which a marker begins
}

// NewMissing finds the given markers; nil stands for Markers. The empty cell is missing only where it is listed.
func NewMissing(markers []string) *Missing {
	if markers == nil {
		markers = Markers
	}
	m := &Missing{markers: markers}
	for _, s := range markers {
		m.longest = max(m.longest, len(s))
		if s != "" {
			m.first[s[0]] = true
		}
	}
	return m
}

// Find returns which marker the cell is, -1 if it is none.
func (m *Missing) Find(cell []byte) int {
	if len(cell) > m.longest || len(cell) > 0 && !m.first[cell[0]] {
		return -1
	}
	for i, s := range m.markers {
		if string(cell) == s {
			return i
		}
	}
	return -1
}

// Names returns the markers in the order of their numbers: count them in a slice of that length.
func (m *Missing) Names() []string { return m.markers }
