package lab

import (
	"bytes"
	"os"
	"os/exec"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// archived lists what goes into every archive for a class.
func archived(t *testing.T) []string {
	t.Helper()
	if err := exec.Command("git", "rev-parse").Run(); err != nil {
		t.Skip("this is no git checkout, and the list of what goes into an archive is made of what git knows")
	}
	said, err := exec.Command("bash", "tools/workshop/make.sh", "--list").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(string(said))
}

// What learners get in an archive holds every lesson and exercise, no solution, nothing that was made or installed here, and no
// folder of this machine.
func TestWorkshopArchivesHoldNoSolutions(t *testing.T) {
	files := archived(t)
	for _, needed := range []string{"go.mod", "go.sum", "LICENSE", "notebooks/00_start_here.ipynb", "notebooks/exercises/00_start_here.ipynb",
		"notebooks/tests/imports.go", "segkit/nb/exercise.go", "tools/lab.sh", "tools/kernel/start"} {
		if !slices.Contains(files, needed) {
			t.Errorf("%s is missing", needed)
		}
	}
	never := regexp.MustCompile(`(^|/)(solutions|build|testdata|\.\w+)(/|$)|_test\.go$`)
	picture := regexp.MustCompile(`^segkit/chart/testdata/\w+\.svg$`) // of the gallery
	ofThisMachine := regexp.MustCompile(`(^|[\s"'=(])/(home|root|Users|work)/\w`)
	for _, file := range append(files, "tools/workshop/start", "tools/workshop/README.txt") {
		if never.MatchString(file) && !picture.MatchString(file) {
			t.Errorf("%s goes in", file)
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, ".ipynb") && strings.Contains(string(text), "BEGIN SOLUTION") {
			t.Errorf("%s holds solutions", file)
		}
		if !strings.HasSuffix(file, ".go") && ofThisMachine.Match(text) {
			t.Errorf("%s names a folder of this machine: %q", file, ofThisMachine.Find(text))
		}
	}
}

// Every link and picture in what learners get leads to a file that they get, or into the web.
func TestLinksInWorkshopArchives(t *testing.T) {
	there := map[string]bool{}
	for _, file := range archived(t) {
		for ; file != "."; file = path.Dir(file) { // folders are linked, too
			there[file] = true
		}
	}
	link := regexp.MustCompile(`\]\(([^)\s#:]+)(#[^)\s]*)?\)`)
	links := 0
	for file := range there {
		if !strings.HasSuffix(file, ".md") && !strings.HasSuffix(file, ".ipynb") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		unlink := exec.Command("bash", "tools/workshop/make.sh", "--unlink")
		unlink.Stdin = bytes.NewReader(text)
		given, err := unlink.Output()
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range link.FindAllSubmatch(given, -1) {
			if links++; !there[path.Join(path.Dir(file), string(found[1]))] {
				t.Errorf("%s links to %s, which is not in the archive", file, found[1])
			}
		}
	}
	if links == 0 {
		t.Error("no link was found")
	}
}
