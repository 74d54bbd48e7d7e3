package engine

// The runner: every statement goes through it, with a purpose in words.

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/segkit/lab/segkit/job"
)

// Statement is a statement that was sent to the database, or in a dry run would have been. It contains no credentials.
type Statement struct {
	Purpose string // "count the order lines"
	SQL     string
	Where   string // the condition under which it is sent: "where goods came back"; "" is always. A dry run, which knows nothing about the data, has them all, each once
}

// Statements returns the statements so far, in order.
func (e *Engine) Statements() []Statement {
	if e == nil {
		return nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.statements)
}

// run is one long call: its statements, where it stands among the passes, and the helper tables made on the way.
type run struct {
	*Engine
	ctx          context.Context
	done, passes int
	made         []string // to be dropped at the end
	only         string   // where the statements are sent that come next; "" is always
}

// run begins a call of about so many passes, and waits for those before it. It must end.
func (e *Engine) run(ctx context.Context, passes int) *run {
	e.mu.Lock()
	return &run{Engine: e, ctx: ctx, passes: passes}
}

// Where statements are sent that not all data ask for.
const (
	cameBack      = "where goods came back"
	netted        = "where an earlier rule took back what was bought"
	ruleTook      = "where the rule before took something"
	undone        = "where the status undoes an order"
	onceStated    = "where the status stands on one line of an order for all"
	notCopied     = "where the lines are not copied"
	currencies    = "where there are several currencies"
	somethings    = "where something was found"
	silent        = "where the orders end before the as-of day"
	described     = "where a customer has one"
	fewCustomers  = "of up to 200,000 customers"
	manyCustomers = "of more than 200,000 customers"
)

// where marks the statements until back is called as sent only there.
func (r *run) where(only string) (back func()) {
	before := r.only
	if r.only == "" {
		r.only = only
	}
	return func() { r.only = before }
}

// end drops the tables that were not kept, newest first, also where the call failed or was cancelled. What cannot be dropped is kept for Close.
func (r *run) end() {
	defer r.mu.Unlock()
	for len(r.made) > 0 { // discard takes it out, as often as it stands there
		r.discard(r.made[len(r.made)-1])
	}
}

// discard drops a table now.
func (r *run) discard(name string) {
	r.made = slices.DeleteFunc(r.made, func(other string) bool { return other == name })
	drop := "DROP TABLE IF EXISTS " + name
	r.statements = append(r.statements, Statement{"drop a helper table", drop, r.only})
	if r.options.DryRun {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.ctx), 20*time.Second)
	defer cancel()
	err := r.connect(ctx)
	if err == nil {
		_, err = r.conn.ExecContext(ctx, drop)
	}
	if err != nil && !r.temporary() {
		r.tables = append(r.tables, name)
	}
}

// keep has tables outlive the run, until Engine.Close or forget.
func (r *run) keep(names ...string) {
	for _, name := range names {
		r.made = slices.DeleteFunc(r.made, func(other string) bool { return other == name })
		r.tables = append(r.tables, name)
	}
}

// forget has tables that were kept end with this run.
func (r *run) forget(names ...string) {
	for _, name := range names {
		r.tables = slices.DeleteFunc(r.tables, func(other string) bool { return other == name })
		r.made = append(r.made, name)
	}
}

// table names a new helper table, quoted, which is dropped at the end unless it is kept.
func (r *run) table() string {
	r.Engine.made++
	name := fmt.Sprintf("%s%d", r.prefix, r.Engine.made)
	r.made = append(r.made, name)
	return name
}

// create makes a helper table of what a SELECT gives.
func (r *run) create(purpose, query string) (name string, err error) {
	name = r.table()
	making := "CREATE TABLE "
	if r.temporary() {
		making = "CREATE TEMPORARY TABLE "
	}
	if err := r.exec(purpose, making+name+" AS\n"+query); err != nil || !dialects[r.speaks].byRow {
		return name, err
	}
	return name, r.exec("let the planner know what is in it", "ANALYZE "+name)
}

// exec runs a statement that changes something. It is never tried again.
func (r *run) exec(purpose, statement string) error {
	if r.step(purpose, statement); r.options.DryRun {
		return nil
	}
	err := r.connect(r.ctx)
	if err == nil {
		_, err = r.conn.ExecContext(r.ctx, statement)
	}
	if err != nil {
		return r.refused(purpose, err)
	}
	return nil
}

// anyway is exec also where the call was cancelled: it takes back what was begun.
func (r *run) anyway(purpose, statement string) error {
	ctx := r.ctx
	r.ctx = context.WithoutCancel(ctx)
	defer func() { r.ctx = ctx }()
	return r.exec(purpose, statement)
}

// read runs a SELECT and hands over each row. In a dry run there are none. Where the connection is lost before the first row, and no
// helper table went with it, it is tried once more.
func (r *run) read(purpose, query string, each func(rows *sql.Rows) error) error {
	if r.options.DryRun {
		r.step(purpose, query)
		return nil
	}
	return r.always(purpose, query, each)
}

// always is read, also in a dry run.
func (r *run) always(purpose, query string, each func(rows *sql.Rows) error) error {
	r.step(purpose, query)
	seen, err := r.rows(query, each)
	if err != nil && !seen && lost(err) && r.ctx.Err() == nil && (!r.temporary() || len(r.tables)+len(r.made) == 0) {
		_ = r.disconnect()
		_, err = r.rows(query, each)
	}
	if err != nil {
		return r.refused(purpose, err)
	}
	return nil
}

// rows runs a SELECT, and reports whether a row was seen.
func (r *run) rows(query string, each func(rows *sql.Rows) error) (seen bool, err error) {
	if err := r.connect(r.ctx); err != nil {
		return false, err
	}
	rows, err := r.conn.QueryContext(r.ctx, query)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	for rows.Next() {
		seen = true
		if err := each(rows); err != nil {
			return seen, err
		}
	}
	return seen, rows.Err()
}

// row reads the one row of a SELECT.
func (r *run) row(purpose, query string, into ...any) error {
	return r.read(purpose, query, func(rows *sql.Rows) error { return rows.Scan(into...) })
}

// step records a statement and reports the progress.
func (r *run) step(purpose, statement string) {
	r.statements = append(r.statements, Statement{purpose, statement, r.only})
	job.Report(r.ctx, job.Progress{Task: purpose, Done: r.done, Total: max(r.passes, r.done+1)})
	r.done++
}

// connect sees to it that there is a connection.
func (r *run) connect(ctx context.Context) (err error) {
	if r.conn == nil {
		r.conn, err = r.db.Conn(ctx)
		r.session++
	}
	return err
}

// from writes a subquery. The line end keeps a comment at the end of the user's query from taking the bracket with it.
func from(query string) string {
	return "(" + strings.TrimRight(strings.TrimSpace(query), "; \n\t") + "\n)"
}
