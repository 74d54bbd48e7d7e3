package geo_test

import (
	"fmt"
	"log"
	"strings"

	"github.com/segkit/lab/segkit/geo"
	"github.com/segkit/lab/segkit/table"
)

// Customers whose postcodes lost their zeros in a spreadsheet, a table of areas as a company buys it, and the nearest of two stores.
func Example() {
	customers := read("customers.csv", "id", `id,postcode,latitude,longitude
ann,4109,51.34,12.37
bob,20095,53.55,9.99
cem,20095,53.60,10.05
dee,,0,0
`, table.CSVOptions{Text: []string{"postcode"}})
	areas := read("areas.csv", "postcode", "postcode,income\n04109,21000\n20095,32000\n", table.CSVOptions{Units: map[string]string{"income": "EUR"}})

	_, err := geo.Postcodes{}.Pad(customers)
	fmt.Println(err)
	padded := must(geo.Postcodes{Digits: map[string]int{"": 5}}.Pad(customers))
	traits := must(geo.Traits(padded, "postcode", areas))
	fmt.Println(traits.Sheet().Caption)

	homes := must(geo.Locate(customers, geo.Options{}))
	stores := must(geo.Locate(read("stores.csv", "store", "store,latitude,longitude\nHamburg,53.55,9.99\nBerlin,52.52,13.40\n"), geo.Options{}))
	fmt.Println(homes.Sheet().Caption)
	fmt.Println(must(homes.Nearest(stores)).Sheet().Text())
	// Output:
	// segkit: geo.Postcodes: customers.csv, column "postcode", row 1 (id ann): "4109" has 4 digits, where 2 codes have 5: it may have lost a leading zero in a spreadsheet: put zeros in front with geo.Postcodes{Digits: map[string]int{"": 5}}, and name the column of the countries in Country if there are several
	// The postcode of 3 of 4 customers is in the table
	// 3 of 4 customers have a place
	// 4 customers, 2 columns
	//   id   nearest_shop  shop_distance (km)
	//   ───  ────────────  ──────────────────
	//   ann  Berlin                       149
	//   bob  Hamburg                        0
	//   cem  Hamburg                        7
	//   dee  –                              –
}

func read(name, id, text string, o ...table.CSVOptions) *table.Table {
	return must(table.ParseCSV(strings.NewReader(text), name, id, o...))
}

func must[T any](v T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return v
}
