package track

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/compare"
	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/option"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Refreshed compares the segments of a frozen model with those of a fresh fit on the same customers, and this with how far apart two fresh fits are.
// The model has grown old only if it is farther from a fresh fit than fresh fits are from each other, and by enough to matter.
type Refreshed struct {
	Frozen  *table.Segments   // by the frozen model
	Fresh   *table.Segments   // by the fresh fit, aligned with the frozen one
	Model   *segkit.Model     // the fresh fit, with labels and names as in Fresh
	Match   *compare.Matching // which segment continues which
	Rand    float64           // adjusted Rand index of the two
	Refits  []float64         // (pairs) the same for two fits, each on customers drawn with replacement; sorted
	P       float64           // share of these pairs, counting this one, that agree no better
	Aged    bool              // P is at most .05, and two fresh fits agree better by at least Size
	Options RefreshOptions

	NamesToday []string  // (k) what the frozen segments would be called if they were named today; nil if names were given by hand
	NameHolds  []float64 // (k) share of draws of customers in which each segment gets its present name
}

// RefreshOptions says how two refits are compared.
type RefreshOptions struct {
	Pairs int     // of refits; 0 means 39
	Size  float64 // how far the model's agreement must fall short of that of two fresh fits before it counts as old; 0 means .05, negative means any amount
	Seed  int
}

// Refresh fits the model's recipe again to the customers of raw and compares, under job.DefaultContext. In each pair of refits, one is made from as many customers
// as the model, and one from as many as raw has, because the frozen model and the fresh one differ by chance in the same way. It costs 2·Pairs+1 fits.
func Refresh(model *segkit.Model, raw *table.Table, o ...RefreshOptions) (*Refreshed, error) {
	return RefreshContext(job.DefaultContext, model, raw, o...)
}

// RefreshContext is Refresh under ctx.
func RefreshContext(ctx context.Context, model *segkit.Model, raw *table.Table, o ...RefreshOptions) (*Refreshed, error) {
	const op = "track.Refresh"
	opt, err := option.AtMostOne(op, o)
	if err != nil {
		return nil, err
	}
	if opt.Pairs == 0 {
		opt.Pairs = 39
	}
	if opt.Size == 0 {
		opt.Size = .05
	}
	switch {
	case model == nil:
		return nil, fault.Nil(op, "model")
	case raw == nil:
		return nil, fault.Nil(op, "table")
	case opt.Pairs < 19:
		return nil, fault.Option("track.RefreshOptions", "Pairs", opt.Pairs, "at least 19, or 0 for 39")
	}
	frozen, err := model.Score(raw)
	if err != nil {
		return nil, err
	}
	known := raw.Rows(scored(frozen)) // customers in no segment would be refused by a fit
	if known.Len() == 0 {
		return nil, fmt.Errorf("segkit: %s: the model finds no segment for any customer of the table: %w", op, fault.ErrEmpty)
	}
	fresh, err := model.Recipe.FitContext(ctx, known)
	if err != nil {
		return nil, fmt.Errorf("segkit: %s: %w", op, fault.Trimmed(err))
	}
	old, err := model.Score(known)
	if err != nil {
		return nil, err
	}
	again, err := fresh.Score(known)
	if err != nil {
		return nil, err
	}
	match, err := compare.Match(old, again)
	if err != nil {
		return nil, err
	}
	out := &Refreshed{Frozen: frozen, Fresh: match.Aligned(), Match: match, Rand: match.AdjustedRand, Options: opt, Refits: make([]float64, opt.Pairs)}
	out.Model, _ = out.Fresh.Model.(*segkit.Model)
	step := job.Steps(ctx, "how far two refits are apart", opt.Pairs)
	failed := make([]error, opt.Pairs)
	err = par.Items(ctx, opt.Pairs, func(p int) {
		out.Refits[p], failed[p] = refitsAgree(par.Inside(ctx), model, known, opt.Seed, p)
		step()
	})
	if err != nil {
		return nil, err
	}
	out.Refits = slices.DeleteFunc(out.Refits, math.IsNaN)
	if len(out.Refits) == 0 {
		return nil, fmt.Errorf("segkit: %s: no refit on customers drawn again succeeded: %w", op, fault.Trimmed(failed[0]))
	}
	slices.Sort(out.Refits)
	worse := 1
	for _, v := range out.Refits {
		if v <= out.Rand {
			worse++
		}
	}
	out.P = float64(worse) / float64(len(out.Refits)+1)
	out.Aged = out.P <= seldom && out.typical()-out.Rand >= opt.Size
	return out, out.name(model, known, old)
}

