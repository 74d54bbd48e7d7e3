package basket_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/segkit/lab/datasets"
	"github.com/segkit/lab/segkit/basket"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/table"
)

// bought makes baskets of orders: each line is "order customer item category price".
func bought(t *testing.T, lines []string) *basket.Baskets {
	t.Helper()
	text := "order_id,customer_id,product,category,unit_price,order_date,quantity\n"
	for i, l := range lines {
		text += strings.ReplaceAll(l, " ", ",") + "," + time.Date(2025, 1, 1, 0, i, 0, 0, time.UTC).Format("2006-01-02 15:04") + ",1\n"
	}
	return parsed(t, text)
}

// dated makes baskets of orders: each line is "order,customer,item,price,date".
func dated(t *testing.T, lines []string) *basket.Baskets {
	t.Helper()
	return parsed(t, "order_id,customer_id,product,unit_price,order_date\n"+strings.Join(lines, "\n")+"\n")
}

func parsed(t *testing.T, text string) *basket.Baskets {
	t.Helper()
	orders, err := features.ParseOrders(strings.NewReader(text), "orders.csv", features.OrdersOptions{})
	if err != nil {
		t.Fatal(err)
	}
	clean, err := orders.Clean()
	if err != nil {
		t.Fatal(err)
	}
	return sure(t)(basket.FromOrders(clean))
}

// halves puts customers c0, c1, … in two segments: the first so many are "new".
func halves(t *testing.T, n, first int) *table.Segments {
	t.Helper()
	ids, labels := make([]string, n), make(table.Labels, n)
	for i := range ids {
		ids[i] = fmt.Sprint("c", i)
		if i >= first {
			labels[i] = 1
		}
	}
	s, err := table.NewSegments(ids, labels, []string{"new", "old"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// twoHalves draws 400 customers of 5 baskets of tea and jam: jam is in a basket with tea more often by the given factors among the
// first half and the others. A customer's own taste makes the baskets alike.
func twoHalves(t *testing.T, random *rand.Rand, first, second float64) (*basket.Baskets, *table.Segments) {
	t.Helper()
	text := strings.Builder{}
	text.WriteString("basket,item,customer\n")
	at := 0
	for c := range 400 {
		taste, factor := .1+.3*random.Float64(), first
		if c >= 200 {
			factor = second
		}
		for range 5 {
			at++
			jam := .1
			fmt.Fprintf(&text, "%d,bag,c%d\n", at, c)
			if random.Float64() < taste {
				fmt.Fprintf(&text, "%d,tea,c%d\n", at, c)
				jam *= factor
			}
			if random.Float64() < jam {
				fmt.Fprintf(&text, "%d,jam,c%d\n", at, c)
			}
		}
	}
	return sure(t)(basket.ReadCSV(file(t, text.String()))), halves(t, 400, 200)
}

// Where lifts are the same in both halves, one in twenty tests says otherwise, and intervals of 95 % hold the difference of 0; where
// they differ, that is found.
func TestContrastsKeepTheirLevel(t *testing.T) {
	wrong, missed, outside, tests := 0, 0, 0, 0
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 3))
		same, s := twoHalves(t, random, 3, 3)
		c, err := same.BySegment(s, basket.Options{MinSupport: .005, MinConfidence: .01})
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range c.Contrasts {
			if x.Segment == "new" && slices.Equal(x.Antecedent, []string{"tea"}) && slices.Equal(x.Consequent, []string{"jam"}) {
				tests++
				if x.P <= .05 {
					wrong++
				}
				if x.Low > 0 || x.High < 0 {
					outside++
				}
			}
		}
		if seed >= 20 {
			continue
		}
		other, s := twoHalves(t, random, 6, 1)
		if c, err = other.BySegment(s, basket.Options{MinSupport: .005, MinConfidence: .01}); err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(c.Significant().Contrasts, func(x basket.Contrast) bool {
			return x.Segment == "new" && slices.Equal(x.Consequent, []string{"jam"}) && slices.Equal(x.Antecedent, []string{"tea"}) && x.Difference > 0 && x.Low > 0
		}) {
			missed++
		}
	}
	if tests < 195 || wrong > 10+9 || outside > 10+9 { // 5 % and three standard deviations
		t.Errorf("of %d tests without a difference %d found one, and %d intervals lie beside 0", tests, wrong, outside)
	}
	if missed > 2 {
		t.Errorf("a difference was missed in %d of 20 sets of data", missed)
	}
}

