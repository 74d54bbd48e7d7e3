package privacy

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/folds"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/quantile"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Do segments stand in for what must play no part in how customers are treated? A recipe without sex or age may sort by them all the
// same, through what goes along with them.

// ProxyOptions say which attributes are protected.
type ProxyOptions struct {
	Columns []string // the protected attributes: categories, columns of 0 and 1, or numbers, which are cut at their quartiles
	Draws   int      // shuffles of the segments, for the test; 0 means 499
	Seed    int      // of folds and draws
}

// Proxy says how well the segments reveal one protected attribute.
type Proxy struct {
	Attribute string
	Classes   []string // what is guessed: its levels, or the most frequent if there are more than 20; those with fewer than 30 customers are left out
	Customers int      // of these classes
	Right     float64  // out-of-fold balanced accuracy: the share of each class that is guessed right, averaged over the classes
	Low, High float64  // 95 % interval
	Chance    float64  // what guessing gives: 1 / classes
	Lift      float64  // (Right - Chance) / (1 - Chance): 0 as by chance, 1 certain; below 0 is chance
	P         float64  // chance of as much with segments assigned at random (permutation test)
	Most      string   // where it shows most: "78 % of \"Champions\" are women, of all customers 50 %"
}

// Proxied lists protected attributes, beginning with those that the segments reveal best. As judge.Options.Proxies, it becomes a question of
// the verdict.
type Proxied []Proxy

var _ sheet.Sheeter = Proxied(nil)

const (
	proxyFolds = 5
	leastClass = 30 // customers
)

// Proxies asks how well one could guess a protected attribute of a customer if only the segment is known. Four fifths of the customers show which class is most
// frequent in each segment relative to its overall size; the others are guessed accordingly (the rule that maximises balanced accuracy), in five folds assigned by
// id. Customers in no segment are a group of their own; those without a value are left out. The interval takes the rule as given; the test shuffles the segments
// (Good 2005, "Permutation, Parametric and Bootstrap Tests of Hypotheses", doi:10.1007/b138696), so that it knows what chance gives with so many segments. Rows
// count as customers seen, whatever their weights.
//
// No lift does not mean that all is well: Proxies covers only the attributes that you have, one at a time, and only the segments, not what is done with them. It
// runs under job.DefaultContext and costs n for each draw and attribute.
func Proxies(raw *table.Table, s *table.Segments, o ProxyOptions) (Proxied, error) {
	return ProxiesContext(job.DefaultContext, raw, s, o)
}

