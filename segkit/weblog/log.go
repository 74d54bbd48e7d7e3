package weblog

// Hits in columns, as read, and the visits into which they are cut.

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/exports"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
)

// log is n lines of a file, each a hit or a visit, immutable once finished. Columns that the file lacks have no codes.
type log struct {
	o                                             VisitsOptions
	visitor, customer, page, kind, event, session texts
	source, device, agent, orders, method, status texts
	more                                          []texts // descriptors
	moreNames                                     []string
	when                                          []int64     // (n) seconds since 1970 of the local time in the file, noTime where not known
	ahead                                         []int32     // (n) seconds by which the clock there was ahead of UTC; nil where that is the same all along, or not known
	line                                          []int32     // (n) of the file
	pages                                         []int32     // (n) of a visit; nil where a line is a hit
	seconds                                       []int32     // (n) of a visit, -1 where not known; nil where a line is a hit or the file does not say
	kindNames                                     []string    // of the columns of pages
	kinds, parts                                  [][]float64 // columns of pages and of seconds, while they are read; of several kinds, the pages of each are kept
	ofVisits                                      bool        // a line is a visit
	server                                        bool        // it is a server's log, whose visitors are addresses
	dated, timed, ordered                         bool        // there are days; times of day; the file tells who bought
	stepped                                       bool        // hits are in order though they have no times
	bought                                        []bool      // by code of orders
	isOrder, isKindOrder                          []bool      // by code of events and of kinds: something was bought
	isPage                                        []bool      // by code of events: a page was looked at; nil where every line is a page, or a visit
	mapping                                       []features.Mapping
	unread                                        []string // headers of columns that were not recognised
	notes                                         []string
}

// column is where texts of a meaning are kept.
func (l *log) column(m meaning) *texts {
	return [meanings]*texts{visitorColumn: &l.visitor, customerColumn: &l.customer, pageColumn: &l.page, kindColumn: &l.kind, eventColumn: &l.event, sessionColumn: &l.session,
		sourceColumn: &l.source, deviceColumn: &l.device, agentColumn: &l.agent, orderedColumn: &l.orders, methodColumn: &l.method, statusColumn: &l.status}[m]
}

func (l *log) len() int { return len(l.line) }

// instant is when line i was, by a clock that is never set back: what comes after what, and by how much. Days and hours are those of when.
func (l *log) instant(i int32) int64 {
	if l.ahead == nil || l.when[i] == noTime {
		return l.when[i]
	}
	return l.when[i] - int64(l.ahead[i])
}

// finish derives what the columns imply: who the visitor is, which kind a page is of, what was bought.
func (l *log) finish() {
	n := l.len()
	if l.source.present() {
		l.channels()
	}
	switch {
	case l.server:
		l.browsers()
	case l.visitor.present():
	case l.customer.present():
		l.visitor = l.customer
	default: // every line is a visitor
		l.visitor = texts{codes: make([]uint32, n), names: make([]string, n+1)}
		for i := range n {
			l.visitor.codes[i], l.visitor.names[i+1] = uint32(i+1), strconv.Itoa(i+1)
		}
	}
	if !l.kind.present() && l.page.present() {
		l.kind = l.kindsOfPages()
	}
	l.tellPages()
	flags := func(t *texts) []bool {
		out, any := make([]bool, len(t.names)), false
		for c, name := range t.names {
			out[c] = c > 0 && l.o.isOrder(name)
			any = any || out[c]
		}
		l.ordered = l.ordered || any
		return out
	}
	l.ordered = l.orders.present()
	l.isOrder, l.isKindOrder = flags(&l.event), flags(&l.kind)
	if !l.ofVisits {
		return
	}
	if l.kinds != nil {
		l.pages = make([]int32, n)
	}
	for _, column := range l.kinds {
		for i, v := range column {
			if v > 0 { // missing adds nothing
				l.pages[i] += int32(v)
			}
		}
	}
	if len(l.kinds) < 2 {
		l.kinds, l.kindNames = nil, nil
	}
	if l.parts == nil {
		return
	}
	l.seconds = make([]int32, n)
	for i := range l.seconds {
		sum := 0.0
		for _, column := range l.parts {
			sum += column[i]
		}
		switch {
		case math.IsNaN(sum) || sum == 0: // a visit of one page, or one that was not measured
			l.seconds[i] = -1
		default:
			l.seconds[i] = int32(math.Round(min(sum, math.MaxInt32)))
		}
	}
	l.parts = nil
}

