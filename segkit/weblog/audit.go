package weblog

// Audit: what is wrong with a file of visits, counted, with an example and the rule that deals with it.

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Audit lists what you should know about the visits before you count anything. It changes nothing.
type Audit struct {
	Count
	First, Last string    // first and last day, YYYY-MM-DD; "" without any
	Findings    []Finding // including kinds with no lines, which were looked for and not found
	Facts       []string  // sentences: how the file was read, how many come only once, who comes most
	Failed      string    // why the visits could not be read again; "" if they could
}

var _ sheet.Sheeter = (*Audit)(nil)

// Finding is one kind of problem. Kinds may overlap.
type Finding struct {
	Name    string
	Lines   int
	Example Hit    // the first line of this kind in the file; zero if there is none
	Remedy  string // the rule that removes such lines, or what to do
}

func (a *Audit) MarshalBinary() ([]byte, error) { return json.Marshal(a) }

func (a *Audit) UnmarshalBinary(b []byte) error { return json.Unmarshal(b, a) }

// Audit looks at every hit a few times: O(hits).
func (v *Visits) Audit() *Audit {
	f, err := v.facts()
	if err != nil {
		return &Audit{Failed: err.Error()}
	}
	a, err := recall(v, "visit audit", nil, func(hits *view) (*Audit, error) { return hits.audit(f), nil })
	if err != nil {
		return &Audit{Failed: err.Error()}
	}
	return a
}

func (v *view) audit(f *facts) *Audit {
	a := &Audit{Count: f.Count}
	if f.Lines == 0 {
		return a
	}
	if f.First <= f.Last {
		a.First, a.Last = dateText(f.First), dateText(f.Last)
	}
	for _, r := range []struct {
		Rule
		name string
		is   bool // the file can show it
	}{{NoVisitor, "no visitor", true}, {NoTime, "no time", v.dated}, {Duplicate, "duplicate", v.dated}, {ClockReset, "years away from the others", v.dated},
		{NotAPage, "not a page", v.page.present()}, {KnownBot, "robot by its name", v.agent.present()}, {TooFast, "in a visit faster than reading", v.timed || v.seconds != nil},
		{TooMany, "of a visitor with over 1,000 pages a day", true}, {AllDay, "of a visitor around the clock", v.timed}} {
		if !r.is {
			continue
		}
		left, _, err := r.apply(v)
		if err != nil {
			continue // none of these rules has anything to refuse
		}
		there := make([]bool, v.len())
		for _, i := range left.rows {
			there[i] = true
		}
		remedy := "weblog."
		for _, word := range strings.Fields(r.Name) {
			remedy += wording.Capital(word)
		}
		a.Findings = append(a.Findings, v.find(r.name, remedy, func(i int32) bool { return !there[i] }))
	}
	if v.customer.present() && v.withVisitors() {
		shared := v.shared()
		a.Findings = append(a.Findings, v.find("several customers on one browser", "weblog.SamePerson", func(i int32) bool { return shared[v.who[i]] }))
	}
	if v.timed {
		a.Findings = append(a.Findings, v.find("earlier than the line before by over an hour", "none: the order of lines does not matter; where one clock wrote them all, it was set back", v.backwards()))
	}
	a.Facts = append(append(v.habits(), readAs(v.mapping)), v.notes...)
	return a
}

func (v *view) find(name, remedy string, is func(i int32) bool) Finding {
	f, first := Finding{Name: name, Remedy: remedy}, int32(-1)
	for _, i := range v.rows {
		if is(i) {
			if f.Lines++; first < 0 || i < first {
				first = i
			}
		}
	}
	if first >= 0 {
		f.Example = v.show(first)
	}
	return f
}

// shared are the visitors as whom several customers logged in.
func (v *view) shared() []bool {
	out, first := make([]bool, len(v.people)), make([]uint32, len(v.people))
	for _, i := range v.rows {
		if c, who := v.customer.codes[i], v.who[i]; c != 0 && who != 0 {
			out[who] = out[who] || first[who] != 0 && first[who] != c
			first[who] = c
		}
	}
	return out
}

// withVisitors reports whether the file has ids of visitors beside those of customers.
func (v *view) withVisitors() bool {
	for _, m := range v.mapping {
		if m.Meaning == "visitor" {
			return true
		}
	}
	return false
}

