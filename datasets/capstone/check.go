package capstone

import (
	"fmt"
	"strings"
	"sync"

	"github.com/segkit/lab/datasets"
	"github.com/segkit/lab/datasets/shop"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// known is what the check knows of a shop.
type known struct {
	name      string
	clean     *features.Cleaned
	customers *table.Table
	kinds     int // of customers; 1 where there are no groups
}

// rules are what the manager of each shop says in the brief, in the words of package features.
var rules = map[string][]features.Rule{
	"a": {features.NoCustomer, features.Duplicate, features.TestOrder, features.NetCancelled, features.ZeroPrice},
	"b": {features.NoCustomer, features.Duplicate, features.TestOrder, features.NetCancelled, features.Without("country", "Belgium")},
}

// What the check knows, made once in a program.
var (
	shopA = sync.OnceValues(func() (*known, error) {
		return look("a", func() (*features.Orders, error) { return datasets.Orders("shop-a") })
	})
	shopB = sync.OnceValues(func() (*known, error) {
		return look("b", func() (*features.Orders, error) { return datasets.Orders("shop-b") })
	})
	others = sync.OnceValues(func() (*known, error) { return look("b", otherOrders) })
)

// otherOrders are those of customers of shop-b who are in no file: drawn as those in the file were, with another seed.
func otherOrders() (*features.Orders, error) {
	var b strings.Builder
	if err := shop.Generate(shop.Options{Unseen: "b", Seed: 91, Customers: 900}).WriteOrders(&b); err != nil {
		return nil, err
	}
	return features.ParseOrders(strings.NewReader(b.String()), "other customers of shop-b", features.OrdersOptions{})
}

// look cleans the orders of a shop, "a" or "b", as its manager wants it.
func look(which string, read func() (*features.Orders, error)) (*known, error) {
	orders, err := read()
	if err != nil {
		return nil, err
	}
	k := &known{name: "shop-" + which, kinds: len(shop.Options{Unseen: which}.SegmentNames())}
	if k.clean, err = orders.Clean(rules[which]...); err != nil {
		return nil, err
	}
	if k.customers, err = k.clean.Features(Day); err != nil {
		return nil, err
	}
	return k, nil
}

// Check grades a hand-in. It reads both shops and makes 900 more customers, which takes about a second; an error is never the fault of the hand-in.
func Check(h HandIn) (*Report, error) {
	report := &Report{Criteria: Rubric()}
	named := map[string]*Criterion{}
	for i := range report.Criteria {
		named[report.Criteria[i].Name] = &report.Criteria[i]
	}
	a, err := shopA()
	if err != nil {
		return nil, err
	}
	b, err := shopB()
	if err != nil {
		return nil, err
	}
	gradeLedger(named["ledger of shop-a"], a, h.A.Ledger)
	gradeLedger(named["ledger of shop-b"], b, h.B.Ledger)
	gradeGroups(named["groups in shop-a?"], a, h.A)
	gradeGroups(named["groups in shop-b?"], b, h.B)
	unseen, err := others()
	if err != nil {
		return nil, err
	}
	gradeSegments(named, b, h)
	gradeRules(named["rules"], b, unseen, h)
	gradeHeldBack(named["held back"], b, unseen, h)
	gradePlan(named["hold-out"], named["size of the test"], b, h)
	gradeMemo(named["memo"], h.Strike)
	if h.Light {
		var asked Criteria
		for _, c := range report.Criteria {
			if !strings.Contains(c.Name, "shop-a") {
				asked = append(asked, c)
			}
		}
		report.Criteria = asked
	}
	return report, nil
}

// missing says that there is nothing to grade.
func (c *Criterion) missing(hint string) { c.Found, c.Hint = "nothing is handed in yet", hint }

// gradeLedger compares what is left with what the manager's rules leave. It wants a ledger that reconciles.
func gradeLedger(c *Criterion, k *known, l *features.Ledger) {
	if l == nil {
		c.missing("orders.Clean(…) gives clean, and clean.Ledger is the ledger (lesson 02)")
		return
	}
	want := k.clean.Ledger
	removed := l.Closing.Net().Units
	for _, s := range l.Steps {
		removed += s.Removed.Net().Units
	}
	net, right := l.Closing.Net(), want.Closing.Net()
	switch off := net.Units - right.Units; {
	case removed != l.Opening.Net().Units:
		c.Found, c.Hint = "what was read, less what was removed, does not equal what is left", "hand in the ledger as Clean made it"
	case l.Opening != want.Opening:
		c.Found, c.Hint = fmt.Sprintf("it opens with %s lines, and %s has %s", sheet.Count(l.Opening.Lines), k.name, sheet.Count(want.Opening.Lines)),
			fmt.Sprintf("read datasets.Orders(%q)", k.name)
	case off != 0:
		c.Found = fmt.Sprintf("%s EUR are left, which is off by %s EUR", net, features.Money{Units: off, Decimals: net.Decimals})
		c.Hint = "go through the brief rule by rule; what goes back goes with the order that it undoes (features.NetCancelled), and features.Without leaves out the values of a column"
	case l.Closing.Lines != want.Closing.Lines || l.Closing.Customers != want.Closing.Customers:
		c.Found = fmt.Sprintf("%s EUR are left, to the cent, but with %s lines of %s customers", net, sheet.Count(l.Closing.Lines), sheet.Count(l.Closing.Customers))
		c.Hint = "a line may cost nothing and still count: is there a rule in the brief for such lines?"
	default:
		c.Points, c.Found = c.Of, fmt.Sprintf("%s EUR are left, to the cent, with %s lines of %s customers", net, sheet.Count(l.Closing.Lines), sheet.Count(l.Closing.Customers))
	}
}

// gradeGroups asks for the right answer, and for a null control on these customers that supports it.
func gradeGroups(c *Criterion, k *known, found Shop) {
	const answer = 6
	if found.Groups == Open {
		c.missing("capstone.Yes or capstone.No, and the sweep that says so (lesson 06)")
		return
	}
	right := (found.Groups == Yes) == (k.kinds > 1)
	if right {
		c.Points += answer
	}
	c.Found = fmt.Sprintf("the answer %q is %s", found.Groups, map[bool]string{true: "right", false: "wrong"}[right])
	if !right {
		c.Hint = "a method finds as many segments as it is asked for, in any data: look at the control, and not at the segments; "
	}
	sweep := found.Evidence
	switch {
	case sweep == nil || sweep.Control == nil || sweep.Control.Draws < 99:
		c.Hint += "Evidence is a choose.SweepK with its draws of one group, the null control: a curve alone bends in any data"
	case !near(sweep.N, k.customers.Len()):
		c.Found += fmt.Sprintf("; the evidence is about %s customers, and the shop has %s", sheet.Count(sweep.N), sheet.Count(k.customers.Len()))
		c.Hint += "hand in the sweep of this shop, as of 30 June 2025"
	case sweep.Control.Structure != (found.Groups == Yes):
		c.Found += "; the null control says otherwise"
		c.Hint += "the answer and its evidence should agree; where several sets of columns disagree, say which you would defend"
	case !right:
		c.Found += ", and the null control agrees with it"
		c.Hint += "which columns did you give it? A few giants or a column that repeats another can look like groups: choose those that describe what customers do, logged"
	default:
		c.Points = c.Of
		c.Found += fmt.Sprintf(", and the null control says the same (p = %s against one Gaussian, %s against the columns' own distributions)",
			sheet.Number(sweep.Control.Gaussian), sheet.Number(sweep.Control.Copula))
	}
}

// near allows for a rule of cleaning more or less, such as the one for Belgium: a customer in ten. The two shops are further apart.
func near(n, want int) bool { return 10*max(n-want, want-n) <= want }
