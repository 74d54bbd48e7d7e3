package workbook

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/segkit/lab/segkit/internal/trial"
)

// merge merges cells of the sheet of orders, as Excel does: all but the first lose what they hold.
func merge(t *testing.T, path string, ranges ...string) {
	t.Helper()
	f := trial.Sure(excelize.OpenFile(path))
	defer f.Close()
	for _, r := range ranges {
		from, to, _ := strings.Cut(r, ":")
		left, top, err := excelize.CellNameToCoordinates(from)
		if err != nil {
			t.Fatal(err)
		}
		right, bottom, err := excelize.CellNameToCoordinates(to)
		if err != nil {
			t.Fatal(err)
		}
		for col := left; col <= right; col++ {
			for row := top; row <= bottom; row++ {
				if col == left && row == top {
					continue
				}
				if err := f.SetCellValue("Orders", trial.Sure(excelize.CoordinatesToCellName(col, row)), nil); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := f.MergeCell("Orders", from, to); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Save(); err != nil {
		t.Fatal(err)
	}
}

// A sheet whose rows say everything by themselves is the same table as one in which what repeats is merged.
func TestMergedCellsHoldForEachOfTheirRows(t *testing.T) {
	rows := [][]any{{"Shop, orders"}, {"order", "date", "customer", "product", "price"},
		{"1", "2025-03-04", "a", "tea", 2.5}, {"1", "2025-03-04", "a", "milk", 1.5}, {"1", "2025-03-04", "a", "tea", 2.5},
		{"2", "2025-03-05", "b", "tea", 2.5}, {"3", "2025-03-05", "b", "tea", 4}, {"4", "2025-03-06", "c", "milk", 1.5}}
	plain, merged := workbookOf(t, rows...), workbookOf(t, rows...)
	merge(t, merged, "A1:E1", "A3:A5", "B3:B5", "C3:C5", "B6:B7", "C7:C6")
	want, got := trial.Sure(Read(plain, "Orders")), trial.Sure(Read(merged, "Orders"))
	if !bytes.Equal(want.CSV, got.CSV) || want.Rows != got.Rows || want.Notes != nil {
		t.Errorf("%s\n%v, want\n%s\n%v", got.CSV, got.Notes, want.CSV, want.Notes)
	}
	if note := "Cells merged over several rows hold for each of them: 8 empty cells in columns A, B and C got the value above them."; !slices.Equal(got.Notes, []string{note}) {
		t.Errorf("%q", got.Notes)
	}
}

// What spans columns stays one cell; what spans both is filled in its first column; rows of nothing else stay empty.
func TestWhatIsNotFilled(t *testing.T) {
	path := workbookOf(t, []any{"Shop, orders"}, nil, []any{"order", "product", "", "price"}, []any{"", "name", "size"},
		[]any{"1", "tea", "", 2.5}, []any{"", "", "", 3.5}, nil, nil, []any{"2", "milk", "1 l", 1.5})
	merge(t, path, "A1:D2", "A3:A4", "B3:C3", "D3:D4", "A5:A8", "B5:C6")
	s := trial.Sure(Read(path, "Orders"))
	want := "\"Shop, orders\"\n\norder,product,,price\norder,name,size,price\n1,tea,,2.5\n1,tea,,3.5\n"
	if lines, rest, ok := strings.Cut(string(s.CSV), "3.5\n"); !ok || lines+"3.5\n" != want || strings.Trim(rest, ",\n") != "2,milk,1 l,1.5" {
		t.Errorf("%q", s.CSV)
	}
	if s.Rows != 8 || len(s.Notes) != 1 || !strings.Contains(s.Notes[0], "4 empty cells in columns A, B and D") {
		t.Errorf("%d rows, %q", s.Rows, s.Notes)
	}
}

// A range whose first cell is empty, or stands in a row that the sheet leaves out, has no value; what stands below within it is its own.
func TestMergedCellsWithoutAValue(t *testing.T) {
	s := trial.Sure(Read(sheetOf(t, `<sheetData><row r="1"><c r="A1"/><c r="B1"><v>1</v></c></row><row r="3"><c r="A3"><v>5</v></c><c r="B3"><v>3</v></c></row><row r="4"><c r="B4"><v>4</v></c></row></sheetData>`+
		`<mergeCells><mergeCell ref="A2:A4"/><mergeCell ref="A1:A4"/></mergeCells>`), ""))
	if want := ",1\n\n5,3\n,4\n"; string(s.CSV) != want || s.Notes != nil {
		t.Errorf("%q, want %q; %q", s.CSV, want, s.Notes)
	}
}

// sheetOf writes a workbook with what stands in its only sheet.
func sheetOf(t *testing.T, inside string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "orders.xlsx")
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	trial.Sure(trial.Sure(z.Create("xl/workbook.xml")).Write([]byte(`<workbook><sheet name="A"/></workbook>`)))
	trial.Sure(trial.Sure(z.Create("xl/worksheets/sheet1.xml")).Write([]byte("<worksheet>" + inside + "</worksheet>")))
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// However far ranges reach, there are no more rows than the sheet has; however many they are and however long their text, an end is made.
func TestMergedCellsClaimMuch(t *testing.T) {
	const rows = `<sheetData><row r="1"><c r="A1"><v>7</v></c><c r="B1"><v>1</v></c></row><row r="2"><c r="B2"><v>2</v></c></row><row r="3"/></sheetData>`
	s := trial.Sure(Read(sheetOf(t, rows+`<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>`), ""))
	if want := "7,1\n7,2\n,\n"; string(s.CSV) != want {
		t.Errorf("%.80q, want %q", s.CSV, want)
	}
	if _, err := Read(sheetOf(t, rows+`<mergeCells>`+strings.Repeat(`<mergeCell ref="A1:A9"/>`, 2*forAnyFile/bytesOfRange)+`</mergeCells>`), ""); err == nil || !strings.Contains(err.Error(), "ranges of merged cells") {
		t.Errorf("more than a million ranges: %v", err)
	}
	long := `<sheetData><row><c r="A1" t="str"><v>` + strings.Repeat("x", 32767) + `</v></c></row>` + strings.Repeat(`<row><c r="B1"><v>1</v></c></row>`, 10000) + `</sheetData><mergeCells><mergeCell ref="A1:A10001"/></mergeCells>`
	if _, err := Read(sheetOf(t, long), ""); err == nil || !strings.Contains(err.Error(), "out of proportion") {
		t.Errorf("a long text in ten thousand rows: %v", err)
	}
	for _, ref := range []string{"", "A", "A0:A3", "A1:A1048577", "XFE1:XFE2", "A1:B", "1:3"} {
		if _, err := Read(sheetOf(t, rows+fmt.Sprintf(`<mergeCells><mergeCell ref=%q/></mergeCells>`, ref)), ""); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("reference %q", ref)) {
			t.Errorf("%q: %v", ref, err)
		}
	}
}
