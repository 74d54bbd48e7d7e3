package campaign

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/internal/fuzzing"
	"github.com/segkit/lab/segkit/internal/trial"
)

// Whatever the bytes of a manifest: one that is read and saved comes back byte for byte, so that its fingerprint holds; anything else is a sentence.
func FuzzLoadManifest(f *testing.F) {
	earlier, s := people(f, 12, 2, .5, 3)
	s.Names[1] = "Rarely, or\nnever"
	m := trial.Sure(voucher.Draw(earlier, s))
	less, _ := m.Forget(m.Drawn[0].Customer)
	for _, m := range []*Manifest{m, less} {
		text := trial.Sure(m.text())
		f.Add(text)
		f.Add(text[:len(text)/2])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		fuzzing.Bounded(t, len(data), func() {
			path := filepath.Join(t.TempDir(), "manifest.csv")
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
			m, err := LoadManifest(path)
			if (m == nil) == (err == nil) {
				t.Fatalf("%v and %v", m, err)
			}
			if err != nil {
				if !strings.HasPrefix(err.Error(), "segkit: campaign.LoadManifest: manifest.csv: ") {
					t.Fatal(err)
				}
				return
			}
			if err := m.Save(path); err != nil {
				t.Fatalf("a manifest that was read cannot be saved: %v", err)
			}
			once := trial.Sure(os.ReadFile(path))
			again, err := LoadManifest(path)
			if err != nil {
				t.Fatalf("%q is saved as %q: %v", data, once, err)
			}
			if twice := trial.Sure(again.text()); !bytes.Equal(once, twice) {
				t.Fatalf("%q is saved as %q, which is saved as %q", data, once, twice)
			}
			m.Sheet()
		})
	})
}
