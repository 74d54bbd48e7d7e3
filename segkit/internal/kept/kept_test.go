package kept

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/fuzzing"
)

type options struct {
	DateLayout string
	Decimal    rune
	HeaderLine int
	Back       []string
	BackAmong  []string
	Levels     map[string][]string // is not kept
}

// An answer that is said again is not about the words of the one that was kept; one that was kept without words says so.
func TestAnswersAreAboutTheirWords(t *testing.T) {
	k := Options{Set: []Setting{{"back", []string{"credit"}}, {"back_among", []string{"credit", "debit"}}}}
	for _, c := range []struct{ given, want options }{
		{options{}, options{Back: []string{"credit"}, BackAmong: []string{"credit", "debit"}}},
		{options{Back: []string{}}, options{Back: []string{}}},
		{options{HeaderLine: 3}, options{HeaderLine: 3, Back: []string{"credit"}, BackAmong: []string{"credit", "debit"}}},
	} {
		got := c.given
		if err := k.Fill(&got); err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%+v becomes %+v, want %+v (%v)", c.given, got, c.want, err)
		}
	}
	if said := k.Said(); said != `back = ["credit"]` {
		t.Error(said)
	}
	k.Set = k.Set[:1]
	if said := k.Said(); said != `back = ["credit"] (for any word, new ones too)` {
		t.Error(said)
	}
}

// What is written is read again as it was, whatever the texts hold.
func TestWrittenIsReadAgain(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringN(0, 20, -1)
		o := options{DateLayout: text.Draw(t, "layout"), Decimal: rapid.SampledFrom([]rune{0, '.', ',', '"', '\\', 'é'}).Draw(t, "decimal"),
			HeaderLine: rapid.IntRange(0, 99).Draw(t, "line"), Back: rapid.SliceOf(text).Draw(t, "back")}
		path := filepath.Join(dir, "x.csv")
		k := Options{Kind: Orders, Columns: rapid.SliceOf(text).Draw(t, "columns"), Set: Of(o)}
		if err := k.Write(path); err != nil {
			t.Fatal(err)
		}
		read, err := Beside("Read", path)
		if err != nil {
			t.Fatal(err)
		}
		var got options
		if err := read.Fill(&got); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, o) || read.Changed("Read", path, k.Columns) != nil {
			t.Fatalf("%+v was read as %+v", o, got)
		}
	})
}

