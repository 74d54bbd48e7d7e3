package datasets

import (
	"math"
	"testing"

	"github.com/segkit/lab/segkit/geo"
)

// What is planted in the addresses is what is found in them: numbers as the datasheet tells them.
func TestAddressesOfTheShop(t *testing.T) {
	customers, addresses := sure(Customers("shop")), sure(Addresses("shop"))
	if _, err := geo.Locate(addresses, geo.Options{}); err == nil {
		t.Error("swapped coordinates are planted, and none is asked about")
	}
	homes := sure(geo.Locate(addresses, geo.Options{Swapped: geo.Turn}))
	turned, zero := 0, 0
	for i := range addresses.Len() { // in these countries latitudes are above 45, longitudes below 20
		switch latitude, longitude := addresses.At(i, 1), addresses.At(i, 2); {
		case latitude == 0 && longitude == 0:
			zero++
		case latitude < longitude:
			turned++
		}
	}
	if homes.Turned != turned || homes.Zero != zero || homes.NotGiven != 75 || homes.Impossible != 0 || turned != 64 || zero != 33 {
		t.Errorf("%d and %d, but %+v", turned, zero, *homes)
	}
	stores := sure(geo.Locate(sure(Stores()), geo.Options{}))
	near := sure(sure(homes.Nearest(stores)).Join(customers))
	web, store := mean(near.Where(`channel == "web"`)), mean(near.Where(`channel == "store"`))
	if math.Abs(web-6.2) > .05 || math.Abs(store-3.7) > .05 {
		t.Errorf("customers who joined in a store live %v km from the nearest, others %v", store, web)
	}
	codes := sure(geo.Postcodes{Country: "country", Digits: map[string]int{"Germany": 5, "Austria": 4, "Netherlands": 4, "Belgium": 4}}.Pad(sure(addresses.Join(customers))))
	traits := sure(geo.Traits(codes, "postcode", sure(Areas())))
	if len(traits.Unknown) > 0 || traits.NoKey != 75 {
		t.Errorf("%+v", traits.Unknown)
	}
	if l := sure(geo.RollUp(customers, "city", sure(Cities()))); len(l.Unknown) > 0 || l.NoKey != 75 {
		t.Errorf("%+v", l)
	}
}

// All cities but those at the sea lie inside the coarse borders of their country.
func TestStoresLieInTheirCountries(t *testing.T) {
	b := sure(Borders())
	if len(b.Names) != 4 {
		t.Fatal(b.Names)
	}
	stores := sure(geo.Locate(sure(Stores()), geo.Options{}))
	in := sure(stores.In(b))
	for i, id := range in.IDs() {
		if math.IsNaN(in.At(i, 0)) {
			t.Errorf("%s lies in no country", id)
		}
	}
}

func mean(near interface {
	Values(column string) ([]float64, error)
}, err error) float64 {
	if err != nil {
		panic(err)
	}
	sum, n := 0.0, 0.0
	for _, km := range sure(near.Values("shop_distance")) {
		if !math.IsNaN(km) {
			sum, n = sum+km, n+1
		}
	}
	return sum / n
}
