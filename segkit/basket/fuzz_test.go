package basket_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/basket"
)

// Whatever a file holds, the answer is baskets that can be counted, or a sentence.
func FuzzReadCSV(f *testing.F) {
	for _, seed := range []string{"", "basket,item\n1,tea\n1,jam\n", "item;basket\n\"a;b\";1\n", "order_id\tcustomer\tproduct\n1\tx\ttea\n", "a,b\n1,\n", "\ufeffa|b\n1|2", "a,b\n\"1,2\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "baskets.csv")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		for op, read := range map[string]func(string, ...basket.CSVOptions) (*basket.Baskets, error){"ReadCSV": basket.ReadCSV, "ReadLists": basket.ReadLists} {
			b, err := read(path)
			if err != nil {
				if !strings.HasPrefix(err.Error(), "segkit: basket."+op) {
					t.Errorf("%s: %v", op, err)
				}
				continue
			}
			if b.Count() == 0 || len(b.Items()) == 0 && op == "ReadCSV" {
				t.Errorf("%s: nothing was read, and nothing was said", op)
			}
			if _, err := b.Rules(basket.Options{MinSupport: .5, MaxLength: 3}); err != nil && !strings.HasPrefix(err.Error(), "segkit: basket.") {
				t.Error(err)
			}
		}
	})
}
