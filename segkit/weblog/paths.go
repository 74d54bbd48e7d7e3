package weblog

// Lists of kinds of page, one line for each visitor, without times: the form of the msnbc.com data of the UCI KDD archive.

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/cell"
	"github.com/segkit/lab/segkit/internal/layout"
	"github.com/segkit/lab/segkit/internal/textfile"
	"github.com/segkit/lab/segkit/internal/wording"
)

// PathsOptions says how to read lists of pages.
type PathsOptions struct {
	Comma   rune     // between pages; 0 is a comma, a semicolon or a tab if the first lines have one, else spaces
	Kinds   []string // names of the kinds 1, 2, 3, …; nil takes the names in a file like msnbc's, else the pages as written
	Visitor bool     // the first field of a line is the visitor's id; else lines are visitors numbered from 1
}

// ReadPaths reads a file with a line for each visitor, plain or gzip: the kinds of page one after another, without times. Every line is one visit. Comments begin
// with %; the names of the kinds may precede the lists, as in the msnbc.com data. It costs O(pages).
func ReadPaths(path string, o PathsOptions) (*Visits, error) {
	const op = "weblog.ReadPaths"
	if info, err := os.Stat(path); err != nil || info.IsDir() {
		return nil, cannotOpen(op, path, err)
	}
	return source{op: op, name: path, extra: o, open: func() (io.ReadCloser, error) {
		f, err := os.Open(path)
		if err != nil {
			return nil, cannotOpen(op, path, err)
		}
		return f, nil
	}}.read(VisitsOptions{}, o.parse)
}

// ParsePaths reads lists of pages from r, as ReadPaths does. The name appears in error messages.
func ParsePaths(r io.Reader, name string, o PathsOptions) (*Visits, error) {
	return parse(source{op: "weblog.ParsePaths", name: name, extra: o}, r, VisitsOptions{}, o.parse)
}

// mostPath is the longest line in bytes that is believed.
const mostPath = 8 << 20

func (o PathsOptions) parse(r *reading, in io.Reader) (*log, error) {
	text, err := layout.Open(in)
	if err != nil {
		return nil, r.refused(err)
	}
	split := bytes.Fields
	if comma := o.comma(text.Start); comma != ' ' {
		split = func(line []byte) [][]byte { return bytes.Split(line, []byte{byte(comma)}) }
	}
	l := &log{stepped: true, mapping: []mapping{{Meaning: "kind", Header: "pages"}}}
	kinds, people := newDictionary(), newDictionary()
	names, blank, comments := o.Kinds, 0, 0
	if bytes.HasPrefix(bytes.TrimSpace(text.Start), []byte("%")) && names == nil {
		names = []string{} // of a file that may name its kinds
	}
	missing := cell.NewMissing(nil)
	lines := bufio.NewScanner(text)
	lines.Buffer(make([]byte, 1<<16), mostPath)
	number, visitors := 0, 0
	for lines.Scan() {
		number++
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			blank++
			continue
		}
		if line[0] == '%' {
			comments++
			continue
		}
		fields := split(line)
		if names != nil && len(names) == 0 && visitors == 0 && !slices.ContainsFunc(fields, isNumber) {
			for _, f := range fields {
				names = append(names, textfile.String(string(bytes.TrimSpace(f))))
			}
			continue
		}
		id := []byte(strconv.Itoa(visitors + 1))
		if o.Visitor {
			if id, fields = bytes.TrimSpace(fields[0]), fields[1:]; len(id) == 0 {
				return nil, r.bad(number, "has no visitor in its first field", "fill it in, or leave weblog.PathsOptions.Visitor out")
			}
		}
		who, first := people.Code(id, 0)
		if !first {
			return nil, &fault.CellError{Op: r.op, File: r.file, Line: number, Value: string(id), Why: "has a line above already", Remedy: "put all pages of a visitor in one line", Err: fault.ErrDuplicate}
		}
		visitors++
		for k, f := range fields {
			f = bytes.TrimSpace(f)
			if missing.Find(f) >= 0 {
				if k == len(fields)-1 { // a separator at the end
					continue
				}
				return nil, r.bad(number, fmt.Sprintf("has nothing in place %d", k+1), "mend the line, or give the separator in weblog.PathsOptions.Comma")
			}
			if len(names) > 0 {
				n, err := strconv.Atoi(string(f))
				if err != nil || n < 1 || n > len(names) {
					return nil, &fault.CellError{Op: r.op, File: r.file, Line: number, Value: string(f), Why: fmt.Sprintf("is not the number of one of the %d kinds", len(names)), Remedy: "mend it, or give all names in weblog.PathsOptions.Kinds", Err: fault.ErrFormat}
				}
				f = []byte(names[n-1])
			}
			kinds.codes, people.codes = append(kinds.codes, kinds.code(f)), append(people.codes, who)
			l.line, l.when = append(l.line, int32(number)), append(l.when, 0)
		}
	}
	if err := lines.Err(); err == bufio.ErrTooLong {
		return nil, r.bad(number+1, "is longer than 8 MB, so this is not a list of pages", "check the file")
	} else if err != nil {
		return nil, r.refused(err)
	}
	if len(l.line) == 0 {
		return nil, &fault.CellError{Op: r.op, File: r.file, Why: "has no line with pages", Remedy: "check that the export was complete", Err: fault.ErrEmpty}
	}
	l.visitor, l.kind = people.whole(), kinds.decoded()
	l.notes = []string{"Lists of pages without times: every line is one visit of a visitor of its own, and there is neither recency nor duration."}
	if comments > 0 || blank > 0 {
		l.notes = append(l.notes, fmt.Sprintf("Left out: %s of comments and %s without text.", wording.Plural(comments, "line"), wording.Plural(blank, "line")))
	}
	l.finish()
	return l, nil
}

// comma is what stands between pages.
func (o PathsOptions) comma(start []byte) rune {
	if o.Comma != 0 {
		return o.Comma
	}
	for line := range bytes.Lines(start) {
		if line = bytes.TrimSpace(line); len(line) == 0 || line[0] == '%' {
			continue
		}
		if i := strings.IndexAny(string(line), ",;\t"); i >= 0 {
			return rune(line[i])
		}
	}
	return ' '
}

func isNumber(b []byte) bool {
	_, err := strconv.Atoi(string(b))
	return err == nil
}
