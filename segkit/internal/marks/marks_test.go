package marks

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// speed is 1 where there are wide instructions to compare with.
var speed = map[bool]int{true: 1}[wide]

func TestFindAgreesWithLookingAtEveryByte(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range append(lengths(300), 4095, 4096, 4097, 9000) {
		data := make([]byte, n)
		for i := range data {
			data[i] = []byte{',', '\n', '"', ';', 'a', 0, '\r', 0x80, 0xff, ',' ^ 0x80}[r.IntN(7+3*(n%2))]
		}
		for _, separator := range []byte{',', ';', 0xff, '\n'} {
			var want, wantOthers []uint32
			wantASCII := true
			for i, c := range data {
				wantASCII = wantASCII && c < 0x80
				if c != separator && c != '\n' && c != '"' {
					continue
				}
				if c == '\n' || c == '"' {
					wantOthers = append(wantOthers, uint32(len(want)))
				}
				want = append(want, uint32(i))
			}
			got, others, ascii := Find(data, separator, nil, nil)
			if !slices.Equal(got, want) || !slices.Equal(others, wantOthers) || ascii != wantASCII {
				t.Fatalf("%q at %q: %d, %d, ASCII %v, want %d, %d, ASCII %v", data, separator, got, others, ascii, want, wantOthers, wantASCII)
			}
			for w := range n / 64 * speed {
				var got [2]uint64
				var want uint64
				high := findAVX2(&data[64*w], 1, separator, &got)
				if words := plain(data[64*w:64*w+64], separator, &want); got != words || (high == 0) != (want == 0) {
					t.Fatalf("%q: %x, %x is not what plain Go has", data[64*w:64*w+64], got, high)
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
