package features

// A column of texts while it is read: every distinct text gets a code.

import (
	"hash/maphash"
	"slices"
)

// dictionary collects a column of texts. Its index is a hash table with open addressing; the hashes are kept, so that
// joining dictionaries hashes nothing again. Codes go by first appearance, so the seed of the hash never shows.
type dictionary struct {
	texts
	hashes  []uint64          // by code
	slots   []uint32          // code + 1, 0 for free; at least twice as many as codes
	missing func(string) bool // texts that stand for "no value"; nil for none but ""
}

var hashSeed = maphash.MakeSeed()

// reset empties d and keeps its room.
func (d *dictionary) reset() {
	if d.slots == nil {
		d.slots = make([]uint32, 1<<10)
	}
	clear(d.slots)
	d.codes, d.names, d.hashes = slices.Grow(d.codes[:0], 1), d.names[:0], d.hashes[:0]
	d.code("", maphash.Bytes(hashSeed, nil))
}

// find returns the code of a text, and false if it has none yet.
func find[T string | []byte](d *dictionary, text T, hash uint64) (uint32, bool) {
	mask := uint64(len(d.slots) - 1)
	for p := hash & mask; d.slots[p] != 0; p = (p + 1) & mask {
		if c := d.slots[p] - 1; d.hashes[c] == hash && d.names[c] == string(text) {
			return c, true
		}
	}
	return 0, false
}

// code gives name, which has none, the next code.
func (d *dictionary) code(name string, hash uint64) uint32 {
	if 2*(len(d.names)+1) > len(d.slots) {
		d.slots = make([]uint32, 2*len(d.slots))
		for c, h := range d.hashes {
			d.put(uint32(c), h)
		}
	}
	c := uint32(len(d.names))
	d.names, d.hashes = append(d.names, name), append(d.hashes, hash)
	d.put(c, hash)
	return c
}

func (d *dictionary) put(code uint32, hash uint64) {
	mask := uint64(len(d.slots) - 1)
	p := hash & mask
	for d.slots[p] != 0 {
		p = (p + 1) & mask
	}
	d.slots[p] = code + 1
}

// add appends b and reports whether it was seen for the first time. likely is the code that b probably has: comparing is
// much cheaper than looking up.
func (d *dictionary) add(b []byte, likely uint32) (first bool) {
	if d.names[likely] == string(b) {
		d.codes = append(d.codes, likely)
		return false
	}
	hash := maphash.Bytes(hashSeed, b)
	code, ok := find(d, b, hash)
	if !ok {
		s := string(b)
		if d.missing == nil || !d.missing(s) { // the few that are missing are not worth a place in the index
			code, first = d.code(s, hash), true
		}
	}
	d.codes = append(d.codes, code)
	return first
}

// join appends the lines of another dictionary.
func (d *dictionary) join(from *dictionary, remap []uint32) []uint32 {
	remap = remap[:0]
	for c, name := range from.names {
		code, ok := find(d, name, from.hashes[c])
		if !ok {
			code = d.code(name, from.hashes[c])
		}
		remap = append(remap, code)
	}
	n := len(d.codes)
	d.codes = slices.Grow(d.codes, len(from.codes))[:n+len(from.codes)]
	for i, c := range from.codes {
		d.codes[n+i] = remap[c]
	}
	return remap
}

// last is the code added last: neighbouring lines mostly agree.
func (d *dictionary) last() uint32 {
	if n := len(d.codes); n > 0 {
		return d.codes[n-1]
	}
	return 0
}

// noID are texts that programs write where there is no customer, no order number or no product id.
func noID(s string) bool {
	switch s {
	case `\N`, "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "#N/A":
		return true
	}
	return false
}
