package lab

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A command that a document gives finds what it names: `go test PACKAGES -run PATTERN` runs a test for each alternative of the pattern, and `make TARGET` is in
// the Makefile.
func TestCommandsOfTheDocumentsFindWhatTheyName(t *testing.T) {
	documents, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	makefile, err := os.ReadFile("Makefile")
	if err != nil {
		t.Fatal(err)
	}
	command := regexp.MustCompile(`go (?:-C (\S+) )?test ((?:(?:-p 1|-v) )*)([.\w/ ]+?)(?: -v)? -run (?:'([^']+)'|([^\s` + "`" + `)]+))`)
	quoted, listed := regexp.MustCompile("`make ([a-z][a-z-]*)"), regexp.MustCompile(`(?m)^make ([a-z][a-z-]*)`)
	commands := 0
	for _, path := range append(documents, "README.md", "CONTRIBUTING.md", "CHANGELOG.md") {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		joined := strings.ReplaceAll(string(text), `\|`, "|") // a bar within a table
		for _, m := range command.FindAllStringSubmatch(joined, -1) {
			commands++
			for _, alternative := range strings.Split(m[4]+m[5], "|") {
				if alternative != "-" && !testMatches(t, m[1], strings.Fields(m[3]), alternative) {
					t.Errorf("%s: %s: no test has %q in its name", path, m[0], alternative)
				}
			}
		}
		targets := quoted.FindAllStringSubmatch(joined, -1)
		for i, part := range strings.Split(joined, "```") {
			if i%2 == 1 { // a block of code
				targets = append(targets, listed.FindAllStringSubmatch(part, -1)...)
			}
		}
		for _, m := range targets {
			commands++
			if !slices.ContainsFunc(strings.Split(string(makefile), "\n"), func(line string) bool {
				names, _, isRule := strings.Cut(line, ":")
				return isRule && slices.Contains(strings.Fields(names), m[1])
			}) {
				t.Errorf("%s: make %s: the Makefile has no such target", path, m[1])
			}
		}
	}
	if commands < 60 {
		t.Errorf("only %d commands were found in the documents", commands)
	}
}

// testMatches reports whether a test of the packages, below a folder of the module, matches the pattern.
func testMatches(t *testing.T, below string, packages []string, pattern string) bool {
	t.Helper()
	found := false
	for _, p := range packages {
		folder, all := strings.CutSuffix(p, "...")
		root := filepath.Join(below, folder)
		err := filepath.WalkDir(root, func(path string, e os.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if e.IsDir() {
				if path != root && !all {
					return filepath.SkipDir
				}
				return nil
			}
			if strings.HasSuffix(path, "_test.go") {
				source, err := os.ReadFile(path)
				if err != nil {
					return err
				}
				for _, m := range regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Example)\w*)`).FindAllSubmatch(source, -1) {
					found = found || regexp.MustCompile(pattern).Match(m[1])
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
	return found
}
