package weblog

// The named rules of cleaning. A rule is plain data: its name says what it does.

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
)

// Rule removes hits. The rules are the variables below, and Without.
type Rule struct {
	Name   string
	Column string   `json:",omitempty"` // of Without
	Values []string `json:",omitempty"`
}

// The limits of the rules that know robots by what they do. Each is far beyond what people do in a shop; the ledger says how much went.
const (
	fastPages  = 10   // TooFast looks at visits of at least so many pages,
	fastPace   = 1    // which took fewer seconds a page than this
	manyPages  = 1000 // TooMany: more pages than this on one day
	wakefulFor = 20   // AllDay: hits in so many of the 24 hours of one day
	farOff     = 180  // ClockReset: days without any hit that set a time apart from the others
)

var (
	// NoVisitor removes hits without a visitor id, or without a customer if the file has no visitor ids.
	NoVisitor = Rule{Name: "no visitor"}
	// NoTime removes hits whose time is unknown, because they belong to no visit. Features and the like require this rule if there are such
	// hits.
	NoTime = Rule{Name: "no time"}
	// Duplicate removes hits that repeat an earlier one of the same visitor, in the same second and with the same value in every column
	// that was read.
	Duplicate = Rule{Name: "duplicate"}
	// ClockReset removes hits that are separated from the stretch of days with most hits by more than 180 days without any: a device whose
	// clock was reset says 1970, or a future year.
	ClockReset = Rule{Name: "clock reset"}
	// NotAPage removes requests that are not page views: pictures, styles, scripts, robots.txt and the like, requests that failed or were redirected
	// (status 300 and above), and those that sent something (methods other than GET).
	NotAPage = Rule{Name: "not a page"}
	// KnownBot removes all hits of user agents that declare themselves to be robots, previews, monitors or programs ("Googlebot", "curl/8.5"), and all hits
	// of visitors who asked for robots.txt. It takes them at their word, so it finds only honest ones. Put it before NotAPage.
	KnownBot = Rule{Name: "known bot"}
	// TooFast removes visits of 10 pages or more that took less than a second per page.
	TooFast = Rule{Name: "too fast"}
	// TooMany removes visitors who looked at more than 1,000 pages on one day.
	TooMany = Rule{Name: "too many"}
	// AllDay removes visitors who came in 20 or more of the 24 hours of one day: people sleep.
	AllDay = Rule{Name: "all day"}
	// SamePerson merges all browsers on which the same customer, and no other, logged in, into one visitor, including what was done before logging in. If
	// several customers logged in, on a shared device, each gets what was done while logged in, and the rest stays with the browser. The file needs ids of
	// visitors and of customers.
	SamePerson = Rule{Name: "same person"}
)

var allRules = []Rule{NoVisitor, NoTime, Duplicate, ClockReset, NotAPage, KnownBot, TooFast, TooMany, AllDay, SamePerson}

// Without removes hits with the given values in a column, which is named as in the file or by its meaning: Without("visitor", "203.0.113.7").
func Without(column string, values ...string) Rule {
	return Rule{Name: "without", Column: column, Values: values}
}

// String reads like "too fast" or `without country "Utopia"`.
func (r Rule) String() string {
	if r.Name == "without" {
		return fmt.Sprintf("without %s %s", r.Column, strings.Join(r.Values, ", "))
	}
	return r.Name
}

// check refuses a rule that was written by hand, and which there is not.
func (r Rule) check() error {
	if r.Name == "without" || slices.ContainsFunc(allRules, func(known Rule) bool { return known.Name == r.Name }) {
		return nil
	}
	var known []string
	for _, rule := range allRules {
		known = append(known, rule.Name)
	}
	want := "a rule of package weblog, such as weblog.KnownBot"
	if near := suggest.Nearest(r.Name, known); near != "" {
		want = "a rule of package weblog; did you mean weblog."
		for _, word := range strings.Fields(near) {
			want += wording.Capital(word)
		}
		want += "?"
	}
	return fault.Option("weblog.Visits.Clean", "Rule", strconv.Quote(r.Name), want)
}

