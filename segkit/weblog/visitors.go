package weblog

// One row per visitor, and the definition of every column of it.

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/table"
)

// tally is what one visitor did on the days that count.
type tally struct {
	first, last           int // days of visits
	visits, pages         int
	known, seconds        int // visits whose duration is known, and their sum
	bounces               int
	weekend, work, orders int
	step                  int
	hours                 [24]int32
	levels                []int32 // by column of shares: visits or pages
	totals                []int32 // by family of shares
}

// feature defines one column: the table and the dictionary are both made from it.
type feature struct {
	table.Column
	formula string
	needs   need
	value   func(t *tally, asOf int) float64 // NaN where it is not defined
}

// need is what a file must have for a feature.
type need uint8

const (
	days need = 1 << iota
	clockTimes
	durations
	purchases
	steps
	pageCounts
)

func partsOf(features ...string) table.Ancestry { return table.Ancestry{Columns: features} }

func share(n, of int) float64 {
	if of == 0 {
		return math.NaN()
	}
	return float64(n) / float64(of)
}

// definitions are the features in the order of the table; shares of sources, devices and kinds follow them. Names differ from those that package
// features gives to orders, so that both can stand in one table.
var definitions = []feature{
	{table.Column{Name: "visit_recency", Unit: "days", LowerIsBetter: true, Phrase: "last visit %s ago", High: "long not seen", Low: "seen lately"},
		"as-of date less the day of the last visit", days,
		func(t *tally, asOf int) float64 { return float64(asOf - t.last) }},
	{table.Column{Name: "visits", Phrase: "%s visit|%s visits", High: "frequent visitor", Low: "rare visitor"},
		"number of visits", 0,
		func(t *tally, _ int) float64 { return float64(t.visits) }},
	{table.Column{Name: "pages", Phrase: "%s page|%s pages", High: "many pages", Low: "few pages"},
		"number of pages in all visits", pageCounts,
		func(t *tally, _ int) float64 { return float64(t.pages) }},
	{table.Column{Name: "depth", Unit: "pages", Phrase: "%s a visit", High: "looks around", Low: "looks briefly", Ancestry: partsOf("pages", "visits")},
		"mean number of pages in a visit", pageCounts,
		func(t *tally, _ int) float64 { return share(t.pages, t.visits) }},
	{table.Column{Name: "duration", Unit: "seconds", Phrase: "%s a visit", High: "stays long", Low: "leaves soon"},
		"mean seconds of a visit, from its first to its last page; visits whose duration is not known, as those of one page, do not count; missing where none is known", durations,
		func(t *tally, _ int) float64 { return share(t.seconds, t.known) }},
	{table.Column{Name: "bounce_share", LowerIsBetter: true, High: "bounces", Low: "stays", Ancestry: partsOf("visits")},
		"share of visits of one page", pageCounts,
		func(t *tally, _ int) float64 { return share(t.bounces, t.visits) }},
	{table.Column{Name: "visit_tenure", Unit: "days", Phrase: "first visit %s ago", High: "long known", Low: "new"},
		"as-of date less the day of the first visit; no longer than the cookie lives", days,
		func(t *tally, asOf int) float64 { return float64(asOf - t.first) }},
	{table.Column{Name: "visit_gap", Unit: "days", LowerIsBetter: true, Phrase: "%s between visits", High: "slow to come back", Low: "quick to come back", Ancestry: partsOf("visit_recency", "visit_tenure", "visits")},
		"mean days between visits: last less first day by visits less one; missing for one visit", days,
		func(t *tally, _ int) float64 {
			if t.visits < 2 {
				return math.NaN()
			}
			return float64(t.last-t.first) / float64(t.visits-1)
		}},
	{table.Column{Name: "visit_weekend_share", High: "weekend", Low: "weekday", Ancestry: partsOf("visits")},
		"share of visits on a Saturday or Sunday", days,
		func(t *tally, _ int) float64 { return share(t.weekend, t.visits) }},
	{table.Column{Name: "visit_work_share", High: "during work", Low: "in spare time", Ancestry: partsOf("visits")},
		"share of visits from Monday to Friday between 9 and 17", days | clockTimes,
		func(t *tally, _ int) float64 { return share(t.work, t.visits) }},
	{table.Column{Name: "visit_hour", Unit: "hour of day", High: "late in the day", Low: "early in the day"},
		"median hour of the day in which visits begin, the lower of two", days | clockTimes,
		func(t *tally, _ int) float64 { return t.medianHour() }},
	{table.Column{Name: "step", Phrase: "reached step %s", High: "far down the funnel", Low: "stays on top of the funnel"},
		"farthest step of the funnel in any visit: 0 before the first", steps,
		func(t *tally, _ int) float64 { return float64(t.step) }},
	{table.Column{Name: "order_visits", Phrase: "%s visit with an order|%s visits with an order", High: "buys", Low: "looks only", Ancestry: partsOf("visits")},
		"number of visits in which something was bought", purchases,
		func(t *tally, _ int) float64 { return float64(t.orders) }},
}

