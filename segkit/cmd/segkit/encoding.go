package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/ianaindex"
)

// inEncoding decodes text that is written in the encoding of this name, such as "windows-1250" or "Shift_JIS" (names as registered with IANA), plain or compressed
// with gzip. Bytes that are no character of it are an error that names the line. It stands here because notebooks would link the tables of all encodings.
func inEncoding(file io.Reader, name string) ([]byte, error) {
	enc, err := ianaindex.IANA.Encoding(name)
	if err != nil || enc == nil {
		return nil, fmt.Errorf("%q is no encoding that is known here: name it as IANA does, such as windows-1250, ISO-8859-2, windows-1251, IBM850, macintosh or Shift_JIS", name)
	}
	start := bufio.NewReader(file)
	in := io.Reader(start)
	if head, _ := start.Peek(4); bytes.HasPrefix(head, []byte{0x1f, 0x8b}) {
		if in, err = gzip.NewReader(start); err != nil {
			return nil, fmt.Errorf("is a damaged gzip file: %w: copy or download it again", err)
		}
	} else if bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		return nil, errors.New("is an Excel workbook or a zip archive, not text")
	}
	data, err := io.ReadAll(enc.NewDecoder().Reader(in))
	if err != nil {
		return nil, fmt.Errorf("cannot be read: %w", err)
	}
	if at := bytes.IndexRune(data, utf8.RuneError); at >= 0 {
		return nil, fmt.Errorf("line %d holds a byte that is no character of %s: it is in another encoding", 1+bytes.Count(data[:at], []byte("\n")), name)
	}
	return data, nil
}
