package kept_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"unicode/utf8"

	"github.com/segkit/lab/segkit/internal/kept"
	"github.com/segkit/lab/segkit/internal/trial"
)

// Names of columns and values that do harm where they are taken for more than text are written, and read the same: here, and by a reader of TOML of another make.
func TestHostileNamesAreKept(t *testing.T) {
	names := slices.Sorted(maps.Values(trial.Hostile))
	names = append(names, "evil\u2028x = 1\u2029y = 2\u0085", "'''evil'''", `"""evil\`, "evil\nkind = \"customers\"\n[x]\n#")
	names = slices.DeleteFunc(names, func(name string) bool { return !utf8.ValidString(name) || len(name) > 1<<16 }) // no header holds them
	o := &kept.Options{Kind: kept.Orders, Columns: names}
	for i, name := range names {
		o.Set = append(o.Set, kept.Setting{fmt.Sprint("text-", i), name}, kept.Setting{fmt.Sprint("list-", i), []string{name, name}})
	}
	path := filepath.Join(t.TempDir(), "orders.csv")
	if err := o.Write(path); err != nil {
		t.Fatal(err)
	}
	got, err := kept.Beside("test", path)
	if o.Path = path + kept.Suffix; err != nil || !reflect.DeepEqual(got, o) {
		t.Errorf("%v: %+v", err, got)
	}
	python := exec.Command("python3", "-c", "import json, sys, tomllib; json.dump(tomllib.loads(sys.stdin.buffer.read().decode()), sys.stdout)")
	python.Stdin = bytes.NewReader(trial.Sure(os.ReadFile(o.Path)))
	out, err := python.Output()
	if err != nil {
		t.Skipf("read by segkit alone: Python 3.11 or newer is not there (%v)", err)
	}
	var theirs map[string]any
	if err := json.Unmarshal(out, &theirs); err != nil {
		t.Fatal(err)
	}
	for i, name := range names {
		if theirs[fmt.Sprint("text-", i)] != name || !reflect.DeepEqual(theirs[fmt.Sprint("list-", i)], []any{name, name}) || theirs["columns"].([]any)[i] != name {
			t.Errorf("%q is %q to Python", name, theirs[fmt.Sprint("text-", i)])
		}
	}
	if len(theirs) != 3+2*len(names) || theirs["kind"] != kept.Orders {
		t.Errorf("there are %d keys, and the kind is %v", len(theirs), theirs["kind"])
	}
}
