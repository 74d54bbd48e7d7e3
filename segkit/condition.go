package segkit

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/segkit/lab/segkit/internal/formula"
)

// Conditions and formulas over a table's columns, as people write them: `spend > 100 and city in ["Leeds", "York"]`.
//
// The parsed formula is checked against the table's columns before anything is computed, so a misspelt column or level is
// an error and never an empty answer. Values are float64: numbers, level indexes, and truth as 0 or 1, with NaN for
// missing, unknown and undefined alike. Comparing with NaN gives NaN, and and/or/not follow Kleene's three-valued
// logic, as SQL does.

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
	column Column        // of a category
	text   string        // of a text
	tree   *formula.Node // of a whole formula
}

// compiler checks a formula against the columns of a table.
type compiler struct {
	op, source string
	columns    []Column
}

// compile parses source and checks it against the columns of t. op names the caller in errors.
func (t *Table) compile(op, source string) (term, error) {
	if t == nil {
		return term{}, nilError(op, "table")
	}
	c := &compiler{op, source, t.columns}
	n, err := formula.Parse(source)
	if at := (*formula.Error)(nil); errors.As(err, &at) {
		return term{}, c.errorFrom(at.At, ErrSchema, "%s%s", at.Why, c.hint(at.Why))
	}
	whole, err := c.term(n)
	whole.tree = n
	return whole, err
}

// hint is the remedy that beginners need when a formula cannot be read.
func (c *compiler) hint(why string) string {
	if strings.TrimSpace(c.source) == "" {
		return ": write one such as spend > 100"
	}
	for _, column := range c.columns {
		if strings.Contains(why, "cannot stand here") && strings.ContainsFunc(column.Name, notInName) {
			return fmt.Sprintf(" (a column whose name is not one word is written col(%q))", column.Name)
		}
	}
	return ""
}

