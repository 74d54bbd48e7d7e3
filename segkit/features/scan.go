package features

// One block of a CSV file into records: RFC 4180 strictly, with any line ending.

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/marks"
)

// maxField is the longest field in bytes that is believed; longer ones are a quote that was never closed, or no CSV.
const maxField = 1 << 20

// span is where a field stands in the data of its scanner.
type span struct{ from, to uint32 }

// scanner cuts records out of data, which starts at the start of a record. Behind the block it keeps the fields that were undoubled.
type scanner struct {
	data   []byte
	end    int      // of the block
	marks  []uint32 // where separators, line ends and quotes stand
	mark   int      // the first of them at or behind pos
	others []uint32 // which of them are no separators
	other  int      // the first of these at or behind mark
	ascii  bool     // all of data is
	pos    int
	line   int // lines of data before pos
	comma  byte
	nul    int // where the first NUL byte stands
	fields []span
	grid
}

// grid is the records of a block that fit the header, column by column.
type grid struct {
	columns [][]span
	starts  []int32 // the line that each record starts in
}

// newScanner is a scanner for a file with so many columns.
func newScanner(comma byte, columns int) *scanner {
	return &scanner{comma: comma, grid: grid{columns: make([][]span, columns)}}
}

func (s *scanner) reset(data []byte) {
	for c := range s.columns {
		s.columns[c] = s.columns[c][:0]
	}
	s.starts = s.starts[:0]
	s.data, s.end, s.pos, s.line, s.nul = data, len(data), 0, 0, bytes.IndexByte(data, 0)
	if s.nul < 0 {
		s.nul = len(data)
	}
	s.marks, s.others, s.ascii = marks.Find(data, s.comma, s.marks, s.others)
	s.mark, s.other = 0, 0
}

// next finds the fields of the next record and returns the line it starts in (from 1, within the block), 0 at the end. Blank
// lines are skipped.
func (s *scanner) next() (line int, err *fault.CellError) {
	for s.pos < s.end {
		end, quoted := s.cut()
		if quoted {
			line, err := s.quoted()
			for s.mark < len(s.marks) && int(s.marks[s.mark]) < s.pos {
				s.mark++
			}
			return line, err
		}
		if end > s.nul {
			return 0, s.nulByte()
		}
		long := end-s.pos > maxField
		s.pos = end + 1
		s.line++
		if len(s.fields) == 1 && s.fields[0].from == s.fields[0].to {
			continue
		}
		if long {
			if err := s.tooLong(); err != nil {
				return 0, err
			}
		}
		return s.line, nil
	}
	return 0, nil
}

// cells are the fields that next found.
func (s *scanner) cells() [][]byte {
	out := make([][]byte, len(s.fields))
	for i, f := range s.fields {
		out[i] = s.data[f.from:f.to]
	}
	return out
}

// cut fills the fields of the record at pos and returns where its line ends, or says that it has quotes.
func (s *scanner) cut() (end int, quoted bool) {
	fields, start := s.fields[:0], uint32(s.pos)
	for i, at := range s.marks[s.mark:] {
		switch s.data[at] {
		case s.comma:
			fields = append(fields, span{start, at})
			start = at + 1
		case '\n':
			s.fields = append(fields, s.withoutCR(start, at))
			s.mark += i + 1
			return int(at), false
		default:
			return 0, true
		}
	}
	s.fields = append(fields, s.withoutCR(start, uint32(s.end)))
	s.mark = len(s.marks)
	return s.end, false
}

// row returns the fields of a record of the grid.
func (s *scanner) row(i int) [][]byte {
	out := make([][]byte, len(s.columns))
	for c, column := range s.columns {
		out[c] = s.data[column[i].from:column[i].to]
	}
	return out
}

// keep leaves so many records in the grid, without those listed.
func (s *scanner) keep(n int, without []int) {
	if n == len(s.starts) && len(without) == 0 {
		return
	}
	for c, column := range s.columns {
		s.columns[c] = leaveOut(column[:n], without)
	}
	s.starts = leaveOut(s.starts[:n], without)
}

// leaveOut removes the values listed, in ascending order.
func leaveOut[T any](values []T, without []int) []T {
	for i, at := range without {
		end := len(values)
		if i+1 < len(without) {
			end = without[i+1]
		}
		copy(values[at-i:], values[at+1:end])
	}
	return values[:len(values)-len(without)]
}

// add appends the record that next found to the grid.
func (s *scanner) add(line int) {
	for c := range s.columns {
		s.columns[c] = append(s.columns[c], s.fields[c])
	}
	s.starts = append(s.starts, int32(line))
}

// plain appends to the grid the records at pos that fit it and have no quotes: column by column, which is several times as
// fast as record by record.
func (s *scanner) plain() {
	width, before := len(s.columns), uint32(s.pos)
	for s.other < len(s.others) && int(s.others[s.other]) < s.mark {
		s.other++
	}
	rows := 0
	for _, other := range s.others[s.other:] {
		last := s.mark + (rows+1)*width - 1
		if int(other) != last {
			break
		}
		end := s.marks[last]
		if s.data[end] != '\n' || int(end) > s.nul || end-before > maxField {
			break
		}
		before = end + 1
		rows++
	}
	if rows == 0 {
		return
	}
	for c := range s.columns {
		at := len(s.columns[c])
		s.columns[c] = slices.Grow(s.columns[c], rows)[:at+rows]
		column := s.columns[c][at:]
		from, m := uint32(s.pos), s.mark+c
		if c > 0 {
			from = s.marks[m-1] + 1
		}
		column[0] = span{from, s.marks[m]}
		for i := range column[1:] {
			m += width
			two := s.marks[m-1 : m+1]
			column[1+i] = span{two[0] + 1, two[1]}
		}
		if c == width-1 {
			for i, f := range column {
				column[i] = s.withoutCR(f.from, f.to)
			}
		}
	}
	at := len(s.starts)
	s.starts = slices.Grow(s.starts, rows)[:at+rows]
	for i := range rows {
		s.starts[at+i] = int32(s.line + 1 + i)
	}
	s.line += rows
	s.other, s.mark, s.pos = s.other+rows, s.mark+rows*width, int(before)
}

