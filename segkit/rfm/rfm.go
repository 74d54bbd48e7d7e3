package rfm

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sort"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/quantile"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Options says what to score by. The zero value fits the tables of package features.
type Options struct {
	Recency   string // column: time since the last order, lower is better; "" means "recency"
	Frequency string // column: number of orders; "" means "orders"
	Monetary  string // column: what they spent; "" means "spend"
	Bins      int    // scores go from 1 (worst) to Bins; 0 means 5
	By        Breaks // how to find cuts if none are given; 0 means Quantiles
	Cuts      *Cuts  // cuts of an earlier Scores, or agreed ones; nil finds them in this table
}

// Breaks says how to find the cuts between scores.
type Breaks uint8

const (
	Quantiles Breaks = iota // as many customers in each bin as ties allow
	Jenks                   // natural breaks: values in a bin are as close together as possible; with skewed amounts, few customers get high scores
	FixedCuts               // as in Options.Cuts
)

// Cuts are the upper ends of all bins but the last, ascending (Bins-1 each): a value up to the first one falls into the first bin.
type Cuts struct {
	Recency, Frequency, Monetary []float64
}

// Scores are the scores of every customer: 1 is worst, Bins is best, for recency too.
type Scores struct {
	IDs     []string // (n)
	R, F, M []int    // (n) 1..Bins
	Bins    int
	By      Breaks
	Cuts    Cuts
	Bands   [3][]Band       // (Bins each) of recency, frequency and monetary, best score first
	Columns [3]table.Column // that were scored
}

// Band is one score as it came out.
type Band struct {
	Score, Customers int
	Low, High        float64 // smallest and largest value that got it; NaN when nobody did
}

// Score scores every customer of t (n), by quantiles unless Options.By says otherwise: five bins cut recency at its 20, 40, 60 and
// 80 % quantile (type 7). A value equal to a cut belongs below it, so equal values always get equal scores. If many customers share
// one value, some scores stay empty (see Empty), but the smallest and the largest value always get the scores at the two ends: a
// large group that covers several quantiles goes to the nearer end. Only if all values are equal do all customers get the same
// score, that of the smallest value. Weights are respected. Missing values are refused. Cost n log n.
func Score(t *table.Table, o Options) (*Scores, error) {
	names := [3]string{cmp.Or(o.Recency, "recency"), cmp.Or(o.Frequency, "orders"), cmp.Or(o.Monetary, "spend")}
	bins, frozen, err := o.bins()
	if err != nil {
		return nil, err
	}
	if t == nil || t.Len() == 0 {
		return nil, fmt.Errorf("segkit: rfm.Score: %w", fault.ErrEmpty)
	}
	s := &Scores{IDs: t.IDs(), Bins: bins, By: o.By}
	find := func(values, weights []float64, bins int) []float64 {
		return quantiles(values, weights, t.Weighting() == table.FrequencyWeights, bins)
	}
	switch {
	case o.Cuts != nil:
		s.By = FixedCuts
	case o.By == Jenks:
		find = jenks
	case o.By != Quantiles:
		return nil, &fault.OptionError{Method: "rfm.Options", Field: "By", Value: o.By, Want: "Quantiles or Jenks where there are no Cuts"}
	}
	scores := [3]*[]int{&s.R, &s.F, &s.M}
	cuts := [3]*[]float64{&s.Cuts.Recency, &s.Cuts.Frequency, &s.Cuts.Monetary}
	for p, name := range names {
		values, err := column(t, name)
		if err != nil {
			return nil, err
		}
		s.Columns[p], _ = t.Column(name)
		if *cuts[p] = slices.Clone(frozen[p]); frozen[p] == nil {
			*cuts[p] = find(values, t.Weights(), bins)
		}
		*scores[p] = make([]int, len(values))
		for i, v := range values {
			score := 1 + sort.SearchFloat64s(*cuts[p], v) // the number of cuts below v
			if p == 0 {
				score = bins + 1 - score
			}
			(*scores[p])[i] = score
		}
		s.Bands[p] = bands(values, *scores[p], bins)
	}
	return s, nil
}

