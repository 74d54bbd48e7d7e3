package basket

import (
	"fmt"
	"math"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/wording"
)

// Options says which rules to look for, and when to believe them. The zero value works.
type Options struct {
	MinSupport    float64 // share of the baskets with all items of a rule; 0: .001, or 10 baskets if that is more
	MinConfidence float64 // share of the baskets with the antecedent that also have the consequent; 0: .25, negative: any
	MaxLength     int     // most items of a rule, both sides together; 0: 10
	MaxConsequent int     // most items in the consequent; 0: 1
	MaxBasket     int     // baskets with more items are left out, and reported; 0: 1,000
	Level         float64 // rate of false discoveries among the significant rules; 0: .05
	AnyDependence bool    // control it by Benjamini & Yekutieli, which allows any dependence between rules, instead of Benjamini & Hochberg
	Permutations  int     // of customers, if they have several baskets; 0: 500, negative: none
	Seed          int     // of the permutations
}

const (
	defaultSupport    = .001
	defaultLeast      = 10
	defaultConfidence = .25
	defaultLength     = 10
	defaultBasket     = 1000
	defaultLevel      = .05
	defaultDraws      = 500
	longestRule       = 30 // items whose subsets still fit a machine word
)

func (o Options) withDefaults(op string) (Options, error) {
	wrong := func(field string, value any, want string) (Options, error) {
		return o, fault.Option("basket.Options", field, value, want)
	}
	switch {
	case !(o.MinSupport >= 0 && o.MinSupport <= 1):
		return wrong("MinSupport", o.MinSupport, "a share from 0 to 1: .01 is one basket in a hundred")
	case !(o.MinConfidence <= 1):
		return wrong("MinConfidence", o.MinConfidence, "a share up to 1")
	case o.MaxLength < 0 || o.MaxLength == 1 || o.MaxLength > longestRule:
		return wrong("MaxLength", o.MaxLength, fmt.Sprintf("2 to %d items", longestRule))
	case o.MaxConsequent < 0:
		return wrong("MaxConsequent", o.MaxConsequent, "1 item or more")
	case o.MaxBasket < 0:
		return wrong("MaxBasket", o.MaxBasket, "1 item or more")
	case !(o.Level >= 0 && o.Level < 1):
		return wrong("Level", o.Level, "a share below 1")
	}
	orDefault := func(v *int, otherwise int) {
		if *v == 0 {
			*v = otherwise
		}
	}
	orDefault(&o.MaxLength, defaultLength)
	orDefault(&o.MaxConsequent, 1)
	orDefault(&o.MaxBasket, defaultBasket)
	orDefault(&o.Permutations, defaultDraws)
	if o.MinConfidence == 0 {
		o.MinConfidence = defaultConfidence
	}
	if o.Level == 0 {
		o.Level = defaultLevel
	}
	return o, nil
}

// least is how many of n baskets a set must stand in.
func (o Options) least(n int) int {
	if o.MinSupport == 0 {
		return max(defaultLeast, atLeast(defaultSupport, n))
	}
	return max(1, atLeast(o.MinSupport, n))
}

// atLeast is the smallest number that is the given share of n or more; a share such as .006 is not exact in binary.
func atLeast(share float64, n int) int {
	return int(math.Ceil(float64(share*float64(n)) - float64(1e-9*float64(n))))
}

// within returns the baskets that are not too large, and says what was left out.
func (b *Baskets) within(o Options) (rows []int32, notes []string) {
	giants, largest := 0, 0
	for i := range b.ids {
		if size := len(b.row(i)); size <= o.MaxBasket {
			rows = append(rows, int32(i))
		} else if giants++; giants == 1 || size > len(b.row(largest)) {
			largest = i
		}
	}
	if giants > 0 {
		notes = append(notes, fmt.Sprintf("%s of more than %s left out; the largest, %q, has %s. Options.MaxBasket lets them in.",
			wording.Plural(giants, "basket"), wording.Plural(o.MaxBasket, "different item")+" "+wasWere(giants), b.ids[largest], wording.Plural(len(b.row(largest)), "item")))
	}
	return rows, notes
}

func wasWere(n int) string {
	if n == 1 {
		return "was"
	}
	return "were"
}
