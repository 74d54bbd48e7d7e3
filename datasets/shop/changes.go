package shop

// The shop whose segments change, to see whether what watches over segments finds what was planted, and nothing else.

import "time"

// changeDay is 1 July 2025.
const changeDay = 547

// ChangeKind is how a segment changes.
type ChangeKind string

const (
	Stays   ChangeKind = "stays"   // its customers go on as they did
	Grows   ChangeKind = "grows"   // new customers join it, who are as the old ones
	Drifts  ChangeKind = "drifts"  // its customers change what they do
	Seasons ChangeKind = "seasons" // its customers come at one time of each year
)

// A Change is what was planted in one segment.
type Change struct {
	Segment string
	Kind    ChangeKind
	From    time.Time // first day; zero where nothing changes, or every year
	What    string    // in words
}

// Planted lists what changes in each latent segment, in the order of SegmentNames; nothing in shops that are not Changing.
func (o Options) Planted() []Change {
	if !o.Changing || o.WithoutSegments {
		return nil
	}
	from := firstDay.AddDate(0, 0, changeDay)
	return []Change{
		{"regulars", Grows, from, "twice as many customers in three months, who order as the others do"},
		{"big baskets", Drifts, from, "the same customers put 1.6 times as much into each basket"},
		{"gift givers", Seasons, time.Time{}, "they order in November and December of each year, and hardly at other times"},
		{"occasional", Stays, time.Time{}, "nothing"},
	}
}

// changing are the segments of the shop that changes.
var changing = []story{
	{
		name: "regulars", share: 30,
		old: .5, joinFrom: changeDay, joinTo: changeDay + 92, rate: 1. / 9, rateSpread: .22,
		basket: 30, basketSpread: .20, quantities: []int{76, 17, 7}, dearest: 9000,
		tastes: [8]int{16, 10, 10, 12, 12, 8, 26, 6},
		web:    .58, age: 47, ageSpread: 12, replies: .55,
		attitudes: [10]float64{2.9, 3.9, 3.4, 3.1, 4.1, 4.0, 4.3, 3.2, 3.6, 2.7},
		yes:       [4]float64{.78, .52, .41, .35}, browsing: .045,
	},
	{
		name: "big baskets", share: 30,
		old: 1, rate: 1. / 30, rateSpread: .20, dearer: 1.6,
		basket: 230, basketSpread: .18, quantities: []int{58, 22, 6, 10, 1, 3}, dearest: 30000,
		tastes: [8]int{22, 20, 14, 6, 4, 8, 4, 22},
		web:    .66, age: 54, ageSpread: 10, replies: .45,
		attitudes: [10]float64{2.1, 4.6, 2.8, 4.3, 2.7, 4.2, 3.4, 3.6, 3.9, 3.5},
		yes:       [4]float64{.55, .71, .34, .58}, browsing: .020,
	},
	{
		name: "gift givers", share: 20,
		old: 1, rate: 1. / 700, rateSpread: .20, christmas: 30,
		basket: 75, basketSpread: .20, quantities: []int{80, 15, 5}, dearest: 9000,
		tastes: [8]int{10, 8, 8, 20, 26, 14, 12, 2},
		web:    .74, age: 38, ageSpread: 11, replies: .20,
		attitudes: [10]float64{3.6, 3.5, 3.0, 3.0, 3.1, 3.0, 2.5, 3.1, 3.2, 3.2},
		yes:       [4]float64{.31, .44, .45, .74}, browsing: .010,
	},
	{
		name: "occasional", share: 20,
		old: 1, rate: 1. / 55, rateSpread: .20,
		basket: 20, basketSpread: .20, quantities: []int{80, 15, 5}, dearest: 2500,
		tastes: [8]int{18, 12, 10, 10, 10, 12, 18, 10},
		web:    .52, age: 44, ageSpread: 13, replies: .24,
		attitudes: [10]float64{3.6, 3.5, 3.0, 3.0, 3.1, 3.0, 2.5, 3.1, 3.2, 3.2},
		yes:       [4]float64{.31, .44, .45, .74}, browsing: .022,
	},
}
