package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/table"
)

func TestScoreWritesTheSegmentOfEveryCustomer(t *testing.T) {
	dir := t.TempDir()
	file, model, out := filepath.Join(dir, "customers.csv"), filepath.Join(dir, "model.json"), filepath.Join(dir, "segments.csv")
	var csv strings.Builder
	csv.WriteString("customer,city,orders,spend\n")
	for i := range 20 {
		fmt.Fprintf(&csv, "%03d,York,%d,%d\n", i, 1+10*(i%2), 20+i%3+500*(i%2))
	}
	if err := os.WriteFile(file, []byte(csv.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	customers, err := table.ReadCSV(file, "customer")
	if err != nil {
		t.Fatal(err)
	}
	m, err := segkit.Recipe{Columns: []string{"spend"}, Prep: []prep.Transformer{prep.Log1p{}}, Method: cluster.KMeans{K: 2}}.Fit(customers)
	if err != nil {
		t.Fatal(err)
	}
	m.Names = []string{"small", "large"}
	if err := m.Save(model); err != nil {
		t.Fatal(err)
	}
	if err := (&scoreCmd{Model: model, File: file, ID: "customer", Out: out}).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(data)), "\n")
	if len(lines) != 21 || !strings.HasPrefix(lines[1], "000,small,") || !strings.HasPrefix(lines[2], "001,large,") {
		t.Errorf("wrote %q", lines)
	}

	if err := os.Remove(out); err != nil {
		t.Fatal(err)
	}
	err = (&scoreCmd{Model: model, File: file, ID: "id", Out: out}).Run(t.Context())
	if !errors.Is(err, fault.ErrMissingColumn) {
		t.Errorf("no id column: %v", err)
	}
	err = (&scoreCmd{Model: file, File: file, ID: "customer", Out: out}).Run(t.Context())
	if !errors.Is(err, fault.ErrFormat) {
		t.Errorf("a model that is none: %v", err)
	}
	if _, err := os.Stat(out); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("something was written: %v", err)
	}
}
