package track

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/segkit/lab/internal/atomicfile"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/inert"
	"github.com/segkit/lab/segkit/internal/option"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Ledger is the file that a monthly job keeps: which customer was in which segment from when to when. It is replayed from a history, so the same
// orders, model and dates always give the same ledger, whatever was in the file before.
type Ledger struct {
	Dates   []time.Time  // (t) in the ledger, in rising order
	Rows    []Membership // by customer, then by From
	Waiting int          // customers who were seen in another segment on the last date, close to its border, and move if they are seen there again; 0 in a ledger read from a file
}

// Membership is a customer's stay in a segment.
type Membership struct {
	Customer string
	Segment  string
	From     time.Time // first date on which it held
	To       time.Time // last day on which it held, the day before a date that found another segment; zero while it holds
}

// Hysteresis keeps customers on the border from moving back and forth. A customer moves at once to a segment if the margin there is at least Margin, and otherwise
// once that segment has been seen at Confirm dates in a row (always so if a method gives no margins). Today's segment then depends on earlier dates: SQL on today's
// customers alone cannot give it, but the ledger can.
type Hysteresis struct {
	Margin  float64 // 0 means .1; negative means that every move is made at once
	Confirm int     // 0 means 2
}

// Ledger replays the history under a rule.
func (h *History) Ledger(rule ...Hysteresis) (*Ledger, error) {
	r, err := option.AtMostOne("track.Ledger", rule)
	if err != nil {
		return nil, err
	}
	if err := h.at("track.Ledger", 0); err != nil {
		return nil, err
	}
	if r.Margin == 0 {
		r.Margin = .1
	}
	if r.Confirm == 0 {
		r.Confirm = 2
	}
	if r.Confirm < 1 {
		return nil, fault.Option("track.Hysteresis", "Confirm", r.Confirm, "at least 1, or 0 for 2")
	}
	out := &Ledger{Dates: slices.Clone(h.Dates)}
	type standing struct {
		segment string
		from    time.Time
		next    string // another that was seen
		seen    int    // at so many dates in a row
	}
	open := map[string]*standing{}
	for t, date := range h.Dates {
		s := h.Segments[t]
		here := make(map[string]bool, len(s.IDs))
		for i, id := range s.IDs {
			here[id] = true
			name, sure := s.Name(s.Labels[i]), r.Margin < 0 || s.Margin != nil && s.Margin[i] >= r.Margin
			now := open[id]
			switch {
			case now == nil:
				open[id] = &standing{segment: name, from: date}
				continue
			case name == now.segment:
				now.next, now.seen = "", 0
				continue
			case name == now.next:
				now.seen++
			default:
				now.next, now.seen = name, 1
			}
			if sure || now.seen >= r.Confirm {
				out.Rows = append(out.Rows, Membership{id, now.segment, now.from, date.AddDate(0, 0, -1)})
				open[id] = &standing{segment: name, from: date}
			}
		}
		for id, now := range open {
			if !here[id] { // outside of the window
				out.Rows = append(out.Rows, Membership{id, now.segment, now.from, date.AddDate(0, 0, -1)})
				delete(open, id)
			}
		}
	}
	for id, now := range open {
		out.Rows = append(out.Rows, Membership{Customer: id, Segment: now.segment, From: now.from})
		if now.next != "" {
			out.Waiting++
		}
	}
	out.sort()
	return out, nil
}

func (l *Ledger) sort() {
	slices.SortFunc(l.Rows, func(a, b Membership) int {
		if c := strings.Compare(a.Customer, b.Customer); c != 0 {
			return c
		}
		return a.From.Compare(b.From)
	})
}

// At returns the segment of every customer on a day, by id, as of the last date up to that day.
func (l *Ledger) At(date time.Time) map[string]string {
	out := map[string]string{}
	if l == nil {
		return out
	}
	date = dayOf(date)
	for _, m := range l.Rows {
		if !m.From.After(date) && (m.To.IsZero() || !m.To.Before(date)) {
			out[m.Customer] = m.Segment
		}
	}
	return out
}

// Forget returns the ledger without a customer, and how many of their stays were in it.
func (l *Ledger) Forget(customer string) (rest *Ledger, stays int) {
	if l == nil {
		return nil, 0
	}
	out := *l
	out.Rows = slices.DeleteFunc(slices.Clone(l.Rows), func(m Membership) bool { return m.Customer == customer })
	return &out, len(l.Rows) - len(out.Rows)
}

