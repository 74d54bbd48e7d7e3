package atomicfile

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestFailedWriteLeavesTheOldFileAndNothingElse(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "model.json")
	if err := Write(path, func(w io.Writer) error { _, err := io.WriteString(w, "old"); return err }); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("disk full")
	err := Write(path, func(w io.Writer) error { io.WriteString(w, "half"); return broken })
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), path) {
		t.Fatalf("error %v does not say what and where", err)
	}
	if got, _ := os.ReadFile(path); string(got) != "old" {
		t.Fatalf("file now holds %q", got)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Fatalf("left behind: %v", entries)
	}
}

// Before anything is computed, Try tells what Write would: a folder that does not exist, with what to do, or one in the place of the file. It leaves nothing.
func TestAPlaceIsTried(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "no", "such", "x.csv")
	for what, err := range map[string]error{"try": Try(path), "write": Write(path, hello)} {
		if want := "the folder " + filepath.Dir(path) + " does not exist: make it, or write elsewhere"; !errors.Is(err, os.ErrNotExist) || !strings.HasSuffix(err.Error(), want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v, want %s", what, err, want)
		}
	}
	if err := Try(dir); err == nil || !strings.Contains(err.Error(), "is a directory") {
		t.Error(err)
	}
	old := filepath.Join(dir, "old.csv")
	if err := Write(old, hello); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{old, filepath.Join(dir, "new.csv"), os.DevNull} {
		if err := Try(path); err != nil {
			t.Error(err)
		}
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
}

// A file that the user asked for is as open as any other that they make: 0666 under the umask. One that was there keeps its
// permissions.
func TestNewFilesObeyTheUmask(t *testing.T) {
	old := syscall.Umask(0o077)
	defer syscall.Umask(old)
	for _, c := range []struct {
		umask int
		want  os.FileMode
	}{{0o077, 0o600}, {0o022, 0o644}, {0o002, 0o664}} {
		syscall.Umask(c.umask)
		path := filepath.Join(t.TempDir(), "segments.csv")
		for range 2 {
			if err := Write(path, hello); err != nil {
				t.Fatal(err)
			}
			if info, err := os.Stat(path); err != nil || info.Mode().Perm() != c.want {
				t.Fatalf("umask %o gives %v, %v, want %v", c.umask, info.Mode(), err, c.want)
			}
			syscall.Umask(0) // the file is there already, so this does not matter
		}
		private := filepath.Join(t.TempDir(), "memo")
		if err := Private(private, hello); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(private); err != nil || info.Mode().Perm() != 0o600 {
			t.Fatalf("%v, %v: the program's own files are for their owner alone", info.Mode(), err)
		}
	}
}

func TestTemporaryFilesAreForTheirOwnerAlone(t *testing.T) {
	dir := t.TempDir()
	err := Write(filepath.Join(dir, "segments.csv"), func(io.Writer) error {
		entries, err := os.ReadDir(dir)
		if err != nil || len(entries) != 1 {
			t.Fatalf("%v, %v", entries, err)
		}
		if info, err := entries[0].Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info.Mode(), err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestPrivateFileStaysPrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "segments.csv")
	if err := errors.Join(Write(path, hello), os.Chmod(path, 0o600), Write(path, hello)); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v, want 0600", info.Mode(), err)
	}
}

func hello(w io.Writer) error { _, err := io.WriteString(w, "hello"); return err }

func TestALinkStaysALink(t *testing.T) {
	dir := t.TempDir()
	file, link := filepath.Join(dir, "march.csv"), filepath.Join(dir, "latest.csv")
	if err := errors.Join(os.WriteFile(file, nil, 0o644), os.Symlink(file, link)); err != nil {
		t.Skip("this system has no links: ", err)
	}
	if err := Write(link, hello); err != nil {
		t.Fatal(err)
	}
	got, _ := os.ReadFile(file)
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 || string(got) != "hello" {
		t.Errorf("the link is now %v (%v), the file holds %q", info.Mode(), err, got)
	}
}

func TestAPipeIsWrittenTo(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	path := fmt.Sprintf("/dev/fd/%d", w.Fd())
	if _, err := os.Stat(path); err != nil {
		t.Skip("this system does not name pipes: ", err)
	}
	if err := Write(path, hello); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, 5)
	if _, err := io.ReadFull(r, got); err != nil || string(got) != "hello" {
		t.Errorf("read %q, %v", got, err)
	}
}

func TestMissingFolderAndDirectoryAreNamed(t *testing.T) {
	dir := t.TempDir()
	for _, path := range []string{dir, filepath.Join(dir, "nowhere", "x")} {
		err := Write(path, func(io.Writer) error { return nil })
		if err == nil || !strings.Contains(err.Error(), path) {
			t.Fatalf("Write(%s) = %v", path, err)
		}
	}
}
