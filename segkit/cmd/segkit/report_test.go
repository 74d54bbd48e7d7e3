package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// reported runs segkit report on the made-up shop, or a file, into a folder.
func reported(t *testing.T, dir string, args ...string) error {
	t.Helper()
	c := reportCmd{Orders: "shop", Out: dir, Days: 90, Seed: 1, Lang: "en"}
	if len(args) > 0 {
		c.Orders = args[0]
	}
	return c.Run(t.Context())
}

func TestReportTwiceIsTheSame(t *testing.T) {
	a, b := t.TempDir(), t.TempDir()
	for _, dir := range []string{a, b} {
		if err := reported(t, dir); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := os.ReadDir(a)
	if err != nil || len(entries) < 5 {
		t.Fatalf("%v, %v", entries, err)
	}
	for _, e := range entries {
		one, _ := os.ReadFile(filepath.Join(a, e.Name()))
		two, _ := os.ReadFile(filepath.Join(b, e.Name()))
		if len(one) == 0 || !bytes.Equal(one, two) {
			t.Errorf("%s differs between two runs", e.Name())
		}
	}
	page, _ := os.ReadFile(filepath.Join(a, "report.html"))
	if addresses := outside(string(page)); addresses != nil {
		t.Errorf("the page would load %v", addresses)
	}
	for _, never := range []string{"NaN", "%!"} {
		if bytes.Contains(page, []byte(never)) {
			t.Errorf("the page holds %s", never)
		}
	}
}

// Files of which no report can be made are refused with a sentence, and nothing is written.
func TestReportOfBadOrders(t *testing.T) {
	head := "order,customer,date,product,quantity,price\n"
	for name, c := range map[string]struct{ content, want string }{
		"no orders":    {head, "no"},
		"one customer": {head + "1,a,2025-01-01,p,1,5\n2,a,2025-02-01,p,1,5\n", "too few to form segments"},
		"cancelled":    {head + "1,a,2025-01-01,p,1,5\nC1,a,2025-01-02,p,-1,5\n", "left"},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "orders.csv")
			if err := os.WriteFile(file, []byte(c.content), 0o644); err != nil {
				t.Fatal(err)
			}
			dir := filepath.Join(t.TempDir(), "report")
			err := reported(t, dir, file)
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), file) {
				t.Errorf("%v", err)
			}
			if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
				t.Error("a folder was made for nothing")
			}
		})
	}
}

func TestReportFlagsThatMakeNoSense(t *testing.T) {
	for want, c := range map[string]reportCmd{
		"--as-of": {Orders: "shop", AsOf: "31.1.", Days: 90}, "--k": {Orders: "shop", K: 1, Days: 90}, "--days": {Orders: "shop"},
	} {
		c.Out = filepath.Join(t.TempDir(), "report")
		if err := c.Run(t.Context()); exitCode(err) != exitUsage || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}
