package features_test

// Lines that can all be read, and are not what they seem.

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/segkit/lab/segkit/features"
)

// What somebody would stop at is noted, and what is as usual is not.
func TestSuspiciousLinesAreTold(t *testing.T) {
	const qty = "order_id,customer_id,date,quantity,price\n"
	for name, c := range map[string]struct {
		file string
		said string // "" for nothing
	}{
		"a number for all that have none": {short + "0,a,2024-01-05,10\n0,a,2024-02-05,10\n0,a,2024-03-05,10\n7,a,2024-03-09,10\n8,b,2024-03-10,10\n",
			`Order number "0" covers purchases by one customer from 2024-01-05 to 2024-03-05`},
		"one day":                       {short + "7,a,2024-01-05,10\n7,b,2024-01-05,10\n8,c,2024-01-05,10\n", `Order number "7" covers purchases by several customers on 2024-01-05. If`},
		"a word for all that have none": {short + "Kasse,a,2024-01-05,10\nKasse,b,2024-01-06,10\nShop,c,2024-01-05,10\nShop,d,2024-01-06,10\n", `Order number "Kasse" covers purchases by several customers from 2024-01-05 to 2024-01-06 (as 1 other number does)`},
		"parts sent later":              {short + "1,a,2024-01-05,10\n1,a,2024-01-20,10\n2,b,2024-03-10,10\n", ""},
		"given back much later":         {short + "1,a,2024-01-05,10\n1,a,2024-06-20,-10\n2,b,2024-03-10,10\n", ""},
		"rounded customers":             {short + "1,1.23457E+11,2024-01-05,10\n2,1.23457E+11,2024-01-06,10\n3,C-1,2024-01-07,10\n", `A spreadsheet rounded 1 id of customers, such as "1.23457E+11"`},
		"rounded orders":                {short + "\"4,71E+15\",a,2024-01-05,10\n2,b,2024-01-06,10\n", `1 id of orders, such as "4,71E+15"`},
		"an E in an id":                 {short + "1,E+1,2024-01-05,10\n2,12E+B,2024-01-06,10\n", ""},
		"ids as numbers":                {short + "1,17850.0,2024-01-05,10\n2,17850,2024-02-05,10\n", `"17850.0" and "17850"`},
		"zeros lost":                    {short + "1,00123,2024-01-05,10\n2,123,2024-02-05,10\n", `"00123" and "123"`},
		"ids with zeros":                {short + "1,00123,2024-01-05,10\n2,00124,2024-02-05,10\n3,125,2024-02-06,10\n", ""},
		"capitals":                      {short + "1,c7,2024-01-05,10\n2,C7,2024-02-05,10\n3,C8,2024-02-05,10\n", `3 ids of customers are 2 if capitals are ignored, as in "c7" and "C7": they count as different customers. If they are the same, write each id in one way throughout the file before you read it, or set features.OrdersOptions.Ignore to []string{"case"}.`},
		"capitals of small letters":     {short + "1,ann,2024-01-05,10\n2,bob,2024-02-05,10\n3,Ann,2024-02-05,10\n4,ANN,2024-02-05,10\n", `4 ids of customers are 2 if capitals are ignored, as in "ann", "Ann" and "ANN"`},
		"a number with its marks": {short + "1,123.456.789-09,2024-01-05,10\n2,12345678909,2024-02-05,10\n3,095.170.678-01,2024-02-05,10\n4,9517067801,2024-02-05,10\n5,7,2024-02-05,10\n",
			`5 ids of customers are 3 if leading zeros and punctuation marks are ignored, as in "123.456.789-09" and "12345678909"`},
		"numbers of two parts":        {short + "1,1-12,2024-01-05,10\n2,11-2,2024-02-05,10\n", ""},
		"capitals of addresses alone": {short + "1,a.b@x.org,2024-01-05,10\n2,ab@x.org,2024-02-05,10\n", ""},
		"capitals of others":          {short + "1,Ann,2024-01-05,10\n2,bob,2024-02-05,10\n3,7,2024-02-05,10\n", ""},
		"an accent in two characters": {short + "1,Rene\u0301,2024-01-05,10\n2,Ren\u00e9,2024-02-05,10\n", `"Rene\u0301" and "Ren\u00e9"`},
		"blanks of other kinds":       {short + "1,Ann\u00a0A,2024-01-05,10\n2,Ann A,2024-02-05,10\n", `"Ann\u00a0A" and "Ann A"`},
		"accents":                     {short + "1,René,2024-01-05,10\n2,Renè,2024-02-05,10\n", ""},
		"no end":                      {short + "1,a,9999-12-31,10\n2,b,2024-02-05,10\n3,c,2024-02-06,10\n4,c,2024-02-07,10\n", "1 line is dated far from all others, such as 9999-12-31 in line 2"},
		"a mistyped year":             {short + "1,a,2024-02-04,10\n2,b,2024-02-05,10\n3,c,2204-02-06,10\n4,c,2024-02-07,10\n", "as 2204-02-06 in line 4"},
		"two seasons":                 {short + "1,a,2023-02-04,10\n2,b,2023-02-05,10\n3,c,2024-02-06,10\n4,c,2024-02-07,10\n", ""},
		"another calendar":            {short + "1,a,2567-02-04,10\n2,b,2567-02-05,10\n", "The dates lie around the year 2567"},
		"a dated total":               {short + "1,a,2024-02-04,10\n2,b,2024-02-05,12\nCelkem bez DPH,,2024-02-29,22\n", "The last line, 4, is worth 22, as much as all lines above it together"},
		"not the total":               {short + "1,a,2024-02-04,10\n2,b,2024-02-05,12\n3,c,2024-02-29,23\n", ""},
		"two signs":                   {qty + "1,a,2024-02-04,2,100\n2,a,2024-02-05,-1,-100\n", "1 line has both a quantity and a price below zero, such as line 3, giving sales of 100"},
		"one sign":                    {qty + "1,a,2024-02-04,2,100\n2,a,2024-02-05,-1,100\n", ""},
		"no sign":                     {"order_id,customer_id,date,quantity,amount\n1,a,2024-02-04,2,100\n2,a,2024-02-05,-1,40\n", "1 line has a quantity below zero but an amount above it, such as line 3, adding 40 to sales"},
		"signs the other way":         {short + "1,a,2024-02-04,-10\n2,b,2024-02-05,-12\n3,b,2024-02-05,2\n", "More money goes out (22) than comes in (2)"},
		"nobody by name":              {short + "1,Walk-in,2024-02-04,10\n2,b,2024-02-05,12\n3,Walk-in,2024-02-05,2\n", `Customer "Walk-in" (2 lines, 66.7 % of all; 12, 50.0 % of the money) may stand for all customers who are not known, and counts as one: list the id in features.OrdersOptions.Missing if so`},
		"nobodies":                    {short + "1,Gast,2024-02-04,10\n2,b,2024-02-05,12\n3,ANON,2024-02-05,2\n4,ANON,2024-02-05,1\n", `Customers "ANON" (2 lines, 50.0 % of all; 3, 12.0 % of the money) and "Gast" (1 line, 25.0 % of all; 10, 40.0 % of the money) may stand for`},
		"nobody by number":            {short + "1,0000,2024-02-04,10\n2,b,2024-02-05,12\n3,0000,2024-02-05,2\n", `features.Without("customer", "0000")`},
		"a status by its cells":       {"order_id,customer_id,date,amount,Vorgang\n1,a,2024-02-04,10,bezahlt\n2,b,2024-02-05,12,storniert\n", `"Vorgang" may say what became of orders ("storniert")`},
		"mostly a status":             {"order_id,customer_id,date,amount,Vorgang\n1,a,2024-02-04,10,bezahlt\n2,b,2024-02-05,12,storniert\n3,b,2024-02-05,12,wartet\n", `"Vorgang" may say what became of orders ("storniert")`},
		"words of other things":       {"order_id,customer_id,date,amount,shelf\n1,a,2024-02-04,10,new\n2,b,2024-02-05,12,oak\n", ""},
		"currencies by their cells":   {"order_id,customer_id,date,amount,Waluta\n1,a,2024-02-04,10,PLN\n2,b,2024-02-05,12,EUR\n", `Waluta holds "PLN" and "EUR", which must not be added up`},
		"numbers under another name":  {"Rechnung Ref,customer_id,date,amount\n1,a,2024-02-04,10\n", `No order number is read: what a customer buys on one day counts as one order. If "Rechnung Ref"`},
		"refunds under another name":  {"order_id,customer_id,date,amount,Refund\n1,a,2024-02-04,10,5\n", `If "Refund" holds the money that was paid back`},
		"some with a currency":        {short + "1,a,2024-02-04,$12.50\n2,b,2024-02-05,40\n3,b,2024-02-06,0\n", `1 cell of amount had no currency, the first being "40" in line 3, and counted as $ like the others`},
		"all with a currency":         {short + "1,a,2024-02-04,$12.50\n2,b,2024-02-05,$40\n3,b,2024-02-06,0\n", ""},
		"discounts":                   {"order_id,customer_id,date,quantity,price,Rabatt %\n1,a,2024-02-04,2,10,5\n", `Sales are counted as quantity × price. If "Rabatt %" still has to be deducted, name the column with the final cost of each line as the amount.`},
		"delivery":                    {"order_id,customer_id,date,quantity,price,Versandkosten,Shipping City,shipping_date,ship_code\n1,a,2024-02-04,2,10,\"4,90\",Ulm,20240205,7\n", `What customers paid for delivery does not count as sales: "Versandkosten" is left out. If it should count, name a column with the cost of each line, delivery included, as the amount.`},
		"where it was delivered":      {"order_id,customer_id,date,quantity,price,Shipping City,shipping_date\n1,a,2024-02-04,2,10,Ulm,20240205\n2,b,2024-02-05,1,10,Bonn,20240207\n", ""},
		"discounts beside amounts":    {"order_id,customer_id,date,quantity,price,Remise %,Montant facturé,Montant remise\n1,a,2024-02-04,2,10,5,19,1\n", `as the amount, perhaps "Montant facturé".`},
		"titles of people":            {"order_id,customer_id,date,amount,Title\n1,a,2024-02-04,10,Mr\n2,b,2024-02-05,11,Mrs.\n3,c,2024-02-05,11,\n", `"Title" says how people are addressed ("Mrs."), and is not read as the name of goods: if it is, name it.`},
		"titles of goods":             {"order_id,customer_id,date,amount,Title\n1,a,2024-02-04,10,Mr\n2,b,2024-02-05,11,The Idiot\n", ""},
		"a year of the Hijra":         {short + "1,a,1445-07-04,10\n2,b,1445-07-05,10\n", "The dates lie around the year 1445. If they are in another calendar (the Islamic one is some 580 years behind, the Persian one 621), convert them first."},
	} {
		o := read(t, c.file)
		notes, err := o.Notes()
		if got := strings.Join(notes, " "); err != nil || !strings.Contains(got, c.said) || c.said == "" && got != "" {
			t.Errorf("%s: noted %q, want %q; %v", name, got, c.said, err)
		}
	}
}