func (t *tally) medianHour() float64 {
	before := 0
	for h, n := range t.hours {
		if before += int(n); 2*before >= t.visits {
			return float64(h)
		}
	}
	return math.NaN()
}

// has is what the file supports.
func (v *view) has(s Spec) (have need) {
	if v.dated {
		have |= days
	}
	if v.timed {
		have |= clockTimes
	}
	if v.timed && !v.ofVisits || v.seconds != nil {
		have |= durations
	}
	if !v.ofVisits || v.pages != nil {
		have |= pageCounts
	}
	if v.ordered {
		have |= purchases
	}
	if len(s.Funnel) > 0 {
		have |= steps
	}
	return have
}

// family is columns that share out the visits, or the pages, of a visitor.
type family struct {
	name, formula string
	phrase        string // between a share and a level: "0.25 of visits from newsletter"
	of            *texts
	pages         bool  // pages are shared out, not visits
	level         []int // by code: the column among those of the family; -1 for none
	columns       []string
	abouts        []string
	kinds         bool // of a file with a column for each kind
}

// families are the shares that the file supports. counted adds up by code what a function counts of each visit.
func (v *view) families(s Spec, counted func(codes int, count func(visit, []int)) []int) (out []family) {
	add := func(f family, codes int, count func(visit, []int), named func(code int) string) {
		hits := counted(codes, count)
		f.level = make([]int, codes)
		var order []int
		for c := range hits {
			if f.level[c] = -1; hits[c] > 0 && named(c) != "" {
				order = append(order, c)
			}
		}
		slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(hits[b], hits[a]), strings.Compare(named(a), named(b))) })
		for k, c := range order {
			if k < s.Levels || k == s.Levels && k == len(order)-1 {
				f.level[c] = len(f.columns)
				f.columns, f.abouts = append(f.columns, f.name+"_"+simple(named(c))), append(f.abouts, fmt.Sprintf(f.formula, named(c)))
			} else {
				f.level[c] = s.Levels
			}
		}
		if n := len(order) - s.Levels; n > 1 {
			f.columns, f.abouts = append(f.columns, f.name+"_other"), append(f.abouts, fmt.Sprintf(f.formula, fmt.Sprintf("one of %d others", n)))
		}
		distinct(f.columns)
		if len(f.columns) > 0 {
			out = append(out, f)
		}
	}
	for _, t := range []struct {
		name, formula, phrase string
		of                    *texts
	}{{"source", "share of visits that came from %s, of those with a known source", "visits from", &v.source}, {"device", "share of visits on %s, of those with a known device", "visits on", &v.device}} {
		if t.of.present() && s.asksFor(t.name) {
			add(family{name: t.name, formula: t.formula, phrase: t.phrase, of: t.of}, len(t.of.names), func(s visit, hits []int) { hits[v.known(t.of, s)]++ }, func(c int) string { return t.of.names[c] })
		}
	}
	kinds := family{name: "pages", formula: "share of pages that are %s", phrase: "pages are", of: &v.kind, pages: true}
	switch {
	case !s.asksFor("pages"):
	case v.kinds != nil:
		kinds.kinds = true
		add(kinds, len(v.kinds), func(s visit, hits []int) {
			for k, column := range v.kinds {
				if n := column[v.rows[s.from]]; n > 0 {
					hits[k] += int(n)
				}
			}
		}, func(c int) string { return v.kindNames[c] })
	case v.kind.present():
		add(kinds, len(v.kind.names), func(s visit, hits []int) {
			for _, i := range v.rows[s.from:s.to] {
				hits[v.kind.codes[i]]++
			}
		}, func(c int) string { return v.kind.names[c] })
	}
	return out
}

