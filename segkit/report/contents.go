package report

import (
	"time"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/campaign"
	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/judge"
	"github.com/segkit/lab/segkit/privacy"
	"github.com/segkit/lab/segkit/rulebook"
	"github.com/segkit/lab/segkit/table"
	"github.com/segkit/lab/segkit/track"
	"github.com/segkit/lab/segkit/value"
)

// Contents are the results that a report shows. Customers, Segments and Profile are required; any other field that is nil leaves out its
// section.
type Contents struct {
	Title    string // "" means the language's own: "Customer segments"
	Language string // "en"; "" means "en"

	Customers *table.Table
	Segments  *table.Segments // of these customers
	Profile   *describe.Profile
	Shared    *privacy.Shared       // what may be disclosed about the same segments: figures that rest on too few customers are left out, and the typical customer is made up
	Plan      *campaign.ActionPlan  // who, what to do, how to test; without it, page 1 says who the customers are and what they brought
	Sizes     *campaign.Sizes       // what the tests of the plan would show
	Ahead     *value.Worth          // what the segments are expected to bring: Forecast.By
	Proof     *value.Worth          // what the same forecast would have said before days that are now known: Holdout.By
	Rules     *rulebook.Explanation // who belongs to which segment
	Model     *segkit.Model
	Sweep     *choose.Sweep  // evidence for the number of segments
	Verdict   *judge.Verdict // evidence for the segments themselves
	Judged    time.Time      // day of the customers whom the verdict is about; zero if unknown

	Age       *track.Decision  // whether a kept model still fits these customers
	Movement  *track.Migration // who moved since the last report
	Forecasts []Forecast       // of earlier reports and of this one, the oldest first

	Cleaning   *features.Ledger
	Dictionary *features.Dictionary

	AsOf, First time.Time // last day that counts, and first day of the orders; zero if unknown
	Last        time.Time // last day of the orders, if they may end before AsOf
	Days        int       // how long a test runs, the same as the forecast; 0 means 90
	Currency    string    // of all money: "EUR"
	Unlisted    int       // customers in the orders who are not in the file of customers, if there is one
	Notes       []string  // what else a reader must bear in mind, as sentences

	Inputs    []Input // the files from which all this was made
	Decisions []Decision
	Seed      int
	ModelKept bool   // the model comes from an earlier report, or was given
	MadeBy    string // version of the program that made it
}

// Input is a file from which a report was made.
type Input struct {
	Name   string `json:"name"` // without its folder, so that two machines write the same
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
}

// Decision is a choice that was made on the way, and the reason.
type Decision struct {
	What  string `json:"what"`
	Value string `json:"value"`
	Why   string `json:"why,omitempty"`
}

// checked refuses contents of which no report can be made.
func (c Contents) checked(op string) error {
	switch {
	case c.Customers == nil:
		return fault.Nil(op, "table (Contents.Customers)")
	case c.Segments == nil:
		return fault.Nil(op, "segmentation (Contents.Segments)")
	case c.Profile == nil:
		return fault.Nil(op, "profile (Contents.Profile)")
	}
	if _, err := c.Segments.LabelsFor(op, c.Customers); err != nil {
		return err
	}
	_, err := speaking(op, c.Language)
	return err
}
