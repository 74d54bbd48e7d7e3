package rulebook

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/kinds"
	"github.com/segkit/lab/segkit/internal/option"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/internal/worth"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Rules and clusters together: customers that the house treats apart anyway (staff, wholesale, dormant, VIP) are carved out by rules, so
// that they do not bend the clusters, and only the others are clustered.

// CarveOptions are the choices of Carve.
type CarveOptions struct {
	MinShare float64 // share of all customers that a cluster must have, or it is dissolved; 0 means .02, below 0 none is dissolved
}

// Carved is a segmentation by rules first, then by clusters. Rules and Model are all that Score needs: keep both, and
// Carved{Rules: rules, Model: model} scores next month's customers.
type Carved struct {
	Rules        *Book           // its Rest is not used, because the rest is clustered
	Model        *segkit.Model   // for the rest, without the clusters that were dissolved
	Segments     *table.Segments // those of the rules in their order, then those of the model; Segments.Model is nil, because no single model made them
	TooSmall     []SmallCluster
	Least        int            // customers that a cluster must have; with unequal SamplingWeights, that many rows of mean weight
	Share        []float64      // (k) of all customers (of their weight)
	ValueColumns []table.Column // the table's columns with Role Value
	Value        [][]float64    // (k x ValueColumns) sums over the segments
}

// SmallCluster is a cluster that was too small to be a segment.
type SmallCluster struct {
	Name      string // the name that it would have had
	Customers int
	Into      []int // (k of Model) where they went
}

// Carve segments raw (n x d) under DefaultContext; see CarveContext.
func Carve(raw *table.Table, must *Book, rest segkit.Recipe, o ...CarveOptions) (*Carved, error) {
	return CarveContext(job.DefaultContext, raw, must, rest, o...)
}

// CarveContext segments raw (n x d) by the rules in must, and clusters the customers whom no rule takes by the recipe. A cluster with fewer than
// MinShare of all customers is dissolved, the smallest first: each of its customers goes to the next best of the other clusters (the nearest centre, the
// likeliest class). All others stay, and so do the centres, so that every customer is still where the model scores them. A small segment that a rule
// carved out is never dissolved, because somebody asked for it; Sheet points it out. If a cluster was dissolved, the remaining ones get new names; a
// name that a rule already uses gets a number. Shares respect the table's weights; Sheet counts rows. It costs as much as Recipe.Fit, and n·k·d for
// every cluster dissolved.
func CarveContext(ctx context.Context, raw *table.Table, must *Book, rest segkit.Recipe, o ...CarveOptions) (*Carved, error) {
	one, err := option.AtMostOne("rulebook.Carve", o)
	if err != nil {
		return nil, err
	}
	share := cmp.Or(one.MinShare, .02)
	if share >= 1 || math.IsNaN(share) {
		return nil, fault.Option("rulebook.CarveOptions", "MinShare", share, "a share of all customers below 1")
	}
	if must == nil {
		return nil, fault.Option("rulebook.Carve", "must", nil, "a rule book; without one, use Recipe.Fit")
	}
	if raw == nil {
		return nil, fault.Nil("rulebook.Carve", "table")
	}
	out := &Carved{Rules: must, Least: max(0, int(math.Ceil(share*float64(raw.Count())-1e-9)))} // .07 of 100 is 7
	_, rows, err := out.carve("rulebook.Carve", raw)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, &fault.CellError{Op: "rulebook.Carve", Why: "the rules take every customer, and no customer is left to cluster", Remedy: "use rulebook.Book.Assign",
			Err: fault.ErrEmpty}
	}
	left := raw.Rows(rows)
	fitted, err := rest.FitContext(ctx, left)
	if err != nil {
		return nil, err
	}
	model := *fitted
	out.Model = &model
	if err := out.dissolve(ctx, left, raw.PerCustomer()); err != nil {
		return nil, err
	}
	out.nameApart()
	if out.Segments, err = out.Score(raw); err != nil {
		return nil, err
	}
	out.Share = raw.Sums(out.Segments.Labels, out.Segments.K())
	for l := range out.Share {
		out.Share[l] /= raw.PerCustomer() * float64(raw.Count())
	}
	money := worth.Of(raw)
	out.ValueColumns, out.Value = money.Columns, money.BySegment(out.Segments.Labels, out.Segments.K())
	return out, nil
}

