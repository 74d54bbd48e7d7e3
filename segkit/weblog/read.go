package weblog

// Files of visits in: blocks of whole records are read by several workers and joined in the order of the file.

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/layout"
	"github.com/segkit/lab/segkit/internal/records"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
)

// reading is one pass over a file.
type reading struct {
	op, file string
	o        VisitsOptions
	known    int64 // bytes of the plain file, 0 if unknown
}

func (r *reading) bad(line int, why, remedy string) *fault.CellError {
	return &fault.CellError{Op: r.op, File: r.file, Line: line, Why: why, Remedy: remedy, Err: fault.ErrFormat}
}

// refused adds to an error where it was met.
func (r *reading) refused(err error) error {
	var e *fault.CellError
	switch {
	case errors.As(err, &e):
		e.Op, e.File = r.op, r.file
		return e
	case errors.Is(err, io.ErrUnexpectedEOF):
		return r.bad(0, "the compressed file is cut off", "fetch it again")
	}
	return r.bad(0, "cannot be read to its end ("+err.Error()+")", "fetch or copy it again")
}

// parse reads all of in, plain or compressed by gzip: a server's log, or a table of hits or visits.
func (r *reading) parse(in io.Reader) (*log, error) {
	text, err := layout.Open(in)
	if err != nil {
		return nil, r.refused(err)
	}
	if text.Packed || text.Encoding != "" {
		r.known = 0
	}
	if len(bytes.TrimSpace(text.Start)) == 0 && text.Whole {
		return nil, &fault.CellError{Op: r.op, File: r.file, Why: "the file is empty", Remedy: "check that the export was complete", Err: fault.ErrEmpty}
	}
	if is, agents := serverLog(text.Start); is {
		return r.combined(text, agents)
	}
	l, err := layout.Recognise(text, layout.Given{Comma: byte(r.o.Comma), Header: r.o.Header, HeaderLine: r.o.HeaderLine, Options: optionsName, Single: true})
	if err != nil {
		return nil, r.refused(err)
	}
	p, err := newPlan(r.op, r.file, l.Names, r.o)
	if err != nil {
		return nil, err
	}
	p.comma, p.notes = l.Comma, append(slices.Clip(l.Notes), p.notes...)
	start, err := text.Peek(layout.Sample)
	if err != nil && err != io.EOF {
		return nil, r.refused(err)
	}
	if err == nil {
		start = start[:records.LastEnd(start)]
	}
	if err := p.look(start, l.Before); err != nil {
		return nil, err
	}
	p.lookForAgents(start)
	if unread := p.unread(); len(unread) > 0 {
		p.notes = append(p.notes, fmt.Sprintf("Not read, since their headers are not recognised: %s. %s names columns, including those to keep as Descriptors.", wording.Clip(sheet.List(unread)), optionsName))
	}
	return r.lines(text.Rest(), p, l.Before, func() func(b *piece, data []byte) []byte {
		s := records.NewScanner(p.comma, len(p.header))
		return func(b *piece, data []byte) []byte {
			s.Reset(data)
			b.err = b.records(s)
			b.cells(s.Data, s.Grid)
			b.lines = s.Line
			return s.Data
		}
	})
}

// lines reads the blocks of in, of which a worker fills pieces.
func (r *reading) lines(in io.Reader, p *plan, before int, worker func() func(b *piece, data []byte) []byte) (*log, error) {
	j := newJoiner(p)
	used := make(chan *piece, 16)
	err := records.Each(records.Blocks{In: in, Size: records.Size, Failed: r.refused}, func() func(data []byte) (*piece, []byte) {
		fill := worker()
		words := newVocabulary(p)
		return func(data []byte) (*piece, []byte) {
			b := new(piece)
			select {
			case b = <-used:
			default:
			}
			if words.large() {
				words = words.next(p)
			}
			b.reset(p, words)
			return b, fill(b, data)
		}
	}, func(b *piece, size int) error {
		if len(j.out.line) == 0 && r.known > 0 {
			j.grow(records.Expected(len(b.line), size, r.known))
		}
		if err := j.add(b, before); err != nil {
			err.Op, err.File = r.op, r.file
			return err
		}
		before += b.lines
		select {
		case used <- b:
		default:
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(j.out.line) == 0 {
		return nil, &fault.CellError{Op: r.op, File: r.file, Why: "has a header but nothing below it", Remedy: "check that the export was complete", Err: fault.ErrEmpty}
	}
	return j.log()
}

// records puts the records of the block into the grid of s, and returns the error that ends them.
func (b *piece) records(s *records.Scanner) *fault.CellError {
	for {
		s.Whole()
		line, err := s.Next()
		if line == 0 || err != nil {
			return err
		}
		if n := len(s.Columns); len(s.Fields) != n {
			fields := s.Cells()
			switch {
			case !slices.ContainsFunc(fields, filled):
				b.blank++
				continue
			case len(fields) > n && !slices.ContainsFunc(fields[n:], filled):
			default:
				return s.Uneven(line)
			}
		}
		s.Add(line)
	}
}

func filled(cell []byte) bool { return len(bytes.TrimSpace(cell)) > 0 }
