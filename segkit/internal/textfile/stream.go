package textfile

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// Stream decodes what in gives as Decode does, for texts that do not fit into memory. It looks at the first 64 KB to find out what it
// is given. Only Windows-1252 is left as it is, since any later byte may tell that a text is not UTF-8: String decodes it cell by cell.
// Errors continue a sentence that starts with the name of the text.
func Stream(in io.Reader) (io.Reader, error) {
	const ahead = 1 << 16
	plain := bufio.NewReaderSize(in, ahead)
	if magic, _ := plain.Peek(2); string(magic) == "\x1f\x8b" {
		z, err := gzip.NewReader(plain)
		if err != nil {
			return nil, damaged(err)
		}
		plain = bufio.NewReaderSize(unzipped{z}, ahead)
	}
	start, err := plain.Peek(ahead)
	if err != nil && err != io.EOF {
		return nil, err
	}
	switch {
	case bytes.HasPrefix(start, []byte("PK\x03\x04")):
		return nil, errWorkbook
	case bytes.HasPrefix(start, []byte("\xff\xfe")):
		plain.Discard(2)
		plain = bufio.NewReaderSize(&fromUnits{in: plain, order: binary.LittleEndian}, ahead)
	case bytes.HasPrefix(start, []byte("\xfe\xff")):
		plain.Discard(2)
		plain = bufio.NewReaderSize(&fromUnits{in: plain, order: binary.BigEndian}, ahead)
	}
	if start, err = plain.Peek(ahead); err != nil && err != io.EOF {
		return nil, err
	}
	if bytes.HasPrefix(start, []byte("\ufeff")) {
		plain.Discard(3)
	}
	macintosh := bytes.IndexByte(start, '\n') < 0 && bytes.IndexByte(start, '\r') >= 0
	return &checked{in: plain, macintosh: macintosh}, nil
}

// String is a cell of a streamed text as UTF-8.
func String(cell string) string {
	if utf8.ValidString(cell) {
		return cell
	}
	return string(FromWindows1252([]byte(cell)))
}

var errWorkbook = errors.New(`is an Excel workbook or a zip archive, not text: save the sheet as "CSV UTF-8"`)

func damaged(err error) error {
	return fmt.Errorf("is a damaged gzip file: %w: copy or download it again", err)
}

func holdsNUL(line int) error {
	return fmt.Errorf("line %d holds a NUL byte, so this is not a text file, or one in UTF-16 without a byte order mark: save it as \"CSV UTF-8\"", line)
}

// unzipped says in words what is wrong with a gzip file.
type unzipped struct{ in io.Reader }

func (u unzipped) Read(p []byte) (int, error) {
	n, err := u.in.Read(p)
	if err != nil && err != io.EOF {
		err = damaged(err)
	}
	return n, err
}

// checked passes text through, refuses NUL bytes, and ends the lines of an old Macintosh as others do.
type checked struct {
	in        io.Reader
	macintosh bool
	lines     int // so far
}

func (c *checked) Read(p []byte) (int, error) {
	n, err := c.in.Read(p)
	if c.macintosh {
		for i, b := range p[:n] {
			if b == '\r' {
				p[i] = '\n'
			}
		}
	}
	if at := bytes.IndexByte(p[:n], 0); at >= 0 {
		return 0, holdsNUL(1 + c.lines + bytes.Count(p[:at], []byte("\n")))
	}
	c.lines += bytes.Count(p[:n], []byte("\n"))
	return n, err
}

// fromUnits decodes UTF-16; a half unit at the end is dropped.
type fromUnits struct {
	in    *bufio.Reader
	order binary.ByteOrder
	out   []byte // decoded and not yet read
	err   error
}

func (f *fromUnits) Read(p []byte) (int, error) {
	for len(f.out) == 0 && f.err == nil {
		f.decode()
	}
	if len(f.out) == 0 {
		return 0, f.err
	}
	n := copy(p, f.out)
	f.out = f.out[n:]
	return n, nil
}

// decode takes the next units; of a pair it waits for the second half.
func (f *fromUnits) decode() {
	var half [2]byte
	var units []uint16
	for len(units) < 1<<12 || units[len(units)-1]&0xfc00 == 0xd800 {
		if _, f.err = io.ReadFull(f.in, half[:]); f.err != nil {
			if f.err == io.ErrUnexpectedEOF {
				f.err = io.EOF
			}
			break
		}
		units = append(units, f.order.Uint16(half[:]))
	}
	f.out = []byte(string(utf16.Decode(units)))
}
