package main

import (
	"runtime"
	"strings"
	"testing"
)

// One line says what is needed to repeat a run: the build, the platform, and the DuckDB within. (The modules of a test program are not listed in it.)
func TestVersion(t *testing.T) {
	said, code := command(t, "version")
	for _, part := range []string{"segkit-engine ", runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH, "DuckDB v1."} {
		if code != 0 || !strings.Contains(said, part) || strings.Count(said, "\n") != 1 {
			t.Errorf("%d: %q does not say %q in a line", code, said, part)
		}
	}
}
