package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
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

// Every command that segkit-engine has is told where a reader of segkit looks for it, and no other.
func TestHelpTellsWhatWorksOnAnEngine(t *testing.T) {
	source, err := os.ReadFile("../segkit-engine/main.go")
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for _, field := range regexp.MustCompile(`(?m)^\t(\w+) +\w+ +\x60cmd:""`).FindAllSubmatch(source, -1) {
		there[strings.ToLower(string(field[1]))] = true
	}
	if len(there) < 4 {
		t.Fatalf("found %v in segkit-engine", there)
	}
	all, _, _ := answerOf(t, t.TempDir(), "", "--help")
	told, _, _ := strings.Cut(all, "Flags:")
	told = strings.Join(strings.Fields(told), " ") // however its lines break
	for _, command := range []string{"inspect", "score", "track", "report", "describe", "convert"} {
		help, _, code := answerOf(t, t.TempDir(), "", command, "--help")
		if flat := strings.Join(strings.Fields(help), " "); code != exitDone || strings.Contains(flat, "segkit "+command+" --engine URL --help") != there[command] || strings.Contains(told, command) != there[command] {
			t.Errorf("%s, on an engine: %v; its --help: %s\n%s", command, there[command], help, told)
		}
		delete(there, command)
	}
	for command := range there {
		if command != "version" && !strings.Contains(told, command+" (") {
			t.Errorf("segkit --help does not say what %s does", command)
		}
	}
}
