package value

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

var _ = []sheet.Sheeter{(*Forecast)(nil), (*Spending)(nil)}

// Sheet shows the customers from whom most is expected.
func (f *Forecast) Sheet() sheet.Sheet {
	if f == nil {
		return sheet.Sheet{}
	}
	order := make([]int, len(f.IDs))
	for i := range order {
		order[i] = i
	}
	most := f.Orders
	if f.Value != nil {
		most = f.Value
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(most[b], most[a]) })
	out := sheet.Sheet{Caption: f.says(), Total: len(f.IDs),
		Columns: []sheet.Column{{Name: "customer", Text: true}, {Name: "still a customer", Unit: "%"}, {Name: "orders"}, {Name: "no order", Unit: "%"}, {Name: "overdue", Unit: "own gaps"}}}
	if f.Value != nil {
		out.Columns = append(out.Columns, sheet.Column{Name: "an order brings", Unit: f.Currency}, sheet.Column{Name: "value", Unit: f.Currency}, sheet.Column{Name: "95 % interval", Unit: f.Currency})
	}
	for _, i := range order[:min(len(order), sheet.MaxRows)] {
		row := []string{f.IDs[i], sheet.Fixed(100*f.Alive[i], 1), sheet.Fixed(f.Orders[i], 2), sheet.Fixed(100*f.Silent[i], 1), sheet.Missing}
		if !math.IsNaN(f.Overdue[i]) {
			row[4] = sheet.Fixed(f.Overdue[i], 1)
		}
		if f.Value != nil {
			row = append(row, sheet.Fixed(f.OrderSpend[i], 2), sheet.Fixed(f.Value[i], 2), fmt.Sprintf("%s to %s", sheet.Number(f.Low[i]), sheet.Number(f.High[i])))
		}
		out.Rows = append(out.Rows, row)
	}
	if f.summary.Silence != "" {
		out.Notes = append(out.Notes, f.summary.Silence)
	}
	out.Notes = append(out.Notes, "Orders are days with an order. "+rangeNote+" Overdue: the time since the last order, in mean gaps between the customer's own orders.")
	if once := len(f.IDs) - f.summary.repeaters(); f.Value != nil && once > 0 {
		out.Notes = append(out.Notes, spendOfOnce(once))
		if d := f.Horizon.Spend.Dependence; d != "" {
			out.Notes = append(out.Notes, d)
		}
	}
	if f.Value != nil && f.Horizon.Discount > 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("Money is discounted by %s a year.", sheet.Percent(f.Horizon.Discount)))
	}
	if f.Model == "BG/NBD" {
		out.Notes = append(out.Notes, "By BG/NBD, customers who ordered once are still customers for certain, since they can leave only after a repeat order. MBG/NBD and Pareto/NBD do better there; the probability of no order is right in all three.")
	}
	out.Notes = append(out.Notes, "What customers are expected to do is not what an offer would change.")
	return out
}

// spendOfOnce says what customers without a repeat order are taken to spend.
func spendOfOnce(once int) string {
	return fmt.Sprintf("%s ordered once: each further order is assumed to bring in what the orders of all customers bring in on average, whatever the first one brought in.", wording.Capital(wording.Plural(once, "customer")))
}

// says is the forecast of all customers in one sentence.
func (f *Forecast) says() string {
	text := fmt.Sprintf("%s: the next %d days bring in %s (%s to %s) from %s", f.Model, f.Horizon.Days, wording.Plural(int(math.Round(f.AllOrders.Mean)), "day")+" with an order",
		sheet.Fixed(f.AllOrders.Low, 0), sheet.Fixed(f.AllOrders.High, 0), wording.Plural(len(f.IDs), "customer"))
	if f.Value != nil {
		text += fmt.Sprintf(", and %s%s (%s to %s)", sheet.Number(f.AllValue.Mean), spaced(f.Currency), sheet.Number(f.AllValue.Low), sheet.Number(f.AllValue.High))
	}
	return text + fmt.Sprintf("; %s are expected not to order", sheet.Fixed(f.ExpectedSilent, 0))
}

func spaced(unit string) string {
	if unit == "" {
		return ""
	}
	return " " + unit
}

// Frame returns the forecast as a gota frame: id, alive, orders, silent, overdue, at_risk, low, high, and order_spend and value if money was forecast.
func (f *Forecast) Frame() table.Frame {
	if f == nil {
		return table.Frame{}
	}
	columns := []frame.Columns{frame.Column("id", f.IDs)}
	for _, c := range f.columns() {
		columns = append(columns, frame.Column(c.column.Name, c.values))
	}
	return frame.New(columns...)
}

type forecastColumn struct {
	column table.Column
	values []float64
}

func (f *Forecast) columns() []forecastColumn {
	unit, made := "", table.Ancestry{}
	if f.Value != nil {
		unit = f.Currency
	}
	if s := f.summary; !s.AsOf.IsZero() {
		made.Sources = []table.Source{{Name: "the orders", To: s.AsOf.Format("2006-01-02")}}
	}
	out := []forecastColumn{
		{table.Column{Name: "alive", About: "probability of still being a customer"}, f.Alive},
		{table.Column{Name: "orders_ahead", About: fmt.Sprintf("expected days with an order in the next %d days", f.Horizon.Days)}, f.Orders},
		{table.Column{Name: "silent", LowerIsBetter: true, About: fmt.Sprintf("probability of no order in the next %d days", f.Horizon.Days)}, f.Silent},
		{table.Column{Name: "overdue", LowerIsBetter: true, About: "time since the last order, in the customer's own mean gaps"}, f.Overdue},
		{table.Column{Name: "at_risk", Unit: unit, About: "what they would bring in if they were still customers, less what is expected"}, f.AtRisk},
		{table.Column{Name: "low", Unit: unit}, f.Low}, {table.Column{Name: "high", Unit: unit}, f.High},
	}
	if f.Value != nil {
		out = append(out, forecastColumn{table.Column{Name: "order_spend", Unit: unit, About: "expected money of an order"}, f.OrderSpend},
			forecastColumn{table.Column{Name: "value", Unit: unit, Role: table.Value, About: fmt.Sprintf("expected money of the next %d days", f.Horizon.Days)}, f.Value})
	}
	for j := range out {
		out[j].column.Ancestry = made
	}
	return out
}

// Table returns the forecast as columns of a table of customers, to be joined to their features.
func (f *Forecast) Table() (*table.Table, error) {
	if f == nil {
		return nil, nilForecast("value.Forecast.Table")
	}
	columns := f.columns()
	made, data := make([]table.Column, len(columns)), make([]float64, 0, len(columns)*len(f.IDs))
	for j, c := range columns {
		made[j] = c.column
	}
	for i := range f.IDs {
		for _, c := range columns {
			data = append(data, c.values[i])
		}
	}
	return table.New(f.IDs, made, data)
}
