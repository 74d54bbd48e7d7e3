package main

import (
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/segkit/lab/datasets/shop"
	"github.com/segkit/lab/segkit/cmd/internal/bigshop"
	"github.com/segkit/lab/segkit/internal/hard"
	"github.com/segkit/lab/segkit/internal/killed"
)

// asCommand makes the test's own program the command, so that it can be killed.
const asCommand = "SEGKIT_TEST_AS_ENGINE"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		os.Exit(run(os.Args[1:]))
	}
	os.Exit(m.Run())
}

// Whenever the command is killed, the table of segments is absent, what it was, or whole; the database opens, the orders are all there, and the next run
// leaves what an undisturbed one does. The same with files.
func TestKilledEngine(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program := func(args ...string) func(dir string) *exec.Cmd {
		return func(dir string) *exec.Cmd {
			cmd := exec.Command(self, append(args, "--source", "orders.toml", "--as-of", "2025-09-30", "-k", "4")...)
			cmd.Dir, cmd.Env = dir, append(os.Environ(), asCommand+"=1")
			return cmd
		}
	}
	orders := func(t *testing.T, dir string) {
		if _, err := bigshop.WriteShop(filepath.Join(dir, "shop.parquet"), shop.Generate(shop.Options{Customers: 300}), ""); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, "orders.toml"), mapping)
	}
	trials := []*killed.Trial{
		killed.New(t, killed.Program{Name: "file", Run: program("segment", "--engine", "duckdb://shop.parquet", "--into", "segments.csv"), Prepare: orders}),
		killed.New(t, killed.Program{Name: "table", Run: program("segment", "--engine", "duckdb://shop.db", "--into", "segments"), Look: tables, Prepare: func(t *testing.T, dir string) {
			orders(t, dir)
			write(t, filepath.Join(dir, "orders.toml"), mapping+"table = \"orders\"\n")
			db, err := sql.Open("duckdb", filepath.Join(dir, "shop.db"))
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if _, err := db.Exec("CREATE TABLE orders AS SELECT * FROM '" + filepath.Join(dir, "shop.parquet") + "'"); err != nil {
				t.Fatal(err)
			}
			if err := os.Remove(filepath.Join(dir, "shop.parquet")); err != nil {
				t.Fatal(err)
			}
		}}),
	}
	found := hard.Rounds(t, "killed-engine", 4, 100, func(t *testing.T, round int) killed.Found {
		return trials[round/2%2].Kill(t, round)
	})
	t.Log("\n" + killed.Sum(found))
}

// tables says what every table of the database in the folder holds, row by row, and what lies beside it.
func tables(dir string) (map[string]string, error) {
	held := map[string]string{}
	db, err := sql.Open("duckdb", filepath.Join(dir, "shop.db"))
	if err != nil {
		return nil, err
	}
	defer db.Close()
	names, err := column(db, "SELECT table_name FROM information_schema.tables")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		rows, err := column(db, `SELECT x::VARCHAR FROM "`+name+`" x ORDER BY 1`)
		if err != nil {
			return nil, err
		}
		held["table "+name] = strings.Join(rows, "\n")
	}
	if err := db.Close(); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if e.Name() == "model.json" || strings.HasPrefix(e.Name(), ".segkit-") {
			text, err := os.ReadFile(filepath.Join(dir, e.Name()))
			if err != nil {
				return nil, err
			}
			held[e.Name()] = string(text)
		} else if e.Name() != ".tmp" && e.Name() != "orders.toml" && e.Name() != "shop.db" {
			held[e.Name()] = fmt.Sprint(e.Type())
		}
	}
	return held, err
}

func column(db *sql.DB, query string) (all []string, err error) {
	rows, err := db.Query(query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, rows.Err()
}
