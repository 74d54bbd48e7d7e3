package nb

// The code that a function of the user's depends on, as text: what Memo must not recall once it has changed.

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"runtime"
	"slices"
	"strings"
)

// dependencies returns the source of the function literal f and of every declaration of its file that it can reach,
// sorted. In a notebook the file holds all cells, so a changed parameter, helper or earlier step is noticed, and a new
// cell below is not. Without sources, it is the whole program that counts.
func dependencies(f any) string {
	file, line := runtime.FuncForPC(reflect.ValueOf(f).Pointer()).FileLine(reflect.ValueOf(f).Pointer())
	source, err := os.ReadFile(file)
	if err != nil {
		return executable()
	}
	text, ok := reachable(source, line)
	if !ok {
		return executable()
	}
	return text
}

// reachable collects the declarations that the function starting at the given line can reach.
func reachable(source []byte, line int) (string, bool) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "", source, parser.SkipObjectResolution)
	if err != nil {
		return "", false
	}
	declared := map[string][]ast.Node{} // by name; a method counts with its type
	for _, d := range file.Decls {
		for name, node := range declarations(d) {
			declared[name] = append(declared[name], node)
		}
	}
	start := functionAt(files, file, line)
	if start == nil {
		return "", false
	}
	var texts []string
	seen := map[ast.Node]bool{start: true}
	for todo := []ast.Node{start}; len(todo) > 0; todo = todo[1:] {
		texts = append(texts, string(source[files.Position(todo[0].Pos()).Offset:files.Position(todo[0].End()).Offset]))
		ast.Inspect(todo[0], func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				for _, d := range declared[id.Name] {
					if !seen[d] {
						seen[d] = true
						todo = append(todo, d)
					}
				}
			}
			return true
		})
	}
	slices.Sort(texts)
	return strings.Join(texts, "\n"), true
}

// declarations yields the names that d declares, with the part of the source that says what they are.
func declarations(d ast.Decl) func(yield func(string, ast.Node) bool) {
	return func(yield func(string, ast.Node) bool) {
		switch d := d.(type) {
		case *ast.FuncDecl:
			name := d.Name.Name
			if d.Recv != nil && len(d.Recv.List) == 1 {
				name = receiver(d.Recv.List[0].Type)
			}
			yield(name, d)
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					if !yield(spec.Name.Name, spec) {
						return
					}
				case *ast.ValueSpec:
					var node ast.Node = spec
					if d.Tok == token.CONST {
						node = d // a constant may repeat the expression above it
					}
					for _, name := range spec.Names {
						if !yield(name.Name, node) {
							return
						}
					}
				}
			}
		}
	}
}

// receiver is the name of a method's type.
func receiver(t ast.Expr) string {
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}

// functionAt finds the outermost function that starts at the line.
func functionAt(files *token.FileSet, file *ast.File, line int) (found ast.Node) {
	ast.Inspect(file, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.FuncLit, *ast.FuncDecl:
			if found == nil && files.Position(n.Pos()).Line == line {
				found = n
			}
		}
		return found == nil
	})
	return found
}
