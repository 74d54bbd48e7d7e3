package chart

import (
	"bytes"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	makeshop "github.com/segkit/lab/datasets/shop"
	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/track"
)

// followed is a small shop whose segments change, followed for six quarters.
func followed(t testing.TB) (*features.Cleaned, *track.History) {
	t.Helper()
	var b bytes.Buffer
	if err := makeshop.Generate(makeshop.Options{Customers: 600, Changing: true}).WriteOrders(&b); err != nil {
		t.Fatal(err)
	}
	orders := trial.Sure(features.ParseOrders(&b, "shop", features.OrdersOptions{Currency: "EUR"}))
	clean := trial.Sure(orders.Clean(features.NoCustomer, features.Duplicate, features.TestOrder))
	quarter := func(q int) time.Time { return time.Date(2024, time.Month(1+3*q), 0, 0, 0, 0, 0, time.UTC) }
	made := trial.Sure(clean.Features(quarter(4), features.Spec{Window: 92}))
	model := trial.Sure(segkit.Recipe{Columns: []string{"orders", "basket"}, Prep: []prep.Transformer{prep.Log1p{}}, Method: cluster.KMeans{K: 4}}.Fit(made))
	return clean, trial.Sure(track.Follow(clean, model, []time.Time{quarter(3), quarter(4), quarter(5), quarter(6), quarter(7), quarter(8)}))
}

func lives(t testing.TB) map[string]*Figure {
	clean, h := followed(t)
	m := trial.Sure(h.Migration(4, 5, track.DrawOptions{Draws: 3}))
	var drifts []*track.Drift
	for at := range h.Dates[2:] {
		drifts = append(drifts, trial.Sure(h.Drift(1, at+2, []string{"orders", "basket"})))
	}
	return map[string]*Figure{
		"migration":        trial.Sure(Migration(m)),
		"migration-matrix": trial.Sure(MigrationMatrix(m)),
		"shares":           trial.Sure(Shares(h)),
		"drift-lines":      trial.Sure(DriftLines(h.Dates[2:], drifts)),
		"life":             trial.Sure(Life(trial.Sure(h.Life()))),
		"cohorts":          trial.Sure(Cohorts(trial.Sure(track.CohortsOf(clean)))),
	}
}

func TestGoldenPicturesOfLife(t *testing.T) {
	for name, fig := range lives(t) {
		golden(t, name, fig)
		if !strings.Contains(fig.Title, " ") || fig.Alt == "" || strings.Contains(strings.ToLower(fig.Title), "improve") {
			t.Errorf("%s: title %q, alternative %q", name, fig.Title, fig.Alt)
		}
	}
}

// Whatever retention does, no title says that loyalty improves: it rises by sorting alone, and the title says what sorting would give.
func TestCohortsSayWhatSortingGives(t *testing.T) {
	c := &track.Cohorts{Months: make([]time.Time, 8), Customers: make([]int, 8), Active: make([][]int, 8),
		Sorting: &track.Sorting{Alpha: 1, Beta: 1, Survival: []float64{1, .5, .33}, Seen: []float64{1, .52, .35}}}
	titled(t, "After 2 months, 35 % were still there; if customers differ but none ever changes, 33 % would be")(Cohorts(c))
}

func TestShareTitleNamesWhoGrewAndWhoShrank(t *testing.T) {
	_, h := followed(t)
	one := *h
	one.Dates = one.Dates[:1]
	if _, err := Shares(&one); !errors.Is(err, fault.ErrEmpty) {
		t.Error(err)
	}
	f := trial.Sure(Shares(h))
	if !strings.Contains(f.Title, " % to ") || !strings.Contains(f.Title, "; ") {
		t.Errorf("title %q", f.Title)
	}
}

func TestTitlesOfLife(t *testing.T) {
	stay := func(name string, median float64) track.Stay {
		return track.Stay{Segment: name, Survival: []float64{.8}, Low: []float64{.7}, High: []float64{.9}, Median: median}
	}
	never, nobody := math.NaN(), track.Stay{Segment: "nobody", Median: math.NaN()}
	for want, stays := range map[string][]track.Stay{
		"Fewer than half of the stays in “a” ended within the history":                                              {stay("a", never), nobody},
		"In none of 2 segments did half of the stays end within the history":                                        {stay("a", never), stay("b", never)},
		"In “a”, half of the stays ended within 1 date":                                                             {stay("a", 1)},
		"In “b”, half of the stays ended within 2 dates; in one other segment, fewer than half ended":               {stay("a", never), stay("b", 2)},
		"In each of 2 segments, half of the stays ended within 2 dates; in 2 other segments, fewer than half ended": {stay("a", 2), stay("b", 2), stay("c", never), stay("d", never)},
		"Stays are shortest in “b”, where half ended within 1 date, and longest in “c”, with 3 dates":               {stay("a", 2), stay("b", 1), stay("c", 3)},
		"Stays are shortest in “b”, where half ended within 1 date; in one other segment, fewer than half ended":    {stay("a", 2), stay("b", 1), stay("c", never)},
	} {
		titled(t, want)(Life(&track.Life{Segments: stays}))
	}
	for left, says := range []string{"does not count as ended.", "1 stay that began before the first date is left out.", "2 stays that began before the first date are left out."} {
		if fig := trial.Sure(Life(&track.Life{Segments: []track.Stay{stay("a", 1)}, LeftOut: left})); !strings.HasSuffix(fig.Note, says) {
			t.Errorf("%q does not end in %q", fig.Note, says)
		}
	}
}
