package layout

// From the bytes of a file to text in UTF-8 with lines that end in \n, while it is read.

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"io"
	"slices"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/segkit/lab/segkit/fault"
)

// Sample is how many bytes of a file its layout is recognised from.
const Sample = 1 << 20

// Text is the text of a file. Bytes beyond ASCII may still be Windows-1252, which only the whole file can tell: the reader
// looks at them (see textfile.FromWindows1252).
type Text struct {
	*bufio.Reader
	Start    []byte // the first Sample bytes, or all there are; valid until the first read
	Whole    bool   // Start is the whole file
	Packed   bool   // by gzip
	Encoding string // "UTF-16" where it was decoded, "" for what ASCII begins like

	in io.Reader // behind the buffer
}

// Rest is what is left to read, past the buffer: large reads copy nothing.
func (t *Text) Rest() io.Reader {
	start, _ := t.Peek(t.Buffered())
	return io.MultiReader(bytes.NewReader(start), t.in)
}

// buffer reads in through a buffer for the sample.
func (t *Text) buffer(in io.Reader) {
	t.in, t.Reader = in, bufio.NewReaderSize(in, Sample)
}

// Open unpacks and decodes in while it is read. What is no text is refused with a sentence that says what it looks like;
// the caller adds its own name and that of the file. An error of in comes back as it is.
func Open(in io.Reader) (*Text, error) {
	t := new(Text)
	t.buffer(in)
	start, err := t.Peek(Sample)
	if bytes.HasPrefix(start, []byte{0x1f, 0x8b}) {
		z, bad := gzip.NewReader(t.Reader)
		if bad != nil {
			return nil, wrong("begins like a gzip file but is not one", "fetch it again")
		}
		t.Packed = true
		t.buffer(z)
		start, err = t.Peek(Sample)
	}
	if err != nil && err != io.EOF {
		return nil, err
	}
	if err := foreign(start); err != nil {
		return nil, err
	}
	if order := wide(start); order != nil {
		t.Encoding = "UTF-16"
		t.buffer(&utf16Reader{in: t.Reader, order: order})
		if start, err = t.Peek(Sample); err != nil && err != io.EOF {
			return nil, err
		}
	}
	for range 2 { // a second mark stands where a program wrote on behind that of another
		if bytes.HasPrefix(start, []byte("\ufeff")) {
			t.Discard(3)
			if start, err = t.Peek(Sample - 3); err != nil && err != io.EOF {
				return nil, err
			}
		}
	}
	t.Start, t.Whole = start, err == io.EOF
	return t, isBinary(start)
}

// rewrite passes the text through a transformation of whole lines before it is read, and samples it anew.
func (t *Text) rewrite(in io.Reader) error {
	t.buffer(in)
	start, err := t.Peek(Sample)
	if err != nil && err != io.EOF {
		return err
	}
	t.Start, t.Whole = start, err == io.EOF
	return nil
}

func wrong(why, remedy string) *fault.CellError {
	return &fault.CellError{Why: why, Remedy: remedy, Err: fault.ErrFormat}
}

