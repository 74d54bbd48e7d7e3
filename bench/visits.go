package main

import (
	"math"
	"path/filepath"
	"time"

	"github.com/segkit/lab/segkit/weblog"
)

// visits goes from a file of five million hits to a million visitors. The cost is the number of their visits and the sum of their mean durations.
func visits(in, _ string) (func() (float64, error), error) {
	path := filepath.Join(in, "visits_5m.csv")
	spec := weblog.Spec{Features: []string{"visit_recency", "visits", "pages", "depth", "duration", "bounce_share", "visit_tenure", "device_mobile"}}
	return func() (float64, error) {
		hits, err := weblog.ReadVisits(path, weblog.VisitsOptions{})
		if err != nil {
			return 0, err
		}
		clean, err := hits.Clean()
		if err != nil {
			return 0, err
		}
		visitors, err := clean.Features(time.Date(2025, 4, 30, 0, 0, 0, 0, time.UTC), spec)
		if err != nil {
			return 0, err
		}
		sum := 0.0
		for _, column := range []string{"visits", "duration"} {
			values, err := visitors.Values(column)
			if err != nil {
				return 0, err
			}
			for _, v := range values {
				if !math.IsNaN(v) {
					sum += v
				}
			}
		}
		return sum, nil
	}, nil
}
