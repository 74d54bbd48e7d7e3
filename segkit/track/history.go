package track

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/option"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// History says who was in which of the same segments at several dates. Every date knows the orders up to it and nothing later.
type History struct {
	Dates    []time.Time       // (t) days in rising order
	Names    []string          // (k) of the segments, in the order in which they first appeared
	Tables   []*table.Table    // (t) the customers as they were on each date
	Segments []*table.Segments // (t) their segments

	clean *features.Cleaned
	spec  features.Spec
	model *segkit.Model // the frozen one; nil where every date has its own
	score func(raw *table.Table) (*table.Segments, error)
	spent func(after, upTo time.Time) (map[string]features.Money, error)
	unit  string // of money
}

// MonthEnds returns the last day of every month from the month of first to that of last, both included.
func MonthEnds(first, last time.Time) []time.Time {
	var out []time.Time
	for y, m := first.Year(), first.Month(); ; m++ {
		end := time.Date(y, m+1, 0, 0, 0, 0, 0, time.UTC)
		if end.Year() > last.Year() || end.Year() == last.Year() && end.Month() > last.Month() {
			return out
		}
		out = append(out, end)
	}
}

// Follow scores the customers of an order log with one frozen model at many dates (t, rising), under job.DefaultContext. The features
// are made as for the model (Model.Spec), or by a given Spec; its as-of date is replaced with each date. It costs one pass over the
// lines (features.Cleaned.Snapshots), and t·n·k·d for scoring.
func Follow(clean *features.Cleaned, model *segkit.Model, dates []time.Time, spec ...features.Spec) (*History, error) {
	return FollowContext(job.DefaultContext, clean, model, dates, spec...)
}

// FollowContext is Follow under ctx.
func FollowContext(ctx context.Context, clean *features.Cleaned, model *segkit.Model, dates []time.Time, spec ...features.Spec) (*History, error) {
	const op = "track.Follow"
	s, err := option.AtMostOne(op, spec)
	if err != nil {
		return nil, err
	}
	switch {
	case clean == nil:
		return nil, fault.Nil(op, "cleaned orders")
	case model == nil:
		return nil, fault.Nil(op, "model")
	case len(spec) == 0:
		if s, err = features.ParseSpec(model.Spec); err != nil {
			return nil, &fault.CellError{Op: op, Err: fault.ErrSchema, Why: "the model does not say how its columns were made from order lines",
				Remedy: "give a features.Spec, or fit the model on a table that Features made"}
		}
	}
	h, err := follow(ctx, op, clean, s, dates, model.Score)
	if err == nil {
		h.model = model
	}
	return h, err
}

// follow makes the history of customers who are scored at every date.
func follow(ctx context.Context, op string, clean *features.Cleaned, spec features.Spec, dates []time.Time, score func(raw *table.Table) (*table.Segments, error)) (*History, error) {
	days := make([]time.Time, len(dates))
	for t, d := range dates {
		days[t] = dayOf(d)
	}
	if err := checkDates(op, clean, days); err != nil {
		return nil, err
	}
	h := &History{Dates: days, clean: clean, spec: spec, score: score, spent: clean.Spent, unit: clean.Currency()}
	tables, err := clean.Snapshots(days, spec)
	if err != nil {
		return nil, fmt.Errorf("segkit: %s: %w", op, fault.Trimmed(err))
	}
	for t, date := range days {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		job.Report(ctx, job.Progress{Task: "following the segments", Done: t, Total: len(days)})
		raw := tables[t]
		s, err := score(raw)
		if err != nil {
			return nil, fmt.Errorf("segkit: %s: %s: %w", op, date.Format(time.DateOnly), fault.Trimmed(err))
		}
		h.Tables, h.Segments = append(h.Tables, raw), append(h.Segments, s)
		for _, name := range s.Names {
			if !slices.Contains(h.Names, name) {
				h.Names = append(h.Names, name)
			}
		}
	}
	return h, nil
}

