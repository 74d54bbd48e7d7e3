package features

// What a file holds, record by record, beside its order lines: counted while it is inspected, in memory that does not grow with it.

import (
	"hash/maphash"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/cell"
)

// survey is what the records of a block, or of a file, have shown.
type survey struct {
	columns []surveyed // of the file
	missing *cell.Missing
	every   bool // the numbers, dates and texts of every column are looked at: the file is no order file, or not yet
	records int
	hashes  []uint64 // of the records of one block
	faults  []*fault.CellError
	invalid bool // some bytes are not UTF-8
}

// surveyed is one column of the file.
type surveyed struct {
	missing []int // cells by marker; empty ones behind the last
	filled  int
	first   string // that is not missing
	numbers cell.Numbers
	dates   cell.Dates
	texts   map[uint64]bool // hashes of different texts, at most mostLevels
	ids     []uint64        // hashes of the cells of a block that is not missing, where they may be ids
}

// mostLevels is how many different texts of a column are told apart: more are no categories.
const mostLevels = 1000

// keys is how many columns, from the first, are looked at as ids of customers.
const keys = 3

func newSurvey(width int, missing *cell.Missing, every bool) *survey {
	s := &survey{columns: make([]surveyed, width), missing: missing, every: every}
	for j := range s.columns {
		s.columns[j].missing = make([]int, len(missing.Names())+1)
		s.columns[j].texts = map[uint64]bool{}
	}
	return s
}

// grid counts the records in the grid of a scanner.
func (s *survey) grid(from *scanner) {
	s.records += len(from.starts)
	s.invalid = s.invalid || !utf8.Valid(from.data[:from.end])
	s.hashes = slices.Grow(s.hashes, len(from.starts))
	for i := range from.starts {
		s.hashes = append(s.hashes, maphash.Bytes(hashSeed, from.record(i)))
	}
	for j := range s.columns {
		c := &s.columns[j]
		for i, at := range from.columns[j] {
			f := trim(from.data[at.from:at.to])
			m := s.missing.Find(f)
			if m < 0 && len(f) == 0 {
				m = len(c.missing) - 1
			}
			if m >= 0 {
				c.missing[m]++
				continue
			}
			if c.filled++; c.filled == 1 {
				c.first = string(f[:min(len(f), 60)])
			}
			if s.every {
				c.look(f, int(from.starts[i]), j < keys)
			}
		}
	}
}

// look takes one cell as evidence of what its column holds.
func (c *surveyed) look(f []byte, line int, id bool) {
	hash := maphash.Bytes(hashSeed, f)
	if id {
		c.ids = append(c.ids, hash)
	}
	if len(c.texts) < mostLevels {
		c.texts[hash] = true
	}
	if _, _, ok := c.numbers.Add(f, line); !ok && c.numbers.Count() == 0 || c.dates.Count() > 0 {
		c.dates.Add(f, line)
	}
}

// kindOf is a reason without its numbers: what faults of one kind share.
func kindOf(why string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, why)
}

// mostFaults is how many kinds of faults are told apart.
const mostFaults = 20

// fault counts what cannot be read, by its kind.
func (s *survey) fault(e *fault.CellError) {
	e.Count = max(e.Count, 1)
	for _, f := range s.faults {
		if f.Column == e.Column && kindOf(f.Why) == kindOf(e.Why) {
			f.Count += e.Count
			return
		}
	}
	if len(s.faults) < mostFaults {
		s.faults = append(s.faults, e)
	}
}

// join adds what the next block has shown, which has so many lines before it.
func (s *survey) join(from *survey, before int) {
	s.records += from.records
	s.invalid = s.invalid || from.invalid
	for _, e := range from.faults {
		e.Line += before
		s.fault(e)
	}
	for j := range s.columns {
		c, f := &s.columns[j], &from.columns[j]
		for m, n := range f.missing {
			c.missing[m] += n
		}
		if c.first == "" {
			c.first = f.first
		}
		c.filled += f.filled
		c.numbers.Merge(&f.numbers, before)
		c.dates.Merge(&f.dates, before)
		for hash := range f.texts {
			if len(c.texts) < mostLevels {
				c.texts[hash] = true
			}
		}
	}
}

// hashed collects hashes, and counts the different ones at the end: eight bytes for each that is added. They lie in buckets by their
// first byte, which are counted one after another, so that the table in which they are looked up stays small.
type hashed struct {
	buckets [256][][]uint64 // pages of page hashes
	added   int
}

// page is how many hashes are made room for at a time.
const page = 512

func (h *hashed) add(hash uint64) {
	b := &h.buckets[hash>>56]
	if n := len(*b); n == 0 || len((*b)[n-1]) == page {
		*b = append(*b, make([]uint64, 0, page))
	}
	last := &(*b)[len(*b)-1]
	*last = append(*last, hash)
	h.added++
}

// different is how many different hashes were added.
func (h *hashed) different() (n int) {
	var slots []uint64
	for _, pages := range h.buckets {
		size := 1
		for size < 2*page*len(pages) {
			size *= 2
		}
		if len(slots) < size {
			slots = make([]uint64, size)
		}
		clear(slots[:size])
		mask := uint64(size - 1)
		for _, hashes := range pages {
			for _, hash := range hashes {
				hash |= 1 // 0 is free: half a bit of 64 is given up
				p := hash >> 1 & mask
				for slots[p] != 0 && slots[p] != hash {
					p = (p + 1) & mask
				}
				if slots[p] == 0 {
					slots[p] = hash
					n++
				}
			}
		}
	}
	return n
}

// again is how many were added that had been added before.
func (h *hashed) again() int { return h.added - h.different() }
