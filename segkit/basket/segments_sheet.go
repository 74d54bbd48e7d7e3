package basket

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// failed is what a result says that is nil.
const failed = "Nothing to show: the call that should have made this failed"

// Sheet lays out the rules whose lift in a segment most certainly differs from that in the rest.
func (c *Contrasts) Sheet() sheet.Sheet {
	if c == nil {
		return sheet.Sheet{Caption: failed}
	}
	out := sheet.Sheet{Total: len(c.Contrasts), Notes: append([]string{}, c.Notes...), Columns: []sheet.Column{{Name: "segment", Text: true}, {Name: "baskets with", Text: true}, {Name: "also hold", Text: true},
		{Name: "confidence here"}, {Name: "elsewhere"}, {Name: "lift here"}, {Name: "elsewhere"}, {Name: "difference in lift"}, {Name: "q"}}}
	out.Caption = wording.Plural(len(c.Contrasts), "rule") + " within segments"
	if n := len(c.Significant().Contrasts); n < len(c.Contrasts) {
		out.Caption += fmt.Sprintf("; the lift of %s differs from that elsewhere by more than chance (q up to %v)", sheet.Count(n), c.Options.Level)
	} else {
		out.Caption += fmt.Sprintf(" whose lift differs from that elsewhere by more than chance (q up to %v)", c.Options.Level)
	}
	for _, x := range c.Contrasts[:min(len(c.Contrasts), sheet.MaxRows)] {
		out.Rows = append(out.Rows, []string{x.Segment, strings.Join(x.Antecedent, " + "), strings.Join(x.Consequent, " + "), sheet.Percent(x.Inside.Confidence), known(x.Outside.Confidence, sheet.Percent), sheet.Fixed(x.Inside.Lift, 1),
			known(x.Outside.Lift, func(v float64) string { return sheet.Fixed(v, 1) }), interval(x.Difference, x.Low, x.High, 1), probability(x.Q)})
	}
	out.Notes = append(out.Notes, below(c.Below, "difference", c.Options)...)
	out.Notes = append(out.Notes, fmt.Sprintf("Lift: how many times as often as by chance among the baskets of these customers. Where a segment buys the item often anyway, the same confidence means a lower lift. q is adjusted over the %s of all segments.", wording.Plural(c.Candidates, "candidate")))
	return out
}

func known(v float64, say func(float64) string) string {
	if math.IsNaN(v) {
		return sheet.Missing
	}
	return say(v)
}

// interval reads like "+3.2 (+1.9 to +4.5)".
func interval(v, low, high float64, decimals int) string {
	if math.IsNaN(v) || math.IsNaN(low) {
		return sheet.Missing
	}
	return fmt.Sprintf("%s (%s to %s)", signed(v, decimals), signed(low, decimals), signed(high, decimals))
}

func signed(v float64, decimals int) string {
	text := sheet.Fixed(math.Abs(v), decimals)
	switch {
	case strings.Trim(text, "0.,") == "":
		return text
	case v < 0:
		return "−" + text
	}
	return "+" + text
}

// Frame returns the rules as a gota frame: segment, both sides, measures in it and in the rest, the difference, the test.
func (c *Contrasts) Frame() table.Frame {
	if c == nil {
		return frame.New()
	}
	return frame.New(
		frame.Each("segment", c.Contrasts, func(x Contrast) string { return x.Segment }),
		frame.Each("antecedent", c.Contrasts, func(x Contrast) string { return strings.Join(x.Antecedent, ", ") }),
		frame.Each("consequent", c.Contrasts, func(x Contrast) string { return strings.Join(x.Consequent, ", ") }),
		frame.Each("baskets", c.Contrasts, func(x Contrast) int { return x.Both }),
		frame.Numbers([]string{"confidence", "confidence_rest", "lift", "lift_rest", "difference", "low", "high", "p", "q"}, c.Contrasts, func(x Contrast) []float64 {
			return []float64{x.Inside.Confidence, x.Outside.Confidence, x.Inside.Lift, x.Outside.Lift, x.Difference, x.Low, x.High, x.P, x.Q}
		}),
	)
}

