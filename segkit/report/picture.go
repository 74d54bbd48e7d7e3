package report

import (
	"fmt"
	"math"
	"strings"

	"github.com/segkit/lab/segkit/internal/inert"
	"github.com/segkit/lab/segkit/sheet"
)

// Pictures are drawn here rather than in package chart: they speak the reader's language, follow the page from light to dark, and stay readable on a
// phone, which a drawing with type and colours of its own cannot.

// colours are as many as the page has for segments; more come round again, and the names tell them apart.
const colours = 8

// picture is a drawing with its title, which states the finding, a description for those who do not see it, and its table.
type picture struct {
	title, about string
	height       float64
	body         strings.Builder
	table        Table
}

// across is the width of every picture, in units of which type takes 14: a phone shows it nearly at that size.
const across = 420.0

func (d *picture) text(x, y float64, class, text string) {
	fmt.Fprintf(&d.body, "<text x=\"%s\" y=\"%s\" class=\"%s\">%s</text>\n", at(x), at(y), class, inert.HTML(text))
}

// names is how many letters of a name a line of a picture has room for, wide ones counting twice.
const names = 46

// name writes the name of a segment on lines down from y, at most three, and returns where the last one stands.
func (d *picture) name(x, y float64, name string) float64 {
	lines := sheet.Wrapped(name, names)
	if len(lines) > 3 {
		lines = append(lines[:2], lines[2]+" …")
	}
	for l, line := range lines {
		if l > 0 {
			y += 16
		}
		d.text(x, y, "label", line)
	}
	return y
}

func (d *picture) rect(x, y, width, height float64, class string) {
	fmt.Fprintf(&d.body, "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" class=\"%s\"/>\n", at(x), at(y), at(max(width, .5)), at(height), class)
}

func (d *picture) line(x1, y1, x2, y2 float64, class string) {
	fmt.Fprintf(&d.body, "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" class=\"%s\"/>\n", at(x1), at(y1), at(x2), at(y2), class)
}

func (d *picture) dot(x, y float64, class string) {
	fmt.Fprintf(&d.body, "<circle cx=\"%s\" cy=\"%s\" r=\"4.5\" class=\"%s\"/>\n", at(x), at(y), class)
}

// path draws a line through points, or fills what they enclose.
func (d *picture) path(xs, ys []float64, class string) {
	var b strings.Builder
	for i := range xs {
		fmt.Fprintf(&b, "%s%s %s", map[bool]string{true: "M", false: "L"}[i == 0], at(xs[i]), at(ys[i]))
	}
	fmt.Fprintf(&d.body, "<path d=\"%s\" class=\"%s\"/>\n", b.String(), class)
}

// at writes a coordinate with one decimal, so that the last bit of a number cannot change the page.
func at(v float64) string { return strings.TrimSuffix(fmt.Sprintf("%.1f", v), ".0") }

// show puts a picture on the page, with its table behind it.
func (p *page) show(d *picture) markup {
	p.pictures++
	id := fmt.Sprintf("picture%d", p.pictures)
	return put("<figure><figcaption>%s</figcaption>\n<svg role=\"img\" aria-labelledby=\"%s-t %s-d\" viewBox=\"0 0 %s %s\"><title id=\"%s-t\">%s</title><desc id=\"%s-d\">%s</desc>\n%s</svg>\n<details><summary>%s</summary>%s</details></figure>\n",
		d.title, id, id, at(across), at(d.height), id, d.title, id, d.about, markup(d.body.String()), p.WhatTableHolds, p.html(d.table))
}

