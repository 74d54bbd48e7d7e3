package weblog

// Spec: every choice between hits and visitors, as plain data that can be stored beside a model.

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/kinds"
	"github.com/segkit/lab/segkit/table"
)

// Spec holds the choices. The zero value makes every feature that the file supports, from all days up to the as-of date.
type Spec struct {
	Rules    []Rule    `json:",omitempty"` // of cleaning, in order; Cleaned.Features ignores them, because they have already been applied
	AsOf     time.Time // last day that counts; zero is 90 days before the last day of the visits
	Window   int       `json:",omitempty"` // only visits of this many days up to AsOf count; 0 is all of them
	Features []string  `json:",omitempty"` // names, in the order of the table; empty is all that the file supports
	Funnel   []string  `json:",omitempty"` // steps, from the first to the last, for the feature step: see Cleaned.Funnel
	Levels   int       `json:",omitempty"` // number of sources, devices and kinds of page that get a share of their own, the most common first; the rest are combined. 0 is 8
	Steps    int       `json:",omitempty"` // number of transitions between kinds of page that become shares, the most common first; 0 is none
}

// daysKept is how many days before the end an unset as-of date lies, as in package features.
const daysKept = 90

// ParseSpec reads the choices with which a table of visitors was made, as Model.Spec keeps them.
func ParseSpec(data []byte) (Spec, error) {
	if len(data) == 0 {
		return Spec{}, fault.Errorf(fault.ErrEmpty, "segkit: weblog.ParseSpec: the visitors were not made from hits by this package, so there are no choices")
	}
	var s Spec
	if err := kinds.Strict(data, &s); err != nil {
		return Spec{}, fmt.Errorf("segkit: weblog.ParseSpec: %w", fault.Trimmed(err))
	}
	return one([]Spec{s})
}

// Table cleans the visits and makes the features: the whole way from hits to visitors in one call.
func (s Spec) Table(v *Visits) (*table.Table, error) {
	if v == nil {
		return nil, fault.Nil("weblog.Spec.Table", "visits")
	}
	c, err := v.Clean(s.Rules...)
	if err != nil {
		return nil, err
	}
	return c.Features(s.AsOf, s)
}

// one is the Spec of an optional argument.
func one(s []Spec) (Spec, error) {
	if len(s) > 1 {
		return Spec{}, fault.Option("weblog.Cleaned.Features", "Spec", len(s), "one Spec at most")
	}
	if len(s) == 0 {
		return Spec{Levels: usualLevels}, nil
	}
	spec := s[0]
	switch {
	case spec.Window < 0:
		return spec, fault.Option("weblog.Spec", "Window", spec.Window, "0 (all days) or a number of days")
	case spec.Levels < 0:
		return spec, fault.Option("weblog.Spec", "Levels", spec.Levels, "0 (8) or a number of sources, devices and kinds")
	case spec.Steps < 0:
		return spec, fault.Option("weblog.Spec", "Steps", spec.Steps, "0 (none) or a number of transitions")
	}
	if spec.Levels == 0 {
		spec.Levels = usualLevels
	}
	return spec, nil
}

const usualLevels = 8

// Spec returns the choices of c.Features(asOf, s), with the rules that were applied and the as-of date filled in.
func (c *Cleaned) Spec(asOf time.Time, s ...Spec) (Spec, error) {
	if c == nil {
		return Spec{}, fault.Nil("weblog.Cleaned.Spec", "visits")
	}
	spec, err := one(s)
	if err != nil {
		return spec, err
	}
	f, err := c.facts()
	if err != nil {
		return spec, err
	}
	spec.Rules = c.Rules()
	spec.AsOf, err = asOfDay(asOf, f)
	return spec, err
}

// asOfDay returns the day that asOf names, by the calendar of its own zone; zero where the file has no days.
func asOfDay(asOf time.Time, f *facts) (time.Time, error) {
	refuse := func(remedy, why string, args ...any) (time.Time, error) {
		return time.Time{}, &fault.CellError{Op: "weblog.Cleaned.Features", Why: fmt.Sprintf(why, args...), Remedy: remedy, Err: fault.ErrEmpty}
	}
	switch {
	case f.Visits == 0:
		return refuse("check in the ledger which rule took them", "cleaning left no visits")
	case !f.Dated && asOf.IsZero():
		return asOf, nil
	case !f.Dated:
		return refuse("give a zero date", "the file does not say when visits took place, so there is no as-of date")
	case asOf.IsZero() && f.Last-daysKept < f.First:
		return refuse("give an as-of date", "without an as-of date, %d days are kept for checking, but the visits span only %s to %s", daysKept, dateText(f.First), dateText(f.Last))
	case asOf.IsZero():
		return dateOf(f.Last - daysKept), nil
	}
	y, m, d := asOf.Date()
	day := dayOf(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix())
	if day < f.First {
		return refuse(fmt.Sprintf("choose a day from %s to %s", dateText(f.First), dateText(f.Last)), "as-of date %s is before the first visit (%s)", dateText(day), dateText(f.First))
	}
	return dateOf(day), nil
}

// windowText says which days count, for the dictionary.
func (s Spec) windowText() string {
	switch {
	case s.AsOf.IsZero():
		return "all"
	case s.Window == 0:
		return "up to " + s.AsOf.Format(time.DateOnly)
	}
	return fmt.Sprintf("%d days up to %s", s.Window, s.AsOf.Format(time.DateOnly))
}

// text is the spec as JSON, for keys and models.
func (s Spec) text() string {
	b, err := json.Marshal(s)
	if err != nil {
		return fmt.Sprintf("%+v", s)
	}
	return string(b)
}

// asks reports whether a feature is among those wanted.
func (s Spec) asks(name string) bool {
	return len(s.Features) == 0 || slices.Contains(s.Features, name)
}

// asksFor reports whether a share of a family may be among those wanted.
func (s Spec) asksFor(family string) bool {
	return len(s.Features) == 0 || slices.ContainsFunc(s.Features, func(name string) bool { return strings.HasPrefix(name, family+"_") })
}
