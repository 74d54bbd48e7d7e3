package weblog

// Columns of times while they are read. What a time means is decided by the whole column: the first lines mostly give the reading, and
// what it does not read is kept until the end.

import (
	"bytes"
	"fmt"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/cell"
	"github.com/segkit/lab/segkit/internal/records"
)

// noTime stands for a time that is not known, behind all others.
const noTime = math.MaxInt64

const secondsPerDay = 24 * 60 * 60

// dayOf is the number of days since 1970.
func dayOf(seconds int64) int {
	d := seconds / secondsPerDay
	if seconds%secondsPerDay < 0 {
		d--
	}
	return int(d)
}

// timeForm is how the times of a file are read, as far as its first lines tell.
type timeForm struct {
	cell.DateReading
	decided bool
	sample  cell.Dates // of the first lines, where they decided
	layouts []cell.Layout
	zone    string
	joined  bool // the day stands in a column of its own
}

func (f *timeForm) fresh() cell.Dates { return cell.Dates{Layouts: f.layouts, Zone: f.zone} }

// words is how questions speak of the options.
var words = cell.Words{Row: "line", Decimal: optionsName + ".Decimal", Layout: optionsName + ".DateLayout", Zone: optionsName + ".Zone", Missing: optionsName + ".Missing"}

// hourLayout is how Google Analytics writes an hour.
const hourLayout = "2006010215"

// sampled is how many lines are looked at before the first block is read.
const sampled = 2000

// look decides from the first lines of data, which have so many lines before them, how times are read.
func (p *plan) look(start []byte, before int) error {
	f := &p.times
	f.zone = p.o.Zone
	if p.o.DateLayout != "" {
		f.layouts, _ = cell.ParseLayouts(p.o.DateLayout) // check has told
	}
	if p.at[timeColumn] < 0 {
		return nil
	}
	s := records.NewScanner(p.comma, len(p.header))
	s.Reset(slices.Clip(start))
	var times, days [][]byte
	var rows []int
	clocks := 0
	for range sampled {
		line, err := s.Next()
		if err != nil || line == 0 {
			break
		}
		if len(s.Fields) != len(p.header) {
			continue
		}
		fields := s.Cells()
		t := bytes.TrimSpace(fields[p.at[timeColumn]])
		if len(t) == 0 || p.missing.Find(t) >= 0 {
			continue
		}
		if cell.Clock(t) {
			clocks++
		}
		times, rows = append(times, bytes.Clone(t)), append(rows, line+before)
		if d := p.at[dayColumn]; d >= 0 {
			days = append(days, bytes.Clone(bytes.TrimSpace(fields[d])))
		}
	}
	if p.hours && p.o.DateLayout == "" && slices.ContainsFunc(times, func(t []byte) bool { return len(t) == len(hourLayout) && bytes.HasPrefix(t, []byte("20")) }) { // else it would be seconds since 1970
		f.layouts, _ = cell.ParseLayouts(hourLayout)
	}
	f.joined = p.at[dayColumn] >= 0 && clocks > 0 && 2*clocks >= len(times)
	seen := f.fresh()
	for i, t := range times {
		if f.joined {
			t = together(nil, days[i], t)
			times[i] = t
		}
		seen.Add(t, rows[i])
	}
	if readings := seen.Readings(); len(readings) == 1 {
		f.DateReading = readings[0]
		f.sample = f.fresh()
		for i, t := range times {
			if _, _, ok := f.Plain(t); ok {
				f.sample.Add(t, rows[i])
			}
		}
		f.decided = f.sample.Count() > 0
	}
	return nil
}

// together is a day and the time on it, in room.
func together(room, day, time []byte) []byte {
	return append(append(append(room[:0], day...), ' '), time...)
}

// times collects the times of a block, or of all.
type times struct {
	when  []int64    // local
	ahead []int32    // seconds by which the clock there is ahead of UTC; 0 behind its end
	bare  bool       // one has no zone
	seen  cell.Dates // all cells, or those that are not plain where the first lines have decided
	late  []lateCell
	any   bool // one has a time of day
}

