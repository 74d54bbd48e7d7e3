package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/table"
)

// asCommand makes the test's own program the command, so that tests can run and kill it.
const asCommand = "SEGKIT_TEST_AS_COMMAND"

// asMeasure makes it a program that runs the command and prints how much memory that took, in KB. A process counts what the one that started it held
// at that time, so that the tests, which are large, cannot measure by themselves.
const asMeasure = "SEGKIT_TEST_AS_MEASURE"

func measured() {
	os.Unsetenv(asMeasure)
	cmd := exec.Command(os.Args[0], os.Args[1:]...)
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		fmt.Println(usage.Maxrss)
	}
	os.Exit(0)
}

func TestMain(m *testing.M) {
	if os.Getenv(asMeasure) != "" {
		measured()
	}
	if os.Getenv(asCommand) != "" {
		os.Exit(run(os.Args[1:]))
	}
	if name := os.Getenv(asWriter); name != "" {
		writeAs(name)
	}
	os.Exit(m.Run())
}

// command is the command with arguments, to be started in dir.
func command(t *testing.T, dir string, args ...string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), asCommand+"=1")
	return cmd
}

// answer runs the command and returns what it writes, and its exit code.
func answerOf(t *testing.T, dir, stdin string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	cmd := command(t, dir, args...)
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &out, &errs
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// file writes a file into dir.
func file(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// plans saves a model of customers with a plan and what they spend, whose column of ids is called customer, as plans.json in dir.
func plans(t *testing.T, dir string) *segkit.Model {
	t.Helper()
	var text strings.Builder
	text.WriteString("customer,spend,plan,member\n")
	for i := range 60 {
		fmt.Fprintf(&text, "c%d,%d,%s,%d\n", i, 10+i%7+i%2*100, []string{"basic", "plus", "pro"}[i%3], i%2)
	}
	x, err := table.ParseCSV(strings.NewReader(text.String()), "plans", "customer", table.CSVOptions{Text: []string{"member"}})
	if err != nil {
		t.Fatal(err)
	}
	m, err := segkit.Recipe{Columns: []string{"spend", "plan", "member"}, Prep: []prep.Transformer{prep.OneHot{}, prep.Standardize{}}, Method: cluster.KMeans{K: 2}}.Fit(x)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Save(filepath.Join(dir, "plans.json")); err != nil {
		t.Fatal(err)
	}
	return m
}

// One customer with a new level does not refuse the others, codes are read by the model's levels, and the counts are told.
func TestScoreTellsNewLevelsApart(t *testing.T) {
	dir := t.TempDir()
	m := plans(t, dir)
	file(t, dir, "new.csv", "customer;member;plan;spend\nn1;0;basic;12,5\nn2;1;family;115\nn3;1.0;pro;113,25\nn3;0;basic;11\n")
	stdout, stderr, code := answerOf(t, dir, "", "score", "plans.json", "new.csv", "-o", "-")
	lines := strings.Split(stdout, "\n")
	if code != exitDone || len(lines) != 6 || lines[0] != "id,segment,distance,margin,flags" || lines[2] != "n2,no segment,,,new level" {
		t.Fatalf("%d %s%s", code, stdout, stderr)
	}
	for i, name := range map[int]string{1: m.Names[1], 3: m.Names[0]} {
		if !strings.HasPrefix(lines[i], fmt.Sprintf("n%d,", i)) || strings.Contains(lines[i], "no segment") {
			t.Errorf("line %d is %q (%s)", i, lines[i], name)
		}
	}
	for _, want := range []string{"4 customers scored", "1 customer has a level of plan that the model has not seen (family)", "1 row has the id of an earlier row"} {
		if !strings.Contains(strings.Join(strings.Fields(stderr), " "), want) {
			t.Errorf("%q is not in %s", want, stderr)
		}
	}

	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	io.WriteString(z, "customer;member;plan;spend\nn1;0;basic;12,5\nn2;1;family;115\nn3;1.0;pro;113,25\nn3;0;basic;11\n")
	z.Close()
	if piped, _, code := answerOf(t, dir, packed.String(), "score", "plans.json", "-", "-o", "-"); code != exitDone || piped != stdout {
		t.Errorf("from a pipe: %d %s", code, piped)
	}

	stdout, stderr, code = answerOf(t, dir, "", "score", "plans.json", "new.csv", "--json")
	var got scoreSummary
	d := json.NewDecoder(strings.NewReader(stdout))
	d.DisallowUnknownFields()
	if err := d.Decode(&got); err != nil || code != exitDone || stderr != "" {
		t.Fatalf("%v, %d, %s", err, code, stderr)
	}
	if got.schema != (schema{"segkit/score", 1}) || got.Customers != 4 || got.NoSegment != 1 || got.Flags["new_level"] != 1 || got.RepeatedIDs != 1 ||
		len(got.Segments) != 2 || got.Segments[0].Name != m.Names[0] || got.Segments[0].Customers+got.Segments[1].Customers != 3 {
		t.Errorf("%+v", got)
	}
}

// Order lines are taken all the way by the model's own rules and features.
func TestScoreTakesOrderLines(t *testing.T) {
	dir := t.TempDir()
	var text strings.Builder
	text.WriteString("order,customer,date,amount\n")
	r := rand.New(rand.NewPCG(1, 1))
	day := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range 600 {
		fmt.Fprintf(&text, "%d,c%02d,%s,%d.50\n", i, r.IntN(40)*r.IntN(2), day.AddDate(0, 0, i/3).Format(time.DateOnly), 5+r.IntN(90))
	}
	file(t, dir, "orders.csv", text.String())
	orders, err := features.ReadOrders(filepath.Join(dir, "orders.csv"), features.OrdersOptions{})
	if err != nil {
		t.Fatal(err)
	}
	spec := features.Spec{Rules: []features.Rule{features.Duplicate}, AsOf: day.AddDate(0, 0, 120)}
	then, err := spec.Table(orders)
	if err != nil {
		t.Fatal(err)
	}
	m, err := segkit.Recipe{Columns: []string{"recency", "orders"}, Prep: []prep.Transformer{prep.Standardize{}}, Method: cluster.KMeans{K: 2}}.Fit(then)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Save(filepath.Join(dir, "shop.json")); err != nil {
		t.Fatal(err)
	}
	for asOf, args := range map[string][]string{"2024-07-18": nil, "2024-05-31": {"--as-of", "2024-05-31"}} {
		spec.AsOf, _ = time.Parse(time.DateOnly, asOf)
		now, err := spec.Table(orders)
		if err != nil {
			t.Fatal(err)
		}
		s, err := m.Score(now)
		if err != nil {
			t.Fatal(err)
		}
		var want bytes.Buffer
		if err := s.EncodeCSV(&want, true); err != nil {
			t.Fatal(err)
		}
		got, said, code := answerOf(t, dir, "", append([]string{"score", "shop.json", "orders.csv", "-o", "-"}, args...)...)
		if code != exitDone || got != want.String() || !strings.Contains(strings.Join(strings.Fields(said), " "), "as they were on "+asOf) {
			t.Errorf("as of %s: %d %s\n%s", asOf, code, said, got)
		}
		if piped, _, _ := answerOf(t, dir, text.String(), append([]string{"score", "shop.json", "-", "-o", "-"}, args...)...); piped != got {
			t.Errorf("as of %s, from a pipe: %s", asOf, piped)
		}
	}
	again, twice := 0., strings.SplitAfter(text.String(), "\n")[11:13]
	for _, line := range twice {
		amount := trial.Sure(strconv.ParseFloat(strings.TrimSpace(line[strings.LastIndex(line, ",")+1:]), 64))
		again += amount
	}
	file(t, dir, "again.csv", text.String()+strings.Join(twice, ""))
	for _, command := range [][]string{{"score", "shop.json", "again.csv", "-o", "-"}, {"track", "shop.json", "again.csv", "--history", "again_history.csv", "--no-refit"}} {
		_, said, _ := answerOf(t, dir, "", command...)
		if want := fmt.Sprintf(`it removed, by rule: "duplicate" 2 lines (%.2f).`, again); !strings.Contains(strings.Join(strings.Fields(said), " "), want) || !strings.Contains(said, "left 600 of 602 order lines") {
			t.Errorf("%v: want %s: %s", command, want, said)
		}
		command[2] = "orders.csv"
		if _, said, _ := answerOf(t, dir, "", command...); !strings.Contains(said, "The cleaning rules removed no lines.") {
			t.Errorf("%v: %s", command, said)
		}
	}
	with := strings.NewReplacer("amount\n", "amount,status\n", ".50\n", ".50,paid\n").Replace(text.String())
	file(t, dir, "state.csv", strings.Replace(with, "paid", "nobody came", 1))
	if _, said, code := answerOf(t, dir, "", "score", "shop.json", "state.csv"); code != exitDone || !strings.Contains(said, "nobody came") || !strings.Contains(said, "segkit inspect state.csv … --write") {
		t.Errorf("%d: an unknown word of the status is not told, or not how to answer: %s", code, said)
	}
	for day, command := range map[string][]string{"2,023 days before the as-of date, 2030-01-31": {"score", "shop.json", "orders.csv", "-o", "-", "--as-of", "2030-01-31"},
		"1 day before the as-of date, 2024-07-19": {"track", "shop.json", "orders.csv", "--history", "history.csv", "--no-refit", "--as-of", "2024-07-19"}} {
		_, said, code := answerOf(t, dir, "", command...)
		if flat := strings.Join(strings.Fields(said), " "); code != exitDone && code != exitLook || !strings.Contains(flat, "The last order line is from 2024-07-18, "+day) || !strings.Contains(flat, "choose an as-of date up to 2024-07-18") {
			t.Errorf("%v: %d: %s", command, code, said)
		}
	}
	file(t, dir, "customers.csv", "id,recency,visits\na,12,3\n") // meant as customers, and lacks one column of the model
	file(t, dir, "undated.csv", "order,customer,amount\n1,a,12.50\n")
	file(t, dir, "boxes.csv", "order,customer,date,Bultos,price\n1,a,2024-01-05,6,12.50\n2,b,2024-01-06,2,3.75\n")
	for _, c := range []struct {
		args        []string
		says, never string
	}{
		{[]string{"boxes.csv"}, "segkit inspect boxes.csv --write --role quantity=Bultos if it does, or --role amount=price", "OrdersOptions"},
		{[]string{"customers.csv"}, `the model needs "orders", which is not among id, recency, visits`, "order lines"},
		{[]string{"undated.csv"}, "none of the model's columns (recency, orders), and as order lines it cannot be read: undated.csv: no column for the date", "OrdersOptions"},
		{[]string{"undated.csv"}, "segkit inspect undated.csv --write --role date=COLUMN", "OrdersOptions"},
		{[]string{"orders.csv", "--as-of", "2019-01-01"}, "as-of date 2019-01-01 is before the first order line (2024-01-01)", "the model needs"},
	} {
		_, said, code := answerOf(t, dir, "", append([]string{"score", "shop.json", "-o", "none.csv"}, c.args...)...)
		if _, err := os.Stat(filepath.Join(dir, "none.csv")); code != exitFailed || !strings.Contains(said, c.says) || strings.Contains(said, c.never) || err == nil {
			t.Errorf("%v: code %d, %s", c.args, code, said)
		}
	}
	if said, _, code := answerOf(t, dir, "", "describe", "shop.json"); code != exitDone || !strings.Contains(said, "2024-04-30") || !strings.Contains(said, "duplicate") {
		t.Errorf("describe says %s", said)
	}
	stdout, _, _ := answerOf(t, dir, "", "describe", "shop.json", "--json")
	var got description
	if err := json.Unmarshal([]byte(stdout), &got); err != nil || got.schema != (schema{"segkit/describe", 1}) || got.Orders == nil || got.Orders.AsOf != "2024-04-30" ||
		len(got.Segments) != 2 || got.Segments[0].Typical["recency"] == nil || len(got.Columns) != 2 || got.Columns[0].Unit != "days" || *got.Columns[1].Min < 1 {
		t.Errorf("%v, %s", err, stdout)
	}
}

// A month's file with words of the status that the model's orders did not say, or without a status, stops score before anything is written, until the answer is kept beside
// the file. A model that does not tell its words, as older ones, asks nothing and says so.
func TestScoreAsksWhatAStatusMeans(t *testing.T) {
	dir := t.TempDir()
	lines := func(header, word string) string {
		text := "order,customer,date,amount," + header + "\n"
		for i := range 200 {
			text += fmt.Sprintf("%d,c%02d,2024-%02d-%02d,%d.50,%s\n", i, i*i%41+i%31, 1+i/40, 1+i%28, 5+i*7%90, map[bool]string{true: word, false: "paid"}[i%9 == 0])
		}
		return text
	}
	file(t, dir, "orders.csv", lines("status", "cancelled"))
	orders, err := features.ReadOrders(filepath.Join(dir, "orders.csv"), features.OrdersOptions{})
	if err != nil {
		t.Fatal(err)
	}
	customers, err := features.Spec{Rules: features.UsualRules}.Table(orders)
	if err != nil {
		t.Fatal(err)
	}
	m, err := segkit.Recipe{Columns: []string{"recency", "orders"}, Prep: []prep.Transformer{prep.Standardize{}}, Method: cluster.KMeans{K: 2}}.Fit(customers)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Save(filepath.Join(dir, "shop.json")); err != nil {
		t.Fatal(err)
	}
	older := *m
	older.Spec = bytes.Replace(m.Spec, []byte(`,"Statuses":{"cancelled":true,"paid":false}`), nil, 1)
	if err := older.Save(filepath.Join(dir, "older.json")); err != nil || len(older.Spec) == len(m.Spec) {
		t.Fatalf("%v: the words are not where they were looked for: %s", err, m.Spec)
	}
	file(t, dir, "lost.csv", lines("status", "lost at sea"))
	_, said, code := answerOf(t, dir, "", "report", "lost.csv", "-o", "lost", "--no-pdf") // a first report goes on, and says what is open, also on its page
	page, err := os.ReadFile(filepath.Join(dir, "lost", "report.html"))
	if _, mind, _ := strings.Cut(string(page), "Before you act"); err != nil || code != exitDone || !strings.Contains(said, `What status means by "lost at sea"`) || !strings.Contains(said, "segkit inspect lost.csv … --write") || !strings.Contains(mind[:min(len(mind), 2000)], "lost at sea") {
		t.Errorf("%d, %v: %s", code, err, said)
	}
	file(t, dir, "back.csv", lines("status", "Devuelto"))
	file(t, dir, "renamed.csv", lines("became of it", "cancelled"))
	for _, c := range []struct {
		file, says string
		answer     []string
	}{
		{"orders.csv", "", nil},
		{"lost.csv", `holds "lost at sea", which the orders that the model was made from never said: name those of its words whose orders came to nothing with --undone, such as --undone "lost at sea", or say --undone '' if none does`, []string{"--undone", "lost at sea"}},
		{"back.csv", `holds "Devuelto", which`, []string{"--undone", ""}},
		{"renamed.csv", `no column is known to be the status, and the model's own orders had one ("cancelled" and "paid"): say which it is, once, with segkit inspect renamed.csv --write --role status=COLUMN if a column says it, or --undone '' if no order came to nothing`,
			[]string{"--role", "status=became of it"}},
	} {
		_, said, code := answerOf(t, dir, "", "score", "shop.json", c.file, "-o", "out.csv")
		flat := strings.Join(strings.Fields(said), " ")
		if (code == exitDone) != (c.says == "") || !strings.Contains(flat, c.says) || strings.Contains(said, "OrdersOptions") || exists(filepath.Join(dir, "out.csv")) != (c.says == "") {
			t.Errorf("%s: %d: %s", c.file, code, said)
		}
		os.Remove(filepath.Join(dir, "out.csv"))
		if _, said, code := answerOf(t, dir, "", "track", "shop.json", c.file, "--history", "history.csv"); (code == exitFailed) != (c.says != "") || !strings.Contains(strings.Join(strings.Fields(said), " "), c.says) || exists(filepath.Join(dir, "history.csv")) != (c.says == "") {
			t.Errorf("%s, tracked: %d: %s", c.file, code, said)
		}
		os.Remove(filepath.Join(dir, "history.csv"))
		if _, said, code := answerOf(t, dir, "", "score", "older.json", c.file, "-o", "-"); code != exitDone || strings.Contains(said, "The model does not say which words") == (c.file == "renamed.csv") {
			t.Errorf("%s, by an older model: %d: %s", c.file, code, said)
		}
		if c.answer == nil {
			continue
		}
		if _, said, code := answerOf(t, dir, "", append([]string{"inspect", c.file, "--write"}, c.answer...)...); code != exitDone {
			t.Fatalf("%s: %d: %s", c.file, code, said)
		}
		for _, command := range [][]string{{"score", "shop.json", c.file, "-o", "-"}, {"track", "shop.json", c.file, "--history", "history.csv", "--no-refit"}} {
			if _, said, code := answerOf(t, dir, "", command...); code != exitDone && code != exitLook || strings.Count(strings.Join(strings.Fields(said), " "), "options kept in") != 1 {
				t.Errorf("%s, answered: %d: %s", command, code, said)
			}
		}
		os.Remove(filepath.Join(dir, "history.csv"))
	}
	file(t, dir, "lost.csv", strings.Replace(lines("status", "lost at sea"), "paid\n", "Devuelto\n", 1)) // what was kept beside it is not about the new word
	gross := strings.ReplaceAll(lines("status", "cancelled"), ".50,", ".50,9,")
	file(t, dir, "gross.csv", strings.Replace(gross, "amount,", "amount,gross,", 1))
	if _, said, code := answerOf(t, dir, "", "inspect", "gross.csv", "--role", "amount=gross", "--write"); code != exitDone {
		t.Fatalf("%d: %s", code, said)
	}
	for file, says := range map[string]string{
		"lost.csv":  `holds "Devuelto", which the orders that the model was made from never said`,
		"gross.csv": `money is "gross" here, and was "amount" in the orders that the model was made from: say which it is, once, with segkit inspect gross.csv --write --role amount=amount`,
	} {
		for _, command := range [][]string{{"score", "shop.json", file, "-o", "out.csv"}, {"track", "shop.json", file, "--history", "out.csv"}, {"report", file, "--model", "shop.json", "-o", "again", "--no-pdf"}} {
			if _, said, code := answerOf(t, dir, "", command...); code != exitFailed || !strings.Contains(strings.Join(strings.Fields(said), " "), says) || exists(filepath.Join(dir, "out.csv")) || exists(filepath.Join(dir, "again")) {
				t.Errorf("%s: %d: %s", command, code, said)
			}
		}
	}
}

// docs/command.md has a table of exit codes; these are the cases behind it, each with a sentence and without a file.
func TestExitCodesAndSentences(t *testing.T) {
	dir := t.TempDir()
	plans(t, dir)
	const good = "customer,spend,plan,member\na,12,basic,1\n"
	model, err := os.ReadFile(filepath.Join(dir, "plans.json"))
	if err != nil {
		t.Fatal(err)
	}
	file(t, dir, "half.json", string(model[:len(model)/2]))
	file(t, dir, "newer.json", strings.Replace(string(model), `"version": 3`, `"version": 4`, 1))
	file(t, dir, "deep.json", strings.Repeat("[", 1<<20))
	file(t, dir, "nan.json", strings.Replace(string(model), `"cost": `, `"cost": NaN, "x": `, 1))
	huge, err := os.Create(filepath.Join(dir, "huge.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(huge.Truncate(2<<30), huge.Close()); err != nil { // holds nothing, and is 2 GB long
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		args  []string
		stdin string
		code  int
		says  []string
	}{
		"good":              {[]string{"plans.json", "-"}, good, exitDone, []string{"1 customer scored"}},
		"no file":           {[]string{"plans.json"}, "", exitUsage, []string{"<file>"}},
		"unknown flag":      {[]string{"plans.json", "-", "--fast"}, good, exitUsage, []string{"--fast"}},
		"a mark":            {[]string{"plans.json", "-", "--decimal=;"}, good, exitUsage, []string{"--decimal"}},
		"a day":             {[]string{"plans.json", "-", "--as-of=31.1."}, good, exitUsage, []string{"--as-of", "2024-03-31"}},
		"a day for none":    {[]string{"plans.json", "-", "--as-of=2024-03-31"}, good, exitUsage, []string{"holds customers"}},
		"a model cut":       {[]string{"half.json", "-"}, good, exitFailed, []string{"half.json", "ends too early"}},
		"a newer model":     {[]string{"newer.json", "-"}, good, exitFailed, []string{"newer.json", "version 4", "up to 3"}},
		"a deep model":      {[]string{"deep.json", "-"}, good, exitFailed, []string{"deep.json", "not JSON"}},
		"a model with NaN":  {[]string{"nan.json", "-"}, good, exitFailed, []string{"nan.json", "not JSON"}},
		"2 GB of model":     {[]string{"huge.json", "-"}, good, exitFailed, []string{"huge.json", "more than 64 MB"}},
		"no model":          {[]string{"none.json", "-"}, good, exitFailed, []string{"none.json", "no such file"}},
		"a lacking column":  {[]string{"plans.json", "-"}, "customer,spend,member\na,12,1\n", exitFailed, []string{"standard input", `"plan"`, "customer, spend, member"}},
		"no ids":            {[]string{"plans.json", "-"}, "id,spend,plan,member\na,12,basic,1\n", exitFailed, []string{`no column "customer"`}},
		"text for a number": {[]string{"plans.json", "-"}, good + "b,much,pro,0\n", exitFailed, []string{"line 3", `"spend"`, `"much" is not a number`, "leave it empty"}},
		"an open question":  {[]string{"plans.json", "-"}, "customer,spend,plan,member\na,1.234,pro,1\n", exitFailed, []string{"1,234", "--decimal=. for 1.234", "--decimal=, for 1,234"}},
		"the answer":        {[]string{"plans.json", "-", "--decimal=."}, "customer,spend,plan,member\na,1.234,pro,1\n", exitDone, []string{"1 customer scored"}},
		"all new":           {[]string{"plans.json", "-"}, "customer,spend,plan,member\na,12,gold,1\n", exitLook, []string{"gold", "none of the customers is in a segment"}},
	} {
		out := filepath.Join(dir, "out.csv")
		_, said, code := answerOf(t, dir, c.stdin, append([]string{"score", "-o", out}, c.args...)...)
		for _, want := range c.says {
			if !strings.Contains(strings.Join(strings.Fields(said), " "), want) {
				t.Errorf("%s: %q is not in %s", name, want, said)
			}
		}
		if code != c.code {
			t.Errorf("%s: exit code %d, want %d: %s", name, code, c.code, said)
		}
		if err := os.Remove(out); (err == nil) != (code == exitDone || code == exitLook) {
			t.Errorf("%s: exit code %d, and of the file %v", name, code, err)
		}
	}
}

// many writes n customers for plans.json.
func many(w io.Writer, n int) error {
	b := bufio.NewWriter(w)
	b.WriteString("customer,spend,plan,member\n")
	for i := range n {
		fmt.Fprintf(b, "customer %d,%d.%d,%s,%d\n", i, 10+i%110, i%10, []string{"basic", "plus", "pro"}[i%3], i%2)
	}
	return b.Flush()
}

// The file of segments is never the one that is read, by whatever name: neither customers nor model are overwritten.
// What cannot be written is said before anything is read.
func TestScoreTriesItsOutputFirst(t *testing.T) {
	dir := t.TempDir()
	plans(t, dir)
	if _, said, code := answerOf(t, dir, "", "score", "plans.json", "none.csv", "-o", "nowhere/out.csv"); code != exitFailed || !strings.Contains(said, "nowhere") || strings.Contains(said, "none.csv") {
		t.Errorf("%d: %s", code, said)
	}
}

func TestScoreNeverWritesOntoWhatItReads(t *testing.T) {
	dir := t.TempDir()
	plans(t, dir)
	const customers = "customer,spend,plan,member\na,12,basic,1\n"
	file(t, dir, "customers.csv", customers)
	for link, target := range map[string]string{"soft.csv": "customers.csv", "soft.json": "plans.json"} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Skip("this system makes no links, by which a file could have two names: ", err)
		}
	}
	model, err := os.ReadFile(filepath.Join(dir, "plans.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, out := range []string{"customers.csv", "./customers.csv", "soft.csv", "plans.json", "soft.json"} {
		_, said, code := answerOf(t, dir, "", "score", "plans.json", "customers.csv", "-o", out)
		if code != exitUsage || !strings.Contains(said, "-o "+out) || !strings.Contains(said, "file of their own") {
			t.Errorf("-o %s: code %d, %s", out, code, said)
		}
	}
	after, _ := os.ReadFile(filepath.Join(dir, "plans.json"))
	if got, _ := os.ReadFile(filepath.Join(dir, "customers.csv")); string(got) != customers || !bytes.Equal(model, after) {
		t.Error("what was read has changed")
	}
}

// A file of any size is scored in the same memory.
func TestScoreNeedsLittleMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("it writes and reads 400,000 customers")
	}
	dir := t.TempDir()
	plans(t, dir)
	f, err := os.Create(filepath.Join(dir, "customers.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(many(f, 400_000), f.Close()); err != nil {
		t.Fatal(err)
	}
	cmd := command(t, dir, "score", "plans.json", "customers.csv")
	cmd.Env = append(cmd.Env, asMeasure+"=1")
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, said.String())
	}
	took, err := strconv.Atoi(strings.TrimSpace(string(out)))
	if err != nil {
		t.Skip("this system does not say how much memory a process took: ", err)
	}
	const most = 100 << 10 // KB; the cells of the file as texts alone would take 90 MB
	if took > most {
		t.Errorf("it took %d MB", took>>10)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".segkit-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if got, err := os.ReadFile(filepath.Join(dir, "segments.csv")); err != nil || bytes.Count(got, []byte("\n")) != 400_001 || slices.Contains(strings.Split(string(got[:1000]), ","), "no segment") {
		t.Errorf("%v, %.200s", err, got)
	}
}

