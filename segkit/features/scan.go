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
	end    int // of the block
	marks  marks.Marks
	place  int // the first of their places at or behind pos, and so on
	ends   int
	within int
	around []int32 // those records that whole found last which have quotes
	lost   bool    // a record could not be read, so that the marks do not tell any more what stands in quotes
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
	s.marks.Find(data, s.comma)
	s.place, s.ends, s.within, s.lost = 0, 0, 0, false
}

// next finds the fields of the next record and returns the line it starts in (from 1, within the block), 0 at the end. Blank
// lines are skipped.
func (s *scanner) next() (line int, err *fault.CellError) {
	for s.pos < s.end {
		end, quoted := s.cut()
		if quoted {
			return s.quoted()
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
	end = s.end
	if n := bytes.IndexByte(s.data[s.pos:s.end], '\n'); n >= 0 {
		end = s.pos + n
	}
	line := s.data[s.pos:end]
	if bytes.IndexByte(line, '"') >= 0 {
		return 0, true
	}
	fields, start := s.fields[:0], uint32(s.pos)
	for i, c := range line {
		if c == s.comma {
			at := uint32(s.pos + i)
			fields = append(fields, span{start, at})
			start = at + 1
		}
	}
	s.fields = append(fields, s.withoutCR(start, uint32(end)))
	return end, false
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

// whole appends to the grid the records at pos that fit it and need no second look: each on one line, with quotes around whole fields
// and none within. It does so column by column, which is several times as fast as record by record.
func (s *scanner) whole() {
	if s.lost {
		return
	}
	m, width, from := &s.marks, len(s.columns), uint32(s.pos)
	reach := func(places []uint32, at *int) {
		for *at < len(places) && places[*at] < from {
			*at++
		}
	}
	reach(m.Places, &s.place)
	reach(m.Within, &s.within)
	for s.ends < len(m.Ends) && int(m.Ends[s.ends].Place) < s.place {
		s.ends++
	}
	rows, next, quotes := 0, from, uint32(0)
	if s.ends > 0 {
		quotes = m.Ends[s.ends-1].Quotes
	}
	s.around = s.around[:0]
	for _, e := range m.Ends[s.ends:] {
		first := s.place + rows*width
		if int(e.Place) != first+width-1 {
			break
		}
		end := m.Places[e.Place]
		if int(end) > s.nul || end-next > maxField || s.within < len(m.Within) && m.Within[s.within] < end {
			break
		}
		if n := e.Quotes - quotes; n > 0 {
			if n != s.quotesAround(next, m.Places[first:first+width]) {
				break
			}
			s.around = append(s.around, int32(rows))
		}
		next, quotes = end+1, e.Quotes
		rows++
	}
	if rows == 0 {
		return
	}
	for c := range s.columns {
		at := len(s.columns[c])
		s.columns[c] = slices.Grow(s.columns[c], rows)[:at+rows]
		column := s.columns[c][at:]
		place := s.place + c
		if c > 0 {
			from = m.Places[place-1] + 1
		}
		column[0] = span{from, m.Places[place]}
		for i := range column[1:] {
			place += width
			two := m.Places[place-1 : place+1]
			column[1+i] = span{two[0] + 1, two[1]}
		}
		if c == width-1 {
			for i, f := range column {
				column[i] = s.withoutCR(f.from, f.to)
			}
		}
		for _, i := range s.around {
			if f := column[i]; f.to > f.from && s.data[f.from] == '"' {
				column[i] = span{f.from + 1, f.to - 1}
			}
		}
	}
	at := len(s.starts)
	s.starts = slices.Grow(s.starts, rows)[:at+rows]
	for i := range rows {
		s.starts[at+i] = int32(s.line + 1 + i)
	}
	s.line += rows
	s.place, s.ends, s.pos = s.place+rows*width, s.ends+rows, int(next)
}

// quotesAround returns how many quotes are the first and the last character of the fields of a record, which starts at from and whose
// fields end at the places.
func (s *scanner) quotesAround(from uint32, places []uint32) (n uint32) {
	last := len(places) - 1
	for c, to := range places {
		next := to + 1
		if c == last {
			to = s.withoutCR(from, to).to
		}
		if to > from+1 && s.data[from] == '"' && s.data[to-1] == '"' {
			n += 2
		}
		from = next
	}
	return n
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
	s.lost = true
}

func (s *scanner) bad(line int, why, remedy string) *fault.CellError {
	return &fault.CellError{Line: line, Why: why, Remedy: remedy, Err: fault.ErrFormat}
}

func (s *scanner) nulByte() *fault.CellError {
	return s.bad(bytes.Count(s.data[:s.nul], []byte{'\n'})+1, "contains a NUL byte, so this is not a text file", "export it as CSV (UTF-8)")
}
