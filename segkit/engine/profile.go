package engine

// Who is in the segments, by aggregates.

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Profile says who is in the segments of a table written by Score, Assign or RFM.
type Profile struct {
	Columns  []table.Column // (d) numbers
	Segments []SegmentProfile
	All      SegmentProfile // everybody
}

// SegmentProfile is one segment of a Profile.
type SegmentProfile struct {
	Name      string // "" for customers in no segment
	Customers int
	Missing   []int     // (d) customers without a value
	Mean      []float64 // (d) of those with a value; NaN if there are none. Rounded to a billionth of the column's range
	Low, High []float64 // (d) smallest and largest value
}

var _ sheet.Sheeter = (*Profile)(nil)

// Profile describes the segments in a written table by every number that is known about the customers: size, mean, smallest and largest value. Segments come
// in order of decreasing size. It costs two scans.
func (c *Customers) Profile(in string) (*Profile, error) {
	return c.ProfileContext(job.DefaultContext, in)
}

// ProfileContext is Profile under ctx.
func (c *Customers) ProfileContext(ctx context.Context, in string) (*Profile, error) {
	const op = "engine.Customers.Profile"
	if c == nil {
		return nil, fault.Nil(op, "customers")
	}
	segments, err := c.engine.speaks.SQL().Table(in)
	if err != nil {
		return nil, fault.Option(op, "in", in, err.Error())
	}
	var names []string
	for _, column := range c.columns {
		if !column.text {
			names = append(names, column.Name)
		}
	}
	r := c.engine.run(ctx, 2)
	defer r.end()
	header, err := c.header(r, names)
	if err != nil {
		return nil, err
	}
	l, err := c.survey(r, header)
	if err != nil {
		return nil, err
	}
	d := len(names)
	rows, asked := []string{"given.segment AS segment"}, []string{"segment", "COUNT(*)"}
	for j, name := range names {
		x := source + "." + c.quote(name)
		rows = append(rows, fmt.Sprintf("%s AS x%d, %s AS u%d", x, j+1, l.steps(j, x), j+1))
		asked = append(asked, fmt.Sprintf("COUNT(x%d), %s, MIN(x%d), MAX(x%d)", j+1, r.sum(fmt.Sprintf("u%d", j+1)), j+1, j+1))
	}
	id := c.quote(c.id)
	statement := c.over("SELECT " + strings.Join(asked, ",\n  ") + "\nFROM (\n  SELECT " + strings.Join(rows, ",\n    ") + "\n  FROM " + source + " LEFT JOIN " + segments + " AS given ON " +
		source + "." + id + " = given." + id + "\n) AS described\nGROUP BY segment")
	p := &Profile{Columns: header.Columns(), All: newSegmentProfile("everybody", d)}
	sums := make([]float64, d)
	if err := r.read("add up each segment", statement, func(got *sql.Rows) error {
		var name sql.NullString
		g := newSegmentProfile("", d)
		present, steps, low, high := make([]int, d), make([]exact, d), make([]sql.NullFloat64, d), make([]sql.NullFloat64, d)
		into := []any{&name, &g.Customers}
		for j := range d {
			into = append(into, &present[j], &steps[j], &low[j], &high[j])
		}
		if err := got.Scan(into...); err != nil {
			return err
		}
		g.Name = name.String
		p.All.Customers += g.Customers
		for j := range d {
			g.Missing[j] = g.Customers - present[j]
			p.All.Missing[j] += g.Missing[j]
			if present[j] == 0 {
				continue
			}
			span := l.span[names[j]]
			mean, _ := momentsOf(int64(present[j]), steps[j].orZero(), new(big.Int))
			g.Mean[j], g.Low[j], g.High[j] = span.low+mean*(span.high-span.low)/fine, low[j].Float64, high[j].Float64
			sums[j] += g.Mean[j] * float64(present[j])
		}
		p.Segments = append(p.Segments, g)
		return nil
	}); err != nil {
		return nil, err
	}
	for j, name := range names {
		p.All.Mean[j], p.All.Low[j], p.All.High[j] = sums[j]/float64(p.All.Customers-p.All.Missing[j]), l.span[name].low, l.span[name].high
	}
	slices.SortFunc(p.Segments, func(a, b SegmentProfile) int {
		if a.Customers != b.Customers {
			return b.Customers - a.Customers
		}
		return strings.Compare(a.Name, b.Name)
	})
	return p, nil
}

func newSegmentProfile(name string, d int) SegmentProfile {
	none := slices.Repeat([]float64{math.NaN()}, d)
	return SegmentProfile{Name: name, Missing: make([]int, d), Mean: none, Low: slices.Clone(none), High: slices.Clone(none)}
}

// sheetColumns is how many columns the sheet shows at most, so that it fits a page.
const sheetColumns = 8

// Sheet lays out sizes, shares and means, with a row for each segment. If there are many columns, it shows those in which the means differ most, relative to
// the overall mean.
func (p *Profile) Sheet() sheet.Sheet {
	if p == nil {
		return sheet.Sheet{}
	}
	s := sheet.Sheet{Caption: fmt.Sprintf("%d segments of %s customers", len(p.Segments), sheet.Count(p.All.Customers)),
		Columns: []sheet.Column{{Name: "segment", Text: true}, {Name: "customers"}, {Name: "share"}},
		Notes:   []string{"Numbers are means, in the customers' own units: medians would have to bring or sort all customers."}}
	groups := append(slices.Clone(p.Segments), p.All)
	for _, g := range groups {
		name := g.Name
		if name == "" {
			name = "in no segment"
		}
		s.Rows = append(s.Rows, []string{name, sheet.Count(g.Customers), sheet.Percent(float64(g.Customers) / float64(p.All.Customers))})
	}
	shown := p.telling()
	if more := len(p.Columns) - len(shown); more > 0 {
		s.Notes = append(s.Notes, fmt.Sprintf("These are the %d columns in which the means differ most, of %d.", len(shown), len(p.Columns)))
	}
	for _, j := range shown {
		s.Columns = append(s.Columns, sheet.Column{Name: p.Columns[j].Name, Unit: p.Columns[j].Unit})
		means := make([]float64, len(groups))
		for i, g := range groups {
			means[i] = g.Mean[j]
		}
		for i, mean := range sheet.Numbers(means) {
			s.Rows[i] = append(s.Rows[i], mean)
		}
	}
	return s
}

// telling are the positions of the columns to be shown, in their order.
func (p *Profile) telling() []int {
	order, spread := pick.All(len(p.Columns)), make([]float64, len(p.Columns))
	for j := range p.Columns {
		for _, g := range p.Segments {
			if away := math.Abs(g.Mean[j]-p.All.Mean[j]) / math.Abs(p.All.Mean[j]); away > 0 { // not of what has no mean
				spread[j] += float64(float64(g.Customers) * away)
			}
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(spread[b], spread[a]) })
	order = order[:min(sheetColumns, len(order))]
	slices.Sort(order)
	return order
}