// An order whose lines spell the customer in other capitals is one customer's, and no number that stands for none.
func TestCapitalsMakeNoOtherCustomerOfAnOrder(t *testing.T) {
	for second, shared := range map[string]bool{"C7": false, "c8": true} {
		notes, err := read(t, short+"1,c7,2024-01-05,10\n1,"+second+",2024-01-05,11\n").Notes()
		if got := strings.Join(notes, " "); err != nil || strings.Contains(got, "by several customers") != shared {
			t.Errorf("c7 and %s: noted %q; %v", second, got, err)
		}
	}
}

// Cells without an order number, however they say so, are orders by the day.
func TestNoOrderNumberInAnyWords(t *testing.T) {
	for _, mark := range []string{"", "-", "--", "?", "none", "None", "n/a", "(blank)", "(null)", "#NV", "#N/A", `\N`} {
		o := read(t, fmt.Sprintf("%s%[2]s,a,2024-01-05,10\n%[2]s,a,2024-02-05,10\n%[2]s,a,2024-03-05,10\n77,a,2024-03-09,10\n78,b,2024-03-10,10\n", short, mark))
		if n, err := o.Count(); err != nil || n.Orders != 5 {
			t.Errorf("%q: %d orders, want 5; %v", mark, n.Orders, err)
		}
	}
}