// backwards reports whether a line is more than an hour earlier than the last line above it that has a time.
func (v *view) backwards() func(i int32) bool {
	there, back := make([]bool, v.len()), make([]bool, v.len())
	for _, i := range v.rows {
		there[i] = true
	}
	last := int64(noTime)
	for i, when := range v.when {
		if there[i] && when != noTime {
			back[i] = last != noTime && when < last-3600
			last = when
		}
	}
	return func(i int32) bool { return back[i] }
}

// habits says how many visitors came once, and how much the busiest of them weighs.
func (v *view) habits() []string {
	visits, pages := make([]int, len(v.people)), make([]int, len(v.people))
	all, visitors, once, bounces, top := 0, 0, 0, 0, 0
	for _, s := range v.visits {
		n := v.pagesIn(s)
		if all += n; n == 1 {
			bounces++
		}
		visits[s.who]++
		pages[s.who] += n
	}
	for who := 1; who < len(visits); who++ {
		if visits[who] == 0 {
			continue
		}
		if visitors++; visits[who] == 1 {
			once++
		}
		if top == 0 || pages[who] > pages[top] {
			top = who
		}
	}
	if visitors == 0 || all == 0 {
		return nil
	}
	unknown := ": how long they took is not known"
	if v.isPage != nil { // other events may tell
		unknown = ""
	}
	said := []string{
		fmt.Sprintf("%s of %s visitors (%s) came only once, so they have no days between visits.", sheet.Count(once), sheet.Count(visitors), sheet.Percent(share(once, visitors)))}
	if v.ofVisits && v.pages == nil {
		return append(said, fmt.Sprintf("The busiest visitor, %s, accounts for %s of all visits.", shorten(v.people[top], 40), sheet.Percent(share(visits[top], len(v.visits)))))
	}
	return append(said,
		fmt.Sprintf("%s of %s visits (%s) have one page%s.", sheet.Count(bounces), sheet.Count(len(v.visits)), sheet.Percent(share(bounces, len(v.visits))), unknown),
		fmt.Sprintf("The busiest visitor, %s, accounts for %s of all pages.", shorten(v.people[top], 40), sheet.Percent(share(pages[top], all))))
}

// readAs tells which column was read as what.
func readAs(columns []mapping) string {
	var parts []string
	for _, m := range columns {
		parts = append(parts, m.Meaning+" = "+m.Header)
	}
	return "Columns read: " + strings.Join(parts, ", ") + "."
}

// Sheet lays the audit out.
func (a *Audit) Sheet() sheet.Sheet {
	if a.Failed != "" {
		return sheet.Sheet{Caption: a.Failed}
	}
	s := sheet.Sheet{
		Whole:   true,
		Caption: a.Count.String(),
		Columns: []sheet.Column{{Name: "looked for", Text: true}, {Name: "lines"}, {Name: "share of lines"}, {Name: "for example", Text: true}, {Name: "rule or remedy", Text: true}},
		Notes:   a.Facts,
	}
	if a.First != "" {
		s.Caption += ", " + a.First + " to " + a.Last
	}
	for _, f := range a.Findings {
		row := []string{f.Name, sheet.Count(f.Lines), sheet.Percent(share(f.Lines, a.Lines)), sheet.Missing, sheet.Missing}
		if f.Lines > 0 {
			row[3], row[4] = f.Example.brief(), f.Remedy
		}
		s.Rows = append(s.Rows, row)
	}
	return s
}

// brief is a hit in a few words.
func (h Hit) brief() string {
	text := fmt.Sprintf("line %d: %s, %s", h.File, cmp.Or(shorten(h.Visitor, 30), "nobody"), h.when())
	if what := cmp.Or(h.Page, h.Event); what != "" {
		return text + ", " + shorten(what, 40)
	}
	return text + ", " + wording.Plural(h.Pages, "page")
}

// Frame returns the findings as a gota frame.
func (a *Audit) Frame() table.Frame {
	return frame.New(
		frame.Each("finding", a.Findings, func(f Finding) string { return f.Name }),
		frame.Each("lines", a.Findings, func(f Finding) int { return f.Lines }),
		frame.Each("first line", a.Findings, func(f Finding) int { return f.Example.File }),
		frame.Each("remedy", a.Findings, func(f Finding) string { return f.Remedy }))
}
