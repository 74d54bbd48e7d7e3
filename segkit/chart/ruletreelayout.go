package chart

// The tree of questions that exclusive rules come from, found again from the rules: rulebook.Explanation keeps what people use,
// the rules, and a tree shows them at a glance.

import (
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/internal/formula"
	"github.com/segkit/lab/segkit/rulebook"
	"github.com/segkit/lab/segkit/table"
)

// branch is a question, or a rule where it has no branches of its own.
type branch struct {
	of, answer string // to the question before: "orders", "≥ 6"
	branches   []*branch
	rule       int
}

// atom is a condition on one column: a comparison with a number, or with the levels of a category.
type atom struct {
	column, operator string
	number           float64
	levels           []string // nil for a number
}

// atomsOf reads a rule of comparisons joined by and; ok is false where it says something else.
func atomsOf(rule string) (atoms []atom, ok bool) {
	n, err := formula.Parse(rule)
	if err != nil {
		return nil, false
	}
	ok = true
	var walk func(n *formula.Node)
	walk = func(n *formula.Node) {
		switch {
		case n.Kind == formula.Binary && n.Name == "and":
			walk(n.Args[0])
			walk(n.Args[1])
		case n.Kind == formula.Truth && n.Value == 1:
		case n.Kind == formula.Not && n.Args[0].Name == "in":
			walk(n.Args[0])
			atoms[len(atoms)-1].operator = "not in"
		case n.Kind == formula.Binary && columnOf(n.Args[0]) != "":
			a := atom{column: columnOf(n.Args[0]), operator: n.Name}
			switch with := n.Args[1]; with.Kind {
			case formula.Number:
				a.number = with.Value
			case formula.Minus:
				a.number = -with.Args[0].Value
				ok = ok && with.Args[0].Kind == formula.Number
			case formula.Text:
				a.levels = []string{with.Name}
			case formula.List:
				for _, level := range with.Args {
					a.levels = append(a.levels, level.Name)
				}
			default:
				ok = false
			}
			atoms = append(atoms, a)
		default:
			ok = false
		}
	}
	walk(n)
	return atoms, ok
}

// columnOf is the name of a column, written as it is or as col("…"), "" for anything else.
func columnOf(n *formula.Node) string {
	if n.Kind == formula.Call && n.Name == "col" && len(n.Args) == 1 && n.Args[0].Kind == formula.Text {
		return n.Args[0].Name
	}
	if n.Kind == formula.Column {
		return n.Name
	}
	return ""
}

// question parts the customers in two: those above a number, or in a level, and the others.
type question struct {
	column string
	number float64
	below  string // operators of the answers: "<" and ">=", or "<=" and ">"
	above  string
	level  string // of a category; "" for a number
	other  string // the only other level, "" where there are several
}

// says returns the answer to the question: "≥ 6", "is not Leeds", and "yes" or "no" for a number that is 0 or 1.
func (q question) says(yes bool, e *rulebook.Explanation) string {
	j := slices.IndexFunc(e.Columns, func(c table.Column) bool { return c.Name == q.column })
	zeroOne := j >= 0 && e.YesNo[j]
	word := func(level string) string {
		if j >= 0 {
			level = e.Columns[j].Word(slices.Index(e.Columns[j].Levels, level))
		}
		return clean(level)
	}
	switch {
	case zeroOne && yes:
		return "yes"
	case zeroOne:
		return "no"
	case q.level != "" && yes:
		return "is " + word(q.level)
	case q.other != "":
		return "is " + word(q.other)
	case q.level != "":
		return "is not " + word(q.level)
	case yes:
		return strings.Replace(q.above, ">=", "≥", 1) + " " + decimals(q.number)
	default:
		return strings.Replace(q.below, "<=", "≤", 1) + " " + decimals(q.number)
	}
}

// answered says which answer all customers of a rule give: 1 yes, -1 no, 0 either.
func (q question) answered(rule []atom) int {
	for _, a := range rule {
		if a.column != q.column {
			continue
		}
		if q.level == "" {
			up, down := strings.HasPrefix(a.operator, ">"), strings.HasPrefix(a.operator, "<")
			switch {
			case up && (a.number > q.number || a.number == q.number && a.operator == q.above):
				return 1
			case down && (a.number < q.number || a.number == q.number && a.operator == q.below):
				return -1
			}
			continue
		}
		in := slices.Contains(a.levels, q.level)
		switch a.operator {
		case "==", "in":
			if !in {
				return -1
			}
			if len(a.levels) == 1 {
				return 1
			}
		case "!=", "not in":
			if in {
				return -1
			}
		}
	}
	return 0
}

// questionOf is the question that a condition answers.
func questionOf(a atom, level string) question {
	q := question{column: a.column, number: a.number, level: level, below: "<", above: ">="}
	if a.operator == "<=" || a.operator == ">" {
		q.below, q.above = "<=", ">"
	}
	return q
}

// treeOf finds the tree of the rules given by number: a question that every one of them answers, and so on on both sides, the one
// first that parts their customers most evenly. ok is false for rules that are no tree.
func treeOf(rules [][]atom, of []int, customers []int, e *rulebook.Explanation) (*branch, bool) {
	if len(of) == 1 {
		return &branch{rule: of[0]}, true
	}
	var best question
	var yes, no []int
	evenest := math.Inf(1)
	try := func(q question) {
		var a, b []int
		balance := 0
		for _, r := range of {
			switch q.answered(rules[r]) {
			case 1:
				a = append(a, r)
				balance += customers[r]
			case -1:
				b = append(b, r)
				balance -= customers[r]
			default:
				return
			}
		}
		if uneven := math.Abs(float64(balance)); len(a) > 0 && len(b) > 0 && uneven < evenest {
			best, yes, no, evenest = q, a, b, uneven
		}
	}
	for _, r := range of {
		for _, a := range rules[r] {
			if a.levels == nil {
				try(questionOf(a, ""))
			}
			for _, level := range a.levels {
				try(questionOf(a, level))
			}
		}
	}
	if yes == nil {
		return nil, false
	}
	best.other = onlyLevel(rules, no, best.column)
	root := &branch{rule: -1}
	for _, side := range []struct {
		of  []int
		yes bool
	}{{yes, true}, {no, false}} {
		b, ok := treeOf(rules, side.of, customers, e)
		if !ok {
			return nil, false
		}
		name, _, _ := strings.Cut(clean(best.column), " (") // a unit in the name has no room
		b.of, b.answer = name, best.says(side.yes, e)
		root.branches = append(root.branches, b)
	}
	return root, true
}

// onlyLevel is the level of the column that all these rules ask for, "" where they do not agree on one.
func onlyLevel(rules [][]atom, of []int, column string) (level string) {
	for _, r := range of {
		own := ""
		for _, a := range rules[r] {
			if a.column == column && a.operator == "==" && len(a.levels) == 1 {
				own = a.levels[0]
			}
		}
		if own == "" || level != "" && own != level {
			return ""
		}
		level = own
	}
	return level
}

// depth is how many questions lead to the farthest rule.
func (b *branch) depth() (most int) {
	for _, next := range b.branches {
		most = max(most, 1+next.depth())
	}
	return most
}
