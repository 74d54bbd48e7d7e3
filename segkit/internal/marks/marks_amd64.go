package marks

import "golang.org/x/sys/cpu"

var wide = cpu.X86.HasAVX2

// findAVX2 is Find for whole words of 64 bytes, of which there is at least one.
//
//go:noescape
func findAVX2(data *byte, words int, separator byte, out *uint64)
