package value

// What the models look at: four numbers a customer.

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/option"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/table"
)

// Summary is what is known about each customer: on how many days they ordered again, when they last did, how long they have been known, and
// what a day brought. Several orders on one day count as one. The literature calls the four frequency, recency, T and monetary value. Beware:
// its recency runs from the first order to the last, but in package features recency runs from the last order to today.
type Summary struct {
	IDs     []string  // (n) sorted
	Repeats []int     // (n) days with an order after the first such day
	Last    []float64 // (n) from the first day with an order to the last, in Unit; 0 for customers who ordered on one day
	Age     []float64 // (n) from the first day with an order to the as-of date, in Unit
	Spend   []float64 // (n) mean money of the repeat days; NaN for customers without one, and if no money is known
	First   []float64 // (n) money of the first day with an order; nil if it is not known

	Unit     Unit      // of Last and Age
	AsOf     time.Time // nothing later was used; zero if unknown
	Currency string
	Later    *Later   // what the same customers did afterwards, to judge by; nil if not requested
	Silence  string   // a sentence, if the orders end before the as-of date: every forecast is too low if it is only the file that ends there; otherwise ""
	Notes    []string // sentences: who was left out, and what to keep in mind
}

// Later is a hold-out: what customers did after the as-of date.
type Later struct {
	Days   int
	Orders []int     // (n) days with an order
	Spend  []float64 // (n) money of these days
	Before []int     // (n) repeat days among the last Days before the as-of date: what "as last time" forecasts
}

// Unit is the length of a unit of time, in days. The model is the same in any unit; only rates are written differently.
type Unit float64

const (
	Week Unit = 7 // as in the literature
	Day  Unit = 1
)

func (u Unit) days() float64 { return float64(cmp.Or(u, Week)) }

// String names the unit: "weeks", "days", or "10 days".
func (u Unit) String() string {
	switch cmp.Or(u, Week) {
	case Week:
		return "weeks"
	case Day:
		return "days"
	}
	return fmt.Sprintf("units of %s days", wording.Number(u.days()))
}

// SummaryOptions says which days and customers to use.
type SummaryOptions struct {
	Unit    Unit      // of time; 0 means Week
	Holdout int       // days after the as-of date to hold out; 0 for none
	Since   time.Time // only customers whose first order is on this day or later; zero for all. Customers at the beginning of a file are often old ones, whose real first orders it does not know
}