// lateCell is a cell that only the whole column can tell how to read.
type lateCell struct {
	text        string
	index, line int
}

func (t *times) reset(f *timeForm) {
	*t = times{when: t.when[:0], ahead: t.ahead[:0], seen: f.fresh(), late: t.late[:0]}
}

// add appends a cell.
func (t *times) add(field []byte, line int, f *timeForm) {
	if f.decided {
		if when, timed, ok := f.Plain(field); ok && (!timed || t.any) {
			t.when, t.bare = append(t.when, when), true
			return
		}
		if m, ok := f.Moment(field); ok {
			t.seen.Add(field, line)
			t.when = append(t.when, noTime)
			t.set(len(t.when)-1, m)
			if _, timed, ok := f.Plain(field); !ok || timed {
				t.any = true
			}
			return
		}
	}
	t.seen.Add(field, line)
	t.late = append(t.late, lateCell{string(field), len(t.when), line})
	t.when = append(t.when, noTime)
}

// set puts a moment in its place.
func (t *times) set(i int, m cell.Moment) {
	t.when[i], t.bare = m.Local, t.bare || !m.Zoned
	if m.Ahead != 0 || i < len(t.ahead) {
		t.lengthen(i + 1)
		t.ahead[i] = m.Ahead
	}
}

// lengthen makes room for how far the first n times are ahead.
func (t *times) lengthen(n int) {
	if more := n - len(t.ahead); more > 0 {
		t.ahead = slices.Grow(t.ahead, more)[:n]
		clear(t.ahead[n-more:])
	}
}

// offsets are how far each time is ahead of UTC, nil where all are equally far, or where that is not known of all: then the local clock has their
// order as well.
func (t *times) offsets() []int32 {
	if t.bare || len(t.ahead) == 0 {
		return nil
	}
	t.lengthen(len(t.when))
	first := int32(0)
	for i, when := range t.when {
		if when != noTime {
			first = t.ahead[i]
			break
		}
	}
	for i, ahead := range t.ahead {
		if ahead != first && t.when[i] != noTime {
			return t.ahead
		}
	}
	return nil
}

// join appends another block, which has so many lines before it.
func (t *times) join(from *times, before int) {
	t.seen.Merge(&from.seen, before)
	for _, c := range from.late {
		t.late = append(t.late, lateCell{c.text, c.index + len(t.when), c.line + before})
	}
	if len(from.ahead) > 0 {
		t.lengthen(len(t.when))
		t.ahead = append(t.ahead, from.ahead...)
	}
	t.when, t.bare = append(t.when, from.when...), t.bare || from.bare
}

// finish reads what was kept, now that the whole column is known. timed tells whether there are times of day.
func (t *times) finish(p *plan) (timed bool, err error) {
	f := &p.times
	t.seen.Merge(&f.sample, 0)
	column := p.header[p.at[timeColumn]]
	if q := t.seen.Question(words); q != nil {
		e := &fault.CellError{Op: p.op, File: p.file, Line: q.Row, Column: column, Value: string(q.Cell), Count: q.Count, Why: q.Why, Remedy: q.Remedy, Err: fault.ErrFormat}
		if string(q.Cell) == column {
			e.Why, e.Remedy = "is the header again", "remove this line; were two files joined?"
		} else if alone := t.seen.Alone(); alone.Row == q.Row && 2*alone.Count >= len(t.when) { // the column is one of times
			e.Remedy, e.Err = "name the column that has the day in "+optionsName+".Day, or export the time with its date", fault.ErrSchema
		}
		return false, e
	}
	readings := t.seen.Readings()
	if len(readings) == 0 {
		return false, nil
	}
	r := &readings[0]
	for _, c := range t.late {
		if m, ok := r.Moment([]byte(c.text)); ok {
			t.set(c.index, m)
		}
	}
	t.late = nil
	if zones := t.seen.Zones(); len(zones) == 1 && zones[0].Zone != "" && f.zone == "" {
		p.notes = append(p.notes, fmt.Sprintf("Times are taken as the file has them, in %s: hours and weekdays are those there. %s.Zone converts them.", zones[0].Zone, optionsName))
	}
	return r.Timed, nil
}