// Gaps are what counting customers gives, with Newcombe's interval as his paper has it: 56 of 70 less 48 of 80 is .2, .0524 to .3339.
func TestPenetrationCountsCustomers(t *testing.T) {
	var lines []string
	for i := range 150 {
		item := "milk"
		if i < 56 || i >= 70 && i < 70+48 {
			item = "tea"
		}
		lines = append(lines, fmt.Sprintf("%d c%d %s food 1", i, i, item), fmt.Sprintf("%d c%d %s food 1", 1000+i, i, item)) // everybody comes twice
	}
	p, err := bought(t, lines).Penetration(halves(t, 150, 70))
	if err != nil {
		t.Fatal(err)
	}
	g := p.Gaps[0][slices.Index(p.Items, "tea")]
	if g.Buyers != 56 || g.Share != .8 || g.Rest != .6 {
		t.Errorf("%+v", g)
	}
	near(t, "the lower end", g.Low, .0524, 5e-5)
	near(t, "the upper end", g.High, .3339, 5e-5)
	if s := p.Sheet(); !strings.Contains(s.Caption, "20 points") {
		t.Errorf("%q", s.Caption)
	}
}

// By hand: buyers of tea spent 10, 20, 30 and 40, so the upper quartile (type 7) is 32.5, and 22.5 + 12.5 + 2.5 lie below it.
func TestHeadroomIsTheWayToTheUpperQuartile(t *testing.T) {
	var lines []string
	for i := range 60 {
		lines = append(lines, fmt.Sprintf("%d c%d milk dairy 1", i, i))
	}
	for i := range 4 {
		lines = append(lines, fmt.Sprintf("%d c%d tea drinks %d", i, i, 5*(i+1)), fmt.Sprintf("%d c%d tea drinks %d", 100+i, i, 5*(i+1)))
	}
	b := bought(t, lines)
	h, err := b.Headroom(halves(t, 60, 30))
	if err != nil {
		t.Fatal(err)
	}
	c := h.Cells[0]
	if c.Segment != "new" || c.Item != "tea" || c.Buyers != 4 || c.Below != 3 || c.Upper != 32.5 || c.Median != 25 || c.Money != 37.5 {
		t.Errorf("%+v", c)
	}
	values, err := h.Customers.Values("tea")
	if err != nil {
		t.Fatal(err)
	}
	if values[0] != 22.5 || values[3] != 0 || !math.IsNaN(values[4]) {
		t.Errorf("%v", values[:5])
	}
	categories := sure(t)(b.Categories())
	if got := categories.Items(); !slices.Equal(got, []string{"dairy", "drinks"}) {
		t.Errorf("categories %q", got)
	}
}

