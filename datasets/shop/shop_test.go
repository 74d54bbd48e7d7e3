package shop

import (
	"bytes"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
)

var small = Options{Seed: 3, Customers: 300}

func everything(t *testing.T, o Options) []byte {
	t.Helper()
	s := Generate(o)
	var b bytes.Buffer
	for _, write := range []func(io.Writer) error{s.WriteOrders, s.WriteCustomers, s.WriteTruth, s.WriteSurvey, s.WriteVisits} {
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

func TestSameOptionsSameShop(t *testing.T) {
	first := everything(t, small)
	if !bytes.Equal(first, everything(t, small)) {
		t.Error("the same options gave two different shops")
	}
	if bytes.Equal(first, everything(t, Options{Seed: 4, Customers: 300})) {
		t.Error("seeds 3 and 4 gave the same shop")
	}
}

// Customers keep their lives when others join: streams belong to customers.
func TestCustomersAreIndependent(t *testing.T) {
	a, b := drawCustomers(Options{Customers: 300}), drawCustomers(Options{Customers: 400})
	if a[0].rate != b[0].rate || a[0].City != b[0].City {
		t.Error("the first customer changed when 100 were added")
	}
}

func TestLaws(t *testing.T) {
	for _, o := range []Options{small, {Customers: 100}, {Customers: 300, WithoutSegments: true}, {Customers: 300, Changing: true}, {Customers: 300, Unseen: "a"}, {Customers: 300, Unseen: "b"}} {
		s := Generate(o)
		names := o.SegmentNames()
		first := map[string]moment{}
		at := moment(0)
		for _, order := range s.Orders {
			if order.At < at || order.At.day() >= days {
				t.Errorf("%+v: order %s at %v, after one at %v", o, order.ID, order.At.Time(), at.Time())
			}
			at = order.At
			if order.credit != strings.HasPrefix(order.ID, "C") {
				t.Errorf("%+v: order %s, credit %v", o, order.ID, order.credit)
			}
			if !order.Web && calendar()[order.At.day()].sunday {
				t.Errorf("%+v: order %s in a store on a Sunday", o, order.ID)
			}
			for _, l := range order.Lines {
				if order.credit != (l.Quantity < 0) || l.Quantity == 0 || l.Price < 0 {
					t.Errorf("%+v: order %s has the line %+v", o, order.ID, l)
				}
			}
			if _, ok := first[order.Customer]; !ok {
				first[order.Customer] = order.At
			}
		}
		businesses := 0
		for i, c := range s.Customers {
			if i > 0 && c.ID <= s.Customers[i-1].ID {
				t.Errorf("%+v: customer %s follows %s", o, c.ID, s.Customers[i-1].ID)
			}
			if i > 0 && first[c.ID] < first[s.Customers[i-1].ID] {
				t.Errorf("%+v: customer %s ordered before %s", o, c.ID, s.Customers[i-1].ID)
			}
			if _, ok := first[c.ID]; !ok {
				t.Errorf("%+v: customer %s never ordered", o, c.ID)
			}
			if c.Segment == NoSegment {
				businesses++
			} else if c.Segment >= len(names) {
				t.Errorf("%+v: customer %s in segment %d of %d", o, c.ID, c.Segment, len(names))
			}
		}
		if businesses != 1 || s.Dirt.WholesaleOrders == 0 {
			t.Errorf("%+v: %d wholesale buyers with %d orders", o, businesses, s.Dirt.WholesaleOrders)
		}
		for _, a := range s.Survey() {
			if slices.Max(a.Scale[:]) > 5 || slices.Min(a.Scale[:]) < 0 {
				t.Errorf("%+v: customer %s answered %v", o, a.Customer, a.Scale)
			}
		}
		visits := s.Visits()
		for i, v := range visits {
			if v.At.day() < logFrom || v.At.day() >= days || i > 0 && v.At < visits[i-1].At || v.Pages < 1 {
				t.Errorf("%+v: visit %+v", o, v)
			}
		}
	}
}

func TestFewerThanAHundredCustomersBecomeAHundred(t *testing.T) {
	if n := len(Generate(Options{Customers: 7}).Customers); n != 100 {
		t.Errorf("%d customers, want 100", n)
	}
}

// Whoever lapsed buys less in the last 90 days than who did not: the outcome follows from the segment.
func TestOutcomeFollowsFromSegment(t *testing.T) {
	s := Generate(Options{})
	names := s.Options.SegmentNames()
	size, buyers := make([]float64, len(names)), make([]float64, len(names))
	bought := map[string]bool{}
	const asOf = 638 // 2025-09-30, the last day that the lessons look at
	for _, o := range s.Orders {
		if o.At.day() > asOf && o.At.day() <= asOf+90 && !o.credit {
			bought[o.Customer] = true
		}
	}
	for _, c := range s.Customers {
		if c.Segment != NoSegment {
			size[c.Segment]++
			if bought[c.ID] {
				buyers[c.Segment]++
			}
		}
	}
	share := func(name string) float64 {
		i := slices.Index(names, name)
		return buyers[i] / size[i]
	}
	if !(share("regulars") > .8 && share("big baskets") > .4 && share("lapsed") < .15) {
		t.Errorf("shares that ordered in the last 90 days: %v of %v", buyers, size)
	}
}

func TestExp(t *testing.T) {
	for x := -5.0; x <= 5; x += .01 {
		if got, want := exp(x), math.Exp(x); math.Abs(got-want) > 1e-10*want {
			t.Errorf("exp(%v) = %v, want %v", x, got, want)
		}
	}
}

func TestNormalHasItsMoments(t *testing.T) {
	s := newStream(0, "test", 0)
	const n = 100_000
	sum, squares := 0.0, 0.0
	for range n {
		z := s.normal()
		sum += z
		squares += z * z
	}
	// standard errors: 1/√n for the mean, √2/√n for the variance
	if mean, variance := sum/n, squares/n; math.Abs(mean) > 5/math.Sqrt(n) || math.Abs(variance-1) > 5*math.Sqrt(2.0/n) {
		t.Errorf("mean %v, variance %v", mean, variance)
	}
}

// The log page by page is that of the visits: as many pages of people and of robots, but for what was counted twice and what is strange.
func TestHitsAreThoseOfTheVisits(t *testing.T) {
	s := Generate(Options{Customers: 600})
	pages, robots, seen := 0, 0, map[Hit]bool{}
	for _, v := range s.Visits() {
		switch {
		case v.At.day() < hitsFrom || v.At.day() > hitsTo:
		case v.Robot:
			robots += v.Pages
		default:
			pages += v.Pages
		}
	}
	for _, h := range s.Hits() {
		switch {
		case h.Second < 0 || seen[h] || h.Page == "/" && h.Robot:
		case h.Robot:
			robots--
		default:
			pages--
			seen[h] = true
		}
	}
	if pages != 0 || robots != 0 {
		t.Errorf("%d pages of people and %d of robots are left over", pages, robots)
	}
}
