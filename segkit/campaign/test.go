package campaign

import (
	"fmt"
	"math"
	"strconv"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/table"
)

// Test declares, before anything is sent, what is offered, what counts as success, and what it costs. At least one of Response and
// Revenue is required. Everything that could be chosen later to make a result look better is chosen here.
type Test struct {
	Name     string  `json:"name"`     // what is offered: "20 EUR off an order of 60"
	Response string  `json:"response"` // column of yes and no, or 1 and 0: did they order afterwards? "" for none
	Revenue  string  `json:"revenue"`  // column of the money that they spent afterwards; "" for none
	Holdout  float64 `json:"holdout"`  // share of each segment that gets nothing; 0 means .5, which finds the smallest effects
	Winsor   float64 `json:"winsor"`   // a customer's revenue counts up to this quantile (.99, say) of earlier spend in the segment, among those who spent anything; 0 counts all of it
	Contact  float64 `json:"contact"`  // cost of sending the offer to one customer, in the unit of Revenue
	Reward   float64 `json:"reward"`   // cost of each customer who got the offer and ordered, including those who would have ordered anyway; needs Response
	Margin   float64 `json:"margin"`   // share of revenue that is left to pay for the offer; 0 means 1
	Worth    float64 `json:"worth"`    // effect per customer that is worth finding, on Revenue, or on Response (.02: two in a hundred) if there is no Revenue; 0 means what pays for the offer
	Level    float64 `json:"level"`    // chance of showing an effect when there is none; 0 means .05
	Power    float64 `json:"power"`    // chance of finding an effect that exists; 0 means .8
	Seed     int     `json:"seed"`     // of the draw
}

// checked returns the test with its defaults filled in.
func (t Test) checked() (Test, error) {
	for _, o := range []struct {
		field    string
		at       *float64
		then     float64 // what 0 means
		from, to float64 // open at both ends where then is not 0
		want     string
	}{
		{"Holdout", &t.Holdout, .5, 0, 1, "a share between 0 and 1, such as .5"},
		{"Level", &t.Level, .05, 0, .5, "a chance between 0 and .5, such as .05"},
		{"Power", &t.Power, .8, .5, 1, "a chance between .5 and 1, such as .8"},
		{"Margin", &t.Margin, 1, 0, math.Nextafter(1, 2), "the share of revenue that is left, up to 1, such as .4"},
		{"Contact", &t.Contact, 0, 0, math.Inf(1), "the cost per customer, 0 or more"},
		{"Reward", &t.Reward, 0, 0, math.Inf(1), "the cost per customer who orders, 0 or more"},
		{"Worth", &t.Worth, 0, 0, math.Inf(1), "an effect above 0, or 0 for the one that pays for the offer"},
	} {
		switch v := *o.at; {
		case v == 0:
			*o.at = o.then
		case math.IsNaN(v) || v <= o.from || v >= o.to:
			return t, fault.Option("campaign.Test", o.field, v, o.want)
		}
	}
	switch {
	case t.Response == "" && t.Revenue == "":
		return t, fault.Option("campaign.Test", "Revenue", `""`, "the name of a column that says what customers spent, or Response the name of one that says whether they ordered")
	case t.Response == t.Revenue:
		return t, fault.Option("campaign.Test", "Response", strconv.Quote(t.Response), "another column than Revenue, or \"\"")
	case math.IsNaN(t.Winsor) || t.Winsor != 0 && (t.Winsor <= .5 || t.Winsor >= 1):
		return t, fault.Option("campaign.Test", "Winsor", t.Winsor, "a quantile between .5 and 1, such as .99, or 0 to count all revenue")
	case t.Reward > 0 && t.Response == "":
		return t, fault.Option("campaign.Test", "Reward", t.Reward, "0, or the name of a column in Response that says who ordered and so gets the reward")
	case t.Revenue == "" && (t.Contact > 0 || t.Reward > 0) && t.Worth == 0:
		return t, fault.Option("campaign.Test", "Worth", 0, "the effect on Response that is worth finding: without Revenue, costs do not say which effect pays")
	}
	return t, nil
}

// past is one measure before the offer: the column, and a value per customer (n). Customers who are not in the table did nothing: 0.
type past struct {
	column table.Column
	values []float64
	absent int
}

// before reads Response and Revenue of customers with the given ids (n) from a table of an earlier period; nil where the test has no such measure.
func (t Test) before(op string, earlier *table.Table, ids []string) (response, revenue *past, err error) {
	read := func(name string) (*past, error) {
		if name == "" {
			return nil, nil
		}
		c, values, absent, err := earlier.MetricFor(ids, name)
		if err != nil {
			return nil, err
		}
		for i, v := range values {
			if math.IsNaN(v) {
				values[i] = 0
			}
		}
		return &past{c, values, absent}, nil
	}
	if response, err = read(t.Response); err != nil {
		return nil, nil, err
	}
	if response != nil {
		if err := zeroOne(op, t.Response, ids, response.values); err != nil {
			return nil, nil, err
		}
	}
	revenue, err = read(t.Revenue)
	return response, revenue, err
}

// zeroOne refuses a response that is no yes and no.
func zeroOne(op, column string, ids []string, values []float64) error {
	for i, v := range values {
		if v != 0 && v != 1 && !math.IsNaN(v) {
			return &fault.CellError{Op: op, Column: column, ID: ids[i], Value: fmt.Sprint(v), Why: "is neither 0 nor 1",
				Remedy: "a response is yes or no; name a column of numbers in Test.Revenue", Err: fault.ErrSchema}
		}
	}
	return nil
}

// reached are the customers of segments that a test can reach: those in a segment, by label.
func reached(op string, s *table.Segments) (ids [][]string, outside int, err error) {
	if _, err := s.ByID(op); err != nil {
		return nil, 0, err
	}
	if s.Times != nil {
		return nil, 0, &fault.CellError{Op: op, Why: "rows of these segments stand for several customers each, and a test draws single customers",
			Remedy: "give it a table with a row per customer", Err: fault.ErrSchema}
	}
	ids = make([][]string, s.K())
	for i, l := range s.Labels {
		if l == table.Noise {
			outside++
			continue
		}
		ids[l] = append(ids[l], s.IDs[i])
	}
	if outside == len(s.IDs) {
		return nil, 0, &fault.CellError{Op: op, Why: "no customer is in any segment", Remedy: "score the customers first (Model.Score)", Err: fault.ErrEmpty}
	}
	return ids, outside, nil
}
