package main

import (
	"runtime/debug"
	"testing"
)

func TestVersion(t *testing.T) {
	vcs := func(revision, modified string) []debug.BuildSetting {
		return []debug.BuildSetting{{Key: "vcs.revision", Value: revision}, {Key: "vcs.modified", Value: modified}}
	}
	for want, info := range map[string]*debug.BuildInfo{
		"segkit, of an unknown build": nil,
		"segkit v0.3.0, commit 0123456789ab, go1.26.8": {GoVersion: "go1.26.8", Main: debug.Module{Version: "v0.3.0"},
			Settings: vcs("0123456789abcdef", "false")},
		"segkit from a checkout, commit 0123456789ab with changes, go1.26.8": {GoVersion: "go1.26.8", Main: debug.Module{Version: "(devel)"},
			Settings: vcs("0123456789abcdef", "true")},
		"segkit from a checkout, commit unknown, go1.26.8": {GoVersion: "go1.26.8"},
	} {
		if got := version(info); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
