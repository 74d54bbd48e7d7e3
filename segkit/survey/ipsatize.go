package survey

import (
	"fmt"
	"math"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/kinds"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/table"
)

// Ipsatize takes response style out of a battery: every answer becomes its distance from the respondent's own mean, so that somebody who
// agrees with everything and somebody who agrees with nothing are distinguished by what they stress. That mean reflects style only if the
// battery is broad and balanced: many items on different things, or as many worded one way as the other, scored as answered. If all items
// ask for one thing, the mean is that thing, and Ipsatize takes it away. So fewer than five columns, columns with different units and
// columns whose alpha is .7 or more are refused, unless Anyway is set; with fewer than ten columns, the table carries a warning.
//
// Afterwards rows add up to 0, so the columns have one dimension fewer than their number, and correlations between them are pushed below 0,
// to -1/(c-1) on average. Distances tolerate that; for methods that need a full covariance, leave a column out or follow it with prep.PCA,
// which drops the empty direction. A missing answer stays missing and does not count in the mean. The mean is not kept, so the step cannot
// be undone: describe segments by the answers as given. Fit costs n·c², Apply n·c.
//
// See R. Fischer, "Standardization to account for cross-cultural response bias", Journal of Cross-Cultural Psychology 35(3), 2004,
// doi:10.1177/0022022104264122; H. Baumgartner and J.-B. E. M. Steenkamp, "Response styles in marketing research", Journal of Marketing
// Research 38(2), 2001, doi:10.1509/jmkr.38.2.143.18840.
type Ipsatize struct {
	Columns []string `json:"columns,omitempty"` // empty: every numeric column
	Anyway  bool     `json:"anyway,omitempty"`  // even if the mean is probably what the battery measures
}

// fittedIpsatize is Ipsatize bound to its columns.
type fittedIpsatize struct {
	table.Schema
	Alpha float64 `json:"alpha"` // of the columns when it was fitted; 0 if undefined
}

var _ prep.Transformer = Ipsatize{}

func init() {
	kinds.Add[Ipsatize](kinds.Transformers, "ipsatize")
	kinds.Add[fittedIpsatize](kinds.Fitted, "ipsatize")
}

const (
	leastBattery = 5  // columns below which a mean says more of its items than of style
	broadBattery = 10 // columns from which correlations are hardly distorted
	oneThing     = .7 // alpha from which answers are commonly taken for those to one question
)

// Fit binds the columns, and refuses batteries whose mean is not a matter of style.
func (o Ipsatize) Fit(t *table.Table) (prep.Fitted, error) {
	const op = "survey.Ipsatize"
	b, at, err := table.SchemaOf(op, t, o.Columns, table.Column.Numeric)
	if err != nil {
		return nil, err
	}
	f := fittedIpsatize{Schema: b}
	var rows [][]float64
	for i := range t.Raw().IDs {
		row, whole := make([]float64, len(at)), true
		for p, j := range at {
			row[p] = t.At(i, j)
			whole = whole && !math.IsNaN(row[p])
		}
		if whole {
			rows = append(rows, row)
		}
	}
	if len(rows) > 2 && len(at) > 1 {
		c, _ := covariances(rows, len(at))
		straight := make([]float64, len(at))
		for p := range straight {
			straight[p] = 1
		}
		if a := alpha(c, straight); !math.IsNaN(a) {
			f.Alpha = a
		}
	}
	if o.Anyway {
		return f, nil
	}
	if len(at) < leastBattery {
		return nil, fault.Option(op, "Columns", len(at), fmt.Sprintf("%d at least: the mean of fewer says what these items say. Set Anyway if it is style all the same", leastBattery))
	}
	for _, c := range f.Schema.Columns[1:] {
		if first := f.Schema.Columns[0]; c.Unit != first.Unit {
			return nil, &fault.CellError{Op: op, File: t.Raw().Source, Column: c.Name, Err: fault.ErrSchema,
				Why:    fmt.Sprintf("is in %s, and %s is in %s, so a mean over both says nothing", unit(c), first.Name, unit(first)),
				Remedy: "name the columns of one battery in Ipsatize.Columns"}
		}
	}
	if f.Alpha >= oneThing {
		return nil, fault.Errorf(fault.ErrUndefined, "segkit: %s: the answers to these %d items go together (alpha %.2f), so a respondent's mean is what they ask about, and not a style: "+
			"ipsatize broad, balanced batteries only, scored as answered, or set Anyway", op, len(at), f.Alpha)
	}
	return f, nil
}

func unit(c table.Column) string {
	if c.Unit == "" {
		return "no unit"
	}
	return c.Unit
}

// Apply subtracts every respondent's mean.
func (f fittedIpsatize) Apply(t *table.Table) (*table.Table, error) {
	at, err := f.Find("survey.Ipsatize", t)
	if err != nil {
		return nil, err
	}
	_, d := t.Dims()
	raw := t.Raw()
	data := make([]float64, len(raw.Data))
	copy(data, raw.Data)
	for i := range raw.IDs {
		sum, n := 0., 0.
		for _, j := range at {
			if v := data[i*d+j]; !math.IsNaN(v) {
				sum, n = sum+v, n+1
			}
		}
		for _, j := range at {
			data[i*d+j] -= sum / n
		}
	}
	columns := table.CloneColumns(raw.Columns)
	for _, j := range at {
		columns[j].Unit = "from own mean"
	}
	out := t.WithData(columns, data)
	out.Raw().Transformed = true
	if len(at) < broadBattery {
		note := fmt.Sprintf("Each answer is its distance from the respondent's own mean of %d items; of so few, correlations are pushed %.2f below 0 on average.", len(at), 1/float64(len(at)-1))
		if out.Raw().Note != "" {
			note = out.Raw().Note + " " + note
		}
		out.Raw().Note = note
	}
	return out, nil
}

// Kind is "ipsatize".
func (fittedIpsatize) Kind() string { return "ipsatize" }

func (f fittedIpsatize) Valid() error { return f.Check("ipsatize") }
