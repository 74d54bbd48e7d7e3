package track

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/trial"
)

// wandering draws a history of few customers who come, move, and leave.
func wandering(t *rapid.T) *History {
	names := []string{"A", "=cmd()", "C"}
	dates := rapid.IntRange(1, 6).Draw(t, "dates")
	labels, margins := make([]map[string]int, dates), make([]map[string]float64, dates)
	for at := range dates {
		labels[at], margins[at] = map[string]int{}, map[string]float64{}
		for _, id := range []string{"1", "-2", "@x", "'=y", "é, \"q\""} {
			if l := rapid.IntRange(-2, 2).Draw(t, "label"); l > -2 {
				labels[at][id], margins[at][id] = l, rapid.SampledFrom([]float64{.01, .05, .3}).Draw(t, "margin")
			}
		}
	}
	return madeHistory(names, 10, labels, margins)
}

// At every date the ledger says what hysteresis gives, worked out customer by customer from the beginning; and it does not depend on what came later.
func TestLedgerIsHysteresisByHand(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := wandering(t)
		rule := Hysteresis{Margin: rapid.SampledFrom([]float64{0, -1, .2, .5}).Draw(t, "rule"), Confirm: rapid.IntRange(0, 3).Draw(t, "confirm")}
		l := trial.Sure(h.Ledger(rule))
		margin, confirm := rule.Margin, rule.Confirm
		if margin == 0 {
			margin = .1
		}
		if confirm == 0 {
			confirm = 2
		}
		state, wait, times := map[string]string{}, map[string]string{}, map[string]int{}
		for at, s := range h.Segments {
			here := map[string]bool{}
			for i, id := range s.IDs {
				here[id] = true
				seen := s.Name(s.Labels[i])
				if old, ok := state[id]; !ok || seen == old {
					state[id], wait[id], times[id] = seen, "", 0
					continue
				}
				if wait[id] != seen {
					wait[id], times[id] = seen, 0
				}
				if times[id]++; times[id] >= confirm || s.Margin[i] >= margin {
					state[id], wait[id], times[id] = seen, "", 0
				}
			}
			for id := range state {
				if !here[id] {
					delete(state, id)
					delete(wait, id)
				}
			}
			for _, days := range []int{0, 9} { // up to the day before the next date
				if got := l.At(h.Dates[at].AddDate(0, 0, days)); !maps.Equal(got, state) {
					t.Fatalf("date %d, %d days later: %v, want %v", at, days, got, state)
				}
			}
			early := *h
			early.Dates, early.Segments = h.Dates[:at+1], h.Segments[:at+1]
			got := trial.Sure(early.Ledger(rule))
			if !maps.Equal(got.At(h.Dates[at]), state) {
				t.Fatalf("without what came later: %v, want %v", got.At(h.Dates[at]), state)
			}
			waiting := 0
			for _, next := range wait {
				if next != "" {
					waiting++
				}
			}
			if got.Waiting != waiting || got.Since(nil).Waiting != waiting {
				t.Fatalf("%d wait, want %d of %v", got.Waiting, waiting, wait)
			}
		}
	})
}

// What is written is read again, formulas in ids and names included, and doing it twice changes nothing.
func TestLedgerIsReadAsItWasWritten(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		l := trial.Sure(wandering(t).Ledger())
		path := filepath.Join(dir, "history.csv")
		if err := l.WriteCSV(path); err != nil {
			t.Fatal(err)
		}
		text := string(trial.Sure(os.ReadFile(path)))
		for line := range strings.Lines(text) {
			for cell := range strings.SplitSeq(strings.TrimSpace(line), ",") {
				if cell != "" && strings.ContainsRune("=+-@", rune(cell[0])) && cell != "-2" {
					t.Fatalf("a spreadsheet would run %q", cell)
				}
			}
		}
		again := trial.Sure(ReadLedger(path))
		if !reflect.DeepEqual(again.Rows, l.Rows) || !slices.EqualFunc(again.Dates, l.Dates, func(a, b time.Time) bool { return a.Equal(b) }) {
			t.Fatalf("read %v, written %v", again, l)
		}
		if u := l.Since(again); u.Added != nil || u.Moved+u.New+u.BackFilled > 0 || !strings.HasPrefix(u.String(), "nothing changed") {
			t.Fatalf("%+v: %s", u, u)
		}
	})
}

// A late order changes the past of its customer, and only that; a further date says who moved and who is new.
func TestUpdateSaysWhatChanged(t *testing.T) {
	at := func(labels ...map[string]int) *Ledger {
		return trial.Sure(madeHistory([]string{"A", "B"}, 30, labels, nil).Ledger(Hysteresis{Margin: -1}))
	}
	older := at(map[string]int{"a": 0, "b": 0, "c": 1}, map[string]int{"a": 0, "b": 0, "c": 1})
	if u := at(map[string]int{"a": 0, "b": 0, "c": 1}, map[string]int{"a": 0, "b": 0, "c": 1}, map[string]int{"a": 1, "b": 0, "d": 0}).Since(older); u.Moved != 1 || u.New != 1 || u.BackFilled != 0 || len(u.Added) != 1 {
		t.Errorf("%+v", u)
	}
	u := at(map[string]int{"a": 0, "b": 1, "c": 1}, map[string]int{"a": 0, "b": 1, "c": 1, "e": 0}).Since(older)
	if u.BackFilled != 2 || len(u.Added) != 0 || !strings.Contains(u.String(), "the past of 2 customers has changed (late orders") {
		t.Errorf("%+v: %s", u, u)
	}
}

func TestFilesThatAreNoLedgerAreRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.csv")
	const head = "customer,segment,valid_from,valid_to\n"
	for text, want := range map[string]string{
		"":                                   "is empty",
		"id,segment\n1,A\n":                  "its header is not customer, segment, valid_from, valid_to",
		head + "1,A,2024-01-31\n":            "has 3 cells, want 4",
		head + "1,A,31.01.2024,\n":           `"31.01.2024" is not a date`,
		head + "1,A,2024-01-31,2024-01-01\n": "lies before valid_from",
		head + "1,\"A,2024-01-31,\n":         "is not a CSV file",
		head + "1,A,2024-01-31,\n1,B,2024-02-29,\n": "is in two segments on 2024-02-29",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := ReadLedger(path)
		if !errors.Is(err, fault.ErrFormat) || !strings.Contains(fmt.Sprint(err), want) || !strings.Contains(fmt.Sprint(err), "history.csv") {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	if l, err := ReadLedger(filepath.Join(t.TempDir(), "none.csv")); l != nil || err != nil {
		t.Errorf("no file yet: %v, %v", l, err)
	}
}

func FuzzReadLedger(f *testing.F) {
	f.Add("customer,segment,valid_from,valid_to\n,(looked at),2024-01-31,2024-01-31\n1,A,2024-01-31,\n")
	f.Fuzz(func(t *testing.T, text string) {
		path := filepath.Join(t.TempDir(), "history.csv")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		l, err := ReadLedger(path)
		if err != nil {
			if !errors.Is(err, fault.ErrFormat) || !strings.Contains(err.Error(), path) {
				t.Fatal(err)
			}
			return
		}
		if err := l.WriteCSV(path); err != nil {
			t.Fatal(err)
		}
		if again := trial.Sure(ReadLedger(path)); !reflect.DeepEqual(again, l) {
			t.Errorf("%+v became %+v", l, again)
		}
	})
}
