package engine

import (
	"context"
	"crypto/rand"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/job"
)

// Options say how an engine is used. The zero value works.
type Options struct {
	// Scratch is the "catalog.schema" in which Trino makes helper tables; empty means the schema of the connection. In DuckDB it is an attached database, such as
	// "scratch": helper tables take a tenth of the space in a file, and the lines are copied there once. Without it, and in PostgreSQL, they are temporary tables.
	Scratch string
	DryRun  bool // statements are recorded and not run, except those that ask for the version and the columns of a source; results are empty
}

// Engine is a database in which segments are made. It works on one connection, one call after another.
type Engine struct {
	db      *sql.DB
	speaks  Dialect
	options Options
	version string
	prefix  string // of helper tables: no two engines share it

	mu         sync.Mutex // held by a run
	conn       *sql.Conn
	session    int      // connections so far: helper tables of an earlier one are gone
	tables     []string // helper tables that outlive their run
	made       int
	statements []Statement
}

// Open asks the database for its version, and refuses one that is too old. The caller must close the database, after Engine.Close.
func Open(db *sql.DB, speaks Dialect, o ...Options) (*Engine, error) {
	return OpenContext(job.DefaultContext, db, speaks, o...)
}

// temporary reports whether helper tables belong to the connection and end with it.
func (e *Engine) temporary() bool { return dialects[e.speaks].temporary && e.options.Scratch == "" }

// writesDown reports whether it is quicker to write lines down that several statements need: PostgreSQL evaluates every expression for each of them again, and a
// table in the scratch of DuckDB is read faster than joins are made.
func (e *Engine) writesDown() bool {
	return dialects[e.speaks].byRow || e.speaks == DuckDB && !e.temporary()
}

// OpenContext is Open under a context.
func OpenContext(ctx context.Context, db *sql.DB, speaks Dialect, o ...Options) (*Engine, error) {
	const op = "engine.Open"
	if db == nil {
		return nil, fault.Nil(op, "database")
	}
	if err := speaks.check(op); err != nil {
		return nil, err
	}
	if len(o) > 1 {
		return nil, fault.Option(op, "Options", len(o), "one Options at most")
	}
	e := &Engine{db: db, speaks: speaks, prefix: "segkit_" + strings.ToLower(rand.Text()[:10]) + "_"}
	if len(o) == 1 {
		e.options = o[0]
	}
	if e.options.Scratch != "" {
		scratch, err := speaks.SQL().Table(e.options.Scratch)
		if err != nil {
			return nil, fault.Option(op, "Scratch", e.options.Scratch, `a schema, such as "memory.default"`)
		}
		if speaks == PostgreSQL {
			return nil, fault.Option(op, "Scratch", e.options.Scratch, "nothing: "+speaks.String()+" has temporary tables")
		}
		e.prefix = scratch + "." + e.prefix
	}
	r := e.run(ctx, 1)
	defer r.end()
	err := r.always("ask for the version", dialects[speaks].version, func(rows *sql.Rows) error { return rows.Scan(&e.version) })
	if err == nil {
		err = tooOld(speaks, e.version)
	}
	if err != nil {
		_ = e.disconnect()
		return nil, err
	}
	return e, nil
}

// digits are the first two numbers of a version: "v1.5.2", "15.4 (Debian 15.4-1)", "476".
var digits = regexp.MustCompile(`(\d+)(?:\.(\d+))?`)

func tooOld(speaks Dialect, version string) error {
	at, oldest := [2]int{}, dialects[speaks].oldest
	if found := digits.FindStringSubmatch(version); found != nil {
		at[0], _ = strconv.Atoi(found[1])
		at[1], _ = strconv.Atoi(found[2])
	}
	if slices.Compare(at[:], oldest[:]) >= 0 {
		return nil
	}
	want := strconv.Itoa(oldest[0])
	if oldest[1] > 0 {
		want += "." + strconv.Itoa(oldest[1])
	}
	return fault.Errorf(fault.ErrFormat, "segkit: engine.Open: the database says that it is %s version %q: want %s or newer", speaks, version, want)
}

// Version returns the version that the database reports.
func (e *Engine) Version() string {
	if e == nil {
		return ""
	}
	return e.version
}

// Dialect returns the kind of engine.
func (e *Engine) Dialect() Dialect {
	if e == nil {
		return 0
	}
	return e.speaks
}

// Close drops the remaining helper tables, and gives the connection back. Nothing that was made with the engine can be used afterwards.
func (e *Engine) Close() error {
	if e == nil {
		return nil
	}
	r := e.run(context.Background(), 0)
	r.made, e.tables = e.tables, nil
	r.end()
	if left := e.tables; len(left) > 0 {
		return fmt.Errorf("segkit: engine.Close: these helper tables could not be dropped, and may be removed by hand: %s", strings.Join(left, ", "))
	}
	return e.disconnect()
}

// abandon ends the connection, so that nobody gets it from the pool in the state that it is in.
func (e *Engine) abandon() {
	if e.conn != nil {
		_ = e.conn.Raw(func(any) error { return driver.ErrBadConn }) // which is how the pool is told, and what it answers
		e.conn = nil
	}
}

func (e *Engine) disconnect() error {
	if e.conn == nil {
		return nil
	}
	err := e.conn.Close()
	e.conn = nil
	return err
}