// A text with figures is never offered as one that means "not known", and the sentence says where an encoding was assumed.
func TestUnreadableNumbersAreNotTakenForMissing(t *testing.T) {
	for cell, c := range map[string]struct{ said, not string }{
		"12.50 CR":    {`"12.50 CR" is not a number: mend the cell, or name another column`, "Missing"},
		"12,345,67":   {"mend the cell", "Missing"},
		"k.A.":        {`list it in features.OrdersOptions.Missing ("k.A.")`, "UTF-8"},
		"1250 K\xe8.": {"read as Windows-1252: if it looks wrong, save the file as UTF-8", "Missing"},
	} {
		file := "order_id;customer_id;date;amount\n1;a;2024-01-05;10\n2;b;2024-01-06;11\n3;b;2024-01-06;11\n4;c;2024-01-07;" + cell + "\n"
		_, err := features.ParseOrders(strings.NewReader(file), "x.csv", features.OrdersOptions{})
		if err == nil || !strings.Contains(err.Error(), c.said) || strings.Contains(err.Error(), c.not) {
			t.Errorf("%q: %v", cell, err)
		}
		for _, q := range inspected(t, fileOf(t, "x.csv", file)).Questions {
			for _, a := range q.Answers {
				if a.Option == "missing" && c.not == "Missing" {
					t.Errorf("%q: offers %v", cell, a)
				}
			}
		}
	}
}

