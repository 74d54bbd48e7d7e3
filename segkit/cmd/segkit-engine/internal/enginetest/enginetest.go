// Package enginetest opens the SQL engines that tests run on: DuckDB always, in memory; PostgreSQL and Trino where tools/engines has
// started them (make test-engines), which says so in environment variables.
package enginetest

import (
	"context"
	"database/sql"
	"os"
	"testing"
	"time"

	"github.com/segkit/lab/segkit/cmd/segkit-engine/internal/connect"
)

// variables name the URLs of engines that a script starts.
var variables = []struct{ kind, variable string }{
	{connect.DuckDB, ""},
	{connect.PostgreSQL, "SEGKIT_TEST_POSTGRES"},
	{connect.Trino, "SEGKIT_TEST_TRINO"},
}

// Each runs a test on every engine. Tables that it makes are its own to drop: the servers live on.
func Each(t *testing.T, test func(t *testing.T, db *sql.DB, kind string)) {
	t.Helper()
	for _, v := range variables {
		t.Run(v.kind, func(t *testing.T) { test(t, Open(t, v.kind), v.kind) })
	}
}

// Open opens one engine until the test ends, and skips the test where that engine is not there.
func Open(t *testing.T, kind string) *sql.DB {
	t.Helper()
	target, err := connect.Parse(URL(t, kind))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	db, err := target.Open(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// Scratch is where the program would have the engine make helper tables, until the test ends.
func Scratch(t *testing.T, db *sql.DB, kind string) string {
	t.Helper()
	target, err := connect.Parse(URL(t, kind))
	if err != nil {
		t.Fatal(err)
	}
	name, remove, err := target.Scratch(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(remove)
	return name
}

// URL is that of an engine for tests, as --engine takes it. The test is skipped where it is not there.
func URL(t *testing.T, kind string) string {
	t.Helper()
	for _, v := range variables {
		if v.kind != kind {
			continue
		}
		if v.variable == "" {
			return "duckdb://"
		}
		if url := os.Getenv(v.variable); url != "" {
			return url
		}
		t.Skipf("skipped: %s is not set; make test-engines starts %s and sets it", v.variable, kind)
	}
	t.Fatalf("there is no engine %q", kind)
	return ""
}
