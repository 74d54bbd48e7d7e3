package chart

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"pgregory.net/rapid"
)

const hostile = "a\x00b & <script>alert('x')</script>\n\"]]>\xff"

func example() *Figure { return exampleOf(hostile) }

func exampleOf(name string) *Figure {
	p := newPlot("x (EUR)", name)
	p.Add(grid(true, true), line(plotter.XYs{{X: 0, Y: 0}, {X: 1, Y: 1}}, 1, blue), labels{beside(1, 1, name, sans(small))})
	p.Legend.Add(name, swatch{blue})
	return &Figure{Title: name, Alt: name, Note: name, Panels: panel(p)}
}

// element finds the text of the first element of that name; reading to the end proves that the XML is well formed.
func element(t *testing.T, svg []byte, name string) (text string, attributes map[string]string) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(svg))
	inside := false
	for {
		token, err := d.Token()
		if err == io.EOF {
			return text, attributes
		}
		if err != nil {
			t.Fatalf("not well-formed: %v", err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			if e.Name.Local == "script" {
				t.Fatal("text from data became an element")
			}
			if e.Name.Local == name && attributes == nil {
				inside, attributes = true, map[string]string{}
				for _, a := range e.Attr {
					attributes[a.Name.Local] = a.Value
				}
			}
		case xml.EndElement:
			inside = inside && e.Name.Local != name
		case xml.CharData:
			if inside {
				text += string(e)
			}
		}
	}
}

func TestSVGIsWellFormedTitledAndEscaped(t *testing.T) {
	svg, err := example().SVG()
	if err != nil {
		t.Fatal(err)
	}
	want := "a b & <script>alert('x')</script> \"]]>\uFFFD"
	for _, name := range []string{"title", "desc"} {
		if got, _ := element(t, svg, name); got != want {
			t.Errorf("<%s> reads %q, want %q", name, got, want)
		}
	}
	_, root := element(t, svg, "svg")
	if root["role"] != "img" || root["aria-label"] != want || !strings.Contains(root["style"], "width:100%") || !strings.Contains(root["style"], "background:#fff") {
		t.Errorf("root element has %v", root)
	}
	if bytes.Contains(svg, []byte(" id=")) {
		t.Error("an id could collide with another picture on the page")
	}
	if again, _ := example().SVG(); !bytes.Equal(svg, again) {
		t.Error("two drawings differ")
	}
}

func TestTextIsNeverSmallerThanTwelvePixels(t *testing.T) {
	svg, err := example().SVG()
	if err != nil {
		t.Fatal(err)
	}
	sizes := regexp.MustCompile(`font-size="([^"]+)"`).FindAllSubmatch(svg, -1)
	if len(sizes) == 0 {
		t.Fatal("no text")
	}
	for _, m := range sizes {
		if px, _ := strconv.ParseFloat(string(m[1]), 64); px < 12 {
			t.Errorf("text of %s pixels", m[1])
		}
	}
}

func TestNothingIsDrawnAtPlacesThatAreNotNumbers(t *testing.T) {
	f := example()
	f.Panels[0][0].Add(line(plotter.XYs{{X: 0, Y: 0}, {X: 0.5, Y: math.NaN()}}, 1, blue))
	if svg, err := f.SVG(); err == nil || strings.Contains(string(svg), "NaN") {
		t.Errorf("error %v", err)
	}
}

func TestPanicOfAPlotBecomesAnError(t *testing.T) {
	f := example()
	f.Panels[0][0].X.Scale = nil
	if _, err := f.SVG(); err == nil || !strings.Contains(err.Error(), "cannot be drawn") {
		t.Errorf("error %v", err)
	}
}

