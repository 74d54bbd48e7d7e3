package capstone

import (
	"time"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/campaign"
	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/rulebook"
)

// Day is the last day that the work looks at: features are made as of then, as midnight UTC.
var Day = time.Date(2025, time.June, 30, 0, 0, 0, 0, time.UTC)

// Effect is the rise that is worth finding, as a share of 1: eight more customers in a hundred who order within 90 days.
const Effect = .08

// HandIn is the work to grade. What is left out gets no points.
type HandIn struct {
	A, B  Shop // what you found out about "shop-a" and "shop-b"
	Light bool // shop-b alone, for those who have half an hour: shop-a is not asked for

	// Of the shop in which you found groups:
	Model    *segkit.Model         // what Recipe.Fit gave for its customers, with Names of your own
	Cards    describe.Personas     // one for each segment
	Rules    *rulebook.Explanation // of the segments, made without the customers that you held back
	Fidelity float64               // share of 1 of the customers held back that the rules put where the model has them
	Plan     *campaign.Sizes       // of the test, for the segments of today (Test.Size, and then For)

	Strike []int // numbers of the sentences of Memo that claim more than anybody can know yet
}

// Shop is what was found out about one of the two.
type Shop struct {
	Ledger   *features.Ledger // of Orders.Clean
	Groups   Answer           // are there natural groups of customers?
	Evidence *choose.Sweep    // what the answer rests on: a sweep beside data of one group
}

// Answer is whether there are groups.
type Answer uint8

const (
	Open Answer = iota // not answered yet
	Yes
	No
)

func (a Answer) String() string {
	switch a {
	case Yes:
		return "yes"
	case No:
		return "no"
	}
	return "no answer"
}
