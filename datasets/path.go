package datasets

// Where the file of a public set is: in SEGKIT_DATA, else in the user's cache, else fetched by the command segkit.

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// ErrChecksum is wrapped if a file exists but its content is not the published one.
var ErrChecksum = errors.New("the content is not the published one")

// CacheDir is the folder for downloaded sets: segkit in the user's cache folder.
func CacheDir() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("segkit: no cache folder: %w: set SEGKIT_DATA to a folder that holds the data sets", err)
	}
	return filepath.Join(dir, "segkit"), nil
}

// Find returns where the file of a public set is, and never downloads: it looks first in the folder named by
// SEGKIT_DATA, then in CacheDir. A file with a wrong checksum is an error that wraps ErrChecksum; one that is in
// neither place is an error that wraps fs.ErrNotExist. It costs reading the file once, 10 ms for online-retail.
func Find(name string) (string, error) {
	set, err := Lookup(name)
	if err != nil {
		return "", err
	}
	cache, err := CacheDir()
	if err != nil && os.Getenv("SEGKIT_DATA") == "" {
		return "", err
	}
	for _, dir := range []string{os.Getenv("SEGKIT_DATA"), cache} {
		if dir == "" {
			continue
		}
		file := filepath.Join(dir, filepath.FromSlash(set.File))
		for _, path := range []string{file, strings.TrimSuffix(file, ".gz")} {
			if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err := set.Check(path); err != nil {
				return "", err
			}
			return path, nil
		}
	}
	return "", fmt.Errorf("segkit: data set %q is not on this machine: %w: run %q (without the command installed, %q), or download %s by hand and run %q",
		name, fs.ErrNotExist, "segkit data get "+name, "go run github.com/segkit/lab/segkit/cmd/segkit data get "+name, set.URL,
		"segkit data get "+name+" --from FILE")
}

// absent reports whether name is a public set that is not on this machine.
func absent(name string) bool {
	if _, err := Lookup(name); err != nil {
		return false
	}
	_, err := Find(name)
	return errors.Is(err, fs.ErrNotExist)
}

// Check compares the content of the file at path with the published one. A compressed file is uncompressed for this only if
// neither its own checksum nor the one noted beside it at an earlier check is recognised. Wrong content is an error that
// wraps ErrChecksum.
func (s Set) Check(path string) error {
	stored, err := sum(path, false)
	if err != nil {
		return fmt.Errorf("segkit: data set %q: %w", s.Name, err)
	}
	compressed := strings.HasSuffix(path, ".gz")
	if stored == s.SHA256 || compressed && (stored == s.Stored || stored == noted(path)) {
		return nil
	}
	content := stored
	if compressed {
		if content, err = sum(path, true); err != nil {
			return fmt.Errorf("segkit: data set %q: %s: %w: it is cut off or not gzip; %s", s.Name, path, err, remedy(s.Name))
		}
	}
	if content != s.SHA256 {
		return fmt.Errorf("segkit: data set %q: %s: %w: its sha256 is %s, the published one %s; %s",
			s.Name, path, ErrChecksum, content, s.SHA256, remedy(s.Name))
	}
	return nil
}

func remedy(name string) string {
	return fmt.Sprintf("move that file away and run %q", "segkit data get "+name)
}

// NoteSuffix is appended to the name of a compressed file for the note that its content was found right: the sha256 of
// the file as it is stored.
const NoteSuffix = ".sha256"

func noted(path string) string {
	note, err := os.ReadFile(path + NoteSuffix)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(note))
}

// sum returns the sha256 of a file, or of what it uncompresses to.
func sum(path string, uncompress bool) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	r := io.Reader(f)
	if uncompress {
		if r, err = gzip.NewReader(f); err != nil {
			return "", err
		}
	}
	h := sha256.New()
	if _, err := io.Copy(h, r); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
