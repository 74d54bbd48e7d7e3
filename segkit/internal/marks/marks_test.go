package marks

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestFindAgreesWithLookingAtEveryByte(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 300 {
		data := make([]byte, n)
		for i := range data {
			data[i] = []byte{',', '\n', '"', ';', 'a', 0, 0x80, 0xff, ',' ^ 0x80, '\r'}[r.IntN(10)]
		}
		for _, separator := range []byte{',', ';', 0xff, '\n'} {
			want := make([]uint64, (n+63)/64)
			for i, c := range data {
				if c == separator || c == '\n' || c == '"' {
					want[i/64] |= 1 << (i % 64)
				}
			}
			if got := Find(data, separator, nil); !slices.Equal(got, want) {
				t.Fatalf("%q at %q: %x, want %x", data, separator, got, want)
			}
			for w := range n / 64 {
				if got := plain(data[64*w:64*w+64], separator); got != want[w] {
					t.Fatalf("plain Go: %q: %x, want %x", data[64*w:64*w+64], got, want[w])
				}
			}
		}
	}
}
