// Package fuzzing holds what every fuzz target asks beside the laws of its own reader: that reading ends, and that it takes no more memory than
// its input accounts for. Only tests import it.
package fuzzing

import (
	"runtime/metrics"
	"testing"
	"time"
)

// What reading may allocate in all, freed or not: buffers that any file gets, and so much for each byte of it. A length that a hostile file only
// claims asks for gigabytes.
const (
	forAnyFile  = 512 << 20
	forEachByte = 16 << 10
)

// forever is how long a reader of some kilobytes may take on a machine that does much else: what takes longer does not end.
const forever = 5 * time.Minute

// Bounded calls read, which reads an input of so many bytes, and fails if it allocates more than that accounts for, or does not end.
func Bounded(t *testing.T, bytes int, read func()) {
	t.Helper()
	over := time.AfterFunc(forever, func() { panic("reading does not end") })
	defer over.Stop()
	before := allocated()
	read()
	if got, most := allocated()-before, uint64(forAnyFile+forEachByte*bytes); got > most {
		t.Errorf("reading %d bytes allocates %d MB, at most %d are accounted for", bytes, got>>20, most>>20)
	}
}

// allocated is how many bytes this process has allocated so far.
func allocated() uint64 {
	s := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}