// distinct makes names of columns differ.
func distinct(names []string) {
	seen := map[string]int{}
	for i, name := range names {
		if seen[name]++; seen[name] > 1 {
			names[i] = name + "_" + strconv.Itoa(seen[name])
		}
	}
}

// simple is a level as a part of a column's name.
func simple(level string) string {
	out := strings.Map(func(r rune) rune {
		if wording.NotInName(r) {
			return '_'
		}
		return r
	}, strings.ToLower(level))
	return shorten(strings.Trim(out, "_"), 30)
}

// Features returns one row per visitor with at least one visit up to and including the day asOf (n visitors, sorted by id). Nothing in it comes from
// later hits. A zero asOf is 90 days before the last day. Undefined values are missing: a visitor who only ever looked at one page has no duration.
// Shares of sources, of devices and of kinds of page each add up to 1; if a method cannot handle that, leave one of each out, or use none. Spec says
// what to make; Dictionary explains how it was made. It costs O(hits).
func (c *Cleaned) Features(asOf time.Time, s ...Spec) (*table.Table, error) {
	if c == nil {
		return nil, fault.Nil("weblog.Cleaned.Features", "visits")
	}
	spec, err := c.Spec(asOf, s...)
	if err != nil {
		return nil, err
	}
	return recall(c.Visits, "visitors", spec.text(), func(v *view) (*table.Table, error) {
		m, err := c.maker(v, spec)
		if err != nil {
			return nil, err
		}
		return m.table()
	})
}

// maker makes the columns of a table of visitors.
type maker struct {
	c         *Cleaned
	v         *view
	spec      Spec
	from, to  int // days that count
	funnel    []step
	families  []family
	moves     []move
	described []described
	chosen    []feature
	columns   []table.Column
}

// maker decides which columns there are.
func (c *Cleaned) maker(v *view, spec Spec) (*maker, error) {
	if err := c.allKnown(v); err != nil {
		return nil, err
	}
	m := &maker{c: c, v: v, spec: spec, from: math.MinInt, to: math.MaxInt}
	if v.dated {
		f, err := c.facts()
		if err != nil {
			return nil, err
		}
		m.from, m.to = f.First, dayOf(spec.AsOf.Unix())
		if spec.Window > 0 {
			m.from = max(m.from, m.to-spec.Window+1)
		}
	}
	var err error
	if m.funnel, err = v.steps(spec.Funnel); err != nil {
		return nil, err
	}
	m.families = v.families(spec, m.counted)
	if m.moves, err = m.commonest(spec.Steps); err != nil {
		return nil, err
	}
	return m, m.choose()
}

// visits yields the visits of the days that count, without what follows the last of them.
func (m *maker) visits(yield func(visit) bool) {
	for _, s := range m.v.visits {
		if s, ok := m.within(s); ok && !yield(s) {
			return
		}
	}
}

