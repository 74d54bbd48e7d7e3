package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The test program, copied beside a small script, is a segkit with that script as its segkit-engine.
func TestCommandsOnAnEngineAreCarriedOutBeside(t *testing.T) {
	if !onEngine([]string{"segment", "--engine=duckdb://"}) || !onEngine([]string{"segment", "--engine", "duckdb://"}) || onEngine([]string{"report", "engine"}) {
		t.Error("--engine is not told from other words")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "segkit"), program, 0o755); err != nil {
		t.Fatal(err)
	}
	start := func() (string, int) {
		c := exec.Command(filepath.Join(dir, "segkit"), "segment", "--engine", "duckdb://shop.db")
		c.Env = append(os.Environ(), asCommand+"=1")
		said, _ := c.CombinedOutput()
		return string(said), c.ProcessState.ExitCode()
	}
	if said, code := start(); code != exitFailed || !strings.Contains(said, "make engine") {
		t.Errorf("without the program: %d, %q", code, said)
	}
	if err := os.WriteFile(filepath.Join(dir, "segkit-engine"), []byte("#!/bin/sh\necho \"$@\"\nexit 3\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	if said, code := start(); code != 3 || said != "segment --engine duckdb://shop.db\n" {
		t.Errorf("with the program: %d, %q", code, said)
	}
}
