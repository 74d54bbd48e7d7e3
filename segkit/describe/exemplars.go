package describe

import (
	"cmp"
	"context"
	"hash/fnv"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/vec"
	"github.com/segkit/lab/segkit/table"
)

// The customers who show what a segment is like: its middle, its fringe, and its borders.

const (
	mostExemplars = 5
	borderMargin  = .1
	acquaintances = 1000 // members of a segment that the distances of its customers are added up to; all of a smaller one
)

// exemplarTile is how many rows one processor takes at a time.
const exemplarTile = 64

// cloud holds customers as points, so that Euclidean distances between them mean something.
type cloud struct {
	d       int
	points  []float64   // (n*d)
	centers [][]float64 // (k x d), nil where they are to be made from the members
}

// addExemplars finds the exemplars of every segment: by their distances in the space that the model clustered, where it holds
// numbers only; else by the columns that formed the segments, or all features where these are not known, in robust standard
// deviations, with a step of one between two levels of a category, and missing values in the middle.
func (p *Profile) addExemplars(ctx context.Context, raw *table.Table, s *table.Segments, labels table.Labels) error {
	x, ok := modelCloud(raw, s)
	p.Space = "the columns that formed the segments, as they were prepared"
	if !ok {
		formed := p.formedSpace(s)
		x = p.ownCloud(raw, formed)
		p.Space = "the columns that formed the segments, in robust standard deviations"
		if formed == nil {
			p.Space = "all features, in robust standard deviations"
		}
	}
	if x.d == 0 {
		p.Space = ""
	}
	members := p.members(raw, labels)
	if x.centers == nil {
		x.centers = x.means(raw, members)
	}
	for l := range p.Segments {
		g := &p.Segments[l]
		if g.Exemplars.OnBorder = math.NaN(); x.d == 0 || len(members[l]) == 0 {
			continue
		}
		order, err := x.fromTheMiddle(ctx, raw, members[l])
		if err != nil {
			return err
		}
		e := &g.Exemplars
		e.Medoid, e.Values = raw.Raw().IDs[order[0]], raw.Row(order[0])
		for _, i := range order[:min(mostExemplars, len(order))] {
			e.Typical = append(e.Typical, raw.Raw().IDs[i])
		}
		if len(order) > 1 {
			e.Atypical = raw.Raw().IDs[order[len(order)-1]]
		}
		x.addBorder(e, raw, l, members)
	}
	return nil
}

// modelCloud is the space that the model of s clustered, false where there is none or its distances are not of numbers.
func modelCloud(raw *table.Table, s *table.Segments) (cloud, bool) {
	if s.Model == nil {
		return cloud{}, false
	}
	x, centers, err := s.Model.Space(raw) // fails where the table lacks one of the model's columns
	if err != nil {
		return cloud{}, false
	}
	out := cloud{d: len(x.Raw().Columns), points: x.Raw().Data}
	if len(centers) == s.K() {
		out.centers = centers
	}
	return out, true
}

// formedSpace returns the columns that formed the segments, nil where they are not known, or where they are those of rules and
// fewer than two of them are numbers: one column, or a yes and no, says little of what is typical.
func (p *Profile) formedSpace(s *table.Segments) []string {
	numbers := 0
	for _, c := range p.Columns {
		if !c.Categorical() && slices.Contains(s.FormedBy, c.Name) {
			numbers++
		}
	}
	if s.Model == nil && numbers < 2 {
		return nil
	}
	return s.FormedBy
}

// ownCloud makes points of the columns that formed the segments, or of all features where formed is nil.
func (p *Profile) ownCloud(raw *table.Table, formed []string) cloud {
	type axis struct {
		j           int
		level       float64 // of a category; NaN for a number
		center, one float64
	}
	var axes []axis
	for j, c := range raw.Raw().Columns {
		switch {
		case formed != nil && !slices.Contains(formed, c.Name), formed == nil && c.Role != table.Feature:
		case c.Categorical():
			shown, _ := commonLevels(p.All[j].Levels)
			for _, l := range shown {
				axes = append(axes, axis{j: j, level: float64(l), one: math.Sqrt2})
			}
		case p.Scale[j].Unit > 0:
			axes = append(axes, axis{j: j, level: math.NaN(), center: p.typical(p.All[j], j), one: p.Scale[j].Unit})
		}
	}
	out := cloud{d: len(axes)}
	for i := range raw.Raw().IDs {
		for _, a := range axes {
			v := raw.At(i, a.j)
			switch {
			case math.IsNaN(v) || !math.IsNaN(a.level) && v != a.level:
				v = 0
			case v == a.level:
				v = 1 / a.one
			default:
				v = (v - a.center) / a.one
			}
			out.points = append(out.points, v)
		}
	}
	return out
}

