package atomicfile

import (
	"os"
	"path/filepath"
	"testing"
)

// forgetSwept lets this process look into folders again, as the next process does.
func forgetSwept() { swept.Clear() }

func TestWhatNobodyHoldsIsClearedAwayAndNothingElse(t *testing.T) {
	if !locks {
		t.Skip("this system has no locks that end with their process")
	}
	dir := t.TempDir()
	for _, name := range []string{".segkit-1", ".segkit-2m", ".segkit-notes", ".segkit-12.csv", "segkit-3", ".segkit-"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{".segkit-4", ".segkit-5m", ".segkit-mine"} {
		if err := os.MkdirAll(filepath.Join(dir, name, "inside"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(dir, ".segkit-notes"), filepath.Join(dir, ".segkit-6")); err != nil {
		t.Fatal(err)
	}
	held, err := Begin(filepath.Join(dir, "held.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer held.Abort()
	stage, remove, err := Stage(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer remove()
	forgetSwept()
	if err := Write(filepath.Join(dir, "new.csv"), hello); err != nil {
		t.Fatal(err)
	}
	left := map[string]bool{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		left[e.Name()] = true
	}
	for _, name := range []string{".segkit-notes", ".segkit-12.csv", "segkit-3", ".segkit-", ".segkit-mine", ".segkit-6", "new.csv", filepath.Base(held.Name()), filepath.Base(stage)} {
		if !left[name] {
			t.Errorf("%s is gone", name)
		}
		delete(left, name)
	}
	if len(left) > 0 {
		t.Errorf("left are %v", left)
	}
	if err := held.Commit(); err != nil {
		t.Errorf("what is held cannot be put into its place: %v", err)
	}
}

func TestAFolderIsWholeAndAsOpenAsTheUmaskLeavesIt(t *testing.T) {
	dir := t.TempDir()
	asked := filepath.Join(dir, "asked")
	if err := os.Mkdir(asked, 0o777); err != nil {
		t.Fatal(err)
	}
	want, _ := os.Stat(asked)
	for _, path := range []string{asked, filepath.Join(dir, "new")} { // one that is there and empty, and none
		err := Folder(path, func(stage string) error {
			if info, err := os.Stat(stage); err != nil || info.Mode().Perm() != 0o700 {
				t.Errorf("in the making it is %v (%v)", info.Mode(), err)
			}
			return os.WriteFile(filepath.Join(stage, "a"), nil, 0o666)
		})
		info, failed := os.Stat(path)
		if there, _ := os.ReadDir(path); err != nil || failed != nil || info.Mode() != want.Mode() || len(there) != 1 {
			t.Errorf("%v, %v: %v, want %v", err, failed, info.Mode(), want.Mode())
		}
	}
	if err := Folder(asked, func(string) error { return nil }); err == nil {
		t.Error("a folder that holds something was replaced")
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 2 {
		t.Errorf("left behind: %v", entries)
	}
}
