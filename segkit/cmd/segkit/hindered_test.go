//go:build linux

package main

// A disk that is full and a folder that may not be written any more: whatever writes says so, leaves what was there, and does its work once it can.

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/segkit/lab/segkit/internal/killed"
	"github.com/segkit/lab/segkit/internal/trial"
)

func TestAFullDisk(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can mount a small disk")
	}
	var said []string
	for _, w := range writers(t) {
		t.Run(w.Name, func(t *testing.T) {
			disk := t.TempDir()
			if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=16m"); err != nil {
				t.Skip("this root cannot mount a small disk: ", err)
			}
			defer syscall.Unmount(disk, syscall.MNT_DETACH)
			dir, ballast := filepath.Join(disk, "work"), filepath.Join(disk, "ballast")
			if err := os.Mkdir(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			complaint := killed.New(t, w.Program).Hinder(t, dir, func() {
				f := trial.Sure(os.Create(ballast))
				if _, err := io.Copy(f, endless{}); !errors.Is(err, syscall.ENOSPC) {
					t.Fatal("the disk does not fill: ", err)
				}
				f.Close()
			}, func() {
				if err := os.Remove(ballast); err != nil {
					t.Fatal(err)
				}
			})
			if !strings.Contains(complaint, "no space left on device") || strings.Contains(complaint, ".segkit-") || strings.Contains(complaint, "goroutine ") {
				t.Errorf("%s says %q", w.Name, complaint)
			}
			said = append(said, complaint)
		})
	}
	t.Logf("%d programs found the disk full, and said so", len(said))
}

// endless is something that fills any disk.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// The folder can be written when the program begins, and no more while it writes. Whoever may do anything plays somebody who may not.
func TestAFolderThatLosesItsPermission(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	open, err := os.MkdirTemp("", "open-") // to others too, as t.TempDir is not
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(open)
	var somebody *syscall.Credential
	if os.Geteuid() == 0 {
		somebody = &syscall.Credential{Uid: 65534, Gid: 65534}
		program := trial.Sure(os.ReadFile(self)) // which may lie where nobody else can look
		self = filepath.Join(open, "program")
		if err := errors.Join(os.Chmod(open, 0o755), os.WriteFile(self, program, 0o755)); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"model", "segments", "rules", "figure", "report", "pages"} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(open, name)
			if err := errors.Join(os.Mkdir(dir, 0o755), library[name](dir, 0)); err != nil {
				t.Fatal(err)
			}
			whole := map[string][]string{}
			for content := range 2 {
				if err := library[name](dir, content); err != nil {
					t.Fatal(err)
				}
				for file, text := range filesUnder(t, dir) {
					whole[file] = append(whole[file], text)
				}
			}
			folders := []string{dir}
			if name == "report" {
				folders = append(folders, filepath.Join(dir, "report"))
			}
			run := func(how string) *exec.Cmd {
				cmd := exec.Command(self, how)
				cmd.Dir, cmd.Env = dir, append(os.Environ(), asWriter+"="+name, "TMPDIR="+dir)
				cmd.SysProcAttr = &syscall.SysProcAttr{Credential: somebody}
				return cmd
			}
			if somebody != nil {
				for file := range whole {
					folders = append(folders, filepath.Join(dir, file))
				}
				for _, path := range folders {
					if err := os.Chown(path, int(somebody.Uid), int(somebody.Gid)); err != nil {
						t.Fatal(err)
					}
				}
				folders = folders[:len(folders)-len(whole)]
			}
			cmd := run("endless")
			complaints, err := cmd.StderrPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			for making := []string(nil); making == nil; {
				making, _ = filepath.Glob(filepath.Join(folders[len(folders)-1], ".segkit-*"))
			}
			for _, folder := range folders {
				if err := os.Chmod(folder, 0o555); err != nil {
					t.Fatal(err)
				}
			}
			complaint, _ := io.ReadAll(complaints)
			if err := cmd.Wait(); err == nil || !strings.Contains(string(complaint), "permission denied") || strings.Contains(string(complaint), ".segkit-") || strings.Contains(string(complaint), "goroutine ") {
				t.Errorf("%v: %s", err, complaint)
			}
			for _, folder := range folders {
				if err := os.Chmod(folder, 0o755); err != nil {
					t.Fatal(err)
				}
			}
			for file, text := range filesUnder(t, dir) {
				if !strings.Contains(file, ".segkit-") && !slices.Contains(whole[file], text) {
					t.Errorf("%s is neither the one nor the other", file)
				}
			}
			if said, err := run("once").CombinedOutput(); err != nil {
				t.Fatalf("once it may write again: %v: %s", err, said)
			}
			for file, text := range filesUnder(t, dir) {
				if whole[file] == nil || text != whole[file][1] {
					t.Errorf("the next run leaves %s", file)
				}
			}
		})
	}
}

// filesUnder are the files below a folder, by path.
func filesUnder(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			files[strings.TrimPrefix(path, dir+"/")] = string(trial.Sure(os.ReadFile(path)))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
