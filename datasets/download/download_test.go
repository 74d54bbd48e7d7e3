package download

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/segkit/lab/datasets"
	"github.com/segkit/lab/segkit/job"
)

// content that no compression makes small
var payload = func() []byte {
	var b bytes.Buffer
	sum := sha256.Sum256(nil)
	for range 10_000 {
		sum = sha256.Sum256(sum[:])
		fmt.Fprintf(&b, "%x\n", sum)
	}
	return b.Bytes()
}()

func sha(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func set(url string) datasets.Set {
	return datasets.Set{Name: "try", File: "try/try.csv", SHA256: sha(payload), URL: url, From: "the test"}
}

// serve answers with a handler, and counts the requests.
func serve(t *testing.T, h http.HandlerFunc) (url string, requests *int) {
	t.Helper()
	requests = new(int)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*requests++
		h(w, r)
	}))
	t.Cleanup(s.Close)
	return s.URL, requests
}

func whole(b []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "try.csv", time.Time{}, bytes.NewReader(b))
	}
}

// cutting hangs up after some bytes of each answer; ranges says whether it understands them.
func cutting(after int, ranges bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		from := 0
		if _, err := fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-", &from); err == nil && ranges {
			w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, len(payload)-1, len(payload)))
			w.Header().Set("Content-Length", strconv.Itoa(len(payload)-from))
			w.WriteHeader(http.StatusPartialContent)
		} else {
			from = 0
			w.Header().Set("Content-Length", strconv.Itoa(len(payload)))
		}
		w.Write(payload[from:min(from+after, len(payload))])
	}
}

func want(t *testing.T, path string, content []byte) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, content) {
		t.Errorf("%s holds %d bytes, want the %d that were sent", path, len(got), len(content))
	}
}

// left lists what is in the folder of the set.
func left(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(dir, "try"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return strings.Join(names, " ")
}

func TestGet(t *testing.T) {
	url, requests := serve(t, whole(payload))
	c := Client{Dir: t.TempDir()}
	var last job.Progress
	calls := 0
	ctx := job.WithProgress(t.Context(), func(p job.Progress) {
		if p.Done < last.Done {
			t.Errorf("progress went from %d back to %d", last.Done, p.Done)
		}
		last, calls = p, calls+1
	})
	for range 2 { // the second time it is there
		path, err := c.Get(ctx, set(url))
		if err != nil {
			t.Fatal(err)
		}
		want(t, path, payload)
	}
	if *requests != 1 {
		t.Errorf("%d requests, want 1", *requests)
	}
	if calls < 2 || last.Done != len(payload) || last.Total != len(payload) {
		t.Errorf("%d progress reports, the last %+v, want several up to %d", calls, last, len(payload))
	}
	if l := left(t, c.Dir); l != "try.csv" {
		t.Errorf("the folder holds %s", l)
	}
}

func TestGoesOnWhereItWasCut(t *testing.T) {
	url, requests := serve(t, cutting(300_000, true))
	path, err := Client{Dir: t.TempDir()}.Get(t.Context(), set(url))
	if err != nil {
		t.Fatal(err)
	}
	want(t, path, payload)
	if *requests != 3 { // 650,000 bytes in portions of 300,000
		t.Errorf("%d requests, want 3", *requests)
	}
}

func TestGoesOnInTheNextRun(t *testing.T) {
	c := Client{Dir: t.TempDir()}
	part := filepath.Join(c.Dir, "try", "try.csv.part")
	if err := os.MkdirAll(filepath.Dir(part), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, there := range []int{123_456, len(payload)} { // a part; everything, but not yet in its place
		if err := os.WriteFile(part, payload[:there], 0o644); err != nil {
			t.Fatal(err)
		}
		url, requests := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if got, want := r.Header.Get("Range"), fmt.Sprintf("bytes=%d-", there); got != want {
				t.Errorf("asked for %q, want %q", got, want)
			}
			whole(payload)(w, r)
		})
		path, err := c.Get(t.Context(), set(url))
		if err != nil {
			t.Fatal(err)
		}
		want(t, path, payload)
		if *requests != 1 {
			t.Errorf("%d requests, want 1", *requests)
		}
		os.Remove(path)
	}
}

// What an older version of the file left behind, longer than the new one, is given up.
func TestStartsAnewWhereTheRestIsTooLong(t *testing.T) {
	c := Client{Dir: t.TempDir()}
	part := filepath.Join(c.Dir, "try", "try.csv.part")
	os.MkdirAll(filepath.Dir(part), 0o755)
	if err := os.WriteFile(part, append(bytes.Clone(payload), "more"...), 0o644); err != nil {
		t.Fatal(err)
	}
	url, _ := serve(t, whole(payload))
	path, err := c.Get(t.Context(), set(url))
	if err != nil {
		t.Fatal(err)
	}
	want(t, path, payload)
}

func TestServerWithoutRanges(t *testing.T) {
	c := Client{Dir: t.TempDir()}
	url, requests := serve(t, cutting(300_000, false))
	if _, err := c.Get(t.Context(), set(url)); err == nil || !strings.Contains(err.Error(), "cut after 300000 of 650000 bytes") {
		t.Errorf("got %v", err)
	}
	if *requests != 2 { // the second brought nothing more
		t.Errorf("%d requests, want 2", *requests)
	}
	url, _ = serve(t, cutting(len(payload), false))
	path, err := c.Get(t.Context(), set(url))
	if err != nil {
		t.Fatal(err)
	}
	want(t, path, payload)
}

