package geo

// Places as tables: where customers are, which shop is nearest, how many others live around.

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/nn"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/sphere"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Located returns how many customers have a place.
func (p *Places) Located() (n int) {
	if p == nil {
		return 0
	}
	for _, at := range p.Points {
		if at.known() {
			n++
		}
	}
	return n
}

// Table returns the places as the columns latitude and longitude (n x 2, in degrees, missing if unknown), for maps.
func (p *Places) Table() (*table.Table, error) {
	if p == nil {
		return nil, fault.Nil("geo.Places.Table", "receiver")
	}
	return p.columns([]table.Column{{Name: "latitude", Unit: "°"}, {Name: "longitude", Unit: "°"}}, func(i int) []float64 {
		return []float64{p.Points[i].Latitude, p.Points[i].Longitude}
	})
}

// columns makes a table of descriptors of the customers, with the values that of gives of each.
func (p *Places) columns(cs []table.Column, of func(i int) []float64) (*table.Table, error) {
	data := make([]float64, 0, len(p.IDs)*len(cs))
	for j := range cs {
		cs[j].Role = table.Descriptor
	}
	for i := range p.IDs {
		data = append(data, of(i)...)
	}
	t, err := table.New(p.IDs, cs, data)
	if err != nil || p.Weights == nil {
		return t, err
	}
	return t.WithWeights(p.Weights, table.FrequencyWeights)
}

// index returns a tree of the known points, and the row of p that each of its rows is.
func (p *Places) index() (tree *nn.Tree, rows []int) {
	var x []float64
	for i, at := range p.Points {
		if at.known() {
			x, rows = append(x, at.unit()...), append(rows, i)
		}
	}
	if rows == nil {
		return nil, nil
	}
	return nn.New(x, 3), rows
}

// farShops is how far, in km, customers live from their nearest shop when the two coordinates of one of the tables may be swapped.
const farShops = 500

// Nearest returns for every customer (n x 2) the nearest of the shops, by its id, and the kilometres to it in a straight line. If half of the customers
// live more than 500 km from all shops, but less than a tenth of that with all latitudes and longitudes swapped, that is an error that says so. It is
// exact, and costs n log m with m shops.
func (p *Places) Nearest(shops *Places) (*table.Table, error) {
	const op = "geo.Places.Nearest"
	switch {
	case p == nil:
		return nil, fault.Nil(op, "receiver")
	case shops == nil:
		return nil, fault.Nil(op, "shops")
	}
	tree, rows := shops.index()
	if tree == nil {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: %s: none of the %s has a place", op, wording.Plural(len(shops.IDs), "shop"))
	}
	nearest := func(at Point) (row int, km float64) {
		row, _ = tree.Nearest(at.unit(), 0, nil)
		return rows[row], Distance(at, shops.Points[rows[row]])
	}
	var here, turned []float64
	t, err := p.columns([]table.Column{{Name: "nearest_shop", Levels: shops.IDs, Ancestry: placed}, {Name: "shop_distance", Unit: "km", LowerIsBetter: true, Phrase: "lives %s from the nearest shop", Ancestry: placed}},
		func(i int) []float64 {
			at := p.Points[i]
			if !at.known() {
				return []float64{math.NaN(), math.NaN()}
			}
			row, km := nearest(at)
			if here = append(here, km); at.turned().possible() {
				_, km := nearest(at.turned())
				turned = append(turned, km)
			}
			return []float64{float64(row), km}
		})
	if err != nil {
		return nil, err
	}
	if median(here) > farShops && len(turned) > len(here)/2 && median(turned) < median(here)/10 {
		return nil, fault.Errorf(fault.ErrSchema, "segkit: %s: half of the customers live more than %s km from all shops, and within %s km if latitude and longitude were swapped: "+
			"name the columns of one of the two tables the other way round in geo.Options", op, sheet.Number(math.Round(median(here))), sheet.Number(math.Round(median(turned))))
	}
	return t, nil
}

