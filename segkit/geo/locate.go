package geo

// From two columns of coordinates to places: what cannot be one is counted, and what could be another is asked about.

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/enum"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Options says which columns hold the coordinates, and what to do with those that look swapped.
type Options struct {
	Latitude  string  // column; "" finds latitude, lat, breite, y and the like
	Longitude string  // column; "" finds longitude, lon, lng, long, laenge, x and the like
	Swapped   Swapped // what to do with customers whose two coordinates look swapped; 0 asks
}

// Swapped says what to do with customers whose latitude and longitude look swapped.
type Swapped uint8

const (
	Ask      Swapped = iota // refuse them with a sentence
	Turn                    // swap them back
	LeaveOut                // leave them without a place
	Keep                    // they are right as they are: some customers live that far away
)

var swappedNames = [...]string{Ask: "ask", Turn: "turn", LeaveOut: "leave out", Keep: "keep"}

func (s Swapped) String() string { return enum.Name(s, swappedNames[:]) }

// Places says where customers, or shops, are.
type Places struct {
	IDs    []string // (n) in the order of the table
	Points []Point  // (n) both NaN if the place is unknown

	NotGiven   int // one coordinate or both are missing
	Zero       int // 0, 0: a point in the Atlantic that stands for "not found"
	Impossible int // beyond the poles or once around the earth; Example is the first of them
	Turned     int // swapped back, as Options.Swapped asked
	LeftOut    int // looked swapped, and were left out, as Options.Swapped asked
	Kept       int // looked swapped, and were kept, as Options.Swapped asked
	Example    string
	Weights    []float64 // (n) number of customers that each row is; nil if each is one
}

var _ sheet.Sheeter = (*Places)(nil)

// Locate reads the places of the customers of t (n), or of shops, from two columns: numbers, or text as ParseCoordinate reads it.
//
// Missing coordinates, 0,0 and points beyond the poles leave a customer without a place, and are counted. If latitude and longitude
// look swapped, Options.Swapped decides. They look swapped in two cases: a latitude beyond 90 whose longitude could be a latitude;
// or a point far from most customers that would lie among them if it were swapped. Far means more than six times the distance within
// which three quarters of them live, and at least 500 km. If the values are swapped for all customers, only Nearest notices. Cost n
// log n.
func Locate(t *table.Table, o Options) (*Places, error) {
	const op = "geo.Locate"
	if t == nil {
		return nil, fault.Nil(op, "table")
	}
	if t.Len() == 0 {
		return nil, fmt.Errorf("segkit: %s: %w", op, fault.ErrEmpty)
	}
	if int(o.Swapped) >= len(swappedNames) {
		return nil, fault.Option("geo.Options", "Swapped", o.Swapped, "geo.Ask, geo.Turn, geo.LeaveOut or geo.Keep")
	}
	lat, err := coordinateColumn(t, o.Latitude, "Latitude", "latitude", "lat", "geo_lat", "breite", "breitengrad", "y")
	if err != nil {
		return nil, err
	}
	lon, err := coordinateColumn(t, o.Longitude, "Longitude", "longitude", "lon", "lng", "long", "geo_lon", "geo_lng", "laenge", "länge", "laengengrad", "längengrad", "x")
	if err != nil {
		return nil, err
	}
	latitudes, err := degrees(t, lat, northSouth)
	if err != nil {
		return nil, err
	}
	longitudes, err := degrees(t, lon, eastWest)
	if err != nil {
		return nil, err
	}
	p := &Places{IDs: t.IDs(), Points: make([]Point, t.Len())}
	if times := t.Times(); times != nil {
		p.Weights = t.Weights()
	}
	var metres int
	for i := range p.Points {
		at := Point{latitudes[i], longitudes[i]}
		switch {
		case math.IsNaN(at.Latitude) || math.IsNaN(at.Longitude):
			p.NotGiven++
			at = nowhere
		case at == Point{}:
			p.Zero++
			at = nowhere
		case !at.possible() && !at.turned().possible():
			if math.Abs(at.Latitude) > 1000 && math.Abs(at.Longitude) > 1000 {
				metres++
			}
			if p.Impossible++; p.Impossible == 1 {
				p.Example = fmt.Sprintf("%s %s, %s %s in row %d (id %s)", t.Names()[lat], fmt.Sprint(at.Latitude), t.Names()[lon], fmt.Sprint(at.Longitude), i+1, p.IDs[i])
			}
			at = nowhere
		}
		p.Points[i] = at
	}
	if metres > t.Len()/2 {
		return nil, &fault.CellError{Op: op, File: t.Raw().Source, Column: t.Names()[lat], Count: metres, Err: fault.ErrSchema, Why: "is not in degrees",
			Remedy: "metres of a national grid or UTM must be converted to WGS 84 first, and numbers like 53551086 have lost their decimal mark in a spreadsheet"}
	}
	if err := p.swapped(t, lat, o.Swapped); err != nil {
		return nil, err
	}
	return p, nil
}

