package rfm

import (
	"fmt"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/rulebook"
	"github.com/segkit/lab/segkit/table"
)

// From scores to named segments by rules over the columns r, f and m. The maps in circulation give the same names to different
// customers, most of them overlap, and some leave customers out: the order of the rules then decides silently, and here the
// linter says so.

// TenSegments is the map most used in tutorials, and the only widespread one that is exclusive and exhaustive: ten names
// on five scores of recency and frequency. The same names mean different customers in other maps, so say which map you
// used.
func TenSegments() *rulebook.Book {
	return &rulebook.Book{Rest: "Hibernating", // which the rules leave nobody to
		Rules: []rulebook.Rule{
			{Name: "Champions", When: "r == 5 and f >= 4"},
			{Name: "Loyal", When: "3 <= r <= 4 and f >= 4"},
			{Name: "Potential loyalists", When: "r >= 4 and 2 <= f <= 3"},
			{Name: "New", When: "r == 5 and f == 1"},
			{Name: "Promising", When: "r == 4 and f == 1"},
			{Name: "Need attention", When: "r == 3 and f == 3"},
			{Name: "About to sleep", When: "r == 3 and f <= 2"},
			{Name: "At risk", When: "r <= 2 and 3 <= f <= 4"},
			{Name: "Can't lose", When: "r <= 2 and f == 5"},
			{Name: "Hibernating", When: "r <= 2 and f <= 2"},
		}}
}

// Putler is the map of eleven names on five scores of recency and the mean of frequency and monetary score, after the tool of
// that name, as its rules are passed on (docs.churned.io, and scripts by many authors). Its rules overlap, and the first one
// decides.
func Putler() *rulebook.Book {
	return &rulebook.Book{Rest: "Others",
		Rules: []rulebook.Rule{
			{Name: "Champions", When: "r >= 4 and (f + m) / 2 >= 4"},
			{Name: "Loyal", When: "r >= 2 and (f + m) / 2 >= 3"},
			{Name: "Potential loyalists", When: "r >= 3 and 1 <= (f + m) / 2 <= 3"},
			{Name: "New", When: "r >= 4 and (f + m) / 2 <= 1"},
			{Name: "Promising", When: "3 <= r <= 4 and (f + m) / 2 <= 1"},
			{Name: "Need attention", When: "2 <= r <= 3 and 2 <= (f + m) / 2 <= 3"},
			{Name: "About to sleep", When: "2 <= r <= 3 and (f + m) / 2 <= 2"},
			{Name: "At risk", When: "r <= 2 and (f + m) / 2 >= 2"},
			{Name: "Can't lose", When: "r <= 1 and (f + m) / 2 >= 4"},
			{Name: "Hibernating", When: "1 <= r <= 2 and 1 <= (f + m) / 2 <= 2"},
			{Name: "Lost", When: "r <= 2 and (f + m) / 2 <= 2"},
		}}
}

// RVignette is the map in the README and the vignette of the R package rfm (0.3.0): ten names on five scores of all three.
// Its rules overlap and leave scores out: the first one decides, and Others are the rest.
func RVignette() *rulebook.Book {
	return &rulebook.Book{Rest: "Others",
		Rules: []rulebook.Rule{
			{Name: "Champions", When: "r == 5 and f == 5 and m == 5"},
			{Name: "Potential Loyalist", When: "r >= 3 and f >= 3 and m >= 2"},
			{Name: "Loyal Customers", When: "2 <= r <= 4 and 2 <= f <= 4 and 2 <= m <= 4"},
			{Name: "Promising", When: "3 <= r <= 4 and f <= 3 and m >= 3"},
			{Name: "New Customers", When: "r >= 4 and f <= 3"},
			{Name: "Can't Lose Them", When: "r <= 2 and 3 <= f <= 4 and m >= 4"},
			{Name: "At Risk", When: "r <= 2 and f >= 2 and m >= 4"},
			{Name: "Need Attention", When: "r <= 3 and f >= 3 and m >= 3"},
			{Name: "About To Sleep", When: "2 <= r <= 3 and f <= 3 and m <= 4"},
			{Name: "Lost", When: "r == 1"},
		}}
}