func TestScoreWritesTheSegmentOfEveryCustomer(t *testing.T) {
	dir := t.TempDir()
	file, model, out := filepath.Join(dir, "customers.csv"), filepath.Join(dir, "model.json"), filepath.Join(dir, "segments.csv")
	var csv strings.Builder
	csv.WriteString("customer,city,orders,spend\n")
	for i := range 20 {
		fmt.Fprintf(&csv, "%03d,York,%d,%d\n", i, 1+10*(i%2), 20+i%3+500*(i%2))
	}
	if err := os.WriteFile(file, []byte(csv.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	customers, err := table.ReadCSV(file, "customer")
	if err != nil {
		t.Fatal(err)
	}
	m, err := segkit.Recipe{Columns: []string{"spend"}, Prep: []prep.Transformer{prep.Log1p{}}, Method: cluster.KMeans{K: 2}}.Fit(customers)
	if err != nil {
		t.Fatal(err)
	}
	m.Names = []string{"small", "large"}
	if err := m.Save(model); err != nil {
		t.Fatal(err)
	}
	if err := (&scoreCmd{Model: model, File: file, ID: "customer", Out: out}).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(data)), "\n")
	if len(lines) != 21 || !strings.HasPrefix(lines[1], "000,small,") || !strings.HasPrefix(lines[2], "001,large,") {
		t.Errorf("wrote %q", lines)
	}

	if err := os.Remove(out); err != nil {
		t.Fatal(err)
	}
	err = (&scoreCmd{Model: model, File: file, ID: "id", Out: out}).Run(t.Context())
	if !errors.Is(err, fault.ErrMissingColumn) {
		t.Errorf("no id column: %v", err)
	}
	err = (&scoreCmd{Model: file, File: file, ID: "customer", Out: out}).Run(t.Context())
	if !errors.Is(err, fault.ErrFormat) {
		t.Errorf("a model that is none: %v", err)
	}
	if _, err := os.Stat(out); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("something was written: %v", err)
	}
}

