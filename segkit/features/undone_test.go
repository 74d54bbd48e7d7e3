package features_test

// What a file says in words and in a column of refunds: each is taken into account by a rule, or asked about.

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit/features"
)

func TestDirections(t *testing.T) {
	const head = "order_id,customer_id,date,transaction_type,amount\n"
	for name, c := range map[string]struct {
		text string
		back []string
		net  string // or part of the question
	}{
		"sale and refund":    {"1,a,2024-01-05,Sale,10\n2,a,2024-01-06,Refund,4\n", nil, "6"},
		"negative already":   {"1,a,2024-01-05,Sale,10\n2,a,2024-01-06,Refund,-4\n", nil, "6"},
		"German":             {"1,a,2024-01-05,Rechnung,10\n2,a,2024-01-06,Gutschrift,4\n", nil, "6"},
		"debit and credit":   {"1,a,2024-01-05,debit,10\n2,a,2024-01-06,credit,4\n", nil, "OrdersOptions.Back"},
		"credit is back":     {"1,a,2024-01-05,debit,10\n2,a,2024-01-06,credit,4\n", []string{"credit"}, "6"},
		"debit is back":      {"1,a,2024-01-05,debit,10\n2,a,2024-01-06,credit,4\n", []string{"debit"}, "−6"},
		"neither is":         {"1,a,2024-01-05,debit,10\n2,a,2024-01-06,credit,4\n", []string{}, "14"},
		"signs tell already": {"1,a,2024-01-05,debit,10\n2,a,2024-01-06,credit,-4\n", nil, "6"},
		"never holds":        {"1,a,2024-01-05,debit,10\n2,a,2024-01-06,credit,-4\n", []string{"Credit"}, `never holds "Credit"`},
	} {
		o, err := features.ParseOrders(strings.NewReader(head+c.text), "orders.csv", features.OrdersOptions{Back: c.back})
		if err != nil {
			if !strings.Contains(err.Error(), c.net) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if n, _ := o.Count(); n.Net().String() != c.net {
			t.Errorf("%s: %s net, want %s", name, n.Net(), c.net)
		}
	}
	o := read(t, "order_id,customer_id,date,product,direction,quantity,price\n1,a,2024-01-05,P,sale,3,10\n2,a,2024-01-06,P,return,1,10\n")
	if got := left(t, o, features.NetCancelled); got != "1=20" {
		t.Errorf("returned units leave %q", got)
	}
}

// A refund of 10.00 on lines of 20.01, 10 and 3 splits into 6.06, 3.03 and .91, to the last decimal; a column that repeats it on every
// line means it once.
func TestRefundsAreSharedOut(t *testing.T) {
	for name, cells := range map[string][3]string{"first line": {"10.00", "", ""}, "on every line": {"10.00", "10.00", "10.00"}, "by line": {"5.00", "4.99", "0.01"}, "signed": {"-10.00", "0", "0"}} {
		o := read(t, fmt.Sprintf("order_id,customer_id,date,product,quantity,price,refund_amount\n1,a,2024-01-05,A,1,20.01,%s\n1,a,2024-01-05,B,1,10.00,%s\n1,a,2024-01-05,C,1,3.00,%s\n2,a,2024-01-06,A,1,5,\n", cells[0], cells[1], cells[2]))
		c := clean(t, o, features.Undone)
		lines, err := c.Lines()
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for l := range lines {
			got = append(got, l.Amount.String())
		}
		if fmt.Sprint(got) != "[13.95 6.97 2.09 5.00]" || c.Ledger.Closing.Net().String() != "28.01" {
			t.Errorf("%s: left %v, net %s", name, got, c.Ledger.Closing.Net())
		}
		table, err := c.Features(time.Date(2024, 1, 6, 0, 0, 0, 0, time.UTC))
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := table.Values("return_share"); math.Abs(got[0]-10/38.01) > 1e-12 {
			t.Errorf("%s: return_share is %v", name, got[0])
		}
	}
}

// Opening less removed is closing with refunds and statuses too, wherever Undone, Duplicate and SameEmail stand among the rules; Undone
// takes off what was refunded, and no line ends below zero.
func TestUndoneReconciles(t *testing.T) {
	statuses := []string{"paid", "refunded", "", "partially_refunded", "Cancelled"}
	rapid.Check(t, func(t *rapid.T) {
		b := strings.Builder{}
		b.WriteString("order_id,order_date,email,product_id,quantity,unit_price,order_status,refunded_amount\n")
		var lines []string
		for _, r := range records(t) {
			mail := rapid.SampledFrom([]string{r.customer + "@x.org", r.customer + "@X.org", ""}).Draw(t, "mail")
			lines = append(lines, fmt.Sprintf("%s,%s,%s,%s,%d,%d.%02d,%s,%d.%02d\n", r.order, r.when.Format("2006-01-02 15:04"), mail, r.product, r.quantity, r.cents/100, r.cents%100,
				rapid.SampledFrom(statuses).Draw(t, "status"), rapid.IntRange(0, 9).Draw(t, "refund"), rapid.IntRange(0, 99).Draw(t, "cents")))
			if rapid.IntRange(0, 5).Draw(t, "twice") == 0 {
				lines = append(lines, lines[len(lines)-1])
			}
		}
		b.WriteString(strings.Join(lines, ""))
		o := read(t, b.String())
		first, err := o.Clean(features.SameEmail, features.Duplicate, features.Undone)
		if err != nil {
			t.Fatal(err)
		}
		second, err := o.Clean(features.SameEmail, features.Undone, features.Duplicate)
		if err != nil {
			t.Fatal(err)
		}
		third, err := o.Clean(features.Undone, features.SameEmail, features.Duplicate)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []*features.Cleaned{first, second, third} {
			l := c.Ledger
			sales, refunds, n := l.Opening.Sales.Units, l.Opening.Refunds.Units, l.Opening.Lines
			for _, s := range l.Steps {
				sales, refunds, n = sales-s.Removed.Sales.Units, refunds-s.Removed.Refunds.Units, n-s.Removed.Lines
			}
			if sales != l.Closing.Sales.Units || refunds != l.Closing.Refunds.Units || n != l.Closing.Lines {
				t.Fatalf("does not reconcile: %+v", l)
			}
			if l.Closing != first.Ledger.Closing {
				t.Fatalf("the order of the rules matters: %+v, %+v", l, first.Ledger)
			}
			if l.Closing.Refunds != first.Ledger.Opening.Refunds && l.Closing.Refunds.Units < first.Ledger.Opening.Refunds.Units {
				t.Fatal("a line that was bought ended below zero")
			}
		}
	})
}

// E-mail addresses that differ in case are two customers until the rule says otherwise, and orders made of customer and day join too.
func TestSameEmail(t *testing.T) {
	o := read(t, "email,date,amount\nAnn@example.org,2024-01-05,10\nann@Example.org ,2024-01-05,5\nbob@example.org,2024-01-05,1\nB,2024-01-06,1\nb,2024-01-06,1\n")
	n, _ := o.Count()
	c := clean(t, o, features.SameEmail)
	if n.Customers != 5 || n.Orders != 5 || c.Ledger.Closing.Customers != 4 || c.Ledger.Closing.Orders != 4 || c.Ledger.Closing.Lines != 5 {
		t.Errorf("%+v, then %+v", n, c.Ledger.Closing)
	}
	if got := strings.Join(c.Ledger.Notes, ""); got != "SameEmail: 2 spellings of 1 customer." {
		t.Errorf("the ledger says %q", got)
	}
	table, err := c.Features(time.Date(2024, 1, 6, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	if ids := fmt.Sprint(table.IDs()); ids != "[B ann@example.org b bob@example.org]" && ids != "[ann@example.org bob@example.org B b]" {
		t.Errorf("customers are %s", ids)
	}
}

// Everything that is missing or misspelled is named in one sentence, with what may be meant; set so, the file reads.
func TestMissingColumnsAreNamedAtOnce(t *testing.T) {
	const file = "shopper,when_placed,line_total_paid\na,2024-01-05,10\n"
	_, err := features.ParseOrders(strings.NewReader(file), "x.csv", features.OrdersOptions{})
	for _, want := range []string{"no column for the customer, the date and the price or the amount", `OrdersOptions.Customer, perhaps to "shopper"`, `OrdersOptions.Date, perhaps to "when_placed"`,
		`OrdersOptions.Amount (of the line), perhaps to "line_total_paid"`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %q", err, want)
		}
	}
	if _, err = features.ParseOrders(strings.NewReader(file), "x.csv", features.OrdersOptions{Customer: "shopper", Date: "when_placed", Amount: "line_total_paid"}); err != nil {
		t.Error(err)
	}
	_, err = features.ParseOrders(strings.NewReader("client,date,amount\na,2024-01-05,10\n"), "x.csv", features.OrdersOptions{Customer: "clinet", Amount: "amuont", Product: "zzz"})
	for _, want := range []string{`OrdersOptions.Customer = "clinet" (did you mean "client"?)`, `OrdersOptions.Amount = "amuont" (did you mean "amount"?)`, `OrdersOptions.Product = "zzz"`, "client, date, amount"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %q", err, want)
		}
	}
	_, err = read(t, header+"1,2025-03-01,a,P,1,2\n").Clean(features.Without("prodcut", "P"))
	if err == nil || !strings.Contains(err.Error(), `did you mean "product"?`) {
		t.Errorf("Without: %v", err)
	}
}

// Headers of six languages.
func TestHeadersOfOtherLanguages(t *testing.T) {
	for _, header := range []string{"Bestellnummer;Kundennummer;Bestelldatum;Artikel;Stückzahl;Stückpreis", "N° commande;Client;Date de commande;Produit;Quantité;Prix unitaire",
		"Número pedido;Cliente;Fecha;Producto;Cantidad;Precio unitario", "Numero ordine;Cliente;Data ordine;Prodotto;Quantità;Prezzo unitario",
		"Bestelnummer;Klantnummer;Besteldatum;Product;Aantal;Stukprijs", "Nº pedido;Cliente;Data do pedido;Produto;Quantidade;Preço unitário"} {
		o := read(t, header+"\n1;a;2024-01-05;P;2;10\n")
		mapping, _ := o.Mapping()
		found := 0
		for _, m := range mapping {
			if m.Header != "" {
				found++
			}
		}
		if n, _ := o.Count(); n.Net().String() != "20" || found != 6 {
			t.Errorf("%s: %s net, %d columns: %v", header, n.Net(), found, mapping)
		}
	}
}

// What Dutch accounts call a customer and the money of a line.
func TestDutchHeadersOfAccounts(t *testing.T) {
	for _, customer := range []string{"Relatienummer", "Relatienr.", "Debiteurnummer"} {
		for _, amount := range []string{"Regelbedrag", "Regeltotaal"} {
			o := read(t, "Bestelnummer;Besteldatum;"+customer+";Artikelnummer;Aantal;Korting %;"+amount+"\n1;2024-01-15;a;P;2;10;18\n1;2024-01-15;a;Q;1;0;5\n")
			if n, err := o.Count(); err != nil || n.Net().String() != "23" || n.Customers != 1 {
				t.Errorf("%s, %s: %s net of %d customers: %v", customer, amount, n.Net(), n.Customers, err)
			}
		}
	}
}

// What clubs call a customer, an order and its day.
func TestHeadersOfClubs(t *testing.T) {
	for _, customer := range []string{"member_no", "Membership number", "Mitgliedsnr."} {
		for _, order := range []string{"booking_id", "Booking no."} {
			for _, date := range []string{"booked_on", "Booking date"} {
				o := read(t, order+","+date+","+customer+",product,price\n1,2024-01-15,a,P,10\n1,2024-01-15,a,Q,1\n")
				if n, err := o.Count(); err != nil || n.Net().String() != "11" || n.Customers != 1 || n.Orders != 1 {
					t.Errorf("%s, %s, %s: %+v: %v", order, date, customer, n, err)
				}
			}
		}
	}
}

// What charities call a customer, an order, its day and its money.
func TestHeadersOfCharities(t *testing.T) {
	for _, header := range []string{"Gift ID,Donor ID,Gift Date,Amount", "Donation no.,Constituent ID,Donation Date,Gift Amount", "Gift number,Supporter ID,Date of gift,Donation amount",
		"Spendennr.,Spendernummer,Spendendatum,Spendenbetrag", "id_don,id_donateur,date_don,montant_don", "id_donación,id_donante,fecha_donación,importe_donación", "giftnummer,donateursnummer,giftdatum,giftbedrag"} {
		o := read(t, header+",Appeal\nG1,007,2024-01-15,10,A\nG2,007,2024-01-15,1,A\n")
		if n, err := o.Count(); err != nil || n.Net().String() != "11" || n.Customers != 1 || n.Orders != 2 {
			t.Errorf("%s: %+v: %v", header, n, err)
		}
	}
}

// What tills call a customer, a receipt, its day and its money. What a header says of taxes is no part of its name; where two columns differ in nothing else, it is asked
// which counts.
func TestHeadersOfTills(t *testing.T) {
	for _, header := range []string{"Receipt no.;Date and time;Loyalty card no.;Product;Qty;Price (incl. VAT)", "Kassenbon-Nr.;Datum/Uhrzeit;Kundenkartennummer;Artikel;Menge;Einzelpreis brutto",
		"N° ticket;Date et heure;N° carte fidélité;Désignation;Qté;PU TTC", "N.º ticket;Fecha y hora;Tarjeta de fidelidad;Producto;Cantidad;Precio (IVA incluido)", "N. scontrino;Data e ora;Numero tessera;Prodotto;Quantità;Prezzo IVA inclusa",
		"Kassabonnr.;Datum en tijd;Klantenkaartnr.;Artikel;Aantal;Prijs excl. BTW", "N.º talão;Data e hora;Cartão fidelidade;Produto;Quantidade;Preço com IVA", "Numer paragonu;Data i godzina;Nr karty lojalnościowej;Towar;Ilość;Cena netto"} {
		o := read(t, header+"\n1;2024-01-15 12:30;007;P;2;10\n1;2024-01-15 12:30;007;Q;1;3\n")
		if n, err := o.Count(); err != nil || n.Net().String() != "23" || n.Customers != 1 || n.Orders != 1 {
			t.Errorf("%s: %+v: %v", header, n, err)
		}
	}
	const lines = "order;customer;date;Montant HT;Montant TTC\n1;a;2024-01-15;10;12\n"
	r := inspected(t, fileOf(t, "till.csv", lines))
	var offered []any
	for _, q := range r.Questions {
		for _, a := range q.Answers {
			offered = append(offered, a.Value)
		}
	}
	if len(r.Questions) != 1 || !slices.Equal(offered, []any{"Montant HT", "Montant TTC"}) {
		t.Errorf("with and without taxes: %+v", r.Questions)
	}
	o, err := features.ParseOrders(strings.NewReader(lines), "till.csv", features.OrdersOptions{Amount: "Montant TTC"})
	if err != nil {
		t.Fatal(err)
	}
	if n, _ := o.Count(); n.Net().String() != "12" {
		t.Errorf("%+v", n)
	}
	for _, c := range inspected(t, fileOf(t, "short.csv", "Aa;Bb;Dd;Pp\n1;a;2024-01-15;x\n1;a;2024-01-16;y\n1;b;2024-01-16;y\n")).Columns {
		if c.Name == "Pp" && len(c.MayBe) > 0 { // no misspelling of PU
			t.Errorf("a text may be %v", c.MayBe)
		}
	}
	if all := strings.Join(o.Audit().Facts, " "); !strings.Contains(all, "amount = Montant TTC; not read: ") {
		t.Errorf("%q", all)
	}
	if _, err := features.ParseOrders(strings.NewReader("ticket;client;date;qté;PU TTC;Montant TTC\n1;a;2024-01-15;2;5;9\n"), "till.csv", features.OrdersOptions{}); err == nil || !strings.Contains(err.Error(), "differ on 1 of 1 lines") {
		t.Errorf("a price and an amount that disagree: %v", err)
	}
}

// A ledger shows money with two decimals where one would do; numbers keep what the file has.
func TestMoneyIsShownWithTwoDecimals(t *testing.T) {
	o := read(t, "order_id,order_date,customer_id,product,price\n1,2024-01-15,a,P,39.90\n2,2024-01-15,,Q,2.50\n")
	c, err := o.Clean(features.NoCustomer)
	if err != nil {
		t.Fatal(err)
	}
	if text := c.Ledger.Sheet().Text(); !strings.Contains(text, "39.90 of 42.40 net") || !strings.Contains(text, "−2.50") || c.Ledger.Closing.Net().String() != "39.9" {
		t.Error(text)
	}
	if whole := (features.Money{Units: 42}).Text(); whole != "42" {
		t.Error(whole)
	}
	if text := strings.Join(strings.Fields(inspected(t, fileOf(t, "money.csv", "order_id,order_date,customer_id,product,price\n1,2024-01-15,a,P,1112.80\n2,2024-01-15,b,Q,2.50\n")).Sheet().Text()), " "); !strings.Contains(text, "1,115.30 net") {
		t.Error(text)
	}
}

// The price of a unit is shown with its decimals, also above 100, where figures of a statistic are rounded.
func TestPricesAreShownWithTheirDecimals(t *testing.T) {
	for _, c := range []struct{ price, quantity, shown string }{{"1065.90", "28", "1,065.90"}, {"109.9", "1", "109.90"}, {"994", "20", "994"}, {"0.1255", "2", "0.1255"}, {"45.90", "1.5", "45.90"}, {"1234567.25", "1", "1,234,567.25"}} {
		o := read(t, "order_id,order_date,customer_id,product,quantity,price\n1,2024-01-15,,P,"+c.quantity+","+c.price+"\n")
		if text := o.Head(1).Sheet().Text(); !slices.Contains(strings.Fields(text), c.shown) {
			t.Errorf("%s is not in %s", c.shown, text)
		}
		if text := strings.Join(strings.Fields(o.Audit().Sheet().Text()), " "); !strings.Contains(text, "× "+c.shown+" ") {
			t.Errorf("%s is not in %s", c.shown, text)
		}
	}
}

// A column of discounts may be named after the customers who get them, and is none of them.
func TestDiscountsAreNotOfferedAsCustomers(t *testing.T) {
	_, err := features.ParseOrders(strings.NewReader("Bestellnummer;Bestelldatum;Kundenrabatt;Kundennr. (alt);Menge;Preis\n1;2024-01-15;5;a;2;10\n"), "orders.csv", features.OrdersOptions{})
	if err == nil || strings.Contains(err.Error(), `"Kundenrabatt"`) || !strings.Contains(err.Error(), `OrdersOptions.Customer, perhaps to "Kundennr. (alt)"`) {
		t.Errorf("%v", err)
	}
}

// Two headers that could mean the same: which was taken is told.
func TestNotesOnTwoHeadersOfOneMeaning(t *testing.T) {
	notes, _ := read(t, "order_id,invoice_no,customer_id,date,amount\n1,7,a,2024-01-05,10\n").Notes()
	if fmt.Sprint(notes) != `[The order is read from "order_id"; "invoice_no" could mean the same and was left out.]` {
		t.Errorf("%q", notes)
	}
}

// Where a file has a price and an amount, the two are compared: what agrees is read, what another meaning explains is read so and told,
// and the rest is a question that names both sums and is answered by naming a column.
func TestPriceAgainstAmount(t *testing.T) {
	const head = "order_id,customer_id,date,product,quantity,price,amount\n"
	for name, c := range map[string]struct {
		rows []string
		net  string
		said string
	}{
		"agree":              {[]string{"1,a,2024-01-05,A,2,10,20", "2,b,2024-01-06,B,3,5,15"}, "35", ""},
		"rounded price":      {[]string{"1,a,2024-01-05,A,3,3.33,10.00", "2,b,2024-01-06,B,1,5.00,5.00"}, "15.00", "The price is rounded"},
		"price is the total": {[]string{"1,a,2024-01-05,A,2,20,20", "2,b,2024-01-06,B,3,15,15"}, "35", "price is for the whole line"},
		"on the first line":  {[]string{"1,a,2024-01-05,A,2,10,25", "1,a,2024-01-05,B,1,5,", "2,b,2024-01-06,B,3,5,15"}, "40", "for a whole order"},
		"on every line":      {[]string{"1,a,2024-01-05,A,2,10,29", "1,a,2024-01-05,B,1,5,29", "2,b,2024-01-06,B,3,5,19"}, "40", "for a whole order"},
		"discounts":          {[]string{"1,a,2024-01-05,A,2,10,18", "2,b,2024-01-06,B,3,5,15"}, "", `quantity × price is 35 in all and "amount" 33`},
		"text in the column": {[]string{"1,a,2024-01-05,A,2,10,twenty", "2,b,2024-01-06,B,3,5,15"}, "35", ""},
		"returns agree too":  {[]string{"1,a,2024-01-05,A,2,10,20", "2,a,2024-01-06,A,-1,10,-10"}, "10", ""},
	} {
		text := head + strings.Join(c.rows, "\n") + "\n"
		o, err := features.ParseOrders(strings.NewReader(text), "orders.csv", features.OrdersOptions{})
		if c.net == "" {
			if err == nil || !strings.Contains(err.Error(), c.said) {
				t.Errorf("%s: %v does not say %q", name, err, c.said)
			}
			for _, answer := range []struct {
				o   features.OrdersOptions
				net string
			}{{features.OrdersOptions{Price: "price"}, "35"}, {features.OrdersOptions{Amount: "amount"}, "33"}} {
				o, err := features.ParseOrders(strings.NewReader(text), "orders.csv", answer.o)
				if err != nil {
					t.Fatal(err)
				}
				if n, _ := o.Count(); n.Net().String() != answer.net {
					t.Errorf("%s: answered, %s net, want %s", name, n.Net(), answer.net)
				}
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		notes, _ := o.Notes()
		if n, _ := o.Count(); n.Net().String() != c.net || !strings.Contains(strings.Join(notes, ""), c.said) {
			t.Errorf("%s: %s net, want %s; noted %q", name, n.Net(), c.net, notes)
		}
	}
}

// Lines of no units that have an amount: the rule says what goes with them.
func TestLinesOfNoUnits(t *testing.T) {
	o := read(t, "order_id,customer_id,date,quantity,amount\n1,a,2024-01-05,2,20\n1,a,2024-01-05,0,3.50\n2,a,2024-01-06,0,0\n")
	c := clean(t, o, features.ZeroQuantity)
	if got := strings.Join(c.Ledger.Notes, ""); got != "ZeroQuantity: 1 line with a quantity of zero nevertheless had an amount, 3.50 net, which was removed too." || c.Ledger.Closing.Net().String() != "20.0" {
		t.Errorf("%q, %s left", got, c.Ledger.Closing.Net())
	}
}

// The audit counts what statuses, refunds, spellings and currencies say, with the rule for each.
func TestAuditOfWords(t *testing.T) {
	o := read(t, "order_id,email,date,amount,status,refund_amount,currency\n1,a@x.org,2024-01-05,10,paid,0,EUR\n2,A@x.org,2024-01-06,20,refunded,20,EUR\n3,b@x.org,2024-01-07,30,paid,5,USD\n")
	got := map[string]int{}
	for _, f := range o.Audit().Findings {
		got[f.Name] = f.Lines
	}
	for name, want := range map[string]int{"undone by its status": 1, "refunded as an amount": 2, "e-mail in another case": 2, "not in EUR": 1} {
		if got[name] != want {
			t.Errorf("%s: %d lines, want %d", name, got[name], want)
		}
	}
	notes, _ := o.Notes()
	if all := strings.Join(notes, " "); !strings.Contains(all, `currency holds "EUR" and "USD"`) {
		t.Errorf("%q", all)
	}
	if net := clean(t, o, features.Undone, features.Without("currency", "USD")).Ledger.Closing.Net().String(); net != "10" {
		t.Errorf("%s in EUR, want 10", net)
	}
	for _, f := range read(t, "order_id,customer_id,date,amount\n1,a7,2024-01-05,10\n2,A7,2024-01-06,20\n3,B7,2024-01-07,30\n").Audit().Findings {
		if f.Name == "customer id in another case" && f.Lines == 2 {
			got[f.Name]++
		}
	}
	if got["customer id in another case"] != 1 {
		t.Error("ids a7 and A7 are not told")
	}
	if one := read(t, "order_id,email,date,amount,currency\n1,a@x.org,2024-01-05,10,EUR\n"); one.Currency() != "EUR" {
		t.Errorf("the one currency is %q", one.Currency())
	}
}

// Every word of the status is told with its lines and money: what it is taken for, and where nobody knows, what to do about it.
func TestWordsOfTheStatus(t *testing.T) {
	const file = "order_id,customer_id,date,amount,Toestand\n1,a,2024-01-05,10,Betaald\n2,b,2024-01-06,20,Niet betaald\n3,c,2024-01-06,5,In de wacht\n4,c,2024-01-07,7,In de wacht\n5,d,2024-01-07,8,Afgebroken\n"
	o := features.OrdersOptions{Status: "Toestand"}
	orders, err := features.ParseOrders(strings.NewReader(file), "x.csv", o)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]features.Finding{}
	for _, f := range orders.Audit().Findings {
		found[f.Name] = f
	}
	for name, want := range map[string]struct {
		lines  int
		money  string
		remedy string
	}{
		`status "Betaald"`:      {1, "10", "it counts"},
		`status "Niet betaald"`: {1, "20", "features.Undone"},
		`status "Afgebroken"`:   {1, "8", "features.Undone"},
		`status "In de wacht"`:  {2, "12", `features.Without("status", "In de wacht")`},
		"undone by its status":  {2, "28", "features.Undone"},
	} {
		if f := found[name]; f.Lines != want.lines || f.Money.String() != want.money || !strings.Contains(f.Remedy, want.remedy) {
			t.Errorf("%s: %+v, want %+v", name, f, want)
		}
	}
	c := clean(t, orders, features.Undone)
	if all := strings.Join(c.Ledger.Notes, " "); c.Ledger.Closing.Net().String() != "22" || !strings.Contains(all, `"In de wacht" on 2 lines (12) is not known`) || !strings.Contains(all, `"Betaald" on 1 line (10)`) {
		t.Errorf("%s left: %s", c.Ledger.Closing.Net(), all)
	}
	for _, column := range []string{"status", "Toestand"} { // by its meaning, or by its header
		if net := clean(t, orders, features.Without(column, "In de wacht")).Ledger.Closing.Net().String(); net != "38" {
			t.Errorf("without %s: %s", column, net)
		}
	}
	if _, err := orders.Clean(features.Without("toestnd", "x")); err == nil || !strings.Contains(err.Error(), `did you mean "Toestand"?`) {
		t.Error(err)
	}
	path := fileOf(t, "status.csv", file)
	r := inspected(t, path, o)
	if len(r.Questions) != 1 || r.Net != "50" || !strings.Contains(r.Questions[0].Text, `"In de wacht" on 2 lines (12)`) {
		t.Fatalf("%s net, %+v", r.Net, r.Questions)
	}
	for _, a := range r.Questions[0].Answers {
		answered := o
		set(&answered, a)
		if r := inspected(t, path, answered); len(r.Questions) != 0 {
			t.Errorf("answered %v, it still asks %+v", a.Value, r.Questions)
		}
		want := map[int]string{0: "22", 1: "10"}[len(answered.Undone)]
		orders, err := features.ParseOrders(strings.NewReader(file), "x.csv", answered)
		if err != nil {
			t.Fatal(err)
		}
		if net := clean(t, orders, features.Undone).Ledger.Closing.Net().String(); net != want {
			t.Errorf("answered %v: %s, want %s", a.Value, net, want)
		}
	}
	o.Undone = []string{"in de wacht"}
	if _, err := features.ParseOrders(strings.NewReader(file), "x.csv", o); err == nil || !strings.Contains(err.Error(), `never holds "in de wacht"`) {
		t.Error(err)
	}
}

// Lines that are no purchases count whatever their word means: it is told that they do, and nobody is asked.
func TestUnknownWordsOfReturns(t *testing.T) {
	o := read(t, "order_id,customer_id,date,product,quantity,amount,status\n1,a,2024-01-05,P,3,30,paid\n2,a,2024-01-07,P,-1,-10,Avoir\n3,b,2024-01-07,P,1,10,at sea\n")
	notes, _ := o.Notes()
	said := strings.Join(notes, " ")
	if !strings.Contains(said, `status says "Avoir" on 1 line (−10), of which none is a purchase: such lines count as refunds.`) || !strings.Contains(said, `What status means by "at sea" on 1 line (10) is not known`) {
		t.Errorf("%q", said)
	}
	for _, f := range o.Audit().Findings {
		if f.Name == `status "Avoir"` && f.Remedy != "none: it counts as money back" {
			t.Errorf("%+v", f)
		}
	}
}

// What shops in seven languages call an order that came to nothing, and one that counts.
func TestStatusesOfSevenLanguages(t *testing.T) {
	for fate, words := range map[string]string{
		"undone": "Refunded|Cancelled|Canceled|Payment error|Not paid|Retour|Niet betaald|Afgebroken|Geannuleerd|Nicht bezahlt|Rückerstattet|Storniert|Annulé|Remboursée|Impayé|Paiement refusé|No pagado|Devuelto|Anulado|Non pagato|Rimborsato|Annullato|Não pago|Devolvido|Cancelado|wc-refunded",
		"counts": "Paid|Partially refunded|Shipped|Bezahlt|Versandt|In Bearbeitung|Payé|Expédié|Livrée|En cours de préparation|En préparation|Pagado|Enviado|Entregado|Pagato|Spedito|Consegnato|Pago|Concluído|Entregue|Betaald|Verzonden|In behandeling|wc-completed",
	} {
		for _, word := range strings.Split(words, "|") {
			o := read(t, "order_id,customer_id,date,amount,status\n1,a,2024-01-05,10,"+word+"\n2,b,2024-01-06,20,complete\n")
			net := clean(t, o, features.Undone).Ledger.Closing.Net().String()
			notes, _ := o.Notes()
			if want := map[string]string{"undone": "20", "counts": "30"}[fate]; net != want || strings.Contains(strings.Join(notes, " "), "not known") {
				t.Errorf("%q: %s left, want %s; %q", word, net, want, notes)
			}
		}
	}
}

// A price that goes with the quantity, or an amount that does not, is a question with both sums; answered either way, the file reads so.
func TestPricesThatLookLikeTotals(t *testing.T) {
	for name, c := range map[string]struct{ file, column, said, line, unit string }{
		"price":  {"order_id,customer_id,date,product,quantity,price\n1,a,2024-01-05,A,1,10\n2,a,2024-01-06,A,2,20\n3,a,2024-01-07,A,3,30\n4,b,2024-01-07,B,2,8\n5,b,2024-01-08,B,4,16\n", "price", "for the whole line and not for one unit", "84", "220"},
		"amount": {"order_id,customer_id,date,product,quantity,amount\n1,a,2024-01-05,A,1,10\n2,a,2024-01-06,A,2,10\n3,a,2024-01-07,A,3,10\n4,b,2024-01-07,B,2,8\n5,b,2024-01-08,B,4,8\n", "amount", "for one unit and not for the whole line", "46", "108"},
	} {
		_, err := features.ParseOrders(strings.NewReader(c.file), "x.csv", features.OrdersOptions{})
		for _, want := range []string{c.said, c.line + " in all", c.unit + " in all"} {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v does not say %q", name, err, want)
			}
		}
		for want, o := range map[string]features.OrdersOptions{c.line: {Amount: c.column}, c.unit: {Price: c.column}} {
			o, err := features.ParseOrders(strings.NewReader(c.file), "x.csv", o)
			if err != nil {
				t.Fatal(err)
			}
			if n, _ := o.Count(); n.Net().String() != want {
				t.Errorf("%s: answered, %s net, want %s", name, n.Net(), want)
			}
		}
		if _, err := features.ParseOrders(strings.NewReader(strings.Replace(c.file, "4,b,2024-01-07,B,2,8", "4,b,2024-01-07,A,5,"+map[string]string{"price": "10", "amount": "50"}[name], 1)), "x.csv", features.OrdersOptions{}); err != nil {
			t.Errorf("%s: one line to the contrary, and it is asked all the same: %v", name, err)
		}
	}
}

// What comes back of a cancelled order in October changes nothing of September: the order never stood, whichever of the two rules sees it first.
func TestGoodsOfACancelledOrderComeBackLater(t *testing.T) {
	const september = "order_id,customer_id,date,product,quantity,price,status\nR0,A,2025-08-01,p,1,50.00,completed\nR1,A,2025-09-27,v,1,19.99,cancelled\nR2,B,2025-09-01,v,1,10.00,completed\n"
	asOf := time.Date(2025, 9, 30, 0, 0, 0, 0, time.UTC)
	for _, rules := range [][]features.Rule{{features.NetCancelled, features.Undone}, {features.Undone, features.NetCancelled}} {
		for name, text := range map[string]string{"cut": september, "whole": september + "G1,A,2025-10-05,v,-1,19.99,completed\n"} {
			c := clean(t, read(t, text), rules...)
			customers, err := c.Features(asOf, features.Spec{Features: []string{"recency", "orders", "spend"}})
			if err != nil {
				t.Fatal(err)
			}
			for j, want := range []float64{60, 1, 50} {
				if got := customers.At(0, j); got != want {
					t.Errorf("%v, %s: %s is %v, want %v", rules, name, customers.Columns()[j].Name, got, want)
				}
			}
		}
	}
}

// Goods that came back on a line of a cancelled order are no purchase, so Undone leaves them: the ledger says so, and the rule that it names leaves them out.
func TestGoodsThatCameBackInACancelledOrder(t *testing.T) {
	o := read(t, "order_id,customer_id,date,product,quantity,price,status\nR0,A,2025-08-01,p,1,50.00,completed\nR1,A,2025-09-27,v,1,19.99,cancelled\nR1,A,2025-09-27,w,-1,5.00,cancelled\n")
	for _, c := range []struct {
		rules     []features.Rule
		net, says string
	}{
		{nil, "64.99", `status says "cancelled" on 1 line (19.99); such lines count until features.Undone removes them.`},
		{features.UsualRules, "45.00", `Of goods that came back, status says "cancelled" on 1 line (−5.00): features.Undone removes purchases only, and such lines go on counting as refunds; features.Without("status", "cancelled") leaves them out.`},
		{append(slices.Clone(features.UsualRules), features.Without("status", "cancelled")), "50.00", ""},
	} {
		ledger := clean(t, o, c.rules...).Ledger
		if net := ledger.Closing.Net().String(); net != c.net {
			t.Errorf("%v: %s net, want %s", c.rules, net, c.net)
		}
		if notes := strings.Join(ledger.Notes, "\n"); !strings.Contains(notes, c.says) || c.rules != nil && strings.Contains(notes, "until features.Undone") {
			t.Errorf("%v: the ledger says %s", c.rules, notes)
		}
	}
}

// Goods that come back may be of a cancelled order, which some shops book back, or of one that stood. Where they were set against the former though there was the latter, the
// ledger tells with what money, and its remedy does what it says.
func TestGoodsThatMayBeOfACancelledOrder(t *testing.T) {
	const head, stood = "order,date,customer,product,quantity,price,status\n", "2,2025-02-23,A,P,12,39.79,delivered\n"
	const cancelled, back = "1,2025-01-10,A,P,6,39.79,cancelled\n", "3,2025-03-05,A,P,-6,39.79,returned\n"
	for name, c := range map[string]struct{ lines, says, net, first string }{
		"both":                        {cancelled + stood + back, "1 line was set against orders that came to nothing by their status (238.74)", "477.48", "238.74"},
		"the cancelled one alone":     {cancelled + back, "", "0.00", "−238.74"},
		"the other one alone":         {stood + back, "", "238.74", "238.74"},
		"the other one came later":    {cancelled + back + "2,2025-03-06,A,P,12,39.79,delivered\n", "", "477.48", "238.74"},
		"the other of another person": {cancelled + strings.Replace(stood, "A", "B", 1) + back, "", "477.48", "238.74"},
		"of other goods":              {cancelled + strings.Replace(stood, "P", "Q", 1) + back, "", "477.48", "238.74"},
		"set against the other":       {cancelled + strings.Replace(stood, "12", "6", 1) + back, "", "0.00", "0.00"},
		"in parts": {strings.Replace(cancelled, ",6,", ",2,", 1) + strings.Replace(stood, ",12,", ",4,", 1) + back + "4,2025-03-06,A,P,-1,39.79,returned\n",
			"1 line was set against orders that came to nothing by their status (79.58)", "−39.79", "−119.37"},
		"twice": {cancelled + stood + back + strings.ReplaceAll(cancelled+stood+back, "A", "C"), "2 lines were set against orders that came to nothing by their status (477.48)", "954.96", "477.48"},
	} {
		o := read(t, head+c.lines)
		ledger := clean(t, o, features.NetCancelled, features.Undone).Ledger
		notes := strings.Join(ledger.Notes, " ")
		if net := ledger.Closing.Net().String(); net != c.net || strings.Contains(notes, "though other orders of the same goods stood") != (c.says != "") || !strings.Contains(notes, c.says) {
			t.Errorf("%s: %s net, want %s; %s", name, net, c.net, notes)
		}
		if said := ledger.Steps[0].Note; !strings.Contains(said, c.says) || !slices.Contains(ledger.Notes, said) {
			t.Errorf("%s: the step says %q", name, said)
		}
		if net := clean(t, o, features.Undone, features.NetCancelled).Ledger.Closing.Net().String(); net != c.first {
			t.Errorf("%s, undone first: %s net, want %s", name, net, c.first)
		}
	}
}

// Money of several currencies is no one's spend: it is refused, as on a SQL engine, unless a rule leaves one or the options say that it is one.
func TestTwoCurrenciesAreNotAddedUp(t *testing.T) {
	const text = "order_id,customer_id,date,amount,currency\n1,a,2024-01-05,10,EUR\n2,b,2024-01-06,20,EUR\n3,b,2024-01-07,30,USD\n"
	path := fileOf(t, "two.csv", text)
	asOf := time.Date(2024, 1, 31, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		options features.OrdersOptions
		rules   []features.Rule
		spend   float64 // of b, 0 for refused
	}{
		"both":       {features.OrdersOptions{}, []features.Rule{features.NoCustomer}, 0},
		"both, all":  {features.OrdersOptions{}, features.UsualRules, 0},
		"one left":   {features.OrdersOptions{}, []features.Rule{features.Without("currency", "USD")}, 20},
		"said to be": {features.OrdersOptions{Currency: "EUR"}, features.UsualRules, 50},
	} {
		o, err := features.ReadOrders(path, c.options)
		if err != nil {
			t.Fatal(err)
		}
		customers, err := clean(t, o, c.rules...).Features(asOf, features.Spec{Features: []string{"spend"}})
		if c.spend == 0 {
			if said := `two.csv, column "currency": holds "EUR" and "USD", and money would be added up as if it were one currency: features.Without("currency", "USD") keeps one`; err == nil || !strings.Contains(err.Error(), said) {
				t.Errorf("%s: %v", name, err)
			}
			if _, err := clean(t, o, c.rules...).Outcome(time.Date(2024, 1, 5, 0, 0, 0, 0, time.UTC), 2); err == nil || !strings.Contains(err.Error(), "one currency") {
				t.Errorf("%s: what was spent afterwards: %v", name, err)
			}
			continue
		}
		if err != nil || customers.At(1, 0) != c.spend {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What the words of a status stand for is told apart: purchases, which Undone removes, and lines of nothing or less, which it leaves.
func TestLinesOfNothingAreNoPurchases(t *testing.T) {
	o := read(t, "order_id,customer_id,date,product,quantity,price,status\n1,a,2024-01-05,P,3,10,paid\n2,a,2024-01-06,P,2,10,returned\n2,a,2024-01-06,Q,0,10,returned\n2,a,2024-01-06,R,-1,5,returned\n")
	c := clean(t, o, features.Undone)
	if got := strings.Join(c.Ledger.Notes, " "); !strings.Contains(got, `came back, status says "returned" on 2 lines (−5)`) {
		t.Errorf("it says %q", got)
	}
	if got := left(t, o, features.Undone); got != "1=30 2=0 2=−5" {
		t.Errorf("left is %q", got)
	}
}

// A spec knows the words of the status of its orders, and what was taken of them. Orders that say other things are refused with the way to answer, unless the words are
// known to stand, an answer was given, or nothing goes by the status.
func TestWordsThatAModelDoesNotKnow(t *testing.T) {
	lines := func(header string, words ...string) string {
		text := "order_id,customer_id,date,amount," + header + "\n"
		for i, w := range words {
			text += fmt.Sprintf("%d,c%d,2024-01-%02d,%d,%s\n", i+1, i, 1+i%28, 10+i, w)
		}
		return text
	}
	made := func(o features.OrdersOptions, rules []features.Rule, text string) features.Spec {
		orders, err := features.ParseOrders(strings.NewReader(text), "orders.csv", o)
		if err != nil {
			t.Fatal(err)
		}
		customers, err := clean(t, orders, rules...).Features(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC))
		if err != nil {
			t.Fatal(err)
		}
		spec, err := features.ParseSpec(customers.Raw().Spec)
		if err != nil {
			t.Fatal(err)
		}
		return spec
	}
	trained := lines("status", "paid", "cancelled", "on hold", "paid")
	model := made(features.OrdersOptions{}, features.UsualRules, trained)
	if want := map[string]bool{"paid": false, "cancelled": true, "on hold": false}; !maps.Equal(model.Statuses, want) {
		t.Fatalf("the words are %v, want %v", model.Statuses, want)
	}
	held := made(features.OrdersOptions{Undone: []string{"on hold"}}, features.UsualRules, trained)
	if !held.Statuses["on hold"] {
		t.Fatalf("what was answered is not kept: %v", held.Statuses)
	}
	older := model
	older.Statuses = nil
	none := []string{}
	for name, c := range map[string]struct {
		spec features.Spec
		o    features.OrdersOptions
		text string
		says []string // parts of the error; none: it is no error
		note string   // part of the note
	}{
		"the same words":              {model, features.OrdersOptions{}, trained, nil, ""},
		"fewer":                       {model, features.OrdersOptions{}, lines("status", "paid"), nil, ""},
		"one that stands":             {model, features.OrdersOptions{}, lines("status", "paid", "shipped"), nil, ""},
		"nothing":                     {model, features.OrdersOptions{}, lines("status", "paid", ""), nil, ""},
		"a new one":                   {model, features.OrdersOptions{}, lines("status", "paid", "lost at sea"), []string{`column "status": holds "lost at sea", which the orders that the model was made from never said`, `Undone, such as []string{"lost at sea"}`}, ""},
		"several":                     {model, features.OrdersOptions{}, lines("status", "lost at sea", "eaten", "refunded"), []string{`"lost at sea", "eaten" and "refunded"`}, ""},
		"a new one that is known":     {model, features.OrdersOptions{}, lines("status", "paid", "Devuelto"), []string{`holds "Devuelto"`}, ""},
		"one that counted not":        {held, features.OrdersOptions{}, trained, []string{`says that orders count ("on hold") which came to nothing`, `[]string{"on hold"}`}, ""},
		"answered as then":            {held, features.OrdersOptions{Undone: []string{"on hold"}}, trained, nil, ""},
		"answered otherwise":          {held, features.OrdersOptions{Undone: none}, trained, nil, ""},
		"a new one, answered":         {model, features.OrdersOptions{Undone: []string{"lost at sea"}}, lines("status", "paid", "lost at sea"), nil, ""},
		"none, answered":              {model, features.OrdersOptions{Undone: none}, lines("status", "paid", "lost at sea"), nil, ""},
		"a column by another name":    {model, features.OrdersOptions{}, lines("what became of it", "paid", "cancelled"), []string{`no column is known to be the status`, `"cancelled", "on hold" and "paid"`, "set features.OrdersOptions.Status"}, ""},
		"and it is named":             {model, features.OrdersOptions{Status: "what became of it"}, lines("what became of it", "paid", "cancelled"), nil, ""},
		"and it is said to be none":   {model, features.OrdersOptions{Undone: none}, lines("what became of it", "paid", "cancelled"), nil, ""},
		"rules that do not go by it":  {made(features.OrdersOptions{}, []features.Rule{features.Duplicate}, trained), features.OrdersOptions{}, lines("status", "lost at sea"), nil, ""},
		"an older model":              {older, features.OrdersOptions{}, lines("status", "lost at sea"), nil, "The model does not say which words"},
		"an older model, no status":   {older, features.OrdersOptions{}, lines("remark", "lost at sea"), nil, ""},
		"a model of none":             {made(features.OrdersOptions{}, features.UsualRules, lines("remark", "x")), features.OrdersOptions{}, lines("status", "lost at sea"), nil, "The model does not say which words"},
		"a model of none, and none":   {made(features.OrdersOptions{}, features.UsualRules, lines("remark", "x")), features.OrdersOptions{}, lines("remark", "x"), nil, ""},
		"a model of too many to tell": {made(features.OrdersOptions{}, features.UsualRules, lines("status", manyWords(101)...)), features.OrdersOptions{}, lines("status", "paid"), nil, "The model does not say which words"},
	} {
		orders, err := features.ParseOrders(strings.NewReader(c.text), "october.csv", c.o)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		note, err := c.spec.Familiar(orders)
		said := fmt.Sprint(err)
		if (err != nil) != (c.says != nil) || err != nil && !strings.Contains(said, "october.csv") || (note != "") != (c.note != "") || !strings.Contains(note, c.note) {
			t.Errorf("%s: %s, note %q", name, said, note)
		}
		for _, part := range c.says {
			if !strings.Contains(said, part) {
				t.Errorf("%s: %s, which does not say %q", name, said, part)
			}
		}
	}
	if _, err := model.Familiar(nil); err == nil {
		t.Error("no orders are no error")
	}
}

func manyWords(n int) (out []string) {
	for i := range n {
		out = append(out, fmt.Sprintf("word %d", i))
	}
	return out
}

// A refund is said to be repeated only where an order of several lines shows it on each of them.
func TestRefundsThatAreNotRepeated(t *testing.T) {
	for name, c := range map[string]struct {
		refunds [3]string // of an order of one line, and of one of two
		meant   bool
	}{"repeated": {[3]string{"5", "4", "4"}, true}, "of one line": {[3]string{"5", "0", "0"}, false}, "none beside": {[3]string{"5", "", ""}, false}, "of each line": {[3]string{"5", "4", "2"}, false}} {
		o := read(t, fmt.Sprintf("order_id,customer_id,date,product,quantity,price,refund_amount\n1,a,2024-01-05,A,1,20,%s\n2,b,2024-01-06,A,1,10,%s\n2,b,2024-01-06,B,1,10,%s\n", c.refunds[0], c.refunds[1], c.refunds[2]))
		notes, err := o.Notes()
		if said := strings.Contains(strings.Join(notes, " "), "on every line of an order and counts once; line by line it would be 13."); err != nil || said != c.meant {
			t.Errorf("%s: %q (%v)", name, notes, err)
		}
	}
}
