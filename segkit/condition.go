package segkit

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
)

// Conditions and formulas over a table's columns, as people write them: `spend > 100 and city in ["Leeds", "York"]`.
//
// Package expr only parses. The tree is checked against a short list of nodes and against the table's columns before
// anything is computed, so a misspelt column or level is an error and never an empty answer. Values are float64: numbers, level
// indexes, and truth as 0 or 1, with NaN for missing, unknown and undefined alike. Comparing with NaN gives NaN, and
// and/or/not follow Kleene's three-valued logic, as SQL does.

// formulaLimit bounds the length of a formula, and so the depth of the parser's recursion.
const formulaLimit = 1 << 16

// termKind is what a term of a formula stands for.
type termKind int

const (
	numberTerm   termKind = iota
	truthTerm             // 0, 1 or NaN
	categoryTerm          // a categorical column: indexes into its levels
	textTerm              // a constant, to be compared with a category
)

func (k termKind) String() string {
	return [...]string{"a number", "a condition", "a category", "text"}[k]
}

// term is a checked part of a formula.
type term struct {
	kind   termKind
	eval   func(row []float64) float64
	column Column // of a category
	text   string // of a text
}

// compiler checks a formula against the columns of a table.
type compiler struct {
	op, source string
	columns    []Column
}

// compile parses source and checks it against the columns of t. op names the caller in errors.
func (t *Table) compile(op, source string) (term, error) {
	c := &compiler{op, source, t.columns}
	if len(source) > formulaLimit {
		return term{}, &OptionError{op, "length", len(source), fmt.Sprintf("at most %d bytes", formulaLimit)}
	}
	config := conf.CreateNew()
	config.Disabled = make(map[string]bool) // only our own functions exist: max is one of them, filter is not
	for _, f := range builtin.Builtins {
		config.Disabled[f.Name] = true
	}
	tree, err := parser.ParseWithConfig(source, config)
	if err != nil {
		return term{}, c.unparsed(err)
	}
	return c.term(tree.Node)
}

// errorAt is a sentence about the formula at a node.
func (c *compiler) errorAt(n ast.Node, sentinel error, format string, args ...any) error {
	return c.errorFrom(n.Location().From, sentinel, format, args...)
}

func (c *compiler) errorFrom(at int, sentinel error, format string, args ...any) error {
	return &CellError{Op: c.op, Err: sentinel,
		Why: fmt.Sprintf("%s, character %d: %s", strconv.Quote(clip(c.source)), at+1, fmt.Sprintf(format, args...))}
}

// unparsed rewords the parser's error and adds the two remedies that beginners need.
func (c *compiler) unparsed(err error) error {
	var at *file.Error
	if !errors.As(err, &at) {
		return c.errorFrom(0, ErrSchema, "%v", err)
	}
	hint := ""
	odd := slices.IndexFunc(c.columns, func(c Column) bool { return strings.ContainsFunc(c.Name, notInName) })
	switch {
	case strings.TrimSpace(c.source) == "":
		hint = ": write a condition such as spend > 100"
	case strings.Contains(at.Message, `Operator("=")`):
		hint = ": equality is written =="
	case odd >= 0 && strings.Contains(at.Message, "unexpected token"):
		hint = fmt.Sprintf(": a column whose name is not one word is written col(%q)", c.columns[odd].Name)
	}
	return c.errorFrom(at.From, ErrSchema, "%s%s", at.Message, hint)
}