// dayOf is the calendar day of a time in its own zone.
func dayOf(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

func daysBetween(a, b time.Time) int { return int(b.Sub(a) / (24 * time.Hour)) }

// slack is how many days after the last order a date may lie: a shop may be closed for a while, and an order file may be old.
const slack = 31

// checkDates refuses dates that do not rise, or that the orders know nothing of.
func checkDates(op string, clean *features.Cleaned, dates []time.Time) error {
	if len(dates) == 0 {
		return fault.Option(op, "dates", "none", "at least one date, as track.MonthEnds gives them")
	}
	first, last, err := clean.Period()
	if err != nil {
		return err
	}
	for t, d := range dates {
		if t > 0 && !d.After(dates[t-1]) {
			return fault.Option(op, "dates", d.Format(time.DateOnly), "dates in rising order, but "+dates[t-1].Format(time.DateOnly)+" comes before it")
		}
	}
	if end := dates[len(dates)-1]; daysBetween(dayOf(last), end) > slack {
		return &fault.CellError{Op: op, Why: fmt.Sprintf("%s lies %d days after the last order line (%s), and every customer would look lapsed", end.Format(time.DateOnly), daysBetween(dayOf(last), end), last.Format(time.DateOnly)),
			Remedy: "give the orders up to that day, or an earlier date", Err: fault.ErrEmpty}
	}
	if dates[0].Before(dayOf(first)) {
		return fault.Option(op, "dates", dates[0].Format(time.DateOnly), fmt.Sprintf("dates from %s to %s, the days of the orders", first.Format(time.DateOnly), last.Format(time.DateOnly)))
	}
	return nil
}

// noSegment and notThere are the states of customers without a segment.
const (
	noSegment = "in no segment"
	notThere  = "not a customer"
)

// states are the names of the k segments, and behind them those of customers in no segment and of those who are not in the table at a date: not yet, or, where only a window
// of days counts, no longer.
func (h *History) states() []string { return append(slices.Clone(h.Names), noSegment, notThere) }

// stateOf returns the state of every customer of date t, by id.
func (h *History) stateOf(t int) map[string]int { return h.statesIn(h.Segments[t]) }

func (h *History) statesIn(s *table.Segments) map[string]int {
	at := h.indexes(s)
	out := make(map[string]int, len(s.IDs))
	for i, id := range s.IDs {
		if out[id] = len(h.Names); s.Labels[i] >= 0 {
			out[id] = at[s.Labels[i]]
		}
	}
	return out
}

// indexes says which of h.Names each segment of s is.
func (h *History) indexes(s *table.Segments) []int {
	at := make([]int, len(s.Names))
	for l, name := range s.Names {
		at[l] = slices.Index(h.Names, name)
	}
	return at
}

// counts returns how many customers of date t are in each of h.Names.
func (h *History) counts(t int) []int {
	out := make([]int, len(h.Names))
	at := h.indexes(h.Segments[t])
	for l, n := range h.Segments[t].Counts() {
		out[at[l]] += n
	}
	return out
}

// at resolves a date of the history.
func (h *History) at(op string, t int) error {
	if h == nil {
		return fault.Nil(op, "history")
	}
	if t < 0 || t >= len(h.Dates) {
		return fault.Option(op, "date", t, fmt.Sprintf("0 to %d: the history has %s", len(h.Dates)-1, wording.Plural(len(h.Dates), "date")))
	}
	return nil
}

// Of returns the history of one segment: at each date, the customers who are in it then. Its Drift says whether the segment has different customers than
// before. In a column of all customers, this may be hidden, or seem to happen because another segment grew.
func (h *History) Of(segment string) (*History, error) {
	const op = "track.Of"
	if h == nil {
		return nil, fault.Nil(op, "history")
	}
	if !slices.Contains(h.Names, segment) {
		return nil, fault.Option(op, "segment", fmt.Sprintf("%q", segment), "one of "+sheet.List(h.Names))
	}
	out := *h
	out.Names, out.Tables, out.Segments = []string{segment}, nil, nil
	for t, s := range h.Segments {
		label := slices.Index(s.Names, segment)
		var rows []int
		for i, l := range s.Labels {
			if label >= 0 && l == label {
				rows = append(rows, i)
			}
		}
		if rows == nil {
			return nil, &fault.CellError{Op: op, Why: fmt.Sprintf("no customer is in %q on %s", segment, h.Dates[t].Format(time.DateOnly)), Remedy: "follow dates on which it has customers", Err: fault.ErrEmpty}
		}
		only := s.OfRows(rows)
		only.Names, only.Labels, only.Model = []string{segment}, make(table.Labels, len(rows)), nil
		out.Tables, out.Segments = append(out.Tables, h.Tables[t].Rows(rows)), append(out.Segments, only)
	}
	inner := h.score
	out.score = func(raw *table.Table) (*table.Segments, error) { // for draws: others are in no segment
		s, err := inner(raw)
		if err != nil {
			return nil, err
		}
		label := slices.Index(s.Names, segment)
		for i, l := range s.Labels {
			if s.Labels[i] = table.Noise; l == label {
				s.Labels[i] = 0
			}
		}
		s.Names = []string{segment}
		return s, nil
	}
	out.model = nil
	return &out, nil
}

// Sheet lays out how many customers were in each segment on every date.
func (h *History) Sheet() sheet.Sheet {
	out := sheet.Sheet{Columns: []sheet.Column{{Name: "date", Text: true}, {Name: "customers"}}}
	if h == nil || len(h.Dates) == 0 {
		return out
	}
	first, last := h.Dates[0].Format(time.DateOnly), h.Dates[len(h.Dates)-1].Format(time.DateOnly)
	out.Caption = fmt.Sprintf("Customers in %s on %s", wording.Plural(len(h.Names), "segment"), first)
	if len(h.Dates) > 1 {
		out.Caption = fmt.Sprintf("Customers in %s on %s, from %s to %s", wording.Plural(len(h.Names), "segment"), wording.Plural(len(h.Dates), "date"), first, last)
	}
	for _, name := range h.Names {
		out.Columns = append(out.Columns, sheet.Column{Name: name, Unit: "%"})
	}
	for t, s := range h.Segments {
		row := []string{h.Dates[t].Format(time.DateOnly), sheet.Count(len(s.IDs))}
		for _, n := range h.counts(t) {
			row = append(row, sheet.Fixed(100*float64(n)/float64(max(len(s.IDs), 1)), 1))
		}
		out.Rows = append(out.Rows, row)
	}
	if h.spec.Window == 0 {
		out.Notes = append(out.Notes, "All days up to each date count, so a customer's orders and spend can only grow: a model ages from that alone. With a window of days (Spec.Window), dates can be compared.")
	}
	remarks := map[string]bool{}
	for t, s := range h.Segments {
		for _, r := range s.Remarks {
			if strings.Contains(r, "in no segment") && !remarks[r] {
				remarks[r] = true
				out.Notes = append(out.Notes, h.Dates[t].Format(time.DateOnly)+": "+r)
			}
		}
	}
	return out
}

// Shares returns the share of the customers of each date in each segment (t x k).
func (h *History) Shares() [][]float64 {
	if h == nil {
		return nil
	}
	out := make([][]float64, len(h.Dates))
	for t, s := range h.Segments {
		for _, n := range h.counts(t) {
			out[t] = append(out[t], float64(n)/float64(max(len(s.IDs), 1)))
		}
	}
	return out
}
