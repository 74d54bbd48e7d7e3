package textfile

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

func zipped(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte(text))
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestDecodeGivesUTF8(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"utf-8":           {"id,città\n", "id,città\n"},
		"byte order mark": {"\ufeffid,a\r\n", "id,a\r\n"},
		"latin-1":         {"id,citt\xe0\n", "id,città\n"},
		"windows-1252":    {"price \x80\n", "price €\n"},
		"old macintosh":   {"id,a\r1,2\r", "id,a\n1,2\n"},
		"gzip":            {string(zipped(t, "\ufeffid,a\n")), "id,a\n"},
		"utf-16":          {"\xff\xfei\x00d\x00,\x00\xac\x20\n\x00", "id,€\n"},
		"utf-16, big end": {"\xfe\xff\x00i\x00d\x00,\x20\xac\x00\n", "id,€\n"},
		"empty":           {"", ""},
	} {
		got, err := Decode([]byte(c.in))
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %q, %v; want %q", name, got, err, c.want)
		}
	}
}

func TestDecodeSaysWhatIsNotText(t *testing.T) {
	half := zipped(t, strings.Repeat("id,a\n", 1000))
	for in, want := range map[string]string{
		"PK\x03\x04rest":           "Excel",
		"id,a\n1,\x00\n":           "line 2 holds a NUL",
		string(half[:len(half)/2]): "damaged gzip",
	} {
		if _, err := Decode([]byte(in)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.10q: error %v does not say %q", in, err, want)
		}
	}
}

func TestReadNamesTheCause(t *testing.T) {
	dir := t.TempDir()
	if _, err := Read(filepath.Join(dir, "nowhere.csv")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
	if _, err := Read(dir); err == nil || !strings.Contains(err.Error(), "directory") {
		t.Errorf("directory: %v", err)
	}
	secret := filepath.Join(dir, "secret.csv")
	if err := os.WriteFile(secret, []byte("x"), 0); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(secret); os.Getuid() != 0 && !errors.Is(err, fs.ErrPermission) {
		t.Errorf("no permission: %v", err)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("id,a\n1,2\n"))
	f.Add([]byte("\xff\xfe"))
	f.Add([]byte("\x1f\x8b"))
	f.Fuzz(func(t *testing.T, in []byte) {
		if out, err := Decode(in); err == nil && !utf8.Valid(out) {
			t.Fatalf("%q decoded to invalid UTF-8 %q", in, out)
		}
	})
}

// The no-break space is one byte in Windows-1252 and two in UTF-8, where its second byte also ends à and begins no character.
func TestTrimKnowsBothNoBreakSpaces(t *testing.T) {
	for in, want := range map[string]string{
		"K1\xa0": "K1", "\xa0 K1 \xa0\xa0": "K1", "K1\u00a0": "K1", "\u00a0K1\t": "K1", "\xa0": "", "\u00a0 \xa0": "", "": "",
		"voil\u00e0": "voil\u00e0", "voil\u00e0\xa0": "voil\u00e0", "\xe0\xa0\x80": "\xe0\xa0\x80", "caf\xe9\xa0": "caf\xe9", "a\xa0b": "a\xa0b",
	} {
		if got := string(Trim([]byte(in))); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
		if n := len(in); in != want && !Blank(in[0]) && !Blank(in[n-1]) {
			t.Errorf("nobody would ask to trim %q", in)
		}
	}
}