// The examples of docs/command.md are what the commands answer: the same fields, all of them.
func TestThePageOfTheCommandShowsItsAnswers(t *testing.T) {
	page, err := os.ReadFile("../../../docs/command.md")
	if err != nil {
		t.Fatal(err)
	}
	examples := strings.Split(string(page), "```json\n")
	answers := []any{&scoreSummary{}, &description{}}
	if len(examples) != 1+len(answers) {
		t.Fatalf("%d examples for %d answers", len(examples)-1, len(answers))
	}
	for i, answer := range answers {
		example, _, _ := strings.Cut(examples[i+1], "```")
		d := json.NewDecoder(strings.NewReader(example))
		d.DisallowUnknownFields()
		if err := d.Decode(answer); err != nil {
			t.Errorf("example %d: %v", i+1, err)
		}
		var shown, whole map[string]any
		again, err := json.Marshal(answer)
		if err := errors.Join(err, json.Unmarshal(again, &whole), json.Unmarshal([]byte(example), &shown)); err != nil {
			t.Fatal(err)
		}
		for field := range whole {
			if _, ok := shown[field]; !ok {
				t.Errorf("example %d does not show %q", i+1, field)
			}
		}
	}
	for _, code := range []int{exitDone, exitFailed, exitUsage, exitLook, exitInterrupted} {
		if !strings.Contains(string(page), fmt.Sprintf("\n| %d | ", code)) {
			t.Errorf("exit code %d is not on the page", code)
		}
	}
}

