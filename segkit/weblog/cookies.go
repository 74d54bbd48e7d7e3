package weblog

// How long visitors are known, and who of them is a customer.

import (
	"fmt"
	"slices"
	"time"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Cookies says how far recency and tenure can be trusted if visitors are recognised by a cookie: it expires after some days, or sooner, and the person
// who comes back is a new visitor.
type Cookies struct {
	Life     int // days
	Visitors int // up to the as-of date
	Within   int // those first seen within that many days up to the as-of date
	Longest  int // tenure in days
	Days     int // from the first visit of the log to the as-of date
}

var _ sheet.Sheeter = (*Cookies)(nil)

// Cookies counts the visitors who were first seen within the life of a cookie, in days, up to the day asOf; a zero asOf is 90 days before the last
// day. Browsers limit it: Safari to 7 days if a script sets the cookie, Chrome to 400.
func (c *Cleaned) Cookies(asOf time.Time, life int) (*Cookies, error) {
	if c == nil {
		return nil, fault.Nil("weblog.Cleaned.Cookies", "visits")
	}
	if life < 1 {
		return nil, fault.Option("weblog.Cleaned.Cookies", "life", life, "a number of days, from 1")
	}
	spec, err := c.Spec(asOf)
	if err != nil {
		return nil, err
	}
	return recall(c.Visits, "cookies", fmt.Sprint(spec.text(), life), func(v *view) (*Cookies, error) {
		if !v.dated {
			return nil, fault.Errorf(fault.ErrMissingColumn, "segkit: weblog.Cleaned.Cookies: the file does not say when visits took place")
		}
		m, err := c.maker(v, spec)
		if err != nil {
			return nil, err
		}
		out, who := &Cookies{Life: life, Days: m.to - m.from}, uint32(0)
		m.visits(func(s visit) bool {
			if s.who == who {
				return true
			}
			who = s.who
			tenure := m.to - s.day()
			out.Visitors++
			if out.Longest = max(out.Longest, tenure); tenure <= life {
				out.Within++
			}
			return true
		})
		return out, nil
	})
}

// Share returns the share of visitors who were first seen within the life of a cookie.
func (c *Cookies) Share() float64 { return share(c.Within, c.Visitors) }

// Says returns the finding in a sentence.
func (c *Cookies) Says() string {
	return fmt.Sprintf("%s of visitors were first seen within the %s that a cookie lives", sheet.Percent(c.Share()), wording.Plural(c.Life, "day"))
}

// Sheet lays the result out.
func (c *Cookies) Sheet() sheet.Sheet {
	s := sheet.Sheet{Whole: true, Caption: c.Says(), Columns: []sheet.Column{{Name: "visitors"}, {Name: "first seen within the life of a cookie"}, {Name: "share"}, {Name: "longest tenure", Unit: "days"}, {Name: "length of the log", Unit: "days"}},
		Rows: [][]string{{sheet.Count(c.Visitors), sheet.Count(c.Within), sheet.Percent(c.Share()), sheet.Count(c.Longest), sheet.Count(c.Days)}}}
	switch {
	case c.Days <= c.Life:
		s.Notes = append(s.Notes, "The log is no longer than a cookie lives, so tenure ends where the log begins: visitors who seem new may have come before.")
	case c.Longest <= c.Life:
		s.Notes = append(s.Notes, "Nobody is known for longer than a cookie lives, though the log is longer: tenure and recency are those of cookies, not of people, and visitors who seem new may have come before.")
	default:
		s.Notes = append(s.Notes, fmt.Sprintf("%s for longer than a cookie lives, so ids outlive it: by logging in, or because the cookie is renewed.", wording.Plural(c.Visitors-c.Within, "visitor")+" "+wording.Be(c.Visitors-c.Within)+" known"))
	}
	return s
}

// Frame returns the result as a gota frame with one row.
func (c *Cookies) Frame() table.Frame {
	return frame.New(frame.Column("life", []int{c.Life}), frame.Column("visitors", []int{c.Visitors}), frame.Column("within", []int{c.Within}), frame.Column("longest", []int{c.Longest}), frame.Column("days", []int{c.Days}))
}

// Overlap says how many visitors are customers, and how many customers are visitors.
type Overlap struct {
	Visitors, Customers int
	Both                int    // visitors whose id is that of a customer
	Visits, BothVisits  int    // of all visitors, and of those
	Why                 string // why nobody is both, as far as the file shows; "" if somebody is
}

var _ sheet.Sheeter = (*Overlap)(nil)

// Overlap counts how many visitors, up to the day asOf, are in a table of customers, and so can be joined. Visits without a visitor, which
// cleaning removed, are not counted; use SamePerson first to identify browsers with customers. A zero asOf is 90 days before the last day.
func (c *Cleaned) Overlap(asOf time.Time, customers *table.Table) (*Overlap, error) {
	switch {
	case c == nil:
		return nil, fault.Nil("weblog.Cleaned.Overlap", "visits")
	case customers == nil:
		return nil, fault.Nil("weblog.Cleaned.Overlap", "table of customers")
	}
	visitors, err := c.Features(asOf, Spec{Features: []string{"visits"}})
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, id := range customers.IDs() {
		known[id] = true
	}
	out := &Overlap{Visitors: visitors.Len(), Customers: customers.Len()}
	for i, id := range visitors.IDs() {
		visits := int(visitors.At(i, 0))
		if out.Visits += visits; known[id] {
			out.Both, out.BothVisits = out.Both+1, out.BothVisits+visits
		}
	}
	if out.Both > 0 || out.Visitors == 0 || out.Customers == 0 {
		return out, nil
	}
	v, err := c.view()
	if err != nil {
		return nil, err
	}
	out.Why = fmt.Sprintf("No visitor has the id of a customer: ids of visitors are like %q, those of customers like %q.", visitors.IDs()[0], customers.IDs()[0])
	switch {
	case !v.customer.present():
		out.Why += " No column of customers was recognised." + v.remedy("Customer")
	case v.withVisitors() && !slices.ContainsFunc(c.rules, func(r Rule) bool { return r.Name == SamePerson.Name }):
		out.Why += " Clean with weblog.SamePerson first, which recognises visitors by the customers who log in."
	}
	return out, nil
}

// Sheet lays the result out.
func (o *Overlap) Sheet() sheet.Sheet {
	s := sheet.Sheet{Whole: true, Caption: fmt.Sprintf("%s of visitors could be joined to customers, and %s of customers to visitors", sheet.Percent(share(o.Both, o.Visitors)), sheet.Percent(share(o.Both, o.Customers))),
		Columns: []sheet.Column{{Name: "of", Text: true}, {Name: "in all"}, {Name: "joined"}, {Name: "share"}}}
	for _, r := range []struct {
		of        string
		all, both int
	}{{"visitors", o.Visitors, o.Both}, {"visits", o.Visits, o.BothVisits}, {"customers", o.Customers, o.Both}} {
		s.Rows = append(s.Rows, []string{r.of, sheet.Count(r.all), sheet.Count(r.both), sheet.Percent(share(r.both, r.all))})
	}
	s.Notes = []string{"Customers who were never seen on the website need not stay away from it: they may come without logging in."}
	if o.Why != "" {
		s.Notes = append([]string{o.Why}, s.Notes...)
	}
	return s
}

// Frame returns it as a gota frame.
func (o *Overlap) Frame() table.Frame {
	return frame.New(frame.Column("of", []string{"visitors", "visits", "customers"}), frame.Column("all", []int{o.Visitors, o.Visits, o.Customers}), frame.Column("joined", []int{o.Both, o.BothVisits, o.Both}))
}
