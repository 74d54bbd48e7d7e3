package track

import (
	"fmt"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/enum"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
)

// Action is what to do with the segments.
type Action uint8

const (
	Keep       Action = iota // the model stays as it is
	Rename                   // the segments hold, but their names no longer say what they are
	Renew                    // the same segments with shifted borders: take the fresh fit
	Rethink                  // a fresh fit finds other segments, or fits differ among themselves
	LookCloser               // columns have drifted, and no fresh fit was made to see whether that matters
)

var actionNames = [...]string{Keep: "keep", Rename: "rename", Renew: "refit", Rethink: "rethink", LookCloser: "look closer"}

func (a Action) String() string { return enum.Name(a, actionNames[:]) }

// Decision is the action with its reasons.
type Decision struct {
	Action   Action
	Reasons  []string // sentences with the numbers
	NewNames []string // (k) what the segments would be called today; nil if the names hold
	Look     bool     // a person should look: anything but Keep
}

// seldom is the share of pairs of fresh fits that agree no better, up to which that is no chance.
const seldom = .05

// most customers that may be left in no segment.
const mostUnscored = .05

// alike is the agreement that two fresh fits must have for segments to be worth a refit.
const alike = .6

// Decide weighs drift and the age of the model. It says keep if a fresh fit would be no different, rename if the segments hold but not their names, and refit
// if every segment continues with shifted borders. It says rethink if a segment does not continue, if fresh fits differ among themselves, or if many customers
// fit in no segment. Drift alone is not a reason: columns may move together and leave the segments as they are. Decide does not count the cost of change for
// those who work with the segments; that is for you to weigh.
func Decide(drift *Drift, r *Refreshed) (*Decision, error) {
	const op = "track.Decide"
	switch {
	case drift == nil:
		return nil, fault.Nil(op, "drift")
	case r == nil:
		return nil, fault.Nil(op, "comparison with a fresh fit")
	}
	d := onDrift(drift)
	typical := r.typical()
	n := len(r.Frozen.Labels)
	on := wording.Plural(n, "customer")
	if drift.To != "" && drift.To != on {
		on += " of " + drift.To
	}
	d.Reasons = append(d.Reasons, fmt.Sprintf("On the %s, the frozen model and a fresh fit have an adjusted Rand index of %s, two fresh fits on customers drawn again one of %s (p = %s). The model counts as old where p is at most %v and its agreement falls short by at least %v.",
		on, sheet.Fixed(r.Rand, 2), sheet.Fixed(typical, 2), sheet.Fixed(r.P, 3), seldom, max(r.Options.Size, 0)))
	if r.P <= seldom && !r.Aged {
		d.Reasons = append(d.Reasons, "That is more than chance, but too little to count.")
	}
	unscored := 0
	for _, l := range r.Frozen.Labels {
		if l < 0 {
			unscored++
		}
	}
	lost := -1
	for b := range r.Match.Of {
		if !r.Match.Continues(b) {
			lost = b
		}
	}
	switch {
	case float64(unscored) > mostUnscored*float64(n):
		d.Action = Rethink
		d.Reasons = append(d.Reasons, fmt.Sprintf("In no segment: %s of %s.", sheet.Count(unscored), wording.Plural(n, "customer")))
	case r.Aged && typical < alike:
		d.Action = Rethink
		d.Reasons = append(d.Reasons, fmt.Sprintf("Fresh fits differ so much among themselves (agreement below %v) that none of them is worth changing to.", alike))
	case r.Aged && lost >= 0:
		d.Action = Rethink
		d.Reasons = append(d.Reasons, fmt.Sprintf("The fresh segment %q continues none of the old ones.", r.Match.To.Names[lost]))
	case r.Aged:
		d.Action = Renew
		d.Reasons = append(d.Reasons, "Every segment continues in the fresh fit, with moved borders.")
	}
	if other := r.renamed(); d.Action == Keep && other != nil {
		d.Action, d.NewNames = Rename, r.NamesToday
		d.Reasons = append(d.Reasons, "Today "+sheet.List(other)+".")
	}
	d.Look = d.Action != Keep
	return d.ofGrowing(drift), nil
}

// Decide is the function Decide without a fresh fit, which takes much less time: keep if no column has drifted, otherwise look closer.
func (d *Drift) Decide() (*Decision, error) {
	if d == nil {
		return nil, fault.Nil("track.Decide", "drift")
	}
	out := onDrift(d)
	if out.Look = d.Drifted() != nil; out.Look {
		out.Action = LookCloser
	}
	return out.ofGrowing(d), nil
}

// ofGrowing adds, where a person should look, that all days up to each date count: that alone may be the reason.
func (d *Decision) ofGrowing(drift *Drift) *Decision {
	if d.Look && drift.growing {
		d.Reasons = append(d.Reasons, growing)
	}
	return d
}

// onDrift begins a decision with what the drift says.
func onDrift(drift *Drift) *Decision {
	d := &Decision{}
	moved, between := drift.Drifted(), ""
	if drift.From != "" {
		between = fmt.Sprintf(" between %s and %s", drift.From, drift.To)
	}
	if moved == nil {
		d.Reasons = append(d.Reasons, fmt.Sprintf("No column has drifted%s by more than chance and by enough to count.", between))
	} else {
		d.Reasons = append(d.Reasons, fmt.Sprintf("%s drifted%s: %s.", wording.Plural(len(moved), "column"), between, sheet.List(moved)))
	}
	var seasons []string
	for _, c := range drift.Columns {
		if c.Season {
			seasons = append(seasons, c.Column)
		}
	}
	if seasons != nil {
		d.Reasons = append(d.Reasons, fmt.Sprintf("Only seasonal: %s, as a year before.", sheet.List(seasons)))
	}
	return d
}

// renamed says of the segments that would seldom get their name today what they would be called.
func (r *Refreshed) renamed() (out []string) {
	for l, holds := range r.NameHolds {
		if old, name := r.Frozen.Names[l], r.NamesToday[l]; holds <= .05 && name != old {
			out = append(out, fmt.Sprintf("%q would be called %q", old, name))
		}
	}
	return out
}

// String returns the decision in one sentence.
func (d *Decision) String() string {
	if d == nil {
		return "No decision."
	}
	return map[Action]string{
		Keep:       "Keep the segments as they are.",
		Rename:     "Keep the segments, and rename them.",
		Renew:      "Refit: the segments continue, but their borders have moved.",
		LookCloser: "Look closer: columns have drifted, and only a comparison with a fresh fit says whether that matters.",
		Rethink:    "Rethink: these are no longer the segments of these customers.",
	}[d.Action]
}

// Sheet lays out the sentence and its reasons.
func (d *Decision) Sheet() sheet.Sheet {
	if d == nil {
		return sheet.Sheet{}
	}
	out := sheet.Sheet{Caption: d.String(), Columns: []sheet.Column{{Name: "because", Text: true}}}
	for _, r := range d.Reasons {
		out.Rows = append(out.Rows, []string{r})
	}
	return out
}
