package atomicfile

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Stage makes a folder in dir in which things can be made ready, for its owner alone; remove removes it with all that is still in it. Where
// the process is killed, the next one that writes into dir removes it.
func Stage(dir string) (stage string, remove func(), err error) {
	stage, hold, err := claimFolder(dir)
	if err != nil {
		return "", nil, err
	}
	if !locks { // and an open folder might not be renamed
		hold.Close()
	}
	return stage, func() {
		os.RemoveAll(stage)
		hold.Close()
	}, nil
}

// Temp is Stage in the system's folder of temporary files.
func Temp() (dir string, remove func(), err error) { return Stage(os.TempDir()) }

// TempFile makes a file there, for its owner alone. Whoever calls it removes it.
func TempFile() (*os.File, error) { return claimFile(os.TempDir()) }

// renamed is an error that speaks of the folder by the name that it was to have.
type renamed struct {
	error
	stage, path string
}

func (e renamed) Error() string { return strings.ReplaceAll(e.error.Error(), e.stage, e.path) }
func (e renamed) Unwrap() error { return e.error }

// Folder makes the folder path: fill fills another one beside it, which is renamed. It is as open as the user's umask leaves it. Where path is an empty
// folder, somebody may be in it: it stays, and what belongs into it is moved there.
func Folder(path string, fill func(dir string) error) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return into(path, fill)
	}
	stage, remove, err := Stage(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer remove() // finds nothing once it is renamed
	if err := fill(stage); err != nil {
		return renamed{err, stage, path}
	}
	if err := os.Mkdir(stage+"m", 0o777); err != nil {
		return err
	}
	info, err := os.Stat(stage + "m")
	os.Remove(stage + "m")
	if err != nil {
		return err
	}
	if err := os.Chmod(stage, info.Mode().Perm()); err != nil {
		return err
	}
	return os.Rename(stage, path)
}

func into(path string, fill func(dir string) error) error {
	stage, remove, err := Stage(path)
	if err != nil {
		return err
	}
	defer remove()
	if entries, err := os.ReadDir(path); err != nil || len(entries) > 1 {
		return cmp.Or(err, fmt.Errorf("segkit: %s is not empty", path))
	}
	if err := fill(stage); err != nil {
		return renamed{err, stage, path}
	}
	entries, err := os.ReadDir(stage)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := os.Rename(filepath.Join(stage, e.Name()), filepath.Join(path, e.Name())); err != nil {
			return err
		}
	}
	return nil
}
