package layout

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"
)

func recognise(t *testing.T, file string, g Given) (*Layout, string, error) {
	t.Helper()
	g.Options = "OrdersOptions"
	text, err := Open(iotest.HalfReader(strings.NewReader(file)))
	if err != nil {
		return nil, "", err
	}
	l, err := Recognise(text, g)
	if err != nil {
		return nil, "", err
	}
	rest, err := io.ReadAll(text)
	if err != nil {
		t.Fatal(err)
	}
	return l, string(rest), nil
}

func utf16Text(text string, order binary.AppendByteOrder) string {
	var b []byte
	for _, u := range utf16.Encode([]rune("\ufeff" + text)) {
		b = order.AppendUint16(b, u)
	}
	return string(b)
}

const orders = "id,customer,date,amount\n1,Ann,2024-01-05,10\n2,Bob,2024-01-06,12.50\n3,Cy,2024-01-07,7\n"

func TestLayouts(t *testing.T) {
	names := []string{"id", "customer", "date", "amount"}
	data := strings.SplitAfterN(orders, "\n", 2)[1]
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	io.WriteString(z, orders)
	z.Close()
	swap := func(old, new string) string { return strings.ReplaceAll(orders, old, new) }
	for name, c := range map[string]struct {
		file  string
		given Given
		comma byte
		line  int
		rest  string // "" for data with this separator
		note  string
	}{
		"groups above":       {"Order;;Money;\nid;customer;date;amount\n1;Ann;2024-01-05;10\n2;Bob;2024-01-06;12.50\n", Given{}, ';', 2, "1;Ann;2024-01-05;10\n2;Bob;2024-01-06;12.50\n", "named in line 2"},
		"plain":              {orders, Given{}, ',', 1, "", ""},
		"BOM":                {"\ufeff" + orders, Given{}, ',', 1, "", ""},
		"gzip":               {packed.String(), Given{}, ',', 1, "", ""},
		"UTF-16 LE":          {utf16Text(orders, binary.LittleEndian), Given{}, ',', 1, "", "UTF-16"},
		"UTF-16 BE":          {utf16Text(orders, binary.BigEndian), Given{}, ',', 1, "", "UTF-16"},
		"UTF-16 without BOM": {utf16Text(orders, binary.LittleEndian)[2:], Given{}, ',', 1, "", "UTF-16"},
		"semicolons":         {swap(",", ";"), Given{}, ';', 1, "", ""},
		"tabs":               {swap(",", "\t"), Given{}, '\t', 1, "", ""},
		"bars":               {swap(",", "|"), Given{}, '|', 1, "", ""},
		"given":              {swap(",", ":"), Given{Comma: ':'}, ':', 1, "", ""},
		"carriage returns":   {swap("\n", "\r"), Given{}, ',', 1, "", ""},
		"blank lines first":  {"\n\n" + orders, Given{}, ',', 3, "", ""},
		"sep=":               {"sep=;\r\n" + swap(",", ";"), Given{}, ';', 2, "", ""},
		"title":              {"Order report\n\n" + orders, Given{}, ',', 3, "", "line 3"},
		"padded title":       {"Order report,,,\n,,,\n" + orders, Given{}, ',', 3, "", "line 3"},
		"title with commas":  {"Orders, all shops\nmade 2024-02-01\n" + orders, Given{}, ',', 3, "", "line 3"},
		"header line given":  {"a,b,c,d\n" + orders, Given{HeaderLine: 2}, ',', 2, "", "line 2"},
		"units":              {strings.Replace(orders, "\n", "\n,,YYYY-MM-DD,EUR\n", 1), Given{}, ',', 1, "", "Line 2"},
		"no header":          {data, Given{Header: names}, ',', 0, "", ""},
		"decimal commas":     {"id;customer;date;amount\n1;Ann;2024-01-05;10,5\n2;Bob;2024-01-06;12,5\n", Given{}, ';', 1, "1;Ann;2024-01-05;10,5\n2;Bob;2024-01-06;12,5\n", ""},
		"blanks":             {swap(",", "   "), Given{}, '\t', 1, strings.ReplaceAll(data, ",", "\t"), "blanks"},
		"aligned":            {" id  customer  date        amount\n 1   Ann Lee   2024-01-05     10\n 2   Bob       2024-01-06  12.50\n", Given{}, '\t', 1, "1\tAnn Lee\t2024-01-05\t10\n2\tBob\t2024-01-06\t12.50\n", "blanks"},
		"quoted lines":       {`"id,customer,date,amount"` + "\n" + `"1,""Lee, Ann"",2024-01-05,10"` + "\n", Given{}, ',', 1, `1,"Lee, Ann",2024-01-05,10` + "\n", "quotation marks"},
		"text with commas":   {"id;customer;date;amount\n1;Lee, Ann;2024-01-05;10\n2;Fox, Bob;2024-01-06;12\n", Given{}, ';', 1, "1;Lee, Ann;2024-01-05;10\n2;Fox, Bob;2024-01-06;12\n", ""},
	} {
		l, rest, err := recognise(t, c.file, c.given)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		want := c.rest
		if want == "" {
			want = strings.ReplaceAll(data, ",", string(c.comma))
		}
		if l.Comma != c.comma || l.Line != c.line || !reflect.DeepEqual(l.Names, names) || rest != want || !strings.Contains(strings.Join(l.Notes, " "), c.note) || c.note == "" && l.Notes != nil {
			t.Errorf("%s: %+v, then %q", name, l, rest)
		}
		if lines := strings.Count(c.file[:max(0, len(c.file)-len(want))], "\n"); len(c.file) > len(want) && strings.HasSuffix(c.file, want) && l.Before != lines {
			t.Errorf("%s: %d lines before the data, want %d", name, l.Before, lines)
		}
	}
}

