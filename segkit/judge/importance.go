package judge

// Which columns drive a partition: what becomes of it without each of them.

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/compare"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/internal/option"
	"github.com/segkit/lab/segkit/internal/refit"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// ImportanceOptions are the choices for Importance besides the method's own.
type ImportanceOptions struct {
	Draws int // times that each column is shuffled; 0 means 5
	Seed  int // of the shuffles
}

// Importances says how much a partition depends on each column. Agreement is the adjusted Rand index with the partition on all columns: 1 is
// the same partition, 0 no more than chance.
type Importances struct {
	Method  string
	K       int                // segments of the partition on all columns
	Again   float64            // agreement of the same columns fitted with other starts: anything lower is due to the column; NaN for a deterministic method
	Columns []ColumnImportance // (d) in the order of the recipe
	Draws   int
}

// ColumnImportance is what happens to the partition without one column. Both agreements are NaN if undefined.
type ColumnImportance struct {
	Column   string
	Without  float64 // agreement if the column is left out; also NaN if the recipe mixes it with others, as PCA does, or there is no other column
	Shuffled float64 // agreement if customers swap their values in the column, averaged over the draws
}

var _ sheet.Sheeter = (*Importances)(nil)

const importanceDraws = 5

// Importance fits the recipe to raw (n customers), then again with each column left out, and with the values of each column shuffled among the customers
// (permutation importance, Breiman 2001, doi:10.1023/A:1010933404324, for partitions instead of predictions). The lower the agreement, the more the
// partition depends on the column. Leaving a column out shows how well the others form the partition by themselves: if two columns say the same, neither
// is missed. Shuffling shows how much the column, as it is scaled and weighted, pulls customers together by itself: noise in a heavily weighted column
// makes segments of noise. describe.Influence gives the weight of each column in the distances. It costs 2 + (1 + Draws)·d fits, all but the first with
// at most 3 starts.
func Importance(raw *table.Table, r segkit.Recipe, o ...ImportanceOptions) (*Importances, error) {
	return ImportanceContext(job.DefaultContext, raw, r, o...)
}

// ImportanceContext is Importance under ctx.
func ImportanceContext(ctx context.Context, raw *table.Table, r segkit.Recipe, o ...ImportanceOptions) (*Importances, error) {
	const op = "judge.Importance"
	opt, err := option.AtMostOne(op, o)
	if err != nil {
		return nil, err
	}
	if r.Method == nil {
		return nil, fault.Option("Recipe", "Method", nil, "a method such as cluster.KPrototypes{K: 4}")
	}
	if opt.Draws = cmp.Or(opt.Draws, importanceDraws); opt.Draws < 1 {
		return nil, fault.Option(op, "Draws", opt.Draws, "at least 1, or 0 for 5")
	}
	chosen, err := r.Select(raw)
	if err != nil {
		return nil, err
	}
	r.Columns = chosen.Names()
	x, err := r.Prepare(chosen)
	if err != nil {
		return nil, err
	}
	if err := r.Method.Check(x); err != nil {
		return nil, err
	}
	compute := func() (*Importances, error) { return importance(ctx, chosen, x, r, opt) }
	options, known := memory.Spell(r.Method)
	for _, step := range r.Prep {
		text, ok := memory.Spell(step)
		options, known = options+"\n"+text, known && ok
	}
	if !known {
		return compute()
	}
	return memory.Recall(ctx, memory.Key("importance", chosen.Fingerprint(), options, opt), compute)
}

func importance(ctx context.Context, chosen, x *table.Table, r segkit.Recipe, o ImportanceOptions) (*Importances, error) {
	quiet := job.WithProgress(ctx, func(job.Progress) {})
	done := job.Steps(ctx, "columns left out and shuffled", 2+(1+o.Draws)*len(r.Columns))
	fit := func(x *table.Table, m cluster.Method) (table.Labels, error) {
		defer done()
		c, err := cluster.FitContext(quiet, x, m)
		if err != nil {
			return nil, err
		}
		return c.Labels, nil
	}
	all, err := fit(x, r.Method)
	if err != nil {
		return nil, err
	}
	out := &Importances{Method: wording.TypeName(r.Method), K: all.K(), Again: math.NaN(), Draws: o.Draws}
	if m, ok := r.Method.(cluster.Restarter); ok {
		again, err := fit(x, refit.Afresh(m, o.Seed+1))
		if err != nil {
			return nil, err
		}
		out.Again = compare.WeightedRand(x, all, again)
	}
	for _, column := range r.Columns {
		c := ColumnImportance{Column: column, Without: math.NaN()}
		if rest := leftOut(x, column); rest != nil {
			labels, err := fit(rest, notNaming(refit.Afresh(r.Method, o.Seed+1), column))
			if err != nil {
				return nil, err
			}
			c.Without = compare.WeightedRand(x, all, labels)
		}
		for draw := range o.Draws {
			shuffled, err := r.Prepare(shuffledIn(chosen, column, o.Seed, draw))
			if err != nil {
				return nil, err
			}
			labels, err := fit(shuffled, refit.Afresh(r.Method, o.Seed+1))
			if err != nil {
				return nil, err
			}
			c.Shuffled += compare.WeightedRand(x, all, labels) / float64(o.Draws)
		}
		out.Columns = append(out.Columns, c)
	}
	return out, nil
}

