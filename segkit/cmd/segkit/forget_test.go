package main

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/campaign"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/table"
	"github.com/segkit/lab/segkit/track"
)

// lying is a folder with everything in which a customer may lie, and where the memory of notebooks is.
func lying(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("SEGKIT_CACHE", filepath.Join(dir, "cache"))
	t.Chdir(dir) // so that the memory of the checkout that is tested stays
	write := func(name string, content []byte) {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, content, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	zipped := func(text string) []byte {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		w.Write([]byte(text))
		w.Close()
		return b.Bytes()
	}
	var book bytes.Buffer
	z := zip.NewWriter(&book)
	trial.Sure(z.Create("xl/sharedStrings.xml")).Write([]byte("<si><t>C-17</t></si>"))
	z.Close()
	write("history.csv", []byte("customer,segment,valid_from,valid_to\n,(looked at),2025-07-31,2025-07-31\nC-17,A,2025-05-31,2025-06-30\nC-17,B,2025-07-31,\nC-170,A,2025-07-31,\n"))
	write("orders.csv", []byte("order,customer\n1,C-17\n2,C-170\n3,C-17\n4,AC-17\n"))
	write("orders.csv.gz", zipped("order,customer\n1,C-17\n"))
	write("build/page.html", []byte("<td>C-17</td>"))
	write("sheet.xlsx", book.Bytes())
	write("audience.csv", fmt.Appendf(nil, "%x\n", sha256.Sum256([]byte("C-17"))))
	write("others.csv", []byte("C-170\nC-17-b\n2025-C-17\n"))
	write("model.bin", []byte("\x00\x01C-17"))
	write("cache/memory/fit-1", []byte("anything"))
	write(".git/objects/x", []byte("C-17"))
	var ids []string
	var labels table.Labels
	for i := range 60 {
		ids, labels = append(ids, fmt.Sprintf("C-%d", i)), append(labels, i%2)
	}
	test := campaign.Test{Name: "voucher", Revenue: "spend", Seed: 1}
	earlier := trial.Sure(table.New(ids, []table.Column{{Name: "spend", Unit: "EUR"}}, make([]float64, len(ids))))
	m, err := test.Draw(earlier, trial.Sure(table.NewSegments(ids, labels, []string{"A", "B"})))
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Save(filepath.Join(dir, "manifest.csv")); err != nil {
		t.Fatal(err)
	}
	return dir
}

// contents are all files of a folder.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			out[path] = string(trial.Sure(os.ReadFile(path)))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestForgetRemovesWhatSegkitKeepsAndNamesTheRest(t *testing.T) {
	dir := lying(t)
	before := contents(t, dir)
	c := &forgetCmd{ID: "C-17", Paths: []string{dir, filepath.Join(dir, "history.csv")}, DryRun: true}
	if err := c.Run(t.Context()); exitCode(err) != exitLook {
		t.Errorf("%v", err)
	}
	if after := contents(t, dir); len(after) != len(before) {
		t.Error("a dry run changed something")
	} else {
		for path, text := range before {
			if after[path] != text {
				t.Errorf("a dry run changed %s", path)
			}
		}
	}
	found := trial.Sure(c.find(t.Context()))
	var lines []string
	for _, f := range found.Found {
		name, _ := filepath.Rel(dir, f.File)
		lines = append(lines, fmt.Sprint(name, " ", f.Kind, " ", f.Count, " ", f.Removed))
	}
	want := []string{"audience.csv copy 1 false", "build/page.html copy 1 false", "history.csv history 2 true", "manifest.csv manifest 1 true", "model.bin copy 1 false",
		"orders.csv copy 2 false", "orders.csv.gz copy 1 false", "sheet.xlsx copy 1 false", "cache/memory memory 1 true"}
	if !slices.Equal(lines, want) {
		t.Errorf("%q\nwant %q", lines, want)
	}
	if !slices.Equal(found.Opaque, []string{filepath.Join(dir, "model.bin")}) || !strings.Contains(strings.Join(found.Notes, " "), ".git") {
		t.Errorf("%v %v", found.Opaque, found.Notes)
	}

	c.DryRun = false
	if err := c.Run(t.Context()); exitCode(err) != exitLook {
		t.Errorf("%v", err)
	}
	ledger := trial.Sure(track.ReadLedger(filepath.Join(dir, "history.csv")))
	if len(ledger.Rows) != 1 || ledger.Rows[0].Customer != "C-170" || len(ledger.Dates) != 1 {
		t.Errorf("%+v", ledger)
	}
	m := trial.Sure(campaign.LoadManifest(filepath.Join(dir, "manifest.csv")))
	if len(m.Drawn) != 59 || slices.ContainsFunc(m.Drawn, func(a campaign.Assignment) bool { return a.Customer == "C-17" }) {
		t.Errorf("%d drawn", len(m.Drawn))
	}
	after := contents(t, dir)
	for path, text := range before {
		name, _ := filepath.Rel(dir, path)
		switch gone := strings.HasPrefix(name, "cache"); {
		case gone && after[path] != "":
			t.Errorf("%s is still remembered", name)
		case !gone && name != "history.csv" && name != "manifest.csv" && after[path] != text:
			t.Errorf("%s was changed", name)
		}
	}
	for _, f := range trial.Sure(c.find(t.Context())).Found {
		if f.Kind != "copy" {
			t.Errorf("forgotten, and still found: %+v", f)
		}
	}
}

