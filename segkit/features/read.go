package features

// Order files in: the stream is cut into blocks of whole records, which are parsed in parallel and joined in order.

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/textfile"
)

// OrdersOptions says how to read an order file. The zero value recognises the columns by their headers, or the whole file as the export
// of a known system where its columns are those, and the dates by the first one. Where a column is named, no export is assumed.
type OrdersOptions struct {
	// Columns by their header. Empty: recognised; Orders.Mapping tells how. Customer, Date, and Price or Amount are needed.
	Order    string // order number; where it is missing, in the file or in a line, what a customer buys on one day is an order
	Customer string // id, kept as text: "00123" is not 123
	Date     string
	Product  string // id
	Name     string // what the product is called
	Category string
	Quantity string // units; negative for goods that come back; without it, every line is one unit
	Price    string // per unit
	Amount   string // of the whole line, where there is no price

	Status    string   // of the order: "paid", "cancelled", "refunded"; Undone goes by it
	Refunded  string   // money given back of what the line or its order cost; Undone takes it off
	Direction string   // of the line: "sale" or "refund"; lines of refunds count as money back
	Back      []string // values of Direction that mean money back, where the words alone do not tell: "credit"

	Descriptors []string // where and how a customer buys; nil recognises country, region, state, city, channel, store, source

	DateLayout string // as in package time, "2/1/2006 15:04"; empty recognises what is unambiguous
	Comma      rune   // between fields; 0 takes the commonest of , ; tab | in the header
	Decimal    rune   // '.' (0 means that) or ','
	Decimals   int    // money is rounded to so many decimals; 0 keeps it as written, up to 9
	Currency   string // unit of money in charts and tables, "EUR"; empty for none
}

// check fills in the defaults that do not depend on the file.
func (o OrdersOptions) check() (OrdersOptions, error) {
	o.Decimal = cmp.Or(o.Decimal, '.')
	if o.Decimal != '.' && o.Decimal != ',' {
		return o, &fault.OptionError{Method: "OrdersOptions", Field: "Decimal", Value: string(o.Decimal), Want: "'.' or ','"}
	}
	if o.Comma != 0 && (o.Comma > utf8.RuneSelf || strings.ContainsRune("\"\r\n", o.Comma)) {
		return o, &fault.OptionError{Method: "OrdersOptions", Field: "Comma", Value: string(o.Comma), Want: "one of , ; tab |"}
	}
	if o.Decimals < 0 || o.Decimals > maxDecimals {
		return o, &fault.OptionError{Method: "OrdersOptions", Field: "Decimals", Value: o.Decimals, Want: fmt.Sprintf("0 to %d", maxDecimals)}
	}
	if o.Price != "" && o.Amount != "" {
		return o, &fault.OptionError{Method: "OrdersOptions", Field: "Amount", Value: o.Amount, Want: "nothing where Price is set: one of the two says what a line is worth"}
	}
	return o, nil
}

// blockSize is how many bytes a worker parses at a time; maxRecord is the longest record in bytes.
const (
	blockSize = 2 << 20
	maxRecord = 8 << 20
)

// reading is one pass over a file.
type reading struct {
	file  string
	o     OrdersOptions
	size  int   // bytes of a block; small in tests
	known int64 // bytes of the plain file, 0 if unknown

	plan    *plan
	buf     []byte // what is read but not yet handed out
	eof     bool
	before  int  // lines in front of buf, while only the header was read
	sniffed bool // the first order line was seen
	macs    bool // lines end in a carriage return alone
}

func (r *reading) bad(line int, why, remedy string) error {
	return &fault.CellError{Op: "ReadOrders", File: r.file, Line: line, Why: why, Remedy: remedy, Err: fault.ErrFormat}
}

