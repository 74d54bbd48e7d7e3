package main

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/segkit/lab/datasets"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/kept"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/report"
)

// smallShop is a file with the orders of a tenth of the made-up shop's customers.
func smallShop(t *testing.T) string { return shopOf(t, "7") }

// shopOf is a file with the orders of those customers of the made-up shop whose number ends so.
func shopOf(t *testing.T, ending string) string {
	t.Helper()
	lines, err := trial.Sure(datasets.Orders("shop")).Lines()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write([]string{"order", "customer", "date", "product", "category", "quantity", "price", "country"})
	for l := range lines {
		if l.Customer == "" || strings.HasSuffix(l.Customer, ending) {
			w.Write([]string{l.Order, l.Customer, l.Time.Format("2006-01-02 15:04"), l.Product, l.Category, fmt.Sprint(l.Quantity), fmt.Sprint(l.Price), "DE"})
		}
	}
	w.Flush()
	path := filepath.Join(t.TempDir(), "orders.csv")
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// reported runs segkit report on a small shop, or a file, into a folder.
func reported(t *testing.T, dir string, args ...string) error {
	t.Helper()
	c := reportCmd{Out: dir, NoPDF: true}
	if len(args) > 0 {
		c.Orders = args[0]
	} else {
		c.Orders = smallShop(t)
	}
	return c.Run(t.Context())
}

func TestReportTwiceIsTheSame(t *testing.T) {
	a, b := t.TempDir(), t.TempDir()
	for _, dir := range []string{a, b} {
		if err := reported(t, dir); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := os.ReadDir(a)
	if err != nil || len(entries) < 5 {
		t.Fatalf("%v, %v", entries, err)
	}
	for _, e := range entries {
		one, _ := os.ReadFile(filepath.Join(a, e.Name()))
		two, _ := os.ReadFile(filepath.Join(b, e.Name()))
		if len(one) == 0 || !bytes.Equal(one, two) {
			t.Errorf("%s differs between two runs", e.Name())
		}
	}
	page, _ := os.ReadFile(filepath.Join(a, "report.html"))
	if addresses := outside(string(page)); addresses != nil {
		t.Errorf("the page would load %v", addresses)
	}
	for _, never := range []string{"NaN", "%!"} {
		if bytes.Contains(page, []byte(never)) {
			t.Errorf("the page holds %s", never)
		}
	}
}

// What a rule of cleaning matched, and where that leaves a doubt, stands beside the rule.
func TestReportSaysWhatRulesMatched(t *testing.T) {
	dir := t.TempDir()
	if err := reported(t, dir); err != nil {
		t.Fatal(err)
	}
	said := map[string]string{}
	for _, d := range trial.Sure(report.ReadRecord(dir)).Decisions {
		if d.What == "cleaning" {
			said[d.Value] = d.Why
		}
	}
	if got := said["net cancelled"]; !strings.HasPrefix(got, `The rule "net cancelled": lines of goods that went back: `) || said["test order"] != "" {
		t.Errorf("%q", said)
	}
}

// Files of which no report can be made are refused with a sentence, and nothing is written.
func TestReportOfBadOrders(t *testing.T) {
	head := "order,customer,date,product,quantity,price\n"
	for name, c := range map[string]struct{ content, want string }{
		"no orders":    {head, "no"},
		"one customer": {head + "1,a,2025-01-01,p,1,5\n2,a,2025-02-01,p,1,5\n", "too few to form segments"},
		"cancelled":    {head + "1,a,2025-01-01,p,1,5\nC1,a,2025-01-02,p,-1,5\n", "left"},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "orders.csv")
			if err := os.WriteFile(file, []byte(c.content), 0o644); err != nil {
				t.Fatal(err)
			}
			dir := filepath.Join(t.TempDir(), "report")
			err := reported(t, dir, file)
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), file) {
				t.Errorf("%v", err)
			}
			if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
				t.Error("a folder was made for nothing")
			}
		})
	}
}

