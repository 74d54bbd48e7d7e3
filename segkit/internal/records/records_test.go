package records

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// recordsOf is what a Scanner of three columns makes of text: its records, with the lines they start in, those that do not fit, and the error.
func recordsOf(text string, slow bool) (out []string) {
	s := NewScanner(',', 3)
	data := append(make([]byte, 0, len(text)+Behind), text...)
	s.Reset(data)
	s.lost = slow // then record by record, by their bytes
	for {
		s.Whole()
		line, err := s.Next()
		if err != nil {
			out = append(out, err.Error())
		}
		if line == 0 || err != nil {
			break
		}
		if len(s.Fields) == 3 {
			s.Add(line)
		} else {
			out = append(out, fmt.Sprintf("line %d: %q", line, s.Cells()))
		}
	}
	for i, line := range s.Starts {
		out = append(out, fmt.Sprintf("%d: %q %q", line, s.Row(i), s.Record(i)))
	}
	return append(out, fmt.Sprint(s.Line))
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
		s := NewScanner(',', 3)
		s.Reset([]byte(text))
		if s.Whole(); len(s.Starts) > 0 {
			whole++
			if strings.Contains(text[:s.Pos], `"`) {
				quoted++
			}
		}
	}
	if whole < 5000 || quoted < 2000 {
		t.Errorf("%d texts began with records found together, %d of them with quotes: too few to tell", whole, quoted)
	}
}
