package report

import (
	"cmp"
	"fmt"

	"github.com/segkit/lab/segkit/features"
)

// What a reader looks up: what cleaning removed, what the columns mean, how it was done, from what.

// rule is a rule of cleaning in the reader's words.
func (p *page) rule(name string) string {
	if words := p.Rules[name]; words != "" {
		return words
	}
	return name
}

// cleaning is the ledger, to the last cent: what was there less all that was removed is what is left.
func (p *page) cleaning() markup {
	l := p.c.Cleaning
	if l == nil {
		return ""
	}
	return put("<section id=\"cleaning\"><h2>%s</h2>\n%s%s</section>\n", p.CleaningTitle, paragraphs("lead", p.CleaningAbout+p.apart()), p.belowTitle(p.ledger()))
}

// apart says what cleaning left and the report is not of: customers without a purchase, and days that do not count; "" where it is of all.
func (p *page) apart() string {
	left := p.c.Cleaning.Closing
	if len(p.c.Profile.ValueColumns) == 0 {
		return ""
	}
	here := []string{p.count(p.c.Customers.Len()), p.inMoney(p.number(p.c.Profile.ValueTotals[0], 2))}
	all := []string{p.count(left.Customers), p.inMoney(p.number(left.Net().Float(), 2))}
	if here[0] == all[0] && here[1] == all[1] {
		return ""
	}
	says := p.CleaningApart
	if here[1] != all[1] && p.c.Profile.ValueTotals[0] > left.Net().Float() { // as shown, no part of what is left
		says = p.CleaningMore
	}
	return " " + fmt.Sprintf(says, here[0], all[0], here[1], all[1])
}

func (p *page) ledger() Table {
	l := p.c.Cleaning
	t := Table{Name: "cleaning", Title: p.CleaningTitle, Columns: []Column{{p.StepHead, "", Text}, {p.LinesHead, "", Whole}, {p.OrdersHead, "", Whole}, {p.CustomersHead, "", Whole},
		{p.SalesHead, p.unit(), Exact}, {p.RefundsHead, p.unit(), Exact}, {p.NetHead, p.unit(), Exact}}}
	add := func(name string, sign int, c features.Count) {
		s := float64(sign)
		t.Rows = append(t.Rows, []any{name, sign * c.Lines, sign * c.Orders, sign * c.Customers, s * c.Sales.Float(), s * c.Refunds.Float(), s * c.Net().Float()})
	}
	add(p.Opening, 1, l.Opening)
	for _, step := range l.Steps {
		add(p.rule(step.Rule), -1, step.Removed)
	}
	add(p.Closing, 1, l.Closing)
	return t
}

// dictionary says what the columns are.
func (p *page) dictionary() markup {
	t := p.dictionaryTable()
	return put("<section id=\"dictionary\"><h2>%s</h2>\n%s%s</section>\n", p.DictionaryTitle, paragraphs("lead", p.DictionaryAbout), p.belowTitle(t))
}

func (p *page) dictionaryTable() Table {
	t := Table{Name: "columns", Title: p.DictionaryTitle, Columns: []Column{{p.ColumnHead, "", Text}, {p.MeansHead, "", Text}, {p.UnitHead, "", Text}, {p.RoleHead, "", Text}}}
	for _, c := range p.c.Profile.Columns {
		t.Rows = append(t.Rows, []any{c.Name, p.meaning(c.Name), p.unitOf(c.Unit), p.Roles[c.Role.String()]})
	}
	return t
}

// meaning is what a column is, as far as the reader's language or the dictionary of the columns knows.
func (p *page) meaning(name string) string {
	if about := p.Columns[name]; about != "" {
		return about
	}
	if p.c.Dictionary != nil {
		for _, e := range p.c.Dictionary.Entries {
			if e.Name == name {
				return e.Formula
			}
		}
	}
	return missing
}

// method says in a few sentences how it was done.
func (p *page) method() markup {
	var said []string
	if m := p.c.Model; m != nil {
		said = append(said, fmt.Sprintf(p.MethodFit, p.list(m.ColumnNames()), p.people(m.Customers), p.count(m.Starts.Hits()), p.count(len(m.Starts))))
	}
	if !p.c.AsOf.IsZero() {
		said = append(said, fmt.Sprintf(p.MethodScore, p.date(p.c.AsOf), p.people(p.c.Profile.N)))
	}
	if p.c.Ahead != nil {
		said = append(said, p.MethodForecast)
	}
	if p.c.Sizes != nil {
		said = append(said, p.MethodTest)
	}
	body := paragraphs("", said...)
	if p.c.Decisions != nil {
		body += p.html(p.decisions())
	}
	return put("<section id=\"method\"><h2>%s</h2>\n%s</section>\n", p.MethodTitle, body)
}

func (p *page) decisions() Table {
	t := Table{Name: "decisions", Title: p.DecisionsTitle, Columns: []Column{{p.DecisionHead, "", Text}, {p.ChosenHead, "", Text}, {p.WhyHead, "", Text}}}
	for _, d := range p.c.Decisions {
		t.Rows = append(t.Rows, []any{p.choice(d.What), p.rule(p.choice(d.Value)), p.choice(d.Why)})
	}
	return t
}

// choice is what is decided, or why, in the reader's words; what is not known is a name, a number or a user's own.
func (p *page) choice(text string) string { return cmp.Or(p.Choices[text], text) }

// origin says from what the report was made, so that another can make it again.
func (p *page) origin() markup {
	body := paragraphs("lead", p.OriginAbout)
	if p.c.Inputs != nil {
		body += p.belowTitle(p.files())
	}
	if p.c.MadeBy != "" {
		body += paragraphs("", fmt.Sprintf(p.MadeBy, p.c.MadeBy, fmt.Sprint(p.c.Seed)))
	}
	return put("<section id=\"origin\"><h2>%s</h2>\n%s</section>\n", p.OriginTitle, body)
}

func (p *page) files() Table {
	t := Table{Name: "files", Title: p.OriginTitle, Columns: []Column{{p.FileHead, "", Text}, {p.ChecksumHead, "", Text}, {p.BytesHead, "", Whole}}}
	for _, in := range p.c.Inputs {
		sum := in.SHA256
		if sum == "" {
			sum = p.OwnData
		}
		t.Rows = append(t.Rows, []any{in.Name, sum, int(in.Bytes)})
	}
	return t
}
