package xlsx

import (
	"encoding/xml"
	"strings"
	"testing"
	"time"
)

func TestColumn(t *testing.T) {
	for ref, want := range map[string]int{"A1": 0, "Z9": 25, "AA10": 26, "XFD1": 16383} {
		if j, err := column(ref); j != want || err != nil {
			t.Errorf("%s is column %d, %v, want %d", ref, j, err, want)
		}
	}
}

func TestDatePattern(t *testing.T) {
	for format, want := range map[string]bool{"yyyy-mm-dd": true, "m/d/yy h:mm": true, "0.00": false, "#,##0.00 \"days\"": false, "[Red]0": false, "0\\d": false, "General": false, "[h]:mm": true, "0;d": false} {
		if got := datePattern(format); got != want {
			t.Errorf("%s: %v, want %v", format, got, want)
		}
	}
}

// Days that a workbook can show are those days, to the last of them; numbers beyond are numbers.
func TestDaysFarAway(t *testing.T) {
	s := &Sheet{book: &Book{first: time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC), dates: []bool{true}}}
	for value, want := range map[string]string{"45000.5": "2023-03-15 12:00:00", "106752": "2192-04-09 00:00:00", "2958465": "9999-12-31 00:00:00", "2958466": "", "-1": "", "1e300": "", "NaN": ""} {
		s.d = xml.NewDecoder(strings.NewReader(`<row><c r="A1" s="0"><v>` + value + `</v></c></row>`))
		_, cells, err := s.Next()
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if cells[0].Date {
			got = s.Time(cells[0].X).Format(time.DateTime)
		}
		if got != want {
			t.Errorf("day %s is %q, want %q", value, got, want)
		}
	}
}

// What no sheet holds is refused before memory is made for it.
func TestSheetsEnd(t *testing.T) {
	for row, want := range map[string]string{`<row r="1048577"/>`: "a row 1048577", `<row><c r="XFE1"/></row>`: `"XFE1", and no sheet`, `<row r="1048576"><c r="XFD1048576"/></row>`: ""} {
		s := &Sheet{book: &Book{}, d: xml.NewDecoder(strings.NewReader(row))}
		_, cells, err := s.Next()
		if want == "" && (err != nil || len(cells) != mostColumns) || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %d cells, %v, want %q", row, len(cells), err, want)
		}
	}
}
