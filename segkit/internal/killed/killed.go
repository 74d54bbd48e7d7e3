// Package killed kills programs at random moments, as kill -9 does, and looks at what they leave. Every file has to be absent if it was,
// what it was before, or the whole of what it was to be; and the same program once more has to end with what it ends with undisturbed, to the
// byte, with nothing in the making left.
package killed

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Program is one that writes into a folder.
type Program struct {
	Name    string
	Prepare func(t *testing.T, dir string) // what is there before
	Run     func(dir string) *exec.Cmd     // the program, which ends by itself
	// Endless is the program writing what was there and what comes, in turns, until it is killed; nil where Run is killed.
	Endless func(dir string) *exec.Cmd
	// Look looks at a folder and says what is in its files, by path; nil for their rights and bytes. A file that is not whole is an error.
	Look  func(dir string) (map[string]string, error)
	Ends  []int  // exit codes of a program that has done its work; otherwise 0
	Parts string // ending of a file that is kept on purpose, so that the next run goes on from there
}

// Found is what one kill left.
type Found struct {
	Program string
	Killed  bool // it was killed before it ended, which takes luck with one that is fast
	Making  bool // something was in the making
	New     bool // some file was new already
}

// Trial is a program with what it finds and what it leaves when nobody disturbs it.
type Trial struct {
	Program
	template      string // a folder as Prepare leaves it
	before, after map[string]string
	whole         time.Duration
}

// making is what atomicfile calls what it has in hand.
var making = regexp.MustCompile(`(^|/)\.segkit-\d+m?(/|$)`)

// New lets the program run once to its end.
func New(t *testing.T, p Program) *Trial {
	t.Helper()
	if p.Look == nil {
		p.Look = look
	}
	tr := &Trial{Program: p, template: t.TempDir()}
	p.Prepare(t, tr.template)
	tr.before = tr.mustLook(t, tr.template)
	dir := tr.copied(t)
	began := time.Now()
	if said, err := tr.run(dir); err != nil {
		t.Fatalf("%s: %v\n%s", p.Name, err, said)
	}
	tr.whole, tr.after = time.Since(began), tr.mustLook(t, dir)
	if fmt.Sprint(tr.before) == fmt.Sprint(tr.after) {
		t.Fatalf("%s changes nothing: there is nothing to be killed", p.Name)
	}
	return tr
}

// Kill kills the program once, at a moment that the seed says, and looks.
func (tr *Trial) Kill(t *testing.T, seed int) Found {
	t.Helper()
	r := rand.New(rand.NewPCG(uint64(seed), 0))
	start, watching := tr.Run, seed%2 == 1
	if tr.Endless != nil {
		start, watching = tr.Endless, true
	}
	found, dir := Found{Program: tr.Name}, ""
	for try := 0; try < 20 && !found.Killed; try++ {
		os.RemoveAll(dir)
		dir = tr.copied(t)
		found.Killed = killAtRandom(t, tr.inTemp(start(dir), dir), dir, tr.whole*time.Duration(20-try)/20, watching, r)
	}
	defer os.RemoveAll(dir)

	left := tr.mustLook(t, dir)
	for path, is := range left {
		switch was, there := tr.before[path]; {
		case making.MatchString(path), tr.Parts != "" && strings.HasSuffix(path, tr.Parts):
			found.Making = true
		case is == tr.after[path]:
			found.New = found.New || is != was
		case !there || is != was:
			t.Errorf("%s, seed %d: %s is neither what it was nor what it was to be: %d bytes, before %d, after %d", tr.Name, seed, path, len(is), len(was), len(tr.after[path]))
		}
	}
	for path := range tr.before {
		_, there := left[path]
		if _, stays := tr.after[path]; !there && stays {
			t.Errorf("%s, seed %d: %s is gone", tr.Name, seed, path)
		}
	}
	// A program that refuses to do again what is done already may fail then.
	if said, err := tr.run(dir); err != nil && !same(left, tr.after) {
		t.Errorf("%s, seed %d: the next run fails: %v\n%s", tr.Name, seed, err, said)
	}
	if now := tr.mustLook(t, dir); !same(now, tr.after) {
		t.Errorf("%s, seed %d: the next run does not end as an undisturbed one does: %s", tr.Name, seed, difference(now, tr.after))
	}
	if stays, err := os.ReadDir(filepath.Join(dir, temp)); err != nil || len(stays) > 0 {
		t.Errorf("%s, seed %d: %v stay among the temporary files (%v)", tr.Name, seed, stays, err)
	}
	return found
}

// Hinder lets the program run in dir, which is empty, after hinder has taken something from it that it needs, such as room or rights, and returns
// what it says. It has to fail and to leave everything as it was; once mend has given back what it needs, it has to end as an undisturbed one does.
func (tr *Trial) Hinder(t *testing.T, dir string, hinder, mend func()) (said string) {
	t.Helper()
	tr.copyTo(t, dir)
	hinder()
	said, failed := tr.run(dir)
	if failed == nil {
		t.Errorf("%s does its work all the same: %s", tr.Name, said)
	}
	mend()
	for path, is := range tr.mustLook(t, dir) {
		if is != tr.before[path] && is != tr.after[path] && !(tr.Parts != "" && strings.HasSuffix(path, tr.Parts)) && !making.MatchString(path) {
			t.Errorf("%s: %s is not what it was", tr.Name, path)
		}
	}
	if again, err := tr.run(dir); err != nil {
		t.Errorf("%s: the next run fails: %v\n%s", tr.Name, err, again)
	}
	if now := tr.mustLook(t, dir); !same(now, tr.after) {
		t.Errorf("%s: the next run does not end as an undisturbed one does: %s", tr.Name, difference(now, tr.after))
	}
	return said
}

