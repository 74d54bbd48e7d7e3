package marks

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// speed is 1 where there are wide instructions to compare with.
var speed = map[bool]int{true: 1}[wide]

func TestFindAgreesWithLookingAtEveryByte(t *testing.T) {
	r, got := rand.New(rand.NewPCG(1, 2)), Marks{}
	for _, n := range append(lengths(300), 4095, 4096, 4097, 9000) {
		data := make([]byte, n)
		for i := range data {
			data[i] = []byte{',', '\n', '"', ';', 'a', 0, '\r', 0x80, 0xff, ',' ^ 0x80}[r.IntN(7+3*(n%2))]
			if n%3 == 0 && data[i] == 0 { // a third of the texts has no NUL
				data[i] = 'b'
			}
		}
		for _, separator := range []byte{',', ';', 0xff, '\n'} {
			want, inside, quotes := Marks{ASCII: true}, false, uint32(0)
			for i, c := range data {
				want.ASCII, want.NUL = want.ASCII && c < 0x80, want.NUL || c == 0
				switch {
				case c == '"':
					inside = !inside
					quotes++
				case c == '\n' && inside:
					want.Within = append(want.Within, uint32(i))
				case (c == '\n' || c == separator) && !inside:
					if c == '\n' {
						want.Ends = append(want.Ends, End{uint32(len(want.Places)), quotes})
					}
					want.Places = append(want.Places, uint32(i))
				}
			}
			got.Find(data, separator)
			if !slices.Equal(got.Places, want.Places) || !slices.Equal(got.Ends, want.Ends) ||
				!slices.Equal(got.Within, want.Within) || got.ASCII != want.ASCII || got.NUL != want.NUL {
				t.Fatalf("%q at %q: %+v, want %+v", data, separator, got, want)
			}
			for w := range n / 64 * speed {
				var fast words
				var met kinds
				high, zero := findAVX2(&data[64*w], 1, separator, &fast)
				if slow := plain(data[64*w:64*w+64], separator, &met); fast != slow || (high == 0) != (met.high == 0) || (zero == 0) != (met.zero == 0) {
					t.Fatalf("%q: %x, %x, %x is not what plain Go has", data[64*w:64*w+64], fast, high, zero)
				}
			}
		}
	}
}

// lengths are 0 to n-1.
func lengths(n int) (out []int) {
	for i := range n {
		out = append(out, i)
	}
	return out
}
