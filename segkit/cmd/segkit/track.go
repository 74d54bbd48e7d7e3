package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"time"

	"github.com/segkit/lab/internal/atomicfile"
	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cmd/internal/choices"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/track"
)

// trackCmd is a monthly job: it replays a frozen model at all dates of a history and at one more, says what has changed, and writes the history again. The
// same orders, model and dates give the same history, so that running it twice changes nothing.
type trackCmd struct {
	Model   string `arg:"" help:"Model, as segkit report or a notebook wrote it; its customers must have been made from order lines."`
	Orders  string `arg:"" help:"All order lines so far: CSV (gzip is recognised), an Excel workbook or Parquet."`
	Sheet   string `placeholder:"NAME,…" help:"Sheet of a workbook, otherwise the first; several with the same columns are read one after another as one table."`
	History string `required:"" help:"History of segments as CSV: customer, segment, valid_from, valid_to. It is created if there is none, and replaced whole or not at all."`
	AsOf    string `help:"Day to look at, as in 2025-09-30; otherwise the last day of the orders."`
	Refit   bool   `default:"true" negatable:"" help:"Compare the model with fresh fits, which takes the most time."`
	JSON    bool   `name:"json" help:"Write what is found as JSON (docs/command.md) instead of words."`
	Seed    int    `help:"Seed of all draws."`
}

func (c *trackCmd) Run(ctx context.Context) error {
	announce(c.Orders)
	found, err := c.find(ctx)
	if err != nil {
		return inFlags(err, c.Orders)
	}
	if err := found.print(os.Stdout, c.JSON); err != nil {
		return err
	}
	if found.Decision.Look {
		return lookError{fmt.Errorf("segkit: this is for a person to decide: %s", found.Decision)}
	}
	return nil
}

// find does the work, and writes the history when all of it went well.
func (c *trackCmd) find(ctx context.Context) (*tracked, error) {
	model, err := segkit.LoadModel(c.Model)
	if err != nil {
		return nil, err
	}
	older, err := track.ReadLedger(c.History)
	if err != nil {
		return nil, err
	}
	if err := atomicfile.Try(c.History); err != nil {
		return nil, err
	}
	if err := c.sameSegments(model, older); err != nil {
		return nil, err
	}
	spec, err := features.ParseSpec(model.Spec)
	if err != nil {
		return nil, &fault.CellError{Op: "track", File: c.Model, Why: "does not say how its columns were made from order lines", Remedy: "fit the model on a table that Features made", Err: fault.ErrSchema}
	}
	orders, notes, err := orderLines(c.Orders, c.Sheet, features.OrdersOptions{})
	if err != nil {
		return nil, err
	}
	unlike, err := spec.Familiar(orders)
	if err != nil {
		return nil, err
	}
	first, _, err := orders.Period()
	if err != nil {
		return nil, err
	}
	for _, note := range []string{unlike, withoutHistory(spec, first, c.Orders)} {
		if note != "" {
			notes = append(notes, note)
		}
	}
	clean, err := orders.Clean(spec.Rules...)
	if err != nil {
		return nil, err
	}
	assumed, err := unannounced(orders)
	if err != nil {
		return nil, err
	}
	if _, err := io.WriteString(os.Stderr, choices.InFlags(lines(slices.Concat(notes, assumed, []string{removed(clean.Ledger)})))); err != nil {
		return nil, err
	}
	dates, at, err := c.dates(clean, older)
	if err != nil {
		return nil, err
	}
	history, err := track.FollowContext(ctx, clean, model, dates) // which refuses days long after the orders
	if err != nil {
		return nil, err
	}
	silence, err := clean.Silence(dates[at])
	if err != nil {
		return nil, err
	}
	if silence != "" {
		fmt.Fprintln(os.Stderr, silence)
	}
	out := &tracked{model: model, history: history, at: at}
	if out.drift, err = history.DriftFromModelContext(ctx, at, track.DriftOptions{Seed: c.Seed}); err != nil {
		return nil, err
	}
	if at > 0 {
		if out.migration, err = history.MigrationContext(ctx, at-1, at, track.DrawOptions{Seed: c.Seed}); err != nil {
			return nil, err
		}
	}
	if out.Decision, err = out.decide(ctx, c); err != nil {
		return nil, err
	}
	if out.ledger, err = history.Ledger(); err != nil {
		return nil, err
	}
	if out.update = out.ledger.Since(older); older == nil || !out.update.Nothing() {
		return out, out.ledger.WriteCSV(c.History)
	}
	return out, nil
}