func TestSaveWritesEachFormatTheSameTwice(t *testing.T) {
	dir := t.TempDir()
	for ext, magic := range map[string]string{"svg": "<svg", "png": "\x89PNG", "pdf": "%PDF", "SVG": "<svg"} {
		var files [2][]byte
		for i := range files {
			path := filepath.Join(dir, fmt.Sprint(i)+"."+ext)
			if err := exampleOf("a & b\x00").Save(path); err != nil {
				t.Fatal(err)
			}
			files[i], _ = os.ReadFile(path)
		}
		if !bytes.HasPrefix(files[0], []byte(magic)) {
			t.Errorf("%s begins with %q", ext, files[0][:8])
		}
		if !bytes.Equal(files[0], files[1]) {
			t.Errorf("two %s files of one figure differ", ext)
		}
	}
	path := filepath.Join(dir, "chart.jpg")
	if err := example().Save(path); err == nil || !strings.Contains(err.Error(), ".svg, .png or .pdf") {
		t.Errorf("error %v does not name the formats", err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a file of an unknown format was begun")
	}
}

func TestWrapKeepsEveryWordThatFitsAndMarksTheCut(t *testing.T) {
	style := sans(small)
	const s = "18 % of customers bring 61 % of revenue and there is more to say"
	if got := wrap(style, s, 1000, 1); got != s {
		t.Errorf("wide: %q", got)
	}
	for _, width := range []vg.Length{40, 80, 160} {
		got := wrap(style, s, width, 3)
		lines := strings.Split(got, "\n")
		for _, l := range lines {
			if style.Width(l) > width {
				t.Errorf("line %q is wider than %v", l, width)
			}
			if strings.HasPrefix(l, "%") {
				t.Errorf("a unit sign begins the line %q", l)
			}
		}
		if len(lines) > 3 {
			t.Errorf("%d lines", len(lines))
		}
		if cut := strings.Join(lines, " ") != s; cut != strings.Contains(got, "…") {
			t.Errorf("width %v: %q: cut without a mark, or a mark without a cut", width, got)
		}
	}
	if got := wrap(style, strings.Repeat("W", 500), 50, 2); style.Width(got) > 50 {
		t.Errorf("one long word: %q", got)
	}
}

func TestTicksAreRoundFewAndInside(t *testing.T) {
	for _, r := range [][2]float64{{0, 1}, {-3, 17}, {0.001, 0.0042}, {1e6, 5e6}, {999.5, 1000.5}, {0, 1e-9}, {-1e12, 1e12}} {
		for most := 3; most <= 8; most++ {
			got := ticks{most: most}.Ticks(r[0], r[1])
			if len(got) == 0 || len(got) > most {
				t.Errorf("%v: %d ticks, want 1 to %d", r, len(got), most)
			}
			seen := map[string]bool{}
			for _, tick := range got {
				slack := 1e-6 * (r[1] - r[0])
				if tick.Value < r[0]-slack || tick.Value > r[1]+slack {
					t.Errorf("%v: tick %v lies outside", r, tick.Value)
				}
				if seen[tick.Label] {
					t.Errorf("%v: two ticks read %q", r, tick.Label)
				}
				seen[tick.Label] = true
			}
		}
	}
	if got := (ticks{percent: true}).Ticks(0, 1); got[len(got)-1].Label != "100 %" {
		t.Errorf("last tick of shares reads %q", got[len(got)-1].Label)
	}
	if got := (ticks{}).Ticks(1e16, 1e16+2); len(got) > 7 { // two neighbouring numbers
		t.Errorf("%d ticks between two numbers", len(got))
	}
	for _, r := range [][2]float64{{1, 1}, {math.NaN(), 1}, {0, math.Inf(1)}} {
		if got := (ticks{}).Ticks(r[0], r[1]); len(got) != 0 {
			t.Errorf("%v has ticks %v", r, got)
		}
	}
}

func TestColourAndShapeTellSegmentsApart(t *testing.T) {
	seen := map[string]int{}
	for l := range 64 {
		key := fmt.Sprintf("%v %T %v", Color(l), Shape(l), Shape(l))
		if first, ok := seen[key]; ok {
			t.Fatalf("segments %d and %d look alike", first, l)
		}
		seen[key] = l
	}
}

// However long the names beside panels are, data areas are of one size, and panels stay on the page and apart.
func TestPanelsAreAligned(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows, cols := rapid.IntRange(1, 3).Draw(t, "rows"), rapid.IntRange(1, 4).Draw(t, "cols")
		panels := make([][]*plot.Plot, rows)
		for i := range panels {
			panels[i] = make([]*plot.Plot, cols)
			for j := range cols {
				if i > 0 && rapid.IntRange(0, 4).Draw(t, "nil") == 0 {
					continue
				}
				p := newPlot("x", "")
				name := ""
				if j == 0 || rapid.IntRange(0, 5).Draw(t, "names") == 0 {
					name = strings.Repeat("n", rapid.IntRange(0, 20).Draw(t, "letters"))
				}
				p.Y.Tick.Marker = named([]string{name, name})
				p.Y.Max, p.X.Max = 1, 1
				panels[i][j] = p
			}
		}
		page := draw.New(newSVG(540, 400))
		at := align(panels, cols, page)
		var size vg.Point
		for i, row := range panels {
			for j, p := range row {
				if p == nil {
					continue
				}
				data := p.DataCanvas(at[i][j])
				if size == (vg.Point{}) {
					size = data.Size()
				}
				if math.Abs(float64(data.Size().X-size.X)) > 0.5 || math.Abs(float64(data.Size().Y-size.Y)) > 0.5 {
					t.Fatalf("data of panel %d, %d is of size %v, others %v", i, j, data.Size(), size)
				}
				if at[i][j].Min.X < page.Min.X-0.5 || at[i][j].Max.X > page.Max.X+0.5 || at[i][j].Min.Y < page.Min.Y-0.5 || at[i][j].Max.Y > page.Max.Y+0.5 {
					t.Fatalf("panel %d, %d at %v leaves the page", i, j, at[i][j].Rectangle)
				}
				if j > 0 && panels[i][j-1] != nil && at[i][j].Min.X < at[i][j-1].Max.X {
					t.Fatalf("panel %d, %d lies on the one before", i, j)
				}
			}
		}
		if size.X < 20 || size.Y < 20 {
			t.Fatalf("data areas of %v", size)
		}
	})
}
