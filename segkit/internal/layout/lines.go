package layout

// Files whose lines are rewritten while they are read: fields separated by blanks, whole lines in quotes, lines that end in
// a carriage return alone.

import (
	"bufio"
	"bytes"
	"io"
)

// Macs turns the carriage returns of an old Macintosh into line ends.
type Macs struct{ In io.Reader }

func (m Macs) Read(p []byte) (int, error) {
	n, err := m.In.Read(p)
	for i, c := range p[:n] {
		if c == '\r' {
			p[i] = '\n'
		}
	}
	return n, err
}

// byLine rewrites line by line.
type byLine struct {
	in   *bufio.Reader
	line func(out, line []byte) []byte // appends the line, without its end, rewritten
	out  []byte
	left []byte
}

func (b *byLine) Read(p []byte) (int, error) {
	for len(b.left) == 0 {
		line, err := b.in.ReadSlice('\n')
		if len(line) == 0 && err != nil {
			return 0, err
		}
		b.out = b.out[:0]
		if body, ended := bytes.CutSuffix(line, []byte{'\n'}); ended || err == io.EOF {
			b.out = b.line(b.out, bytes.TrimSuffix(body, []byte{'\r'}))
			if ended {
				b.out = append(b.out, '\n')
			}
		} else { // longer than the buffer: no such line
			b.out = append(b.out, line...)
		}
		b.left = b.out
	}
	n := copy(p, b.left)
	b.left = b.left[n:]
	return n, nil
}

// tabbed puts a tab where at least so many blanks stand outside quotes.
func tabbed(least int) func(out, line []byte) []byte {
	return func(out, line []byte) []byte {
		line = bytes.Trim(line, " \t")
		quoted, run := false, 0
		for _, c := range line {
			switch {
			case c == '"':
				quoted = !quoted
			case !quoted && (c == ' ' || c == '\t'):
				if run++; c == '\t' {
					run = max(run, least)
				}
				continue
			}
			switch {
			case run >= least:
				out = append(out, '\t')
			case run > 0:
				out = append(out, ' ')
			}
			out, run = append(out, c), 0
		}
		return out
	}
}

// unwrapped takes a line out of the quotes that stand around the whole of it, as spreadsheets write them when a CSV file was
// opened as one column: "1,""a b"",2".
func unwrapped(out, line []byte) []byte {
	if !isWrapped(line) {
		return append(out, line...)
	}
	return append(out, bytes.ReplaceAll(line[1:len(line)-1], []byte(`""`), []byte(`"`))...)
}

// isWrapped reports whether one pair of quotes stands around the whole line: all others are doubled.
func isWrapped(line []byte) bool {
	n := len(line)
	if n < 2 || line[0] != '"' || line[n-1] != '"' {
		return false
	}
	for i := 1; i < n-1; i++ {
		if line[i] == '"' {
			if i++; i == n-1 || line[i] != '"' {
				return false
			}
		}
	}
	return true
}

// mostlyWrapped reports whether most of the first lines are wrapped.
func mostlyWrapped(start []byte) bool {
	lines, wrapped := 0, 0
	for line := range bytes.Lines(start) {
		if line = bytes.TrimRight(line, "\r\n"); len(line) > 0 {
			if lines++; isWrapped(line) {
				wrapped++
			}
			if lines == sampled {
				break
			}
		}
	}
	return 2*wrapped > lines
}

// Plain takes the = off fields such as ="00123", which is how spreadsheets are told to keep zeros.
func (t *Text) Plain(comma byte) error {
	return t.rewrite(&byLine{in: t.Reader, line: func(out, line []byte) []byte {
		quoted, starts := false, true
		for i, c := range line {
			if c == '=' && starts && i+1 < len(line) && line[i+1] == '"' {
				continue
			}
			if c == '"' {
				quoted = !quoted
			}
			starts = !quoted && c == comma
			out = append(out, c)
		}
		return out
	}})
}