// pageEvents are events that mean that a page or a screen was looked at, as exports.Simple writes them.
var pageEvents = []string{"pageview", "pageviewed", "screenview", "screenviewed"}

// tellPages finds out which lines are pages where others are events on them, as in Google Analytics: starts of visits, clicks, purchases. Those have no kind of page.
func (l *log) tellPages() {
	if l.ofVisits || !l.event.present() {
		return
	}
	isPage := make([]bool, len(l.event.names))
	var viewed []string
	for c, name := range l.event.names {
		if isPage[c] = slices.Contains(pageEvents, exports.Simple(name)); isPage[c] {
			viewed = append(viewed, name)
		}
	}
	if viewed == nil {
		return
	}
	l.isPage = isPage
	events := 0
	for i, c := range l.event.codes {
		if isPage[c] {
			continue
		}
		events++
		if l.kind.present() {
			l.kind.codes[i] = 0
		}
	}
	if events > 0 {
		l.notes = append(l.notes, fmt.Sprintf("%s of %s are events other than pages: pages are lines of %s, and the others give visits their time.", sheet.Count(events), wording.Plural(l.len(), "line"), sheet.List(viewed)))
	}
}

// kindsOfPages makes kinds of the first parts of addresses.
func (l *log) kindsOfPages() texts {
	d, kinds := newDictionary(), make([]uint32, len(l.page.names))
	for c, page := range l.page.names {
		kinds[c] = d.code([]byte(l.o.kindOf(page)))
	}
	d.codes = make([]uint32, l.len())
	for i, c := range l.page.codes {
		d.codes[i] = kinds[c]
	}
	return d.whole()
}

// kindOf is the kind of a page by its address: what the options say, else its first part that is no language. A name that is no address
// is a kind itself.
func (o VisitsOptions) kindOf(page string) string {
	if page == "" {
		return ""
	}
	longest := ""
	for prefix := range o.Kinds {
		if strings.HasPrefix(page, prefix) && len(prefix) > len(longest) {
			longest = prefix
		}
	}
	if longest != "" {
		return o.Kinds[longest]
	}
	if page[0] != '/' {
		return page
	}
	for part := range strings.SplitSeq(page[1:], "/") {
		part, _, _ = strings.Cut(strings.ToLower(part), ".") // index.html
		if len(part) == 2 && slices.Contains(languages, part) || len(part) == 5 && (part[2] == '-' || part[2] == '_') && slices.Contains(languages, part[:2]) {
			continue // /de/, /en-gb/
		}
		if part == "" || part == "index" || part == "default" {
			return "home"
		}
		return part
	}
	return "home"
}

// languages are those that stand first in the addresses of many sites.
var languages = []string{"ar", "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "he", "hr", "hu", "it", "ja", "ko", "lt", "lv", "nb", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sv", "tr", "uk", "zh"}

// buys reports whether line i says that something was bought.
func (l *log) buys(i int32) bool {
	return l.orders.present() && l.bought[l.orders.codes[i]] ||
		l.event.present() && l.isOrder[l.event.codes[i]] || l.kind.present() && l.isKindOrder[l.kind.codes[i]]
}

// pagesOf is how many pages line i stands for.
func (l *log) pagesOf(i int32) int {
	switch {
	case l.pages != nil:
		return int(l.pages[i])
	case l.isPage != nil && !l.isPage[l.event.codes[i]]:
		return 0
	}
	return 1
}

// visit is some of the rows of a view, all of one visitor, in the order of time.
type visit struct {
	who        uint32
	from, to   int32 // rows[from:to]
	start, end int64 // local times of its first and its last hit
}

// view is the lines that are left, by visitor and time, cut into visits.
type view struct {
	*log
	who    []uint32 // (lines of the log) code of the visitor; 0 for nobody
	people []string // names by code, sorted unless a rule has made visitors of others
	rows   []int32  // lines that are left, by visitor, then time, then line; those without a time last
	visits []visit
	loose  int // rows in no visit, or in one of nobody or of no day
}

