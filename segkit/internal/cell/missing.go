package cell

import (
	"bytes"
	"slices"
)

// Markers are the cells that mean "not known", unless the user lists others. "-" and "None" are not among them: spreadsheets
// write 0 as "-", and None may be a level.
var Markers = []string{"", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "null", "NULL", `\N`, "<NA>"}

// TimeAlone, listed among the markers, stands for all cells of a column of dates that are a time without a date. Alone in the list it
// leaves the usual markers as they are.
const TimeAlone = "time without a date"

// Clock reports whether a cell is a time of day and no more: 14:05, 2:05:33 PM.
func Clock(cell []byte) bool {
	var s stamp
	return len(cell) <= longest && bytes.IndexByte(cell, ':') > 0 && digit(cell[0]) && s.tail(append([]byte{' '}, cell...))
}

// Missing finds the cells that mean "not known".
type Missing struct {
	markers []string
	longest int
	clocks  bool      // TimeAlone is listed
	first   [256]bool // bytes with which a marker begins
}

// NewMissing finds the given markers; nil stands for Markers. The empty cell is missing only where it is listed.
func NewMissing(markers []string) *Missing {
	m := &Missing{clocks: slices.Contains(markers, TimeAlone)}
	if m.clocks {
		markers = slices.DeleteFunc(slices.Clone(markers), func(s string) bool { return s == TimeAlone })
	}
	if markers == nil || m.clocks && len(markers) == 0 {
		markers = Markers
	}
	m.markers = markers
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

// NoDate reports whether a cell of a column of dates says that the date is not known.
func (m *Missing) NoDate(cell []byte) bool {
	return len(cell) == 0 || m.Find(cell) >= 0 || m.clocks && Clock(cell)
}

// Names returns the markers in the order of their numbers: count them in a slice of that length.
func (m *Missing) Names() []string { return m.markers }
