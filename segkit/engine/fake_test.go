package engine

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"
)

// fake is a database that answers as the test says, so that what no real one does on demand can be tried.
type fake struct {
	mu      sync.Mutex
	asked   []string                                                                    // statements, in order
	answer  func(statement string) (columns []string, rows [][]driver.Value, err error) // to a SELECT
	refuse  func(statement string) error                                                // for other statements; nil refuses none
	opened  int
	waiting chan struct{} // is sent to where a statement waits until it is cancelled
}

type fakeConn struct{ *fake }

func (f *fake) Connect(context.Context) (driver.Conn, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.opened++
	return fakeConn{f}, nil
}
func (f *fake) Driver() driver.Driver { return nil }

func (c fakeConn) Prepare(string) (driver.Stmt, error) { return nil, fmt.Errorf("not prepared") }
func (c fakeConn) Close() error                        { return nil }
func (c fakeConn) Begin() (driver.Tx, error)           { return nil, fmt.Errorf("no transactions") }

func (c fakeConn) ask(statement string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked = append(c.asked, statement)
}

func (c fakeConn) QueryContext(ctx context.Context, statement string, _ []driver.NamedValue) (driver.Rows, error) {
	c.ask(statement)
	if strings.Contains(statement, "forever") {
		c.waiting <- struct{}{}
		<-ctx.Done()
		return nil, ctx.Err()
	}
	columns, rows, err := c.answer(statement)
	return &fakeRows{columns, rows}, err
}

func (c fakeConn) ExecContext(ctx context.Context, statement string, _ []driver.NamedValue) (driver.Result, error) {
	c.ask(statement)
	if c.refuse != nil {
		if err := c.refuse(statement); err != nil {
			return nil, err
		}
	}
	return driver.RowsAffected(0), nil
}

type fakeRows struct {
	columns []string
	rows    [][]driver.Value
}

func (r *fakeRows) Columns() []string { return r.columns }
func (r *fakeRows) Close() error      { return nil }
func (r *fakeRows) Next(into []driver.Value) error {
	if len(r.rows) == 0 {
		return io.EOF
	}
	copy(into, r.rows[0])
	r.rows = r.rows[1:]
	return nil
}

// open opens an engine on f, which says that it is of the given version.
func (f *fake) open(t *testing.T, speaks Dialect, version string, o ...Options) (*Engine, error) {
	t.Helper()
	inner := f.answer
	f.answer = func(statement string) ([]string, [][]driver.Value, error) {
		if statement == dialects[speaks].version {
			return []string{"version"}, [][]driver.Value{{version}}, nil
		}
		if inner == nil {
			return []string{"n"}, [][]driver.Value{{int64(7)}}, nil
		}
		return inner(statement)
	}
	f.waiting = make(chan struct{}, 1)
	db := sql.OpenDB(f)
	t.Cleanup(func() { db.Close() })
	return Open(db, speaks, o...)
}

func sure[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// says fails unless the error has all the parts.
func says(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error; want one with %q", parts)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q does not say %q", err, part)
		}
	}
}

// left are the helper tables that were made and not dropped.
func (f *fake) left() map[string]bool {
	left := map[string]bool{}
	for _, s := range f.asked {
		for _, making := range []string{"CREATE TABLE ", "CREATE TEMPORARY TABLE "} {
			if rest, ok := strings.CutPrefix(s, making); ok {
				name, _, _ := strings.Cut(rest, " ")
				left[name] = true
			}
		}
		if name, ok := strings.CutPrefix(s, "DROP TABLE IF EXISTS "); ok {
			delete(left, name)
		}
	}
	return left
}

func soon(t *testing.T, waiting <-chan struct{}) {
	t.Helper()
	select {
	case <-waiting:
	case <-time.After(30 * time.Second):
		t.Fatal("nothing was asked")
	}
}