// carve returns the segments that the rules make, without a name for the rest, and the rows that no rule takes, which are noise.
func (c *Carved) carve(op string, t *table.Table) (s *table.Segments, rest []int, err error) {
	book := *c.Rules
	for book.Rest = "Rest"; slices.ContainsFunc(book.Rules, func(r Rule) bool { return r.Name == book.Rest }); { // a name that no rule has
		book.Rest += "'"
	}
	if s, err = book.Assign(t); err != nil {
		return nil, nil, fmt.Errorf("segkit: %s: %w", op, fault.Trimmed(err))
	}
	last := s.K() - 1
	s.Names = s.Names[:last]
	for i, l := range s.Labels {
		if l == last {
			s.Labels[i], rest = table.Noise, append(rest, i)
		}
	}
	return s, rest, nil
}

// dissolve takes clusters with too few of the customers of left out of the model, and tells where these went.
func (c *Carved) dissolve(ctx context.Context, left *table.Table, perCustomer float64) error {
	s, err := c.Model.Score(left)
	if err != nil {
		return err
	}
	before := s
	kept := make([]int, s.K()) // their labels before
	for l := range kept {
		kept[l] = l
	}
	for len(kept) > 1 {
		if err := ctx.Err(); err != nil {
			return err
		}
		sizes := left.Sums(s.Labels, s.K())
		smallest := 0
		for l, w := range sizes {
			if w <= sizes[smallest] {
				smallest = l
			}
		}
		if sizes[smallest]/perCustomer >= stats.Enough(c.Least) {
			break
		}
		if _, err := kinds.Assigners.Name(c.Model.Assigner); err != nil {
			return fault.Option("rulebook.CarveOptions", "MinShare", c.Least, fmt.Sprintf(
				"a negative number: %s finds no other segment for the %s in the smallest one",
				wording.TypeName(c.Model.Recipe.Method), wording.Plural(s.Counts()[smallest], "customer")))
		}
		others := make([]int, 0, len(kept)-1)
		for l := range kept {
			if l != smallest {
				others = append(others, l)
			}
		}
		kept = pick.At(kept, others)
		c.Model.Assigner = c.Model.Assigner.Reorder(others)
		c.Model.Names = pick.At(c.Model.Names, others)
		c.Model.Typical, c.Model.Distances = nil, segkit.Distribution{} // they were those of the clusters before
		if s, err = c.Model.Score(left); err != nil {
			return err
		}
	}
	c.Model.Sizes = s.Counts()
	if len(kept) == before.K() {
		return nil
	}
	for l, name := range before.Names {
		if slices.Contains(kept, l) {
			continue
		}
		gone := SmallCluster{Name: name, Into: make([]int, len(kept))}
		for i, was := range before.Labels {
			if was == l {
				gone.Customers++
				gone.Into[s.Labels[i]]++
			}
		}
		c.TooSmall = append(c.TooSmall, gone)
	}
	chosen, err := left.Select(c.Model.Recipe.Columns...)
	if err != nil {
		return err
	}
	c.Model.Names, err = describe.Names(left, s, chosen.Names()...)
	return err
}

// nameApart puts a number behind the name of every cluster that a rule uses too.
func (c *Carved) nameApart() {
	names := slices.Clone(c.Model.Names)
	taken := func(l int, name string) bool {
		return slices.ContainsFunc(c.Rules.Rules, func(r Rule) bool { return r.Name == name }) ||
			slices.Index(names, name) >= 0 && slices.Index(names, name) != l
	}
	for l, name := range names {
		for n := 2; taken(l, names[l]); n++ {
			names[l] = fmt.Sprintf("%s %d", name, n)
		}
	}
	c.Model.Names = names
}

