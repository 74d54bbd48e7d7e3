package connect

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestURLsOfDuckDB(t *testing.T) {
	dir := t.TempDir()
	ctx := context.Background()
	for range 2 { // the second time the file is there
		target, err := Parse("duckdb://" + filepath.Join(dir, "a shop's.db") + "?threads=1")
		if err != nil {
			t.Fatal(err)
		}
		db, err := target.Open(ctx)
		if err != nil {
			t.Fatal(err)
		}
		var threads int
		if err := db.QueryRow("SELECT current_setting('threads')").Scan(&threads); err != nil || threads != 1 {
			t.Errorf("threads is %d, %v", threads, err)
		}
		if _, err := db.Exec("CREATE TABLE IF NOT EXISTS t AS SELECT 1 AS a"); err != nil {
			t.Error(err)
		}
		db.Close()
	}
	if _, err := os.Stat(filepath.Join(dir, "a shop's.db")); err != nil {
		t.Error(err)
	}

	target, err := Parse("duckdb://")
	if err != nil {
		t.Fatal(err)
	}
	db, err := target.Open(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, name := range []string{"a", "b"} {
		if _, err := db.Exec("COPY (SELECT '" + name + "' AS id) TO '" + filepath.Join(dir, name+".parquet") + "' (FORMAT parquet)"); err != nil {
			t.Fatal(err)
		}
	}
	if target, err = Parse("duckdb://" + filepath.Join(dir, "*.parquet")); err != nil {
		t.Fatal(err)
	}
	files, err := target.Open(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	var ids string
	if err := files.QueryRow("SELECT string_agg(id, ',' ORDER BY id) FROM " + ParquetView).Scan(&ids); err != nil || ids != "a,b" {
		t.Errorf("the files hold %q, %v", ids, err)
	}
}

func TestWhatIsNoURLIsToldWithoutItsPassword(t *testing.T) {
	t.Setenv("TRINO_PASSWORD", "")
	for url, want := range map[string]string{
		"shop.db":                                "begins with duckdb://",
		"mysql://host/db":                        "want duckdb://",
		"duckdb://none/*.parquet":                "no such file",
		"postgres://me:s3cret@host/db":           "PGPASSWORD",
		"postgres://host/db?password=s3cret":     "PGPASSWORD",
		"trino://me:s3cret@host:1/c/s":           "TRINO_PASSWORD",
		"trino://host:8080":                      "catalog/schema",
		"trino://host:8080/hive":                 "catalog/schema",
		"postgres://me:s3cret%zz@host:port:1/db": "no URL",
	} {
		_, err := Parse(url)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v, want %q and no password", url, err, want)
		}
	}
	t.Setenv("TRINO_PASSWORD", "s3cret")
	if _, err := Parse("trino://host:8080/hive/shop"); err == nil || !strings.Contains(err.Error(), "SSL=true") {
		t.Errorf("a password over HTTP: %v", err)
	}
}

// Nobody listens there: the error names the engine, and not the password.
func TestAnEngineThatIsNotThere(t *testing.T) {
	t.Setenv("PGPASSWORD", "s3cret")
	t.Setenv("TRINO_PASSWORD", "s3cret")
	ctx, stop := context.WithTimeout(context.Background(), 5*time.Second)
	defer stop()
	for _, url := range []string{"postgres://me@127.0.0.1:1/db", "trino://me@127.0.0.1:1/hive/shop?SSL=true", "duckdb:///no/such/folder/shop.db"} {
		target, err := Parse(url)
		if err != nil {
			t.Fatal(err)
		}
		_, err = target.Open(ctx)
		if err == nil || !strings.Contains(err.Error(), "connecting to "+target.Kind) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v", url, err)
		}
	}
}
