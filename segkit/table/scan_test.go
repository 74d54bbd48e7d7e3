package table

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/job"
)

// together joins pieces: all ids, and every cell as text or number. It returns the columns of the last piece.
func together(s *Scan, id string, columns []Column) (ids []string, cells []string, last []Column, err error) {
	for t, err := range s.Pieces(id, columns) {
		if err != nil {
			return nil, nil, nil, err
		}
		ids, last = append(ids, t.raw.IDs...), t.raw.Columns
		for i := range t.raw.IDs {
			for j, c := range t.raw.Columns {
				cells = append(cells, exact(c, t.At(i, j), false))
			}
		}
	}
	return ids, cells, last, nil
}

// In pieces of any size, a file is what ReadCSV reads, and so is a pipe whose first piece decides.
func TestPiecesAreTheTable(t *testing.T) {
	path := filepath.Join(t.TempDir(), "customers.csv")
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(t, "n")
		comma := rapid.Bool().Draw(t, "decimal commas")
		var text strings.Builder
		text.WriteString("id;spend;plan;share\n")
		for i := range n {
			spend := fmt.Sprintf("%d.%d", rapid.IntRange(0, 9999).Draw(t, "spend"), rapid.IntRange(0, 9).Draw(t, "tenths"))
			if comma {
				spend = strings.ReplaceAll(spend, ".", ",")
			}
			if i > 0 && rapid.IntRange(0, 9).Draw(t, "missing") == 0 {
				spend = rapid.SampledFrom([]string{"", "NA"}).Draw(t, "marker")
			}
			fmt.Fprintf(&text, "%d; %s ;%s;%d %%\n", i, spend, rapid.SampledFrom([]string{"basic", "pro", "città", `"a;b"`}).Draw(t, "plan"), i)
		}
		if err := os.WriteFile(path, []byte(text.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		whole, err := ReadCSV(path, "id")
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for i := range whole.raw.IDs {
			for j, c := range whole.raw.Columns {
				want = append(want, exact(c, whole.At(i, j), false))
			}
		}
		columns := []Column{{Name: "spend"}, {Name: "plan"}, {Name: "share"}}
		rows := rapid.IntRange(1, 20).Draw(t, "rows")
		file, err := ScanCSV(path)
		if err != nil {
			t.Fatal(err)
		}
		pipe, err := CSVOptions{}.Scan(strings.NewReader(text.String()), "a pipe")
		if err != nil {
			t.Fatal(err)
		}
		file.rows, pipe.rows = rows, rows
		for name, s := range map[string]*Scan{"file": file, "pipe": pipe} {
			ids, cells, last, err := together(s, "id", columns)
			if err != nil || !slices.Equal(ids, whole.raw.IDs) || !slices.Equal(cells, want) {
				t.Fatalf("%s in pieces of %d: %v, %q, want %q", name, rows, err, cells, want)
			}
			if name == "file" && !reflect.DeepEqual(last, whole.raw.Columns) {
				t.Fatalf("columns %+v, want %+v", last, whole.raw.Columns)
			}
		}
		if again, _, _, err := together(file, "id", columns); err != nil || len(again) != n {
			t.Fatalf("read again: %d of %d, %v", len(again), n, err)
		}
	})
}

// A category is read by its levels, whatever its cells look like.
func TestCodesAndLabelsAreLevels(t *testing.T) {
	columns := []Column{{Name: "member", Levels: []string{"0", "1"}, Labels: []string{"no", "yes"}}, {Name: "plan", Levels: []string{"basic", "pro"}}}
	s, err := CSVOptions{Missing: []string{"", "-"}}.Scan(strings.NewReader("member,plan,id\n1,pro,a\nyes,basic,b\n1.0,,c\n0,gold,\nno,gold,a\n2,basic,e\n"), "x")
	if err != nil {
		t.Fatal(err)
	}
	ids, cells, last, err := together(s, "id", columns)
	if want := []string{"1", "pro", "1", "basic", "1", "", "0", "gold", "0", "gold", "2", "basic"}; err != nil || !slices.Equal(cells, want) {
		t.Errorf("%v, %q, want %q", err, cells, want)
	}
	if !slices.Equal(last[0].Levels, []string{"0", "1", "2"}) || !slices.Equal(last[1].Levels, []string{"basic", "pro", "gold"}) || len(last[0].Labels) != 3 {
		t.Errorf("levels %+v", last)
	}
	if !slices.Equal(ids, []string{"a", "b", "c", "", "a", "e"}) || len(columns[1].Levels) != 2 {
		t.Errorf("ids %q; what was given is now %+v", ids, columns)
	}
}

