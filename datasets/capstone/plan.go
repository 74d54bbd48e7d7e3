package capstone

import (
	"fmt"
	"slices"

	"github.com/segkit/lab/segkit/campaign"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// gradePlan sizes the test that the plan declares once more, on the check's own counts: how many there are of its segments today, and how many of
// them ordered in the 90 days before.
func gradePlan(holdout, size *Criterion, b *known, h HandIn) {
	const hint = "campaign.Test{…}.Size(before, segments of then) and For(segments of today) size a test (lesson 21)"
	if h.Plan == nil {
		holdout.missing(hint)
		size.missing(hint)
		return
	}
	test := h.Plan.Test
	holdout.Found = fmt.Sprintf("%s are held out, and what counts is %q", sheet.Percent(test.Holdout), test.Response)
	if test.Response == "active" && test.Holdout >= .1 && test.Holdout <= .9 {
		holdout.Points = holdout.Of
	} else {
		holdout.Hint = `Response: "active" counts the customers who order, and Holdout is the share that gets nothing; without it there is no telling what the offer changed`
	}

	today, problem := scored(h.Model, b)
	if problem != "" {
		size.Found, size.Hint = problem, "the plan needs the segments"
		return
	}
	own, err := sized(test, b, h, today)
	if err != nil {
		size.Found, size.Hint = "the test cannot be sized: "+err.Error(), hint
		return
	}
	size.Found = fmt.Sprintf("%s customers; a rise of %.0f points needs %s", sheet.Count(own.Total.Customers), 100*Effect, sheet.Count(own.Total.Needed))
	switch {
	case test.Level > .05 || test.Power < .8:
		size.Hint = "false alarms at most 5 %, and found at least four times in five: leave Level and Power as they are"
	case test.Worth > Effect || test.Worth <= 0:
		size.Found += fmt.Sprintf("; the plan looks for %.1f points", 100*test.Worth)
		size.Hint = "Worth is the effect of the brief, as a share of 1"
	case !near(h.Plan.Total.Customers, own.Total.Customers):
		size.Found += fmt.Sprintf("; the plan counts %s", sheet.Count(h.Plan.Total.Customers))
		size.Hint = "the segments of today decide how many there are: sizes.For(segments)"
	case own.Total.Needed < 0 || own.Total.Customers < own.Total.Needed:
		size.Hint = "too few to tell: take more segments into the test; half held out finds the smallest effects"
	default:
		size.Points = size.Of
	}
}

// sized is what the test can find among the segments of the plan.
func sized(test campaign.Test, b *known, h HandIn, today *table.Segments) (*campaign.Sizes, error) {
	test.Revenue, test.Worth = "", Effect
	earlier := Day.AddDate(0, 0, -90)
	before, err := b.clean.Outcome(earlier, 90)
	if err != nil {
		return nil, err
	}
	customers, err := b.clean.Features(earlier)
	if err != nil {
		return nil, err
	}
	then, err := h.Model.Score(customers)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, s := range h.Plan.Segments {
		names = append(names, s.Segment)
	}
	if then, err = only(then, names); err != nil {
		return nil, err
	}
	if today, err = only(today, names); err != nil {
		return nil, err
	}
	sizes, err := test.Size(before, then)
	if err != nil {
		return nil, err
	}
	return sizes.For(today)
}

// only keeps the segments of these names, and puts everybody else into none.
func only(s *table.Segments, names []string) (*table.Segments, error) {
	labels := slices.Clone(s.Labels)
	for i, l := range labels {
		labels[i] = slices.Index(names, s.Name(l))
	}
	return table.NewSegments(s.IDs, labels, names)
}
