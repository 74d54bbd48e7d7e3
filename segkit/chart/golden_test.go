package chart

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
)

var update = flag.Bool("update", false, "redraw the golden pictures in testdata; look at them before committing")

// Golden pictures, drawn by this package: they hold still what a person has looked at. Numbers may differ by two tenths of
// a pixel, as rounding does between processors.
func TestGoldenPictures(t *testing.T) {
	figures := gallery(t, 4)
	for _, name := range []string{"accuracy-by-length", "accuracy-by-segment", "agreement", "alive", "alluvial", "boxes", "bubble", "calibration", "cold-start", "confusion", "correlation", "dendrogram", "elbow", "flow",
		"gain", "gap", "heatmap", "lift", "lorenz",
		"mosaic", "outcome", "overlap", "profile", "profile-plot", "recency-frequency", "repeat-orders", "rule-tree", "scree", "segment-stability", "silhouette", "sizes",
		"stability", "starts", "survival", "value-risk", "verdict-board"} {
		golden(t, name, figures[name])
	}
}

// golden compares a figure with the picture in testdata, or redraws that.
func golden(t *testing.T, name string, fig *Figure) {
	t.Helper()
	got, err := fig.svg(fileStyle)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", name+".svg")
	if *update {
		if err := fig.Save(path); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if why := differ(string(got), string(want)); why != "" {
		t.Errorf("%s has changed (%s): look at it, and redraw with go test ./segkit/chart -update", path, why)
	}
}

var number = regexp.MustCompile(`-?\d+(\.\d+)?`)

// differ says how two pictures differ beyond rounding, "" if they do not.
func differ(got, want string) string {
	if number.ReplaceAllString(got, "0") != number.ReplaceAllString(want, "0") {
		return "other elements or texts"
	}
	a, b := number.FindAllString(got, -1), number.FindAllString(want, -1)
	for i := range a {
		x, _ := strconv.ParseFloat(a[i], 64)
		y, _ := strconv.ParseFloat(b[i], 64)
		if x-y > 0.2 || y-x > 0.2 {
			return a[i] + " instead of " + b[i]
		}
	}
	return ""
}

func TestDifferSeesWhatMatters(t *testing.T) {
	const a = `<path d="M10.1,20.2h3"/><text x="5">61 %</text>`
	for b, same := range map[string]bool{
		a: true,
		`<path d="M10.2,20.2h3"/><text x="5">61 %</text>`: true,
		`<path d="M10.9,20.2h3"/><text x="5">61 %</text>`: false,
		`<path d="M10.1,20.2h3"/><text x="5">62 %</text>`: false,
		`<path d="M10.1,20.2v3"/><text x="5">61 %</text>`: false,
	} {
		if (differ(a, b) == "") != same {
			t.Errorf("%s: difference %q", b, differ(a, b))
		}
	}
}
