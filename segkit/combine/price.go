package combine

// What combined segments cost, and what they bring.

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/compare"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/internal/overlap"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/refit"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/table"
)

// PriceOptions are the choices of Price.
type PriceOptions struct {
	Pairs  int          // pairs of bootstrap samples; 0 means 20
	Seed   int          // of the samples
	Next   *table.Table // what customers did afterwards, to see which division says more about it; nil for none
	Metric string       // column of Next
}

// Prices compares every view with the combinations made from them, on the same customers: those whom all views have.
type Prices struct {
	Customers int
	Pairs     int
	Views     []string // (m)
	Fixed     []string // views whose segments were held fixed: rules, or models without a table to fit them to again
	Metric    string   // "" for none
	Rows      []Priced // the views, then the combinations
}

// Priced says what one division costs, and what it brings.
type Priced struct {
	Name      string
	View      bool // of a single source
	Segments  int
	Smallest  float64             // share of the smallest segment
	Kept      []float64           // (m) share of the entropy of each view's segments that it preserves
	Rand      []float64           // (Pairs) adjusted Rand between the two solutions of a pair; NaN if undefined
	Mean      float64             // of Rand; 1 for a view that is held fixed
	Low, High float64             // 95 % interval of Mean: how far other pairs would move it
	Weakest   string              // the least stable segment
	Recovered float64             // its mean overlap with the nearest segment of a sample, customers in both / in either
	Explains  float64             // share of the differences between customers in the metric that lies between segments (eta squared); NaN without a metric
	Gain      *compare.Comparison // compared with the view that explains most; nil for that view, and without a metric
}

const pricePairs = 20

// Price says what combinations of views cost: how many segments they have and how small, what share of each view they preserve, and how well they
// come back when the customers are drawn again. With PriceOptions.Next, it also says whether they say more about what customers did afterwards
// than the best single view. The views themselves are listed for comparison.
//
// For every sample, the customers are drawn once for all views. Each view with a Table and a model is fitted to its drawn customers
// by the model's recipe and scores all, and the combinations are made from the result in the same way as at first. Views without
// these are held fixed, which makes everything look more stable than it is. It costs 2 Pairs fits of every view, with at most 3
// starts.
func Price(views Views, o PriceOptions, combinations ...*Combination) (*Prices, error) {
	return PriceContext(job.DefaultContext, views, o, combinations...)
}

// PriceContext is Price under ctx.
func PriceContext(ctx context.Context, views Views, o PriceOptions, combinations ...*Combination) (*Prices, error) {
	const op = "combine.Price"
	if o.Pairs = cmp.Or(o.Pairs, pricePairs); o.Pairs < 1 {
		return nil, fault.Option(op, "Pairs", o.Pairs, "at least 1, or 0 for 20")
	}
	s, err := views.shared(op)
	if err != nil {
		return nil, err
	}
	for _, view := range views {
		if view.model() == nil {
			continue
		}
		held := make(map[string]bool, view.Table.Len())
		for _, id := range view.Table.Raw().IDs {
			held[id] = true
		}
		for i, id := range s.ids {
			if !held[id] {
				return nil, &fault.CellError{Op: op, File: view.Name, Row: i + 1, ID: id, Err: fault.ErrUnmatched, Why: "has a segment but is not in View.Table",
					Remedy: "give the table whose customers the model scored, or nil to hold the segments fixed"}
			}
		}
	}
	for i, c := range combinations {
		if c == nil {
			return nil, fault.Nil(op, "combination "+strconv.Itoa(i+1))
		}
		if !slices.Equal(c.Views, views.names()) {
			return nil, fault.Errorf(fault.ErrSchema, "segkit: %s: combination %d is made from %s, but the views are %s: give the same ones in the same order", op, i+1,
				strings.Join(c.Views, ", "), strings.Join(views.names(), ", "))
		}
	}
	b := bench{views: views, shared: s, combinations: combinations, o: o}
	key, known := b.key()
	compute := func() (*Prices, error) { return b.price(ctx) }
	if !known {
		return compute()
	}
	return memory.Recall(ctx, key, compute)
}

