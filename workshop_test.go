package lab

import (
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// What learners get in an archive holds every lesson and exercise, no solution, nothing that was made or installed here, and no
// folder of this machine.
func TestWorkshopArchivesHoldNoSolutions(t *testing.T) {
	if err := exec.Command("git", "rev-parse").Run(); err != nil {
		t.Skip("this is no git checkout, and the list of what goes into an archive is made of what git knows")
	}
	said, err := exec.Command("bash", "tools/workshop/make.sh", "--list").Output()
	if err != nil {
		t.Fatal(err)
	}
	files := strings.Fields(string(said))
	for _, needed := range []string{"go.mod", "go.sum", "LICENSE", "notebooks/00_start_here.ipynb", "notebooks/exercises/00_start_here.ipynb",
		"notebooks/tests/imports.go", "segkit/nb/exercise.go", "tools/lab.sh", "tools/kernel/start"} {
		if !slices.Contains(files, needed) {
			t.Errorf("%s is missing", needed)
		}
	}
	never := regexp.MustCompile(`(^|/)(solutions|build|testdata|\.\w+)(/|$)|_test\.go$`)
	ofThisMachine := regexp.MustCompile(`(^|[\s"'=(])/(home|root|Users|work)/\w`)
	for _, file := range append(files, "tools/workshop/start", "tools/workshop/README.txt") {
		if never.MatchString(file) {
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
