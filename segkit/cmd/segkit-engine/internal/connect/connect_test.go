package connect

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/jackc/pgx/v5/pgconn"
)

func TestURLsOfDuckDB(t *testing.T) {
	dir := t.TempDir()
	ctx := context.Background()
	path := filepath.Join(dir, "a shop's.db")
	begin(t, path)
	for range 2 {
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
	if _, err := Parse("duckdb://" + filepath.Join(dir, "a shops.db")); err == nil || !strings.Contains(err.Error(), "no such file") || !strings.Contains(err.Error(), "a shop's.db") {
		t.Errorf("a name with a letter less: %v", err)
	}
	for settings, enough := range map[string]bool{"memory_limit=60MB": false, "max_memory=90MB": false, "memory_limit=1kb": false, "memory_limit=100MB": true, "memory_limit=2GB": true, "threads=1": true} {
		target, err := Parse("duckdb://" + path + "?" + settings)
		if err != nil {
			t.Fatal(err)
		}
		db, err := target.Open(ctx)
		if (err == nil) != enough || err != nil && (!strings.Contains(err.Error(), "memory_limit=100MB or more") || strings.Contains(err.Error(), "\n")) {
			t.Errorf("%s: %v", settings, err)
		}
		if db != nil {
			db.Close()
		}
	}
	for _, settings := range []string{"memory_limit=50%", "memory_limit=2GB;threads=1"} { // which would count for nothing
		if _, err := Parse("duckdb://" + path + "?" + settings); err == nil || !strings.Contains(err.Error(), "cannot be read") {
			t.Errorf("%s: %v", settings, err)
		}
	}
	if made, _ := filepath.Glob(filepath.Join(dir, "*")); len(made) != 1 {
		t.Errorf("there are %v", made)
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

// begin makes an empty database.
func begin(t *testing.T, path string) {
	t.Helper()
	c, err := duckdb.NewConnector(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	db := sql.OpenDB(c)
	defer db.Close()
	if err := db.Ping(); err != nil {
		t.Fatal(err)
	}
}

func TestWhatIsNoURLIsToldWithoutItsPassword(t *testing.T) {
	t.Setenv("TRINO_PASSWORD", "")
	for url, want := range map[string]string{
		"shop.db":                                "begins with duckdb://",
		"mysql://host/db":                        "want duckdb://",
		"duckdb://none/*.parquet":                "no such file",
		"duckdb://.":                             "that is a folder",
		"duckdb://orders.csv":                    "segkit inspect and segkit report",
		"postgres://me:s3cret@host/db":           "PGPASSWORD",
		"postgres://host/db?password=s3cret":     "PGPASSWORD",
		"trino://me:s3cret@host:1/c/s":           "TRINO_PASSWORD",
		"trino://host:8080":                      "catalog/schema",
		"trino://host:8080/hive":                 "catalog/schema",
		"postgres://me:s3cret%zz@host:port:1/db": "not a URL",
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
	dir := filepath.Join(t.TempDir(), "401") // which is no answer of a server
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	text, damaged, half := filepath.Join(dir, "text.db"), filepath.Join(dir, "damaged.db"), filepath.Join(dir, "half.parquet")
	for path, holds := range map[string]string{text: strings.Repeat("no database ", 2000), half: "PAR1" + strings.Repeat("cut off ", 2000)} {
		if err := os.WriteFile(path, []byte(holds), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	begin(t, damaged)
	b, err := os.ReadFile(damaged)
	if err != nil {
		t.Fatal(err)
	}
	b[bytes.Index(b, []byte("DUCK"))+4]++
	if err := os.WriteFile(damaged, b, 0o644); err != nil {
		t.Fatal(err)
	}
	for url, want := range map[string]string{
		"postgres://me@127.0.0.1:1/db":              "connecting to PostgreSQL: nothing answers at that address",
		"postgres://me@/db?host=" + dir:             "connecting to PostgreSQL: there is no socket in that folder",
		"postgres://me@nowhere.invalid/db":          "no machine is named nowhere.invalid",
		"trino://me@127.0.0.1:1/hive/shop?SSL=true": "connecting to Trino: no",
		"duckdb://" + text:                          "holds no DuckDB database",
		"duckdb://" + damaged:                       "the file is damaged",
		"duckdb://" + half:                          "a Parquet file is not complete",
	} {
		target, err := Parse(url)
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithTimeout(context.Background(), 5*time.Second)
		_, err = target.Open(ctx)
		stop()
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "s3cret") || strings.Contains(err.Error(), "dial") {
			t.Errorf("%s: %v, want %q", url, err, want)
		}
	}
}

// The server's own words may stand in a sentence, a password never.
func TestPasswordsAreLeftOut(t *testing.T) {
	t.Setenv("PGPASSWORD", "s3cret")
	if said := (Target{Kind: PostgreSQL}).refusal(errors.New("cannot parse s3cret\nmore")).Error(); strings.Contains(said, "s3cret") || !strings.Contains(said, "PGPASSWORD") || strings.Contains(said, "more") {
		t.Error(said)
	}
	for code, want := range map[string]string{"28P01": "~/.pgpass", "3D000": "no database of this name", "XX000": "the server says: odd"} {
		if said := (Target{Kind: PostgreSQL}).refusal(&pgconn.PgError{Code: code, Message: "odd"}).Error(); !strings.Contains(said, want) {
			t.Errorf("%s: %s", code, said)
		}
	}
}

// A file of a DuckDB to come: the error names what wrote it, what reads it here, and what to do.
func TestAFileOfANewerDuckDB(t *testing.T) {
	path := filepath.Join(t.TempDir(), "newer.db")
	begin(t, path)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	here := Linked()
	if s, ok := head(path); !ok || s.by != here || here == "" {
		t.Errorf("what DuckDB %s wrote says that it is by %q", here, s.by)
	}
	binary.LittleEndian.PutUint64(b[12:], 999)
	copy(b[52:84], "v9.8.7\x00")
	sum := uint64(5381) // as checksum.cpp has it
	for at := 8; at < 4096; at += 8 {
		sum ^= binary.LittleEndian.Uint64(b[at:]) * 0xbf58476d1ce4e5b9
	}
	binary.LittleEndian.PutUint64(b, sum)
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
	target, err := Parse("duckdb://" + path + "?threads=1")
	if err != nil {
		t.Fatal(err)
	}
	_, err = target.Open(t.Context())
	for _, want := range []string{"DuckDB v9.8.7, in storage version 999", "segkit has DuckDB " + here, "EXPORT DATABASE"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %q", err, want)
		}
	}
}