// bench is what is put to the test.
type bench struct {
	views        Views
	shared       *shared
	combinations []*Combination
	o            PriceOptions
}

// key names the result by its inputs; it is not known where a method or a transform is from elsewhere.
func (b bench) key() (string, bool) {
	inputs := []any{b.o.Pairs, b.o.Seed, b.o.Metric}
	if b.o.Next != nil {
		inputs = append(inputs, b.o.Next.Fingerprint())
	}
	for _, view := range b.views {
		inputs = append(inputs, view.Name, view.Segments.IDs, view.Segments.Labels, view.Segments.Names)
		model := view.model()
		if model == nil {
			continue
		}
		text, known := memory.Spell(model.Recipe.Method)
		for _, step := range model.Recipe.Prep {
			own, ok := memory.Spell(step)
			text, known = text+"\n"+own, known && ok
		}
		if !known {
			return "", false
		}
		inputs = append(inputs, view.Table.Fingerprint(), model.Recipe.Columns, text)
	}
	for _, c := range b.combinations {
		inputs = append(inputs, c.Method, c.Limits, c.Segments.Labels, c.Segments.Names)
	}
	return memory.Key("price", inputs...), true
}

// model is that of the view's segments where it can be fitted again, else nil.
func (v View) model() *segkit.Model {
	model, _ := v.Segments.Model.(*segkit.Model)
	if v.Table == nil {
		return nil
	}
	return model
}

// price does the work. Divisions are the views, then the combinations.
func (b bench) price(ctx context.Context) (*Prices, error) {
	names := b.views.names()
	out := &Prices{Customers: len(b.shared.ids), Pairs: b.o.Pairs, Views: names, Metric: b.o.Metric}
	if b.o.Next == nil {
		out.Metric = ""
	}
	reference, segments := b.first()
	cells, of := b.shared.cells()
	_, all := groups(cells)
	for d, labels := range reference {
		row := Priced{Name: segments[d].name, View: d < len(b.views), Explains: math.NaN()}
		counts := labels.Counts()
		row.Segments = len(counts) - zeros(counts)
		row.Smallest = float64(smallest(counts)) / float64(len(labels))
		row.Kept = all.kept(membersOf(cells, of, labels))
		out.Rows = append(out.Rows, row)
	}
	for v, view := range b.views {
		if view.model() == nil {
			out.Fixed = append(out.Fixed, names[v])
		}
	}
	if err := b.draw(ctx, out, reference, segments); err != nil {
		return nil, err
	}
	return out, b.outcome(ctx, out, reference, segments)
}

// named is a division with the names of its segments.
type named struct {
	name     string
	segments []string
}

// first returns the labels of every division (views and combinations x n) as they are.
func (b bench) first() (labels []table.Labels, of []named) {
	for v, view := range b.views {
		labels, of = append(labels, b.shared.labels[v]), append(of, named{view.Name + " alone", view.Segments.Names})
	}
	times := map[string]int{}
	for _, c := range b.combinations {
		times[c.Method]++
	}
	for _, c := range b.combinations {
		name := c.Method
		if times[name] > 1 {
			name += " of " + wording.Plural(c.Segments.K(), "segment")
		}
		labels, of = append(labels, c.Segments.Labels), append(of, named{name, c.Segments.Names})
	}
	return labels, of
}

