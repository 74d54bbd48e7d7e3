package segkit_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/campaign"
	"github.com/segkit/lab/segkit/chart"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/dialect"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/predict"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/report"
	"github.com/segkit/lab/segkit/rulebook"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Names that do harm wherever they are taken for more than text, through every output of the library: a table of output x name. The outputs of the command
// are in segkit/cmd/segkit/hostile_test.go, statements on a database in segkit/internal/sqltest, and names with quotes on all engines in segkit/cmd/segkit-engine.

// results are all that an output is made of, every name in them hostile: of customers, columns, levels, segments, rules and files.
type results struct {
	customers *table.Table
	segments  *table.Segments
	book      *rulebook.Book
	rules     *rulebook.Explanation
	model     *segkit.Model
	profile   *describe.Profile
}

// with are results with a name of each kind.
func with(t *testing.T, name string) results {
	t.Helper()
	const n = 60
	ids, data := make([]string, n), []float64(nil)
	for i := range ids {
		ids[i] = fmt.Sprint("c", i)
		data = append(data, []float64{2, 9, 20}[i%3]+float64(i%7)/10, 10+float64(i*i%37), float64(i%3/2))
	}
	ids[0] = name
	columns := []table.Column{{Name: name + " orders"}, {Name: "spend", Unit: "EUR", Role: table.Value}, {Name: name + " city", Levels: []string{name + " a", name + " b"}, Role: table.Descriptor}}
	w := results{customers: table.FromRaw(table.Raw{IDs: ids, Columns: columns, Data: data, Source: name + ".csv", IDName: name})}
	if err := w.customers.Check(); err != nil {
		t.Fatal(err)
	}
	w.model = trial.Sure(segkit.Recipe{Columns: []string{name + " orders"}, Prep: []prep.Transformer{prep.Standardize{}}, Method: cluster.KMeans{K: 3, Seed: 1}}.Fit(w.customers))
	for l := range w.model.Names {
		w.model.Names[l] = fmt.Sprintf("%s segment %d", name, l)
	}
	w.segments = trial.Sure(w.model.Score(w.customers))
	w.profile = trial.Sure(describe.Segments(w.customers, w.segments))
	w.rules = trial.Sure(rulebook.Explain(w.customers, w.segments, rulebook.Options{MaxConditions: 1}))
	w.book = &rulebook.Book{Rules: []rulebook.Rule{{Name: name, When: "spend > 20"}}, Rest: name + " rest", File: name + ".txt"}
	return w
}

