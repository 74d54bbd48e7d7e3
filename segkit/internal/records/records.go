// Package records cuts a block of a CSV file into records: RFC 4180 strictly, with any line ending.
package records

import (
	"bytes"
	"fmt"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/marks"
)

// maxField is the longest field in bytes that is believed; longer ones are a quote that was never closed, or no CSV.
const maxField = 1 << 20

// Scanner cuts records out of data, which starts at the start of a record.
type Scanner struct {
	Comma byte // between fields

	data   []byte
	marks  []uint32 // where separators, line ends and quotes stand
	mark   int      // the first of them at or behind pos
	pos    int
	line   int // lines of data before pos
	from   int // where the record begins that was read last, and the lines before it
	start  int
	nul    int // where the first NUL byte stands
	fields [][]byte
	buf    []byte // fields with doubled quotes, undoubled
}

// Reset starts with another block.
func (s *Scanner) Reset(data []byte) {
	s.data, s.pos, s.line, s.nul = data, 0, 0, bytes.IndexByte(data, 0)
	if s.nul < 0 {
		s.nul = len(data)
	}
	s.marks, s.mark = marks.Find(data, s.Comma, s.marks), 0
}

// Next returns the fields of the next record and the line it starts in (from 1, within the block); nil at the end. Blank
// lines are skipped. Fields are valid until the next call.
func (s *Scanner) Next() (fields [][]byte, line int, err *fault.CellError) {
	for s.pos < len(s.data) {
		s.from, s.start = s.pos, s.line
		end, quoted := s.cut()
		if quoted {
			fields, line, err := s.quoted()
			for s.mark < len(s.marks) && int(s.marks[s.mark]) < s.pos {
				s.mark++
			}
			return fields, line, err
		}
		if end > s.nul {
			return nil, s.line + 1, s.nulByte()
		}
		record := s.data[s.pos:end]
		s.pos = end + 1
		s.line++
		if len(s.fields) == 1 && len(s.fields[0]) == 0 {
			continue
		}
		if len(record) > maxField {
			if err := s.tooLong(record); err != nil {
				return nil, s.line, err
			}
		}
		return s.fields, s.line, nil
	}
	return nil, s.line + 1, nil
}

// cut fills the fields of the record at pos and returns where its line ends, or says that it has quotes.
func (s *Scanner) cut() (end int, quoted bool) {
	data, fields, start := s.data, s.fields[:0], s.pos
	for i, at := range s.marks[s.mark:] {
		switch data[at] {
		case s.Comma:
			fields = append(fields, data[start:at])
			start = int(at) + 1
		case '\n':
			s.fields = append(fields, trimCR(data[start:at]))
			s.mark += i + 1
			return int(at), false
		default:
			return 0, true
		}
	}
	s.fields = append(fields, trimCR(data[start:]))
	s.mark = len(s.marks)
	return len(data), false
}

// trimCR takes the carriage return off the end of a line.
func trimCR(b []byte) []byte {
	if n := len(b); n > 0 && b[n-1] == '\r' {
		return b[:n-1]
	}
	return b
}

// tooLong looks for a field of an unquoted record that is longer than maxField.
func (s *Scanner) tooLong(record []byte) *fault.CellError {
	for i, field := range bytes.Split(record, []byte{s.Comma}) {
		if len(field) > maxField {
			return s.bad(s.line, fmt.Sprintf("field %d has more than %d bytes", i+1, maxField), "check that this is a CSV file with one record a line")
		}
	}
	return nil
}

// quoted reads a record that has quotes, which may go on over several lines.
func (s *Scanner) quoted() (fields [][]byte, line int, err *fault.CellError) {
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
			case i == len(d) || d[i] == s.Comma || d[i] == '\n':
			case d[i] == '\r' && (i+1 == len(d) || d[i+1] == '\n'):
				i++
			default:
				return nil, first, s.bad(s.line+1, fmt.Sprintf("text follows the quotation mark that closes field %d", len(s.fields)+1),
					"double a quotation mark that is part of the text")
			}
		} else {
			end := i
			for end < len(d) && d[end] != s.Comma && d[end] != '\n' {
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

// Line is how many lines of the block have been read.
func (s *Scanner) Line() int { return s.line }

// Record is the text of the record that Next returned last, with its line end.
func (s *Scanner) Record() []byte { return s.data[s.from:min(s.pos, len(s.data))] }

// Skip passes over the rest of the line in which Next found what it cannot read.
func (s *Scanner) Skip() {
	end := bytes.IndexByte(s.data[s.from:], '\n')
	if end < 0 {
		s.pos = len(s.data)
	} else {
		s.pos = s.from + end + 1
	}
	s.line = s.start + 1
	if s.nul < s.pos {
		if s.nul = bytes.IndexByte(s.data[s.pos:], 0); s.nul < 0 {
			s.nul = len(s.data)
		} else {
			s.nul += s.pos
		}
	}
	for s.mark < len(s.marks) && int(s.marks[s.mark]) < s.pos {
		s.mark++
	}
}

func (s *Scanner) bad(line int, why, remedy string) *fault.CellError {
	return &fault.CellError{Line: line, Why: why, Remedy: remedy, Err: fault.ErrFormat}
}

func (s *Scanner) nulByte() *fault.CellError {
	return s.bad(bytes.Count(s.data[:s.nul], []byte{'\n'})+1, "contains a NUL byte, so this is not a text file", "export it as CSV (UTF-8)")
}