// Counts returns how many customers are in each segment on a date, by name.
func (l *Ledger) Counts(date time.Time) map[string]int {
	out := map[string]int{}
	for _, segment := range l.At(date) {
		out[segment]++
	}
	return out
}

// Segments returns the names of the segments that customers were in at any time, sorted.
func (l *Ledger) Segments() []string {
	if l == nil {
		return nil
	}
	names := map[string]bool{}
	for _, m := range l.Rows {
		names[m.Segment] = true
	}
	delete(names, (*table.Segments).Name(nil, table.Noise))
	return slices.Sorted(maps.Keys(names))
}

// Update says what a new ledger changes in an older one.
type Update struct {
	Added      []time.Time // dates that the older one did not have
	Moved      int         // customers whose segment on the last date differs from that on the last date of the older ledger
	Waiting    int         // customers who were seen in another segment on the last date, and have not moved yet: see Hysteresis
	New        int         // customers who were not in the older ledger
	BackFilled int         // customers whose segment on one of the older ledger's dates has changed: late orders, or orders that were withdrawn
}

// Since compares a ledger with the one before it, which may be nil.
func (l *Ledger) Since(older *Ledger) Update {
	var u Update
	if l == nil {
		return u
	}
	if older == nil {
		older = &Ledger{}
	}
	known := map[string]bool{}
	for _, m := range older.Rows {
		known[m.Customer] = true
	}
	for _, d := range l.Dates {
		if !slices.ContainsFunc(older.Dates, d.Equal) {
			u.Added = append(u.Added, d)
		}
	}
	fresh := map[string]bool{}
	for _, m := range l.Rows {
		if !known[m.Customer] {
			fresh[m.Customer] = true
		}
	}
	u.New, u.Waiting = len(fresh), l.Waiting
	if len(older.Dates) == 0 || len(l.Dates) == 0 {
		return u
	}
	filled := map[string]bool{}
	for _, d := range older.Dates {
		before, now := older.At(d), l.At(d)
		for id, segment := range before {
			if now[id] != segment {
				filled[id] = true
			}
		}
		for id := range now {
			if _, ok := before[id]; !ok {
				filled[id] = true
			}
		}
	}
	u.BackFilled = len(filled)
	before, now := l.At(older.Dates[len(older.Dates)-1]), l.At(l.Dates[len(l.Dates)-1])
	for id, segment := range before {
		if next, ok := now[id]; ok && next != segment {
			u.Moved++
		}
	}
	return u
}

// Nothing reports whether the ledger is unchanged.
func (u Update) Nothing() bool { return len(u.Added) == 0 && u.BackFilled == 0 }

// String reads like "2025-09-30 added; 214 customers moved, 91 are new, 30 were seen close to the border of another segment and move if they are seen there again; the past of 3 customers has changed (late orders, or another model)".
func (u Update) String() string {
	if u.Nothing() {
		return "nothing changed: the ledger already had these dates and orders"
	}
	var parts []string
	for _, d := range u.Added {
		parts = append(parts, d.Format(time.DateOnly))
	}
	text := ""
	if parts != nil {
		text = sheet.List(parts) + " added; " + wording.Plural(u.Moved, "customer") + " moved, " + sheet.Count(u.New) + " " + wording.Be(u.New) + " new"
		if u.Waiting > 0 {
			text += ", " + sheet.Count(u.Waiting) + map[bool]string{true: " was seen close to the border of another segment and moves if it is seen there again", false: " were seen close to the border of another segment and move if they are seen there again"}[u.Waiting == 1]
		}
	}
	if u.BackFilled > 0 {
		if text != "" {
			text += "; "
		}
		text += "the past of " + wording.Plural(u.BackFilled, "customer") + " has changed (late orders, or another model)"
	}
	return text
}

var ledgerHeader = []string{"customer", "segment", "valid_from", "valid_to"}

// lookedAt marks the rows that say which dates were looked at: a date on which no customer moved leaves no other trace.
const lookedAt = "(looked at)"