// Summarize counts the orders of each customer up to and including the day asOf, and nothing later. A zero asOf is the last day of the orders, or early enough
// before it for the hold-out. A later day is accepted as given, and Silence says so wherever the result is shown. It costs O(lines).
func Summarize(clean *features.Cleaned, asOf time.Time, o ...SummaryOptions) (*Summary, error) {
	const op = "value.Summarize"
	opt, err := option.AtMostOne(op, o)
	if err != nil {
		return nil, err
	}
	if clean == nil {
		return nil, fault.Nil(op, "orders")
	}
	if err := opt.Unit.check("value.SummaryOptions"); err != nil {
		return nil, err
	}
	first, last, err := clean.Period()
	if err != nil {
		return nil, err
	}
	if opt.Holdout < 0 {
		return nil, fault.Option("value.SummaryOptions", "Holdout", opt.Holdout, "a number of days, 0 for none")
	}
	if asOf.IsZero() {
		asOf = last.AddDate(0, 0, -opt.Holdout)
	}
	asOf = time.Date(asOf.Year(), asOf.Month(), asOf.Day(), 0, 0, 0, 0, time.UTC)
	switch end := asOf.AddDate(0, 0, opt.Holdout); {
	case asOf.Before(first):
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: %s: no order was placed up to %s: the first is dated %s", op, asOf.Format(time.DateOnly), first.Format(time.DateOnly))
	case opt.Holdout > 0 && end.After(last):
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: %s: %d days after %s end on %s, but the orders end on %s: choose fewer days, or an as-of date up to %s", op, opt.Holdout,
			asOf.Format(time.DateOnly), end.Format(time.DateOnly), last.Format(time.DateOnly), last.AddDate(0, 0, -opt.Holdout).Format(time.DateOnly))
	}
	silence, err := clean.Silence(asOf)
	if err != nil {
		return nil, err
	}
	days, err := clean.OrderDays(time.Time{}, asOf)
	if err != nil {
		return nil, err
	}
	s := &Summary{Silence: silence, Unit: cmp.Or(opt.Unit, Week), AsOf: asOf, Currency: clean.Currency()}
	if opt.Holdout > 0 {
		s.Later = &Later{Days: opt.Holdout}
	}
	var begin, latest time.Time // of the customer at hand
	opening, sum, before, older, free := 0.0, 0.0, 0, 0, 0
	finish := func() {
		if begin.IsZero() {
			return
		}
		if begin.Before(opt.Since) {
			older++
			s.drop()
			return
		}
		at := len(s.IDs) - 1
		s.Last, s.Age, s.Spend = append(s.Last, s.between(begin, latest)), append(s.Age, s.between(begin, asOf)), append(s.Spend, math.NaN())
		s.First = append(s.First, opening)
		if x := s.Repeats[at]; x > 0 {
			s.Spend[at] = sum / float64(x)
			if !(sum > 0) {
				free++
			}
		}
		if s.Later != nil {
			s.Later.Before = append(s.Later.Before, before)
		}
	}
	for id, day := range days {
		if n := len(s.IDs); n == 0 || s.IDs[n-1] != id {
			finish()
			s.IDs, s.Repeats = append(s.IDs, id), append(s.Repeats, 0)
			begin, latest, opening, sum, before = day.Date, day.Date, day.Revenue, 0, 0
			continue
		}
		s.Repeats[len(s.IDs)-1]++
		latest, sum = day.Date, sum+day.Revenue
		if s.Later != nil && day.Date.After(asOf.AddDate(0, 0, -opt.Holdout)) {
			before++
		}
	}
	finish()
	if len(s.IDs) == 0 {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: %s: no customer placed a first order from %s to %s", op, opt.Since.Format(time.DateOnly), asOf.Format(time.DateOnly))
	}
	if s.Later != nil {
		if err := s.lookAhead(clean); err != nil {
			return nil, err
		}
	}
	if older > 0 {
		s.Notes = append(s.Notes, fmt.Sprintf("%s whose first order was before %s %s left out.", wording.Capital(wording.Plural(older, "customer")), opt.Since.Format(time.DateOnly), wording.Be(older)))
	}
	if free > 0 {
		s.Notes = append(s.Notes, fmt.Sprintf("The repeat orders of %s brought in nothing, or less: they count as orders, and models of spend leave them out.", wording.Plural(free, "customer")))
	}
	return s, nil
}

// drop takes back the last customer, before anything but id and orders was noted.
func (s *Summary) drop() {
	n := len(s.IDs) - 1
	s.IDs, s.Repeats = s.IDs[:n], s.Repeats[:n]
}

func (s *Summary) between(from, to time.Time) float64 {
	return math.Round(to.Sub(from).Hours()/24) / s.Unit.days()
}

// lookAhead notes what the customers did in the hold-out.
func (s *Summary) lookAhead(clean *features.Cleaned) error {
	s.Later.Orders, s.Later.Spend = make([]int, len(s.IDs)), make([]float64, len(s.IDs))
	days, err := clean.OrderDays(s.AsOf, s.AsOf.AddDate(0, 0, s.Later.Days))
	if err != nil {
		return err
	}
	for id, day := range days {
		if i, known := slices.BinarySearch(s.IDs, id); known {
			s.Later.Orders[i]++
			s.Later.Spend[i] += day.Revenue
		}
	}
	return nil
}