// membersOf groups the cells' customers by another division, each counted with the labels of the views.
func membersOf(cells []Cell, of []int, labels table.Labels) []*group {
	counts := map[[2]int]int{}
	for i, l := range labels {
		counts[[2]int{l, of[i]}]++
	}
	widths := make([]int, len(cells[0].Labels))
	for _, c := range cells {
		for v, l := range c.Labels {
			widths[v] = max(widths[v], l+2)
		}
	}
	out := make([]*group, labels.K()+1)
	for l := range out {
		out[l] = newGroup(widths)
	}
	for l := table.Noise; l < labels.K(); l++ {
		g := out[(l+len(out))%len(out)]
		for c, cell := range cells {
			n := float64(counts[[2]int{l, c}])
			g.n += n
			for v, label := range cell.Labels {
				if label < 0 {
					label = widths[v] - 1
				}
				g.counts[v][label] += n
			}
		}
	}
	return out
}

func zeros(counts []int) (n int) {
	for _, c := range counts {
		if c == 0 {
			n++
		}
	}
	return n
}

// smallest is the size of the smallest segment that has customers.
func smallest(counts []int) int {
	least := 0
	for _, c := range counts {
		if c > 0 && (least == 0 || c < least) {
			least = c
		}
	}
	return least
}

// draw solves everything on pairs of samples, and notes how the solutions compare.
func (b bench) draw(ctx context.Context, out *Prices, reference []table.Labels, of []named) error {
	var ids []string // of everybody who can be drawn
	seen := map[string]bool{}
	for _, view := range b.views {
		for _, id := range view.Segments.IDs {
			if !seen[id] {
				seen[id] = true
				ids = append(ids, id)
			}
		}
	}
	slices.Sort(ids)
	n, divisions := b.o.Pairs, len(reference)
	rand, jaccard := make([][]float64, divisions), make([][][]float64, divisions)
	for d := range divisions {
		rand[d], jaccard[d] = make([]float64, n), make([][]float64, 2*n)
	}
	report := job.Steps(ctx, "combined segments, drawn again", 2*n)
	quiet := memory.With(job.WithProgress(ctx, func(job.Progress) {}), nil)
	errs := make([]error, n)
	var mu sync.Mutex
	err := par.Items(ctx, n, func(p int) {
		var halves [2][]table.Labels
		for h := range halves {
			i := 2*p + h
			if halves[h], errs[p] = b.again(quiet, ids, i); errs[p] != nil {
				return
			}
			for d := range divisions {
				jaccard[d][i], _ = overlap.Recovered(reference[d], halves[h][d], len(of[d].segments))
			}
			mu.Lock()
			report()
			mu.Unlock()
		}
		for d := range divisions {
			rand[d][p], errs[p] = defined(compare.AdjustedRand(halves[0][d], halves[1][d]))
			if errs[p] != nil {
				return
			}
		}
	})
	if err != nil {
		return err
	}
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	for d := range divisions {
		row := &out.Rows[d]
		row.Rand, row.Mean = rand[d], stats.MeanKnown(rand[d])
		_, sd, _ := stats.Moments(rand[d], nil)
		low, high := stats.MeanInterval(row.Mean, sd, float64(n))
		row.Low, row.High = low, min(1, high)
		row.Recovered = math.NaN()
		for l, name := range of[d].segments {
			each := make([]float64, 2*n)
			for i := range each {
				each[i] = jaccard[d][i][l]
			}
			if mean := stats.MeanKnown(each); !math.IsNaN(mean) && !(mean >= row.Recovered) {
				row.Recovered, row.Weakest = mean, name
			}
		}
	}
	return nil
}