// coordinateColumn finds the column of a coordinate by its name or, where it is not given, by the usual ones.
func coordinateColumn(t *table.Table, name, field string, usual ...string) (int, error) {
	if name != "" {
		if err := suggest.Known("geo.Options", field, []string{name}, t.Names()); err != nil {
			return 0, err
		}
		return t.Index(name)
	}
	for _, u := range usual {
		if j := slices.IndexFunc(t.Names(), func(n string) bool { return strings.EqualFold(strings.TrimSpace(n), u) }); j >= 0 {
			return j, nil
		}
	}
	return 0, fault.Errorf(fault.ErrMissingColumn, "segkit: geo.Locate: no column is called %s or similar: name it in geo.Options.%s", usual[0], field)
}

// degrees returns the values of a column of coordinates (n), NaN where missing.
func degrees(t *table.Table, j int, of side) ([]float64, error) {
	c, values := t.Raw().Columns[j], t.Raw().Column(j)
	if !c.Categorical() {
		return values, t.Refuse([]int{j}, func(v float64) bool { return math.IsInf(v, 0) }, fault.CellError{Op: "geo.Locate", Why: "is infinite", Remedy: "correct it, or make it missing", Err: fault.ErrNotFinite})
	}
	read := make([]float64, len(c.Levels))
	ok, elsewhere := make([]bool, len(c.Levels)), make([]bool, len(c.Levels))
	for l, text := range c.Levels {
		var says side
		read[l], says, ok[l] = coordinate(text)
		elsewhere[l] = says != eitherSide && says != of
	}
	var bad *fault.CellError
	for i, v := range values {
		if math.IsNaN(v) {
			continue
		}
		if l := int(v); ok[l] && !elsewhere[l] {
			values[i] = read[l]
		} else if bad != nil {
			bad.Count++
		} else {
			bad = &fault.CellError{Op: "geo.Locate", File: t.Raw().Source, Row: i + 1, ID: t.Raw().IDs[i], Column: c.Name, Value: c.Levels[l], Count: 1, Err: fault.ErrFormat,
				Why: "is not a coordinate", Remedy: `write it as 53.5511, 53,5511 or 53°33'4"N, or make it missing`}
			if ok[l] {
				bad.Why, bad.Remedy = "belongs to the other coordinate", "name the two columns the other way round in geo.Options, or mend the cell"
			}
		}
	}
	if bad != nil {
		return nil, bad
	}
	return values, nil
}

// Where most customers are: the medians of their coordinates, and how far from there the third quartile of them lives.
func (p *Places) middle() (center Point, radius float64) {
	var lat, lon, away []float64
	for _, at := range p.Points {
		if at.known() && at.possible() {
			lat, lon = append(lat, at.Latitude), append(lon, at.Longitude)
		}
	}
	if lat == nil {
		return nowhere, math.NaN()
	}
	slices.Sort(lat)
	slices.Sort(lon)
	center = Point{lat[len(lat)/2], lon[len(lon)/2]}
	for i := range p.Points {
		if at := p.Points[i]; at.known() && at.possible() {
			away = append(away, Distance(center, at))
		}
	}
	slices.Sort(away)
	return center, away[3*len(away)/4]
}

const (
	farTimes = 6   // a point looks swapped beyond so many times the distance of the third quartile
	farLeast = 500 // and at least so many km
)

// swapped finds the customers whose coordinates look swapped, and does with them as told.
func (p *Places) swapped(t *table.Table, lat int, what Swapped) error {
	center, radius := p.middle()
	far := max(farTimes*radius, farLeast)
	var suspects []int
	for i, at := range p.Points {
		if !at.known() || at.possible() && !center.known() {
			continue
		}
		switch turned := at.turned(); {
		case !at.possible():
			suspects = append(suspects, i)
		case turned.possible() && Distance(center, at) > far && Distance(center, turned) < far/2:
			suspects = append(suspects, i)
		}
	}
	if suspects == nil {
		return nil
	}
	switch what {
	case Ask:
		first := suspects[0]
		at := p.Points[first]
		e := &fault.CellError{Op: "geo.Locate", File: t.Raw().Source, Row: first + 1, ID: p.IDs[first], Column: t.Names()[lat], Value: fmt.Sprint(at.Latitude), Count: len(suspects), Err: fault.ErrSchema,
			Remedy: "correct the file, or say in geo.Options{Swapped: …} what to do: geo.Turn swaps them back, geo.LeaveOut leaves them without a place, geo.Keep takes them as they are"}
		if e.Why = "looks like a longitude: with the two coordinates swapped, the customer would live among the others; as they are, far from them"; !at.possible() {
			e.Why = "is not a latitude, but would be a longitude: the two coordinates look swapped"
		}
		if len(suspects) == len(p.IDs)-p.NotGiven-p.Zero-p.Impossible {
			e.Remedy = "name the two columns the other way round in geo.Options"
		}
		return e
	case Turn:
		p.Turned = len(suspects)
	case LeaveOut:
		p.LeftOut = len(suspects)
	case Keep:
		p.Kept = len(suspects)
	}
	for _, i := range suspects {
		switch at := p.Points[i]; {
		case what == Turn:
			p.Points[i] = at.turned()
		case what == LeaveOut:
			p.Points[i] = nowhere
		case !at.possible(): // and cannot be kept
			p.Points[i], p.Kept, p.Impossible = nowhere, p.Kept-1, p.Impossible+1
		}
	}
	return nil
}
