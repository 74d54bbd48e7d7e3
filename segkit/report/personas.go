package report

import (
	"cmp"
	"fmt"
)

// Personas are the cards of the segments for a wall or a meeting: a page to be printed, two cards on a sheet of A4, with nothing of the evidence.

// Personas returns one self-contained page with a card for each segment: a typical customer who is not a real person, how many there are,
// what they are worth, how to recognise them, what to do. It is made for printing, two cards to a sheet of A4.
func (c Contents) Personas() (string, error) {
	const op = "report.Contents.Personas"
	if err := c.checked(op); err != nil {
		return "", err
	}
	p, err := newPage(op, c)
	if err != nil {
		return "", err
	}
	var personas markup
	for _, l := range p.order {
		persona, err := p.persona(l)
		if err != nil {
			return "", err
		}
		personas += persona
	}
	title := cmp.Or(c.Title, p.Title)
	heading := markup("")
	if !c.AsOf.IsZero() {
		heading = put(" <small>%s</small>", fmt.Sprintf(p.OnDate, p.date(c.AsOf)))
	}
	return string(p.document(title, style+personaStyle, put("<h1>%s%s</h1>\n<main>%s</main>", title, heading, personas))), nil
}

// persona is what the card of a segment says, laid out to be read from a wall.
func (p *page) persona(l int) (markup, error) {
	s := p.c.Profile.Segments[l]
	rule, err := p.ruleOf(l)
	if err != nil {
		return "", err
	}
	facts := fact(p.HowMany, put("<span class=\"num\">%s</span> <small>%s</small>", p.count(s.Size), fmt.Sprintf(p.ShareOfCustomers, p.percent(s.Share, 0)))) +
		fact(p.Brought, p.pastCell(l)) + fact(p.ahead(), p.aheadCell(l))
	return put("<article class=\"persona edge%s\"><h2>%s</h2>\n%s<dl>%s</dl>\n<div class=\"halves\"><div>%s</div><div>%s%s%s</div></div>\n<div class=\"action\">%s</div></article>\n",
		fmt.Sprint(l%colours), s.Name, paragraphs("typical", p.typicalOne(l)), facts, p.standsOut(l), rule, paragraphs("", p.afterwards(l)), p.few(l), p.action(l)), nil
}

func fact(head string, cell markup) markup {
	return put("<div><dt>%s</dt><dd>%s</dd></div>", head, cell)
}

// personaStyle is what the sheets of personas have beside the page's own looks.
const personaStyle = `
body{max-width:52rem;margin:0 auto;padding:1rem}h1{font-size:1.1rem;margin:0 0 .6rem}
.persona{border:1px solid var(--edge);border-left:10px solid var(--own);padding:1rem 1.4rem;margin:0 0 1.2rem;display:flex;flex-direction:column;gap:.5rem;break-inside:avoid}
.persona h2{border:0;margin:0;padding:0;font-size:1.8rem}.typical{font-size:1.15rem;line-height:1.35}
.persona dl{display:grid;grid-template-columns:1fr 1fr 1.4fr;gap:1rem;margin:0}dt{color:var(--soft);font-size:.875rem}dd{margin:0}dd .num{font-size:1.35rem}
.halves{display:grid;grid-template-columns:1.3fr 1fr;gap:0 1.6rem;flex:1}.persona table{margin:.2rem 0;font-size:.95rem}.action{background:var(--panel);padding:.5rem .8rem}.action .do{font-size:1.15rem}
@media print{body{max-width:none;padding:0}h1{font-size:1rem}.persona{height:126mm}.persona:nth-of-type(even):not(:last-of-type){break-after:page}.typical{font-size:1.2rem}}
`
