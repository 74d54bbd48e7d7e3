package main

// Whatever writes is killed at random moments: the commands, and what notebooks write with the library. segkit-engine and the memory of
// notebooks are killed beside their own tests.

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/segkit/lab/datasets"
	"github.com/segkit/lab/datasets/download"
	"github.com/segkit/lab/datasets/shop"
	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/chart"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/cmd/internal/bigshop"
	"github.com/segkit/lab/segkit/cmd/internal/notebook"
	"github.com/segkit/lab/segkit/internal/hard"
	"github.com/segkit/lab/segkit/internal/killed"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/report"
	"github.com/segkit/lab/segkit/rulebook"
	"github.com/segkit/lab/segkit/table"
)

func TestKilledWriters(t *testing.T) {
	var trials []*killed.Trial
	var shares []int // of a hundred kills
	for _, w := range writers(t) {
		trials, shares = append(trials, killed.New(t, w.Program)), append(shares, w.share)
	}
	var turns []*killed.Trial
	for share := 0; len(turns) < 100; share++ {
		for i, tr := range trials {
			if share < shares[i] {
				turns = append(turns, tr)
			}
		}
	}
	found := hard.Rounds(t, "killed-writers", len(trials)*2, 1000, func(t *testing.T, round int) killed.Found {
		return turns[round%100].Kill(t, round)
	})
	t.Log("\n" + killed.Sum(found))
}

type writer struct {
	killed.Program
	share int
}

// writers are the programs. Those that are killed in the midst of a command's other work get fewer kills than those that write without end.
func writers(t *testing.T) []writer {
	args := func(args ...string) func(string) *exec.Cmd {
		return func(dir string) *exec.Cmd { return command(t, dir, args...) }
	}
	library := func(name string) killed.Program {
		return killed.Program{Name: name, Run: as(t, name, "once"), Endless: as(t, name, "endless"), Prepare: func(t *testing.T, dir string) {
			if err := library[name](dir, 0); err != nil {
				t.Fatal(err)
			}
		}}
	}
	reports := func(name string, earlier func(dir string)) killed.Program {
		return killed.Program{Name: name, Run: args("report", "orders.csv", "-o", "report", "--no-pdf"), Prepare: func(t *testing.T, dir string) {
			file(t, dir, "orders.csv", string(trial.Sure(os.ReadFile(shopOf(t, "17")))))
			earlier(dir)
		}}
	}
	data := bytes.Repeat([]byte("a,b\n"), 1<<18)
	publisher := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(slow{w}, r, "", time.Time{}, bytes.NewReader(data))
	}))
	t.Cleanup(publisher.Close)
	sum := sha256.Sum256(data)
	return []writer{
		{library("model"), 12},
		{library("segments"), 12},
		{library("rules"), 8},
		{library("figure"), 8},
		{library("report"), 12},
		{library("pages"), 8},
		{killed.Program{Name: "project", Run: as(t, "project", "once"), Prepare: smallCheckout}, 8},
		{killed.Program{Name: "download", Parts: ".part", Prepare: func(*testing.T, string) {}, Run: func(dir string) *exec.Cmd {
			cmd := as(t, "download", "once")(dir)
			cmd.Env = append(cmd.Env, "SEGKIT_TEST_URL="+publisher.URL, "SEGKIT_TEST_SUM="+hex.EncodeToString(sum[:]))
			return cmd
		}}, 8},
		{killed.Program{Name: "score", Run: args("score", "plans.json", "customers.csv", "-o", "segments.csv"), Prepare: func(t *testing.T, dir string) {
			plans(t, dir)
			var customers strings.Builder
			if err := many(&customers, 20_000); err != nil {
				t.Fatal(err)
			}
			file(t, dir, "customers.csv", customers.String())
			file(t, dir, "segments.csv", "older\n")
		}}, 4},
		{killed.Program{Name: "convert", Run: args("convert", "orders.parquet", "-o", "orders.csv"), Prepare: func(t *testing.T, dir string) {
			trial.Sure(bigshop.WriteShop(filepath.Join(dir, "orders.parquet"), shop.Generate(shop.Options{Customers: 300}), ""))
		}}, 4},
		{killed.Program{Name: "make", Run: args("data", "make", "made", "--lines", "20000"), Prepare: func(*testing.T, string) {}}, 4},
		{killed.Program{Name: "inspect", Run: args("inspect", "orders.csv", "--write", "--date", "2/1/2006"), Prepare: func(t *testing.T, dir string) {
			file(t, dir, "orders.csv", "order,customer,date,product,quantity,price\n1,a,03/04/2025,p,1,5\n2,b,03/04/2025,p,1,5\n")
		}}, 4},
		{killed.Program{Name: "forget", Run: args("forget", "c17", "."), Ends: []int{exitLook}, Prepare: func(t *testing.T, dir string) {
			file(t, dir, "history.csv", "customer,segment,valid_from,valid_to\n,(looked at),2025-07-31,2025-07-31\nc17,A,2025-05-31,2025-06-30\nc18,B,2025-07-31,\n")
			file(t, dir, "more.csv", "customer,segment,valid_from,valid_to\n,(looked at),2025-07-31,2025-07-31\nc17,A,2025-05-31,2025-06-30\nc18,B,2025-07-31,\n")
		}}, 4},
		{killed.Program{Name: "track", Run: args("track", "model.json", "orders.csv", "--history", "history.csv", "--no-refit", "--as-of", "2025-08-31"), Ends: []int{exitLook}, Prepare: func(t *testing.T, dir string) {
			c := monthly(t)
			c.Refit = false
			trial.Sure(c.find(t.Context()))
			for _, path := range []string{c.Model, c.Orders, c.History} {
				file(t, dir, filepath.Base(path), string(trial.Sure(os.ReadFile(path))))
			}
		}}, 2},
		{reports("first", func(string) {}), 2},
		{reports("month", func(dir string) {
			if said, err := command(t, dir, "report", "orders.csv", "-o", "report", "--no-pdf", "--as-of", "2025-08-31").CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, said)
			}
		}), 2},
	}
}