// Widest returns the items in the order of their widest gap, beginning with those that have a gap that chance does not explain.
func (p *Penetration) Widest() []string {
	if p == nil {
		return nil
	}
	widest, sure := make([]float64, len(p.Items)), make([]bool, len(p.Items))
	order := make([]int, len(p.Items))
	for item := range p.Items {
		order[item] = item
		for _, gaps := range p.Gaps {
			if gaps == nil {
				continue
			}
			g := gaps[item]
			widest[item], sure[item] = max(widest[item], math.Abs(g.Difference)), sure[item] || g.Q <= p.Level
		}
	}
	slices.SortStableFunc(order, func(x, y int) int {
		if sure[x] != sure[y] {
			return falling(number(sure[x]), number(sure[y]))
		}
		return falling(widest[x], widest[y])
	})
	out := make([]string, len(order))
	for at, item := range order {
		out[at] = p.Items[item]
	}
	return out
}

func number(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

// Sheet lays out the items with the widest gaps, a column for each segment.
func (p *Penetration) Sheet() sheet.Sheet {
	if p == nil {
		return sheet.Sheet{Caption: failed}
	}
	out := sheet.Sheet{Total: len(p.Items), Notes: append([]string{}, p.Notes...), Columns: []sheet.Column{{Name: "item", Text: true}}, Caption: p.Finding()}
	for l, name := range p.Segments {
		if p.Gaps[l] != nil {
			out.Columns = append(out.Columns, sheet.Column{Name: name, Unit: "%"})
		}
	}
	items := p.Widest()
	for _, name := range items[:min(len(items), sheet.MaxRows)] {
		item := slices.Index(p.Items, name)
		row := []string{name}
		for _, gaps := range p.Gaps {
			if gaps == nil {
				continue
			}
			g := gaps[item]
			mark := ""
			if g.Q <= p.Level {
				mark = "*"
			}
			row = append(row, fmt.Sprintf("%s (%s%s)", sheet.Fixed(100*g.Share, 0), signed(100*g.Difference, 0), mark))
		}
		out.Rows = append(out.Rows, row)
	}
	out.Notes = append(out.Notes, fmt.Sprintf("Share of a segment's customers who have bought the item at least once, and points more or less than among all other customers; *: more than chance (q up to %v over all).", p.Level),
		"Customers who came less often have bought less of everything: compare the gaps within a column.")
	return out
}

// Finding describes the widest gap in a sentence.
func (p *Penetration) Finding() string {
	if p == nil {
		return failed
	}
	var widest *Gap
	for _, gaps := range p.Gaps {
		for i := range gaps {
			if g := &gaps[i]; g.Q <= p.Level && (widest == nil || math.Abs(g.Difference) > math.Abs(widest.Difference)) {
				widest = g
			}
		}
	}
	if widest == nil {
		return "No segment has bought an item more or less often than the other customers, beyond chance"
	}
	more := "more"
	if widest.Difference < 0 {
		more = "fewer"
	}
	return fmt.Sprintf("Widest gap: %s of %q have bought %s, %s points %s than among the other customers", sheet.Percent(widest.Share), widest.Segment, widest.Item, sheet.Fixed(100*math.Abs(widest.Difference), 0), more)
}

// Frame returns every segment and item as a gota frame.
func (p *Penetration) Frame() table.Frame {
	if p == nil {
		return frame.New()
	}
	all := slices.Concat(p.Gaps...)
	return frame.New(
		frame.Each("segment", all, func(g Gap) string { return g.Segment }),
		frame.Each("item", all, func(g Gap) string { return g.Item }),
		frame.Each("buyers", all, func(g Gap) int { return g.Buyers }),
		frame.Numbers([]string{"share", "share_rest", "difference", "low", "high", "p", "q"}, all, func(g Gap) []float64 {
			return []float64{g.Share, g.Rest, g.Difference, g.Low, g.High, g.P, g.Q}
		}),
	)
}

// Sheet lays out the items with the most headroom.
func (h *Headroom) Sheet() sheet.Sheet {
	if h == nil {
		return sheet.Sheet{Caption: failed}
	}
	out := sheet.Sheet{Total: len(h.Cells), Notes: append([]string{}, h.Notes...), Columns: []sheet.Column{{Name: "segment", Text: true}, {Name: "item", Text: true}, {Name: "buyers"},
		{Name: "median", Unit: h.Currency}, {Name: "upper quartile", Unit: h.Currency}, {Name: "below it"}, {Name: "headroom", Unit: h.Currency}}}
	cells := slices.Clone(h.Cells)
	slices.SortStableFunc(cells, func(x, y HeadroomCell) int { return falling(x.Money, y.Money) })
	total := 0.0
	for _, c := range cells {
		total += c.Money
	}
	for _, c := range cells[:min(len(cells), sheet.MaxRows)] {
		out.Rows = append(out.Rows, []string{c.Segment, c.Item, sheet.Count(c.Buyers), sheet.Number(c.Median), sheet.Number(c.Upper), sheet.Count(c.Below), sheet.Fixed(c.Money, 0)})
	}
	out.Caption = strings.TrimSpace(fmt.Sprintf("Up to the upper quartile of similar buyers, there is room for %s %s", sheet.Fixed(total, 0), h.Currency))
	if len(cells) > 0 {
		out.Caption += fmt.Sprintf(", most of it for %s among %q", cells[0].Item, cells[0].Segment)
	}
	out.Notes = append(out.Notes, "Headroom: what buyers below the upper quartile of their own segment would spend in addition if they reached it. Of any buyers, three in four are below it: this says where there is room, not what an offer would bring.")
	return out
}

// Frame returns the cells as a gota frame.
func (h *Headroom) Frame() table.Frame {
	if h == nil {
		return frame.New()
	}
	return frame.New(
		frame.Each("segment", h.Cells, func(c HeadroomCell) string { return c.Segment }),
		frame.Each("item", h.Cells, func(c HeadroomCell) string { return c.Item }),
		frame.Each("customers", h.Cells, func(c HeadroomCell) int { return c.Customers }),
		frame.Each("buyers", h.Cells, func(c HeadroomCell) int { return c.Buyers }),
		frame.Each("below", h.Cells, func(c HeadroomCell) int { return c.Below }),
		frame.Numbers([]string{"median", "upper_quartile", "headroom"}, h.Cells, func(c HeadroomCell) []float64 { return []float64{c.Median, c.Upper, c.Money} }),
	)
}

// Sheet lays out the segments, and says where a test is worthwhile.
func (s *Sizes) Sheet() sheet.Sheet {
	if s == nil {
		return sheet.Sheet{Caption: failed}
	}
	out := sheet.Sheet{Notes: append([]string{}, s.Notes...), Columns: []sheet.Column{{Name: "segment", Text: true}, {Name: "customers"}, {Name: "baskets"},
		{Name: "items a basket"}, {Name: "more than the rest"}, {Name: "spent on a basket", Unit: s.Currency}, {Name: "more than the rest", Unit: s.Currency}}}
	if !s.Paid {
		out.Columns = out.Columns[:5]
	}
	out.Caption = "No segment has larger baskets than the rest, beyond chance and by a tenth"
	var larger []string
	most := SegmentSize{}
	for _, x := range s.Segments {
		row := []string{x.Segment, sheet.Count(x.Customers), sheet.Count(x.Baskets), sheet.Fixed(x.Items.Mean, 2), interval(x.Items.More, x.Items.Low, x.Items.High, 2),
			known(x.Money.Mean, sheet.Number), interval(x.Money.More, x.Money.Low, x.Money.High, 1)}
		out.Rows = append(out.Rows, row[:len(out.Columns)])
		if x.Larger() {
			larger = append(larger, x.Segment)
			if x.told().More > most.told().More || len(larger) == 1 {
				most = x
			}
		}
	}
	if len(larger) > 0 {
		of, unit := most.told(), "items"
		if s.Paid {
			unit = s.Currency
		}
		out.Caption = fmt.Sprintf("Largest baskets: %q, %s in each, %s more than the rest (%s to %s)", most.Segment, strings.TrimSpace(sheet.Number(of.Mean)+" "+unit), sheet.Number(of.More), sheet.Number(of.Low), sheet.Number(of.High))
		out.Notes = append(out.Notes, fmt.Sprintf("Customers of %s fill larger baskets. Whether an offer makes baskets larger there is worth a test, stratified by segment: otherwise one arm may get more of these customers by chance, and look better for it.", wording.Quoted(larger)))
	}
	out.Notes = append(out.Notes, "Each customer counts once, with the mean of their own baskets. Intervals: 95 %.")
	return out
}

// Frame returns the segments as a gota frame.
func (s *Sizes) Frame() table.Frame {
	if s == nil {
		return frame.New()
	}
	return frame.New(
		frame.Each("segment", s.Segments, func(x SegmentSize) string { return x.Segment }),
		frame.Each("customers", s.Segments, func(x SegmentSize) int { return x.Customers }),
		frame.Each("baskets", s.Segments, func(x SegmentSize) int { return x.Baskets }),
		frame.Numbers([]string{"items", "items_more", "items_low", "items_high", "money", "money_more", "money_low", "money_high"}, s.Segments, func(x SegmentSize) []float64 {
			return []float64{x.Items.Mean, x.Items.More, x.Items.Low, x.Items.High, x.Money.Mean, x.Money.More, x.Money.Low, x.Money.High}
		}),
	)
}

// Sheet lays out what is offered to how many customers, and what it may be worth.
func (o *Offers) Sheet() sheet.Sheet {
	if o == nil {
		return sheet.Sheet{Caption: failed}
	}
	type kind struct {
		Offer
		customers int
		expected  float64
	}
	var kinds []*kind
	at := map[string]*kind{}
	total := 0.0
	for _, x := range o.Offers {
		key := x.Item + "\x00" + strings.Join(x.Because, "\x00")
		if at[key] == nil {
			at[key] = &kind{Offer: x}
			kinds = append(kinds, at[key])
		}
		at[key].customers++
		at[key].expected += x.Expected
		total += x.Expected
	}
	slices.SortStableFunc(kinds, func(x, y *kind) int { return cmp.Or(falling(x.expected, y.expected), cmp.Compare(x.Item, y.Item)) })
	out := sheet.Sheet{Total: len(kinds), Notes: append([]string{}, o.Notes...), Columns: []sheet.Column{{Name: "offer", Text: true}, {Name: "to buyers of", Text: true}, {Name: "customers"},
		{Name: "chance " + o.span()}, {Name: "worth", Unit: o.Currency}, {Name: "expected", Unit: o.Currency}, {Name: "of all", Unit: o.Currency}}}
	if !o.Paid {
		out.Columns = out.Columns[:4]
	}
	for _, k := range kinds[:min(len(kinds), sheet.MaxRows)] {
		row := []string{k.Item, strings.Join(k.Because, " + "), sheet.Count(k.customers), fmt.Sprintf("%s (%s to %s)", sheet.Percent(k.Chance), sheet.Fixed(100*k.Low, 0), sheet.Fixed(100*k.High, 0)),
			sheet.Fixed(k.Value, 2), sheet.Fixed(k.Expected, 2), sheet.Fixed(k.expected, 0)}
		out.Rows = append(out.Rows, row[:len(out.Columns)])
	}
	n := len(o.Offers)
	out.Caption = fmt.Sprintf("%s %s a next offer, a proposal to test", wording.Plural(n, "customer"), wording.Have(n))
	if o.Without > 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("%s %s none: no rule fits what they bought, they have it all already, or no customer in their place bought it.", wording.Plural(o.Without, "customer"), wording.Have(o.Without)))
	}
	out.Notes = append(out.Notes, o.chance()+" What an offer adds to that is not known: hold back a random part of these customers.")
	if o.Paid && n > 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("By these chances, the customers would buy for %s %s without any offer, and probably for less: each has the offer that did best of many, and the best of many was partly lucky or in fashion.",
			strings.TrimRight(sheet.Fixed(total, 0)+" "+o.Currency, " "), o.span()))
	}
	return out
}

