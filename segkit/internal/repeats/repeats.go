// Package repeats counts how many of many texts came before, such as the ids of a file of any size, in bounded memory.
package repeats

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/segkit/lab/internal/atomicfile"
)

// Counter has seen texts. It keeps 64 bits of each, beyond a few million in a temporary file of sorted runs that are merged in the end.
// Two different texts have the same 64 bits about three times in a million files of ten million texts. The zero value has seen none.
type Counter struct {
	most   int      // hashes in memory; 0 is 2²¹, which are 16 MB
	hashes []uint64 // in no order
	spill  *os.File // sorted runs, one behind the other
	ends   []int64  // of the runs, in bytes
}

// Add sees one more text.
func (c *Counter) Add(text string) error {
	if c.most == 0 {
		c.most = 1 << 21
	}
	c.hashes = append(c.hashes, hash(text))
	if len(c.hashes) < c.most {
		return nil
	}
	return c.write()
}

// hash is FNV-1a (Fowler, Noll, Vo): the same in every process.
func hash(text string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(text) {
		h = (h ^ uint64(text[i])) * 1099511628211
	}
	return h
}

// write moves the hashes to the file.
func (c *Counter) write() error {
	if c.spill == nil {
		f, err := atomicfile.TempFile()
		if err != nil {
			return fmt.Errorf("segkit: no room for the ids of a large file: %w", err)
		}
		os.Remove(f.Name()) // so that it is gone whenever the process is; where that is not possible, Close removes it
		c.spill = f
	}
	slices.Sort(c.hashes)
	w := bufio.NewWriterSize(c.spill, 1<<16)
	err := binary.Write(w, binary.LittleEndian, c.hashes)
	if err == nil {
		err = w.Flush()
	}
	if err != nil {
		return fmt.Errorf("segkit: no room for the ids of a large file: %w", err)
	}
	end := int64(8 * len(c.hashes))
	if n := len(c.ends); n > 0 {
		end += c.ends[n-1]
	}
	c.ends, c.hashes = append(c.ends, end), c.hashes[:0]
	return nil
}

// Count returns how many texts came before, and ends the counter.
func (c *Counter) Count() (repeats int, err error) {
	defer c.Close()
	slices.Sort(c.hashes)
	at := 0
	runs := []func() (uint64, error){func() (uint64, error) {
		if at == len(c.hashes) {
			return 0, io.EOF
		}
		at++
		return c.hashes[at-1], nil
	}}
	from := int64(0)
	for _, end := range c.ends {
		r := bufio.NewReaderSize(io.NewSectionReader(c.spill, from, end-from), 1<<16)
		var word [8]byte
		runs = append(runs, func() (uint64, error) {
			_, err := io.ReadFull(r, word[:])
			return binary.LittleEndian.Uint64(word[:]), err
		})
		from = end
	}
	heads := make([]uint64, len(runs))
	open := make([]bool, len(runs))
	next := func(i int) {
		v, e := runs[i]()
		if heads[i], open[i] = v, e == nil; e != nil && e != io.EOF {
			err = e
		}
	}
	for i := range runs {
		next(i)
	}
	var last uint64
	for begun := false; ; begun = true {
		least := -1
		for i := range runs {
			if open[i] && (least < 0 || heads[i] < heads[least]) {
				least = i
			}
		}
		if least < 0 {
			return repeats, err
		}
		if begun && heads[least] == last {
			repeats++
		}
		last = heads[least]
		next(least)
	}
}

// Close gives the file back.
func (c *Counter) Close() {
	if c.spill != nil {
		c.spill.Close()
		os.Remove(c.spill.Name())
	}
	c.spill, c.ends, c.hashes = nil, nil, nil
}
