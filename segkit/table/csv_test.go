package table

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/textfile"
)

// csvFileOf writes text to a file of its own and returns its path.
func csvFileOf(t testing.TB, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "customers.csv")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func tableOf(t testing.TB, text string, o ...CSVOptions) *Table {
	t.Helper()
	table, err := ReadCSV(csvFileOf(t, text), "id", o...)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func gzipped(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte(text))
	z.Close()
	return b.String()
}

func TestReadCSVReadsTheSameTableFromEveryDress(t *testing.T) {
	const plain = "id,spend,city,member\n00123,12.5,Leeds,Yes\n7,,Cádiz,No\n8,-3e2,Leeds,Yes\n"
	want := []float64{12.5, 1, 1, math.NaN(), 0, 0, -300, 1, 1}
	for dress, text := range map[string]string{
		"plain":             plain,
		"crlf":              strings.ReplaceAll(plain, "\n", "\r\n"),
		"no last newline":   strings.TrimSuffix(plain, "\n"),
		"blank lines":       strings.ReplaceAll(plain, "\n", "\n\n"),
		"old macintosh":     strings.ReplaceAll(plain, "\n", "\r"),
		"byte order mark":   "\ufeff" + plain,
		"latin-1":           strings.ReplaceAll(plain, "á", "\xe1"),
		"gzip":              gzipped(plain),
		"semicolon":         strings.ReplaceAll(plain, ",", ";"),
		"tab":               strings.ReplaceAll(plain, ",", "\t"),
		"pipe":              strings.ReplaceAll(plain, ",", "|"),
		"quoted":            strings.ReplaceAll(plain, "Leeds", `"Leeds"`),
		"blanks":            strings.ReplaceAll(plain, ",", " , "),
		"missing as NA":     strings.Replace(plain, "7,,", "7,NA,", 1),
		"id not first":      "spend,id,city,member\n12.5,00123,Leeds,Yes\n,7,Cádiz,No\n-3e2,8,Leeds,Yes\n",
		"quoted separators": strings.Replace(plain, "spend", "\"spend\"", 1),
		"titles":            "Customers, all shops\nmade on 2024-02-01\n\n" + plain,
		"padded title":      "Customers,,,\n,,,\n" + plain,
		"units":             strings.Replace(plain, "\n", "\n(number),EUR,,\n", 1),
		"totals":            plain + "Total,-287.5,,\n",
		"sums":              plain + ",Summe:,,\n",
		"remark":            plain + "(3 rows affected)\n",
		"drawn lines":       strings.Replace(plain, "\n", "\n-----------------\n", 2) + "=====\n",
		"marked down":       strings.Replace(strings.ReplaceAll(plain, ",", "|"), "\n", "\n---|--:|:---:|---\n", 1),
		"empty rows":        strings.Replace(plain, "\n7", "\n,,,\n7", 1) + ",,,\n",
		"empty cells":       strings.ReplaceAll(plain, "\n", ",,\n")[:len("id,spend,city,member")] + strings.ReplaceAll(plain, "\n", ",,\n")[len("id,spend,city,member,,"):],
		"mixed line ends":   strings.Replace(plain, "\n", "\r\n", 2),
		"sep=":              "sep=;\n" + strings.ReplaceAll(plain, ",", ";"),
		"aligned by blanks": "id      spend  city   member\n00123   12.5   Leeds  Yes\n7       NA     Cádiz  No\n8       -3e2   Leeds  Yes\n",
		"kept zeros":        strings.Replace(plain, "00123", `="00123"`, 1),
		"lines in quotes":   `"` + strings.ReplaceAll(strings.TrimSuffix(plain, "\n"), "\n", "\"\n\"") + "\"\n",
		"utf-16":            utf16Of(plain),
	} {
		table := tableOf(t, text)
		if got := table.IDs(); !slices.Equal(got, []string{"00123", "7", "8"}) {
			t.Errorf("%s: ids %q", dress, got)
		}
		if got := table.Names(); !slices.Equal(got, []string{"spend", "city", "member"}) {
			t.Errorf("%s: columns %q", dress, got)
		}
		if !sameFloats(table.raw.Data, want) {
			t.Errorf("%s: data %v, want %v", dress, table.raw.Data, want)
		}
		city, _ := table.Column("city")
		member, _ := table.Column("member")
		if !slices.Equal(city.Levels, []string{"Cádiz", "Leeds"}) || !slices.Equal(member.Levels, []string{"No", "Yes"}) {
			t.Errorf("%s: levels %q, %q", dress, city.Levels, member.Levels)
		}
	}
}

