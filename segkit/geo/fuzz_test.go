package geo_test

import (
	"encoding/csv"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/geo"
	"github.com/segkit/lab/segkit/internal/fuzzing"
	"github.com/segkit/lab/segkit/table"
)

// Whatever stands for a coordinate is a number, or a sentence.
func FuzzParseCoordinate(f *testing.F) {
	for _, seed := range []string{"53.5511", "53,5511", "N 53.5511", `53°33'4"N`, "53 33.07 S", "-9.99", "9.99 W", "\u22121", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := geo.ParseCoordinate(text)
		if err != nil && !strings.HasPrefix(err.Error(), "segkit: geo.ParseCoordinate: ") || math.IsNaN(v) || math.IsInf(v, 0) {
			t.Fatalf("%q is %v, %v", text, v, err)
		}
	})
}

// Whatever stands in a column of postcodes, a line for each customer: codes that stay as they are when they are padded again, of which a shorter one has only
// got zeros, or a sentence.
func FuzzPostcodes(f *testing.F) {
	f.Add("4109\n04109\nAB1 2CD\n\n1.5", 5)
	f.Add("1\n22\n333", 0)
	f.Fuzz(func(t *testing.T, codes string, digits int) {
		fuzzing.Bounded(t, len(codes), func() {
			var b strings.Builder
			w := csv.NewWriter(&b)
			w.Write([]string{"id", "postcode"})
			for i, c := range strings.Split(codes, "\n") {
				w.Write([]string{fmt.Sprint("c", i), c})
			}
			w.Flush()
			x, err := table.ParseCSV(strings.NewReader(b.String()), "x.csv", "id", table.CSVOptions{Comma: ',', Text: []string{"postcode"}})
			if err != nil {
				return
			}
			p := geo.Postcodes{Digits: map[string]int{"": digits}}
			once, err := p.Pad(x)
			if err != nil {
				if !strings.HasPrefix(err.Error(), "segkit: ") {
					t.Fatal(err)
				}
				return
			}
			twice, err := p.Pad(once)
			if err != nil {
				t.Fatalf("what was padded is refused: %v", err)
			}
			was, is, again := texts(x), texts(once), texts(twice)
			if !slices.Equal(is, again) {
				t.Fatalf("%q, padded again %q", is, again)
			}
			for i := range was {
				if strings.TrimLeft(was[i], "0") != strings.TrimLeft(is[i], "0") {
					t.Fatalf("%q becomes %q", was[i], is[i])
				}
			}
		})
	})
}

// texts are the values of the only column; "" where there is none.
func texts(x *table.Table) []string {
	out := make([]string, x.Len())
	for i := range out {
		if v := x.At(i, 0); v == v {
			out[i] = x.Columns()[0].Levels[int(v)]
		}
	}
	return out
}
