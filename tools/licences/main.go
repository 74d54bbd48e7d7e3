// Command licences lists the modules that are linked into what segkit builds, and into what set-up installs, with their licences, as docs/licences.md of the checkout it
// is given: go -C tools run ./licences .. With -check it writes nothing and fails where the file is not current. A licence that would bind users, or that nobody
// recognises, is an error.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/licensecheck"
)

// programs are what is built, by the folder of their module and their packages there.
var programs = []struct{ name, module, packages string }{
	{"Cells and services: the packages of segkit", ".", "./datasets ./segkit/..."},
	{"The command `segkit`", ".", "./segkit/cmd/segkit"},
	{"The command `segkit-engine`", "segkit/cmd/segkit-engine", "."},
	{"Tools that set-up installs: the kernel, its language server, and what sorts imports", "tools", "tool"},
}

// permissive are the licences that ask for no more than a notice; OFL is one of fonts, CC-BY asks to name the author, and
// MPL to hand on changes of the files that are under it, of which segkit makes none.
var permissive = []string{"MIT", "MIT-0", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "ISC", "0BSD", "Unlicense", "OFL-1.1", "CC-BY-4.0", "Zlib", "MPL-2.0"}

// chosen are the licences of modules that leave a choice, in words of their own that are not recognised.
var chosen = map[string]string{
	"github.com/golang/freetype": "FTL", // or GPL-2.0: "your choice of exactly one of the following two licenses"
}

func main() {
	check := flag.Bool("check", false, "say whether docs/licences.md is current, and write nothing")
	flag.Parse()
	if err := run(flag.Arg(0), *check); err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(1)
	}
}

func run(root string, check bool) error {
	var page bytes.Buffer
	page.WriteString("# Licences of what is linked\n\nsegkit is under the MIT licence. If you distribute a program that links segkit, you distribute these modules as well, and their notices have to go with them.\n" +
		"The list is made by `go -C tools run ./licences ..`, and `make test` says where it is no longer current, or where a licence asks for more than a notice.\n")
	for _, p := range programs {
		modules, err := linked(filepath.Join(root, p.module), p.packages)
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		fmt.Fprintf(&page, "\n## %s\n\n| module | version | licence |\n|---|---|---|\n", p.name)
		for _, m := range modules {
			licences, err := m.licences()
			if err != nil {
				return err
			}
			fmt.Fprintf(&page, "| %s | %s | %s |\n", m.path, m.version, strings.Join(licences, ", "))
		}
	}
	path := filepath.Join(root, "docs/licences.md")
	if !check {
		return os.WriteFile(path, page.Bytes(), 0o666)
	}
	if old, err := os.ReadFile(path); err != nil || !bytes.Equal(old, page.Bytes()) {
		return fmt.Errorf("%s is not current: go -C tools run ./licences .. writes it (%v)", path, err)
	}
	return nil
}

type linkedModule struct{ path, version, dir string }

// linked lists the modules whose packages the given ones need, without their own. Of all packages below a folder those count that others can import:
// what is internal is linked where they need it, and some of it is for tests.
func linked(dir, packages string) (modules []linkedModule, err error) {
	list := func(args ...string) ([]string, error) {
		cmd := exec.Command("go", append([]string{"list"}, args...)...)
		cmd.Dir, cmd.Stderr = dir, os.Stderr
		out, err := cmd.Output()
		return strings.Split(strings.TrimSpace(string(out)), "\n"), err
	}
	from, err := list(strings.Fields(packages)...)
	if err != nil {
		return nil, err
	}
	if len(from) > 1 && strings.Contains(packages, "...") {
		from = slices.DeleteFunc(from, func(p string) bool { return strings.Contains(p, "/internal/") || strings.Contains(p, "/cmd/") })
	}
	needed, err := list(append([]string{"-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}{{end}}"}, from...)...)
	if err != nil {
		return nil, err
	}
	for _, line := range needed {
		if f := strings.Split(line, "\t"); len(f) == 3 && !strings.HasPrefix(f[0], "github.com/segkit/lab") {
			modules = append(modules, linkedModule{f[0], f[1], f[2]})
		}
	}
	slices.SortFunc(modules, func(a, b linkedModule) int { return strings.Compare(a.path, b.path) })
	return slices.Compact(modules), nil
}

// licences recognises the texts at the top of a module, or at the top of the repository that it is a part of.
func (m linkedModule) licences() (found []string, err error) {
	if licence := chosen[m.path]; licence != "" {
		return []string{licence}, nil
	}
	for dir := m.dir; found == nil && strings.Contains(filepath.Base(dir)+filepath.Dir(dir), "@"); dir = filepath.Dir(dir) {
		for _, pattern := range []string{"[Ll][Ii][Cc][Ee][Nn][CcSs][Ee]*", "[Cc][Oo][Pp][Yy][Ii][Nn][Gg]*"} {
			files, err := filepath.Glob(filepath.Join(dir, pattern))
			if err != nil {
				return nil, err
			}
			for _, file := range files {
				text, err := os.ReadFile(file)
				if err != nil {
					continue // a folder of licences
				}
				for _, match := range licensecheck.Scan(text).Match {
					if !match.IsURL {
						found = append(found, match.ID)
					}
				}
			}
		}
	}
	slices.Sort(found)
	found = slices.Compact(found)
	if found == nil {
		return nil, fmt.Errorf("%s %s: no licence is recognised in %s", m.path, m.version, m.dir)
	}
	for _, licence := range found {
		if !slices.Contains(permissive, licence) {
			return nil, fmt.Errorf("%s %s: its licence %s may ask for more than a notice", m.path, m.version, licence)
		}
	}
	return found, nil
}
