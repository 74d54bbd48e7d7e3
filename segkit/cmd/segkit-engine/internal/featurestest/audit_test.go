package featurestest

import (
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/cmd/segkit-engine/internal/enginetest"
	"github.com/segkit/lab/segkit/engine"
	"github.com/segkit/lab/segkit/features"
)

// strange finds the sentences on names.
var strange = regexp.MustCompile("no returned goods|stand for all customers|ids of customers are")

// sameAudit fails unless the database finds what memory finds: as many lines of each kind, worth as much, with the same first line.
func sameAudit(t fatal, got *engine.Orders, orders *features.Orders) {
	t.Helper()
	a, err := got.Audit()
	if err != nil {
		t.Fatalf("%v", err)
	}
	want := orders.Audit()
	if a.Count != want.Count || a.First != want.First || a.Last != want.Last || a.Currency != want.Currency {
		t.Fatalf("audit %+v %s %s, want %+v %s %s", a.Count, a.First, a.Last, want.Count, want.First, want.Last)
	}
	if got, want := names(a.Findings), names(want.Findings); !slices.Equal(got, want) {
		t.Fatalf("looked for %q, want %q", got, want)
	}
	for i, f := range want.Findings {
		mine := a.Findings[i]
		if f.Lines > 0 {
			f.Example.File-- // the file has a header
		}
		if mine.Remedy != f.Remedy || mine.Lines != f.Lines || mine.Money != f.Money || !reflect.DeepEqual(mine.Example, f.Example) {
			t.Fatalf("%s\n%+v\nwant\n%+v", f.Name, mine, f)
		}
	}
	for i, fact := range want.Facts { // what is done about it is done in the database
		fact = regexp.MustCompile(`list (the id|such ids) in features\.OrdersOptions\.Missing`).ReplaceAllString(fact, "make $1 NULL in a Query")
		fact = regexp.MustCompile(`throughout the file before you read it(, or set .*\})?`).ReplaceAllString(fact, "in a Query")
		if want.Facts[i] = fact; strange.MatchString(fact) && !slices.Contains(a.Facts, fact) {
			t.Fatalf("the fact %q is none of %q", fact, a.Facts)
		}
	}
	for _, fact := range a.Facts {
		if !slices.Contains(want.Facts, fact) && !strings.HasPrefix(fact, "Source.Undone answers for any word") { // of which inspect tells, in memory
			t.Fatalf("the fact %q is none of %q", fact, want.Facts)
		}
	}
}

func names(findings []features.Finding) (out []string) {
	for _, f := range findings {
		out = append(out, f.Name)
	}
	return out
}

// What is rare in made-up lines: ids and e-mail addresses that differ in case alone, in several alphabets; codes among product ids; dates far from the others,
// and earlier than the line before; currencies; unknown words of the status.
func oddLines() []line {
	lines := some()
	for i := range lines {
		l := &lines[i]
		l.product = fmt.Sprintf("P%d", 1000+i)
		l.customer = []string{"ab-1", "AB-1", "ä.öl", "Ä.Öl", "ЖУК", "жук", "İx", "ix", "a@B.org", "A@b.org", "other", "NOBODY"}[i]
	}
	lines[3].product, lines[5].when, lines[7].when, lines[8].status = "POST", start.AddDate(-3, 0, 0), start.AddDate(4, 0, 0), "held at the border"
	return lines
}

func TestWhatIsRareIsFoundAsInMemory(t *testing.T) {
	lines := oddLines()
	orders, err := features.ParseOrders(strings.NewReader(file(lines)), "lines.csv", options)
	if err != nil {
		t.Fatal(err)
	}
	none := map[string]int{}
	for _, f := range orders.Audit().Findings {
		none[f.Name] = f.Lines
	}
	for _, name := range []string{"e-mail in another case", "customer id in another case", "not a product", "date far from the others", "earlier than the line before", `status "held at the border"`} {
		if none[name] == 0 {
			t.Errorf("these lines have nothing of %q", name)
		}
	}
	enginetest.Each(t, func(t *testing.T, db *sql.DB, kind string) {
		enginetest.Store(t, db, "featurestest_odd", columns, slices.Values(rows(lines)))
		from := source("featurestest_odd")
		e := open(t, db, kind)
		got, err := e.Orders(from)
		if err != nil {
			t.Fatal(err)
		}
		sameAudit(t, got, orders)
		sameAt(t, got, orders, []features.Rule{features.SameEmail}, start.AddDate(0, 0, 20)) // which goes by the same small letters

		delete(from.Columns, "line") // without which the order of the lines is not known, and the audit says so
		if got, err = e.Orders(from); err != nil {
			t.Fatal(err)
		}
		a, err := got.Audit()
		if err != nil {
			t.Fatal(err)
		}
		if slices.Contains(names(a.Findings), "earlier than the line before") || !slices.ContainsFunc(a.Facts, func(f string) bool { return strings.Contains(f, "were not looked for") }) {
			t.Errorf("%q, %q", names(a.Findings), a.Facts)
		}
	})
}

