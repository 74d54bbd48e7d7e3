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

// long are the calls that fit, sweep, draw again, or compare customers with one another. Each runs under job.DefaultContext and has
// a twin that takes a context, by one rule: the same name with Context behind it, the same parameters behind ctx.
var long = []string{
	"segkit Recipe.Fit", "segkit/cluster Fit", "segkit/cluster MiniBatch.FitBatches", "segkit/choose SweepK", "segkit/choose SweepBIC",
	"segkit/choose Gap", "segkit/choose PredictionStrength", "segkit/choose Stability", "segkit/judge Importance", "segkit/measure Silhouette", "segkit/measure Dunn",
	"segkit/compare Outcomes", "segkit/describe Segments", "segkit/rulebook Explain", "segkit/rulebook Carve", "segkit/judge Segments",
	"segkit/table Scan.Pieces", "segkit/predict Fit", "segkit/predict Prove", "segkit/predict Classifier.Predict", "segkit/predict Classifier.Evaluate",
	"segkit/value BGNBD.Fit", "segkit/value MBGNBD.Fit", "segkit/value NBD.Fit", "segkit/value ParetoNBD.Fit", "segkit/value GammaGamma.Fit", "segkit/value BGBB.Fit", "segkit/value ShiftedBetaGeometric.Fit", "segkit/value ChurnScore", "segkit/value Buying.Forecast", "segkit/value Buying.Holdout", "segkit/value Forecast.By", "segkit/value Holdout.By",
	"segkit/track Follow", "segkit/track Refit", "segkit/track Refresh", "segkit/track History.Migration", "segkit/track History.Drift", "segkit/track History.DriftFromModel",
	"segkit/combine Agreement", "segkit/combine Consensus", "segkit/combine Price",
	"segkit/typing Find", "segkit/typing Tool.Score", "segkit/typing Tool.Sizes",
	"segkit/privacy Proxies", "segkit/privacy Share", "segkit/basket Baskets.Itemsets", "segkit/basket Baskets.Rules", "segkit/basket Baskets.BySegment",
	"segkit/geo Places.Density",
	"segkit/engine Engine.Orders", "segkit/engine Orders.Clean", "segkit/engine Orders.Audit", "segkit/engine Cleaned.Features",
	"segkit/engine Open", "segkit/engine Engine.CanWrite", "segkit/engine Engine.Customers", "segkit/engine Customers.Table", "segkit/engine Customers.Few", "segkit/engine Customers.Compress", "segkit/engine Customers.Fit",
	"segkit/engine Compressed.Fit", "segkit/engine Compressed.Sweep", "segkit/engine Compressed.Stability", "segkit/engine Compressed.Judge", "segkit/engine Compressed.Spread",
	"segkit/engine Customers.Score", "segkit/engine Customers.Assign", "segkit/engine Customers.RFM", "segkit/engine Customers.Profile",
}

// takeContext are the calls that take a context without being such a twin, and why.
var takeContext = map[string]string{
	"Cluster": "what a method implements; cluster.Fit calls it", "Learn": "what a predictor implements; predict.Fit calls it", "Best": "for those who write a method", "Report": "it speaks to the context",
	"Steps": "it speaks to the context", "WithProgress": "it makes a context", "Get": "a download, of the command", "Install": "a download, of the command",
}

// One who knows one long call can guess the twins of all.
func TestLongCallsHaveAContextTwin(t *testing.T) {
	listing, err := os.ReadFile("testdata/api.txt")
	if err != nil {
		t.Fatal(err)
	}
	signatures, folder := map[string]string{}, ""
	function := regexp.MustCompile(`^\tfunc (?:\((?:\w+ )?\*?(\w+)\) )?(\w+)(?:\[.*?\])?(\(.*)$`)
	for line := range strings.Lines(string(listing)) {
		line = strings.TrimSuffix(line, "\n")
		if !strings.HasPrefix(line, "\t") {
			folder = line
			continue
		}
		if m := function.FindStringSubmatch(line); m != nil {
			signatures[folder+" "+strings.TrimPrefix(m[1]+"."+m[2], ".")] = m[3]
		}
	}
	for name, signature := range signatures {
		short, twin := strings.CutSuffix(name, "Context")
		_, other := takeContext[name[strings.LastIndexAny(name, " .")+1:]]
		switch takes := strings.HasPrefix(signature, "(ctx context.Context"); {
		case takes && twin && !slices.Contains(long, short):
			t.Errorf("%s is the twin of a long call that is not in the list of this test", name)
		case takes && !twin && !other:
			t.Errorf("%s takes a context: give its name Context at the end, and a twin without", name)
		}
	}
	for _, name := range long {
		want := strings.Replace(strings.Replace(signatures[name], "(", "(ctx context.Context, ", 1), ", )", ")", 1) // also of a call without parameters
		if got := signatures[name+"Context"]; got == "" || got != want {
			t.Errorf("%sContext is %q, want %q", name, got, want)
		}
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

// Whoever opens the documentation of a package finds code that runs and what it prints. Packages that need a database, the network, the kernel or a hand-in
// cannot do that in a test.
func TestPackagesHaveAnExampleThatRuns(t *testing.T) {
	needMore := []string{"segkit/engine", "datasets/download", "segkit/nb", "datasets/capstone"}
	for _, folder := range rooms(t) {
		tests, _ := filepath.Glob(filepath.Join(folder, "*_test.go"))
		runs := false
		for _, test := range tests {
			f, err := parser.ParseFile(token.NewFileSet(), test, nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			runs = runs || slices.ContainsFunc(doc.Examples(f), func(e *doc.Example) bool { return e.Output != "" })
		}
		if runs == slices.Contains(needMore, folder) {
			t.Errorf("%s: an example that runs: %t", folder, runs)
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