func TestRefused(t *testing.T) {
	for file, want := range map[string]string{
		"":                                    "empty",
		" \n\n":                               "empty",
		"PK\x03\x04....":                      "workbook",
		"\xd0\xcf\x11\xe0\xa1\xb1":            ".xls",
		"<html><table><tr><td>id</td>":        "HTML",
		`[{"id": 1}]`:                         "JSON",
		"%PDF-1.4":                            "PDF",
		"\x7fELF\x02\x01\x01\x00\x00\x00\x00": "binary",
		"id\n1\n2\n":                          "single column",
		"\"id,plan\n1,a\n2,b\n":               "line 1: a quotation mark opens a field here and is never closed",
		"Our shop\nid,\"plan,spend\n1,a,2\n2,b,3\n":          "a quotation mark opens a field here and is never closed: close it",
		"1,Ann,2024-01-05,10\n2,Bob,2024-01-06,12\n":         "holds data",
		"A-1,ann@x,2024-01-05,M,9\nA-2,b@x,2024-01-05,K,8\n": "Header",
		"203.0.113.7 - - [10/Oct/2025:13:55:36 +0200] \"GET / HTTP/1.1\" 200 2326\n203.0.113.7 - - [10/Oct/2025:13:55:36 +0200] \"GET /a HTTP/1.1\" 200 2326\n": "a web server, which has no header: weblog.ReadVisits",
	} {
		if _, _, err := recognise(t, file, Given{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.20q: %v, want %q", file, err, want)
		}
	}
}

func TestNamesByPosition(t *testing.T) {
	l, _, err := recognise(t, "id,customer,,amount,amount\n1,a,x,2,3\n2,b,y,3,4\n", Given{})
	if err != nil || fmt.Sprint(l.Names) != "[id customer column 3 amount (column 4) amount (column 5)]" || len(l.Notes) != 2 || l.Twice[0].Name != "amount" {
		t.Errorf("%+v, %v", l, err)
	}
	l, _, err = recognise(t, "customer,2024-01,2024-02,2024-03\na,1,2,3\nb,2,3,4\n", Given{})
	if err != nil || len(l.Periods) != 3 {
		t.Errorf("%+v, %v", l, err)
	}
}

// Whatever the bytes are, what is recognised is a layout with at least two columns, and text without zero bytes of UTF-16.
func FuzzRecognise(f *testing.F) {
	f.Add([]byte(orders))
	f.Add([]byte(utf16Text(orders, binary.BigEndian)))
	f.Add([]byte("a  b\n\"1  2\"  3\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		text, err := Open(bytes.NewReader(data))
		if err != nil {
			return
		}
		l, err := Recognise(text, Given{Options: "O"})
		if err == nil && (len(l.Names) < 2 || l.Before < 0) {
			t.Fatalf("%q: %+v", data, l)
		}
	})
}
