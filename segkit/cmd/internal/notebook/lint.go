package notebook

import (
	"bytes"
	"fmt"
	"maps"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Lint returns what is wrong with the notebook in the file: where it is not in the form that Strip gives it, and where it breaks a rule of the
// lessons.
func Lint(file string) (findings []string, err error) {
	n, b, err := Read(file)
	if err != nil {
		return nil, err
	}
	return lint(file, n, b), nil
}

const (
	maxLines   = 15  // of a Go cell: what is read at a glance
	maxColumns = 100 // so that no line is cut off in a page
	tabColumns = 4
)

// lesson matches the file names of the course; 00_start_here.ipynb and so on.
var lesson = regexp.MustCompile(`^\d\d_[a-z0-9_]+\.ipynb$`)

// lint returns what is wrong with the notebook in that file, whose stored form is b.
func lint(name string, n *Notebook, b []byte) []string {
	var findings []string
	add := func(format string, args ...any) { findings = append(findings, fmt.Sprintf(format, args...)) }
	lintForm(n, b, add)
	lintSetup(n, add)
	for i, c := range n.Cells {
		if c.isGo() {
			lintGo(c, func(format string, args ...any) {
				add("cell %d (%s): %s", i+1, c.ID, fmt.Sprintf(format, args...))
			})
		}
	}
	if lesson.MatchString(filepath.Base(name)) {
		lintImports(n, add)
		if folder := filepath.Base(filepath.Dir(name)); folder != "exercises" && folder != "solutions" {
			lintBoxes(n, add)
		}
	}
	return findings
}

// lintForm compares the notebook with its stripped self and says where they differ.
func lintForm(n *Notebook, b []byte, add func(string, ...any)) {
	before := 0
	count := func(format string, args ...any) { before++; add(format, args...) }
	if n.Format != 4 || n.FormatMinor != 5 {
		count("format %d.%d, want 4.5", n.Format, n.FormatMinor)
	}
	if !reflect.DeepEqual(n.Metadata["kernelspec"], any(kernelspec())) {
		count("metadata kernelspec, want that of the kernel gonb")
	}
	for _, name := range slices.Sorted(maps.Keys(n.Metadata)) {
		if !slices.Contains(notebookMetadata, name) {
			count("metadata %s does not belong in the stored form", name)
		}
	}
	ids := map[string]bool{}
	for i, c := range n.Cells {
		if len(c.Outputs) > 0 {
			count("cell %d (%s): has outputs", i+1, c.ID)
		}
		if c.ExecutionCount != nil {
			count("cell %d (%s): has an execution count", i+1, c.ID)
		}
		for _, name := range slices.Sorted(maps.Keys(c.Metadata)) {
			if !slices.Contains(cellMetadata, name) {
				count("cell %d (%s): metadata %s does not belong in the stored form", i+1, c.ID, name)
			}
		}
		if c.tagged("injected-parameters") {
			count("cell %d (%s): was injected by a run", i+1, c.ID)
		}
		if !goodID(c.ID) || ids[c.ID] {
			count("cell %d: the id %q is not readable and unique, like load-orders", i+1, c.ID)
		}
		ids[c.ID] = true
	}
	if before > 0 {
		return
	}
	n = clone(n)
	n.strip()
	if want, err := n.Bytes(); err != nil || !bytes.Equal(b, want) {
		add("is not stored byte for byte as Jupyter would store it: sorted keys, one space of indent, a newline at the end")
	}
}

// clone copies as deep as strip changes.
func clone(n *Notebook) *Notebook {
	twin := *n
	twin.Cells = nil
	for _, c := range n.Cells {
		own := *c
		twin.Cells = append(twin.Cells, &own)
	}
	return &twin
}

// lintSetup checks the cells tagged setup and parameters.
func lintSetup(n *Notebook, add func(string, ...any)) {
	firstCode := slices.IndexFunc(n.Cells, func(c *Cell) bool { return c.Type == "code" })
	if firstCode < 0 {
		return
	}
	setup, at := n.tagged("setup")
	if at != firstCode {
		add("the first code cell (%d) is not the one tagged setup", firstCode+1)
	} else if !strings.HasPrefix(string(setup.Source), "%noautoget") {
		add("cell %d (%s): the set-up must start with %%noautoget, or the kernel fetches the latest version of everything", at+1, setup.ID)
	}
	for _, tag := range []string{"setup", "parameters"} {
		tagged := 0
		for _, c := range n.Cells {
			if c.tagged(tag) {
				tagged++
			}
		}
		if tagged > 1 {
			add("%d cells are tagged %s, want one", tagged, tag)
		}
	}
	if c, at := n.tagged("parameters"); c != nil {
		if _, err := parseParams(string(c.Source)); err != nil {
			add("cell %d (%s): %v", at+1, c.ID, err)
		}
		for i, line := range strings.Split(string(c.Source), "\n") {
			if strings.HasPrefix(line, "var ") && !strings.Contains(line, "//") {
				add("cell %d (%s), line %d: say in a comment what the parameter is, with its unit or range", at+1, c.ID, i+1)
			}
		}
	}
}

// ours matches a use of a package of this module.
var ours = regexp.MustCompile(`\b(chart|datasets|features|nb|predict|rfm|segkit|sheet)\.[A-Z]`)

// lintImports checks that the set-up imports what cells use. They would run without, but Tab knows nothing of a package that the
// kernel has to find by itself, nor of any variable whose type comes from it.
func lintImports(n *Notebook, add func(string, ...any)) {
	setup, at := n.tagged("setup")
	if setup == nil {
		return
	}
	missing := map[string]bool{}
	for _, c := range n.Cells {
		if !c.isGo() {
			continue
		}
		for _, use := range ours.FindAllStringSubmatch(string(c.Source), -1) {
			if !strings.Contains(string(setup.Source), "/"+use[1]+`"`) {
				missing[use[1]] = true
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(missing)) {
		add("cell %d (%s): the set-up does not import %s, which cells use: Tab would not complete its names", at+1, setup.ID, name)
	}
}

// lintGo checks the size of a Go cell and that what it shows is watched. Imports do not count: there are as many as rooms that a
// lesson visits; nor does what a block with a solution says to the generator of exercises.
func lintGo(c *Cell, add func(string, ...any)) {
	lines := strings.Split(string(c.Source), "\n")
	size := len(lines)
	for _, line := range lines {
		if directive.MatchString(line) {
			size--
		}
	}
	for from, line := range lines {
		if line == "import (" {
			size -= max(0, slices.Index(lines[from:], ")"))
		}
	}
	if size > maxLines {
		add("%d lines, want at most %d", size, maxLines)
	}
	for i, line := range lines {
		columns := utf8.RuneCountInString(line) + (tabColumns-1)*strings.Count(line, "\t")
		if columns > maxColumns {
			add("line %d has %d columns, want at most %d", i+1, columns, maxColumns)
		}
	}
	if topLevelShow.MatchString(string(c.Source)) && !c.tagged("display") && !c.tagged("raises-exception") {
		add("calls nb.Show or nb.Exercise without the tag display: a run would not notice if the kernel lost it")
	}
}

// lintBoxes checks that a lesson opens and closes as all do.
func lintBoxes(n *Notebook, add func(string, ...any)) {
	lintBox(n, "opening", 0, []string{"question", "audience", "data", "minutes"}, add)
	lintBox(n, "closing", len(n.Cells)-1, []string{"take-away", "so what", "next"}, add)
}

func lintBox(n *Notebook, tag string, want int, words []string, add func(string, ...any)) {
	box, at := n.tagged(tag)
	if box == nil || at != want || box.Type != "markdown" {
		add("a lesson has a markdown cell tagged %s as cell %d, with: %s", tag, want+1, strings.Join(words, ", "))
		return
	}
	for _, word := range words {
		if !strings.Contains(strings.ToLower(string(box.Source)), word) {
			add("cell %d (%s): the %s box does not say: %s", at+1, box.ID, tag, word)
		}
	}
}
