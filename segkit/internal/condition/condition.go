// Package condition checks and evaluates conditions and formulas over a table's columns, as people write them:
// `spend > 100 and city in ["Leeds", "York"]`.
//
// The parsed formula is checked against the table's columns before anything is computed, so a misspelt column or level is
// an error and never an empty answer. Values are float64: numbers, level indexes, and truth as 0 or 1, with NaN for
// missing, unknown and undefined alike. Comparing with NaN gives NaN, and and/or/not follow Kleene's three-valued
// logic, as SQL does.
package condition

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/formula"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/internal/wording"
)

// Kind is what a term of a formula stands for.
type Kind int

const (
	Number   Kind = iota
	Truth         // 0, 1 or NaN
	Category      // a categorical Column: indexes into its levels
	Text          // a constant, to be compared with a category
)

func (k Kind) String() string {
	return [...]string{"a number", "a condition", "a category", "text"}[k]
}

// Term is a checked part of a formula.
type Term struct {
	Kind   Kind
	Eval   func(row []float64) float64
	Column Column        // of a category
	Text   string        // of a text
	Tree   *formula.Node // of a whole formula
}

// Column is what a formula can know of a column: its name, the levels of a category (nil for a number), and the words that people
// read for them (as many as levels, or nil), which a formula does not take.
type Column struct {
	Name           string
	Levels, Labels []string
	Ordered        bool // the order of the levels means something
}

// Compiler checks a formula against the columns of a table.
type Compiler struct {
	op, source string
	Columns    []Column
}

// Compile parses source and checks it against columns. op names the caller in errors.
func Compile(op, source string, columns []Column) (Term, error) {
	c := &Compiler{op, source, columns}
	n, err := formula.Parse(source)
	if at := (*formula.Error)(nil); errors.As(err, &at) {
		return Term{}, c.errorFrom(at.At, fault.ErrCondition, "%s%s", at.Why, c.hint(at.Why))
	}
	whole, err := c.Term(n)
	whole.Tree = n
	return whole, err
}

// hint is the remedy that beginners need when a formula cannot be read.
func (c *Compiler) hint(why string) string {
	if strings.TrimSpace(c.source) == "" {
		return ": write one such as spend > 100"
	}
	for _, column := range c.Columns {
		if strings.Contains(why, "cannot stand here") && strings.ContainsFunc(column.Name, wording.NotInName) {
			return fmt.Sprintf(" (a column whose name is not one word is written col(%q))", column.Name)
		}
	}
	return ""
}

// errorAt is a sentence about the formula at a node.
func (c *Compiler) errorAt(n *formula.Node, sentinel error, format string, args ...any) error {
	return c.errorFrom(n.At, sentinel, format, args...)
}

func (c *Compiler) errorFrom(at int, sentinel error, format string, args ...any) error {
	return &fault.CellError{Op: c.op, Err: sentinel,
		Why: fmt.Sprintf("%s, character %d: %s", wording.Code(wording.Clip(c.source)), at, fmt.Sprintf(format, args...))}
}

// Term checks one node and what hangs below it.
func (c *Compiler) Term(n *formula.Node) (Term, error) {
	switch n.Kind {
	case formula.Number:
		return constantTerm(n.Value), nil
	case formula.Truth:
		t := constantTerm(n.Value)
		t.Kind = Truth
		return t, nil
	case formula.Text:
		return Term{Kind: Text, Text: n.Name}, nil
	case formula.Column:
		return c.columnTerm(n, n.Name)
	case formula.Call:
		return c.call(n)
	case formula.Not:
		x, err := c.Term(n.Args[0])
		if err == nil && x.Kind != Truth {
			err = c.errorAt(n, fault.ErrCondition, "%s applies to a condition, but here it is before %v: put the condition in parentheses", n.Name, x.Kind)
		}
		return Term{Kind: Truth, Eval: func(row []float64) float64 { return 1 - x.Eval(row) }}, err
	case formula.Minus:
		x, err := c.Term(n.Args[0])
		if x = x.asNumber(); err == nil {
			err = c.want(n, x, Number, "-")
		}
		return Term{Eval: func(row []float64) float64 { return -x.Eval(row) }}, err
	case formula.Binary:
		return c.binary(n)
	}
	return Term{}, c.errorAt(n, fault.ErrCondition, `a list can only follow in, as in city in ["Leeds", "York"]`)
}

