package features

// A column of texts while it is read: every distinct text gets a code.

import (
	"encoding/binary"
	"hash/maphash"
	"math"
	"math/bits"
	"slices"
	"strings"
)

// dictionary collects a column of texts. Its index is a hash table with open addressing, which holds the hashes too: a text that is new is mostly
// told by one look at it. Codes go by first appearance, so the seed of the hash never shows.
type dictionary struct {
	texts
	hashes  []uint32          // by code, while a worker reads: joining dictionaries hashes nothing again
	slots   []uint64          // hash in the upper half, code + 1 in the lower, 0 for free; at least twice as many as codes
	room    strings.Builder   // of the latest names
	missing func(string) bool // texts that stand for "no value"; nil for none but ""
	recent  []recent          // by the upper bits of a mixed key: short texts found before, without looking at their names
	shift   int               // takes a mixed key to its place in recent
	looked  byte              // what fetch saw, which it would not look at otherwise
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

// shortKey returns a text of up to 7 bytes as a number, 0 for a longer or an empty one. It looks at the bytes behind the text.
func shortKey(b []byte) uint64 {
	n := len(b)
	if n > 7 || cap(b) < 8 {
		return 0
	}
	return binary.LittleEndian.Uint64(b[:8])<<(64-8*n)>>(64-8*n) | uint64(n)<<56
}

var hashSeed = maphash.MakeSeed()

func hashOfText(text string) uint64 { return maphash.String(hashSeed, text) }

// slotHash is as much of a hash as a slot holds.
func slotHash(text []byte) uint32 { return uint32(maphash.Bytes(hashSeed, text) >> 32) }

// reset empties d and keeps its room.
func (d *dictionary) reset() {
	if d.slots == nil {
		d.slots = make([]uint64, 1<<10)
	}
	clear(d.slots)
	d.codes, d.names, d.room = slices.Grow(d.codes[:0], 1), nil, strings.Builder{} // others may still hold the old ones
	d.remember(leastRecents)
	hash := slotHash(nil)
	d.hashes = []uint32{hash}
	d.code("", hash, d.free(hash))
}

// remember makes room for so many short texts, a power of two.
func (d *dictionary) remember(n int) {
	d.recent, d.shift = make([]recent, n), 64-bits.TrailingZeros(uint(n))
}

// lookUp returns the code of a text, or false and the slot for it if it has none yet.
func lookUp[T string | []byte](d *dictionary, text T, hash uint32) (code, slot uint32, ok bool) {
	mask := uint32(len(d.slots) - 1)
	for slot = hash & mask; d.slots[slot] != 0; slot = (slot + 1) & mask {
		if s := d.slots[slot]; uint32(s>>32) == hash && d.names[uint32(s)-1] == string(text) {
			return uint32(s) - 1, slot, true
		}
	}
	return 0, slot, false
}

// free returns the first free slot for a hash.
func (d *dictionary) free(hash uint32) uint32 {
	mask := uint32(len(d.slots) - 1)
	slot := hash & mask
	for d.slots[slot] != 0 {
		slot = (slot + 1) & mask
	}
	return slot
}

// code gives name, which has none, the next code, and the slot that lookUp found for it.
func (d *dictionary) code(name string, hash, slot uint32) uint32 {
	if len(d.names) == cap(d.names) { // twice as much each time: names are many, and what they leave behind counts until it is collected
		d.names = slices.Grow(d.names, max(len(d.names), 8))
	}
	if 2*(len(d.names)+1) > len(d.slots) {
		old := d.slots
		d.slots = make([]uint64, 2*len(old))
		for _, s := range old {
			if s != 0 {
				d.slots[d.free(uint32(s>>32))] = s
			}
		}
		slot = d.free(hash)
	}
	c := uint32(len(d.names))
	d.names = append(d.names, d.keep(name))
	d.slots[slot] = uint64(hash)<<32 | uint64(c+1)
	return c
}

// Bytes of names that share one piece of memory, at least and at most.
const leastRoom, mostRoom = 1 << 8, 1 << 16

// keep copies a name to where others are: that is quicker than a piece of memory for each, and less for the garbage collector to look at.
func (d *dictionary) keep(name string) string {
	if d.room.Cap()-d.room.Len() < len(name) {
		size := min(max(2*d.room.Cap(), leastRoom), mostRoom)
		d.room = strings.Builder{}
		d.room.Grow(max(size, len(name)))
	}
	from := d.room.Len()
	d.room.WriteString(name)
	return d.room.String()[from:]
}

// find returns the code of a text with its short key, and whether it was seen for the first time.
func (d *dictionary) find(text []byte, key uint64) (code uint32, first bool) {
	hash := slotHash(text)
	code, slot, ok := lookUp(d, text, hash)
	if !ok && (d.missing == nil || !d.missing(string(text))) { // the few that are missing are not worth a place in the index
		code, first = d.code(string(text), hash, slot), true
		d.hashes = append(d.hashes, hash)
	}
	if key != 0 {
		if n := len(d.slots) / 2; n > len(d.recent) && n <= mostRecents {
			d.remember(n)
		}
		d.recent[key*mixer>>d.shift] = recent{key, code}
	}
	return code, first
}

// ahead is how many texts are fetched at once.
const ahead = 64

// fetch looks at the slots of up to ahead hashes, and at the names that are likely theirs, so that lookUp finds them in the cache. The memory gives
// many at the same time, where one look-up after another would wait for each.
func (d *dictionary) fetch(hashes []uint32) {
	var slots [ahead]uint64
	mask := uint32(len(d.slots) - 1)
	for i, hash := range hashes {
		slots[i] = d.slots[hash&mask]
	}
	for i, hash := range hashes {
		if s := slots[i]; s != 0 && uint32(s>>32) == hash {
			if name := d.names[uint32(s)-1]; name != "" {
				d.looked ^= name[0]
			}
		}
	}
}

// join appends the lines of a block. remap holds the codes here of the codes there, as far as they were met: new ones come in the
// order in which the block has them.
func (d *dictionary) join(from *column, remap []uint32) []uint32 {
	fetched := 0
	for c := len(remap); c < len(from.names); c++ {
		if c >= fetched {
			fetched = min(c+ahead, len(from.names))
			d.fetch(from.hashes[c:fetched])
		}
		code, slot, ok := lookUp(d, from.names[c], from.hashes[c])
		if !ok {
			code = d.code(from.names[c], from.hashes[c], slot)
		}
		remap = append(remap, code)
	}
	n := len(d.codes)
	d.codes = slices.Grow(d.codes, len(from.codes))[:n+len(from.codes)]
	to := d.codes[n:][:len(from.codes)]
	for i, c := range from.codes {
		to[i] = remap[c]
	}
	return remap
}

// unmet stands in a remap for texts that are not in the dictionary yet.
const unmet = math.MaxUint32

// pick is join for some of the lines of a block.
func (d *dictionary) pick(from *column, rows []int32, remap []uint32) []uint32 {
	for len(remap) < len(from.names) {
		remap = append(remap, unmet)
	}
	for _, i := range rows {
		c := from.codes[i]
		code := remap[c]
		if code == unmet {
			var ok bool
			var slot uint32
			if code, slot, ok = lookUp(d, from.names[c], from.hashes[c]); !ok {
				code = d.code(from.names[c], from.hashes[c], slot)
			}
			remap[c] = code
		}
		d.texts.append(code)
	}
	return remap
}

// column is a column of texts of one block.
type column struct {
	texts
	hashes []uint32
}

// vocabulary is the texts that one worker has met in its blocks.
type vocabulary struct {
	dicts [meanings]dictionary // of the meanings that are texts
	more  []dictionary
	named []uint32   // by product: the code of the name it had last
	remap [][]uint32 // by column: what the dictionaries of the joiner call these texts
	owner *joiner    // whose remap it is
}

// mostTexts is how many texts of a column a worker keeps over its blocks: not more than the cache of one processor holds.
const mostTexts = 1 << 13

// again returns an empty vocabulary with the room of v, which its worker has done with.
func (v *vocabulary) again(p *plan) *vocabulary {
	next := &vocabulary{more: make([]dictionary, len(v.more)), remap: make([][]uint32, len(v.remap))}
	renew := func(d, from *dictionary) {
		*d = dictionary{slots: from.slots, missing: from.missing}
		d.reset()
		d.names, d.hashes = slices.Grow(d.names, len(from.names)), slices.Grow(d.hashes, len(from.names))
	}
	for _, m := range textMeanings {
		if p.reads(m) {
			renew(&next.dicts[m], &v.dicts[m])
		}
	}
	for j := range v.more {
		renew(&next.more[j], &v.more[j])
	}
	return next
}

func newVocabulary(p *plan) *vocabulary {
	v := &vocabulary{more: make([]dictionary, len(p.described())), remap: make([][]uint32, int(meanings)+len(p.described()))}
	for _, m := range textMeanings {
		if p.reads(m) {
			v.dicts[m].reset()
		}
	}
	for _, m := range [...]meaning{orderColumn, customerColumn, productColumn} {
		v.dicts[m].missing = p.noID
	}
	for j := range v.more {
		v.more[j].reset()
	}
	return v
}

// large reports whether it is time for another vocabulary.
func (v *vocabulary) large() bool {
	for m := range v.dicts {
		if len(v.dicts[m].names) > mostTexts {
			return true
		}
	}
	for j := range v.more {
		if len(v.more[j].names) > mostTexts {
			return true
		}
	}
	return false
}

// append adds a line to codes of as few bytes as they have needed so far.
func (t *texts) append(code uint32) {
	switch {
	case t.codes != nil:
		t.codes = append(t.codes, code)
	case t.few != nil && code <= math.MaxUint16:
		t.few = append(t.few, uint16(code))
	case t.few != nil:
		t.codes = append(resized[uint32](t.few), code)
		t.few = nil
	case code <= math.MaxUint8:
		t.least = append(t.least, uint8(code))
	default:
		t.few, t.least = resized[uint16](t.least), nil
		t.append(code)
	}
}

// compact takes one or two bytes for each code from now on, where there are few texts.
func (t *texts) compact() {
	switch {
	case t.codes == nil:
	case len(t.names) <= math.MaxUint8+1:
		t.codes, t.least = nil, resized[uint8](t.codes)
	case len(t.names) <= math.MaxUint16+1:
		t.codes, t.few = nil, resized[uint16](t.codes)
	}
}

// resized returns numbers that fit into another size, with as much room for more.
func resized[To, From uint8 | uint16 | uint32 | int16 | int32 | int64](from []From) []To {
	to := make([]To, len(from), cap(from))
	for i, v := range from {
		to[i] = To(v)
	}
	return to
}
