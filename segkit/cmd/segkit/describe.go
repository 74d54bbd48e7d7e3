package main

import (
	"fmt"
	"math"
	"os"
	"time"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
)

// describeCmd says what is in a saved model.
type describeCmd struct {
	Model string `arg:"" help:"Model, as segkit report or a notebook wrote it."`
	JSON  bool   `name:"json" help:"Print it as JSON."`
}

// description is the answer of segkit describe in JSON.
type description struct {
	schema
	Model     string             `json:"model"`
	Customers int                `json:"customers"` // of the training table
	Segments  []segmentInWords   `json:"segments"`  // in the order of the model
	Columns   []columnInWords    `json:"columns"`   // in the order of the model
	Steps     []string           `json:"steps"`     // of preparation, in order
	Method    string             `json:"method"`
	Converged bool               `json:"converged"`
	Starts    int                `json:"starts"`
	Hits      int                `json:"hits"`   // starts that found the best solution
	ID        string             `json:"id"`     // column of the customers' ids, "" for none
	Orders    *ordersDescription `json:"orders"` // how the columns were made from order lines; null where they were not
	MadeBy    string             `json:"made_by"`
	TrainedOn string             `json:"trained_on"` // fingerprint of the training table
	Notes     []string           `json:"notes"`
}

type segmentInWords struct {
	segmentSize
	Typical map[string]any `json:"typical"` // by column: the median of a number, the most frequent level of a category; null for none
}

type columnInWords struct {
	Name    string             `json:"name"`
	Unit    string             `json:"unit"`
	Formula string             `json:"formula"`
	Levels  []string           `json:"levels"` // null for a number
	Count   int                `json:"count"`  // training customers with a value
	Missing int                `json:"missing"`
	Min     *float64           `json:"min"` // null, as the next three, where it is not known
	Max     *float64           `json:"max"`
	Mean    *float64           `json:"mean"`
	SD      *float64           `json:"sd"`
	Shares  map[string]float64 `json:"shares"` // of levels; null for a number
}

type ordersDescription struct {
	Rules  []string `json:"rules"`        // of cleaning, in order
	AsOf   string   `json:"as_of"`        // the last day that counted
	Window int      `json:"window"`       // days up to it that counted, 0 for all
	Order  string   `json:"order"`        // what counts as one order: "number", "day" or "line"
	First  int      `json:"first_orders"` // so many first orders of each customer counted, 0 for all
}

func (c *describeCmd) Run() error {
	m, err := segkit.LoadModel(c.Model)
	if err != nil {
		return err
	}
	orders, err := ordersOf(m)
	if err != nil {
		return err
	}
	if c.JSON {
		return writeJSON(os.Stdout, c.describe(m, orders))
	}
	width := columns(os.Stdout)
	inputs := m.Inputs()
	inputs.Notes = append(inputs.Notes, origin(m, orders)...)
	_, err = fmt.Println(m.Sheet().TextIn(width) + "\n" + inputs.TextIn(width))
	return err
}

// ordersOf says how the columns were made from order lines, nil where they were not.
func ordersOf(m *segkit.Model) (*ordersDescription, error) {
	if m.Spec == nil {
		return nil, nil
	}
	spec, err := features.ParseSpec(m.Spec)
	if err != nil {
		return nil, err
	}
	out := &ordersDescription{[]string{}, spec.AsOf.Format(time.DateOnly), spec.Window, "number", spec.FirstOrders}
	for _, r := range spec.Rules {
		out.Rules = append(out.Rules, r.String())
	}
	if spec.Order != features.ByNumber {
		out.Order = string(spec.Order)
	}
	return out, nil
}

// origin says in sentences where the model comes from.
func origin(m *segkit.Model, orders *ordersDescription) (notes []string) {
	if orders != nil {
		days, rules := "all days", "no rule"
		if orders.Window > 0 {
			days = wording.Plural(orders.Window, "day")
		}
		if orders.First > 0 {
			days = "the first " + wording.Plural(orders.First, "order") + " of each customer"
		}
		if len(orders.Rules) > 0 {
			rules = sheet.List(orders.Rules)
		}
		notes = append(notes, fmt.Sprintf("The columns were made from order lines, cleaned by %s, of %s up to %s; segkit score takes order lines, too.", rules, days, orders.AsOf))
	}
	made := m.MadeBy
	if made == "" {
		made = "an earlier version of segkit"
	}
	return append(notes, fmt.Sprintf("Fitted by %s on %s (fingerprint %s); %d of %s found this solution.",
		made, wording.Plural(m.Customers, "customer"), m.TrainedOn, m.Starts.Hits(), wording.Plural(len(m.Starts), "start")))
}

func (c *describeCmd) describe(m *segkit.Model, orders *ordersDescription) description {
	out := description{schema: schema{"segkit/describe", 1}, Model: c.Model, Customers: m.Customers, Steps: []string{}, Method: wording.TypeName(m.Recipe.Method),
		Converged: m.Converged, Starts: len(m.Starts), Hits: m.Starts.Hits(), ID: m.ID, Orders: orders, MadeBy: m.MadeBy, TrainedOn: m.TrainedOn, Notes: m.Sheet().Notes}
	for l, name := range m.Names {
		s := segmentInWords{segmentSize{name, m.Sizes[l], float64(m.Sizes[l]) / float64(max(1, m.Customers))}, map[string]any{}}
		for j, column := range m.Columns {
			if m.Typical == nil {
				break
			}
			switch v := m.Typical[l][j]; {
			case math.IsNaN(v):
				s.Typical[column.Name] = nil
			case column.Categorical():
				s.Typical[column.Name] = column.Levels[int(v)]
			default:
				s.Typical[column.Name] = v
			}
		}
		out.Segments = append(out.Segments, s)
	}
	for j, column := range m.Columns {
		w := columnInWords{Name: column.Name, Unit: column.Unit, Formula: column.Formula, Levels: column.Levels}
		if m.Training != nil {
			d := m.Training[j]
			w.Count, w.Missing = d.Count, d.Missing
			switch {
			case d.Count == 0:
			case column.Categorical():
				w.Shares = map[string]float64{}
				for l, level := range column.Levels {
					w.Shares[level] = d.Shares[l]
				}
			default:
				w.Min, w.Max, w.Mean, w.SD = &d.Min, &d.Max, &d.Mean, &d.SD
			}
		}
		out.Columns = append(out.Columns, w)
	}
	for _, step := range m.Recipe.Prep {
		out.Steps = append(out.Steps, wording.TypeName(step))
	}
	return out
}
