package main

import (
	"path/filepath"
	"time"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/track"
)

// snapshots goes from the file of Online Retail to the customers of 12 month ends, scored by one model, and the moves of customers and money between them. The
// peer makes recency, orders and spend at these dates, and cross-tabulates thirds of spend. The cost is the number of customers on all dates.
func snapshots(in, _ string) (func() (float64, error), error) {
	path := filepath.Join(in, "online_retail.csv")
	dates := track.MonthEnds(time.Date(2010, 12, 31, 0, 0, 0, 0, time.UTC), time.Date(2011, 11, 30, 0, 0, 0, 0, time.UTC))
	spec := features.Spec{Features: []string{"recency", "orders", "spend"}, NetNegative: features.DropNegative}
	recipe := segkit.Recipe{Prep: []prep.Transformer{prep.Log1p{}, prep.Standardize{}}, Method: cluster.KMeans{K: 4, Restarts: 1}}
	clean, err := cleanRetail(path)
	if err != nil {
		return nil, err
	}
	made, err := clean.Features(dates[5], spec)
	if err != nil {
		return nil, err
	}
	model, err := recipe.Fit(made)
	if err != nil {
		return nil, err
	}
	return func() (float64, error) {
		clean, err := cleanRetail(path)
		if err != nil {
			return 0, err
		}
		history, err := track.Follow(clean, model, dates)
		if err != nil {
			return 0, err
		}
		customers := 0
		for t, s := range history.Segments {
			customers += len(s.IDs)
			if t == 0 {
				continue
			}
			if _, err := history.Migration(t-1, t, track.DrawOptions{Draws: -1}); err != nil {
				return 0, err
			}
		}
		return float64(customers), nil
	}, nil
}

// cleanRetail reads and cleans Online Retail as the peers do.
func cleanRetail(path string) (*features.Cleaned, error) {
	orders, err := features.ReadOrders(path, features.OrdersOptions{})
	if err != nil {
		return nil, err
	}
	return orders.Clean(features.NoCustomer, features.Cancelled, features.Returned, features.ZeroPrice, features.NegativePrice)
}
