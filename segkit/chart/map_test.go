package chart

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/segkit/lab/datasets"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/geo"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/table"
)

// atHome returns the customers of the made-up shop with their places, and their segments by channel.
func atHome(t testing.TB) (*table.Table, *table.Segments) {
	t.Helper()
	customers := trial.Sure(datasets.Customers("shop"))
	homes := trial.Sure(geo.Locate(trial.Sure(datasets.Addresses("shop")), geo.Options{Swapped: geo.Turn}))
	all := trial.Sure(customers.Join(trial.Sure(homes.Table())))
	return all, trial.Sure(datasets.Truth("shop"))
}

func TestGoldenMaps(t *testing.T) {
	all, truth := atHome(t)
	borders := trial.Sure(datasets.Borders())
	stores := trial.Sure(trial.Sure(geo.Locate(trial.Sure(datasets.Stores()), geo.Options{})).Table())
	hamburg := trial.Sure(all.Where(`city == "Hamburg"`))
	channel := trial.Sure(all.SegmentsBy("channel"))
	for name, draw := range map[string]func() (*Figure, error){
		"map-points": func() (*Figure, error) {
			return MapPoints(hamburg, channel, MapOptions{Marks: trial.Sure(stores.Where("latitude > 53.5 and longitude > 9"))})
		},
		"map-countries": func() (*Figure, error) {
			return MapPoints(trial.Sure(all.Where("longitude > 0")), nil, MapOptions{Boundaries: borders, Marks: stores})
		},
		"map-shares": func() (*Figure, error) {
			return MapShares(all, "country", truth, "regulars", MapOptions{Boundaries: borders})
		},
		"map-tiles": func() (*Figure, error) { return MapShares(all, "city", truth, "one-timers") },
	} {
		fig, err := draw()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		golden(t, name, fig)
	}
}

// regionTable has so many customers of regions A, B, …, of whom so many are in the first of two segments.
func regionTable(t testing.TB, customers, inside []int) (*table.Table, *table.Segments) {
	t.Helper()
	var ids, levels []string
	var data []float64
	var labels table.Labels
	for r, n := range customers {
		levels = append(levels, string(rune('A'+r)))
		for i := range n {
			ids, data = append(ids, fmt.Sprint(r, "-", i)), append(data, float64(r))
			label := 1
			if i < inside[r] {
				label = 0
			}
			labels = append(labels, label)
		}
	}
	x, err := table.New(ids, []table.Column{{Name: "region", Levels: levels}}, data)
	if err != nil {
		t.Fatal(err)
	}
	return x, trial.Sure(table.NewSegments(ids, labels, []string{"loyal", "rest"}))
}

// The residual is the one that a fourfold table of the region and the others gives: Haberman's, by hand for 60 of 100 beside 90 of 300.
func TestResidualsOfRegions(t *testing.T) {
	x, s := regionTable(t, []int{100, 300}, []int{60, 90})
	labels := trial.Sure(s.LabelsFor("test", x))
	m := trial.Sure(regionsOf(x, "region", labels, 0))
	p := 150. / 400
	want := (90 - 300*p) / math.Sqrt(300*p*(1-p)*(1-300./400))
	if got := m.regions[0]; got.name != "B" || math.Abs(got.residual-want) > 1e-12 || got.share() != .3 {
		t.Errorf("%+v, want %v", got, want)
	}
}

func TestRegionsThatDifferOnlyByChance(t *testing.T) {
	x, s := regionTable(t, []int{100, 100, 10}, []int{52, 48, 0})
	fig := trial.Sure(MapShares(x, "region", s, "loyal"))
	if fig.Title != "“loyal” differs by region no more than chance explains: 52 % of customers in A, 48 % in B" && !strings.HasPrefix(fig.Title, "“loyal”: ") {
		t.Error(fig.Title)
	}
	x, s = regionTable(t, []int{100, 100}, []int{52, 48})
	if fig := trial.Sure(MapShares(x, "region", s, "loyal")); fig.Title != "“loyal” differs by region no more than chance explains: 52 % of customers in A, 48 % in B" {
		t.Error(fig.Title)
	}
	x, s = regionTable(t, []int{100, 100, 5}, []int{72, 48, 5})
	fig = trial.Sure(MapShares(x, "region", s, "loyal"))
	if fig.Title != "“loyal”: 72 % of customers in A, 48 % in B" || !strings.Contains(fig.Note, "*: fewer than 30 customers") {
		t.Error(fig.Title, fig.Note)
	}
}

func TestMapsThatCannotBeDrawn(t *testing.T) {
	x, s := regionTable(t, []int{40, 40}, []int{10, 20})
	fail := func(_ *Figure, err error) error { return err }
	for name, c := range map[string]struct {
		err  error
		kind error
		says string
	}{
		"no such segment":     {fail(MapShares(x, "region", s, "lazy")), fault.ErrSchema, "the segments are loyal and rest"},
		"no such column":      {fail(MapShares(x, "place", s, "loyal")), fault.ErrMissingColumn, "place"},
		"no outline":          {fail(MapShares(x, "region", s, "loyal", MapOptions{Boundaries: trial.Sure(datasets.Borders())})), fault.ErrUnmatched, `look like "A", those of the boundaries like "Austria"`},
		"no places":           {fail(MapPoints(x, s)), fault.ErrSchema, "geo.Locate"},
		"two sets of options": {fail(MapPoints(x, s, MapOptions{}, MapOptions{})), fault.ErrOption, "at most one"},
	} {
		if !errors.Is(c.err, c.kind) || !strings.Contains(c.err.Error(), c.says) {
			t.Errorf("%s: %v", name, c.err)
		}
	}
}

// Segments that are places lie apart on the map, and segments by lot do not.
func TestNeighboursOnTheMap(t *testing.T) {
	all, _ := atHome(t)
	cities := trial.Sure(all.SegmentsBy("city"))
	if fig := trial.Sure(MapPoints(all, cities)); !strings.HasPrefix(fig.Title, "Segments lie apart on the map") {
		t.Error(fig.Title)
	}
	labels := make(table.Labels, all.Len())
	for i := range labels {
		labels[i] = (i * 7919 % 101) % 2
	}
	lot := trial.Sure(table.NewSegments(all.IDs(), labels, nil))
	if fig := trial.Sure(MapPoints(all, lot)); !strings.HasPrefix(fig.Title, "Where customers live says nothing") {
		t.Error(fig.Title)
	}
}

// A region with a hole, given the wrong way round, keeps it.
func TestHolesRunAgainstTheirOutline(t *testing.T) {
	square := func(from, to float64) [][2]float64 {
		return [][2]float64{{from, from}, {to, from}, {to, to}, {from, to}, {from, from}}
	}
	_, out := shoresOf(rings{square(0, 10), square(2, 8), square(4, 6)}, projectionAt(0))
	var turns []bool
	for _, ring := range out[0].rings {
		turns = append(turns, signedArea(ring) > 0)
	}
	if fmt.Sprint(turns) != "[true false true]" {
		t.Error(turns)
	}
	if at, width, height := out[0].middle(); math.Abs(at.X-5) > 1e-9 || math.Abs(at.Y-5) > 1e-9 || width != 10 || height != 10 {
		t.Error(at, width, height)
	}
}

// rings is one region.
type rings [][][2]float64

func (r rings) Outlines() ([]string, [][][][2]float64) { return []string{"A"}, [][][][2]float64{r} }
