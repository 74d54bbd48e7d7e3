package notebook

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// The kernel reports a failing shell line as success, and now and then loses a picture without a word. So a run is judged
// by what the executed notebook shows, never by the kernel's word.

// Fault is one reason why a run has failed.
type Fault struct {
	Cell   int    `json:"cell"` // from 1; 0 for the notebook as a whole
	ID     string `json:"id,omitempty"`
	Reason string `json:"reason"`

	source, last string // of the cell: its code, and the last lines of its outputs
}

// String shows it to a person: where, what, the code, the last lines.
func (f Fault) String() string {
	if f.Cell == 0 {
		return f.Reason
	}
	var b strings.Builder
	fmt.Fprintf(&b, "cell %d (%s): %s", f.Cell, f.ID, f.Reason)
	for line := range strings.Lines(f.source) {
		b.WriteString("\n    | " + strings.TrimRight(line, "\n"))
	}
	for line := range strings.Lines(f.last) {
		b.WriteString("\n    > " + strings.TrimRight(line, "\n"))
	}
	return b.String()
}

var (
	hiddenFailure = regexp.MustCompile(`(?m)^exit status [1-9]|^panic:|^(?:fatal error|signal): `)
	testFailure   = regexp.MustCompile(`(?m)^\s*--- FAIL`)
	topLevelShow  = regexp.MustCompile(`(?m)^nb\.(?:Show|Exercise)\(`)
	escapeCode    = regexp.MustCompile(`\x1b\[[0-9;]*[a-zA-Z]`)
)

// judge returns what is wrong with an executed notebook, in the order of its cells.
func judge(n *Notebook, end *stopped) []Fault {
	if end != nil && end.Cell < 0 && !n.began() {
		return []Fault{{Reason: end.sentence()}} // no kernel, so no cell is to blame
	}
	var faults []Fault
	count, failed := 0, false
	for i, c := range n.Cells {
		if c.Type != "code" || strings.TrimSpace(string(c.Source)) == "" {
			continue
		}
		add := func(format string, args ...any) {
			faults = append(faults, Fault{i + 1, c.ID, fmt.Sprintf(format, args...), string(c.Source), c.lastOutput()})
		}
		if end != nil && end.Cell == i {
			add("%s", end.sentence())
			return faults // nothing ran after it
		}
		if failed && c.ExecutionCount == nil {
			continue // the failure above ended the run
		}
		count++
		if c.ExecutionCount == nil || *c.ExecutionCount != count {
			add("execution count %s, want %d: the cell did not run in order", counted(c.ExecutionCount), count)
		}
		reason := c.failure()
		switch {
		case c.tagged("raises-exception") && reason == "":
			add("the cell is tagged raises-exception and did not fail")
		case c.tagged("raises-exception"):
		case reason != "":
			add("%s", reason)
			failed = true
		case c.tagged("display") && c.displays() < c.wantedDisplays():
			add("shows %d of %d outputs: the kernel has lost the rest", c.displays(), c.wantedDisplays())
		}
	}
	if end != nil {
		faults = append(faults, Fault{Reason: end.sentence()})
	}
	return faults
}

// began says whether a cell was executed.
func (n *Notebook) began() bool {
	return slices.ContainsFunc(n.Cells, func(c *Cell) bool { return c.ExecutionCount != nil })
}

func counted(n *int) string {
	if n == nil {
		return "none"
	}
	return fmt.Sprint(*n)
}

// sentence says why the run ended.
func (s stopped) sentence() string {
	switch s.Reason {
	case "timeout":
		return "the cell took longer than allowed: make it lighter, or allow more with --timeout"
	case "interrupted":
		return "somebody stopped Jupyter while the cell ran (SIGINT or SIGTERM): run it again"
	case "dead":
		return "the kernel died while the cell ran, perhaps for lack of memory; its last words are in build/log/kernel.log"
	}
	return "Jupyter gave up: " + s.Reason
}

// failure returns what says that the cell has failed, or "".
func (c *Cell) failure() string {
	for _, o := range c.Outputs {
		if o.Type == "error" {
			return "failed: " + firstLine(o.EValue)
		}
	}
	for _, o := range c.Outputs {
		shown := escapeCode.ReplaceAllString(string(o.Text), "")
		if testFailure.MatchString(shown) {
			return "a test failed"
		}
		if o.Name == "stderr" && hiddenFailure.MatchString(shown) {
			return "failed, although the kernel says it did not: " + hiddenFailure.FindString(shown)
		}
	}
	return ""
}

// displays counts the rich outputs of the cell.
func (c *Cell) displays() (n int) {
	for _, o := range c.Outputs {
		if o.Type == "display_data" || o.Type == "execute_result" {
			n++
		}
	}
	return n
}

// wantedDisplays is the number of rich outputs that the cell must have at least: one for each nb.Show that certainly runs.
func (c *Cell) wantedDisplays() int {
	return max(1, len(topLevelShow.FindAllString(string(c.Source), -1)))
}

// lastOutput returns the last lines that the cell showed as text.
func (c *Cell) lastOutput() string {
	var b strings.Builder
	for _, o := range c.Outputs {
		b.WriteString(string(o.Text))
		if trace := strings.Join(o.Traceback, "\n"); !strings.Contains(b.String(), trace) { // often stderr said it before
			b.WriteString("\n" + trace)
		}
	}
	return lastLines(escapeCode.ReplaceAllString(b.String(), ""), 12)
}

func firstLine(s string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return first
}
