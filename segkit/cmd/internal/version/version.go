// Package version says which build of a command this is, for reports of what went wrong and for records that others can repeat.
package version

import (
	"fmt"
	"path"
	"runtime"
	"runtime/debug"
)

// Of reads like "segkit v0.3.0, commit 1a2b3c4d5e6f, go1.26.8". A build from a checkout has no version of its own, and says so;
// a commit with changes on top is marked, and one that the build does not know is left out. It is the same on every platform.
func Of(program string, info *debug.BuildInfo) string {
	if info == nil {
		return program + ", of an unknown build"
	}
	of := "from a checkout"
	if v := info.Main.Version; v != "" && v != "(devel)" {
		of = v
	}
	commit, changed := "", ""
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			commit = ", commit " + s.Value[:min(12, len(s.Value))]
		case "vcs.modified":
			if s.Value == "true" {
				changed = " with changes"
			}
		}
	}
	return fmt.Sprintf("%s %s%s%s, %s", program, of, commit, changed, info.GoVersion)
}

// Line is Of this program with its platform, and the versions of the modules of these paths that it links.
func Line(program string, modules ...string) string {
	info, _ := debug.ReadBuildInfo() // nil where there is none
	return Of(program, info) + ", " + runtime.GOOS + "/" + runtime.GOARCH + linked(info, modules)
}

// linked reads like ", pgx v5.13.0".
func linked(info *debug.BuildInfo, modules []string) (text string) {
	if info == nil {
		return ""
	}
	for _, wanted := range modules {
		for _, m := range info.Deps {
			if m.Path != wanted {
				continue
			}
			name := path.Base(m.Path)
			if len(name) < 3 { // github.com/jackc/pgx/v5
				name = path.Base(path.Dir(m.Path))
			}
			text += ", " + name + " " + m.Version
		}
	}
	return text
}