func TestWrongChecksum(t *testing.T) {
	c := Client{Dir: t.TempDir()}
	other := []byte("CustomerID,Age\n1,30\n")
	url, _ := serve(t, whole(other))
	_, err := c.Get(t.Context(), set(url))
	if !errors.Is(err, datasets.ErrChecksum) {
		t.Fatalf("got %v", err)
	}
	for _, part := range []string{sha(other), sha(payload), "try.csv.bad", "segkit data get try --from FILE", url} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("the message lacks %q: %v", part, err)
		}
	}
	if l := left(t, c.Dir); l != "try.csv.bad" {
		t.Errorf("the folder holds %s", l)
	}
	want(t, filepath.Join(c.Dir, "try", "try.csv.bad"), other)
}

func TestNothingOfTheUsersIsOverwritten(t *testing.T) {
	c := Client{Dir: t.TempDir()}
	own := filepath.Join(c.Dir, "try", "try.csv")
	os.MkdirAll(filepath.Dir(own), 0o755)
	if err := os.WriteFile(own, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	url, requests := serve(t, whole(payload))
	if _, err := c.Get(t.Context(), set(url)); !errors.Is(err, datasets.ErrChecksum) || !strings.Contains(err.Error(), "move that file away") {
		t.Errorf("got %v", err)
	}
	want(t, own, []byte("mine"))
	if *requests != 0 {
		t.Errorf("%d requests, want none", *requests)
	}
}

func TestRefusals(t *testing.T) {
	gone, _ := serve(t, http.NotFound)
	page, _ := serve(t, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "<html>please log in") })
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	zipped := func(url string) datasets.Set { s := set(url); s.Member = "try.csv"; return s }
	for name, test := range map[string]struct {
		set  datasets.Set
		want string
	}{
		"not found":  {set(gone), "the server answers 404 Not Found"},
		"no network": {set(closed.URL), "cannot reach the publisher"},
		"web page":   {zipped(page), "it is a web page, not a zip file"},
	} {
		c := Client{Dir: t.TempDir()}
		_, err := c.Get(t.Context(), test.set)
		if l := left(t, c.Dir); strings.Contains(l, ".part") {
			t.Errorf("%s: the folder holds %s", name, l)
		}
		if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "by hand") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (Client{Dir: t.TempDir()}).Get(ctx, set(gone)); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: got %v", err)
	}
}

func TestFolderThatCannotBeMade(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := (Client{Dir: file}).Get(t.Context(), set("")); err == nil || !strings.Contains(err.Error(), "make room, or get permission to write, in") {
		t.Errorf("got %v", err)
	}
}

func TestDiskFull(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("this system has no /dev/full to write to")
	}
	full.Close()
	c := Client{Dir: t.TempDir()}
	os.MkdirAll(filepath.Join(c.Dir, "try"), 0o755)
	if err := os.Symlink("/dev/full", filepath.Join(c.Dir, "try", "try.csv.part")); err != nil {
		t.Skip("this system has no symbolic links")
	}
	url, _ := serve(t, whole(payload))
	if _, err := c.Get(t.Context(), set(url)); err == nil || !strings.Contains(err.Error(), "make room") {
		t.Errorf("got %v", err)
	}
}

// zipOf packs files, name and content in turn.
func zipOf(t *testing.T, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w, err := z.Create(files[i])
		if err != nil {
			t.Fatal(err)
		}
		w.Write([]byte(files[i+1]))
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestZip(t *testing.T) {
	zipped := zipOf(t, "readme.txt", "no", "Data/Try.csv", string(payload))
	s := set("")
	s.Member, s.File = "try.csv", "try/try.csv.gz"
	c := Client{Dir: t.TempDir()}
	s.URL, _ = serve(t, whole(zipped))
	path, err := c.Get(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if _, err := got.ReadFrom(z); err != nil || !bytes.Equal(got.Bytes(), payload) {
		t.Errorf("the compressed file holds %d other bytes, error %v", got.Len(), err)
	}
	stored, _ := os.ReadFile(path)
	want(t, path+datasets.NoteSuffix, []byte(sha(stored)+"\n"))

	s.Member = "other.csv"
	c.Dir = t.TempDir()
	if _, err := c.Get(t.Context(), s); err == nil || !strings.Contains(err.Error(), `there is no "other.csv" in the zip file`) {
		t.Errorf("got %v", err)
	}
	s.URL, _ = serve(t, whole(zipped[:len(zipped)/2]))
	c.Dir = t.TempDir()
	if _, err := c.Get(t.Context(), s); err == nil || !strings.Contains(err.Error(), "it is not a whole zip file") {
		t.Errorf("got %v", err)
	}
}

func TestInstall(t *testing.T) {
	dir := t.TempDir()
	s := set("")
	s.Member = "try.csv"
	var gz bytes.Buffer
	z := gzip.NewWriter(&gz)
	z.Write(payload)
	z.Close()
	for name, content := range map[string][]byte{"a.csv": payload, "a.csv.gz": gz.Bytes(), "a.zip": zipOf(t, "try.csv", string(payload))} {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, content, 0o644); err != nil {
			t.Fatal(err)
		}
		path, err := Client{Dir: t.TempDir()}.Install(t.Context(), s, file)
		if err != nil {
			t.Fatal(err)
		}
		want(t, path, payload)
		want(t, file, content)
	}
	file := filepath.Join(dir, "wrong.csv")
	os.WriteFile(file, []byte("x"), 0o644)
	c := Client{Dir: t.TempDir()}
	if _, err := c.Install(t.Context(), s, file); !errors.Is(err, datasets.ErrChecksum) {
		t.Errorf("got %v", err)
	}
	want(t, file, []byte("x"))
	if l := left(t, c.Dir); l != "" {
		t.Errorf("the folder holds %s", l)
	}
}
