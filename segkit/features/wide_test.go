package features_test

// Files with one column for each month.

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/segkit/lab/segkit/features"
)

func TestWideFiles(t *testing.T) {
	for name, c := range map[string]struct {
		head, cells string // of the months
		days        string // last days
	}{
		"ISO":     {"2024-01,2024-02,2024-03", "", "2024-01-31 2024-02-29 2024-03-31"},
		"English": {"Jan 2024,Feb 2024,Mar 2024", "", "2024-01-31 2024-02-29 2024-03-31"},
		"German":  {"Januar 23,Februar 23,März 23", "", "2023-01-31 2023-02-28 2023-03-31"},
		"slashes": {"01/2024,02/2024,03/2024", "", "2024-01-31 2024-02-29 2024-03-31"},
		"compact": {"202401,202402,202403", "", "2024-01-31 2024-02-29 2024-03-31"},
		"firsts":  {"2024-01-01,2024-02-01,2024-03-01", "", "2024-01-01 2024-02-01 2024-03-01"},
	} {
		file := "Sales by month,,,,,\nCustomer,Country," + c.head + ",Total\nA,NL,10.50,,7.25,17.75\nB,BE,0,12.10,-2.10,10.00\nC,NL,0.00,-,,0\nTotal,,10.50,12.10,5.15,27.75\n"
		o, err := features.ParseOrders(strings.NewReader(file), "wide.csv", features.OrdersOptions{Wide: "last"})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		n, _ := o.Count()
		if n.Lines != 4 || n.Orders != 4 || n.Customers != 2 || n.Sales.String() != "29.85" || n.Refunds.String() != "−2.10" {
			t.Errorf("%s: %+v", name, n)
		}
		var got []string
		lines, _ := o.Lines()
		for l := range lines {
			got = append(got, fmt.Sprintf("%d %s %s %s", l.File, l.Customer, l.Time.Format(time.DateOnly), l.Amount))
		}
		d := strings.Fields(c.days)
		if want := fmt.Sprintf("[3 A %s 10.50 3 A %s 7.25 4 B %s 12.10 4 B %s −2.10]", d[0], d[2], d[1], d[2]); fmt.Sprint(got) != want {
			t.Errorf("%s: %v, want %s", name, got, want)
		}
		notes, _ := o.Notes()
		for _, want := range []string{"Each of 3 columns", "5 months without an order", "Left out: 1 line of totals"} {
			if !strings.Contains(strings.Join(notes, " "), want) {
				t.Errorf("%s: %q is not in %q", name, want, notes)
			}
		}
	}
}

func TestWideFilesAsk(t *testing.T) {
	const file = "customer,Jan 2024,Feb 2024,Mar 2024\nA,10.50,,7.25\nB,,12.10,\n"
	path := fileOf(t, "wide.csv", file)
	r := inspected(t, path)
	if len(r.Questions) != 1 || len(r.Questions[0].Answers) != 2 || r.Questions[0].Answers[0].Flag() != "--wide last" || !strings.Contains(r.Questions[0].Answers[1].Gives, "net 29.85, 2024-01-01 to 2024-03-01") {
		t.Fatalf("%+v", r.Questions)
	}
	first := inspected(t, path, features.OrdersOptions{Wide: "first"})
	if first.Net != "29.85" || first.Customers != 2 || first.Lines != 3 || first.First != "2024-01-01" || len(first.Questions) != 0 {
		t.Errorf("%+v", first)
	}
	if _, err := first.Keep(); err != nil {
		t.Fatal(err)
	}
	o, err := features.ReadOrders(path, features.OrdersOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, last, _ := o.Period(); last.Format(time.DateOnly) != "2024-03-01" {
		t.Errorf("kept options give %s", last)
	}
	for text, want := range map[string]string{
		"customer,January,February,March\nA,1,2,3\n":                 "without its year",
		"customer,2024-01,Jan 2024,2024-03\nA,1,2,3\n":               `is the same month as "2024-01"`,
		"customer,2024-01,2024-02,2024-03\nA,1.50,x,3\n":             `line 2, column "2024-02": "x" is not a number: mend the cell, or list it in features.OrdersOptions.Missing`,
		"customer,Jan 2024,Feb 2024\nA,1,2\nB,,1e17\nC,.1234567,3\n": `line 3, column "Feb 2024"`,
		"buyer,2024-01,2024-02,2024-03\nA,1.50,2,3\n":                "no column for the customer",
		"customer,a,b\nA,1.50,2\n":                                   "names no months",
		"customer,2024-01,2024-02,2024-03\nA,1.50,2,3\nB,1,2\n":      "line 3",
	} {
		if _, err := features.ParseOrders(strings.NewReader(text), "x.csv", features.OrdersOptions{Wide: "last"}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v does not say %q", text, err, want)
		}
		if r, err := features.Inspect(fileOf(t, "x.csv", text), features.OrdersOptions{Wide: "last"}); err == nil && len(r.Questions) == 0 {
			t.Errorf("%q: inspected without a question", text)
		}
	}
}

// A wide file is the same orders as a line for each of its cells, to the cent, however large it is.
func TestWideIsLong(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 11))
	var wide, long strings.Builder
	wide.WriteString("customer")
	long.WriteString("customer,date,amount\n")
	for m := range 24 {
		fmt.Fprintf(&wide, ",%d-%02d", 2023+m/12, m%12+1)
	}
	for c := range 20000 {
		fmt.Fprintf(&wide, "\nC%05d", c)
		for m := range 24 {
			cents := r.IntN(50000)
			if r.IntN(3) > 0 || cents == 0 {
				wide.WriteByte(',')
				continue
			}
			fmt.Fprintf(&wide, ",%d.%02d", cents/100, cents%100)
			fmt.Fprintf(&long, "C%05d,%s,%d.%02d\n", c, time.Date(2023, time.Month(m+2), 0, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), cents/100, cents%100)
		}
	}
	a, err := features.ParseOrders(strings.NewReader(wide.String()), "wide.csv", features.OrdersOptions{Wide: "last"})
	if err != nil {
		t.Fatal(err)
	}
	b, err := features.ParseOrders(strings.NewReader(long.String()), "long.csv", features.OrdersOptions{})
	if err != nil {
		t.Fatal(err)
	}
	n, _ := a.Count()
	if want, _ := b.Count(); n != want {
		t.Errorf("%+v, want %+v", n, want)
	}
}
