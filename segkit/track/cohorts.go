package track

import (
	"fmt"
	"slices"
	"time"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/option"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
	"github.com/segkit/lab/segkit/value"
)

// Cohorts says who came when and who came back: customers by the month of their first order.
type Cohorts struct {
	Months    []time.Time // (m) first days of months
	Customers []int       // (m) who came in each
	Active    [][]int     // (m x months since, 0 to those that the orders cover) who ordered in that month
	Returning [][]int     // (m x …) who ordered in that month or later: a lower bound for who was still a customer, worthless near the end
	Spend     [][]float64 // (m x …) what they spent in that month, less refunds
	Unit      string      // of money
	Sorting   *Sorting    // what retention looks like if customers differ and none changes; nil if there are too few months
}

// CohortOptions restricts cohorts to the customers of a segment. Beware: customers are in a segment today because of what they did, and the best
// because they stayed, so the cohorts of such a segment look back on survivors. Use the segments of an early date, and read what came after.
type CohortOptions struct {
	Segments *table.Segments // only customers of Segment in it; nil for all
	Segment  string          // the name of one of Segments
}

// CohortsOf counts the cohorts of an order log. It costs O(lines).
func CohortsOf(clean *features.Cleaned, o ...CohortOptions) (*Cohorts, error) {
	const op = "track.CohortsOf"
	opt, err := option.AtMostOne(op, o)
	if err != nil {
		return nil, err
	}
	if clean == nil {
		return nil, fault.Nil(op, "cleaned orders")
	}
	wanted := func(string) bool { return true }
	switch {
	case opt.Segments == nil && opt.Segment != "":
		return nil, fault.Option("track.CohortOptions", "Segments", nil, fmt.Sprintf("the segments in which %q is to be found", opt.Segment))
	case opt.Segments != nil:
		at, err := opt.Segments.ByID(op)
		if err != nil {
			return nil, err
		}
		l := slices.Index(opt.Segments.Names, opt.Segment)
		if l < 0 {
			return nil, fault.Option("track.CohortOptions", "Segment", fmt.Sprintf("%q", opt.Segment), "one of "+sheet.List(opt.Segments.Names))
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

// followUp is how many months without an order must be covered before a customer counts as gone, and for as many months at the beginning of the orders
// customers count as old ones, whose first order the file does not know.
const followUp = 3

// followed yields, of each cohort that is new and was followed for long enough, how many were still there after 0, 1, … months.
func (c *Cohorts) followed(yield func(there []int)) {
	for a := followUp; a+followUp < len(c.Months); a++ {
		if c.Customers[a] > 0 {
			yield(c.Returning[a][:len(c.Months)-a-followUp])
		}
	}
}

// Sorting is retention if customers differ in how readily they leave and none ever changes: the shifted beta-geometric model (Fader & Hardie
// 2007, doi:10.1002/dir.20074). The rate rises from month to month, because those who leave readily leave first. A curve that rises like this
// does not show growing loyalty.
type Sorting struct {
	Alpha, Beta float64   // of the beta distribution of the chance to leave in a month
	Survival    []float64 // (months) share still there after 0, 1, … months
	Seen        []float64 // (months) the same in the data, by Kaplan and Meier over all cohorts
}

// sortingOf fits the curve to all cohorts that are new, each followed for as long as it was; nil where fewer than 3 months can be seen.
func sortingOf(c *Cohorts) *Sorting {
	var died, stayed, risk []float64 // by month: left in it, last seen in it, could leave in it
	c.followed(func(left []int) {
		for len(died) < len(left) {
			died, stayed, risk = append(died, 0), append(stayed, 0), append(risk, 0)
		}
		for since := 1; since < len(left); since++ {
			died[since] += float64(left[since-1] - left[since])
			risk[since] += float64(left[since-1])
		}
		stayed[len(left)-1] += float64(left[len(left)-1])
	})
	if len(died) < 3 {
		return nil
	}
	s := fitSorting(died, stayed)
	if s == nil {
		return nil
	}
	s.Seen = []float64{1}
	for t := 1; t < len(died); t++ {
		s.Seen = append(s.Seen, s.Seen[t-1]*(1-died[t]/max(risk[t], 1)))
	}
	return s
}

// fitSorting fits by maximum likelihood, given how many left in month 1, 2, … (died, from index 1 on), and how many were last seen, still there, in each.
func fitSorting(died, stayed []float64) *Sorting {
	found, err := value.ShiftedBetaGeometric{}.Fit(value.Stays{Ended: died[1:], Going: stayed[1:]})
	if err != nil {
		return nil
	}
	s := &Sorting{Alpha: found.Value("alpha"), Beta: found.Value("beta")}
	for t := range died {
		s.Survival = append(s.Survival, found.Survival(t))
	}
	return s
}

// Sheet lays out the triangle: the share of each cohort who ordered in each month after their first order.
func (c *Cohorts) Sheet() sheet.Sheet {
	if c == nil {
		return sheet.Sheet{}
	}
	out := sheet.Sheet{Caption: "Customers by the month of their first order: share who ordered in later months, %",
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
	out.Notes = []string{"The first months of the file also hold older customers, whose earlier orders it does not show."}
	if c.Sorting != nil {
		n := len(c.Sorting.Survival) - 1
		out.Notes = append(out.Notes, fmt.Sprintf("Of the cohorts from %s on, %s were still there after %s; if customers differ but none changes, %s would be. Retention rates rise from that sorting alone.",
			c.Months[followUp].Format("2006-01"), sheet.Percent(c.Sorting.Seen[n]), wording.Plural(n, "month"), sheet.Percent(c.Sorting.Survival[n])))
	}
	return out
}
