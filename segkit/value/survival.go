package value

// How long customers stay where leaving has a date: contracts, subscriptions, accounts that are closed.

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/survival"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Survival is how long customers stay, by segment (Kaplan & Meier 1958, doi:10.1080/01621459.1958.10501452), and whether the segments differ (log-rank test: Mantel
// 1966; Peto & Peto 1972, doi:10.2307/2344317). Customers who have not left are censored; their stays do not count as ended.
type Survival struct {
	Curves  []SurvivalCurve
	Unit    string  // of time
	LogRank float64 // chi-square; NaN with one curve, or if nobody left
	Degrees int
	P       float64 // the chance of a difference this large if all segments stayed equally long
	LeftOut int     // customers without a segment, or whose time or state is missing

	FormedBy []string // columns that formed the segments; nil if unknown, and for all customers together
}

// SurvivalCurve is the share of a segment that stays, at each time at which a customer left or was last seen.
type SurvivalCurve struct {
	Segment   string
	Customers int
	Ended     int
	Times     []float64 // (t) ascending
	AtRisk    []int     // (t) who had been followed that long and had not left before
	Share     []float64 // (t) that stays longer
	Low, High []float64 // (t) 95 % interval
	Median    float64   // time by which half have left; NaN if more than half stay
}

// At returns the share that stays longer than a time; NaN beyond the last customer who was followed.
func (c SurvivalCurve) At(time float64) float64 {
	at, found := slices.BinarySearch(c.Times, time)
	switch {
	case found:
		return c.Share[at]
	case at == len(c.Times):
		return math.NaN()
	case at == 0:
		return 1
	}
	return c.Share[at-1]
}

// SurvivalOf estimates survival from a table with a column of time (how long each customer stayed, or was followed) and a column of yes or no, or 1 or 0, that says
// whether the customer left then. With nil segments, there is one curve for all. Segments that look back on who stayed, as RFM segments do, will always differ: form
// them from what was known when time began. It costs n log n.
func SurvivalOf(t *table.Table, time, left string, segments *table.Segments) (*Survival, error) {
	const op = "value.SurvivalOf"
	if t == nil {
		return nil, fault.Nil(op, "table")
	}
	column, times, err := t.Metric(time)
	if err != nil {
		return nil, err
	}
	state, ended, err := t.Metric(left)
	if err != nil {
		return nil, err
	}
	names, labels, formedBy := []string{"all customers"}, make(table.Labels, t.Len()), []string(nil)
	if segments != nil {
		if labels, err = segments.LabelsFor(op, t); err != nil {
			return nil, err
		}
		names, formedBy = segments.Names, segments.FormedBy
	}
	out := &Survival{Unit: column.Unit, LogRank: math.NaN(), P: math.NaN(), FormedBy: formedBy}
	type follow struct {
		time  float64
		ended bool
		label int
	}
	var all []follow
	for i, v := range times {
		switch {
		case labels[i] < 0 || math.IsNaN(v) || math.IsNaN(ended[i]):
			out.LeftOut++
			continue
		case v < 0 || math.IsInf(v, 0):
			return nil, &fault.CellError{Op: op, Row: i + 1, ID: t.Raw().IDs[i], Column: time, Value: wording.Number(v), Why: "is not a time for which a customer was followed", Remedy: "correct it, or leave the customer out", Err: fault.ErrOption}
		case ended[i] != 0 && ended[i] != 1:
			return nil, &fault.CellError{Op: op, Row: i + 1, ID: t.Raw().IDs[i], Column: state.Name, Value: wording.Number(ended[i]), Why: "says neither that the customer left (1) nor that they stayed (0)", Remedy: "make a column of 1 and 0 with With", Err: fault.ErrOption}
		}
		all = append(all, follow{v, ended[i] == 1, labels[i]})
	}
	if len(all) == 0 {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: %s: no customer of %d has a time, a state and a segment", op, t.Len())
	}
	distinctTimes := make([]float64, 0, len(all))
	for _, f := range all {
		distinctTimes = append(distinctTimes, f.time)
	}
	slices.Sort(distinctTimes)
	distinctTimes = slices.Compact(distinctTimes)
	k := len(names)
	ended2, going := make([][]int, k), make([][]int, k) // (k x times)
	for l := range names {
		ended2[l], going[l] = make([]int, len(distinctTimes)), make([]int, len(distinctTimes))
	}
	for _, f := range all {
		at, _ := slices.BinarySearch(distinctTimes, f.time)
		if f.ended {
			ended2[f.label][at]++
		} else {
			going[f.label][at]++
		}
	}
	for l, name := range names {
		out.Curves = append(out.Curves, curve(name, distinctTimes, ended2[l], going[l]))
	}
	out.test(ended2, going)
	return out, nil
}

// curve keeps the times at which something happened in the segment.
func curve(name string, times []float64, left, going []int) SurvivalCurve {
	c := SurvivalCurve{Segment: name, Median: math.NaN()}
	k := survival.KaplanMeier(left, going)
	for d, time := range times {
		if n := left[d] + going[d]; n > 0 {
			c.Customers += n
			c.Ended += left[d]
			c.Times, c.AtRisk, c.Share = append(c.Times, time), append(c.AtRisk, k.AtRisk[d]), append(c.Share, k.Share[d])
			c.Low, c.High = append(c.Low, k.Low[d]), append(c.High, k.High[d])
			if k.Share[d] <= .5 && math.IsNaN(c.Median) {
				c.Median = time
			}
		}
	}
	return c
}

