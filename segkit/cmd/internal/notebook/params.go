package notebook

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// param is one line `var name = literal` of the cell tagged parameters. Its type is that of the literal.
type param struct {
	name    string
	kind    token.Token // token.INT, FLOAT, STRING, or IDENT for true and false
	literal string      // Go source
}

// parseParams reads a parameters cell. Anything but `var name = literal` with a comment is an error that names the line.
func parseParams(source string) ([]param, error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "", "package p\n"+source, parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("the parameters cell is not Go: %w", err)
	}
	var params []param
	for _, d := range file.Decls {
		line := files.Position(d.Pos()).Line - 1
		p, ok := parseParam(d)
		if !ok {
			return nil, fmt.Errorf("line %d of the parameters cell: want `var name = literal`, with a number, a text in double quotes, true or false", line)
		}
		if slices.ContainsFunc(params, func(q param) bool { return q.name == p.name }) {
			return nil, fmt.Errorf("line %d of the parameters cell: %s appears twice", line, p.name)
		}
		params = append(params, p)
	}
	return params, nil
}

func parseParam(d ast.Decl) (p param, ok bool) {
	g, ok := d.(*ast.GenDecl)
	if !ok || g.Tok != token.VAR || len(g.Specs) != 1 {
		return p, false
	}
	spec := g.Specs[0].(*ast.ValueSpec)
	if spec.Type != nil || len(spec.Names) != 1 || len(spec.Values) != 1 {
		return p, false
	}
	p.name = spec.Names[0].Name
	value, sign := spec.Values[0], ""
	if u, ok := value.(*ast.UnaryExpr); ok && u.Op == token.SUB {
		value, sign = u.X, "-"
	}
	switch v := value.(type) {
	case *ast.BasicLit:
		p.kind, p.literal = v.Kind, sign+v.Value
		return p, slices.Contains([]token.Token{token.INT, token.FLOAT}, v.Kind) || v.Kind == token.STRING && sign == ""
	case *ast.Ident:
		p.kind, p.literal = token.IDENT, v.Name
		return p, sign == "" && (v.Name == "true" || v.Name == "false")
	}
	return p, false
}

// with returns the parameter with a value as typed on a command line.
func (p param) with(value string) (param, error) {
	wrong := func(want string) (param, error) {
		return p, fmt.Errorf("parameter %s = %q: want %s, as in the notebook's %s", p.name, value, want, p.literal)
	}
	switch p.kind {
	case token.INT:
		if _, err := strconv.ParseInt(value, 0, 64); err != nil {
			return wrong("a whole number")
		}
		p.literal = value
	case token.FLOAT:
		f, err := strconv.ParseFloat(value, 64)
		if err != nil || f-f != 0 { // NaN and the infinities have no literal
			return wrong("a number")
		}
		p.literal = strconv.FormatFloat(f, 'g', -1, 64)
		if !strings.ContainsAny(p.literal, ".e") {
			p.literal += ".0" // 2 would make it a whole number
		}
	case token.STRING:
		p.literal = strconv.Quote(value)
	default:
		if value != "true" && value != "false" {
			return wrong("true or false")
		}
		p.literal = value
	}
	return p, nil
}

// text returns the value of a string parameter, and false for the others.
func (p param) Text() (string, bool) {
	if p.kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(p.literal)
	return s, err == nil
}

// parameters returns the notebook's parameters with the given values, and puts a cell that sets them behind the cell
// tagged parameters. A file named in a value is looked for where the command was given, then where the notebook is.
func (n *Notebook) parameters(values map[string]string, folder string) ([]param, error) {
	c, at := n.tagged("parameters")
	if c == nil {
		if len(values) > 0 {
			return nil, fmt.Errorf("no cell is tagged parameters, so no parameter can be set")
		}
		return nil, nil
	}
	params, err := parseParams(string(c.Source))
	if err != nil {
		return nil, err
	}
	var set []string
	for i, p := range params {
		value, ok := values[p.name]
		if !ok {
			continue
		}
		if p.kind == token.STRING {
			value = seenFrom(folder, value)
		}
		if params[i], err = p.with(value); err != nil {
			return nil, err
		}
		set = append(set, fmt.Sprintf("var %s = %s\n", p.name, params[i].literal))
	}
	if len(set) < len(values) {
		return nil, unknownParam(values, params)
	}
	if len(set) == 0 {
		return params, nil
	}
	injected := &Cell{
		Type:     "code",
		ID:       "injected-parameters",
		Metadata: map[string]any{"tags": []any{"injected-parameters"}},
		Outputs:  []*Output{},
		Source:   Text(strings.TrimSuffix(strings.Join(set, ""), "\n")),
	}
	n.Cells = slices.Insert(n.Cells, at+1, injected)
	return params, nil
}

func unknownParam(values map[string]string, params []param) error {
	var names, unknown []string
	for _, p := range params {
		names = append(names, p.name)
	}
	for name := range values {
		if !slices.Contains(names, name) {
			unknown = append(unknown, name)
		}
	}
	slices.Sort(unknown)
	return fmt.Errorf("no parameter is called %s; there are %s", strings.Join(unknown, ", "), strings.Join(names, ", "))
}

// seenFrom returns value as an absolute path when it names a file here but none in the notebook's folder, where the
// notebook will run.
func seenFrom(folder, value string) string {
	if isFile(filepath.Join(folder, value)) || !isFile(value) {
		return value
	}
	if abs, err := filepath.Abs(value); err == nil {
		return abs
	}
	return value
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
