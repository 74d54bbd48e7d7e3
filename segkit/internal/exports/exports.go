// Package exports knows the files that shop systems, payment services and public data sets write, by their columns, and says
// what a column of an order file can be.
package exports

import (
	"slices"
	"strings"
)

// Export is what a known system writes. Headers stand as Simple makes them: letters and digits only.
type Export struct {
	Name    string
	marks   []string           // headers that only it has together
	Columns map[Meaning]string // where what stands; nothing else is taken from it, but for descriptors
	Notes   []string           // what is counted and what is left out
	Refusal string             // why its lines cannot be counted, as a clause
	Local   bool               // times are those of the shop's clock, with its zone in summer or in winter behind them
}

// exports are looked through in this order: the more marks, the earlier.
//
// The headers were held against public sources: PrestaShop's own code (OrderGridDefinitionFactory), Magento's merchant documentation
// ("Order Workspace"), and for Shopify, WooCommerce (Advanced Order Export), Stripe, Square, Amazon and eBay against headers in public
// programs that read such files, several for each.
var all = []Export{
	{Name: "Shopify's orders", Local: true, marks: []string{"name", "lineitemquantity", "lineitemname", "lineitemprice"},
		Columns: map[Meaning]string{Order: "name", Customer: "email", Date: "createdat", Product: "lineitemsku", Name: "lineitemname",
			Quantity: "lineitemquantity", Price: "lineitemprice", Status: "financialstatus", Refund: "refundedamount", Currency: "currency"},
		Notes: []string{"What counts is the price of the items: quantity × price of the line items. Discounts, shipping and taxes are given once per order and are left out."}},
	{Name: "WooCommerce's order lines", marks: []string{"ordernumber", "orderstatus", "itemname", "itemcost"},
		Columns: map[Meaning]string{Order: "ordernumber", Customer: "emailbilling", Date: "orderdate", Product: "sku", Name: "itemname",
			Quantity: "quantityrefund", Price: "itemcost", Status: "orderstatus"},
		Notes: []string{"What counts is quantity × item cost, after units that were refunded. Order totals, coupons and shipping are left out."}},
	{Name: "Magento's orders", marks: []string{"purchasedate", "grandtotalbase", "grandtotalpurchased"},
		Columns: map[Meaning]string{Order: "id", Customer: "customeremail", Date: "purchasedate", Amount: "grandtotalpurchased",
			Status: "status", Refund: "totalrefunded"},
		Notes: []string{"One line is one order, and its money is the grand total, shipping and taxes included."}},
	{Name: "PrestaShop's orders", marks: []string{"reference", "newclient", "customer", "total", "payment"},
		Columns: map[Meaning]string{Order: "reference", Customer: "customer", Date: "date", Amount: "total", Status: "status"},
		Notes:   []string{"One line is one order, and its money is the total, shipping and taxes included. Customers are told apart by name only."}},
	stripe("createdutc"), stripe("createddateutc"),
	{Name: "Square's item sales", marks: []string{"grosssales", "netsales", "transactionid", "paymentid", "item"},
		Columns: map[Meaning]string{Order: "transactionid", Customer: "customerid", Date: "date", Product: "sku", Name: "item",
			Category: "category", Quantity: "qty", Amount: "netsales", Direction: "eventtype"},
		Notes: []string{"What counts is net sales: after discounts, before taxes. The time of day has a column of its own and is left out."}},
	{Name: "PayPal's activity", marks: []string{"gross", "fee", "net", "transactionid", "fromemailaddress", "toemailaddress"},
		Columns: map[Meaning]string{Order: "transactionid", Customer: "fromemailaddress", Date: "date", Product: "itemid", Name: "itemtitle",
			Amount: "gross", Status: "status", Currency: "currency"},
		Notes: []string{"One line is one movement of money, and its gross amount counts: fees are left out.",
			`Refunds, withdrawals and conversions of currencies have lines of their own, with the shop itself as the sender: features.Without("customer", "the shop's own address") leaves them out, and a payment whose status is "Refunded" is removed by features.Undone.`}},
	{Name: "Amazon's order report", marks: []string{"orderid", "purchasedate", "buyeremail", "quantitypurchased", "itemprice"},
		Columns: map[Meaning]string{Order: "orderid", Customer: "buyeremail", Date: "purchasedate", Product: "sku", Name: "productname",
			Quantity: "quantitypurchased", Amount: "itemprice", Currency: "currency"},
		Notes: []string{"What counts is the item price, which is for the whole line. Taxes and shipping are left out."}},
	{Name: "Amazon's list of all orders", marks: []string{"amazonorderid", "purchasedate", "orderstatus", "itemprice", "asin"},
		Refusal: "does not say who the customers are; the order report with a column buyer-email does"},
	{Name: "eBay's orders", marks: []string{"salesrecordnumber", "ordernumber", "buyerusername", "soldfor", "saledate"},
		Columns: map[Meaning]string{Order: "ordernumber", Customer: "buyerusername", Date: "saledate", Product: "itemnumber", Name: "itemtitle",
			Quantity: "quantity", Price: "soldfor"},
		Notes: []string{`What counts is quantity × "sold for", the price of one. Postage and taxes are left out.`,
			`A combined order has a line of its own without an item number that sums up the others: features.Without("product", "") removes it.`}},
	{Name: "UCI's Online Retail", marks: []string{"invoiceno", "stockcode", "invoicedate", "unitprice", "customerid"},
		Columns: map[Meaning]string{Order: "invoiceno", Customer: "customerid", Date: "invoicedate", Product: "stockcode", Name: "description",
			Quantity: "quantity", Price: "unitprice"}},
	{Name: "UCI's Online Retail II", marks: []string{"invoice", "stockcode", "invoicedate", "price", "customerid"},
		Columns: map[Meaning]string{Order: "invoice", Customer: "customerid", Date: "invoicedate", Product: "stockcode", Name: "description",
			Quantity: "quantity", Price: "price"}},
	{Name: "Olist's orders joined with items and customers", marks: []string{"customeruniqueid", "orderpurchasetimestamp", "orderitemid", "price"},
		Columns: map[Meaning]string{Order: "orderid", Customer: "customeruniqueid", Date: "orderpurchasetimestamp", Product: "productid",
			Category: "productcategoryname", Price: "price", Status: "orderstatus"},
		Notes: []string{"The customer is customer_unique_id: customer_id is different for every order.",
			"What counts is the price of each item. Freight and payments are left out; lines repeated by joining payments or reviews are duplicates."}},
	{Name: "Olist's orders joined without customers", marks: []string{"orderpurchasetimestamp", "orderitemid", "price", "customerid"},
		Refusal: "has a customer_id that is different for every order; join olist_customers_dataset for customer_unique_id"},
	{Name: "Olist's orders", marks: []string{"orderid", "customerid", "orderstatus", "orderpurchasetimestamp"},
		Refusal: "has no money; join olist_order_items_dataset for the prices and olist_customers_dataset for customer_unique_id"},
	{Name: "Olist's order items", marks: []string{"orderid", "orderitemid", "sellerid", "shippinglimitdate"},
		Refusal: "has neither customers nor days of orders; join olist_orders_dataset and olist_customers_dataset"},
	{Name: "Superstore", marks: []string{"orderid", "orderdate", "shipmode", "customerid", "sales", "profit"},
		Columns: map[Meaning]string{Order: "orderid", Customer: "customerid", Date: "orderdate", Product: "productid", Name: "productname",
			Category: "category", Quantity: "quantity", Amount: "sales"},
		Notes: []string{"Sales are for the whole line, after its discount."}},
	{Name: "CDNOW", marks: []string{"customerid", "date", "numberofcds", "dollarvalue"},
		Columns: map[Meaning]string{Customer: "customerid", Date: "date", Quantity: "numberofcds", Amount: "dollarvalue"},
		Notes:   []string{"There are no order numbers: what a customer buys on one day is an order."}},
	{Name: "dunnhumby's Complete Journey (R package)", marks: []string{"householdid", "basketid", "salesvalue", "transactiontimestamp"},
		Columns: map[Meaning]string{Order: "basketid", Customer: "householdid", Date: "transactiontimestamp", Product: "productid",
			Quantity: "quantity", Amount: "salesvalue"},
		Notes: []string{"Sales values are what the shop received: manufacturers' coupons are part of it."}},
	{Name: "dunnhumby's Complete Journey", marks: []string{"householdkey", "basketid", "day", "salesvalue"},
		Refusal: "numbers its days from 1 (DAY) and does not say which date the first one was; the completejourney package has the same baskets with dates"},
	{Name: "Instacart's orders", marks: []string{"orderid", "userid", "orderdow", "orderhourofday"},
		Refusal: "has no money and no dates, only weekdays and days since the order before; count orders per user and read that as a customer table"},
	{Name: "Instacart's order lines", marks: []string{"orderid", "productid", "addtocartorder", "reordered"},
		Refusal: "has no money, no dates and no customers; count orders per user in orders.csv and read that as a customer table"},
}

