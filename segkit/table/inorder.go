package table

// The quick way through a file in which every record is a customer: several blocks of it at once. Whatever is unusual about one record is
// left to the way of rows.go, which looks at them one after another and can say what is wrong.

import (
	"bytes"
	"errors"
	"unicode/utf8"

	"github.com/segkit/lab/segkit/internal/layout"
	"github.com/segkit/lab/segkit/internal/records"
	"github.com/segkit/lab/segkit/internal/textfile"
)

// errNotInOrder says that the records must be looked at one after another.
var errNotInOrder = errors.New("not in order")

// block is the rows of one block of a file.
type block struct {
	columns []texts
	starts  []int32 // the line that each row starts in, from 1 within the block
	lines   int
}

// inOrder reads all rows behind the header by column, and the line of each; size is how many bytes the file has, 0 if unknown. ok is false
// where one record has more or fewer cells than the header, is a total or has no text, or cannot be read.
func (f *csvFile) inOrder(size int64) (columns []texts, lines []int, ok bool) {
	if len(f.header) < 2 || f.rewritten {
		return nil, nil, false
	}
	columns = make([]texts, len(f.header))
	worker := func() func(data []byte) (*block, []byte) {
		s := records.NewScanner(byte(f.comma), len(f.header))
		return func(data []byte) (*block, []byte) {
			s.Reset(data)
			return f.block(s), s.Data
		}
	}
	before := f.before
	err := records.Each(records.Blocks{In: f.plain.in, Size: records.Size, Longest: records.Size, Failed: func(err error) error { return err }}, worker, func(b *block, length int) error {
		if b == nil {
			return errNotInOrder
		}
		for j := range columns {
			if lines == nil {
				columns[j].grow(&b.columns[j], float64(size)/float64(length))
			}
			columns[j].join(&b.columns[j])
		}
		for _, line := range b.starts {
			lines = append(lines, int(line)+before)
		}
		before += b.lines
		return nil
	})
	return columns, lines, err == nil && lines != nil
}

// block is the rows that s finds; nil where it finds anything else.
func (f *csvFile) block(s *records.Scanner) *block {
	for {
		s.Whole()
		line, err := s.Next()
		if line == 0 && err == nil {
			break
		}
		if err != nil || len(s.Fields) != len(s.Columns) {
			return nil
		}
		s.Add(line)
	}
	if !s.ASCII() && !utf8.Valid(s.Text()) {
		return nil
	}
	b := &block{columns: make([]texts, len(s.Columns)), starts: append([]int32(nil), s.Starts...), lines: s.Line}
	for j, cells := range s.Columns {
		t := &b.columns[j]
		t.all, t.ends = make([]byte, 0, 8*len(cells)), make([]int, len(cells))
		for i, at := range cells {
			cell := at.Of(s.Data)
			if n := len(cell); n > 0 && (textfile.Blank(cell[0]) || textfile.Blank(cell[n-1])) {
				cell = textfile.Trim(cell)
			}
			t.all = append(t.all, cell...)
			t.ends[i] = len(t.all)
		}
	}
	for i := range b.starts {
		if !f.isRow(b.columns, i) {
			return nil
		}
	}
	return b
}

// isRow reports whether record i is a row for certain, by its first cell with text.
func (f *csvFile) isRow(columns []texts, i int) bool {
	for j := range columns {
		cell := columns[j].at(i)
		if len(cell) == 0 {
			continue
		}
		switch c := cell[0] | 0x20; {
		case j == 0 && string(cell) == f.header[0], layout.IsRule(cell):
			return false
		case c >= '0' && c <= '9' || c >= 'a' && c <= 'z' && bytes.IndexByte([]byte("tgsze"), c) < 0: // with which no total begins
			return true
		}
		return !layout.SaysTotal(string(cell))
	}
	return false
}

// grow makes room for so many times the cells of another column, and some more.
func (t *texts) grow(like *texts, times float64) {
	times = min(times*1.02, 1e6)
	t.all, t.ends = make([]byte, 0, int(times*float64(len(like.all)))), make([]int, 0, int(times*float64(len(like.ends))))
}

// join appends the cells of another column.
func (t *texts) join(from *texts) {
	before := len(t.all)
	t.all = append(t.all, from.all...)
	for _, end := range from.ends {
		t.ends = append(t.ends, before+end)
	}
}
