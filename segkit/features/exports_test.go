package features_test

// Kinds of exports that companies make, and files that are none.

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
)

const short = "order_id,customer_id,date,amount\n"

func TestKindsOfExports(t *testing.T) {
	for name, c := range map[string]struct {
		file string
		o    features.OrdersOptions
		want string // sales, refunds, currency, first and last day; or a part of the question
	}{
		"thousands":                {short + "1,a,2024-01-05,\"25,000\"\n2,b,2024-01-06,\"3,000\"\n", features.OrdersOptions{}, "to '.', and the money of the file adds up to 28,000, or to ',', and the money of the file adds up to 28"},
		"thousands, points":        {short + "1,a,2024-01-05,\"25,000\"\n2,b,2024-01-06,\"3,000\"\n", features.OrdersOptions{Decimal: '.'}, "28,000 0  2024-01-05 2024-01-06"},
		"thousands, commas":        {short + "1,a,2024-01-05,\"25,000\"\n2,b,2024-01-06,\"3,000\"\n", features.OrdersOptions{Decimal: ','}, "28 0  2024-01-05 2024-01-06"},
		"thousands in German":      {"order_id;customer_id;date;amount\n1;a;2024-01-05;1.355,90\n2;b;2024-01-06;12,00\n", features.OrdersOptions{}, "1,367.9 0.0  2024-01-05 2024-01-06"},
		"units of 1.000":           {"order_id,customer_id,date,quantity,price\n1,a,2024-01-05,1.000,2.50\n", features.OrdersOptions{}, "1,000"},
		"currency":                 {short + "1,a,2024-01-05,\"$1,234.56\"\n2,b,2024-01-06,$40.00\n", features.OrdersOptions{}, "1,274.56 0.00 $ 2024-01-05 2024-01-06"},
		"two currencies":           {short + "1,a,2024-01-05,$12.50\n2,b,2024-01-06,€40.00\n", features.OrdersOptions{}, "$"},
		"a dollar of two names":    {short + "1,a,2024-01-05,$12.50\n2,b,2024-01-06,USD 40.00\n3,b,2024-01-07,10.00 USD\n4,c,2024-01-08,-$5\n", features.OrdersOptions{}, "62.5 −5.0 USD 2024-01-05 2024-01-08"},
		"dollars of two countries": {short + "1,a,2024-01-05,$12.50\n2,b,2024-01-06,CAD 40.00\n3,b,2024-01-07,10.00 USD\n", features.OrdersOptions{}, "they cannot be added up"},
		"dollars, but whose":       {short + "1,a,2024-01-05,$12.50\n2,b,2024-01-06,CAD 40.00\n", features.OrdersOptions{}, "they cannot be added up"},
		"accounting":               {short + "1,a,2024-01-05,12.50\n2,a,2024-01-06,(12.50)\n", features.OrdersOptions{}, "12.5 −12.5  2024-01-05 2024-01-06"},
		"trailing minus":           {short + "1,a,2024-01-05,12.50\n2,a,2024-01-06,12.50-\n", features.OrdersOptions{}, "12.5 −12.5  2024-01-05 2024-01-06"},
		"dashes for cents":         {"order_id;customer_id;date;amount\n1;a;2024-01-05;€ 1.355,--\n2;a;2024-01-06;€ 12,50\n", features.OrdersOptions{}, "1,367.5 0.0 EUR 2024-01-05 2024-01-06"},
		"a dash for nothing":       {short + "1,a,2024-01-05,\"$ 1,234.56\"\n2,a,2024-01-06,$ (40.00)\n3,b,2024-01-07, $ -   \n", features.OrdersOptions{}, "1,234.56 −40.00 $ 2024-01-05 2024-01-07"},
		"shares":                   {short + "1,a,2024-01-05,12%\n2,a,2024-01-06,5%\n", features.OrdersOptions{}, "is a percentage, not money"},
		"money as a quantity":      {"order_id,customer_id,date,quantity,price\n1,a,2024-01-05,$2,2.50\n", features.OrdersOptions{}, "is in $, so it is not a quantity"},
		"currency in the header":   {"order_id,customer_id,date,amount (EUR)\n1,a,2024-01-05,10\n", features.OrdersOptions{}, "10 0 EUR 2024-01-05 2024-01-05"},
		"currency behind a blank":  {"order_id;customer_id;date;Betrag in EUR\n1;a;2024-01-05;10,50\n", features.OrdersOptions{}, "10.5 0.0 EUR 2024-01-05 2024-01-05"},
		"currency in snakes":       {"order_id,customer_id,date,amount_usd\n1,a,2024-01-05,10.50\n", features.OrdersOptions{}, "10.5 0.0 USD 2024-01-05 2024-01-05"},
		"pieces sold":              {"order_id,customer_id,date,sales units,price\n1,a,2024-01-05,2,11\n", features.OrdersOptions{}, `though "sales units" (2 in line 2) may say how many pieces`},
		"pieces sold, not counted": {"order_id,customer_id,date,sales units,price\n1,a,2024-01-05,2,11\n", features.OrdersOptions{Amount: "price"}, "11 0  2024-01-05 2024-01-05"},
		"in two currencies":        {"order_id,customer_id,date,price (EUR),price (USD)\n1,a,2024-01-05,10,11\n", features.OrdersOptions{}, "perhaps to \"price (EUR)\" or \"price (USD)\""},
		"currency of the cells":    {"order_id,customer_id,date,amount (EUR)\n1,a,2024-01-05,10 CHF\n", features.OrdersOptions{}, "10 0 CHF 2024-01-05 2024-01-05"},
		"two marks of byte order":  {"\ufeff\ufeff" + short + "1,a,2024-01-05,10\n", features.OrdersOptions{Order: "order_id"}, "10 0  2024-01-05 2024-01-05"},
		"Polish":                   {"Nr zamówienia;Data;Klient;Produkt;Kategoria;Ilość;Cena;Wartość;Status\n1001;2025-01-05;Anna Żak;Kubek;Kuchnia;2;12,50 zł;25,00 zł;Zrealizowane\n1002;2025-01-06;Łukasz Wróbel;Garnek;Kuchnia;1;89,99 zł;89,99 zł;Anulowane\n", features.OrdersOptions{}, "114.99 0.00 PLN 2025-01-05 2025-01-06"},
		"Polish, of the line":      {"Numer faktury;Data sprzedaży;Nabywca;Nazwa towaru;Ilość;Wartość brutto;Waluta\n1;05.01.2025;a;Kubek;2;25,00;PLN\n2;06.01.2025;b;Garnek;1;89,99;PLN\n", features.OrdersOptions{}, "114.99 0.00 PLN 2025-01-05 2025-01-06"},
		"totals of a pivot table":  {"Bestellnr;Kunde;Datum;Betrag\n1;a;05.01.2024;10\n2;b;06.01.2024;12\n;Gesamtergebnis;;22\n", features.OrdersOptions{}, "22 0  2024-01-05 2024-01-06"},
		"credit notes by type":     {"invoice,customer,date,type,amount\n1,a,2024-01-05,INV,100\n2,a,2024-01-09,CN,40\n3,b,2024-01-10,INV,50\n", features.OrdersOptions{}, "150 −40  2024-01-05 2024-01-10"},
		"a type of something else": {"invoice,customer,date,type,amount\n1,a,2024-01-05,chair,100\n2,a,2024-01-09,table,40\n", features.OrdersOptions{}, "140 0  2024-01-05 2024-01-09"},
		"subtotals of customers":   {"Customer,Order,Date,Amount\na,1,2024-01-05,10\na,2,2024-01-06,5\na Total,,,15\nb,3,2024-01-07,7\nb Total,,,7\nGrand Total,,,22\n", features.OrdersOptions{}, "22 0  2024-01-05 2024-01-07"},
		"a name that ends so":      {"Customer,Order,Date,Amount\nMotor Total,1,2024-01-05,10\n", features.OrdersOptions{}, "10 0  2024-01-05 2024-01-05"},
		"float noise of a zero":    {short + "1,a,2024-01-05,12.50\n2,a,2024-01-06,4.440892e-16\n", features.OrdersOptions{}, "12.5 0.0  2024-01-05 2024-01-06"},
		"mixed dates":              {short + "1,a,01-05-2019,10\n2,b,1/27/2019,12\n3,a,3/8/2019,7\n", features.OrdersOptions{}, "OrdersOptions.DateLayout"},
		"mixed dates, two layouts": {short + "1,a,01-05-2019,10\n2,b,1/27/2019,12\n3,a,3/8/2019,7\n", features.OrdersOptions{DateLayout: "01-02-2006 | 1/2/2006"}, "29 0  2019-01-05 2019-03-08"},
		"day or month":             {short + "1,a,01/05/2019,10\n2,b,02/03/2019,12\n", features.OrdersOptions{}, "OrdersOptions.DateLayout"},
		"serials":                  {short + "1,a,43831,10\n2,a,43862,5\n", features.OrdersOptions{DateLayout: "excel"}, "15 0  2020-01-01 2020-02-01"},
		"seconds":                  {short + "1,a,1577836800,10\n2,a,1580515200,5\n", features.OrdersOptions{}, "15 0  2020-01-01 2020-02-01"},
		"strftime":                 {short + "1,a,01/05/2019,10\n2,b,02/03/2019,12\n", features.OrdersOptions{DateLayout: "%m/%d/%Y"}, "22 0  2019-01-05 2019-02-03"},
		"zones":                    {short + "1,a,2024-01-05 23:30:00 -0500,10\n2,b,2024-06-06 23:30:00 -0400,12\n", features.OrdersOptions{}, "OrdersOptions.Zone"},
		"zones as written":         {short + "1,a,2024-01-05 23:30:00 -0500,10\n2,b,2024-06-06 23:30:00 -0400,12\n", features.OrdersOptions{Zone: "as written"}, "22 0  2024-01-05 2024-06-06"},
		"zones converted":          {short + "1,a,2024-01-05 23:30:00 -0500,10\n2,b,2024-06-06 23:30:00 -0400,12\n", features.OrdersOptions{Zone: "UTC"}, "22 0  2024-01-06 2024-06-07"},
		"title":                    {"Order report\n\n" + short + "1,a,2024-01-05,10\n", features.OrdersOptions{}, "10 0  2024-01-05 2024-01-05"},
		"no header":                {"1,a,2024-01-05,10\n2,b,2024-01-06,11\n", features.OrdersOptions{Header: []string{"order", "customer", "date", "amount"}}, "21 0  2024-01-05 2024-01-06"},
		"totals":                   {short + "1,a,2024-01-05,10\nTotal,,,10\n,,,10\n(1 row affected)\n", features.OrdersOptions{}, "10 0  2024-01-05 2024-01-05"},
		"amount twice":             {"order_id,customer_id,date,amount,amount\n1,a,2024-01-05,10,12\n", features.OrdersOptions{}, `set features.OrdersOptions.Amount to "amount (column 4)" or "amount (column 5)"`},
		"one amount of two":        {"order_id,customer_id,date,amount,amount\n1,a,2024-01-05,10,12\n", features.OrdersOptions{Amount: "amount (column 5)"}, "12 0  2024-01-05 2024-01-05"},
		"a column per month":       {"customer_id,2024-01,2024-02,2024-03\na,10,0,5\nb,1,2,3\n", features.OrdersOptions{}, "one order on that day of its month"},
		"several questions":        {short + "1,a,01/05/2019,\"1,000\"\n", features.OrdersOptions{}, "Also, "},
	} {
		o, err := features.ParseOrders(strings.NewReader(c.file), "orders.csv", c.o)
		got := fmt.Sprint(err)
		if err == nil {
			n, err := o.Count()
			first, last, err2 := o.Period()
			if err != nil || err2 != nil {
				t.Fatal(err, err2)
			}
			got = strings.Join([]string{n.Sales.String(), n.Refunds.String(), o.Currency(), first.Format(time.DateOnly), last.Format(time.DateOnly)}, " ")
		}
		if got != c.want && (err == nil || !strings.Contains(got, c.want)) {
			t.Errorf("%s: %s\nwant %s", name, got, c.want)
		}
	}
}