// ProxiesContext is Proxies under ctx.
func ProxiesContext(ctx context.Context, raw *table.Table, s *table.Segments, o ProxyOptions) (Proxied, error) {
	const op = "privacy.Proxies"
	labels, err := s.LabelsFor(op, raw)
	switch {
	case err != nil:
		return nil, err
	case len(o.Columns) == 0:
		return nil, fault.Option("privacy.ProxyOptions", "Columns", o.Columns, "the names of the attributes that must play no part, such as sex or age")
	case o.Draws < 0:
		return nil, fault.Option("privacy.ProxyOptions", "Draws", o.Draws, "a number of draws, 0 for 499")
	}
	if o.Draws == 0 {
		o.Draws = 499
	}
	if long, of := raw.Repeated(); of != nil {
		raw, labels = long, pick.At(labels, of)
	}
	order := folds.Draw(raw.Raw().IDs, o.Seed, "proxies") // so that the order of the rows decides nothing
	raw, labels = raw.Rows(order), pick.At(labels, order)
	names := append(slices.Clone(s.Names), s.Name(table.Noise))
	for i, l := range labels {
		if l == table.Noise {
			labels[i] = s.K()
		}
	}
	var out Proxied
	for _, column := range o.Columns {
		classes, of, err := classesOf(op, raw, column)
		if err != nil {
			return nil, err
		}
		g := guess{groups: names, classes: classes}
		var ids []string
		for i, class := range of {
			if class >= 0 {
				g.of, g.in, ids = append(g.of, class), append(g.in, labels[i]), append(ids, raw.Raw().IDs[i])
			}
		}
		if len(classes) < 2 {
			return nil, &fault.CellError{Op: op, Column: column, Why: fmt.Sprintf("has fewer than two classes of at least %d customers, so that nothing can be told apart", leastClass),
				Remedy: "pool its levels, or leave it out", Err: fault.ErrUndefined}
		}
		g.fold = folds.Deal(ids, g.of, proxyFolds, o.Seed)
		p, err := g.measure(ctx, column, o)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	slices.SortStableFunc(out, func(a, b Proxy) int { return cmp.Compare(b.Lift, a.Lift) })
	return out, nil
}

// classesOf says which class of a column each customer has, -1 for none.
func classesOf(op string, raw *table.Table, column string) (names []string, of table.Labels, err error) {
	j, err := raw.Index(column)
	if err != nil {
		return nil, nil, err
	}
	c, values := raw.Raw().Columns[j], raw.Raw().Column(j)
	if !c.Categorical() && !stats.ZeroOne(values) {
		names, of = quarters(c, values)
	} else {
		var all []int
		if names, all, err = levelsOf(op, raw, column); err != nil {
			return nil, nil, err
		}
		of = all
		for i, v := range values {
			if math.IsNaN(v) {
				of[i] = -1
			}
		}
	}
	size := make([]int, len(names))
	for _, class := range of {
		if class >= 0 {
			size[class]++
		}
	}
	kept, to := []string(nil), slices.Repeat([]int{-1}, len(names))
	for _, class := range pick.BySize(of, nil, len(names)) {
		if size[class] >= leastClass && len(kept) < mostLevels {
			to[class] = len(kept)
			kept = append(kept, names[class])
		}
	}
	for i, class := range of {
		if class >= 0 {
			of[i] = to[class]
		}
	}
	return kept, of, nil
}

// quarters cuts numbers at their quartiles; a value at a cut belongs below it, and a band is called by its lowest and highest value.
func quarters(c table.Column, values []float64) (names []string, of table.Labels) {
	sample := quantile.Of(values, nil, false)
	var cuts []float64
	for _, p := range []float64{.25, .5, .75} {
		if v := sample.At(p); len(cuts) == 0 || v > cuts[len(cuts)-1] {
			cuts = append(cuts, v)
		}
	}
	of = make(table.Labels, len(values))
	ends := slices.Repeat([][2]float64{{math.Inf(1), math.Inf(-1)}}, len(cuts)+1)
	for i, v := range values {
		if math.IsNaN(v) {
			of[i] = -1
			continue
		}
		of[i], _ = slices.BinarySearch(cuts, v)
		end := &ends[of[i]]
		end[0], end[1] = min(end[0], v), max(end[1], v)
	}
	for _, end := range ends {
		name := sheet.Number(end[0])
		if end[1] > end[0] {
			name += " to " + sheet.Number(end[1])
		}
		names = append(names, strings.TrimSpace(name+" "+c.Unit))
	}
	return names, of
}

// guess is a protected attribute of customers (n), to be told from their groups.
type guess struct {
	groups, classes []string
	of, in, fold    table.Labels // (n) class, group, fold
}

// recalls are the shares of each class that are guessed right out of fold, with customers in the groups of in.
func (g guess) recalls(in table.Labels) []float64 {
	k, m := len(g.groups), len(g.classes)
	count := make([]int, proxyFolds*k*m)
	size := make([]int, proxyFolds*m)
	for i, class := range g.of {
		count[(g.fold[i]*k+in[i])*m+class]++
		size[g.fold[i]*m+class]++
	}
	all, sizes := make([]int, k*m), make([]int, m)
	for at, n := range count {
		all[at%(k*m)] += n
	}
	for at, n := range size {
		sizes[at%m] += n
	}
	right := make([]float64, m)
	for f := range proxyFolds {
		for group := range k {
			best, most := 0, -1.0
			for class := range m { // of the other folds, each count one customer richer
				at := group*m + class
				share := float64(all[at]-count[f*k*m+at]+1) / float64(sizes[class]-size[f*m+class]+k)
				if share > most {
					best, most = class, share
				}
			}
			right[best] += float64(count[(f*k+group)*m+best])
		}
	}
	for class := range right {
		right[class] /= float64(sizes[class])
	}
	return right
}

// measure asks how well the groups tell the classes, and how well groups do that are dealt out at random.
func (g guess) measure(ctx context.Context, column string, o ProxyOptions) (Proxy, error) {
	m := float64(len(g.classes))
	p := Proxy{Attribute: column, Classes: g.classes, Customers: len(g.of), Chance: 1 / m}
	sizes := make([]float64, len(g.classes))
	for _, class := range g.of {
		sizes[class]++
	}
	variance := 0.0
	right := g.recalls(g.in)
	for class, r := range right {
		p.Right += r / m
		variance += r * (1 - r) / sizes[class] / m / m
	}
	p.Low, p.High = max(0, p.Right-stats.Normal95*math.Sqrt(variance)), min(1, p.Right+stats.Normal95*math.Sqrt(variance))
	p.Lift = (p.Right - p.Chance) / (1 - p.Chance)
	better := make([]bool, o.Draws)
	err := par.Items(ctx, o.Draws, func(d int) {
		in := slices.Clone(g.in)
		seed.Stream(o.Seed, "proxies "+column, d).Shuffle(len(in), func(a, b int) { in[a], in[b] = in[b], in[a] })
		sum := 0.0
		for _, r := range g.recalls(in) {
			sum += r / m
		}
		better[d] = sum >= p.Right-1e-12
	})
	above := 1
	for _, b := range better {
		if b {
			above++
		}
	}
	p.P = float64(above) / float64(o.Draws+1)
	p.Most = g.most(sizes)
	return p, err
}

// most says in which group a class stands out most, by how unlikely so many of it are (in standard deviations); groups of few are not asked.
func (g guess) most(sizes []float64) string {
	count, in := make([]float64, len(g.groups)*len(g.classes)), make([]float64, len(g.groups))
	for i, class := range g.of {
		count[g.in[i]*len(g.classes)+class]++
		in[g.in[i]]++
	}
	best, strongest := -1, 0.0
	for at, n := range count {
		share := sizes[at%len(g.classes)] / float64(len(g.of))
		size := in[at/len(g.classes)]
		if size < leastClass {
			continue
		}
		if z := (n - size*share) / math.Sqrt(size*share*(1-share)); z > strongest {
			best, strongest = at, z
		}
	}
	if best < 0 {
		return ""
	}
	group, class := best/len(g.classes), best%len(g.classes)
	return fmt.Sprintf("%s: %s of %q, of all customers %s", g.classes[class], wording.Percent(count[best]/in[group]), g.groups[group], wording.Percent(sizes[class]/float64(len(g.of))))
}

// Strongest returns the attribute that the segments reveal best, how far above guessing, and the p-value of the test, times the number of attributes
// tried (Bonferroni); NaN if there are none.
func (ps Proxied) Strongest() (attribute string, lift, p float64) {
	if len(ps) == 0 {
		return "", math.NaN(), math.NaN()
	}
	return ps[0].Attribute, ps[0].Lift, min(1, ps[0].P*float64(len(ps)))
}

// Words describes the strongest proxy in words, and gives the figures behind it.
func (ps Proxied) Words() (says, figures string) {
	if len(ps) == 0 {
		return "", ""
	}
	p := ps[0]
	return fmt.Sprintf("From a customer's segment alone, %s, in %d classes, is guessed right for %s, where chance gives %s (%s).", wording.InWords(p.Attribute), len(p.Classes), sheet.Percent(p.Right), sheet.Percent(p.Chance), p.Most),
		fmt.Sprintf("Balanced accuracy out of fold %s (%s to %s); p = %s by shuffling the segments.", sheet.Fixed(p.Right, 3), sheet.Fixed(p.Low, 3), sheet.Fixed(p.High, 3), sheet.Number(p.P))
}

// Sheet has a row per attribute.
func (ps Proxied) Sheet() sheet.Sheet {
	out := sheet.Sheet{Total: len(ps), Columns: []sheet.Column{{Name: "attribute", Text: true}, {Name: "guessed right"}, {Name: "interval", Text: true}, {Name: "by chance"}, {Name: "lift"}, {Name: "p"},
		{Name: "where it shows most", Text: true}}}
	for _, p := range ps {
		out.Rows = append(out.Rows, []string{p.Attribute, sheet.Percent(p.Right), sheet.Percent(p.Low) + " to " + sheet.Percent(p.High), sheet.Percent(p.Chance), sheet.Fixed(p.Lift, 2), sheet.Number(p.P), p.Most})
	}
	out.Caption = "No attributes were asked for"
	if len(ps) > 0 {
		p := ps[0]
		out.Caption = fmt.Sprintf("The segments give %s away most: %s are guessed right, where chance gives %s", wording.InWords(p.Attribute), sheet.Percent(p.Right), sheet.Percent(p.Chance))
		if p.P > .05 {
			out.Caption = "The segments give none of these away more than chance may"
		}
	}
	out.Notes = []string{"Guessed right: by the segment alone, tried on customers the rule has not seen; the mean over the classes, so that a large class does not dominate. Lift is 0 for chance, and 1 where the segment gives it away for certain.",
		"p is how often segments dealt out at random do as well."}
	return out
}

// Frame returns a row per attribute: attribute, classes, customers, right, low, high, chance, lift, p, most.
func (ps Proxied) Frame() table.Frame {
	return frame.New(
		frame.Each("attribute", ps, func(p Proxy) string { return p.Attribute }),
		frame.Each("classes", ps, func(p Proxy) int { return len(p.Classes) }),
		frame.Each("customers", ps, func(p Proxy) int { return p.Customers }),
		frame.Numbers([]string{"right", "low", "high", "chance", "lift", "p"}, ps, func(p Proxy) []float64 {
			return []float64{p.Right, p.Low, p.High, p.Chance, p.Lift, p.P}
		}),
		frame.Each("most", ps, func(p Proxy) string { return p.Most }))
}
