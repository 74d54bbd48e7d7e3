package combine

// Are those whom a source knows like the others?

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Bias says how the customers whom a source knows differ from the others, according to the other sources: people who answer a survey
// are usually not average customers, and what the answers say holds only for those who answered.
type Bias struct {
	Source  string
	In, Out int // customers whom it knows, and the others
	Columns []Contrast
}

// Contrast is one column of another source, or one level of a category, among the customers whom a source knows and the others.
type Contrast struct {
	Column     table.Column
	Source     string
	Level      string  // "" for a number
	In, Out    float64 // mean, or share of the level, among those known and the others
	NIn, NOut  int     // customers with a value
	Difference float64 // In minus Out, in standard deviations: the square root of the mean of both variances (Austin 2009, doi:10.1002/sim.3697)
	Low, High  float64 // 95 % interval of Difference (Hedges & Olkin 1985)
}

// Name reads like "spend (EUR)" or "city: Leeds".
func (c Contrast) Name() string {
	if c.Level != "" {
		return c.Column.Name + ": " + c.Level
	}
	return c.Column.Label()
}

// alike is the difference, in standard deviations, up to which two groups are usually called balanced (Austin 2009).
const alike = .1

// fewestBias is how many customers with a value a group needs.
const fewestBias = 10

// Bias compares the customers whom a source knows with the others, in all columns of the other sources, largest difference first. Columns
// with values for fewer than 10 customers in either group are left out, and so are levels that fewer than 10 customers have. If there are
// two levels, only one is compared. A source that knows everybody has no bias, which is an error that wraps ErrUndefined. It costs O(n d).
func (c *Combined) Bias(source string) (*Bias, error) {
	const op = "combine.Combined.Bias"
	at, err := c.index(op, []string{source})
	if err != nil {
		return nil, err
	}
	in := c.in[at[0]]
	out := &Bias{Source: source}
	for _, known := range in {
		if known {
			out.In++
		} else {
			out.Out++
		}
	}
	if out.Out == 0 {
		return nil, fault.Errorf(fault.ErrUndefined, "segkit: %s: %s knows all %s: there are no others to compare them with", op, source, wording.Plural(out.In, "customer"))
	}
	for j, col := range c.Table.Raw().Columns {
		if c.of[j] == at[0] {
			continue
		}
		values := c.Table.Raw().Column(j)
		from := c.Sources[c.of[j]]
		if col.Numeric() {
			out.add(Contrast{Column: col, Source: from}, values, in)
			continue
		}
		for _, l := range compared(col) {
			share := make([]float64, len(values))
			has := 0
			for i, v := range values {
				switch {
				case math.IsNaN(v):
					share[i] = v
				case int(v) == l:
					share[i] = 1
					has++
				}
			}
			if has >= fewestBias {
				out.add(Contrast{Column: col, Source: from, Level: col.Word(l)}, share, in)
			}
		}
	}
	slices.SortStableFunc(out.Columns, func(a, b Contrast) int { return cmp.Compare(math.Abs(b.Difference), math.Abs(a.Difference)) })
	return out, nil
}

// compared are the levels worth a line: one of two says it all, and yes rather than no.
func compared(c table.Column) []int {
	if len(c.Levels) == 2 {
		return []int{max(0, c.Yes())}
	}
	return pick.All(len(c.Levels))
}

// add compares values (n, NaN is missing) of the customers in and out.
func (b *Bias) add(c Contrast, values []float64, in []bool) {
	var groups [2][]float64
	for i, v := range values {
		switch {
		case math.IsNaN(v):
		case in[i]:
			groups[0] = append(groups[0], v)
		default:
			groups[1] = append(groups[1], v)
		}
	}
	c.NIn, c.NOut = len(groups[0]), len(groups[1])
	if min(c.NIn, c.NOut) < fewestBias {
		return
	}
	var sd [2]float64
	c.In, sd[0], _ = stats.Moments(groups[0], nil)
	c.Out, sd[1], _ = stats.Moments(groups[1], nil)
	both := math.Sqrt((float64(sd[0]*sd[0]) + float64(sd[1]*sd[1])) / 2)
	if both == 0 {
		return // all alike, or two constants: no spread to measure by
	}
	c.Difference = (c.In - c.Out) / both
	a, o := float64(c.NIn), float64(c.NOut)
	half := stats.Normal95 * math.Sqrt((a+o)/(a*o)+float64(c.Difference*c.Difference)/(2*(a+o)))
	c.Low, c.High = c.Difference-half, c.Difference+half
	b.Columns = append(b.Columns, c)
}

// Sheet lists the columns in which the two groups differ most.
func (b *Bias) Sheet() sheet.Sheet {
	out := sheet.Sheet{Caption: b.finding(), Total: len(b.Columns), Columns: []sheet.Column{{Name: "column", Text: true}, {Name: "source", Text: true},
		{Name: "with " + b.Source}, {Name: "without"}, {Name: "difference", Unit: "sd"}, {Name: "95 % interval"}}}
	for _, c := range b.Columns {
		in, without := sheet.Number(c.In), sheet.Number(c.Out)
		if c.Level != "" {
			in, without = sheet.Percent(c.In), sheet.Percent(c.Out)
		}
		out.Rows = append(out.Rows, []string{c.Name(), c.Source, in, without, signed(c.Difference), signed(c.Low) + " to " + signed(c.High)})
	}
	out.Notes = []string{fmt.Sprintf("Means, or shares of a level, among the %s in %s and the %s others; the difference is in standard deviations. "+
		"Up to %s the groups are usually called alike.", wording.Plural(b.In, "customer"), b.Source, sheet.Count(b.Out), sheet.Number(alike))}
	return out
}

// finding names the columns that differ clearly.
func (b *Bias) finding() string {
	var far []string
	n := 0
	for _, c := range b.Columns {
		if c.Low > alike || c.High < -alike {
			if n++; len(far) < 3 {
				far = append(far, fmt.Sprintf("%s (%s sd)", c.Name(), signed(c.Difference)))
			}
		}
	}
	who := fmt.Sprintf("The %s in %s", wording.Plural(b.In, "customer"), b.Source)
	switch {
	case len(b.Columns) == 0:
		return who + " cannot be compared with the others: no other source knows enough about both"
	case n == 0:
		return fmt.Sprintf("%s and the others: no clear difference in %s", who, wording.Plural(len(b.Columns), "figure"))
	}
	return fmt.Sprintf("%s are not like the others in %d of %d figures: %s", who, n, len(b.Columns), sheet.List(far))
}

// signed writes a difference with its sign.
func signed(v float64) string {
	if v > 0 {
		return "+" + sheet.Fixed(v, 2)
	}
	return sheet.Fixed(v, 2)
}

// Frame has a row for every figure compared.
func (b *Bias) Frame() table.Frame {
	return frame.New(
		frame.Each("column", b.Columns, func(c Contrast) string { return c.Column.Name }),
		frame.Each("level", b.Columns, func(c Contrast) string { return c.Level }),
		frame.Each("source", b.Columns, func(c Contrast) string { return c.Source }),
		frame.Each("with", b.Columns, func(c Contrast) float64 { return c.In }),
		frame.Each("without", b.Columns, func(c Contrast) float64 { return c.Out }),
		frame.Each("difference", b.Columns, func(c Contrast) float64 { return c.Difference }),
		frame.Each("low", b.Columns, func(c Contrast) float64 { return c.Low }),
		frame.Each("high", b.Columns, func(c Contrast) float64 { return c.High }),
	)
}

var _ sheet.Sheeter = (*Bias)(nil)
