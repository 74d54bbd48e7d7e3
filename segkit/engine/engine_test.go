package engine

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/job"
)

func TestOldDatabasesAreRefused(t *testing.T) {
	for _, c := range []struct {
		speaks  Dialect
		version string
		fits    bool
	}{
		{DuckDB, "v1.5.2", true}, {DuckDB, "v1.1.0", true}, {DuckDB, "v1.0.0", false}, {DuckDB, "v0.10.2", false}, {DuckDB, "none", false},
		{PostgreSQL, "15.14 (Debian 15.14-0+deb12u1)", true}, {PostgreSQL, "9.6.24", false}, {PostgreSQL, "12.0", true},
		{Trino, "476", true}, {Trino, "399", false},
	} {
		e, err := (&fake{}).open(t, c.speaks, c.version)
		if c.fits && (err != nil || e.Version() != c.version) {
			t.Errorf("%s %s: %v", c.speaks, c.version, err)
		}
		if !c.fits {
			says(t, err, c.speaks.String(), c.version, "or newer")
		}
	}
}

func TestOpenRefusesInSentences(t *testing.T) {
	_, err := Open(nil, DuckDB)
	if !errors.Is(err, fault.ErrNil) {
		t.Error(err)
	}
	_, err = (&fake{}).open(t, PostgreSQL, "15.4", Options{Scratch: "memory.default"})
	says(t, err, "Scratch", "temporary tables")
	db := sql.OpenDB(&fake{})
	defer db.Close()
	_, err = Open(db, 9)
	says(t, err, "engine.DuckDB, engine.PostgreSQL or engine.Trino")
}

// A statement that the database refuses is named by its purpose, and what was made until then is dropped.
func TestNothingIsLeftBehind(t *testing.T) {
	for _, speaks := range []Dialect{DuckDB, PostgreSQL, Trino} {
		f := &fake{refuse: func(s string) error {
			if strings.Contains(s, "forbidden") {
				return errors.New("ERROR: permission denied for table lines")
			}
			return nil
		}}
		e := sure[*Engine](t)(f.open(t, speaks, "500.0"))
		r := e.run(context.Background(), 2)
		if _, err := r.create("copy the order lines", "SELECT 1"); err != nil {
			t.Fatal(err)
		}
		kept, err := r.create("copy the customers", "SELECT 2")
		r.keep(kept, kept)
		if err != nil {
			t.Fatal(err)
		}
		_, err = r.create("net the cancellations", "SELECT forbidden")
		r.end()
		says(t, err, "refused to net the cancellations", "permission denied for table lines", "ask the owner of the database")
		if left := f.left(); len(left) != 1 || !left[kept] {
			t.Errorf("%s: left are %v, want %s alone", speaks, left, kept)
		}
		if err := e.Close(); err != nil {
			t.Error(err)
		}
		if left := f.left(); len(left) != 0 {
			t.Errorf("%s: left are %v behind Close", speaks, left)
		}
		if drops := strings.Count(strings.Join(f.asked, "\n"), "DROP TABLE IF EXISTS "+e.prefix); drops != 3 || strings.Count(strings.Join(f.asked, "\n"), "DROP") != 3 {
			t.Errorf("%s: three tables were made, and these statements sent: %q", speaks, f.asked)
		}
	}
}

// A table that is named twice among those to drop is dropped once, and no table without a name is.
func TestTablesAreDroppedOnce(t *testing.T) {
	f := &fake{}
	e := sure[*Engine](t)(f.open(t, Trino, "476"))
	r := e.run(context.Background(), 2)
	first, err := r.create("copy the order lines", "SELECT 1")
	if err != nil {
		t.Fatal(err)
	}
	second, err := r.create("copy the customers", "SELECT 2")
	if err != nil {
		t.Fatal(err)
	}
	r.keep(first, second, first)
	r.end()
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	var drops []string
	for _, s := range f.asked {
		if name, ok := strings.CutPrefix(s, "DROP TABLE IF EXISTS "); ok {
			drops = append(drops, name)
		}
	}
	if strings.Join(drops, " ") != first+" "+second {
		t.Errorf("dropped %q, want %q", drops, []string{first, second})
	}
}

