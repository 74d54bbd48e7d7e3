package datasets

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A cell of a notebook links this package: a web client would cost each of them a fifth of a second.
func TestNoWebClientIsLinked(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	deps := strings.Fields(string(out))
	if !slices.Contains(deps, "compress/gzip") {
		t.Error("go list does not list what it should")
	}
	for _, far := range []string{"net/http", "crypto/tls", "net"} {
		if slices.Contains(deps, far) {
			t.Errorf("package datasets depends on %s", far)
		}
	}
}

func TestSetsAreWhole(t *testing.T) {
	for _, s := range Sets() {
		if s.Title == "" || s.From == "" || s.Licence == "" || !strings.HasPrefix(s.URL, "https://") {
			t.Errorf("%s lacks something: %+v", s.Name, s)
		}
		if hexes := len(s.SHA256); hexes != 64 {
			t.Errorf("%s: sha256 of %d digits", s.Name, hexes)
		}
		if strings.HasSuffix(s.File, ".gz") != (len(s.Stored) == 64) {
			t.Errorf("%s: %s with %q", s.Name, s.File, s.Stored)
		}
	}
	if _, err := Lookup("malls"); err == nil || !strings.Contains(err.Error(), "want one of online-retail, wholesale") {
		t.Errorf("got %v", err)
	}
}

// The files in SEGKIT_DATA are the published ones, content included.
func TestPublicSets(t *testing.T) {
	for _, s := range Sets() {
		path, err := Find(s.Name)
		if errors.Is(err, fs.ErrNotExist) {
			t.Skipf("data set %s is not on this machine: let SEGKIT_DATA name the folder of the public sets", s.Name)
		}
		if err != nil {
			t.Error(err)
			continue
		}
		if strings.HasSuffix(path, ".gz") {
			if content, err := sum(path, true); err != nil || content != s.SHA256 {
				t.Errorf("%s: content has sha256 %s, %v", path, content, err)
			}
		}
	}
}

// house moves SEGKIT_DATA and the cache to empty folders, and lists a set of our own, compressed or not.
func house(t *testing.T, file string) (data, cache string, content []byte) {
	t.Helper()
	data, home := t.TempDir(), t.TempDir()
	t.Setenv("SEGKIT_DATA", data)
	t.Setenv("HOME", home)
	t.Setenv("XDG_CACHE_HOME", home)
	t.Setenv("LocalAppData", home)
	cache, err := CacheDir()
	if err != nil {
		t.Fatal(err)
	}
	content = []byte("id,spend\n0001,12\n")
	all := sets
	t.Cleanup(func() { sets = all })
	sets = append(Sets(), Set{Name: "try", File: file, SHA256: hexOf(content), URL: "https://example.org/try.zip"})
	return data, cache, content
}

func hexOf(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

func put(t *testing.T, path string, content []byte) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

func gz(t *testing.T, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write(content)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestFind(t *testing.T) {
	data, cache, content := house(t, "try/try.csv")
	if _, err := Find("try"); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), `run "segkit data get try"`) {
		t.Errorf("got %v", err)
	}
	for _, dir := range []string{cache, data} { // SEGKIT_DATA comes before the cache
		want := put(t, filepath.Join(dir, "try", "try.csv"), content)
		if got, err := Find("try"); got != want || err != nil {
			t.Errorf("found %q, %v, want %q", got, err, want)
		}
	}
	changed := put(t, filepath.Join(data, "try", "try.csv"), []byte("id,spend\n0001,13\n"))
	_, err := Find("try")
	if !errors.Is(err, ErrChecksum) || !strings.Contains(err.Error(), changed) || !strings.Contains(err.Error(), hexOf(content)) {
		t.Errorf("a changed copy: got %v", err)
	}
}

func TestFindCompressed(t *testing.T) {
	data, _, content := house(t, "try.csv.gz")
	path := put(t, filepath.Join(data, "try.csv.gz"), gz(t, content))
	if got, err := Find("try"); got != path || err != nil {
		t.Errorf("found %q, %v", got, err)
	}
	// with a note beside it the file is believed by its own checksum, and only then
	other := gz(t, []byte("other"))
	put(t, path, other)
	if _, err := Find("try"); !errors.Is(err, ErrChecksum) {
		t.Errorf("wrong content: got %v", err)
	}
	put(t, path+NoteSuffix, []byte(hexOf(other)+"\n"))
	if _, err := Find("try"); err != nil {
		t.Errorf("noted as right: got %v", err)
	}
	put(t, path, other[:len(other)/2])
	if _, err := Find("try"); err == nil || !strings.Contains(err.Error(), "cut off or not gzip") {
		t.Errorf("half a file: got %v", err)
	}
	os.Remove(path)
	plain := put(t, filepath.Join(data, "try.csv"), content)
	if got, err := Find("try"); got != plain || err != nil {
		t.Errorf("uncompressed: found %q, %v", got, err)
	}
}

// Reading data must not run a program that happens to be called segkit, nor reach for the network: it says what to run.
func TestReadingRunsNoProgram(t *testing.T) {
	house(t, "try/try.csv")
	bin := t.TempDir()
	t.Setenv("PATH", bin)
	ran := filepath.Join(bin, "ran")
	put(t, filepath.Join(bin, "segkit"), []byte("#!/bin/sh\necho > '"+ran+"'\n"))
	for name, read := range map[string]func() error{
		"try":    func() error { _, err := Find("try"); return err },
		"mall":   func() error { _, err := Table("mall"); return err },
		"retail": func() error { _, err := Orders("online-retail"); return err },
	} {
		err := read()
		if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "segkit data get") || !strings.Contains(err.Error(), "go run github.com/segkit/lab") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := os.Stat(ran); err == nil {
		t.Error("the program in PATH was run")
	}
}
