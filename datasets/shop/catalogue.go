package shop

// What the shop sells: eight categories of twelve products, the popular ones first, prices in cents as of 2024.

import "fmt"

// A category has products named by popularity and a factor, in percent, for each month.
type category struct {
	code, name string
	months     [12]int
	products   [12]product
}

type product struct {
	name  string
	price int // cents, 2024, without sale
}

// all year round
var steady = [12]int{100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100}

var catalogue = [8]category{
	{"K", "Kitchen", steady, [12]product{
		{"Coffee mug", 890}, {"Filter coffee maker", 2490}, {"Paring knife", 1290}, {"Mixing bowl", 1590},
		{"Enamel pot", 3990}, {"Salad servers", 1490}, {"Cast-iron pan", 5990}, {"Bread board", 2190},
		{"Pepper mill", 2990}, {"Knife block", 8990}, {"Copper pan", 12900}, {"Pasta machine", 6990}}},
	{"T", "Table linen", steady, [12]product{
		{"Tea towel", 690}, {"Paper napkins", 390}, {"Oven glove", 990}, {"Apron", 1990},
		{"Placemat", 850}, {"Linen napkin", 1190}, {"Table runner", 2490}, {"Tablecloth", 3990},
		{"Linen tablecloth", 7490}, {"Chair cushion", 2290}, {"Bread basket", 1590}, {"Damask tablecloth", 11900}}},
	{"G", "Garden", [12]int{30, 50, 130, 200, 220, 180, 140, 110, 80, 50, 30, 40}, [12]product{
		{"Seed packet", 290}, {"Flower pot", 790}, {"Garden twine", 450}, {"Hand trowel", 1190},
		{"Watering can", 2490}, {"Pruning shears", 3490}, {"Bird feeder", 1990}, {"Planter", 4990},
		{"Garden bench", 24900}, {"Fire bowl", 14900}, {"Hammock", 8990}, {"Lantern", 2990}}},
	{"C", "Candles", [12]int{90, 80, 70, 60, 60, 50, 50, 70, 100, 150, 210, 240}, [12]product{
		{"Tea lights", 390}, {"Taper candle", 250}, {"Beeswax candle", 890}, {"Scented candle", 1690},
		{"Matches", 220}, {"Candle holder", 1290}, {"Pillar candle", 1090}, {"Advent wreath", 3990},
		{"Brass candlestick", 4490}, {"Incense", 590}, {"Oil lamp", 3490}, {"Chandelier", 15900}}},
	{"P", "Paper", [12]int{120, 80, 80, 80, 80, 80, 80, 120, 110, 100, 140, 150}, [12]product{
		{"Greeting card", 350}, {"Gift wrap", 450}, {"Notebook", 990}, {"Pencil set", 690},
		{"Ribbon", 290}, {"Calendar", 1490}, {"Fountain pen", 3990}, {"Writing paper", 1290},
		{"Photo album", 2490}, {"Ink", 890}, {"Desk organiser", 2990}, {"Leather folder", 6990}}},
	{"B", "Toys", [12]int{70, 70, 80, 90, 90, 90, 90, 90, 90, 110, 160, 210}, [12]product{
		{"Spinning top", 490}, {"Soap bubbles", 250}, {"Card game", 990}, {"Jigsaw puzzle", 1690},
		{"Soft toy", 1990}, {"Building blocks", 2990}, {"Wooden train", 4490}, {"Kite", 1890},
		{"Board game", 3490}, {"Doll's house", 12900}, {"Rocking horse", 15900}, {"Marbles", 350}}},
	{"F", "Tea and sweets", [12]int{110, 100, 90, 90, 80, 70, 70, 70, 90, 110, 140, 170}, [12]product{
		{"Black tea", 590}, {"Herbal tea", 490}, {"Dark chocolate", 350}, {"Honey", 790},
		{"Coffee filters", 320}, {"Shortbread", 450}, {"Jam", 520}, {"Coffee beans", 1290},
		{"Teapot", 3490}, {"Praline box", 1990}, {"Gift hamper", 5990}, {"Tea caddy", 1490}}},
	{"W", "Bath and bedding", steady, [12]product{
		{"Hand soap", 490}, {"Face cloth", 550}, {"Hand towel", 1290}, {"Bath salts", 890},
		{"Bath towel", 2490}, {"Pillow case", 1690}, {"Bath mat", 2790}, {"Wool blanket", 8990},
		{"Bed linen", 6990}, {"Bathrobe", 5990}, {"Linen bedspread", 14900}, {"Down pillow", 7490}}},
}

// popularity weighs the products of a category.
var popularity = []int{24, 20, 17, 14, 12, 10, 9, 8, 7, 6, 5, 5}

// A ref names a product by its place in the catalogue.
type ref struct{ category, product int }

// companions are bought with the first product in the same order by companionChance of those who buy it: the truth
// that an analysis of baskets should find.
var companions = map[ref]ref{
	{0, 1}: {6, 4}, // filter coffee maker: coffee filters
	{3, 5}: {3, 1}, // candle holder: taper candle
	{4, 0}: {4, 1}, // greeting card: gift wrap
	{6, 8}: {6, 0}, // teapot: black tea
	{2, 1}: {2, 0}, // flower pot: seed packet
	{7, 4}: {7, 2}, // bath towel: hand towel
}

const companionChance = 0.45

func (r ref) id() string   { return fmt.Sprintf("%s%03d", catalogue[r.category].code, 101+r.product) }
func (r ref) name() string { return catalogue[r.category].products[r.product].name }

// price in cents on a day: four percent dearer from 2025, a fifth less in the sales for one product in three.
func (r ref) price(day int) int {
	p := catalogue[r.category].products[r.product].price
	if day >= 366 {
		p = (p*104 + 50) / 100
	}
	if calendar()[day].sale && r.product%3 == 1 {
		p = (p*80 + 50) / 100
	}
	return p
}

// product picks one at a price within these limits, by the tastes of a segment and the month; ok is false where the
// category that was drawn has none, or luck has not found it.
func (s stream) product(tastes [8]int, day, atLeast, atMost int) (r ref, ok bool) {
	month := calendar()[day].month
	var weights [8]int
	for c := range weights {
		weights[c] = tastes[c] * catalogue[c].months[month]
	}
	r.category = s.pick(weights[:])
	for range 8 {
		r.product = s.pick(popularity)
		if p := r.price(day); p >= atLeast && p <= atMost {
			return r, true
		}
	}
	return r, false
}
