package nb

// Which code is running: results that other code computed must not be taken for its own.

import (
	"crypto/sha256"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
)

// codeVersion tells builds of segkit apart. A released version has a checksum. In a checkout, where cells see every edit
// at once, it is the names, sizes and times of all files that make the program: looking at them takes about a millisecond, reading
// them ten times that. Where no sources are at hand it is the executable file.
//
// What else the program links must not count: a cell that draws a chart links more than one that does not, and both
// share what was computed.
var codeVersion = sync.OnceValue(func() string {
	h := sha256.New()
	fmt.Fprintln(h, runtime.Version(), runtime.GOARCH)
	info, _ := debug.ReadBuildInfo()
	if info == nil {
		return executable()
	}
	released := false
	for _, m := range info.Deps {
		switch m.Path {
		case "gonum.org/v1/gonum":
			fmt.Fprintln(h, m.Version)
		case "github.com/segkit/lab":
			fmt.Fprintln(h, m.Sum)
			released = m.Sum != "" && m.Replace == nil
		}
	}
	module := filepath.Dir(filepath.Dir(here))
	if !filepath.IsAbs(module) { // built with trimmed paths: the kernel's start says where the sources are
		module = os.Getenv("SEGKIT_SOURCES")
	}
	if !released && (module == "" || hashFiles(h, filepath.Join(module, "segkit")) != nil || hashFiles(h, filepath.Join(module, "datasets")) != nil) {
		return executable()
	}
	return sum(h)
})

// hashFiles writes name, size and time of each file under dir that may be part of the program: Go, assembly, or anything embedded.
// Tests and their data, hidden files and texts for people are not.
func hashFiles(h hash.Hash, dir string) error {
	return filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && e.Name() == "testdata":
			return fs.SkipDir
		case e.IsDir(), strings.HasPrefix(e.Name(), "."), strings.HasSuffix(path, "_test.go"), strings.HasSuffix(path, ".md"):
			return nil
		}
		info, err := e.Info()
		if err == nil {
			fmt.Fprintln(h, path, info.Size(), info.ModTime().UnixNano())
		}
		return err
	})
}

// executable identifies the running program by its file.
var executable = sync.OnceValue(func() string {
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	info, err := os.Stat(path)
	if err != nil {
		return ""
	}
	return fmt.Sprint(path, info.Size(), info.ModTime().UnixNano())
})

func sum(h hash.Hash) string { return fmt.Sprintf("%x", h.Sum(nil)) }
