package chart

// RuleTree: the rules that say segments, with the customers they take and how often they are right.

import (
	"fmt"
	"image/color"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/rulebook"
	"github.com/segkit/lab/segkit/sheet"
)

const (
	ruleRow    = vg.Length(34)
	mostRules  = 40
	ruleTexts  = vg.Length(150) // room for them, right of the bars
	ruleBars   = vg.Length(90)
	widestEdge = 9.0 // points: the branch that all customers take
)

// RuleTree draws the rules of an explanation as a tree of questions, from left to right. The thickness of a branch shows its
// customers; so does the length of the bar at its end, which has the segment's colour as far as the rule is right. Rules that do
// not form a tree are drawn in a row each.
func RuleTree(e *rulebook.Explanation) (*Figure, error) {
	if e == nil {
		return nil, fault.Nil("chart.RuleTree", "explanation")
	}
	n := len(e.Rules)
	switch {
	case n == 0:
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: chart.RuleTree: there are no rules")
	case len(e.Evidence) != n:
		return nil, fault.Errorf(fault.ErrSchema, "segkit: chart.RuleTree: there are %d rules, but evidence for %d: explain the segments again", n, len(e.Evidence))
	case n > mostRules:
		return nil, fault.Errorf(fault.ErrSchema, "segkit: chart.RuleTree: %d rules do not fit on a page, %d do: ask for fewer conditions", n, mostRules)
	}
	root := rootOf(e)
	d := root.depth()
	fig := &Figure{Title: ruleTreeTitle(e)}
	p := newPlot("", "")
	p.HideAxes()
	inside := defaultWidth - 2*margin - ruleTexts - ruleBars
	column := inside / vg.Length(max(1, d))
	t := ruleDrawing{e: e, depth: float64(d), column: column, rows: n}
	for _, of := range e.Evidence {
		t.longest = max(t.longest, of.Coverage)
	}
	if t.longest == 0 {
		t.longest = 1
	}
	t.bar = float64(ruleBars / column)
	t.draw(root, 0)
	for _, l := range t.lines {
		p.Add(l)
	}
	p.Add(t.bars, t.texts)
	p.X.Min, p.X.Max = 0, float64((defaultWidth-2*margin)/column)
	p.Y.Min, p.Y.Max = -0.6, float64(n)-0.4
	fig.Panels = panel(p)
	fig.describe("Tree of rules.")
	for _, of := range e.Evidence {
		fig.describe("%s: %s; %s, %s of them in the segment, %s of the segment.", short(clean(of.Segment)), curled(of.Says),
			count(of.Customers, "customer"),
			share(of.Precision), share(of.Recall))
	}
	fig.remark("Bars: customers the rule takes, coloured for those in the segment (right); found: the share of the segment that the " +
		"rule takes.")
	if e.Of != nil {
		var unsaid []string
		for l, name := range e.Of.Names {
			if e.Words(name) == "" {
				unsaid = append(unsaid, called(e.Of.Names, l))
			}
		}
		if unsaid != nil {
			fig.remark("No rule leads to %s.", sheet.List(unsaid))
		}
	}
	if e.Untaken > 0 {
		fig.remark("No rule takes %s, because a value is missing.", count(e.Untaken, "customer"))
	}
	fig.Height = fig.besidePanels() + vg.Length(n)*roomFor(t.said, ruleRow) + 10
	return fig, nil
}

// rootOf returns the tree of the rules, or a root with a branch for each where they are no tree.
func rootOf(e *rulebook.Explanation) *branch {
	var rules [][]atom
	var of, customers []int
	for i, rule := range e.Rules {
		atoms, ok := atomsOf(rule.When)
		if !ok {
			break
		}
		rules, of, customers = append(rules, atoms), append(of, i), append(customers, e.Evidence[i].Customers)
	}
	if len(rules) == len(e.Rules) {
		if root, ok := treeOf(rules, of, customers, e); ok {
			return root
		}
	}
	root := &branch{rule: -1}
	for i, of := range e.Evidence {
		root.branches = append(root.branches, &branch{answer: curled(of.Says), rule: i})
	}
	return root
}

func ruleTreeTitle(e *rulebook.Explanation) string {
	title := fmt.Sprintf("Rules of at most %s put %s of customers where the segments do", count(e.Fidelity.Conditions, "condition"),
		share(e.Fidelity.Accuracy))
	if finite(e.Held.Accuracy) && e.Held.Accuracy > 0 {
		title += fmt.Sprintf(", and %s of customers they have not seen", share(e.Held.Accuracy))
	}
	return title
}

