package features

// A column of dates while it is read. What they mean is decided by all of them: the first megabyte gives a reading to go on
// with, cells that it does not read are kept, and cells that contradict it have the file read again.

import (
	"bytes"
	"math"
	"strings"

	"github.com/segkit/lab/segkit/internal/cell"
)

// noDate stands for a missing date, before all others.
const noDate = math.MinInt64

// dates collects a column of dates as seconds since 1970.
type dates struct {
	when     []int64
	seen     cell.Dates // all cells, or those that the reading does not read, where no other one is possible
	late     later
	last     []byte // lines of one order share their date
	lastWhen int64
}

func (d *dates) reset() {
	*d = dates{when: d.when[:0], late: d.late.emptied(), last: d.last[:0]}
}

// dateForm is how the dates of a file are read, as far as it is known.
type dateForm struct {
	cell.DateReading
	decided bool // by cells that cannot be read in another way
}

// layout is the option that asks for this form.
func (f *dateForm) layout() string {
	var names []string
	for _, l := range f.Layouts {
		names = append(names, l.String())
	}
	return strings.Join(names, " | ")
}

// add appends a cell, and reports false where the reading does not read it.
func (d *dates) add(field []byte, line int, f *dateForm) bool {
	if len(d.last) == 0 || !bytes.Equal(field, d.last) {
		when, ok := f.Parse(field)
		if !ok {
			return false
		}
		if !f.decided {
			d.seen.Add(field, line)
		}
		d.last, d.lastWhen = append(d.last[:0], field...), when
	}
	d.when = append(d.when, d.lastWhen)
	return true
}

// keep appends a cell that only the whole column can tell how to read.
func (d *dates) keep(field []byte, line int) {
	d.seen.Add(field, line)
	d.late.add(field, len(d.when), line)
	d.when = append(d.when, 0)
}

// join appends another column, which has so many lines before it.
func (d *dates) join(from *dates, before int) {
	d.seen.Merge(&from.seen, before)
	d.late.join(&from.late, len(d.when), before)
	d.when = append(d.when, from.when...)
}

// read fills in the cells that were kept.
func (d *dates) read(r *cell.DateReading) {
	for c, text := range d.late.all() {
		d.when[c.index], _ = r.Parse(text)
	}
}

// covers reports whether what was read as from is read in the same way by r.
func covers(r, from *cell.DateReading) bool {
	if r.Zone != from.Zone {
		return false
	}
	for _, l := range from.Layouts {
		found := false
		for _, m := range r.Layouts {
			found = found || l.String() == m.String()
		}
		if !found {
			return false
		}
	}
	return true
}
