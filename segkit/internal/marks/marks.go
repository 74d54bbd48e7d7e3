// Package marks finds the bytes that cut text into fields, 64 at a time, and those of them that stand in quotes and cut nothing. Where the
// processor has no wide instructions, plain Go finds them eight at a time with the same result.
package marks

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"slices"
)

// Marks are where text is cut, in order. Text begins outside quotes, and a quote (") ends and begins what is inside.
type Marks struct {
	Places []uint32 // of separators and line ends (\n) outside quotes
	Ends   []End    // which of these are line ends
	Within []uint32 // line ends inside quotes
	ASCII  bool     // all bytes are
	NUL    bool     // a byte is 0
}

// End is a line end.
type End struct {
	Place  uint32 // index in Places
	Quotes uint32 // how many stand before it
}

// words are 64 bytes of text: a bit for each that is a separator or a line end, a line end, a quote.
type words struct{ mark, end, quote uint64 }

// kinds are bytes that were met: bytes beyond ASCII, and 0. Which bits are set does not tell where.
type kinds struct{ high, zero uint64 }

// spaces stand behind the end of a text, where there are no 64 bytes left.
var spaces = [64]byte(bytes.Repeat([]byte{' '}, 64))

// Find finds the marks of data, which is shorter than 4 GB, and uses the room of those found before.
func (m *Marks) Find(data []byte, separator byte) {
	var found [64]words
	var met kinds
	var inside uint64 // all bits where a word begins inside quotes
	n, quotes, places := 0, 0, m.Places[:cap(m.Places)]
	ends, within := m.Ends[:0], m.Within[:0]
	for from := 0; from < len(data); from += 64 * len(found) {
		part := data[from:min(len(data), from+64*len(found))]
		count := len(part) / 64
		if wide && count > 0 {
			high, zero := findAVX2(&part[0], count, separator, &found[0])
			met.high, met.zero = met.high|high, met.zero|zero
		} else {
			for w := range count {
				found[w] = plain(part[64*w:64*w+64], separator, &met)
			}
		}
		if rest := part[64*count:]; len(rest) > 0 {
			last := spaces
			copy(last[:], rest)
			w, some := plain(last[:], separator, &met), uint64(1)<<len(rest)-1
			found[count] = words{w.mark & some, w.end & some, w.quote & some}
			count++
		}
		if room := n + 64*count; room > len(places) {
			places = slices.Grow(places[:n], room-n)
			places = places[:cap(places)]
		}
		for w := range found[:count] {
			word, end, quote := found[w].mark, found[w].end, found[w].quote
			at := uint32(from + 64*w)
			if quote|inside != 0 {
				in := parity(quote) ^ inside
				for end := end & in; end != 0; end &= end - 1 {
					within = append(within, at+uint32(bits.TrailingZeros64(end)))
				}
				word, end, inside = word&^in, end&^in, uint64(int64(in)>>63)
			}
			for ; end != 0; end &= end - 1 {
				below := end&-end - 1
				ends = append(ends, End{uint32(n + bits.OnesCount64(word&below)), uint32(quotes + bits.OnesCount64(quote&below))})
			}
			if quote != 0 {
				quotes += bits.OnesCount64(quote)
			}
			// Eight at once, whether there are as many or not: how often a loop runs cannot be foreseen (Langdale & Lemire 2019, doi:10.1007/s00778-019-00578-5).
			next := n + bits.OnesCount64(word)
			for ; n < next; n += 8 {
				eight := places[n : n+8 : n+8]
				eight[0], word = at+uint32(bits.TrailingZeros64(word)), word&(word-1)
				eight[1], word = at+uint32(bits.TrailingZeros64(word)), word&(word-1)
				eight[2], word = at+uint32(bits.TrailingZeros64(word)), word&(word-1)
				eight[3], word = at+uint32(bits.TrailingZeros64(word)), word&(word-1)
				eight[4], word = at+uint32(bits.TrailingZeros64(word)), word&(word-1)
				eight[5], word = at+uint32(bits.TrailingZeros64(word)), word&(word-1)
				eight[6], word = at+uint32(bits.TrailingZeros64(word)), word&(word-1)
				eight[7], word = at+uint32(bits.TrailingZeros64(word)), word&(word-1)
			}
			n = next
		}
	}
	m.Places, m.Ends, m.Within, m.ASCII = places[:n], ends, within, met.high == 0
	m.NUL = met.zero != 0
}

// parity has the bits set that have an odd number of bits of word at or below them.
func parity(word uint64) uint64 {
	word ^= word << 1
	word ^= word << 2
	word ^= word << 4
	word ^= word << 8
	word ^= word << 16
	return word ^ word<<32
}

// plain is the words of 64 bytes, whose kinds it adds to met.
func plain(b []byte, separator byte, met *kinds) (out words) {
	for i := 0; i < 64; i += 8 {
		w := binary.LittleEndian.Uint64(b[i:])
		met.high, met.zero = met.high|w&0x8080808080808080, met.zero|equal(w, 0)
		end := equal(w, '\n')
		out.mark |= gathered(equal(w, separator)|end) << i
		out.end |= gathered(end) << i
		out.quote |= gathered(equal(w, '"')) << i
	}
	return out
}

// gathered has the high bits of the bytes of w, as the lowest eight.
func gathered(w uint64) (out uint64) {
	for ; w != 0; w &= w - 1 {
		out |= 1 << (bits.TrailingZeros64(w) / 8)
	}
	return out
}

// equal has the high bit set of every byte of w that is c.
func equal(w uint64, c byte) uint64 {
	const low, ones = 0x7f7f7f7f7f7f7f7f, 0x0101010101010101
	w ^= uint64(c) * ones
	return ^((w&low + low) | w | low)
}
