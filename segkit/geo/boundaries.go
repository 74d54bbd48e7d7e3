package geo

// Outlines of regions from GeoJSON (Butler et al. 2016, RFC 7946), which the user brings: nothing is downloaded.

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/polygon"
	"github.com/segkit/lab/segkit/internal/textfile"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Boundaries are the outlines of regions, as used by maps and by Places.In.
type Boundaries struct {
	Names   []string // (r) regions, in the order of the file
	Skipped int      // features without an area: points, lines, and those without a geometry

	rings [][][][2]float64 // (r, rings, points) longitude and latitude
	boxes []box            // (r)
}

var _ sheet.Sheeter = (*Boundaries)(nil)

type box struct{ west, south, east, north float64 }

// ReadBoundaries reads regions from the GeoJSON file at path: a FeatureCollection or a Feature, with polygons and multi-polygons in
// degrees (WGS 84). The property names a region; "" finds name, NAME and the like. Features with the same name are one region. Features
// without an area are counted (Skipped). Rings that are not closed, coordinates that are not in degrees and features without a name are
// errors that name the feature.
func ReadBoundaries(path, property string) (*Boundaries, error) {
	data, err := textfile.Read(path)
	if err != nil {
		return nil, fmt.Errorf("segkit: geo.ReadBoundaries: %s %w", path, err)
	}
	return boundaries("geo.ReadBoundaries", data, path, property)
}

// ParseBoundaries is ReadBoundaries for GeoJSON that is not in a file of its own; name identifies it in messages.
func ParseBoundaries(r io.Reader, name, property string) (*Boundaries, error) {
	if r == nil {
		return nil, fault.Nil("geo.ParseBoundaries", "reader")
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("segkit: geo.ParseBoundaries: %s: %w", name, err)
	}
	return boundaries("geo.ParseBoundaries", data, name, property)
}

// geoObject is any object of GeoJSON.
type geoObject struct {
	Type        string          `json:"type"`
	Features    []geoObject     `json:"features"`
	Properties  map[string]any  `json:"properties"`
	Geometry    *geoObject      `json:"geometry"`
	Geometries  []geoObject     `json:"geometries"`
	Coordinates json.RawMessage `json:"coordinates"`
}

// usualNames are the properties that mostly hold a region's name.
var usualNames = []string{"name", "Name", "NAME", "gen", "GEN", "NUTS_NAME", "NAME_LATN", "admin", "ADMIN", "plz", "postcode", "PLZ", "POSTCODE"}

func boundaries(op string, data []byte, file, property string) (*Boundaries, error) {
	refuse := func(why, remedy string) error {
		return &fault.CellError{Op: op, File: file, Why: why, Remedy: remedy, Err: fault.ErrFormat}
	}
	var all geoObject
	if err := json.Unmarshal(data, &all); err != nil {
		e := &fault.CellError{Op: op, File: file, Why: "is not GeoJSON: " + err.Error(), Remedy: "export the boundaries as GeoJSON (a shapefile or TopoJSON must be converted)", Err: fault.ErrFormat}
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			e.Line = 1 + strings.Count(string(data[:min(int(syntax.Offset), len(data))]), "\n")
		}
		return nil, e
	}
	features := all.Features
	switch all.Type {
	case "FeatureCollection":
	case "Feature":
		features = []geoObject{all}
	case "Topology":
		return nil, refuse("is TopoJSON", "convert it to GeoJSON")
	case "Polygon", "MultiPolygon", "GeometryCollection":
		return nil, refuse("is an outline without a name", `put it into a Feature, with {"name": …} in its properties`)
	default:
		return nil, refuse(fmt.Sprintf("is not GeoJSON of areas: its type is %q", wording.Clip(all.Type)), "export the boundaries as a FeatureCollection")
	}
	b := &Boundaries{}
	for i, f := range features {
		if f.Geometry == nil {
			b.Skipped++
			continue
		}
		rings, err := f.Geometry.areas()
		if err != nil {
			return nil, refuse(fmt.Sprintf("feature %d: %v", i+1, err), "mend it, or export the boundaries again in degrees (WGS 84, EPSG:4326)")
		}
		if rings == nil {
			b.Skipped++
			continue
		}
		name, ok := nameOf(f.Properties, property)
		if !ok {
			have := "has no properties"
			if len(f.Properties) > 0 {
				have = "has the properties " + wording.List(propertyNames(f.Properties))
			}
			return nil, refuse(fmt.Sprintf("feature %d has no name: it %s", i+1, have), "say which property names a region")
		}
		b.add(name, rings)
	}
	if len(b.Names) == 0 {
		return nil, refuse(fmt.Sprintf("holds no area among %s", wording.Plural(len(features), "feature")), "export polygons, not points or lines")
	}
	return b, nil
}

func (b *Boundaries) add(name string, rings [][][2]float64) {
	at := slices.Index(b.Names, name)
	if at < 0 {
		at = len(b.Names)
		b.Names, b.rings = append(b.Names, name), append(b.rings, nil)
		b.boxes = append(b.boxes, box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)})
	}
	b.rings[at] = append(b.rings[at], rings...)
	for _, ring := range rings {
		for _, p := range ring {
			k := &b.boxes[at]
			k.west, k.east = min(k.west, p[0]), max(k.east, p[0])
			k.south, k.north = min(k.south, p[1]), max(k.north, p[1])
		}
	}
}

