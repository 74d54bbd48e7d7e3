package main

import (
	"fmt"
	"os"
	"runtime/debug"
)

// versionCmd says which build this is, for reports of what went wrong and for records that others can repeat.
type versionCmd struct{}

func (versionCmd) Run() error {
	info, _ := debug.ReadBuildInfo()
	fmt.Fprintln(os.Stdout, version(info))
	return nil
}

// version reads like "segkit v0.3.0, commit 1a2b3c4d5e6f, go1.26.8". A build from a checkout has no version of its own, and says so;
// a commit with changes on top is marked.
func version(info *debug.BuildInfo) string {
	if info == nil {
		return "segkit, of an unknown build"
	}
	of := "from a checkout"
	if v := info.Main.Version; v != "" && v != "(devel)" {
		of = v
	}
	commit, changed := "unknown", ""
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			commit = s.Value[:min(12, len(s.Value))]
		case "vcs.modified":
			if s.Value == "true" {
				changed = " with changes"
			}
		}
	}
	return fmt.Sprintf("segkit %s, commit %s%s, %s", of, commit, changed, info.GoVersion)
}
