// Package formula parses the conditions and formulas that people write over a table's columns:
// `spend > 100 and city in ["Leeds", "York"]`. It knows no table: names and kinds are checked by the caller.
//
// The tokens are those of expr-lang/expr, whose lexer serves here; its parser does not, because it carries expr's run time
// along and with it 5 MB and 0.15 s of linking, which every notebook cell would pay.
package formula

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser/lexer"
)

// Kind says what a Node is.
type Kind uint8

const (
	Number Kind = iota // Value
	Text               // Name is the text
	Truth              // Value is 0 or 1
	Column             // Name
	Call               // Name of the function, Args
	List               // Args
	Not                // Args[0]; Name is "not" or "!"
	Minus              // Args[0]
	Binary             // Name is the operator, one of + - * / == != < <= > >= and or in; Args[0], Args[1]
)

// Node is a part of a formula.
type Node struct {
	Kind  Kind
	Name  string
	Value float64
	Args  []*Node
	At    int // character of the source it stands at, from 1
}

// Error says what cannot be read, and where.
type Error struct {
	At  int // character of the source, from 1
	Why string
}

func (e *Error) Error() string { return fmt.Sprintf("character %d: %s", e.At, e.Why) }

// maxDepth bounds the parser's recursion.
const maxDepth = 200

// Parse reads a formula. From loose to tight: or; and; not; comparisons and in; + and -; * and /; signs. Comparisons may be
// chained (0 < x < 3). && || ! are other spellings of and, or and not, ! binding as tightly as a sign. The error is an *Error.
func Parse(source string) (*Node, error) {
	tokens, err := lexer.Lex(file.NewSource(source))
	if err != nil {
		var at *file.Error
		if errors.As(err, &at) {
			return nil, &Error{at.From + 1, fmt.Sprintf("%.100s", at.Message)}
		}
		return nil, &Error{1, err.Error()}
	}
	p := &parser{tokens: tokens, end: len([]rune(source)) + 1}
	n, err := p.or()
	if err != nil {
		return nil, err
	}
	if !p.now().Is(lexer.EOF) {
		return nil, p.unexpected()
	}
	return n, nil
}

type parser struct {
	tokens []lexer.Token // the last one is EOF
	next   int
	depth  int
	end    int // character behind the last one
}

func (p *parser) now() lexer.Token { return p.tokens[p.next] }

// at is the character where the current token stands.
func (p *parser) at() int {
	if p.now().Is(lexer.EOF) {
		return p.end
	}
	return p.now().From + 1
}

// take returns the current token's value and moves on if it is one of the operators.
func (p *parser) take(operators ...string) (string, bool) {
	t := p.now()
	if !t.Is(lexer.Operator, operators...) {
		return "", false
	}
	p.next++
	return t.Value, true
}

// bracket moves on if the current token is the given bracket.
func (p *parser) bracket(b string) bool {
	if p.now().Is(lexer.Bracket, b) {
		p.next++
		return true
	}
	return false
}

// ours says how a formula puts what SQL, pandas and spreadsheets write in another way.
var ours = map[string]string{
	"=":       "equality is written ==",
	"&":       "where both must hold, write and",
	"|":       "where one of two must hold, write or",
	"is":      "whether a value is missing is asked by missing(column)",
	"between": "a range is written as two comparisons: age >= 20 and age <= 30",
	"like":    "texts are compared as a whole, with == or in",
}

func (p *parser) unexpected() error {
	switch t := p.now(); {
	case t.Is(lexer.EOF):
		return &Error{p.end, "the formula ends too early"}
	case t.Is(lexer.Operator, ">") && p.next > 0 && p.tokens[p.next-1].Is(lexer.Operator, "<"):
		return &Error{p.at(), "that two values differ is written !="}
	case ours[strings.ToLower(t.Value)] != "" && !t.Is(lexer.String):
		return &Error{p.at(), ours[strings.ToLower(t.Value)]}
	default:
		return &Error{p.at(), fmt.Sprintf("%.60q cannot stand here", t.Value)}
	}
}

func (p *parser) or() (*Node, error)  { return p.left(p.and, "or", "or", "||") }
func (p *parser) and() (*Node, error) { return p.left(p.not, "and", "and", "&&") }
func (p *parser) sum() (*Node, error) { return p.left(p.product, "", "+", "-") }
func (p *parser) product() (*Node, error) {
	return p.left(p.sign, "", "*", "/")
}

// left parses operands of a tighter level joined by operators, from left to right; name is the one name of all of them, or "".
func (p *parser) left(tighter func() (*Node, error), name string, operators ...string) (*Node, error) {
	n, err := tighter()
	for err == nil {
		at := p.at()
		op, ok := p.take(operators...)
		if !ok {
			break
		}
		if name != "" {
			op = name
		}
		n, err = p.binary(op, at, n, tighter)
	}
	return n, err
}

