// Package connect opens the SQL engine that a URL names. Nothing secret stands in a URL: passwords come from the environment or from
// the driver's own files.
package connect

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	_ "github.com/trinodb/trino-go-client/trino"

	"github.com/segkit/lab/internal/atomicfile"
	"github.com/segkit/lab/segkit/internal/suggest"
)

// Kinds of engines, by the scheme of their URLs.
const (
	DuckDB     = "duckdb"
	PostgreSQL = "postgres"
	Trino      = "trino"
)

// ParquetView is the view over the files of a URL that ends in .parquet.
const ParquetView = "parquet"

// Target is an engine as its URL names it.
type Target struct {
	Kind    string // DuckDB, PostgreSQL or Trino
	Parquet string // files that DuckDB reads as ParquetView, "" for none
	dsn     string
}

// InMemory reports whether the database ends with the program.
func (t Target) InMemory() bool {
	return t.Kind == DuckDB && (t.dsn == "" || strings.HasPrefix(t.dsn, "?"))
}

// Reads reports whether what is written to a path takes the place of the database, or is among the Parquet files that it reads, now or from then on.
func (t Target) Reads(path string) bool {
	if t.Parquet == "" {
		file, _, _ := strings.Cut(t.dsn, "?")
		return t.Kind == DuckDB && file != "" && atomicfile.Overwrites(path, file)
	}
	files, _ := filepath.Glob(t.Parquet) // whose form Parse has looked at
	if slices.ContainsFunc(files, func(file string) bool { return atomicfile.Overwrites(path, file) }) {
		return true
	}
	pattern, err := filepath.Abs(t.Parquet)
	here, err2 := filepath.Abs(path)
	within, _ := filepath.Match(pattern, here)
	return err == nil && err2 == nil && within
}

// Parse reads a URL:
//
//	duckdb://shop.db, duckdb:///data/shop.db?memory_limit=2GB    a file that is there, with DuckDB's own settings
//	duckdb:///data/orders/*.parquet                              Parquet files, as a view named parquet
//	duckdb://                                                    nothing yet, in memory
//	postgres://user@host:5432/database                           password: PGPASSWORD, or the file ~/.pgpass
//	postgres:///database?host=/var/run/postgresql                a socket
//	trino://user@host:8080/catalog/schema                        ?SSL=true for HTTPS, and then a password in TRINO_PASSWORD
func Parse(text string) (Target, error) {
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok {
		return Target{}, errors.New("segkit: --engine needs a URL that begins with duckdb://, postgres:// or trino://")
	}
	if scheme == DuckDB {
		return parseDuckDB(rest)
	}
	u, err := url.Parse(text)
	if err != nil { // its text would repeat the URL, and with it a password that should not be there
		return Target{}, fmt.Errorf("segkit: --engine %s://…: this is not a URL: look at its colons, slashes and percent signs", scheme)
	}
	if _, has := u.User.Password(); has || u.Query().Has("password") {
		from := "the environment variable PGPASSWORD or the file ~/.pgpass"
		if scheme == Trino {
			from = "the environment variable TRINO_PASSWORD"
		}
		return Target{}, fmt.Errorf("segkit: --engine %s://…: a URL is seen by others: take the password out of it, and give it in %s", scheme, from)
	}
	switch scheme {
	case PostgreSQL, "postgresql":
		return Target{Kind: PostgreSQL, dsn: text}, nil
	case Trino:
		return parseTrino(u)
	}
	return Target{}, fmt.Errorf("segkit: --engine %s://…: want duckdb://, postgres:// or trino://", scheme)
}