// What cannot be read is a sentence with the line, before any piece of a file is given.
// Digits that begin with a zero are told where they are read as numbers, wherever in the file they stand, and only where their zeros belong to codes.
func TestNumbersThatLookLikeCodesAreTold(t *testing.T) {
	const want = `"plz" is read as numbers, though "01067" in line 3 begins with a zero, as codes do.`
	for name, c := range map[string]struct {
		text   string
		levels []string
		want   string
	}{
		"padded":       {"id,plz\na,80331\nb,01067\nc,\n", nil, want},
		"a category":   {"id,plz\na,80331\nb,01067\n", []string{"01067", "80331"}, ""},
		"not padded":   {"id,plz\na,80331\nb,10115\n", nil, ""},
		"with a point": {"id,plz\na,80331\nb,01067\nc,12.5\n", nil, ""},
		"days":         {"id,plz\na,12\nb,07\nc,3\n", nil, ""},
	} {
		path := filepath.Join(t.TempDir(), "new.csv")
		if err := os.WriteFile(path, []byte(c.text), 0o644); err != nil {
			t.Fatal(err)
		}
		file, err := ScanCSV(path, CSVOptions{})
		if err != nil {
			t.Fatal(err)
		}
		pipe, err := CSVOptions{}.Scan(strings.NewReader(c.text), "new.csv")
		if err != nil {
			t.Fatal(err)
		}
		for from, s := range map[string]*Scan{"file": file, "pipe": pipe} {
			s.rows = 1 // in pieces of one row
			if _, _, _, err := together(s, "id", []Column{{Name: "plz", Levels: c.levels}}); err != nil {
				t.Fatalf("%s, %s: %v", name, from, err)
			}
			if said := strings.Join(s.Notes(), " "); !strings.HasPrefix(said, c.want) || c.want == "" && said != "" {
				t.Errorf("%s, %s: %q, want %q", name, from, said, c.want)
			}
		}
	}
}

func TestScanSaysWhatIsWrong(t *testing.T) {
	spend := []Column{{Name: "spend"}}
	for name, c := range map[string]struct {
		text, id string
		columns  []Column
		is       error
		says     []string
	}{
		"text":          {"id,spend\na,1\nb,lots\nc,2\n", "id", spend, fault.ErrSchema, []string{"line 3", `"spend"`, `"lots" is not a number`, "leave it empty"}},
		"open":          {"id,spend\na,1.234\nb,2.345\n", "id", spend, fault.ErrSchema, []string{"line 2", "3,579 or to 3.579", "CSVOptions{Decimal: ','}"}},
		"both marks":    {"id;spend\na;1.5\nb;2,5\n", "id", spend, fault.ErrSchema, []string{"line 3", "line 2"}},
		"ragged":        {"id,spend\na,1\nb\n", "id", spend, fault.ErrFormat, []string{"line 3: has 1 cell where the header has 2"}},
		"two files":     {"id,spend\na,1\nid,spend\n", "id", spend, fault.ErrFormat, []string{"line 3", "repeats the header"}},
		"a quote":       {"id,spend\na,\"1\nb,2\n", "id", spend, fault.ErrFormat, []string{"line 2", "double quote"}},
		"no id":         {"id,spend\na,1\n", "customer", spend, fault.ErrMissingColumn, []string{`no column "customer"`}},
		"no column":     {"id,spent\na,1\n", "id", spend, fault.ErrMissingColumn, []string{`no column "spend"; did you mean "spent"?`}},
		"no rows":       {"id,spend\n", "id", spend, fault.ErrEmpty, []string{"header and no rows"}},
		"nothing":       {" \n", "id", spend, fault.ErrEmpty, []string{"is empty"}},
		"a workbook":    {"PK\x03\x04...", "id", spend, fault.ErrFormat, []string{"workbook"}},
		"half a gzip":   {gzipped("id,spend\na,1\n")[:30], "id", spend, fault.ErrFormat, []string{"damaged gzip"}},
		"infinite":      {"id,spend\na,1e999\n", "id", spend, nil, []string{"1e999", "line 2"}},
		"one column":    {"spend\n1\n", "id", spend, fault.ErrFormat, []string{"single column"}},
		"only the id":   {"id,spend\na,1\n", "id", nil, fault.ErrFormat, []string{"no columns besides the id"}},
		"many levels":   {manyTexts(), "id", spend, fault.ErrSchema, []string{"is not a number", "so many levels"}},
		"other decimal": {"id,spend\na,1.234\nb,2.5\n", "id", spend, nil, nil},
	} {
		path := filepath.Join(t.TempDir(), "bad.csv")
		if err := os.WriteFile(path, []byte(c.text), 0o644); err != nil {
			t.Fatal(err)
		}
		s, err := ScanCSV(path)
		if err == nil {
			for piece, e := range s.Pieces(c.id, c.columns) {
				if err = e; piece != nil && c.says != nil {
					t.Errorf("%s: a piece was read", name)
				}
			}
		}
		if c.says == nil && err == nil {
			continue
		}
		if err == nil || c.is != nil && !errors.Is(err, c.is) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, says := range c.says {
			if !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), "bad.csv") && name != "no column" {
				t.Errorf("%s: %q is not in %v", name, says, err)
			}
		}
	}
	if _, err := ScanCSV("nowhere.csv"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	if _, err := ScanCSV(t.TempDir()); err == nil || !strings.Contains(err.Error(), "directory") {
		t.Errorf("a directory: %v", err)
	}
}

