package notebooks_test

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

//go:embed complete.py
var completePy string

// Tab works because a lesson's set-up writes its imports: imports that the kernel finds by itself are not remembered, and without
// them no variable has a type for the language server. The requests go through the real kernel, as from a notebook.
//
// Two of the texts are declarations that read as Go so far: there the kernel as published loses the cursor, and tools/gonb.patch helps.
func TestTabCompletesInLessons(t *testing.T) {
	python, err := filepath.Abs("../.tools/venv/bin/python")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(python); err != nil {
		t.Skip("the kernel is not set up: `make setup` does it")
	}
	type ask struct {
		Text  string `json:"text"`
		Match string `json:"match"`
	}
	job := struct {
		Cells []string `json:"cells"`
		Asks  []ask    `json:"asks"`
	}{Cells: cells(t, "01_whole_analysis.ipynb", "code")[:3]} // set-up, parameters, orders
	job.Asks = []ask{
		{"%%\norders.", "Audit"},                    // a variable of an earlier cell
		{"%%\nnb.Show(orders.Au", "Audit"},          // inside a call
		{"%%\nx := cluster.K", "KMeans"},            // a package's name
		{"%%\ncluster.KMeans{K: 3, Re", "Restarts"}, // a field of an option
		{"%%\nnb.Show(chart.El", "Elbow"},           // a package that no cell has used yet
		{"var y = orders.", "Clean"},                // a declaration that does not parse yet
		{"var x = cluster.K", "KMeans"},             // a declaration that does
		{"var y = orders.Cl", "Clean"},              // with a variable
		{"%%\nx := features.No", "NoCustomer"},      // of another package
		{"%%\nchoose.", "SweepK"},                   // a cell that is no Go yet
	}
	input, err := json.Marshal(job)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), python, "-c", completePy)
	share, _ := filepath.Abs("../.tools/share/jupyter")
	cmd.Env = append(os.Environ(), "JUPYTER_PATH="+share, "GOPROXY=off")
	var stderr bytes.Buffer
	cmd.Stdin, cmd.Stderr = bytes.NewReader(input), &stderr
	output, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	var matches [][]string
	if err := json.Unmarshal(output, &matches); err != nil {
		t.Fatal(err)
	}
	for i, a := range job.Asks {
		if !slices.ContainsFunc(matches[i], func(m string) bool { return strings.Contains(m, a.Match) }) {
			t.Errorf("Tab after %q offers %d names and not %s: %.200q", a.Text, len(matches[i]), a.Match, matches[i])
		}
		slices.Sort(matches[i])
		if once := slices.Compact(slices.Clone(matches[i])); len(once) < len(matches[i]) {
			t.Errorf("Tab after %q offers names more than once: %.200q", a.Text, matches[i])
		}
	}
}