// parseDuckDB takes the name of the file as it stands: no escapes, so that a path is written as the shell knows it.
func parseDuckDB(rest string) (Target, error) {
	path, settings, _ := strings.Cut(rest, "?")
	if _, err := url.ParseQuery(settings); err != nil { // what cannot be read would be left out
		return Target{}, fmt.Errorf("segkit: --engine duckdb://%s?…: the settings after the question mark cannot be read (%w): write NAME=VALUE, with & between two and %%25 for a percent sign", path, err)
	}
	t := Target{Kind: DuckDB}
	if strings.HasSuffix(path, ".parquet") {
		found, err := filepath.Glob(path)
		if err != nil || len(found) == 0 {
			return Target{}, fmt.Errorf("segkit: --engine duckdb://%s: there is no such file: look at the folder, and put the URL in quotes", path)
		}
		t.Parquet, path = path, ""
	}
	switch strings.ToLower(filepath.Ext(path)) {
	case ".csv", ".tsv", ".txt", ".xlsx":
		return Target{}, fmt.Errorf("segkit: --engine duckdb://%s: that is not a DuckDB database: without --engine, segkit inspect and segkit report read such a file", path)
	}
	if path != "" { // DuckDB would begin a new one
		switch info, err := os.Stat(path); {
		case err != nil:
			return Target{}, fmt.Errorf("segkit: --engine duckdb://%s: there is no such file%s", path, beside(path))
		case info.IsDir():
			return Target{}, fmt.Errorf("segkit: --engine duckdb://%s: that is a folder: for the Parquet files in it, write \"duckdb://%s/*.parquet\"", path, strings.TrimSuffix(path, "/"))
		}
	}
	if t.dsn = path; settings != "" {
		t.dsn += "?" + settings
	}
	return t, nil
}

// beside says which file of the folder may have been meant.
func beside(path string) string {
	var names []string
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return ", nor the folder"
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if like := suggest.Suggestion(filepath.Base(path), names); like != "" {
		return like
	}
	return ": look at the folder; no database is created here"
}

func parseTrino(u *url.URL) (Target, error) {
	catalog, schema, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	if u.Host == "" || catalog == "" || schema == "" || strings.Contains(schema, "/") {
		return Target{}, errors.New("segkit: --engine trino://…: want trino://user@host:port/catalog/schema")
	}
	settings := u.Query()
	server := &url.URL{Scheme: "http", Host: u.Host, User: u.User}
	if settings.Get("SSL") == "true" {
		server.Scheme = "https"
	}
	settings.Del("SSL")
	if server.User == nil {
		name := "segkit"
		if me, err := user.Current(); err == nil {
			name = me.Username
		}
		server.User = url.User(name)
	}
	if password := os.Getenv("TRINO_PASSWORD"); password != "" {
		if server.Scheme == "http" {
			return Target{}, errors.New("segkit: --engine trino://…: TRINO_PASSWORD is set, and would cross the network readable by all: add ?SSL=true, or unset it")
		}
		server.User = url.UserPassword(server.User.Username(), password)
	}
	settings.Set("catalog", catalog)
	settings.Set("schema", schema)
	settings.Set("explicitPrepare", "false") // a statement with parameters may be longer than a header
	server.RawQuery = settings.Encode()
	return Target{Kind: Trino, dsn: server.String()}, nil
}

// Open connects, and asks for an answer, so that a wrong address is told now. The caller closes what it gets.
func (t Target) Open(ctx context.Context) (*sql.DB, error) {
	db, err := t.connector()
	if err == nil {
		if err = answers(ctx, db); err == nil {
			if little := t.tooLittle(ctx, db); little != nil {
				return nil, errors.Join(little, db.Close())
			}
		}
		if err == nil && t.Parquet != "" {
			_, err = db.ExecContext(ctx, "CREATE VIEW "+ParquetView+" AS SELECT * FROM read_parquet('"+strings.ReplaceAll(t.Parquet, "'", "''")+"')")
		}
		if err != nil {
			db.Close()
		}
	}
	if err != nil {
		return nil, t.refusal(err)
	}
	return db, nil
}

// leastMemory is what DuckDB wants at least, in bytes: with two threads a million order lines go to segments. Statements that need less fail in their middle.
const leastMemory = 100_000_000