// RTests is the map in the tests and the older help pages of the R package rfm (0.2): other ranges under the same ten names.
// Its rules overlap and leave scores out: the first one decides, and Others are the rest.
func RTests() *rulebook.Book {
	return &rulebook.Book{Rest: "Others",
		Rules: []rulebook.Rule{
			{Name: "Champions", When: "r >= 4 and f >= 4 and m >= 4"},
			{Name: "Loyal Customers", When: "r >= 2 and f >= 3 and m >= 3"},
			{Name: "Potential Loyalist", When: "r >= 3 and f <= 3 and m <= 3"},
			{Name: "New Customers", When: "r >= 4 and f == 1 and m == 1"},
			{Name: "Promising", When: "3 <= r <= 4 and f == 1 and m == 1"},
			{Name: "Need Attention", When: "2 <= r <= 3 and 2 <= f <= 3 and 2 <= m <= 3"},
			{Name: "About To Sleep", When: "2 <= r <= 3 and f <= 2 and m <= 2"},
			{Name: "At Risk", When: "r <= 2 and f >= 2 and m >= 2"},
			{Name: "Can't Lose Them", When: "r == 1 and f >= 4 and m >= 4"},
			{Name: "Lost", When: "r <= 2 and f <= 2 and m <= 2"},
		}}
}

// Lint counts the combinations of scores that the rules leave out, and those that more than one rule claims: of the 125
// combinations of five scores, RVignette leaves out 10 and claims 58 more than once. Nil rules mean TenSegments.
func (s *Scores) Lint(rules *rulebook.Book) (*rulebook.Lint, error) {
	if s == nil {
		return nil, fault.Nil("rfm.Scores.Lint", "scores")
	}
	if rules == nil {
		rules = TenSegments()
	}
	values := make([]float64, s.Bins)
	for v := range values {
		values[v] = float64(v + 1)
	}
	var axes []rulebook.Axis
	for _, name := range scoreNames {
		axes = append(axes, rulebook.Axis{Column: name, Values: values})
	}
	return rules.LintOver(axes...)
}

// Segments names every customer by rules over the columns r, f and m; nil means TenSegments. The first rule that holds decides;
// Lint says where the order matters. Labels follow the order of the rules, not the size, so that a segment keeps its number and
// colour from month to month; a segment may be empty. A rule that holds for no scores at all is an error. So are scores that no
// rule covers if the rest has the same name as a rule's segment.
func (s *Scores) Segments(rules *rulebook.Book) (*table.Segments, error) {
	if s == nil {
		return nil, fault.Nil("rfm.Scores.Segments", "scores")
	}
	if rules == nil {
		rules = TenSegments()
	}
	lint, err := s.Lint(rules)
	if err != nil {
		return nil, err
	}
	for i, holds := range lint.Cells.Holds {
		if rule := rules.Rules[i]; holds == 0 {
			return nil, &fault.CellError{Op: "rfm.Segments", Why: fmt.Sprintf("rule %q (%s) holds for no scores from 1 to %d", rule.Name, rule.When, s.Bins),
				Remedy: "score with the Bins that the rules are made for, 5 for TenSegments, or change the rule", Err: fault.ErrSchema}
		}
	}
	named := slices.ContainsFunc(rules.Rules, func(r rulebook.Rule) bool { return r.Name == rules.Rest })
	if lint.Cells.None > 0 && named { // scores of 6 and more are none that TenSegments knows, and not those of the hibernating
		return nil, &fault.CellError{Op: "rfm.Segments", Err: fault.ErrSchema,
			Why:    fmt.Sprintf("%d of %d combinations of scores fit no rule, and would be %q, such as %s", lint.Cells.None, lint.Cells.N, rules.Rest, lint.Gaps[len(lint.Gaps)-1].When),
			Remedy: "score with the Bins that the rules are made for, 5 for TenSegments, or give the Rest a name of its own"}
	}
	t, err := s.Table()
	if err != nil {
		return nil, err
	}
	segments, err := rules.Assign(t)
	if err != nil {
		return nil, err
	}
	for _, c := range s.Columns { // what was scored formed the segments too
		segments.FormedBy = append(segments.FormedBy, c.Name)
	}
	return segments, nil
}
