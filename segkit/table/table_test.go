package table

import (
	"encoding/gob"
	"errors"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/fault"
)

func TestTopIsSortedStableAndKeepsRowsTogether(t *testing.T) {
	nan := math.NaN()
	x, err := New([]string{"a", "b", "c", "d", "e"}, []Column{{Name: "spend"}, {Name: "orders"}},
		[]float64{5, 1, nan, 2, 9, 3, 5, 4, 9, 5})
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range map[int][]string{-1: {}, 0: {}, 3: {"c", "e", "a"}, 9: {"c", "e", "a", "d", "b"}} {
		top, err := x.Top(n, "spend")
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(top.IDs(), want) {
			t.Errorf("Top(%d) = %v, want %v", n, top.IDs(), want)
		}
		if n == 3 && top.At(2, 1) != 1 {
			t.Errorf("row of a is %v: rows were torn apart", top.Row(2))
		}
	}
	if _, err := x.Top(3, "sepnd"); !errors.Is(err, fault.ErrMissingColumn) {
		t.Errorf("Top by a column that is not there: %v", err)
	}
}

// Two processes that met other gob types first must agree: memory on disk and a model's TrainedOn rest on it.
func TestFingerprintIsTheSameInAnyProcess(t *testing.T) {
	x, err := New([]string{"a", "b"}, []Column{{Name: "spend", Unit: "EUR"}}, []float64{1, math.NaN()})
	if err != nil {
		t.Fatal(err)
	}
	if where := os.Getenv("FINGERPRINT"); where != "" {
		type other struct{ A map[string]int }
		if err := gob.NewEncoder(io.Discard).Encode(other{}); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(where, []byte(x.Fingerprint()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	where := filepath.Join(t.TempDir(), "fingerprint")
	child := exec.Command(os.Args[0], "-test.run=^TestFingerprintIsTheSameInAnyProcess$")
	child.Env = append(os.Environ(), "FINGERPRINT="+where)
	if out, err := child.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if got, err := os.ReadFile(where); err != nil || string(got) != x.Fingerprint() {
		t.Errorf("another process has %s, this one %s, %v", got, x.Fingerprint(), err)
	}
}

func TestSegmentsByCategory(t *testing.T) {
	nan := math.NaN()
	x, err := New([]string{"a", "b", "c"}, []Column{{Name: "city", Levels: []string{"Bath", "Leeds", "York"}}, {Name: "age"}},
		[]float64{2, 30, nan, 40, 0, 50})
	if err != nil {
		t.Fatal(err)
	}
	s, err := x.SegmentsBy("city")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(s.Labels, Labels{2, Noise, 0}) || !slices.Equal(s.Names, []string{"Bath", "Leeds", "York"}) || !slices.Equal(s.Counts(), []int{1, 0, 1}) {
		t.Errorf("%v %v %v", s.Labels, s.Names, s.Counts())
	}
	for _, column := range []string{"age", "ctiy"} {
		if _, err := x.SegmentsBy(column); err == nil {
			t.Errorf("SegmentsBy(%q) is accepted", column)
		}
	}
}

// What Tab lists on a table is for those who analyse customers and those who write methods; machinery stands behind Raw.
func TestATableListsNoMachinery(t *testing.T) {
	listed := reflect.TypeFor[*Table]()
	if n := listed.NumMethod(); n > 52 {
		t.Errorf("a table has %d methods, want at most 52: put what rooms need of each other on Raw", n)
	}
	for i := range listed.NumMethod() {
		for p := range listed.Method(i).Type.NumIn() {
			if of := listed.Method(i).Type.In(p); strings.Contains(of.String(), "formula.") || strings.Contains(of.String(), "condition.") {
				t.Errorf("%s takes %s, which nobody outside can make", listed.Method(i).Name, of)
			}
		}
	}
}