// The audit in memory and the one on an engine have the same sentences, with the same counts, on ids that stand for nobody, ids of one customer in several writings, and vouchers. Neither reports ids that only look alike.
func TestStrangeNamesAreFoundAsInMemory(t *testing.T) {
	for name, c := range map[string]struct {
		customers, goods []string
		says             []string // none: nothing is strange
	}{
		"marks and zeros":  {customers: []string{"095.170.678-01", "9517067801", "09517067801", "123 456", "123456", "x"}, says: []string{`6 ids of customers are 3 if leading zeros, blanks and punctuation marks are ignored, as in "095.170.678-01", "9517067801" and "09517067801"`}},
		"zeros alone":      {customers: []string{"00123", "123", "124"}, says: []string{`3 ids of customers are 2 if leading zeros are ignored, as in "00123" and "123"`}},
		"a spreadsheet's":  {customers: []string{"17850.0", "17850", "17851.00"}, says: []string{`are 2 if ".0" at the end are ignored, as in "17850.0" and "17850"`}},
		"capitals":         {customers: []string{"Ann", "ann", "ÄNN", "änn"}, says: []string{`4 ids of customers are 2 if capitals are ignored`}},
		"accents":          {customers: []string{"Rene\u0301", "René", "Renè"}, says: []string{`3 ids of customers are 2 if the ways to store accents and blanks are ignored`}},
		"blanks":           {customers: []string{"C\u00a017", "C 17", "C\u200b17"}, says: []string{"ids of customers are"}},
		"several":          {customers: []string{"1-12", "11-2", "a.b@x.org", "ab@x.org", "ann", "ánn", "100", "10", "1.5", "15.5", "AB.0", "AB.1"}},
		"addresses":        {customers: []string{"a@x.org", "A@x.org", "b@x.org"}},
		"nobody by name":   {customers: []string{"GUEST", "a", "GUEST", "Walk-in!", "b", "*Gäste*"}, says: []string{`Customers "GUEST" (2 lines, 33.3 % of all; 4, 33.3 % of the money), "Walk-in!" (1 line,`, `"*Gäste*"`, "make such ids NULL in a Query", `features.Without("customer", "GUEST", "Walk-in!", "*Gäste*")`}},
		"nobody by number": {customers: []string{"00000", "17", "00000", "18"}, says: []string{`Customer "00000" (2 lines, 50.0 % of all;`, "make the id NULL in a Query"}},
		"minus one":        {customers: []string{"-1", "17"}, says: []string{`Customer "-1" (1 line`}},
		"vouchers":         {customers: []string{"a", "b", "c"}, goods: []string{"Gift voucher", "-Tent", "-Gift voucher"}, says: []string{`1 line with an amount below zero is no returned goods, judging by its name: "Gift voucher" (1), −2 in all`}},
	} {
		lines := make([]line, len(c.customers))
		for i, customer := range c.customers {
			one, cents := 1, 200
			lines[i] = line{order: fmt.Sprint("o", i), customer: customer, product: "P1", name: "Tent", when: start.AddDate(0, 0, i), quantity: &one, cents: &cents}
			if c.goods != nil {
				if back, is := strings.CutPrefix(c.goods[i], "-"); is {
					minus := -1
					lines[i].quantity, lines[i].name = &minus, back
				} else {
					lines[i].name = c.goods[i]
				}
			}
		}
		orders, err := features.ParseOrders(strings.NewReader(file(lines)), "lines.csv", options)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) {
			enginetest.Each(t, func(t *testing.T, db *sql.DB, kind string) {
				enginetest.Store(t, db, "featurestest_names", columns, slices.Values(rows(lines)))
				got, err := open(t, db, kind).Orders(source("featurestest_names"))
				if err != nil {
					t.Fatal(err)
				}
				sameAudit(t, got, orders)
				a, err := got.Audit()
				if err != nil {
					t.Fatal(err)
				}
				facts := strings.Join(a.Facts, " ")
				for _, want := range c.says {
					if !strings.Contains(facts, want) {
						t.Errorf("%q does not say %q", facts, want)
					}
				}
				if c.says == nil && strange.MatchString(facts) {
					t.Errorf("nothing is strange, but: %q", facts)
				}
			})
		})
	}
}

