package shop

// The two shops of the capstone, which no lesson shows. They share products and calendar with the known shop, so that what was learned can be used, and
// nothing else, so that its numbers cannot be copied.

// an unseenShop is who buys there, and how dirty its files are.
type unseenShop struct {
	stories []story
	dirt    amounts
}

var unseen = map[string]unseenShop{
	// One population, livelier and with smaller baskets than the twin of the known shop.
	"a": {
		dirt: amounts{guests: 900, slips: 2, cancelled: 90, returned: 300, duplicates: 420, zeroPrice: 160, outliers: 4, tests: 40},
		stories: []story{{
			name: "everybody", share: 100,
			old: 1, rate: 1. / 85, rateSpread: .45,
			basket: 62, basketSpread: .45, quantities: []int{70, 20, 7, 3}, dearest: 19000,
			tastes:    [8]int{10, 16, 15, 9, 10, 14, 10, 16},
			persuaded: .08, because: "everybody is persuaded alike",
			web: .48, age: 41, ageSpread: 12, replies: .35,
			attitudes: [10]float64{3.1, 3.5, 3.3, 3.1, 3.4, 3.4, 3.0, 3.3, 3.5, 3.2},
			yes:       [4]float64{.44, .42, .41, .60}, browsing: .020,
		}},
	},
	// Three kinds. Gift givers look lapsed for most of the year, and come back by themselves in November.
	"b": {
		dirt: amounts{guests: 150, slips: 3, cancelled: 460, returned: 70, duplicates: 60, zeroPrice: 30, outliers: 5, tests: 6},
		stories: []story{
			{
				name: "pantry", share: 40,
				old: .90, joinFrom: 0, joinTo: 400, rate: 1. / 28, rateSpread: .25, leaving: 1. / 8000, back: 1. / 600,
				basket: 27, basketSpread: .25, quantities: []int{60, 28, 9, 3}, dearest: 5000,
				tastes:    [8]int{10, 8, 4, 8, 6, 4, 46, 14},
				persuaded: .01, because: "they order anyway",
				web: .40, age: 51, ageSpread: 12, replies: .50,
				attitudes: [10]float64{3.2, 3.8, 3.1, 3.3, 3.6, 3.9, 4.2, 2.8, 3.8, 2.8},
				yes:       [4]float64{.70, .45, .42, .33}, browsing: .030,
			},
			{
				name: "home makers", share: 31,
				old: .85, joinFrom: 0, joinTo: 400, rate: 1. / 48, rateSpread: .25, leaving: 1. / 8000, back: 1. / 900,
				basket: 210, basketSpread: .25, quantities: []int{55, 22, 8, 12, 3}, dearest: 30000,
				tastes:    [8]int{24, 18, 10, 4, 2, 4, 4, 34},
				persuaded: .22, because: "they furnish one more room",
				web: .70, age: 38, ageSpread: 9, replies: .40,
				attitudes: [10]float64{2.4, 4.3, 3.2, 4.1, 3.0, 4.0, 3.1, 3.0, 3.9, 3.6},
				yes:       [4]float64{.48, .60, .50, .58}, browsing: .025,
			},
			{
				name: "gift givers", share: 29,
				old: 1, rate: 1. / 900, rateSpread: .25, christmas: 34, back: 1. / 900,
				basket: 84, basketSpread: .25, quantities: []int{80, 15, 5}, dearest: 9000,
				tastes:    [8]int{8, 6, 4, 24, 24, 22, 12, 0},
				persuaded: .03, because: "their year has one season, offer or not",
				web: .76, age: 36, ageSpread: 11, replies: .20,
				attitudes: [10]float64{3.6, 3.0, 3.4, 2.9, 3.2, 3.0, 2.4, 4.4, 3.0, 3.3},
				yes:       [4]float64{.28, .34, .46, .72}, browsing: .010,
			},
		},
	},
}
