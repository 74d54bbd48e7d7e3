// Package evidence says which purchase goods that come back are taken to belong to, and what was found for them in all: the words of the
// ledger for the rule NetCancelled, whoever applies it.
package evidence

import (
	"fmt"

	"github.com/segkit/lab/segkit/sheet"
)

// Kind is what tells which purchase goods that come back belong to, the surest first.
type Kind uint8

const (
	ByProduct     Kind = iota // the product id
	ByDescription             // the product's name, of a line without an id
	ByPrice                   // the price, of a line with neither
	Unmarked                  // none of them
)

func (k Kind) String() string {
	return [...]string{"product id", "description", "price", "nothing"}[k]
}

// Found counts the lines of goods that went back by what was found for them.
type Found struct {
	Whole, Part [Unmarked]int // by the evidence that led to their order
	None, Blank int           // blank ones are among none: they have nothing to be found by

	// Lines that were set against orders that came to nothing by their status though others of the same goods stood, and the money that those orders gave up. Nothing in such
	// lines says which of the two they undo: some shops book cancelled orders back, under numbers of their own, and others never do.
	Doubtful int
	Money    int64
}

// Count takes one line, which had wanted units (below zero) to be set against purchases and has left of them.
func (t *Found) Count(by Kind, wanted, left int64) {
	switch {
	case left == 0:
		t.Whole[by]++
	case left != wanted:
		t.Part[by]++
	default:
		t.None++
		if by == Unmarked {
			t.Blank++
		}
	}
}

// Add takes the lines that another has counted.
func (t *Found) Add(o *Found) {
	for by := range t.Whole {
		t.Whole[by] += o.Whole[by]
		t.Part[by] += o.Part[by]
	}
	t.None, t.Blank = t.None+o.None, t.Blank+o.Blank
	t.Doubtful, t.Money = t.Doubtful+o.Doubtful, t.Money+o.Money
}

// Note says what became of the lines, for the ledger: priced tells that they have prices, and counted that they have quantities; money is how it is shown.
func (t *Found) Note(priced, counted bool, money func(units int64) string) string {
	all, part, parts := t.None, 0, []string{}
	for by, n := range t.Whole {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%s matched by %s", sheet.Count(n), named(Kind(by), priced)))
		}
		all, part = all+n+t.Part[by], part+t.Part[by]
	}
	if part > 0 {
		parts = append(parts, sheet.Count(part)+" matched in part")
	}
	if t.None > 0 {
		parts = append(parts, sheet.Count(t.None)+" unmatched")
	}
	s := fmt.Sprintf("NetCancelled: lines of goods that went back: %s, %s in all.", sheet.List(parts), sheet.Count(all))
	switch {
	case t.None == 0:
	case priced:
		s += " Unmatched ones stay as refunds: no earlier purchase was found for them."
	case counted:
		s += " Unmatched ones stay as refunds: no earlier purchase that cost as much as they refunded was found for them."
	default:
		s += " Unmatched ones stay as refunds: no earlier purchase of the same amount was found for them."
	}
	if t.Blank > 0 {
		s += fmt.Sprintf(" With no product id, description or price to be found by: %s.", sheet.Count(t.Blank))
	}
	byID := t.Whole[ByProduct]+t.Part[ByProduct] > 0
	switch {
	case !priced && counted && all > t.None:
		s += " An order loses what was paid back for it, so net money does not change; where that is less than it cost, the difference stays with the order."
	case byID:
		s += " Where the prices of a product differ between the two, net money changes by the difference."
	}
	if t.Doubtful > 0 {
		s += fmt.Sprintf(" %s set against orders that came to nothing by their status (%s), though other orders of the same goods stood. That is right where cancelled orders are booked back. Where the goods came back from the other orders, net money is too high by as much, and features.Undone before features.NetCancelled takes it off.",
			map[bool]string{true: "1 line was", false: sheet.Count(t.Doubtful) + " lines were"}[t.Doubtful == 1], money(t.Money))
	}
	if priced && t.Whole[ByDescription]+t.Part[ByDescription] > 0 {
		s += " Where the prices of a description differ between the two, the difference stays with the order."
	}
	return s
}

// named is the evidence as the lines have it: amounts stand for prices where they have only those.
func named(by Kind, priced bool) string {
	if by == ByPrice && !priced {
		return "amount"
	}
	return by.String()
}
