package evidence

// What the ids of customers and the names of goods say that is strange, in sentences.

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/internal/exports"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
)

// Under is what stands under one id or name: so many lines, and the sum of their amounts.
type Under struct {
	Name  string
	Lines int
	Money int64
}

// Share is a share of a whole for people; the share of nothing is missing.
func Share(part, whole int64) string {
	if whole == 0 {
		return sheet.Missing
	}
	return sheet.Percent(float64(part) / float64(whole))
}

// Respelled tells of ids of customers, of whom there are n, that differ in their spelling alone; ids has those at least, in the order of the lines. Capitals of e-mail addresses
// have a rule of their own. remedy says where each id can be written in one way, or how a reader ignores differences of that form. It is "" where there are none.
func Respelled(ids []string, n int, remedy func(suggest.Form) string) string {
	spelled := make([]string, len(ids))
	for i, id := range ids {
		if spelled[i] = id; strings.Contains(id, "@") {
			spelled[i] = strings.ToLower(id)
		}
	}
	several := suggest.Spellings(spelled)
	if several.Fewer == 0 {
		return ""
	}
	return several.Among(n, "ids of customers") + ": they count as different customers. If they are the same, write each id in one way " + remedy(several.Form) + "."
}

// ForNobody reports whether an id may stand for all customers who are not known, by its name or by a number such as 0 or -1.
func ForNobody(id string) bool {
	return id != "" && len(id) <= 30 && (strings.Trim(id, "0") == "" || id == "-1" || exports.Nobody[exports.Simple(id)])
}

// mostNobodies is how many such ids are named.
const mostNobodies = 5

// Nobodies tells of the ids that ForNobody found, in the order of the lines, among all lines; "" of none. money shows an amount, and remedy says how their names, which stand for its %s,
// become no customer.
func Nobodies(found []Under, all Under, money func(int64) string, remedy string) string {
	if len(found) == 0 {
		return ""
	}
	sorted := slices.SortedStableFunc(slices.Values(found), func(a, b Under) int { return cmp.Compare(b.Lines, a.Lines) })
	var said, names []string
	for _, u := range sorted[:min(len(sorted), mostNobodies)] {
		said = append(said, fmt.Sprintf("%q (%s, %s of all; %s, %s of the money)", u.Name, wording.Plural(u.Lines, "line"), Share(int64(u.Lines), int64(all.Lines)), money(u.Money), Share(u.Money, all.Money)))
		names = append(names, fmt.Sprintf("%q", u.Name))
	}
	if n := len(sorted) - len(said); n > 0 {
		said = append(said, wording.Plural(n, "other id"))
	}
	customer, counts, such := "Customers", "each counts as one", "such ids"
	if len(sorted) == 1 {
		customer, counts, such = "Customer", "counts as one", "the id"
	}
	return fmt.Sprintf("%s %s may stand for all customers who are not known, and %s: %s if so, and the lines have no customer; features.Without(\"customer\", %s) leaves such lines out.",
		customer, sheet.List(said), counts, fmt.Sprintf(remedy, such), strings.Join(names, ", "))
}

// Below are lines with an amount below zero that have the same name and the same product.
type Below struct {
	Name, Product string // "" for none
	Lines         int
	Money         int64
}

// Payments tells of lines below zero, in the order of the first of each, that are no goods that came back, by the name or the id of their product: discounts, and vouchers and gift cards
// that pay for goods. Only the shop knows whether the money for a voucher came in with another line. It is "" where there are none; money shows an amount.
func Payments(lines []Below, money func(int64) string) string {
	is := map[string]bool{"": false} // names and ids that were asked
	noGoods := func(name string) bool {
		if _, asked := is[name]; !asked {
			is[name] = exports.NoGoods(name)
		}
		return is[name]
	}
	type kind struct {
		Under
		of exports.Meaning
	}
	kinds, all := map[string]*kind{}, Under{}
	for _, l := range lines {
		k := kind{Under{l.Name, 0, 0}, exports.Name}
		if !noGoods(l.Name) {
			k = kind{Under{l.Product, 0, 0}, exports.Product}
		}
		if !noGoods(k.Name) {
			continue
		}
		if kinds[k.Name] == nil {
			kinds[k.Name] = &k
		}
		kinds[k.Name].Lines += l.Lines
		all.Lines, all.Money = all.Lines+l.Lines, all.Money+l.Money
	}
	if len(kinds) == 0 {
		return ""
	}
	sorted := slices.SortedFunc(maps.Values(kinds), func(a, b *kind) int { return cmp.Or(cmp.Compare(b.Lines, a.Lines), cmp.Compare(a.Name, b.Name)) })
	var named []string
	for _, k := range sorted[:min(len(sorted), 5)] {
		named = append(named, fmt.Sprintf("%q (%s)", wording.Shorten(k.Name, 40), sheet.Count(k.Lines)))
	}
	if more := len(sorted) - len(named); more > 0 {
		named = append(named, wording.Plural(more, "other name"))
	}
	return fmt.Sprintf("%s with an amount below zero %s no returned goods, judging by %s: %s, %s in all. They lower what customers spent, and those with a quantity below zero count as refunds and in return_share. "+
		"The money is right for a discount. A voucher or gift card that pays for goods is a payment and no refund: unless its own sale is among the lines, such lines must go: features.Without(%q, …) leaves them out.",
		wording.Plural(all.Lines, "line"), wording.Be(all.Lines), map[bool]string{true: "its name", false: "their names"}[all.Lines == 1], sheet.List(named), money(all.Money), sorted[0].of.String())
}