// test compares who left of each segment with who would have if all were alike, at each time given who was there (k x times).
func (s *Survival) test(left, going [][]int) {
	var rows []int // segments with customers
	for l, c := range s.Curves {
		if c.Customers > 0 {
			rows = append(rows, l)
		}
	}
	if len(rows) < 2 {
		return
	}
	free := len(rows) - 1 // the last follows from the others
	risk := make([]float64, len(rows))
	for i, l := range rows {
		risk[i] = float64(s.Curves[l].Customers)
	}
	off, spread := mat.NewVecDense(free, nil), mat.NewSymDense(free, nil)
	for d := range left[0] {
		all, died := 0.0, 0.0
		for i, l := range rows {
			all, died = all+risk[i], died+float64(left[l][d])
		}
		if died > 0 {
			for i := range free {
				off.SetVec(i, off.AtVec(i)+float64(left[rows[i]][d])-died*risk[i]/all)
				for j := i; j < free && all > 1; j++ {
					v := -risk[i] * risk[j]
					if i == j {
						v += risk[i] * all
					}
					spread.SetSym(i, j, spread.At(i, j)+v/all/all*died*(all-died)/(all-1))
				}
			}
		}
		for i, l := range rows {
			risk[i] -= float64(left[l][d] + going[l][d])
		}
	}
	var c mat.Cholesky
	var solved mat.VecDense
	if !c.Factorize(spread) || c.SolveVecTo(&solved, off) != nil {
		return
	}
	s.LogRank, s.Degrees = mat.Dot(off, &solved), free
	s.P = distuv.ChiSquared{K: float64(free)}.Survival(s.LogRank)
}

// Says returns the finding in one sentence.
func (s *Survival) Says() string {
	if math.IsNaN(s.P) {
		return "How long customers stay"
	}
	chance := "p = " + sheet.Number(s.P)
	if s.P < .0001 {
		chance = "p < .0001"
	}
	if s.P < .05 {
		return fmt.Sprintf("Segments differ in how long customers stay (log-rank, %s)", chance)
	}
	return fmt.Sprintf("No difference between segments is shown in how long customers stay (log-rank, %s)", chance)
}

// Sheet lays out the curves by their medians and their ends.
func (s *Survival) Sheet() sheet.Sheet {
	if s == nil {
		return sheet.Sheet{}
	}
	out := sheet.Sheet{Caption: s.Says(), Columns: []sheet.Column{{Name: "segment", Text: true}, {Name: "customers"}, {Name: "left"}, {Name: "half have left by", Unit: s.Unit}, {Name: "followed to", Unit: s.Unit}, {Name: "stay beyond it", Unit: "%"}}}
	for _, c := range s.Curves {
		row := []string{c.Segment, sheet.Count(c.Customers), sheet.Count(c.Ended), "not seen", sheet.Missing, sheet.Missing}
		if !math.IsNaN(c.Median) {
			row[3] = sheet.Number(c.Median)
		}
		if end := len(c.Times) - 1; end >= 0 {
			row[4] = sheet.Number(c.Times[end])
			row[5] = fmt.Sprintf("%s (%s to %s)", sheet.Fixed(100*c.Share[end], 0), sheet.Fixed(100*c.Low[end], 0), sheet.Fixed(100*c.High[end], 0))
		}
		out.Rows = append(out.Rows, row)
	}
	out.Notes = []string{"Estimated by Kaplan-Meier: a customer who has not left is not counted as short. In brackets, 95 % intervals."}
	if len(s.Curves) > 1 {
		by := "It is not known what formed the segments (Segments.FormedBy)"
		if s.FormedBy != nil {
			by = "The segments were formed by " + wording.ColumnList(s.FormedBy)
		}
		out.Notes = append(out.Notes, by+". Where that looks back on who stayed, as recency does, the curves differ by construction.")
	}
	if s.LeftOut > 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("%s without a segment, or with no time or state, %s left out.", wording.Plural(s.LeftOut, "customer"), wording.Be(s.LeftOut)))
	}
	return out
}

// Frame returns the curves as a gota frame: segment, time, at_risk, share, low, high.
func (s *Survival) Frame() table.Frame {
	if s == nil {
		return table.Frame{}
	}
	type row struct {
		c SurvivalCurve
		d int
	}
	var rows []row
	for _, c := range s.Curves {
		for d := range c.Times {
			rows = append(rows, row{c, d})
		}
	}
	return frame.New(frame.Each("segment", rows, func(r row) string { return r.c.Segment }), frame.Each("time", rows, func(r row) float64 { return r.c.Times[r.d] }),
		frame.Each("at_risk", rows, func(r row) int { return r.c.AtRisk[r.d] }),
		frame.Numbers([]string{"share", "low", "high"}, rows, func(r row) []float64 { return []float64{r.c.Share[r.d], r.c.Low[r.d], r.c.High[r.d]} }))
}