func notInName(r rune) bool {
	return !(r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z')
}

// term checks one node and what hangs below it.
func (c *compiler) term(n ast.Node) (term, error) {
	switch n := n.(type) {
	case *ast.IntegerNode:
		return constantTerm(float64(n.Value)), nil
	case *ast.FloatNode:
		return constantTerm(n.Value), nil
	case *ast.BoolNode:
		t := constantTerm(0)
		if n.Value {
			t = constantTerm(1)
		}
		t.kind = truthTerm
		return t, nil
	case *ast.StringNode:
		return term{kind: textTerm, text: n.Value}, nil
	case *ast.IdentifierNode:
		return c.columnTerm(n, n.Value)
	case *ast.UnaryNode:
		return c.unary(n)
	case *ast.BinaryNode:
		return c.binary(n)
	case *ast.CallNode:
		return c.call(n)
	}
	return term{}, c.errorAt(n, ErrSchema, "%s cannot be used here; there are columns, numbers, text, comparisons, and, or, not, in, + - * / and %s",
		strconv.Quote(clip(n.String())), formulaNames)
}

func constantTerm(v float64) term { return term{eval: func([]float64) float64 { return v }} }

func (c *compiler) columnTerm(n ast.Node, name string) (term, error) {
	names := make([]string, len(c.columns))
	for j, column := range c.columns {
		if names[j] = column.Name; names[j] != name {
			continue
		}
		t := term{kind: numberTerm, column: column, eval: func(row []float64) float64 { return row[j] }}
		if column.Categorical() {
			t.kind = categoryTerm
		}
		return t, nil
	}
	return term{}, c.errorAt(n, ErrMissingColumn, "no column %q%s", name, suggestion(name, names))
}

func (c *compiler) unary(n *ast.UnaryNode) (term, error) {
	x, err := c.term(n.Node)
	if err != nil {
		return term{}, err
	}
	switch n.Operator {
	case "-":
		return term{eval: func(row []float64) float64 { return -x.eval(row) }}, c.want(n, x, numberTerm, "-")
	case "+":
		return x, c.want(n, x, numberTerm, "+")
	default: // not, !
		if x.kind != truthTerm {
			return term{}, c.errorAt(n, ErrSchema, "%s applies to a condition, and here stands before %v: write %s (…)", n.Operator, x.kind, n.Operator)
		}
		return term{kind: truthTerm, eval: func(row []float64) float64 { return 1 - x.eval(row) }}, nil
	}
}

// want returns an error unless x is of kind k.
func (c *compiler) want(n ast.Node, x term, k termKind, where string) error {
	if x.kind == k {
		return nil
	}
	return c.errorAt(n, ErrSchema, "%s wants %v, not %v%s", where, k, x.kind, c.named(x))
}

// named tells which category or text a term is.
func (c *compiler) named(x term) string {
	switch x.kind {
	case categoryTerm:
		return fmt.Sprintf(" (%s is one of %s)", x.column.Name, someLevels(x.column))
	case textTerm:
		return fmt.Sprintf(" (%q)", clip(x.text))
	}
	return ""
}

func someLevels(c Column) string {
	const most = 8
	if len(c.Levels) > most {
		return fmt.Sprintf("%q and %d others", c.Levels[:most], len(c.Levels)-most)
	}
	return fmt.Sprintf("%q", c.Levels)
}

var formulaArithmetic = map[string]func(a, b float64) float64{
	"+": func(a, b float64) float64 { return a + b },
	"-": func(a, b float64) float64 { return a - b },
	"*": func(a, b float64) float64 { return a * b },
	"/": func(a, b float64) float64 { return a / b },
}

var formulaComparisons = map[string]func(a, b float64) bool{
	"==": func(a, b float64) bool { return a == b },
	"!=": func(a, b float64) bool { return a != b },
	"<":  func(a, b float64) bool { return a < b },
	"<=": func(a, b float64) bool { return a <= b },
	">":  func(a, b float64) bool { return a > b },
	">=": func(a, b float64) bool { return a >= b },
}

func (c *compiler) binary(n *ast.BinaryNode) (term, error) {
	a, err := c.term(n.Left)
	if err != nil {
		return term{}, err
	}
	if n.Operator == "in" {
		return c.in(n, a)
	}
	b, err := c.term(n.Right)
	if err != nil {
		return term{}, err
	}
	if f, ok := formulaArithmetic[n.Operator]; ok {
		t := term{eval: func(row []float64) float64 { return orMissing(f(a.eval(row), b.eval(row))) }}
		return t, cmp.Or(c.want(n.Left, a, numberTerm, n.Operator), c.want(n.Right, b, numberTerm, n.Operator))
	}
	if _, ok := formulaComparisons[n.Operator]; ok {
		return c.compare(n, a, b)
	}
	var t term
	switch n.Operator {
	case "and", "&&":
		t = term{kind: truthTerm, eval: func(row []float64) float64 { return kleeneAnd(a.eval(row), b.eval(row)) }}
	case "or", "||":
		t = term{kind: truthTerm, eval: func(row []float64) float64 { return 1 - kleeneAnd(1-a.eval(row), 1-b.eval(row)) }}
	default:
		return term{}, c.errorAt(n, ErrSchema, "there is no operator %q here; there are == != < <= > >= and or not in + - * /", n.Operator)
	}
	return t, cmp.Or(c.want(n.Left, a, truthTerm, n.Operator), c.want(n.Right, b, truthTerm, n.Operator))
}

// kleeneAnd is Kleene's: false and unknown is false.
func kleeneAnd(a, b float64) float64 {
	if a == 0 || b == 0 {
		return 0
	}
	return a * b // 1, or NaN where either is unknown
}

// orMissing turns what is undefined (1/0, log 0) into missing.
func orMissing(v float64) float64 {
	if math.IsInf(v, 0) {
		return math.NaN()
	}
	return v
}

func (c *compiler) compare(n *ast.BinaryNode, a, b term) (term, error) {
	f := formulaComparisons[n.Operator]
	switch {
	case a.kind == numberTerm && b.kind == numberTerm:
	case a.kind == categoryTerm && b.kind == textTerm, a.kind == textTerm && b.kind == categoryTerm:
		column, constantText, at := a.column, b.text, n.Right
		if a.kind == textTerm {
			column, constantText, at = b.column, a.text, n.Left
		}
		if !column.Ordered && n.Operator != "==" && n.Operator != "!=" {
			return term{}, c.errorAt(n, ErrSchema, "the levels of %s have no order, so %s says nothing: use == or in", column.Name, n.Operator)
		}
		level, err := c.level(at, column, constantText)
		if err != nil {
			return term{}, err
		}
		if a.kind == textTerm {
			a = level
		} else {
			b = level
		}
	default:
		return term{}, c.errorAt(n, ErrSchema, "%s compares %v%s with %v%s", n.Operator, a.kind, c.named(a), b.kind, c.named(b))
	}
	return term{kind: truthTerm, eval: func(row []float64) float64 {
		x, y := a.eval(row), b.eval(row)
		switch {
		case math.IsNaN(x) || math.IsNaN(y):
			return math.NaN()
		case f(x, y):
			return 1
		}
		return 0
	}}, nil
}

// level is the index of a level's name as a constant.
func (c *compiler) level(n ast.Node, column Column, name string) (term, error) {
	l := slices.Index(column.Levels, name)
	if l < 0 {
		near := nearest(name, column.Levels)
		if near == "" {
			near = someLevels(column)
		} else {
			near = fmt.Sprintf("did you mean %q?", near)
		}
		return term{}, c.errorAt(n, ErrSchema, "%s is never %q; %s", column.Name, clip(name), near)
	}
	return constantTerm(float64(l)), nil
}

// in is membership in a list of constants.
func (c *compiler) in(n *ast.BinaryNode, x term) (term, error) {
	list, ok := n.Right.(*ast.ArrayNode)
	if !ok || len(list.Nodes) == 0 || x.kind != numberTerm && x.kind != categoryTerm {
		return term{}, c.errorAt(n, ErrSchema, `in wants a column and a list, such as city in ["Leeds", "York"]`)
	}
	members := make(map[float64]bool, len(list.Nodes))
	for _, item := range list.Nodes {
		m, err := c.term(item)
		if err != nil {
			return term{}, err
		}
		if !isConstant(item) || (x.kind == categoryTerm) != (m.kind == textTerm) {
			return term{}, c.errorAt(item, ErrSchema, "the list must hold constants like the values of %s", clip(n.Left.String()))
		}
		if m.kind == textTerm {
			if m, err = c.level(item, x.column, m.text); err != nil {
				return term{}, err
			}
		}
		members[m.eval(nil)] = true
	}
	return term{kind: truthTerm, eval: func(row []float64) float64 {
		v := x.eval(row)
		switch {
		case math.IsNaN(v):
			return v
		case members[v]:
			return 1
		}
		return 0
	}}, nil
}

// isConstant reports whether n is a number, a sign allowed, or text.
func isConstant(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.IntegerNode, *ast.FloatNode, *ast.StringNode:
		return true
	case *ast.UnaryNode:
		return n.Operator == "-" && isConstant(n.Node)
	}
	return false
}

