package main

import (
	"bytes"
	"os"
	"path/filepath"
	"time"

	"gonum.org/v1/gonum/floats"

	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/rfm"
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

// rfmOfLines goes from lines in memory, of a customer, a time and an amount of money, to scores of recency, frequency and money; the cost is the
// money. The peer is given tuples of Python's, ours the text of a CSV file.
func rfmOfLines(in, _ string) (func() (float64, error), error) {
	text, err := os.ReadFile(filepath.Join(in, "rfm_lines.csv"))
	return func() (float64, error) {
		orders, err := features.ParseOrders(bytes.NewReader(text), "lines", features.OrdersOptions{})
		if err != nil {
			return 0, err
		}
		clean, err := orders.Clean()
		if err != nil {
			return 0, err
		}
		customers, err := clean.Features(time.Date(2011, 12, 9, 0, 0, 0, 0, time.UTC), features.Spec{Features: []string{"recency", "orders", "spend"}})
		if err != nil {
			return 0, err
		}
		if _, err := rfm.Score(customers, rfm.Options{}); err != nil {
			return 0, err
		}
		spend, err := customers.Values("spend")
		return floats.Sum(spend), err
	}, err
}