func TestMissingValuesAreCountedAndLeftOut(t *testing.T) {
	file := "order_id,customer_id,date,price,quantity\n1,a,2024-01-05,10,1\n2,b,2024-01-06,4,\\N\n3,c,,6,2\n4,c,2024-01-08,,1\n5,c,2024-01-09,-,1\n6,c,2024-01-10,7,1\n"
	if _, err := features.ParseOrders(strings.NewReader(file), "orders.csv", features.OrdersOptions{}); err == nil || !strings.Contains(err.Error(), `OrdersOptions.Missing ("-")`) {
		t.Fatalf("a dash: %v", err)
	}
	o, err := features.ParseOrders(strings.NewReader(file), "orders.csv", features.OrdersOptions{Missing: []string{"", `\N`, "-"}})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]int{}
	for _, f := range o.Audit().Findings {
		found[f.Name] = f.Lines
	}
	if found["no date"] != 1 || found["no quantity"] != 1 || found["no price or amount"] != 2 {
		t.Errorf("audit: %v", found)
	}
	asOf := time.Date(2024, 1, 10, 0, 0, 0, 0, time.UTC)
	c, err := o.Clean()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Features(asOf); !errors.Is(err, fault.ErrSchema) || !strings.Contains(err.Error(), "line 3") || !strings.Contains(err.Error(), "4 lines") || !strings.Contains(err.Error(), "features.MissingValue") {
		t.Errorf("features of lines without values: %v", err)
	}
	if c, err := o.Clean(append([]features.Rule{features.MissingValue}, features.UsualRules...)...); err != nil { // what the error says to write
		t.Error(err)
	} else if _, err := c.Features(asOf); err != nil {
		t.Error(err)
	}
	if c, err = o.Clean(features.MissingValue); err != nil || c.Ledger.Steps[0].Removed.Lines != 4 || c.Ledger.Closing.Lines != 2 {
		t.Fatalf("ledger: %+v, %v", c, err)
	}
	customers, err := c.Features(asOf)
	if err != nil || len(customers.IDs()) != 2 {
		t.Errorf("%v, %v", customers, err)
	}
}

