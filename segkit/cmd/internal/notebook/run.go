package notebook

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/segkit/lab/internal/atomicfile"
)

// Options are how a notebook is run.
type Options struct {
	Jupyter
	Param  map[string]string // values of parameters, as typed on a command line
	NoCode bool              // leave the code out of the page, for readers who do not program
	Reads  func(path string) // hears of each file that the notebook reads, before any cell runs; may be nil
}

// Result is what became of a notebook that was run.
type Result struct {
	File     string
	Executed *Notebook // the notebook with its outputs
	HTML     string    // the page
	Record   Record
}

// Stem is the name of a notebook's results. Exercises and their solutions are named as the lesson is, and lie in folders of their own:
// their results say so, and do not replace those of the lesson.
func Stem(file string) string {
	name := strings.TrimSuffix(filepath.Base(file), ".ipynb")
	if folder := filepath.Base(filepath.Dir(file)); folder == "exercises" || folder == "solutions" {
		name += "_" + folder
	}
	return name
}

// Run runs the notebook in its folder, and judges it by its outputs. An error means that it could not be tried; what went wrong in the notebook is
// in the record.
func Run(ctx context.Context, file string, o Options) (*Result, error) {
	n, source, err := Read(file)
	if err != nil {
		return nil, err
	}
	folder, err := filepath.Abs(filepath.Dir(file))
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(source)
	r := &Result{File: file, Record: Record{Notebook: filepath.ToSlash(file), SHA256: hex.EncodeToString(sum[:]), Commit: commit(folder), Started: time.Now().UTC()}}
	if err := r.prepare(n, folder, o); err != nil {
		return nil, fmt.Errorf("segkit: %s: %w", file, err)
	}
	return r, r.execute(ctx, n, folder, o)
}

// prepare sets the parameters, and notes them and the files that the notebook reads.
func (r *Result) prepare(n *Notebook, folder string, o Options) error {
	params, err := n.parameters(o.Param, folder)
	if err != nil {
		return err
	}
	r.Record.Inputs, err = n.inputs(params, folder)
	for _, in := range r.Record.Inputs {
		if !filepath.IsAbs(in.Path) {
			in.Path = filepath.Join(folder, in.Path)
		}
		if o.Reads != nil {
			o.Reads(in.Path)
		}
	}
	r.Record.Parameters = map[string]string{}
	for _, p := range params {
		r.Record.Parameters[p.name] = p.literal
	}
	return err
}

// execute runs the prepared notebook and judges it.
func (r *Result) execute(ctx context.Context, n *Notebook, folder string, o Options) error {
	page := wholePage
	if o.NoCode {
		page = noCode
	}
	a, err := o.Jupyter.execute(ctx, n, folder, Stem(r.File), page)
	if err != nil {
		return err
	}
	if r.Executed, err = parse(r.File, a.Notebook); err != nil {
		return err
	}
	r.HTML = a.HTML
	r.Record.Faults = append([]Fault{}, judge(r.Executed, a.Stopped)...)
	for _, address := range Outside(a.HTML) {
		r.Record.Faults = append(r.Record.Faults, Fault{Reason: "the page would load " + address + ": embed it in the notebook instead"})
	}
	r.Record.Passed = len(r.Record.Faults) == 0
	r.Record.Versions = versions(Checkout(folder), a.Versions)
	r.Record.Seconds = time.Since(r.Record.Started).Seconds()
	for i, cell := range r.Executed.Cells {
		if cell.Type == "code" {
			r.Record.Cells = append(r.Record.Cells, Timing{i + 1, cell.ID, a.Seconds[i]})
		}
	}
	return nil
}

// Write writes the executed copy (.ipynb), the page (.html) and the record (.json) into the folder, each named by the stem of the notebook.
func (r *Result) Write(folder string) error {
	copied, err := r.Executed.Bytes()
	if err != nil {
		return err
	}
	noted, err := json.MarshalIndent(r.Record, "", " ")
	if err != nil {
		return err
	}
	for ending, content := range map[string][]byte{".ipynb": copied, ".html": []byte(r.HTML), ".json": append(noted, '\n')} {
		if err := atomicfile.WriteBytes(filepath.Join(folder, Stem(r.File)+ending), content); err != nil {
			return err
		}
	}
	return nil
}
