package datasets

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/segkit/lab/datasets/shop"
	"github.com/segkit/lab/segkit/features"
)

var shopOrders = features.OrdersOptions{
	Order: "order_id", Customer: "customer_id", Date: "order_date", Product: "product_id", Name: "product",
	Category: "category", Quantity: "quantity", Price: "unit_price", Descriptors: []string{"channel", "country"},
	DateLayout: "2006-01-02 15:04", Comma: ',', Currency: "EUR",
}

var onlineRetailOrders = features.OrdersOptions{
	Order: "InvoiceNo", Customer: "CustomerID", Date: "InvoiceDate", Product: "StockCode", Name: "Description",
	Quantity: "Quantity", Price: "UnitPrice", Descriptors: []string{"Country"},
	DateLayout: "2006-01-02 15:04:05", Comma: ',', Currency: "GBP",
}

// cdnowOrders are a line a day of each customer.
var cdnowOrders = features.OrdersOptions{Customer: "customer_id", Date: "date", Quantity: "number_of_cds", Amount: "dollar_value", DateLayout: "20060102", Currency: "USD", Descriptors: []string{}}

// cdnowSample is its tenth, in which the customers have numbers of their own, and the columns no names.
func cdnowSample() features.OrdersOptions {
	o := cdnowOrders
	o.Header = []string{"cdnow_id", o.Customer, o.Date, o.Quantity, o.Amount}
	return o
}

var publicOrders = map[string]features.OrdersOptions{
	onlineRetail: onlineRetailOrders, "cdnow": cdnowOrders, "cdnow-sample": cdnowSample(),
}

const ordersByName = `"shop", "shop-without-segments", "shop-that-changes", "shop-a", "shop-b", "online-retail", "cdnow" and "cdnow-sample"`

// Orders returns the order lines of "shop" (60,105 lines, EUR), of "shop-without-segments" and "shop-that-changes" (EUR), of "shop-a" and "shop-b", the two of the
// capstone (EUR), of "online-retail" (541,909 lines, GBP) and of "cdnow" and "cdnow-sample" (69,659 and 6,919 lines, USD; all three found as Find says, and never
// downloaded), or of a file of your own, given by its path, whose columns are recognised. If a file needs options, keep them beside it with segkit inspect FILE
// --write, or give them to features.ReadOrders.
//
// If otherwise is given and name is a public set that is not on this machine, nothing is downloaded and otherwise is
// returned: Orders("online-retail", "shop") works in a room without a network.
func Orders(name string, otherwise ...string) (*features.Orders, error) {
	if absent(name) && len(otherwise) > 0 {
		return Orders(otherwise[0], otherwise[1:]...)
	}
	switch name {
	case theShop:
		return features.ParseOrders(strings.NewReader(ordersGz), name, shopOrders)
	case withoutSegments, changingShop, shopA, shopB:
		r, err := openAny(name, ordersGz, (*shop.Shop).WriteOrders)
		if err != nil {
			return nil, err
		}
		return features.ParseOrders(r, name, shopOrders)
	}
	if o, known := publicOrders[name]; known {
		path, err := Find(name)
		if err != nil {
			return nil, err
		}
		return features.ReadOrders(path, o)
	}
	if _, err := Lookup(name); err == nil {
		return nil, fmt.Errorf("segkit: data set %q does not hold order lines with customers, dates and prices: want %s, or the path of a file; Table may read it, or Find and your own reading",
			name, ordersByName)
	}
	orders, err := features.ReadOrders(name, features.OrdersOptions{})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w; data sets by name are %s%s", err, ordersByName, meant(name, theShop, withoutSegments, changingShop, shopA, shopB, onlineRetail, "cdnow", "cdnow-sample"))
	}
	if err != nil && strings.Contains(err.Error(), "OrdersOptions") {
		return nil, fmt.Errorf("%w; options are for features.ReadOrders(%q, features.OrdersOptions{…}), or are kept beside the file by segkit inspect %s --write", err, name, name)
	}
	return orders, err
}

// Cleaned returns the order lines of Orders(name, otherwise...) as the rules leave them: features.UsualRules, or a list of your own. Its
// Ledger says what each rule removed. With a new file, look first at the lines as they were read, in Orders.
func Cleaned(name string, rules []features.Rule, otherwise ...string) (*features.Cleaned, error) {
	orders, err := Orders(name, otherwise...)
	if err != nil {
		return nil, err
	}
	return orders.Clean(rules...)
}

// meant continues a sentence about a name that there is not, with one that begins alike or has the same letters if there is one.
func meant(name string, names ...string) string {
	plain := strings.NewReplacer("-", "", "_", "", " ", "")
	is := plain.Replace(strings.ToLower(name))
	for _, n := range names {
		if known := plain.Replace(n); len(is) > 2 && (strings.HasPrefix(is, known) || strings.HasPrefix(known, is) || letters(is) == letters(known)) {
			return fmt.Sprintf(": did you mean %q?", n)
		}
	}
	return ""
}

// letters are those of a word in the order of the alphabet.
func letters(word string) string {
	b := []byte(word)
	slices.Sort(b)
	return string(b)
}
