package main

// A project of one's own, outside the checkout: a notebook, a go.mod that names the version of segkit it was written with, and the
// choices of the report as plain data. It holds no absolute path, so that it can be kept in git and opened on another machine.

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/segkit/lab/internal/atomicfile"
	"github.com/segkit/lab/segkit/cmd/internal/notebook"
)

//go:embed project
var projectFiles embed.FS

const labModule = "github.com/segkit/lab"

// initCmd makes a project, or renews the version of segkit that one names.
type initCmd struct {
	Dir    string `arg:"" default:"." help:"Folder of the project: one that does not exist yet, or an empty one."`
	Update bool   `help:"Let an existing project use the segkit of this checkout."`
}

func (c *initCmd) Run(ctx context.Context) error {
	root, err := prepared(c.Dir)
	if err != nil {
		return err
	}
	dir, err := filepath.Abs(c.Dir)
	if err != nil {
		return err
	}
	does, done := makeProject, "%s is ready, with segkit %s. Open it:  segkit lab %[1]s\n"
	if c.Update {
		does, done = updateProject, "%s uses segkit %s now.\n"
	}
	made, err := does(root, dir)
	if err != nil {
		return fmt.Errorf("segkit: init: %w", err)
	}
	if err := warmed(ctx, root, dir); err != nil {
		return fmt.Errorf("segkit: init: %w", err)
	}
	fmt.Printf(done, c.Dir, made.Version)
	return nil
}

// makeProject makes the folder whole or not at all: it is filled under another name, and renamed.
func makeProject(root, dir string) (made published, err error) {
	switch there, err := os.ReadDir(dir); {
	case err == nil && len(there) > 0 && isProject(dir):
		return made, fmt.Errorf("%s is already a project: with --update it uses the segkit of this checkout", dir)
	case err == nil && len(there) > 0:
		return made, fmt.Errorf("%s is not empty (it holds %s): name a folder that does not exist yet", dir, there[0].Name())
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return made, err
	}
	if made, err = publish(root); err != nil {
		return made, err
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o777); err != nil {
		return made, err
	}
	return made, atomicfile.Folder(dir, func(beside string) error { return fill(beside, root, made) })
}

// fill writes the files of a new project into dir.
func fill(dir, root string, made published) error {
	files, err := fs.Sub(projectFiles, "project")
	if err != nil {
		return err
	}
	if err := ownNotebook(filepath.Join(dir, "analysis.ipynb"), filepath.Join(root, "notebooks/01_whole_analysis.ipynb")); err != nil {
		return err
	}
	err = fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		if name == "gitignore" { // embedding leaves out files that begin with a dot
			name = ".gitignore"
		}
		return os.WriteFile(filepath.Join(dir, name), text, 0o666)
	})
	if err != nil {
		return err
	}
	return writeModule(dir, root, made, "module project\n")
}

// ownNotebook writes the notebook of a project: the cells of the lesson on the whole analysis with their headings, and without what the
// lesson says about its own shop.
func ownNotebook(path, lesson string) error {
	n, _, err := notebook.Read(lesson)
	if err != nil {
		return err
	}
	kept := n.Cells[:0]
	for _, c := range n.Cells {
		switch {
		case c.ID == "opening":
			c.Source = "# Our customer segments\n\nWhich few groups of customers should we treat differently, and what are they worth?\n\n" +
				"The made-up shop stands in for a file of your own until `source` below names one; `segkit inspect` says beforehand how a file is read."
		case c.Type == "code":
		case strings.HasPrefix(string(c.Source), "## ") && c.ID != "closing":
			heading, _, _ := strings.Cut(string(c.Source), "\n")
			c.Source = notebook.Text(heading)
		default:
			continue
		}
		kept = append(kept, c)
	}
	n.Cells = kept
	out, err := n.Bytes()
	if err != nil {
		return err
	}
	return os.WriteFile(path, out, 0o666)
}

// updateProject lets a project use the segkit of this checkout. Requirements of the user's own stay.
func updateProject(root, dir string) (made published, err error) {
	if !isProject(dir) {
		return made, fmt.Errorf("%s is not a project (no go.mod there requires %s): without --update, segkit init makes one", dir, labModule)
	}
	text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return made, err
	}
	if made, err = publish(root); err != nil {
		return made, err
	}
	return made, writeModule(dir, root, made, string(text))
}