const formulaNames = `abs, exp, floor, log, max, min, sqrt, missing(column) and col("any name")`

var formulaFunctions = map[string]func(x float64) float64{
	"abs": math.Abs, "exp": math.Exp, "floor": math.Floor, "log": math.Log, "sqrt": math.Sqrt,
}

var formulaFolds = map[string]func(a, b float64) float64{"min": math.Min, "max": math.Max}

func (c *compiler) call(n *ast.CallNode) (term, error) {
	callee, ok := n.Callee.(*ast.IdentifierNode)
	if !ok {
		return term{}, c.errorAt(n, ErrSchema, "%q is not a function; there are %s", clip(n.Callee.String()), formulaNames)
	}
	if callee.Value == "col" {
		if name, ok := singleNode(n.Arguments).(*ast.StringNode); ok {
			return c.columnTerm(name, name.Value)
		}
		return term{}, c.errorAt(n, ErrSchema, `col wants the name of a column in quotes: col("Annual income")`)
	}
	args := make([]term, len(n.Arguments))
	for i, a := range n.Arguments {
		var err error
		if args[i], err = c.term(a); err != nil {
			return term{}, err
		}
	}
	if callee.Value == "missing" {
		if len(args) != 1 || args[0].kind == textTerm {
			return term{}, c.errorAt(n, ErrSchema, "missing wants one column")
		}
		return term{kind: truthTerm, eval: func(row []float64) float64 {
			if math.IsNaN(args[0].eval(row)) {
				return 1
			}
			return 0
		}}, nil
	}
	one, fold := formulaFunctions[callee.Value], formulaFolds[callee.Value]
	if !(one != nil && len(args) == 1 || fold != nil && len(args) > 1) {
		return term{}, c.errorAt(n, ErrSchema, "there is no function %s of %s; there are %s", callee.Value, plural(len(args), "argument"), formulaNames)
	}
	for i, a := range args {
		if err := c.want(n.Arguments[i], a, numberTerm, callee.Value); err != nil {
			return term{}, err
		}
	}
	if one != nil {
		return term{eval: func(row []float64) float64 { return orMissing(one(args[0].eval(row))) }}, nil
	}
	return term{eval: func(row []float64) float64 {
		v := args[0].eval(row)
		for _, a := range args[1:] {
			v = fold(v, a.eval(row))
		}
		return v
	}}, nil
}

// singleNode returns the single element of nodes, or nil.
func singleNode(nodes []ast.Node) ast.Node {
	if len(nodes) != 1 {
		return nil
	}
	return nodes[0]
}
