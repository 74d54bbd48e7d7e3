package privacy

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// What a page about segments may show to people outside: one call, from which every table of the page is made.

// Shared is what may be disclosed about segments. Profile is a profile like any other: its Sheet, its Personas, campaign.Plan and the charts of profiles are made
// from it.
type Shared struct {
	Profile  *describe.Profile
	Segments *table.Segments // as shared: small ones are pooled. It contains customer ids: use it for counting, and do not hand it out
	Pooled   []string        // names of the segments that were too small, and of those pooled with them; nil if none were pooled
	Outside  bool            // a few customers in no segment are left out
	Hidden   int             // figures of the profile that are left out
	Dropped  []string        // columns that identify customers by themselves, and are in no table of the page
	Coarsen  []string        // columns that do so together with others, such as full postcodes, and are in no table until they are coarsened
	Rules    Rules           // as applied

	raw *table.Table
}

var _ sheet.Sheeter = (*Shared)(nil)

// others is the segment that small ones are pooled in.
const others = "others"

// mostLevels of a category are told one by one, as profiles do; of more, the most frequent.
const mostLevels = 20

// Share describes the segments s on the columns of raw as describe.Segments does, and leaves out what a page for others must not show:
//
//   - segments with fewer than MinCount customers are pooled as "others", with the next smallest if there are still too few; customers in no segment
//     are left out if they are that few, from totals too (so show no other total beside the page);
//   - shares of yes, and of levels, follow Suppress: those of few customers are left out, along with enough others to protect them;
//     for a category with more than 20 levels, only the most frequent are shown;
//   - means, sums and shares of a sum are left out if one customer could be estimated (p % rule), or if fewer than MinCount have a value, and others with
//     them, because totals are shown;
//   - columns that identify customers (Identifiers) are dropped, whether by themselves or together with others, as full postcodes and dates of birth do. The
//     latter can be kept once they are coarsened, to the first digits, a region, an age in bands;
//   - the typical customer of a segment is made up from it, and is nobody in raw.
//
// What is left out is NaN in the profile and "–" in its sheets. Medians and quartiles rest on at least MinCount customers; no table made from the profile contains
// customer ids. The names of segments are shown as they are. It runs under job.DefaultContext, and costs a profile and a Suppress for each column.
func Share(raw *table.Table, s *table.Segments, r Rules) (*Shared, error) {
	return ShareContext(job.DefaultContext, raw, s, r)
}

// ShareContext is Share under ctx.
func ShareContext(ctx context.Context, raw *table.Table, s *table.Segments, r Rules) (*Shared, error) {
	const op = "privacy.Share"
	r, err := r.checked()
	if err != nil {
		return nil, err
	}
	labels, err := s.LabelsFor(op, raw)
	if err != nil {
		return nil, err
	}
	found, err := Identifiers(raw)
	if err != nil {
		return nil, err
	}
	out := &Shared{Rules: r}
	out.Dropped, out.Coarsen = found.split()
	if raw, err = raw.Drop(slices.Concat(out.Dropped, out.Coarsen)...); err != nil {
		return nil, err
	}
	if raw, labels, out.Outside = inside(raw, labels, r.MinCount); out.Outside {
		s = &table.Segments{IDs: raw.IDs(), Labels: labels, Names: s.Names, FormedBy: s.FormedBy, Ancestry: s.Ancestry, Times: raw.Times()}
	}
	out.raw = raw
	if out.Segments, out.Pooled, err = pooled(op, raw, s, labels, r.MinCount); err != nil {
		return nil, err
	}
	if out.Profile, err = describe.SegmentsContext(ctx, raw, out.Segments); err != nil {
		return nil, err
	}
	labels, err = out.Segments.LabelsFor(op, raw)
	if err != nil {
		return nil, err
	}
	for j := range out.Profile.Columns {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := out.withhold(labels, j); err != nil {
			return nil, err
		}
	}
	for l := range out.Profile.Segments {
		out.makeUp(l)
	}
	if g := out.Profile.Noise; g != nil {
		g.Exemplars = describe.Exemplars{OnBorder: math.NaN()}
	}
	return out, nil
}

// Cross returns the suppressed table of the shared segments and one more column: customers, or an amount. It leaves out exactly the cells that the profile does, so
// that neither gives away what the other hides; with more than 20 levels, it shows the most frequent. The column "" gives only the segments.
func (s *Shared) Cross(column string, amount ...string) (*Suppressed, error) {
	if s == nil {
		return nil, fault.Nil("privacy.Shared.Cross", "shared segments")
	}
	t, err := Cross(s.raw, s.Segments, column, amount...)
	if err != nil {
		return nil, err
	}
	if column != "" {
		t, _ = s.common(t, s.Profile.Index(column))
	}
	return Suppress(t, s.Rules)
}