// asNumber takes a condition for 1 where it holds and 0 where it does not, and is missing where it is unknown.
func (t Term) asNumber() Term {
	if t.Kind == Truth {
		t.Kind = Number
	}
	return t
}

func constantTerm(v float64) Term { return Term{Eval: func([]float64) float64 { return v }} }

func (c *Compiler) columnTerm(n *formula.Node, name string) (Term, error) {
	names := make([]string, len(c.Columns))
	for j, column := range c.Columns {
		if names[j] = column.Name; names[j] != name {
			continue
		}
		t := Term{Kind: Number, Column: column, Eval: func(row []float64) float64 { return row[j] }}
		if column.Levels != nil {
			t.Kind = Category
		}
		return t, nil
	}
	return Term{}, c.errorAt(n, fault.ErrMissingColumn, "no column %q%s", wording.Clip(name), suggest.Suggestion(name, names))
}

// want returns an error unless x is of kind k.
func (c *Compiler) want(n *formula.Node, x Term, k Kind, where string) error {
	if x.Kind == k {
		return nil
	}
	return c.errorAt(n, fault.ErrCondition, "%s wants %v, not %v%s", where, k, x.Kind, c.named(x))
}

// named tells which category or text a term is.
func (c *Compiler) named(x Term) string {
	switch x.Kind {
	case Category:
		return fmt.Sprintf(" (%s is one of %s)", x.Column.Name, someLevels(x.Column))
	case Text:
		return fmt.Sprintf(" (%q)", wording.Clip(x.Text))
	}
	return ""
}

