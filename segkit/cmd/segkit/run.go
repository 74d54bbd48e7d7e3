package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/segkit/lab/internal/atomicfile"
)

// nbRunCmd runs notebooks.
type nbRunCmd struct {
	Files   []string          `arg:"" help:"Notebooks to run."`
	Param   map[string]string `short:"p" placeholder:"NAME=VALUE" mapsep:"none" help:"Set a parameter of the cell tagged parameters; may be repeated."`
	Out     string            `default:"build/notebooks" type:"path" help:"Folder for the executed copies (.ipynb), the pages (.html) and the records (.json)."`
	Timeout time.Duration     `default:"5m" help:"Longest time for one cell."`
	Jobs    int               `short:"j" default:"2" help:"Number of notebooks to run at the same time."`
	NoCode  bool              `name:"no-code" help:"Leave the code out of the pages, for readers who do not program."`
	Jupyter string            `env:"JUPYTER" placeholder:"PATH" help:"The jupyter or python to use instead of the one that make installs."`
}

// Run runs the notebooks, tells of each in the order given, and returns an error if one failed.
func (c *nbRunCmd) Run(ctx context.Context) error {
	if err := c.check(); err != nil {
		return err
	}
	began := time.Now()
	failed := 0
	inTurn(len(c.Files), c.Jobs, func(i int) func() {
		r := c.runFile(ctx, c.Files[i])
		return func() {
			r.print(os.Stdout)
			if !r.passed() {
				failed++
			}
		}
	})
	fmt.Printf("notebooks: %d passed, %d failed, %.1f s\n", len(c.Files)-failed, failed, time.Since(began).Seconds())
	if failed > 0 {
		return fmt.Errorf("segkit: %d of %d notebooks failed", failed, len(c.Files))
	}
	return nil
}

// inTurn does n things, a few at a time, and tells of each in their order.
func inTurn(n, jobs int, do func(i int) (tell func())) {
	done, slots := make([]chan func(), n), make(chan struct{}, max(1, jobs))
	for i := range done {
		done[i] = make(chan func(), 1)
	}
	go func() {
		for i := range done {
			slots <- struct{}{}
			go func() {
				done[i] <- do(i)
				<-slots
			}()
		}
	}()
	for _, tell := range done {
		(<-tell)()
	}
}

// check refuses what would make one run write over another's results.
func (c *nbRunCmd) check() error {
	seen := map[string]string{}
	for _, file := range c.Files {
		name := stem(file)
		if other, twice := seen[name]; twice {
			return fmt.Errorf("segkit: %s and %s would both write %s.html: run them with different --out", other, file, name)
		}
		seen[name] = file
		if filepath.Ext(file) != ".ipynb" {
			return fmt.Errorf("segkit: %s is not a notebook: want a name that ends in .ipynb", file)
		}
	}
	if err := os.MkdirAll(c.Out, 0o777); err != nil {
		return fmt.Errorf("segkit: cannot make the folder for the results: %w", err)
	}
	return nil
}

// stem is the name of a notebook's results. Exercises and their solutions are named as the lesson is, and lie in folders of their own:
// their results say so, and do not replace those of the lesson.
func stem(file string) string {
	name := strings.TrimSuffix(filepath.Base(file), ".ipynb")
	if folder := filepath.Base(filepath.Dir(file)); folder == "exercises" || folder == "solutions" {
		name += "_" + folder
	}
	return name
}

// runResult is what became of one notebook.
type runResult struct {
	file   string
	page   string // path of the HTML
	record record
	err    error // the run could not be made
}

func (r runResult) passed() bool { return r.err == nil && r.record.Passed }

func (r runResult) print(w io.Writer) {
	if r.err != nil {
		fmt.Fprintf(w, "FAIL  %s\n  %v\n", r.file, r.err)
		return
	}
	word := "ok  "
	if !r.passed() {
		word = "FAIL"
	}
	fmt.Fprintf(w, "%s  %s  %d cells, %.1f s  %s\n", word, r.file, len(r.record.Cells), r.record.Seconds, r.page)
	for _, f := range r.record.Faults {
		fmt.Fprintln(w, "  "+f.String())
	}
}

// runFile runs one notebook in its folder and writes its results.
func (c *nbRunCmd) runFile(ctx context.Context, file string) (r runResult) {
	r = runResult{file: file, page: relative(filepath.Join(c.Out, stem(file)+".html"))}
	n, source, err := readNotebook(file)
	if err != nil {
		r.err = err
		return r
	}
	folder, err := filepath.Abs(filepath.Dir(file))
	if err != nil {
		r.err = err
		return r
	}
	sum := sha256.Sum256(source)
	r.record = record{Notebook: filepath.ToSlash(file), SHA256: hex.EncodeToString(sum[:]), Commit: commit(folder), Started: time.Now().UTC()}
	params, err := n.parameters(c.Param, folder)
	if err == nil {
		r.record.Inputs, err = n.inputs(params, folder)
		for _, in := range r.record.Inputs {
			if !filepath.IsAbs(in.Path) {
				in.Path = filepath.Join(folder, in.Path)
			}
			announce(in.Path)
		}
	}
	if err != nil {
		r.err = fmt.Errorf("segkit: %s: %w", file, err)
		return r
	}
	r.record.Parameters = map[string]string{}
	for _, p := range params {
		r.record.Parameters[p.name] = p.literal
	}
	r.err = c.execute(ctx, n, folder, &r)
	return r
}

// execute runs the prepared notebook, judges it, and writes the executed copy, the page and the record.
func (c *nbRunCmd) execute(ctx context.Context, n *notebook, folder string, r *runResult) error {
	j, err := findJupyter(c.Jupyter, folder)
	if err != nil {
		return err
	}
	page := wholePage
	if c.NoCode {
		page = noCode
	}
	a, err := j.execute(ctx, n, folder, stem(r.file), c.Timeout, page)
	if err != nil {
		return err
	}
	executed, err := parseNotebook(r.file, a.Notebook)
	if err != nil {
		return err
	}
	r.record.Faults = append([]failing{}, judge(executed, a.Stopped)...)
	for _, address := range outside(a.HTML) {
		r.record.Faults = append(r.record.Faults, failing{Reason: "the page would load " + address + ": embed it in the notebook instead"})
	}
	r.record.Passed = len(r.record.Faults) == 0
	r.record.Versions = versions(checkout(folder), a.Versions)
	r.record.Seconds = time.Since(r.record.Started).Seconds()
	for i, cell := range executed.Cells {
		if cell.Type == "code" {
			r.record.Cells = append(r.record.Cells, timing{i + 1, cell.ID, a.Seconds[i]})
		}
	}
	return c.write(stem(r.file), executed, a.HTML, r.record)
}

func (c *nbRunCmd) write(name string, executed *notebook, html string, r record) error {
	copied, err := executed.bytes()
	if err != nil {
		return err
	}
	noted, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return err
	}
	for ending, content := range map[string][]byte{".ipynb": copied, ".html": []byte(html), ".json": append(noted, '\n')} {
		err := atomicfile.Write(filepath.Join(c.Out, name+ending), func(w io.Writer) error {
			_, err := w.Write(content)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// relative returns the path as seen from here, when that is shorter.
func relative(path string) string {
	if here, err := os.Getwd(); err == nil {
		if rel, err := filepath.Rel(here, path); err == nil && len(rel) < len(path) {
			return rel
		}
	}
	return path
}
