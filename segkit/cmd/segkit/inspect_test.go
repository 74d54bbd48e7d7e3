package main

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// inspectRun runs segkit inspect and returns what it prints.
func inspectRun(t *testing.T, args ...string) (out, complaint string, ok bool) {
	t.Helper()
	var commands cli
	k, err := kong.New(&commands)
	if err != nil {
		t.Fatal(err)
	}
	var stdout, stderr strings.Builder
	if _, err = k.Parse(append([]string{"inspect"}, args...)); err == nil {
		err = commands.Inspect.run(&stdout, &stderr)
	}
	if err != nil {
		stderr.WriteString(err.Error())
	}
	if errors.As(err, new(lookError)) { // it was done
		err = nil
	}
	if !commands.Inspect.JSON { // where lines break is the table's
		return strings.Join(strings.Fields(stdout.String()), " "), stderr.String(), err == nil
	}
	return stdout.String(), stderr.String(), err == nil
}

func TestInspectAsksAndKeeps(t *testing.T) {
	path := filepath.Join(t.TempDir(), "orders.csv")
	if err := os.WriteFile(path, []byte("order_id,buyer,date,amount\n1,a,03/04/2025,\"1,000\"\n2,b,04/04/2025,\"2,000\"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	out, _, ok := inspectRun(t, path)
	if !ok || !strings.Contains(out, "--role customer=buyer") {
		t.Fatalf("first try: %s", out)
	}
	out, _, ok = inspectRun(t, path, "--role", "customer=buyer")
	if !ok || !strings.Contains(out, "--date 2/1/2006") || !strings.Contains(out, "--decimal ','") {
		t.Fatalf("second try: %s", out)
	}
	if out, complaint, ok := inspectRun(t, path, "--write"); ok || !strings.Contains(complaint, "cannot be read yet") {
		t.Errorf("written with questions open: %s%s", out, complaint)
	}
	answers := []string{path, "--role", "customer=buyer", "--date", "2/1/2006", "--decimal", ".", "--json"}
	out, complaint, ok := inspectRun(t, append(answers, "--write")...)
	var data struct {
		Schema, Net, First string
		Lines, Orders      int
		Questions          []any
	}
	if err := json.Unmarshal([]byte(out), &data); err != nil || !ok || data.Schema != "segkit/inspect" || data.Net != "3000" || data.First != "2025-04-03" || data.Lines != 2 || len(data.Questions) != 0 {
		t.Errorf("third try: %s%s %v", out, complaint, err)
	}
	if !strings.Contains(complaint, "orders.csv.segkit.toml") {
		t.Errorf("what was kept is not said: %s", complaint)
	}
	if out, _, ok := inspectRun(t, path); !ok || !strings.Contains(out, "3,000 net") { // and found again
		t.Errorf("after it was kept: %s", out)
	}
	for _, bad := range [][]string{{path, "--role", "customer"}, {path, "--role", "colour=x"}, {path, "--decimal", "dot"}, {path + ".nowhere"}} {
		if out, complaint, ok := inspectRun(t, bad...); ok || complaint == "" {
			t.Errorf("%v: %s%s", bad, out, complaint)
		}
	}
}

// A flag of segkit inspect is told where another command meets it.
func TestFlagsOfInspectAreToldElsewhere(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"score", "model.json", "orders.csv", "--missing", "-"}, "segkit inspect FILE --missing … --write keeps it beside the file, and segkit score finds it there"},
		{[]string{"track", "model.json", "orders.csv", "--role", "price=x"}, "segkit inspect FILE --role … --write"},
		{[]string{"report", "orders.csv", "--zzz"}, "unknown flag --zzz: see segkit --help"},
		{[]string{"convert", "orders.xlsx", "--missing", "-"}, "unknown flag --missing: see segkit --help"},
	} {
		if _, said, code := answerOf(t, t.TempDir(), "", c.args...); code != exitUsage || !strings.Contains(said, c.want) {
			t.Errorf("%v: %d, %s", c.args, code, said)
		}
	}
}