// outputs by what they are, each with what makes it, and the check of it beside the same output of harmless names.
var outputs = map[string]struct {
	of    func(t *testing.T, w results) (string, error)
	check func(t *testing.T, got, plain string)
}{
	"page of a table: profile":  {func(t *testing.T, w results) (string, error) { return w.profile.Sheet().HTML(), nil }, trial.Page},
	"page of a table: rules":    {func(t *testing.T, w results) (string, error) { return w.rules.Sheet().HTML(), nil }, trial.Page},
	"page of a table: personas": {func(t *testing.T, w results) (string, error) { return w.profile.Personas(w.rules).Sheet().HTML(), nil }, trial.Page},
	"page of a table: model":    {func(t *testing.T, w results) (string, error) { return w.model.Sheet().HTML(), nil }, trial.Page},
	"page of a table: caption": {func(t *testing.T, w results) (string, error) {
		name := w.segments.Names[0]
		return sheet.Sheet{Caption: name, Columns: []sheet.Column{{Name: name, Unit: name}}, Rows: [][]string{{name}}, Notes: []string{name}}.HTML(), nil
	}, trial.Page},
	"page: plan":   {func(t *testing.T, w results) (string, error) { return trial.Sure(campaign.Plan(w.profile)).HTML(), nil }, trial.Page},
	"page: report": {func(t *testing.T, w results) (string, error) { return contents(w).HTML() }, trial.Page},
	"page: cards":  {func(t *testing.T, w results) (string, error) { return contents(w).Personas() }, trial.Page},

	"picture: sizes": {func(t *testing.T, w results) (string, error) {
		return svg(chart.Sizes(w.segments, w.customers, "spend"))
	}, picture},
	"picture: profile":  {func(t *testing.T, w results) (string, error) { return svg(chart.Profile(w.profile)) }, picture},
	"picture: heat map": {func(t *testing.T, w results) (string, error) { return svg(chart.Heatmap(w.profile)) }, picture},
	"picture: boxes":    {func(t *testing.T, w results) (string, error) { return svg(chart.Boxes(w.customers, w.segments)) }, picture},
	"picture: mosaic": {func(t *testing.T, w results) (string, error) {
		return svg(chart.Mosaic(w.customers, w.segments, w.customers.Columns()[2].Name))
	}, picture},
	"picture: histograms": {func(t *testing.T, w results) (string, error) { return svg(chart.Histograms(w.customers)) }, picture},
	"picture: tree":       {func(t *testing.T, w results) (string, error) { return svg(chart.RuleTree(w.rules)) }, picture},

	"CSV: table":    {func(t *testing.T, w results) (string, error) { return written(t, w.customers.WriteCSV) }, cells},
	"CSV: segments": {func(t *testing.T, w results) (string, error) { return written(t, w.segments.WriteCSV) }, cells},
	"CSV: mailing list": {func(t *testing.T, w results) (string, error) {
		return written(t, trial.Sure(campaign.Test{Name: w.segments.Names[0], Revenue: "spend"}.Draw(w.customers, w.segments)).SaveMailing)
	}, cells},
	"CSV: manifest": {func(t *testing.T, w results) (string, error) {
		text, err := written(t, trial.Sure(campaign.Test{Name: w.segments.Names[0], Revenue: "spend"}.Draw(w.customers, w.segments)).Save)
		_, rows, _ := strings.Cut(text, "\n") // the first line is a remark
		return rows, err
	}, cells},

	"terminal: profile": {func(t *testing.T, w results) (string, error) { return w.profile.Sheet().Text(), nil }, terminal},
	"terminal: rules":   {func(t *testing.T, w results) (string, error) { return w.rules.Sheet().Text(), nil }, terminal},
	"terminal: model":   {func(t *testing.T, w results) (string, error) { return w.model.Sheet().Text(), nil }, terminal},

	"Markdown: model card": {func(t *testing.T, w results) (string, error) {
		c := trial.Sure(predict.Fit(w.customers, w.segments, predict.Tree{}))
		return trial.Sure(c.Evaluate(w.customers, w.segments, predict.Options{Draws: 20, Shuffles: -1})).Card(), nil
	}, markdown},

	"rules as text": {func(t *testing.T, w results) (string, error) { return w.book.String(), nil }, func(t *testing.T, got, _ string) {
		b := trial.Sure(rulebook.Parse(strings.NewReader(got), "rules.txt"))
		if len(b.Rules) != 1 || b.Rest != b.Rules[0].Name+" rest" {
			t.Errorf("read back as %.200q", fmt.Sprint(b.Rules, b.Rest))
		}
	}},
	"model as JSON": {func(t *testing.T, w results) (string, error) {
		data, err := w.model.MarshalBinary()
		return string(data), err
	}, func(t *testing.T, got, _ string) {
		m := new(segkit.Model)
		if err := m.UnmarshalBinary([]byte(got)); err != nil || len(m.Names) != 3 || !strings.HasSuffix(m.Names[2], " segment 2") || !strings.HasPrefix(m.Names[2], m.ID) && m.ID != "" {
			t.Errorf("read back: %v, %.200q", err, m.Names)
		}
	}},
	"SQL: model": {func(t *testing.T, w results) (string, error) {
		return inAll(func(d dialect.SQL) (string, error) { return w.model.SQL(d, "customers") })
	}, statement},
	"SQL: rules": {func(t *testing.T, w results) (string, error) {
		return inAll(func(d dialect.SQL) (string, error) { return w.book.SQL(d, w.customers) })
	}, statement},
}

// unsayable are names for which some outputs have no form.
var unsayable = map[string]bool{"NUL": true, "no text": true}

func TestHostileNamesAreInert(t *testing.T) {
	plain := map[string]string{}
	harmless := with(t, "evil")
	for name, o := range outputs {
		plain[name] = trial.Sure(o.of(t, harmless))
	}
	for _, tries := range slices.Sorted(maps.Keys(trial.Hostile)) {
		w := with(t, trial.Hostile[tries])
		for _, name := range slices.Sorted(maps.Keys(outputs)) {
			if tries == "longest" && (strings.HasPrefix(name, "CSV") || strings.HasPrefix(name, "SQL")) {
				continue // which hold names whole, once for each customer, or in each of six dialects
			}
			t.Run(name+" x "+tries, func(t *testing.T) {
				got, err := outputs[name].of(t, w)
				if err != nil { // what SQL or JSON cannot say, is refused, and so is a report that holds rules in SQL
					if !unsayable[tries] || !strings.HasPrefix(err.Error(), "segkit: ") || len(err.Error()) > 1000 {
						t.Fatalf("%.1000s", err)
					}
					return
				}
				outputs[name].check(t, got, plain[name])
			})
		}
	}
}