// What a file leaves open is asked in the words of the command, which says where the answer is kept, and not in those of a program.
func TestReportAsksInFlags(t *testing.T) {
	dir := t.TempDir()
	for name, c := range map[string]struct{ line, want string }{
		"date":   {"2,b,03/04/2025,p,1,5\n", "set --date to"},
		"number": {"1,a,2025-01-01,p,1,5\n2,b,2025-01-02,p,1,unknown yet\n", "list it in --missing 'unknown yet'"},
	} {
		path := filepath.Join(dir, name+".csv")
		file(t, dir, name+".csv", "order,customer,date,product,quantity,price\n"+c.line)
		err := reported(t, filepath.Join(dir, "report"), path)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "segkit inspect "+path) || strings.Contains(err.Error(), "Options") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReportFlagsThatMakeNoSense(t *testing.T) {
	for want, c := range map[string]reportCmd{
		"--as-of": {Orders: "shop", AsOf: "31.1."}, "--k": {Orders: "shop", K: 1}, "--days": {Orders: "shop", Days: -1}, "--lang": {Orders: "shop", Lang: "tlh"}, "file of orders": {},
		`did you mean "duplicate"`: {Orders: "shop", Rules: []string{"duplicates"}}, "--browser": {Orders: "shop", Browser: "/no/such/browser"}, "--last": {Orders: "shop", Last: t.TempDir()},
	} {
		c.Out = filepath.Join(t.TempDir(), "report")
		if err := c.Run(t.Context()); exitCode(err) != exitUsage || !strings.Contains(err.Error(), strings.TrimPrefix(want, "--browser")) {
			t.Errorf("%s: %v", want, err)
		}
	}
}

// A file of choices: an unknown key is told with its line and what was probably meant, and flags come before it.
func TestReportsChoices(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "segkit.toml")
	for text, want := range map[string]string{
		"k = 4\nseeed = 2\n":      `line 2: there is no option "seeed"; did you mean "seed"?`,
		"k = \"four\"\n":          `line 1: "k" needs a whole number`,
		"# choices\n\ntitle: x\n": `line 3: has no = after "title"`,
		"k = 3\nk = 4\n":          `line 2: names "k" a second time`,
	} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		c := reportCmd{Orders: "shop", Out: dir, Config: path}
		if err := c.configured(); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%q: %v", text, err)
		}
	}
	text := "orders = \"shop\"\nout = \"report\"\nk = 4\nseed = 0\nlang = \"de\"\ncolumns = [\"orders\", \"basket\"]\n"
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	c := reportCmd{Config: path, K: 5}
	if err := c.configured(); err != nil || c.K != 5 || *c.Seed != 0 || c.Lang != "de" || c.Orders != "shop" || c.Out != filepath.Join(dir, "report") || len(c.Columns) != 2 || c.Days != 90 {
		t.Errorf("%+v, %v", c, err)
	}
	t.Chdir(dir)
	c = reportCmd{}
	if err := c.configured(); err != nil || c.K != 4 {
		t.Errorf("%+v, %v", c, err)
	}
}

// A file of choices that came with somebody's orders starts no program that lies beside them.
func TestChoicesNameNoProgramByItsPath(t *testing.T) {
	t.Chdir(t.TempDir())
	file(t, ".", "orders.csv", "order,customer,date,product,quantity,price\n1,a,2025-01-01,p,1,5\n")
	file(t, ".", "segkit.toml", "orders = \"orders.csv\"\nout = \"report\"\nbrowser = \"./chromium\"\n")
	if err := os.WriteFile("chromium", []byte("#!/bin/sh\ntouch ran\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, said, code := answerOf(t, ".", "", "report"); code != exitUsage || !strings.Contains(said, `browser = "./chromium"`) || exists("ran") {
		t.Errorf("%d: %s", code, said)
	}
}

// Without a browser everything else is written, a stale PDF is gone, and a person is told.
func TestReportWithoutABrowser(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{pdfFile, personasFile} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("old"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", t.TempDir())
	c := reportCmd{Orders: smallShop(t), Out: dir}
	err := c.Run(t.Context())
	if runtime.GOOS == "linux" && (exitCode(err) != exitLook || !strings.Contains(err.Error(), "no Chromium or Chrome was found") || !strings.Contains(err.Error(), "--no-pdf")) {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "report.html")); err != nil {
		t.Error(err)
	}
	for _, name := range []string{pdfFile, personasFile} {
		if _, err := os.Stat(filepath.Join(dir, name)); runtime.GOOS == "linux" && !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the old %s lies beside a new report", name)
		}
	}
}

