package describe

import (
	"math"
	"slices"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/table"
)

// A profile as frames to compute with: wide, a row per segment, and long, a row per segment, column and level.

// Frame returns the profile as a gota frame, a row per segment: segment, customers, share, <value>_share for every value
// column, and for every column its _mean, with _low and _high of the 95 % interval, _median, _q1, _q3, _index, _difference and
// _missing (customers), or its share per level, of more than 20 levels the most frequent and _(other).
func (p *Profile) Frame() dataframe.DataFrame {
	rows := p.each()
	numbers := func(name string, f func(g *SegmentProfile) float64) series.Series {
		v := make([]float64, len(rows))
		for i, g := range rows {
			v[i] = f(g)
		}
		return series.New(v, series.Float, name)
	}
	counts := func(name string, f func(g *SegmentProfile) int) series.Series {
		v := make([]int, len(rows))
		for i, g := range rows {
			v[i] = f(g)
		}
		return series.New(v, series.Int, name)
	}
	names := make([]string, len(rows))
	for i, g := range rows {
		names[i] = g.Name
	}
	columns := []series.Series{series.New(names, series.String, "segment"), counts("customers", func(g *SegmentProfile) int { return g.Size }),
		numbers("share", func(g *SegmentProfile) float64 { return g.Share })}
	for v, name := range p.ValueColumns {
		columns = append(columns, numbers(name+"_share", func(g *SegmentProfile) float64 { return g.ValueShare[v] }))
	}
	for j, c := range p.Columns {
		for _, level := range p.levels(j) {
			columns = append(columns, numbers(c.Name+"_"+level.name, func(g *SegmentProfile) float64 { return level.share(g.Stats[j]) }))
		}
		if c.Categorical() {
			continue
		}
		for _, n := range []struct {
			name string
			f    func(s table.Stats) float64
		}{
			{"_mean", func(s table.Stats) float64 { return s.Mean }}, {"_low", func(s table.Stats) float64 { return s.Low }},
			{"_high", func(s table.Stats) float64 { return s.High }}, {"_median", func(s table.Stats) float64 { return s.Median }},
			{"_q1", func(s table.Stats) float64 { return s.Q1 }}, {"_q3", func(s table.Stats) float64 { return s.Q3 }},
			{"_index", func(s table.Stats) float64 { return s.Index }}, {"_difference", func(s table.Stats) float64 { return s.Difference }},
		} {
			columns = append(columns, numbers(c.Name+n.name, func(g *SegmentProfile) float64 { return n.f(g.Stats[j]) }))
		}
		columns = append(columns, counts(c.Name+"_missing", func(g *SegmentProfile) int { return g.Stats[j].Missing }))
	}
	return dataframe.New(columns...)
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

// Long returns the profile as a gota frame with a row per segment and column, or per level of a category: segment, column, level,
// unit, role, customers with a value, missing, value (the mean, or the level's share) with low and high of its 95 % interval
// (Student's t; for shares Wilson 1927, doi:10.1080/01621459.1927.10502953), median, q1, q3, index (100 is the whole: of a mean, or
// of a share, whose lift it is) and difference in robust standard deviations. The last rows are those of the whole.
func (p *Profile) Long() dataframe.DataFrame {
	const numbers = 8
	headings := [numbers]string{"value", "low", "high", "median", "q1", "q3", "index", "difference"}
	var texts [5][]string
	var counts [2][]int
	var values [numbers][]float64
	add := func(g *SegmentProfile, j int, level string, cells [numbers]float64) {
		c := p.Columns[j]
		for t, text := range [...]string{g.Name, c.Name, level, c.Unit, c.Role.String()} {
			texts[t] = append(texts[t], text)
		}
		counts[0], counts[1] = append(counts[0], g.Stats[j].N), append(counts[1], g.Stats[j].Missing)
		for i, v := range cells {
			values[i] = append(values[i], v)
		}
	}
	nan := math.NaN()
	for _, g := range append(p.each(), p.whole()) {
		for j, c := range p.Columns {
			s := g.Stats[j]
			if !c.Categorical() {
				add(g, j, "", [...]float64{s.Mean, s.Low, s.High, s.Median, s.Q1, s.Q3, s.Index, s.Difference})
				continue
			}
			for _, level := range p.levels(j) {
				here, all := level.share(s), level.share(p.All[j])
				low, high := shareInterval(here, s.Worth)
				add(g, j, level.name, [...]float64{here, low, high, nan, nan, nan, 100 * here / all, (here - all) / math.Sqrt(all*(1-all))})
			}
		}
	}
	columns := []series.Series{}
	for t, name := range [...]string{"segment", "column", "level", "unit", "role"} {
		columns = append(columns, series.New(texts[t], series.String, name))
	}
	columns = append(columns, series.New(counts[0], series.Int, "customers"), series.New(counts[1], series.Int, "missing"))
	for i, name := range headings {
		columns = append(columns, series.New(values[i], series.Float, name))
	}
	return dataframe.New(columns...)
}

// shareInterval is Wilson's interval, 95 %, of a share of n customers.
func shareInterval(share, n float64) (low, high float64) {
	const z = stats.Normal95
	middle, half := share+z*z/(2*n), z*math.Sqrt(share*(1-share)/n+z*z/(4*n*n))
	return max(0, (middle-half)/(1+z*z/n)), min(1, (middle+half)/(1+z*z/n))
}