// The kernel keeps the memory in the project or checkout. It is found from any folder in it, and above; a folder of that name elsewhere is somebody else's.
func TestForgetClearsTheMemoryOfProjects(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("SEGKIT_CACHE", filepath.Join(dir, "cache"))
	t.Chdir(dir)
	memories := []string{"shop/build/cache/memory/a", "shop/build/cache/memory/b", "shop/inner/build/cache/memory/c", "cache/memory/d"}
	kept := []string{"build/cache/memory/e", "shop/other/build/cache/memory/f"}
	fill := func() {
		for _, path := range slices.Concat(memories, kept) {
			if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte("anything"), 0o600)); err != nil {
				t.Fatal(err)
			}
		}
	}
	fill()
	for _, project := range []string{"shop", "shop/inner"} {
		if err := os.WriteFile(filepath.Join(project, "go.mod"), []byte("module shop\n\nrequire github.com/segkit/lab v0.0.1\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile("shop/go.sum", []byte("C-17\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		id, path string
		cleared  []string
		says     string
	}{
		{"C-99", "shop", memories, "Nothing of C-99 was found; what notebooks remember was deleted, 4 results in 3 folders (4 files"},
		{"C-17", "shop", memories, "No history or manifest holds C-17; 1 other file holds copies; what notebooks remember was deleted, 4 results in 3 folders ("},
		{"C-99", "shop/inner", memories, "4 results in 3 folders ("},
		{"C-99", "shop/other", []string{memories[0], memories[1], memories[3]}, "3 results in 2 folders ("},
		{"C-99", "build", memories[3:], "1 result in 1 folder ("},
	} {
		fill()
		c := &forgetCmd{ID: test.id, Paths: []string{test.path}}
		found := trial.Sure(c.find(t.Context()))
		if says := found.finding(); !strings.Contains(says, test.says) {
			t.Errorf("%s in %s: %q, want %q in it", test.id, test.path, says, test.says)
		}
		if err := c.Run(t.Context()); exitCode(err) != exitLook && err != nil {
			t.Fatal(err)
		}
		for _, path := range slices.Concat(memories, kept) {
			if _, err := os.Stat(path); os.IsNotExist(err) != slices.Contains(test.cleared, path) {
				t.Errorf("%s in %s: %s: %v", test.id, test.path, path, err)
			}
		}
	}
}

func TestForgetChangesNothingWhereAFileIsBroken(t *testing.T) {
	dir := lying(t)
	path := filepath.Join(dir, "old.csv")
	if err := os.WriteFile(path, []byte("customer,segment,valid_from,valid_to\nC-17,A,yesterday,\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	before := contents(t, dir)
	err := (&forgetCmd{ID: "C-17", Paths: []string{dir}}).Run(t.Context())
	if err == nil || !strings.HasPrefix(err.Error(), "segkit: forget: ") || !strings.Contains(err.Error(), "old.csv") {
		t.Errorf("%v", err)
	}
	for path, text := range contents(t, dir) {
		if before[path] != text {
			t.Errorf("%s was changed", path)
		}
	}
	if err := (&forgetCmd{ID: " "}).Run(t.Context()); exitCode(err) != exitUsage {
		t.Errorf("%v", err)
	}
}

// Wherever the ends of the parts fall in which a long line is looked at, no line with the id or a hash of it is missed; and none is found more often than
// it is there, but where a part ends within a longer word.
func FuzzNeedles(f *testing.F) {
	hash := newNeedles("17").hashes
	f.Add("a,17,b\n2025-01-17\n17.5\n", "17")
	f.Add(strings.Repeat("x", 200)+" 17\n"+string(hash[5])+string(hash[0]), "17")
	f.Add("é\xff,é", "é")
	f.Fuzz(func(t *testing.T, text, id string) {
		if id == "" || strings.Contains(id, "\n") {
			return
		}
		n := newNeedles(id)
		plain, hashed := 0, 0
		for line := range strings.Lines(text) {
			if n.word([]byte(line), n.id) {
				plain++
			}
			if slices.ContainsFunc(n.hashes, func(hash []byte) bool { return strings.Contains(line, string(hash)) }) {
				hashed++
			}
		}
		if p, h, err := n.lines(strings.NewReader(text)); p != plain || h != hashed || err != nil {
			t.Errorf("%q: %d and %d lines, want %d and %d, %v", text, p, h, plain, hashed, err)
		}
		if p, h, err := n.count(bufio.NewReaderSize(strings.NewReader(text), 16)); p < plain || h != hashed || err != nil {
			t.Errorf("%q in parts: %d and %d lines, want %d and %d, %v", text, p, h, plain, hashed, err)
		}
	})
}