// name asks what the frozen segments would be called today, and how surely they would be called otherwise than they are.
func (r *Refreshed) name(model *segkit.Model, x *table.Table, old *table.Segments) error {
	if !generated(model.Names, slices.Concat(model.Columns, x.Columns())) {
		return nil
	}
	var err error
	if r.NamesToday, err = describe.Names(x, old, model.Recipe.Columns...); err != nil {
		return err
	}
	r.NameHolds = make([]float64, model.K())
	for draw := range r.Options.Pairs {
		sample, rows := drawn(seed.Stream(r.Options.Seed, "names", draw), x, x.Len())
		labels := make(table.Labels, len(rows))
		for i, row := range rows {
			labels[i] = old.Labels[row]
		}
		s, err := table.NewSegments(sample.IDs(), labels, slices.Clone(model.Names))
		if err != nil {
			return err
		}
		names, err := describe.Names(sample, s, model.Recipe.Columns...)
		if err != nil {
			return err
		}
		for l, name := range names {
			if name == model.Names[l] {
				r.NameHolds[l] += 1 / float64(r.Options.Pairs)
			}
		}
	}
	return nil
}

// generated reports whether all names are made of the words that describe.Names has for these columns: others were given by hand, and say what their
// givers wanted.
func generated(names []string, columns []table.Column) bool {
	words := map[string]bool{"average": true, "empty": true}
	for _, c := range columns {
		name := wording.InWords(c.Name)
		for _, word := range []string{c.High, c.Low, "high " + name, "low " + name, name, "not " + name} {
			words[strings.ToLower(word)] = true
		}
		for l := range c.Levels {
			words[strings.ToLower(c.Level(l))], words[strings.ToLower(c.Word(l))] = true, true
		}
	}
	for _, name := range names {
		for word := range strings.SplitSeq(strings.TrimRight(strings.ToLower(name), " 0123456789"), ", ") {
			if !words[word] {
				return false
			}
		}
	}
	return true
}

// scored are the rows of customers in a segment.
func scored(s *table.Segments) (rows []int) {
	for i, l := range s.Labels {
		if l >= 0 {
			rows = append(rows, i)
		}
	}
	return rows
}

// drawn are so many customers of x, drawn with replacement, and their rows.
func drawn(r *rand.Rand, x *table.Table, n int) (*table.Table, []int) {
	rows, ids := make([]int, n), make([]string, n)
	for i := range rows {
		rows[i], ids[i] = r.IntN(x.Len()), fmt.Sprint(i) // the same customer may come twice, and an id may not
	}
	sample := x.Rows(rows)
	sample.Raw().IDs = ids
	return sample, rows
}

// refitsAgree fits the recipe twice on customers drawn with replacement, and returns how far the two agree on all customers; NaN where a fit fails.
func refitsAgree(ctx context.Context, model *segkit.Model, x *table.Table, random, pair int) (float64, error) {
	var labels [2]table.Labels
	for side, n := range [2]int{model.Customers, x.Len()} {
		sample, _ := drawn(seed.Stream(random, "refresh", 2*pair+side), x, n)
		m, err := model.Recipe.FitContext(ctx, sample)
		if err != nil {
			return math.NaN(), err
		}
		s, err := m.Score(x)
		if err != nil {
			return math.NaN(), err
		}
		labels[side] = s.Labels
	}
	return compare.AdjustedRand(labels[0], labels[1])
}

// Sheet lays out which segment continues which.
func (r *Refreshed) Sheet() sheet.Sheet {
	if r == nil {
		return sheet.Sheet{}
	}
	out := r.Match.Sheet()
	out.Caption = "The frozen model against a fresh fit: " + r.says()
	out.Notes = append(out.Notes, fmt.Sprintf("Agreement (adjusted Rand index) of the frozen model and a fresh fit: %s; of two fresh fits on customers drawn again: %s to %s (median %s).",
		sheet.Fixed(r.Rand, 2), sheet.Fixed(r.Refits[0], 2), sheet.Fixed(r.Refits[len(r.Refits)-1], 2), sheet.Fixed(r.typical(), 2)))
	return out
}

// typical is the median agreement of two fresh fits.
func (r *Refreshed) typical() float64 { return r.Refits[len(r.Refits)/2] }

func (r *Refreshed) says() string {
	switch {
	case r.Aged:
		return "it has grown old"
	case r.P <= seldom:
		return "they differ by more than chance, but by too little to count"
	}
	return "as alike as two fresh fits are"
}

// Fits is a history whose segments were fitted again at every date, with the effect on them.
type Fits struct {
	*History
	Models []*segkit.Model // (t) at every date; labels and names continue from date to date
	Warm   []float64       // (t) cost of the fit that began with the centres of the previous date; NaN if there was none
	Cold   []float64       // (t) cost of the fit from scratch
	Rand   []float64       // (t) adjusted Rand index of the two; NaN if there was no warm one
}