// killAtRandom starts a program and kills it: while watching shortly after it begins to write, otherwise at some moment of the time that it takes.
func killAtRandom(t *testing.T, cmd *exec.Cmd, dir string, whole time.Duration, watching bool, r *rand.Rand) (killed bool) {
	t.Helper()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	deadline := time.After(time.Duration(r.Int64N(int64(whole) + 1)))
	if watching {
		deadline = time.After(2*whole + time.Minute)
	}
	for {
		select {
		case err := <-ended:
			return err != nil && cmd.ProcessState.ExitCode() < 0
		case <-deadline:
			cmd.Process.Kill()
			<-ended
			return cmd.ProcessState.ExitCode() < 0
		default:
			if watching && begun(dir) {
				watching = false
				deadline = time.After(time.Duration(r.Int64N(int64(min(whole/10, 30*time.Millisecond)) + 1)))
			}
			time.Sleep(50 * time.Microsecond) // between two looks: nothing is concluded from it
		}
	}
}

// begun says whether something is in the making.
func begun(dir string) bool {
	for _, pattern := range []string{"", "*", temp} {
		if parts, _ := filepath.Glob(filepath.Join(dir, pattern, ".segkit-*")); parts != nil {
			return true
		}
	}
	return false
}

// temp is the folder of temporary files of a program that is killed.
const temp = ".tmp"

func (tr *Trial) inTemp(cmd *exec.Cmd, dir string) *exec.Cmd {
	if cmd.Env == nil {
		cmd.Env = os.Environ()
	}
	cmd.Env = append(cmd.Env, "TMPDIR="+filepath.Join(dir, temp))
	return cmd
}

func (tr *Trial) run(dir string) (said string, err error) {
	cmd := tr.inTemp(tr.Run(dir), dir)
	b, err := cmd.CombinedOutput()
	if err != nil && slices.Contains(tr.Ends, cmd.ProcessState.ExitCode()) {
		err = nil
	}
	return string(b), err
}

func (tr *Trial) copied(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "killed-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	tr.copyTo(t, dir)
	return dir
}

// copyTo copies what the program finds into an empty folder.
func (tr *Trial) copyTo(t *testing.T, dir string) {
	t.Helper()
	err := os.CopyFS(dir, os.DirFS(tr.template))
	if err == nil {
		err = filepath.WalkDir(tr.template, func(path string, e fs.DirEntry, err error) error { // CopyFS has rights of its own
			if err != nil {
				return err
			}
			info, err := e.Info()
			if err != nil {
				return err
			}
			return os.Chmod(filepath.Join(dir, strings.TrimPrefix(path, tr.template)), info.Mode().Perm())
		})
	}
	if err == nil {
		err = os.Mkdir(filepath.Join(dir, temp), 0o700)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (tr *Trial) mustLook(t *testing.T, dir string) map[string]string {
	t.Helper()
	files, err := tr.Look(dir)
	if err != nil {
		t.Fatalf("%s: %v", tr.Name, err)
	}
	return files
}

// look reads all files with their rights.
func look(dir string) (map[string]string, error) {
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil || name == "." || strings.HasPrefix(name, temp) {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		files[name] = info.Mode().String() + "\n"
		if e.Type().IsRegular() {
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			files[name] += string(text)
		}
		return nil
	})
	return files, err
}

func same(a, b map[string]string) bool { return difference(a, b) == "" }

// difference names the files in which two folders differ.
func difference(a, b map[string]string) string {
	var names []string
	for name, is := range a {
		if other, there := b[name]; !there {
			names = append(names, name+" is left")
		} else if other != is {
			names = append(names, name+" differs")
		}
	}
	for name := range b {
		if _, there := a[name]; !there {
			names = append(names, name+" lacks")
		}
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// Sum says in a line for each program what kills have left, and in how many cases they came in the midst of writing.
func Sum(found []Found) string {
	var names []string
	kills, midst, done := map[string]int{}, map[string]int{}, map[string]int{}
	for _, f := range found {
		if !slices.Contains(names, f.Program) {
			names = append(names, f.Program)
		}
		if f.Killed {
			kills[f.Program]++
		}
		if f.Making {
			midst[f.Program]++
		}
		if f.New {
			done[f.Program]++
		}
	}
	var b strings.Builder
	total := 0
	for _, n := range names {
		fmt.Fprintf(&b, "%-10s %4d killed, %4d of them with something in the making, %4d with something new in its place\n", n, kills[n], midst[n], done[n])
		total += kills[n]
	}
	return fmt.Sprintf("%s%d programs killed: no half file, no lock, every next run as if nothing had been", b.String(), total)
}

// Running says whether the process exists and is more than an entry that waits for its parent.
func Running(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err != nil || !strings.Contains(string(b), ") Z ")
}
