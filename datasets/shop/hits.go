package shop

// The web log of one quarter page by page: July to September 2025. Its visits are those of Visits, with the pages that were looked at; and the dirt
// of web logs: robots of several kinds, hits that were counted twice, and a device whose clock was reset.

import (
	"fmt"
	"slices"
)

// A Hit is one page looked at in the web shop.
type Hit struct {
	Second   int // since the shop's first day
	Cookie   string
	Customer string // empty: not logged in
	Page     string
	Source   string // of its visit
	Device   string
	Agent    string
	Robot    bool // not written
}

// The days of the log, 2025-07-01 to 2025-09-30.
const hitsFrom, hitsTo = 547, 638

// The kinds of page, and how often one follows another in a visit without an order.
const (
	atHome = iota
	atCategory
	atSearch
	atSale
	atProduct
	atCart
	atAccount
	atHelp
)

var follows = [...][]int{
	atHome:     {4, 44, 22, 10, 10, 0, 6, 4},
	atCategory: {3, 18, 8, 6, 62, 0, 1, 2},
	atSearch:   {2, 10, 20, 2, 60, 0, 1, 5},
	atSale:     {3, 8, 2, 16, 68, 0, 1, 2},
	atProduct:  {4, 22, 12, 6, 38, 12, 2, 4},
	atCart:     {4, 22, 6, 4, 52, 0, 6, 6},
	atAccount:  {26, 30, 10, 6, 12, 4, 6, 6},
	atHelp:     {24, 24, 12, 4, 22, 4, 10, 0},
}

var agents = map[string]string{
	"desktop": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/139.0 Safari/537.36",
	"mobile":  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Mobile Safari/604.1",
	"tablet":  "Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) Safari/604.1",
}

// Hits returns the log of the quarter by time. Customers have a cookie on each device, which is gone now and then; two of a hundred share that of
// another customer's desktop computer.
func (s *Shop) Hits() []Hit {
	stories, at := map[string]story{}, map[string]int{}
	for i, c := range s.Customers {
		stories[c.ID], at[c.ID] = c.story, i
	}
	var hits []Hit
	deleted := map[string]int{} // cookies by what they are made from
	robots := 0
	for i, v := range s.Visits() {
		if v.At.day() < hitsFrom || v.At.day() > hitsTo {
			continue
		}
		r := newStream(s.Options.Seed, "hits", i)
		if v.Robot {
			hits = append(hits, r.robot(v, robots)...)
			robots++
			continue
		}
		owner := at[v.who]
		if v.Device == "desktop" && owner%50 == 1 { // shares the computer of the customer before
			owner--
		}
		key := fmt.Sprint(owner, v.Device)
		if r.chance(.02) {
			deleted[key]++
		}
		cookie := fmt.Sprintf("%08x", uint32(mix(uint64(owner)<<16^uint64(deleted[key])<<4^uint64(len(v.Device)))))
		hits = append(hits, r.hits(v, stories[v.who], cookie)...)
	}
	hits = append(hits, s.strange(hits)...)
	slices.SortStableFunc(hits, func(a, b Hit) int { return a.Second - b.Second })
	return hits
}

// hits draws the pages of a visit of a person. Those of an order end in the cart, the checkout and the confirmation.
func (r stream) hits(v Visit, who story, cookie string) []Hit {
	sale := max(int(who.attitudes[0]*10)-18, 1) // how much they are after bargains
	pages := make([]string, 0, v.Pages)
	taste := r.pick(who.tastes[:])
	add := func(kind int) {
		if kind == atCategory || kind == atSearch {
			taste = r.pick(who.tastes[:])
		}
		name := [...]string{"/", "/category/" + catalogue[taste].code, "/search", "/sale", "/product/" + ref{taste, r.pick(popularity[:])}.id(), "/cart", "/account", "/help"}[kind]
		pages = append(pages, name)
	}
	kind := map[string][]int{"direct": {60, 8, 4, 6, 10, 2, 10, 0}, "search": {14, 24, 0, 2, 56, 0, 0, 4}, "newsletter": {4, 30, 0, 2 * sale, 40, 0, 4, 0},
		"social": {8, 20, 0, sale, 60, 0, 0, 2}, "ad": {2, 30, 0, 2 * sale, 50, 0, 0, 0}}[v.Source]
	last := v.Pages
	if v.Ordered {
		last -= 3
	}
	next := r.pick(kind)
	for len(pages) < last {
		add(next)
		weights := slices.Clone(follows[next])
		weights[atSale] = weights[atSale] * sale / 10
		next = r.pick(weights)
		if pages[len(pages)-1] == "/cart" && len(pages) < last && r.chance(.22) { // on to the checkout, and no further
			pages = append(pages, "/checkout")
		}
	}
	if v.Ordered {
		pages = append(pages, "/cart", "/checkout", "/order")
	}
	seconds := int(v.At) * 60
	begin, login := seconds+r.IntN(60), len(pages)
	if v.Customer != "" {
		login = r.IntN(min(3, len(pages)))
	}
	var out []Hit
	for k, page := range pages {
		h := Hit{Second: begin, Cookie: cookie, Page: page, Source: v.Source, Device: v.Device, Agent: agents[v.Device]}
		if k >= login {
			h.Customer = v.Customer
		}
		out = append(out, h)
		if begin += min(1+int(r.lognormal(float64(v.Seconds)/float64(len(pages)), .8)), 25*60); r.chance(.003) { // the page was counted twice
			out = append(out, h)
		}
	}
	return out
}

// robot draws the pages of a robot: one in three says what it is.
func (r stream) robot(v Visit, i int) []Hit {
	agent := agents["desktop"]
	switch i % 6 {
	case 0:
		agent = "Mozilla/5.0 (compatible; PriceCrawler/2.1; +https://crawler.example/bot)"
	case 1:
		agent = "python-requests/2.32.3"
	}
	cookie := fmt.Sprintf("%08x", uint32(r.Uint64()))
	var out []Hit
	for k := range v.Pages {
		out = append(out, Hit{Second: int(v.At)*60 + k*v.Seconds/v.Pages, Cookie: cookie, Page: "/product/" + ref{k / 12 % 8, k % 12}.id(), Source: v.Source, Device: v.Device, Agent: agent, Robot: true})
	}
	return out
}

// strange are two programs that look at the shop all day to see whether it is up, and a device whose clock was reset in the middle of a visit.
func (s *Shop) strange(people []Hit) (out []Hit) {
	for i, day := range []int{hitsFrom + 20, hitsFrom + 61} {
		for k := range 24 * 12 {
			out = append(out, Hit{Second: day*86400 + 300*k + 7*i, Cookie: fmt.Sprintf("0000000%d", i+1), Page: "/", Source: "direct", Device: "desktop", Agent: agents["desktop"], Robot: true})
		}
	}
	if len(people) == 0 {
		return out
	}
	h := people[len(people)/2]
	for k := range 6 {
		h.Second = -19723*86400 + 40*k // from 1970-01-01 00:00:00 on
		out = append(out, h)
	}
	return out
}