// foreign refuses what is no delimited text by how it begins.
func foreign(start []byte) error {
	for _, f := range []struct{ begins, why, remedy string }{
		{"PK\x03\x04", "is an Excel workbook or a zip archive, not a CSV file", "write a workbook as CSV with segkit convert, and unpack an archive"},
		{"\xd0\xcf\x11\xe0", "is an Excel workbook of the old kind (.xls), not a CSV file", "export the sheet as CSV (UTF-8)"},
		{"%PDF-", "is a PDF document, not a CSV file", "export the data as CSV (UTF-8)"},
		{"PAR1", "is a Parquet file, not a CSV file", "write it as CSV with segkit convert"},
		{"SQLite format 3", "is a SQLite database, not a CSV file", "export the table as CSV (UTF-8)"},
		{"\x89PNG", "is a picture, not a CSV file", "give the name of the CSV file"},
		{"\xff\xd8\xff", "is a picture, not a CSV file", "give the name of the CSV file"},
		{"BZh", "is packed by bzip2", "unpack it"},
		{"\xfd7zXZ", "is packed by xz", "unpack it"},
		{"\x28\xb5\x2f\xfd", "is packed by Zstandard", "unpack it"},
		{"7z\xbc\xaf", "is a 7-Zip archive", "unpack it"},
	} {
		if bytes.HasPrefix(start, []byte(f.begins)) {
			return wrong(f.why, f.remedy)
		}
	}
	begin := bytes.ToLower(bytes.TrimSpace(start[:min(len(start), 256)]))
	for _, tag := range []string{"<html", "<!doctype html", "<table", "<?xml"} {
		if bytes.HasPrefix(begin, []byte(tag)) {
			return wrong("holds a page or a sheet in HTML or XML, not CSV, whatever its name says", "open it in a spreadsheet and save it as CSV (UTF-8)")
		}
	}
	if bytes.HasPrefix(begin, []byte("[{")) || bytes.HasPrefix(begin, []byte(`{"`)) {
		return wrong("holds JSON, not CSV", "export it as CSV (UTF-8)")
	}
	return nil
}

// isBinary refuses what holds control characters all over.
func isBinary(start []byte) error {
	start = start[:min(len(start), 4096)]
	controls := 0
	for _, c := range start {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' {
			controls++
		}
	}
	if 20*controls > len(start) && bytes.IndexByte(start, 0) >= 0 {
		return wrong("is a binary file, not text", "export the data as CSV (UTF-8)")
	}
	return nil
}

// wide recognises UTF-16, by its byte order mark or by every other byte being zero.
func wide(start []byte) binary.ByteOrder {
	switch {
	case bytes.HasPrefix(start, []byte{0xff, 0xfe}):
		return binary.LittleEndian
	case bytes.HasPrefix(start, []byte{0xfe, 0xff}):
		return binary.BigEndian
	}
	var zeros [2]int
	n := min(len(start), 1024)
	for i, c := range start[:n] {
		if c == 0 {
			zeros[i%2]++
		}
	}
	switch {
	case n < 8:
	case zeros[0] == 0 && 10*zeros[1] > 4*n:
		return binary.LittleEndian
	case zeros[1] == 0 && 10*zeros[0] > 4*n:
		return binary.BigEndian
	}
	return nil
}

// utf16Reader decodes while it is read. Half a surrogate pair, or half a unit at the end, becomes U+FFFD.
type utf16Reader struct {
	in    io.Reader
	order binary.ByteOrder
	raw   []byte // undecoded
	text  []byte // decoded
	out   []byte // of text, not yet read
	err   error
}

func (r *utf16Reader) Read(p []byte) (int, error) {
	for len(r.out) == 0 {
		if r.err != nil {
			return 0, r.err
		}
		r.raw = slices.Grow(r.raw, 1<<16)
		n, err := r.in.Read(r.raw[len(r.raw) : len(r.raw)+1<<16])
		r.raw, r.err = r.raw[:len(r.raw)+n], err
		r.decode()
	}
	n := copy(p, r.out)
	r.out = r.out[n:]
	return n, nil
}

func (r *utf16Reader) decode() {
	out, i := r.text[:0], 0
	for ; i+1 < len(r.raw); i += 2 {
		c := rune(r.order.Uint16(r.raw[i:]))
		if utf16.IsSurrogate(c) {
			if i+3 >= len(r.raw) && r.err == nil {
				break
			}
			c2 := rune(0)
			if i+3 < len(r.raw) {
				c2 = rune(r.order.Uint16(r.raw[i+2:]))
			}
			if c = utf16.DecodeRune(c, c2); c != utf8.RuneError {
				i += 2
			}
		}
		out = utf8.AppendRune(out, c)
	}
	r.raw = append(r.raw[:0], r.raw[i:]...)
	if r.err != nil && len(r.raw) > 0 {
		out, r.raw = utf8.AppendRune(out, utf8.RuneError), r.raw[:0]
	}
	r.text, r.out = out, out
}