// stripe is Stripe's list of payments, which has called the day of a payment by several names.
func stripe(date string) Export {
	return Export{Name: "Stripe's payments", marks: []string{date, "amount", "amountrefunded", "customerid", "captured"},
		Columns: map[Meaning]string{Order: "id", Customer: "customerid", Date: date, Name: "description", Amount: "amount",
			Status: "status", Refund: "amountrefunded", Currency: "currency"},
		Notes: []string{"One line is one payment. Fees are left out."}}
}

// Of finds the export that has the given headers, as Simple makes them; nil if it is none that is known.
func Of(simple []string) *Export {
	for i := range all {
		if !slices.ContainsFunc(all[i].marks, func(mark string) bool { return !slices.Contains(simple, mark) }) {
			return &all[i]
		}
	}
	return nil
}

// plainLetters are letters with marks without them.
var plainLetters = strings.NewReplacer("ä", "a", "ö", "o", "ü", "u", "ß", "ss", "é", "e", "è", "e", "ê", "e", "ë", "e", "á", "a", "à", "a", "â", "a", "ã", "a",
	"í", "i", "ì", "i", "î", "i", "ï", "i", "ó", "o", "ò", "o", "ô", "o", "õ", "o", "ú", "u", "ù", "u", "û", "u", "ñ", "n", "ç", "c", "œ", "oe",
	"ą", "a", "ć", "c", "ę", "e", "ł", "l", "ń", "n", "ś", "s", "ź", "z", "ż", "z", "º", "", "°", "")

