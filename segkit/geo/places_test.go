package geo

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/sphere"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/table"
)

// The distance of Buenos Aires Ezeiza and Paris Charles de Gaulle as the documentation of scikit-learn 1.5 gives it for
// sklearn.metrics.pairwise.haversine_distances, with a radius of 6,371 km; and of Nashville and Los Angeles airports as Rosetta Code gives it
// ("Haversine formula"), with 6,372.8 km.
func TestDistancesAsPublished(t *testing.T) {
	for _, c := range []struct {
		a, b       Point
		km, radius float64
	}{
		{Point{-34.83333, -58.5166646}, Point{49.0083899664, 2.53844117956}, 11099.54035582, 6371},
		{Point{36.12, -86.67}, Point{33.94, -118.40}, 2887.2599506071106, 6372.8},
	} {
		if got := Distance(c.a, c.b) / sphere.Radius * c.radius; math.Abs(got-c.km) > 1e-7 {
			t.Errorf("%v to %v: %v km, want %v", c.a, c.b, got, c.km)
		}
	}
}

// A second formula: the angle between the two directions, by arctangent of sine and cosine (Vincenty's special case of a sphere).
func TestDistanceIsThatOfAnotherFormula(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyPoint.Draw(t, "a"), anyPoint.Draw(t, "b")
		u, v := a.unit(), b.unit()
		cross := math.Hypot(math.Hypot(u[1]*v[2]-u[2]*v[1], u[2]*v[0]-u[0]*v[2]), u[0]*v[1]-u[1]*v[0])
		want := sphere.Radius * math.Atan2(cross, u[0]*v[0]+u[1]*v[1]+u[2]*v[2])
		if got := Distance(a, b); math.Abs(got-want) > 1e-3 { // haversines lose digits near the other end of the earth only
			t.Fatalf("%v, want %v", got, want)
		}
		if Distance(a, b) != Distance(b, a) || Distance(a, a) != 0 {
			t.Fatal("not symmetric, or not 0 to itself")
		}
	})
}

var anyPoint = rapid.Custom(func(t *rapid.T) Point {
	return Point{rapid.Float64Range(-90, 90).Draw(t, "latitude"), rapid.Float64Range(-180, 180).Draw(t, "longitude")}
})

