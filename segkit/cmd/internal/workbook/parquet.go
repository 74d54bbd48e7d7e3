package workbook

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/big"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/wording"
)

// readParquet reads the columns of a flat file. A file that was damaged can make the library panic; that is an error like any other.
func readParquet(path string, r io.ReaderAt, size int64) (out *Source, err error) {
	defer func() {
		if e := recover(); e != nil {
			out, err = nil, &fault.CellError{File: path, Why: fmt.Sprintf("is damaged Parquet: %v", e), Remedy: "write it again", Err: fault.ErrFormat}
		}
	}()
	var end [8]byte // the length of the description in front of it, for which the library makes room unseen, and a mark
	if _, err := r.ReadAt(end[:], max(0, size-8)); err == nil && string(end[4:]) == "PAR1" {
		length := int64(binary.LittleEndian.Uint32(end[:]))
		if length > size-8 {
			return nil, &fault.CellError{File: path, Why: "is not a complete Parquet file: its description claims to be longer than the file", Remedy: "write it again", Err: fault.ErrFormat}
		}
		description := claims{bufio.NewReader(io.NewSectionReader(r, size-8-length, length)), length}
		if err := description.fields(0); err != nil {
			return nil, &fault.CellError{File: path, Why: "is damaged Parquet: its description " + err.Error(), Remedy: "write it again", Err: fault.ErrFormat}
		}
	}
	f, err := parquet.OpenFile(r, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true)) // a whole table needs neither, and the library would read what they claim
	if err != nil {
		return nil, &fault.CellError{File: path, Why: "is not a complete Parquet file: " + err.Error(), Remedy: "write it again", Err: fault.ErrFormat}
	}
	if pagesClaim(f, r, size) {
		return nil, &fault.CellError{File: path, Why: "is damaged Parquet: a page claims to be longer, or to hold more, than is possible", Remedy: "write it again", Err: fault.ErrFormat}
	}
	columns := f.Root().Columns() // a leaf each, in the order of a row's values
	texts := make([]func(parquet.Value) string, len(columns))
	w := newCSVWriter(size)
	for j, c := range columns {
		if texts[j] = textOf(c); texts[j] == nil {
			return nil, &fault.CellError{File: path, Column: c.Name(), Why: "holds lists, records or bytes, which a table of text cannot hold", Remedy: "write it as a plain column, or leave it out", Err: fault.ErrFormat}
		}
		w.field(c.Name())
	}
	tooMuch := func(err error) (*Source, error) {
		return nil, &fault.CellError{File: path, Why: err.Error(), Remedy: tooMuchRemedy, Err: fault.ErrFormat}
	}
	if err := w.end(); err != nil {
		return tooMuch(err)
	}
	out = &Source{Path: path, first: 1}
	for _, group := range f.RowGroups() {
		rows := group.Rows()
		for buffer := make([]parquet.Row, 256); ; {
			n, err := rows.ReadRows(buffer)
			out.Rows += n
			for _, row := range buffer[:n] {
				for j, v := range row {
					text := ""
					if !v.IsNull() {
						text = texts[j](v)
					}
					w.field(text)
				}
				if err := w.end(); err != nil {
					rows.Close()
					return tooMuch(err)
				}
			}
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				rows.Close()
				return nil, &fault.CellError{File: path, Why: "is damaged Parquet: " + err.Error(), Remedy: "write it again", Err: fault.ErrFormat}
			}
		}
		if err := rows.Close(); err != nil {
			return nil, err
		}
	}
	if err := w.Flush(); err != nil {
		return tooMuch(err)
	}
	if n := f.NumRows(); int64(out.Rows) != n {
		return nil, &fault.CellError{File: path, Why: fmt.Sprintf("is damaged Parquet: it claims to have %s, but has %d", wording.Plural(int(n), "row"), out.Rows), Remedy: "write it again", Err: fault.ErrFormat}
	}
	out.CSV = w.to.Bytes()
	return out, nil
}