// counted adds up by code what a function counts of each visit of the days that count, on all processors.
func (m *maker) counted(codes int, count func(visit, []int)) []int {
	visits := m.v.visits
	parts := make([][]int, max(1, min(runtime.GOMAXPROCS(0), len(visits)/max(codes, par.Chunk)))) // all of whose counters together are no more than the visits, unless there is one
	_ = par.Items(context.Background(), len(parts), func(p int) {
		parts[p] = make([]int, codes)
		for _, s := range visits[len(visits)*p/len(parts) : len(visits)*(p+1)/len(parts)] {
			if s, ok := m.within(s); ok {
				count(s, parts[p])
			}
		}
	})
	for _, part := range parts[1:] {
		for code, n := range part {
			parts[0][code] += n
		}
	}
	return parts[0]
}

// within is the part of a visit that counts, and false where none does.
func (m *maker) within(s visit) (visit, bool) {
	if !m.v.dated {
		return s, true
	}
	if day := s.day(); day < m.from || day > m.to {
		return s, false
	}
	midnight := int64(m.to+1) * secondsPerDay
	if m.v.ahead != nil { // a clock that was set back may have shown the next day before the end
		for r := s.from; r < s.to; r++ {
			if m.v.when[m.v.rows[r]] >= midnight {
				s.to, s.end = r, m.v.when[m.v.rows[r-1]]
			}
		}
	}
	for s.end >= midnight {
		s.to--
		s.end = m.v.when[m.v.rows[s.to-1]]
	}
	return s, true
}

// choose finds the columns that the spec asks for and the hits support.
func (m *maker) choose() error {
	have, source := m.v.has(m.spec), m.source()
	byName, all := map[string]table.Column{}, []string{}
	definition := map[string]feature{}
	add := func(c table.Column) {
		c.Ancestry.Sources = source
		byName[c.Name] = c
		all = append(all, c.Name)
	}
	for _, f := range definitions {
		if f.needs&^have == 0 {
			f.About = f.formula
			add(f.Column)
			definition[f.Name] = f
		}
	}
	for _, f := range m.families {
		for k, name := range f.columns {
			made := partsOf("visits")
			if f.pages {
				made = partsOf("pages")
			}
			phrase := "%s of " + f.phrase + " " + strings.ReplaceAll(strings.TrimPrefix(name, f.name+"_"), "_", " ")
			add(table.Column{Name: name, About: f.abouts[k], Phrase: phrase, Ancestry: made})
		}
	}
	for _, move := range m.moves {
		add(table.Column{Name: move.column, About: move.about})
	}
	m.described = m.descriptors()
	for _, d := range m.described {
		add(table.Column{Name: d.name, Role: table.Descriptor, Levels: d.levels, About: d.about})
	}
	wanted := m.spec.Features
	if len(wanted) == 0 {
		wanted = all
	}
	for _, name := range wanted {
		c, ok := byName[name]
		if !ok {
			return &fault.OptionError{Method: "weblog.Spec", Field: "Features", Value: strconv.Quote(name), Err: fault.ErrMissingColumn, Want: "what this file supports" + suggest.Suggestion(name, all)}
		}
		m.columns = append(m.columns, c)
		m.chosen = append(m.chosen, definition[name])
	}
	return nil
}

// source says where columns come from, so that features of the same visits are not taken for independent evidence.
func (m *maker) source() []table.Source {
	s := table.Source{Name: "the visits of " + filepath.Base(m.c.name)}
	if m.v.dated {
		s.From, s.To = dateText(m.from), dateText(m.to)
	}
	return []table.Source{s}
}

// described is a column of texts of the table.
type described struct {
	name, about string
	levels      []string
	of          *texts
	index       []float64 // by code
	exit, entry bool
}