func utf16Of(text string) string {
	out := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(text)) {
		out = binary.LittleEndian.AppendUint16(out, u)
	}
	return string(out)
}

// Where the user says how the columns are called, or where they are named, that holds; what had to be assumed stands in the summary.
func TestReadCSVShapes(t *testing.T) {
	for name, c := range map[string]struct {
		text, id string
		o        CSVOptions
		names    string
		note     string
	}{
		"names given":      {"x,1,2\ny,3,4\n", "id", CSVOptions{Header: []string{"id", "a", "b"}}, "[a b]", ""},
		"header line":      {"a,b,c\nid,a,b\nx,1,2\n", "id", CSVOptions{HeaderLine: 2}, "[a b]", "line 2"},
		"years":            {"id,2021,2022\nx,1,2\ny,3,4\n", "id", CSVOptions{}, "[2021 2022]", ""},
		"years below":      {"Report\n\nid,2021,2022\nx,1,2\ny,3,4\n", "id", CSVOptions{}, "[2021 2022]", "line 3"},
		"twice":            {"id,a,a\nx,1,2\ny,3,4\n", "id", CSVOptions{}, "[a (column 2) a (column 3)]", `named "a"`},
		"unnamed":          {"id,,b\nx,5,2\ny,3,4\n", "id", CSVOptions{}, "[column 2 b]", "without a name"},
		"index":            {",a,b\n0,5,2\n1,3,4\n", "column 1", CSVOptions{}, "[a b]", "without a name"},
		"missing first":    {"id,a,b\nC1,NA,NA\nC2,5,2\nC3,3,4\n", "id", CSVOptions{}, "[a b]", ""},
		"one column asked": {"spend\n5\n7\n", "", CSVOptions{Comma: ','}, "[spend]", ""},
		"total in between": {"id,a\nTotal,1\nx,2\n", "id", CSVOptions{}, "[a]", ""},
	} {
		x, err := ReadCSV(csvFileOf(t, c.text), c.id, c.o)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := fmt.Sprint(x.Names()); got != c.names {
			t.Errorf("%s: columns %s, want %s", name, got, c.names)
		}
		if note := x.raw.Note; c.note == "" && note != "" || !strings.Contains(note, c.note) {
			t.Errorf("%s: the note is %q, want %q in it", name, note, c.note)
		}
		if lines := strings.Count(c.text, "\n") - 1; !strings.Contains(c.text, "Report") && c.o.HeaderLine == 0 && c.o.Header == nil && x.Len() != lines {
			t.Errorf("%s: %d customers, want %d", name, x.Len(), lines)
		}
	}
}

func sameFloats(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return x == y || math.IsNaN(x) && math.IsNaN(y) })
}

func TestReadCSVOptions(t *testing.T) {
	european := tableOf(t, "id;spend;visits\na;1.234,56;weekly\nb;12,5;never\nc;7;?\n", CSVOptions{
		Decimal: ',', Missing: []string{"?"}, Levels: map[string][]string{"visits": {"never", "monthly", "weekly"}},
		Units: map[string]string{"spend": "EUR"}, Roles: map[string]Role{"spend": Value},
	})
	if want := []float64{1234.56, 2, 12.5, 0, 7, math.NaN()}; !sameFloats(european.raw.Data, want) {
		t.Errorf("data %v, want %v", european.raw.Data, want)
	}
	if c := european.raw.Columns[0]; c.Unit != "EUR" || c.Role != Value || c.Label() != "spend (EUR)" {
		t.Errorf("column %+v", c)
	}
	signed := tableOf(t, "id,spend\na,12.50 EUR\nb,7 EUR\n", CSVOptions{Units: map[string]string{"spend": "€"}})
	if c := signed.raw.Columns[0]; c.Unit != "€" { // as it was named, and no other currency than that of the cells
		t.Errorf("column %+v", c)
	}
	if !european.raw.Columns[1].Ordered {
		t.Error("levels that were given in order are not ordered")
	}
	american := tableOf(t, "id,spend\na,\"1,234.5\"\nb,\"1,234,567\"\n", CSVOptions{Decimal: '.'})
	if want := []float64{1234.5, 1234567}; !sameFloats(american.raw.Data, want) {
		t.Errorf("data %v, want %v", american.raw.Data, want)
	}
	picked := tableOf(t, "id,a,b,region\nx,1,2,10\ny,3,4,9\n", CSVOptions{Columns: []string{"region", "a"}, Text: []string{"region"}})
	if got := picked.Names(); !slices.Equal(got, []string{"region", "a"}) {
		t.Errorf("columns %q", got)
	}
	if got := picked.raw.Columns[0].Levels; !slices.Equal(got, []string{"9", "10"}) {
		t.Errorf("codes as levels in order %q", got)
	}
	unnamed, err := ReadCSV(csvFileOf(t, "a,b\n1,2\n3,4\n"), "")
	if err != nil || !slices.Equal(unnamed.IDs(), []string{"1", "2"}) {
		t.Errorf("without an id column: %v, %v", unnamed, err)
	}
	empty := tableOf(t, "id,a\nx,\ny,NA\n")
	if c := empty.raw.Columns[0]; c.Categorical() || !sameFloats(empty.raw.Data, []float64{math.NaN(), math.NaN()}) {
		t.Errorf("a column without values is %+v", c)
	}
}