// Refit fits a recipe again at many dates (t, rising), under job.DefaultContext. k-means begins at each date with the centres of the previous date, in
// the customers' own units, so that segments keep their identity; a cold fit shows what that costs. Segments of other methods are matched to those of
// the previous date. The last model is used to score in Migration's draws. It costs two fits a date.
func Refit(clean *features.Cleaned, recipe segkit.Recipe, spec features.Spec, dates []time.Time) (*Fits, error) {
	return RefitContext(job.DefaultContext, clean, recipe, spec, dates)
}

// RefitContext is Refit under ctx.
func RefitContext(ctx context.Context, clean *features.Cleaned, recipe segkit.Recipe, spec features.Spec, dates []time.Time) (*Fits, error) {
	const op = "track.Refit"
	if clean == nil {
		return nil, fault.Nil(op, "cleaned orders")
	}
	out := &Fits{}
	score := func(raw *table.Table) (*table.Segments, error) {
		model, err := out.next(ctx, recipe, raw)
		if err != nil {
			return nil, err
		}
		return model.Score(raw)
	}
	h, err := follow(ctx, op, clean, spec, dates, score)
	if err != nil {
		return nil, err
	}
	out.History = h
	h.score = out.Models[len(out.Models)-1].Score
	return out, nil
}

// next fits the recipe on the customers of the next date.
func (f *Fits) next(ctx context.Context, recipe segkit.Recipe, raw *table.Table) (*segkit.Model, error) {
	cold, err := recipe.FitContext(ctx, raw)
	if err != nil {
		return nil, err
	}
	f.Cold = append(f.Cold, cold.Cost)
	chosen, warmCost, rand := cold, math.NaN(), math.NaN()
	if len(f.Models) > 0 {
		before := f.Models[len(f.Models)-1]
		warm, err := continued(ctx, recipe, before, cold, raw)
		if err != nil {
			return nil, err
		}
		a, err := cold.Score(raw)
		if err != nil {
			return nil, err
		}
		if warm != nil {
			b, err := warm.Score(raw)
			if err != nil {
				return nil, err
			}
			if rand, err = compare.AdjustedRand(a.Labels, b.Labels); err != nil {
				return nil, err
			}
			chosen, warmCost = warm, warm.Cost
			chosen.Names = slices.Clone(before.Names)
		} else {
			earlier, err := before.Score(raw)
			if err != nil {
				return nil, err
			}
			match, err := compare.Match(earlier, a)
			if err != nil {
				return nil, err
			}
			if aligned, ok := match.Aligned().Model.(*segkit.Model); ok {
				chosen = aligned
			}
		}
	}
	f.Models, f.Warm, f.Rand = append(f.Models, chosen), append(f.Warm, warmCost), append(f.Rand, rand)
	return chosen, nil
}

// continued fits k-means from the centres of the model before; nil for other methods, and where centres cannot be told in the customers' units.
func continued(ctx context.Context, recipe segkit.Recipe, before, cold *segkit.Model, raw *table.Table) (*segkit.Model, error) {
	method, ok := recipe.Method.(cluster.KMeans)
	if !ok {
		return nil, nil
	}
	centers, err := before.Centers()
	if err != nil || centers.Len() != before.K() {
		return nil, nil
	}
	if method.Start, err = cold.Prepare(centers); err != nil {
		return nil, nil
	}
	method.K, method.Restarts = 0, 0
	warm := recipe
	warm.Method = method
	return warm.FitContext(ctx, raw)
}

// Sheet lays out what a warm start keeps and costs.
func (f *Fits) Sheet() sheet.Sheet {
	if f == nil || f.History == nil {
		return sheet.Sheet{}
	}
	out := sheet.Sheet{Caption: "Fitted anew at every date", Columns: []sheet.Column{{Name: "date", Text: true}, {Name: "warm costs more than cold", Unit: "%"}, {Name: "agreement of the two"}}}
	for t, d := range f.Dates {
		row := []string{d.Format(time.DateOnly), sheet.Missing, sheet.Missing}
		if !math.IsNaN(f.Warm[t]) {
			row[1], row[2] = sheet.Fixed(100*(f.Warm[t]/f.Cold[t]-1), 2), sheet.Fixed(f.Rand[t], 2)
		}
		out.Rows = append(out.Rows, row)
	}
	out.Notes = []string{"Warm: from the centres of the previous date, so that segments keep their identity. Cold: from new starts. Agreement is the adjusted Rand index."}
	return out
}
