package datasets

import (
	"fmt"

	"github.com/segkit/lab/segkit/basket"
	"github.com/segkit/lab/segkit/features"
)

// Baskets returns the baskets of "groceries" (9,835 of 169 items, without customers; found as Find says, and never downloaded), or of
// "shop", "shop-without-segments", "shop-that-changes" and "online-retail": their orders, without lines that have no customer, duplicates,
// test orders and cancellations. For files of your own, use basket.ReadLists, basket.ReadCSV and basket.FromOrders.
//
// If otherwise is given and name is a public set that is not on this machine, nothing is downloaded and otherwise is
// returned.
func Baskets(name string, otherwise ...string) (*basket.Baskets, error) {
	if absent(name) && len(otherwise) > 0 {
		return Baskets(otherwise[0], otherwise[1:]...)
	}
	switch name {
	case groceries:
		path, err := Find(name)
		if err != nil {
			return nil, err
		}
		return basket.ReadLists(path)
	case theShop, withoutSegments, changingShop, onlineRetail:
		clean, err := Cleaned(name, features.UsualRules)
		if err != nil {
			return nil, err
		}
		return basket.FromOrders(clean)
	}
	return nil, fmt.Errorf("segkit: data set %q holds no baskets: want %q, %q, %q, %q or %q; files of your own are for basket.ReadLists, basket.ReadCSV and basket.FromOrders",
		name, groceries, theShop, withoutSegments, changingShop, onlineRetail)
}