// Zeros in front are part of a code, and are kept; whoever gives a unit, or says that there is none, measures something. In a frame it is the same.
func TestCodesKeepTheirZeros(t *testing.T) {
	const file = "id,plz,branch,age,size\na,01067,007,07,0012\nb,20095,012,12,0034\nc,,001,3,0056\n"
	read := tableOf(t, file, CSVOptions{Units: map[string]string{"size": ""}})
	for _, c := range []struct {
		name   string
		levels []string
		values []float64
	}{{"plz", []string{"01067", "20095"}, []float64{0, 1, math.NaN()}}, {"branch", []string{"001", "007", "012"}, []float64{1, 2, 0}}, {"age", nil, []float64{7, 12, 3}}, {"size", nil, []float64{12, 34, 56}}} {
		column, _ := read.Column(c.name)
		if values, _ := read.Values(c.name); !slices.Equal(column.Levels, c.levels) || !sameFloats(values, c.values) {
			t.Errorf("%s: %q %v", c.name, column.Levels, values)
		}
		if told := fmt.Sprintf("%q holds codes", c.name); strings.Contains(read.raw.Note, told) != (c.levels != nil) {
			t.Errorf("%s: %q", c.name, read.raw.Note)
		}
	}
	if want := `"plz" holds codes, since "01067" in line 2 begins with a zero, and is read as text. If these are amounts, CSVOptions{Units: map[string]string{"plz": ""}} reads them as numbers.`; !strings.Contains(read.raw.Note, want) {
		t.Errorf("%q does not say %q", read.raw.Note, want)
	}
	if asked := tableOf(t, file, CSVOptions{Text: []string{"plz", "branch"}, Columns: []string{"plz", "branch"}}); asked.raw.Note != "" {
		t.Errorf("who asked for text is told %q", asked.raw.Note)
	}
	back, err := FromFrame(read.Frame(), "id", "plz", "branch")
	if err != nil {
		t.Fatal(err)
	}
	for j, c := range back.raw.Columns {
		if !slices.Equal(c.Levels, read.raw.Columns[j].Levels) || !strings.Contains(back.raw.Note, fmt.Sprintf("%q holds codes", c.Name)) {
			t.Errorf("through a frame, %s has %q: %s", c.Name, c.Levels, back.raw.Note)
		}
	}
}

// Codes some of which are digits alone are called codes, and reading them as text is the remedy; a slip among numbers is none, nor is a range, or an amount with its unit.
func TestCodesAmongNumbersAreCalledCodes(t *testing.T) {
	const says = "the column seems to hold codes such as postcodes or article numbers"
	read := func(name, cells string, o ...CSVOptions) (*Table, error) {
		text := "id," + name + ",spend\n"
		for i, c := range strings.Split(cells, "|") {
			text += fmt.Sprintf("c%d,%s,%d\n", i, c, i)
		}
		return ParseCSV(strings.NewReader(text), "customers.csv", "id", o...)
	}
	for _, cells := range []string{"1234|1234 AB|01067", "8001|SW1A 1AA|1010", "10115|D-20095", "75008|2A004|13001", "94105|94105-1234", "1250|1250-096", "11000|110 00", "12|00-950", "17|A17|B-17/2"} {
		_, err := read("where", cells)
		if !errors.Is(err, fault.ErrSchema) || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), `read it as text with CSVOptions{Text: []string{"where"}}`) {
			t.Errorf("%s: %v", cells, err)
		}
		got, err := read("where", cells, CSVOptions{Text: []string{"where"}}) // which is what the remedy does
		if err != nil || !slices.Contains(got.Columns()[0].Levels, strings.Split(cells, "|")[1]) {
			t.Errorf("%s as text: %v", cells, err)
		}
	}
	for _, name := range []string{"zip", "Postleitzahl", "artikelcode"} { // of which the name says it
		if _, err := read(name, "1234|1234 ab"); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, cells := range []string{"31|unknown|40", "1|2|3x", "12|18-24", "100|250-500", "5|12 kg", "1.5|A17", "7|1.23,5x", "3|x4"} {
		if _, err := read("where", cells); err == nil || strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", cells, err)
		}
	}
}

