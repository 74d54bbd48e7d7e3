//go:build linux || darwin

// Package terminal asks the terminal that a program runs in.
package terminal

import (
	"os"
	"syscall"
	"unsafe"
)

// Columns is how wide the terminal behind f is, 0 where f is none.
func Columns(f *os.File) int {
	var size struct{ rows, columns, x, y uint16 }
	_, _, err := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), syscall.TIOCGWINSZ, uintptr(unsafe.Pointer(&size)))
	if err != 0 {
		return 0
	}
	return int(size.columns)
}