// withoutCR is the last field of a line, without the carriage return at its end.
func (s *scanner) withoutCR(from, to uint32) span {
	if to > from && s.data[to-1] == '\r' {
		to--
	}
	return span{from, to}
}

// tooLong looks for a field that is longer than maxField.
func (s *scanner) tooLong() *fault.CellError {
	for i, f := range s.fields {
		if f.to-f.from > maxField {
			return s.bad(s.line, fmt.Sprintf("field %d has more than %d bytes", i+1, maxField), "check that this is a CSV file with one record a line")
		}
	}
	return nil
}

// quoted reads a record that has quotes, which may go on over several lines.
func (s *scanner) quoted() (line int, err *fault.CellError) {
	first := s.line + 1
	s.fields = s.fields[:0]
	d, i := s.data[:s.end], s.pos
	for {
		var field span
		if i+1 < len(d) && d[i] == '=' && d[i+1] == '"' { // ="00123" is how spreadsheets are told to keep zeros
			i++
		}
		if i < len(d) && d[i] == '"' {
			opened := s.line + 1
			i++
			from, doubled := i, false
			for {
				j := bytes.IndexByte(d[i:], '"')
				if j < 0 || i+j-from > maxField {
					return first, s.bad(opened, "a quotation mark opens a field here and is not closed within 1 MB", "close it, or double it if it is part of the text")
				}
				i += j + 1
				if s.nul < i {
					return first, s.nulByte()
				}
				if i < len(d) && d[i] == '"' { // doubled: one quote of the text
					doubled = true
					i++
					continue
				}
				break
			}
			field = span{uint32(from), uint32(i - 1)}
			text := d[from : i-1]
			if doubled {
				text = bytes.ReplaceAll(text, []byte(`""`), []byte(`"`))
			}
			if bytes.IndexByte(text, '\n') >= 0 {
				s.line += bytes.Count(text, []byte{'\n'})
				text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
			}
			if len(text) < i-1-from {
				field.from = uint32(len(s.data))
				s.data = append(s.data, text...)
				field.to = uint32(len(s.data))
			}
			switch {
			case i == len(d) || d[i] == s.comma || d[i] == '\n':
			case d[i] == '\r' && (i+1 == len(d) || d[i+1] == '\n'):
				i++
			default:
				return first, s.bad(s.line+1, fmt.Sprintf("text follows the quotation mark that closes field %d", len(s.fields)+1),
					"double a quotation mark that is part of the text")
			}
		} else {
			end := i
			for end < len(d) && d[end] != s.comma && d[end] != '\n' {
				if d[end] == '"' {
					return first, s.bad(s.line+1, fmt.Sprintf("a quotation mark stands inside field %d", len(s.fields)+1),
						"put the whole field in quotation marks and double those inside")
				}
				end++
			}
			field = span{uint32(i), uint32(end)}
			i = end
			if i == len(d) || d[i] == '\n' {
				field = s.withoutCR(field.from, field.to)
			}
			if field.to-field.from > maxField {
				return first, s.bad(s.line+1, fmt.Sprintf("field %d has more than %d bytes", len(s.fields)+1, maxField), "check that this is a CSV file with one record a line")
			}
		}
		s.fields = append(s.fields, field)
		if i >= len(d) || d[i] == '\n' {
			s.pos = i + 1
			s.line++
			if s.nul < i {
				return first, s.nulByte()
			}
			return first, nil
		}
		i++
	}
}

// record is the text of a record of the grid: what stands between its first field and its last, or its fields one after another
// where some had to be undoubled.
func (s *scanner) record(i int) []byte {
	first, last := s.columns[0][i], s.columns[len(s.columns)-1][i]
	if int(last.to) <= s.end && int(first.to) <= s.end && first.from <= last.to {
		return s.data[first.from:last.to]
	}
	return bytes.Join(s.row(i), []byte{s.comma})
}

// skip passes over the line that starts at pos and has so many lines before it, in which next found what it cannot read.
func (s *scanner) skip(pos, line int) {
	s.pos, s.line = s.end, line+1
	if end := bytes.IndexByte(s.data[pos:s.end], '\n'); end >= 0 {
		s.pos = pos + end + 1
	}
	if s.nul < s.pos {
		if s.nul = bytes.IndexByte(s.data[s.pos:s.end], 0); s.nul < 0 {
			s.nul = s.end
		} else {
			s.nul += s.pos
		}
	}
	for s.mark < len(s.marks) && int(s.marks[s.mark]) < s.pos {
		s.mark++
	}
}

func (s *scanner) bad(line int, why, remedy string) *fault.CellError {
	return &fault.CellError{Line: line, Why: why, Remedy: remedy, Err: fault.ErrFormat}
}

func (s *scanner) nulByte() *fault.CellError {
	return s.bad(bytes.Count(s.data[:s.nul], []byte{'\n'})+1, "contains a NUL byte, so this is not a text file", "export it as CSV (UTF-8)")
}
