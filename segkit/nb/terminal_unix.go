//go:build linux || darwin

package nb

import (
	"os"
	"syscall"
	"unsafe"
)

// terminalColumns is how wide the terminal behind f is, 0 where f is none.
func terminalColumns(f *os.File) int {
	var size struct{ rows, columns, x, y uint16 }
	_, _, err := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), syscall.TIOCGWINSZ, uintptr(unsafe.Pointer(&size)))
	if err != 0 {
		return 0
	}
	return int(size.columns)
}