// tooLittle refuses a limit of memory in the URL with which nothing would come to an end.
func (t Target) tooLittle(ctx context.Context, db *sql.DB) error {
	if s := t.settings(); t.Kind != DuckDB || !s.Has("memory_limit") && !s.Has("max_memory") {
		return nil
	}
	var limit string // "57.2 MiB"
	if err := db.QueryRowContext(ctx, "SELECT current_setting('memory_limit')").Scan(&limit); err != nil {
		return t.refusal(err)
	}
	var n float64
	var unit string
	if _, err := fmt.Sscanf(limit, "%g %s", &n, &unit); err != nil {
		return fmt.Errorf("segkit: DuckDB calls its memory_limit %q, which cannot be read: %w", limit, err)
	}
	if bytes, known := map[string]float64{"bytes": 1, "byte": 1, "KiB": 1 << 10, "MiB": 1 << 20}[unit]; !known || n*bytes >= .999*leastMemory { // it is shown in one decimal
		return nil
	}
	return fmt.Errorf("segkit: --engine duckdb://…: memory_limit is %s, and statements would fail halfway: want memory_limit=100MB or more; what does not fit in memory goes to disk", limit)
}

// answers asks for an answer within a minute: the driver of Trino tries again for as long as it may.
func answers(ctx context.Context, db *sql.DB) error {
	ctx, stop := context.WithTimeout(ctx, time.Minute)
	defer stop()
	return db.PingContext(ctx)
}

// Scratch prepares where helper tables are to be made: for DuckDB an attached database in a private file, in which they are compressed, beside what else it puts
// aside (temp_directory in the URL) or among the system's temporary files. It is "" where the engine has a better place. remove is called when the database is closed.
func (t Target) Scratch(ctx context.Context, db *sql.DB) (name string, remove func(), err error) {
	if t.Kind != DuckDB {
		return "", func() {}, nil
	}
	dir := t.settings().Get("temp_directory")
	if dir == "" {
		dir = os.TempDir()
	} else if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return "", nil, fmt.Errorf("segkit: --engine duckdb://…?temp_directory=%s: there is no such folder, and none can be made: look at the folder above it", dir)
	}
	stage, remove, err := atomicfile.Stage(dir)
	if err != nil {
		return "", nil, fmt.Errorf("segkit: --engine duckdb://…: no file can be made in %s, where helper tables would lie: name another folder, as in ?temp_directory=/data/tmp (%w)", dir, err)
	}
	if _, err = db.ExecContext(ctx, "ATTACH '"+strings.ReplaceAll(filepath.Join(stage, "scratch.db"), "'", "''")+"' AS segkit_scratch (READ_WRITE)"); err != nil {
		remove()
		return "", nil, t.refusal(err)
	}
	return "segkit_scratch", remove, nil
}

// settings are those of DuckDB in the URL.
func (t Target) settings() url.Values {
	_, settings, _ := strings.Cut(t.dsn, "?")
	values, err := url.ParseQuery(settings)
	if err != nil {
		panic(err) // parseDuckDB has read them
	}
	return values
}

// planned is how DuckDB is to work unless the URL says otherwise. Statements are written with the smaller table on the right of a join, and an estimate is easily
// wrong by a thousand behind several conditions, so that the larger one would be held in memory. The order of rows means nothing.
var planned = map[string]string{"disabled_optimizers": "join_order,build_side_probe_side", "preserve_insertion_order": "false"}

func (t Target) connector() (*sql.DB, error) {
	switch t.Kind {
	case DuckDB:
		path, _, _ := strings.Cut(t.dsn, "?")
		settings := t.settings()
		for name, value := range planned {
			if !settings.Has(name) {
				settings.Set(name, value)
			}
		}
		c, err := duckdb.NewConnector(path+"?"+settings.Encode(), nil)
		if err != nil {
			return nil, err
		}
		return sql.OpenDB(c), nil
	case PostgreSQL:
		c, err := pgx.ParseConfig(t.dsn)
		if err != nil {
			return nil, err
		}
		return stdlib.OpenDB(*c), nil
	}
	return sql.Open("trino", t.dsn)
}
