package campaign

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Programme is a loyalty programme as data: tiers that members can work out for themselves, and what each gives.
type Programme struct {
	Tiers  []Tier  // the lowest first; each tier requires more than the one before, and members are in the highest that they reach
	Spend  string  // column of what a member spent in the period, a year say; "" means "spend"
	Orders string  // column of how often a member ordered in it; "" means "orders"
	Grace  int     // dates in a row on which a member may fall short and keep the tier (Replay); 0 means down at once
	Margin float64 // share of spend that remains as margin, for Best; 0 means 1
}

// Tier requires something and gives something. Costs are in the unit of Spend, for the period that Spend covers.
type Tier struct {
	Name      string
	Spend     float64 // at least this much spent; 0 requires none
	Orders    float64 // and at least this many orders; 0 requires none
	Back      float64 // gives back this share of what is spent
	PerOrder  float64 // costs this with each order: free delivery, say
	PerMember float64 // costs this for each member: a birthday present, say
	Lift      float64 // assumed: the share by which members spend more because they are in the tier (.05, say). Nobody knows it before a test; only Best uses it
}

// Standing says who is in which tier, and what that costs.
type Standing struct {
	Programme Programme
	Unit      string
	Members   *table.Segments // who is in which tier; Noise is in none
	Tiers     []TierStanding
	Below     int // customers in no tier
	Notes     []string
}

// TierStanding is one tier of a Standing.
type TierStanding struct {
	Name    string
	Asks    string // "from 300 EUR and 4 orders"
	Members int
	Spend   float64 // what they spent, most of which they would have spent in any tier
	Orders  float64
	Cost    float64 // of what the tier gives them
}

// checked returns the programme with its defaults filled in.
func (p Programme) checked() (Programme, error) {
	if p.Spend == "" {
		p.Spend = "spend"
	}
	if p.Orders == "" {
		p.Orders = "orders"
	}
	if p.Margin == 0 {
		p.Margin = 1
	}
	switch {
	case len(p.Tiers) == 0:
		return p, fault.Option("campaign.Programme", "Tiers", "none", "at least one tier")
	case p.Grace < 0:
		return p, fault.Option("campaign.Programme", "Grace", p.Grace, "0 or more dates")
	case !(p.Margin > 0 && p.Margin <= 1):
		return p, fault.Option("campaign.Programme", "Margin", p.Margin, "a share above 0 and up to 1")
	}
	p.Tiers = slices.Clone(p.Tiers)
	for i, t := range p.Tiers {
		of := fmt.Sprintf("campaign.Programme.Tiers[%d] (%s)", i, t.Name)
		for _, o := range []struct {
			field string
			value float64
		}{{"Spend", t.Spend}, {"Orders", t.Orders}, {"Back", t.Back}, {"PerOrder", t.PerOrder}, {"PerMember", t.PerMember}, {"Lift", t.Lift}} {
			if !(o.value >= 0) || math.IsInf(o.value, 0) {
				return p, fault.Option(of, o.field, o.value, "0 or more")
			}
		}
		if t.Back >= 1 {
			return p, fault.Option(of, "Back", t.Back, "a share below 1: .03 gives 3 % back")
		}
		if t.Name == "" || slices.ContainsFunc(p.Tiers[:i], func(o Tier) bool { return o.Name == t.Name }) {
			return p, fault.Option(of, "Name", fmt.Sprintf("%q", t.Name), "a name that no other tier has")
		}
		if i == 0 {
			continue
		}
		if b := p.Tiers[i-1]; t.Spend < b.Spend || t.Orders < b.Orders || t.Spend == b.Spend && t.Orders == b.Orders {
			return p, fault.Option(of, "Spend", t.Spend, fmt.Sprintf("to ask for more than %q below it (%s), in spend or orders, and in neither for less", b.Name, p.asks(b, "")))
		}
	}
	return p, nil
}

// asks says what a tier asks for, as members read it.
func (p Programme) asks(t Tier, unit string) string {
	var parts []string
	if t.Spend > 0 {
		parts = append(parts, strings.TrimSpace(sheet.Number(t.Spend)+" "+unit))
	}
	if t.Orders > 0 {
		parts = append(parts, wording.Plural(int(t.Orders), "order"))
	}
	if len(parts) == 0 {
		return "everybody"
	}
	return "from " + strings.Join(parts, " and ")
}

// reached is the highest tier that somebody reaches, -1 for none.
func (p Programme) reached(spend, orders float64) int {
	for i := len(p.Tiers) - 1; i >= 0; i-- {
		if t := p.Tiers[i]; spend >= t.Spend && orders >= t.Orders {
			return i
		}
	}
	return -1
}

