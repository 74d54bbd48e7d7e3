// Package records cuts CSV text into records and fields, as fast as the memory gives it: a file into blocks of whole records, which several
// workers read at once, and a block into the places of its fields, column by column. It is strict (RFC 4180, with any line ending): a quote
// that does not stand around a whole field is an error that names its line, never a guess.
package records

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/marks"
	"github.com/segkit/lab/segkit/internal/wording"
)

// maxField is the longest field in bytes that is believed; longer ones are a quote that was never closed, or no CSV.
const maxField = 1 << 20

// Span is where a field stands in the data of its Scanner.
type Span struct{ From, To uint32 }

// Of returns the field's text; data is that of its Scanner.
func (f Span) Of(data []byte) []byte { return data[f.From:f.To] }

// Scanner cuts records out of data, which starts at the start of a record. Behind the block it keeps the fields that were undoubled.
type Scanner struct {
	Data   []byte
	Fields []Span // of the record that Next found
	Pos    int    // where the next record starts
	Line   int    // lines of Data before Pos
	Grid
	comma  byte
	end    int // of the block
	nul    int // where the first NUL byte stands
	marks  marks.Marks
	place  int // the first of their places at or behind Pos, and so on
	ends   int
	within int
	around []int32 // those records that Whole found last which have quotes
	lost   bool    // a record could not be read, so that the marks do not tell any more what stands in quotes
}

// Grid is the records of a block that fit the header, column by column.
type Grid struct {
	Columns [][]Span
	Starts  []int32 // the line that each record starts in, from 1 within the block
}

// NewScanner is a Scanner for a file with so many columns.
func NewScanner(comma byte, columns int) *Scanner {
	return &Scanner{comma: comma, Grid: Grid{Columns: make([][]Span, columns)}}
}

// Reset begins a new block, whose text the Scanner keeps. What lies behind it, up to its capacity, may be overwritten.
func (s *Scanner) Reset(data []byte) {
	for c := range s.Columns {
		s.Columns[c] = s.Columns[c][:0]
	}
	s.Starts = s.Starts[:0]
	s.Data, s.end, s.Pos, s.Line, s.nul = data, len(data), 0, 0, len(data)
	if s.marks.Find(data, s.comma); s.marks.NUL {
		s.nul = bytes.IndexByte(data, 0)
	}
	s.place, s.ends, s.within, s.lost = 0, 0, 0, false
}

// Next finds the fields of the next record and returns the line it starts in (from 1, within the block), 0 at the end. Blank
// lines are skipped.
func (s *Scanner) Next() (line int, err *fault.CellError) {
	for s.Pos < s.end {
		end, quoted := s.cut()
		if quoted {
			return s.quoted()
		}
		if end > s.nul {
			return 0, s.nulByte()
		}
		long := end-s.Pos > maxField
		s.Pos = end + 1
		s.Line++
		if len(s.Fields) == 1 && s.Fields[0].From == s.Fields[0].To {
			continue
		}
		if long {
			if err := s.tooLong(); err != nil {
				return 0, err
			}
		}
		return s.Line, nil
	}
	return 0, nil
}

// ASCII reports whether all bytes of the block are.
func (s *Scanner) ASCII() bool { return s.marks.ASCII }

// Text is the block, without the fields that were undoubled.
func (s *Scanner) Text() []byte { return s.Data[:s.end] }

// Cells are the fields that Next found.
func (s *Scanner) Cells() [][]byte {
	out := make([][]byte, len(s.Fields))
	for i, f := range s.Fields {
		out[i] = s.Data[f.From:f.To]
	}
	return out
}

// Uneven refuses the record that Next found, in this line, since its fields do not fit the header.
func (s *Scanner) Uneven(line int) *fault.CellError {
	e := &fault.CellError{Line: line, Err: fault.ErrFormat,
		Why:    fmt.Sprintf("has %s, but the header has %s", wording.Plural(len(s.Fields), "field"), wording.Plural(len(s.Columns), "column")),
		Remedy: "mend the line; a text that contains the separator must be in quotation marks"}
	if s.Pos > s.end && len(s.Fields) < len(s.Columns) { // without a line end, as only the last record of a file may be
		e.Why += ", and the file ends there without a line end, as if it had been cut off"
		e.Remedy = "export it again, or delete the last line and do without what is missing"
	}
	return e
}