// sameSegments refuses a history of other segments than the model's: replaying it would rewrite the past.
func (c *trackCmd) sameSegments(model *segkit.Model, older *track.Ledger) error {
	if older == nil {
		return nil
	}
	for _, name := range older.Segments() {
		if !slices.Contains(model.Names, name) {
			return &fault.CellError{Op: "track", File: c.History, Column: "segment", Value: name, Why: "is not a segment of this model",
				Remedy: "give the model that the history was written with, or another name for the history of the new one", Err: fault.ErrSchema}
		}
	}
	return nil
}

// dates are those of the older history and the one to look at, and where among them it is.
func (c *trackCmd) dates(clean *features.Cleaned, older *track.Ledger) (dates []time.Time, at int, err error) {
	first, asOf, err := clean.Period()
	if err != nil {
		return nil, 0, err
	}
	if c.AsOf != "" {
		if asOf, err = time.Parse(time.DateOnly, c.AsOf); err != nil {
			return nil, 0, usageError{fmt.Errorf("segkit: --as-of is %q, want a day such as 2025-09-30", c.AsOf)}
		}
	}
	y, m, d := asOf.Date()
	asOf = time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	if start := first.Truncate(24 * time.Hour); asOf.Before(start) {
		return nil, 0, &fault.CellError{Op: "track", File: c.Orders, Err: fault.ErrEmpty,
			Why: fmt.Sprintf("begins on %s, after --as-of %s", start.Format(time.DateOnly), c.AsOf), Remedy: "choose a day within the orders"}
	}
	if older != nil {
		dates = slices.Clone(older.Dates)
	}
	if len(dates) > 0 && dates[0].Before(first.Truncate(24*time.Hour)) {
		return nil, 0, &fault.CellError{Op: "track", File: c.Orders, Err: fault.ErrEmpty,
			Why:    fmt.Sprintf("begins on %s, and the history on %s", first.Format(time.DateOnly), dates[0].Format(time.DateOnly)),
			Remedy: "give all order lines so far, since the history is replayed from its beginning"}
	}
	if at = slices.IndexFunc(dates, asOf.Equal); at < 0 {
		dates = append(dates, asOf)
		slices.SortFunc(dates, time.Time.Compare)
		at = slices.IndexFunc(dates, asOf.Equal)
	}
	return dates, at, nil
}

// tracked is what was found.
type tracked struct {
	Decision *track.Decision

	model     *segkit.Model
	history   *track.History
	at        int
	drift     *track.Drift
	migration *track.Migration // nil on the first date
	refreshed *track.Refreshed // nil where it was not asked for
	ledger    *track.Ledger
	update    track.Update
}

func (t *tracked) decide(ctx context.Context, c *trackCmd) (_ *track.Decision, err error) {
	if !c.Refit {
		return t.drift.Decide()
	}
	if t.refreshed, err = track.RefreshContext(ctx, t.model, t.history.Tables[t.at], track.RefreshOptions{Seed: c.Seed}); err != nil && ctx.Err() == nil {
		return nil, fmt.Errorf("segkit: the customers of %s cannot be fitted afresh (%w): look at the orders, or say --no-refit", t.history.Dates[t.at].Format(time.DateOnly), fault.Trimmed(err))
	} else if err != nil {
		return nil, err
	}
	return track.Decide(t.drift, t.refreshed)
}

func (t *tracked) print(w io.Writer, asJSON bool) error {
	if asJSON {
		return writeJSON(w, t.report())
	}
	sheets := []sheet.Sheet{t.history.Sheet()}
	if t.migration != nil {
		sheets = append(sheets, t.migration.Sheet(), t.migration.Money())
	}
	sheets = append(sheets, t.drift.Sheet())
	if t.refreshed != nil {
		sheets = append(sheets, t.refreshed.Sheet())
	}
	sheets = append(sheets, t.Decision.Sheet())
	for _, s := range once(sheets) {
		if _, err := fmt.Fprintln(w, s.Text()); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "History: %s.\n%s\n", t.update, t.Decision)
	return err
}

