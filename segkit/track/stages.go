package track

import (
	"math"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/option"
	"github.com/segkit/lab/segkit/internal/quantile"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// The stages of a customer's life, in the order of their labels.
var stageNames = []string{"New", "Active", "Slowing", "Lapsed", "Won back"}

const (
	stageNew = iota
	stageActive
	stageSlowing
	stageLapsed
	stageWonBack
)

// How many of a customer's own gaps between orders may pass until they are slowing, and until they have lapsed.
const slowAfter, lapsedAfter = 1.5, 3

// StageOptions says what is known about an earlier date.
type StageOptions struct {
	Before *table.Segments // the stages of an earlier date, from which customers may be won back; nil for none
}

// Stages says where each customer of raw (n x any, with recency, orders and gap as made by features) stands by their own rhythm: a customer who orders every
// 10 days has lapsed after 30, one who orders every 200 days has not. Customers are active up to 1.5 of their mean gaps, slowing up to 3, and lapsed beyond.
// Customers with one order have no gap of their own, and use the median gap of the others: they are new until three such gaps have passed, then lapsed. With
// the stages of an earlier date, customers who had lapsed and have ordered since are won back. Stages describe customers; they are not a forecast.
func Stages(raw *table.Table, o ...StageOptions) (*table.Segments, error) {
	const op = "track.Stages"
	opt, err := option.AtMostOne(op, o)
	if err != nil {
		return nil, err
	}
	if raw == nil {
		return nil, fault.Nil(op, "table")
	}
	columns := make([][]float64, 3)
	for p, name := range []string{"recency", "orders", "gap"} {
		values, err := raw.Values(name)
		if err != nil {
			return nil, &fault.CellError{Op: op, Column: name, Why: "is needed to know a customer's rhythm", Remedy: "make it with features (Spec.Features)", Err: fault.ErrMissingColumn}
		}
		columns[p] = values
	}
	recency, orders, gap := columns[0], columns[1], columns[2]
	common := quantile.Of(gap, nil, false).At(.5)
	lapsed := map[string]bool{}
	if opt.Before != nil {
		if !slices.Equal(opt.Before.Names, stageNames) {
			return nil, fault.Option("track.StageOptions", "Before", sheet.List(opt.Before.Names), "the stages of an earlier date, as Stages returns them")
		}
		at, err := opt.Before.ByID(op)
		if err != nil {
			return nil, err
		}
		for id, l := range at {
			lapsed[id] = l == stageLapsed
		}
	}
	labels := make(table.Labels, raw.Len())
	for i, id := range raw.Raw().IDs {
		own := gap[i]
		if !(orders[i] > 1) || math.IsNaN(own) {
			own = common
		}
		own = max(own, 1) // two orders on one day are no rhythm of days
		switch r := recency[i]; {
		case math.IsNaN(r) || math.IsNaN(own):
			labels[i] = table.Noise
		case r > lapsedAfter*own:
			labels[i] = stageLapsed
		case lapsed[id]:
			labels[i] = stageWonBack
		case !(orders[i] > 1):
			labels[i] = stageNew
		case r > slowAfter*own:
			labels[i] = stageSlowing
		default:
			labels[i] = stageActive
		}
	}
	s, err := table.NewSegments(raw.IDs(), labels, slices.Clone(stageNames))
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"recency", "orders", "gap"} {
		c, _ := raw.Column(name)
		s.FormedAlso(c)
	}
	return s, nil
}
