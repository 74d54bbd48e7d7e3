package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/segkit/lab/segkit/cmd/internal/workbook"
	"github.com/segkit/lab/segkit/internal/inert"
	"github.com/segkit/lab/segkit/internal/trial"
)

// hostileOrders are the orders of a small shop in which every third customer, product, category and country, and the file, have a name that does harm where it is taken for
// more than text; harmless ones have others.
func hostileOrders(t *testing.T, harmless bool) string {
	t.Helper()
	var names []string
	for _, tries := range slices.Sorted(maps.Keys(trial.Hostile)) {
		switch name := trial.Hostile[tries]; {
		case tries == "NUL" || tries == "no text" || tries == "longest": // a CSV file cannot hold them, or not as UTF-8
		case harmless:
			names = append(names, "evil "+tries)
		default:
			names = append(names, name)
		}
	}
	text := trial.Sure(os.ReadFile(smallShop(t)))
	rows := trial.Sure(csv.NewReader(bytes.NewReader(text)).ReadAll())
	customers := map[string]string{}
	for i, row := range rows[1:] {
		if i%3 == 0 {
			row[3], row[4], row[7] = names[i/3%len(names)], names[(i/3+1)%len(names)], names[(i/3+2)%len(names)]
		}
		if _, known := customers[row[1]]; !known {
			customers[row[1]] = row[1]
			if n := len(customers); row[1] != "" && n%3 == 0 {
				customers[row[1]] = names[n/3%len(names)] + " " + row[1]
			}
		}
		row[1] = customers[row[1]]
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	file := `=evil()<img src=x onerror=evil()>.csv`
	if harmless {
		file = "evil.csv"
	}
	path := filepath.Join(t.TempDir(), file)
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// The folder of a report has no file in which a name is more than text. The PDF is printed from the page, by a browser that runs no script.
func TestHostileNamesInAReport(t *testing.T) {
	const harm = "evil\"; k = 7 # ''' \u2028{{evil}}<script>evil()<script>\u202e"
	dir, plain := filepath.Join(t.TempDir(), `=evil()<img src=x onerror=evil()>' "`), t.TempDir()
	for out, harmless := range map[string]bool{dir: false, plain: true} {
		c := reportCmd{Orders: hostileOrders(t, harmless), Out: out, K: 3, NoPDF: true, Title: map[bool]string{false: harm, true: "evil"}[harmless]}
		if err := c.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	read := func(dir, name string) string { return string(trial.Sure(os.ReadFile(filepath.Join(dir, name)))) }
	trial.Page(t, read(dir, "report.html"), read(plain, "report.html"))
	trial.Cells(t, []byte(read(dir, "segments.csv")))
	book := trial.Sure(excelize.OpenFile(filepath.Join(dir, "tables.xlsx")))
	defer book.Close()
	cells := 0
	for _, name := range book.GetSheetList() {
		for r, row := range trial.Sure(book.GetRows(name, excelize.Options{RawCellValue: true})) {
			for c, text := range row {
				at := trial.Sure(excelize.CoordinatesToCellName(c+1, r+1))
				if formula := trial.Sure(book.GetCellFormula(name, at)); formula != "" || inert.Formula(text) {
					t.Errorf("%s %s: Excel runs %q", name, at, formula+text)
				}
				if linked, _, _ := book.GetCellHyperLink(name, at); linked {
					t.Errorf("%s %s is a link", name, at)
				}
				if strings.Contains(text, "evil") {
					cells++
				}
			}
		}
	}
	if cells == 0 {
		t.Error("no name is in the workbook")
	}
}

// Names of an Excel sheet are the names of the CSV that is made of it, but for line breaks, which are blanks there: every row is a line.
func TestHostileNamesInAWorkbook(t *testing.T) {
	book := excelize.NewFile()
	defer book.Close()
	var want []string
	for _, tries := range slices.Sorted(maps.Keys(trial.Hostile)) {
		name := trial.Hostile[tries]
		if len(name) > 32_767 || !utf8.ValidString(name) || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' && !strings.ContainsRune("\t\r\n", r) }) {
			continue // no cell of Excel holds it
		}
		want = append(want, strings.NewReplacer("\r", " ", "\n", " ").Replace(name))
		for column, text := range []string{fmt.Sprint("c", len(want)), name} {
			if err := book.SetCellStr("Sheet1", trial.Sure(excelize.CoordinatesToCellName(column+1, len(want)+1)), text); err != nil {
				t.Fatal(err)
			}
		}
	}
	for cell, text := range map[string]string{"A1": "id", "B1": "evil\u2028name"} {
		if err := book.SetCellStr("Sheet1", cell, text); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "names.xlsx")
	if err := book.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	source := trial.Sure(workbook.Read(path, ""))
	rows := trial.Sure(csv.NewReader(bytes.NewReader(source.CSV)).ReadAll())
	if lines := bytes.Count(source.CSV, []byte("\n")); len(rows) != len(want)+1 || lines != len(rows) || rows[0][1] != "evil\u2028name" {
		t.Fatalf("%d rows on %d lines, want %d: %q", len(rows), lines, len(want)+1, rows[0])
	}
	for i, name := range want {
		if got := rows[i+1][1]; strings.TrimSpace(got) != strings.TrimSpace(name) {
			t.Errorf("%q, in the sheet %q", got, name)
		}
	}
}

// What a project holds does not hang on the name of its folder.
func TestHostileNamesOfAProject(t *testing.T) {
	files := func(dir string) map[string]string {
		if _, err := makeProject("../../..", dir); err != nil {
			t.Fatal(err)
		}
		out := map[string]string{}
		for _, entry := range trial.Sure(os.ReadDir(dir)) {
			out[entry.Name()] = string(trial.Sure(os.ReadFile(filepath.Join(dir, entry.Name()))))
		}
		return out
	}
	plain := files(filepath.Join(t.TempDir(), "evil"))
	for _, name := range []string{"evil\"\nmodule x #", "'''evil'''", "=evil(){{evil}}", "evil\u2028\u202e`; $(evil)"} {
		parent := t.TempDir()
		if got := files(filepath.Join(parent, name)); !maps.Equal(got, plain) {
			t.Errorf("%q: the project is %q", name, slices.Sorted(maps.Keys(got)))
		}
		if there := trial.Sure(os.ReadDir(parent)); len(there) != 1 || there[0].Name() != name {
			t.Errorf("%q: there is %v", name, there)
		}
	}
}

// An error shows a name without obeying it.
func TestHostileNamesInAnError(t *testing.T) {
	path := filepath.Join(t.TempDir(), "orders.csv")
	if err := os.WriteFile(path, []byte("order,customer,date,quantity,price\n1,a,2025-01-05,1,\"\x1b[2Jevil\"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	shown := trial.Sure(os.Create(filepath.Join(t.TempDir(), "shown")))
	defer shown.Close()
	out, errors := os.Stdout, os.Stderr
	os.Stdout, os.Stderr = shown, shown
	codes := []int{run([]string{"inspect", path}), run([]string{"report", path, "-o", t.TempDir()})}
	os.Stdout, os.Stderr = out, errors
	if slices.Contains(codes, exitDone) {
		t.Errorf("exit codes %v of a file that cannot be read", codes)
	}
	trial.Plain(t, string(trial.Sure(os.ReadFile(shown.Name()))))
}
