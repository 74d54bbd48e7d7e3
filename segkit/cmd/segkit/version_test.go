package main

import (
	"runtime"
	"strings"
	"testing"
)

// The command and the flag say the same line.
func TestVersion(t *testing.T) {
	said, _, code := answerOf(t, t.TempDir(), "", "version")
	for _, part := range []string{"segkit ", runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH} {
		if code != exitDone || !strings.Contains(said, part) || strings.Count(said, "\n") != 1 {
			t.Errorf("%d: %q does not say %q in a line", code, said, part)
		}
	}
	if flag, _, code := answerOf(t, t.TempDir(), "", "--version"); code != exitDone || flag != said {
		t.Errorf("--version: %d, %q, want %q", code, flag, said)
	}
}
