package notebook

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestParametersAreSet(t *testing.T) {
	for _, c := range []struct{ name, value, want string }{
		{"k", "5", "var k = 5"},
		{"k", "-5", "var k = -5"},
		{"share", "2", "var share = 2.0"}, // stays a float64
		{"share", "1e-3", "var share = 0.001"},
		{"source", `my "orders".csv`, `var source = "my \"orders\".csv"`},
		{"source", "", `var source = ""`},
		{"log", "false", "var log = false"},
		{"shift", "3", "var shift = 3"},
	} {
		n := newNotebook(lessonCells()...)
		if _, err := n.parameters(map[string]string{c.name: c.value}, t.TempDir()); err != nil {
			t.Errorf("-p %s=%s: %v", c.name, c.value, err)
			continue
		}
		injected := n.Cells[3]
		if string(injected.Source) != c.want || !injected.tagged("injected-parameters") || !n.Cells[2].tagged("parameters") {
			t.Errorf("-p %s=%s: behind the parameters comes %q, want %q", c.name, c.value, injected.Source, c.want)
		}
	}
}

func TestWrongParametersAreRefused(t *testing.T) {
	for _, c := range []struct{ name, value, want string }{
		{"clusters", "5", "no parameter is called clusters; there are k, share, source, log, shift"},
		{"k", "five", "whole number"},
		{"k", "5.5", "whole number"},
		{"k", "", "whole number"},
		{"k", "5; panic(1)", "whole number"},
		{"share", "half", "a number"},
		{"share", "NaN", "a number"},
		{"share", "Inf", "a number"},
		{"log", "yes", "true or false"},
	} {
		n := newNotebook(lessonCells()...)
		_, err := n.parameters(map[string]string{c.name: c.value}, t.TempDir())
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("-p %s=%s: error %v, want one with %q", c.name, c.value, err, c.want)
		}
	}
	if _, err := newNotebook().parameters(map[string]string{"k": "1"}, "."); err == nil {
		t.Error("a notebook without parameters takes one")
	}
}

func TestParametersCellHoldsLiteralsOnly(t *testing.T) {
	for _, source := range []string{
		"var k = 2 + 2", "var k int = 4", "var a, b = 1, 2", "const k = 4", "k := 4", "var k = other", "var k = f()",
		"var k = -\"a\"", "var k = 'a'", "var k = nil", "var k = 1\nvar k = 2", "func f() {}", "var (\n\ta = 1\n\tb = 2\n)", "import \"os\"",
	} {
		if params, err := parseParams(source); err == nil {
			t.Errorf("%q is taken for parameters: %v", source, params)
		}
	}
}

// A file is named as seen from where the command is given; the notebook runs in its own folder.
func TestParameterNamesAFile(t *testing.T) {
	here, folder := t.TempDir(), t.TempDir()
	t.Chdir(here)
	for _, file := range []string{"orders.csv", filepath.Join(folder, "beside.csv")} {
		if err := os.WriteFile(file, []byte("abc"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for value, want := range map[string]string{
		"orders.csv": filepath.Join(here, "orders.csv"),
		"beside.csv": "beside.csv",
	} {
		n := newNotebook(lessonCells()...)
		params, err := n.parameters(map[string]string{"source": value}, folder)
		if err != nil {
			t.Fatal(err)
		}
		inputs, err := n.inputs(params, folder)
		// SHA-256 of "abc": FIPS 180-2, appendix B.1.
		const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
		if err != nil || len(inputs) != 1 || inputs[0].Path != want || inputs[0].SHA256 != abc || inputs[0].Bytes != 3 {
			t.Errorf("source=%s: inputs %v, %v; want %s with SHA-256 %s", value, inputs, err, want, abc)
		}
	}
}

// Options kept beside an input say how it is read: they are an input, too.
func TestKeptOptionsAreAnInput(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"orders.csv", "orders.csv.segkit.toml"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte("abc"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	n := newNotebook(lessonCells()...)
	params, err := n.parameters(map[string]string{"source": "orders.csv"}, folder)
	if err != nil {
		t.Fatal(err)
	}
	if inputs, err := n.inputs(params, folder); err != nil || len(inputs) != 2 || inputs[1].Path != "orders.csv.segkit.toml" {
		t.Errorf("inputs %v, %v", inputs, err)
	}
}

func TestMissingInput(t *testing.T) {
	n := newNotebook(lessonCells()...)
	params, err := n.parameters(map[string]string{"source": "nowhere.csv"}, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := n.inputs(params, t.TempDir()); err == nil || !strings.Contains(err.Error(), "missing input nowhere.csv") {
		t.Errorf("error %v, want one that names nowhere.csv", err)
	}
	n = newNotebook(lessonCells()...)
	n.Metadata["segkit"] = map[string]any{"inputs": []any{"$SEGKIT_TEST_DATA/a.csv"}}
	t.Setenv("SEGKIT_TEST_DATA", "/data")
	if _, err := n.inputs(nil, t.TempDir()); err == nil || !strings.Contains(err.Error(), "/data/a.csv") {
		t.Errorf("error %v, want one that names /data/a.csv", err)
	}
}

// Whatever stands in a cell of parameters: lines that say the same when they are written again, or a sentence.
func FuzzParams(f *testing.F) {
	for _, seed := range []string{"var k = 4 // groups\n\nvar source = \"shop\"\nvar share, quick = .5, true", "var k = -4\nvar quick = false", "var s = `a\nb`", "var k int", "k := 1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		params, err := parseParams(source)
		if err != nil {
			if !strings.Contains(err.Error(), "parameters cell") {
				t.Fatal(err)
			}
			return
		}
		var again strings.Builder
		for _, p := range params {
			fmt.Fprintf(&again, "var %s = %s\n", p.name, p.literal)
		}
		if back, err := parseParams(again.String()); err != nil || !slices.Equal(back, params) {
			t.Fatalf("%q is %+v, and as %q %+v, %v", source, params, again.String(), back, err)
		}
	})
}
