package features

// A column of dates while it is read. What they mean is decided by all of them: the first megabyte gives a reading to go on
// with, cells that it does not read are kept, and cells that contradict it have the file read again.

import (
	"bytes"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/internal/cell"
)

// noDate stands for a missing date, before all others.
const noDate = math.MinInt64

// dates collects a column of dates as seconds since 1970.
type dates struct {
	when     []int64
	seen     cell.Dates // all cells, or those that are not plain where the first lines have decided
	late     later
	last     []byte // lines of one order share their date
	lastWhen int64
	clocked  bool // a time of day was shown to seen
}

func (d *dates) reset(f *dateForm) {
	*d = dates{when: d.when[:0], seen: f.fresh(), late: d.late.emptied(), last: d.last[:0]}
}

// dateForm is how the dates of a file are read, as far as it is known.
type dateForm struct {
	cell.DateReading
	decided bool          // by the first lines
	layouts []cell.Layout // that the user gave
	zone    string        // that the user gave
}

// fresh is what has seen no date.
func (f *dateForm) fresh() cell.Dates { return cell.Dates{Layouts: f.layouts, Zone: f.zone} }

// add appends a cell, and reports false where the reading does not read it.
func (d *dates) add(field []byte, line int, f *dateForm) bool {
	if len(d.last) > 0 && bytes.Equal(field, d.last) {
		d.when = append(d.when, d.lastWhen)
		return true
	}
	when, timed, ok := int64(0), false, false
	if f.decided {
		when, timed, ok = f.Plain(field)
	}
	if !ok || timed && !d.clocked {
		if !ok {
			when, ok = f.Parse(field)
		}
		if !ok {
			return false
		}
		d.seen.Add(field, line)
		d.clocked = d.clocked || timed
	}
	d.last, d.lastWhen = append(d.last[:0], field...), when
	d.when = append(d.when, when)
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
	for _, l := range from.Layouts {
		if !slices.ContainsFunc(r.Layouts, func(m cell.Layout) bool { return m.String() == l.String() }) {
			return false
		}
	}
	return true
}