// leftOut returns the prepared columns that a raw one has no part in, nil where there are none, or where one mixes it with others.
func leftOut(x *table.Table, column string) *table.Table {
	var keep []string
	for _, c := range x.Columns() {
		parts := c.Ancestry.Columns
		switch {
		case c.Name == column || slices.Equal(parts, []string{column}):
		case slices.Contains(parts, column):
			return nil
		default:
			keep = append(keep, c.Name)
		}
	}
	if keep == nil {
		return nil
	}
	rest, err := x.Select(keep...)
	if err != nil {
		return nil // they are x's own names
	}
	return rest
}

// notNaming returns the method without a word about a column that is left out.
func notNaming(m cluster.Method, column string) cluster.Method {
	if k, ok := m.(cluster.KMedoids); ok {
		k.Asymmetric = slices.DeleteFunc(slices.Clone(k.Asymmetric), func(name string) bool { return name == column })
		return k
	}
	return m
}

// shuffledIn returns t with the values of a column dealt out among the customers anew.
func shuffledIn(t *table.Table, column string, from, draw int) *table.Table {
	j, _ := t.Index(column)
	_, d := t.Dims()
	data := slices.Clone(t.Raw().Data)
	values := t.Raw().Column(j)
	seed.Stream(from, "importance of "+column, draw).Shuffle(len(values), func(a, b int) { values[a], values[b] = values[b], values[a] })
	for i, v := range values {
		data[i*d+j] = v
	}
	return t.WithData(slices.Clone(t.Raw().Columns), data)
}

// Sheet lists the columns, beginning with those on which the partition depends most.
func (f *Importances) Sheet() sheet.Sheet {
	if f == nil {
		return sheet.Sheet{Caption: fault.Nil("judge.Importances.Sheet", "importances").Error()}
	}
	columns := slices.Clone(f.Columns)
	slices.SortStableFunc(columns, func(a, b ColumnImportance) int { return cmp.Compare(a.Shuffled, b.Shuffled) })
	out := sheet.Sheet{Columns: []sheet.Column{{Name: "column", Text: true}, {Name: "agreement where it is shuffled"}, {Name: "where it is left out"}}}
	for _, c := range columns {
		out.Rows = append(out.Rows, []string{c.Column, twoOrMissing(c.Shuffled), twoOrMissing(c.Without)})
	}
	out.Caption = fmt.Sprintf("The %s of %s depend most on %s", wording.Plural(f.K, "segment"), f.Method, columns[0].Column)
	out.Notes = []string{"Agreement is the adjusted Rand index with the partition on all columns: 1 is the same partition, 0 no more than chance. The lower it is, the more depends on the column."}
	if !math.IsNaN(f.Again) {
		out.Notes = append(out.Notes, fmt.Sprintf("With all columns but other starts it is %s: only what is clearly below that is due to a column.", wording.TwoDecimals(f.Again)))
	}
	return out
}

func twoOrMissing(v float64) string {
	if math.IsNaN(v) {
		return sheet.Missing
	}
	return wording.TwoDecimals(v)
}

// Frame returns a row per column.
func (f *Importances) Frame() table.Frame {
	if f == nil {
		return table.Frame{Err: fault.Nil("judge.Importances.Frame", "importances")}
	}
	return frame.New(
		frame.Each("column", f.Columns, func(c ColumnImportance) string { return c.Column }),
		frame.Numbers([]string{"shuffled", "without"}, f.Columns, func(c ColumnImportance) []float64 { return []float64{c.Shuffled, c.Without} }))
}
