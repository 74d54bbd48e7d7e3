package main

// Where a source file can be changed so that it says something else, and what it says then.

import (
	"crypto/sha256"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strings"
)

// site is one change of one place. Its key holds the text of the line instead of its number, so that work elsewhere in the file leaves it the same.
type site struct {
	file     string // below the module's root, with slashes
	line     int
	text     string // of the line, trimmed
	column   int    // counted from where the text of the line begins
	nth      int    // of the file's sites that are the same so far
	change   string // "< becomes <="
	from, to int    // bytes of the file that are replaced
	with     string
}

func (s site) key() string {
	return fmt.Sprintf("%s\t%s\t%d.%d\t%s", s.file, s.text, s.column, s.nth, s.change)
}

func (s site) String() string {
	return fmt.Sprintf("%s:%d: %s   [%s]", s.file, s.line, s.text, s.change)
}

// rank orders the sites of a sample: by nothing but seed and key, so that a change of the sources replaces few of them.
func (s site) rank(seed int) [32]byte {
	return sha256.Sum256(fmt.Appendf(nil, "%d\t%s", seed, s.key()))
}

// swaps are what operators become: the opposite of an operation, a comparison with its boundary moved, and the comparison's opposite.
var swaps = map[token.Token][]token.Token{
	token.ADD: {token.SUB}, token.SUB: {token.ADD}, token.MUL: {token.QUO}, token.QUO: {token.MUL}, token.REM: {token.MUL},
	token.AND: {token.OR}, token.OR: {token.AND}, token.XOR: {token.AND}, token.SHL: {token.SHR}, token.SHR: {token.SHL},
	token.LSS: {token.LEQ, token.GEQ}, token.LEQ: {token.LSS, token.GTR}, token.GTR: {token.GEQ, token.LEQ}, token.GEQ: {token.GTR, token.LSS},
	token.EQL: {token.NEQ}, token.NEQ: {token.EQL}, token.LAND: {token.LOR}, token.LOR: {token.LAND},
	token.ADD_ASSIGN: {token.SUB_ASSIGN}, token.SUB_ASSIGN: {token.ADD_ASSIGN}, token.MUL_ASSIGN: {token.QUO_ASSIGN}, token.QUO_ASSIGN: {token.MUL_ASSIGN},
	token.AND_ASSIGN: {token.OR_ASSIGN}, token.OR_ASSIGN: {token.AND_ASSIGN}, token.INC: {token.DEC}, token.DEC: {token.INC},
}

// sites lists the changes of a file: operators, numbers, conditions and whole statements.
func sites(root, file string) (out []site, err error) {
	source, err := os.ReadFile(root + "/" + file)
	if err != nil {
		return nil, err
	}
	set := token.NewFileSet()
	f, err := parser.ParseFile(set, file, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	lines, seen := strings.Split(string(source), "\n"), map[string]int{}
	add := func(from, to token.Pos, with, change string) {
		p := set.Position(from)
		text := lines[p.Line-1]
		indent := len(text) - len(strings.TrimLeft(text, "\t "))
		s := site{file, p.Line, strings.TrimSpace(text), p.Column - indent, 0, change, p.Offset, set.Position(to).Offset, with}
		seen[s.key()]++
		s.nth = seen[s.key()]
		out = append(out, s)
	}
	operator := func(at token.Pos, op token.Token) {
		for _, with := range swaps[op] {
			add(at, at+token.Pos(len(op.String())), with.String(), fmt.Sprintf("%s becomes %s", op, with))
		}
	}
	dropped := func(list []ast.Stmt) {
		for _, s := range list {
			switch s := s.(type) {
			case *ast.AssignStmt:
				if s.Tok == token.DEFINE {
					continue
				}
			case *ast.ExprStmt:
				if call, ok := s.X.(*ast.CallExpr); ok && isPanic(call) {
					continue
				}
			case *ast.IncDecStmt:
			case *ast.BranchStmt:
				if s.Tok == token.GOTO || s.Tok == token.FALLTHROUGH {
					continue
				}
			default:
				continue
			}
			from, to := set.Position(s.Pos()).Offset, set.Position(s.End()).Offset
			add(s.Pos(), s.End(), strings.Repeat("\n", strings.Count(string(source[from:to]), "\n")), "statement dropped")
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GenDecl:
			return n.Tok != token.IMPORT
		case *ast.CallExpr:
			return !isPanic(n) // the programmer's own mistakes, which no test makes
		case *ast.BinaryExpr:
			operator(n.OpPos, n.Op)
		case *ast.AssignStmt:
			operator(n.TokPos, n.Tok)
		case *ast.IncDecStmt:
			operator(n.TokPos, n.Tok)
		case *ast.BasicLit:
			if n.Kind == token.INT || n.Kind == token.FLOAT {
				add(n.Pos(), n.End(), "("+n.Value+"+1)", fmt.Sprintf("%s becomes %s+1", n.Value, n.Value))
			}
		case *ast.IfStmt:
			if b, ok := n.Cond.(*ast.BinaryExpr); ok && len(swaps[b.Op]) > 0 && b.Op.Precedence() == token.EQL.Precedence() {
				return true // the opposite comparison is that already
			}
			from, to := set.Position(n.Cond.Pos()).Offset, set.Position(n.Cond.End()).Offset
			add(n.Cond.Pos(), n.Cond.End(), "!("+string(source[from:to])+")", "condition negated")
		case *ast.BlockStmt:
			dropped(n.List)
		case *ast.CaseClause:
			dropped(n.Body)
		}
		return true
	})
	return out, nil
}

func isPanic(call *ast.CallExpr) bool {
	name, ok := call.Fun.(*ast.Ident)
	return ok && name.Name == "panic"
}

// mutated is the file of a site with its change.
func (s site) mutated(root string) ([]byte, error) {
	source, err := os.ReadFile(root + "/" + s.file)
	if err != nil {
		return nil, err
	}
	return slices.Concat(source[:s.from], []byte(s.with), source[s.to:]), nil
}
