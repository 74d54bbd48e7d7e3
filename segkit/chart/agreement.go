package chart

// Agreement: how far several divisions of the same customers are the same division.

import (
	"errors"
	"fmt"
	"math"

	"github.com/segkit/lab/segkit/compare"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Agreement draws the adjusted Rand index (compare.AdjustedRand) of every pair of segmentations, with similar ones side by side.
// It is 1 if they divide the customers in the same way, whatever the segments are called, and about 0 if they agree no more than
// by chance. Two segmentations are compared on the customers who are in both, joined by id; customers in no segment count as one
// more group. A pair for which the index is undefined is drawn as "–". Cost m² n for m segmentations.
func Agreement(names []string, labelings []*table.Segments) (*Figure, error) {
	m := len(labelings)
	switch {
	case len(names) != m:
		return nil, fault.Errorf(fault.ErrSchema, "segkit: chart.Agreement: %d names for %d segmentations", len(names), m)
	case m < 2:
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: chart.Agreement: agreement needs at least two segmentations; %s", thereAre(m))
	}
	cleaned := make([]string, m)
	for i, s := range labelings {
		if cleaned[i] = clean(names[i]); cleaned[i] == "" {
			cleaned[i] = fmt.Sprint("segmentation ", i+1)
		}
		if s == nil {
			return nil, fault.Errorf(fault.ErrEmpty, "segkit: chart.Agreement: segmentation %d (%s) is nil: check the error that its call returned", i+1, cleaned[i])
		}
	}
	fewest, most, undefined := len(labelings[0].IDs), 0, false
	all, err := newPairwise(cleaned, func(i, j int) (float64, error) {
		a, b := shared(labelings[i], labelings[j])
		if len(a) == 0 {
			return 0, fault.Errorf(fault.ErrUnmatched, "segkit: chart.Agreement: %s and %s have no customer in common: segment the same table, or check its ids",
				cleaned[j], cleaned[i])
		}
		fewest, most = min(fewest, len(a)), max(most, len(a))
		v, err := compare.AdjustedRand(a, b)
		if errors.Is(err, fault.ErrUndefined) {
			undefined = true
			return math.NaN(), nil
		}
		return v, err
	})
	if err != nil {
		return nil, err
	}
	asIs := func(v float64) float64 { return v }
	shown := all.pick(all.similar(asIs))
	fig := &Figure{Title: agreementTitle(all)}
	on := count(most, "customer")
	if fewest < most {
		on = sheet.Count(fewest) + " to " + on
	}
	fig.remark("Adjusted Rand index on %s: 1 means the same division, about 0 what chance would give.", on)
	if undefined {
		fig.remark("–: in both, all customers are together, or all are apart.")
	}
	all.describe(fig, "Adjusted Rand indices")
	shown.triangle(fig)
	return fig, nil
}

// shared returns the labels of the customers that both segmentations have, in the order of b.
func shared(a, b *table.Segments) (of, with table.Labels) {
	at := make(map[string]int, len(a.IDs))
	for i, id := range a.IDs {
		at[id] = a.Labels[i]
	}
	for i, id := range b.IDs {
		if l, ok := at[id]; ok {
			of, with = append(of, l), append(with, b.Labels[i])
		}
	}
	return of, with
}

// agreementTitle names the pair that agrees most and the one that agrees least.
func agreementTitle(p pairwise) string {
	i, j, ok := p.extreme(func(v float64) float64 { return v })
	if !ok {
		return "No two of these divisions can be compared"
	}
	k, l, _ := p.extreme(func(v float64) float64 { return -v })
	name := func(i int) string { return short(p.names[i]) }
	high, low := p.value[i][j], p.value[k][l]
	switch m := len(p.names); {
	case low == 1 && m == 2:
		return fmt.Sprintf("%s and %s divide the customers in the same way", wording.Capital(name(i)), name(j))
	case low == 1:
		return fmt.Sprintf("All %d divide the customers in the same way", m)
	case m == 2:
		return fmt.Sprintf("%s and %s: adjusted Rand %s", wording.Capital(name(i)), name(j), sheet.Fixed(high, 2))
	default:
		return fmt.Sprintf("%s and %s agree most (adjusted Rand %s), %s and %s least (%s)",
			wording.Capital(name(i)), name(j), sheet.Fixed(high, 2), name(k), name(l), sheet.Fixed(low, 2))
	}
}
