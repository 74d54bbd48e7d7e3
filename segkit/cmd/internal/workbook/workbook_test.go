package workbook

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/xuri/excelize/v2"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/report"
)

// workbookOf saves the rows on the second of two sheets.
func workbookOf(t *testing.T, rows ...[]any) string {
	t.Helper()
	f := excelize.NewFile()
	trial.Sure(f.NewSheet("Orders"))
	for i, row := range rows {
		if row == nil {
			continue
		}
		if err := f.SetSheetRow("Orders", trial.Sure(excelize.CoordinatesToCellName(1, i+1)), &row); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "orders.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestASheetIsTheCSVThatItShows(t *testing.T) {
	path := workbookOf(t, []any{"order", "customer", "date", "price", "paid"},
		[]any{"00123", "a, b", time.Date(2025, 3, 4, 0, 0, 0, 0, time.UTC), 2.55, true},
		nil,
		[]any{"=1+1", "two\nlines", time.Date(2025, 3, 4, 5, 6, 7, 0, time.UTC), 1234567.125, false})
	s := trial.Sure(Read(path, "Orders"))
	want := "order,customer,date,price,paid\n00123,\"a, b\",2025-03-04,2.55,TRUE\n\n=1+1,two lines,2025-03-04 05:06:07,1234567.125,FALSE\n"
	if string(s.CSV) != want || s.Rows != 3 || s.Sheets[0] != "Orders" {
		t.Errorf("%q, %d rows of %s", s.CSV, s.Rows, s.Sheets)
	}
	if _, err := Read(path, "Oders"); err == nil || !strings.Contains(err.Error(), `did you mean "Orders"`) || !strings.Contains(err.Error(), path) {
		t.Error(err)
	}
	if _, err := Read(workbookOf(t), ""); err == nil || !strings.Contains(err.Error(), `nothing on the sheet "Sheet1"`) {
		t.Error(err)
	}
}

// A sheet leaves out the empty cells at the end of a row. They stand in the CSV, also below a title.
func TestRowsAreAsWideAsTheTable(t *testing.T) {
	s := trial.Sure(Read(workbookOf(t, []any{"Shop, orders"}, []any{"order", "price", "note"}, []any{"1", 2.5, "gift"}, []any{"2", 3.5}), "Orders"))
	if want := "\"Shop, orders\"\norder,price,note\n1,2.5,gift\n2,3.5,\n"; string(s.CSV) != want {
		t.Errorf("%q, want %q", s.CSV, want)
	}
}

// yearsOf saves sheets in the order of their names.
func yearsOf(t *testing.T, sheets map[string][][]any) string {
	t.Helper()
	f := excelize.NewFile()
	for i, name := range slices.Sorted(maps.Keys(sheets)) {
		if i == 0 {
			if err := f.SetSheetName("Sheet1", name); err != nil {
				t.Fatal(err)
			}
		} else {
			trial.Sure(f.NewSheet(name))
		}
		for i, row := range sheets[name] {
			if err := f.SetSheetRow(name, fmt.Sprintf("A%d", i+1), &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	path := filepath.Join(t.TempDir(), "orders.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// A sheet for each year: one alone looks like all orders, so that none is read until they are named, and named they are one table, whatever the order of their
// columns and the titles above them. What has other columns, or no rows, asks nothing.
func TestASheetForEachYear(t *testing.T) {
	sheets := map[string][][]any{
		"2024":  {{"order", "customer", "price"}, {"1", "a", 2.5}, {"2", "b", 3}},
		"2025":  {{"Orders of 2025"}, {"Price", "order ", "customer"}, {4.25, "3", "a"}, {5, "4", "bad"}},
		"2026":  {{"order", "customer", "price"}},
		"a, b":  {{"city", "country"}, {"Utrecht", "NL"}},
		"notes": {{"order", "customer", "price", "note"}, {"1", "a", 2.5, "gift"}},
	}
	path := yearsOf(t, sheets)
	if _, err := Read(path, ""); !errors.Is(err, ErrWhichSheet) || !strings.Contains(err.Error(), `"2024" and "2025"`) || !strings.Contains(err.Error(), `--sheet "2024,2025"`) || !strings.Contains(err.Error(), `--sheet "2025"`) || strings.Contains(err.Error(), "2026") {
		t.Error(err)
	}
	s := trial.Sure(Read(path, "2024,2025"))
	if want := "order,customer,price\n1,a,2.5\n2,b,3\n3,a,4.25\n4,bad,5\n"; string(s.CSV) != want || s.Rows != 4 || !slices.Equal(s.Sheets, []string{"2024", "2025"}) {
		t.Errorf("%q, %d rows of %q", s.CSV, s.Rows, s.Sheets)
	}
	if len(s.Notes) != 1 || !strings.Contains(s.Notes[0], `"2024" (2 rows) and "2025" (2 rows)`) || !strings.Contains(s.Notes[0], `"2025" from row 4 on`) {
		t.Error(s.Notes)
	}
	for line, want := range map[int]string{2: `sheet "2024", row 2`, 3: `sheet "2024", row 3`, 4: `sheet "2025", row 3`, 5: `sheet "2025", row 4`} {
		if err := s.Located(&fault.CellError{File: path, Line: line}); !strings.Contains(err.Error(), want) {
			t.Errorf("line %d: %v, want %s", line, err, want)
		}
	}
	back := trial.Sure(Read(path, "2025, 2024")) // below the title, and with the columns, of the first
	if lines := strings.Split(string(back.CSV), "\n"); len(lines) != 7 || lines[2] != "4.25,3,a" || lines[4] != "2.5,1,a" || back.Rows != 5 {
		t.Errorf("%q", back.CSV)
	}
	if err := back.Located(&fault.CellError{File: path, Line: 5}); !strings.Contains(err.Error(), `sheet "2024", row 2`) {
		t.Error(err)
	}
	for name, want := range map[string]string{"2025": "Orders of 2025\nPrice,order ,customer\n", "a, b": "city,country\nUtrecht,NL\n"} {
		if s := trial.Sure(Read(path, name)); !strings.HasPrefix(strings.ReplaceAll(string(s.CSV), `"`, ""), want) {
			t.Errorf("%s: %q", name, s.CSV)
		}
	}
	for name, want := range map[string]string{"2024,notes": `only "notes" has the column "note"`, "2024,a, b": `only "2024" has the column "order"`, "2024,2024": "twice", "2024,2027": `no sheet "2027"; did you mean "2024"?`, "2027": "The sheets are 2024, 2025, 2026", "2024,": `no sheet ""`} {
		if _, err := Read(path, name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
	delete(sheets, "2025")
	if _, err := Read(yearsOf(t, sheets), ""); !errors.Is(err, ErrWhichSheet) || !strings.Contains(err.Error(), `"2024" and "notes" have nearly the same columns (only "notes" has the column "note")`) || !strings.Contains(err.Error(), `--sheet "2024"`) {
		t.Error(err)
	}
	sheets["notes"] = [][]any{{"order", "by whom", "note"}, {"1", "Jan", "gift"}}
	if s := trial.Sure(Read(yearsOf(t, sheets), "")); s.Sheets[0] != "2024" || s.Rows != 2 || s.Notes != nil {
		t.Errorf("%+v", s)
	}
	sheets["2025"], sheets["1 about"] = [][]any{{"order", "customer", "price"}, {"3", "a", 4.25}}, [][]any{{"Export"}}
	if _, err := Read(yearsOf(t, sheets), ""); !errors.Is(err, ErrWhichSheet) || !strings.Contains(err.Error(), `--sheet "2024,2025"`) {
		t.Error(err)
	}
}

// Where the first sheet is no table and another is, the sheets are named; a first sheet that is one is read, however long the others are.
func TestTheSheetThatIsMeant(t *testing.T) {
	path := workbookOf(t, []any{"order", "customer"}, nil, []any{"1", "a"}, []any{"2", "b"})
	f := trial.Sure(excelize.OpenFile(path))
	defer f.Close()
	for cell, v := range map[string]string{"A1": "Export of 15 January", "A2": "by nobody"} {
		_, err := Read(path, "")
		if !errors.Is(err, ErrWhichSheet) || !errors.Is(err, fault.ErrFormat) || !strings.Contains(err.Error(), `"Orders" (3 rows)`) || !strings.Contains(err.Error(), `--sheet "Orders"`) {
			t.Error(err)
		}
		if err := f.SetCellStr("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
		if err := f.SaveAs(path); err != nil {
			t.Fatal(err)
		}
	}
	if s := trial.Sure(Read(path, "Sheet1")); s.Rows != 1 {
		t.Errorf("%d rows", s.Rows)
	}
	if err := f.SetCellStr("Sheet1", "B2", "two columns"); err != nil {
		t.Fatal(err)
	}
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	if s := trial.Sure(Read(path, "")); s.Sheets[0] != "Sheet1" {
		t.Error(s.Sheets)
	}
}

func TestAFormulaThatWentWrongIsNamed(t *testing.T) {
	f := excelize.NewFile()
	for cell, v := range map[string]any{"A1": "customer", "B1": "spend", "A2": "a"} {
		if err := f.SetCellValue("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.SetCellFormula("Sheet1", "B2", "1/0"); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "x.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	data := trial.Sure(os.ReadFile(path))
	patched := repack(t, data, `<c r="B2" t="str"><f>1/0</f>`, `<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v>`)
	if err := os.WriteFile(path, patched, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(path, ""); err == nil || !strings.Contains(err.Error(), "row 2") || !strings.Contains(err.Error(), `column "B"`) || !strings.Contains(err.Error(), "#DIV/0!") {
		t.Error(err)
	}
}

type line struct {
	Order    string    `parquet:"order"`
	Customer *string   `parquet:"customer,optional"`
	Date     time.Time `parquet:"date,timestamp(microsecond)"`
	Day      int32     `parquet:"day,date"`
	Quantity int64     `parquet:"quantity"`
	Price    float64   `parquet:"price"`
	Exact    int64     `parquet:"exact,decimal(2:18)"`
	Paid     bool      `parquet:"paid"`
}

func TestParquetIsTheSameCSV(t *testing.T) {
	name := "a, b"
	path := filepath.Join(t.TempDir(), "orders.parquet")
	rows := []line{{"00123", &name, time.Date(2025, 3, 4, 5, 6, 7, 900, time.UTC), 20151, -2, 2.55, -1005, true}, {"x", nil, time.Date(1969, 12, 31, 23, 59, 59, 0, time.UTC), -1, 3, 1e21, 7, false}}
	if err := parquet.WriteFile(path, rows); err != nil {
		t.Fatal(err)
	}
	s := trial.Sure(Read(path, ""))
	want := "order,customer,date,day,quantity,price,exact,paid\n00123,\"a, b\",2025-03-04 05:06:07,2025-03-04,-2,2.55,-10.05,TRUE\nx,,1969-12-31 23:59:59,1969-12-31,3,1000000000000000000000,0.07,FALSE\n"
	if string(s.CSV) != want || s.Rows != 2 {
		t.Errorf("%s", s.CSV)
	}
	if _, err := Read(path, "Orders"); err == nil || !strings.Contains(err.Error(), "no sheets") {
		t.Error(err)
	}
	if err := parquet.WriteFile(path, []struct {
		Tags []string `parquet:"tags,list"`
	}{{[]string{"a"}}}); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(path, ""); err == nil || !strings.Contains(err.Error(), "lists") {
		t.Error(err)
	}
}

// Structs within structs, as many as the file has bytes, would need a stack that ends the program.
func TestParquetWithoutEnd(t *testing.T) {
	const deep = 20_000_000
	for what, entry := range map[string]byte{"structs": 0x1c, "lists": 0x19} {
		data := append([]byte("PAR1"), bytes.Repeat([]byte{entry}, deep)...)
		data = append(binary.LittleEndian.AppendUint32(data, deep), "PAR1"...)
		if _, err := readParquet("orders.parquet", bytes.NewReader(data), int64(len(data))); err == nil || !strings.Contains(err.Error(), "nested without end") {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// A file that was cut or damaged is an error with its name, never a panic.
func TestDamagedFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "orders.parquet")
	if err := parquet.WriteFile(path, []line{{Order: "1"}, {Order: "2"}}); err != nil {
		t.Fatal(err)
	}
	sheet := workbookOf(t, []any{"order"}, []any{"1"})
	for _, whole := range []string{path, sheet} {
		data := trial.Sure(os.ReadFile(whole))
		for cut := 4; cut < len(data); cut += len(data) / 12 {
			if err := os.WriteFile(path, data[:cut], 0o644); err != nil {
				t.Fatal(err)
			}
			if _, err := Read(path, ""); err == nil || !strings.Contains(err.Error(), path) {
				t.Fatalf("cut at %d: %v", cut, err)
			}
		}
		for at := 4; at < len(data); at += len(data) / 60 {
			damaged := bytes.Clone(data)
			damaged[at] ^= 0x55
			if err := os.WriteFile(path, damaged, 0o644); err != nil {
				t.Fatal(err)
			}
			_, _ = Read(path, "")
		}
	}
}

func TestTablesBecomeAWorkbook(t *testing.T) {
	tables := []report.Table{{Name: "segments", Title: "=1+1", Columns: []report.Column{{Name: "Segment", Form: report.Text}, {Name: "Spent", Unit: "EUR", Form: report.Exact}, {Name: "Share", Form: report.Percent}},
		Rows: [][]any{{`=HYPERLINK("http://evil.example")`, 12.5, .25}, {"+1\x00", math.NaN(), .5}}}, {Name: "Segments", Title: "again", Columns: []report.Column{{Name: "a/b:c"}}}}
	made := time.Date(2025, 9, 30, 0, 0, 0, 0, time.UTC)
	data := trial.Sure(Write(tables, made))
	if again := trial.Sure(Write(tables, made)); !bytes.Equal(data, again) {
		t.Error("two workbooks of the same differ")
	}
	path := filepath.Join(t.TempDir(), "tables.xlsx")
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	f := trial.Sure(excelize.OpenFile(path))
	defer f.Close()
	if got := f.GetSheetList(); len(got) != 2 || got[0] != "segments" || got[1] != "Segments 2" {
		t.Error(got)
	}
	for cell, want := range map[string]string{"A1": "'=1+1", "B3": "Spent (EUR)", "A4": `'=HYPERLINK("http://evil.example")`, "B4": "12.50", "C4": "25.0%", "A5": "'+1", "B5": ""} {
		if got := trial.Sure(f.GetCellValue("segments", cell)); got != want {
			t.Errorf("%s is %q, want %q", cell, got, want)
		}
		if formula := trial.Sure(f.GetCellFormula("segments", cell)); formula != "" {
			t.Errorf("%s is the formula %s", cell, formula)
		}
	}
	if s := trial.Sure(Read(path, "segments")); !strings.Contains(string(s.CSV), "'=HYPERLINK") {
		t.Errorf("%s", s.CSV)
	}
}

// repack replaces text in the parts of a zip.
func repack(t *testing.T, data []byte, old, new string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range trial.Sure(zip.NewReader(bytes.NewReader(data), int64(len(data)))).File {
		part := trial.Sure(io.ReadAll(trial.Sure(f.Open())))
		trial.Sure(trial.Sure(w.Create(f.Name)).Write(bytes.ReplaceAll(part, []byte(old), []byte(new))))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
