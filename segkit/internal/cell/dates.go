package cell

import (
	"slices"
	"strings"
	"time"
)

// Dates is what the cells of a column of dates have shown so far. It is not for several goroutines: each has its own, and
// Merge joins them.
//
// Cells fall into families by how their date is written: 1/27/2019 and 3/8/2019 14:05 are one, 01-05-2019 is another. A
// family may be readable in several layouts, and those that fail for one of its cells are out. What one family decides says
// nothing about another.
type Dates struct {
	Layouts []Layout // what the user says; nil recognises them. Set before the first Add
	Zone    string   // where times are to be: AsWritten, "UTC" or "Europe/Berlin"; "" asks if cells have several zones

	families []family
	last     int // the family of the last cell
	bad      Seen
	alone    Seen // those of bad that are a time without a date
	clash    Seen // cells that two layouts of the user read as two times
	strange  []string
	clock    Seen // times of day
	zones    []ZoneSeen
}

// ZoneSeen is the times of day with one zone, "-05:00" or "CET", or "" without any.
type ZoneSeen struct {
	Zone string
	Seen
}

// first is the first of the cells alone. Callers pass over cells that show nothing new (Repeat, DateReading.Plain), so how many cells
// have a zone, or fail a layout, is not known.
func (s *Seen) first() Seen { return Seen{1, s.Row, s.Cell} }

// AsWritten drops zones: a date is what the clock on the wall showed.
const AsWritten = "as written"

// family is the cells whose dates are written in one way.
type family struct {
	Seen
	candidates []candidate
	habit      bool // the first candidate is how people write this, and holds unless a cell says otherwise: 2.1.2006
	telling    []telling
}

const secondsOfDay = 86400

// telling is a cell that the candidates read as different days, to ask with: there are at most two, of different days.
type telling struct {
	Seen
	day int64 // as the first candidate has it
}

// tell keeps a cell to ask with.
func (f *family) tell(t telling) {
	if len(f.telling) < 2 && (f.telling == nil || f.telling[0].day != t.day) {
		f.telling = append(f.telling, t)
	}
}

// candidate is one layout of a family.
type candidate struct {
	Layout
	failed      Seen
	fitted      int
	first, last int64
}

// DateReading is one way to read all cells of a column of dates.
type DateReading struct {
	Layouts     []Layout // one for each family
	Timed       bool     // some cells have a time of day
	First, Last int64    // seconds since 1970, of the cells' own clocks

	location *time.Location // to convert to; nil for the clock on the wall
}

// Add takes one more cell, which stands in the given row or line.
func (d *Dates) Add(cell []byte, row int) {
	if len(d.Layouts) > 1 && d.clashes(cell) {
		d.clash.add(cell, row)
	}
	if d.last < len(d.families) && d.addTo(d.last, cell, row) {
		return
	}
	for f := range d.families {
		if f != d.last && d.addTo(f, cell, row) {
			d.last = f
			return
		}
	}
	var candidates []Layout
	habit := false
	if d.Layouts == nil {
		candidates, habit = recognised(cell)
	} else if len(d.families) < len(d.Layouts) { // every layout of the user is a family of its own
		for _, l := range d.Layouts {
			if _, ok := l.match(cell); ok {
				candidates = []Layout{l}
				break
			}
		}
	}
	if candidates != nil && len(d.families) < mostFamilies {
		f := family{habit: habit}
		for _, l := range candidates {
			f.candidates = append(f.candidates, candidate{Layout: l})
		}
		if d.families = append(d.families, f); d.addTo(len(d.families)-1, cell, row) {
			d.last = len(d.families) - 1
			return
		}
		d.families = d.families[:len(d.families)-1]
	}
	d.bad.add(cell, row)
	if Clock(cell) {
		d.alone.add(cell, row)
	}
	if len(d.strange) < strangest && !slices.Contains(d.strange, string(cell[:min(len(cell), longest)])) {
		d.strange = append(d.strange, string(cell[:min(len(cell), longest)]))
	}
}

// RepeatBad is Add of a cell that equals an earlier one, which was neither a date nor a time. It is counted, and shows nothing new.
func (d *Dates) RepeatBad() { d.bad.Count++ }