// parse reads all lines of in, plain or compressed by gzip.
func (r *reading) parse(in io.Reader) (*lines, error) {
	plain := bufio.NewReaderSize(in, 1<<16)
	if magic, _ := plain.Peek(2); string(magic) == "\x1f\x8b" {
		z, err := gzip.NewReader(plain)
		if err != nil {
			return nil, r.bad(0, "begins like a gzip file but is not one", "fetch it again")
		}
		r.known = 0
		plain = bufio.NewReaderSize(z, 1<<16)
	}
	start, err := plain.Peek(1 << 16)
	if err != nil && err != io.EOF {
		return nil, r.unreadable(err)
	}
	switch {
	case err == io.EOF && len(bytes.TrimSpace(start)) == 0:
		return nil, r.empty()
	case bytes.HasPrefix(start, []byte("PK\x03\x04")):
		return nil, r.bad(0, "is a workbook or a zip archive, not a CSV file", "export the sheet as CSV (UTF-8), or unpack it")
	case bytes.HasPrefix(start, []byte{0xff, 0xfe}), bytes.HasPrefix(start, []byte{0xfe, 0xff}):
		return nil, r.bad(0, "is encoded in UTF-16", "export it as CSV (UTF-8)")
	case bytes.HasPrefix(start, []byte("\xef\xbb\xbf")):
		plain.Discard(3)
	}
	if end := bytes.IndexAny(start, "\r\n"); end >= 0 && end+1 < len(start) {
		r.macs = start[end] == '\r' && start[end+1] != '\n'
	}
	return r.blocks(plain)
}

func (r *reading) empty() error {
	return &fault.CellError{Op: "ReadOrders", File: r.file, Why: "the file is empty", Remedy: "check that the export ended well", Err: fault.ErrEmpty}
}

func (r *reading) unreadable(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return r.bad(0, "the compressed file ends in the middle", "fetch it again")
	}
	return r.bad(0, "cannot be read to its end ("+err.Error()+")", "fetch or copy it again")
}

// parcel is one block on its way: parsed by any worker, joined in the order of the file.
type parcel struct {
	data []byte
	done chan *piece
}

func (r *reading) blocks(in io.Reader) (*lines, error) {
	block, err := r.header(in)
	if err != nil {
		return nil, err
	}
	workers := runtime.GOMAXPROCS(0)
	jobs, ordered, stop := make(chan parcel, workers), make(chan parcel, 2*workers), make(chan struct{})
	buffers, pieces := make(chan []byte, 4*workers), make(chan *piece, 4*workers) // to be used again
	var failed error                                                              // of the producer; read after ordered is closed
	go func() {
		defer close(ordered)
		defer close(jobs)
		for len(block) > 0 {
			r.sniff(block)
			j := parcel{block, make(chan *piece, 1)}
			select {
			case jobs <- j:
			case <-stop:
				return
			}
			select {
			case ordered <- j:
			case <-stop:
				return
			}
			if block, failed = r.next(in, buffers); failed != nil {
				return
			}
		}
	}()
	for range workers {
		go func() {
			s := scanner{comma: r.plan.comma}
			for j := range jobs {
				b := new(piece)
				select {
				case b = <-pieces:
				default:
				}
				b.reset(r.plan)
				s.reset(j.data)
				b.parse(&s)
				j.done <- b
				select {
				case buffers <- j.data[:0]:
				default:
				}
			}
		}()
	}
	out, before := newJoiner(r.plan), r.before
	for j := range ordered {
		b := <-j.done
		if before == r.before && r.known > 0 {
			out.grow(int(float64(len(b.when)) * float64(r.known) / float64(len(j.data)) * 1.02)) // a little more than if all blocks were alike
		}
		if err := out.add(b, before); err != nil {
			close(stop)
			for range ordered { // the producer may still be reading; wait for its end
			}
			err.Op, err.File = r.plan.op, r.file
			return nil, err
		}
		before += b.lines
		select {
		case pieces <- b:
		default:
		}
	}
	if failed != nil {
		return nil, failed
	}
	if len(out.out.when) == 0 {
		return nil, &fault.CellError{Op: "ReadOrders", File: r.file, Why: "has a header but no order lines", Remedy: "check that the export ended well", Err: fault.ErrEmpty}
	}
	return out.lines()
}