// cost is what a tier gives to members who spent and ordered so much together.
func (t Tier) cost(members, spend, orders float64) float64 {
	return t.Back*spend + t.PerOrder*orders + t.PerMember*members
}

// activity is what customers of a table did, by row: less than nothing and what is missing counts as nothing.
type activity struct {
	ids           []string
	spend, orders []float64
	unit          string
	notes         []string
}

func (p Programme) activity(op string, customers *table.Table) (a activity, err error) {
	if customers == nil {
		return a, fault.Nil(op, "table")
	}
	if customers.Len() == 0 {
		return a, fault.Errorf(fault.ErrEmpty, "segkit: %s: there are no customers", op)
	}
	c, err := customers.Column(p.Spend)
	if err != nil {
		return a, err
	}
	a.ids, a.unit = customers.IDs(), c.Unit
	below, missing := 0, 0
	for _, of := range []struct {
		name string
		to   *[]float64
	}{{p.Spend, &a.spend}, {p.Orders, &a.orders}} {
		c, err := customers.Column(of.name)
		if err != nil {
			return a, err
		}
		if !c.Numeric() {
			return a, c.KindError(op)
		}
		values, err := customers.Values(of.name)
		if err != nil {
			return a, err
		}
		for i, v := range values {
			switch {
			case math.IsNaN(v):
				missing++
				values[i] = 0
			case math.IsInf(v, 0):
				return a, &fault.CellError{Op: op, Column: of.name, Row: i + 1, ID: a.ids[i], Why: "is infinite", Err: fault.ErrNotFinite}
			case v < 0:
				below++
				values[i] = 0
			}
		}
		*of.to = values
	}
	if below > 0 {
		a.notes = append(a.notes, fmt.Sprintf("%s got back more than they paid: they count as having spent nothing.", wording.Plural(below, "customer")))
	}
	if missing > 0 {
		a.notes = append(a.notes, fmt.Sprintf("%s without a value, counted as 0.", wording.Plural(missing, "cell")))
	}
	return a, nil
}

// Place puts every customer into the highest tier that they reach, by what they did in the period that the table covers (features.Spec with a
// Window of 365 days, say). Money below zero counts as zero, and is noted. It costs O(n).
func (p Programme) Place(customers *table.Table) (*Standing, error) {
	const op = "campaign.Programme.Place"
	p, err := p.checked()
	if err != nil {
		return nil, err
	}
	a, err := p.activity(op, customers)
	if err != nil {
		return nil, err
	}
	out := &Standing{Programme: p, Unit: a.unit, Notes: a.notes}
	labels, names := make(table.Labels, len(a.ids)), make([]string, len(p.Tiers))
	for i, t := range p.Tiers {
		names[i] = t.Name
		out.Tiers = append(out.Tiers, TierStanding{Name: t.Name, Asks: p.asks(t, a.unit)})
	}
	for i := range labels {
		if labels[i] = p.reached(a.spend[i], a.orders[i]); labels[i] < 0 {
			labels[i] = table.Noise
			out.Below++
			continue
		}
		t := &out.Tiers[labels[i]]
		t.Members++
		t.Spend += a.spend[i]
		t.Orders += a.orders[i]
	}
	for i := range out.Tiers {
		t := &out.Tiers[i]
		t.Cost = p.Tiers[i].cost(float64(t.Members), t.Spend, t.Orders)
	}
	if out.Members, err = table.NewSegments(a.ids, labels, names); err != nil {
		return nil, err
	}
	for _, name := range []string{p.Spend, p.Orders} {
		if c, err := customers.Column(name); err == nil {
			out.Members.FormedAlso(c)
		}
	}
	return out, nil
}

// Cost returns the cost of all tiers together.
func (s *Standing) Cost() (sum float64) {
	for _, t := range s.Tiers {
		sum += t.Cost
	}
	return sum
}

// notCaused is said wherever a tier's spend stands.
const notCaused = "What members spent is not what their tier brings in: those who spend a lot reach a high tier, and would spend a lot without it. Only a test with a hold-out shows what the tier changes."

