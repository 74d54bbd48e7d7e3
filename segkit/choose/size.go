package choose

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/internal/worth"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// How large the segments of a sweep are, and whether that is large enough.

// addSizes adds the sizes of all segments; raw is the table before it was prepared.
func (s *Sweep) addSizes(raw *table.Table) {
	var money worth.Worth
	if !raw.Raw().Transformed {
		money = worth.Of(raw)
	}
	for _, c := range money.Columns {
		s.ValueColumns = append(s.ValueColumns, c.Name)
	}
	all, totals := 0.0, money.All()
	for i := range raw.Len() {
		all += raw.Weight(i)
	}
	for at := range s.Points {
		p := &s.Points[at]
		p.Size, p.Share, p.ValueShare = make([]int, p.K), raw.Sums(p.Labels, p.K), money.BySegment(p.Labels, p.K)
		for i, l := range p.Labels {
			if l >= 0 {
				p.Size[l] += raw.Customers(i)
			}
		}
		for l := range p.K {
			p.Share[l] /= all
			for v, total := range totals {
				p.ValueShare[l][v] = worth.Share(p.ValueShare[l][v], total)
			}
		}
	}
}

// largest is how large segment l is, and by which measure.
func (s *Sweep) largest(p SweepPoint, l int) (share float64, of string) {
	return worth.Largest(p.Share[l], s.ValueColumns, p.ValueShare[l])
}

// smallest is the segment that decides whether all are large enough, and how large it is; -1 and NaN where no sizes are known.
func (s *Sweep) smallest(p SweepPoint) (label int, size float64) {
	label, size = -1, math.NaN()
	for l := range p.Share {
		if share, _ := s.largest(p, l); label < 0 || share < size {
			label, size = l, share
		}
	}
	return label, size
}

// holds reads like "2.4 % of customers and 3.1 % of spend".
func (s *Sweep) holds(p SweepPoint, l int) string {
	parts := []string{s.percent(p.Share[l]) + " of customers"}
	for v, share := range p.ValueShare[l] {
		if !math.IsNaN(share) {
			parts = append(parts, s.percent(share)+" of "+s.ValueColumns[v])
		}
	}
	return sheet.List(parts)
}

// percent writes a share so that it lies on the same side of the limit as the share itself.
func (s *Sweep) percent(share float64) string {
	decimals := wording.Decimals(share, 3, func(rounded float64) bool { return (rounded < s.Goal.MinShare) == (share < s.Goal.MinShare) })
	return sheet.Fixed(100*share, decimals-2) + " %"
}

// largeEnough reads like "at least 5 % of the customers or of spend, whichever is more, in each".
func (s *Sweep) largeEnough() string {
	measures := worth.Measures(s.ValueColumns)
	if strings.Contains(measures, ",") {
		measures += ","
	}
	return fmt.Sprintf("at least %s of the %s in each", wording.Percent(s.Goal.MinShare), measures)
}

// byWorth says which segments have too few customers to be large enough, and are so by what these are worth; "" if none.
func (s *Sweep) byWorth(p SweepPoint) string {
	var parts []string
	for l, customers := range p.Share {
		if share, of := s.largest(p, l); customers < s.Goal.MinShare && share >= s.Goal.MinShare {
			parts = append(parts, fmt.Sprintf("%s of customers hold %s of %s", s.percent(customers), s.percent(share), of))
		}
	}
	return strings.Join(parts, ", ")
}

// few says how many customers the segment with fewest has, if they are too few for certain figures about them; "" if not.
func (s *Sweep) few(p SweepPoint) string {
	if p.Size == nil || slices.Min(p.Size) >= describe.SmallSegment {
		return ""
	}
	return fmt.Sprintf("a segment of only %s", wording.Plural(slices.Min(p.Size), "customer"))
}