// descriptors are the columns that say how a visitor mostly comes, and where they enter and leave.
func (m *maker) descriptors() (out []described) {
	v := m.v
	add := func(d described) {
		if !m.spec.asks(d.name) {
			return
		}
		found := make([]bool, len(d.of.names))
		for _, i := range v.rows {
			found[d.of.codes[i]] = true
		}
		for c, name := range d.of.names {
			if c > 0 && found[c] && !slices.Contains(d.levels, name) {
				d.levels = append(d.levels, name)
			}
		}
		slices.Sort(d.levels)
		d.index = make([]float64, len(d.of.names))
		for c, name := range d.of.names {
			d.index[c] = math.NaN()
			if at, ok := slices.BinarySearch(d.levels, name); ok && c > 0 {
				d.index[c] = float64(at)
			}
		}
		if len(d.levels) > 0 {
			out = append(out, d)
		}
	}
	if v.kind.present() {
		add(described{name: "first_kind", about: "kind of page on which most visits begin; among equals, the first by name", of: &v.kind, entry: true})
		add(described{name: "last_kind", about: "kind of page on which most visits end; among equals, the first by name", of: &v.kind, exit: true})
	}
	for j := range v.more {
		add(described{name: strings.ReplaceAll(strings.ToLower(v.moreNames[j]), " ", "_"), about: "what most visits say; among equals, the first by name", of: &v.more[j]})
	}
	return out
}

// allKnown refuses hits that belong to nobody's row, or to no day.
func (c *Visits) allKnown(v *view) error {
	if v.loose == 0 {
		return nil
	}
	nobody, never := 0, 0
	first, firstNever := int32(0), int32(0)
	for _, i := range v.rows {
		if v.who[i] == 0 {
			if nobody++; nobody == 1 || i < first {
				first = i
			}
		}
		if v.when[i] == noTime {
			if never++; never == 1 || i < firstNever {
				firstNever = i
			}
		}
	}
	refuse := func(i int32, n int, lacks, rule string) error {
		e := &fault.CellError{Op: "weblog.Cleaned.Features", File: c.name, Line: int(v.line[i]), Err: fault.ErrSchema, Why: "has no " + lacks, Remedy: "clean with weblog." + rule + " first"}
		if n > 1 {
			e.Why += fmt.Sprintf(" (one of %s like that)", wording.Plural(n, "line"))
		}
		return e
	}
	switch {
	case nobody > 0:
		return refuse(first, nobody, "visitor", "NoVisitor")
	case never > 0:
		return refuse(firstNever, never, "time", "NoTime")
	}
	return nil
}

// table makes the rows.
func (m *maker) table() (*table.Table, error) {
	v := m.v
	type person struct {
		who      uint32
		from, to int // visits
	}
	var people []person
	for s := 0; s < len(v.visits); {
		p := person{who: v.visits[s].who, from: s}
		any := false
		for ; s < len(v.visits) && v.visits[s].who == p.who; s++ {
			_, ok := m.within(v.visits[s])
			any = any || ok
		}
		if p.to = s; any {
			people = append(people, p)
		}
	}
	if len(people) == 0 {
		return nil, &fault.CellError{Op: "weblog.Cleaned.Features", Why: fmt.Sprintf("nobody came from %s to %s", dateText(m.from), dateText(m.to)),
			Remedy: "choose another as-of date or a longer window", Err: fault.ErrEmpty}
	}
	if name := func(p person) string { return v.people[p.who] }; !slices.IsSortedFunc(people, func(a, b person) int { return strings.Compare(name(a), name(b)) }) {
		byName(people, name)
	}
	ids, data, width := make([]string, len(people)), make([]float64, len(people)*len(m.columns)), len(m.columns)
	_ = par.Rows(context.Background(), len(people), func(_, from, to int) {
		fill := m.filler()
		for i, p := range people[from:to] {
			ids[from+i] = v.people[p.who]
			fill(data[(from+i)*width:][:width], v.visits[p.from:p.to])
		}
	})
	return table.FromRaw(table.Raw{IDs: ids, Columns: m.columns, Data: data, Spec: []byte(m.spec.text())}), nil // each visitor stands in it once
}