// asWriter makes the test's own program one that calls the library; whether it does so once or without end stands in its first argument.
const asWriter = "SEGKIT_TEST_AS_WRITER"

func as(t *testing.T, name, how string) func(dir string) *exec.Cmd {
	return func(dir string) *exec.Cmd {
		cmd := command(t, dir, how)
		cmd.Env = append(os.Environ(), asWriter+"="+name)
		return cmd
	}
}

func writeAs(name string) {
	write := library[name]
	err := write(".", 1)
	for turn := 0; err == nil && os.Args[1] == "endless"; turn++ {
		err = write(".", turn%2)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// library are the calls that write, each with one of two contents.
var library = map[string]func(dir string, content int) error{
	"model": func(dir string, content int) error {
		_, model := someSegments(content)
		return model.Save(filepath.Join(dir, "model.json"))
	},
	"segments": func(dir string, content int) error {
		segments, _ := someSegments(content)
		return segments.WriteCSV(filepath.Join(dir, "segments.csv"))
	},
	"rules": func(dir string, content int) error {
		book, err := rulebook.Parse(strings.NewReader(fmt.Sprintf("rich: spend > 100\npoor: spend <= %d\n", 10+content)), "rules")
		if err != nil {
			return err
		}
		return book.WriteFile(filepath.Join(dir, "rules.txt"))
	},
	"figure": func(dir string, content int) error {
		segments, _ := someSegments(content)
		return trial.Sure(chart.Sizes(segments, someCustomers(), "spend")).Save(filepath.Join(dir, "sizes.svg"))
	},
	"report": func(dir string, content int) error {
		var files []report.File
		for i, name := range []string{"report.html", "segments.csv", "model.json", "record.json"} {
			files = append(files, report.File{Name: name, Data: bytes.Repeat([]byte{byte('a' + content), '\n'}, 1<<(14+i))})
		}
		return report.Save(filepath.Join(dir, "report"), files)
	},
	"pages": func(dir string, content int) error {
		r := notebook.Result{File: "lesson.ipynb", Executed: notebookOf("%%", strconv.Itoa(content)), HTML: strings.Repeat(strconv.Itoa(content), 1<<18), Record: notebook.Record{Seconds: float64(content)}}
		return r.Write(dir)
	},
	"project": func(dir string, _ int) error {
		root, err := filepath.Abs(filepath.Join(dir, "checkout"))
		if err == nil {
			dir, err = filepath.Abs(filepath.Join(dir, "project"))
		}
		if err == nil {
			_, err = makeProject(root, dir)
		}
		return err
	},
	"download": func(dir string, _ int) error {
		set := datasets.Set{Name: "try", File: "try/try.csv.gz", SHA256: os.Getenv("SEGKIT_TEST_SUM"), URL: os.Getenv("SEGKIT_TEST_URL"), From: "the test"}
		_, err := download.Client{Dir: dir}.Get(context.Background(), set)
		return err
	},
}

// slow sends a little at a time, so that a download takes long enough to be killed.
type slow struct{ http.ResponseWriter }

func (s slow) Write(p []byte) (n int, err error) {
	for len(p) > 0 && err == nil {
		m, failed := s.ResponseWriter.Write(p[:min(len(p), 1<<16)])
		s.ResponseWriter.(http.Flusher).Flush()
		time.Sleep(time.Millisecond)
		n, p, err = n+m, p[m:], failed
	}
	return n, err
}

var someCustomers = sync.OnceValue(func() *table.Table {
	var text strings.Builder
	text.WriteString("customer,spend\n")
	for i := range 5000 {
		fmt.Fprintf(&text, "c%d,%d\n", i, 10+i%7+i%4*100)
	}
	return trial.Sure(table.ParseCSV(strings.NewReader(text.String()), "customers", "customer"))
})

// someSegments are two or three segments.
func someSegments(content int) (*table.Segments, *segkit.Model) {
	model := trial.Sure(segkit.Recipe{Columns: []string{"spend"}, Method: cluster.KMeans{K: 2 + content, Restarts: 1}}.Fit(someCustomers()))
	return trial.Sure(model.Score(someCustomers())), model
}

// smallCheckout is what a project is made from.
func smallCheckout(t *testing.T, dir string) {
	for name, text := range map[string]string{
		"go.mod": "module " + labModule + "\n\ngo 1.26.0\n", "go.sum": "", "LICENSE": "MIT\n",
		"datasets/datasets.go": "package datasets\n", "internal/a/a.go": "package a\n", "segkit/segkit.go": "package segkit\n",
		"notebooks/01_whole_analysis.ipynb": string(trial.Sure(os.ReadFile("../../../notebooks/01_whole_analysis.ipynb"))),
	} {
		path := filepath.Join(dir, "checkout", name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		file(t, filepath.Dir(path), filepath.Base(path), text)
	}
}
