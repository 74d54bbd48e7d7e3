package main

// While segkit is published nowhere, a project finds it in a folder of the checkout that answers as a module proxy does
// (https://go.dev/ref/mod#goproxy-protocol). The version says what is in it: the same sources give the same version on every machine.

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/sumdb/dirhash"
	"golang.org/x/mod/zip"

	"github.com/segkit/lab/internal/atomicfile"
)

const (
	proxyFolder     = ".tools/proxy"
	checkoutVersion = "v0.0.0-checkout-" // and twelve digits of the sources' checksum
)

// published is a version of segkit in the folder.
type published struct {
	Version string
	Mod     []byte // its go.mod
	Sum     string // its two lines of a go.sum
}

// proxyFile is where the folder keeps a file of a version.
func proxyFile(root, version, ending string) string {
	return filepath.Join(root, proxyFolder, filepath.FromSlash(labModule), "@v", version+ending)
}

// publish puts the checkout's packages into the folder, unless they are there.
func publish(root string) (made published, err error) {
	files, err := packaged(root)
	if err != nil {
		return made, err
	}
	if made.Mod, err = os.ReadFile(filepath.Join(root, "go.mod")); err != nil {
		return made, err
	}
	sources := sha256.New()
	for _, f := range files {
		text, err := os.ReadFile(filepath.Join(root, string(f)))
		if err != nil {
			return made, err
		}
		fmt.Fprintf(sources, "%s %x\n", f.Path(), sha256.Sum256(text))
	}
	made.Version = checkoutVersion + hex.EncodeToString(sources.Sum(nil))[:12]
	of := module.Version{Path: labModule, Version: made.Version}
	archive := proxyFile(root, made.Version, ".zip")
	if _, err := os.Stat(archive); err != nil {
		if err := os.MkdirAll(filepath.Dir(archive), 0o777); err != nil {
			return made, err
		}
		var in []zip.File
		for _, f := range files {
			in = append(in, inCheckout{f, root})
		}
		info := fmt.Sprintf("{\"Version\":%q,\"Time\":\"2000-01-01T00:00:00Z\"}\n", made.Version)
		for _, file := range []struct {
			ending string
			fill   func(io.Writer) error
		}{{".info", writing([]byte(info))}, {".mod", writing(made.Mod)}, {".zip", func(w io.Writer) error { return zip.Create(w, of, in) }}} {
			if err := atomicfile.Write(proxyFile(root, made.Version, file.ending), file.fill); err != nil {
				return made, err
			}
		}
	}
	content, err := dirhash.HashZip(archive, dirhash.Hash1)
	if err != nil {
		return made, err
	}
	mod, err := dirhash.Hash1([]string{"go.mod"}, func(string) (io.ReadCloser, error) { return os.Open(filepath.Join(root, "go.mod")) })
	if err != nil {
		return made, err
	}
	made.Sum = fmt.Sprintf("%s %s %s\n%[1]s %[2]s/go.mod %[4]s\n", labModule, made.Version, content, mod)
	return made, nil
}

// packaged lists what cells can import, and what that needs: the packages without their tests and without the commands.
func packaged(root string) ([]packagedFile, error) {
	files := []packagedFile{"go.mod", "LICENSE"}
	for _, top := range []string{"datasets", "internal", "segkit"} {
		err := fs.WalkDir(os.DirFS(root), top, func(name string, entry fs.DirEntry, err error) error {
			switch base := path.Base(name); {
			case err != nil:
				return err
			case entry.IsDir() && (base == "testdata" || base == "cmd" || strings.HasPrefix(base, ".")):
				return fs.SkipDir
			case entry.Type().IsRegular() && !strings.HasSuffix(base, "_test.go") && !strings.HasPrefix(base, "."):
				files = append(files, packagedFile(name))
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	slices.Sort(files)
	return files, nil
}

// packagedFile is the path of a file from the top of the checkout, with slashes.
type packagedFile string

func (f packagedFile) Path() string { return string(f) }

// inCheckout is such a file as archives take it.
type inCheckout struct {
	packagedFile
	root string
}

func (f inCheckout) Lstat() (fs.FileInfo, error) { return os.Lstat(f.name()) }
func (f inCheckout) Open() (io.ReadCloser, error) {
	return os.Open(f.name())
}
func (f inCheckout) name() string {
	return filepath.Join(f.root, filepath.FromSlash(string(f.packagedFile)))
}

// writing is how a text gets into a file.
func writing(text []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	}
}
