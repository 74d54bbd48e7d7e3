package nb

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

var script string // the built program

func TestMain(m *testing.M) {
	if dir := os.Getenv(asCells); dir != "" {
		rememberAs(dir)
	}
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		panic(err)
	}
	script = filepath.Join(dir, "script")
	if out, err := exec.Command("go", "build", "-o", script, "./testdata/script").CombinedOutput(); err != nil {
		panic(string(out))
	}
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// runScript runs testdata/script in an empty folder.
func runScript(t *testing.T, env ...string) (stdout, stderr string, code int, dir string) {
	t.Helper()
	dir = t.TempDir()
	var o, e bytes.Buffer
	cmd := exec.Command(script)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &o, &e
	cmd.Env = append(os.Environ(), env...)
	cmd.Run()
	return o.String(), e.String(), cmd.ProcessState.ExitCode(), dir
}

func TestOutsideANotebookTheSameCodeIsAScript(t *testing.T) {
	stdout, stderr, code, dir := runScript(t)
	want := "first\n[figure] figures/01-spend-orders-a-b.svg: Spend & orders: A/B\nsecond\n  x\n  ─\n  1\n0.75\n"
	if stdout != want {
		t.Errorf("stdout %q, want %q", stdout, want)
	}
	if svg, err := os.ReadFile(filepath.Join(dir, "figures", "01-spend-orders-a-b.svg")); err != nil || !strings.HasSuffix(string(svg), "</svg>") {
		t.Errorf("figure: %q, %v", svg, err)
	}
	lines := strings.Split(stderr, "\n")
	if code != 1 || len(lines) != 3 || lines[0] != "segkit: more than 2: take less" ||
		!strings.Contains(lines[1], `nb.Show(nb.Must(half(8)), "never shown")`) || !strings.Contains(lines[1], "main.go:") {
		t.Errorf("exit %d, stderr %q", code, stderr)
	}
}

func TestParametersAndDatesThatAreWrongStopWithASentence(t *testing.T) {
	for env, want := range map[string]string{
		"SEGKIT_PARAM_LIMIT=many": `segkit: SEGKIT_PARAM_LIMIT = "many" is not a number, as parameter "limit" wants`,
		"DAY=30.9.2025":           `segkit: "30.9.2025" is not a date: write year-month-day, like 2025-09-30`,
		"SEGKIT_PARAM_LIMIT=9":    "segkit: more than 2: take less",
	} {
		_, stderr, code, _ := runScript(t, env)
		if first, _, _ := strings.Cut(stderr, "\n"); first != want || code != 1 || strings.Contains(stderr, "goroutine") {
			t.Errorf("%s: exit %d, %q", env, code, stderr)
		}
	}
}

func TestInANotebookADeclarationSaysThatItRepeats(t *testing.T) {
	// A pipe that cannot be opened is enough to make the program believe in a kernel; the date fails before it is used.
	_, stderr, code, _ := runScript(t, "DAY=never", pipeOut+"=/nowhere")
	if code != 1 || !strings.Contains(stderr, "Every later cell runs this declaration again") || !strings.Contains(stderr, `var day = nb.Date(`) {
		t.Errorf("exit %d, %q", code, stderr)
	}
	_, stderr, code, _ = runScript(t, pipeOut+"=/nowhere")
	if first, _, _ := strings.Cut(stderr, "\n"); code != 1 || !strings.Contains(first, "kernel does not answer") || strings.Contains(stderr, "declaration") {
		t.Errorf("exit %d, %q", code, stderr)
	}
}

type broken struct{}

func (broken) SVG() ([]byte, error) { return nil, errors.New("no picture") }

type sheeter struct{}

func (*sheeter) Sheet() sheet.Sheet { return sheet.Sheet{Caption: "from a result"} }

func TestRenderRecognisesResults(t *testing.T) {
	for _, c := range []struct {
		value            any
		text, html, mark string
	}{
		{"plain <b>", "plain <b>", "", ""},
		{Markdown("**x**"), "**x**", "", "**x**"},
		{HTML("<i>x</i>"), "<i>x</i>", "<i>x</i>", ""},
		{42, "42", "", ""},
		{table.Feature, "feature", "", ""},
		{[]float64{1, 2}, "[1 2]", "", ""},
		{sheeter{}, sheet.Sheet{Caption: "from a result"}.Text(), sheet.Sheet{Caption: "from a result"}.HTML(), ""},
		{&sheeter{}, sheet.Sheet{Caption: "from a result"}.Text(), sheet.Sheet{Caption: "from a result"}.HTML(), ""},
	} {
		b, err := render(c.value)
		if err != nil || b.text != c.text || b.html != c.html || b.markdown != c.mark {
			t.Errorf("%T: %+v, %v", c.value, b, err)
		}
	}
	if _, err := render(broken{}); err == nil {
		t.Error("the error of a picture got lost")
	}
	if _, err := render((*sheeter)(nil)); err == nil || !strings.Contains(err.Error(), "*nb.sheeter is nil") {
		t.Error(err)
	}
}

func TestFramesShowTheirRowsOrTheirError(t *testing.T) {
	df := dataframe.New(series.New([]float64{1234.5, 0.25}, series.Float, "spend"), series.New([]string{"<a>", "b"}, series.String, "city"))
	s, err := frameSheet(df)
	if err != nil || s.Total != 2 || strings.Join(s.Rows[0], "|") != "1,234|<a>" || s.Columns[0].Text || !s.Columns[1].Text {
		t.Errorf("%+v, %v", s, err)
	}
	years := make([]float64, 20)
	for i := range years {
		years[i] = 1950 + float64(i)
	}
	df = dataframe.New(series.New(years, series.Float, "birth_year"), series.New(years, series.Float, "orders"))
	if s, err := frameSheet(df); err != nil || strings.Join(s.Rows[1], "|") != "1951|1,951" {
		t.Errorf("years: %+v, %v", s, err)
	}
	if _, err := frameSheet(df.Rename("a", "nothing")); err == nil || !strings.Contains(err.Error(), "rename") {
		t.Errorf("the error inside a frame got lost: %v", err)
	}
}

// Whoever passed over an error, as in t, _ := table.ReadCSV(…), holds nil: what a cell shows of it is a sentence that points to that error, and no panic.
func TestWhatIsShownOfNilPointsToTheError(t *testing.T) {
	var customers *table.Table
	var segments *table.Segments
	var orders *features.Orders
	for name, v := range map[string]any{"a table": customers, "its first rows": customers.Head(5), "its summary": customers.Summary(), "its frame": customers.Frame(), "a frame of segments": segments.Frame(),
		"orders": orders, "the first orders": orders.Head(5), "an audit": orders.Audit()} {
		if _, err := render(v); !errors.Is(err, fault.ErrNil) || !strings.Contains(err.Error(), "nil: look at the error of the call that should have made it") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPicturesGoInlineAndTextStaysValid(t *testing.T) {
	m := bundle{svg: []byte(`<?xml version="1.0"?><!DOCTYPE svg><svg role="img"><title>A &amp; B</title></svg>`)}.mime()
	if m[mimeHTML] != sheet.Scroll("chart", `<svg role="img"><title>A &amp; B</title></svg>`) || m[mimeText] != "[figure] A & B" {
		t.Errorf("%q", m)
	}
	if m := (bundle{text: "a\xffb"}).mime(); m[mimeText] != "a\uFFFDb" || len(m) != 1 {
		t.Errorf("%q", m)
	}
}
