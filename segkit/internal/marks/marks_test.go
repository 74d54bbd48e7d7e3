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
			data[i] = []byte{',', '\n', '"', ';', 'a', 0, 0x80, 0xff, ',' ^ 0x80, '\r'}[r.IntN(10)]
		}
		for _, separator := range []byte{',', ';', 0xff, '\n'} {
			var want []uint32
			for i, c := range data {
				if c == separator || c == '\n' || c == '"' {
					want = append(want, uint32(i))
				}
			}
			if got := Find(data, separator, nil); !slices.Equal(got, want) {
				t.Fatalf("%q at %q: %d, want %d", data, separator, got, want)
			}
			for w := range n / 64 * speed {
				var got uint64
				if findAVX2(&data[64*w], 1, separator, &got); got != plain(data[64*w:64*w+64], separator) {
					t.Fatalf("%q: %x is not what plain Go has", data[64*w:64*w+64], got)
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
