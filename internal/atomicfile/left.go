package atomicfile

// What is in the making is locked by the process that makes it, and the system ends the lock with the process, however that ends. So what is
// not locked was left, and goes. The lock is on the thing itself: there is no file of locks that could stay.

import (
	"os"
	"path/filepath"
	"regexp"
	"sync"
)

// making begins the names of files and folders in the making; left is what they look like, with those that ask for the umask.
const making = ".segkit-"

var left = regexp.MustCompile(`^\.segkit-\d+m?$`)

// swept are the folders in which this process has looked already.
var swept sync.Map

// sweep removes what killed processes have left in a folder.
func sweep(dir string) {
	name, err := filepath.Abs(dir)
	if err != nil {
		return
	}
	if _, before := swept.LoadOrStore(name, true); before {
		return
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if left.MatchString(e.Name()) {
			discard(filepath.Join(dir, e.Name()))
		}
	}
}

// claimFile makes a temporary file in dir and locks it, another one if somebody takes it for abandoned in between.
func claimFile(dir string) (*os.File, error) {
	sweep(dir)
	for {
		f, err := os.CreateTemp(dir, making)
		if err != nil || hold(f) {
			return f, err
		}
		f.Close()
	}
}

// claimFolder makes a temporary folder in dir and locks it for as long as the file is open.
func claimFolder(dir string) (string, *os.File, error) {
	sweep(dir)
	for {
		name, err := os.MkdirTemp(dir, making)
		if err != nil {
			return "", nil, err
		}
		name = filepath.Clean(name) // as what is joined to it
		f, err := os.Open(name)
		if err != nil {
			os.Remove(name)
			return "", nil, err
		}
		if hold(f) {
			return name, f, nil
		}
		f.Close()
	}
}
