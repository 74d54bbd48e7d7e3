package textfile

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"
)

// streamed is what Stream gives, read in odd pieces.
func streamed(in string) (string, error) {
	r, err := Stream(iotest.OneByteReader(strings.NewReader(in)))
	if err != nil {
		return "", err
	}
	out, err := io.ReadAll(iotest.HalfReader(r))
	return String(string(out)), err
}

func TestStreamGivesWhatDecodeGives(t *testing.T) {
	long := strings.Repeat("id,città,😀\r\n", 20_000)
	for name, in := range map[string]string{
		"utf-8":           "id,città\n",
		"byte order mark": "\ufeffid,a\r\n",
		"windows-1252":    "price \x80\n",
		"old macintosh":   "id,a\r1,2\r",
		"gzip":            string(zipped(t, "\ufeffid,a\n")),
		"long":            string(zipped(t, long)),
		"utf-16":          "\xff\xfei\x00d\x00,\x00\xac\x20\n\x00",
		"long utf-16":     bigEndian(long),
		"half a unit":     "\xfe\xff\x00i\x00",
		"empty":           "",
	} {
		want, err := Decode([]byte(in))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := streamed(in); err != nil || got != string(want) {
			t.Errorf("%s: %.40q, %v; want %.40q", name, got, err, want)
		}
	}
}

func bigEndian(text string) string {
	out := []byte("\xfe\xff")
	for _, u := range utf16.Encode([]rune(text)) {
		out = append(out, byte(u>>8), byte(u))
	}
	return string(out)
}

func TestStreamSaysWhatIsNotText(t *testing.T) {
	half := zipped(t, strings.Repeat("id,a\n", 1000))
	for in, want := range map[string]string{
		"PK\x03\x04rest":           "Excel",
		"id,a\n1,\x00\n":           "line 2 holds a NUL",
		string(half[:len(half)/2]): "damaged gzip",
		"\x1f\x8b no gzip":         "damaged gzip",
		bigEndian("id,a\n1,\x00"):  "NUL",
	} {
		if _, err := streamed(in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.10q: error %v does not say %q", in, err, want)
		}
	}
}

func FuzzStream(f *testing.F) {
	f.Add([]byte("id,a\n1,2\n"))
	f.Add([]byte("\xff\xfea\x00"))
	f.Fuzz(func(t *testing.T, in []byte) {
		got, err := streamed(string(in))
		want, wantErr := Decode(in)
		if (err == nil) != (wantErr == nil) || err == nil && got != string(want) {
			t.Fatalf("%q became %q (%v), want %q (%v)", in, got, err, want, wantErr)
		}
	})
}
