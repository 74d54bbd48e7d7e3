package lab

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// calls lists the calls of functions of a standard package, by file.
func calls(t *testing.T, pkg string, functions ...string) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	for _, top := range []string{"datasets", "internal", "segkit"} {
		sources(t, top, func(path string, file *ast.File) {
			ast.Inspect(file, func(n ast.Node) bool {
				if s, ok := n.(*ast.SelectorExpr); ok && slices.Contains(functions, s.Sel.Name) {
					if x, ok := s.X.(*ast.Ident); ok && x.Name == pkg {
						found[path] = append(found[path], s.Sel.Name)
					}
				}
				return true
			})
		})
	}
	return found
}

// sources reads what people use below a folder, without tests and without what makes test data.
func sources(t *testing.T, top string, read func(path string, file *ast.File)) {
	t.Helper()
	err := filepath.WalkDir(top, func(path string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && (e.Name() == "testdata" || filepath.ToSlash(path) == "datasets/internal/remake"):
			return fs.SkipDir
		case !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err == nil {
			read(filepath.ToSlash(path), file)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// compared says which files do what only the named ones may, and which no longer do.
func compared(t *testing.T, found map[string][]string, may map[string]string) {
	t.Helper()
	for file, functions := range found {
		if may[file] == "" {
			t.Errorf("%s calls %s", file, strings.Join(functions, ", "))
		}
	}
	for file := range may {
		if found[file] == nil {
			t.Errorf("%s no longer does: take it off the list", file)
		}
	}
}

// Whoever writes does so through internal/atomicfile: whole or not at all, for its owner alone while it is in the making, and
// cleared away by the next run when it was killed. The others write into what atomicfile has made.
func TestFilesAreWrittenWholeOrNotAtAll(t *testing.T) {
	compared(t, calls(t, "os", "Create", "WriteFile", "OpenFile", "CreateTemp", "MkdirTemp", "Rename", "Symlink", "Link", "Truncate"), map[string]string{
		"internal/atomicfile/atomicfile.go":                     "is it",
		"internal/atomicfile/left.go":                           "is it",
		"internal/atomicfile/folder.go":                         "is it",
		"internal/atomicfile/lock_unix.go":                      "is it",
		"internal/atomicfile/lock_other.go":                     "is it",
		"datasets/download/download.go":                         "keeps what came before a cut, so that the next run goes on from there, and what came wrong",
		"segkit/report/files.go":                                "fills a folder in the making",
		"segkit/cmd/segkit/project.go":                          "fills a folder in the making",
		"segkit/cmd/segkit/inspect.go":                          "fills a temporary folder",
		"segkit/cmd/internal/browser/pdf.go":                    "fills a temporary folder",
		"segkit/nb/kernel.go":                                   "opens the kernel's pipe",
		"segkit/cmd/segkit-engine/internal/enginetest/store.go": "is for tests",
		"segkit/internal/killed/killed.go":                      "is for tests",
	})
}

// Results and names of files do not depend on the clock, which may jump.
func TestOnlyTheseReadTheClock(t *testing.T) {
	compared(t, calls(t, "time", "Now", "Since", "Until"), map[string]string{
		"segkit/nb/store.go":                         "notes when a result was asked for last: which one is forgotten first, where there are too many",
		"segkit/nb/progress.go":                      "names a bar on the screen",
		"segkit/internal/progressbar/progressbar.go": "says how long something may take still",
		"segkit/cmd/internal/notebook/run.go":        "notes in the record of a run when it was and how long it took",
		"segkit/cmd/segkit/nb.go":                    "says how long a run took",
		"segkit/internal/killed/killed.go":           "is for tests",
	})
}

// Nothing leaves the machine but what was asked for: a data set is fetched, a database is asked. Nothing else knows how to open a connection.
func TestOnlyTheseReachOut(t *testing.T) {
	reach := map[string][]string{}
	for _, top := range []string{"datasets", "internal", "segkit"} {
		sources(t, top, func(path string, file *ast.File) {
			for _, imported := range file.Imports {
				switch name := strings.Trim(imported.Path.Value, `"`); {
				case name == "net" || strings.HasPrefix(name, "net/") && name != "net/url", strings.HasPrefix(name, "github.com/jackc/pgx"), strings.HasPrefix(name, "github.com/trinodb"):
					reach[path] = append(reach[path], name)
				}
			}
		})
	}
	compared(t, reach, map[string]string{
		"datasets/download/download.go":                        "fetches a data set that somebody asks for, and believes nothing but its checksum",
		"segkit/cmd/segkit-engine/internal/connect/connect.go": "opens the database that --engine names",
		"segkit/cmd/segkit-engine/internal/connect/refused.go": "tells errors of connections apart",
		"segkit/engine/refused.go":                             "tells errors of connections apart",
	})
}

// Sheets, notes and messages have straight quotation marks, which can be copied into code; charts and reports, which are printed, have curly ones. So no text has
// both: charts write what they take from a sheet with curly marks.
func TestQuotationMarksAreOfOneKind(t *testing.T) {
	curly := regexp.MustCompile(`[“„][^“„”]+[”“]`)
	for _, top := range []string{"datasets", "internal", "segkit"} {
		sources(t, top, func(path string, file *ast.File) {
			if strings.HasPrefix(path, "segkit/chart/") || strings.HasPrefix(path, "segkit/report/") {
				return
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if text, ok := n.(*ast.BasicLit); ok && text.Kind == token.STRING && curly.MatchString(text.Value) {
					t.Errorf("%s: curly quotation marks in %s", path, text.Value)
				}
				return true
			})
		})
	}
}