// all is the view of every line.
func (l *log) all() *view {
	order := make([]uint32, len(l.visitor.names)) // codes by name, "" first
	for c := range order {
		order[c] = uint32(c)
	}
	byName(order, func(c uint32) string { return l.visitor.names[c] })
	v := &view{log: l, who: make([]uint32, l.len()), people: make([]string, len(order))}
	place := make([]uint32, len(order))
	for at, c := range order {
		place[c], v.people[at] = uint32(at), l.visitor.names[c]
	}
	_ = par.Rows(context.Background(), len(v.who), func(_, from, to int) {
		for i, c := range l.visitor.codes[from:to] {
			v.who[from+i] = place[c]
		}
	})
	return v.sorted(nil)
}

// byName sorts by names, of which those that differ in their first bytes need not be looked up for it.
func byName[T any](all []T, name func(T) string) {
	type keyed struct {
		key uint64
		of  T
	}
	same := 0 // bytes that all names begin with
	if len(all) > 0 {
		first := name(all[0])
		for same = len(first); ; same-- {
			if !slices.ContainsFunc(all, func(t T) bool { return !strings.HasPrefix(name(t), first[:same]) }) {
				break
			}
		}
	}
	sorted := make([]keyed, len(all))
	for i, t := range all {
		var key [8]byte
		copy(key[:], name(t)[same:])
		sorted[i] = keyed{binary.BigEndian.Uint64(key[:]), t}
	}
	par.Sort(sorted, func(a, b keyed) int {
		if a.key != b.key {
			return cmp.Compare(a.key, b.key)
		}
		return strings.Compare(name(a.of), name(b.of))
	})
	for i, k := range sorted {
		all[i] = k.of
	}
}

// sorted is the view with rows, or all lines, in order and cut into visits.
func (v *view) sorted(gone []bool) *view {
	out := *v
	starts := make([]int32, len(v.people)+1) // of each visitor's rows
	n := 0
	for i, who := range v.who {
		if gone == nil || !gone[i] {
			starts[who+1]++
			n++
		}
	}
	for c := 1; c < len(starts); c++ {
		starts[c] += starts[c-1]
	}
	out.rows = make([]int32, n)
	next := slices.Clone(starts)
	for i, who := range v.who {
		if gone == nil || !gone[i] {
			out.rows[next[who]] = int32(i)
			next[who]++
		}
	}
	inOrder := v.ahead == nil && slices.IsSorted(v.when) // and so are those of each visitor
	for c := 0; c < len(v.people) && !inOrder; c++ {
		rows := out.rows[starts[c]:starts[c+1]]
		byTime := func(a, b int32) int { return cmp.Compare(v.instant(a), v.instant(b)) }
		if !slices.IsSortedFunc(rows, byTime) {
			slices.SortStableFunc(rows, byTime)
		}
	}
	out.cut()
	return &out
}

// cut makes visits of the rows.
func (v *view) cut() {
	v.visits, v.loose = nil, 0
	rows := v.rows
	if v.ofVisits {
		v.visits = make([]visit, len(rows))
		for r, i := range rows {
			v.visits[r] = visit{v.who[i], int32(r), int32(r + 1), v.when[i], v.when[i]}
			if v.who[i] == 0 || v.when[i] == noTime {
				v.loose++
			}
		}
		return
	}
	begins := func(at int) int { // the first row from there on that is the first of its visitor
		if at == 0 || at == len(rows) {
			return at
		}
		before := v.who[rows[at-1]]
		return at + sort.Search(len(rows)-at, func(k int) bool { return v.who[rows[at+k]] > before })
	}
	visits, loose := make([][]visit, par.Chunks(len(rows))), make([]int, par.Chunks(len(rows)))
	_ = par.Rows(context.Background(), len(rows), func(chunk, from, to int) {
		visits[chunk], loose[chunk] = v.cutBetween(begins(from), begins(to))
	})
	v.visits = slices.Concat(visits...)
	for _, n := range loose {
		v.loose += n
	}
}