// A read that loses its connection is tried once more, unless helper tables went with it; what changes something never is.
func TestLostConnections(t *testing.T) {
	for _, speaks := range []Dialect{PostgreSQL, Trino} {
		fails := 0
		f := &fake{answer: func(s string) ([]string, [][]driver.Value, error) {
			if fails > 0 {
				fails--
				return nil, nil, driver.ErrBadConn
			}
			return []string{"n"}, [][]driver.Value{{int64(7)}}, nil
		}}
		e := sure[*Engine](t)(f.open(t, speaks, "500.0"))
		count := func(tables int) (n int64, err error) {
			r := e.run(context.Background(), 1)
			defer r.end()
			for range tables {
				if _, err := r.create("copy the order lines", "SELECT 1"); err != nil {
					t.Fatal(err)
				}
			}
			fails = 1
			n, err = r.count("count the order lines", "lines")
			fails = 0
			return n, err
		}
		if n, err := count(0); err != nil || n != 7 {
			t.Errorf("%s: %d, %v", speaks, n, err)
		}
		switch n, err := count(1); speaks {
		case Trino:
			if err != nil || n != 7 {
				t.Errorf("%d, %v", n, err)
			}
		default:
			says(t, err, "the connection was lost while asking the database to count the order lines", "helper tables went with it")
			if !errors.Is(err, driver.ErrBadConn) {
				t.Error("the driver's error is not beneath")
			}
		}
	}
	f := &fake{refuse: func(s string) error { return driver.ErrBadConn }}
	e := sure[*Engine](t)(f.open(t, PostgreSQL, "15"))
	r := e.run(context.Background(), 1)
	err := r.exec("write the segments", "INSERT")
	r.end()
	says(t, err, "lost while asking the database to write the segments")
	inserts := 0
	for _, s := range f.asked {
		inserts += strings.Count(s, "INSERT")
	}
	if inserts != 1 {
		t.Errorf("a statement that changes something was sent %d times", inserts)
	}
}

func TestCancellingReachesTheDatabase(t *testing.T) {
	f := &fake{}
	e := sure[*Engine](t)(f.open(t, Trino, "476"))
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() {
		r := e.run(ctx, 1)
		defer r.end()
		_, err := r.create("copy the order lines", "SELECT 1")
		if err == nil {
			_, err = r.count("count forever", "forever")
		}
		done <- err
	}()
	soon(t, f.waiting)
	cancel()
	err := <-done
	says(t, err, "cancelled while asking the database to count forever")
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	_ = e.Close() // waits for the run to end
	if left := f.left(); len(left) != 0 {
		t.Errorf("left are %v", left)
	}
}

// A dry run asks for the version alone, and lists what it would have asked. Progress counts the passes.
func TestDryRunsAndProgress(t *testing.T) {
	f := &fake{}
	e := sure[*Engine](t)(f.open(t, DuckDB, "v1.5", Options{DryRun: true}))
	var seen []job.Progress
	ctx := job.WithProgress(context.Background(), func(p job.Progress) { seen = append(seen, p) })
	r := e.run(ctx, 2)
	name, err := r.create("copy the order lines", "SELECT 1")
	if err != nil {
		t.Fatal(err)
	}
	if n, err := r.count("count the order lines", name); n != 0 || err != nil {
		t.Error(n, err)
	}
	r.end()
	if len(f.asked) != 1 {
		t.Errorf("asked %q", f.asked)
	}
	var purposes []string
	for _, s := range e.Statements() {
		purposes = append(purposes, s.Purpose)
	}
	if got := strings.Join(purposes, ", "); got != "ask for the version, copy the order lines, count the order lines, drop a helper table" {
		t.Error(got)
	}
	if len(seen) != 2 || seen[1] != (job.Progress{Task: "count the order lines", Done: 1, Total: 2}) {
		t.Errorf("%+v", seen)
	}
}

func TestKindsOfColumns(t *testing.T) {
	for name, want := range map[string]kind{"DECIMAL(18,2)": number, "INT4": whole, "timestamp(3) with time zone": zoned, "TIMESTAMPTZ": zoned, "TIMESTAMP": moment, "timestamp(6)": moment,
		"varchar(20)": text, "BPCHAR": text, "DATE": date, "FLOAT8": number, "BOOLEAN": other, "double": number, "BLOB": other, "TIMESTAMP_NS": moment, `ENUM('a', 'b')`: text} {
		if got := kindOf(name); got != want {
			t.Errorf("%s holds %s, want %s", name, got, want)
		}
	}
}
