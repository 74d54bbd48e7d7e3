package chart

// TierWaterfall: what a loyalty programme costs, tier by tier.

import (
	"fmt"
	"math"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"github.com/segkit/lab/segkit/campaign"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/sheet"
)

// TierWaterfall draws what each tier of a programme costs, one after another up to the total cost, with who gets it and what they spent. The title says what share of
// their spending that is, and names the tier that costs most.
func TierWaterfall(s *campaign.Standing) (*Figure, error) {
	if s == nil {
		return nil, fault.Nil("chart.TierWaterfall", "standing")
	}
	if len(s.Tiers) == 0 {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: chart.TierWaterfall: the programme has no tiers")
	}
	axis := "cost of rewards"
	if s.Unit != "" {
		axis += " (" + clean(s.Unit) + ")"
	}
	p := newPlot(axis, "")
	p.Y.LineStyle.Width = 0
	k := len(s.Tiers) + 1
	fig := &Figure{}
	fig.describe("Bars of what each tier costs, each starting where the one above ends.")
	names := make([]string, k)
	var bars rects
	var said labels
	var widest vg.Length
	total, members, spent, most := s.Cost(), 0, 0.0, 0
	for l, t := range s.Tiers {
		members += t.Members
		spent += t.Spend
		if t.Cost > s.Tiers[most].Cost {
			most = l
		}
	}
	tell := func(y float64, cost, spend float64, n int) {
		text := "no members"
		if n > 0 {
			text = fmt.Sprintf("%s for %s\nwho spent %s", sheet.Fixed(cost, 0), count(n, "member"), amount(math.Round(spend), s.Unit))
		}
		right := beside(total, y, text, sans(small))
		right.dx += 6
		said = append(said, right)
		widest = max(widest, sans(small).Rectangle(text).Size().X)
	}
	at := 0.0
	p.Add(grid(true, false))
	for l, t := range s.Tiers {
		y := float64(k - 1 - l)
		names[k-1-l] = set(sans(small), clean(t.Name)+": "+clean(t.Asks), 150)
		bars = append(bars, rect{at, at + t.Cost, y - .3, y + .3, Color(l), nil})
		at += t.Cost
		p.Add(line(plotter.XYs{{X: at, Y: y}, {X: at, Y: y - 1}}, .75, rest, 2, 2))
		tell(y, t.Cost, t.Spend, t.Members)
		fig.describe("%s, %s: %s of cost for %s, who spent %s.", clean(t.Name), clean(t.Asks), amount(math.Round(t.Cost), s.Unit), count(t.Members, "member"), amount(math.Round(t.Spend), s.Unit))
	}
	names[0] = "all"
	bars = append(bars, rect{0, total, -.3, .3, soft, nil})
	tell(0, total, spent, members)
	p.Add(bars, said)
	p.X.Min, p.X.Max = 0, max(total, 1)
	p.X.Tick.Marker = ticks{room: max(60, defaultWidth-180-widest)}
	p.Y.Tick.Marker = named(names)
	p.Y.Min, p.Y.Max = -0.6, float64(k)-0.4
	fig.Panels = panel(p)
	fig.Title = tierTitle(s, s.Tiers[most], members, spent)
	fig.remark("What members spend is not what their tier brings in: big spenders reach a high tier, and would spend as much without it.")
	if s.Below > 0 {
		fig.remark("%s %s in no tier.", count(s.Below, "customer"), are(s.Below))
	}
	fig.Height = fig.besidePanels() + vg.Length(k)*34 + underRows
	return fig, nil
}

// tierTitle says what the programme costs, and that most of it goes to the tier top.
func tierTitle(s *campaign.Standing, top campaign.TierStanding, members int, spent float64) string {
	total := s.Cost()
	if total == 0 {
		return "The programme costs nothing: no tier with a reward has a member"
	}
	title := "The programme costs " + amount(math.Round(total), s.Unit)
	if spent > 0 {
		title += fmt.Sprintf(", %s of what its members spent", share(total/spent))
	}
	if top.Members == members {
		return fmt.Sprintf("%s; %s has all of its members", title, quote(clean(top.Name)))
	}
	return fmt.Sprintf("%s; %s of the cost is for %s, with %s of the %s", title, share(top.Cost/total), quote(clean(top.Name)), sheet.Count(top.Members), count(members, "member"))
}