// Bad input is a sentence that says where and what to do about it.
func TestReadCSVErrors(t *testing.T) {
	long := strings.Repeat("x", 10<<20)
	for name, c := range map[string]struct {
		text  string
		o     CSVOptions
		is    error
		parts []string
	}{
		"empty":              {"", CSVOptions{}, fault.ErrEmpty, []string{"is empty"}},
		"only a header":      {"id,a\n", CSVOptions{}, fault.ErrEmpty, []string{"no rows"}},
		"excel":              {"PK\x03\x04....", CSVOptions{}, fault.ErrFormat, []string{"Excel", "as CSV with segkit convert"}},
		"nul":                {"id,a\nx,1\ny," + strings.Repeat("long ", 20) + "\x00\n", CSVOptions{}, fault.ErrFormat, []string{"line 3", "NUL"}},
		"no id":              {"customer,a\nx,1\n", CSVOptions{}, fault.ErrMissingColumn, []string{`no column "id"`, "customer, a"}},
		"id mistyped":        {"ID,a\nx,1\n", CSVOptions{}, fault.ErrMissingColumn, []string{`did you mean "ID"?`}},
		"no header":          {"1,2,3\n4,5,6\n", CSVOptions{}, fault.ErrFormat, []string{"line 1", "holds data", "CSVOptions.Header"}},
		"wrong separator":    {"id;a;b\nx;1;2\n", CSVOptions{Comma: ','}, fault.ErrFormat, []string{`single column "id;a;b"`, "leave table.CSVOptions.Comma unset"}},
		"not a CSV":          {"<html><body>\nNot found\n</body></html>\n", CSVOptions{}, fault.ErrFormat, []string{"HTML", "not CSV", "save it as CSV"}},
		"two cells":          {"id,a\nx,1\ny,Inf\n", CSVOptions{}, fault.ErrSchema, []string{"while 1 other cell of"}},
		"one column":         {"id\nx\n", CSVOptions{}, fault.ErrFormat, []string{"single column"}},
		"only ids":           {"id\nx\n", CSVOptions{Comma: ';'}, fault.ErrFormat, []string{"no columns besides the id"}},
		"id twice in header": {"id,id,a\nx,1,2\ny,2,3\n", CSVOptions{}, fault.ErrMissingColumn, []string{`"id"`, "id (column 1)"}},
		"an index":           {",id,b\n0,x,2\n1,y,2\n", CSVOptions{}, fault.ErrFormat, []string{"column 1 has no name", "pandas", "CSVOptions.Columns"}},
		"half a character":   {"id,a\nx,caf\xc3\ny,cité\n", CSVOptions{}, fault.ErrFormat, []string{"line 2", `"a"`, "the middle of a character"}},
		"two encodings":      {"id,a\nx,\xc4rzte\ny,cité\n", CSVOptions{}, fault.ErrFormat, []string{"line 2", `"a"`, "not UTF-8", "line 3"}},
		"remark between":     {"id,a,b\nx,1,2\n(1 row)\ny,3,4\n", CSVOptions{}, fault.ErrFormat, []string{"line 3", "1 cell", "header has 3"}},
		"header again":       {"id,a\nx,1\nid,a\ny,2\n", CSVOptions{}, fault.ErrFormat, []string{"line 3", "repeats the header"}},
		"short row":          {"id,a,b\nx,1,2\ny,3\n", CSVOptions{}, fault.ErrFormat, []string{"line 3", "2 cells", "header has 3"}},
		"long row":           {"id,a\nx,1,2\n", CSVOptions{}, fault.ErrFormat, []string{"line 2", "3 cells", "double quotes"}},
		"open quote":         {"id,a\nx,1\ny,\"2\nz,3\nw,4\n", CSVOptions{}, fault.ErrFormat, []string{"line 3", "never closed"}},
		"quote swallows":     {"id,a\nx,\"Leeds\ny,\"York\"\n", CSVOptions{}, fault.ErrFormat, []string{"line 2", "up to line 3"}},
		"quote in cell":      {"id,a\nx,5\" pipe\n", CSVOptions{}, fault.ErrFormat, []string{"line 2", "character 4"}},
		"no id in a row":     {"id,a\nx,1\n,2\n,3\n", CSVOptions{}, fault.ErrSchema, []string{"line 3", "no id", "2 such cells"}},
		"id twice":           {"id,a\nx,1\ny,2\nx,3\n", CSVOptions{}, fault.ErrDuplicate, []string{"line 4", `"x"`, "in line 2", "one row per customer"}},
		"one bad cell":       {"id,a\nx,1\ny,2\nC-42,abc\nw,\n", CSVOptions{}, fault.ErrSchema, []string{"line 4", `"a"`, "(id C-42)", `"abc"`, "2 other cells", `Text: []string{"a"}`}},
		"several bad cells":  {"id,a\nx,1\ny,two\nz,three\n", CSVOptions{}, fault.ErrSchema, []string{"line 3", "2 such cells"}},
		"two readings":       {"id;a\nx;1.500\ny;2.250\n", CSVOptions{}, fault.ErrSchema, []string{`"1.500" is 1,500 if`, "3,750 or to 3.75", "Decimal: '.'} for 3.75", "Decimal: ','} for 3,750"}},
		"two ways":           {"id;a\nx;1.234,56\ny;1,234.56\n", CSVOptions{}, fault.ErrSchema, []string{`"1.234,56" can only have a decimal comma`, "in line 3", "the same way"}},
		"contradiction":      {"id;a;b\nx;1,234;0,5\ny;7;1,234\n", CSVOptions{Decimal: '.'}, fault.ErrSchema, []string{`column "b"`, "cannot be read with a decimal point"}},
		"grades":             {"id,a\nx,1-\ny,2\n", CSVOptions{}, fault.ErrSchema, []string{"line 2", "a grade", "Decimal to '.'", `Text: []string{"a"}`}},
		"badly grouped":      {"id;a\nx;1.23,5\ny;7\n", CSVOptions{Decimal: ','}, fault.ErrSchema, []string{`"1.23,5"`}},
		"two currencies":     {"id,a\nx,€ 5\ny,$7\n", CSVOptions{}, fault.ErrSchema, []string{"line 3", "EUR in 1 cell (first in line 2)", "cannot be added"}},
		"another unit":       {"id,a\nx,€ 5\n", CSVOptions{Units: map[string]string{"a": "USD"}}, fault.ErrSchema, []string{"line 2", "is in EUR"}},
		"percent":            {"id,a\nx,5 %\ny,0.5\n", CSVOptions{}, fault.ErrSchema, []string{"line 3", "no percent sign"}},
		"too large":          {"id,a\nx,1\ny,1e999\n", CSVOptions{}, fault.ErrNotFinite, []string{"line 3", "not a finite number"}},
		"not a level": {"id,a\nx,low\ny,hihg\n", CSVOptions{Levels: map[string][]string{"a": {"low", "high"}}}, fault.ErrSchema,
			[]string{"line 3", `"hihg"`, "low, high"}},
		"option mistyped": {"id,spend\nx,1\n", CSVOptions{Units: map[string]string{"spent": "EUR"}}, fault.ErrMissingColumn,
			[]string{"CSVOptions.Units", `"spent"`, `did you mean "spend"?`}},
		"10 MB field":  {"id,a\nx,1\ny," + long + "\n", CSVOptions{}, fault.ErrFormat, []string{"line 3", "more than 1 MB", "cell 2"}},
		"10 MB id":     {"id,a\nx,1\n" + long + ",y\n", CSVOptions{}, fault.ErrFormat, []string{"line 3", "more than 1 MB", "cell 1"}},
		"10 MB header": {long + "," + long + "\nx,1\n", CSVOptions{}, fault.ErrFormat, []string{"line 1", "longer than a megabyte"}},
		"10 MB name":   {"a," + long + "\nx,1\n", CSVOptions{}, fault.ErrFormat, []string{"line 1", "longer than a megabyte"}},
		"10 MB level": {"id,a\nx,?\n", CSVOptions{Levels: map[string][]string{"a": {long, long + "y"}}}, fault.ErrSchema,
			[]string{"line 2", "not one of its levels"}},
	} {
		_, err := ReadCSV(csvFileOf(t, c.text), "id", c.o)
		if err == nil || !errors.Is(err, c.is) {
			t.Errorf("%s: error %v, want one that is %q", name, err, c.is)
			continue
		}
		for _, part := range append(c.parts, "customers.csv") {
			if part == "customers.csv" && strings.Contains(name, "option") {
				continue
			}
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %q does not say %q", name, err, part)
			}
		}
		if len(err.Error()) > 600 {
			t.Errorf("%s: an error of %d bytes", name, len(err.Error()))
		}
	}
}

