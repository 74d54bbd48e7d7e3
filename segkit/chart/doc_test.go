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

// A picture is found by its name: in the file that is called so, or after a picture that it belongs with, and in the list of questions of the documentation.
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
		named, of := 0, 0 // pictures of this file, and those that it is named after
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv != nil || !f.Name.IsExported() || f.Type.Results.NumFields() != 2 {
				continue
			}
			pictures++
			if of++; strings.HasPrefix(strings.ToLower(f.Name.Name), strings.TrimSuffix(source, ".go")) {
				named++
			}
			if words := strings.FieldsFunc(list, func(r rune) bool { return strings.ContainsRune(" ,\n\t/", r) }); !slices.Contains(words, f.Name.Name) {
				t.Errorf("%s answers no question in doc.go", f.Name.Name)
			}
		}
		if of > 0 && named == 0 {
			t.Errorf("%s is named after none of its pictures", source)
		}
	}
	if pictures < 30 {
		t.Errorf("only %d pictures were found", pictures)
	}
}