// Nobody is offered what they have. By hand: 100 customers buy a pot on the first day. A tenth have had tea before. Of the other 90, 20 take tea
// before the last 90 days begin, 7 within them, and 63 never; new customers of the last 90 days were not watched that long.
func TestOffersLeaveOutWhatCustomersHave(t *testing.T) {
	var lines []string
	buy := func(day, i int, item, price string) {
		date := time.Date(2025, 1, 1+day, 12, 0, 0, 0, time.UTC).Format(time.DateOnly)
		lines = append(lines, fmt.Sprintf("%d-%d,c%d,%s,%s,%s", day, i, i, item, price, date))
	}
	for i := range 100 {
		if i < 10 {
			buy(0, i, "tea", "4")
		}
		buy(1, i, "pot", "20")
		switch {
		case i >= 10 && i < 30:
			buy(100, i, "tea", "6")
			buy(100, i, "pot", "20")
		case i >= 30 && i < 37:
			buy(250, i, "tea", "6")
		}
	}
	for i := 100; i < 105; i++ {
		buy(280, i, "pot", "20")
	}
	buy(300, 999, "mug", "3") // the last day: 90 days before it is day 210
	b := dated(t, lines)
	r, err := b.Rules(basket.Options{MinSupport: .05, MinConfidence: .1})
	if err != nil {
		t.Fatal(err)
	}
	s := halves(t, 105, 50)
	o, err := b.Offers(r, s, basket.OfferOptions{Margin: .5, Never: []string{"pot"}})
	if err != nil {
		t.Fatal(err)
	}
	if len(o.Offers) != 68 || o.Without != 37 {
		t.Fatalf("%d offers, %d without", len(o.Offers), o.Without)
	}
	for _, x := range o.Offers {
		number := 0
		fmt.Sscanf(x.Customer, "c%d", &number)
		if number < 37 || x.Item != "tea" {
			t.Errorf("%s is offered %s", x.Customer, x.Item)
		}
	}
	x := o.Offers[0]
	near(t, "those in the same place", float64(x.Alike), 70, 0)
	near(t, "the chance", x.Chance, 7./70, 1e-12)
	near(t, "the value", x.Value, (10*4+27*6)/37./2, 1e-12)
	near(t, "the expected value", x.Expected, x.Chance*x.Value, 1e-12)
	targets, err := o.Targets()
	if err != nil || targets.K() != 1 || len(targets.IDs) != 68 {
		t.Errorf("%v, %v", targets, err)
	}
	if page := o.Sheet(); !strings.Contains(page.Caption, "a proposal to test") || !strings.Contains(page.Caption, "in 90 days") || !strings.Contains(strings.Join(page.Notes, " "), "90 days before the last day") {
		t.Errorf("%q, %q", page.Caption, page.Notes)
	}
	if o, err = b.Offers(r, s, basket.OfferOptions{Days: 30}); err != nil || len(o.Offers) != 0 {
		t.Errorf("in the last 30 days nobody took tea, and there are %+v, %v", o, err)
	}
	for want, opt := range map[string]basket.OfferOptions{`did you mean "tea"?`: {Never: []string{"teaa"}}, "choose fewer": {Days: 400}, "a number of days": {Days: -1}} {
		if _, err := b.Offers(r, s, opt); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", opt, err, want)
		}
	}
	if _, err := r.About("teaa"); err == nil || !strings.Contains(err.Error(), `did you mean "tea"?`) {
		t.Errorf("About: %v", err)
	}
	if about, err := r.About("mug"); err != nil || len(about.Rules) != 0 {
		t.Errorf("About an item without rules: %+v, %v", about, err)
	}
}

// Baskets of a file without days go by the next basket: 60 buy a pot and come again, and 15 of them take tea then.
func TestOffersWithoutDaysGoByTheNextBasket(t *testing.T) {
	text := "basket,customer,item\n"
	for i := range 100 {
		text += fmt.Sprintf("a%d,c%d,pot\n", i, i)
		if i < 60 {
			text += fmt.Sprintf("b%d,c%d,%s\n", i, i, map[bool]string{true: "tea", false: "mug"}[i < 15])
		}
		if i >= 30 && i < 60 {
			text += fmt.Sprintf("c%d,c%d,pot\nc%d,c%d,tea\n", i, i, i, i)
		}
	}
	b := sure(t)(basket.ReadCSV(file(t, text)))
	r, err := b.Rules(basket.Options{MinSupport: .05, MinConfidence: .1})
	if err != nil {
		t.Fatal(err)
	}
	o, err := b.Offers(r, halves(t, 100, 50), basket.OfferOptions{Never: []string{"mug", "pot"}})
	if err != nil || len(o.Offers) != 55 {
		t.Fatalf("%+v, %v", o, err)
	}
	near(t, "the chance", o.Offers[0].Chance, 15./60, 1e-12)
	if notes := strings.Join(o.Sheet().Notes, " "); !strings.Contains(notes, "next basket held it") || strings.Contains(notes, "days") {
		t.Error(notes)
	}
}

// The shop's big baskets are found, and a test is spoken of.
func TestLargerBasketsAreWorthATest(t *testing.T) {
	truth, err := datasets.Truth("shop")
	if err != nil {
		t.Fatal(err)
	}
	sizes, err := shop(t).Sizes(truth)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range sizes.Segments {
		if x.Larger() != (x.Segment == "big baskets") {
			t.Errorf("%+v", x)
		}
	}
	if s := sizes.Sheet(); !slices.ContainsFunc(s.Notes, func(n string) bool { return strings.Contains(n, "worth a test") && strings.Contains(n, "stratified") }) {
		t.Errorf("%q", s.Notes)
	}
}

