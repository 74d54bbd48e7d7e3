package marks

import "golang.org/x/sys/cpu"

var wide = cpu.X86.HasAVX2

// findAVX2 is plain for several times 64 bytes, at least once. The kinds of the bytes are what it returns.
//
//go:noescape
func findAVX2(data *byte, words int, separator byte, out *words) (high, zero uint64)
