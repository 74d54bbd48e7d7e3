package main

import (
	"path/filepath"
	"time"

	"github.com/segkit/lab/segkit/features"
)

// fromRetail goes from the file of Online Retail to one row per customer with the features named, none for all that the file
// supports. It cleans as the peers do, and keeps a ledger of that.
func fromRetail(named ...string) func(in, _ string) (func() (float64, error), error) {
	return func(in, _ string) (func() (float64, error), error) {
		path := filepath.Join(in, "online_retail.csv")
		return func() (float64, error) {
			clean, err := cleanRetail(path)
			if err != nil {
				return 0, err
			}
			last := time.Date(2011, 12, 9, 0, 0, 0, 0, time.UTC) // of the file
			customers, err := clean.Features(last, features.Spec{Features: named})
			if err != nil {
				return 0, err
			}
			spend, err := customers.Values("spend")
			sum := 0.0
			for _, v := range spend {
				sum += v
			}
			return sum, err
		}, nil
	}
}
