package engine

// Exact quantiles on any engine: one scan of binned counts, then the values in the bins that hold the ranks asked for. Of every other bin the
// largest value stands for all: which of its values a quantile is between does not matter when it is not between them.

import (
	"database/sql"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/internal/query"
	"github.com/segkit/lab/segkit/table"
)

// marginal is the distribution of one column: rising values and how many customers have each. Between the ranks asked for it is coarse.
type marginal struct {
	values  []float64
	counts  []int64
	missing int64
}

// bins is how many bins a column's span is cut into.
const bins = 1 << 16

// missingBin is the bin of customers without a value; values a hair below the smallest one are in bin -1.
const missingBin = -9

// bin is what is known of the values in one.
type bin struct {
	count     int64
	low, high float64
}

// marginalsAt returns rows in which every column of the stage has the quantiles (type 7) at the shares that it has among all customers, and levels
// are as frequent as among these. It takes two scans where there are numbers, and one for categories; one without shares.
func (l *learner) marginalsAt(shares ...float64) (*table.Table, error) {
	if err := l.surveyStage(); err != nil {
		return nil, err
	}
	numbers := l.numbers()
	found := make([]marginal, len(l.stage.Names()))
	of, err := l.numberMarginals(numbers, shares)
	if err != nil {
		return nil, err
	}
	for p, j := range numbers {
		found[j] = of[p]
	}
	for j, column := range l.stage.Raw().Columns {
		if column.Categorical() {
			if found[j], err = l.levels(j); err != nil {
				return nil, err
			}
		}
	}
	return sideBySide(l.stage, found), nil
}

// levels counts the levels of a category of the stage.
func (l *learner) levels(j int) (m marginal, err error) {
	q := l.query()
	statement, err := q.End(q.Columns[j].SQL, "COUNT(*)")
	if err != nil {
		return m, err
	}
	counts := map[int]int64{}
	l.scans++
	err = l.read(fmt.Sprintf("count the levels of %q", l.stage.Names()[j]), l.c.over(statement+"GROUP BY 1\n"), func(rows *sql.Rows) error {
		var level sql.NullString
		var count int64
		if err := rows.Scan(&level, &count); err != nil {
			return err
		}
		if at := slices.Index(l.stage.Raw().Columns[j].Levels, level.String); level.Valid && at >= 0 {
			counts[at] = count
		} else {
			m.missing += count
		}
		return nil
	})
	if l.options.DryRun {
		counts[0] = l.n
	}
	for _, at := range slices.Sorted(maps.Keys(counts)) {
		m.values, m.counts = append(m.values, float64(at)), append(m.counts, counts[at])
	}
	return m, err
}

