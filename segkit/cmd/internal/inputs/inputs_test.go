package inputs

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// SHA-256 of "abc" and of "": FIPS 180-2, appendix B.1, and NIST's examples.
const (
	abc   = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
	empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
)

func TestAnInputIsNamedAsItWasAndBringsItsOptions(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{"orders.csv": "abc", "orders.csv.segkit.toml": "", "plain.csv": "abc"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	whole := filepath.Join(folder, "plain.csv")
	for _, c := range []struct {
		name string
		want []File
	}{
		{"orders.csv", []File{{"orders.csv", abc, 3}, {"orders.csv.segkit.toml", empty, 0}}},
		{"plain.csv", []File{{"plain.csv", abc, 3}}},
		{whole, []File{{whole, abc, 3}}},
	} {
		if got, err := Of(c.name, folder); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, %v, want %v", c.name, got, err, c.want)
		}
	}
	if got, err := Of("nowhere.csv", folder); err == nil {
		t.Errorf("a missing file is %v", got)
	}
}
