// Package behaviour says which features order lines give of a customer: what each is called and made from, whoever counts it. Package
// features counts in memory, package engine in a database.
package behaviour

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/internal/exports"
	"github.com/segkit/lab/segkit/table"
)

// Feature is one column of the table of customers. It needs every column of the order lines that it is made from; its Ancestry names
// the other features that go into it.
type Feature struct {
	table.Column
	Formula string
	Sources []exports.Meaning
}

// partsOf is the ancestry of a feature that other features determine in part: a mean value is a sum by a number.
func partsOf(features ...string) table.Ancestry { return table.Ancestry{Columns: features} }

// Features are all, in the order of the table.
var Features = []Feature{
	{table.Column{Name: "recency", Unit: "days", LowerIsBetter: true, Phrase: "last order %s ago", High: "lapsed", Low: "recent"},
		"as-of date less the day of the last order", []exports.Meaning{exports.Date}},
	{table.Column{Name: "orders", Phrase: "%s order|%s orders", High: "frequent", Low: "rare"},
		"number of distinct orders", []exports.Meaning{exports.Order}},
	{table.Column{Name: "spend", Unit: "money", Role: table.Value, Phrase: "%s spent", High: "high-value", Low: "low-value"},
		"sum of all lines after refunds; below zero for customers who got back more than they paid", []exports.Meaning{exports.Price}},
	{table.Column{Name: "basket", Unit: "money", Phrase: "%s an order", High: "big-basket", Low: "small-basket", Ancestry: partsOf("spend", "orders")},
		"mean value of an order: lines bought, without what was cancelled, divided by orders", []exports.Meaning{exports.Price}},
	{table.Column{Name: "items", Unit: "units", Phrase: "%s an order", High: "many items", Low: "few items", Ancestry: partsOf("orders")},
		"mean number of units in an order", []exports.Meaning{exports.Quantity}},
	{table.Column{Name: "tenure", Unit: "days", Phrase: "first order %s ago", High: "long-standing", Low: "new"},
		"as-of date less the day of the first order", []exports.Meaning{exports.Date}},
	{table.Column{Name: "gap", Unit: "days", LowerIsBetter: true, Phrase: "%s between orders", High: "slow to return", Low: "quick to return", Ancestry: partsOf("recency", "tenure", "orders")},
		"mean days between orders: last less first day, divided by orders less one; missing for one order", []exports.Meaning{exports.Date}},
	{table.Column{Name: "products", Phrase: "%s product|%s products", High: "wide choice", Low: "narrow choice"},
		"number of distinct products", []exports.Meaning{exports.Product}},
	{table.Column{Name: "categories", Phrase: "%s category|%s categories", High: "many categories", Low: "few categories"},
		"number of distinct categories", []exports.Meaning{exports.Category}},
	{table.Column{Name: "return_share", LowerIsBetter: true, High: "returns much", Low: "returns little", Ancestry: partsOf("spend")},
		"money that went back (cancelled, returned), divided by money bought before anything went back; above 1 if refunds concern earlier orders", []exports.Meaning{exports.Quantity, exports.Price}},
	{table.Column{Name: "weekend_share", High: "weekend", Low: "weekday", Ancestry: partsOf("orders")},
		"share of orders on a Saturday or Sunday", []exports.Meaning{exports.Date}},
	{table.Column{Name: "hour", Unit: "hour of day", High: "late in the day", Low: "early in the day"},
		"median hour of the day of the orders, the lower of two", []exports.Meaning{exports.Date}},
}

// Lines are what order lines have that features can be made from.
type Lines struct {
	Has         func(exports.Meaning) bool // a column with this meaning; an amount serves as a price
	Timed       bool                       // dates come with a time of day
	Currency    string
	Descriptors []string // names of the descriptor columns, as the lines have them
}

// Described are the names of the descriptor columns of the table: in lower case, and the favourite category, where the lines have categories.
func (l *Lines) Described() []string {
	var names []string
	if l.Has(exports.Category) {
		names = append(names, "top_category")
	}
	for _, n := range l.Descriptors {
		names = append(names, strings.ReplaceAll(strings.ToLower(n), " ", "_"))
	}
	return names
}

// Choose returns the features that are wanted, all if none is named, and the names of the others: descriptors. Where one is not supported,
// unknown is its name, and have are those that are.
func (l *Lines) Choose(wanted []string) (chosen []Feature, described []string, unknown string, have []string) {
	byName := map[string]Feature{}
	for _, f := range Features {
		supported := f.Name != "hour" || l.Timed
		for _, m := range f.Sources {
			supported = supported && (m == exports.Order || l.Has(m) || m == exports.Price && l.Has(exports.Amount)) // orders are made from the days where there are no numbers
		}
		if supported {
			if f.About = f.Formula; f.Unit == "money" {
				f.Unit = l.Currency
			}
			byName[f.Name] = f
			have = append(have, f.Name)
		}
	}
	more := l.Described()
	if len(wanted) == 0 {
		for _, name := range have {
			chosen = append(chosen, byName[name])
		}
		return chosen, more, "", nil
	}
	for _, name := range wanted {
		if f, ok := byName[name]; ok {
			chosen = append(chosen, f)
		} else if slices.Contains(more, name) {
			described = append(described, name)
		} else {
			return nil, nil, name, append(have, more...)
		}
	}
	return chosen, described, "", nil
}

// Column is what a feature of the first so many orders is called in the table: "first_basket", "first3_basket", so that it is not taken for that
// of all orders and both can stand in one table. 0 is all orders.
func Column(firstOrders int, feature string) string {
	switch firstOrders {
	case 0:
		return feature
	case 1:
		return "first_" + feature
	}
	return fmt.Sprintf("first%d_%s", firstOrders, feature)
}