// areas returns the rings of a geometry, nil if it has no area. An error is a clause.
func (g *geoObject) areas() (rings [][][2]float64, err error) {
	var polygons [][][][]float64
	switch g.Type {
	case "Polygon":
		polygons = make([][][][]float64, 1)
		err = json.Unmarshal(g.Coordinates, &polygons[0])
	case "MultiPolygon":
		err = json.Unmarshal(g.Coordinates, &polygons)
	case "GeometryCollection":
		for _, part := range g.Geometries {
			more, err := part.areas()
			if err != nil {
				return nil, err
			}
			rings = append(rings, more...)
		}
		return rings, nil
	case "Point", "MultiPoint", "LineString", "MultiLineString":
		return nil, nil
	default:
		return nil, fmt.Errorf("%q is not a geometry", wording.Clip(g.Type))
	}
	if err != nil {
		return nil, fmt.Errorf("the coordinates are not those of a %s", g.Type)
	}
	for _, polygon := range polygons {
		for _, ring := range polygon {
			out := make([][2]float64, len(ring))
			for i, p := range ring {
				if len(p) < 2 {
					return nil, errors.New("a point has fewer than two coordinates")
				}
				if out[i] = [2]float64{p[0], p[1]}; !(Point{p[1], p[0]}).possible() {
					return nil, fmt.Errorf("%s, %s is not a longitude and latitude in degrees", sheet.Number(p[0]), sheet.Number(p[1]))
				}
			}
			if len(out) < 4 || out[0] != out[len(out)-1] {
				return nil, fmt.Errorf("a ring of %s is not closed: its last point must be its first", wording.Plural(len(out), "point"))
			}
			rings = append(rings, out)
		}
	}
	return rings, nil
}

func nameOf(properties map[string]any, property string) (string, bool) {
	for _, p := range usualNames {
		if property != "" {
			p = property
		}
		switch v := properties[p].(type) {
		case string:
			if v != "" {
				return v, true
			}
		case float64:
			return sheet.Fixed(v, 0), true
		}
		if property != "" {
			break
		}
	}
	return "", false
}

func propertyNames(properties map[string]any) (names []string) {
	for name := range properties {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Outlines returns the regions for a map: names (r), and the rings of each as longitudes and latitudes in degrees.
func (b *Boundaries) Outlines() (names []string, rings [][][][2]float64) {
	if b == nil {
		return nil, nil
	}
	return b.Names, b.rings
}

// Find returns the region in which a point lies, the first in the file if several overlap. A point on an edge may fall to either side.
func (b *Boundaries) Find(p Point) (name string, ok bool) {
	if b == nil {
		return "", false
	}
	if r := b.find(p); r >= 0 {
		return b.Names[r], true
	}
	return "", false
}

// find returns the region in which a point lies, -1 if none. A point in a hole lies within two rings, and so in no region.
func (b *Boundaries) find(p Point) int {
	for r, rings := range b.rings {
		if k := b.boxes[r]; p.Longitude < k.west || p.Longitude > k.east || p.Latitude < k.south || p.Latitude > k.north {
			continue
		}
		inside := false
		for _, ring := range rings {
			inside = inside != polygon.Holds(ring, p.Longitude, p.Latitude)
		}
		if inside {
			return r
		}
	}
	return -1
}

// In returns for every customer (n x 1) the region in which the place lies: a column "region", missing if there is no place, or if it lies in none of
// the regions. If no customer lies in any region, that is an error. Cost n times the points of the outlines nearby.
func (p *Places) In(b *Boundaries) (*table.Table, error) {
	const op = "geo.Places.In"
	switch {
	case p == nil:
		return nil, fault.Nil(op, "receiver")
	case b == nil:
		return nil, fault.Nil(op, "boundaries")
	}
	held := 0
	t, err := p.columns([]table.Column{{Name: "region", Levels: slices.Clone(b.Names), Ancestry: placed}}, func(i int) []float64 {
		if p.Points[i].known() {
			if r := b.find(p.Points[i]); r >= 0 {
				held++
				return []float64{float64(r)}
			}
		}
		return []float64{math.NaN()}
	})
	if err == nil && held == 0 && p.Located() > 0 {
		return nil, fault.Errorf(fault.ErrUnmatched, "segkit: %s: none of the %s lies in one of the %s: are these the right boundaries, and latitude and longitude the right way round?",
			op, wording.Plural(p.Located(), "place"), wording.Plural(len(b.Names), "region"))
	}
	return t, err
}

// Sheet lists the regions.
func (b *Boundaries) Sheet() sheet.Sheet {
	if b == nil {
		return sheet.Sheet{Caption: fault.Nil("geo.Boundaries.Sheet", "boundaries").Error()}
	}
	out := sheet.Sheet{Caption: wording.Plural(len(b.Names), "region"), Columns: []sheet.Column{{Name: "region", Text: true}, {Name: "parts and holes"}, {Name: "points"}}, Total: len(b.Names)}
	for r, name := range b.Names[:min(len(b.Names), sheet.MaxRows)] {
		points := 0
		for _, ring := range b.rings[r] {
			points += len(ring) - 1
		}
		out.Rows = append(out.Rows, []string{name, sheet.Count(len(b.rings[r])), sheet.Count(points)})
	}
	if b.Skipped > 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("%s without an area left out.", wording.Plural(b.Skipped, "feature")))
	}
	return out
}
