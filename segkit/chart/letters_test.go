package chart

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gonum.org/v1/plot/plotter"

	"github.com/segkit/lab/segkit/internal/trial"
)

// A PNG or PDF that would lack letters, or show them in the wrong order or place, is not written, and the error says which letters of which
// text; an SVG always is.
func TestFilesThatWouldLackLettersAreRefused(t *testing.T) {
	dir := t.TempDir()
	for name, missing := range map[string]string{
		"Zürich, Œuvre, Łódź": "", "Ελληνικά": "", "Кириллица": "", "Tiếng Việt": "", "5 € ≥ 3 → “−2”…": "", "in\u00adviting\u200b": "", "Café\ufe0f": "",
		"高价值 customers": "高, 价 and 值", "カタ": "カ and タ", "한": "한", "عملاء": "ع, م, ل, ا and ء", "ab לקוח": "ל, ק, ו and ח", "हि": "ह and U+093F", "ok 👍": "👍",
		"Cafe\u0301": "", "q\u0301": "U+0301", "broken \xff": "\uFFFD", "一二三四五六七八九十": "一, 二, 三, 四, 五, 六, 七, 八 and 2 more",
	} {
		p := newPlot("", "")
		p.Add(line(plotter.XYs{{X: 0, Y: 0}, {X: 1, Y: 1}}, 1, blue), labels{beside(0, 0, clean(name), sans(small)), beside(0, 1, clean(name), bold(small))})
		f := &Figure{Title: "Two names", Alt: name, Panels: panel(p)}
		for _, ext := range []string{"png", "pdf"} {
			path := filepath.Join(dir, "names."+ext)
			err := f.Save(path)
			if missing == "" {
				if err != nil {
					t.Errorf("%s, %s: %v", name, ext, err)
				}
				os.Remove(path)
				continue
			}
			want := fmt.Sprintf("segkit: chart \"Two names\" cannot be saved as names.%s: PNG and PDF files hold Latin, Greek and Cyrillic letters, and not %s in %q: save it as .svg",
				ext, missing, clean(name))
			if err == nil || !strings.HasPrefix(err.Error(), want) {
				t.Errorf("%s: %v, want %s", ext, err, want)
			}
			if _, err := os.Stat(path); err == nil {
				t.Errorf("%s: half a picture was written", name)
			}
		}
		if err := f.Save(filepath.Join(dir, "names.svg")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	p := newPlot("客", "")
	p.Add(labels{beside(0, 0, "客户", sans(small)), beside(0, 1, "客户", sans(small)), beside(0, 2, "户", sans(small))})
	err := (&Figure{Title: "One", Panels: panel(p)}).Save(filepath.Join(dir, "three.png"))
	if err == nil || !strings.Contains(err.Error(), "and 2 other texts") {
		t.Errorf("three texts: %v", err)
	}
}

// A Chinese letter and an emoji are as wide as the type is high, so that a browser need not squeeze them; marks have no width of their own.
func TestWidthsOfLettersThatTheFontLacks(t *testing.T) {
	for line, want := range map[string]float64{"高价值客户群": 6 * small, "カタカナ": 4 * small, "한국어": 3 * small, "高。": 2 * small, "👍": small,
		"עב": float64(sans(small).Width("ע") + sans(small).Width("ב")), "عملاء": 5 * float64(sans(small).Width("a")), "हि": float64(sans(small).Width("a")),
		"a高b": float64(sans(small).Width("a")+sans(small).Width("b")) + small} {
		if got := float64(sans(small).Width(line)); math.Abs(got-want) > .05 {
			t.Errorf("%s is %v wide, want %v", line, got, want)
		}
	}
	p := newPlot("", "")
	p.Add(line(plotter.XYs{{X: 0, Y: 0}, {X: 1, Y: 1}}, 1, blue), labels{beside(0, 0, "客户群", sans(small))})
	svg := string(trial.Sure((&Figure{Panels: panel(p)}).SVG()))
	if want := fmt.Sprintf(`textLength="%s" lengthAdjust="spacingAndGlyphs">客户群</text>`, decimal(3*small*pixels)); !strings.Contains(svg, want) {
		t.Errorf("no %s", want)
	}
}