// A decimal mark with which another column cannot be read is no answer.
func TestAnAnswerThatContradictsAnotherColumnIsNotOffered(t *testing.T) {
	r := inspected(t, fileOf(t, "sap.csv", "order;customer;date;product;quantity;price\n1;a;2024-01-05;x;1,000;12,50\n2;b;2024-01-06;y;3,000;4,00\n"))
	if len(r.Questions) != 1 || len(r.Questions[0].Answers) != 1 || r.Questions[0].Answers[0].Value != "," || !strings.Contains(r.Questions[0].Answers[0].Gives, "net 24.5") {
		t.Errorf("%+v", r.Questions)
	}
}

// Without an as-of date, nothing is counted from a last day that is none; with one, and after a season of its own, all is as before.
func TestTheLastDayIsNoMistypedYear(t *testing.T) {
	var b strings.Builder
	b.WriteString(short)
	for i := range 200 {
		fmt.Fprintf(&b, "%d,c%d,2023-%02d-%02d,10\n", i, i%40, 1+i%12, 1+i%28)
	}
	for name, c := range map[string]struct {
		more, said string
	}{
		"no end":       {"900,c1,9999-12-31,10\n", "that one is dated 9999-12-31, and nearly all others end on 2023-12-"},
		"as usual":     {"900,c1,2023-12-31,10\n", ""},
		"a new season": {"900,c1,2024-10-31,10\n901,c2,2024-11-30,10\n902,c3,2024-12-30,10\n903,c4,2024-12-31,10\n904,c1,2024-12-31,10\n905,c1,2024-12-31,10\n906,c1,2024-12-31,10\n907,c1,2024-12-31,10\n908,c1,2024-12-31,10\n909,c1,2024-12-31,10\n910,c1,2024-12-31,10\n911,c1,2024-12-31,10\n", ""},
	} {
		all := clean(t, read(t, b.String()+c.more))
		_, err := all.Features(time.Time{})
		if c.said == "" && err != nil || c.said != "" && (err == nil || !strings.Contains(err.Error(), c.said)) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := all.Features(time.Date(2023, 10, 1, 0, 0, 0, 0, time.UTC)); err != nil {
			t.Errorf("%s, with an as-of date: %v", name, err)
		}
	}
}

