package notebook

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/segkit/lab/segkit/cmd/internal/inputs"
)

// Record is what a run leaves so that it can be told apart from another and repeated.
type Record struct {
	Notebook   string            `json:"notebook"`
	SHA256     string            `json:"sha256"` // of the notebook's source
	Commit     string            `json:"commit"` // "" outside a checkout; ends in +changes when files differ from it
	Versions   map[string]string `json:"versions"`
	Parameters map[string]string `json:"parameters"` // Go literals, the seed among them
	Inputs     []inputs.File     `json:"inputs"`
	Started    time.Time         `json:"started"`
	Seconds    float64           `json:"seconds"`
	Cells      []Timing          `json:"cells"`
	Passed     bool              `json:"passed"`
	Faults     []Fault           `json:"faults"`
}

// Timing is how long a code cell took.
type Timing struct {
	Cell    int     `json:"cell"` // from 1
	ID      string  `json:"id"`
	Seconds float64 `json:"seconds"`
}

// dataFile are the endings by which a text parameter is taken for the name of a file.
var dataFile = []string{".csv", ".tsv", ".txt", ".json", ".xlsx", ".parquet", ".gz"}

// inputs returns the files that the notebook reads, as far as its parameters and its metadata (segkit.inputs) name them. A missing one is an error.
func (n *Notebook) inputs(params []param, folder string) ([]inputs.File, error) {
	var names []string
	for _, p := range params {
		if value, ok := p.Text(); ok && slices.Contains(dataFile, filepath.Ext(value)) {
			names = append(names, value)
		}
	}
	own, _ := n.Metadata["segkit"].(map[string]any)
	listed, _ := own["inputs"].([]any)
	for _, l := range listed {
		names = append(names, os.ExpandEnv(fmt.Sprint(l)))
	}
	files := []inputs.File{}
	for _, name := range names {
		found, err := inputs.Of(name, folder)
		if err != nil {
			return nil, fmt.Errorf("missing input %s: %w", name, err)
		}
		files = append(files, found...)
	}
	return files, nil
}

// commit names the commit checked out at the folder.
func commit(folder string) string {
	head, err := git(folder, "rev-parse", "HEAD")
	if err != nil {
		return ""
	}
	if changes, err := git(folder, "status", "--porcelain"); err != nil || changes != "" {
		head += "+changes"
	}
	return head
}

func git(folder string, args ...string) (string, error) {
	out, err := exec.Command("git", append([]string{"-C", folder}, args...)...).Output()
	return strings.TrimSpace(string(out)), err
}

// versions adds those of Go and of the kernel to what Jupyter told about itself.
func versions(root string, known map[string]string) map[string]string {
	v := map[string]string{"go": runtime.Version(), "platform": runtime.GOOS + "/" + runtime.GOARCH}
	for name, version := range known {
		v[name] = version
	}
	if out, err := exec.Command(filepath.Join(root, ".tools", "bin", "gonb"), "-V").Output(); err == nil {
		v["gonb"] = strings.TrimSpace(string(out))
	}
	return v
}