// A segment of three customers is left out and named; baskets and segments that cannot be joined are refused.
func TestSegmentsThatCannotBeComparedAreTold(t *testing.T) {
	var lines []string
	for i := range 100 {
		lines = append(lines, fmt.Sprintf("%d c%d tea drinks 1", i, i), fmt.Sprintf("%d c%d jam food 1", i, i))
	}
	b := bought(t, lines)
	three := halves(t, 100, 3)
	for what, notes := range map[string]func() ([]string, error){
		"contrasts":   func() ([]string, error) { x, err := b.BySegment(three, basket.Options{}); return x.Notes, err },
		"penetration": func() ([]string, error) { x, err := b.Penetration(three); return x.Notes, err },
		"headroom":    func() ([]string, error) { x, err := b.Headroom(three); return x.Notes, err },
		"sizes":       func() ([]string, error) { x, err := b.Sizes(three); return x.Notes, err },
	} {
		if n, err := notes(); err != nil || len(n) == 0 || !strings.Contains(n[0], `"new" has 3 customers with a basket: too few`) {
			t.Errorf("%s: %q, %v", what, n, err)
		}
	}
	tiny := halves(t, 4, 2)
	if _, err := b.BySegment(tiny, basket.Options{}); !errors.Is(err, fault.ErrEmpty) {
		t.Error(err)
	}
	strangers, _ := table.NewSegments([]string{"x"}, table.Labels{0}, nil)
	if _, err := b.Penetration(strangers); !errors.Is(err, fault.ErrUnmatched) {
		t.Error(err)
	}
	lists := sure(t)(basket.FromLists([][]string{{"tea"}}))
	if _, err := lists.Sizes(three); !errors.Is(err, fault.ErrMissingColumn) || !strings.Contains(err.Error(), "do not say whose they are") {
		t.Error(err)
	}
	if _, err := lists.Categories(); !errors.Is(err, fault.ErrMissingColumn) {
		t.Error(err)
	}
	unpaid := sure(t)(basket.ReadCSV(file(t, "basket,item,customer\n1,tea,c0\n")))
	if _, err := unpaid.Headroom(three); err == nil || !strings.Contains(err.Error(), "what was paid") {
		t.Error(err)
	}
	r, err := b.Rules(basket.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Rules == nil || !slices.ContainsFunc(r.Notes, func(n string) bool { return strings.Contains(n, `"jam" and "tea" are in every basket`) }) {
		t.Errorf("%q", r.Notes)
	}
	if _, err := unpaid.Offers(r, three); !errors.Is(err, fault.ErrUnmatched) {
		t.Error(err)
	}
}

// An order that stands twice under two numbers is told, and counts; one that stands twice under one number counts once.
func TestDuplicateOrdersAreTold(t *testing.T) {
	text := "order_id,customer_id,product,unit_price,order_date\n" +
		"1,a,tea,2,2025-01-01 10:00\n1,a,jam,3,2025-01-01 10:00\n2,a,tea,2,2025-01-01 10:00\n2,a,jam,3,2025-01-01 10:00\n3,b,tea,2,2025-01-02 10:00\n3,b,tea,2,2025-01-02 10:00\n"
	orders, err := features.ParseOrders(strings.NewReader(text), "orders.csv", features.OrdersOptions{})
	if err != nil {
		t.Fatal(err)
	}
	clean, err := orders.Clean()
	if err != nil {
		t.Fatal(err)
	}
	b := sure(t)(basket.FromOrders(clean))
	said := strings.Join(b.Notes, " ")
	if b.Count() != 3 || !strings.Contains(said, "1 order holds the same items as another order of the same customer") || !strings.Contains(said, "1 line repeated one") {
		t.Errorf("%d baskets, %q", b.Count(), said)
	}
	upTo := sure(t)(basket.FromOrders(clean, basket.OrdersOptions{AsOf: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)}))
	if upTo.Count() != 2 {
		t.Errorf("%d baskets up to the first day", upTo.Count())
	}
	if _, err := basket.FromOrders(clean, basket.OrdersOptions{Categories: true}); err == nil || !strings.Contains(err.Error(), "no categories on its lines") {
		t.Error(err)
	}
}