// header reads up to the first line that counts, makes the plan, and returns the first block behind it.
func (r *reading) header(in io.Reader) ([]byte, error) {
	var block []byte
	var fields [][]byte
	var line int
	var s scanner
	for fields == nil { // blank lines may come first
		var err error
		if block, err = r.next(in, nil); err != nil {
			return nil, err
		}
		if len(block) == 0 {
			return nil, r.empty()
		}
		s.comma = cmp.Or(byte(r.o.Comma), commonest(block))
		s.reset(block)
		var bad *fault.CellError
		if fields, line, bad = s.next(); bad != nil {
			bad.Op, bad.File = "ReadOrders", r.file
			bad.Line += r.before
			return nil, bad
		}
		r.before += s.line
	}
	line += r.before - s.line
	if len(fields) == 1 {
		single := fmt.Sprintf("the header is the single column %q, so ", shorten(string(fields[0]), 40))
		if r.o.Comma != 0 {
			return nil, r.bad(line, single+fmt.Sprintf("%q is not what separates the fields", r.o.Comma), "leave OrdersOptions.Comma unset to have it recognised")
		}
		return nil, r.bad(line, single+"this is no CSV file, or its fields are not separated by comma, semicolon, tab or |", "give their separator in OrdersOptions.Comma")
	}
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = string(trim(f))
		if !utf8.ValidString(names[i]) {
			names[i] = string(textfile.FromWindows1252([]byte(names[i])))
		}
	}
	o := r.o
	o.Comma = rune(s.comma)
	var err error
	if r.plan, err = newPlan("ReadOrders", r.file, names, o); err != nil && looksLikeData(names) {
		return nil, r.bad(line, "the first line holds data, not the names of the columns", "put a line with their names above it")
	} else if err != nil {
		return nil, err
	}
	if o.DateLayout != "" {
		r.plan.dates = newDateFormat(o.DateLayout)
	}
	if rest := block[min(s.pos, len(block)):]; len(rest) > 0 {
		return rest, nil
	}
	return r.next(in, nil)
}

// sniff recognises the layout of the dates from the first order line. Whatever is wrong with that line is left to the
// worker, which says where it stands.
func (r *reading) sniff(block []byte) {
	if r.sniffed || r.plan.dates.layout != "" {
		return
	}
	s := scanner{comma: r.plan.comma}
	s.reset(block)
	fields, _, err := s.next()
	r.sniffed = fields != nil || err != nil
	if err == nil && len(fields) == len(r.plan.header) {
		r.plan.dates, _, _ = recognise(string(trim(fields[r.plan.at[dateColumn]])))
	}
}

// next returns the next block, which ends where a record ends, or nil at the end of the file.
func (r *reading) next(in io.Reader, buffers chan []byte) ([]byte, error) {
	if r.eof && len(r.buf) == 0 {
		return nil, nil
	}
	var block []byte
	select {
	case block = <-buffers:
	default:
	}
	block = append(block, r.buf...)
	r.buf = r.buf[:0]
	for want := r.size; ; want *= 2 {
		var err error
		if block, err = r.fill(in, block, want); err != nil {
			return nil, err
		}
		if r.eof {
			return block, nil
		}
		if cut := lastRecordEnd(block); cut > 0 {
			r.buf = append(r.buf, block[cut:]...)
			return block[:cut], nil
		}
		if len(block) >= maxRecord { // no CSV: the worker says where the trouble starts
			return block, nil
		}
	}
}

// fill reads until block has want more bytes, or the file ends.
func (r *reading) fill(in io.Reader, block []byte, want int) ([]byte, error) {
	from := len(block)
	block = slices.Grow(block, want)
	for len(block) < from+want && !r.eof {
		n, err := in.Read(block[len(block) : from+want])
		block = block[:len(block)+n]
		if err == io.EOF {
			r.eof = true
		} else if err != nil {
			return nil, r.unreadable(err)
		}
	}
	if r.macs {
		for i, c := range block[from:] {
			if c == '\r' {
				block[from+i] = '\n'
			}
		}
	}
	return block, nil
}

// lastRecordEnd returns where the last whole record of data ends: behind a line end with an even number of quotes before
// it. Strict CSV has quotes only around fields and doubled within, so even means outside. Where a file breaks that rule,
// the first record that does stands in a block that was cut right, and is reported from there.
func lastRecordEnd(data []byte) int {
	inside := bytes.Count(data, []byte{'"'})%2 == 1
	for end := len(data); ; {
		i := bytes.LastIndexByte(data[:end], '\n')
		if i < 0 {
			return 0
		}
		if bytes.Count(data[i:end], []byte{'"'})%2 == 1 {
			inside = !inside
		}
		if !inside {
			return i + 1
		}
		end = i
	}
}

// commonest returns the separator that stands most often in the first line of data, outside quotes.
func commonest(data []byte) byte {
	counts, quoted := [4]int{}, false
	const marks = ",;\t|"
	for _, c := range bytes.TrimLeft(data, "\r\n") {
		if c == '"' {
			quoted = !quoted
		} else if quoted {
			continue
		} else if c == '\n' {
			break
		} else if i := strings.IndexByte(marks, c); i >= 0 {
			counts[i]++
		}
	}
	best := 0
	for i, n := range counts {
		if n > counts[best] {
			best = i
		}
	}
	return marks[best]
}