func manyTexts() string {
	var b strings.Builder
	b.WriteString("id,spend\n")
	for i := range mostTexts + 2 {
		fmt.Fprintf(&b, "%d,lots %d\n", i, i)
	}
	return b.String()
}

// A pipe cannot be read again: what its first piece says must hold for the rest.
func TestAPipeGoesOnAsItBegan(t *testing.T) {
	s, err := CSVOptions{}.Scan(strings.NewReader("id;spend\na;1,5\nb;2.5\n"), "a pipe")
	if err != nil {
		t.Fatal(err)
	}
	s.rows = 1
	if _, _, _, err := together(s, "id", []Column{{Name: "spend"}}); err == nil || !strings.Contains(err.Error(), `line 3, column "spend": "2.5"`) {
		t.Errorf("%v", err)
	}
}

// endless is a file without an end.
type endless struct{ bytes int }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	e.bytes += len(p)
	return len(p), nil
}

func TestAQuoteThatIsLeftOpenDoesNotFillTheMemory(t *testing.T) {
	rest := new(endless)
	s, err := CSVOptions{}.Scan(io.MultiReader(strings.NewReader("id,spend\na,\""), rest), "endless")
	if err != nil {
		t.Fatal(err)
	}
	_, _, _, err = together(s, "id", []Column{{Name: "spend"}})
	if err == nil || !strings.Contains(err.Error(), "16 MB") || rest.bytes > 3*mostRecord {
		t.Errorf("%v, after %d bytes", err, rest.bytes)
	}
}

func TestScanReportsAndStops(t *testing.T) {
	path := filepath.Join(t.TempDir(), "customers.csv")
	if err := os.WriteFile(path, []byte("id,spend\na,1\nb,2\nc,3\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	s, err := ScanCSV(path)
	if err != nil {
		t.Fatal(err)
	}
	s.rows = 1
	reports := 0
	ctx, cancel := context.WithCancel(job.WithProgress(context.Background(), func(p job.Progress) {
		if reports++; !strings.Contains(p.Task, "customers.csv") || p.Done > p.Total {
			t.Errorf("reports %+v", p)
		}
	}))
	defer cancel()
	pieces := 0
	for _, err = range s.PiecesContext(ctx, "id", []Column{{Name: "spend"}}) {
		pieces++
		cancel()
	}
	if !errors.Is(err, context.Canceled) || pieces != 2 || reports == 0 {
		t.Errorf("%d pieces, %d reports, %v", pieces, reports, err)
	}
	for range s.Pieces("id", []Column{{Name: "spend"}}) {
		break // which must not be asked for more
	}
}

// What Scan reads of any bytes, ParseCSV reads, too, and to the same numbers.
func FuzzScanCSV(f *testing.F) {
	f.Add([]byte("id,a\nx,1.5\ny,\n"))
	f.Add([]byte("id;a\nx;1,5\ny;€ 2\n"))
	f.Add([]byte("id,a\nx,\"p\nq\"\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := CSVOptions{}.Scan(strings.NewReader(string(data)), "x")
		if err != nil || !slices.Contains(s.Header, "a") {
			return
		}
		_, cells, _, err := together(s, "id", []Column{{Name: "a"}})
		if err != nil {
			return
		}
		whole, err := ParseCSV(strings.NewReader(string(data)), "x", "id", CSVOptions{Columns: []string{"a"}})
		if err != nil {
			if e := new(fault.CellError); errors.As(err, &e) && (e.Column == "id" || strings.Contains(e.Remedy, "Text") || strings.Contains(e.Why, "NUL")) {
				return // ids may repeat or be empty, 1- is a number where numbers are wanted, and NUL bytes pass
			}
			t.Fatalf("ParseCSV refuses %q: %v", data, err)
		}
		for i := range whole.raw.IDs {
			if want := exact(whole.raw.Columns[0], whole.At(i, 0), false); cells[i] != want {
				t.Fatalf("%q: row %d is %q, want %q", data, i+1, cells[i], want)
			}
		}
	})
}