func TestReadCSVRefusesWhatIsNoFile(t *testing.T) {
	if _, err := ReadCSV(filepath.Join(t.TempDir(), "nowhere.csv"), "id"); !errors.Is(err, fs.ErrNotExist) || errors.Is(err, fault.ErrFormat) {
		t.Errorf("missing file: %v", err)
	}
	if _, err := ReadCSV(t.TempDir(), "id"); err == nil || !strings.Contains(err.Error(), "directory") {
		t.Errorf("directory: %v", err)
	}
	var option *fault.OptionError
	if _, err := ReadCSV("x", "id", CSVOptions{}, CSVOptions{}); !errors.As(err, &option) {
		t.Errorf("two options: %v", err)
	}
	if _, err := ReadCSV("x", "id", CSVOptions{Decimal: ';'}); !errors.As(err, &option) {
		t.Errorf("decimal mark: %v", err)
	}
}

// What is no finished file of text is refused with a sentence, in memory that does not grow with it.
func TestReadCSVOfWhatIsNoTable(t *testing.T) {
	rows := strings.Repeat("z,3\n", 3<<20)
	for name, c := range map[string]struct{ text, says string }{
		"a quote that never closes": {"id,a\nx,1\ny,\"2\n" + rows, "line 3: opens a double quote that is never closed"},
		"and goes on for 20 MB":     {"id,a\nx,1\ny,\"2\n" + rows + rows, "line 3: begins a row of more than 16 MB"},
		"a column of long cells":    {"id,a\n" + strings.Repeat("x,"+strings.Repeat("y", 2<<20)+"\n", 4), "line 2: has more than 1 MB of text in cell 2"},
		"a binary":                  {strings.Repeat("\x00\x01\x07,\xff\n", 1000), "binary file"},
		"an old workbook":           {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".xls"},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := ParseCSV(strings.NewReader(c.text), name, "id")
		runtime.ReadMemStats(&after)
		if err == nil || !strings.Contains(err.Error(), c.says) || len(err.Error()) > 600 {
			t.Errorf("%s: %.600v, want %q", name, err, c.says)
		}
		if mb := (after.TotalAlloc - before.TotalAlloc) >> 20; mb > 150 {
			t.Errorf("%s: %d MB allocated", name, mb)
		}
	}
	path := csvFileOf(t, "id,a\nx,1\n")
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	in, _, changed := textfile.Steady(openFile(t, path))
	if _, err := f.WriteString("y,2\n"); err != nil {
		t.Fatal(err)
	}
	x, err := ParseCSV(in, path, "id")
	if err != nil || x.Len() != 1 || !changed() { // what is appended is not read, and told
		t.Errorf("%v, %v, changed %v", x, err, changed())
	}
}

