package track

import (
	"fmt"
	"math"
	"slices"
	"time"

	"gonum.org/v1/gonum/optimize"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/option"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Cohorts is who came when and who came back: customers by the month of their first order.
type Cohorts struct {
	Months    []time.Time // (m) first days of months
	Customers []int       // (m) who came in each
	Active    [][]int     // (m x months since, 0 to those that the orders cover) who ordered in that month
	Returning [][]int     // (m x …) who ordered in that month or later: an estimate from below of who was still a customer, and worth nothing near the end
	Spend     [][]float64 // (m x …) what they spent in that month, refunds taken off
	Unit      string      // of money
	Sorting   *Sorting    // what retention looks like where customers differ and none changes; nil where there are too few months
}

// CohortOptions narrows down.
type CohortOptions struct {
	Segments *table.Segments // only customers of Segment in it
	Segment  string
}

// CohortsOf counts the cohorts of an order log. It costs O(lines).
func CohortsOf(clean *features.Cleaned, o ...CohortOptions) (*Cohorts, error) {
	const op = "CohortsOf"
	opt, err := option.AtMostOne(op, o)
	if err != nil {
		return nil, err
	}
	if clean == nil {
		return nil, fault.Nil(op, "cleaned orders")
	}
	wanted := func(string) bool { return true }
	if opt.Segments != nil || opt.Segment != "" {
		at, err := opt.Segments.ByID(op)
		if err != nil {
			return nil, err
		}
		l := slices.Index(opt.Segments.Names, opt.Segment)
		if l < 0 {
			return nil, fault.Option("CohortOptions", "Segment", fmt.Sprintf("%q", opt.Segment), "one of "+sheet.List(opt.Segments.Names))
		}
		wanted = func(id string) bool { label, ok := at[id]; return ok && label == l }
	}
	first, last, err := clean.Period()
	if err != nil {
		return nil, err
	}
	lines, err := clean.Lines()
	if err != nil {
		return nil, err
	}
	month := func(t time.Time) int { return (t.Year()-first.Year())*12 + int(t.Month()) - int(first.Month()) }
	m := month(last) + 1
	type life struct {
		bought []bool    // (m)
		spent  []float64 // (m)
	}
	lives, order := map[string]*life{}, []string{}
	for line := range lines {
		if line.Customer == "" || !wanted(line.Customer) {
			continue
		}
		l := lives[line.Customer]
		if l == nil {
			l = &life{make([]bool, m), make([]float64, m)}
			lives[line.Customer] = l
			order = append(order, line.Customer)
		}
		at := month(line.Time)
		l.spent[at] += line.Amount.Float()
		l.bought[at] = l.bought[at] || line.Quantity > 0
	}
	out := &Cohorts{Unit: clean.Currency(), Customers: make([]int, m)}
	for c := range m {
		out.Months = append(out.Months, time.Date(first.Year(), first.Month()+time.Month(c), 1, 0, 0, 0, 0, time.UTC))
		out.Active, out.Returning = append(out.Active, make([]int, m-c)), append(out.Returning, make([]int, m-c))
		out.Spend = append(out.Spend, make([]float64, m-c))
	}
	for _, id := range order {
		l := lives[id]
		c := slices.Index(l.bought, true)
		if c < 0 {
			continue // refunds alone
		}
		out.Customers[c]++
		later := false
		for since := m - c - 1; since >= 0; since-- {
			if l.bought[c+since] {
				out.Active[c][since]++
				later = true
			}
			if later {
				out.Returning[c][since]++
			}
			out.Spend[c][since] += l.spent[c+since]
		}
	}
	if len(order) == 0 {
		return nil, fmt.Errorf("segkit: %s: there is no customer in %q: %w", op, opt.Segment, fault.ErrEmpty)
	}
	out.Sorting = sortingOf(out)
	return out, nil
}

// followUp is how many months without an order must be covered before a customer counts as gone.
const followUp = 3

// survivors returns how many of all cohorts were seen to return after so many months, and of how many that could be seen.
func (c *Cohorts) survivors() (returning, of []float64) {
	m := len(c.Months)
	returning, of = make([]float64, m), make([]float64, m)
	for a, n := range c.Customers {
		for since := 0; since+followUp < m-a; since++ {
			returning[since] += float64(c.Returning[a][since])
			of[since] += float64(n)
		}
	}
	for since := range of {
		if of[since] == 0 {
			return returning[:since], of[:since]
		}
	}
	return returning, of
}

// Sorting is retention where customers differ in how readily they leave and none ever changes: the shifted beta-geometric (Fader & Hardie 2007,
// doi:10.1002/dir.20074). The rate rises from month to month, for those who leave readily leave first. A curve that rises like it is no
// growing loyalty.
type Sorting struct {
	Alpha, Beta float64   // of the beta distribution of the chance to leave in a month
	Survival    []float64 // (months) share still there after 0, 1, … months
	Seen        []float64 // (months) the same in the data, over all cohorts
}

// sortingOf fits the curve by maximum likelihood to all cohorts, with those who are still there censored; nil where fewer than 3 months can be seen.
func sortingOf(c *Cohorts) *Sorting {
	returning, of := c.survivors()
	if len(of) < 3 || of[0] == 0 {
		return nil
	}
	// Cohorts are followed for different times, so deaths by month are counted cohort by cohort.
	died, stayed := make([]float64, len(of)), make([]float64, len(of))
	for a, n := range c.Customers {
		last := len(c.Months) - a - followUp - 1
		if last < 0 {
			continue
		}
		before := float64(n)
		for since := 1; since <= last; since++ {
			now := float64(c.Returning[a][since])
			died[since] += before - now
			before = now
		}
		stayed[last] += before
	}
	minus := func(x []float64) float64 {
		alpha, beta := math.Exp(x[0]), math.Exp(x[1])
		logS, ll := 0.0, 0.0
		for t := range of {
			if t > 0 {
				ll += died[t] * (logS + math.Log(alpha/(alpha+beta+float64(t)-1)))
				logS += math.Log((beta + float64(t) - 1) / (alpha + beta + float64(t) - 1))
			}
			ll += stayed[t] * logS
		}
		return -ll
	}
	found, err := optimize.Minimize(optimize.Problem{Func: minus}, []float64{0, 0}, nil, &optimize.NelderMead{})
	if err != nil || found == nil {
		return nil
	}
	s := &Sorting{Alpha: math.Exp(found.X[0]), Beta: math.Exp(found.X[1])}
	survival := 1.0
	for t := range of {
		if t > 0 {
			survival *= (s.Beta + float64(t) - 1) / (s.Alpha + s.Beta + float64(t) - 1)
		}
		s.Survival = append(s.Survival, survival)
		s.Seen = append(s.Seen, returning[t]/of[t])
	}
	return s
}

// Sheet lays out the triangle: the share of each cohort who ordered so many months after their first order.
func (c *Cohorts) Sheet() sheet.Sheet {
	out := sheet.Sheet{Caption: fmt.Sprintf("Customers by the month of their first order: share who ordered in later months, %%"),
		Columns: []sheet.Column{{Name: "first order", Text: true}, {Name: "customers"}}}
	most := min(len(c.Months)-1, 12)
	for since := 1; since <= most; since++ {
		out.Columns = append(out.Columns, sheet.Column{Name: fmt.Sprintf("+%d", since)})
	}
	for a, d := range c.Months {
		row := []string{d.Format("2006-01"), sheet.Count(c.Customers[a])}
		for since := 1; since <= most; since++ {
			cell := ""
			if since < len(c.Active[a]) && c.Customers[a] > 0 {
				cell = sheet.Fixed(100*float64(c.Active[a][since])/float64(c.Customers[a]), 0)
			}
			row = append(row, cell)
		}
		out.Rows = append(out.Rows, row)
	}
	out.Notes = []string{"The first months of the file hold old customers, too, whose earlier orders it does not know."}
	if c.Sorting != nil {
		n := len(c.Sorting.Survival) - 1
		out.Notes = append(out.Notes, fmt.Sprintf("Of all cohorts, %s were still there after %s; if customers differ and none changes, %s would be. Retention rates rise by that sorting alone.",
			sheet.Percent(c.Sorting.Seen[n]), wording.Plural(n, "month"), sheet.Percent(c.Sorting.Survival[n])))
	}
	return out
}
