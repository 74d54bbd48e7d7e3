package cell

import (
	"errors"
	"time"
)

// Dates is what the cells of a column of dates have shown so far. The zero value has seen none. It is not for several
// goroutines: each has its own, and Merge joins them.
//
// Cells fall into families by the separators of their date: 1/27/2019 and 3/8/2019 14:05 are one, 01-05-2019 is another. A
// family may be readable in several layouts, and those that fail for one of its cells are out. What one family decides says
// nothing about another.
type Dates struct {
	families []family
	bad      Seen
	zones    []ZoneSeen
	timed    Seen
}

// ZoneSeen is the cells with one zone, as "-05:00", "CET" or "" for a time without any.
type ZoneSeen struct {
	Zone string
	Seen
}

// DateAnswer is what the user has said about a column of dates. The zero value leaves it to the column.
type DateAnswer struct {
	Layout string // see ParseLayouts; "" recognises them
	Zone   string // of cells in several zones: AsWritten or "UTC"; "" asks
}

// AsWritten drops zones: the date is what the clock on the wall showed.
const AsWritten = "as written"

// DateReading is one way to read all cells of a column of dates.
type DateReading struct {
	Layouts     []Layout // one for each family
	Zone        string   // "" where no cell has a zone or all have the same, which is dropped; AsWritten or "UTC"
	Timed       bool     // some cells have a time of day
	First, Last int64    // seconds since 1970, of the cells' own clocks
}

// Layout is one way of writing dates.
type Layout struct {
	name string
}

// String is the layout as ParseLayouts takes it.
func (l Layout) String() string { return l.name }

// ParseLayouts reads what a user says about dates: a layout as in package time ("2/1/2006 15:04"), as in strftime
// ("%d/%m/%Y %H:%M"), or a name: "excel" and "excel 1904" for the day numbers of spreadsheets, "unix", "unix ms" and "unix us"
// for seconds, milliseconds and microseconds since 1970 in UTC. Several are separated by |.
func ParseLayouts(option string) ([]Layout, error) {
	return nil, errors.New("to be written")
}

// Add takes one more cell, which stands in the given row or line.
func (d *Dates) Add(cell []byte, row int) { d.bad.add(cell, row) }

// Merge adds what another block has shown; before is added to its rows.
func (d *Dates) Merge(from *Dates, before int) { d.bad.join(from.bad, before) }

// Bad are the cells that are no dates in any layout.
func (d *Dates) Bad() Seen { return d.bad }

// Readings returns the ways in which the column can be read: mostly one, none where its cells contradict each other.
func (d *Dates) Readings(a DateAnswer) []DateReading { return nil }

// Question returns what stands in the way of reading the column with what the user said, nil if nothing does.
func (d *Dates) Question(a DateAnswer, w Words) *Question { return nil }

// Parse reads one cell as seconds since 1970 by its own clock.
func (r *DateReading) Parse(cell []byte) (seconds int64, ok bool) {
	t, err := time.Parse("2006-01-02", string(cell))
	return t.Unix(), err == nil
}

type family struct{}