func TestParse(t *testing.T) {
	const head = "version = 1\nkind = \"orders\"\ncolumns = [\n  \"a\", # the first\n  'b\\',\n]\n"
	o, _, err := parse("\ufeff# kept\r\n" + head + "\n decimal=',' # as in Berlin\r\nheader_line = 3\nback = []\ndate_layout = \"2/1/2006 \\u00e9\\t\"")
	if err != nil {
		t.Fatal(err)
	}
	want := &Options{Kind: Orders, Columns: []string{"a", `b\`}, Set: []Setting{{"decimal", ","}, {"header_line", 3}, {"back", []string{}}, {"date_layout", "2/1/2006 é\t"}}}
	if !reflect.DeepEqual(o, want) {
		t.Errorf("%+v, want %+v", o, want)
	}
	for text, want := range map[string]string{
		"kind = \"orders\"\n":        "lacks version, kind or columns",
		"version = 2\n":              "another version",
		head + "x\n":                 `no = after "x"`,
		head + "x = 1 2\n":           "something after the value",
		head + "x = \"a\n":           "not closed",
		head + "x = 'a\n":            "not closed",
		head + "x = [\"a\" \"b\"]\n": "not closed by ]",
		head + "x = true\n":          "needs a text in quotes",
		head + "x = \"\\q\"\n":       "TOML does not know",
		head + "x = \"\\ud800\"\n":   "not a character",
		head + "[x]\n":               "does not begin with the name",
		head + "x = 1\nx = 1\n":      "a second time",
		"kind = \"letters\"\n":       "is not a value",
		"\xff":                       "not UTF-8",
	} {
		if _, _, err := parse(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// Texts of several lines, as TOML has them (checked with Python's tomllib).
func TestTextsOfSeveralLines(t *testing.T) {
	const q, d = "'''", `"""`
	for text, want := range map[string]string{
		q + "SELECT 'a'\nFROM \\t" + q:          "SELECT 'a'\nFROM \\t",
		q + "\nx\n" + q:                         "x\n",
		q + "\r\n\nx" + q:                       "\nx",
		q + q:                                   "",
		d + d:                                   "",
		d + "\nSELECT \"a\"\nFROM b" + d:        "SELECT \"a\"\nFROM b",
		d + "one \\\n\n   two \\u00e9 \\\"" + d: "one two é \"",
		d + `a""` + d:                           `a""`,
		q + "a''" + q:                           "a''",
		d + "\\\"" + d:                          `"`,
		d + `\\` + d:                            `\`,
	} {
		var got any
		if line, err := Each("a = 1\nx = "+text+" # remark\nlast = 2\n", func(s Setting, line int) error {
			if s.Key == "x" {
				got = s.Value
			}
			if want := 3 + strings.Count(text, "\n"); s.Key == "last" && line != want {
				t.Errorf("%q: what follows stands on line %d, want %d", text, line, want)
			}
			return nil
		}); err != nil || got != want {
			t.Errorf("%q: %q, want %q (line %d: %v)", text, got, want, line, err)
		}
	}
	for _, open := range []string{q + "a\n''", d + "a\n\"\"", d + "a\\" + d, d + "\\"} {
		if line, err := Each("a = 1\nx = "+open, func(Setting, int) error { return nil }); err == nil || line != 2 || !strings.Contains(err.Error(), "not closed by "+open[:3]) {
			t.Errorf("%q: line %d: %v", open, line, err)
		}
	}
}

func TestPut(t *testing.T) {
	for _, c := range []struct {
		Setting
		want string
	}{{Setting{"date_layuot", "x"}, `did you mean "date_layout"`}, {Setting{"decimal", "12"}, "is not a value"}, {Setting{"header_line", "x"}, "is not a value"}, {Setting{"zzz", 1}, "there is no option"}} {
		if err := Put(&options{}, c.Setting, true); !errors.Is(err, fault.ErrFormat) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v", c.Setting, err)
		}
	}
}

func TestBeside(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.csv")
	if o, err := Beside("Read", path); o != nil || err != nil {
		t.Errorf("nothing was kept: %v, %v", o, err)
	}
	if err := os.WriteFile(path+Suffix, []byte("version = 1\nkind = ?\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Beside("Read", path); !errors.Is(err, fault.ErrFormat) || !strings.Contains(err.Error(), "x.csv.segkit.toml, line 2") {
		t.Errorf("%v", err)
	}
	os.Remove(path + Suffix)
	os.Mkdir(path+Suffix, 0o755)
	if _, err := Beside("Read", path); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a directory: %v", err)
	}
}

// Whatever is read, is written and read the same.
func FuzzParse(f *testing.F) {
	f.Add("version = 1\nkind = \"orders\"\ncolumns = [\"a\"]\nback = ['x', \"\\u00e9\"]\nheader_line = -3\n")
	f.Add("version = 1\nkind = '''orders'''\ncolumns = []\nzone = \"\"\"\na\\\n b\"\"\"\n")
	f.Fuzz(func(t *testing.T, text string) {
		fuzzing.Bounded(t, len(text), func() {
			o, _, err := parse(text)
			if err != nil {
				return
			}
			again, at, err := parse(o.text())
			if err != nil || o.Kind == "" || !reflect.DeepEqual(again, o) {
				t.Errorf("%q gives %+v, written as %q, and then %+v, line %d: %v", text, o, o.text(), again, at, err)
			}
		})
	})
}
