package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/segkit/lab/segkit/cmd/internal/choices"
	"github.com/segkit/lab/segkit/cmd/segkit-engine/internal/connect"
	"github.com/segkit/lab/segkit/engine"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/inert"
	"github.com/segkit/lab/segkit/internal/progressbar"
	"github.com/segkit/lab/segkit/internal/terminal"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/sheet"
)

// connection are the flags of every command.
type connection struct {
	Engine  string `required:"" placeholder:"URL" help:"duckdb://shop.db, duckdb:///folder/*.parquet, postgres://user@host/database or trino://user@host:8080/catalog/schema. Passwords come from PGPASSWORD, ~/.pgpass or TRINO_PASSWORD."`
	Source  string `required:"" placeholder:"FILE" help:"The source file, which says where the order lines are: a line each for table (or query) and the columns customer, order, date, quantity, price (or amount), product, name, category, status, as in customer = \"customer_id\"; lists of descriptors, rules and undone; or, of customers, a line for id. docs/command.md shows one."`
	Scratch string `placeholder:"CATALOG.SCHEMA" help:"Schema where Trino makes helper tables; otherwise the schema of the URL."`
	DryRun  bool   `help:"Print every statement and run none, except those that ask for the version and the columns."`
}

// session is a command at work on an engine.
type session struct {
	*engine.Engine
	source source
	target connect.Target
	db     *sql.DB
	bar    progressbar.Bar
	dry    bool
	after  string // what a dry run does not know: how far the rest may go
	out    io.Writer

	own  map[int]engine.Statement // those of the command itself, by the place of the engine's behind them
	only map[int]string           // where the command sends some of the engine's, by their place
}

var dialects = map[string]engine.Dialect{connect.DuckDB: engine.DuckDB, connect.PostgreSQL: engine.PostgreSQL, connect.Trino: engine.Trino}

// on opens the engine and has work do its work. First the work is done dry, which tells how many statements it takes; with --dry-run that is all.
func (c connection) on(ctx context.Context, work func(ctx context.Context, s *session) error) (err error) {
	target, err := connect.Parse(c.Engine)
	if err != nil {
		return fault.Errorf(fault.ErrOption, "%s", err)
	}
	src, err := readSource(c.Source, target)
	if err != nil {
		return err
	}
	db, err := target.Open(ctx)
	if err != nil {
		return err
	}
	scratch, remove, err := target.Scratch(ctx, db)
	if err != nil {
		return errors.Join(err, db.Close())
	}
	defer remove()
	defer func() { // a database that is closed writes down what was made in it
		if unwritten := db.Close(); unwritten != nil {
			err = errors.Join(err, fmt.Errorf("segkit: the database could not be closed: %w", unwritten))
		}
	}()
	if c.Scratch == "" {
		c.Scratch = scratch
	} else if scratch != "" {
		return fault.Errorf(fault.ErrOption, "segkit: --scratch is for Trino: where DuckDB makes helper tables is the temp_directory of the URL, as in duckdb://shop.db?temp_directory=/data/tmp")
	}
	if err := c.session(ctx, db, target, src, true, work); err != nil || c.DryRun {
		return err
	}
	return c.session(ctx, db, target, src, false, work)
}

func (c connection) session(ctx context.Context, db *sql.DB, target connect.Target, src source, dry bool, work func(ctx context.Context, s *session) error) (err error) {
	e, err := engine.OpenContext(ctx, db, dialects[target.Kind], engine.Options{Scratch: c.Scratch, DryRun: dry})
	if err != nil {
		return err
	}
	s := &session{Engine: e, source: src, target: target, db: db, dry: dry, out: os.Stdout, own: map[int]engine.Statement{}, only: map[int]string{}}
	if dry {
		s.out = io.Discard
	} else {
		ctx = job.WithProgress(ctx, s.progress())
	}
	defer func() {
		s.bar.Clear()
		if left := e.Close(); err == nil {
			err = left
		}
	}()
	err = work(ctx, s)
	sent, where := s.sent()
	switch {
	case !dry && err != nil:
		return err
	case !dry:
		s.bar.Clear()
		fmt.Fprintf(os.Stderr, "%s sent: %s whatever the data, and %s because these data need them.\n", wording.Plural(sent+where.n, "statement"), sheet.Count(sent), sheet.Count(where.n))
		return nil
	case c.DryRun:
		return s.print(os.Stdout, err)
	case errors.Is(err, fault.ErrOption) || errors.Is(err, fault.ErrMissingColumn) || ctx.Err() != nil:
		return err
	}
	more := ""
	if where.n > 0 {
		more = ", and more " + sheet.List(where.only)
	}
	fmt.Fprintf(os.Stderr, "%s %s: %s to send%s%s.\n", dialects[target.Kind], e.Version(), wording.Plural(sent, "statement"), more, s.after)
	return nil // what else is wrong shows where there are rows
}

// where marks the statements of do as sent only there.
func (s *session) where(only string, do func()) {
	from := len(s.Engine.Statements())
	do()
	for i := range s.Engine.Statements()[from:] {
		s.only[from+i] = only
	}
}

