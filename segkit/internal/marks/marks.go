// Package marks finds the bytes that cut text into fields, 64 at a time. Where the processor has no wide instructions, plain
// Go finds them eight at a time with the same result.
package marks

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// Find appends to places, emptied, where data has the separator, a line end (\n) or a quote ("), in order, and to others, emptied, which
// of these places have no separator: their indices in places. ascii reports whether all bytes are. Data is shorter than 4 GB.
func Find(data []byte, separator byte, places, others []uint32) (_, _ []uint32, ascii bool) {
	var words [64][2]uint64
	var high uint64
	n := 0 // of places
	places, others = places[:cap(places)], others[:0]
	for from := 0; from < len(data); from += 64 * len(words) {
		part := data[from:min(len(data), from+64*len(words))]
		whole := len(part) / 64
		if wide && whole > 0 {
			high |= findAVX2(&part[0], whole, separator, &words[0])
		} else {
			for w := range whole {
				words[w] = plain(part[64*w:64*w+64], separator, &high)
			}
		}
		count := whole
		if rest := part[64*whole:]; len(rest) > 0 {
			var last [64]byte
			copy(last[:], rest)
			words[count] = plain(last[:], separator, &high)
			for i := range words[count] {
				words[count][i] &= 1<<len(rest) - 1
			}
			count++
		}
		if room := n + 64*count; room > len(places) {
			places = slices.Grow(places[:n], room-n)
			places = places[:cap(places)]
		}
		for w := range words[:count] {
			word, other := words[w][0], words[w][1]
			for ; other != 0; other &= other - 1 {
				others = append(others, uint32(n+bits.OnesCount64(word&(other&-other-1))))
			}
			for at := uint32(from + 64*w); word != 0; word &= word - 1 {
				places[n] = at + uint32(bits.TrailingZeros64(word))
				n++
			}
		}
	}
	return places[:n], others, high == 0
}

// plain is the words of 64 bytes: all marks, and those that are no separators. It adds the high bits of the bytes to high.
func plain(b []byte, separator byte, high *uint64) (words [2]uint64) {
	for i := 0; i < 64; i += 8 {
		w := binary.LittleEndian.Uint64(b[i:])
		*high |= w & 0x8080808080808080
		others := equal(w, '\n') | equal(w, '"')
		for at, hits := range [2]uint64{equal(w, separator) | others, others} {
			for ; hits != 0; hits &= hits - 1 {
				words[at] |= 1 << (i + bits.TrailingZeros64(hits)/8)
			}
		}
	}
	return words
}

// equal has the high bit set of every byte of w that is c.
func equal(w uint64, c byte) uint64 {
	const low, ones = 0x7f7f7f7f7f7f7f7f, 0x0101010101010101
	w ^= uint64(c) * ones
	return ^((w&low + low) | w | low)
}