func notInName(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// errorAt is a sentence about the formula at a node.
func (c *compiler) errorAt(n *formula.Node, sentinel error, format string, args ...any) error {
	return c.errorFrom(n.At, sentinel, format, args...)
}

func (c *compiler) errorFrom(at int, sentinel error, format string, args ...any) error {
	return &CellError{Op: c.op, Err: sentinel,
		Why: fmt.Sprintf("%s, character %d: %s", strconv.Quote(clip(c.source)), at, fmt.Sprintf(format, args...))}
}

// term checks one node and what hangs below it.
func (c *compiler) term(n *formula.Node) (term, error) {
	switch n.Kind {
	case formula.Number:
		return constantTerm(n.Value), nil
	case formula.Truth:
		t := constantTerm(n.Value)
		t.kind = truthTerm
		return t, nil
	case formula.Text:
		return term{kind: textTerm, text: n.Name}, nil
	case formula.Column:
		return c.columnTerm(n, n.Name)
	case formula.Call:
		return c.call(n)
	case formula.Not:
		x, err := c.term(n.Args[0])
		if err == nil && x.kind != truthTerm {
			err = c.errorAt(n, ErrSchema, "%s applies to a condition, and here stands before %v: put the condition in parentheses", n.Name, x.kind)
		}
		return term{kind: truthTerm, eval: func(row []float64) float64 { return 1 - x.eval(row) }}, err
	case formula.Minus:
		x, err := c.term(n.Args[0])
		if x = x.asNumber(); err == nil {
			err = c.want(n, x, numberTerm, "-")
		}
		return term{eval: func(row []float64) float64 { return -x.eval(row) }}, err
	case formula.Binary:
		return c.binary(n)
	}
	return term{}, c.errorAt(n, ErrSchema, `a list can only follow in, as in city in ["Leeds", "York"]`)
}

// asNumber takes a condition for 1 where it holds and 0 where it does not, and is missing where it is unknown.
func (t term) asNumber() term {
	if t.kind == truthTerm {
		t.kind = numberTerm
	}
	return t
}

func constantTerm(v float64) term { return term{eval: func([]float64) float64 { return v }} }

func (c *compiler) columnTerm(n *formula.Node, name string) (term, error) {
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

// want returns an error unless x is of kind k.
func (c *compiler) want(n *formula.Node, x term, k termKind, where string) error {
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
	return quoted(c.Levels)
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

func (c *compiler) binary(n *formula.Node) (term, error) {
	a, err := c.term(n.Args[0])
	if err != nil {
		return term{}, err
	}
	if n.Name == "in" {
		return c.in(n, a)
	}
	b, err := c.term(n.Args[1])
	if err != nil {
		return term{}, err
	}
	if f, ok := formulaArithmetic[n.Name]; ok {
		a, b = a.asNumber(), b.asNumber()
		t := term{eval: func(row []float64) float64 { return orMissing(f(a.eval(row), b.eval(row))) }}
		return t, cmp.Or(c.want(n.Args[0], a, numberTerm, n.Name), c.want(n.Args[1], b, numberTerm, n.Name))
	}
	if _, ok := formulaComparisons[n.Name]; ok {
		return c.compare(n, a, b)
	}
	t := term{kind: truthTerm, eval: func(row []float64) float64 { return kleeneAnd(a.eval(row), b.eval(row)) }}
	if n.Name == "or" { // not (not a and not b)
		t.eval = func(row []float64) float64 { return 1 - kleeneAnd(1-a.eval(row), 1-b.eval(row)) }
	}
	return t, cmp.Or(c.want(n.Args[0], a, truthTerm, n.Name), c.want(n.Args[1], b, truthTerm, n.Name))
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

func (c *compiler) compare(n *formula.Node, a, b term) (term, error) {
	f := formulaComparisons[n.Name]
	switch {
	case a.kind == numberTerm && b.kind == numberTerm:
	case a.kind == categoryTerm && b.kind == textTerm, a.kind == textTerm && b.kind == categoryTerm:
		column, constantText, at := a.column, b.text, n.Args[1]
		if a.kind == textTerm {
			column, constantText, at = b.column, a.text, n.Args[0]
		}
		if !column.Ordered && n.Name != "==" && n.Name != "!=" {
			return term{}, c.errorAt(n, ErrSchema, "the levels of %s have no order, so %s says nothing: use == or in", column.Name, n.Name)
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
		return term{}, c.errorAt(n, ErrSchema, "%s compares %v%s with %v%s", n.Name, a.kind, c.named(a), b.kind, c.named(b))
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
func (c *compiler) level(n *formula.Node, column Column, name string) (term, error) {
	l := slices.Index(column.Levels, name)
	if l < 0 {
		near := nearest(name, column.Levels)
		if code := slices.Index(column.Labels, name); code >= 0 {
			near = column.Levels[code]
		}
		if near == "" {
			near = "it is one of " + someLevels(column)
		} else {
			near = fmt.Sprintf("did you mean %q?", near)
		}
		return term{}, c.errorAt(n, ErrSchema, "%s is never %q; %s", column.Name, clip(name), near)
	}
	return constantTerm(float64(l)), nil
}

// in is membership in a list of constants.
func (c *compiler) in(n *formula.Node, x term) (term, error) {
	list := n.Args[1]
	if list.Kind != formula.List || len(list.Args) == 0 || x.kind != numberTerm && x.kind != categoryTerm {
		return term{}, c.errorAt(n, ErrSchema, `in wants a column and a list, such as city in ["Leeds", "York"]`)
	}
	members := make(map[float64]bool, len(list.Args))
	for _, item := range list.Args {
		m, err := c.term(item)
		if err != nil {
			return term{}, err
		}
		if !isConstant(item) || (x.kind == categoryTerm) != (m.kind == textTerm) {
			return term{}, c.errorAt(item, ErrSchema, "the list must hold constants like the values before it")
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
func isConstant(n *formula.Node) bool {
	return n.Kind == formula.Number || n.Kind == formula.Text || n.Kind == formula.Minus && isConstant(n.Args[0])
}

const formulaNames = `abs, exp, floor, log, max, min, sqrt, if(condition, then, otherwise), missing(column) and col("any name")`

var formulaFunctions = map[string]func(x float64) float64{
	"abs": math.Abs, "exp": math.Exp, "floor": math.Floor, "log": math.Log, "sqrt": math.Sqrt,
}

var formulaFolds = map[string]func(a, b float64) float64{"min": math.Min, "max": math.Max}

func (c *compiler) call(n *formula.Node) (term, error) {
	if n.Name == "col" {
		if len(n.Args) == 1 && n.Args[0].Kind == formula.Text {
			return c.columnTerm(n.Args[0], n.Args[0].Name)
		}
		return term{}, c.errorAt(n, ErrSchema, `col wants the name of a column in quotes: col("Annual income")`)
	}
	args := make([]term, len(n.Args))
	for i, a := range n.Args {
		var err error
		if args[i], err = c.term(a); err != nil {
			return term{}, err
		}
	}
	if n.Name == "if" {
		return c.choice(n, args)
	}
	if n.Name == "missing" {
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
	one, fold := formulaFunctions[n.Name], formulaFolds[n.Name]
	if !(one != nil && len(args) == 1 || fold != nil && len(args) > 1) {
		return term{}, c.errorAt(n, ErrSchema, "there is no function %s of %s; there are %s", n.Name, plural(len(args), "argument"), formulaNames)
	}
	for i, a := range args {
		args[i] = a.asNumber()
		if err := c.want(n.Args[i], args[i], numberTerm, n.Name); err != nil {
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

// choice is if(condition, then, otherwise): numbers, or levels of a category. Where the condition is unknown, so is the choice.
func (c *compiler) choice(n *formula.Node, args []term) (term, error) {
	if len(args) != 3 || args[0].kind != truthTerm {
		return term{}, c.errorAt(n, ErrSchema, "if wants a condition and two values, as in if(spend > 100, 1, 0)")
	}
	then, otherwise := args[1].asNumber(), args[2].asNumber()
	out := term{kind: numberTerm}
	if then.kind != numberTerm || otherwise.kind != numberTerm {
		if then.kind == numberTerm || otherwise.kind == numberTerm {
			return term{}, c.errorAt(n, ErrSchema, "if wants two numbers or two texts, not %v%s and %v%s",
				then.kind, c.named(then), otherwise.kind, c.named(otherwise))
		}
		out.kind, out.column = categoryTerm, Column{Name: "if(…)"}
		otherwise, then = out.among(otherwise), out.among(then) // then comes second, as true does
	}
	out.eval = func(row []float64) float64 {
		switch v := args[0].eval(row); {
		case math.IsNaN(v):
			return v
		case v == 1:
			return then.eval(row)
		}
		return otherwise.eval(row)
	}
	return out, nil
}

// among adds the levels of x, a category or a text, to those of t, and returns x as an index into these.
func (t *term) among(x term) term {
	levels := x.column.Levels
	if x.kind == textTerm {
		levels, x = []string{x.text}, constantTerm(0)
	}
	at := make([]float64, len(levels))
	for l, level := range levels {
		if !slices.Contains(t.column.Levels, level) {
			t.column.Levels = append(t.column.Levels, level)
		}
		at[l] = float64(slices.Index(t.column.Levels, level))
	}
	return term{kind: categoryTerm, eval: func(row []float64) float64 {
		v := x.eval(row)
		if math.IsNaN(v) {
			return v
		}
		return at[int(v)]
	}}
}

// isColumn reports whether n names a column: spend, or col("Annual income").
func isColumn(n *formula.Node) bool {
	return n.Kind == formula.Column || n.Kind == formula.Call && n.Name == "col"
}

// columnName is the column that such a node of a checked formula names.
func columnName(n *formula.Node) string {
	if n.Kind == formula.Call {
		n = n.Args[0]
	}
	return n.Name
}

// columnsOf returns the columns that a checked formula speaks of, as often as it does.
func columnsOf(n *formula.Node) []string {
	if isColumn(n) {
		return []string{columnName(n)}
	}
	var names []string
	for _, a := range n.Args {
		names = append(names, columnsOf(a)...)
	}
	return names
}

// columnsIn returns the columns of t that a formula, which was checked against t, speaks of, in the order in which it does.
func (t *Table) columnsIn(n *formula.Node) []Column {
	var out []Column
	for _, name := range columnsOf(n) {
		j, _ := t.index(name) // it was found before
		out = append(out, t.columns[j])
	}
	return out
}

// speaksOfColumns reports whether the value of n depends on the customer.
func speaksOfColumns(n *formula.Node) bool {
	return isColumn(n) || slices.ContainsFunc(n.Args, speaksOfColumns)
}
