// Package marks finds the bytes that cut text into fields, 64 at a time. Where the processor has no wide instructions, plain
// Go finds them eight at a time with the same result.
package marks

import (
	"encoding/binary"
	"math/bits"
)

// Find writes for every 64 bytes of data a word whose bit i says that byte i is the separator, a line end (\n) or a quote ("). It
// returns words, grown as needed: one for each 64 bytes that were begun.
func Find(data []byte, separator byte, words []uint64) []uint64 {
	n := (len(data) + 63) / 64
	if cap(words) < n {
		words = make([]uint64, n)
	}
	words = words[:n]
	whole := len(data) / 64
	if wide && whole > 0 {
		findAVX2(&data[0], whole, separator, &words[0])
	} else {
		for w := range whole {
			words[w] = plain(data[64*w:64*w+64], separator)
		}
	}
	if whole < n {
		var rest [64]byte
		used := copy(rest[:], data[64*whole:])
		words[whole] = plain(rest[:], separator) & (1<<used - 1)
	}
	return words
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