// span says when the offered item would be bought.
func (o *Offers) span() string {
	if o.Options.Days == 0 {
		return "in the next basket"
	}
	return fmt.Sprintf("in %d days", o.Options.Days)
}

// chance says what the chance is the share of.
func (o *Offers) chance() string {
	if o.Options.Days == 0 {
		return "Chance: of all customers who had bought this without the offered item and came again, the share whose next basket held it, without any offer."
	}
	return fmt.Sprintf("Chance: of all customers who, %d days before the last day, had bought this and never the offered item, the share who bought it in these %[1]d days, without any offer.", o.Options.Days)
}

// Frame returns a row per customer as a gota frame.
func (o *Offers) Frame() table.Frame {
	if o == nil {
		return frame.New()
	}
	return frame.New(
		frame.Each("customer", o.Offers, func(x Offer) string { return x.Customer }),
		frame.Each("segment", o.Offers, func(x Offer) string { return x.Segment }),
		frame.Each("offer", o.Offers, func(x Offer) string { return x.Item }),
		frame.Each("because", o.Offers, func(x Offer) string { return strings.Join(x.Because, ", ") }),
		frame.Numbers([]string{"chance", "low", "high", "value", "expected"}, o.Offers, func(x Offer) []float64 { return []float64{x.Chance, x.Low, x.High, x.Value, x.Expected} }),
	)
}
