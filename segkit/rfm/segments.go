package rfm

import (
	"fmt"
	"slices"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/sheet"
)

// From scores to named segments by a map that puts every combination of scores into exactly one: maps in circulation
// overlap and leave customers out (of the 125 cells of one popular map 58 match two names and 10 none), and then the order
// of the rules decides silently. Such a map is refused here.

// Map names the segments: each rule is a block of scores. Rules of the same name make one segment.
type Map []Rule

// Rule gives a name to the customers whose scores lie in all three ranges, both ends included. The zero range means any score.
type Rule struct {
	Name    string
	R, F, M [2]int
}

// TenSegments is the map most used in tutorials, and the only widespread one that is exclusive and exhaustive: ten names
// on five scores of recency and frequency. The same names mean other customers elsewhere, so say which map was used.
func TenSegments() Map {
	return Map{
		{Name: "Champions", R: [2]int{5, 5}, F: [2]int{4, 5}},
		{Name: "Loyal", R: [2]int{3, 4}, F: [2]int{4, 5}},
		{Name: "Potential loyalists", R: [2]int{4, 5}, F: [2]int{2, 3}},
		{Name: "New", R: [2]int{5, 5}, F: [2]int{1, 1}},
		{Name: "Promising", R: [2]int{4, 4}, F: [2]int{1, 1}},
		{Name: "Need attention", R: [2]int{3, 3}, F: [2]int{3, 3}},
		{Name: "About to sleep", R: [2]int{3, 3}, F: [2]int{1, 2}},
		{Name: "At risk", R: [2]int{1, 2}, F: [2]int{3, 4}},
		{Name: "Can't lose", R: [2]int{1, 2}, F: [2]int{5, 5}},
		{Name: "Hibernating", R: [2]int{1, 2}, F: [2]int{1, 2}},
	}
}

// Check returns an error unless every combination of scores from 1 to bins is in exactly one segment. It names the first
// combination that is in none or in two, and how many there are.
func (m Map) Check(bins int) error {
	for _, rule := range m {
		for _, r := range [][2]int{rule.R, rule.F, rule.M} {
			if r != [2]int{} && (r[0] < 1 || r[0] > r[1] || r[1] > bins) {
				return &segkit.OptionError{Method: "rfm.Map", Field: rule.Name, Value: r, Want: fmt.Sprintf("a range from 1 to %d", bins)}
			}
		}
	}
	var uncovered, overlaps []string
	for r := bins; r >= 1; r-- {
		for f := bins; f >= 1; f-- {
			for v := bins; v >= 1; v-- {
				switch names := m.names(r, f, v); {
				case len(names) == 0:
					uncovered = append(uncovered, fmt.Sprintf("%d%d%d", r, f, v))
				case len(names) > 1:
					overlaps = append(overlaps, fmt.Sprintf("%d%d%d (%s)", r, f, v, sheet.List(names)))
				}
			}
		}
	}
	all := bins * bins * bins
	switch {
	case uncovered != nil:
		return fmt.Errorf("segkit: rfm.Map: no segment for the scores %s; %d of %d combinations have none: %w",
			uncovered[0], len(uncovered), all, segkit.ErrSchema)
	case overlaps != nil:
		return fmt.Errorf("segkit: rfm.Map: more than one segment for the scores %s; %d of %d combinations overlap: %w",
			overlaps[0], len(overlaps), all, segkit.ErrSchema)
	}
	return nil
}

// names returns the names of the segments that a combination of scores falls into.
func (m Map) names(r, f, v int) []string {
	within := func(score int, of [2]int) bool { return of == [2]int{} || of[0] <= score && score <= of[1] }
	var names []string
	for _, rule := range m {
		if within(r, rule.R) && within(f, rule.F) && within(v, rule.M) && !slices.Contains(names, rule.Name) {
			names = append(names, rule.Name)
		}
	}
	return names
}

// Segments names every customer by the map; nil means TenSegments. Labels follow the order of the map, not the size, so that
// a segment keeps its number and colour from month to month; a segment may be empty.
func (s *Scores) Segments(m Map) (*segkit.Segments, error) {
	if m == nil {
		m = TenSegments()
		if s.Bins != 5 {
			return nil, &segkit.OptionError{Method: "rfm.Options", Field: "Bins", Value: s.Bins,
				Want: "5, which TenSegments is made for; or give a Map of your own"}
		}
	}
	if err := m.Check(s.Bins); err != nil {
		return nil, err
	}
	var names []string
	for _, rule := range m {
		if !slices.Contains(names, rule.Name) {
			names = append(names, rule.Name)
		}
	}
	labels := make(segkit.Labels, len(s.IDs))
	for i := range labels {
		labels[i] = slices.Index(names, m.names(s.R[i], s.F[i], s.M[i])[0])
	}
	return segkit.NewSegments(slices.Clone(s.IDs), labels, names)
}

// Sheet lays the map out: each segment with its scores.
func (m Map) Sheet() sheet.Sheet {
	out := sheet.Sheet{Caption: fmt.Sprintf("%d rules", len(m)),
		Columns: []sheet.Column{{Name: "segment", Text: true}, {Name: "recency score"}, {Name: "frequency score"}, {Name: "monetary score"}}}
	for _, rule := range m {
		out.Rows = append(out.Rows, []string{rule.Name, spell(rule.R), spell(rule.F), spell(rule.M)})
	}
	return out
}

// spell reads like "4 to 5", "3" or "any".
func spell(r [2]int) string {
	switch {
	case r == [2]int{}:
		return "any"
	case r[0] == r[1]:
		return fmt.Sprint(r[0])
	}
	return fmt.Sprintf("%d to %d", r[0], r[1])
}
