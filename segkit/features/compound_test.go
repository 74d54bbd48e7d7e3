package features_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/go-gota/gota/dataframe"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
)

// What stands in several columns is offered as one, and read so once that is said and kept.
func TestCompoundColumnsAreOffered(t *testing.T) {
	for name, c := range map[string]struct{ file, flag, net, first string }{
		"names":  {"Order,First Name,Last Name,Date,Amount\n1,Ann,Lee,2024-03-14,59\n2,Bob,Lee,2024-03-15,19\n3,Ann,Lee,2024-03-16,19\n", "--role customer='First Name + Last Name'", "97", "2024-03-14"},
		"days":   {"Jahr;Monat;Tag;Kunde;Betrag\n2024;3;1;a;5,50\n2024;3;12;b;7,50\n2024;11;2;a;1,00\n", "--role date='Jahr + Monat + Tag'", "14.0", "2024-03-01"},
		"months": {"year,month,day,customer,amount\n2024,March,1,a,5\n2024,April,12,b,7\n", "--role date='year + month + day'", "12", "2024-03-01"},
		"sides":  {"Date,Customer No,Document,Debit,Credit\n2024-03-01,c1,RE-1,100.00,\n2024-03-05,c2,RE-2,50.00,0.00\n2024-03-09,c1,GS-1,,20.00\n2024-03-10,c1,GS-2,0.00,-5.00\n", "--role amount='Debit - Credit'", "125", "2024-03-01"},
	} {
		path := fileOf(t, "orders.csv", c.file)
		r := inspected(t, path)
		if len(r.Questions) != 1 || len(r.Questions[0].Answers) != 1 || r.Questions[0].Answers[0].Flag() != c.flag {
			t.Errorf("%s: asked %+v", name, r.Questions)
			continue
		}
		var o features.OrdersOptions
		set(&o, r.Questions[0].Answers[0])
		r = inspected(t, path, o)
		if r.Net != c.net || r.First != c.first || r.Customers != 2 || len(r.Questions) != 0 || !strings.Contains(r.Sheet().Text(), "part of") {
			t.Errorf("%s: %+v", name, r)
		}
		if _, err := r.Keep(); err != nil {
			t.Error(err)
		}
		if read, err := features.ReadOrders(path, features.OrdersOptions{}); err != nil {
			t.Errorf("%s: %v", name, err)
		} else if n, _ := read.Count(); n.Customers != 2 || n.Net().String() != c.net {
			t.Errorf("%s: %+v", name, n)
		}
	}
}

// A file whose columns were cut in parts is the same orders as the whole one, whatever stands between.
func TestCompoundColumnsAreTheWhole(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 9))
	var whole, parts strings.Builder
	whole.WriteString("order,customer,date,product,amount\n")
	parts.WriteString("order,first,last,year,month,day,time,product,out,back\n")
	for i := range 6000 {
		first, last := []string{"Ann", "Bob", "Eve"}[r.IntN(3)], fmt.Sprintf("N%d", r.IntN(40))
		y, m, d, hour, cents := 2023+r.IntN(2), 1+r.IntN(12), 1+r.IntN(28), r.IntN(24), r.IntN(20000)-5000
		fmt.Fprintf(&whole, "%d,%s %s,%d-%02d-%02d %02d:30,P%d,%d.%02d\n", i/2, first, last, y, m, d, hour, i%9, cents/100, max(cents, -cents)%100)
		if cents < 0 && cents > -100 { // -0.50
			text := whole.String()
			whole.Reset()
			whole.WriteString(text[:strings.LastIndex(text, ",")] + fmt.Sprintf(",-0.%02d\n", -cents))
		}
		out, back := fmt.Sprintf("%d.%02d", cents/100, cents%100), ""
		if cents < 0 {
			out, back = []string{"", "0.00"}[r.IntN(2)], fmt.Sprintf("%d.%02d", -cents/100, -cents%100)
		}
		fmt.Fprintf(&parts, "%d,%s,\"%s\",%d,%d,%d,%02d:30,P%d,%s,%s\n", i/2, first, last, y, m, d, hour, i%9, out, back)
	}
	a, err := features.ParseOrders(strings.NewReader(whole.String()), "whole.csv", features.OrdersOptions{})
	if err != nil {
		t.Fatal(err)
	}
	b, err := features.ParseOrders(strings.NewReader(parts.String()), "parts.csv",
		features.OrdersOptions{Customer: "first + last", Date: "year + month + day + time", Amount: "out - back"})
	if err != nil {
		t.Fatal(err)
	}
	want, err := a.Lines()
	if err != nil {
		t.Fatal(err)
	}
	var lines []features.Line
	for l := range want {
		lines = append(lines, l)
	}
	got, err := b.Lines()
	if err != nil {
		t.Fatal(err)
	}
	i := 0
	for l := range got {
		if w := lines[i]; l.Customer != w.Customer || !l.Time.Equal(w.Time) || l.Amount != w.Amount || l.Order != w.Order || l.Product != w.Product {
			t.Fatalf("line %d: %+v, want %+v", i, l, w)
		}
		i++
	}
	if i != len(lines) {
		t.Errorf("%d lines, want %d", i, len(lines))
	}
}

