package segkit

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/table"
)

// inPieces cuts a table into pieces of the given numbers of rows, the last of which takes what is left.
func inPieces(x *table.Table, sizes ...int) iter.Seq2[*table.Table, error] {
	return func(yield func(*table.Table, error) bool) {
		rows := pick.All(x.Len())
		for _, n := range append(sizes, x.Len()) {
			n = min(n, len(rows))
			if n > 0 && !yield(x.Rows(rows[:n]), nil) {
				return
			}
			rows = rows[n:]
		}
	}
}

// In pieces of any size, the same segments are written as by Score and WriteCSV, and the same is said about them.
func TestScoreCSVInPiecesIsScore(t *testing.T) {
	raw := trial.ThreeGroups(60)
	recipes := map[string]Recipe{
		"logs":    threeRecipe,
		"mixture": {Columns: threeRecipe.Columns, Prep: []prep.Transformer{prep.Standardize{}}, Method: cluster.GaussianMixture{K: 2}},
		"city":    {Columns: append([]string{"city"}, threeRecipe.Columns...), Method: cluster.KPrototypes{K: 2}},
	}
	path := filepath.Join(t.TempDir(), "whole.csv")
	with := trial.Sure(raw.With("city", `if(orders > 5, "Leeds", "York")`))
	for name, r := range recipes {
		t.Run(name, func(t *testing.T) {
			m := fitted(t, r, with)
			other := with.Columns()
			other[len(other)-1].Levels = append(other[len(other)-1].Levels, "Hull", "Bath")
			rapid.Check(t, func(t *rapid.T) {
				x := with.WithData(other, slices.Clone(with.Raw().Data))
				d := len(other)
				for range rapid.IntRange(0, 9).Draw(t, "cells") {
					i, j := rapid.IntRange(0, 20).Draw(t, "row"), rapid.IntRange(0, d-1).Draw(t, "column")
					x.Raw().Data[i*d+j] = rapid.SampledFrom([]float64{math.NaN(), -3, 1e9, 2}).Draw(t, "value")
					if other[j].Categorical() {
						x.Raw().Data[i*d+j] = rapid.SampledFrom([]float64{math.NaN(), 2, 3}).Draw(t, "level")
					}
				}
				whole, err := m.Score(x)
				if err != nil {
					t.Fatal(err)
				}
				if err := whole.WriteCSV(path); err != nil {
					t.Fatal(err)
				}
				want, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				var got bytes.Buffer
				s, err := m.ScoreCSV(&got, inPieces(x, rapid.SliceOfN(rapid.IntRange(1, 10), 0, 8).Draw(t, "sizes")...))
				if err != nil {
					t.Fatal(err)
				}
				if got.String() != string(want) {
					t.Fatalf("in pieces:\n%s\nat once:\n%s", got.String(), want)
				}
				in := 0
				for _, n := range s.Sizes {
					in += n
				}
				if s.Customers != 60 || !slices.Equal(s.Sizes, whole.Counts()) || in+s.NoSegment != 60 || s.RepeatedIDs+s.EmptyIDs != 0 {
					t.Fatalf("counted %+v of %v", s, whole.Counts())
				}
				slices.Sort(s.Remarks) // a piece says first what it met first
				slices.Sort(whole.Remarks)
				if said, all := fmt.Sprint(s.Remarks), fmt.Sprint(whole.Remarks); said != all && !strings.Contains(all, "Hull") { // so new levels may be told in another order
					t.Fatalf("said %s, want %s", said, all)
				}
				if s.NewLevel+s.Missing+s.Unusable < s.NoSegment || (s.OutOfRange > 0) != strings.Contains(fmt.Sprint(whole.Remarks), "training range") {
					t.Fatalf("flags %+v, remarks %q", s, whole.Remarks)
				}
			})
		})
	}
}

func TestRepeatedAndEmptyIDsAreCounted(t *testing.T) {
	raw := trial.ThreeGroups(60)
	m := fitted(t, threeRecipe, raw)
	x := raw.WithData(raw.Columns(), raw.Raw().Data)
	x.Raw().IDs = raw.IDs()
	x.Raw().IDs[7], x.Raw().IDs[50], x.Raw().IDs[9], x.Raw().IDs[10] = x.Raw().IDs[3], x.Raw().IDs[3], "", ""
	var b bytes.Buffer
	s := trial.Sure(m.ScoreCSV(&b, inPieces(x, 5, 20)))
	if s.RepeatedIDs != 2 || s.EmptyIDs != 2 || s.Customers != 60 || strings.Count(b.String(), "\n") != 61 {
		t.Errorf("%+v", s)
	}
	if said := strings.Join(s.Sheet().Notes, " "); !strings.Contains(said, "2 rows have the id of an earlier row") || !strings.Contains(said, "2 rows have no id") {
		t.Errorf("said %s", said)
	}
}

// broken fails after some bytes.
type broken struct{ left int }

func (w *broken) Write(p []byte) (int, error) {
	if w.left -= len(p); w.left < 0 {
		return 0, io.ErrShortWrite
	}
	return len(p), nil
}

func TestScoreCSVStopsAtTheFirstError(t *testing.T) {
	raw := trial.ThreeGroups(60)
	m := fitted(t, threeRecipe, raw)
	bad := errors.New("the line went dead")
	pieces := func(yield func(*table.Table, error) bool) {
		if yield(raw, nil) && yield(nil, bad) {
			t.Error("it asks for more")
		}
	}
	if _, err := m.ScoreCSV(io.Discard, pieces); !errors.Is(err, bad) {
		t.Errorf("a piece that fails: %v", err)
	}
	if _, err := m.ScoreCSV(&broken{100}, inPieces(raw)); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("a disk that is full: %v", err)
	}
	if _, err := m.ScoreCSV(io.Discard, func(func(*table.Table, error) bool) {}); !errors.Is(err, fault.ErrEmpty) {
		t.Errorf("no piece: %v", err)
	}
	if _, err := m.ScoreCSV(io.Discard, inPieces(trial.Sure(raw.Drop("orders")))); !errors.Is(err, fault.ErrMissingColumn) {
		t.Errorf("a lacking column: %v", err)
	}
}

// A model says which columns of a file it reads: its own, or those that its formulas compute them from.
func TestReads(t *testing.T) {
	raw := trial.ThreeGroups(60)
	with := trial.Sure(raw.With("pace", "orders / (recency + 1)"))
	with = trial.Sure(with.With("often", `if(orders > 5, "yes", "no")`))
	m := fitted(t, Recipe{Columns: []string{"pace", "basket", "often"}, Method: cluster.KPrototypes{K: 2}}, with)
	names := func(have ...string) string {
		columns, err := m.Reads(have)
		if err != nil {
			return err.Error()
		}
		var out []string
		for _, c := range columns {
			out = append(out, c.Name+strings.Join(c.Levels, "/"))
		}
		return strings.Join(out, " ")
	}
	for want, got := range map[string]string{
		"pace basket oftenno/yes": names("often", "pace", "basket", "orders"),
		"orders recency basket":   names("basket", "orders", "recency"),
		`segkit: Model.Score: the model needs "pace" (which is orders / (recency + 1)) and "basket", which are not among orders, often`: names("orders", "often"),
	} {
		if got != want && !strings.HasPrefix(got, want) {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
