package datasets

// Where the customers of the shop live, what is known of such places, and the borders around them.

import (
	_ "embed" // the borders
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/segkit/lab/datasets/shop"
	"github.com/segkit/lab/segkit/geo"
	"github.com/segkit/lab/segkit/table"
)

// borders are those of Natural Earth (naturalearthdata.com, 1:110 million, public domain), rounded to three decimals.
//
//go:embed embedded/countries.geojson
var borders string

// Addresses returns where the customers of "shop", "shop-without-segments" or "shop-that-changes" live: postcode, latitude and longitude as the
// shop has them, errors included, and the number of people in the household; one row per customer. Those whose city is unknown have no address.
func Addresses(name string) (*table.Table, error) {
	customers, err := Customers(name)
	if err != nil {
		return nil, err
	}
	columns := []table.Column{{Name: "postcode"}, {Name: "latitude", Unit: "°"}, {Name: "longitude", Unit: "°"}, {Name: "household", Unit: "people"}}
	for j := range columns {
		columns[j].Role = table.Descriptor
	}
	at := map[string]int{}
	for j, c := range customers.Names() {
		at[c] = j
	}
	level := func(i int, column string) string {
		if v := customers.At(i, at[column]); !math.IsNaN(v) {
			return customers.Raw().Columns[at[column]].Levels[int(v)]
		}
		return ""
	}
	var addresses []shop.Address
	for i, id := range customers.IDs() {
		c := shop.Customer{ID: id, City: level(i, "city"), Web: level(i, "channel") == "web"}
		if age := customers.At(i, at["age"]); !math.IsNaN(age) {
			c.Age = int(age)
		}
		a := optionsOf(name).Address(c)
		if addresses = append(addresses, a); a.Known && !slices.Contains(columns[0].Levels, a.Postcode) {
			columns[0].Levels = append(columns[0].Levels, a.Postcode)
		}
	}
	slices.Sort(columns[0].Levels)
	var data []float64
	for _, a := range addresses {
		row := []float64{math.NaN(), math.NaN(), math.NaN(), float64(a.Household)}
		if a.Known {
			code, _ := slices.BinarySearch(columns[0].Levels, a.Postcode)
			row[0], row[1], row[2] = float64(code), a.Latitude, a.Longitude
		}
		data = append(data, row...)
	}
	t, err := table.New(customers.IDs(), columns, data)
	if err == nil {
		t.Raw().Source = name + ": addresses"
	}
	return t, err
}

// Areas returns what is known about the postcodes where customers of the shops live: students and purchasing power; one row
// per postcode, as a company would buy it.
func Areas() (*table.Table, error) {
	var ids []string
	var data []float64
	for _, a := range shop.Areas() {
		ids, data = append(ids, a.Postcode), append(data, float64(a.Students), float64(a.Purchasing))
	}
	return table.New(ids, []table.Column{{Name: "students", Unit: "%", Role: table.Descriptor}, {Name: "purchasing_power", Role: table.Descriptor}}, data)
}

// Cities returns the region of each city; one row per city.
func Cities() (*table.Table, error) {
	var text strings.Builder
	text.WriteString("city,region\n")
	for _, c := range shop.Regions() {
		fmt.Fprintf(&text, "%s,%s\n", c[0], c[1])
	}
	return table.ParseCSV(strings.NewReader(text.String()), "cities", "city", table.CSVOptions{Roles: roles(table.Descriptor, "region")})
}

// Stores returns the stores of the shops, with city, latitude and longitude; one row per store.
func Stores() (*table.Table, error) {
	var text strings.Builder
	text.WriteString("store,city,latitude,longitude\n")
	degrees := func(v float64) string { return strconv.FormatFloat(v, 'f', 4, 64) }
	for _, s := range shop.Stores() {
		fmt.Fprintf(&text, "%s,%s,%s,%s\n", s.Name, s.City, degrees(s.Latitude), degrees(s.Longitude))
	}
	return table.ParseCSV(strings.NewReader(text.String()), "stores", "store")
}

// Borders returns the outlines of the four countries of the shop: Austria, Belgium, Germany and the Netherlands, from Natural Earth
// (1:110 million, public domain). They are coarse: good enough for a map, but not to say on which side of a border somebody lives.
func Borders() (*geo.Boundaries, error) {
	return geo.ParseBoundaries(strings.NewReader(borders), "countries.geojson", "name")
}