// Several currencies are a question of the audit, and no table of customers comes of them unless a rule leaves one: in the database as in memory.
func TestSeveralCurrencies(t *testing.T) {
	lines := some()
	read := options
	read.Currency = "" // which would say that all money is in one
	csv := strings.Split(strings.TrimSpace(file(lines)), "\n")
	for i := range csv {
		csv[i] += "," + []string{"order_currency", "EUR", "EUR", "CHF", "CHF", "CHF", "CHF", "CHF", "CHF", "CHF", "CHF", "CHF", ""}[i]
	}
	orders, err := features.ParseOrders(strings.NewReader(strings.Join(csv, "\n")+"\n"), "lines.csv", read)
	if err != nil {
		t.Fatal(err)
	}
	enginetest.Each(t, func(t *testing.T, db *sql.DB, kind string) {
		enginetest.Store(t, db, "featurestest_money", columns, slices.Values(rows(lines)))
		from := source("featurestest_money")
		from.Currency = ""
		from.Table, from.Query = "", "SELECT f.*, CASE WHEN line < 3 THEN 'EUR' WHEN line < 12 THEN 'CHF' END AS order_currency FROM featurestest_money AS f"
		e := open(t, db, kind)
		one := from
		one.Query = "SELECT f.*, 'USD' AS order_currency FROM featurestest_money AS f"
		if in, err := e.Orders(one); err != nil {
			t.Fatal(err)
		} else if paid, err := in.Audit(); err != nil || paid.Currency != "USD" {
			t.Errorf("money in dollars alone: %+v, %v", paid, err)
		}
		got, err := e.Orders(from)
		if err != nil {
			t.Fatal(err)
		}
		says(t, got.OneCurrency(), `"order_currency"`, "holds EUR and CHF", "one currency", `WHERE "order_currency" = 'EUR'`)
		a, err := got.Audit()
		if err != nil {
			t.Fatal(err)
		}
		want := orders.Audit()
		for i, f := range want.Findings {
			if mine := a.Findings[i]; mine.Name != f.Name || mine.Lines != f.Lines || mine.Money != f.Money {
				t.Errorf("%+v, want %+v", mine, f)
			}
		}
		question := a.Facts[len(a.Facts)-1]
		says(t, errors.New(question), "Question:", "EUR on 2 lines (7.50)", "CHF on 9 lines (45.00)", "Keep one in a Query")
		for _, rules := range [][]features.Rule{{}, {features.Without("currency", "CHF")}, {features.Without("currency", "EUR")}} {
			mine, err := got.Clean(rules...)
			if err != nil {
				t.Fatal(err)
			}
			theirs, err := orders.Clean(rules...)
			if err != nil {
				t.Fatal(err)
			}
			_, wantErr := theirs.Features(start.AddDate(0, 0, 20))
			_, err = mine.Features(start.AddDate(0, 0, 20))
			if sameError(t, fmt.Sprint(rules), err, wantErr) {
				says(t, err, "holds EUR and CHF")
			}
		}
	})
}

// The tester is tested: an audit of other lines does not pass.
func TestTheTester(t *testing.T) {
	one, two := 1, 250
	ledger := &features.Ledger{Opening: features.Count{Lines: one}}
	other := &features.Ledger{Opening: features.Count{Lines: two}}
	failed := &failing{}
	func() {
		defer func() { _ = recover() }()
		sameLedger(failed, ledger, other)
	}()
	if !failed.yes {
		t.Error("two different ledgers pass for the same")
	}
}

// failing notes that a test would have failed.
type failing struct{ yes bool }

func (f *failing) Helper()             {}
func (f *failing) Logf(string, ...any) {}
func (f *failing) Fatalf(string, ...any) {
	f.yes = true
	panic("failed")
}
