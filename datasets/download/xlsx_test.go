package download

import (
	"archive/zip"
	"bufio"
	"bytes"
	"strings"
	"testing"
)

const (
	shared = `<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="9">` +
		`<si><t>InvoiceNo</t></si><si><t>Description</t></si><si><t>InvoiceDate</t></si><si><t>UnitPrice</t></si>` +
		`<si><t xml:space="preserve"> T-LIGHT, "RED" </t></si>` +
		`<si><r><t>GIFT </t></r><r><rPr><b/></rPr><t>VOUCHER &#163;40 &amp; up</t></r><rPh sb="0" eb="1"><t>reading</t></rPh></si></sst>`
	header = `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c><c r="D1" t="s"><v>3</v></c></row>`
)

func toCSV(t *testing.T, rows string) (string, error) {
	t.Helper()
	b := zipOf(t, "xl/workbook.xml", "<workbook/>", "xl/sharedStrings.xml", shared, "xl/worksheets/sheet1.xml",
		`<worksheet><dimension ref="A1:D9"/><sheetData>`+header+rows+`</sheetData></worksheet>`)
	book, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	w := bufio.NewWriter(&out)
	if err := sheetToCSV(t.Context(), "", book, w); err != nil {
		return "", err
	}
	err = w.Flush()
	return out.String(), err
}

func TestSheetToCSV(t *testing.T) {
	for _, test := range []struct{ row, want string }{
		// 40513.351388888892 is 2010-12-01 08:26 with the digits that Excel writes, and so is the price
		{`<c r="A2"><v>536365</v></c><c r="B2" t="s"><v>4</v></c><c r="C2" s="1"><v>40513.351388888892</v></c><c r="D2"><v>2.5499999999999998</v></c>`,
			`536365," T-LIGHT, ""RED"" ",2010-12-01 08:26:00,2.55`},
		{`<c r="A2" t="inlineStr"><is><t>C536379</t></is></c><c r="B2" t="s"><v>5</v></c><c r="D2"><v>-1.1062059999999999E4</v></c>`,
			`C536379,GIFT VOUCHER £40 & up,,-11062.06`},
		{`<c r="B2" s="3"/><c r="C2" s="1"><v>40513</v></c>`, `,,2010-12-01 00:00:00,`},
		{`<c r="A2" t="str"><f>"a"</f><v>a</v></c>`, `a,,,`},
		{``, `,,,`},
	} {
		got, err := toCSV(t, `<row r="2">`+test.row+`</row>`)
		if want := "InvoiceNo,Description,InvoiceDate,UnitPrice\n" + test.want + "\n"; err != nil || got != want {
			t.Errorf("got %q, %v, want %q", got, err, want)
		}
	}
	for row, want := range map[string]string{
		`<row><c r="A2" t="s"><v>77</v></c></row>`: `there is no shared string "77"`,
		`<row><c r="A2"><v>x</v></c></row>`:        `cell A2: "x" is not a number`,
		`<row><c r="E2"><v>1</v></c></row>`:        `5 cells, and the header has 4 columns`,
		`<row><c r="?"><v>1</v></c></row>`:         `reference "?"`,
		`<row><c r="A2"><v>1</v>`:                  `row 2`,
	} {
		if _, err := toCSV(t, row); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", row, err, want)
		}
	}
}

func FuzzSheet(f *testing.F) {
	f.Add(`<row r="2"><c r="A2" t="s"><v>1</v></c></row>`)
	f.Fuzz(func(t *testing.T, rows string) {
		toCSV(t, rows) // an error or a table, never a panic
	})
}
