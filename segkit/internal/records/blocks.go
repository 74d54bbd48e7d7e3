package records

import (
	"bytes"
	"cmp"
	"io"
	"runtime"
	"slices"
	"sync"
)

// A block is as much text as a worker reads at a time.
const (
	Size   = 256 << 10 // its usual length in bytes
	Behind = 16        // bytes of room at its end, so that cells may be looked at eight bytes at a time
	most   = 8 << 20   // bytes of the longest record, where the caller does not say
)

// Blocks cuts In into blocks of about Size bytes, each of whole records. What is longer than Longest without a whole record is a block too,
// and no CSV.
type Blocks struct {
	In      io.Reader
	Size    int
	Longest int               // bytes of a record; 0 is 8 MB
	Failed  func(error) error // makes of an error of In the one that is returned
	rest    []byte            // what is read but not yet handed out
	eof     bool
}

// parcel is one block on its way: read by any worker, joined in the order of the file.
type parcel[B any] struct {
	data []byte
	done chan B
}

// Expected is how many records a text of so many bytes has if it is like a block of size bytes that has some: a little more, since blocks differ.
func Expected(records, size int, bytes int64) int {
	return int(float64(records) * float64(bytes) / float64(size) * 1.02)
}

// Each cuts the text into blocks, of which any of several workers makes a B, and joins these in the order of the text. A worker gives
// the room of the block back, which it may have grown. An error is that of reading In, or the first of join, behind which no more is joined.
// A panic, of a worker or in reading In, is raised again on the caller's goroutine.
func Each[B any](blocks Blocks, worker func() func(data []byte) (B, []byte), join func(b B, size int) error) error {
	block, err := blocks.next(nil)
	if err != nil {
		return err
	}
	workers := runtime.GOMAXPROCS(0)
	jobs, ordered, stop := make(chan parcel[B], workers), make(chan parcel[B], 2*workers), make(chan struct{})
	used := make(chan []byte, 4*workers) // to be used again
	var ending sync.Once                 // what closes stop
	var raised any                       // by a panic; read when all have ended
	caught := func() {
		if p := recover(); p != nil {
			ending.Do(func() { raised = p; close(stop) })
		}
	}
	var failed error // of the producer; read after ordered is closed
	go func() {
		defer close(ordered)
		defer close(jobs)
		defer caught()
		for len(block) > 0 {
			j := parcel[B]{block, make(chan B, 1)}
			select {
			case jobs <- j:
			case <-stop:
				return
			}
			select {
			case ordered <- j:
			case <-stop:
				return
			}
			if block, failed = blocks.next(used); failed != nil {
				return
			}
		}
	}()
	var working sync.WaitGroup
	for range workers {
		working.Go(func() {
			defer caught()
			read := worker()
			for j := range jobs {
				b, room := read(j.data)
				j.done <- b
				select {
				case used <- room[:0]:
				default:
				}
			}
		})
	}
	joined := func() error {
		for j := range ordered {
			select {
			case b := <-j.done:
				if err := join(b, len(j.data)); err != nil {
					return err
				}
			case <-stop: // a panic
				return nil
			}
		}
		return nil
	}
	if err = joined(); err != nil {
		ending.Do(func() { close(stop) })
	}
	for range ordered { // the producer may still be reading; wait for its end
	}
	working.Wait()
	if raised != nil {
		panic(raised)
	}
	return cmp.Or(err, failed)
}

// next returns the next block, in the room of a used one if there is any, or nil at the end of the text.
func (b *Blocks) next(used chan []byte) ([]byte, error) {
	if b.eof && len(b.rest) == 0 {
		return nil, nil
	}
	var block []byte
	select {
	case block = <-used:
	default:
	}
	block = append(block, b.rest...)
	b.rest = b.rest[:0]
	for want := b.Size; ; want *= 2 {
		var err error
		if block, err = b.fill(block, want); err != nil {
			return nil, err
		}
		if b.eof {
			return block, nil
		}
		if cut := LastEnd(block); cut > 0 {
			b.rest = append(b.rest, block[cut:]...)
			return block[:cut], nil
		}
		if len(block) >= cmp.Or(b.Longest, most) { // the worker says where the trouble starts
			return block, nil
		}
	}
}

// fill reads until block has want more bytes, or the text ends.
func (b *Blocks) fill(block []byte, want int) ([]byte, error) {
	from := len(block)
	block = slices.Grow(block, want+Behind)
	for len(block) < from+want && !b.eof {
		n, err := b.In.Read(block[len(block) : from+want])
		block = block[:len(block)+n]
		if err == io.EOF {
			b.eof = true
		} else if err != nil {
			return nil, b.Failed(err)
		}
	}
	return block, nil
}

// LastEnd returns where the last whole record of data ends: behind a line end with an even number of quotes before
// it. Strict CSV has quotes only around fields and doubled within, so even means outside. Where a file breaks that rule,
// the first record that does stands in a block that was cut right, and is reported from there.
func LastEnd(data []byte) int {
	inside := bytes.Count(data, []byte{'"'})%2 == 1
	for end := len(data); ; {
		i := bytes.LastIndexByte(data[:end], '\n')
		if i < 0 {
			return 0
		}
		if bytes.Count(data[i:end], []byte{'"'})%2 == 1 {
			inside = !inside
		}
		if !inside {
			return i + 1
		}
		end = i
	}
}