// cut fills the fields of the record at Pos and returns where its line ends, or says that it has quotes.
func (s *Scanner) cut() (end int, quoted bool) {
	end = s.end
	if n := bytes.IndexByte(s.Data[s.Pos:s.end], '\n'); n >= 0 {
		end = s.Pos + n
	}
	line := s.Data[s.Pos:end]
	if bytes.IndexByte(line, '"') >= 0 {
		return 0, true
	}
	fields, start := s.Fields[:0], uint32(s.Pos)
	for i, c := range line {
		if c == s.comma {
			at := uint32(s.Pos + i)
			fields = append(fields, Span{start, at})
			start = at + 1
		}
	}
	s.Fields = append(fields, s.withoutCR(start, uint32(end)))
	return end, false
}

// Row returns the fields of a record of the grid.
func (s *Scanner) Row(i int) [][]byte {
	out := make([][]byte, len(s.Columns))
	for c, column := range s.Columns {
		out[c] = s.Data[column[i].From:column[i].To]
	}
	return out
}

// Keep leaves so many records in the grid, without those listed.
func (s *Scanner) Keep(n int, without []int) {
	if n == len(s.Starts) && len(without) == 0 {
		return
	}
	for c, column := range s.Columns {
		s.Columns[c] = leaveOut(column[:n], without)
	}
	s.Starts = leaveOut(s.Starts[:n], without)
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

// Add appends the record that Next found to the grid.
func (s *Scanner) Add(line int) {
	for c := range s.Columns {
		s.Columns[c] = append(s.Columns[c], s.Fields[c])
	}
	s.Starts = append(s.Starts, int32(line))
}

// Whole appends to the grid the records at Pos that fit it and need no second look: each on one line, with quotes around whole fields
// and none within. It does so column by column, which is several times as fast as record by record.
func (s *Scanner) Whole() {
	if s.lost {
		return
	}
	m, width, from := &s.marks, len(s.Columns), uint32(s.Pos)
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
	for c := range s.Columns {
		at := len(s.Columns[c])
		s.Columns[c] = slices.Grow(s.Columns[c], rows)[:at+rows]
		column := s.Columns[c][at:]
		place := s.place + c
		if c > 0 {
			from = m.Places[place-1] + 1
		}
		column[0] = Span{from, m.Places[place]}
		for i := range column[1:] {
			place += width
			two := m.Places[place-1 : place+1]
			column[1+i] = Span{two[0] + 1, two[1]}
		}
		if c == width-1 {
			for i, f := range column {
				column[i] = s.withoutCR(f.From, f.To)
			}
		}
		for _, i := range s.around {
			if f := column[i]; f.To > f.From && s.Data[f.From] == '"' {
				column[i] = Span{f.From + 1, f.To - 1}
			}
		}
	}
	at := len(s.Starts)
	s.Starts = slices.Grow(s.Starts, rows)[:at+rows]
	for i := range rows {
		s.Starts[at+i] = int32(s.Line + 1 + i)
	}
	s.Line += rows
	s.place, s.ends, s.Pos = s.place+rows*width, s.ends+rows, int(next)
}

// quotesAround returns how many quotes are the first and the last character of the fields of a record, which starts at from and whose
// fields end at the places.
func (s *Scanner) quotesAround(from uint32, places []uint32) (n uint32) {
	last := len(places) - 1
	for c, to := range places {
		next := to + 1
		if c == last {
			to = s.withoutCR(from, to).To
		}
		if to > from+1 && s.Data[from] == '"' && s.Data[to-1] == '"' {
			n += 2
		}
		from = next
	}
	return n
}

// withoutCR is the last field of a line, without the carriage return at its end.
func (s *Scanner) withoutCR(from, to uint32) Span {
	if to > from && s.Data[to-1] == '\r' {
		to--
	}
	return Span{from, to}
}

// tooLong looks for a field that is longer than maxField.
func (s *Scanner) tooLong() *fault.CellError {
	for i, f := range s.Fields {
		if f.To-f.From > maxField {
			return s.bad(s.Line, fmt.Sprintf("field %d has more than %d bytes", i+1, maxField), "check that this is a CSV file with one record a line")
		}
	}
	return nil
}

// quoted reads a record that has quotes, which may go on over several lines.
func (s *Scanner) quoted() (line int, err *fault.CellError) {
	first := s.Line + 1
	s.Fields = s.Fields[:0]
	d, i := s.Data[:s.end], s.Pos
	for {
		var field Span
		if i+1 < len(d) && d[i] == '=' && d[i+1] == '"' { // ="00123" is how spreadsheets are told to keep zeros
			i++
		}
		if i < len(d) && d[i] == '"' {
			opened := s.Line + 1
			i++
			from, doubled := i, false
			for {
				j := bytes.IndexByte(d[i:], '"')
				if j < 0 || i+j-from > maxField {
					where := "within 1 MB"
					if len(d)-from <= maxField {
						where = "before the end of the file"
					}
					return first, s.bad(opened, "a quotation mark opens a field here and is not closed "+where, "close it, or double it if it is part of the text")
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
			field = Span{uint32(from), uint32(i - 1)}
			text := d[from : i-1]
			if doubled {
				text = bytes.ReplaceAll(text, []byte(`""`), []byte(`"`))
			}
			if bytes.IndexByte(text, '\n') >= 0 {
				s.Line += bytes.Count(text, []byte{'\n'})
				text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
			}
			if len(text) < i-1-from {
				field.From = uint32(len(s.Data))
				s.Data = append(s.Data, text...)
				field.To = uint32(len(s.Data))
			}
			switch {
			case i == len(d) || d[i] == s.comma || d[i] == '\n':
			case d[i] == '\r' && (i+1 == len(d) || d[i+1] == '\n'):
				i++
			default:
				return first, s.bad(s.Line+1, fmt.Sprintf("text follows the quotation mark that closes field %d", len(s.Fields)+1),
					"double a quotation mark that is part of the text")
			}
		} else {
			end := i
			for end < len(d) && d[end] != s.comma && d[end] != '\n' {
				if d[end] == '"' {
					return first, s.bad(s.Line+1, fmt.Sprintf("there is a quotation mark inside field %d", len(s.Fields)+1),
						"put the whole field in quotation marks and double those inside")
				}
				end++
			}
			field = Span{uint32(i), uint32(end)}
			i = end
			if i == len(d) || d[i] == '\n' {
				field = s.withoutCR(field.From, field.To)
			}
			if field.To-field.From > maxField {
				return first, s.bad(s.Line+1, fmt.Sprintf("field %d has more than %d bytes", len(s.Fields)+1, maxField), "check that this is a CSV file with one record a line")
			}
		}
		s.Fields = append(s.Fields, field)
		if i >= len(d) || d[i] == '\n' {
			s.Pos = i + 1
			s.Line++
			if s.nul < i {
				return first, s.nulByte()
			}
			return first, nil
		}
		i++
	}
}

// Record is the text of a record of the grid: what stands between its first field and its last, or its fields one after another
// where some had to be undoubled.
func (s *Scanner) Record(i int) []byte {
	first, last := s.Columns[0][i], s.Columns[len(s.Columns)-1][i]
	if int(last.To) <= s.end && int(first.To) <= s.end && first.From <= last.To {
		return s.Data[first.From:last.To]
	}
	return bytes.Join(s.Row(i), []byte{s.comma})
}

// Skip passes over the line that starts at pos and has so many lines before it, in which Next found what it cannot read.
func (s *Scanner) Skip(pos, line int) {
	s.Pos, s.Line = s.end, line+1
	if end := bytes.IndexByte(s.Data[pos:s.end], '\n'); end >= 0 {
		s.Pos = pos + end + 1
	}
	if s.nul < s.Pos {
		if s.nul = bytes.IndexByte(s.Data[s.Pos:s.end], 0); s.nul < 0 {
			s.nul = s.end
		} else {
			s.nul += s.Pos
		}
	}
	s.lost = true
}

func (s *Scanner) bad(line int, why, remedy string) *fault.CellError {
	return &fault.CellError{Line: line, Why: why, Remedy: remedy, Err: fault.ErrFormat}
}

func (s *Scanner) nulByte() *fault.CellError {
	return s.bad(bytes.Count(s.Data[:s.nul], []byte{'\n'})+1, "contains a NUL byte, so this is not a text file", "export it as CSV (UTF-8)")
}