// In a file with a column for each month, too.
func TestCompoundColumnsOfWideFiles(t *testing.T) {
	path := fileOf(t, "wide.csv", "First Name,Last Name,2024-01,2024-02,2024-03\nAnn,Lee,5,,7\nBob,Lee,1,2,\nAnn,Ray,,3,\nTotal,,6,5,7\n")
	r := inspected(t, path, features.OrdersOptions{Wide: "last"})
	if len(r.Questions) != 1 || len(r.Questions[0].Answers) != 1 || r.Questions[0].Answers[0].Value != "First Name + Last Name" {
		t.Fatalf("%+v", r.Questions)
	}
	r = inspected(t, path, features.OrdersOptions{Wide: "last", Customer: "First Name + Last Name"})
	if r.Customers != 3 || r.Net != "18" || len(r.Questions) != 0 {
		t.Errorf("%+v", r)
	}
}

func TestCompoundColumnsRefuse(t *testing.T) {
	const file = "customer,date,debit,credit\na,2024-03-01,5,\nb,2024-03-02,6,2\n"
	_, err := features.ParseOrders(strings.NewReader(file), "x.csv", features.OrdersOptions{Amount: "debit - credit"})
	if err == nil || !strings.Contains(err.Error(), `line 3, column "debit - credit": "6 - 2" is not a number`) {
		t.Errorf("both sides: %v", err)
	}
	for _, name := range []string{"debit - nothing", "debit + ", " + debit", "debit - credit - debit", "date + tim"} {
		if _, err := features.ParseOrders(strings.NewReader(file), "x.csv", features.OrdersOptions{Amount: name}); !errors.Is(err, fault.ErrMissingColumn) {
			t.Errorf("%q: %v", name, err)
		}
	}
	df := dataframe.ReadCSV(strings.NewReader("first,last,date,amount\nAnn,Lee,2024-03-01,5\nAnn,Ray,2024-03-02,6\n"))
	o, err := features.OrdersFromFrame(df, features.OrdersOptions{Customer: "first + last"})
	if err != nil {
		t.Fatal(err)
	}
	if n, _ := o.Count(); n.Customers != 2 || n.Net().String() != "11" {
		t.Errorf("from a frame: %+v", n)
	}
	timed, err := features.ParseOrders(strings.NewReader("order,customer,date,time,amount\n1,a,2024-03-01,10:15,5\n"), "x.csv", features.OrdersOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if notes, _ := timed.Notes(); len(notes) != 1 || !strings.Contains(notes[0], `Date = "date + time" reads both`) {
		t.Errorf("%q", notes)
	}
}
