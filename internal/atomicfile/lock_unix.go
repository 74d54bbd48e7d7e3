//go:build unix && !aix && !solaris

package atomicfile

import (
	"os"
	"syscall"
)

const locks = true

// hold locks what f has open, and says whether it is still there: another process may have taken it for abandoned just before. Where a file
// system has no locks nobody can hold any, and nothing is taken for abandoned.
func hold(f *os.File) bool {
	if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == syscall.EWOULDBLOCK {
		return false
	}
	open, err := f.Stat()
	if err != nil {
		return false
	}
	named, err := os.Stat(f.Name())
	return err == nil && os.SameFile(open, named)
}

// discard removes a file or a folder of this user's that no process holds.
func discard(path string) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return
	}
	if owner, ok := info.Sys().(*syscall.Stat_t); !ok || int(owner.Uid) != os.Geteuid() {
		return
	}
	if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
		os.RemoveAll(path)
	}
}

// place renames the file while it is locked still, so that nobody takes it for abandoned, and closes it.
func place(f *os.File, target string) error {
	if err := os.Rename(f.Name(), target); err != nil {
		return err
	}
	f.Close() // it is on the disk already
	return nil
}