// apply returns what r leaves of v, and a sentence if there is something to say about it.
func (r Rule) apply(v *view) (next *view, note string, err error) {
	switch r.Name {
	case NoVisitor.Name:
		return v.without(func(i int32) bool { return v.who[i] == 0 }), "", nil
	case NoTime.Name:
		return v.without(func(i int32) bool { return v.when[i] == noTime }), "", nil
	case Duplicate.Name:
		return v.without(v.repeats()), "", nil
	case ClockReset.Name:
		from, to := v.mainPeriod()
		return v.without(func(i int32) bool {
			return v.dated && v.when[i] != noTime && (dayOf(v.when[i]) < from || dayOf(v.when[i]) > to)
		}), "", nil
	case NotAPage.Name:
		if !v.page.present() {
			return v, "NotAPage: the file has no column of pages, so there is nothing to check.", nil
		}
		return v.without(v.notAPage()), "", nil
	case KnownBot.Name:
		next, note = v.knownBot()
	case TooFast.Name:
		next, note = v.tooFast()
	case TooMany.Name:
		next = v.withoutVisitors(v.tooMany())
	case AllDay.Name:
		if !v.timed {
			return v, "AllDay: the file has no times of day, so there is no telling who comes around the clock.", nil
		}
		next = v.withoutVisitors(v.allDay())
	case SamePerson.Name:
		next, note = v.samePerson()
	default:
		next, note, err = r.without(v)
	}
	return next, note, err
}

func (r Rule) without(v *view) (next *view, note string, err error) {
	t, err := v.named(r.Column)
	if err != nil {
		return nil, "", err
	}
	gone, found := make([]bool, len(t.names)), map[string]bool{}
	for code, name := range t.names {
		if slices.Contains(r.Values, name) {
			gone[code], found[name] = true, true
		}
	}
	var absent []string
	for _, value := range r.Values {
		if !found[value] {
			absent = append(absent, fmt.Sprintf("%q", value))
		}
	}
	if absent != nil {
		note = fmt.Sprintf("%s: no hit has %s.", r, sheet.List(absent))
	}
	return v.without(func(i int32) bool { return gone[t.codes[i]] }), note, nil
}

// named is the column of texts with a name of the file, or with that of its meaning.
func (v *view) named(column string) (*texts, error) {
	var have []string
	if column == "visitor" {
		return &texts{v.who, v.people}, nil
	}
	for _, m := range textMeanings {
		if t := v.column(m); t.present() {
			name := strings.ToLower(names[m])
			have = append(have, name)
			if name == column || slices.ContainsFunc(v.mapping, func(c mapping) bool { return c.Meaning == name && c.Header == column }) {
				return t, nil
			}
		}
	}
	for j, name := range v.moreNames {
		if name == column {
			return &v.more[j], nil
		}
		have = append(have, name)
	}
	return nil, fault.Errorf(fault.ErrMissingColumn, "segkit: weblog.Without: there is no column %q%s: the columns are %s", column, meant(column, have), strings.Join(have, ", "))
}

// texts returns the columns of texts that the file has.
func (v *view) texts() (out []*texts) {
	for _, m := range textMeanings {
		if t := v.column(m); t.present() {
			out = append(out, t)
		}
	}
	for j := range v.more {
		out = append(out, &v.more[j])
	}
	return out
}

// repeats reports whether a line equals an earlier one of the same visitor. Lines of one second stand together.
func (v *view) repeats() func(i int32) bool {
	again, columns := map[int32]bool{}, v.texts()
	equal := func(i, j int32) bool {
		if v.pages != nil && v.pages[i] != v.pages[j] || v.seconds != nil && v.seconds[i] != v.seconds[j] {
			return false
		}
		return !slices.ContainsFunc(columns, func(t *texts) bool { return t.codes[i] != t.codes[j] })
	}
	if v.dated {
		for r, from := 0, 0; r < len(v.rows); r++ {
			i := v.rows[r]
			if first := v.rows[from]; v.who[i] != v.who[first] || v.instant(i) != v.instant(first) {
				from = r
			}
			again[i] = v.when[i] != noTime && slices.ContainsFunc(v.rows[from:r], func(j int32) bool { return !again[j] && equal(i, j) })
		}
	}
	return func(i int32) bool { return again[i] }
}

// mainPeriod returns the stretch of days with most of the hits that has no gap longer than farOff: what lies outside is a clock that was
// wrong.
func (v *view) mainPeriod() (from, to int) {
	perDay := map[int]int{}
	for _, i := range v.rows {
		if v.when[i] != noTime {
			perDay[dayOf(v.when[i])]++
		}
	}
	days := make([]int, 0, len(perDay))
	for day := range perDay {
		days = append(days, day)
	}
	slices.Sort(days)
	best, start, hits := 0, 0, 0
	for p, day := range days {
		if p > 0 && day-days[p-1] > farOff {
			start, hits = p, 0
		}
		if hits += perDay[day]; hits > best {
			best, from, to = hits, days[start], day
		}
	}
	return from, to
}

