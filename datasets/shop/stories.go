package shop

// The latent segments: who buys how often, since when, until when, what, and what they think. This table is the truth.

// A story is one latent segment.
type story struct {
	name  string
	share int // percent of the customers

	old        float64 // share that was already with us on 2024-01-01
	joinFrom   int     // the others place their first order between these days
	joinTo     int
	rate       float64 // median orders per day while active
	rateSpread float64 // standard deviation of its logarithm
	leaveFrom  int     // they stop between these days; 0, 0: they stay
	leaveTo    int
	leaving    float64 // chance per day of stopping all the same
	back       float64 // chance per day of one order after having stopped

	christmas float64 // factor on the rate in November and December; 0: as in the rest of the year
	dearer    float64 // factor on the value of orders from changeDay on; 0: as before

	basket       float64 // median value of an order, EUR
	basketSpread float64 // standard deviation of its logarithm, between customers
	quantities   []int   // relative frequency of 1, 2, 3, … pieces on a line
	dearest      int     // they buy nothing above this price, in cents
	tastes       [8]int  // weights of the categories
	pack         int     // they buy by so many pieces; 0: by the piece

	persuaded float64 // chance that the offer of Campaign makes a customer order once more
	because   string  // why that is so

	web       float64 // share that prefers the web shop
	age       float64 // years
	ageSpread float64
	replies   float64 // share that answers the survey
	attitudes [10]float64
	yes       [4]float64
	browsing  float64 // web visits without an order, per day while active
}

// oneTime leaves with the first order.
const oneTime = -1

// stories stand by falling share.
var stories = []story{
	{
		name: "one-timers", share: 33,
		joinFrom: 0, joinTo: 725, leaveTo: oneTime, back: 1. / 2400,
		basket: 18, basketSpread: .40, quantities: []int{80, 15, 5}, dearest: 2500,
		tastes:    [8]int{10, 8, 8, 20, 26, 14, 12, 2},
		persuaded: .02, because: "hardly any of them come back, with or without an offer",
		web: .74, age: 33, ageSpread: 10, replies: .17,
		attitudes: [10]float64{4.5, 2.6, 3.6, 2.0, 3.0, 2.7, 1.9, 3.5, 2.8, 4.0},
		yes:       [4]float64{.24, .22, .30, .86}, browsing: .0015,
	},
	{
		name: "big baskets", share: 25,
		old: .64, joinFrom: 0, joinTo: 640, rate: 1. / 118, rateSpread: .30, leaving: 1. / 3000, back: 1. / 900,
		basket: 148, basketSpread: .36, quantities: []int{58, 22, 6, 10, 1, 3}, dearest: 30000,
		tastes:    [8]int{22, 20, 14, 6, 4, 8, 4, 22},
		persuaded: .30, because: "they buy for house and garden again",
		web: .66, age: 54, ageSpread: 10, replies: .45,
		attitudes: [10]float64{2.1, 4.6, 2.8, 4.3, 2.7, 4.2, 3.4, 3.6, 3.9, 3.5},
		yes:       [4]float64{.55, .71, .34, .58}, browsing: .020,
	},
	{
		name: "lapsed", share: 22,
		old: .92, joinFrom: 0, joinTo: 110, rate: 1. / 40, rateSpread: .36, leaveFrom: 190, leaveTo: 430, back: 1. / 1500,
		basket: 34, basketSpread: .36, quantities: []int{76, 17, 7}, dearest: 9000,
		tastes:    [8]int{18, 12, 10, 10, 10, 12, 18, 10},
		persuaded: .05, because: "a few come back once",
		web: .52, age: 44, ageSpread: 13, replies: .24,
		attitudes: [10]float64{3.6, 3.5, 3.0, 3.0, 3.1, 3.0, 2.5, 3.1, 3.2, 3.2},
		yes:       [4]float64{.31, .44, .45, .74}, browsing: .022,
	},
	{
		name: "regulars", share: 20,
		old: .70, joinFrom: 0, joinTo: 680, rate: 1. / 34, rateSpread: .32, leaving: 1. / 7000, back: 1. / 600,
		basket: 31, basketSpread: .34, quantities: []int{76, 17, 7}, dearest: 9000,
		tastes:    [8]int{16, 10, 10, 12, 12, 8, 26, 6},
		persuaded: 0, because: "they order anyway, and take the offer as well",
		web: .58, age: 47, ageSpread: 12, replies: .55,
		attitudes: [10]float64{2.9, 3.9, 3.4, 3.1, 4.1, 4.0, 4.3, 3.2, 3.6, 2.7},
		yes:       [4]float64{.78, .52, .41, .35}, browsing: .045,
	},
}

// homogeneous is the population of the shop without segments.
var homogeneous = []story{
	{
		name: "everybody", share: 100,
		old: 1, rate: 1. / 130, rateSpread: .50, leaving: 0,
		basket: 45, basketSpread: .50, quantities: []int{74, 18, 5, 3}, dearest: 16000,
		persuaded: .10, because: "everybody is persuaded alike",
		tastes: [8]int{16, 13, 11, 12, 13, 10, 15, 10},
		web:    .62, age: 45, ageSpread: 13, replies: .40,
		attitudes: [10]float64{3.2, 3.6, 3.2, 3.1, 3.3, 3.5, 3.1, 3.3, 3.4, 3.3},
		yes:       [4]float64{.48, .47, .38, .62}, browsing: .025,
	},
}

// passers-by buy in the stores without giving a customer number.
var passersBy = story{
	basket: 22, basketSpread: .5, quantities: []int{80, 15, 5}, dearest: 5000,
	tastes: [8]int{14, 10, 8, 16, 20, 10, 18, 4},
}

// wholesaler is the one business among the consumers.
var wholesaler = story{
	name: "wholesale", old: 1, rate: 1. / 14, basket: 1650, basketSpread: 0, quantities: []int{1}, dearest: 30000,
	tastes: [8]int{30, 20, 5, 25, 5, 5, 5, 5}, pack: 24,
}
