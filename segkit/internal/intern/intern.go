// Package intern gives every distinct text of a column a code, while files of many million cells are read.
package intern

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"
	"slices"
	"strings"
)

// Index knows texts by their codes, which go by first appearance; 0 is "". It is a hash table with open addressing, which holds the hashes too: a text
// that is new is mostly told by one look at it. As codes go by first appearance, the seed of the hash never shows. It is ready after Reset.
type Index struct {
	Names   []string          // by code
	Hashes  []uint32          // by code, in an index to which Code alone adds: to join it to another without hashing anything again
	Missing func([]byte) bool // texts that stand for "no value", which have code 0; nil for none but ""

	slots  []uint64         // hash in the upper half, code + 1 in the lower, 0 for free; at least twice as many as codes
	room   *strings.Builder // of the latest names; behind a pointer, since a Builder must not be copied and an Index may
	recent []recent         // by the upper bits of a mixed key: short texts found before, without looking at their names
	shift  int              // takes a mixed key to its place in recent
	looked byte             // what Fetch saw, which it would not look at otherwise
}

// recent is a text that was found before, with its short key as it is written.
type recent struct {
	key  uint64
	code uint32
}

// How many short texts are found at once, at most and at least; mixer mixes their keys.
const (
	mostRecents  = 1 << 13
	leastRecents = 1 << 9
	mixer        = 0x9e3779b97f4a7c15
)

// ShortKey returns a text of up to 7 bytes as a number, 0 for a longer or an empty one. It looks at the bytes behind the text.
func ShortKey(b []byte) uint64 {
	n := len(b)
	if n > 7 || cap(b) < 8 {
		return 0
	}
	return binary.LittleEndian.Uint64(b[:8])<<(64-8*n)>>(64-8*n) | uint64(n)<<56
}

var seed = maphash.MakeSeed()

// Hash is as much of the hash of a text as an index holds.
func Hash(text []byte) uint32 { return uint32(maphash.Bytes(seed, text) >> 32) }

// Reset empties x. It keeps the slots; names that others hold stay theirs.
func (x *Index) Reset() {
	if x.slots == nil {
		x.slots = make([]uint64, 1<<10)
	}
	clear(x.slots)
	x.Names, x.room = nil, new(strings.Builder) // others may still hold the old ones
	x.remember(leastRecents)
	hash := Hash(nil)
	x.Hashes = []uint32{hash}
	x.Add("", hash, x.free(hash))
}

// Again returns an empty index with the slots of x, which is done with, and room for as many texts.
func (x *Index) Again() Index {
	next := Index{slots: x.slots, Missing: x.Missing}
	next.Reset()
	next.Names, next.Hashes = slices.Grow(next.Names, len(x.Names)), slices.Grow(next.Hashes, len(x.Names))
	return next
}

// remember makes room for so many short texts, a power of two.
func (x *Index) remember(n int) {
	x.recent, x.shift = make([]recent, n), 64-bits.TrailingZeros(uint(n))
}

// Recent returns the code of a short text, by its key as it is written, if it was found lately.
func (x *Index) Recent(key uint64) (code uint32, ok bool) {
	r := &x.recent[key*mixer>>x.shift]
	return r.code, key != 0 && key == r.key
}

// Find returns the code of a text, or false and the slot for it if it has none yet.
func Find[T string | []byte](x *Index, text T, hash uint32) (code, slot uint32, ok bool) {
	mask := uint32(len(x.slots) - 1)
	for slot = hash & mask; x.slots[slot] != 0; slot = (slot + 1) & mask {
		if s := x.slots[slot]; uint32(s>>32) == hash && x.Names[uint32(s)-1] == string(text) {
			return uint32(s) - 1, slot, true
		}
	}
	return 0, slot, false
}

// free returns the first free slot for a hash.
func (x *Index) free(hash uint32) uint32 {
	mask := uint32(len(x.slots) - 1)
	slot := hash & mask
	for x.slots[slot] != 0 {
		slot = (slot + 1) & mask
	}
	return slot
}

// Add gives a copy of name, which has none, the next code, and the slot that Find found for it.
func (x *Index) Add(name string, hash, slot uint32) uint32 {
	room := x.roomFor(len(name))
	from := room.Len()
	room.WriteString(name)
	return x.add(room.String()[from:], hash, slot)
}

// add gives name itself the next code.
func (x *Index) add(name string, hash, slot uint32) uint32 {
	if len(x.Names) == cap(x.Names) { // twice as much each time: names are many, and what they leave behind counts until it is collected
		x.Names = slices.Grow(x.Names, max(len(x.Names), 8))
	}
	if 2*(len(x.Names)+1) > len(x.slots) {
		old := x.slots
		x.slots = make([]uint64, 2*len(old))
		for _, s := range old {
			if s != 0 {
				x.slots[x.free(uint32(s>>32))] = s
			}
		}
		slot = x.free(hash)
	}
	c := uint32(len(x.Names))
	x.Names = append(x.Names, name)
	x.slots[slot] = uint64(hash)<<32 | uint64(c+1)
	return c
}

// Bytes of names that share one piece of memory, at least and at most.
const leastRoom, mostRoom = 1 << 8, 1 << 16

// roomFor returns where the next name of n bytes is written, beside others: that is quicker than a piece of memory for each, and less for the garbage collector to look at.
func (x *Index) roomFor(n int) *strings.Builder {
	if x.room.Cap()-x.room.Len() < n {
		size := min(max(2*x.room.Cap(), leastRoom), mostRoom)
		x.room = new(strings.Builder)
		x.room.Grow(max(size, n))
	}
	return x.room
}

// Code returns the code of a text, and whether it was seen for the first time. key is the short key of the text as it is written, 0 for none.
func (x *Index) Code(text []byte, key uint64) (code uint32, first bool) {
	hash := Hash(text)
	code, slot, ok := Find(x, text, hash)
	if !ok && (x.Missing == nil || !x.Missing(text)) { // the few that are missing are not worth a place in the index
		room := x.roomFor(len(text))
		from := room.Len()
		room.Write(text)
		code, first = x.add(room.String()[from:], hash, slot), true
		x.Hashes = append(x.Hashes, hash)
	}
	if key != 0 {
		if n := min(len(x.slots)/2, mostRecents); n > len(x.recent) {
			x.remember(n)
		}
		x.recent[key*mixer>>x.shift] = recent{key, code}
	}
	return code, first
}

// ahead is how many texts are fetched at once.
const ahead = 64

// fetch looks at the slots of up to ahead hashes, and at the names that are likely theirs, so that Find finds them in the cache. The memory gives
// many at the same time, where one look after another would wait for each.
func (x *Index) fetch(hashes []uint32) {
	var slots [ahead]uint64
	mask := uint32(len(x.slots) - 1)
	for i, hash := range hashes {
		slots[i] = x.slots[hash&mask]
	}
	for i, hash := range hashes {
		if s := slots[i]; s != 0 && uint32(s>>32) == hash {
			if name := x.Names[uint32(s)-1]; name != "" {
				x.looked ^= name[0]
			}
		}
	}
}

// Join adds texts with their hashes, and appends their codes here to codes. New ones get the next codes in their order.
func (x *Index) Join(codes []uint32, names []string, hashes []uint32) []uint32 {
	fetched := 0
	for c, name := range names {
		if c >= fetched {
			fetched = min(c+ahead, len(names))
			x.fetch(hashes[c:fetched])
		}
		code, slot, ok := Find(x, name, hashes[c])
		if !ok {
			code = x.Add(name, hashes[c], slot)
		}
		codes = append(codes, code)
	}
	return codes
}
