package nb

// The memory that cells share: bytes on disk by key, checked when read, oldest removed when they grow too many.

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/segkit/lab/internal/atomicfile"
	"github.com/segkit/lab/segkit/internal/memory"
)

// diskStore keeps each value in a file of its own: the SHA-256 of the value, then the value. Values hold customers, so the
// folder and its files are for their owner alone. A file that is damaged or cannot be read is as good as none, and one that
// cannot be written is not missed.
type diskStore struct {
	dir   string
	limit int64         // bytes of all files together
	code  func() string // mixed into every key: what changed code computed must not be recalled
}

var _ memory.Store = (*diskStore)(nil)

var store = &diskStore{dir: memory.Dir(), limit: 500 << 20, code: codeVersion}

// Get returns the value that was put under key by the same code.
func (s *diskStore) Get(key string) ([]byte, bool) {
	if s.dir == "" {
		return nil, false
	}
	path := s.path(key)
	data, err := os.ReadFile(path)
	if err != nil || len(data) < sha256.Size {
		return nil, false
	}
	sum, value := data[:sha256.Size], data[sha256.Size:]
	if got := sha256.Sum256(value); !bytes.Equal(sum, got[:]) {
		os.Remove(path)
		return nil, false
	}
	now := time.Now()
	os.Chtimes(path, now, now) // the oldest are those that nobody asked for
	return value, true
}

// Put stores value under key, unless it would fill the store alone.
func (s *diskStore) Put(key string, value []byte) {
	if s.dir == "" || int64(len(value)) > s.limit/2 || os.MkdirAll(s.dir, 0o700) != nil {
		return
	}
	sum := sha256.Sum256(value)
	atomicfile.Private(s.path(key), func(w io.Writer) error {
		if _, err := w.Write(sum[:]); err != nil {
			return err
		}
		_, err := w.Write(value)
		return err
	})
	s.prune()
}

// path keeps the first word of the key, for people who look into the folder.
func (s *diskStore) path(key string) string {
	sum := sha256.Sum256([]byte(s.code() + "\x00" + key))
	purpose, _, _ := strings.Cut(key, "-")
	return filepath.Join(s.dir, slug(purpose)+"-"+hex.EncodeToString(sum[:16]))
}

// prune removes the files that were not asked for the longest, until the rest fits.
func (s *diskStore) prune() {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return
	}
	var files []os.FileInfo
	var total int64
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() {
			files = append(files, info)
			total += info.Size()
		}
	}
	slices.SortFunc(files, func(a, b os.FileInfo) int { return cmp.Compare(a.ModTime().UnixNano(), b.ModTime().UnixNano()) })
	for _, f := range files {
		if total <= s.limit {
			return
		}
		if os.Remove(filepath.Join(s.dir, f.Name())) == nil {
			total -= f.Size()
		}
	}
}