// members are the rows of every segment (k), in an order that only ids decide: sums over them, and the first few of them, are
// the same whatever the order of the rows.
func (p *Profile) members(raw *table.Table, labels table.Labels) [][]int {
	hashes := make([]uint64, raw.Len())
	for i, id := range raw.Raw().IDs {
		h := fnv.New64a()
		h.Write([]byte(id))
		hashes[i] = h.Sum64()
	}
	members := make([][]int, len(p.Segments))
	for i, l := range labels {
		if l != table.Noise {
			members[l] = append(members[l], i)
		}
	}
	for _, rows := range members {
		slices.SortFunc(rows, func(a, b int) int {
			return cmp.Or(cmp.Compare(hashes[a], hashes[b]), cmp.Compare(raw.Raw().IDs[a], raw.Raw().IDs[b]))
		})
	}
	return members
}

func (x cloud) point(i int) []float64 { return x.points[i*x.d : (i+1)*x.d] }

// means are the segments' centres (k x d), weighted; nil for an empty one.
func (x cloud) means(raw *table.Table, members [][]int) [][]float64 {
	out := make([][]float64, len(members))
	for l, rows := range members {
		if len(rows) == 0 {
			continue
		}
		out[l] = make([]float64, x.d)
		total := 0.0
		for _, i := range rows {
			total += raw.Weight(i)
			for j, v := range x.point(i) {
				out[l][j] += float64(raw.Weight(i) * v)
			}
		}
		for j := range out[l] {
			out[l][j] /= total
		}
	}
	return out
}

// fromTheMiddle sorts the members of a segment by the sum of their distances to the others, or to acquaintances of these, who
// count by their weights; ties go to the first id.
func (x cloud) fromTheMiddle(ctx context.Context, raw *table.Table, members []int) ([]int, error) {
	gather := func(rows []int) []float64 {
		var out []float64
		for _, i := range rows {
			out = append(out, x.point(i)...)
		}
		return out
	}
	others := members[:min(acquaintances, len(members))]
	known := gather(others)
	sums := make([]float64, len(members))
	err := par.Items(ctx, (len(members)+exemplarTile-1)/exemplarTile, func(tile int) {
		from := tile * exemplarTile
		to := min(from+exemplarTile, len(members))
		if raw.Raw().Weights == nil {
			vec.AddDistances(gather(members[from:to]), known, x.d, sums[from:to])
			return
		}
		for a := from; a < to; a++ {
			for _, i := range others {
				sums[a] += float64(raw.Weight(i) * math.Sqrt(vec.Square(x.point(members[a]), x.point(i))))
			}
		}
	})
	largest := slices.Max(sums)
	for i := range sums {
		sums[i] = math.Round(sums[i] / largest * 1e9) // so that the order of additions decides no tie; NaN where all are alike
	}
	order := pick.All(len(members))
	slices.SortFunc(order, func(a, b int) int {
		if by := cmp.Compare(sums[a], sums[b]); by != 0 { // most ids are not looked at
			return by
		}
		return cmp.Compare(raw.Raw().IDs[members[a]], raw.Raw().IDs[members[b]])
	})
	for r, at := range order {
		order[r] = members[at]
	}
	return order, err
}

// addBorder finds who of segment l is about as near to another.
func (x cloud) addBorder(e *Exemplars, raw *table.Table, l int, members [][]int) {
	var all []Border
	border, total := 0.0, 0.0
	for _, i := range members[l] {
		total += raw.Weight(i)
		own, second, next := math.Sqrt(vec.Square(x.point(i), x.centers[l])), -1, math.Inf(1)
		for o, center := range x.centers {
			if o == l || center == nil || len(members[o]) == 0 {
				continue
			}
			if d := math.Sqrt(vec.Square(x.point(i), center)); d < next {
				second, next = o, d
			}
		}
		b := Border{raw.Raw().IDs[i], second, 0}
		switch {
		case next > 0:
			b.Margin = math.Round((1-own/next)*1e9) / 1e9 // as above
		case own > 0: // at the other centre; two centres at the customer's very place leave a margin of 0
			b.Margin = math.Inf(-1)
		}
		if b.Margin < borderMargin {
			all = append(all, b)
			border += raw.Weight(i)
		}
	}
	e.OnBorder = border / total
	slices.SortFunc(all, func(a, b Border) int { return cmp.Or(cmp.Compare(a.Margin, b.Margin), cmp.Compare(a.ID, b.ID)) })
	e.Border = slices.Clone(all[:min(mostExemplars, len(all))])
}