// filler returns a function that fills the row of a visitor, given all their visits.
func (m *maker) filler() func(row []float64, visits []visit) {
	v := m.v
	t, shares := tally{}, 0
	for _, f := range m.families {
		shares += len(f.columns)
	}
	t.levels, t.totals = make([]int32, shares), make([]int32, len(m.families))
	moves := newMoves(m)
	described := m.described
	counts := make([]map[uint32]int, len(described))
	// what each column of the table is made by
	makers := make([]func() float64, len(m.columns))
	for j, c := range m.columns {
		if f := m.chosen[j]; f.value != nil {
			makers[j] = func() float64 { return f.value(&t, m.to) }
			continue
		}
		at := 0
		for k, f := range m.families {
			for _, name := range f.columns {
				if here := at; name == c.Name {
					makers[j] = func() float64 { return share(int(t.levels[here]), int(t.totals[k])) }
				}
				at++
			}
		}
		for k, move := range m.moves {
			if move.column == c.Name {
				makers[j] = func() float64 { return moves.share(k) }
			}
		}
		for k, d := range described {
			if d.name == c.Name {
				counts[k] = map[uint32]int{}
				makers[j] = func() float64 { return d.index[mostly(counts[k], d.of)] }
			}
		}
	}
	return func(row []float64, visits []visit) {
		levels, totals := t.levels, t.totals
		clear(levels)
		clear(totals)
		t = tally{first: math.MaxInt, last: math.MinInt, levels: levels, totals: totals}
		moves.reset()
		for k := range counts {
			clear(counts[k])
		}
		for _, s := range visits {
			s, ok := m.within(s)
			if !ok {
				continue
			}
			m.count(&t, s)
			if len(m.moves) > 0 {
				moves.add(s)
			}
			first, last := v.ends(s)
			for k, d := range described {
				if counts[k] == nil {
					continue
				}
				code := uint32(0)
				switch {
				case d.entry:
					code = d.of.codes[first]
				case d.exit:
					code = d.of.codes[last]
				default:
					code = v.known(d.of, s)
				}
				if code != 0 {
					counts[k][code]++
				}
			}
		}
		for j, value := range makers {
			row[j] = value()
		}
	}
}

// mostly is the code that is counted most, among equals the first by name; 0 where none is.
func mostly(counts map[uint32]int, of *texts) (best uint32) {
	for code, n := range counts {
		if most := counts[best]; best == 0 || n > most || n == most && of.names[code] < of.names[best] {
			best = code
		}
	}
	return best
}

// count adds a visit.
func (m *maker) count(t *tally, s visit) {
	v := m.v
	pages := v.pagesIn(s)
	t.visits++
	t.pages += pages
	if pages == 1 {
		t.bounces++
	}
	if seconds, ok := v.secondsIn(s); ok {
		t.known, t.seconds = t.known+1, t.seconds+seconds
	}
	if v.dated {
		day := s.day()
		t.first, t.last = min(t.first, day), max(t.last, day)
		hour := int(s.start-int64(day)*secondsPerDay) / 3600
		t.hours[hour]++
		if weekday := weekdayOf(day); weekday > 4 {
			t.weekend++
		} else if hour >= 9 && hour < 17 {
			t.work++
		}
	}
	if v.ordered && v.buysIn(s) {
		t.orders++
	}
	if len(m.funnel) > 0 {
		t.step = max(t.step, v.reached(s, m.funnel))
	}
	at := 0
	for k := range m.families {
		f := &m.families[k]
		levels := t.levels[at : at+len(f.columns)]
		at += len(f.columns)
		add := func(code int, n int32) {
			if l := f.level[code]; l >= 0 {
				levels[l] += n
				t.totals[k] += n
			}
		}
		switch {
		case f.kinds:
			for code, column := range v.kinds {
				if n := column[v.rows[s.from]]; n > 0 {
					add(code, int32(n))
				}
			}
		case f.pages:
			for _, i := range v.rows[s.from:s.to] {
				add(int(f.of.codes[i]), 1)
			}
		default:
			add(int(v.known(f.of, s)), 1)
		}
	}
}

// weekdayOf is the day of the week, 0 for Monday.
func weekdayOf(day int) int { return ((day+3)%7 + 7) % 7 }