// inside leaves out customers in no segment where they are fewer than least.
func inside(raw *table.Table, labels table.Labels, least int) (*table.Table, table.Labels, bool) {
	outside := 0
	var in []int
	for i, l := range labels {
		if l == table.Noise {
			outside += raw.Customers(i)
		} else {
			in = append(in, i)
		}
	}
	if outside == 0 || outside >= least {
		return raw, labels, false
	}
	return raw.Rows(in), pick.At(labels, in), true
}

// pooled puts the customers of groups below the least number into one segment behind the others, with the next smallest group until that
// is large enough. Customers in no segment, where they are not few, may be that group.
func pooled(op string, raw *table.Table, s *table.Segments, labels table.Labels, least int) (*table.Segments, []string, error) {
	size := make([]int, s.K()+1) // the last is of those in no segment
	at := func(l int) int {
		if l == table.Noise {
			return s.K()
		}
		return l
	}
	all := 0
	for i, l := range labels {
		size[at(l)] += raw.Customers(i)
		all += raw.Customers(i)
	}
	if all < least {
		return nil, nil, fault.Errorf(fault.ErrUndefined, "segkit: %s: there are %s, fewer than the %d that a figure must rest on: nothing about them may be shown", op,
			wording.Plural(all, "customer"), least)
	}
	order := slices.DeleteFunc(pick.All(len(size)), func(g int) bool { return size[g] == 0 })
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(size[a], size[b]) })
	in, small := make([]bool, len(size)), 0
	for _, g := range order {
		if size[g] < least || 0 < small && small < least {
			in[g] = true
			small += size[g]
		}
	}
	if small == 0 {
		return s, nil, nil
	}
	var names, gone []string
	to := make([]int, len(size))
	for g := range size {
		l := g
		if g == s.K() {
			l = table.Noise
		}
		switch {
		case in[g]:
			gone = append(gone, s.Name(l))
		case l == table.Noise:
			to[g] = l
		default:
			to[g] = len(names)
			names = append(names, s.Name(l))
		}
	}
	name := others
	for slices.Contains(names, name) {
		name += " (pooled)"
	}
	for g := range size {
		if in[g] {
			to[g] = len(names)
		}
	}
	out := &table.Segments{Names: append(names, name), FormedBy: s.FormedBy, Ancestry: s.Ancestry, IDs: raw.IDs(), Labels: make(table.Labels, raw.Len()), Times: raw.Times()}
	for i, l := range labels {
		out.Labels[i] = to[at(l)]
	}
	return out, gone, nil
}

// groups are the segments of the profile, and the customers in none, in the order of the rows of a Crosstab.
func (s *Shared) groups() []*describe.SegmentProfile {
	var out []*describe.SegmentProfile
	for l := range s.Profile.Segments {
		out = append(out, &s.Profile.Segments[l])
	}
	if s.Profile.Noise != nil {
		out = append(out, s.Profile.Noise)
	}
	return out
}

// withhold leaves out of the profile what may not be told of column j.
func (s *Shared) withhold(labels table.Labels, j int) error {
	p := s.Profile
	c, values := p.Columns[j], s.raw.Raw().Column(j)
	groups := s.groups()
	if c.Categorical() || stats.ZeroOne(values) {
		t, err := Cross(s.raw, s.Segments, c.Name)
		if err != nil {
			return err
		}
		t, told := s.common(t, j)
		cells, err := Suppress(t, s.Rules)
		if err != nil {
			return err
		}
		for r, g := range groups {
			s.leaveOut(g, &g.Stats[j], j, cells.Cells[r], told)
		}
		s.leaveOut(nil, &p.All[j], j, cells.Cells[len(groups)], told)
		return nil
	}
	t := Crosstab{Row: "segment", Column: c.Name, Rows: make([]string, len(groups)), Columns: []string{c.Name}, Amount: c.Name}
	t.Customers, t.Sums, t.Largest = grid[int](t.Rows, t.Columns), grid[float64](t.Rows, t.Columns), grid[[2]float64](t.Rows, t.Columns)
	for i, l := range labels {
		if l == table.Noise {
			l = len(groups) - 1
		}
		t.add(s.raw, i, l, 0, values[i])
	}
	cells, err := Suppress(t, s.Rules)
	if err != nil {
		return err
	}
	hide := func(st *table.Stats, why Why, few bool) {
		if why != Shown {
			s.Hidden++
			st.Mean, st.Low, st.High, st.Index = math.NaN(), math.NaN(), math.NaN(), math.NaN()
		}
		if few {
			st.Median, st.Q1, st.Q3 = math.NaN(), math.NaN(), math.NaN()
		}
		if few || why != Shown && p.Scale[j].ByMean {
			st.Difference = math.NaN()
		}
	}
	v := slices.Index(p.ValueColumns, c.Name)
	for r, g := range groups {
		why := cells.Cells[r][0].Why
		hide(&g.Stats[j], why, t.Customers[r][0] < s.Rules.MinCount)
		if why != Shown && v >= 0 {
			g.ValueShare[v] = math.NaN()
		}
		if math.IsNaN(g.Stats[j].Difference) {
			unsaid(g, c.Name, "")
		}
	}
	why := cells.Cells[len(groups)][0].Why
	hide(&p.All[j], why, p.All[j].N < s.Rules.MinCount)
	if why != Shown && v >= 0 {
		p.ValueTotals[v] = math.NaN()
	}
	for _, g := range groups {
		if math.IsNaN(p.All[j].Difference) { // what stands out is said beside the whole
			unsaid(g, c.Name, "")
		}
	}
	return nil
}