// Repeat is Add of a cell that equals the one added last, which was a date. It is counted, and shows nothing new.
func (d *Dates) Repeat() {
	if d.last < len(d.families) {
		d.families[d.last].Count++
	}
}

// clashes reports whether layouts of the user read a cell as different times.
func (d *Dates) clashes(cell []byte) bool {
	var first stamp
	found := false
	for i := range d.Layouts {
		s, ok := d.Layouts[i].match(cell)
		if ok && found && s.seconds() != first.seconds() {
			return true
		}
		if ok && !found {
			first, found = s, true
		}
	}
	return false
}

// mostFamilies is how many ways of writing dates one column may have.
const mostFamilies = 32

// addTo adds a cell to a family if it can be read in one of its layouts.
func (d *Dates) addTo(at int, cell []byte, row int) bool {
	f := &d.families[at]
	var stamps [4]stamp
	var fits [4]bool
	any := -1
	for i := range f.candidates {
		if stamps[i], fits[i] = f.candidates[i].match(cell); fits[i] {
			any = i
		}
	}
	if any < 0 {
		return false
	}
	f.add(cell, row)
	if len(f.telling) < 2 && fits[0] && fits[1] {
		if a, b := stamps[0].seconds(), stamps[1].seconds(); a/secondsOfDay != b/secondsOfDay {
			f.tell(telling{Seen{1, row, string(cell)}, a / secondsOfDay})
		}
	}
	for i := range f.candidates {
		c := &f.candidates[i]
		if !fits[i] {
			c.failed.add(cell, row)
			continue
		}
		at := stamps[i].seconds()
		if c.fitted++; c.fitted == 1 {
			c.first, c.last = at, at
		}
		c.first, c.last = min(c.first, at), max(c.last, at)
	}
	if s := &stamps[any]; s.timed {
		d.clock.add(cell, row)
		d.inZone(s.zone).add(cell, row)
	}
	return true
}

func (d *Dates) inZone(name string) *Seen {
	for i := range d.zones {
		if d.zones[i].Zone == name {
			return &d.zones[i].Seen
		}
	}
	d.zones = append(d.zones, ZoneSeen{Zone: name})
	return &d.zones[len(d.zones)-1].Seen
}

// Merge adds what another block has shown; before is added to its rows.
func (d *Dates) Merge(from *Dates, before int) {
	d.bad.join(from.bad, before)
	d.alone.join(from.alone, before)
	d.clash.join(from.clash, before)
	d.clock.join(from.clock, before)
	for _, z := range from.zones {
		d.inZone(z.Zone).join(z.Seen, before)
	}
	for _, text := range from.strange {
		if len(d.strange) < strangest && !slices.Contains(d.strange, text) {
			d.strange = append(d.strange, text)
		}
	}
	for i := range from.families {
		f := &from.families[i]
		at := slices.IndexFunc(d.families, func(g family) bool { return g.candidates[0].name == f.candidates[0].name })
		if at < 0 {
			at = len(d.families)
			d.families = append(d.families, family{candidates: slices.Clone(f.candidates), habit: f.habit})
			for j := range d.families[at].candidates {
				c := &d.families[at].candidates[j]
				c.failed, c.fitted = Seen{}, 0
			}
		}
		d.families[at].join(f.Seen, before)
		for _, t := range f.telling {
			t.Row += before
			d.families[at].tell(t)
		}
		for j := range f.candidates {
			c, g := &d.families[at].candidates[j], &f.candidates[j]
			c.failed.join(g.failed, before)
			if g.fitted > 0 && c.fitted == 0 {
				c.first, c.last = g.first, g.last
			} else if g.fitted > 0 {
				c.first, c.last = min(c.first, g.first), max(c.last, g.last)
			}
			c.fitted += g.fitted
		}
	}
}

// Count is how many cells are dates; Bad are those that are none, Alone those of them that are a time without a date, and Strange the first few different ones of their texts; Zones
// the times of day by their zones.
func (d *Dates) Count() (n int) {
	for i := range d.families {
		n += d.families[i].Count
	}
	return n
}
func (d *Dates) Bad() Seen         { return d.bad }
func (d *Dates) Alone() Seen       { return d.alone }
func (d *Dates) Strange() []string { return d.strange }
func (d *Dates) Zones() []ZoneSeen { return d.zones }

