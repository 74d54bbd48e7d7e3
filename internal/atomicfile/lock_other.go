//go:build !unix || aix || solaris

package atomicfile

import "os"

// Without locks that end with their process nothing can be taken for abandoned: what a killed process has left stays.
const locks = false

func hold(*os.File) bool { return true }
func discard(string)     {}

// place closes the file first: Windows renames none that is open.
func place(f *os.File, target string) error {
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), target)
}