// What is missing or cannot be read is held as 0 and is not a 0; a line without a date is not out of order, nor is the one below it.
func TestMissingValuesAreNoZeros(t *testing.T) {
	file := "order_id,customer_id,date,price,quantity\n1,a,2024-01-05,10,1\n2,b,2024-01-06,n/a,1\n3,c,,6,2\n4,c,2024-01-08,5,zwei\n5,c,2024-01-09,3,0\n6,c,2024-01-10,7,n/a\n"
	o, err := features.ParseOrders(strings.NewReader(file), "orders.csv", features.OrdersOptions{Missing: []string{"", "n/a", "zwei"}})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]int{}
	for _, f := range o.Audit().Findings {
		found[f.Name] = f.Lines
	}
	for name, want := range map[string]int{"zero price": 0, "zero quantity": 1, "earlier than the line before": 0, "no date": 1, "no quantity": 2, "no price or amount": 1} {
		if found[name] != want {
			t.Errorf("%s: %d lines, want %d", name, found[name], want)
		}
	}
	c, err := o.Clean(features.ZeroPrice, features.ZeroQuantity, features.MissingValue)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []int{0, 1, 4} {
		if got := c.Ledger.Steps[i].Removed.Lines; got != want {
			t.Errorf("%s removed %d lines, want %d", c.Ledger.Steps[i].Rule, got, want)
		}
	}
}

