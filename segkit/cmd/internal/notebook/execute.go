package notebook

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

//go:embed execute.py
var executePy string

// order is what execute.py is asked, answer what it returns.
type order struct {
	Notebook *Notebook `json:"notebook"`
	Folder   string    `json:"folder"`
	Title    string    `json:"title"`
	Timeout  int       `json:"timeout"` // seconds for each cell
	Page     page      `json:"page"`
}

// page is what the page of a notebook shows, if one is wanted.
type page string

const (
	noPage    page = ""
	wholePage page = "whole"
	noCode    page = "no code" // texts and results alone
)

type answer struct {
	Notebook json.RawMessage   `json:"notebook"`
	HTML     string            `json:"html"`
	Seconds  []float64         `json:"seconds"` // by cell
	Stopped  *stopped          `json:"stopped"`
	Versions map[string]string `json:"versions"`
}

// stopped says why the execution ended early, other than by an error output.
type stopped struct {
	Cell   int    `json:"cell"`   // index, -1 for none
	Reason string `json:"reason"` // "timeout", "dead" or a sentence
}

// Jupyter is what runs notebooks: a Python with nbclient and nbconvert.
type Jupyter struct {
	Program string        // the jupyter or python to use; "" is the one that make set up in the checkout, or else the one in the PATH
	Timeout time.Duration // longest time for one cell
}

// find returns the Python of Jupyter for a notebook in the folder, and the environment to start it in.
func (j Jupyter) find(folder string) (python string, env []string, err error) {
	root := Checkout(folder)
	env = os.Environ()
	if root != "" {
		share := filepath.Join(root, ".tools", "share", "jupyter")
		if more := os.Getenv("JUPYTER_PATH"); more != "" {
			share += string(os.PathListSeparator) + more
		}
		// GOPROXY=off: a run that would fetch something fails instead of depending on the day it is made.
		env = append(env, "JUPYTER_PATH="+share, "GOPROXY=off")
	}
	program := j.Program
	if program == "" && root != "" {
		if python := filepath.Join(root, ".tools", "venv", "bin", "python"); isFile(python) {
			return python, env, nil
		}
	}
	if program == "" {
		program = "jupyter"
	}
	path, err := exec.LookPath(program)
	if err != nil {
		return "", nil, fmt.Errorf("segkit: no Jupyter found: run `make` in the checkout first, or name one with --jupyter")
	}
	if path, err = filepath.EvalSymlinks(path); err != nil {
		return "", nil, fmt.Errorf("segkit: %w", err)
	}
	if strings.HasPrefix(filepath.Base(path), "python") {
		return path, env, nil
	}
	for _, name := range []string{"python", "python3"} { // the script jupyter and its Python lie side by side
		if python := filepath.Join(filepath.Dir(path), name); isFile(python) {
			return python, env, nil
		}
	}
	return "", nil, fmt.Errorf("segkit: found no Python beside %s: give the Python that has nbclient with --jupyter", path)
}

// Checkout returns the nearest folder that has been set up, at or above the given one, or else at or above where the
// command is given, or above this program.
func Checkout(folder string) string {
	starts := []string{folder, "."}
	if self, err := os.Executable(); err == nil {
		starts = append(starts, filepath.Dir(self))
	}
	for _, start := range starts {
		dir, err := filepath.Abs(start)
		for err == nil {
			if isFile(filepath.Join(dir, ".tools", "share", "jupyter", "kernels", "gonb", "kernel.json")) {
				return dir
			}
			if filepath.Dir(dir) == dir {
				break
			}
			dir = filepath.Dir(dir)
		}
	}
	return ""
}

// execute runs the notebook in the folder. An error means that it could not be tried; what went wrong in the notebook
// is in the answer.
func (j Jupyter) execute(ctx context.Context, n *Notebook, folder, title string, page page) (*answer, error) {
	python, env, err := j.find(folder)
	if err != nil {
		return nil, err
	}
	input, err := json.Marshal(order{n, folder, title, max(1, int(j.Timeout.Seconds())), page})
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, python, "-c", executePy)
	cmd.Env = env
	asking, err := cmd.StdinPipe() // open until there is an answer: it ends with this process, however that ends
	if err != nil {
		return nil, err
	}
	// When interrupted, nbclient gets the time to end its kernel.
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	go func() { asking.Write(append(input, '\n')) }() // what fails shows in the answer
	output, err := cmd.Output()
	if ctx.Err() != nil {
		return nil, fmt.Errorf("segkit: interrupted while running %s", title)
	}
	if err != nil {
		return nil, fmt.Errorf("segkit: Jupyter could not run %s: %w\n%s", title, err, lastLines(stderr.String(), 8))
	}
	var a answer
	if err := json.Unmarshal(output, &a); err != nil {
		return nil, fmt.Errorf("segkit: Jupyter's answer for %s makes no sense: %w", title, err)
	}
	a.HTML = readable(a.HTML)
	return &a, nil
}

// lastLines returns the last n lines of s that are not blank.
func lastLines(s string, n int) string {
	var lines []string
	for line := range strings.Lines(s) {
		if strings.TrimSpace(line) != "" {
			lines = append(lines, strings.TrimRight(line, "\r\n"))
		}
	}
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
