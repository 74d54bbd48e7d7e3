package choices

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/fuzzing"
)

// Whatever a file of choices holds: choices, or a sentence that names the file and the line.
func FuzzFill(f *testing.F) {
	f.Add("orders = \"orders.csv\" # ours\nk = 4\nseed = -1\nrules = ['no customer', \"\\u00e9\",]\n")
	f.Add("k = \"four\"\n")
	f.Add("oders = 'x'\n\nrules = [\n")
	f.Fuzz(func(t *testing.T, text string) {
		fuzzing.Bounded(t, len(text), func() {
			path := filepath.Join(t.TempDir(), "segkit.toml")
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			var orders string
			var k int
			var seed *int
			var rules []string
			err := Fill(path, map[string]any{"orders": &orders, "k": &k, "seed": &seed, "rules": &rules}, "orders")
			if err == nil {
				return
			}
			var e *fault.CellError
			if !errors.As(err, &e) || e.File != path || e.Why == "" {
				t.Fatal(err)
			}
		})
	})
}