// writeModule writes go.mod and go.sum: what text says already, the version of segkit, and what that version requires, as its own
// go.mod and go.sum have it. So nothing has to be looked up.
func writeModule(dir, root string, made published, text string) error {
	mod, err := modfile.Parse("go.mod", []byte(text), nil)
	if err != nil {
		return err
	}
	of, err := modfile.Parse("go.mod", made.Mod, nil)
	if err != nil {
		return err
	}
	if err := mod.AddGoStmt(of.Go.Version); err != nil {
		return err
	}
	if err := mod.AddRequire(labModule, made.Version); err != nil {
		return err
	}
	for _, r := range of.Require {
		if err := mod.AddRequire(r.Mod.Path, r.Mod.Version); err != nil {
			return err
		}
	}
	for _, r := range mod.Require {
		r.Indirect = r.Mod.Path != labModule
	}
	mod.SetRequireSeparateIndirect(mod.Require)
	mod.Cleanup()
	out, err := mod.Format()
	if err != nil {
		return err
	}
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		return err
	}
	if err := atomicfile.WriteBytes(filepath.Join(dir, "go.sum"), []byte(made.Sum+string(sums))); err != nil {
		return err
	}
	return atomicfile.WriteBytes(filepath.Join(dir, "go.mod"), out)
}

// warmed compiles what notebooks import, so that the first cell does not.
func warmed(ctx context.Context, root, dir string) error {
	fmt.Println("Compiling the packages for the first cell: half a minute, once for each version.")
	build := exec.CommandContext(ctx, filepath.Join(root, ".tools/bin/go"), "build", labModule+"/datasets", labModule+"/segkit/...")
	build.Dir = dir
	flags := "-gcflags=all=-dwarf=false -ldflags=-w"
	if slices.Contains(strings.Fields(os.Getenv("GOFLAGS")), "-trimpath") { // as the kernel's start does: cells look for what is compiled in the same way
		flags = "-trimpath " + flags
	}
	build.Env = append(os.Environ(), "GOFLAGS="+flags, "GOWORK=off", "GOPROXY=file://"+filepath.Join(root, proxyFolder)+","+goproxy(root))
	if said, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("the packages do not compile in %s: %w\n%s", dir, err, said)
	}
	return nil
}

// goproxy is where the user's Go fetches modules.
func goproxy(root string) string {
	out, _ := exec.Command(filepath.Join(root, ".tools/bin/go"), "env", "GOPROXY").Output()
	return strings.TrimSpace(string(out))
}

// isProject tells whether a folder is one that segkit init made.
func isProject(dir string) bool {
	text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	return err == nil && strings.Contains(string(text), labModule+" v")
}

// prepared is the checkout that has been set up and that a project uses.
func prepared(dir string) (string, error) {
	root := notebook.Checkout(dir)
	if root == "" {
		return "", errors.New("segkit: found no checkout of segkit that is set up, neither here nor at the project nor above this program: " +
			"run make setup in one, and use the segkit in its .tools/bin")
	}
	return root, nil
}

// labCmd opens JupyterLab in a project.
type labCmd struct {
	Dir  string   `arg:"" default:"." type:"existingdir" help:"Folder of the project."`
	Args []string `arg:"" optional:"" passthrough:"" help:"What follows goes to JupyterLab."`
}

func (c *labCmd) Run(ctx context.Context) error {
	root, err := prepared(c.Dir)
	if err != nil {
		return err
	}
	if !isProject(c.Dir) {
		return fmt.Errorf("segkit: lab: %s is not a project (no go.mod there requires %s): segkit init makes one", c.Dir, labModule)
	}
	if err := c.available(root); err != nil {
		return err
	}
	lab := exec.CommandContext(ctx, "bash", append([]string{filepath.Join(root, "tools/lab.sh")}, c.Args...)...)
	lab.Env = append(os.Environ(), "LAB_ROOT="+c.Dir, "LAB_PAGE=analysis.ipynb")
	lab.Stdin, lab.Stdout, lab.Stderr = os.Stdin, os.Stdout, os.Stderr
	lab.Cancel = func() error { return lab.Process.Signal(os.Interrupt) }
	return lab.Run()
}

// available makes sure that the version which the project names can be had here.
func (c *labCmd) available(root string) error {
	text, err := os.ReadFile(filepath.Join(c.Dir, "go.mod"))
	if err != nil {
		return fmt.Errorf("segkit: lab: %w", err)
	}
	mod, err := modfile.ParseLax("go.mod", text, nil)
	if err != nil {
		return fmt.Errorf("segkit: lab: %w", err)
	}
	for _, r := range mod.Require {
		if r.Mod.Path != labModule || !strings.HasPrefix(r.Mod.Version, checkoutVersion) {
			continue
		}
		made, err := publish(root)
		if err != nil {
			return err
		}
		if _, err := os.Stat(proxyFile(root, r.Mod.Version, ".zip")); err != nil {
			return fmt.Errorf("segkit: lab: %s names segkit %s, and this checkout is %s: bring the checkout to the commit that the project was made with, "+
				"or let the project use this one with segkit init --update %[1]s", c.Dir, r.Mod.Version, made.Version)
		}
	}
	return nil
}
