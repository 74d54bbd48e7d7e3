package chart

// Alive: who is still a customer, by repeat orders and silence (the matrix of Fader, Hardie & Lee 2005, doi:10.1287/mksc.1040.0098).

import (
	"fmt"
	"image/color"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/value"
)

// silences is how many columns Alive has.
const silences = 8

// Alive draws the probability of still being a customer, for one who has been known as long as the oldest in the summary, by the time since the last order (to the
// right) and by repeat days (up); darker is more. The title compares a rare customer with a frequent one who has been silent equally long: the frequent one is
// given up sooner.
func Alive(b *value.Buying, s *value.Summary) (*Figure, error) {
	if b == nil {
		return nil, fault.Nil("chart.Alive", "model")
	}
	if s == nil {
		return nil, fault.Nil("chart.Alive", "summary")
	}
	if len(s.Age) == 0 || slices.Max(s.Age) == 0 {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: chart.Alive: no customer in the summary has been known for longer than a day")
	}
	sorted := slices.Sorted(slices.Values(s.Repeats))
	age, most := slices.Max(s.Age), sorted[len(sorted)*99/100] // rarer customers than one in a hundred have no row
	rows := slices.DeleteFunc([]int{1, 2, 3, 5, 8, 12, 20, 30, 50, 100}, func(x int) bool { return x > max(most, 3) })
	fig := &Figure{}
	fig.describe("Matrix of the probability of still being a customer, by repeat days and the time since the last order.")
	p := newPlot(fmt.Sprintf("time since the last order (%s)", b.Unit), "repeat days")
	var tiles rects
	var texts labels
	across, up := make([]string, silences), make([]string, len(rows))
	for c := range across {
		across[c] = sheet.Fixed(age*float64(c)/silences, 0)
	}
	for y, x := range rows {
		up[y] = sheet.Count(x)
		var said []string
		for c := range silences {
			alive := b.Alive(x, age*(1-float64(c)/silences), age)
			fill := shades[class(alive, 0, 1)]
			tiles = append(tiles, rect{float64(c) - .5, float64(c) + .5, float64(y) - .5, float64(y) + .5, fill, color.White})
			texts = append(texts, label{x: float64(c), y: float64(y), text: share(alive), style: toned(aligned(sans(small), draw.XCenter, draw.YCenter), against(fill)), dy: drop})
			said = append(said, share(alive))
		}
		fig.describe("%s: %s.", count(x, "repeat day"), strings.Join(said, ", "))
	}
	p.X.Tick.Marker, p.Y.Tick.Marker = named(across), named(up)
	p.X.LineStyle.Width, p.Y.LineStyle.Width = 0, 0
	p.Add(tiles, texts)
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = -.5, silences-.5, -.5, float64(len(rows))-.5
	fig.Panels = panel(p)
	const shown = silences / 2
	few, many := rows[min(1, len(rows)-1)], rows[len(rows)-1]
	last := age * (1 - float64(shown)/silences)
	fig.Title = fmt.Sprintf("After %s %s of silence, %s are still customers with %s, %s with %d", across[shown], b.Unit, share(b.Alive(few, last, age)), count(few, "repeat day"), share(b.Alive(many, last, age)), many)
	fig.remark("%s, for customers known for %s %s. Of those who ordered once, %s are still customers. These are probabilities from a model, not facts about people: the more often customers used to order, the sooner silence counts against them.",
		b.Model, sheet.Fixed(age, 0), b.Unit, share(b.Alive(0, 0, age)))
	fig.Height = fig.besidePanels() + vg.Length(len(rows))*26 + 40
	return fig, nil
}
