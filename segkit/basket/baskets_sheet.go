package basket

import (
	"fmt"
	"strings"

	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
)

// Sheet lays out the most frequent items.
func (b *Baskets) Sheet() sheet.Sheet {
	if b == nil {
		return sheet.Sheet{Caption: failed}
	}
	largest, n := 0, len(b.ids)
	for i := range n {
		largest = max(largest, len(b.row(i)))
	}
	out := sheet.Sheet{Total: len(b.items), Notes: b.Notes, Columns: []sheet.Column{{Name: "item", Text: true}, {Name: "baskets"}, {Name: "share"}}}
	out.Caption = fmt.Sprintf("%s of %s: %s in a basket on average, %s at most", wording.Plural(n, "basket"), wording.Plural(len(b.items), "different item"),
		sheet.Fixed(float64(len(b.inside))/float64(n), 1), sheet.Count(largest))
	if b.customers != nil {
		out.Caption = fmt.Sprintf("%s of %s; %s", wording.Plural(n, "basket"), wording.Plural(len(b.customers), "customer"), strings.TrimPrefix(out.Caption, wording.Plural(n, "basket")+" of "))
	}
	for c := range min(len(b.items), sheet.MaxRows) {
		out.Rows = append(out.Rows, []string{b.items[c], sheet.Count(b.counts[c]), share(float64(b.counts[c]) / float64(n))})
	}
	return out
}

// Sheet lays out the most frequent sets.
func (s *Itemsets) Sheet() sheet.Sheet {
	if s == nil {
		return sheet.Sheet{Caption: failed}
	}
	out := sheet.Sheet{Total: len(s.Sets), Notes: s.Notes, Columns: []sheet.Column{{Name: "items", Text: true}, {Name: "baskets"}, {Name: "support"}},
		Caption: fmt.Sprintf("%s of items occur together in %s or more, of %s", wording.Plural(len(s.Sets), "set"), wording.Plural(s.Least, "basket"), sheet.Count(s.Baskets))}
	for _, i := range s.Sets[:min(len(s.Sets), sheet.MaxRows)] {
		out.Rows = append(out.Rows, []string{strings.Join(i.Items, " + "), sheet.Count(i.Count), share(i.Support)})
	}
	return out
}
