package lab

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/printer"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const (
	mostFiles = 25 // of a room, without tests; charts have one a picture
	mostNames = 40 // that a room exports: what Tab shows after its name
)

// rooms returns the folders of all packages that others may import, from the root of the module.
func rooms(t *testing.T) (folders []string) {
	t.Helper()
	for _, root := range []string{"segkit", "datasets"} {
		err := filepath.WalkDir(root, func(path string, e os.DirEntry, err error) error {
			switch {
			case err != nil || !e.IsDir():
				return err
			case slices.Contains([]string{"internal", "testdata", "cmd"}, e.Name()):
				return filepath.SkipDir
			}
			if sources, _ := filepath.Glob(filepath.Join(path, "*.go")); sources != nil {
				folders = append(folders, filepath.ToSlash(path))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return folders
}

// room reads the documentation of one package, and counts its files.
func room(t *testing.T, folder string) (*token.FileSet, *doc.Package, int) {
	t.Helper()
	set := token.NewFileSet()
	sources, _ := filepath.Glob(filepath.Join(folder, "*.go"))
	var files []*ast.File
	for _, source := range sources {
		if strings.HasSuffix(source, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(set, source, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	p, err := doc.NewFromFiles(set, files, module+"/"+folder)
	if err != nil {
		t.Fatal(err)
	}
	return set, p, len(files)
}

// names lists the exported names of a package with what they are: functions and methods with their signatures.
func names(t *testing.T, set *token.FileSet, p *doc.Package) (out []string) {
	t.Helper()
	say := func(n ast.Node) string {
		var b strings.Builder
		if err := printer.Fprint(&b, set, n); err != nil {
			t.Fatal(err)
		}
		return strings.Join(strings.Fields(b.String()), " ")
	}
	funcs := func(all []*doc.Func) {
		for _, f := range all {
			f.Decl.Body, f.Decl.Doc = nil, nil
			out = append(out, say(f.Decl))
		}
	}
	values := func(all []*doc.Value, kind string) {
		for _, v := range all {
			for _, name := range v.Names {
				if token.IsExported(name) {
					out = append(out, kind+" "+name)
				}
			}
		}
	}
	values(p.Consts, "const")
	values(p.Vars, "var")
	funcs(p.Funcs)
	for _, typ := range p.Types {
		out = append(out, "type "+typ.Name)
		values(typ.Consts, "const")
		values(typ.Vars, "var")
		funcs(typ.Funcs)
		funcs(typ.Methods)
	}
	slices.Sort(out)
	return out
}

// What the project exports changes only on purpose: this listing changes with it, in the same commit.
func TestExportedNamesAreThoseListed(t *testing.T) {
	var b strings.Builder
	for _, folder := range rooms(t) {
		set, p, _ := room(t, folder)
		b.WriteString(folder + "\n")
		for _, name := range names(t, set, p) {
			b.WriteString("\t" + name + "\n")
		}
	}
	const path = "testdata/api.txt"
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	have, listed := strings.Split(b.String(), "\n"), strings.Split(string(want), "\n")
	for _, name := range have {
		if !slices.Contains(listed, name) {
			t.Errorf("new, or changed: %s", strings.TrimSpace(name))
		}
	}
	for _, name := range listed {
		if !slices.Contains(have, name) {
			t.Errorf("gone, or changed: %s", strings.TrimSpace(name))
		}
	}
	if t.Failed() {
		t.Log("if that is meant: go test . -run Exported -update, and a line in CHANGELOG.md")
	}
}

// A room is small enough to be known, and says in its first sentence what it is for.
func TestRoomsAreSmall(t *testing.T) {
	for _, folder := range rooms(t) {
		set, p, files := room(t, folder)
		exported := slices.DeleteFunc(names(t, set, p), func(name string) bool { return strings.HasPrefix(name, "func (") })
		if folder != "segkit/chart" && (files > mostFiles || len(exported) > mostNames) {
			t.Errorf("%s has %d files and %d exported names: at most %d and %d", folder, files, len(exported), mostFiles, mostNames)
		}
		if !strings.HasPrefix(p.Doc, "Package "+p.Name+" ") {
			t.Errorf("%s does not say what it is for", folder)
		}
	}
}

// A notebook's variable cannot have the name of a package that it imports: packages keep out of the lessons' vocabulary.
func TestPackagesLeaveTheLessonsTheirVariables(t *testing.T) {
	lessons, _ := filepath.Glob("notebooks/*.ipynb")
	variables, imports := map[string]string{}, ""
	for _, lesson := range lessons {
		text, err := os.ReadFile(lesson)
		if err != nil {
			t.Fatal(err)
		}
		imports += string(text)
		for _, m := range regexp.MustCompile(`"(?:var )?(\w+)(?:, \w+)* (?::)?= `).FindAllStringSubmatch(string(text), -1) {
			variables[m[1]] = lesson
		}
	}
	for _, word := range []string{"orders", "clean", "customers", "recipe", "sweep", "model", "segments", "profile", "rules", "verdict", "next"} {
		variables[word] = "the lessons' vocabulary"
	}
	for _, folder := range rooms(t) {
		_, p, _ := room(t, folder)
		if by := variables[p.Name]; by != "" && strings.Contains(imports, module+"/"+folder+`\"`) {
			t.Errorf("%s has the name of a variable of %s", folder, by)
		}
	}
}
