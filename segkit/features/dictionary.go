package features

// A column of texts while it is read: every distinct text gets a code.

import (
	"math"
	"slices"

	"github.com/segkit/lab/segkit/internal/intern"
)

// dictionary collects a column of texts.
type dictionary struct {
	texts // codes alone: the names are those of the index until whole hands both over
	intern.Index
}

// reset empties d and keeps its room.
func (d *dictionary) reset() {
	d.codes = slices.Grow(d.codes[:0], 1)
	d.Reset()
}

// whole is the column as it is so far.
func (d *dictionary) whole() texts {
	t := d.texts
	t.names = d.Names
	return t
}

// join appends the lines of a block. remap holds the codes here of the codes there, as far as they were met: new ones come in the
// order in which the block has them.
func (d *dictionary) join(from *column, remap []uint32) []uint32 {
	met := len(remap)
	remap = d.Join(remap, from.names[met:], from.hashes[met:])
	d.extend(from.codes, remap, len(d.Names))
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
			if code, slot, ok = intern.Find(&d.Index, from.names[c], from.hashes[c]); !ok {
				code = d.Add(from.names[c], from.hashes[c], slot)
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
		*d = dictionary{Index: from.Again()}
		d.codes = slices.Grow(d.codes, 1)
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
		v.dicts[m].Missing = p.noID
	}
	for j := range v.more {
		v.more[j].reset()
	}
	return v
}

// large reports whether it is time for another vocabulary.
func (v *vocabulary) large() bool {
	for m := range v.dicts {
		if len(v.dicts[m].Names) > mostTexts {
			return true
		}
	}
	for j := range v.more {
		if len(v.more[j].Names) > mostTexts {
			return true
		}
	}
	return false
}

// room makes room for n lines, of one byte a code until they need more.
func (t *texts) room(n int) { *t = texts{least: make([]uint8, 0, n), names: t.names} }

// extend adds lines, whose codes are those of another column, to codes of as few bytes as the texts so far need; to tells what the codes there are here.
func (t *texts) extend(codes, to []uint32, texts int) {
	if t.least != nil && texts > math.MaxUint8+1 {
		t.few, t.least = resized[uint16](t.least), nil
	}
	if t.few != nil && texts > math.MaxUint16+1 {
		t.codes, t.few = resized[uint32](t.few), nil
	}
	switch {
	case t.codes != nil:
		t.codes = translated(t.codes, codes, to)
	case t.few != nil:
		t.few = translated(t.few, codes, to)
	default:
		t.least = translated(t.least, codes, to)
	}
}

// translated appends what to says of each code.
func translated[T uint8 | uint16 | uint32](have []T, codes, to []uint32) []T {
	n := len(have)
	have = slices.Grow(have, len(codes))[:n+len(codes)]
	out := have[n:][:len(codes)]
	for i, c := range codes {
		out[i] = T(to[c])
	}
	return have
}

// cut keeps the first n lines.
func (t *texts) cut(n int) {
	switch {
	case t.codes != nil:
		t.codes = t.codes[:n]
	case t.few != nil:
		t.few = t.few[:n]
	default:
		t.least = t.least[:n]
	}
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