// WriteCSV writes the ledger to path: customer, segment, valid_from, valid_to (empty while it holds), and first a row "(looked at)" for each date. The
// file appears whole or not at all. Text that a spreadsheet would run gets an apostrophe in front, which ReadLedger removes.
func (l *Ledger) WriteCSV(path string) error {
	if l == nil {
		return fault.Nil("track.WriteCSV", "ledger")
	}
	return atomicfile.Write(path, func(w io.Writer) error {
		out := csv.NewWriter(w)
		if err := out.Write(ledgerHeader); err != nil {
			return err
		}
		for _, d := range l.Dates {
			if err := out.Write([]string{"", lookedAt, d.Format(time.DateOnly), d.Format(time.DateOnly)}); err != nil {
				return err
			}
		}
		for _, m := range l.Rows {
			to := ""
			if !m.To.IsZero() {
				to = m.To.Format(time.DateOnly)
			}
			if err := out.Write([]string{inert.Cell(m.Customer), inert.Cell(m.Segment), m.From.Format(time.DateOnly), to}); err != nil {
				return err
			}
		}
		out.Flush()
		return out.Error()
	})
}

// ReadLedger reads what WriteCSV writes; nil if there is no such file yet.
func ReadLedger(path string) (*Ledger, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("segkit: ReadLedger: %w", err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord = -1
	wrong := func(line int, column, value, why string) error {
		return &fault.CellError{Op: "track.ReadLedger", File: path, Line: line, Column: column, Value: value, Why: why,
			Remedy: "give the file that segkit track wrote, or another name for a new one", Err: fault.ErrFormat}
	}
	out := &Ledger{}
	for first := true; ; first = false {
		row, err := r.Read()
		if err == io.EOF {
			if first {
				return nil, wrong(0, "", "", "is empty")
			}
			break
		}
		if err != nil {
			return nil, wrong(0, "", "", "is not a CSV file ("+err.Error()+")")
		}
		line, _ := r.FieldPos(0)
		if first {
			row[0] = strings.TrimPrefix(row[0], "\ufeff") // a spreadsheet saved it
		}
		switch {
		case first && !slices.Equal(row, ledgerHeader):
			return nil, wrong(line, "", "", "is not a ledger of segments: its header is not "+strings.Join(ledgerHeader, ", "))
		case first:
			continue
		case len(row) != len(ledgerHeader):
			return nil, wrong(line, "", "", fmt.Sprintf("has %s, want %d", wording.CellCount(len(row)), len(ledgerHeader)))
		}
		m := Membership{Customer: inert.FromCell(row[0]), Segment: inert.FromCell(row[1])}
		if m.From, err = time.Parse(time.DateOnly, row[2]); err != nil {
			return nil, wrong(line, "valid_from", row[2], "is not a date as in 2025-09-30")
		}
		if row[3] != "" {
			if m.To, err = time.Parse(time.DateOnly, row[3]); err != nil {
				return nil, wrong(line, "valid_to", row[3], "is not a date as in 2025-09-30")
			}
			if m.To.Before(m.From) {
				return nil, wrong(line, "valid_to", row[3], "lies before valid_from")
			}
		}
		if m.Segment == lookedAt && m.Customer == "" {
			out.Dates = append(out.Dates, m.From)
			continue
		}
		out.Rows = append(out.Rows, m)
	}
	out.sort()
	slices.SortFunc(out.Dates, time.Time.Compare)
	for i := 1; i < len(out.Rows); i++ {
		if before, m := out.Rows[i-1], out.Rows[i]; before.Customer == m.Customer && (before.To.IsZero() || !m.From.After(before.To)) {
			return nil, wrong(0, "customer", m.Customer, fmt.Sprintf("is in two segments on %s", m.From.Format(time.DateOnly)))
		}
	}
	return out, nil
}

// Sheet lays out how many customers were in each segment on each date.
func (l *Ledger) Sheet() sheet.Sheet {
	if l == nil {
		return sheet.Sheet{}
	}
	names := map[string]bool{}
	for _, m := range l.Rows {
		names[m.Segment] = true
	}
	sorted := slices.Sorted(maps.Keys(names))
	out := sheet.Sheet{Caption: fmt.Sprintf("%s in %s", wording.Plural(len(l.Rows), "stay"), wording.Plural(len(sorted), "segment")), Columns: []sheet.Column{{Name: "date", Text: true}}}
	for _, name := range sorted {
		out.Columns = append(out.Columns, sheet.Column{Name: name})
	}
	for _, d := range l.Dates {
		row, counts := []string{d.Format(time.DateOnly)}, l.Counts(d)
		for _, name := range sorted {
			row = append(row, sheet.Count(counts[name]))
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}