// once leaves out what a sheet above has noted already: sheets that stand alone elsewhere share some of their notes and reasons.
func once(sheets []sheet.Sheet) []sheet.Sheet {
	said := map[string]bool{}
	for i := range sheets {
		s := &sheets[i]
		s.Notes = slices.DeleteFunc(s.Notes, func(note string) bool { return said[note] })
		s.Rows = slices.DeleteFunc(s.Rows, func(row []string) bool { return len(row) == 1 && said[row[0]] })
		for _, note := range s.Notes {
			said[note] = true
		}
	}
	return sheets
}

// trackReport is the form of what segkit track --json writes: docs/command.md says what it means. A field more raises nothing, one less or of another
// meaning raises the version.
type trackReport struct {
	schema
	AsOf      string          `json:"as_of"`
	Dates     []string        `json:"dates"`
	Segments  []segmentReport `json:"segments"`
	History   historyReport   `json:"history"`
	Migration *moveReport     `json:"migration"`
	Drift     []driftReport   `json:"drift"`
	Refit     *refitReport    `json:"refit"`
	Decision  decisionReport  `json:"decision"`
}

type segmentReport struct {
	Name      string  `json:"name"`
	Customers int     `json:"customers"`
	Share     float64 `json:"share"`
}

type historyReport struct {
	Added      []string `json:"added"`
	Moved      int      `json:"moved"`
	Waiting    int      `json:"waiting"`
	New        int      `json:"new"`
	BackFilled int      `json:"back_filled"`
	Changed    bool     `json:"changed"`
}

type moveReport struct {
	From      string      `json:"from"`
	To        string      `json:"to"`
	States    []string    `json:"states"`
	Customers [][]int     `json:"customers"`
	Unit      string      `json:"unit"`
	Before    [][]float64 `json:"before"`
	Since     [][]float64 `json:"since"`
	Steady    [][]float64 `json:"steady"`
	Draws     int         `json:"draws"`
}

type driftReport struct {
	Column  string   `json:"column"`
	PSI     float64  `json:"psi"`
	Limit   float64  `json:"limit"`
	KS      *float64 `json:"ks"`
	JS      *float64 `json:"js"`
	P       float64  `json:"p"`
	Q       float64  `json:"q"`
	Drifted bool     `json:"drifted"`
	Season  bool     `json:"season"`
}

type refitReport struct {
	Agreement float64  `json:"agreement"`
	Refits    float64  `json:"refits_median"`
	P         float64  `json:"p"`
	Aged      bool     `json:"aged"`
	Names     []string `json:"names_today"`
}

type decisionReport struct {
	Action   string   `json:"action"`
	Sentence string   `json:"sentence"`
	Reasons  []string `json:"reasons"`
	NewNames []string `json:"new_names"`
	Look     bool     `json:"look"`
}

func (t *tracked) report() trackReport {
	text := func(d time.Time) string { return d.Format(time.DateOnly) }
	number := func(v float64) *float64 {
		if math.IsNaN(v) {
			return nil
		}
		return &v
	}
	h := t.history
	out := trackReport{schema: schema{"segkit/track", 1}, AsOf: text(h.Dates[t.at]),
		History:  historyReport{Added: []string{}, Moved: t.update.Moved, Waiting: t.update.Waiting, New: t.update.New, BackFilled: t.update.BackFilled, Changed: !t.update.Nothing()},
		Decision: decisionReport{t.Decision.Action.String(), t.Decision.String(), t.Decision.Reasons, t.Decision.NewNames, t.Decision.Look}}
	for _, d := range h.Dates {
		out.Dates = append(out.Dates, text(d))
	}
	for _, d := range t.update.Added {
		out.History.Added = append(out.History.Added, text(d))
	}
	s := h.Segments[t.at]
	for l, n := range s.Counts() {
		out.Segments = append(out.Segments, segmentReport{s.Names[l], n, float64(n) / float64(len(s.IDs))})
	}
	if m := t.migration; m != nil {
		out.Migration = &moveReport{text(m.From), text(m.To), m.States, m.Customers, m.Unit, m.Before, m.Spend, m.Still, m.Draws}
	}
	for _, c := range t.drift.Columns {
		out.Drift = append(out.Drift, driftReport{c.Column, c.PSI, c.Limit, number(c.KS), number(c.JS), c.P, c.Q, c.Drifted, c.Season})
	}
	if r := t.refreshed; r != nil {
		out.Refit = &refitReport{r.Rand, r.Refits[len(r.Refits)/2], r.P, r.Aged, r.NamesToday}
	}
	return out
}
