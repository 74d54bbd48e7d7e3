package report

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/segkit/lab/segkit/dialect"
	"github.com/segkit/lab/segkit/rulebook"
	"github.com/segkit/lab/segkit/table"
)

// A card introduces a segment: who they are, what stands out, how to recognise them, what they did afterwards.

func (p *page) cards() (markup, error) {
	var cards markup
	for _, l := range p.order {
		card, err := p.card(l)
		if err != nil {
			return "", err
		}
		cards += card
	}
	return put("<section id=\"cards\"><h2>%s</h2>\n%s%s</section>\n", p.CardsTitle, paragraphs("lead", p.CardsAbout, p.rulesTogether()), cards), nil
}

func (p *page) card(l int) (markup, error) {
	s := p.c.Profile.Segments[l]
	share := fmt.Sprintf(p.CardShare, p.people(s.Size), p.percent(s.Share, 0))
	if !math.IsNaN(p.spentShare(l)) {
		share += ", " + fmt.Sprintf(p.ShareOfMoney, p.percent(p.spentShare(l), 0))
	}
	rule, err := p.ruleOf(l)
	if err != nil {
		return "", err
	}
	body := paragraphs("", p.typicalOne(l)) + p.standsOut(l) + rule + paragraphs("", p.afterwards(l)) + p.action(l) + p.few(l)
	return put("<article class=\"card edge%s\"><h3>%s <small>%s</small></h3>\n%s</article>\n", fmt.Sprint(l%colours), s.Name, share, body), nil
}

// action says what to do with a segment, what speaks for it, and what only a test can show; nothing where there is no plan.
func (p *page) action(l int) markup {
	if p.c.Plan == nil {
		return ""
	}
	plan := p.c.Plan.Segments[l]
	said := put("<p class=\"do\">%s</p>\n", p.toDo(plan.Play, ":"))
	if j := p.c.Profile.Index(plan.Play.Because); j >= 0 && p.place(j) >= 0 {
		said += paragraphs("", fmt.Sprintf(p.Because, p.beside(l, j)))
	}
	if h := p.play(p.PlayHypothesis, plan.Play, plan.Play.Hypothesis); h != "" {
		said += paragraphs("", fmt.Sprintf(p.Hypothesis, h))
	}
	return said
}

// few warns of a segment that is too small to be sure of.
func (p *page) few(l int) markup {
	s := p.c.Profile.Segments[l]
	if !s.Small {
		return ""
	}
	return paragraphs("", fmt.Sprintf(p.Small, p.people(s.Size)))
}

// typicalOne is a customer in the middle of the segment, made up: nobody in particular.
func (p *page) typicalOne(l int) string {
	g := p.told(l)
	if g == nil {
		return ""
	}
	value := func(j int) float64 { return p.middle(l, j) }
	if g.Exemplars.MadeUp {
		value = func(j int) float64 {
			if at := p.place(j); at >= 0 {
				return g.Exemplars.Values[at]
			}
			return math.NaN()
		}
	}
	var said []string
	for j, c := range p.c.Profile.Columns {
		if c.Numeric() && c.Role != table.Outcome && (c.Phrase != "" || p.Phrases[c.Name] != "") && len(said) < 5 && !math.IsNaN(value(j)) {
			v := value(j)
			if p.isCount(j) {
				v = math.Round(v)
			}
			said = append(said, p.saying(j, v))
		}
	}
	if said == nil {
		return ""
	}
	return fmt.Sprintf(p.TypicalOne, strings.Join(said, ", ")) + " " + p.TypicalAbout
}

// isCount reports whether column j holds whole numbers alone, as counts are: nobody has half an order, whatever the median.
func (p *page) isCount(j int) bool {
	values, err := p.c.Customers.Values(p.c.Profile.Columns[j].Name)
	return err == nil && !slices.ContainsFunc(values, func(v float64) bool { return v != math.Round(v) && !math.IsNaN(v) })
}

// mostTraits are told of a segment.
const mostTraits = 6

// standsOut lists the columns in which a segment stands out, beside all customers.
func (p *page) standsOut(l int) markup {
	t := Table{Title: p.StandsOut, Columns: []Column{{p.ColumnHead, "", Text}, {p.HereHead, "", Text}, {p.AllHead, "", Text}}}
	for _, j := range p.telling(l) {
		t.Rows = append(t.Rows, []any{p.columnName(p.c.Profile.Columns[j]), p.amount(j, p.middle(l, j)), p.amount(j, p.middle(-1, j))})
	}
	t.Rows = t.Rows[:min(len(t.Rows), mostTraits)]
	if g := p.told(l); g != nil {
		for _, m := range g.Markers {
			j := p.c.Profile.Index(m.Column)
			c := p.c.Profile.Columns[j]
			if level := slices.Index(c.Levels, m.Level); level >= 0 && c.Role != table.Outcome && len(t.Rows) < mostTraits {
				t.Rows = append(t.Rows, []any{p.columnName(c) + ": " + c.Word(level), p.percent(g.Stats[p.place(j)].Levels[level], 0), p.percent(p.c.Profile.All[j].Levels[level], 0)})
			}
		}
	}
	if t.Rows == nil {
		return paragraphs("", p.NothingStandsOut)
	}
	return p.html(t)
}

