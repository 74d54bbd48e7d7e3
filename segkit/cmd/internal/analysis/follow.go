package analysis

import (
	"crypto/sha256"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/report"
	"github.com/segkit/lab/segkit/table"
	"github.com/segkit/lab/segkit/track"
	"github.com/segkit/lab/segkit/value"
)

// What became of the last reports: who moved since, and what came of their forecasts.

// follow looks at the earlier reports that were made with the same model, and keeps the forecasts of all.
func (a *run) follow() error {
	earlier, err := a.earlier()
	if err != nil {
		return err
	}
	if len(earlier) == 0 {
		a.out.Forecasts = a.kept
		return nil
	}
	var dates []time.Time
	for _, f := range earlier {
		day, err := time.Parse(time.DateOnly, f.AsOf)
		if err != nil {
			return fault.Errorf(fault.ErrFormat, "segkit: report: the record of the last report has a forecast of %q, want a day such as 2025-09-30", f.AsOf)
		}
		if !slices.ContainsFunc(dates, day.Equal) {
			dates = append(dates, day)
		}
	}
	slices.SortFunc(dates, time.Time.Compare)
	history, err := track.FollowContext(a.ctx, a.cleaned, a.out.Model, append(dates, a.today))
	if err != nil {
		return err
	}
	for i := range earlier {
		day, _ := time.Parse(time.DateOnly, earlier[i].AsOf)
		if err := a.cameOf(&earlier[i], history.Segments[slices.IndexFunc(dates, day.Equal)], day); err != nil {
			return err
		}
	}
	a.out.Forecasts = append(earlier, a.kept...)
	a.out.Movement, err = history.MigrationContext(a.ctx, len(dates)-1, len(dates), track.DrawOptions{Seed: a.c.Seed})
	return err
}

// age asks whether a model that was kept still serves the customers of today, as segkit track does.
func (a *run) age() error {
	if !a.out.ModelKept {
		return nil
	}
	const what = "age of the model"
	drift, err := track.FromModel(a.out.Model, a.out.Customers, track.DriftOptions{Seed: a.c.Seed})
	var fresh *track.Refreshed
	if err == nil {
		drift.To = a.today.Format(time.DateOnly)
		fresh, err = track.RefreshContext(a.ctx, a.out.Model, a.out.Customers, track.RefreshOptions{Seed: a.c.Seed})
	}
	if a.ctx.Err() != nil {
		return a.ctx.Err()
	}
	if err != nil { // made by rules, or by a method that cannot be fitted here
		a.decide(what, "not known", "it cannot be fitted again")
		return nil
	}
	if a.out.Age, err = track.Decide(drift, fresh); err != nil {
		return err
	}
	a.decide(what, a.out.Age.Action.String(), "as segkit track decides")
	for _, reason := range a.out.Age.Reasons {
		a.decide(what, reason, "")
	}
	return nil
}

// earlier are the forecasts of reports before this one with the same model; none where there are no such reports.
func (a *run) earlier() ([]report.Forecast, error) {
	if a.last == nil {
		return nil, nil
	}
	model, err := a.out.Model.MarshalBinary()
	if err != nil {
		return nil, err
	}
	if a.last.Model != fmt.Sprintf("%x", sha256.Sum256(model)) {
		if a.last.AsOf < a.today.Format(time.DateOnly) {
			a.decide("earlier reports", "left aside", "they had another model")
		}
		return nil, nil
	}
	if a.more != nil {
		for _, name := range a.out.Model.ColumnNames() {
			if _, err := a.more.Column(name); err == nil {
				a.decide("earlier reports", "left aside", "the model looks at what is known of today alone")
				return nil, nil
			}
		}
	}
	var out []report.Forecast
	for _, f := range a.last.Forecasts {
		if f.AsOf < a.today.Format(time.DateOnly) {
			f.Segments = slices.Clone(f.Segments)
			out = append(out, f)
		}
	}
	return out, nil
}

// cameOf adds up what the customers of a forecast brought in its time, if that is over by today: those who were customers on its day, in the segments that
// they were in then.
func (a *run) cameOf(f *report.Forecast, then *table.Segments, day time.Time) error {
	if day.AddDate(0, 0, f.Days).After(a.today) {
		return nil
	}
	summary, err := value.Summarize(a.cleaned, day, value.SummaryOptions{Holdout: f.Days})
	if err != nil {
		return err
	}
	labels, err := then.LabelsOfIDs("report", summary.IDs)
	if err != nil {
		return err
	}
	came := make([]float64, then.K())
	f.All.Came = 0
	for i, l := range labels {
		f.All.Came += summary.Later.Spend[i]
		if l != table.Noise {
			came[l] += summary.Later.Spend[i]
		}
	}
	for s := range f.Segments {
		f.Segments[s].Came = math.NaN()
		if l := slices.Index(then.Names, f.Segments[s].Name); l >= 0 {
			f.Segments[s].Came = came[l]
		}
	}
	return nil
}
