package sheet

import (
	"slices"
	"strings"
)

// Sheet is a table for people.
type Sheet struct {
	Caption string     // the finding, or what the table holds
	Columns []Column   // (d)
	Rows    [][]string // (rows shown, d), formatted
	Total   int        // rows in all, when more than Rows; 0 means all are here
	Notes   []string   // sentences below the table
	Whole   bool       // every row is read one by one, as in a ledger: none is left out, however many there are
}

// Column heads one column of a Sheet.
type Column struct {
	Name string
	Unit string // shown behind the name, "" for none
	Text bool   // text is set flush left, numbers flush right
}

// lineBreak parts the lines of a cell. Line breaks in data are not among them: only Lines makes some. Like fold it is one of the characters that Unicode keeps
// for programs' own use and out of texts; U+2028 and U+2029, which are made for this, stand in names that were pasted from word processors.
const lineBreak = "\ufdd0"

// Lines is a cell of several lines, empty ones left out: a card rather than a figure.
func Lines(lines ...string) string {
	kept := slices.DeleteFunc(slices.Clone(lines), func(l string) bool { return l == "" })
	for i, l := range kept {
		kept[i] = strings.NewReplacer(lineBreak, " ", fold, " ").Replace(l)
	}
	return strings.Join(kept, lineBreak)
}

// fold parts what a cell shows from what it keeps folded. Only Folded makes one.
const fold = "\ufdd1"

// Folded is a cell that shows one sentence and keeps what stands behind it, the lines of which follow, until the reader opens it; where
// nothing opens, in a terminal, all is shown. Empty lines are left out.
func Folded(shown string, behind ...string) string {
	kept := strings.ReplaceAll(Lines(behind...), fold, " ")
	if shown = strings.ReplaceAll(shown, fold, " "); kept == "" {
		return shown
	}
	return shown + fold + kept
}

// MaxRows is how many rows a reader is shown at most, unless the sheet is to be read whole; Clip keeps the count of the rest.
const MaxRows = 12

// Clip returns s with at most MaxRows rows, or all of a sheet that is to be read whole, and Total set to the number there were.
func (s Sheet) Clip() Sheet {
	if s.Total < len(s.Rows) {
		s.Total = len(s.Rows)
	}
	if len(s.Rows) > MaxRows && !s.Whole {
		s.Rows = s.Rows[:MaxRows]
	}
	return s
}

// Sheeter is a result that can be laid out for reading.
type Sheeter interface{ Sheet() Sheet }
