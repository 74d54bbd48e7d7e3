package choices

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/sheet"
)

// Every sentence of the packages behind the commands is said without a word of Go.
func TestSentencesHaveNoWordsOfGo(t *testing.T) {
	ofGo := regexp.MustCompile(`\b(segkit|features|table|prep|cluster|track|orders|Model|OrdersOptions|CSVOptions)\.[A-Z]\w*|\[\]string|OrdersOptions`)
	name := regexp.MustCompile(`^(segkit: )?[\w.]+(%\w)?:? ?$`) // what is one name is where an error comes from, and goes with it
	filled := strings.NewReplacer(`", %s)`, `", "x")`, "%s", "Date", "%q", `"x"`, "%d", "3")
	never := []string{"dataframe.WithTypes", "features.ByNumber", "features.DropNegative", "give a features.Spec", "track.MonthEnds"} // what no command chooses is never wrong there
	seen := 0
	for _, dir := range []string{"../../../features", "../../../internal/evidence", "../../../track", "../../../fault", "../analysis"} {
		err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), dir+"/"+path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				literal, ok := n.(*ast.BasicLit)
				if !ok || literal.Kind != token.STRING {
					return true
				}
				text, _ := strconv.Unquote(literal.Value)
				if !ofGo.MatchString(text) || name.MatchString(text) || slices.ContainsFunc(never, func(s string) bool { return strings.Contains(text, s) }) {
					return true
				}
				seen++
				if said := InFlags(filled.Replace(text)); ofGo.MatchString(said) {
					t.Errorf("%s/%s: %q", dir, path, said)
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if seen < 30 {
		t.Errorf("only %d sentences with words of Go were found: look elsewhere", seen)
	}
}

func TestSentencesOfTheCommand(t *testing.T) {
	for said, want := range map[string]string{
		`such lines count until features.Undone removes them`:                                                                               `such lines count until the rule "undone" removes them`,
		`features.Without("status", "on \"hold\"") leaves them out`:                                                                         `deleting the lines with status "on \"hold\"" from the file leaves them out`,
		`segkit: features.ReadOrders: table.CSV: line 3: is empty`:                                                                          `segkit: table.CSV: line 3: is empty`,
		`NetCancelled: 1 line was set against others, and features.Undone takes it off`:                                                     `The rule "net cancelled": 1 line was set against others, and the rule "undone" takes it off`,
		`clean with features.NoCustomer first`:                                                                                              `clean with the rule "no customer" first`,
		`features.Without("status", "held") leaves them out, or --undone names them.`:                                                       `--undone "held" says so, and --undone '' says that they stand.`,
		`set features.OrdersOptions.Decimal to ','`:                                                                                         `set --decimal to ','`,
		`features.Without("currency", "USD", "CHF") keeps one`:                                                                              `deleting the lines with currency "USD", "CHF" from the file keeps one`,
		`If these are amounts, CSVOptions{Units: map[string]string{"plz": ""}} reads them as numbers.`:                                      `If these are amounts, write them without zeros in front.`,
		`or set features.OrdersOptions.Ignore to []string{"zeros", "marks"}.`:                                                               `or set --ignore zeros --ignore marks.`,
		`such lines must go: features.Without("product", …) leaves them out.`:                                                               `such lines must go: deleting lines from the file by their product leaves them out.`,
		`if their orders came to nothing, features.Without("status", "held") leaves them out, or features.OrdersOptions.Undone names them.`: `if their orders came to nothing, --undone "held" says so, and --undone '' says that they stand.`,
	} {
		if got := InFlags(said); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	s := Sheet(sheet.Sheet{Caption: "features.Undone", Rows: [][]string{{"features.Undone"}}, Notes: []string{"features.Undone"}}, InFlags)
	if want := `the rule "undone"`; s.Caption != want || s.Rows[0][0] != want || s.Notes[0] != want {
		t.Errorf("%+v", s)
	}
}