// units are what headers name in brackets without meaning another column by it.
var units = append([]string{"", "pcs", "pieces", "units", "each", "stuck", "stk", "st"}, currencies...)

// currencies stand at the end of a header without brackets as well.
var currencies = []string{"eur", "usd", "gbp", "chf", "sek", "dkk", "nok", "pln", "czk", "cad", "aud", "jpy"}

// Header returns a header as it is looked up: as Simple does, and without a unit at its end, as in "Qty (pcs)", "Price [€]" and "Betrag in EUR".
func Header(text string) string {
	trimmed := strings.TrimRight(text, " ")
	if open := strings.LastIndexAny(trimmed, "(["); open > 0 && strings.HasSuffix(trimmed, map[byte]string{'(': ")", '[': "]"}[trimmed[open]]) {
		if slices.Contains(units, Simple(trimmed[open:])) {
			text = trimmed[:open]
		}
	}
	if at := strings.LastIndexAny(trimmed, " _"); at > 0 && slices.Contains(currencies, strings.ToLower(trimmed[at+1:])) {
		text = strings.TrimSuffix(strings.TrimSuffix(trimmed[:at], " in"), "_in")
	} else if before, euros := strings.CutSuffix(trimmed, " in €"); euros {
		text = before
	}
	return Simple(text)
}

// Unit is what stands in brackets at the end of a header, or behind its last blank: "EUR" of "Price [EUR]" and of "Betrag EUR".
func Unit(header string) string {
	trimmed := strings.TrimRight(header, " )]")
	if at := strings.LastIndexAny(trimmed, "([ _"); at > 0 {
		return trimmed[at+1:]
	}
	return ""
}

// Simple returns a header or a cell as it is looked up: lower letters without marks, and digits.
func Simple(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, plainLetters.Replace(strings.ToLower(text)))
}
