package chart

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A picture is found by its name: in the file that is called so, and in the list of questions of the documentation.
func TestPicturesAreFoundByName(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(doc), "What to draw, by question:")
	sources, _ := filepath.Glob("*.go")
	pictures := 0
	for _, source := range sources {
		if strings.HasSuffix(source, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), source, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv != nil || !f.Name.IsExported() || f.Type.Results.NumFields() != 2 {
				continue
			}
			pictures++
			if !strings.HasPrefix(strings.ToLower(f.Name.Name)+".go", strings.TrimSuffix(source, ".go")) {
				t.Errorf("%s stands in %s", f.Name.Name, source)
			}
			if words := strings.FieldsFunc(list, func(r rune) bool { return strings.ContainsRune(" ,\n\t/", r) }); !slices.Contains(words, f.Name.Name) {
				t.Errorf("%s answers no question in doc.go", f.Name.Name)
			}
		}
	}
	if pictures < 30 {
		t.Errorf("only %d pictures were found", pictures)
	}
}