// Statements are those of the engine and of the command.
func (s *session) Statements() []engine.Statement {
	all := s.Engine.Statements()
	for i, only := range s.only {
		all[i].Where = only
	}
	for _, i := range slices.Backward(slices.Sorted(maps.Keys(s.own))) {
		all = slices.Insert(all, i, s.own[i])
	}
	return all
}

// progress shows what is being done: in a bar on a terminal, and elsewhere, as in a log, by a line for each statement.
func (s *session) progress() func(job.Progress) {
	if s.bar.Draw = progressbar.Terminal(); s.bar.Draw != nil {
		return s.bar.Report
	}
	last := ""
	return func(p job.Progress) {
		if p.Task != last { // other calls count within a task
			last = p.Task
			fmt.Fprintln(os.Stderr, inert.Shown(p.Task))
		}
	}
}

// asked are statements that not all data ask for: how many, and where.
type asked struct {
	n    int
	only []string
}

// sent counts the statements that read or make rows: those that are sent whatever the data are, and the others.
func (s *session) sent() (n int, where asked) {
	for _, st := range s.Statements() {
		switch {
		case strings.HasPrefix(st.SQL, "DROP "):
		case st.Where == "":
			n++
		default:
			if where.n++; !slices.Contains(where.only, st.Where) {
				where.only = append(where.only, st.Where)
			}
		}
	}
	return n, where
}

// print writes what a dry run has recorded, as a script. A purpose may hold a name, and a remark ends with its line. What comes after it depends on numbers that nobody has counted yet.
func (s *session) print(w io.Writer, end error) error {
	for _, st := range s.Statements() {
		only := ""
		if st.Where != "" {
			only = ", " + st.Where
		}
		if _, err := fmt.Fprintf(w, "-- %s%s\n%s;\n\n", strings.Join(strings.Fields(st.Purpose), " "), only, strings.TrimSpace(st.SQL)); err != nil {
			return err
		}
	}
	if end != nil {
		_, err := fmt.Fprintf(w, "-- What follows is written with numbers that these statements give: %s.\n", asTyped(strings.TrimPrefix(end.Error(), "segkit: ")))
		return err
	}
	return nil
}

// show prints a result as words for people.
func (s *session) show(sh sheet.Sheet) error {
	s.bar.Clear()
	width := terminal.Columns(os.Stdout)
	if width <= 0 {
		width = 100
	}
	_, err := io.WriteString(s.out, typed(sh).TextIn(width)+"\n")
	return err
}

// orders reads the source as order lines.
func (s *session) orders(ctx context.Context) (*engine.Orders, error) {
	if s.source.id != "" {
		return nil, &fault.CellError{File: s.source.path, Why: "holds customers", Remedy: "name the columns of order lines, as in customer = \"customer_id\"", Err: fault.ErrOption}
	}
	return s.OrdersContext(ctx, s.source.Source)
}

// clean applies rules and shows the ledger. Rules that nobody wrote for these lines are made fit for them: where lines of customers lack a value, these are
// left out, which the ledger shows.
func (s *session) clean(ctx context.Context, orders *engine.Orders, rules []features.Rule) (*engine.Cleaned, error) {
	if orders.Lacking() > 0 && !s.source.ruled {
		rules = choices.WithMissing(rules)
	}
	cleaned, err := orders.CleanContext(ctx, rules...)
	if err != nil {
		return nil, err
	}
	return cleaned, s.show(cleaned.Ledger.Sheet())
}

// customers makes the customers of a day from order lines, or takes those that the source holds.
func (s *session) customers(ctx context.Context, day string, rules []features.Rule, spec ...features.Spec) (*engine.Customers, error) {
	if s.source.id != "" {
		if day != "" {
			return nil, fault.Errorf(fault.ErrOption, "segkit: --as-of is for order lines, and %s holds customers", s.source.path)
		}
		return s.CustomersContext(ctx, s.source.Source, s.source.id)
	}
	asOf, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return nil, fault.Errorf(fault.ErrOption, "segkit: --as-of is %q, want a day such as 2025-09-30", day)
	}
	orders, err := s.orders(ctx)
	if err != nil {
		return nil, err
	}
	if err := orders.OneCurrency(); err != nil { // before the work: no rule of a source file leaves one
		return nil, err
	}
	for _, made := range spec { // of a model that is there
		note, err := orders.Familiar(made)
		if err != nil {
			return nil, err
		}
		if note != "" && !s.dry {
			s.bar.Clear()
			fmt.Fprintln(os.Stderr, asTyped(note))
		}
	}
	cleaned, err := s.clean(ctx, orders, rules)
	if err != nil {
		return nil, err
	}
	customers, err := cleaned.FeaturesContext(ctx, asOf, spec...)
	if err == nil && customers.Note() != "" && !s.dry {
		s.bar.Clear()
		fmt.Fprintln(os.Stderr, asTyped(customers.Note()))
	}
	return customers, err
}
