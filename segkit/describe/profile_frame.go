package describe

import (
	"math"
	"slices"

	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/table"
)

// A profile as frames to compute with: wide, a row per segment, and long, a row per segment, column and level.

// Frame returns the profile as a gota frame, a row per segment. The columns are segment, customers, share, <value>_share for
// every value column, and for every column its _mean, with _low and _high of the 95 % interval, _median, _q1, _q3, _index,
// _difference and _missing (customers), or its share per level; with more than 20 levels, those of the most frequent levels
// and _(other).
func (p *Profile) Frame() table.Frame {
	rows := p.each()
	number := func(name string, of func(g *SegmentProfile) float64) frame.Columns { return frame.Each(name, rows, of) }
	columns := []frame.Columns{
		frame.Each("segment", rows, func(g *SegmentProfile) string { return g.Name }),
		frame.Each("customers", rows, func(g *SegmentProfile) int { return g.Size }),
		number("share", func(g *SegmentProfile) float64 { return g.Share }),
	}
	for v, name := range p.ValueColumns {
		columns = append(columns, number(name+"_share", func(g *SegmentProfile) float64 { return g.ValueShare[v] }))
	}
	for j, c := range p.Columns {
		for _, level := range p.levels(j) {
			columns = append(columns, number(c.Name+"_"+level.name, func(g *SegmentProfile) float64 { return level.share(g.Stats[j]) }))
		}
		if c.Categorical() {
			continue
		}
		var names []string
		for _, name := range []string{"mean", "low", "high", "median", "q1", "q3", "index", "difference"} {
			names = append(names, c.Name+"_"+name)
		}
		columns = append(columns,
			frame.Numbers(names, rows, func(g *SegmentProfile) []float64 { return wholeStats(g.Stats[j]) }),
			frame.Each(c.Name+"_missing", rows, func(g *SegmentProfile) int { return g.Stats[j].Missing }))
	}
	return frame.New(columns...)
}

// profileLevel is a level of a category, or all that are not among the most frequent together.
type profileLevel struct {
	name    string
	columns []int // positions among the levels
}

func (l profileLevel) share(s table.Stats) float64 {
	sum := 0.0
	for _, at := range l.columns {
		sum += s.Levels[at]
	}
	return sum
}

// levels returns the levels of column j that are told one by one, and behind them the others.
func (p *Profile) levels(j int) []profileLevel {
	var out []profileLevel
	common, others := commonLevels(p.All[j].Levels)
	for _, l := range common {
		out = append(out, profileLevel{p.Columns[j].Levels[l], []int{l}})
	}
	if others {
		rest := profileLevel{name: "(other)"}
		for l := range p.Columns[j].Levels {
			if _, told := slices.BinarySearch(common, l); !told {
				rest.columns = append(rest.columns, l)
			}
		}
		out = append(out, rest)
	}
	return out
}

// Long returns the profile as a gota frame with a row per segment and column, or per level of a category. The columns are segment,
// column, level, unit, role, customers with a value, missing, value (the mean, or the level's share) with low and high of its 95 %
// interval (Student's t; for shares Wilson 1927, doi:10.1080/01621459.1927.10502953), median, q1, q3, index (of a mean, or of a
// share, where it is the lift; the whole is 100) and difference in robust standard deviations. The last rows describe the whole.
func (p *Profile) Long() table.Frame {
	type row struct {
		texts   [5]string
		n, miss int
		numbers []float64
	}
	var rows []row
	add := func(g *SegmentProfile, j int, level string, numbers []float64) {
		c := p.Columns[j]
		rows = append(rows, row{[...]string{g.Name, c.Name, level, c.Unit, c.Role.String()}, g.Stats[j].N, g.Stats[j].Missing, numbers})
	}
	nan := math.NaN()
	for _, g := range append(p.each(), p.whole()) {
		for j, c := range p.Columns {
			s := g.Stats[j]
			if !c.Categorical() {
				add(g, j, "", wholeStats(s))
				continue
			}
			for _, level := range p.levels(j) {
				here, all := level.share(s), level.share(p.All[j])
				low, high := stats.Wilson(here, s.Worth, stats.Normal95)
				add(g, j, level.name, []float64{here, low, high, nan, nan, nan, 100 * here / all, (here - all) / math.Sqrt(all*(1-all))})
			}
		}
	}
	var columns []frame.Columns
	for t, name := range [...]string{"segment", "column", "level", "unit", "role"} {
		columns = append(columns, frame.Each(name, rows, func(r row) string { return r.texts[t] }))
	}
	return frame.New(append(columns,
		frame.Each("customers", rows, func(r row) int { return r.n }),
		frame.Each("missing", rows, func(r row) int { return r.miss }),
		frame.Numbers([]string{"value", "low", "high", "median", "q1", "q3", "index", "difference"}, rows, func(r row) []float64 { return r.numbers }))...)
}

// wholeStats are the numbers that both frames give of a column of numbers: mean, interval, quartiles, index and difference (8).
func wholeStats(s table.Stats) []float64 {
	return []float64{s.Mean, s.Low, s.High, s.Median, s.Q1, s.Q3, s.Index, s.Difference}
}
