package report

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// What the system refuses is said in a sentence that names the folder, and what lies there stays as it was. Root may write anywhere, so a mount refuses.

// mounted mounts a file system on dir for the time of a test, which is skipped where that is not allowed.
func mounted(t *testing.T, source, dir, kind string, flags uintptr, options string) {
	t.Helper()
	if err := syscall.Mount(source, dir, kind, flags, options); err != nil {
		t.Skipf("nothing can be mounted here (%v), so this is not tried", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
}

// refused saves three files of 40 kB into dir, which must fail with a sentence that says why, and change nothing.
func refused(t *testing.T, dir, why string) {
	t.Helper()
	before := filesOf(t, dir)
	some := bytes.Repeat([]byte("some "), 8_000)
	err := Save(dir, []File{{"report.html", some}, {"segments.csv", some}, {"record.json", some}})
	if err == nil || !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), why) || strings.Contains(err.Error(), ".segkit-") {
		t.Errorf("%v", err)
	}
	if after := filesOf(t, dir); !maps.Equal(after, before) {
		t.Errorf("the folder holds %d files now, or others", len(after))
	}
}

// filesOf are all that lies in a folder, by name.
func filesOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		out[e.Name()] = string(text)
	}
	return out
}

func TestSaveIntoAFolderThatIsReadOnly(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "report.html"), []byte("older"), 0o644); err != nil {
		t.Fatal(err)
	}
	if os.Getuid() != 0 {
		if err := os.Chmod(dir, 0o555); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { os.Chmod(dir, 0o755) })
		refused(t, dir, "permission denied")
		return
	}
	mounted(t, dir, dir, "", syscall.MS_BIND, "")
	if err := syscall.Mount("", dir, "", syscall.MS_BIND|syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Skipf("a mount cannot be made read-only here (%v), so this is not tried", err)
	}
	refused(t, dir, "read-only file system")
}

// On a full disk nothing is written, wherever the disk ends: before the first file, within it, or before the last.
func TestSaveOntoAFullDisk(t *testing.T) {
	older := bytes.Repeat([]byte("old "), 4096)
	for _, left := range []int{0, 16 << 10, 96 << 10} { // bytes beside what lies there
		t.Run(fmt.Sprint(left), func(t *testing.T) {
			dir := t.TempDir()
			mounted(t, "segkit", dir, "tmpfs", 0, fmt.Sprintf("size=%d", len(older)+left))
			if err := os.WriteFile(filepath.Join(dir, "report.html"), older, 0o644); err != nil {
				t.Fatal(err)
			}
			refused(t, dir, "no space left")
		})
	}
}