// numberMarginals finds the marginals of numbers of the stage.
func (l *learner) numberMarginals(at []int, shares []float64) ([]marginal, error) {
	if len(at) == 0 {
		return nil, nil
	}
	binned := func() (*query.Query, []string) {
		q := l.query()
		var computed [][2]string
		var sets []string
		for p, j := range at {
			x := q.Columns[j].SQL
			step := "0"
			if span := l.span[l.stage.Names()[j]]; span.high > span.low {
				d := l.speaks.SQL()
				step = l.speaks.whole(fmt.Sprintf("FLOOR((%s - %s) / %s * %s)", x, d.Double(span.low), d.Double(span.high-span.low), d.Double(bins)))
			}
			computed = append(computed, [2]string{x, fmt.Sprintf("x%d", p+1)},
				[2]string{fmt.Sprintf("CASE WHEN %s IS NULL THEN %d ELSE %s END", x, missingBin, step), fmt.Sprintf("b%d", p+1)})
			sets = append(sets, fmt.Sprintf("(b%d)", p+1))
		}
		q.Select(fmt.Sprintf("in %d bins of the span; %d is for missing values", bins, missingBin), computed...)
		return q, sets
	}
	q, sets := binned()
	var asked []string
	for p := range at {
		asked = append(asked, fmt.Sprintf("b%d", p+1), fmt.Sprintf("MIN(x%d)", p+1), fmt.Sprintf("MAX(x%d)", p+1))
	}
	statement, err := q.End(append([]string{"COUNT(*)"}, asked...)...)
	if err != nil {
		return nil, err
	}
	found := make([]map[int64]bin, len(at))
	for p := range found {
		found[p] = map[int64]bin{}
	}
	l.scans++
	if err := l.read("count customers in narrow bins of each column", l.c.over(statement+"GROUP BY GROUPING SETS ("+strings.Join(sets, ", ")+")\n"), func(rows *sql.Rows) error {
		var count int64
		into := []any{&count}
		which, low, high := make([]sql.NullInt64, len(at)), make([]sql.NullFloat64, len(at)), make([]sql.NullFloat64, len(at))
		for p := range at {
			into = append(into, &which[p], &low[p], &high[p])
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		for p := range at {
			if which[p].Valid {
				found[p][which[p].Int64] = bin{count, low[p].Float64, high[p].Float64}
			}
		}
		return nil
	}); err != nil {
		return nil, err
	}
	out := make([]marginal, len(at))
	wanted := make([][]bin, len(at))
	for p := range at {
		if l.options.DryRun {
			found[p] = l.pretendBins()
		}
		out[p], wanted[p] = coarse(found[p], shares)
	}
	if len(shares) == 0 {
		return out, nil
	}
	return out, l.resolve(binned, sets, out, wanted)
}

// coarse turns bins into a marginal, each at its largest value, and says which bins hold the ranks of the shares.
func coarse(found map[int64]bin, shares []float64) (m marginal, wanted []bin) {
	m.missing = found[missingBin].count
	delete(found, missingBin)
	order := slices.Sorted(maps.Keys(found))
	n := int64(0)
	for _, b := range order {
		m.values, m.counts, n = append(m.values, found[b].high), append(m.counts, found[b].count), n+found[b].count
	}
	take := map[int]bool{}
	for _, share := range shares {
		low := int64(share * float64(n-1))
		for _, rank := range []int64{low - 1, low, low + 1, low + 2} { // with one to spare for the rounding of share·(n-1)
			upTo := int64(0)
			for i, count := range m.counts {
				if upTo += count; rank >= 0 && rank < upTo {
					take[i] = true
					break
				}
			}
		}
	}
	for i := range order {
		if b := found[order[i]]; take[i] && b.low < b.high {
			wanted = append(wanted, b)
		}
	}
	return m, wanted
}

// resolve replaces the bins that are wanted by their values.
func (l *learner) resolve(binned func() (*query.Query, []string), sets []string, out []marginal, wanted [][]bin) error {
	q, _ := binned()
	asked := []string{"COUNT(*)"}
	var computed [][2]string
	d := l.speaks.SQL()
	for p := range out {
		x := fmt.Sprintf("x%d", p+1)
		in := "CASE"
		for _, b := range wanted[p] {
			in += fmt.Sprintf(" WHEN %s BETWEEN %s AND %s THEN %s", x, d.Double(b.low), d.Double(b.high), x)
		}
		if in == "CASE" {
			in += " WHEN 1 = 0 THEN " + x
		}
		computed = append(computed, [2]string{in + " END", fmt.Sprintf("v%d", p+1)})
		asked, sets[p] = append(asked, fmt.Sprintf("v%d", p+1)), fmt.Sprintf("(v%d)", p+1)
	}
	q.Select("the values in the bins that hold a rank asked for", computed...)
	statement, err := q.End(asked...)
	if err != nil {
		return err
	}
	exact := make([]map[float64]int64, len(out))
	for p := range exact {
		exact[p] = map[float64]int64{}
	}
	l.scans++
	if err := l.read("count the values around the quantiles", l.c.over(statement+"GROUP BY GROUPING SETS ("+strings.Join(sets, ", ")+")\n"), func(rows *sql.Rows) error {
		var count int64
		into, values := []any{&count}, make([]sql.NullFloat64, len(out))
		for p := range values {
			into = append(into, &values[p])
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		for p, v := range values {
			if v.Valid {
				exact[p][v.Float64] = count
			}
		}
		return nil
	}); err != nil {
		return err
	}
	if l.options.DryRun {
		return nil
	}
	for p := range out {
		counts, total := exact[p], int64(0)
		for i, v := range out[p].values {
			if !slices.ContainsFunc(wanted[p], func(b bin) bool { return b.high == v }) {
				counts[v] = out[p].counts[i]
			}
		}
		before := int64(0)
		for _, count := range out[p].counts {
			before += count
		}
		m := marginal{missing: out[p].missing}
		for _, v := range slices.Sorted(maps.Keys(counts)) {
			m.values, m.counts, total = append(m.values, v), append(m.counts, counts[v]), total+counts[v]
		}
		if total != before {
			return l.c.changed(fmt.Sprintf("%d customers had a value of %q, and then %d", before, l.stage.Names()[l.numbers()[p]], total))
		}
		out[p] = m
	}
	return nil
}

// sideBySide makes a table whose columns have these marginals: each column is sorted, and rows are alike as long as no column's value changes, so that a row's weight
// says how many customers it stands for. Which value stands beside which means nothing.
func sideBySide(stage *table.Table, of []marginal) *table.Table {
	raw := *stage.Raw()
	raw.IDs, raw.Data, raw.Weights, raw.Weighting = nil, nil, nil, table.FrequencyWeights
	at := make([]int, len(of))
	left := make([]int64, len(of))
	next := func(j int) {
		switch m := of[j]; {
		case at[j] < len(m.counts):
			left[j] = m.counts[at[j]]
		case at[j] == len(m.counts):
			left[j] = m.missing
		default:
			left[j] = 0
		}
	}
	for j := range of {
		for next(j); left[j] == 0 && at[j] <= len(of[j].counts); next(j) {
			at[j]++
		}
	}
	for len(of) > 0 {
		weight := slices.Min(left)
		if weight == 0 {
			break
		}
		for j, m := range of {
			v := math.NaN()
			if at[j] < len(m.values) {
				v = m.values[at[j]]
			}
			raw.Data = append(raw.Data, v)
			for left[j] -= weight; left[j] == 0 && at[j] <= len(m.counts); next(j) {
				at[j]++
			}
		}
		raw.IDs, raw.Weights = append(raw.IDs, fmt.Sprint(len(raw.IDs)+1)), append(raw.Weights, float64(weight))
	}
	return table.FromRaw(raw)
}

// mostFrequent returns rows in which the most frequent value of each number of the stage is the only one: one scan.
func (l *learner) mostFrequent() (*table.Table, error) {
	q, at := l.query(), l.numbers()
	var asked, sets []string
	for _, j := range at {
		asked, sets = append(asked, q.Columns[j].SQL), append(sets, "("+q.Columns[j].SQL+")")
	}
	statement, err := q.End(append([]string{"COUNT(*)"}, asked...)...)
	if err != nil {
		return nil, err
	}
	best, found := make([]int64, len(at)), make([]marginal, len(l.stage.Names()))
	l.scans++
	if err := l.read("find the most frequent value of each column", l.c.over(statement+"GROUP BY GROUPING SETS ("+strings.Join(sets, ", ")+")\n"), func(rows *sql.Rows) error {
		var count int64
		into, values := []any{&count}, make([]sql.NullFloat64, len(at))
		for p := range values {
			into = append(into, &values[p])
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		for p, v := range values {
			m := &found[at[p]]
			if v.Valid && (count > best[p] || count == best[p] && v.Float64 < m.values[0]) {
				best[p], m.values = count, []float64{v.Float64}
			}
		}
		return nil
	}); err != nil {
		return nil, err
	}
	for p, j := range at {
		missing := l.span[l.stage.Names()[j]].missing
		found[j].missing, found[j].counts = missing, []int64{l.n - missing}
		if l.options.DryRun {
			found[j].values = []float64{0}
		} else if best[p] == 0 {
			found[j].counts = nil
		}
	}
	for j, column := range l.stage.Raw().Columns {
		if column.Categorical() {
			if found[j], err = l.levels(j); err != nil {
				return nil, err
			}
		}
	}
	return sideBySide(l.stage, found), nil
}
