package datasets

import (
	"slices"
	"time"

	"github.com/segkit/lab/datasets/shop"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/table"
)

// Campaign returns what the customers of "shop", "shop-without-segments" or "shop-that-changes" did in the 90 days after 2025-09-30 (active, orders and spend as in
// features' Outcome, cleaned as in the lessons), if an offer went to the named ones on 1 October 2025. Everybody else did what the orders say. A customer persuaded
// by the offer places one more order; Persuaded says how many such customers each latent segment has.
func Campaign(name string, offered []string) (*table.Table, error) {
	truth, err := Truth(name)
	if err != nil {
		return nil, err
	}
	clean, err := Cleaned(name, features.UsualRules)
	if err != nil {
		return nil, err
	}
	base, err := clean.Outcome(time.Date(2025, time.September, 30, 0, 0, 0, 0, time.UTC), 90)
	if err != nil {
		return nil, err
	}
	ids, columns := base.IDs(), base.Columns()
	place := make(map[string]int, len(ids))
	for i, id := range ids {
		place[id] = i
	}
	segment, err := truth.ByID("datasets.Campaign")
	if err != nil {
		return nil, err
	}
	data := slices.Clone(base.Raw().Data)
	for i, id := range offered {
		at, known := place[id]
		if !known {
			return nil, &fault.CellError{Op: "datasets.Campaign", Row: i + 1, ID: id, Why: "is not a customer of this shop on 2025-09-30", Err: fault.ErrUnmatched}
		}
		if cents := optionsOf(name).ExtraOrder(id, segment[id]); cents > 0 {
			row := data[at*len(columns):]
			row[0], row[1], row[2] = 1, row[1]+1, row[2]+float64(cents)/100
		}
	}
	return base.WithData(columns, data), nil
}

// Persuaded returns what the offer of Campaign does to each latent segment, in the order of Truth's names: what a test should find.
func Persuaded(name string) ([]shop.Persuasion, error) {
	if _, err := open(name, truthGz, (*shop.Shop).WriteTruth); err != nil {
		return nil, err
	}
	return optionsOf(name).Campaign(), nil
}
