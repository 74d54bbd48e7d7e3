package features

// One block of a CSV file into records: RFC 4180 strictly, with any line ending.

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/bits"

	"github.com/segkit/lab/segkit/fault"
)

// maxField is the longest field in bytes that is believed; longer ones are a quote that was never closed, or no CSV.
const maxField = 1 << 20

// scanner cuts records out of data, which starts at the start of a record.
type scanner struct {
	data   []byte
	pos    int
	line   int // lines of data before pos
	comma  byte
	nul    int // where the first NUL byte stands
	quote  int // where the next quote stands, at or behind pos
	fields [][]byte
	buf    []byte // fields with doubled quotes, undoubled
}

func (s *scanner) reset(data []byte) {
	s.data, s.pos, s.line, s.quote, s.nul = data, 0, 0, -1, bytes.IndexByte(data, 0)
	if s.nul < 0 {
		s.nul = len(data)
	}
}

// next returns the fields of the next record and the line it starts in (from 1, within the block); nil at the end. Blank
// lines are skipped. Fields are valid until the next call.
func (s *scanner) next() (fields [][]byte, line int, err *fault.CellError) {
	for s.pos < len(s.data) {
		end := bytes.IndexByte(s.data[s.pos:], '\n')
		if end < 0 {
			end = len(s.data)
		} else {
			end += s.pos
		}
		if s.quote < s.pos {
			if s.quote = bytes.IndexByte(s.data[s.pos:], '"'); s.quote < 0 {
				s.quote = len(s.data)
			} else {
				s.quote += s.pos
			}
		}
		record := s.data[s.pos:end]
		if n := len(record); n > 0 && record[n-1] == '\r' {
			record = record[:n-1]
		}
		if end > s.nul {
			return nil, s.line + 1, s.nulByte()
		}
		if len(record) == 0 {
			s.pos = end + 1
			s.line++
			continue
		}
		if s.quote < end {
			return s.quoted()
		}
		start := s.pos
		s.pos = end + 1
		s.line++
		if len(record) > maxField {
			if err := s.tooLong(record); err != nil {
				return nil, s.line, err
			}
		}
		s.split(start, start+len(record))
		return s.fields, s.line, nil
	}
	return nil, s.line + 1, nil
}

// split cuts data[from:to], a record without quotes, at the separators: eight bytes at a time, since fields are short.
func (s *scanner) split(from, to int) {
	const low, ones = 0x7f7f7f7f7f7f7f7f, 0x0101010101010101
	commas := uint64(s.comma) * ones
	fields, start, i := s.fields[:0], from, from
	for ; i < to && i+8 <= len(s.data); i += 8 {
		w := binary.LittleEndian.Uint64(s.data[i:]) ^ commas
		for found := ^((w&low + low) | w | low); found != 0; found &= found - 1 { // the high bit of every byte that is zero in w
			at := i + bits.TrailingZeros64(found)/8
			if at >= to {
				break
			}
			fields = append(fields, s.data[start:at])
			start = at + 1
		}
	}
	for ; i < to; i++ { // the last bytes of the block
		if s.data[i] == s.comma {
			fields = append(fields, s.data[start:i])
			start = i + 1
		}
	}
	s.fields = append(fields, s.data[start:to])
}

// tooLong looks for a field of an unquoted record that is longer than maxField.
func (s *scanner) tooLong(record []byte) *fault.CellError {
	for i, field := range bytes.Split(record, []byte{s.comma}) {
		if len(field) > maxField {
			return s.bad(s.line, fmt.Sprintf("field %d has more than %d bytes", i+1, maxField), "check that this is a CSV file with one record a line")
		}
	}
	return nil
}

// quoted reads a record that has quotes, which may go on over several lines.
func (s *scanner) quoted() (fields [][]byte, line int, err *fault.CellError) {
	first := s.line + 1
	s.fields, s.buf = s.fields[:0], s.buf[:0]
	if cap(s.buf) < len(s.data) { // never grows while a record is read, so earlier fields stay where they are
		s.buf = make([]byte, 0, len(s.data))
	}
	d, i := s.data, s.pos
	for {
		var field []byte
		if i+1 < len(d) && d[i] == '=' && d[i+1] == '"' { // ="00123" is how spreadsheets are told to keep zeros
			i++
		}
		if i < len(d) && d[i] == '"' {
			opened := s.line + 1
			i++
			from, start := i, len(s.buf)
			for {
				j := bytes.IndexByte(d[i:], '"')
				if j < 0 || i+j-from > maxField {
					return nil, first, s.bad(opened, "a quotation mark opens a field here and is not closed within 1 MB", "close it, or double it if it is part of the text")
				}
				part := d[i : i+j]
				i += j + 1
				if s.nul < i {
					return nil, first, s.nulByte()
				}
				if i < len(d) && d[i] == '"' { // doubled: one quote of the text
					s.buf = append(append(s.buf, part...), '"')
					i++
					continue
				}
				s.buf = append(s.buf, part...)
				break
			}
			field = s.buf[start:len(s.buf):len(s.buf)]
			if bytes.IndexByte(field, '\n') >= 0 {
				s.line += bytes.Count(field, []byte{'\n'})
				field = bytes.ReplaceAll(field, []byte("\r\n"), []byte("\n"))
			}
			switch {
			case i == len(d) || d[i] == s.comma || d[i] == '\n':
			case d[i] == '\r' && (i+1 == len(d) || d[i+1] == '\n'):
				i++
			default:
				return nil, first, s.bad(s.line+1, fmt.Sprintf("text follows the quotation mark that closes field %d", len(s.fields)+1),
					"double a quotation mark that is part of the text")
			}
		} else {
			end := i
			for end < len(d) && d[end] != s.comma && d[end] != '\n' {
				if d[end] == '"' {
					return nil, first, s.bad(s.line+1, fmt.Sprintf("a quotation mark stands inside field %d", len(s.fields)+1),
						"put the whole field in quotation marks and double those inside")
				}
				end++
			}
			field = d[i:end]
			i = end
			if n := len(field); n > 0 && field[n-1] == '\r' && (i == len(d) || d[i] == '\n') {
				field = field[:n-1]
			}
			if len(field) > maxField {
				return nil, first, s.bad(s.line+1, fmt.Sprintf("field %d has more than %d bytes", len(s.fields)+1, maxField), "check that this is a CSV file with one record a line")
			}
		}
		s.fields = append(s.fields, field)
		if i >= len(d) || d[i] == '\n' {
			s.pos = i + 1
			s.line++
			if s.nul < i {
				return nil, first, s.nulByte()
			}
			return s.fields, first, nil
		}
		i++
	}
}

func (s *scanner) bad(line int, why, remedy string) *fault.CellError {
	return &fault.CellError{Line: line, Why: why, Remedy: remedy, Err: fault.ErrFormat}
}

func (s *scanner) nulByte() *fault.CellError {
	return s.bad(bytes.Count(s.data[:s.nul], []byte{'\n'})+1, "contains a NUL byte, so this is not a text file", "export it as CSV (UTF-8)")
}
