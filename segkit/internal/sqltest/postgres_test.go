package sqltest

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/table"
)

// postgres is a server of the tests' own, as Debian installs it (package postgresql): it listens on a socket in its own folder and on
// no network, and ends with the test.
type postgres struct{ dir string }

// startPostgres starts one, or skips the test with a sentence where none is installed.
func startPostgres(t *testing.T) postgres {
	t.Helper()
	bins, _ := filepath.Glob("/usr/lib/postgresql/*/bin/pg_ctl")
	if len(bins) == 0 {
		t.Skip("PostgreSQL is not installed (Debian's package postgresql): the statements were tried on SQLite alone")
	}
	bin := filepath.Dir(bins[len(bins)-1])
	if _, err := exec.LookPath("psql"); err != nil {
		t.Skip("PostgreSQL's client psql is not installed: the statements were tried on SQLite alone")
	}
	dir, err := os.MkdirTemp("", "pg") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	as := []string{}
	if os.Getuid() == 0 { // the server refuses to run as root
		if out, err := exec.Command("chown", "nobody", dir).CombinedOutput(); err != nil {
			t.Skipf("PostgreSQL cannot run as root, and %s cannot be given away: %s", dir, out)
		}
		as = []string{"setpriv", "--reuid", "nobody", "--clear-groups"}
		if runtime.GOOS != "linux" {
			t.Skip("PostgreSQL does not run as root")
		}
	}
	run := func(args ...string) {
		args = append(as, args...)
		cmd := exec.Command(args[0], args[1:]...)
		cmd.Dir = dir
		log, err := os.Create(filepath.Join(t.TempDir(), "log")) // a pipe would wait for the server that inherits it
		if err != nil {
			t.Fatal(err)
		}
		defer log.Close()
		cmd.Stdout, cmd.Stderr = log, log
		if err := cmd.Run(); err != nil {
			said, _ := os.ReadFile(log.Name())
			t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, said)
		}
	}
	data := filepath.Join(dir, "data")
	run(filepath.Join(bin, "initdb"), "-D", data, "-A", "trust", "-U", "segkit", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
	run(filepath.Join(bin, "pg_ctl"), "-D", data, "-w", "-s", "-o", "-F -k "+dir+" -c listen_addresses=''", "start")
	t.Cleanup(func() { run(filepath.Join(bin, "pg_ctl"), "-D", data, "-w", "-s", "-m", "immediate", "stop") })
	return postgres{dir}
}

// query runs statements and returns the rows of the last one; NULL is "\N".
func (p postgres) query(statements string) ([][]string, error) {
	cmd := exec.Command("psql", "-h", p.dir, "-U", "segkit", "-d", "postgres", "-X", "-q", "-v", "ON_ERROR_STOP=1", "--csv", "-t", "-P", `null=\N`, "-f", "-")
	cmd.Stdin = strings.NewReader(statements)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("psql: %w: %s", err, stderr.String())
	}
	return csv.NewReader(bytes.NewReader(out)).ReadAll()
}

// store makes the table "customers" of t: categories as text, numbers as float64s, missing as NULL.
func (p postgres) store(t *table.Table, name string) error {
	var b strings.Builder
	columns := []string{"id text primary key"}
	for _, c := range t.Columns() {
		kind := "double precision"
		if c.Categorical() {
			kind = "text"
		}
		columns = append(columns, quoted(c.Name)+" "+kind)
	}
	fmt.Fprintf(&b, "DROP TABLE IF EXISTS %[1]s; CREATE TABLE %[1]s (%[2]s);\nCOPY %[1]s FROM STDIN WITH (FORMAT csv, NULL '\\N');\n", name, strings.Join(columns, ", "))
	w := csv.NewWriter(&b)
	for i, id := range t.IDs() {
		cells := []string{id}
		for j, c := range t.Columns() {
			switch v := t.At(i, j); {
			case math.IsNaN(v):
				cells = append(cells, `\N`)
			case c.Categorical():
				cells = append(cells, c.Levels[int(v)])
			default:
				cells = append(cells, strconv.FormatFloat(v, 'g', -1, 64))
			}
		}
		if err := w.Write(cells); err != nil {
			return err
		}
	}
	w.Flush()
	b.WriteString("\\.\n")
	_, err := p.query(b.String())
	return err
}
