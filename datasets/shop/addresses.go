package shop

// Addresses: where customers live, in which quarter of their city, with how many others; and what such quarters are like. All follow from what Customers
// says and from chance, so that orders know nothing of them.

import (
	"fmt"
	"strconv"
)

// Address is where a customer lives.
type Address struct {
	Postcode  string // empty where the city is unknown; those of Leipzig lost their leading zero in a spreadsheet
	Latitude  float64
	Longitude float64 // in degrees; both 0 where the address was not found
	Known     bool    // false: there are no coordinates
	Household int     // people
}

// Area is what is known of a postcode.
type Area struct {
	Postcode   string
	City       string
	Students   int // per cent of the inhabitants
	Purchasing int // purchasing power: 100 is the mean of all
}

// Store is a shop in a street.
type Store struct {
	Name, City          string
	Latitude, Longitude float64
}

// A town is what the map says of one of the cities.
type town struct {
	region           string
	south, east      float64 // degrees of latitude and longitude of its middle
	kmEast           float64 // length of a degree of longitude there
	first, step      int     // postcodes of its quarters
	digits, richness int     // of a postcode; of purchasing power, more or less than elsewhere
}

// towns stand in the order of cities.
var towns = []town{
	{"Hamburg", 53.5503, 9.9920, 66.1, 20095, 389, 5, 4}, {"Berlin", 52.5170, 13.3889, 67.7, 10115, 571, 5, -6}, {"Bremen", 53.0758, 8.8072, 66.9, 28195, 21, 5, -3},
	{"Saxony", 51.3406, 12.3747, 69.5, 4103, 41, 5, -9}, {"North Rhine-Westphalia", 50.9384, 6.9600, 70.2, 50667, 67, 5, 2}, {"Vienna", 48.2084, 16.3725, 74.2, 1010, 30, 4, 6},
	{"Styria", 47.0709, 15.4383, 75.9, 8010, 9, 4, -2}, {"Utrecht", 52.0907, 5.1216, 68.4, 3511, 12, 4, 8}, {"Groningen", 53.2191, 6.5680, 66.7, 9711, 6, 4, 0}, {"Flanders", 51.2211, 4.3997, 69.7, 2000, 110, 4, 3},
}

// A quarter is a part of every city: where it lies, how far it spreads, and who lives there.
type quarter struct {
	east, north, spread  float64 // km from the middle of the city
	students, purchasing int
	young, middle, old   int // weights for customers under 30, under 50, and older
}

var quarters = []quarter{
	{0.6, 0.8, 0.6, 34, 82, 34, 12, 4},
	{-1.6, 0.9, 0.9, 21, 104, 22, 17, 10},
	{4.8, -1.2, 1.3, 12, 88, 18, 20, 18},
	{-5.7, 1.4, 1.4, 9, 118, 12, 19, 20},
	{1.2, 8.8, 1.8, 5, 112, 6, 14, 22},
	{-2.3, -10.6, 2.0, 4, 99, 6, 12, 20},
	{17, 9, 6, 2, 105, 2, 6, 6},
}

// stores are in the middle of each city, and these besides.
var moreStores = []struct {
	city        int
	name        string
	east, north float64
}{{0, "Hamburg West", -6.1, .9}, {1, "Berlin East", 5.2, -.8}}

const kmNorth = 111.2 // length of a degree of latitude

func (t town) at(east, north float64) (latitude, longitude float64) {
	return round4(t.south + north/kmNorth), round4(t.east + east/t.kmEast)
}

// round4 keeps four decimals, some ten metres.
func round4(v float64) float64 { return float64(int(v*10000+.5)) / 10000 }

func (t town) postcode(q int) string { return fmt.Sprintf("%0*d", t.digits, t.first+q*t.step) }

// Address returns where a customer lives, by number, age, city and channel. Customers who joined in a store live nearer to it: in
// the suburbs a quarter as often, in the two inner quarters twice as often. Of a hundred addresses one was not found (0, 0), and two have latitude and
// longitude the wrong way round.
func (o Options) Address(c Customer) Address {
	number, _ := strconv.Atoi(c.ID) // five digits
	s := newStream(o.Seed, "address", number)
	a := Address{Household: household(s, c.Age)}
	for i, name := range cities {
		if name != c.City {
			continue
		}
		weights := make([]int, len(quarters))
		for q, k := range quarters {
			switch weights[q] = 4 * k.middle; {
			case c.Age > 0 && c.Age < 30:
				weights[q] = 4 * k.young
			case c.Age >= 50:
				weights[q] = 4 * k.old
			}
			if !c.Web && q < 2 {
				weights[q] *= 2
			} else if !c.Web && q > 3 {
				weights[q] /= 4
			}
		}
		q := s.pick(weights)
		a.Postcode, a.Known = strconv.Itoa(towns[i].first+q*towns[i].step), true
		a.Latitude, a.Longitude = towns[i].at(quarters[q].east+float64(quarters[q].spread*s.normal()), quarters[q].north+float64(quarters[q].spread*s.normal()))
	}
	switch {
	case !a.Known:
	case s.chance(.01):
		a.Latitude, a.Longitude = 0, 0
	case s.chance(.02):
		a.Latitude, a.Longitude = a.Longitude, a.Latitude
	}
	return a
}

// household draws how many people live together.
func household(s stream, age int) int {
	switch {
	case age > 0 && age < 30:
		return 1 + s.pick([]int{52, 30, 11, 7})
	case age > 0 && age < 50:
		return 1 + s.pick([]int{22, 22, 22, 24, 8, 2})
	}
	return 1 + s.pick([]int{28, 46, 13, 9, 4})
}

// Areas lists the postcodes, with what is known of them.
func Areas() (areas []Area) {
	for i, t := range towns {
		for q, k := range quarters {
			areas = append(areas, Area{t.postcode(q), cities[i], k.students, k.purchasing + t.richness})
		}
	}
	return areas
}

// Regions lists the cities, with their regions.
func Regions() (pairs [][2]string) {
	for i, t := range towns {
		pairs = append(pairs, [2]string{cities[i], t.region})
	}
	return pairs
}

// Stores lists the stores: one in the middle of each city, and a second one in Hamburg and Berlin.
func Stores() (stores []Store) {
	for i, t := range towns {
		latitude, longitude := t.at(0, 0)
		stores = append(stores, Store{cities[i], cities[i], latitude, longitude})
	}
	for _, m := range moreStores {
		latitude, longitude := towns[m.city].at(m.east, m.north)
		stores = append(stores, Store{m.name, cities[m.city], latitude, longitude})
	}
	return stores
}
