package geo

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/trial"
)

// Two squares with a lake in the one, an island that belongs to the other, a station and a ghost.
const twoRegions = `{"type": "FeatureCollection", "features": [
{"type": "Feature", "properties": {"name": "West"}, "geometry": {"type": "Polygon", "coordinates": [
	[[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]], [[4, 4], [6, 4], [6, 6], [4, 6], [4, 4]]]}},
{"type": "Feature", "properties": {"name": "East"}, "geometry": {"type": "MultiPolygon", "coordinates": [
	[[[10, 0], [20, 0], [20, 10, 7], [10, 10], [10, 0]]], [[[30, 0], [31, 0], [31, 1], [30, 0]]]]}},
{"type": "Feature", "properties": {"name": "Station"}, "geometry": {"type": "Point", "coordinates": [1, 1]}},
{"type": "Feature", "properties": {"name": "Ghost"}, "geometry": null}
]}`

func TestRegionsOfPoints(t *testing.T) {
	b, err := ParseBoundaries(strings.NewReader(twoRegions), "regions.geojson", "")
	if err != nil {
		t.Fatal(err)
	}
	if len(b.Names) != 2 || b.Skipped != 2 {
		t.Errorf("%+v", b.Names)
	}
	for p, want := range map[Point]string{{1, 1}: "West", {5, 5}: "", {5, 12}: "East", {.2, 30.5}: "East", {.9, 30.1}: "", {-1, 5}: "", {5, 25}: ""} {
		if got, ok := b.Find(p); got != want || ok != (want != "") {
			t.Errorf("%v lies in %q, want %q", p, got, want)
		}
	}
	names, rings := b.Outlines()
	if len(names) != 2 || len(rings[0]) != 2 || len(rings[1]) != 2 || rings[1][0][2] != [2]float64{20, 10} {
		t.Errorf("%v %v", names, rings)
	}
	homes := trial.Sure(Locate(customers(t, Point{1, 1}, Point{5, 15}, Point{40, 40}, nowhere), Options{}))
	in := trial.Sure(homes.In(b))
	if got := in.Raw().Data; got[0] != 0 || got[1] != 1 || !math.IsNaN(got[2]) || !math.IsNaN(got[3]) {
		t.Errorf("%v", got)
	}
	far := trial.Sure(Locate(customers(t, Point{60, 60}), Options{}))
	if _, err := far.In(b); !errors.Is(err, fault.ErrUnmatched) {
		t.Error(err)
	}
	if text := b.Sheet().Text(); !strings.Contains(text, "2 features without an area left out") {
		t.Error(text)
	}
}

func TestBoundariesThatCannotBeRead(t *testing.T) {
	polygon := func(ring string) string {
		return `{"type": "Feature", "properties": {"id": 7, "label": "A"}, "geometry": {"type": "Polygon", "coordinates": [` + ring + `]}}`
	}
	square := `[[0, 0], [1, 0], [1, 1], [0, 0]]`
	for text, says := range map[string]string{
		"{\n\"type\": ,": "r.geojson, line 2: is not GeoJSON", `{"type": "Topology"}`: "TopoJSON", `[]`: "is not GeoJSON",
		`{"type": "Polygon", "coordinates": [` + square + `]}`: "without a name",
		polygon(square): "feature 1 has no name: it has the properties id, label: say which property names a region",
		polygon(`[[0, 0], [1, 0], [1, 1], [0, 1]]`):                       "a ring of 4 points is not closed",
		polygon(`[[565000, 5934000], [1, 0], [1, 1], [565000, 5934000]]`): "565,000, 5,934,000 is not a longitude and latitude in degrees",
		polygon(`[[1], [1], [1], [1]]`):                                   "a point has fewer than two coordinates",
		polygon(`7`):                                                      "the coordinates are not those of a Polygon",
		`{"type": "FeatureCollection", "features": []}`:                   "holds no area among 0 features",
	} {
		_, err := ParseBoundaries(strings.NewReader(text), "r.geojson", "")
		if !errors.Is(err, fault.ErrFormat) || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), "r.geojson") {
			t.Errorf("%s: %v", text, err)
		}
	}
	if b, err := ParseBoundaries(strings.NewReader(polygon(square)), "r.geojson", "label"); err != nil || b.Names[0] != "A" {
		t.Errorf("%v, %v", b, err)
	}
	if b, err := ParseBoundaries(strings.NewReader(polygon(square)), "r.geojson", "id"); err != nil || b.Names[0] != "7" {
		t.Errorf("%v, %v", b, err)
	}
	if _, err := ReadBoundaries("nowhere.geojson", ""); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	path := filepath.Join(t.TempDir(), "regions.geojson")
	if err := os.WriteFile(path, []byte("\ufeff"+twoRegions), 0o644); err != nil {
		t.Fatal(err)
	}
	if b, err := ReadBoundaries(path, "name"); err != nil || len(b.Names) != 2 {
		t.Errorf("with a mark of the byte order: %v, %v", b, err)
	}
}

func FuzzParseBoundaries(f *testing.F) {
	f.Add(twoRegions)
	f.Add(`{"type": "Feature", "properties": {"name": "x"}, "geometry": {"type": "GeometryCollection", "geometries": [{"type": "Polygon", "coordinates": [[[0,0],[1,0],[1,1],[0,0]]]}]}}`)
	f.Fuzz(func(t *testing.T, text string) {
		b, err := ParseBoundaries(strings.NewReader(text), "fuzz", "")
		if (b == nil) == (err == nil) {
			t.Fatalf("%v and %v", b, err)
		}
		if b != nil {
			b.Find(Point{.5, .5})
		}
	})
}
