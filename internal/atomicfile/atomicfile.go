// Package atomicfile writes files and folders whole or not at all: beside the target first, then renamed over it. What a killed
// process has left in the making is cleared away by the next one that writes there.
package atomicfile

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Write calls fill with a buffered writer onto a temporary file beside path and renames it to path when all went well.
// On any error, a full disk included, path stays as it was and the temporary file is removed. A new file gets the permissions that
// the user's umask leaves; one that was there keeps its own: what was private stays private. The temporary file is for its
// owner alone. A link stays a link, and what it leads to is replaced. A device or a pipe,
// such as /dev/stdout, is written to, since renaming would take it away.
func Write(path string, fill func(io.Writer) error) error { return write(path, 0o666, fill) }

// WriteBytes is Write of what is in memory already.
func WriteBytes(path string, data []byte) error {
	return Write(path, func(w io.Writer) error { _, err := w.Write(data); return err })
}

// Private is Write of a file for its owner alone: what the program keeps for itself.
func Private(path string, fill func(io.Writer) error) error { return write(path, 0o600, fill) }

func write(path string, most os.FileMode, fill func(io.Writer) error) error {
	if info, err := os.Stat(path); err == nil && !info.IsDir() && !info.Mode().IsRegular() {
		if err := through(path, fill); err != nil {
			return fmt.Errorf("segkit: cannot write %s: %w", path, cause(err))
		}
		return nil
	}
	f, err := begin(path, most)
	if err != nil {
		return err
	}
	defer f.Abort()
	if err := pour(f.File, fill); err != nil {
		return fmt.Errorf("segkit: cannot write %s: %w (nothing was changed)", path, cause(err))
	}
	return f.Commit()
}

// Try is the error with which Write would not even begin: for those who compute long before they write. It leaves nothing behind.
func Try(path string) error {
	if info, err := os.Stat(path); err == nil && !info.IsDir() && !info.Mode().IsRegular() {
		return nil
	}
	f, err := Begin(path)
	if err == nil {
		f.Abort()
	}
	return err
}

// noFolder says of a place whose folder does not exist what to do.
type noFolder struct {
	folder string
	error
}

func (e noFolder) Error() string {
	return fmt.Sprintf("the folder %s does not exist: make it, or write elsewhere", e.folder)
}
func (e noFolder) Unwrap() error { return e.error }

// Pending is a file in the making, beside its place.
type Pending struct {
	*os.File
	path, target string // as it was named, and what that leads to
	mode         os.FileMode
}

// Begin begins a file: Commit puts it into its place, and Abort removes it. It is for those who cannot use Write.
func Begin(path string) (*Pending, error) { return begin(path, 0o666) }

func begin(path string, most os.FileMode) (*Pending, error) {
	p := &Pending{path: path, target: path}
	if linked, err := filepath.EvalSymlinks(path); err == nil {
		p.target = linked
	}
	if info, err := os.Stat(p.target); err == nil {
		if info.IsDir() {
			return nil, fmt.Errorf("segkit: %s is a directory: give the name of a file", path)
		}
		p.mode = info.Mode().Perm()
	}
	folder := filepath.Dir(p.target)
	f, err := claimFile(folder)
	if errors.Is(err, fs.ErrNotExist) {
		err = noFolder{folder, cause(err)}
	}
	if err == nil && p.mode == 0 {
		if p.mode, err = underUmask(f.Name(), most); err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}
	if err != nil {
		return nil, fmt.Errorf("segkit: cannot write %s: %w", path, cause(err))
	}
	p.File = f
	return p, nil
}

// Commit waits until the file is on the disk and puts it into its place.
func (p *Pending) Commit() error {
	err := p.Chmod(p.mode)
	if err == nil {
		err = p.Sync()
	}
	if err == nil {
		err = place(p.File, p.target)
	}
	if err != nil {
		return fmt.Errorf("segkit: cannot write %s: %w (nothing was changed)", p.path, cause(err))
	}
	p.File = nil
	return nil
}

// Abort removes the file, unless it is in its place.
func (p *Pending) Abort() {
	if p.File != nil {
		p.Close()
		os.Remove(p.Name())
		p.File = nil
	}
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

// DiskError says that the disk takes no more: trouble with the place, and not with what was to be written there.
type DiskError struct{ Err error }

func (e *DiskError) Error() string { return e.Err.Error() }
func (e *DiskError) Unwrap() error { return e.Err }

// onDisk is a file whose errors do not name it.
type onDisk struct{ *os.File }

func (o onDisk) Write(p []byte) (int, error) {
	n, err := o.File.Write(p)
	if err != nil {
		err = &DiskError{cause(err)}
	}
	return n, err
}

func pour(f *os.File, fill func(io.Writer) error) error {
	w := bufio.NewWriterSize(onDisk{f}, 1<<16)
	if err := fill(w); err != nil {
		return err
	}
	return w.Flush()
}

// cause drops the name of the temporary file, which means nothing to the reader.
func cause(err error) error {
	switch e := err.(type) {
	case *os.PathError:
		return e.Err
	case *os.LinkError:
		return e.Err
	}
	return err
}

// Overwrites reports whether what is written to path takes the place of the regular file read, whatever links lead there.
func Overwrites(path, read string) bool {
	first, err := os.Stat(path)
	second, err2 := os.Stat(read)
	return err == nil && err2 == nil && first.Mode().IsRegular() && os.SameFile(first, second)
}
