package lab

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/segkit/lab/datasets"
	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/chart"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/nb"
	"github.com/segkit/lab/segkit/prep"
)

var update = flag.Bool("update", false, "draw the README's picture anew; look at it before committing")

// picture goes from the shop's orders to the profile of four segments, in the steps of the lesson.
func picture() (*chart.Figure, error) {
	var orders = nb.Must(datasets.Orders("shop"))
	var clean = nb.Must(orders.Clean(features.NoCustomer, features.Duplicate, features.TestOrder, features.NetCancelled))
	var customers = nb.Must(clean.Features(nb.Date("2025-09-30")))
	var recipe = segkit.Recipe{
		Columns: []string{"recency", "orders", "basket"},
		Prep:    []prep.Transformer{prep.Log1p{}, prep.Standardize{}},
		Method:  cluster.KMeans{K: 4, Seed: 1},
	}
	var model = nb.Must(recipe.Fit(customers))
	var segments = nb.Must(model.Score(customers))
	var shown = nb.Must(customers.Select("recency", "orders", "basket", "spend", "tenure", "products"))
	return chart.Profile(nb.Must(describe.Segments(shown, segments)))
}

// The README shows what the project draws today.
func TestPictureOfTheReadme(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("coordinates may differ in the last digit from those drawn on amd64")
	}
	const path = "docs/segments.svg"
	to := path
	if !*update {
		to = filepath.Join(t.TempDir(), "segments.svg")
	}
	if err := nb.Must(picture()).Save(to); err != nil {
		t.Fatal(err)
	}
	svg, err := os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	if old, err := os.ReadFile(path); err != nil || !bytes.Equal(svg, old) {
		t.Errorf("%s is not what the project draws today (%v): redraw with go test -run Picture . -update, and look at it", path, err)
	}
}

func TestGalleryShowsEveryChart(t *testing.T) {
	page, err := os.ReadFile("docs/gallery.md")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("segkit/chart/*.go")
	if err != nil {
		t.Fatal(err)
	}
	charts := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, m := range regexp.MustCompile(`(?m)^func ([A-Z]\w*)\(.*\*Figure, error\)`).FindAllStringSubmatch(string(text), -1) {
			charts++
			if !strings.Contains(string(page), "\n### "+m[1]+"\n") {
				t.Errorf("docs/gallery.md does not show chart.%s: run the lessons, then go -C tools run ./gallery ..", m[1])
			}
		}
	}
	if charts < 50 {
		t.Errorf("found only %d charts in segkit/chart", charts)
	}
}
