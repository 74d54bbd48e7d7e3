package capstone

import (
	"fmt"
	"slices"

	"github.com/segkit/lab/segkit/sheet"
)

// Sentences are those of a draft that somebody is to correct.
type Sentences []string

// Sheet numbers them from 1.
func (s Sentences) Sheet() sheet.Sheet {
	out := sheet.Sheet{Caption: "Draft of the memo", Whole: true, Columns: []sheet.Column{{Name: "no."}, {Name: "sentence", Text: true}}}
	for i, sentence := range s {
		out.Rows = append(out.Rows, []string{fmt.Sprint(i + 1), sentence})
	}
	return out
}

// draft has sentences that describe, sentences that say what a test will show, and sentences that take what customers did for what an offer changes.
var draft = []struct {
	sentence string
	claims   bool // what only a test can know
}{
	{"The customers with the largest baskets brought more than half of the money up to 30 June.", false},
	{"Customers who order often will bring most with a voucher, since they spend it at once.", true},
	{"Those who used the spring voucher spent 31 EUR more than those who did not, so the voucher brings 31 EUR a customer.", true},
	{"Without an offer, about six customers in ten order within 90 days.", false},
	{"Customers who have not ordered since Christmas will come back if we write to them.", true},
	{"Half of the customers in the test are held out by lot, so that we can tell what the voucher changed.", false},
	{"One segment brings most of the money, so it is there that an offer changes most.", true},
	{"If those with a voucher order no more often than those without, we shall say: no effect shown.", false},
}

// Memo is the draft of a memo, in which HandIn.Strike strikes sentences.
func Memo() Sentences {
	var all Sentences
	for _, d := range draft {
		all = append(all, d.sentence)
	}
	return all
}

// gradeMemo takes two points off for each sentence that should have been struck and was not, or the other way round.
func gradeMemo(c *Criterion, strike []int) {
	missed, struck := 0, 0
	for i, d := range draft {
		switch has := slices.Contains(strike, i+1); {
		case d.claims && !has:
			missed++
		case !d.claims && has:
			struck++
		}
	}
	for _, number := range strike {
		if number < 1 || number > len(draft) {
			struck++
		}
	}
	c.Points = max(0, c.Of-2*(missed+struck))
	stay, without := "sentences left in claim", "are"
	if missed == 1 {
		stay = "sentence left in claims"
	}
	if struck == 1 {
		without = "is"
	}
	c.Found = fmt.Sprintf("%d %s too much, %d %s struck without need", missed, stay, struck, without)
	if missed+struck > 0 {
		c.Hint = "what customers did, a file can show; what an offer changes, only customers who got none can show. Which sentences need the second to be true? (lesson 21)"
	}
}