// Ruled is a layout that a cell cannot have, though others that are written like it could.
type Ruled struct {
	Layout
	Seen
}

// RuledOut are the layouts that do not fit, with the first cell that shows it, where another layout of such cells does.
func (d *Dates) RuledOut() (out []Ruled) {
	for i := range d.families {
		for _, c := range d.families[i].candidates {
			if c.failed.Count > 0 && len(d.families[i].left()) > 0 {
				out = append(out, Ruled{c.Layout, c.failed})
			}
		}
	}
	return out
}

// left are the candidates that fit every cell of the family.
func (f *family) left() []*candidate {
	var out []*candidate
	for i := range f.candidates {
		if c := &f.candidates[i]; c.failed.Count == 0 {
			out = append(out, c)
			if f.habit {
				break
			}
		}
	}
	return out
}

// Readings returns the ways in which the column can be read: mostly one; none where cells of one family contradict each other.
func (d *Dates) Readings() []DateReading {
	if len(d.families) == 0 {
		return nil
	}
	out := []DateReading{{Timed: d.clock.Count > 0, location: d.location()}}
	for i := range d.families {
		var next []DateReading
		for _, r := range out {
			for _, c := range d.families[i].left() {
				if len(next) == mostReadings {
					break
				}
				s := r
				s.Layouts = append(slices.Clone(r.Layouts), c.Layout)
				if s.First, s.Last = c.first, c.last; i > 0 {
					s.First, s.Last = min(s.First, r.First), max(s.Last, r.Last)
				}
				next = append(next, s)
			}
		}
		out = next
	}
	return out
}

// mostReadings is how many readings of one column are told apart.
const mostReadings = 16

// location is where the user wants times to be, nil for where they are.
func (d *Dates) location() *time.Location {
	if d.Zone == "" || d.Zone == AsWritten {
		return nil
	}
	l, _ := time.LoadLocation(d.Zone) // CheckZone has told
	return l
}

// CheckZone refuses a zone that is not known, with a clause that says what would be right.
func CheckZone(zone string) (why string) {
	if zone == "" || zone == AsWritten {
		return ""
	}
	if _, err := time.LoadLocation(zone); err != nil || zone == "Local" {
		return `"` + AsWritten + `", "UTC", or a place such as "Europe/Berlin"`
	}
	return ""
}

// Parse reads one cell as seconds since 1970, by the cell's own clock or in the zone that the user gave.
func (r *DateReading) Parse(cell []byte) (seconds int64, ok bool) {
	t, ok := r.Moment(cell)
	return t.Local, ok
}

// Moment is a date as the clock there shows it, and how far that clock is ahead of UTC.
type Moment struct {
	Local int64 // seconds since 1970
	Ahead int32 // seconds
	Zoned bool  // it is known how far
}

// Moment reads one cell as Parse does, and keeps what its zone says: two moments of one hour on the wall can be an hour apart.
func (r *DateReading) Moment(cell []byte) (t Moment, ok bool) {
	for i := range r.Layouts {
		s, ok := r.Layouts[i].match(cell)
		if !ok {
			continue
		}
		t := Moment{Local: s.seconds(), Ahead: 60 * int32(s.offset), Zoned: s.zone != ""}
		if r.location == nil {
			return t, true
		}
		if s.timed {
			if s.zone == "" {
				return Moment{}, false
			}
			t.Local -= int64(t.Ahead)
		}
		_, ahead := time.Unix(t.Local, 0).In(r.location).Zone()
		if s.timed {
			t.Local += int64(ahead)
		}
		t.Ahead, t.Zoned = int32(ahead), true
		return t, true
	}
	return Moment{}, false
}

// String is the reading as ParseLayouts takes it.
func (r *DateReading) String() string {
	names := make([]string, len(r.Layouts))
	for i, l := range r.Layouts {
		names[i] = l.name
	}
	return strings.Join(names, "|")
}