// withoutVisitors is the view without some visitors, by code.
func (v *view) withoutVisitors(gone []bool) *view {
	return v.without(func(i int32) bool { return gone[v.who[i]] })
}

// tooFast drops visits whose pages nobody could read.
func (v *view) tooFast() (*view, string) {
	gone := make([]bool, v.len())
	for _, s := range v.visits {
		pages := v.pagesIn(s)
		if pages < fastPages {
			continue
		}
		seconds, known := v.secondsIn(s)
		between := pages // of a visit whose duration has its last page in it
		if !v.ofVisits {
			between--
		}
		if known && seconds < fastPace*between {
			for _, i := range v.rows[s.from:s.to] {
				gone[i] = true
			}
		}
	}
	next := v.without(func(i int32) bool { return gone[i] })
	if v.ofVisits && v.seconds == nil || !v.ofVisits && !v.timed {
		return next, "TooFast: the file does not say how long visits took, so none can be recognised as too fast."
	}
	return next, ""
}

// tooMany are the visitors with more pages on one day than people look at.
func (v *view) tooMany() []bool {
	gone := make([]bool, len(v.people))
	day, pages, who := 0, 0, uint32(0)
	for _, i := range v.rows {
		today := day
		if v.dated && v.when[i] != noTime {
			today = dayOf(v.when[i])
		}
		if v.who[i] != who || today != day {
			who, day, pages = v.who[i], today, 0
		}
		if pages += v.pagesOf(i); pages > manyPages && who != 0 {
			gone[who] = true
		}
	}
	return gone
}

// allDay are the visitors who do not sleep.
func (v *view) allDay() []bool {
	gone := make([]bool, len(v.people))
	hour, hours, day, who := int64(-1), 0, 0, uint32(0)
	for _, i := range v.rows {
		if v.when[i] == noTime || v.who[i] == 0 {
			continue
		}
		today, now := dayOf(v.when[i]), v.when[i]/3600
		if v.who[i] != who || today != day {
			who, day, hours, hour = v.who[i], today, 0, -1
		}
		if now != hour {
			hour = now
			if hours++; hours >= wakefulFor {
				gone[who] = true
			}
		}
	}
	return gone
}

// samePerson makes one visitor of the browsers of a customer.
func (v *view) samePerson() (*view, string) {
	lacks := func(column, option string) string {
		return fmt.Sprintf("SamePerson: no column of %s was recognised, so there is nothing to bring together.%s", column, v.remedy(option))
	}
	switch {
	case !v.customer.present():
		return v, lacks("customers", "Customer")
	case !v.withVisitors():
		return v, lacks("visitors beside that of customers", "Visitor")
	}
	const several = ^uint32(0)
	owner := make([]uint32, len(v.people)) // the customer of a browser
	for _, i := range v.rows {
		c := v.customer.codes[i]
		if who := v.who[i]; c != 0 && who != 0 {
			switch owner[who] {
			case 0, c:
				owner[who] = c
			default:
				owner[who] = several
			}
		}
	}
	browsers := make([]int, len(v.customer.names))
	shared := 0
	for _, c := range owner {
		switch c {
		case 0:
		case several:
			shared++
		default:
			browsers[c]++
		}
	}
	out := *v
	out.people, out.who = slices.Clone(v.people), slices.Clone(v.who)
	known := map[string]uint32{} // customers, and their codes as visitors: their own where a browser is called like them
	for _, name := range v.customer.names[1:] {
		known[name] = 0
	}
	for code, name := range v.people {
		if _, is := known[name]; is && code > 0 {
			known[name] = uint32(code)
		}
	}
	for _, name := range v.customer.names[1:] {
		if known[name] == 0 {
			known[name] = uint32(len(out.people))
			out.people = append(out.people, name)
		}
	}
	gone := make([]bool, v.len())
	for i := range gone {
		gone[i] = true
	}
	for _, i := range v.rows {
		gone[i] = false
		c := owner[v.who[i]]
		if c == several || v.who[i] == 0 {
			c = v.customer.codes[i]
		}
		if c != 0 {
			out.who[i] = known[v.customer.names[c]]
		}
	}
	customers, of := 0, 0
	for _, n := range browsers {
		if n > 1 {
			customers, of = customers+1, of+n
		}
	}
	note := fmt.Sprintf("SamePerson: %s came with several browsers, %s in all", wording.Plural(customers, "customer"), sheet.Count(of))
	if shared > 0 {
		note += fmt.Sprintf("; on %s several customers logged in", wording.Plural(shared, "browser"))
	}
	return out.sorted(gone), note + "."
}
