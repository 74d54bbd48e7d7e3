package features

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// recordsOf is what a scanner of three columns makes of text: its records, with the lines they start in, those that do not fit, and the error.
func recordsOf(text string, slow bool) (out []string) {
	s := newScanner(',', 3)
	data := append(make([]byte, 0, len(text)+behind), text...)
	s.reset(data)
	s.lost = slow // then record by record, by their bytes
	for {
		s.whole()
		line, err := s.next()
		if err != nil {
			out = append(out, err.Error())
		}
		if line == 0 || err != nil {
			break
		}
		if len(s.fields) == 3 {
			s.add(line)
		} else {
			out = append(out, fmt.Sprintf("line %d: %q", line, s.cells()))
		}
	}
	for i, line := range s.starts {
		out = append(out, fmt.Sprintf("%d: %q %q", line, s.row(i), s.record(i)))
	}
	return append(out, fmt.Sprint(s.line))
}

// Records that are found many at a time are those that are found one by one, whatever the quotes.
func TestRecordsFoundTogetherAreTheSame(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	parts := []string{"a", ",", ",", "\n", "\n", `"`, `"`, `""`, "\r", "\r\n", " ", "=", "\x00", "é", "\xff", "abc", ","}
	cells := []string{"a", "", `"b"`, `"b,c"`, `"b""c"`, `""`, "\"b\nc\"", "\"b\r\nc\"", `="007"`, `"x" `, ` "x"`, "long text in a cell", `b"c`, `"`, "caf\xe9"}
	whole, quoted := 0, 0
	for round := range 40_000 {
		var b strings.Builder
		if round%2 == 0 {
			for range r.IntN(60) {
				b.WriteString(parts[r.IntN(len(parts))])
			}
		} else { // mostly records that are in order
			usual := 3 + r.IntN(len(cells)-2)
			for range r.IntN(20) {
				var row []string
				for range 3 {
					row = append(row, cells[r.IntN(usual)])
				}
				if r.IntN(20) == 0 {
					row = row[:r.IntN(4)]
				}
				b.WriteString(strings.Join(row, ",") + []string{"\n", "\n", "\r\n", "\n\n"}[r.IntN(4)])
			}
		}
		text := b.String()
		got, want := recordsOf(text, false), recordsOf(text, true)
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%q\ntogether %q\none by one %q", text, got, want)
		}
		s := newScanner(',', 3)
		s.reset([]byte(text))
		if s.whole(); len(s.starts) > 0 {
			whole++
			if strings.Contains(text[:s.pos], `"`) {
				quoted++
			}
		}
	}
	if whole < 5000 || quoted < 2000 {
		t.Errorf("%d texts began with records found together, %d of them with quotes: too few to tell", whole, quoted)
	}
}
