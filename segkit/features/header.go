package features

// Which column of a file means what: named in the options, or recognised by its header.

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/fault"
)

// meaning is what a column of an order file can be.
type meaning int

const (
	orderColumn meaning = iota
	dateColumn
	customerColumn
	productColumn
	nameColumn
	categoryColumn
	quantityColumn
	priceColumn
	amountColumn
	meanings // how many there are
)

func (m meaning) String() string {
	return [...]string{"order", "date", "customer", "product", "name", "category", "quantity", "price", "amount"}[m]
}

// known are the headers recognised for each meaning, letters and digits only, English before German, the surest first. A header serves one
// meaning: "product" is the product's name where there is a product_id, else the product.
var known = [meanings][]string{
	orderColumn: {"orderid", "invoiceno", "invoice", "orderno", "ordernumber", "order", "invoiceid", "invoicenumber", "transactionid", "receiptid", "receiptno", "basketid",
		"bestellnummer", "bestellnr", "auftragsnummer", "auftragsnr", "rechnungsnummer", "rechnungsnr", "belegnummer", "belegnr"},
	dateColumn: {"orderdate", "invoicedate", "orderedat", "purchasedate", "transactiondate", "datetime", "timestamp", "date", "createdat",
		"bestelldatum", "auftragsdatum", "rechnungsdatum", "kaufdatum", "datum"},
	customerColumn: {"customerid", "customer", "customerno", "customernumber", "clientid", "userid", "memberid", "buyerid", "accountid", "custid",
		"kundennummer", "kundennr", "kundenid", "kunde"},
	productColumn: {"productid", "stockcode", "sku", "itemid", "articleid", "productcode", "articleno", "product", "item", "article",
		"artikelnummer", "artikelnr", "produktnummer", "produktnr", "produkt", "artikel"},
	nameColumn: {"productname", "description", "itemname", "articlename", "product", "item", "article", "title",
		"bezeichnung", "artikelbezeichnung", "artikelname", "produktname", "produkt", "artikel"},
	categoryColumn: {"category", "productcategory", "productgroup", "department", "kategorie", "warengruppe"},
	quantityColumn: {"quantity", "qty", "units", "menge", "anzahl"},
	priceColumn:    {"unitprice", "price", "itemprice", "priceperunit", "einzelpreis", "preis"},
	amountColumn: {"amount", "linetotal", "lineamount", "total", "revenue", "sales", "totalprice", "dollarvalue", "value",
		"betrag", "summe", "umsatz"},
}

// descriptors are headers that say where and how a customer buys.
var descriptors = []string{"country", "region", "state", "city", "channel", "store", "source", "land", "stadt", "ort", "kanal", "filiale"}

// plan says where the reader finds what.
type plan struct {
	op     string // for messages
	file   string
	header []string
	at     [meanings]int // column of each meaning, -1 for none
	more   []int         // descriptors
	comma  byte
	forms  // of its cells

	currency string
}

// priceOrAmount is the column that says what a line is worth.
func (p *plan) priceOrAmount() int { return max(p.at[priceColumn], p.at[amountColumn]) }

func simple(header string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(header))
}

// newPlan finds the columns of header that o names or, where it names none, that are known.
func newPlan(op, file string, header []string, o OrdersOptions) (*plan, error) {
	p := &plan{op: op, file: file, header: header, comma: byte(o.Comma), forms: newForms(o), currency: o.Currency}
	wrong := func(column, why, remedy string, sentinel error) error {
		return &fault.CellError{Op: op, File: file, Column: column, Why: why, Remedy: remedy, Err: sentinel}
	}
	for i, h := range header {
		if h != "" && slices.Index(header, h) != i {
			return nil, wrong(h, fmt.Sprintf("stands in the header twice, as columns %d and %d", slices.Index(header, h)+1, i+1),
				"rename one of them", fault.ErrSchema)
		}
	}
	taken := make([]bool, len(header))
	for m, name := range [meanings]string{o.Order, o.Date, o.Customer, o.Product, o.Name, o.Category, o.Quantity, o.Price, o.Amount} {
		p.at[m] = -1
		if name == "" {
			continue
		}
		i := slices.Index(header, name)
		if i < 0 {
			return nil, wrong(name, "is not among the columns "+shorten(strings.Join(header, ", "), 300),
				fmt.Sprintf("set OrdersOptions.%s to one of them", optionNames[m]), fault.ErrMissingColumn)
		}
		p.at[m], taken[i] = i, true
	}
	for m, names := range known {
		if p.at[m] >= 0 || meaning(m) == amountColumn && o.Price != "" || meaning(m) == priceColumn && o.Amount != "" {
			continue
		}
		for _, name := range names {
			if i := slices.IndexFunc(header, func(h string) bool { return simple(h) == name }); i >= 0 && !taken[i] {
				p.at[m], taken[i] = i, true
				break
			}
		}
	}
	if p.at[priceColumn] >= 0 && p.at[amountColumn] >= 0 { // one of them says what the line is worth
		if p.at[quantityColumn] >= 0 {
			p.at[amountColumn] = -1
		} else {
			p.at[priceColumn] = -1
		}
	}
	for _, m := range []meaning{customerColumn, dateColumn} {
		if p.at[m] < 0 {
			return nil, wrong("", fmt.Sprintf("no column for the %s among %s", m, shorten(strings.Join(header, ", "), 300)),
				fmt.Sprintf("set OrdersOptions.%s to its name", optionNames[m]), fault.ErrMissingColumn)
		}
	}
	if p.at[priceColumn] < 0 && p.at[amountColumn] < 0 {
		return nil, wrong("", "no column for the price or the amount among "+shorten(strings.Join(header, ", "), 300),
			"set OrdersOptions.Price (per unit) or OrdersOptions.Amount (of the line)", fault.ErrMissingColumn)
	}
	for _, name := range o.Descriptors {
		i := slices.Index(header, name)
		if i < 0 {
			return nil, wrong(name, "is not among the columns "+shorten(strings.Join(header, ", "), 300), "", fault.ErrMissingColumn)
		}
		p.more = append(p.more, i)
	}
	if o.Descriptors == nil {
		for i, h := range header {
			if !taken[i] && slices.Contains(descriptors, simple(h)) {
				p.more = append(p.more, i)
			}
		}
	}
	return p, nil
}

// shorten keeps a file that is no CSV from filling the screen.
func shorten(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// optionNames are the fields of OrdersOptions by meaning.
var optionNames = [meanings]string{"Order", "Date", "Customer", "Product", "Name", "Category", "Quantity", "Price", "Amount"}

// Mapping says how one column of the file was read.
type Mapping struct {
	Meaning string // "order", "date", "customer", … or "descriptor"
	Header  string // column of the file; "" where the file has none
}

func (p *plan) mapping() []Mapping {
	var out []Mapping
	for m, i := range p.at {
		entry := Mapping{Meaning: meaning(m).String()}
		if i >= 0 {
			entry.Header = p.header[i]
		}
		out = append(out, entry)
	}
	for _, i := range p.more {
		out = append(out, Mapping{"descriptor", p.header[i]})
	}
	return out
}