// peopleAndMoney draws each segment's share of the customers, of the money so far, and of the money that is expected.
func (p *page) peopleAndMoney() markup {
	d := &picture{about: p.PeopleMoneyAbout, table: Table{Name: "people and money"}}
	past, ahead := len(p.c.Profile.ValueColumns) > 0, p.c.Ahead != nil && p.c.Ahead.Money
	if !past && !ahead {
		return ""
	}
	total := 0.0
	if ahead {
		total, _ = p.expected()
	}
	const bar, left, room = 15.0, 8.0, 200.0
	most := 0.0 // share that fills the room
	for l := range p.order {
		most = max(most, p.c.Profile.Segments[l].Share, nothing(p.spentShare(l)))
		if w := worth(p.c.Ahead, p.c.Profile.Segments[l].Name); ahead && w != nil && !w.Off {
			most = max(most, w.Value.High/total)
		}
	}
	y, best := 4.0, -1
	for _, l := range p.order {
		s := p.c.Profile.Segments[l]
		y += 16
		y = d.name(left, y-2, s.Name) + 6
		draw := func(share float64, class, form string) {
			d.rect(left, y, share/most*room, bar, class)
			d.text(left+share/most*room+6, y+bar-3, "small", fmt.Sprintf(form, p.percent(share, 0)))
		}
		draw(s.Share, "people", p.BarPeople)
		y += bar + 2
		if past {
			draw(p.spentShare(l), fmt.Sprintf("s%d", l%colours), p.BarPast)
			y += bar + 2
		}
		if w := worth(p.c.Ahead, s.Name); ahead && w != nil && !w.Off && total > 0 {
			share, low, high := w.Value.Mean/total, w.Value.Low/total/most*room, w.Value.High/total/most*room
			d.rect(left, y, share/most*room, bar, fmt.Sprintf("s%d ahead", l%colours))
			d.line(left+low, y+bar/2, left+high, y+bar/2, "whisker")
			d.text(left+high+6, y+bar-3, "small", fmt.Sprintf(p.BarAhead, p.percent(share, 0)))
			y += bar + 2
		}
		y += 6
		if past && (best < 0 || p.spentShare(l)-s.Share > p.spentShare(best)-p.c.Profile.Segments[best].Share) {
			best = l
		}
	}
	d.height = y + 2
	d.title = p.PeopleMoneyEven
	if best >= 0 && p.spentShare(best) > p.c.Profile.Segments[best].Share {
		d.title = fmt.Sprintf(p.PeopleMoney, p.quoted(p.c.Profile.Segments[best].Name), p.percent(p.c.Profile.Segments[best].Share, 0), p.percent(p.spentShare(best), 0))
	}
	d.table = p.moneyTable()
	d.table.Title = d.title
	return p.show(d)
}

// moneyTable has the numbers of page 1.
func (p *page) moneyTable() Table {
	t := Table{Name: "segments", Title: p.PlanTitle, Columns: []Column{{p.SegmentHead, "", Text}, {p.CustomersHead, "", Whole}, {p.ShareCustomersHead, "", Percent},
		{p.PastHead, p.unit(), Money}, {p.SharePastHead, "", Percent}, {fmt.Sprintf(p.AheadHead, p.count(p.c.Days)), p.unit(), Money}, {p.AheadLow, p.unit(), Money}, {p.AheadHigh, p.unit(), Money}}}
	for _, l := range p.order {
		s := p.c.Profile.Segments[l]
		mean, low, high := math.NaN(), math.NaN(), math.NaN()
		if w := worth(p.c.Ahead, s.Name); w != nil && p.c.Ahead.Money && !w.Off {
			mean, low, high = w.Value.Mean, w.Value.Low, w.Value.High
		}
		t.Rows = append(t.Rows, []any{s.Name, s.Size, s.Share, p.spent(l), p.spentShare(l), mean, low, high})
	}
	return t
}

func nothing(v float64) float64 {
	if math.IsNaN(v) {
		return 0
	}
	return v
}

// intervals draws a dot with its interval for each label about a line at 0, which zero says in words.
func (p *page) intervals(d *picture, zero string, labels []string, values, low, high []float64, write func(float64) string, class func(i int) string) {
	lo, hi := 0.0, 0.0
	for i := range values {
		for _, v := range []float64{values[i], low[i], high[i]} {
			if !math.IsNaN(v) {
				lo, hi = min(lo, v), max(hi, v)
			}
		}
	}
	if lo == hi {
		hi = lo + 1
	}
	const left, right = 12.0, 408.0
	x := func(v float64) float64 { return left + (v-lo)/(hi-lo)*(right-left) }
	y := 4.0
	for i, label := range labels {
		y += 16
		y = d.name(8, y-2, label) + 16
		d.line(x(0), y-9, x(0), y+9, "axis")
		if math.IsNaN(values[i]) {
			d.text(8, y+4, "small", missing)
		} else {
			if !math.IsNaN(low[i]) {
				d.line(x(low[i]), y, x(high[i]), y, "whisker")
			}
			d.dot(x(values[i]), y, class(i))
			anchor, shift := "small", 0.0
			if x(values[i]) > across-120 {
				anchor = "small end"
			}
			d.text(min(x(values[i])+shift, right), y+17, anchor, write(values[i]))
		}
		y += 24
	}
	anchor := "small middle"
	if x(0) < 80 {
		anchor = "small"
	} else if x(0) > across-80 {
		anchor = "small end"
	}
	d.text(x(0), y+8, anchor, "↑ "+zero)
	d.height = y + 14
}