func (p *parser) binary(op string, at int, left *Node, right func() (*Node, error)) (*Node, error) {
	r, err := right()
	return &Node{Kind: Binary, Name: op, Args: []*Node{left, r}, At: at}, err
}

func (p *parser) not() (*Node, error) {
	at := p.at()
	if _, ok := p.take("not"); ok {
		return p.deeper(func() (*Node, error) {
			n, err := p.not()
			return &Node{Kind: Not, Name: "not", Args: []*Node{n}, At: at}, err
		})
	}
	return p.comparison()
}

// comparison parses one, or a chain of them: a < b < c is a < b and b < c.
func (p *parser) comparison() (*Node, error) {
	n, err := p.sum()
	if err != nil {
		return nil, err
	}
	at := p.at()
	if p.now().Is(lexer.Operator, "not") { // only "not in" can follow a value
		p.next++
		if _, ok := p.take("in"); !ok {
			return nil, p.unexpected()
		}
		in, err := p.binary("in", at, n, p.sum)
		return &Node{Kind: Not, Name: "not", Args: []*Node{in}, At: at}, err
	}
	if _, ok := p.take("in"); ok {
		return p.binary("in", at, n, p.sum)
	}
	var chain *Node
	for {
		at := p.at()
		op, ok := p.take("==", "!=", "<", "<=", ">", ">=")
		if !ok {
			break
		}
		link, err := p.binary(op, at, n, p.sum)
		if err != nil {
			return nil, err
		}
		if n = link.Args[1]; chain == nil {
			chain = link
		} else {
			chain = &Node{Kind: Binary, Name: "and", Args: []*Node{chain, link}, At: at}
		}
	}
	if chain != nil {
		return chain, nil
	}
	return n, nil
}

func (p *parser) sign() (*Node, error) {
	at := p.at()
	op, ok := p.take("-", "+", "!")
	if !ok {
		return p.value()
	}
	return p.deeper(func() (*Node, error) {
		n, err := p.sign()
		switch op {
		case "-":
			n = &Node{Kind: Minus, Args: []*Node{n}, At: at}
		case "!":
			n = &Node{Kind: Not, Name: op, Args: []*Node{n}, At: at}
		}
		return n, err
	})
}

// deeper parses one level further down.
func (p *parser) deeper(parse func() (*Node, error)) (*Node, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, &Error{p.at(), fmt.Sprintf("more than %d levels deep", maxDepth)}
	}
	n, err := parse()
	p.depth--
	return n, err
}

func (p *parser) value() (*Node, error) {
	t, at := p.now(), p.at()
	switch {
	case p.bracket("("):
		n, err := p.deeper(p.or)
		if err == nil && !p.bracket(")") {
			err = p.unexpected()
		}
		return n, err
	case p.bracket("["):
		args, err := p.list("]")
		return &Node{Kind: List, Args: args, At: at}, err
	case t.Is(lexer.Number):
		p.next++
		v, err := strconv.ParseFloat(t.Value, 64)
		if err != nil || strings.ContainsAny(t.Value, "xX") {
			return nil, &Error{at, fmt.Sprintf("%.60q is not a plain decimal number", t.Value)}
		}
		return &Node{Kind: Number, Value: v, At: at}, nil
	case t.Is(lexer.String):
		p.next++
		return &Node{Kind: Text, Name: t.Value, At: at}, nil
	case t.Is(lexer.Identifier), t.Is(lexer.Operator, "if"):
		p.next++
		if p.bracket("(") {
			args, err := p.list(")")
			return &Node{Kind: Call, Name: t.Value, Args: args, At: at}, err
		}
		switch t.Value {
		case "if":
			return nil, &Error{at, "if is written as a function: if(condition, then, otherwise)"}
		case "true":
			return &Node{Kind: Truth, Value: 1, At: at}, nil
		case "false":
			return &Node{Kind: Truth, At: at}, nil
		}
		return &Node{Kind: Column, Name: t.Value, At: at}, nil
	}
	return nil, p.unexpected()
}

// list parses values separated by commas up to the closing bracket.
func (p *parser) list(closing string) ([]*Node, error) {
	var args []*Node
	if p.bracket(closing) {
		return nil, nil
	}
	for {
		n, err := p.deeper(p.or)
		if err != nil {
			return nil, err
		}
		args = append(args, n)
		if p.bracket(closing) {
			return args, nil
		}
		if _, ok := p.take(","); !ok {
			return nil, p.unexpected()
		}
	}
}
