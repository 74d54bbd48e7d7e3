// Package textfile reads the text files that people export: gzip-compressed or not, UTF-8 with or without a byte order
// mark, or Latin-1, with any line ending. What is not text at all is refused with a sentence that says what it looks like.
package textfile

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// Read returns the content of the file at path as Decode does. Errors continue a sentence that starts with the path, and
// wrap what the system said.
func Read(path string) ([]byte, error) {
	f, info, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var data bytes.Buffer
	data.Grow(int(info.Size()) + bytes.MinRead) // as long as the file, and not twice that
	if _, err := data.ReadFrom(f); err != nil {
		return nil, fmt.Errorf("cannot be read: %w", cause(err))
	}
	return Decode(data.Bytes())
}

// Open opens the file at path; errors are as those of Read.
func Open(path string) (*os.File, os.FileInfo, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("cannot be found: %w", cause(err))
	}
	var info os.FileInfo
	if err == nil {
		info, err = f.Stat()
	}
	if err != nil {
		return nil, nil, fmt.Errorf("cannot be read: %w", cause(err))
	}
	if info.IsDir() {
		f.Close()
		return nil, nil, errors.New("is a directory: give the path of a file in it")
	}
	return f, info, nil
}

// Decode returns data as UTF-8 text with lines ended by "\n" or "\r\n": gzip is unpacked, UTF-16 decoded where a byte order
// mark tells of it, the mark removed, and text
// that is not valid UTF-8 is taken as Windows-1252, the superset of Latin-1 that spreadsheets write. data is not modified,
// and is returned itself where nothing had to be done.
func Decode(data []byte) ([]byte, error) {
	if bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		var err error
		if data, err = gunzip(data); err != nil {
			return nil, fmt.Errorf("is a damaged gzip file: %w: copy or download it again", err)
		}
	}
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return nil, errors.New(`is an Excel workbook or a zip archive, not text: save the sheet as "CSV UTF-8"`)
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		data = fromUTF16(data[2:], binary.LittleEndian)
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		data = fromUTF16(data[2:], binary.BigEndian)
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if at := bytes.IndexByte(data, 0); at >= 0 {
		return nil, fmt.Errorf("line %d holds a NUL byte, so this is not a text file, or one in UTF-16 without a byte order mark: save it as \"CSV UTF-8\"",
			1+bytes.Count(data[:at], []byte("\n")))
	}
	if bytes.IndexByte(data, '\n') < 0 && bytes.IndexByte(data, '\r') >= 0 { // old Macintosh
		data = bytes.ReplaceAll(data, []byte("\r"), []byte("\n"))
	}
	if !utf8.Valid(data) {
		data = FromWindows1252(data)
	}
	return data, nil
}

// fromUTF16 decodes 16 bits at a time; a half unit at the end is dropped.
func fromUTF16(data []byte, order binary.ByteOrder) []byte {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return []byte(string(utf16.Decode(units)))
}

func gunzip(data []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

// FromWindows1252 decodes byte by byte; the five bytes that code page leaves undefined stay the controls of Latin-1.
func FromWindows1252(data []byte) []byte {
	out := make([]byte, 0, len(data)+len(data)/8)
	for _, b := range data {
		out = utf8.AppendRune(out, charmap.Windows1252.DecodeByte(b))
	}
	return out
}

// String is a cell of a text that was not decoded as a whole: UTF-8, or else Windows-1252.
func String(cell string) string {
	if utf8.ValidString(cell) {
		return cell
	}
	return string(FromWindows1252([]byte(cell)))
}

// noBreak is the no-break space of Windows-1252; in UTF-8 the byte begins no character, and ends one only behind others.
const noBreak = 0xa0

// Trim takes off the blanks around a cell of a text that was not decoded as a whole, no-break spaces in either encoding among them.
func Trim(cell []byte) []byte {
	for {
		cell = bytes.TrimSpace(cell)
		n := len(cell)
		if n > 0 && cell[0] == noBreak {
			cell = cell[1:]
		} else if n > 0 && cell[n-1] == noBreak && lone(cell) {
			cell = cell[:n-1]
		} else {
			return cell
		}
	}
}

// lone reports whether the last byte belongs to no character of UTF-8.
func lone(cell []byte) bool {
	r, size := utf8.DecodeLastRune(cell)
	return r == utf8.RuneError && size == 1
}

// Blank reports whether a cell that begins or ends with this byte may have to be trimmed: no other may.
func Blank(end byte) bool { return end <= ' ' || end >= utf8.RuneSelf }

// EndsInside reports whether text ends in the middle of a character of UTF-8: a cell that was cut after so many bytes. In Windows-1252
// the same bytes would be a capital with an accent behind a small letter (0xdf is ß), or symbols behind a small letter with an accent.
func EndsInside(text []byte) bool {
	n := len(text)
	switch {
	case n > 1 && text[n-1] >= 0xc2 && text[n-1] < 0xdf:
		return text[n-2] >= 'a' && text[n-2] <= 'z'
	case n > 2 && text[n-1]&0xc0 == 0x80:
		return text[n-2] >= 0xe0 && text[n-2] < 0xf5 || text[n-2]&0xc0 == 0x80 && text[n-3] >= 0xf0 && text[n-3] < 0xf5
	}
	return false
}

// Steady is the file f, just opened, as long as it is now: what is appended while it is read is not read, since its last line may be half
// of one. size is 0, and changed always false, where f is no regular file.
func Steady(f *os.File) (in io.Reader, size int64, changed func() bool) {
	before, err := f.Stat()
	if err != nil || !before.Mode().IsRegular() || before.Size() == 0 {
		return f, 0, func() bool { return false }
	}
	return io.LimitReader(f, before.Size()), before.Size(), func() bool {
		after, err := f.Stat()
		return err != nil || after.Size() != before.Size() || !after.ModTime().Equal(before.ModTime())
	}
}

// Written says that a file was written to while it was read, and what to do about it.
const (
	Written       = "was written to while it was read"
	WrittenRemedy = "wait until the export has ended, then run this again"
)

// cause drops the operation and the path, which the caller's sentence already names.
func cause(err error) error {
	if p, ok := err.(*fs.PathError); ok {
		return p.Err
	}
	return err
}

// Composed writes letters with their accents as one character each (Unicode form C), as most programs do: files of a Mac write é as e and an accent.
func Composed(text string) string { return norm.NFC.String(text) }
