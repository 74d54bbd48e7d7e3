package chart

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/segkit/lab/datasets"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/weblog"
)

// visitPictures are those of the shop's web log, and of a few hits with pages.
func visitPictures(t testing.TB) map[string]*Figure {
	t.Helper()
	asOf := time.Date(2025, 9, 30, 0, 0, 0, 0, time.UTC)
	read := trial.Sure(weblog.ParseVisits(trial.Sure(datasets.Visits("shop")), "shop", weblog.VisitsOptions{}))
	clean := trial.Sure(read.Clean(weblog.TooFast, weblog.NoVisitor))
	const hits = `visitor,time,page
a,2025-01-01 10:00,/
a,2025-01-01 10:01,/product/1
a,2025-01-01 10:02,/product/2
a,2025-01-01 10:03,/cart
b,2025-01-01 11:00,/
b,2025-01-01 11:01,/help & contact
c,2025-01-01 11:00,/product/1
c,2025-01-01 11:02,/cart
c,2025-01-01 11:03,/order
`
	pages := trial.Sure(trial.Sure(weblog.ParseVisits(strings.NewReader(hits), "hits", weblog.VisitsOptions{})).Clean())
	day := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	return map[string]*Figure{
		"funnel":      trial.Sure(Funnel(trial.Sure(clean.Funnel(asOf)))),
		"week":        trial.Sure(Week(trial.Sure(clean.Habits(asOf)))),
		"conversion":  trial.Sure(Conversion(trial.Sure(clean.Conversion(asOf)))),
		"transitions": trial.Sure(Transitions(trial.Sure(pages.Transitions(day)))),
	}
}

func TestGoldenPicturesOfVisits(t *testing.T) {
	for name, fig := range visitPictures(t) {
		golden(t, name, fig)
		if !strings.Contains(fig.Title, " ") || fig.Alt == "" || fig.Note == "" {
			t.Errorf("%s: title %q, alternative %q, note %q", name, fig.Title, fig.Alt, fig.Note)
		}
	}
}

func TestPicturesOfNoVisitsAreRefused(t *testing.T) {
	for name, call := range map[string]func() (*Figure, error){
		"funnel":      func() (*Figure, error) { return Funnel(&weblog.Funnel{}) },
		"week":        func() (*Figure, error) { return Week(&weblog.Habits{}) },
		"conversion":  func() (*Figure, error) { return Conversion(&weblog.Conversion{Mean: math.NaN()}) },
		"transitions": func() (*Figure, error) { return Transitions(&weblog.Transitions{}) },
	} {
		if _, err := call(); !errors.Is(err, fault.ErrEmpty) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
