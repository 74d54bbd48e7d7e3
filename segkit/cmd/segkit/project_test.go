package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/cmd/internal/notebook"
)

// inProject runs the go command in a project as the kernel does: with the checkout's folder as the first place for modules.
func inProject(t *testing.T, root, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOPROXY=file://"+filepath.Join(root, proxyFolder)+",off", "GOFLAGS=", "GOWORK=off")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, stderr.String())
	}
	return strings.TrimSpace(string(out))
}

func TestProjectFindsItsVersionWithoutTheNetworkAndHoldsNoAbsolutePath(t *testing.T) {
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "analyses", "spring")
	made, err := makeProject(root, dir)
	if err != nil {
		t.Fatal(err)
	}
	inProject(t, root, dir, "mod", "verify")
	if got := inProject(t, root, dir, "list", "-f", "{{.Module.Version}}", labModule+"/segkit/fault"); got != made.Version {
		t.Errorf("segkit/fault is of version %s in the project, want %s", got, made.Version)
	}
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		if text, err := os.ReadFile(path); err != nil || bytes.Contains(text, []byte(root)) {
			t.Errorf("%s holds the path of the checkout (%v)", path, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	n, b, err := notebook.Read(filepath.Join(dir, "analysis.ipynb"))
	if err != nil {
		t.Fatal(err)
	}
	if again, err := n.Bytes(); err != nil || !bytes.Equal(again, b) {
		t.Errorf("the notebook is not stored as notebooks are (%v)", err)
	}
	if !slices.ContainsFunc(n.Cells, func(c *notebook.Cell) bool { return fmt.Sprint(c.Metadata["tags"]) == "[parameters]" }) {
		t.Error("the notebook has no parameters")
	}
	report := reportCmd{Config: filepath.Join(dir, "segkit.toml")}
	if err := report.configured(); err != nil || report.Orders != "shop" {
		t.Errorf("the report of the project reads %q (%v)", report.Orders, err)
	}
	if rest, _ := filepath.Glob(filepath.Join(filepath.Dir(dir), ".*")); len(rest) > 0 {
		t.Errorf("left beside the project: %q", rest)
	}
}

func TestInitLeavesWhatIsThere(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "thesis.txt"), []byte("years of work"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := makeProject("../../..", dir); err == nil || !strings.Contains(err.Error(), "thesis.txt") {
		t.Errorf("a folder that is not empty: %v", err)
	}
	if _, err := updateProject("../../..", dir); err == nil || !strings.Contains(err.Error(), "not a project") {
		t.Errorf("an update of no project: %v", err)
	}
	if there, _ := os.ReadDir(dir); len(there) != 1 {
		t.Errorf("the folder holds %v now", there)
	}
}

// A folder that is there and empty may be the one that somebody is in: it stays the same one.
func TestInitFillsAnEmptyFolder(t *testing.T) {
	dir := t.TempDir()
	before, err := os.Stat(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := makeProject("../../..", dir); err != nil || !isProject(dir) {
		t.Fatal(err)
	}
	if after, err := os.Stat(dir); err != nil || !os.SameFile(before, after) {
		t.Errorf("it is another folder now (%v)", err)
	}
}

func TestUpdateKeepsTheUsersRequirements(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "p")
	made, err := makeProject("../../..", dir)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "go.mod")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	older := strings.Replace(string(text), made.Version, checkoutVersion+"000000000000", 1) + "\nrequire example.com/own v1.2.3\n"
	if err := os.WriteFile(path, []byte(older), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := (&labCmd{Dir: dir}).available("../../.."); err == nil || !strings.Contains(err.Error(), "init --update") {
		t.Errorf("lab with a version that is not here: %v", err)
	}
	if _, err := updateProject("../../..", dir); err != nil {
		t.Fatal(err)
	}
	if text, _ = os.ReadFile(path); !strings.Contains(string(text), made.Version) || !strings.Contains(string(text), "example.com/own v1.2.3") {
		t.Errorf("after the update go.mod says\n%s", text)
	}
	if err := (&labCmd{Dir: dir}).available("../../.."); err != nil {
		t.Error(err)
	}
}

func TestTheSameSourcesHaveTheSameVersion(t *testing.T) {
	tree := func(change string) string {
		root := t.TempDir()
		for name, text := range map[string]string{"go.mod": "module " + labModule + "\n\ngo 1.26.0\n", "LICENSE": "free", "datasets/a.go": "package datasets", "internal/c.go": "package internal", "segkit/b.go": "package segkit" + change,
			"segkit/b_test.go": "package segkit" + root, "segkit/cmd/x/main.go": root} {
			path := filepath.Join(root, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		made, err := publish(root)
		if err != nil {
			t.Fatal(err)
		}
		return made.Version + made.Sum
	}
	if a, b := tree(""), tree(""); a != b {
		t.Errorf("twice the same sources: %s and %s", a, b)
	}
	if a, b := tree(""), tree(" // changed"); a == b {
		t.Error("a change does not show in the version")
	}
}
