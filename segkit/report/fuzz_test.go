package report

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/fuzzing"
)

// Whatever the bytes of the record of an earlier report: one that is read can be written, or a sentence names the file.
func FuzzReadRecord(f *testing.F) {
	f.Add([]byte(`{"schema":"segkit/report","version":1,"as_of":"2025-09-30","days":90,"segments":[{"name":"A","customers":3,"spent":null}],` +
		`"forecasts":[{"made":"2025-06-30","segments":[{"name":"A"}]}]}`))
	f.Add([]byte(`{"schema":"segkit/report","version":2}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		fuzzing.Bounded(t, len(data), func() {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, recordFile), data, 0o600); err != nil {
				t.Fatal(err)
			}
			r, err := ReadRecord(dir)
			if (r == nil) == (err == nil) {
				t.Fatalf("%v and %v", r, err)
			}
			if err != nil {
				if !errors.Is(err, fault.ErrFormat) || !strings.Contains(err.Error(), recordFile) {
					t.Fatal(err)
				}
				return
			}
			r.Forecasts = nil // of which nobody knows yet what came, which JSON has no number for
			if _, err := json.Marshal(r); err != nil {
				t.Fatal(err)
			}
		})
	})
}
