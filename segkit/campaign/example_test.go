package campaign_test

import (
	"fmt"

	"github.com/segkit/lab/segkit/campaign"
	"github.com/segkit/lab/segkit/table"
)

// Tiers are data; who is in which follows from what customers did.
func ExampleProgramme_Place() {
	year, err := table.New([]string{"Ada", "Bo", "Cleo"}, []table.Column{{Name: "spend", Unit: "EUR"}, {Name: "orders"}},
		[]float64{640, 9, 250, 3, 40, 1})
	if err != nil {
		panic(err)
	}
	club := campaign.Programme{Tiers: []campaign.Tier{
		{Name: "Basic"},
		{Name: "Silver", Spend: 200, Orders: 3, Back: 0.02},
		{Name: "Gold", Spend: 500, Orders: 6, Back: 0.03, PerMember: 10},
	}}
	standing, err := club.Place(year)
	if err != nil {
		panic(err)
	}
	for _, t := range standing.Tiers {
		fmt.Printf("%s, %s: %d member, costs %.2f EUR\n", t.Name, t.Asks, t.Members, t.Cost)
	}
	// Output:
	// Basic, everybody: 1 member, costs 0.00 EUR
	// Silver, from 200 EUR and 3 orders: 1 member, costs 5.00 EUR
	// Gold, from 500 EUR and 6 orders: 1 member, costs 29.20 EUR
}
