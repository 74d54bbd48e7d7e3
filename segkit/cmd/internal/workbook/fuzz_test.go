package workbook

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/fuzzing"
	"github.com/segkit/lab/segkit/internal/trial"
)

// Whatever the bytes of a Parquet file: CSV of as many rows as the file says, or a sentence that names it.
func FuzzParquet(f *testing.F) {
	name := "a, b"
	rows := []line{{"00123", &name, time.Date(2025, 3, 4, 5, 6, 7, 900, time.UTC), 20151, -2, 2.55, -1005, true}, {"x", nil, time.Date(1969, 12, 31, 23, 59, 59, 0, time.UTC), -1, 3, 1e21, 7, false}}
	for _, options := range [][]parquet.WriterOption{nil, {parquet.Compression(&parquet.Snappy)}, {parquet.Compression(&parquet.Zstd), parquet.DataPageVersion(1)}} {
		var b bytes.Buffer
		if err := parquet.Write(&b, rows, options...); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		fuzzing.Bounded(t, len(data), func() {
			s, err := readParquet("orders.parquet", bytes.NewReader(data), int64(len(data)))
			wholeOrTold(t, s, err, "orders.parquet")
		})
	})
}

// Whatever a workbook says in its parts: CSV of as many rows as the sheet has, or a sentence that names it.
func FuzzWorkbook(f *testing.F) {
	f.Add(`<si><t>order</t></si><si><r><t>a</t></r><r><t>b</t></r></si>`, `<cellXfs><xf/><xf numFmtId="14"/></cellXfs>`, `<sheet name="Orders"/>`,
		`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>=x, y</t></is></c></row><row r="3"><c r="A3" s="1"><v>45000.5</v></c><c r="B3" t="b"><v>1</v></c></row>`)
	f.Add("", "", "", `<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row><row r="3"><c r="B3"><v>3</v></c></row></sheetData><mergeCells><mergeCell ref="A1:A3"/><mergeCell ref="A1:XFD1048576"/></mergeCells>`)
	f.Add("", "", `<sheet name="A"/><sheet name="B"/>`, `<row><c r="A1"><v>1e300</v></c></row>`)
	f.Add("", `<cellXfs><xf numFmtId="22"/></cellXfs>`, `<workbookPr date1904="1"/>`, `<row r="2000000000"><c r="XFD1" t="e"><v>#N/A</v></c></row>`)
	f.Fuzz(func(t *testing.T, shared, styles, sheets, rows string) {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for _, part := range [][2]string{{"xl/workbook.xml", "<workbook>" + sheets + "</workbook>"}, {"xl/sharedStrings.xml", "<sst>" + shared + "</sst>"},
			{"xl/styles.xml", "<styleSheet>" + styles + "</styleSheet>"}, {"xl/worksheets/sheet1.xml", "<worksheet><sheetData>" + rows + "</sheetData></worksheet>"}} {
			trial.Sure(trial.Sure(z.Create(part[0])).Write([]byte(part[1])))
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		fuzzing.Bounded(t, b.Len(), func() {
			s, err := readSheet("orders.xlsx", "", bytes.NewReader(b.Bytes()), int64(b.Len()))
			wholeOrTold(t, s, err, "orders.xlsx")
		})
	})
}

// Whatever the bytes of a workbook, parts of the archive included: as FuzzWorkbook, where few inputs get beyond the archive.
func FuzzZip(f *testing.F) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	trial.Sure(trial.Sure(z.Create("xl/workbook.xml")).Write([]byte(`<workbook><sheet name="A"/></workbook>`)))
	trial.Sure(trial.Sure(z.Create("xl/worksheets/sheet1.xml")).Write([]byte(`<sheetData><row><c r="A1"><v>1</v></c></row></sheetData>`)))
	if err := z.Close(); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		fuzzing.Bounded(t, len(data), func() {
			s, err := readSheet("orders.xlsx", "", bytes.NewReader(data), int64(len(data)))
			wholeOrTold(t, s, err, "orders.xlsx")
		})
	})
}

// wholeOrTold checks that what was read is CSV with a line for each row, and that what was not is an error with the name of the file.
func wholeOrTold(t *testing.T, s *Source, err error, file string) {
	t.Helper()
	if (s == nil) == (err == nil) {
		t.Fatalf("%v and %v", s, err)
	}
	if err != nil {
		if !errors.Is(err, fault.ErrFormat) || !strings.Contains(err.Error(), file) {
			t.Fatal(err)
		}
		return
	}
	if lines := bytes.Count(s.CSV, []byte("\n")); lines != s.Rows+1 {
		t.Fatalf("%d rows are %d lines: %q", s.Rows, lines, s.CSV)
	}
	r := csv.NewReader(bytes.NewReader(s.CSV))
	r.FieldsPerRecord = -1
	if _, err := r.ReadAll(); err != nil {
		t.Fatalf("%q is no CSV: %v", s.CSV, err)
	}
}
