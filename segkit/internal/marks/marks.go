// Package marks finds the bytes that cut text into fields, 64 at a time. Where the processor has no wide instructions, plain
// Go finds them eight at a time with the same result.
package marks

import (
	"encoding/binary"
	"math/bits"
)

// Find appends to places, emptied, where data has the separator, a line end (\n) or a quote ("), in order. Data is shorter than 4 GB.
func Find(data []byte, separator byte, places []uint32) []uint32 {
	places = places[:0]
	var words [64]uint64
	for from := 0; from < len(data); from += 64 * len(words) {
		part := data[from:min(len(data), from+64*len(words))]
		whole := len(part) / 64
		if wide && whole > 0 {
			findAVX2(&part[0], whole, separator, &words[0])
		} else {
			for w := range whole {
				words[w] = plain(part[64*w:64*w+64], separator)
			}
		}
		n := whole
		if rest := part[64*whole:]; len(rest) > 0 {
			var last [64]byte
			copy(last[:], rest)
			words[n] = plain(last[:], separator) & (1<<len(rest) - 1)
			n++
		}
		for w, word := range words[:n] {
			for at := uint32(from + 64*w); word != 0; word &= word - 1 {
				places = append(places, at+uint32(bits.TrailingZeros64(word)))
			}
		}
	}
	return places
}

// plain is the word of 64 bytes.
func plain(b []byte, separator byte) (word uint64) {
	for i := 0; i < 64; i += 8 {
		w := binary.LittleEndian.Uint64(b[i:])
		hits := equal(w, separator) | equal(w, '\n') | equal(w, '"')
		for ; hits != 0; hits &= hits - 1 {
			word |= 1 << (i + bits.TrailingZeros64(hits)/8)
		}
	}
	return word
}

// equal has the high bit set of every byte of w that is c.
func equal(w uint64, c byte) uint64 {
	const low, ones = 0x7f7f7f7f7f7f7f7f, 0x0101010101010101
	w ^= uint64(c) * ones
	return ^((w&low + low) | w | low)
}