// Score segments the customers of t in the same way as Carve did: by the rules, and by the model if no rule takes a customer. The
// training table gets its training segments. It costs n times the length of the rules, and n·k·d.
func (c *Carved) Score(t *table.Table) (*table.Segments, error) {
	if c == nil {
		return nil, fault.Nil("rulebook.Carved.Score", "segmentation")
	}
	if c.Rules == nil || c.Model == nil {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: rulebook.Carved.Score: both Rules and Model are needed")
	}
	out, rest, err := c.carve("rulebook.Carved.Score", t)
	if err != nil {
		return nil, err
	}
	if len(rest) > 0 {
		s, err := c.Model.Score(t.Rows(rest))
		if err != nil {
			return nil, err
		}
		for r, i := range rest {
			if s.Labels[r] >= 0 {
				out.Labels[i] = len(out.Names) + s.Labels[r]
			}
		}
	}
	out.Names = slices.Concat(out.Names, c.Model.Names)
	out.FormedAlso(c.Model.FormingColumns(t)...)
	return out, nil
}

// by says for every segment (k) what made it.
func (c *Carved) by() []string {
	out := slices.Repeat([]string{"rule"}, c.Segments.K())
	for l := c.Segments.K() - c.Model.K(); l < len(out); l++ {
		out[l] = "cluster"
	}
	return out
}

// Sheet lays out the segments: how each was made, how many customers it has and what they are worth.
func (c *Carved) Sheet() sheet.Sheet {
	s, by, counts := c.Segments, c.by(), c.Segments.Counts()
	n, ruled := s.Count(), 0
	out := sheet.Sheet{Columns: []sheet.Column{{Name: "segment", Text: true}, {Name: "by", Text: true}, {Name: "customers"}, {Name: "of customers"}}}
	totals := make([]float64, len(c.ValueColumns))
	for l, name := range s.Names {
		out.Rows = append(out.Rows, []string{name, by[l], sheet.Count(counts[l]), sheet.Percent(c.Share[l])})
		for v := range totals {
			totals[v] += c.Value[l][v]
		}
		if by[l] == "rule" {
			ruled += counts[l]
		}
		if counts[l] < c.Least {
			why := "kept, because a rule asks for it"
			if by[l] == "cluster" {
				why = "kept, because no other cluster is left"
			}
			out.Notes = append(out.Notes, fmt.Sprintf("%q has %s, fewer than the %s asked for: %s.", name, wording.Plural(counts[l], "customer"),
				sheet.Count(c.Least), why))
		}
	}
	out.Caption = fmt.Sprintf("%s: %s carved out by rule into %s, the others clustered into %s",
		wording.Plural(n, "customer"), sheet.Count(ruled), wording.Plural(s.K()-c.Model.K(), "segment"), wording.Plural(c.Model.K(), "segment"))
	valueColumns(&out, c.ValueColumns, c.Value, totals)
	for _, gone := range c.TooSmall {
		var where []string
		for l, k := range gone.Into {
			if k > 0 {
				where = append(where, fmt.Sprintf("%s to %q", sheet.Count(k), c.Model.Names[l]))
			}
		}
		which := "A cluster"
		if slices.Contains(s.Names, gone.Name) { // so that it is not taken for its heir
			which = "A second cluster"
		}
		out.Notes = append(out.Notes, fmt.Sprintf("%s that would be called %q, with %s, fewer than the %s asked for, was dissolved, each customer going to the "+
			"nearest other cluster: %s.", which, gone.Name, wording.Plural(gone.Customers, "customer"), sheet.Count(c.Least), sheet.List(where)))
	}
	return out
}

// Frame returns the segments as a gota frame, one row each: segment, by, customers, share, and the sum of every value column.
func (c *Carved) Frame() table.Frame {
	return frame.New(frame.Column("segment", c.Segments.Names), frame.Column("by", c.by()), frame.Column("customers", c.Segments.Counts()),
		frame.Column("share", c.Share), valueFrame(c.ValueColumns, c.Value))
}