// bins returns the number of bins and the frozen cuts, nil where there are none.
func (o Options) bins() (int, [3][]float64, error) {
	bins := cmp.Or(o.Bins, 5)
	if o.Cuts == nil {
		if bins < 2 || bins > 9 { // codes such as 543 have one digit each
			return 0, [3][]float64{}, &fault.OptionError{Method: "rfm.Options", Field: "Bins", Value: bins, Want: "2 to 9"}
		}
		return bins, [3][]float64{}, nil
	}
	frozen := [3][]float64{o.Cuts.Recency, o.Cuts.Frequency, o.Cuts.Monetary}
	if o.Bins == 0 {
		bins = len(frozen[0]) + 1
	}
	for p, field := range []string{"Cuts.Recency", "Cuts.Frequency", "Cuts.Monetary"} {
		if len(frozen[p]) != bins-1 || bins < 2 || bins > 9 || !slices.IsSorted(frozen[p]) || slices.ContainsFunc(frozen[p], math.IsNaN) {
			return 0, frozen, &fault.OptionError{Method: "rfm.Options", Field: field, Value: frozen[p],
				Want: fmt.Sprintf("%d ascending numbers, as for the other two", max(bins-1, 1))}
		}
	}
	return bins, frozen, nil
}

// column returns a numeric column without missing values.
func column(t *table.Table, name string) ([]float64, error) {
	values, err := t.Values(name)
	if err != nil {
		return nil, err
	}
	c, _ := t.Column(name)
	if c.Categorical() {
		return nil, &fault.CellError{Op: "rfm.Score", Column: name, Why: "is a category, and scores need numbers", Err: fault.ErrSchema}
	}
	bad := &fault.CellError{Op: "rfm.Score", Column: name, Why: "the value is missing or infinite", Err: fault.ErrNotFinite,
		Remedy: "leave these customers out with Where, or use prep.Impute first"}
	for i, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			if bad.Count++; bad.Count == 1 {
				bad.Row, bad.ID = i+1, t.IDs()[i]
			}
		}
	}
	if bad.Count > 0 {
		return nil, bad
	}
	return values, nil
}

// quantiles returns the cuts that part the values into bins of equal size, as far as ties allow (bins-1).
//
// A value on a cut belongs below it, as everywhere here. But a value that so many share that it overfills a bin by itself would
// take along all who lie below it: with 85 of 100 customers lapsed for 400 days every cut is 400, and the longest lapsed would
// score like those who ordered last week. Such a value goes above its cuts where that leaves the fuller of its two bins smaller,
// and the largest value goes above all cuts. So the smallest value gets the lowest bin and the largest the highest, if they differ.
func quantiles(values, weights []float64, repeats bool, bins int) []float64 {
	sample := quantile.Of(values, weights, repeats)
	cuts := make([]float64, bins-1)
	for b := range cuts {
		cuts[b] = sample.At(float64(b+1) / float64(bins))
	}
	distinct, sums := squares(values, weights)
	total := sums.w[len(distinct)]
	upTo := func(v float64) float64 {
		return sums.w[sort.Search(len(distinct), func(i int) bool { return distinct[i] > v })]
	}
	below := math.Inf(-1) // the cut before those at v
	for from, to := 0, 0; from < len(cuts); from = to {
		v := cuts[from]
		for to = from; to < len(cuts) && cuts[to] == v; {
			to++
		}
		if at, ok := slices.BinarySearch(distinct, v); ok && at > 0 {
			before, through, next := sums.w[at], sums.w[at+1], total // weights of the values below v, up to v, up to the next cut
			if to < len(cuts) {
				next = upTo(cuts[to])
			}
			stays := max(through-upTo(below), next-through)
			rises := max(before-upTo(below), next-before)
			if crowd := (through - before) * float64(bins); at == len(distinct)-1 || crowd > total && rises < stays {
				for b := from; b < to; b++ {
					cuts[b] = max(distinct[at-1], below)
				}
			}
		}
		below = cuts[to-1]
	}
	return cuts
}

func bands(values []float64, scores []int, bins int) []Band {
	out := make([]Band, bins)
	for b := range out {
		out[b] = Band{Score: bins - b, Low: math.NaN(), High: math.NaN()}
	}
	for i, v := range values {
		b := &out[bins-scores[i]]
		if b.Customers++; b.Customers == 1 {
			b.Low, b.High = v, v
		}
		b.Low, b.High = min(b.Low, v), max(b.High, v)
	}
	return out
}

// Code returns the scores of customer i side by side: "543".
func (s *Scores) Code(i int) string { return fmt.Sprintf("%d%d%d", s.R[i], s.F[i], s.M[i]) }