func someLevels(c Column) string {
	const most = 8
	if len(c.Levels) > most {
		return fmt.Sprintf("%q and %d others", c.Levels[:most], len(c.Levels)-most)
	}
	return wording.Quoted(c.Levels)
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

func (c *Compiler) binary(n *formula.Node) (Term, error) {
	a, err := c.Term(n.Args[0])
	if err != nil {
		return Term{}, err
	}
	if n.Name == "in" {
		return c.in(n, a)
	}
	b, err := c.Term(n.Args[1])
	if err != nil {
		return Term{}, err
	}
	if f, ok := formulaArithmetic[n.Name]; ok {
		a, b = a.asNumber(), b.asNumber()
		t := Term{Eval: func(row []float64) float64 { return orMissing(f(a.Eval(row), b.Eval(row))) }}
		return t, cmp.Or(c.want(n.Args[0], a, Number, n.Name), c.want(n.Args[1], b, Number, n.Name))
	}
	if _, ok := formulaComparisons[n.Name]; ok {
		return c.compare(n, a, b)
	}
	t := Term{Kind: Truth, Eval: func(row []float64) float64 { return kleeneAnd(a.Eval(row), b.Eval(row)) }}
	if n.Name == "or" { // not (not a and not b)
		t.Eval = func(row []float64) float64 { return 1 - kleeneAnd(1-a.Eval(row), 1-b.Eval(row)) }
	}
	return t, cmp.Or(c.want(n.Args[0], a, Truth, n.Name), c.want(n.Args[1], b, Truth, n.Name))
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

func (c *Compiler) compare(n *formula.Node, a, b Term) (Term, error) {
	f := formulaComparisons[n.Name]
	switch {
	case a.Kind == Number && b.Kind == Number:
	case a.Kind == Category && b.Kind == Text, a.Kind == Text && b.Kind == Category:
		column, constantText, at := a.Column, b.Text, n.Args[1]
		if a.Kind == Text {
			column, constantText, at = b.Column, a.Text, n.Args[0]
		}
		if !column.Ordered && n.Name != "==" && n.Name != "!=" {
			return Term{}, c.errorAt(n, fault.ErrCondition, "the levels of %s have no order, so %s says nothing: use == or in", column.Name, n.Name)
		}
		level, err := c.level(at, column, constantText)
		if err != nil {
			return Term{}, err
		}
		if a.Kind == Text {
			a = level
		} else {
			b = level
		}
	default:
		return Term{}, c.errorAt(n, fault.ErrCondition, "%s compares %v%s with %v%s", n.Name, a.Kind, c.named(a), b.Kind, c.named(b))
	}
	return Term{Kind: Truth, Eval: func(row []float64) float64 {
		x, y := a.Eval(row), b.Eval(row)
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
func (c *Compiler) level(n *formula.Node, column Column, name string) (Term, error) {
	l := slices.Index(column.Levels, name)
	if l < 0 {
		near := suggest.Nearest(name, column.Levels)
		if code := slices.Index(column.Labels, name); code >= 0 {
			near = column.Levels[code]
		}
		if near == "" {
			near = "it is one of " + someLevels(column)
		} else {
			near = fmt.Sprintf("did you mean %q?", near)
		}
		return Term{}, c.errorAt(n, fault.ErrCondition, "%s is never %q; %s", column.Name, wording.Clip(name), near)
	}
	return constantTerm(float64(l)), nil
}

// in is membership in a list of constants.
func (c *Compiler) in(n *formula.Node, x Term) (Term, error) {
	list := n.Args[1]
	if list.Kind != formula.List || len(list.Args) == 0 || x.Kind != Number && x.Kind != Category {
		return Term{}, c.errorAt(n, fault.ErrCondition, `in needs a column and a list, such as city in ["Leeds", "York"]`)
	}
	members := make(map[float64]bool, len(list.Args))
	for _, item := range list.Args {
		m, err := c.Term(item)
		if err != nil {
			return Term{}, err
		}
		if !isConstant(item) || (x.Kind == Category) != (m.Kind == Text) {
			return Term{}, c.errorAt(item, fault.ErrCondition, "the list must hold constants like the values before it")
		}
		if m.Kind == Text {
			if m, err = c.level(item, x.Column, m.Text); err != nil {
				return Term{}, err
			}
		}
		members[m.Eval(nil)] = true
	}
	return Term{Kind: Truth, Eval: func(row []float64) float64 {
		v := x.Eval(row)
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

const formulaNames = `abs, exp, floor, log, max, min, sqrt, if(condition, then, otherwise), missing(column), days_since(column, "2024-03-31") and col("any name")`

var formulaFunctions = map[string]func(x float64) float64{
	"abs": math.Abs, "exp": math.Exp, "floor": math.Floor, "log": math.Log, "sqrt": math.Sqrt,
}

var formulaFolds = map[string]func(a, b float64) float64{"min": math.Min, "max": math.Max}

func (c *Compiler) call(n *formula.Node) (Term, error) {
	if n.Name == "col" {
		if len(n.Args) == 1 && n.Args[0].Kind == formula.Text {
			return c.columnTerm(n.Args[0], n.Args[0].Name)
		}
		return Term{}, c.errorAt(n, fault.ErrCondition, `col needs the name of a column in quotes: col("Annual income")`)
	}
	if n.Name == DaysSince {
		return c.daysSince(n)
	}
	args := make([]Term, len(n.Args))
	for i, a := range n.Args {
		var err error
		if args[i], err = c.Term(a); err != nil {
			return Term{}, err
		}
	}
	if n.Name == "if" {
		return c.choice(n, args)
	}
	if n.Name == "missing" {
		if len(args) != 1 || args[0].Kind == Text {
			return Term{}, c.errorAt(n, fault.ErrCondition, "missing needs one column")
		}
		return Term{Kind: Truth, Eval: func(row []float64) float64 {
			if math.IsNaN(args[0].Eval(row)) {
				return 1
			}
			return 0
		}}, nil
	}
	one, fold := formulaFunctions[n.Name], formulaFolds[n.Name]
	if !(one != nil && len(args) == 1 || fold != nil && len(args) > 1) {
		return Term{}, c.errorAt(n, fault.ErrCondition, "there is no function %s of %s; there are %s", n.Name, wording.Plural(len(args), "argument"), formulaNames)
	}
	for i, a := range args {
		args[i] = a.asNumber()
		if err := c.want(n.Args[i], args[i], Number, n.Name); err != nil {
			return Term{}, err
		}
	}
	if one != nil {
		return Term{Eval: func(row []float64) float64 { return orMissing(one(args[0].Eval(row))) }}, nil
	}
	return Term{Eval: func(row []float64) float64 {
		v := args[0].Eval(row)
		for _, a := range args[1:] {
			v = fold(v, a.Eval(row))
		}
		return v
	}}, nil
}

// choice is if(condition, then, otherwise): numbers, or levels of a category. Where the condition is unknown, so is the choice.
func (c *Compiler) choice(n *formula.Node, args []Term) (Term, error) {
	if len(args) != 3 || args[0].Kind != Truth {
		return Term{}, c.errorAt(n, fault.ErrCondition, "if needs a condition and two values, as in if(spend > 100, 1, 0)")
	}
	then, otherwise := args[1].asNumber(), args[2].asNumber()
	out := Term{Kind: Number}
	if then.Kind != Number || otherwise.Kind != Number {
		if then.Kind == Number || otherwise.Kind == Number {
			return Term{}, c.errorAt(n, fault.ErrCondition, "if needs two numbers or two texts, not %v%s and %v%s",
				then.Kind, c.named(then), otherwise.Kind, c.named(otherwise))
		}
		out.Kind, out.Column = Category, Column{Name: "if(…)"}
		otherwise, then = out.among(otherwise), out.among(then) // then comes second, as true does
	}
	out.Eval = func(row []float64) float64 {
		switch v := args[0].Eval(row); {
		case math.IsNaN(v):
			return v
		case v == 1:
			return then.Eval(row)
		}
		return otherwise.Eval(row)
	}
	return out, nil
}

// among adds the levels of x, a category or a text, to those of t, and returns x as an index into these.
func (t *Term) among(x Term) Term {
	levels := x.Column.Levels
	if x.Kind == Text {
		levels, x = []string{x.Text}, constantTerm(0)
	}
	at := make([]float64, len(levels))
	for l, level := range levels {
		if !slices.Contains(t.Column.Levels, level) {
			t.Column.Levels = append(t.Column.Levels, level)
		}
		at[l] = float64(slices.Index(t.Column.Levels, level))
	}
	return Term{Kind: Category, Eval: func(row []float64) float64 {
		v := x.Eval(row)
		if math.IsNaN(v) {
			return v
		}
		return at[int(v)]
	}}
}

// IsColumn reports whether n names a Column: spend, or col("Annual income").
func IsColumn(n *formula.Node) bool {
	return n.Kind == formula.Column || n.Kind == formula.Call && n.Name == "col"
}

// ColumnName is the column that such a node of a checked formula names.
func ColumnName(n *formula.Node) string {
	if n.Kind == formula.Call {
		n = n.Args[0]
	}
	return n.Name
}

// ColumnsOf returns the columns that a checked formula speaks of, as often as it does.
func ColumnsOf(n *formula.Node) []string {
	if IsColumn(n) {
		return []string{ColumnName(n)}
	}
	var names []string
	for _, a := range n.Args {
		names = append(names, ColumnsOf(a)...)
	}
	return names
}

// SpeaksOfColumns reports whether the value of n depends on the customer.
func SpeaksOfColumns(n *formula.Node) bool {
	return IsColumn(n) || slices.ContainsFunc(n.Args, SpeaksOfColumns)
}

// Name is a column's name as formulas write it.
func Name(name string) string {
	if n, err := formula.Parse(name); err == nil && n.Kind == formula.Column && n.Name == name {
		return name
	}
	return fmt.Sprintf("col(%s)", strconv.Quote(name))
}
