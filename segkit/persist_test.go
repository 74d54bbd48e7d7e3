package segkit

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/dialect"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/kinds"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/table"
)

var update = flag.Bool("update", false, "rewrite golden files")

func savedModel(t testing.TB) []byte {
	t.Helper()
	return saved(t, Recipe{
		Columns: []string{"recency", "orders", "basket"},
		Prep:    []prep.Transformer{prep.Impute{}, prep.Winsor{Low: -1}, prep.Log1p{Columns: []string{"orders"}}, prep.Robust{Columns: []string{"basket"}}, prep.Standardize{}, prep.PCA{}},
		Method:  cluster.KMeans{K: 3, Seed: 1},
	}, trial.ThreeGroups(60))
}

// saved is the file of a model.
func saved(t testing.TB, r Recipe, raw *table.Table) []byte {
	t.Helper()
	m, err := r.Fit(raw)
	if err != nil {
		t.Fatal(err)
	}
	data, err := m.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestSavedModelIsTheSameModel(t *testing.T) {
	raw := trial.ThreeGroups(600)
	m := fitted(t, threeRecipe, raw)
	m.Names = []string{"Sleepers", "Regulars & Co", `"Stars"`}
	path := filepath.Join(t.TempDir(), "segments.json")
	if err := m.Save(path); err != nil {
		t.Fatal(err)
	}
	again, err := LoadModel(path)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(m, again) {
		t.Errorf("loaded %+v, saved %+v", again, m)
	}
	if a, b := scored(t, m, raw), scored(t, again, raw); !reflect.DeepEqual(a, b) || a.Names[0] != "Sleepers" {
		t.Error("the loaded model scores differently")
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(data, []byte("C-00")) {
		t.Error("the file names a customer")
	}
}

// shape lists what a file may hold of a type, field by field as JSON calls them.
func shape(t reflect.Type, seen map[reflect.Type]bool) (lines []string) {
	for t.Kind() == reflect.Slice || t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || seen[t] || !strings.HasPrefix(t.PkgPath(), reflect.TypeFor[Recipe]().PkgPath()) {
		return nil
	}
	seen[t] = true
	for _, f := range reflect.VisibleFields(t) {
		if tag := f.Tag.Get("json"); tag != "" && tag != "-" {
			lines = append(lines, fmt.Sprintf("%s: %s %s", t.Name(), tag, f.Type))
		}
		lines = append(lines, shape(f.Type, seen)...)
	}
	return lines
}

// Readers are strict, so an older one refuses a file with a field that it does not know, and must be able to say that a newer
// segkit wrote it: what files hold may change only together with their version. Where this fails: raise modelVersion if the
// version has been released, say in persist.go how the versions differ, and write the new list with -update.
func TestWhatFilesHoldHasAVersion(t *testing.T) {
	seen := map[reflect.Type]bool{}
	lines := slices.Concat(shape(reflect.TypeFor[modelFile](), seen), shape(reflect.TypeFor[recipeFile](), seen))
	part := func(kind string, v any, err error) {
		if err != nil {
			t.Fatal(err)
		}
		lines = append(append(lines, kind), shape(reflect.TypeOf(v), seen)...)
	}
	empty := func(name string) []byte { return fmt.Appendf(nil, `{"kind": %q, "data": {}}`, name) }
	for _, name := range kinds.Transformers.Names() {
		v, err := kinds.Decode[prep.Transformer](kinds.Transformers, empty(name))
		part(name, v, err)
	}
	for _, name := range kinds.Fitted.Names() {
		v, err := kinds.Decode[prep.Fitted](kinds.Fitted, empty(name))
		part(name, v, err)
	}
	for _, name := range kinds.Methods.Names() {
		v, err := kinds.Decode[cluster.Method](kinds.Methods, empty(name))
		part(name, v, err)
	}
	for _, name := range kinds.Assigners.Names() {
		v, err := kinds.Decode[cluster.Assigner](kinds.Assigners, empty(name))
		part(name, v, err)
	}
	path, got := fmt.Sprintf("testdata/model_v%d.fields", modelVersion), strings.Join(lines, "\n")+"\n"
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("version %d of the format holds other fields than %s says:\n%s", modelVersion, path, got)
	}
}

// The file in testdata was written by the first version of the format, and must score as it did then for as long as
// version 1 is read.
func TestVersionOneFileIsReadForEver(t *testing.T) {
	const path, want = "testdata/model_v1.json", "testdata/model_v1_labels.json"
	raw := trial.ThreeGroups(60)
	m, err := LoadModel(path)
	if err != nil {
		t.Fatal(err)
	}
	s := scored(t, m, raw)
	data, err := os.ReadFile(want)
	if err != nil {
		t.Fatal(err)
	}
	var recorded table.Segments
	if err := json.Unmarshal(data, &recorded); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(s.Labels, recorded.Labels) || !slices.Equal(s.Names, recorded.Names) || !slices.Equal(s.IDs, recorded.IDs) {
		t.Error("the recorded customers are in other segments now")
	}
	trial.Near(t, recorded.Distance, s.Distance, 1e-12)
	trial.Near(t, recorded.Margin, s.Margin, 1e-12)
}

func TestNumbersSurviveExactly(t *testing.T) {
	for _, want := range []float64{0, math.Copysign(0, -1), .1, 1e-320, math.MaxFloat64, math.Pi, math.Inf(1), math.Inf(-1), math.NaN()} {
		data, err := json.Marshal(kinds.Float(want))
		if err != nil {
			t.Fatal(err)
		}
		var got kinds.Float
		if err := json.Unmarshal(data, &got); err != nil || math.Float64bits(float64(got)) != math.Float64bits(want) {
			t.Errorf("%v became %s became %v (%v)", want, data, got, err)
		}
	}
	var n kinds.Float
	if err := json.Unmarshal([]byte(`"many"`), &n); err == nil {
		t.Error("text was read as a number")
	}
}

func TestKindsInFilesAreThoseOfTheTypes(t *testing.T) {
	for _, name := range kinds.Fitted.Names() {
		f, err := kinds.Decode[prep.Fitted](kinds.Fitted, fmt.Appendf(nil, `{"kind": %q, "data": {}}`, name))
		if err != nil || f.Kind() != name {
			t.Errorf("%q is %T, which calls itself %q (%v)", name, f, f.Kind(), err)
		}
	}
	for _, name := range kinds.Assigners.Names() {
		a, err := kinds.Decode[cluster.Assigner](kinds.Assigners, fmt.Appendf(nil, `{"kind": %q, "data": {}}`, name))
		if err != nil || a.Kind() != name {
			t.Errorf("%q is %T, which calls itself %q (%v)", name, a, a.Kind(), err)
		}
	}
}

func TestBadModelFilesAreSentences(t *testing.T) {
	good := string(savedModel(t))
	edit := func(old, new string) string {
		if !strings.Contains(good, old) {
			t.Fatalf("the file does not hold %s", old)
		}
		return strings.Replace(good, old, new, 1)
	}
	// set rewrites one value of the file, found by its path.
	set := func(value any, path ...any) string {
		var tree any
		if err := json.Unmarshal([]byte(good), &tree); err != nil {
			t.Fatal(err)
		}
		at := tree
		for _, step := range path[:len(path)-1] {
			switch key := step.(type) {
			case string:
				at = at.(map[string]any)[key]
			case int:
				at = at.([]any)[key]
			}
		}
		switch key := path[len(path)-1].(type) {
		case string:
			at.(map[string]any)[key] = value
		case int:
			at.([]any)[key] = value
		}
		data, err := json.Marshal(tree)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	for _, c := range []struct{ name, file, says string }{
		{"cut in half", good[:len(good)/2], "ends too early"},
		{"empty", "", "ends too early"},
		{"not JSON", "id,segment\n1,2\n", "not JSON: line 1"},
		{"a notebook", `{"cells": [], "nbformat": 4}`, "not a model"},
		{"a list", `[1, 2]`, "not a model"},
		{"newer", edit(`"version": 3`, `"version": 4`), "update to read it"},
		{"version 0", edit(`"version": 3`, `"version": 0`), "never written"},
		{"version as text", edit(`"version": 3`, `"version": "1"`), "not a model"},
		{"unknown field", edit(`"sizes"`, `"extra": 1, "sizes"`), "extra"},
		{"unknown transform", edit(`"kind": "winsor"`, `"kind": "<b>box-cox"`), "box-cox"},
		{"unknown method", set("kmedians", "recipe", "method", "kind"), "kmeans"},
		{"unknown assigner", set("oracle", "assigner", "kind"), "nearest"},
		{"other kind", edit(`"kind": "kmeans"`, `"kind": "kmedoids"`), "kmedoids"},
		{"NaN", edit(`"cost": `, `"cost": NaN, "x": `), "not JSON"},
		{"number as text", set("four", "transforms", 4, "data", "center", 0), "center"},
		{"two documents", good + good, "more after the end"},
		{"no centres", set([]any{}, "assigner", "data", "centers"), "no centres"},
		{"short centre", set([]any{1.0}, "assigner", "data", "centers", 1), "centre 2"},
		{"lost centre", set([]any{[]any{1.0, 2.0, 3.0}}, "assigner", "data", "centers"), "3 names for 1 segments"},
		{"other columns", set([]any{"a", "b", "c"}, "assigner", "data", "columns"), "do not fit together"},
		{"lost name", set([]any{"one"}, "names"), "1 names and 3 sizes"},
		{"lost transform", set([]any{}, "transforms"), "0 fitted transforms for 6 steps"},
		{"null transform", set(nil, "transforms", 2), "fitted transform"},
		{"scale 0", set(0.0, "transforms", 4, "data", "scale", 0), "scale of 0"},
		{"short scale", set([]any{1.0}, "transforms", 4, "data", "scale"), "1 numbers for 3 columns"},
		{"ragged loadings", set([]any{1.0}, "transforms", 5, "data", "loadings", 0), "1 numbers for 3 columns"},
		{"crossed bounds", set(1e308, "transforms", 1, "data", "low", 0), "bounds"},
		{"no columns", set([]any{}, "input", "columns"), "do not fit together"},
		{"lost distribution", set([]any{}, "training"), "0 distributions for 3 columns"},
		{"negative share", set(-.5, "training", 0, "shares", 0), "share of -0.5"},
		{"cuts that fall", set(1e300, "training", 0, "cuts", 0), "do not increase"},
		{"short typical customer", set([]any{1.0}, "typical", 1), "segment 2 has 1 typical values"},
		{"nested deeply", strings.Repeat("[", 1<<20), "not JSON"},
		{"a column twice", set("recency", "input", "columns", 1, "name"), "two columns"},
		{"unknown role", set("hero", "input", "columns", 1, "role"), "hero"},
	} {
		path := filepath.Join(t.TempDir(), "bad.json")
		if err := os.WriteFile(path, []byte(c.file), 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := LoadModel(path)
		if !errors.Is(err, fault.ErrFormat) || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), path) || strings.Count(err.Error(), "segkit:") != 1 {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestModelFilesThatCannotBeReadOrWritten(t *testing.T) {
	dir := t.TempDir()
	if _, err := LoadModel(filepath.Join(dir, "none.json")); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "none.json") {
		t.Errorf("no file: %v", err)
	}
	if _, err := LoadModel(dir); err == nil || !strings.Contains(err.Error(), "directory") {
		t.Errorf("a directory: %v", err)
	}
	m := fitted(t, threeRecipe, trial.ThreeGroups(60))
	if err := m.Save(filepath.Join(dir, "no", "where.json")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no folder: %v", err)
	}
	path := filepath.Join(dir, "model.json")
	if err := m.Save(path); err != nil {
		t.Fatal(err)
	}
	before, _ := os.ReadFile(path)
	m.Names = m.Names[:2] // a model that was broken by hand
	if err := m.Save(path); err == nil || !strings.Contains(err.Error(), "2 names") {
		t.Errorf("a broken model: %v", err)
	}
	if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
		t.Error("the older model was lost")
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
}

func FuzzLoadModel(f *testing.F) {
	data, err := os.ReadFile("testdata/model_v1.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add(data[:len(data)/2])
	f.Add([]byte(`{"format": "segkit/model", "version": 2}`))
	raw := trial.ThreeGroups(12)
	f.Add(savedModel(f))
	with := trial.Sure(raw.With("city", `if(orders > 5, "Leeds", "York")`))
	f.Add(saved(f, Recipe{Columns: []string{"city", "orders"}, Prep: []prep.Transformer{prep.OneHot{}, prep.Snap{}}, Method: cluster.KMeans{K: 2}}, with))
	f.Add(saved(f, Recipe{Columns: []string{"city", "orders"}, Method: cluster.KPrototypes{K: 2}}, with))
	f.Add(saved(f, Recipe{Columns: []string{"orders", "basket"}, Prep: []prep.Transformer{prep.Quantile{}, prep.YeoJohnson{}}, Method: cluster.KMedoids{K: 2}}, raw))
	f.Add(saved(f, Recipe{Columns: []string{"orders", "basket"}, Method: cluster.GaussianMixture{K: 2}}, raw))
	f.Fuzz(func(t *testing.T, data []byte) {
		var m Model
		if err := m.UnmarshalBinary(data); err != nil {
			if !errors.Is(err, fault.ErrFormat) {
				t.Fatalf("not ErrFormat: %v", err)
			}
			return
		}
		again, err := m.MarshalBinary()
		if err != nil {
			t.Fatalf("a loaded model cannot be saved: %v", err)
		}
		var n Model
		if err := n.UnmarshalBinary(again); err != nil {
			t.Fatalf("second round trip: %v", err)
		}
		if third, err := n.MarshalBinary(); err != nil || !bytes.Equal(again, third) { // agreements may be NaN, which no value equals
			t.Fatalf("second round trip changes the model: %v", err)
		}
		_, _ = m.Score(raw) // may refuse, must not panic
		_, _ = m.Centers()
		_, _ = m.SQL(dialect.Standard, "customers")
		_, _ = m.ScoreCSV(io.Discard, inPieces(raw, 5))
		_ = m.Sheet()
		_ = m.Inputs()
	})
}