// again returns the labels of every division (divisions x n) when the customers are drawn for the i-th time.
func (b bench) again(ctx context.Context, ids []string, i int) ([]table.Labels, error) {
	stream := seed.Stream(b.o.Seed, "combine", i)
	times := make(map[string]int, len(ids))
	for range ids {
		times[ids[stream.IntN(len(ids))]]++
	}
	fitted := slices.Clone(b.views)
	for v := range fitted {
		random := stream.Int()
		model := fitted[v].model()
		if model == nil {
			continue
		}
		own, err := refitted(ctx, fitted[v].Table, model, times, random)
		if err != nil {
			return nil, fmt.Errorf("segkit: combine.Price: %s, the customers drawn again: %w", fitted[v].Name, fault.Trimmed(err))
		}
		fitted[v].Segments = own
	}
	s := &shared{ids: b.shared.ids}
	for v := range fitted {
		labels, err := fitted[v].Segments.LabelsOfIDs("combine.Price", s.ids)
		if err != nil {
			return nil, err
		}
		s.labels = append(s.labels, labels)
	}
	out := slices.Clone(s.labels)
	for _, c := range b.combinations {
		next, err := s.combine(ctx, fitted, c)
		if err != nil {
			return nil, err
		}
		out = append(out, next.Segments.Labels)
	}
	return out, nil
}

// combine makes a combination again, as the first time.
func (s *shared) combine(ctx context.Context, views Views, first *Combination) (*Combination, error) {
	if first.Method == crossTable {
		return s.cross(views, first.Limits), nil
	}
	return s.consensus(ctx, views, first.Limits)
}

// refitted fits the recipe of a model on the rows of t as often as they were drawn, and scores all of t.
func refitted(ctx context.Context, t *table.Table, model *segkit.Model, times map[string]int, random int) (*table.Segments, error) {
	var rows []int
	for i, id := range t.Raw().IDs {
		for range times[id] {
			rows = append(rows, i)
		}
	}
	sample := t.Rows(rows)
	for p := range sample.Raw().IDs {
		sample.Raw().IDs[p] = strconv.Itoa(p + 1) // a customer drawn twice is two
	}
	recipe := model.Recipe
	drawn, err := recipe.Select(sample)
	if err != nil {
		return nil, err
	}
	all, err := recipe.Select(t)
	if err != nil {
		return nil, err
	}
	for _, step := range recipe.Prep {
		f, err := step.Fit(drawn)
		if err != nil {
			return nil, err
		}
		if drawn, err = f.Apply(drawn); err != nil {
			return nil, err
		}
		if all, err = f.Apply(all); err != nil {
			return nil, err
		}
	}
	c, err := refit.AtMost(ctx, drawn, refit.Afresh(recipe.Method, random), model.K())
	if err != nil {
		return nil, err
	}
	if c.Assigner == nil {
		return nil, fault.Errorf(fault.ErrNoPredict, "segkit: %T assigns no new customers, so it cannot say where segments formed on drawn customers put the others: leave View.Table nil to hold these segments fixed", recipe.Method)
	}
	labels, _, _, err := c.Assigner.Assign(all)
	if err != nil {
		return nil, err
	}
	return table.NewSegments(t.Raw().IDs, labels, nil)
}

// outcome says how much each division says of what customers did afterwards, and whether it is more than the best view says.
func (b bench) outcome(ctx context.Context, out *Prices, reference []table.Labels, of []named) error {
	if b.o.Next == nil {
		return nil
	}
	divisions := make([]*table.Segments, len(reference))
	for d, labels := range reference {
		divisions[d] = &table.Segments{IDs: b.shared.ids, Labels: labels, Names: of[d].segments}
	}
	best, most := -1, math.Inf(-1)
	for d := range divisions {
		own, err := compare.OutcomesContext(ctx, b.o.Next, b.o.Metric, divisions[d], divisions[d], b.o.Seed)
		if err != nil {
			return err
		}
		out.Rows[d].Explains = own.First
		if d < len(b.views) {
			n, k := float64(own.Customers), float64(out.Rows[d].Segments)
			if adjusted := 1 - (1-own.First)*(n-1)/(n-k); adjusted > most {
				best, most = d, adjusted
			}
		}
	}
	for d := range divisions {
		if d == best || best < 0 {
			continue
		}
		gain, err := compare.OutcomesContext(ctx, b.o.Next, b.o.Metric, divisions[d], divisions[best], b.o.Seed)
		if err != nil {
			return err
		}
		out.Rows[d].Gain = gain
	}
	return nil
}