// Lines without an order number are orders by day: never one order.
func TestAnEmptyKeyIsNoKey(t *testing.T) {
	o, err := features.ParseOrders(strings.NewReader(short+",a,2024-01-05,10\n,a,2024-02-05,10\n,a,2024-03-05,10\n77,a,2024-03-09,10\n78,b,2024-03-10,10\n"), "orders.csv", features.OrdersOptions{})
	if err != nil {
		t.Fatal(err)
	}
	c, err := o.Clean()
	if err != nil {
		t.Fatal(err)
	}
	customers, err := c.Features(time.Date(2024, 3, 10, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]float64{"orders": 4, "basket": 10} {
		if v, err := customers.Values(name); err != nil || math.Abs(v[0]-want) > 1e-9 {
			t.Errorf("%s of a is %v (%v), want %v", name, v, err, want)
		}
	}
}

// What the first megabyte lets one think is wrong in these files; the last line decides.
func TestTheLastLineDecides(t *testing.T) {
	var b strings.Builder
	b.WriteString(short)
	for i := range 63_000 {
		fmt.Fprintf(&b, "%d,c%d,%02d/%02d/2024,\"%d,000\"\n", i, i%100, 1+i%12, 1+i%12, 1+i%9)
	}
	b.WriteString("x,y,12/31/2024,0.50\n")
	for name, in := range map[string]io.Reader{"file": strings.NewReader(b.String()), "pipe": io.MultiReader(strings.NewReader(b.String()))} {
		o, err := features.ParseOrders(in, "orders.csv", features.OrdersOptions{})
		if name == "pipe" {
			if err == nil || !strings.Contains(err.Error(), `cannot be read twice: set features.OrdersOptions.DateLayout to "`) {
				t.Errorf("pipe: %v", err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		n, err := o.Count()
		_, last, _ := o.Period()
		if err != nil || n.Sales.String() != "315,000,000.5" || last.Format(time.DateOnly) != "2024-12-31" {
			t.Errorf("%v to %v, %v", n.Sales, last, err)
		}
	}
}

func TestWhatIsNoOrderFile(t *testing.T) {
	good := short + "1,a,2024-01-05,10\n"
	for name, c := range map[string]struct{ file, want string }{
		"binary":              {"\x7fELF\x02\x01\x01" + strings.Repeat("\x00\x01\x02", 100), "binary"},
		"Excel renamed":       {"PK\x03\x04" + strings.Repeat("\x00\x01", 100), "workbook"},
		"old Excel renamed":   {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 500), ".xls"},
		"page named .csv":     {"<html><body><table><tr><td>order_id</td></tr></table>", "HTML"},
		"half a character":    {short + "1,caf\xc3,2024-01-05,10\n2,b,2024-01-06,11\n", "the middle of a character"},
		"quote never closed":  {good + "2,\"b,2024-01-05,10\n" + strings.Repeat("3,c,2024-01-05,10\n", 10<<20/18), "not closed"},
		"cells of 10 MB":      {good + "2," + strings.Repeat("b", 10<<20) + ",2024-01-05,10\n", "bytes"},
		"one line of 20 MB":   {strings.Repeat("b", 20<<20), "no CSV file"},
		"ten MB without line": {short + strings.Repeat("1,a,2024-01-05,10,", 10<<20/18), "line 2"},
	} {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		_, err := features.ParseOrders(strings.NewReader(c.file), "orders.csv", features.OrdersOptions{})
		runtime.ReadMemStats(&after)
		if err == nil || !strings.Contains(err.Error(), c.want) || len(err.Error()) > 700 {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
		if used := after.TotalAlloc - before.TotalAlloc; used > 500<<20 {
			t.Errorf("%s: %d MB were used", name, used>>20)
		}
	}
}

func TestPipesAndFilesThatGrow(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe.csv")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip("no named pipes here: ", err)
	}
	go func() {
		f, err := os.OpenFile(pipe, os.O_WRONLY, 0)
		if err == nil {
			io.WriteString(f, short+"1,a,2024-01-05,10\n")
			f.Close()
		}
	}()
	o, err := features.ReadOrders(pipe, features.OrdersOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := o.Count(); err != nil || n.Lines != 1 {
		t.Errorf("%v, %v", n, err)
	}
}

// Last lines without customer and date are totals, unless they name what was bought, how many and for how much: then they count as lines of nobody, as they would
// further up, in every reader. Such a line is a total only where it adds up the others.
func TestLastLinesOfNobodyCount(t *testing.T) {
	defer features.LargeFrom(0)()
	const head, two, worth = "order,date,customer,product,description,quantity,price\n", "1,2025-01-10,a,P,Priorat,6,39.79\n2,2025-02-23,b,C,Cava,12,9.79\n", 35622
	for name, c := range map[string]struct {
		last   string
		lines  int // that count, of the last ones
		net    int64
		totals int
	}{
		"goods":                            {",,,A,Albariño,2,12.50\n,,,R,Rosado,3,6.80\n", 2, worth + 4540, 0},
		"by their name":                    {",,,,Albariño,2,12.50\n", 1, worth + 2500, 0},
		"their total":                      {",,,A,Albariño,2,12.50\n,,,R,Rosado,3,6.80\n,,,,,23,401.62\n", 2, worth + 4540, 1},
		"that says so":                     {",,,A,Albariño,2,12.50\nTotal,,,,,20,381.22\n", 1, worth + 2500, 1},
		"no product":                       {",,,,,2,12.50\n", 0, worth, 1},
		"a product that is called total":   {",,,Total,,18,12.50\n", 0, worth, 1},
		"no quantity":                      {",,,A,Albariño,,12.50\n", 0, worth, 1},
		"no price":                         {",,,A,Albariño,2,\n", 0, worth, 1},
		"adds up":                          {",,,all,all of it,1,356.22\n", 0, worth, 1},
		"adds up in its price":             {",,,all,all of it,18,356.22\n", 0, worth, 1},
		"adds up, and another, of nothing": {",,,,,18,356.22\n,,,all,all of it,1,356.22\n", 0, worth, 2},
		"adds up what is nobody's as well": {",,,A,Albariño,2,12.50\n,,,all,all of it,1,381.22\n", 1, worth + 2500, 1},
		"adds up what is somebody's":       {",,,A,Albariño,2,12.50\n,,,all,all of it,1,356.22\n", 1, worth + 2500, 1},
		"a cent less":                      {",,,all,all of it,1,356.21\n", 1, worth + 35621, 0},
		"of a customer":                    {",,c,,,2,12.50\n", 1, worth + 2500, 0},
		"of a day":                         {",2025-03-01,,,,2,12.50\n", 1, worth + 2500, 0},
	} {
		path := fileOf(t, "orders.csv", head+two+c.last)
		df := dataframe.ReadCSV(strings.NewReader(head+two+c.last), dataframe.DetectTypes(false), dataframe.DefaultType(series.String))
		fromFile, err := features.ReadOrders(path, features.OrdersOptions{})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		fromFrame, err := features.OrdersFromFrame(df, features.OrdersOptions{})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, o := range []*features.Orders{fromFile, fromFrame} {
			n, err := o.Count()
			if units, _ := math.Modf(n.Net().Float()*100 + .5); err != nil || n.Lines != 2+c.lines || int64(units) != c.net {
				t.Errorf("%s: %d lines of %v (%v), want %d of %d cents", name, n.Lines, n.Net(), err, 2+c.lines, c.net)
			}
			notes, _ := o.Notes()
			if said := strings.Join(notes, " "); strings.Contains(said, "Left out: ") != (c.totals > 0) || c.totals > 0 && !strings.Contains(said, fmt.Sprintf("%d line", c.totals)) {
				t.Errorf("%s: %q, want %d totals", name, notes, c.totals)
			}
			nobody := 0
			for _, f := range o.Audit().Findings {
				if f.Name == "no customer" {
					nobody = f.Lines
				}
			}
			if want := c.lines; name != "of a customer" && nobody != want {
				t.Errorf("%s: %d lines without a customer, want %d", name, nobody, want)
			}
		}
		r := inspected(t, path)
		if n, _ := fromFile.Count(); r.Lines != n.Lines || r.Net != strings.ReplaceAll(n.Net().String(), ",", "") {
			t.Errorf("%s: inspected as %d lines of %s, read as %d of %v", name, r.Lines, r.Net, n.Lines, n.Net())
		}
	}
	// where every line is of one amount
	amounts := "order,date,customer,product,amount\n1,2025-01-10,a,P,10.50\n2,2025-02-23,b,C,4\n"
	for last, want := range map[string]float64{",,,A,3.25\n": 17.75, ",,,all,14.50\n": 14.5, ",,,,3.25\n": 14.5} {
		o, err := features.ParseOrders(strings.NewReader(amounts+last), "orders.csv", features.OrdersOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if n, err := o.Count(); err != nil || n.Net().Float() != want {
			t.Errorf("%q: %v (%v), want %v", last, n.Net(), err, want)
		}
	}
}

// A column of Mr and Mrs is no product, and leaves the name of goods to another column, in a file and in a frame; one that was named stays.
func TestFormsOfAddressAreNoGoods(t *testing.T) {
	const text = "Sale ID,Title,customer,date,amount,Item\n1,Mr,a,2024-02-04,10,Hat\n1,Mr,a,2024-02-04,10,Cap\n2,Mrs,b,2024-02-04,11,Hat\n"
	for want, o := range map[string]features.OrdersOptions{"Item": {}, "Title": {Name: "Title"}} {
		orders, err := features.ParseOrders(strings.NewReader(text), "orders.csv", o)
		if err != nil {
			t.Fatal(err)
		}
		framed, err := features.OrdersFromFrame(dataframe.ReadCSV(strings.NewReader(text)), o)
		if err != nil {
			t.Fatal(err)
		}
		for from, o := range map[string]*features.Orders{"file": orders, "frame": framed} {
			m, err := o.Mapping()
			read := map[string]string{}
			for _, of := range m {
				read[of.Header] = of.Meaning
			}
			if err != nil || read["Sale ID"] != "order" || read[want] == "" || want == "Item" && read["Title"] != "" {
				t.Errorf("%s: %v, want %s as the name; %v", from, m, want, err)
			}
		}
	}
}