func openFile(t *testing.T, path string) *os.File {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestReadCSVTakesAHundredColumns(t *testing.T) {
	header, row := "id", "x"
	for j := range 100 {
		header += fmt.Sprintf(",c%d", j)
		row += fmt.Sprintf(",%d", j)
	}
	table := tableOf(t, header+"\n"+row+"\n")
	if _, d := table.Dims(); d != 100 || table.At(0, 99) != 99 {
		t.Fatalf("%d columns, last %g", d, table.At(0, 99))
	}
}

// Facts from the data sets' own descriptions.
func TestReadCSVOnPublicSets(t *testing.T) {
	dir := os.Getenv("SEGKIT_DATA")
	if dir == "" {
		t.Skip("SEGKIT_DATA is not set, so the public data sets are not read")
	}
	mall, err := ReadCSV(filepath.Join(dir, "mall_customers", "Mall_Customers.csv"), "CustomerID")
	if err != nil {
		t.Fatal(err)
	}
	if n, d := mall.Dims(); n != 200 || d != 4 || !slices.Equal(mall.raw.Columns[0].Levels, []string{"Female", "Male"}) {
		t.Errorf("mall: %d x %d, %+v", n, d, mall.raw.Columns[0])
	}
	shoppers, err := ReadCSV(filepath.Join(dir, "online_shoppers", "online_shoppers_intention.csv.gz"), "")
	if err != nil {
		t.Fatal(err)
	}
	if n, d := shoppers.Dims(); n != 12330 || d != 18 {
		t.Errorf("shoppers: %d x %d", n, d)
	}
	bought, _ := shoppers.Values("Revenue")
	if sum := sumOf(bought); sum != 1908 {
		t.Errorf("shoppers: %g sessions with a purchase, want 1908", sum)
	}
	_, err = ReadCSV(filepath.Join(dir, "mcdonalds", "mcdonalds.csv"), "")
	var cell *fault.CellError
	if !errors.As(err, &cell) || cell.Column != "Like" || cell.Count != 152+143 {
		t.Errorf("mcdonalds: %v, want the 295 text cells of Like", err)
	}
	opinions, err := ReadCSV(filepath.Join(dir, "mcdonalds", "mcdonalds.csv"), "", CSVOptions{Text: []string{"Like"}})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]float64{"yummy": .55, "convenient": .91, "disgusting": .24} {
		v, _ := opinions.Values(name)
		if got := sumOf(v) / float64(len(v)); math.Abs(got-want) > .005 {
			t.Errorf("mcdonalds: %g of answers say %s, want %g", got, name, want)
		}
	}
}

