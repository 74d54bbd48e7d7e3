package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/segkit/lab/datasets/shop"
	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/prep"
)

// monthly is a shop's orders in a file and a model of its customers of 30 June 2025.
func monthly(t *testing.T) *trackCmd {
	t.Helper()
	dir := t.TempDir()
	var b bytes.Buffer
	if err := shop.Generate(shop.Options{Customers: 500}).WriteOrders(&b); err != nil {
		t.Fatal(err)
	}
	c := &trackCmd{Model: filepath.Join(dir, "model.json"), Orders: filepath.Join(dir, "orders.csv"), History: filepath.Join(dir, "history.csv"), AsOf: "2025-07-31", Refit: true}
	if err := os.WriteFile(c.Orders, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	clean := trial.Sure(trial.Sure(features.ReadOrders(c.Orders, features.OrdersOptions{})).Clean(features.NoCustomer, features.Duplicate, features.TestOrder))
	customers := trial.Sure(clean.Features(time.Date(2025, 6, 30, 0, 0, 0, 0, time.UTC), features.Spec{Window: 365}))
	model := trial.Sure(segkit.Recipe{Columns: []string{"recency", "orders", "basket"}, Prep: []prep.Transformer{prep.Log1p{}, prep.Standardize{}}, Method: cluster.KMeans{K: 3}}.Fit(customers))
	if err := model.Save(c.Model); err != nil {
		t.Fatal(err)
	}
	return c
}

// Month after month, twice, and with an order that came late: what the history file holds depends on orders, model and dates alone.
func TestTrackIsAMonthlyJob(t *testing.T) {
	c := monthly(t)
	first := trial.Sure(c.find(t.Context()))
	if first.migration != nil || len(first.update.Added) != 1 {
		t.Fatalf("first run: %+v", first.update)
	}
	c.AsOf = "2025-08-31"
	second := trial.Sure(c.find(t.Context()))
	if second.migration == nil || len(second.history.Dates) != 2 {
		t.Fatal("second run knows of no first")
	}
	file := trial.Sure(os.ReadFile(c.History))
	again := trial.Sure(c.find(t.Context()))
	if !again.update.Nothing() || !bytes.Equal(file, trial.Sure(os.ReadFile(c.History))) || fmt.Sprint(again.Decision.Reasons) != fmt.Sprint(second.Decision.Reasons) {
		t.Errorf("running twice: %s", again.update)
	}

	lines := strings.SplitAfter(string(trial.Sure(os.ReadFile(c.Orders))), "\n")
	late := ""
	for _, line := range lines[1:] { // a customer of the file orders again in July, for much more than ever
		if cells := strings.Split(line, ","); len(cells) == 10 && cells[2] != "" && !strings.HasPrefix(cells[0], "C") {
			cells[0], cells[1], cells[6], cells[7] = "999999", "2025-07-20 12:00", "90", "99.00"
			late = strings.Join(cells, ",")
			break
		}
	}
	if err := os.WriteFile(c.Orders, []byte(strings.Join(lines, "")+late), 0o600); err != nil {
		t.Fatal(err)
	}
	if u := trial.Sure(c.find(t.Context())).update; u.BackFilled != 1 || len(u.Added) != 0 {
		t.Errorf("a late order: %+v", u)
	}
}

// What the history, the drift and the decision each say of dates without a window is printed once.
func TestTrackSaysOnceThatAHistoryGrows(t *testing.T) {
	c := monthly(t)
	clean := trial.Sure(trial.Sure(features.ReadOrders(c.Orders, features.OrdersOptions{})).Clean(features.NoCustomer))
	model := trial.Sure(segkit.Recipe{Columns: []string{"recency"}, Method: cluster.KMeans{K: 3}}.Fit(trial.Sure(clean.Features(time.Date(2025, 1, 31, 0, 0, 0, 0, time.UTC)))))
	if err := model.Save(c.Model); err != nil {
		t.Fatal(err)
	}
	c.Refit, c.AsOf = false, "2025-08-31"
	found := trial.Sure(c.find(t.Context()))
	const grows = "All days up to each date count"
	reasons := len(found.Decision.Reasons)
	if reasons != 2 || !strings.Contains(found.Decision.Reasons[1], grows) {
		t.Fatalf("nothing has drifted: %q", found.Decision.Reasons)
	}
	var out bytes.Buffer
	if err := found.print(&out, false); err != nil {
		t.Fatal(err)
	}
	if text := strings.Join(strings.Fields(out.String()), " "); strings.Count(text, grows) != 1 || !strings.Contains(text, "3 columns drifted") || len(found.Decision.Reasons) != reasons {
		t.Errorf("%s", out.String())
	}
}

// The report can be read by programs: one schema, one version, and no number that JSON cannot hold.
func TestTrackReportsAsJSON(t *testing.T) {
	c := monthly(t)
	for _, asOf := range []string{"2025-07-31", "2025-08-31"} {
		c.AsOf = asOf
		var b bytes.Buffer
		if err := trial.Sure(c.find(t.Context())).print(&b, true); err != nil {
			t.Fatal(err)
		}
		var got trackReport
		if err := json.Unmarshal(b.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		total := 0
		for _, s := range got.Segments {
			total += s.Customers
		}
		if got.Schema != "segkit/track" || got.Version != 1 || got.AsOf != asOf || total == 0 || got.Refit == nil || len(got.Drift) != 5 || (got.Migration != nil) != (asOf == "2025-08-31") {
			t.Errorf("%s", b.String())
		}
	}
	var b bytes.Buffer
	if err := trial.Sure(c.find(t.Context())).print(&b, false); err != nil || !strings.Contains(b.String(), "nothing changed") {
		t.Errorf("%v: %s", err, b.String())
	}
}

// A run more changes nothing, and does not even write the file again.
func TestTrackWritesNothingTwice(t *testing.T) {
	c := monthly(t)
	args := []string{"track", c.Model, c.Orders, "--history", c.History, "--no-refit", "--as-of", "2025-08-31"}
	if _, said, code := answerOf(t, ".", "", args...); code != exitDone && code != exitLook || (code == exitLook) != strings.Contains(said, "segkit: this is for a person to decide: ") {
		t.Fatal(said)
	}
	before := trial.Sure(os.Stat(c.History))
	stdout, _, _ := answerOf(t, ".", "", args...)
	after, err := os.Stat(c.History)
	if err != nil || !after.ModTime().Equal(before.ModTime()) || !os.SameFile(before, after) || !strings.Contains(stdout, "nothing changed") {
		t.Errorf("a second run wrote the history again: %v, %s", err, stdout)
	}
}

// Whatever is wrong is said in a sentence, and the history stays as it was.
func TestTrackRefusesWhatCannotBe(t *testing.T) {
	c := monthly(t)
	c.Refit = false
	trial.Sure(c.find(t.Context()))
	file := trial.Sure(os.ReadFile(c.History))
	other := *c
	other.History = filepath.Join(t.TempDir(), "other.csv")
	for want, change := range map[string]func(*trackCmd){
		"want a day such as 2025-09-30": func(c *trackCmd) { c.AsOf = "31.8.2025" },
		"does not exist: make it": func(c *trackCmd) { // before the orders are read
			c.History, c.Orders = filepath.Join(t.TempDir(), "none", "history.csv"), "none.csv"
		},
		"days after the last order line": func(c *trackCmd) { c.AsOf = "2026-08-31" },
		"is not a segment of this model": func(c *trackCmd) {
			text := strings.ReplaceAll(string(file), "\"Lapsed", "\"Gone")
			c.History = filepath.Join(t.TempDir(), "another.csv")
			if err := os.WriteFile(c.History, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"give all order lines so far": func(c *trackCmd) {
			lines := strings.SplitAfter(string(trial.Sure(os.ReadFile(c.Orders))), "\n")
			c.Orders, c.AsOf = filepath.Join(t.TempDir(), "late.csv"), "2025-12-31"
			if err := os.WriteFile(c.Orders, []byte(lines[0]+strings.Join(lines[len(lines)-500:], "")), 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"model.json": func(c *trackCmd) {
			text := trial.Sure(os.ReadFile(c.Model))
			c.Model = filepath.Join(t.TempDir(), "model.json")
			if err := os.WriteFile(c.Model, text[:len(text)/2], 0o600); err != nil {
				t.Fatal(err)
			}
		},
	} {
		it := *c
		change(&it)
		if _, err := it.find(t.Context()); err == nil || !strings.Contains(fmt.Sprint(err), want) {
			t.Errorf("%v, want %q", err, want)
		}
		if !bytes.Equal(file, trial.Sure(os.ReadFile(c.History))) {
			t.Fatalf("%s: the history was changed", want)
		}
	}
}