// ruleDrawing collects the marks of a tree; columns of questions are 1 apart on x, rules 1 on y.
type ruleDrawing struct {
	e       *rulebook.Explanation
	depth   float64
	column  vg.Length // width of a question
	longest float64   // coverage
	bar     float64   // length of the longest bar, in columns
	rows    int       // still to be drawn
	lines   []plot.Plotter
	bars    rects
	texts   labels
	said    []string // of the texts, those that rows need room for
}

// draw adds a branch and all behind it, which begin in the given column; it returns where on y it stands and its coverage.
func (t *ruleDrawing) draw(b *branch, column int) (y, coverage float64) {
	x := float64(column)
	if len(b.branches) == 0 {
		t.rows--
		y = float64(t.rows)
		coverage = t.e.Evidence[b.rule].Coverage
		t.rule(b.rule, y)
		if x < t.depth {
			t.edge(x, t.depth, y, y, coverage)
		}
		return y, coverage
	}
	var ys, parts []float64
	for _, next := range b.branches {
		at, part := t.draw(next, column+1)
		ys, parts = append(ys, at), append(parts, part)
		coverage += part
	}
	y = (ys[0] + ys[len(ys)-1]) / 2
	for i, next := range b.branches {
		t.edge(x, x, y, ys[i], parts[i])
		t.edge(x, x+1, ys[i], ys[i], parts[i])
		said := next.text(t.column - 12)
		t.said = append(t.said, said)
		t.texts = append(t.texts, label{x: x, y: ys[i], text: said, style: aligned(sans(small), draw.XLeft, draw.YBottom),
			dx: 8, dy: thickness(parts[i])/2 + 2})
	}
	return y, coverage
}

// text is the branch's answer, set so that a long name does not cut what is said of it.
func (b *branch) text(room vg.Length) string {
	style := sans(small)
	switch whole := b.of + " " + b.answer; {
	case b.of == "":
		return set(style, b.answer, room)
	case style.Width(whole) <= room:
		return whole
	default:
		return set(style, b.of, room) + "\n" + set(style, b.answer, room)
	}
}

func thickness(coverage float64) vg.Length { return vg.Points(1 + (widestEdge-1)*coverage) }

func (t *ruleDrawing) edge(x0, x1, y0, y1, coverage float64) {
	t.lines = append(t.lines, line(plotter.XYs{{X: x0, Y: y0}, {X: x1, Y: y1}}, float64(thickness(coverage)), edgeTone))
}

var edgeTone = color.NRGBA{0xB8, 0xB8, 0xB8, 0xFF}

// rule draws the bar and the words at the end of a branch.
func (t *ruleDrawing) rule(i int, y float64) {
	of := t.e.Evidence[i]
	tone, edge := t.tone(of.Segment)
	length := t.bar * of.Coverage / t.longest
	right := t.depth + length*of.Precision
	t.bars = append(t.bars, rect{t.depth, right, y - 0.3, y + 0.3, tone, edge}, rect{right, t.depth + length, y - 0.3, y + 0.3, band, nil})
	name := segment([]string{of.Segment}, 0)
	name = set(bold(small), name, ruleTexts-8)
	numbers := fmt.Sprintf("%s: %s right, %s found", sheet.Count(of.Customers), share(of.Precision), share(of.Recall))
	t.said = append(t.said, name+"\n"+numbers)
	t.texts = append(t.texts,
		label{x: t.depth + t.bar, y: y, text: name,
			style: aligned(bold(small), draw.XLeft, draw.YBottom), dx: 4, dy: 0.5},
		label{x: t.depth + t.bar, y: y, text: numbers,
			style: aligned(sans(small), draw.XLeft, draw.YTop), dx: 4, dy: 0.5})
}

// tone is the colour of a segment, as it has in every chart.
func (t *ruleDrawing) tone(name string) (fill, edge color.Color) {
	var names []string
	if t.e.Of != nil {
		names = t.e.Of.Names
	} else {
		for _, of := range t.e.Evidence {
			if !slices.Contains(names, of.Segment) {
				names = append(names, of.Segment)
			}
		}
	}
	l := slices.Index(names, name)
	return Color(l), outline(l)
}