// profileTable has what is typical of each segment in each number.
func (p *page) profileTable() Table {
	t := Table{Name: "profile", Title: p.StandsOut, Columns: []Column{{p.SegmentHead, "", Text}, {p.ColumnHead, "", Text}, {p.UnitHead, "", Text}, {p.HereHead, "", Number}, {p.AllHead, "", Number}}}
	for _, l := range p.order {
		for j, c := range p.c.Profile.Columns {
			if c.Numeric() && c.Role != table.Outcome && p.place(j) >= 0 {
				t.Rows = append(t.Rows, []any{p.c.Profile.Segments[l].Name, p.columnName(c), p.unitOf(c.Unit), p.middle(l, j), p.middle(-1, j)})
			}
		}
	}
	return t
}

// columnName is what people call a column.
func (p *page) columnName(c table.Column) string {
	if about := p.Columns[c.Name]; about != "" {
		return about
	}
	return c.Name
}

// ruleOf says who belongs to a segment, in words and as SQL.
func (p *page) ruleOf(l int) (markup, error) {
	if p.c.Rules == nil {
		return "", nil
	}
	name := p.c.Profile.Segments[l].Name
	var own []rulebook.Rule
	for _, r := range p.c.Rules.Rules {
		if r.Name == name {
			own = append(own, r)
		}
	}
	if own == nil {
		return paragraphs("", p.NoRule), nil
	}
	precision, recall := p.c.Rules.PrecisionRecall(name)
	book := rulebook.Book{Rules: own, Rest: p.RuleRest}
	sql, err := book.SQL(dialect.Standard, p.c.Customers)
	if err != nil {
		return "", err
	}
	var conditions []string
	for _, r := range own {
		conditions = append(conditions, r.When)
	}
	mind := markup("")
	if warning := p.ruleWarning(l); warning != "" {
		mind = put("<p><strong>%s</strong></p>\n", warning)
	}
	return put("<p><strong>%s</strong> %s. %s</p>\n%s<details><summary>%s</summary><pre>%s</pre></details>\n", p.RuleTitle, each(conditions, func(i int, when string) markup {
		if i > 0 {
			return put("%s%s", p.Or, p.ruleInWords(when))
		}
		return p.ruleInWords(when)
	}), fmt.Sprintf(p.RuleTakes, p.percent(recall, 0), p.percent(precision, 0)), mind, p.SQLTitle, sql), nil
}

// ruleWarning says where the rule of a segment misses most of its customers, and where most of those it takes belong elsewhere; "" where neither.
func (p *page) ruleWarning(l int) string {
	const half = .5
	switch precision, recall := p.c.Rules.PrecisionRecall(p.c.Profile.Segments[l].Name); {
	case recall < half && precision < half:
		return p.RuleMissesErrs
	case recall < half:
		return p.RuleMisses
	case precision < half:
		return p.RuleErrs
	}
	return ""
}

// rulesTogether says how well the rules of all cards do.
func (p *page) rulesTogether() string {
	if p.c.Rules == nil {
		return ""
	}
	most, all, held := p.OneCondition, p.c.Rules.Fidelity, p.c.Rules.Held
	if all.Conditions != 1 {
		most = fmt.Sprintf(p.Conditions, p.count(all.Conditions))
	}
	return fmt.Sprintf(p.RulesTogether, most, p.percent(all.Accuracy, 0), p.percent(held.Accuracy, 0))
}

// missedByRules are the names of the segments that have a warning, or no rule.
func (p *page) missedByRules() (out []string) {
	if p.c.Rules == nil {
		return nil
	}
	for _, l := range p.order {
		if name := p.c.Profile.Segments[l].Name; p.ruleWarning(l) != "" {
			out = append(out, p.quoted(name))
		}
	}
	return out
}

// afterwards says what the customers of the segment did in the days that were held back.
func (p *page) afterwards(l int) string {
	w := worth(p.c.Proof, p.c.Profile.Segments[l].Name)
	if w == nil || !p.c.Proof.Money || w.Customers == 0 {
		return ""
	}
	return fmt.Sprintf(p.Later, p.count(p.c.Proof.Days), p.people(w.Customers), p.money(w.SeenValue), p.about(w.Value.Mean), fmt.Sprintf(p.To, p.about(w.Value.Low), p.about(w.Value.High)))
}

// ruleInWords says a condition as people do: "number of orders at least 6, time since the last order at most 90 days". One that is more than limits on
// columns stands as it is.
func (p *page) ruleInWords(when string) markup {
	forms := map[string]string{">=": p.AtLeast, "<=": p.AtMost, ">": p.Above, "<": p.Below}
	var said []string
	for _, part := range strings.Split(when, " and ") {
		fields := strings.Fields(part)
		if len(fields) != 3 || forms[fields[1]] == "" {
			return put("<code>%s</code>", when)
		}
		limit, err := strconv.ParseFloat(fields[2], 64)
		j := p.c.Profile.Index(fields[0])
		if err != nil || j < 0 {
			return put("<code>%s</code>", when)
		}
		said = append(said, fmt.Sprintf(forms[fields[1]], p.columnName(p.c.Profile.Columns[j]), p.amount(j, limit)))
	}
	return put("%s", strings.Join(said, p.RuleAnd))
}
