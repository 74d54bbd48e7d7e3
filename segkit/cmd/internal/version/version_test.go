package version

import (
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
)

func TestOf(t *testing.T) {
	vcs := func(revision, modified string) []debug.BuildSetting {
		return []debug.BuildSetting{{Key: "vcs.revision", Value: revision}, {Key: "vcs.modified", Value: modified}}
	}
	for want, info := range map[string]*debug.BuildInfo{
		"segkit, of an unknown build": nil,
		"segkit v0.3.0, commit 0123456789ab, go1.26.8": {GoVersion: "go1.26.8", Main: debug.Module{Version: "v0.3.0"},
			Settings: vcs("0123456789abcdef", "false")},
		"segkit from a checkout, commit 0123456789ab with changes, go1.26.8": {GoVersion: "go1.26.8", Main: debug.Module{Version: "(devel)"},
			Settings: vcs("0123456789abcdef", "true")},
		"segkit from a checkout, go1.26.8": {GoVersion: "go1.26.8"},
		"segkit v0.3.0, go1.26.8":          {GoVersion: "go1.26.8", Main: debug.Module{Version: "v0.3.0"}},
	} {
		if got := Of("segkit", info); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestPlatformAndModules(t *testing.T) {
	info := &debug.BuildInfo{Deps: []*debug.Module{{Path: "github.com/jackc/pgx/v5", Version: "v5.13.0"}, {Path: "example.org/other", Version: "v1.0.0"}, {Path: "github.com/trinodb/trino-go-client", Version: "v1.1.0"}}}
	if got, want := linked(info, []string{"github.com/trinodb/trino-go-client", "github.com/jackc/pgx/v5", "example.org/none"}), ", trino-go-client v1.1.0, pgx v5.13.0"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := Line("segkit"); !strings.HasPrefix(got, "segkit ") || !strings.Contains(got, runtime.GOOS+"/"+runtime.GOARCH) || strings.Contains(got, "\n") {
		t.Error(got)
	}
}