func sumOf(v []float64) (sum float64) {
	for _, x := range v {
		sum += x
	}
	return sum
}

func TestWriteCSVIsReadBackExactly(t *testing.T) {
	want := tableOf(t, "id,a,b\n00123,1e-9,Leeds\n-7,0.1,\"York, \"\"old\"\"\"\nz,,Leeds\n")
	path := filepath.Join(t.TempDir(), "out.csv")
	if err := want.WriteCSV(path); err != nil {
		t.Fatal(err)
	}
	got, err := ReadCSV(path, "id")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got.raw.IDs, want.raw.IDs) || !sameFloats(got.raw.Data, want.raw.Data) || !slices.Equal(got.raw.Columns[1].Levels, want.raw.Columns[1].Levels) {
		t.Errorf("read back %v %v, want %v %v", got.raw.IDs, got.raw.Data, want.raw.IDs, want.raw.Data)
	}
}

func TestWriteCSVMakesFormulasHarmless(t *testing.T) {
	s, err := NewSegments([]string{"=cmd|' /C calc'!A0", "-5", "+x", "@y", "plain"}, Labels{0, 0, 0, 1, Noise}, []string{"=SUM(A1)", "b"})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "segments.csv")
	if err := s.WriteCSV(path); err != nil {
		t.Fatal(err)
	}
	text, _ := os.ReadFile(path)
	const want = "id,segment\n'=cmd|' /C calc'!A0,'=SUM(A1)\n-5,'=SUM(A1)\n'+x,'=SUM(A1)\n'@y,b\nplain,no segment\n"
	if string(text) != want {
		t.Errorf("wrote\n%s\nwant\n%s", text, want)
	}
}

// Whatever the bytes: no panic, an error that is one of ours, or a table that writes and reads back the same.
func FuzzReadCSV(f *testing.F) {
	for _, seed := range []string{"id,a\nx,1\n", "id;a\nx;1,5\n", "id,a\n\"x\",\"1\n2\"\n", "id\ta\nx\tNA\n", "id,a\nx,=1\n", "\ufeffid|a\n00|-\n", "id;d\nx;\nx;5"} {
		f.Add([]byte(seed), false)
	}
	f.Fuzz(func(t *testing.T, data []byte, comma bool) {
		o := CSVOptions{}
		if comma {
			o.Decimal = ','
		}
		dir := t.TempDir()
		path := filepath.Join(dir, "in.csv")
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		table, err := ReadCSV(path, "id", o)
		if err != nil {
			kinds := []error{fault.ErrFormat, fault.ErrSchema, fault.ErrEmpty, fault.ErrMissingColumn, fault.ErrNotFinite, fault.ErrDuplicate}
			if !slices.ContainsFunc(kinds, func(kind error) bool { return errors.Is(err, kind) }) {
				t.Fatalf("an error of no kind: %v", err)
			}
			return
		}
		out := filepath.Join(dir, "out.csv")
		if err := table.WriteCSV(out); err != nil {
			t.Fatal(err)
		}
		text := CSVOptions{Comma: ','}
		for _, c := range table.raw.Columns {
			if c.Categorical() {
				text.Text = append(text.Text, strings.TrimSpace(asCell(c.Name)))
			}
		}
		if again, err := ReadCSV(out, strings.TrimSpace(asCell(table.idColumn())), text); err != nil {
			t.Fatalf("cannot read back: %v", err)
		} else if !sameFloats(again.raw.Data, table.raw.Data) && !strings.ContainsAny(string(data), "=+-@") {
			t.Fatalf("read back %v, want %v", again.raw.Data, table.raw.Data)
		}
	})
}

// onlyReader hides that a text can be read again, so that its rows are looked at one after another.
type onlyReader struct{ io.Reader }

