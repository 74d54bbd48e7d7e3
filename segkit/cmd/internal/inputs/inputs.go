// Package inputs identifies the files that a result was made from, so that it can be told apart from another and repeated.
package inputs

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"

	"github.com/segkit/lab/segkit/internal/kept"
)

// File is a file with what is in it.
type File struct {
	Path   string `json:"path"` // as it was named
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
}

// Of returns the file of that name, and the options for reading it that are kept beside it, if there are any. A relative name is seen from the folder.
func Of(name, folder string) ([]File, error) {
	file, err := of(name, folder)
	if err != nil {
		return nil, err
	}
	files := []File{file}
	if options, err := of(name+kept.Suffix, folder); err == nil {
		files = append(files, options)
	}
	return files, nil
}

func of(name, folder string) (File, error) {
	path := name
	if !filepath.IsAbs(path) {
		path = filepath.Join(folder, path)
	}
	f, err := os.Open(path)
	if err != nil {
		return File{}, err
	}
	defer f.Close()
	h := sha256.New()
	size, err := io.Copy(h, f)
	return File{name, hex.EncodeToString(h.Sum(nil)), size}, err
}
