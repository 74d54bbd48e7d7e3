package chart

// Histograms: how the values of a column are spread.

import (
	"fmt"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/quantile"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

const (
	perRow     = 3  // panels side by side
	mostPanels = 12 // a page of them; the note tells of the rest
)

// Histograms draws one histogram per column; if none are named, for every numeric one (at most 12; the note names the rest).
// It counts customers: rows with FrequencyWeights as often as they repeat, rows with SamplingWeights once.
func Histograms(t *table.Table, columns ...string) (*Figure, error) {
	if t == nil {
		return nil, fault.Nil("chart.Histograms", "table")
	}
	if len(columns) == 0 {
		for _, c := range numeric(t) {
			columns = append(columns, c.Name)
		}
	}
	if len(columns) == 0 {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: chart.Histograms: the table has no numeric column")
	}
	fig := &Figure{}
	if len(columns) > mostPanels {
		var more []string
		for _, name := range columns[mostPanels:] {
			more = append(more, clean(name))
		}
		fig.remark("Not drawn: %s.", sheet.List(more))
		columns = columns[:mostPanels]
	}
	wide := min(perRow, len(columns))
	if len(columns) == 4 {
		wide = 2
	}
	var most distribution
	for i, name := range columns {
		d, err := distributionOf("Histograms", t, name)
		if err != nil {
			return nil, err
		}
		if i == 0 || math.Abs(d.skew) > math.Abs(most.skew) || math.IsNaN(most.skew) {
			most = d
		}
		if i%wide == 0 {
			fig.Panels = append(fig.Panels, nil)
		}
		row := &fig.Panels[len(fig.Panels)-1]
		p := d.plot(blue, wide)
		if len(*row) == 0 {
			p.Y.Label.Text = "customers"
		}
		*row = append(*row, p)
		fig.describe("%s", d.sentence())
	}
	fig.Height = vg.Length(len(fig.Panels))*1.75*vg.Inch + 0.9*vg.Inch
	if len(columns) == 1 {
		fig.Height = 3.4 * vg.Inch
	}
	name := wording.InWords(short(clean(most.column.Name)))
	switch {
	case math.IsNaN(most.skew):
		fig.Title = fmt.Sprintf("%s with the same value: %s = %s", count(len(most.values), "customer"), name, amount(most.median, most.column.Unit))
	case math.Abs(most.skew) < 1:
		fig.Title = fmt.Sprintf("No long tail: skewness is at most %s (%s)", sheet.Fixed(math.Abs(most.skew), 1), name)
	case len(columns) == 1:
		fig.Title = fmt.Sprintf("Half of the customers have a %s of %s or less; the mean is %s", name, amount(most.median, most.column.Unit), amount(most.mean, most.column.Unit))
	default:
		fig.Title = fmt.Sprintf("%s has the longest tail: half of the customers are at or below %s; the mean is %s",
			wording.Capital(name), amount(most.median, most.column.Unit), amount(most.mean, most.column.Unit))
	}
	return fig, nil
}

// distribution is one column, ready to be drawn.
type distribution struct {
	column       table.Column
	values       []float64 // sorted
	missing      int
	mean, median float64
	skew         float64 // third standardised moment; NaN where all values are alike
}

func distributionOf(op string, t *table.Table, name string) (distribution, error) {
	c, rows, weights, missing, err := numbers(op, t, name)
	if err != nil {
		return distribution{}, err
	}
	values := rows
	if t.Weighting() == table.FrequencyWeights {
		values = nil
		for i, v := range rows {
			values = append(values, slices.Repeat([]float64{v}, int(weights[i]))...)
		}
	}
	slices.Sort(values)
	if math.IsInf(values[len(values)-1]-values[0], 0) {
		return distribution{}, fault.Errorf(fault.ErrUndefined, "segkit: chart.%s: column %q holds values too far apart to draw", op, name)
	}
	d := distribution{column: c, values: values, missing: missing, mean: stat.Mean(values, nil), skew: math.NaN()}
	d.median = quantile.Of(values, nil, false).At(0.5)
	if sd := stat.PopStdDev(values, nil); sd > 1e-12*math.Abs(d.mean) {
		d.skew = stat.Moment(3, values, nil) / (sd * sd * sd)
	}
	return d, nil
}

func (d distribution) sentence() string {
	mean := d.mean
	if span := d.values[len(d.values)-1] - d.values[0]; math.Abs(mean) < 1e-9*span {
		mean = 0 // what rounding left of a standardised column
	}
	s := fmt.Sprintf("%s: %s, median %s, mean %s, from %s to %s, skewness %s", clean(d.column.Label()), count(len(d.values), "value"),
		sheet.Number(d.median), sheet.Number(mean), sheet.Number(d.values[0]), sheet.Number(d.values[len(d.values)-1]), sheet.Number(d.skew))
	if d.missing > 0 {
		s += fmt.Sprintf(", %s missing", sheet.Count(d.missing))
	}
	return s + "."
}

// bins cuts the values into bars of equal, round width. Where a tail is longer than all the rest, the bars end at the
// first or last percentile, and below and above count what lies outside. Whole numbers get a bar each while there are few.
func (d distribution) bins() (start, width float64, counts []int, below, above int) {
	low, high := d.values[0], d.values[len(d.values)-1]
	sample := quantile.Of(d.values, nil, false)
	if first, last := sample.At(0.01), sample.At(0.99); last > first {
		if high-last > last-first {
			high = last
		}
		if first-low > last-first {
			low = first
		}
	}
	whole := !slices.ContainsFunc(d.values, func(v float64) bool { return v != math.Trunc(v) })
	switch {
	case high == low:
		width = math.Max(1, roundStep(math.Abs(high)/10+math.SmallestNonzeroFloat32))
		start = low - width/2
	case whole && high-low <= 30:
		width, start = 1, low-0.5
	default:
		width = roundStep((high - low) / 30)
		start = math.Floor(low/width) * width
	}
	counts = make([]int, int(math.Floor((high-start)/width+1e-9))+1)
	for _, v := range d.values {
		switch i := int(math.Floor((v - start) / width)); {
		case v < low:
			below++
		case i >= len(counts):
			above++
		default:
			counts[max(i, 0)]++
		}
	}
	if above == 0 && len(counts) > 1 && counts[len(counts)-1] == 0 {
		counts = counts[:len(counts)-1]
	}
	return start, width, counts, below, above
}

// plot draws the histogram in its place among others abreast; what lies outside the bars is said in words.
func (d distribution) plot(fill color.Color, abreast int) *plot.Plot {
	room := vg.Length(440 / abreast)
	p := newPlot(clean(d.column.Label()), "")
	p.X.Tick.Marker, p.Y.Tick.Marker = ticks{most: 7, room: room}, ticks{most: 5, whole: true}
	start, width, counts, below, above := d.bins()
	bars, highest := rects{}, 0
	for i, n := range counts {
		highest = max(highest, n)
		if n > 0 {
			bars = append(bars, rect{start + float64(i)*width, start + float64(i+1)*width, 0, float64(n), fill, color.White})
		}
	}
	end := start + float64(len(counts))*width
	p.Add(grid(false, true), bars)
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = start, end, 0, math.Max(1, float64(highest))
	said := ""
	if above > 0 {
		said = fmt.Sprintf("%s above, up to %s", sheet.Count(above), sheet.Number(d.values[len(d.values)-1]))
	}
	if below > 0 {
		if said != "" {
			said += "; "
		}
		said += fmt.Sprintf("%s below, down to %s", sheet.Count(below), sheet.Number(d.values[0]))
	}
	if d.missing > 0 {
		if said != "" {
			said += "; "
		}
		said += sheet.Count(d.missing) + " missing"
	}
	p.Title.Text, p.Title.TextStyle = wrap(sans(small), said, room, 2), toned(aligned(sans(small), draw.XCenter, draw.YTop), soft)
	return p
}