// A file that is read many blocks at once is the table that its rows make one after another, in whatever dialect, or refused in the same words.
func TestFilesInOrderAreTheSameTables(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	quick := 0
	for round := range 4000 {
		comma := []string{",", ";", "\t", "|"}[r.IntN(4)]
		end := []string{"\n", "\n", "\r\n"}[r.IntN(3)]
		odd := r.IntN(3) == 0 // some rows are out of order
		cell := func(i, j int) string {
			if j == 0 {
				return fmt.Sprintf("C%04d", i)
			}
			plain := []string{"12.5", "-3", "0", "1e3", "NA", "", " 7 ", "\u00a05", "99.95"}
			if j == 2 {
				plain = []string{"Leeds", "C\u00e1diz", "York", "\"a" + comma + "b\"", "\"two\nlines\"", "\"say \"\"hi\"\"\"", ""}
			}
			return plain[r.IntN(len(plain))]
		}
		var b strings.Builder
		b.WriteString(strings.Join([]string{"id", "x", "city", "y"}, comma) + end)
		for i := range 1 + r.IntN(60) {
			row := []string{cell(i, 0), cell(i, 1), cell(i, 2), cell(i, 1)}
			line := strings.Join(row, comma)
			if odd {
				switch r.IntN(60) {
				case 0:
					line = ""
				case 1:
					line = strings.Repeat(comma, 3)
				case 2:
					line += comma
				case 3:
					line = "Total" + comma + "5" + comma + comma
				case 4:
					line = "(3 rows affected)"
				case 5:
					line = strings.Join(row[:3], comma)
				case 6:
					line = "C0001" + line[5:]
				case 7:
					line = strings.Join([]string{"id", "x", "city", "y"}, comma)
				case 8:
					line = row[0] + comma + "1" + comma + "caf\xe9" + comma + "2"
				case 9:
					line = row[0] + comma + "1" + comma + "a\"b" + comma + "2"
				case 10:
					line = row[0] + comma + "1" + comma + "\"a\"b" + comma + "2"
				case 11:
					line = row[0] + comma + "x\x00" + comma + "a" + comma + "2"
				case 12:
					line = "-----------"
				case 13:
					line = comma + "1" + comma + "a" + comma + "2"
				case 14:
					line = row[0] + comma + "1" + comma + "\"open" + comma + "2"
				}
			}
			b.WriteString(line + end)
		}
		text := b.String()
		if f, err := openCSV(strings.NewReader(text), "op", "x.csv", CSVOptions{}, "id"); err == nil {
			if _, _, ok := f.inOrder(0); ok {
				quick++
			}
		}
		together, err := ParseCSV(strings.NewReader(text), "x.csv", "id")
		single, want := ParseCSV(onlyReader{strings.NewReader(text)}, "x.csv", "id")
		if fmt.Sprint(err) != fmt.Sprint(want) {
			t.Fatalf("round %d: %q\n%v\n%v", round, text, err, want)
		}
		if err == nil && (together.Fingerprint() != single.Fingerprint() || together.raw.Note != single.raw.Note) {
			t.Fatalf("round %d: %q: another table, %q, %q", round, text, together.raw.Note, single.raw.Note)
		}
	}
	if quick < 2000 || quick > 3500 {
		t.Errorf("%d of 4000 files were in order: too few or too many to tell", quick)
	}
}

// A file of many blocks, with a cell over two lines where one block may end.
func TestManyBlocksAreOneTable(t *testing.T) {
	var b strings.Builder
	b.WriteString("id,x,text\n")
	for i := range 60_000 {
		fmt.Fprintf(&b, "C%06d,%d.%02d,\"line %d\nand \"\"another\"\"\"\n", i, i%977, i%100, i%7)
	}
	text := b.String()
	f, err := openCSV(strings.NewReader(text), "op", "x.csv", CSVOptions{}, "id")
	if err != nil {
		t.Fatal(err)
	}
	if columns, lines, ok := f.inOrder(int64(len(text))); !ok || columns[0].len() != 60_000 || lines[59_999] != 2+2*59_999 {
		t.Fatalf("in order: %v", ok)
	}
	together, err := ParseCSV(strings.NewReader(text), "x.csv", "id")
	if err != nil {
		t.Fatal(err)
	}
	single, err := ParseCSV(onlyReader{strings.NewReader(text)}, "x.csv", "id")
	if err != nil || together.Fingerprint() != single.Fingerprint() {
		t.Errorf("another table, %v", err)
	}
	twice := text + "C000007,1,x\n"
	if _, err := ParseCSV(strings.NewReader(twice), "x.csv", "id"); err == nil || !strings.Contains(err.Error(), "is already in line 16") {
		t.Errorf("a repeated id: %v", err)
	}
}