// cutBetween makes visits of rows[from:to], which are all rows of their visitors, and counts those that belong to none.
func (v *view) cutBetween(from, to int) (visits []visit, loose int) {
	rows, gap := v.rows, v.o.gap()
	for r := from; r < to; {
		who, when := v.who[rows[r]], v.when[rows[r]]
		if who == 0 || when == noTime {
			loose++
			r++
			continue
		}
		s := visit{who: who, from: int32(r), start: when}
		for r++; r < to && v.who[rows[r]] == who && v.follows(rows[r-1], rows[r], gap); r++ {
			when = v.when[rows[r]]
		}
		s.to, s.end = int32(r), when
		visits = append(visits, s)
	}
	return visits, loose
}

// follows reports whether line j, the next of a visitor behind i, belongs to the same visit.
func (v *view) follows(i, j int32, gap int64) bool {
	switch {
	case v.when[j] == noTime:
		return false
	case v.stepped:
		return true
	case v.session.present() && v.session.codes[i] != 0 && v.session.codes[j] != 0:
		return v.session.codes[i] == v.session.codes[j]
	case !v.timed:
		return dayOf(v.when[i]) == dayOf(v.when[j])
	}
	return v.instant(j)-v.instant(i) <= gap
}

// without is the view without some of the lines, given by their numbers in the log.
func (v *view) without(gone func(i int32) bool) *view {
	out := *v
	out.rows = make([]int32, 0, len(v.rows))
	for _, i := range v.rows {
		if !gone(i) {
			out.rows = append(out.rows, i)
		}
	}
	if len(out.rows) < len(v.rows) {
		out.cut()
	}
	return &out
}

// pagesIn is how many pages a visit has.
func (v *view) pagesIn(s visit) int {
	if v.log.pages == nil && v.isPage == nil {
		return int(s.to - s.from)
	}
	pages := 0
	for _, i := range v.rows[s.from:s.to] {
		pages += v.pagesOf(i)
	}
	return pages
}

// ends are the lines of the first and the last page of a visit; of one without pages, those of its first and last event.
func (v *view) ends(s visit) (first, last int32) {
	for from, to := s.from, s.to-1; v.isPage != nil && from <= to; {
		switch {
		case v.pagesOf(v.rows[from]) == 0:
			from++
		case v.pagesOf(v.rows[to]) == 0:
			to--
		default:
			return v.rows[from], v.rows[to]
		}
	}
	return v.rows[s.from], v.rows[s.to-1]
}

// secondsIn is how long a visit took, from its first to its last hit, or as the file says; false where that is not known, as of a single hit.
func (v *view) secondsIn(s visit) (seconds int, known bool) {
	switch {
	case v.ofVisits:
		if first := v.rows[s.from]; v.seconds != nil && v.seconds[first] >= 0 {
			return int(v.seconds[first]), true
		}
		return 0, false
	case s.to-s.from < 2 || !v.timed:
		return 0, false
	case v.ahead == nil:
		return int(s.end - s.start), true
	default:
		return int(v.instant(v.rows[s.to-1]) - v.instant(v.rows[s.from])), true
	}
}

// day is when a visit began, in days since 1970.
func (s visit) day() int { return dayOf(s.start) }

// known is the first text of a column in a visit that is not missing, 0 for none.
func (v *view) known(t *texts, s visit) uint32 {
	for _, i := range v.rows[s.from:s.to] {
		if c := t.codes[i]; c != 0 {
			return c
		}
	}
	return 0
}

// buysIn reports whether something was bought in a visit.
func (v *view) buysIn(s visit) bool {
	return slices.ContainsFunc(v.rows[s.from:s.to], v.buys)
}

// count counts hits, visits and visitors.
func (v *view) count() (c Count) {
	c.Lines, c.Hits, c.Visits = len(v.rows), len(v.rows), len(v.visits)
	if v.pages != nil || v.isPage != nil {
		c.Hits = 0
		for _, i := range v.rows {
			c.Hits += v.pagesOf(i)
		}
	}
	last := uint32(0)
	add := func(who uint32) {
		if who != last {
			c.Visitors++
			last = who
		}
	}
	if v.loose == 0 {
		for _, s := range v.visits {
			add(s.who)
		}
		return c
	}
	for _, i := range v.rows {
		add(v.who[i])
	}
	return c
}

func dateOf(day int) time.Time { return time.Unix(int64(day)*secondsPerDay, 0).UTC() }

func dateText(day int) string { return dateOf(day).Format(time.DateOnly) }
