package report

import (
	"cmp"
	"fmt"
	"html"
	"unicode"
	"unicode/utf8"
)

// page is the report in the making.
type page struct {
	*reader
	c        Contents
	order    []int // segments, in the order in which to look at them
	pictures int
}

// HTML returns the report as one self-contained page.
func (c Contents) HTML() (string, error) {
	const op = "report.Contents.HTML"
	if err := c.checked(op); err != nil {
		return "", err
	}
	p, err := newPage(op, c)
	if err != nil {
		return "", err
	}
	m, err := p.whole()
	return string(m), err
}

func newPage(op string, c Contents) (*page, error) {
	r, err := speaking(op, c.Language)
	if err != nil {
		return nil, err
	}
	c.Days = cmp.Or(c.Days, 90)
	r.currency = c.Currency
	if c.Ahead != nil && c.Proof != nil && c.Proof.Money && c.Proof.Proved {
		if c.Ahead, err = c.Ahead.Against(c.Proof); err != nil {
			return nil, err
		}
	}
	p := &page{reader: r, c: c}
	p.order = p.byPriority()
	return p, nil
}

func (p *page) whole() (markup, error) {
	title := cmp.Or(p.c.Title, p.Title)
	cards, err := p.cards()
	if err != nil {
		return "", err
	}
	var said []string
	if !p.c.AsOf.IsZero() {
		said = append(said, fmt.Sprintf(p.OnDate, p.date(p.c.AsOf)))
	}
	said = append(said, p.people(p.c.Profile.N))
	if !p.c.First.IsZero() {
		last := p.c.AsOf
		if !p.c.Last.IsZero() && p.c.Last.Before(last) {
			last = p.c.Last
		}
		said = append(said, fmt.Sprintf(p.Covers, p.date(p.c.First), p.date(last)))
	}
	body := p.answer() + cards + p.movement() + p.forecasts() + p.evidence() + p.cleaning() + p.dictionary() + p.method() + p.origin()
	if p.lacking != nil {
		body += paragraphs("note", fmt.Sprintf(p.Translated, p.list(p.lacking)))
	}
	return p.document(title, style, put("<header><h1>%s</h1>\n<p>%s</p></header>\n<main>%s</main>", title, joined(said), body)), nil
}

// document is a whole page of HTML, with the looks it is given.
func (p *page) document(title, looks string, body markup) markup {
	return put("<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\"><title>%s</title>\n<style>%s</style></head>\n<body>%s</body></html>\n",
		p.Language, title, markup(looks), body)
}

func joined(said []string) markup {
	return each(said, func(i int, s string) markup {
		if i > 0 {
			return put(" · %s", s)
		}
		return put("%s", s)
	})
}

func capital(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}

// Embedded returns the page as part of another one, such as a notebook, in a frame that isolates its styles; nb.HTML shows it.
func (c Contents) Embedded() (string, error) {
	page, err := c.HTML()
	if err != nil {
		return "", err
	}
	return string(put("<iframe title=\"%s\" sandbox=\"\" style=\"width:100%%;height:46rem;box-sizing:border-box;border:1px solid #c9ccd1\" srcdoc=\"%s\"></iframe>", cmp.Or(c.Title, english.Title), markup(html.EscapeString(page)))), nil // the page is whole: only names are cut
}
