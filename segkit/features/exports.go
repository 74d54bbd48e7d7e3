package features

// Exports that are known by their columns: shop systems, payment services and public data sets.

import (
	"slices"
	"strings"
)

// export is what a known system writes. Headers stand as simple makes them: letters and digits only.
type export struct {
	name    string
	marks   []string           // headers that only it has together
	columns map[meaning]string // where what stands; nothing else is taken from it, but for descriptors
	notes   []string           // what is counted and what is left out
	refusal string             // why its lines cannot be counted, as a clause
	local   bool               // times are those of the shop's clock, with its zone in summer or in winter behind them
}

// exports are looked through in this order: the more marks, the earlier.
var exports = []export{
	{name: "Shopify's orders", local: true, marks: []string{"name", "lineitemquantity", "lineitemname", "lineitemprice"},
		columns: map[meaning]string{orderColumn: "name", customerColumn: "email", dateColumn: "createdat", productColumn: "lineitemsku", nameColumn: "lineitemname",
			quantityColumn: "lineitemquantity", priceColumn: "lineitemprice", statusColumn: "financialstatus", refundColumn: "refundedamount", currencyColumn: "currency"},
		notes: []string{"Counted is what the items cost: quantity × price of the line items. Discounts, shipping and taxes stand once an order and are left out."}},
	{name: "WooCommerce's order lines", marks: []string{"ordernumber", "orderstatus", "itemname", "itemcost"},
		columns: map[meaning]string{orderColumn: "ordernumber", customerColumn: "emailbilling", dateColumn: "orderdate", productColumn: "sku", nameColumn: "itemname",
			quantityColumn: "quantityrefund", priceColumn: "itemcost", statusColumn: "orderstatus"},
		notes: []string{"Counted is quantity × item cost, after what was refunded in units. Order totals, coupons and shipping are left out."}},
	{name: "Magento's orders", marks: []string{"purchasedate", "grandtotalbase", "grandtotalpurchased"},
		columns: map[meaning]string{orderColumn: "id", customerColumn: "customeremail", dateColumn: "purchasedate", amountColumn: "grandtotalpurchased",
			statusColumn: "status", refundColumn: "totalrefunded"},
		notes: []string{"One line is one order, and its money is the grand total, shipping and taxes included."}},
	{name: "PrestaShop's orders", marks: []string{"reference", "newclient", "customer", "total", "payment"},
		columns: map[meaning]string{orderColumn: "reference", customerColumn: "customer", dateColumn: "date", amountColumn: "total", statusColumn: "status"},
		notes:   []string{"One line is one order, and its money is the total, shipping and taxes included. Customers are told apart by name only."}},
	{name: "Stripe's payments", marks: []string{"createdutc", "amount", "amountrefunded", "customerid", "captured"},
		columns: map[meaning]string{orderColumn: "id", customerColumn: "customerid", dateColumn: "createdutc", nameColumn: "description", amountColumn: "amount",
			statusColumn: "status", refundColumn: "amountrefunded", currencyColumn: "currency"},
		notes: []string{"One line is one payment. Fees are left out."}},
	{name: "Square's item sales", marks: []string{"grosssales", "netsales", "transactionid", "paymentid", "item"},
		columns: map[meaning]string{orderColumn: "transactionid", customerColumn: "customerid", dateColumn: "date", productColumn: "sku", nameColumn: "item",
			categoryColumn: "category", quantityColumn: "qty", amountColumn: "netsales", directionColumn: "eventtype"},
		notes: []string{"Counted are net sales: after discounts, before taxes. The time of day stands in a column of its own and is left out."}},
	{name: "Amazon's order report", marks: []string{"orderid", "purchasedate", "buyeremail", "quantitypurchased", "itemprice"},
		columns: map[meaning]string{orderColumn: "orderid", customerColumn: "buyeremail", dateColumn: "purchasedate", productColumn: "sku", nameColumn: "productname",
			quantityColumn: "quantitypurchased", amountColumn: "itemprice", currencyColumn: "currency"},
		notes: []string{"Counted is the item price, which is of the whole line. Taxes and shipping are left out."}},
	{name: "Amazon's list of all orders", marks: []string{"amazonorderid", "purchasedate", "orderstatus", "itemprice", "asin"},
		refusal: "does not say who the customers are; the order report with a column buyer-email does"},
	{name: "eBay's orders", marks: []string{"salesrecordnumber", "ordernumber", "buyerusername", "soldfor", "saledate"},
		columns: map[meaning]string{orderColumn: "ordernumber", customerColumn: "buyerusername", dateColumn: "saledate", productColumn: "itemnumber", nameColumn: "itemtitle",
			quantityColumn: "quantity", priceColumn: "soldfor"},
		notes: []string{"Counted is quantity × “sold for”, the price of one. Postage and taxes are left out.",
			`A combined order has a line of its own without an item number that sums up the others: features.Without("product", "") removes it.`}},
	{name: "UCI's Online Retail", marks: []string{"invoiceno", "stockcode", "invoicedate", "unitprice", "customerid"},
		columns: map[meaning]string{orderColumn: "invoiceno", customerColumn: "customerid", dateColumn: "invoicedate", productColumn: "stockcode", nameColumn: "description",
			quantityColumn: "quantity", priceColumn: "unitprice"}},
	{name: "UCI's Online Retail II", marks: []string{"invoice", "stockcode", "invoicedate", "price", "customerid"},
		columns: map[meaning]string{orderColumn: "invoice", customerColumn: "customerid", dateColumn: "invoicedate", productColumn: "stockcode", nameColumn: "description",
			quantityColumn: "quantity", priceColumn: "price"}},
	{name: "Olist's orders joined with items and customers", marks: []string{"customeruniqueid", "orderpurchasetimestamp", "orderitemid", "price"},
		columns: map[meaning]string{orderColumn: "orderid", customerColumn: "customeruniqueid", dateColumn: "orderpurchasetimestamp", productColumn: "productid",
			categoryColumn: "productcategoryname", priceColumn: "price", statusColumn: "orderstatus"},
		notes: []string{"The customer is customer_unique_id: customer_id is another one for every order.",
			"Counted is the price of each item. Freight and payments are left out; lines repeated by joining payments or reviews are duplicates."}},
	{name: "Olist's orders joined without customers", marks: []string{"orderpurchasetimestamp", "orderitemid", "price", "customerid"},
		refusal: "has a customer_id that is another one for every order; join olist_customers_dataset for customer_unique_id"},
	{name: "Superstore", marks: []string{"orderid", "orderdate", "shipmode", "customerid", "sales", "profit"},
		columns: map[meaning]string{orderColumn: "orderid", customerColumn: "customerid", dateColumn: "orderdate", productColumn: "productid", nameColumn: "productname",
			categoryColumn: "category", quantityColumn: "quantity", amountColumn: "sales"},
		notes: []string{"Sales are of the whole line, after its discount."}},
	{name: "CDNOW", marks: []string{"customerid", "date", "numberofcds", "dollarvalue"},
		columns: map[meaning]string{customerColumn: "customerid", dateColumn: "date", quantityColumn: "numberofcds", amountColumn: "dollarvalue"},
		notes:   []string{"There are no order numbers: what a customer buys on one day is an order."}},
	{name: "dunnhumby's Complete Journey (R package)", marks: []string{"householdid", "basketid", "salesvalue", "transactiontimestamp"},
		columns: map[meaning]string{orderColumn: "basketid", customerColumn: "householdid", dateColumn: "transactiontimestamp", productColumn: "productid",
			quantityColumn: "quantity", amountColumn: "salesvalue"},
		notes: []string{"Sales values are what the shop received: coupons of the makers are part of it."}},
	{name: "dunnhumby's Complete Journey", marks: []string{"householdkey", "basketid", "day", "salesvalue"},
		refusal: "numbers its days from 1 (DAY) and does not say which date the first one was; the completejourney package has the same baskets with dates"},
	{name: "Instacart's orders", marks: []string{"orderid", "userid", "orderdow", "orderhourofday"},
		refusal: "has no money and no dates, only weekdays and days since the order before; count orders per user and read that as a customer table"},
	{name: "Instacart's order lines", marks: []string{"orderid", "productid", "addtocartorder", "reordered"},
		refusal: "has no money, no dates and no customers; count orders per user in orders.csv and read that as a customer table"},
}

// knownExport finds the export that has the given headers, nil if it is none that is known.
func knownExport(simple []string) *export {
	for i := range exports {
		if !slices.ContainsFunc(exports[i].marks, func(mark string) bool { return !slices.Contains(simple, mark) }) {
			return &exports[i]
		}
	}
	return nil
}

// plainLetters are letters with marks without them.
var plainLetters = strings.NewReplacer("ä", "a", "ö", "o", "ü", "u", "ß", "ss", "é", "e", "è", "e", "ê", "e", "ë", "e", "á", "a", "à", "a", "â", "a", "ã", "a",
	"í", "i", "ì", "i", "î", "i", "ï", "i", "ó", "o", "ò", "o", "ô", "o", "õ", "o", "ú", "u", "ù", "u", "û", "u", "ñ", "n", "ç", "c", "œ", "oe", "º", "", "°", "")

// simple returns a header or a cell as it is looked up: lower letters without marks, and digits.
func simple(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, plainLetters.Replace(strings.ToLower(text)))
}