// unsaid takes a column, or a level of a category, from what is said to stand out in a segment.
func unsaid(g *describe.SegmentProfile, column, level string) {
	g.Markers = slices.DeleteFunc(g.Markers, func(m describe.Marker) bool { return m.Column == column && m.Level == level })
}

// common pools the levels of a category beyond the most frequent ones, and those who have none, into one column, and says which column of the
// table each level has; -1 for one that is not told.
func (s *Shared) common(t Crosstab, j int) (Crosstab, []int) {
	all := s.Profile.All[j].Levels
	told := pick.All(max(len(all), 2))
	if len(all) <= mostLevels {
		return t, told
	}
	share := func(l int) float64 { // counted, since those of the profile may be left out by now
		n := 0
		for _, row := range t.Customers {
			n += row[l]
		}
		return float64(n)
	}
	order := slices.Clone(told)
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(share(b), share(a)) })
	to, names := slices.Repeat([]int{mostLevels}, len(t.Columns)), []string{}
	for at, l := range order {
		if told[l] = -1; at < mostLevels {
			told[l], to[l] = at, at
			names = append(names, t.Columns[l])
		}
	}
	return t.pool(to, append(names, "other, or unknown")), told
}

// leaveOut takes out of the stats of a column, of a segment or (g nil) of the whole, what its cells do not tell.
func (s *Shared) leaveOut(g *describe.SegmentProfile, st *table.Stats, j int, cells []Cell, told []int) {
	c := s.Profile.Columns[j]
	open := func(l int) bool { return told[l] < 0 || cells[told[l]].Why != Shown }
	gone := func(level string) {
		s.Hidden++
		for _, of := range s.groups() {
			if g == nil || g == of {
				unsaid(of, c.Name, level)
			}
		}
	}
	if !c.Categorical() {
		if open(0) || open(1) {
			nan := math.NaN()
			st.Mean, st.Low, st.High, st.Median, st.Q1, st.Q3, st.Index, st.Difference = nan, nan, nan, nan, nan, nan, nan, nan
			gone("")
		}
		return
	}
	st.Levels = slices.Clone(st.Levels)
	for l, level := range c.Levels {
		if open(l) {
			st.Levels[l] = math.NaN()
			gone(level)
		}
	}
}

// notes say what was done to the page; hidden says whether it shows figures that are left out.
func (s *Shared) notes(hidden bool) []string {
	var notes []string
	if s.Pooled != nil {
		notes = append(notes, fmt.Sprintf("%s: segments of fewer than %d customers are shown together (%s).", wording.Capital(s.Segments.Names[s.Segments.K()-1]), s.Rules.MinCount, wording.List(s.Pooled)))
	}
	if s.Outside {
		notes = append(notes, fmt.Sprintf("Customers in no segment are left out, since they are fewer than %d.", s.Rules.MinCount))
	}
	if s.Dropped != nil {
		notes = append(notes, fmt.Sprintf("Left out for naming customers: %s.", sheet.List(s.Dropped)))
	}
	if s.Coarsen != nil {
		notes = append(notes, fmt.Sprintf("Left out until coarsened, for naming customers together with other columns: %s.", sheet.List(s.Coarsen)))
	}
	if hidden {
		notes = append(notes, fmt.Sprintf("%s is left out where a figure rests on fewer than %d customers, where one customer makes up too much of it, or where it would give such a figure away.",
			sheet.Missing, s.Rules.MinCount))
	}
	return notes
}

// Sheet returns the profile's sheet, with what is left out, and why.
func (s *Shared) Sheet() sheet.Sheet {
	if s == nil {
		return sheet.Sheet{}
	}
	out := s.Profile.Sheet()
	hidden := s.Hidden > 0 && slices.ContainsFunc(out.Rows, func(row []string) bool { return slices.Contains(row, sheet.Missing) })
	out.Notes = append(out.Notes, s.notes(hidden)...)
	return out
}

// Frame returns the profile's frame.
func (s *Shared) Frame() table.Frame {
	if s == nil {
		return table.Frame{}
	}
	return s.Profile.Frame()
}