// Columns names the columns of a table with the contents of a Summary.
type Columns struct {
	Repeats string // days with an order after the first; "" means "frequency"
	Last    string // from the first to the last; "" means "recency"
	Age     string // from the first to the as-of date; "" means "T"
	Spend   string // mean money of the repeat days; "" if there is none. Customers without a repeat day may have 0 or nothing there
	Unit    Unit   // of time in the table; 0 means Week
}

// FromTable takes a summary that was made elsewhere, such as by another library, from the columns of t (n x any). It refuses a last order after
// the as-of date, repeat days without time for them, and counts that are not whole numbers.
func FromTable(t *table.Table, c Columns) (*Summary, error) {
	const op = "value.FromTable"
	if t == nil {
		return nil, fault.Nil(op, "table")
	}
	if err := c.Unit.check("value.Columns"); err != nil {
		return nil, err
	}
	if t.Len() == 0 {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: %s: the table has no customers", op)
	}
	if t.Raw().Weights != nil {
		return nil, fault.Errorf(fault.ErrSchema, "segkit: %s: the table has weights, which these models do not take: give a row to each customer", op)
	}
	names := []string{cmp.Or(c.Repeats, "frequency"), cmp.Or(c.Last, "recency"), cmp.Or(c.Age, "T")}
	if c.Spend != "" {
		names = append(names, c.Spend)
	}
	values := make([][]float64, len(names))
	for j, name := range names {
		at, err := t.Index(name)
		if err != nil {
			return nil, err
		}
		if t.Columns()[at].Categorical() {
			return nil, &fault.CellError{Op: op, Column: name, Why: "holds words, not numbers", Remedy: "name the column of numbers in value.Columns", Err: fault.ErrSchema}
		}
		values[j] = t.Raw().Column(at)
	}
	s := &Summary{IDs: t.IDs(), Unit: cmp.Or(c.Unit, Week), Last: values[1], Age: values[2], Spend: make([]float64, t.Len())}
	for i, id := range s.IDs {
		x, last, age := values[0][i], s.Last[i], s.Age[i]
		refuse := func(column, why string, value float64) error {
			return &fault.CellError{Op: op, Row: i + 1, ID: id, Column: column, Value: wording.Number(value), Why: why, Remedy: "correct it, or leave the customer out", Err: fault.ErrOption}
		}
		switch {
		case !(x >= 0) || x != math.Trunc(x) || x > 1e9:
			return nil, refuse(names[0], "is not a number of days with an order after the first", x)
		case !(age >= 0) || math.IsInf(age, 0):
			return nil, refuse(names[2], "is not a time since the first order", age)
		case !(last >= 0) || last > age:
			return nil, refuse(names[1], fmt.Sprintf("is not a time between the first and last orders of a customer known for %s", wording.Number(age)), last)
		case x > 0 && last == 0:
			return nil, refuse(names[1], fmt.Sprintf("leaves no time for %s", wording.Plural(int(x), "repeat day")), last)
		case x == 0 && last > 0:
			return nil, refuse(names[1], "is the time of a last order, but the customer never ordered again", last)
		}
		s.Repeats, s.Spend[i] = append(s.Repeats, int(x)), math.NaN()
		if len(values) == 4 && x > 0 {
			s.Spend[i] = values[3][i]
		}
	}
	if c.Spend != "" {
		at, _ := t.Index(c.Spend)
		s.Currency = t.Columns()[at].Unit
	}
	return s, nil
}

func (u Unit) check(method string) error {
	if !(u >= 0) || math.IsInf(float64(u), 0) {
		return fault.Option(method, "Unit", float64(u), "value.Week, value.Day or another number of days")
	}
	return nil
}

// repeaters counts the customers who ordered again.
func (s *Summary) repeaters() (n int) {
	for _, x := range s.Repeats {
		if x > 0 {
			n++
		}
	}
	return n
}