func contents(w results) report.Contents {
	return report.Contents{Title: w.segments.Names[0], Customers: w.customers, Segments: w.segments, Profile: w.profile, Model: w.model, Rules: w.rules, Plan: trial.Sure(campaign.Plan(w.profile)),
		Inputs: []report.Input{{Name: w.customers.Raw().Source, Bytes: 1}}, Currency: "EUR", MadeBy: "segkit", Notes: []string{w.segments.Names[1]}}
}

func svg(f *chart.Figure, err error) (string, error) {
	if err != nil {
		return "", err
	}
	data, err := f.SVG()
	return string(data), err
}

func picture(t *testing.T, got, plain string) { trial.Picture(t, []byte(got), []byte(plain)) }
func cells(t *testing.T, got, _ string)       { trial.Cells(t, []byte(got)) }

func written(t *testing.T, write func(path string) error) (string, error) {
	path := filepath.Join(t.TempDir(), "out.csv")
	if err := write(path); err != nil {
		return "", err
	}
	data, err := os.ReadFile(path)
	return string(data), err
}

func terminal(t *testing.T, got, _ string) {
	if len(got) > trial.MostOfAPage {
		t.Errorf("%d MB", len(got)>>20)
	}
	trial.Plain(t, got)
}

// In Markdown nothing but the tables' own bars, and no element, link, heading or emphasis of the name's.
func markdown(t *testing.T, got, plain string) {
	terminal(t, got, "")
	open := regexp.MustCompile(`<[a-zA-Z/!]|[^\\]\[[^\]]*\]\(`)
	if m := open.FindString(got); m != "" {
		t.Errorf("a name makes %q", m)
	}
	count := func(text, what string) int { return len(regexp.MustCompile(`(?m)`+what).FindAllString(text, -1)) }
	for _, mark := range []string{`^#`, `(^|[^\\])\|`, "(^|[^\\\\])`", `(^|[^\\*])\*`} {
		if is, want := count(got, mark), count(plain, mark); is != want {
			t.Errorf("%d times %s, want %d", is, mark, want)
		}
	}
}

// inAll is a statement in every dialect.
func inAll(write func(dialect.SQL) (string, error)) (string, error) {
	var out []string
	for d := dialect.Standard; d.Check("") == nil; d++ {
		text, err := write(d)
		if err != nil {
			return "", err
		}
		out = append(out, fmt.Sprintf("%s\x1f%s", d, text))
	}
	return strings.Join(out, "\x1e"), nil
}

// quoted are the names and texts of a dialect, as it quotes them: a quote within is doubled, or stands behind a backslash where that takes the next
// character with it.
func quoted(d dialect.SQL) *regexp.Regexp {
	within := func(open, end string, backslash bool) string {
		end = regexp.QuoteMeta(end)
		if backslash {
			return open + `(?:[^` + end + `\\]|` + end + end + `|\\(?s:.))*` + end
		}
		return open + `(?:[^` + end + `]|` + end + end + `)*` + end
	}
	backslash := strings.Count(trial.Sure(d.Text(`\`)), `\`) == 2
	name := trial.Sure(d.Name("x"))
	behind := len(trial.Sure(d.Name(`\`))) == len(`\\`)+2
	return regexp.MustCompile(within("'", "'", backslash) + "|" + within(regexp.QuoteMeta(name[:1]), name[2:], behind))
}

func statement(t *testing.T, got, _ string) {
	for d := dialect.Standard; d.Check("") == nil; d++ {
		_, text, _ := strings.Cut(got, d.String()+"\x1f")
		text, _, _ = strings.Cut(text, "\x1e")
		if !strings.Contains(text, "evil") {
			t.Errorf("%s: the name is not there", d)
		}
		rest := quoted(d).ReplaceAllString(text, "")
		for _, out := range []string{"evil", "DROP", ";", "/*"} {
			if at := strings.Index(rest, out); at >= 0 {
				t.Errorf("%s: %s stands outside quotes: %.300q", d, out, rest[max(0, at-100):])
			}
		}
	}
}
