package notebook

import (
	"strings"
	"testing"
)

// executed returns the cells as a notebook after a run in order.
func executed(cells ...*Cell) *Notebook {
	for i, c := range cells {
		c.ExecutionCount = new(int)
		*c.ExecutionCount = i + 1
	}
	return &Notebook{Cells: cells}
}

func with(c *Cell, outputs ...*Output) *Cell {
	c.Outputs = outputs
	return c
}

func stream(name, s string) *Output { return &Output{Type: "stream", Name: name, Text: Text(s)} }

func TestJudge(t *testing.T) {
	shown := &Output{Type: "display_data"}
	failed := &Output{Type: "error", EName: "ERROR", EValue: "exit status 2"}
	outOfOrder := executed(code("a", "1"), code("b", "2"))
	*outOfOrder.Cells[1].ExecutionCount = 3
	unrun := executed(code("a", "1"), code("b", "2"))
	unrun.Cells[0].ExecutionCount = nil
	for name, c := range map[string]struct {
		n    *Notebook
		want string // part of the only fault; "" for none
	}{
		"good":                 {executed(with(code("a", "%%"), stream("stdout", "fine"), stream("stderr", "a warning"))), ""},
		"error":                {executed(with(code("a", "x"), failed)), "failed: exit status 2"},
		"error told before":    {executed(with(code("a", "x"), stream("stderr", "exit status 2\n"), failed)), "failed: exit status 2"},
		"hidden":               {executed(with(code("a", "!false"), stream("stderr", "exit status 1\n"))), "exit status 1"},
		"hidden behind colour": {executed(with(code("a", "!x"), stream("stderr", "\x1b[31mexit status 7\x1b[0m\n"))), "exit status 7"},
		"exit status 0":        {executed(with(code("a", "!x"), stream("stderr", "exit status 0\n"))), ""},
		"panic":                {executed(with(code("a", "x"), stream("stderr", "one\npanic: boo\n"))), "panic:"},
		"killed":               {executed(with(code("a", "x"), stream("stderr", "signal: killed\n"))), "signal:"},
		"word panic":           {executed(with(code("a", "x"), stream("stdout", "panic: a word in a text"))), ""},
		"test":                 {executed(with(code("a", "x"), stream("stdout", "--- FAIL: TestA (0.00s)\n"))), "test failed"},
		"subtest":              {executed(with(code("a", "x"), stream("stdout", "    --- FAIL: TestA/b (0.00s)\n"))), "test failed"},
		"display":              {executed(with(code("a", "x", "display"), shown)), ""},
		"lost display":         {executed(with(code("a", "x", "display"), stream("stdout", "text"))), "shows 0 of 1"},
		"half lost":            {executed(with(code("a", "%%\nnb.Show(1)\nnb.Show(2)", "display"), shown)), "shows 1 of 2"},
		"raises":               {executed(with(code("a", "x", "raises-exception"), failed)), ""},
		"raises in a shell":    {executed(with(code("a", "!x", "raises-exception"), stream("stderr", "exit status 1\n"))), ""},
		"raises not":           {executed(code("a", "x", "raises-exception")), "did not fail"},
		"out of order":         {outOfOrder, "execution count 3, want 2"},
		"empty cell":           {&Notebook{Cells: []*Cell{code("a", " \n"), markdown("b", "text")}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			faults := judge(c.n, nil)
			switch {
			case c.want == "" && len(faults) > 0:
				t.Errorf("faults %v, want none", faults)
			case c.want != "" && (len(faults) != 1 || !strings.Contains(faults[0].Reason, c.want)):
				t.Errorf("faults %v, want one with %q", faults, c.want)
			}
		})
	}
	if faults := judge(unrun, nil); len(faults) == 0 || !strings.Contains(faults[0].Reason, "execution count none, want 1") {
		t.Errorf("a cell that did not run: faults %v", faults)
	}
}

// After a failure the cells below did not run; that is no further fault.
func TestJudgeStopsAtTheFirstError(t *testing.T) {
	n := executed(code("a", "1"), with(code("b", "2"), &Output{Type: "error", EName: "ERROR"}), code("c", "3", "display"))
	n.Cells[2].ExecutionCount = nil
	if faults := judge(n, nil); len(faults) != 1 || faults[0].Cell != 2 {
		t.Errorf("faults %v, want one, in cell 2", faults)
	}
}

func TestJudgeBlamesNoCellForAKernelThatDidNotStart(t *testing.T) {
	n := executed(code("a", "1"), code("b", "2"))
	for _, c := range n.Cells {
		c.ExecutionCount = nil
	}
	if faults := judge(n, &stopped{Cell: -1, Reason: "RuntimeError: Kernel died"}); len(faults) != 1 || faults[0].Cell != 0 || !strings.Contains(faults[0].Reason, "Kernel died") {
		t.Errorf("faults %v, want one, of the notebook as a whole", faults)
	}
}

func TestFaultShowsSourceAndLastLines(t *testing.T) {
	n := executed(with(code("load", "%%\nload()"), stream("stdout", strings.Repeat("line\n", 100)+"the end\n"), stream("stderr", "exit status 1\n")))
	said := judge(n, nil)[0].String()
	for _, want := range []string{"cell 1 (load)", "| load()", "> the end", "> exit status 1"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q lacks %q", said, want)
		}
	}
	if strings.Count(said, "> line") > 12 {
		t.Errorf("too many lines: %s", said)
	}
}

func TestOutside(t *testing.T) {
	for page, want := range map[string]int{
		`<script src="https://cdn.example/a.js"></script>`:        1,
		`<script async src='//cdn.example/a.js'></script>`:        1,
		`<link rel="stylesheet" href="http://x/a.css">`:           1,
		`<img alt="" src=file:///usr/share/a.png>`:                1,
		`<style>@font-face { src: url(https://x/f.woff) }`:        1,
		`<style>@import "https://x/a.css";`:                       1,
		`<a href="https://example.org">a link</a>`:                0,
		`<img src="data:image/png;base64,AAAA">`:                  0,
		`<svg xmlns="http://www.w3.org/2000/svg"><use href="#a">`: 0,
		`<style>.a { background: url("data:image/svg+xml,x") }`:   0,
	} {
		if got := Outside(page); len(got) != want {
			t.Errorf("%s: loads %q, want %d", page, got, want)
		}
	}
}
