package main

import (
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/cmd/internal/bigshop"
)

// Order lines that are larger than the memory of DuckDB go to segments all the same: half a million take 37 MB in a compressed helper table, and
// three times as much as is allowed here where each statement holds all groups that it is asked for at once.
func TestLittleMemory(t *testing.T) {
	t.Chdir(t.TempDir())
	if _, err := bigshop.Write(t.Context(), "shop", 500_000, 1); err != nil {
		t.Fatal(err)
	}
	write(t, "orders.toml", mapping)
	said, code := command(t, "segment", "--engine", "duckdb://shop/*.parquet?memory_limit=110MB&threads=2&temp_directory=put aside", "--source", "orders.toml", "--as-of", "2025-09-30", "-k", "4", "--into", "segments.csv")
	if code != 0 || !strings.Contains(said, "Fitted on all customers") {
		t.Errorf("%d: %s", code, said)
	}
}
