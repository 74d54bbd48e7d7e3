// Package hard runs tests in rounds: a few of them among the ordinary tests, and as many as it takes with `make hard`, which can be
// stopped at any time and goes on where it was.
package hard

import (
	"encoding/json"
	"errors"
	"flag"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/segkit/lab/internal/atomicfile"
)

// folder is where rounds are kept that are done; only `make hard` names one.
var folder = flag.String("hard", "", "run all rounds of the tests that have some, and keep what is done in this `folder`")

// Rounds runs the rounds 0 to n-1 of a test, or the first few of them where nobody asks for more, and returns what all of them found. A round that
// `make hard` has done is not run again. One that fails is not done, and none is run after it. A round's number is its seed, so that each
// can be repeated.
func Rounds[R any](t *testing.T, name string, few, n int, round func(t *testing.T, number int) R) []R {
	t.Helper()
	if *folder == "" {
		n = min(few, n)
	}
	if n == 0 {
		t.Skip("takes long: `make hard` runs it")
	}
	path := filepath.Join(*folder, name+".json")
	var found []R
	if *folder != "" {
		if err := os.MkdirAll(*folder, 0o777); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err == nil {
			err = json.Unmarshal(text, &found)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatalf("%s, where the rounds stand that are done: %v", path, err)
		}
	}
	for number := len(found); number < n; number++ {
		r := round(t, number)
		if t.Failed() {
			t.Fatalf("round %d of %s failed", number, name)
		}
		found = append(found, r)
		if *folder == "" {
			continue
		}
		if err := atomicfile.Write(path, func(w io.Writer) error { return json.NewEncoder(w).Encode(found) }); err != nil {
			t.Fatal(err)
		}
	}
	return found
}