// Ids that stand for customers who are not known are told with their lines and money, in every language; listed as missing, their lines have no customer.
func TestIDsOfNobody(t *testing.T) {
	for _, id := range []string{"ANON", "Anonymous", "Guest", "guest checkout", "Walk-in", "Cash sale", "Unknown", "Gast", "Barverkauf", "Laufkunde", "Unbekannt", "Client comptoir", "Anonyme", "Cliente mostrador", "Público en general",
		"Anónimo", "Cliente occasionale", "Sconosciuto", "Onbekend", "Losse verkoop", "Consumidor final", "Cliente balcão", "Gość", "Klient detaliczny", "0", "-1"} {
		text := short + "1,17,2024-02-04,10\n2," + id + ",2024-02-05,30\n3," + id + ",2024-02-06,40\n4,18,2024-02-06,20\n"
		path := fileOf(t, "orders.csv", text)
		if r := inspected(t, path); len(r.Questions) > 0 || r.Net != "100" || r.Customers != 3 || !strings.Contains(strings.Join(r.Notes, " "), fmt.Sprintf("Customer %q (2 lines, 50.0 %% of all; 70, 70.0 %% of the money) may stand", id)) {
			t.Errorf("%q: inspected %+v", id, r)
		}
		if r := inspected(t, path, features.OrdersOptions{Missing: []string{id}}); r.Net != "100" || r.Customers != 2 {
			t.Errorf("%q missing: %+v", id, r)
		}
	}
	if notes, err := read(t, short+"1,17,2024-02-04,10\n2,Cashmore,2024-02-05,30\n3,100,2024-02-06,40\n").Notes(); err != nil || strings.Contains(fmt.Sprint(notes), "not known") {
		t.Errorf("%q, %v", notes, err)
	}
}

// Lines below zero that are no goods, by their names in any of eight languages or by the ids of their products, are told with what they come to: a gift card that
// pays for goods is no refund. Goods that came back are not among them, and neither is a voucher that is sold.
func TestVouchersThatPayAreToldApartFromReturns(t *testing.T) {
	const told = `4 lines with an amount below zero are no returned goods, judging by their names: "Gutschein 20 EUR" (2), "Carte cadeau" (1) and "DISCOUNT" (1), −55.50 in all.`
	text := "order_id,customer_id,product_id,description,unit_price,quantity,order_date\n" +
		"1,a,10,Tea,30,1,2025-01-01\n1,a,G1,Gutschein 20 EUR,-20,1,2025-01-01\n2,b,11,Pot,30,1,2025-01-02\n2,b,G1,Gutschein 20 EUR,20,-1,2025-01-02\n" +
		"3,c,10,Tea,30,1,2025-01-03\n3,c,12,Carte cadeau,10.00,-1,2025-01-03\n3,c,DISCOUNT,,5.50,-1,2025-01-03\n4,a,10,Tea,30,-1,2025-01-04\n5,d,G1,Gutschein 20 EUR,20,1,2025-01-05\n"
	orders, err := features.ParseOrders(strings.NewReader(text), "orders.csv", features.OrdersOptions{})
	if err != nil {
		t.Fatal(err)
	}
	notes, err := orders.Notes()
	if err != nil {
		t.Fatal(err)
	}
	for of, said := range map[string][]string{"audit": orders.Audit().Facts, "notes": notes} {
		said := strings.Join(said, "\n")
		if !strings.Contains(said, told) || !strings.Contains(said, `features.Without("name", …)`) {
			t.Errorf("%s: %s", of, said)
		}
	}
	without, err := features.ParseOrders(strings.NewReader(strings.NewReplacer("Gutschein 20 EUR", "Cup", "Carte cadeau", "Can", "DISCOUNT", "13").Replace(text)), "orders.csv", features.OrdersOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if said := strings.Join(without.Audit().Facts, "\n"); strings.Contains(said, "no returned goods") {
		t.Error(said)
	}
}

// Of two customers who spent the same, the one who bought first is the largest, as on engines: what was sent back before does not count.
func TestTheLargestCustomerOfEquals(t *testing.T) {
	o := read(t, "order_id,customer_id,date,product,quantity,price\n1,b,2024-01-04,A,-1,10\n2,a,2024-01-05,A,1,10\n3,b,2024-01-06,A,1,10\n")
	if facts := strings.Join(o.Audit().Facts, " "); !strings.Contains(facts, "The largest customer, a, accounts for 50.0 %") {
		t.Error(facts)
	}
}