func (s *Scores) codes() []string {
	codes := make([]string, len(s.IDs))
	for i := range codes {
		codes[i] = s.Code(i)
	}
	return codes
}

// Empty says, in one sentence each, which scores nobody has because too many customers share one value.
func (s *Scores) Empty() []string {
	var out []string
	for p, bands := range s.Bands {
		var scores []string
		for _, b := range bands {
			if b.Customers == 0 {
				scores = append(scores, fmt.Sprint(b.Score))
			}
		}
		if scores != nil {
			out = append(out, fmt.Sprintf("Scores of %s that no customer has, because too many share one value: %s.", s.Columns[p].Name, sheet.List(scores)))
		}
	}
	return out
}

// Sheet lays out what each score means: the range of values and the number of customers who have it.
func (s *Scores) Sheet() sheet.Sheet {
	out := sheet.Sheet{Caption: fmt.Sprintf("%s customers scored 1 to %d", sheet.Count(len(s.IDs)), s.Bins),
		Columns: []sheet.Column{{Name: "score"}}, Notes: s.notes()}
	for _, c := range s.Columns {
		out.Columns = append(out.Columns, sheet.Column{Name: c.Name, Unit: c.Unit}, sheet.Column{Name: "customers", Unit: "by " + c.Name})
	}
	for b := range s.Bins {
		out.Rows = append(out.Rows, []string{fmt.Sprint(s.Bins - b)})
	}
	for _, bands := range s.Bands {
		var ends []float64
		for _, b := range bands {
			ends = append(ends, b.Low, b.High)
		}
		text := sheet.Numbers(ends)
		for b, band := range bands {
			out.Rows[b] = append(out.Rows[b], span(text[2*b], text[2*b+1]), sheet.Count(band.Customers))
		}
	}
	return out
}

// notes say what was scored, how the cuts were found, and which scores are empty.
func (s *Scores) notes() []string {
	meaning := [3]string{"Recency", "Frequency", "Monetary value"}
	var out []string
	for p, c := range s.Columns {
		note := fmt.Sprintf("%s is the column %s", meaning[p], c.Name)
		if c.About != "" {
			note += ": " + c.About
		}
		out = append(out, note+".")
	}
	how := [...]string{
		Quantiles: "Cut at the quantiles, so that scores have equal numbers of customers as far as ties allow",
		Jenks:     "Cut at natural breaks (Jenks), so that values of one score lie close together, however many customers have them",
		FixedCuts: "Cut where Options.Cuts says",
	}
	return append(append(out, how[s.By]+"; a value equal to a cut belongs below it."), s.Empty()...)
}

// span reads like "12 to 40".
func span(low, high string) string {
	if low == high {
		return low
	}
	return low + " to " + high
}

// Frame returns the scores as a gota frame: id, r, f, m and the code rfm, a row per customer.
func (s *Scores) Frame() table.Frame {
	return frame.New(frame.Column("id", s.IDs), frame.Column("r", s.R), frame.Column("f", s.F), frame.Column("m", s.M), frame.Column("rfm", s.codes()))
}

// Table returns the scores as a table, for rules and for joins: r, f and m, and the code rfm as a category, a row per customer.
// They are descriptors, so that nobody clusters scores by mistake.
func (s *Scores) Table() (*table.Table, error) {
	if s == nil {
		return nil, fault.Nil("rfm.Scores.Table", "scores")
	}
	codes := s.codes()
	levels := slices.Compact(slices.Sorted(slices.Values(codes)))
	data := make([]float64, 0, 4*len(s.IDs))
	for i, code := range codes {
		level, _ := slices.BinarySearch(levels, code)
		data = append(data, float64(s.R[i]), float64(s.F[i]), float64(s.M[i]), float64(level))
	}
	var columns []table.Column
	for p, name := range scoreNames {
		columns = append(columns, table.Column{Name: name, Role: table.Descriptor,
			About: fmt.Sprintf("score of %s, 1 (worst) to %d", s.Columns[p].Name, s.Bins), Ancestry: table.MadeOf(s.Columns[p])})
	}
	return table.New(s.IDs, append(columns, table.Column{Name: "rfm", Levels: levels, Role: table.Descriptor,
		About: "the three scores side by side", Ancestry: table.MadeOf(columns...)}), data)
}

// scoreNames are the columns that rules speak of.
var scoreNames = [3]string{"r", "f", "m"}