// pagesClaim reports whether a page is said to be longer than the rest of the file, or to unpack to more than a file of this size may: the library would
// make room for it unseen; or whether its header claims more than there is. What cannot be read ends the look at a column; the library says what is wrong there.
func pagesClaim(f *parquet.File, r io.ReaderAt, size int64) bool {
	section := io.NewSectionReader(r, 0, size)
	in := bufio.NewReader(section)
	headers := thrift.NewDecoder(new(thrift.CompactProtocol).NewReader(in))
	for _, group := range f.Metadata().RowGroups {
		for _, c := range group.Columns {
			at := c.MetaData.DataPageOffset
			if dictionary := c.MetaData.DictionaryPageOffset; dictionary > 0 {
				at = min(at, dictionary)
			}
			for end := at + c.MetaData.TotalCompressedSize; at < end; {
				if header := (claims{bufio.NewReader(io.NewSectionReader(r, at, size-at)), size - at}); header.fields(0) != nil {
					return true
				}
				if _, err := section.Seek(at, io.SeekStart); err != nil {
					break
				}
				in.Reset(section)
				var page format.PageHeader
				if err := headers.Decode(&page); err != nil || page.CompressedPageSize < 0 {
					break
				}
				at, _ = section.Seek(0, io.SeekCurrent)
				at -= int64(in.Buffered())
				if int64(page.CompressedPageSize) > size-at || int64(page.UncompressedPageSize) > forAnyFile+forEachByte*size {
					return true
				}
				at += int64(page.CompressedPageSize)
			}
		}
	}
	return false
}

// textOf says how the values of a column are written; nil for one that no table of text has.
func textOf(c *parquet.Column) func(parquet.Value) string {
	if !c.Leaf() || c.Repeated() {
		return nil
	}
	const day, moment = "2006-01-02", "2006-01-02 15:04:05"
	var logical format.LogicalTypeValue
	if l := c.Type().LogicalType(); l != nil {
		logical = l.Value
	}
	unsigned := false
	switch l := logical.(type) {
	case *format.DateType:
		return func(v parquet.Value) string { return time.Unix(int64(v.Int32())*24*60*60, 0).UTC().Format(day) }
	case *format.TimestampType:
		per := int64(time.Second)
		switch l.Unit.Value.(type) {
		case *format.MilliSeconds:
			per = 1e3
		case *format.MicroSeconds:
			per = 1e6
		}
		return func(v parquet.Value) string {
			seconds := v.Int64() / per
			if v.Int64()%per < 0 {
				seconds--
			}
			return time.Unix(seconds, 0).UTC().Format(moment)
		}
	case *format.DecimalType:
		return func(v parquet.Value) string { return decimal(v, int(l.Scale)) }
	case *format.IntType:
		unsigned = !l.IsSigned
	case nil, *format.StringType, *format.EnumType, *format.JsonType:
	default: // times of day, UUIDs, places: no column that anybody segments by
		return nil
	}
	switch c.Type().Kind() {
	case parquet.Boolean:
		return func(v parquet.Value) string { return map[bool]string{true: "TRUE", false: "FALSE"}[v.Boolean()] }
	case parquet.Int32:
		if unsigned {
			return func(v parquet.Value) string { return strconv.FormatUint(uint64(v.Uint32()), 10) }
		}
		return func(v parquet.Value) string { return strconv.Itoa(int(v.Int32())) }
	case parquet.Int64:
		if unsigned {
			return func(v parquet.Value) string { return strconv.FormatUint(v.Uint64(), 10) }
		}
		return func(v parquet.Value) string { return strconv.FormatInt(v.Int64(), 10) }
	case parquet.Int96: // nanoseconds of the day, then the Julian day
		return func(v parquet.Value) string {
			i := v.Int96()
			nanos := int64(i[1])<<32 | int64(i[0])
			return time.Unix((int64(i[2])-2440588)*24*60*60+nanos/int64(time.Second), 0).UTC().Format(moment)
		}
	case parquet.Float:
		return func(v parquet.Value) string { return number(float64(v.Float()), 32) }
	case parquet.Double:
		return func(v parquet.Value) string { return number(v.Double(), 64) }
	case parquet.ByteArray:
		return func(v parquet.Value) string {
			if b := v.ByteArray(); utf8.Valid(b) {
				return string(b)
			}
			panic(fmt.Sprintf("the column %q holds bytes that are not text", c.Name()))
		}
	}
	return nil
}

// decimal writes an exact decimal number.
func decimal(v parquet.Value, scale int) string {
	var n big.Int
	switch v.Kind() {
	case parquet.Int32:
		n.SetInt64(int64(v.Int32()))
	case parquet.Int64:
		n.SetInt64(v.Int64())
	default: // two's complement, the highest byte first
		b := v.ByteArray()
		n.SetBytes(b)
		if len(b) > 0 && b[0] >= 0x80 {
			n.Sub(&n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
		}
	}
	text := new(big.Int).Abs(&n).String()
	for len(text) <= scale {
		text = "0" + text
	}
	if scale > 0 {
		text = text[:len(text)-scale] + "." + text[len(text)-scale:]
	}
	if n.Sign() < 0 {
		text = "-" + text
	}
	return text
}