// placed is the ancestry of what follows from where somebody lives.
var placed = table.MadeOf(table.Column{Name: "latitude"}, table.Column{Name: "longitude"})

func median(v []float64) float64 {
	if len(v) == 0 {
		return math.NaN()
	}
	v = slices.Clone(v)
	slices.Sort(v)
	return v[len(v)/2]
}

// Density returns how many other customers live within the given distance of each (n x 1). It counts customers of this table, not inhabitants.
// It is exact, and costs n log n plus the customers within reach of each.
func (p *Places) Density(km float64) (*table.Table, error) {
	return p.DensityContext(job.DefaultContext, km)
}

// DensityContext is Density under ctx.
func (p *Places) DensityContext(ctx context.Context, km float64) (*table.Table, error) {
	const op = "geo.Places.Density"
	switch {
	case p == nil:
		return nil, fault.Nil(op, "receiver")
	case !(km > 0) || math.IsInf(km, 0):
		return nil, fault.Option("geo.Places", "Density", km, "kilometres above 0")
	}
	count := slices.Repeat([]float64{math.NaN()}, len(p.IDs))
	if tree, rows := p.index(); tree != nil {
		var weights []float64 // by row of the tree
		for _, i := range rows {
			if p.Weights != nil {
				weights = append(weights, p.Weights[i])
			}
		}
		err := par.Rows(ctx, len(rows), func(_, from, to int) {
			for _, i := range rows[from:to] {
				count[i] = tree.Within(p.Points[i].unit(), sphere.Chord2(km), weights) - 1
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return p.columns([]table.Column{{Name: fmt.Sprintf("customers_within_%s_km", sheet.Number(km)), Ancestry: placed}}, func(i int) []float64 { return count[i : i+1] })
}

// crowd is the share of the customers on one point from which it is told: it is mostly the middle of a city, for addresses not found.
const crowd = .02

// Sheet says how many customers have a place, and why others have none.
func (p *Places) Sheet() sheet.Sheet {
	out := sheet.Sheet{Columns: []sheet.Column{{Name: "place", Text: true}, {Name: "customers"}}}
	out.Caption = fmt.Sprintf("%s of %s have a place", sheet.Count(p.Located()), wording.Plural(len(p.IDs), "customer"))
	row := func(n int, what string) {
		if n > 0 {
			out.Rows = append(out.Rows, []string{what, sheet.Count(n)})
		}
	}
	row(p.Located()-p.Turned-p.Kept, "as given")
	row(p.Turned, "swapped back: latitude and longitude were the wrong way round")
	row(p.Kept, "far away, kept as given")
	row(p.NotGiven, "not known: a coordinate is missing")
	row(p.Zero, "not known: 0, 0 stands for \"not found\"")
	row(p.Impossible, "not known: outside the range of degrees")
	row(p.LeftOut, "left out: latitude and longitude look swapped")
	if p.Example != "" {
		out.Notes = append(out.Notes, "Outside the range of degrees: "+p.Example+".")
	}
	on := map[Point]int{}
	most, shared := Point{}, 0
	for _, at := range p.Points {
		if !at.known() {
			continue
		}
		if on[at]++; on[at] > shared {
			most, shared = at, on[at]
		}
	}
	if float64(shared) >= crowd*float64(p.Located()) && shared > 10 {
		out.Notes = append(out.Notes, fmt.Sprintf("%s share one point (%s, %s): is it the centre of a place, given for addresses that were not found?", wording.Plural(shared, "customer"),
			sheet.Fixed(most.Latitude, 4), sheet.Fixed(most.Longitude, 4)))
	}
	return out
}

// Frame returns a row per customer with latitude and longitude in degrees.
func (p *Places) Frame() table.Frame {
	return frame.New(frame.Column("id", p.IDs), frame.Numbers([]string{"latitude", "longitude"}, p.Points, func(at Point) []float64 {
		return []float64{at.Latitude, at.Longitude}
	}))
}