func TestCoordinatesAsPeopleWriteThem(t *testing.T) {
	for text, want := range map[string]float64{
		"53.5511": 53.5511, "53,5511": 53.5511, " -9.99 ": -9.99, "+9": 9, "N 53.5511": 53.5511, "53.5511° N": 53.5511, "9.99 W": -9.99, "W9,99": -9.99, "10 O": 10, "10,5°O": 10.5,
		`53°33'4"N`: 53 + 33./60 + 4./3600, "53° 33′ 04″ N": 53 + 33./60 + 4./3600, "53 33.07 S": -(53 + 33.07/60), "0°30'0\"W": -.5, "53:33:04,5": 53 + 33./60 + 4.5/3600, "−12.5": -12.5,
	} {
		if got, err := ParseCoordinate(text); err != nil || math.Abs(got-want) > 1e-12 {
			t.Errorf("%q is %v (%v), want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "N", "Hamburg", "53°61'N", "53.5°30'", "1 2 3 4", "-53 S", "5e1", "53.551.086", "NaN", "0x10", "53N33"} {
		if got, err := ParseCoordinate(text); !errors.Is(err, fault.ErrFormat) {
			t.Errorf("%q is %v (%v)", text, got, err)
		}
	}
}

// customers makes a table of places; the ids are c1, c2, …
func customers(t *testing.T, points ...Point) *table.Table {
	t.Helper()
	var ids []string
	var data []float64
	for i, p := range points {
		ids, data = append(ids, fmt.Sprintf("c%d", i+1)), append(data, p.Latitude, p.Longitude)
	}
	return trial.Table(t, ids, []table.Column{{Name: "lat"}, {Name: "lng"}}, data)
}

// germany returns n points in Germany.
func germany(n int) (points []Point) {
	r := rand.New(rand.NewPCG(1, 2))
	for range n {
		points = append(points, Point{48 + 6*r.Float64(), 7 + 7*r.Float64()})
	}
	return points
}

func TestWhatIsNoPlaceIsCounted(t *testing.T) {
	points := append(germany(50), Point{}, Point{math.NaN(), 10}, Point{53, math.NaN()}, Point{95, 200}, nowhere)
	p, err := Locate(customers(t, points...), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if p.Located() != 50 || p.Zero != 1 || p.NotGiven != 3 || p.Impossible != 1 || !strings.Contains(p.Example, "c54") {
		t.Errorf("%+v", *p)
	}
	if total := p.Located() + p.Zero + p.NotGiven + p.Impossible + p.LeftOut; total != len(points) {
		t.Errorf("%d customers of %d are told of", total, len(points))
	}
	if text := p.Sheet().Text(); !strings.Contains(text, "50 of 55 customers have a place") || !strings.Contains(text, `0, 0 stands for "not found"`) {
		t.Error(text)
	}
}

func TestSwappedCoordinatesAreAskedAbout(t *testing.T) {
	straight := germany(200)
	points := slices.Clone(straight)
	for i := 0; i < len(points); i += 10 { // a tenth of them
		points[i] = points[i].turned()
	}
	raw := customers(t, points...)
	_, err := Locate(raw, Options{})
	if !errors.Is(err, fault.ErrSchema) || !strings.Contains(err.Error(), "row 1 (id c1)") || !strings.Contains(err.Error(), "20 such cells") || !strings.Contains(err.Error(), "geo.Turn") {
		t.Fatal(err)
	}
	p, err := Locate(raw, Options{Swapped: Turn})
	if err != nil || p.Turned != 20 || !slices.Equal(p.Points, straight) {
		t.Errorf("%v, %+v", err, p)
	}
	p, err = Locate(raw, Options{Swapped: LeaveOut})
	if err != nil || p.LeftOut != 20 || p.Located() != 180 || p.Points[0].known() {
		t.Errorf("%v, %+v", err, p)
	}
	p, err = Locate(raw, Options{Swapped: Keep})
	if err != nil || p.Kept != 20 || !slices.Equal(p.Points, points) {
		t.Errorf("%v, %+v", err, p)
	}
	if _, err := Locate(customers(t, straight...), Options{}); err != nil {
		t.Errorf("no coordinates are swapped here, and yet: %v", err)
	}
}

func TestLatitudesBeyondThePolesAreSwapped(t *testing.T) {
	var points []Point // Bengal
	for _, p := range germany(20) {
		points = append(points, Point{p.Longitude + 80, p.Latitude - 25}) // 87 to 94 degrees of latitude
	}
	points[3].Latitude = 92
	_, err := Locate(customers(t, points...), Options{Latitude: "lat", Longitude: "lng"})
	if err == nil || !strings.Contains(err.Error(), "is not a latitude, but would be a longitude") {
		t.Fatal(err)
	}
	p, err := Locate(customers(t, points...), Options{Latitude: "lng", Longitude: "lat"})
	if err != nil || p.Located() != 20 {
		t.Errorf("%v, %+v", err, p)
	}
}

func TestAWorldOfCustomersIsNotSwapped(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var points []Point
	for range 300 {
		points = append(points, Point{140*r.Float64() - 60, 178*r.Float64() - 89})
	}
	if _, err := Locate(customers(t, points...), Options{}); err != nil {
		t.Error(err)
	}
}

func TestMetresAreNoDegrees(t *testing.T) {
	_, err := Locate(customers(t, Point{5934123, 565400}, Point{5934999, 565100}), Options{})
	if !errors.Is(err, fault.ErrSchema) || !strings.Contains(err.Error(), "UTM") {
		t.Error(err)
	}
}

func TestTextOfCoordinates(t *testing.T) {
	read := func(text string) (*Places, error) {
		raw, err := table.ParseCSV(strings.NewReader(text), "places.csv", "id", table.CSVOptions{Text: []string{"lat", "lon"}})
		if err != nil {
			t.Fatal(err)
		}
		return Locate(raw, Options{})
	}
	p, err := read("id;lat;lon\na;53°33′4″N;9,99\nb;48,1;11.5 E\nc;;\n")
	if err != nil || p.Located() != 2 || math.Abs(p.Points[0].Latitude-53.5511) > 1e-4 || p.Points[1] != (Point{48.1, 11.5}) {
		t.Errorf("%v, %v", p, err)
	}
	_, err = read("id;lat;lon\na;48,1;11,5\nb;Hamburg;9,99\nc;Köln;6,9\n")
	if err == nil || err.Error() != `segkit: geo.Locate: places.csv, column "lat", row 2 (id b): "Hamburg" is not a coordinate; 2 such cells: write it as 53.5511, 53,5511 or 53°33'4"N, or make it missing` {
		t.Error(err)
	}
	if _, err = read("id;lat;lon\na;9.99 E;53 N\n"); err == nil || !strings.Contains(err.Error(), "other coordinate") {
		t.Error(err)
	}
}

// Nearest shop and density, against all distances one by one. Points lie on a coarse grid, also across the date line and at the poles.
func TestNearestAndDensityLookAtEverything(t *testing.T) {
	point := rapid.Custom(func(t *rapid.T) Point {
		return Point{float64(rapid.IntRange(-6, 6).Draw(t, "latitude")) * 15, float64(rapid.IntRange(-12, 12).Draw(t, "longitude")) * 15}
	})
	rapid.Check(t, func(rt *rapid.T) {
		some := func(name string, n int) *Places {
			p := &Places{Points: rapid.SliceOfN(rapid.OneOf(point, anyPoint), 1, n).Draw(rt, name)}
			for i := range p.Points {
				p.IDs = append(p.IDs, fmt.Sprintf("%s %d", name, i))
			}
			return p
		}
		homes, shops := some("home", 60), some("shop", 20)
		got, err := homes.Nearest(shops)
		if err != nil {
			if !strings.Contains(err.Error(), "were swapped") { // which random points may well look like
				rt.Fatal(err)
			}
		} else {
			for i, at := range homes.Points {
				least := math.Inf(1)
				for _, s := range shops.Points {
					least = min(least, Distance(at, s))
				}
				if got := got.At(i, 1); math.Abs(got-least) > 1e-3 {
					rt.Fatalf("customer %d: %v km, want %v", i, got, least)
				}
			}
		}
		km := float64(rapid.SampledFrom([]int{1, 500, 3000, 25000}).Draw(rt, "km"))
		around, err := homes.Density(km)
		if err != nil {
			rt.Fatal(err)
		}
		for i, at := range homes.Points {
			least, most := -1., -1.
			for _, other := range homes.Points {
				if d := Distance(at, other); d < km-1e-3 {
					least++
				}
				if d := Distance(at, other); d < km+1e-3 {
					most++
				}
			}
			if got := around.At(i, 0); got < least || got > most {
				rt.Fatalf("customer %d: %v others within %v km, want %v to %v", i, got, km, least, most)
			}
		}
	})
}

func TestTheOthersAroundAreWeighted(t *testing.T) {
	raw, err := customers(t, Point{50, 8}, Point{50, 8.001}, Point{52, 8}).WithWeights([]float64{3, 2, 5}, table.FrequencyWeights)
	if err != nil {
		t.Fatal(err)
	}
	p := trial.Sure(Locate(raw, Options{}))
	around := trial.Sure(p.Density(1))
	if got := around.Raw().Column(0); !slices.Equal(got, []float64{4, 4, 4}) {
		t.Errorf("%v", got)
	}
}

func TestShopsOnTheWrongSideOfTheEarth(t *testing.T) {
	homes := trial.Sure(Locate(customers(t, germany(60)...), Options{}))
	var turned []Point
	for _, p := range germany(5) {
		turned = append(turned, p.turned())
	}
	shops := trial.Sure(Locate(customers(t, turned...), Options{}))
	if _, err := homes.Nearest(shops); !errors.Is(err, fault.ErrSchema) || !strings.Contains(err.Error(), "if latitude and longitude were swapped") {
		t.Error(err)
	}
}

func TestManyOnOnePointAreTold(t *testing.T) {
	points := append(germany(200), slices.Repeat([]Point{{51, 10}}, 30)...)
	if text := trial.Sure(Locate(customers(t, points...), Options{})).Sheet().Text(); !strings.Contains(text, "30 customers share one point (51.0000, 10.0000)") {
		t.Error(text)
	}
}