// Lines that are no goods are no items, wherever baskets come from: no rule, offer, gap or headroom has them. What they cost stays in what was paid for the
// basket, an order of nothing else is none, and those that are goods after all can be named.
func TestLinesThatAreNoGoodsAreNotOffered(t *testing.T) {
	text := "order_id,customer_id,stock_code,description,unit_price,quantity,order_date\n"
	line := func(order, customer int, code, name, price string, day int) {
		text += fmt.Sprintf("%d,c%d,%s,%s,%s,1,%s\n", order, customer, code, name, price, time.Date(2025, 1, 1+day, 0, 0, 0, 0, time.UTC).Format("2006-01-02"))
	}
	for i := range 240 { // tea goes with postage always, with jam in two of three orders
		line(i, i%120, "10001", "TEA", "5", i)
		line(i, i%120, "POST", "POSTAGE", "3", i)
		if i%3 > 0 {
			line(i, i%120, "10002", "JAM", "2", i)
		} else {
			line(i, i%120, "10003", "BREAD", "2", i)
		}
	}
	line(900, 1, "M", "Manual", "9", 10)
	line(901, 2, "SHIPPING", "", "4", 10)
	orders, err := features.ParseOrders(strings.NewReader(text), "orders.csv", features.OrdersOptions{})
	if err != nil {
		t.Fatal(err)
	}
	clean, err := orders.Clean()
	if err != nil {
		t.Fatal(err)
	}
	s := halves(t, 120, 60)
	b := sure(t)(basket.FromOrders(clean))
	if b.Count() != 240 || !slices.Equal(b.Items(), []string{"TEA", "JAM", "BREAD"}) {
		t.Errorf("%d baskets of %q", b.Count(), b.Items())
	}
	const note = `242 lines are no goods by their names: "POSTAGE" (240), "Manual" (1) and "SHIPPING" (1). No rule and no offer has them; what a basket cost includes them. ` +
		`If some are goods, list their names in basket.OrdersOptions.Goods. 2 orders of nothing else were left out.`
	r, err := b.Rules(basket.Options{MinConfidence: -1, Permutations: -1})
	if err != nil || len(r.Rules) == 0 || !slices.Contains(r.Notes, note) {
		t.Fatalf("%v, %q", err, r.Notes)
	}
	offers, err := b.Offers(r, s)
	if err != nil || !slices.Contains(offers.Notes, note) {
		t.Errorf("%v, %q", err, offers.Notes)
	}
	sizes, err := b.Sizes(s)
	if err != nil || sizes.Segments[0].Items.Mean != 2 || sizes.Segments[0].Money.Mean != 10 { // 5 + 3 + 2
		t.Errorf("%v, %+v", err, sizes.Segments)
	}
	kept := sure(t)(basket.FromOrders(clean, basket.OrdersOptions{Goods: []string{"POSTAGE"}}))
	if kept.Count() != 240 || !slices.Contains(kept.Items(), "POSTAGE") || slices.Contains(kept.Items(), "Manual") || strings.Contains(kept.Notes[0], "POSTAGE") {
		t.Errorf("%d baskets of %q, %q", kept.Count(), kept.Items(), kept.Notes)
	}
	if again, err := kept.Sizes(s); err != nil || again.Segments[0].Money.Mean != 10 {
		t.Errorf("%v, %+v", err, again)
	}
	_, err = basket.FromOrders(clean, basket.OrdersOptions{Goods: []string{"POSTAGES"}})
	if err == nil || !errors.Is(err, fault.ErrUnmatched) || !strings.Contains(err.Error(), `did you mean "POSTAGE"`) {
		t.Error(err)
	}
	lists := sure(t)(basket.ReadLists(file(t, "tea,Versandkosten,jam\nVersandkosten\n\ntea\n")))
	if lists.Count() != 2 || !slices.Equal(lists.Items(), []string{"tea", "jam"}) || !strings.Contains(lists.Notes[0], `2 lines are no goods by their names: "Versandkosten" (2)`) {
		t.Errorf("%d baskets of %q, %q", lists.Count(), lists.Items(), lists.Notes)
	}
	rows := sure(t)(basket.ReadCSV(file(t, "basket,item\n1,tea\n1,Frais de port\n2,jam\n"), basket.CSVOptions{Goods: []string{"Frais de port"}}))
	if !slices.Equal(rows.Items(), []string{"Frais de port", "jam", "tea"}) || len(rows.Notes) > 0 {
		t.Errorf("%q, %q", rows.Items(), rows.Notes)
	}
	if _, err := basket.ReadLists(file(t, "Versandkosten\n")); err == nil || !strings.Contains(err.Error(), `there are no baskets. 1 line is no goods by its name: "Versandkosten" (1)`) {
		t.Error(err)
	}
}