// A month's orders alone say nothing of what customers bought before: that is told, and not where the file goes back as far.
func TestScoreOfNewOrdersAloneIsTold(t *testing.T) {
	dir := t.TempDir()
	lines := func(from, to int) string {
		text := "order,customer,date,amount\n"
		for i := from; i < to; i++ {
			text += fmt.Sprintf("%d,c%02d,%s,%d.50\n", i, i*i%41, time.Date(2024, 1, 1+i, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), 5+i*7%90)
		}
		return text
	}
	file(t, dir, "orders.csv", lines(0, 200))
	for name, window := range map[string]int{"model.json": 0, "window.json": 30} {
		orders := trial.Sure(features.ReadOrders(filepath.Join(dir, "orders.csv"), features.OrdersOptions{}))
		clean := trial.Sure(orders.Clean(features.NoCustomer))
		customers := trial.Sure(clean.Features(time.Date(2024, 7, 18, 0, 0, 0, 0, time.UTC), features.Spec{Window: window}))
		m := trial.Sure(segkit.Recipe{Columns: []string{"recency", "spend"}, Prep: []prep.Transformer{prep.Standardize{}}, Method: cluster.KMeans{K: 2}}.Fit(customers))
		if err := m.Save(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	file(t, dir, "new.csv", lines(200, 231))
	file(t, dir, "all.csv", lines(0, 231))
	for _, c := range []struct {
		model, file string
		told        bool
	}{{"model.json", "new.csv", true}, {"model.json", "all.csv", false}, {"window.json", "new.csv", false}} {
		for _, command := range [][]string{{"score", c.model, c.file, "-o", "-"}, {"track", c.model, c.file, "--history", c.model + c.file + ".csv"}} {
			_, said, _ := answerOf(t, dir, "", command...)
			if told := strings.Contains(strings.Join(strings.Fields(said), " "), "All orders in "+c.file+" are later than those that the model was made from, which end by 2024-07-18."); told != c.told {
				t.Errorf("%q: %s", command, said)
			}
		}
	}
}
