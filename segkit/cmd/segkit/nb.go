package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/segkit/lab/segkit/cmd/internal/notebook"
)

// nbCmd is what segkit does with notebooks.
type nbCmd struct {
	Run   nbRunCmd   `cmd:"" help:"Run notebooks and judge them by their outputs; write the executed copy, a page and a record."`
	Lint  nbLintCmd  `cmd:"" help:"Check that notebooks are stored the way this project stores them."`
	Strip nbStripCmd `cmd:"" help:"Bring notebooks to the form in which they are stored: no outputs, fixed metadata, readable cell ids."`

	Exercises nbExercisesCmd `cmd:"" help:"Make exercises from their solutions, or check that they are as they should be."`
}

// nbStripCmd brings notebooks to the stored form.
type nbStripCmd struct {
	Files []string `arg:"" help:"Notebooks to change in place."`
}

// Run rewrites the files that are not in the stored form, and names them.
func (c *nbStripCmd) Run() error {
	for _, file := range c.Files {
		changed, err := notebook.Strip(file)
		if err != nil {
			return err
		}
		if changed {
			fmt.Println("stripped", file)
		}
	}
	return nil
}

// nbLintCmd checks that notebooks are stored in the form that strip gives them, and keep the rules of the lessons.
type nbLintCmd struct {
	Files []string `arg:"" help:"Notebooks to check."`
}

// Run prints every finding, one a line, and returns an error if there are any.
func (c *nbLintCmd) Run() error {
	findings := 0
	for _, file := range c.Files {
		found, err := notebook.Lint(file)
		if err != nil {
			return err
		}
		for _, finding := range found {
			fmt.Printf("%s: %s\n", file, finding)
		}
		findings += len(found)
	}
	if findings > 0 {
		return fmt.Errorf("segkit: %d findings in notebooks; `segkit nb strip FILE` corrects those of form", findings)
	}
	fmt.Printf("notebooks: %d checked\n", len(c.Files))
	return nil
}

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
		r, err := c.runFile(ctx, c.Files[i])
		return func() {
			if !c.tell(os.Stdout, c.Files[i], r, err) {
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

// check refuses what would make one run write over another's results.
func (c *nbRunCmd) check() error {
	seen := map[string]string{}
	for _, file := range c.Files {
		name := notebook.Stem(file)
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

// runFile runs one notebook and writes its results.
func (c *nbRunCmd) runFile(ctx context.Context, file string) (*notebook.Result, error) {
	r, err := notebook.Run(ctx, file, notebook.Options{Jupyter: notebook.Jupyter{Program: c.Jupyter, Timeout: c.Timeout}, Param: c.Param, NoCode: c.NoCode, Reads: announce})
	if err != nil {
		return nil, err
	}
	return r, r.Write(c.Out)
}

// tell says what became of a notebook, and returns whether it passed.
func (c *nbRunCmd) tell(w io.Writer, file string, r *notebook.Result, err error) bool {
	if err != nil {
		fmt.Fprintf(w, "FAIL  %s\n  %v\n", file, err)
		return false
	}
	word := "ok  "
	if !r.Record.Passed {
		word = "FAIL"
	}
	page := relative(filepath.Join(c.Out, notebook.Stem(file)+".html"))
	fmt.Fprintf(w, "%s  %s  %d cells, %.1f s  %s\n", word, file, len(r.Record.Cells), r.Record.Seconds, page)
	for _, f := range r.Record.Faults {
		fmt.Fprintln(w, "  "+f.String())
	}
	return r.Record.Passed
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

// nbExercisesCmd makes exercises of their solutions, which notebook.Solutions describes.
type nbExercisesCmd struct {
	Files    []string      `arg:"" help:"Notebooks with solutions, in a folder named solutions."`
	Check    bool          `help:"Write nothing: check that the exercises are up to date, and that solutions pass, stubs run and do not pass, and each near miss gets its own hint."`
	Nbgrader string        `placeholder:"DIR" help:"Write only this: a course for nbgrader, with each notebook of exercises as an assignment, and its settings."`
	Timeout  time.Duration `default:"5m" help:"Longest time for one cell."`
	Jobs     int           `short:"j" default:"2" help:"Number of notebooks to run at the same time."`
	Jupyter  string        `env:"JUPYTER" placeholder:"PATH" help:"The jupyter or python to use instead of the one that make installs."`
}

// Run writes or checks the exercises of every file, and returns an error if one is not as it should be.
func (c *nbExercisesCmd) Run(ctx context.Context) error {
	if c.Nbgrader != "" {
		if err := notebook.WriteCourse(c.Nbgrader); err != nil {
			return err
		}
	}
	failed := 0
	inTurn(len(c.Files), c.Jobs, func(i int) func() {
		began := time.Now()
		s, err := c.do(ctx, c.Files[i])
		took := time.Since(began).Seconds()
		return func() {
			if err != nil {
				fmt.Printf("FAIL  %s\n  %v\n", c.Files[i], strings.ReplaceAll(err.Error(), "\n", "\n  "))
				failed++
				return
			}
			fmt.Printf("ok    %s  %d exercises, %d near misses, %.1f s\n", c.Files[i], s.Exercises(), s.Misses(), took)
		}
	})
	if failed > 0 {
		return fmt.Errorf("segkit: the exercises of %d of %d notebooks are not as they should be", failed, len(c.Files))
	}
	return nil
}

// do writes or checks the exercises of one file.
func (c *nbExercisesCmd) do(ctx context.Context, file string) (*notebook.Solutions, error) {
	s, err := notebook.ReadSolutions(file)
	in := notebook.Jupyter{Program: c.Jupyter, Timeout: c.Timeout}
	switch {
	case err != nil:
	case c.Nbgrader != "":
		err = s.WriteAssignment(c.Nbgrader)
	case c.Check:
		err = s.Check(ctx, in)
	default:
		err = s.Write(ctx, in)
	}
	return s, err
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