// Sheet has a row per tier: what it requires, who is in it, what they spent, and what it costs.
func (s *Standing) Sheet() sheet.Sheet {
	out := sheet.Sheet{Columns: []sheet.Column{{Name: "tier", Text: true}, {Name: "asks for", Text: true}, {Name: "members"}, {Name: "share of members"}, {Name: "they spent", Unit: s.Unit},
		{Name: "it costs", Unit: s.Unit}, {Name: "a member", Unit: s.Unit}}}
	all, spend := 0, 0.0
	for _, t := range s.Tiers {
		all += t.Members
		spend += t.Spend
	}
	for _, t := range s.Tiers {
		out.Rows = append(out.Rows, []string{t.Name, t.Asks, sheet.Count(t.Members), sheet.Percent(float64(t.Members) / float64(all)), sheet.Fixed(t.Spend, 0), sheet.Fixed(t.Cost, 0),
			sheet.Fixed(t.Cost/float64(t.Members), 2)})
	}
	out.Total = len(out.Rows)
	out.Caption = fmt.Sprintf("%s in %s cost %s, %s of what they spent", wording.Plural(all, "member"), wording.Plural(len(s.Tiers), "tier"), strings.TrimSpace(sheet.Fixed(s.Cost(), 0)+" "+s.Unit), sheet.Percent(s.Cost()/spend))
	out.Notes = []string{notCaused}
	if s.Below > 0 {
		out.Notes = append(out.Notes, wording.Plural(s.Below, "customer")+" in no tier.")
	}
	out.Notes = append(out.Notes, s.Notes...)
	return out
}

// Frame returns a row per tier: tier, asks, members, spend, orders, cost.
func (s *Standing) Frame() table.Frame {
	return frame.New(
		frame.Each("tier", s.Tiers, func(t TierStanding) string { return t.Name }),
		frame.Each("asks", s.Tiers, func(t TierStanding) string { return t.Asks }),
		frame.Each("members", s.Tiers, func(t TierStanding) int { return t.Members }),
		frame.Numbers([]string{"spend", "orders", "cost"}, s.Tiers, func(t TierStanding) []float64 { return []float64{t.Spend, t.Orders, t.Cost} }))
}

// Rewards says what each segment gets out of a programme.
type Rewards struct {
	Unit     string
	Tiers    []string
	Segments []string
	Members  [][]int   // (k x tiers)
	Cost     []float64 // (k) what the programme gives to the segment
	Spend    []float64 // (k) what it spent
}

// By says what each segment gets: how many of its customers are in each tier, and what they are given.
func (s *Standing) By(segments *table.Segments, customers *table.Table) (*Rewards, error) {
	const op = "campaign.Standing.By"
	if s == nil {
		return nil, fault.Nil(op, "standing")
	}
	a, err := s.Programme.activity(op, customers)
	if err != nil {
		return nil, err
	}
	of, err := segments.LabelsOfIDs(op, a.ids)
	if err != nil {
		return nil, err
	}
	k := segments.K()
	out := &Rewards{Unit: s.Unit, Segments: segments.Names, Members: make([][]int, k), Cost: make([]float64, k), Spend: make([]float64, k)}
	for _, t := range s.Tiers {
		out.Tiers = append(out.Tiers, t.Name)
	}
	for l := range out.Members {
		out.Members[l] = make([]int, len(s.Tiers))
	}
	for i, l := range of {
		if l == table.Noise {
			continue
		}
		out.Spend[l] += a.spend[i]
		if tier := s.Programme.reached(a.spend[i], a.orders[i]); tier >= 0 {
			out.Members[l][tier]++
			out.Cost[l] += s.Programme.Tiers[tier].cost(1, a.spend[i], a.orders[i])
		}
	}
	return out, nil
}

// Sheet has a row per segment.
func (r *Rewards) Sheet() sheet.Sheet {
	out := sheet.Sheet{Caption: "What each segment gets out of the programme", Columns: []sheet.Column{{Name: "segment", Text: true}}, Notes: []string{notCaused}}
	for _, t := range r.Tiers {
		out.Columns = append(out.Columns, sheet.Column{Name: t, Unit: "members"})
	}
	out.Columns = append(out.Columns, sheet.Column{Name: "they get", Unit: r.Unit}, sheet.Column{Name: "share of all rewards"}, sheet.Column{Name: "they spent", Unit: r.Unit})
	total := sum(r.Cost)
	for l, name := range r.Segments {
		row := []string{name}
		for _, n := range r.Members[l] {
			row = append(row, sheet.Count(n))
		}
		out.Rows = append(out.Rows, append(row, sheet.Fixed(r.Cost[l], 0), sheet.Percent(r.Cost[l]/total), sheet.Fixed(r.Spend[l], 0)))
	}
	out.Total = len(out.Rows)
	return out
}
