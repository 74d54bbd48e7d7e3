package marks

import "golang.org/x/sys/cpu"

var wide = cpu.X86.HasAVX2

// findAVX2 is plain for several times 64 bytes, at least once. It returns the high bits of the bytes, added up.
//
//go:noescape
func findAVX2(data *byte, words int, separator byte, out *words) (high uint64)