// What a report leaves of the one before it is told, and its title is that of the one before where none is given.
func TestReportBesideAnEarlierOne(t *testing.T) {
	dir, orders := t.TempDir(), smallShop(t)
	said := func(title string) string {
		shown, out := trial.Sure(os.Create(filepath.Join(t.TempDir(), "said"))), os.Stdout
		defer shown.Close()
		os.Stdout = shown
		defer func() { os.Stdout = out }()
		c := reportCmd{Orders: orders, Out: dir, NoPDF: true, Title: title}
		if err := c.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		return string(trial.Sure(os.ReadFile(shown.Name())))
	}
	titled := func(want string) {
		t.Helper()
		if r := trial.Sure(report.ReadRecord(dir)); r.Title != want {
			t.Errorf("title %q, want %q", r.Title, want)
		}
		if page := trial.Sure(os.ReadFile(filepath.Join(dir, "report.html"))); !bytes.Contains(page, []byte("<h1>"+cmp.Or(want, "Customer segments"))) {
			t.Errorf("the page has not the title %q", want)
		}
	}
	if text := said(""); strings.Contains(text, "earlier report") {
		t.Error(text)
	}
	titled("")
	if err := os.WriteFile(filepath.Join(dir, pdfFile), []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	if text := said("De Buitenman"); !strings.HasSuffix(text, "Left from an earlier report: report.pdf.\n") {
		t.Error(text)
	}
	titled("De Buitenman")
	said("")
	titled("De Buitenman")
	said("Another")
	titled("Another")
}

// A folder that cannot be written is told, and nothing is left in it.
func TestReportIntoAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report")
	if err := os.WriteFile(path, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := reported(t, path); exitCode(err) != exitUsage || !strings.Contains(err.Error(), path+" is a file; -o needs a folder") {
		t.Error(err)
	}
	if got, _ := os.ReadFile(path); string(got) != "mine" {
		t.Error("the file is gone")
	}
}

// filesIn are the files of a folder, by name.
func filesIn(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, e := range entries {
		if e.Type().IsRegular() {
			text, err := os.ReadFile(filepath.Join(dir, e.Name()))
			if err != nil {
				t.Fatal(err)
			}
			out[e.Name()] = string(text)
		}
	}
	return out
}

// Month by month into one folder: the model is kept, who moved is told, and from the third report on what came of forecasts.
func TestReportsFollowEachOther(t *testing.T) {
	dir := t.TempDir()
	var models []string
	orders := smallShop(t)
	for i, day := range []string{"2025-06-30", "2025-07-31", "2025-08-31"} {
		for range 2 { // again on the same day changes nothing
			c := reportCmd{Orders: orders, Out: dir, AsOf: day, NoPDF: true}
			if err := c.Run(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		r, err := report.ReadRecord(dir)
		if err != nil || len(r.Forecasts) != 2*(i+1) || r.AsOf != day || r.ModelKept != (i > 0) {
			t.Fatalf("%+v, %v", r, err)
		}
		models = append(models, r.Model)
		page, _ := os.ReadFile(filepath.Join(dir, "report.html"))
		if got := bytes.Contains(page, []byte(`id="movement"`)); got != (i > 0) {
			t.Errorf("%s: movement %v", day, got)
		}
		if got := bytes.Contains(page, []byte("it came with the model")); got != (i > 0) {
			t.Errorf("%s: the number of segments was not asked again: %v", day, got)
		}
		if got := bytes.Contains(page, []byte("age of the model")); got != (i > 0) {
			t.Errorf("%s: asked how old the model is: %v", day, got)
		}
		if got := bytes.Contains(page, []byte(`id="forecasts"`)); got != (i > 1) {
			t.Errorf("%s: forecasts %v", day, got)
		}
	}
	if models[0] != models[2] {
		t.Error("the model changed")
	}
	follow := trackCmd{Model: filepath.Join(dir, "model.json"), Orders: orders, History: filepath.Join(t.TempDir(), "history.csv"), AsOf: "2025-08-31", Seed: 1, Refit: true}
	var said []string
	for _, d := range trial.Sure(report.ReadRecord(dir)).Decisions {
		if d.What == "age of the model" {
			said = append(said, d.Value)
		}
	}
	decision := trial.Sure(follow.find(t.Context())).Decision
	if !slices.Equal(said, append([]string{decision.Action.String()}, decision.Reasons...)) || !strings.Contains(fmt.Sprint(said), " customers of 2025-08-31, the frozen model and a fresh fit have an adjusted Rand index of ") {
		t.Errorf("the report says %q, and track %q", said, decision.Reasons)
	}
	c := reportCmd{Orders: orders, Out: t.TempDir(), Model: filepath.Join(dir, "model.json"), Rules: []string{"no customer"}, NoPDF: true}
	if err := c.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "other rules (no customer, ") {
		t.Errorf("rules beside a model that has others: %v", err)
	}
	c = reportCmd{Orders: orders, Out: dir, AsOf: "2025-05-31", NoPDF: true}
	if err := c.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "later") {
		t.Error(err)
	}
}

// An Excel workbook and Parquet go the same way as CSV, and their errors name the row and the column.
func TestReportOfAWorkbook(t *testing.T) {
	f := excelize.NewFile()
	for i, row := range [][]any{{"order", "customer", "date", "quantity", "price"}, {"1", "a", "2025-03-04", 1, 2.5}, {"2", "b", "2025-03-05", 1, "2,50 or so"}} {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "orders.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	err := reported(t, filepath.Join(t.TempDir(), "report"), path)
	if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "row 3") || !strings.Contains(err.Error(), `column "price"`) {
		t.Error(err)
	}
	out := filepath.Join(t.TempDir(), "orders.csv")
	if err := (&convertCmd{File: path, Out: out}).Run(); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(out); string(got) != "order,customer,date,quantity,price\n1,a,2025-03-04,1,2.5\n2,b,2025-03-05,1,\"2,50 or so\"\n" {
		t.Errorf("%s", got)
	}
	if err := (&convertCmd{File: out}).Run(); exitCode(err) != exitUsage {
		t.Error(err)
	}
	beside := strings.TrimSuffix(path, ".xlsx") + ".csv"
	if err := os.WriteFile(beside, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := (&convertCmd{File: path}).Run(); exitCode(err) != exitUsage || !strings.Contains(err.Error(), beside) {
		t.Error(err)
	}
	if got, _ := os.ReadFile(beside); string(got) != "mine" {
		t.Errorf("a file that nobody named was written over: %s", got)
	}
	if err := (&convertCmd{File: path, Out: beside}).Run(); err != nil {
		t.Error(err)
	}
}

// bookIn writes a workbook of one sheet into dir.
func bookIn(t *testing.T, dir, name string, rows ...[]any) string {
	t.Helper()
	f := excelize.NewFile()
	for i, row := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(dir, name)
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// A workbook goes straight into inspect, whose answers are kept beside it and taken up, and into score: with the same result as the CSV, and rows in errors.
func TestWorkbooksNeedNoConversion(t *testing.T) {
	dir := t.TempDir()
	plans(t, dir)
	book := func(name string, rows ...[]any) string { return bookIn(t, dir, name, rows...) }
	header := []any{"customer", "spend", "plan", "member"}
	book("customers.xlsx", header, []any{"a", 12.5, "basic", "0"}, []any{"b", 112, "pro", "1"})
	file(t, dir, "customers.csv", "customer,spend,plan,member\na,12.5,basic,0\nb,112,pro,1\n")
	for _, name := range []string{"customers.xlsx", "customers.csv"} {
		if _, said, code := answerOf(t, dir, "", "score", "plans.json", name, "-o", name+".segments"); code != exitDone {
			t.Fatal(said)
		}
	}
	held := filesIn(t, dir)
	if held["customers.xlsx.segments"] != held["customers.csv.segments"] || held["customers.csv.segments"] == "" {
		t.Errorf("the workbook gives %q", held["customers.xlsx.segments"])
	}
	book("bad.xlsx", header, []any{"a", 12.5, "basic", "0"}, []any{"b", "much", "pro", "1"})
	if _, said, code := answerOf(t, dir, "", "score", "plans.json", "bad.xlsx"); code != exitFailed || !strings.Contains(said, `bad.xlsx, column "spend", row 3`) {
		t.Error(said)
	}

	orders := book("orders.xlsx", []any{"order", "client", "day", "worth"}, []any{"1", "a", "2025-03-04", 2.5}, []any{"2", "b", "2025-03-05", 3})
	if _, said, code := answerOf(t, dir, "", "inspect", orders, "--write", "--role", "customer=client", "--role", "date=day", "--role", "amount=worth"); code != exitDone || !strings.Contains(said, orders+".segkit.toml") {
		t.Fatal(said)
	}
	lines, _, err := readOrders(orders, "")
	if err != nil {
		t.Fatal(err)
	}
	if n, err := lines.Count(); err != nil || n.Customers != 2 || n.Net().String() != "5.5" {
		t.Errorf("%+v, %v", n, err)
	}
}

// Options that were kept for a workbook hold as long as its columns do, for orders, customers and models alike; inspect passes over those that no longer hold, and says so.
func TestAWorkbookThatChangedSinceItsOptionsWereKept(t *testing.T) {
	dir := t.TempDir()
	plans(t, dir)
	book := func(name string, rows ...[]any) string { return bookIn(t, dir, name, rows...) }
	said := func(want string, err error) {
		t.Helper()
		if !errors.Is(err, fault.ErrSchema) || !strings.HasPrefix(fmt.Sprint(err), "segkit: "+dir) || !strings.Contains(err.Error(), "has different columns from when its options were kept in") || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	first, second := []any{"1", "a", "2025-03-04", 2.5}, []any{"2", "b", "2025-03-05", 3}
	orders := book("orders.xlsx", []any{"order", "client", "day", "worth"}, first, second)
	if _, complaint, ok := inspectRun(t, orders, "--write", "--role", "customer=client", "--role", "date=day", "--role", "amount=worth"); !ok {
		t.Fatal(complaint)
	}
	if _, _, err := readOrders(orders, ""); err != nil {
		t.Error(err)
	}
	if out, _, ok := inspectRun(t, orders); !ok || !strings.Contains(out, "The options kept in "+orders+".segkit.toml are used") {
		t.Error(out)
	}
	book("orders.xlsx", []any{"order", "client", "day", "net", "worth"}, append(first[:3:3], 2, 2.5), append(second[:3:3], 2.5, 3))
	_, _, err := readOrders(orders, "")
	said(`it also has "net"`, err)
	if out, complaint, ok := inspectRun(t, orders, "--role", "customer=client", "--role", "date=day", "--role", "amount=worth"); !ok || !strings.Contains(out, `not used: `+orders) || !strings.Contains(out, `it also has "net"`) {
		t.Error(out, complaint)
	}

	customers := book("customers.xlsx", []any{"customer", "spend", "plan", "member"}, []any{"a", 12.5, "basic", "0"}, []any{"b", 112, "pro", "1"})
	k := kept.Options{Kind: kept.Customers, Columns: []string{"customer", "spend", "plan", "member"}, Set: []kept.Setting{{Key: "text", Value: []string{"plan"}}}}
	if err := k.Write(customers); err != nil {
		t.Fatal(err)
	}
	if _, err := readTable(customers, "", "customer"); err != nil {
		t.Error(err)
	}
	if out, complaint, ok := inspectRun(t, customers); !ok || !strings.Contains(out, customers+".segkit.toml are used: text = ") {
		t.Error(out, complaint)
	}
	book("customers.xlsx", []any{"customer", "spend", "plan", "age"}, []any{"a", 12.5, "basic", 30}, []any{"b", 112, "pro", 40})
	_, err = readTable(customers, "", "customer")
	said(`it lacks "member" and has "age"`, err)
	if _, complaint, code := answerOf(t, dir, "", "score", "plans.json", "customers.xlsx"); code != exitFailed || !strings.Contains(complaint, "different columns from when its options were kept") {
		t.Error(complaint)
	}
}

// What is merged over the lines of an order is read on each of them, and said; money that is merged so is asked about, since it counts once or on each line.
func TestOrdersOfMergedCells(t *testing.T) {
	dir := t.TempDir()
	f := excelize.NewFile()
	for i, row := range [][]any{{"order", "customer", "date", "product", "amount"}, {"1", "a", "2025-03-04", "tea", 10}, {nil, nil, nil, "milk", nil}, {"2", "b", "2025-03-05", "tea", 20}, {nil, nil, nil, "milk", nil},
		{"3", "c", "2025-03-06", "tea", 30}, {nil, nil, nil, "milk", nil}, {"4", "c", "2025-03-07", "tea", 5}} {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	for _, column := range "ABCE" {
		for row := 2; row <= 6; row += 2 {
			if err := f.MergeCell("Sheet1", fmt.Sprintf("%c%d", column, row), fmt.Sprintf("%c%d", column, row+1)); err != nil {
				t.Fatal(err)
			}
		}
	}
	path := filepath.Join(dir, "orders.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	const note = "12 empty cells in columns A, B, C and E got the value above them."
	out, _, code := answerOf(t, dir, "", "inspect", path)
	if out = strings.Join(strings.Fields(out), " "); code != exitLook || !strings.Contains(out, note) || !strings.Contains(out, "--role total=amount (net 65,") || !strings.Contains(out, "--role amount=amount (net 125,") ||
		strings.Contains(out, "Encoded in") || strings.Contains(out, "--comma") || !strings.Contains(out, "The columns are named in row 1.") {
		t.Errorf("%d, %s", code, out)
	}
	_, said, code := answerOf(t, dir, "", "convert", path, "-o", "orders.csv")
	if code != exitDone || !strings.Contains(said, note) || !strings.Contains(filesIn(t, dir)["orders.csv"], "\n1,a,2025-03-04,milk,10\n") {
		t.Errorf("%d, %s", code, said)
	}
}

// A workbook whose first sheet is no table is refused with the flag that says which is meant: for customers, who have none, with the command that does.
func TestReportOfTheWrongSheet(t *testing.T) {
	f := excelize.NewFile()
	for sheet, rows := range map[string][][]any{"Sheet1": {{"Export"}}, "Orders": {{"order", "customer"}, {"1", "a"}}} {
		if _, err := f.NewSheet(sheet); err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			if err := f.SetSheetRow(sheet, fmt.Sprintf("A%d", i+1), &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	path := filepath.Join(t.TempDir(), "orders.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	err := reported(t, filepath.Join(t.TempDir(), "report"), path)
	if err == nil || !strings.Contains(err.Error(), `--sheet "Orders"`) || strings.Contains(err.Error(), "segkit inspect") {
		t.Error(err)
	}
	c := reportCmd{Orders: smallShop(t), Out: filepath.Join(t.TempDir(), "report"), Customers: path, NoPDF: true}
	if err := c.Run(t.Context()); err == nil || !strings.Contains(err.Error(), `--customers-sheet "Orders"`) || strings.Contains(err.Error(), " --sheet") {
		t.Error(err)
	}
	if customers, err := readCustomers(path, "Orders", "customer"); err != nil || customers.IDs()[0] != "a" {
		t.Error(err)
	}
}

// The sheets that --sheet names are kept with the options, and sentences name the sheet and its row where several are read as one table.
func TestSheetsAreKeptAndNamed(t *testing.T) {
	f := excelize.NewFile()
	for sheet, days := range map[string][]string{"Sheet1": {"2024-03-01", "2024-03-02", "2024-03-03"}, "2025": {"2024-03-04", "1999-01-01", "2024-03-05"}} {
		if _, err := f.NewSheet(sheet); err != nil {
			t.Fatal(err)
		}
		for i, day := range append([]string{"date"}, days...) {
			if err := f.SetSheetRow(sheet, fmt.Sprintf("A%d", i+1), &[]any{map[bool]any{true: "order", false: sheet + day}[i == 0], map[bool]any{true: "client", false: day}[i == 0], day, map[bool]any{true: "amount", false: 10 + i}[i == 0]}); err != nil {
				t.Fatal(err)
			}
		}
	}
	dir := t.TempDir()
	if err := f.SaveAs(filepath.Join(dir, "orders.xlsx")); err != nil {
		t.Fatal(err)
	}
	if _, said, code := answerOf(t, dir, "", "inspect", "orders.xlsx"); code != exitFailed || !strings.Contains(said, "--sheet") {
		t.Fatalf("%d: %s", code, said)
	}
	out, said, code := answerOf(t, dir, "", "inspect", "orders.xlsx", "--sheet", "Sheet1,2025", "--role", "customer=client", "--write")
	if out = strings.Join(strings.Fields(out), " "); code != exitDone || !strings.Contains(out, `as 1999-01-01 in row 3 of the sheet "2025"`) || regexp.MustCompile(`\bline \d`).MatchString(out) {
		t.Errorf("%d: %s%s", code, out, said)
	}
	if out, said, code := answerOf(t, dir, "", "inspect", "orders.xlsx"); code != exitDone || !strings.Contains(out, "6 order lines") {
		t.Errorf("kept: %d: %s%s", code, out, said)
	}
	if out, said, code := answerOf(t, dir, "", "inspect", "orders.xlsx", "--sheet", "2025"); code != exitDone || !strings.Contains(out, "3 order lines") {
		t.Errorf("another is named: %d: %s%s", code, out, said)
	}
	if orders, _, err := readOrders(filepath.Join(dir, "orders.xlsx"), ""); err != nil {
		t.Error(err)
	} else if n, _ := orders.Count(); n.Lines != 6 {
		t.Errorf("%+v", n)
	}
}

// Cells that were said to be missing stop no report: the lines are left out before returns are netted, and the page and the record say how many. A list of
// rules that lacks the rule is refused with the list to paste, and a report into the same folder goes by the list of the one before.
func TestReportOfMissingValues(t *testing.T) {
	path, whole := smallShop(t), filepath.Join(t.TempDir(), "whole")
	if err := reported(t, whole, path); err != nil {
		t.Fatal(err)
	}
	if text, _ := os.ReadFile(filepath.Join(whole, "record.json")); bytes.Contains(text, []byte("missing value")) {
		t.Error("a rule was added where nothing is missing")
	}
	dated := regexp.MustCompile(`20\d\d-\d\d-\d\d \d\d:\d\d`)
	data, _ := os.ReadFile(path)
	lines := strings.SplitAfter(string(data), "\n")
	lost := 0
	for i := 10; lost < 5; i += 100 {
		if !strings.Contains(lines[i], ",,") { // of a customer
			lines[i] = dated.ReplaceAllString(lines[i], "?")
			lost++
		}
	}
	if err := os.WriteFile(path, []byte(strings.Join(lines, "")), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := (&inspectCmd{File: path, Missing: []string{"?"}, Write: true}).run(io.Discard, io.Discard); err != nil {
		t.Fatal(err)
	}

	dir := filepath.Join(t.TempDir(), "report")
	if err := reported(t, dir, path); err != nil {
		t.Fatal(err)
	}
	chosen := func(dir string) (rules []string, left string) {
		for _, d := range trial.Sure(report.ReadRecord(dir)).Decisions {
			switch d.What {
			case "cleaning":
				rules = append(rules, d.Value)
			case "lines left out for that, and their money":
				left = d.Value
			}
		}
		return rules, left
	}
	rules, left := chosen(dir)
	if strings.Join(rules, ",") != "no customer,missing value,duplicate,test order,net cancelled,undone" || !regexp.MustCompile(`^5; .*\d\.\d\d$`).MatchString(left) {
		t.Errorf("cleaned by %v, left out %q", rules, left)
	}
	page, _ := os.ReadFile(filepath.Join(dir, "report.html"))
	if !bytes.Contains(page, []byte(left)) {
		t.Errorf("the page does not say %s", left)
	}

	c := reportCmd{Orders: path, Out: filepath.Join(t.TempDir(), "refused"), NoPDF: true, Rules: []string{"no customer", "duplicate"}}
	want := `say --rules "no customer, missing value, duplicate"`
	if err := c.Run(t.Context()); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "features.MissingValue") {
		t.Errorf("%v, want %s", err, want)
	}
	c.Rules = []string{"no customer", " missing value", " duplicate"}
	for range 2 { // the second time without a list
		if err := c.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		if rules, _ := chosen(c.Out); strings.Join(rules, ",") != "no customer,missing value,duplicate" {
			t.Errorf("cleaned by %v", rules)
		}
		c.Rules = nil
	}

	// a model of orders that were whole is kept for orders that are not, and scores them
	c = reportCmd{Orders: path, Out: filepath.Join(t.TempDir(), "kept"), Model: filepath.Join(whole, "model.json"), NoPDF: true}
	if err := c.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if rules, left := chosen(c.Out); len(rules) != 6 || !strings.HasPrefix(left, "5; ") {
		t.Errorf("cleaned by %v, left out %q", rules, left)
	}
	score := scoreCmd{Model: c.Model, File: path, Out: filepath.Join(t.TempDir(), "segments.csv")}
	if err := score.Run(t.Context()); err != nil && exitCode(err) != exitLook {
		t.Error(err)
	}
	if help := (&reportCmd{}).Help(); !strings.Contains(help, "negative price") || !strings.Contains(help, `"no customer, duplicate, test order, net cancelled, undone"`) {
		t.Error(help)
	}
}

// What else is known of customers joins them; what the orders know too is taken from these, and said.
func TestReportWithCustomers(t *testing.T) {
	dir, file := t.TempDir(), filepath.Join(t.TempDir(), "customers.csv")
	text := "id,Name,city,country,age\n"
	for i := range 400 {
		text += fmt.Sprintf("%04d7,Ann %d,%s,XX,%d\n", i, i, []string{"Ghent", "Leeds", "Turin"}[i%3], 20+i%50)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	c := reportCmd{Orders: smallShop(t), Out: dir, Customers: file, NoPDF: true}
	if err := c.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	page, _ := os.ReadFile(filepath.Join(dir, "report.html"))
	for _, want := range []string{"<td>country</td>", "in both files, taken from the orders", `>city</th>`, "<td>Name</td>"} {
		if !bytes.Contains(page, []byte(want)) {
			t.Errorf("the page does not say %s", want)
		}
	}
	if !regexp.MustCompile(`>age</th>.{0,120}describes who customers are`).Match(page) {
		t.Error("the age of customers is taken for something that they do")
	}
}

// A file of customers that knows some of them says of how many it says nothing, and one that knows none is refused: its ids are in another column.
func TestReportWithOtherCustomers(t *testing.T) {
	file := filepath.Join(t.TempDir(), "customers.csv")
	text := "id,card,age\n"
	for i := range 100 {
		text += fmt.Sprintf("%04d7,K%d,%d\n", i, i, 20+i%50)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	c := reportCmd{Orders: smallShop(t), Out: t.TempDir(), Customers: file, NoPDF: true}
	if err := c.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	page, _ := os.ReadFile(filepath.Join(c.Out, "report.html"))
	if !regexp.MustCompile(`The file of customers has no row for \d+ of the \d+ customers`).Match(page) {
		t.Error("the page does not say how many customers the file does not know")
	}
	c.ID, c.Out = "card", filepath.Join(t.TempDir(), "refused")
	if err := c.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "--id") || !strings.Contains(err.Error(), `"K0"`) || exists(c.Out) {
		t.Errorf("a file of other customers: %v", err)
	}
}

// Of a day long after the last order the page says until when the orders go, and what it means that they end.
func TestReportOfADayAfterTheOrders(t *testing.T) {
	dir := t.TempDir()
	c := reportCmd{Orders: smallShop(t), Out: dir, NoPDF: true, AsOf: "2031-01-01"}
	if err := c.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(dir, "report.html"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(page, []byte("The last order line is from ")) || bytes.Contains(page, []byte("to 1 January 2031")) {
		t.Error("the page does not say that the orders end before its day")
	}
}

// Words that are named later are added to those that were kept, beside a workbook as beside a CSV file, for orders and for customers.
func TestNewWordsAreAddedToKeptOnes(t *testing.T) {
	dir := t.TempDir()
	orders := [][]any{{"order", "customer", "date", "amount", "status"}, {"1", "a", "2024-03-01", 10, "paid"}, {"2", "a", "2024-03-02", 20, "held"}, {"3", "b", "2024-03-03", 40, "parked"}}
	places := [][]any{{"order", "customer", "date", "amount", "shop", "town"}, {"1", "a", "2024-03-01", 10, "x", "Rome"}, {"2", "a", "2024-03-02", 20, "y", "Bari"}}
	customers := [][]any{{"customer", "spend", "plan", "tier"}, {"a", 12.5, "1", "3"}, {"b", 112, "2", "4"}, {"c", 7, "2", "4"}}
	for name, c := range map[string]struct {
		rows             [][]any
		flag, one, other string
		key              string
	}{"orders": {orders, "--undone", "held", "parked", "undone"}, "places": {places, "--descriptors", "shop", "town", "descriptors"}, "customers": {customers, "--text", "plan", "tier", "text"}} {
		for _, path := range []string{bookIn(t, dir, name+".xlsx", c.rows...), csvIn(t, dir, name+".csv", c.rows...)} {
			for i, word := range []string{c.one, c.other} {
				out, complaint, ok := inspectRun(t, path, c.flag, word, "--write")
				if !ok || strings.Contains(strings.Join(strings.Fields(out), " "), fmt.Sprintf("%s = [%q] was kept before, and %q is added to it", c.key, c.one, word)) != (i > 0) {
					t.Errorf("%s %s: %s%s", path, word, out, complaint)
				}
			}
			k, err := kept.Beside("test", path)
			if err != nil {
				t.Fatal(err)
			}
			if got := k.List(c.key); !slices.Equal(got, []string{c.one, c.other}) {
				t.Errorf("%s: %q kept", path, got)
			}
		}
	}
}

// csvIn writes rows as CSV.
func csvIn(t *testing.T, dir, name string, rows ...[]any) string {
	t.Helper()
	var b strings.Builder
	for _, row := range rows {
		b.WriteString(strings.TrimSuffix(strings.Join(strings.Fields(fmt.Sprintln(row...)), ","), ",") + "\n")
	}
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
