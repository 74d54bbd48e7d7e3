// Package atomicfile writes files whole or not at all: beside the target first, then renamed over it.
package atomicfile

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Write calls fill with a buffered writer onto a temporary file beside path and renames it to path when all went well.
// On any error, a full disk included, path stays as it was and the temporary file is removed. A new file gets the permissions that
// the user's umask leaves; one that was there keeps its own: what was private stays private. The temporary file is for its
// owner alone. A link stays a link, and what it leads to is replaced. A device or a pipe,
// such as /dev/stdout, is written to, since renaming would take it away.
func Write(path string, fill func(io.Writer) error) error { return write(path, 0o666, fill) }

// Private is Write of a file for its owner alone: what the program keeps for itself.
func Private(path string, fill func(io.Writer) error) error { return write(path, 0o600, fill) }

func write(path string, most os.FileMode, fill func(io.Writer) error) error {
	target, mode := path, os.FileMode(0)
	if linked, err := filepath.EvalSymlinks(path); err == nil {
		target = linked
	}
	if info, err := os.Stat(target); err == nil {
		switch {
		case info.IsDir():
			return fmt.Errorf("segkit: %s is a directory: give the name of a file", path)
		case !info.Mode().IsRegular():
			if err := through(target, fill); err != nil {
				return fmt.Errorf("segkit: cannot write %s: %w", path, cause(err))
			}
			return nil
		}
		mode = info.Mode().Perm()
	}
	f, err := os.CreateTemp(filepath.Dir(target), ".segkit-*")
	if err != nil {
		return fmt.Errorf("segkit: cannot write %s: %w", path, cause(err))
	}
	if mode == 0 {
		mode, err = underUmask(f.Name(), most)
	}
	if err == nil {
		err = replace(target, f, mode, fill)
	}
	if err != nil {
		f.Close()
		os.Remove(f.Name())
		return fmt.Errorf("segkit: cannot write %s: %w (nothing was changed)", path, cause(err))
	}
	return nil
}

// underUmask returns the permissions that a new file of at most mode gets beside name. The umask itself cannot be read without being
// changed for the whole program, so an empty file is asked.
func underUmask(name string, mode os.FileMode) (os.FileMode, error) {
	f, err := os.OpenFile(name+"m", os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return 0, err
	}
	info, err := f.Stat()
	f.Close()
	os.Remove(f.Name())
	if err != nil {
		return 0, err
	}
	return info.Mode().Perm(), nil
}

// replace fills the temporary file f and makes it target.
func replace(target string, f *os.File, mode os.FileMode, fill func(io.Writer) error) error {
	if err := pour(f, fill); err != nil {
		return err
	}
	if err := f.Chmod(mode); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), target)
}

// through writes to what is no regular file.
func through(path string, fill func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	if err := pour(f, fill); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

func pour(f *os.File, fill func(io.Writer) error) error {
	w := bufio.NewWriterSize(f, 1<<16)
	if err := fill(w); err != nil {
		return err
	}
	return w.Flush()
}

// cause drops the name of the temporary file, which means nothing to the reader.
func cause(err error) error {
	if p, ok := err.(*os.PathError); ok {
		return p.Err
	}
	return err
}
