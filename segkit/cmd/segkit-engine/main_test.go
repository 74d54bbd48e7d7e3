package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/segkit/lab/datasets/shop"
	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/cmd/internal/bigshop"
	"github.com/segkit/lab/segkit/cmd/internal/choices"
	"github.com/segkit/lab/segkit/compare"
	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/table"
)

const mapping = `
customer = "customer_id"
order = "order_id"
date = "order_date"
quantity = "quantity"
price = "unit_price"
product = "product_id"
name = "product"
category = "category"
currency = "EUR"
descriptors = ["channel", "country"]
`

// inShop changes into a folder with the order lines of a shop in shop.parquet, and what says what their columns are in orders.toml.
func inShop(t *testing.T) *shop.Shop {
	t.Chdir(t.TempDir())
	s := shop.Generate(shop.Options{Customers: 300})
	if _, err := bigshop.WriteShop("shop.parquet", s, ""); err != nil {
		t.Fatal(err)
	}
	write(t, "orders.toml", mapping)
	return s
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// command does what the arguments say, and returns what is printed and the exit code.
func command(t *testing.T, arguments ...string) (string, int) {
	t.Helper()
	read, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	said := make(chan string)
	go func() {
		b, _ := io.ReadAll(read)
		said <- string(b)
	}()
	stdout, stderr := os.Stdout, os.Stderr
	os.Stdout, os.Stderr = out, out
	code := run(arguments)
	os.Stdout, os.Stderr = stdout, stderr
	out.Close()
	return <-said, code
}

var onShop = []string{"--engine", "duckdb://shop.parquet", "--source", "orders.toml", "--as-of", "2025-09-30"}

// The command puts those customers together that the analysis in memory does, and so does scoring with the model that it writes.
func TestSegmentsAreThoseInMemory(t *testing.T) {
	s := inShop(t)
	var csv bytes.Buffer
	if err := s.WriteOrders(&csv); err != nil {
		t.Fatal(err)
	}
	orders, err := features.ParseOrders(&csv, "shop.csv", features.OrdersOptions{Currency: "EUR"})
	if err != nil {
		t.Fatal(err)
	}
	clean, err := orders.Clean(features.UsualRules...)
	if err != nil {
		t.Fatal(err)
	}
	customers, err := clean.Features(time.Date(2025, time.September, 30, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	model, err := segkit.Recipe{Columns: []string{"recency", "orders", "basket"}, Prep: []prep.Transformer{prep.Log1p{}, prep.Standardize{}, prep.Snap{}},
		Method: cluster.KMeans{K: 4, Seed: 1}}.Fit(customers)
	if err != nil {
		t.Fatal(err)
	}
	want, err := model.Score(customers)
	if err != nil {
		t.Fatal(err)
	}
	profile, err := describe.Segments(customers, want)
	if err != nil {
		t.Fatal(err)
	}
	described := choices.Sheet(profile.Sheet(), asTyped).TextIn(100)
	same := func(path string) {
		t.Helper()
		x, err := table.ReadCSV(path, "id")
		if err != nil {
			t.Fatal(err)
		}
		got, err := x.SegmentsBy("segment")
		if err != nil {
			t.Fatal(err)
		}
		aligned, err := got.LabelsOf(customers)
		if err != nil {
			t.Fatal(err)
		}
		if agreed, err := compare.AdjustedRand(want.Labels, aligned); err != nil || agreed != 1 || len(got.IDs) != customers.Len() {
			t.Errorf("%s: %d customers, want %d; agreement %v with the segments in memory, %v", path, len(got.IDs), customers.Len(), agreed, err)
		}
		for i, l := range aligned {
			if named := want.Names[want.Labels[i]]; got.Names[l] != named {
				t.Fatalf("%s: customer %s is in %q, in memory in %q", path, customers.IDs()[i], got.Names[l], named)
			}
		}
	}
	said, code := command(t, append([]string{"segment", "-k", "4", "--into", "segments.csv"}, onShop...)...)
	if code != 0 || !strings.Contains(said, described) || !strings.Contains(said, "\nscore every customer\n") || strings.ContainsRune(said, '\r') || !strings.Contains(said, "Reconciles to the last decimal") || !strings.Contains(said, "statements to send") {
		t.Fatalf("%d: %s", code, said)
	}
	same("segments.csv")
	if said, code := command(t, append([]string{"score", "model.json", "--into", "again.csv"}, onShop...)...); code != 0 {
		t.Fatalf("%d: %s", code, said)
	}
	same("again.csv")
	if said, code := command(t, append([]string{"features", "-o", "customers.csv"}, onShop...)...); code != 0 {
		t.Fatalf("%d: %s", code, said)
	}
	again, err := table.ReadCSV("customers.csv", "id")
	if err != nil {
		t.Fatal(err)
	}
	if again.Len() != customers.Len() || strings.Join(again.Names(), " ") != strings.Join(customers.Names(), " ") {
		t.Errorf("the customers have %d rows and the columns %v, want %d and %v", again.Len(), again.Names(), customers.Len(), customers.Names())
	}
}

// A database keeps the segments, customers of a table are segmented as well, and a table that holds something else stays.
func TestIntoATable(t *testing.T) {
	inShop(t)
	if said, code := command(t, append([]string{"features", "-o", "customers.csv"}, onShop...)...); code != 0 {
		t.Fatalf("%d: %s", code, said)
	}
	const url = "duckdb://crm.db"
	query := func(statement string) (n int) {
		t.Helper()
		db := open(t, url)
		defer db.Close()
		if err := db.QueryRowContext(context.Background(), statement).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	db, err := sql.Open("duckdb", "crm.db")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("CREATE TABLE customers AS SELECT * FROM read_csv('customers.csv')"); err != nil {
		t.Fatal(err)
	}
	db.Close()
	n := query("SELECT COUNT(*) FROM customers")
	write(t, "customers.toml", "table = \"customers\"\nid = \"id\"\n")
	onTable := []string{"segment", "--engine", url, "--source", "customers.toml", "-k", "3"}
	for range 2 { // the second time the table is replaced
		if said, code := command(t, append(onTable, "--into", "segments")...); code != 0 {
			t.Fatalf("%d: %s", code, said)
		}
		if got := query("SELECT COUNT(segment) FROM segments"); got != n {
			t.Errorf("%d customers have a segment, want %d", got, n)
		}
	}
	said, code := command(t, append(onTable, "--into", "customers")...)
	if code == 0 || query("SELECT COUNT(*) FROM customers") != n {
		t.Errorf("the customers' own table was written over: %d: %s", code, said)
	}
	if tables := query("SELECT COUNT(*) FROM information_schema.tables"); tables != 2 {
		t.Errorf("%d tables are left, want customers and segments", tables)
	}
}

func TestADryRunWritesNothing(t *testing.T) {
	inShop(t)
	said, code := command(t, append([]string{"segment", "-k", "4", "--into", "segments.csv", "--dry-run"}, onShop...)...)
	if code != 0 || !strings.Contains(said, "-- make the table of customers\nCREATE TABLE \"segkit_scratch\".") {
		t.Errorf("%d: %s", code, said)
	}
	if made, _ := filepath.Glob("*"); len(made) != 2 {
		t.Errorf("it made %v", made)
	}
	write(t, "hostile.toml", mapping+`table = "\"evil\nDROP TABLE customers; --\""`+"\n")
	db := open(t, "duckdb://")
	if _, err := db.Exec(`ATTACH 'crm.db'; CREATE TABLE crm."evil
DROP TABLE customers; --" AS SELECT * FROM read_parquet('shop.parquet'); DETACH crm`); err != nil {
		t.Fatal(err)
	}
	db.Close()
	said, code = command(t, "inspect", "--engine", "duckdb://crm.db", "--source", "hostile.toml", "--dry-run")
	if want := "-- look at the columns of \"evil DROP TABLE customers; --\"\n"; code != 0 || !strings.Contains(said, want) {
		t.Errorf("%d: a name ends a remark: %s", code, said)
	}
}

func TestWhatCannotBeIsToldInASentence(t *testing.T) {
	inShop(t)
	write(t, "typo.toml", strings.Replace(mapping, "customer_id", "costumer_id", 1))
	write(t, "unknown.toml", mapping+"colour = \"blue\"\n")
	write(t, "rule.toml", mapping+"rules = [\"no costumer\"]\n")
	for want, arguments := range map[string][]string{
		"2025-09-30":                        {"segment", "-k", "4", "--into", "s.csv", "--engine", "duckdb://shop.parquet", "--source", "orders.toml", "--as-of", "30.9."},
		"name a file such as":               append([]string{"segment", "-k", "4", "--into", "segments"}, onShop...),
		"-k is 1, want 2 to 150":            append([]string{"segment", "-k", "1", "--into", "segments.csv"}, onShop...),
		"customer_id":                       {"inspect", "--engine", "duckdb://shop.parquet", "--source", "typo.toml"},
		"colour":                            {"inspect", "--engine", "duckdb://shop.parquet", "--source", "unknown.toml"},
		"no customer":                       {"inspect", "--engine", "duckdb://shop.parquet", "--source", "rule.toml"},
		"no such file":                      {"inspect", "--engine", "duckdb://none.parquet", "--source", "orders.toml"},
		"missing flags":                     {"inspect", "--engine", "duckdb://shop.parquet"},
		"names neither a table nor a query": {"inspect", "--engine", "duckdb://", "--source", "orders.toml"},
	} {
		said, code := command(t, arguments...)
		if code == 0 || !strings.Contains(said, want) {
			t.Errorf("%v: %d: %q does not say %q", arguments, code, said, want)
		}
	}
	if made, _ := filepath.Glob("*"); len(made) != 5 {
		t.Errorf("it made %v", made)
	}
}

// Nothing that is read is overwritten, nor does a file come to lie among those that are; and only segments are replaced by segments.
func TestWhatIsReadStays(t *testing.T) {
	inShop(t)
	db := open(t, "duckdb://")
	if _, err := db.Exec("ATTACH 'crm.db'; CREATE TABLE crm.lines AS SELECT * FROM read_parquet('shop.parquet'); DETACH crm"); err != nil {
		t.Fatal(err)
	}
	db.Close()
	write(t, "lines.toml", mapping+"table = \"lines\"\n")
	write(t, "orders.csv", "order,customer\n1,a\n")
	if err := os.Symlink("shop.parquet", "link.parquet"); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll("parts", 0o700); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile("shop.parquet")
	if err != nil {
		t.Fatal(err)
	}
	write(t, "parts/1.parquet", string(data))
	before := folder(t)
	files, parts, crm := []string{"--engine", "duckdb://shop.parquet", "--source", "orders.toml"}, []string{"--engine", "duckdb://parts/*.parquet", "--source", "orders.toml"}, []string{"--engine", "duckdb://crm.db", "--source", "lines.toml"}
	for _, c := range []struct {
		on, more []string
		want     string
	}{
		{files, []string{"segment", "-k", "4", "--into", "shop.parquet"}, "would overwrite what is read"},
		{files, []string{"segment", "-k", "4", "--into", "link.parquet"}, "would overwrite what is read"},
		{files, []string{"segment", "-k", "4", "--into", "s.csv", "-o", "shop.parquet"}, "would overwrite what is read"},
		{files, []string{"segment", "-k", "4", "--into", "s.csv", "-o", "orders.toml"}, "would overwrite the source file"},
		{files, []string{"segment", "-k", "4", "--into", "orders.csv"}, "holds no segments"},
		{files, []string{"features", "-o", "orders.toml"}, "would overwrite the source file"},
		{parts, []string{"segment", "-k", "4", "--into", "parts/2.parquet"}, "be read with it the next time"},
		{parts, []string{"features", "-o", "parts/1.parquet"}, "would overwrite what is read"},
		{crm, []string{"segment", "-k", "4", "--into", "segments", "-o", "crm.db"}, "would overwrite what is read"},
		{crm, []string{"features", "-o", "crm.db"}, "would overwrite what is read"},
	} {
		arguments := append(append(c.more, "--as-of", "2025-09-30"), c.on...)
		if said, code := command(t, arguments...); code != 2 || !strings.Contains(said, c.want) {
			t.Errorf("%v: %d: %q does not say %q", arguments, code, said, c.want)
		}
		if after := folder(t); !maps.Equal(before, after) {
			t.Fatalf("%v: files changed", arguments)
		}
	}
	for range 2 { // segments in the place of segments
		if said, code := command(t, append([]string{"segment", "-k", "4", "--into", "s.parquet", "--as-of", "2025-09-30"}, files...)...); code != 0 {
			t.Errorf("%d: %s", code, said)
		}
	}
}

// folder is what stands in the files of this folder and the folders in it.
func folder(t *testing.T) map[string]string {
	t.Helper()
	out := make(map[string]string)
	err := filepath.WalkDir(".", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		out[path] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// What is announced is what is sent, on every command line: those statements that are sent whatever the data are, as --dry-run prints them too, and besides only
// such as it prints for the data that ask for them.
func TestStatementsAreThoseAnnounced(t *testing.T) {
	inShop(t)
	db := open(t, "duckdb://")
	if _, err := db.Exec("ATTACH 'crm.db'; CREATE TABLE crm.lines AS SELECT *, ROW_NUMBER() OVER () AS line, CASE WHEN quantity = 3 THEN 'cancelled' ELSE 'paid' END AS state FROM read_parquet('shop.parquet'); DETACH crm"); err != nil {
		t.Fatal(err)
	}
	db.Close()
	write(t, "lines.toml", mapping+"table = \"lines\"\nline = \"line\"\nstatus = \"state\"\n")
	write(t, "rules.toml", mapping+"rules = [\"no customer\", \"net cancelled\", \"duplicate\", \"same e-mail\", \"zero quantity\", \"undone\", \"zero price\"]\nstatus = \"state\"\ntable = \"lines\"\n")
	write(t, "bare.toml", mapping+"rules = [\"no customer\"]\n")
	write(t, "none.toml", strings.Replace(queried("* EXCLUDE quantity, ABS(quantity) AS quantity, 'paid' AS state, CASE WHEN FALSE THEN 'x' END AS branch", `status = "state"`), `"channel"`, `"branch"`, 1))
	on := func(url, source string, more ...string) []string {
		return append(more, "--engine", url, "--source", source+".toml")
	}
	const files, crm = "duckdb://shop.parquet", "duckdb://crm.db"
	certain := regexp.MustCompile(`(\d+) statements to send`)
	sent := regexp.MustCompile(`(\d+) statements sent: (\d+) whatever the data, and (\d+) because these data need them`)
	rounds := regexp.MustCompile(` \(\d+ of \d+\)`)
	for _, arguments := range [][]string{
		on(files, "orders", "inspect"),
		on(crm, "lines", "inspect"),
		on(files, "none", "inspect"),
		on(files, "orders", "features", "--as-of", "2025-09-30", "-o", "customers.csv"),
		on(crm, "lines", "features", "--as-of", "2025-09-30", "-o", "customers.csv"),
		on(crm, "rules", "features", "--as-of", "2025-09-30", "-o", "customers.csv"),
		on(files, "none", "features", "--as-of", "2025-09-30", "-o", "customers.csv"),
		on(files, "bare", "features", "-o", "customers.csv", "--as-of", "2027-01-01"),
		on(files, "orders", "segment", "--as-of", "2025-09-30", "-k", "4", "--into", "segments.csv"),
		on(files, "orders", "segment", "--as-of", "2025-09-30", "-k", "120", "--into", "segments.csv", "--columns", "items,orders", "-o", "many.json"),
		on(crm, "lines", "segment", "--as-of", "2025-09-30", "-k", "4", "--into", "segments", "-o", "other.json"),
		on(crm, "lines", "score", "model.json", "--as-of", "2025-09-30", "--into", "segments"), // of lines without a status, and over the table that is there
		on(files, "orders", "score", "model.json", "--as-of", "2025-09-30", "--into", "segments.parquet"),
	} {
		said, code := command(t, append(arguments, "--dry-run")...)
		if code != 0 {
			t.Fatalf("%v: %d: %s", arguments, code, said)
		}
		dry, perhaps := 0, map[string]bool{}
		for line := range strings.Lines(said) {
			if purpose, ok := strings.CutPrefix(strings.TrimSpace(line), "-- "); ok && !strings.HasPrefix(purpose, "drop a helper table") && !strings.HasPrefix(purpose, "What follows") && !strings.HasPrefix(purpose, "drop the old segments") {
				if name, _, only := strings.Cut(purpose, ", where "); only {
					perhaps[rounds.ReplaceAllString(name, "")] = true
				} else if name, _, only := strings.Cut(purpose, ", of "); only {
					perhaps[name] = true
				} else {
					dry++
				}
			}
		}
		said, code = command(t, arguments...)
		announced, made := certain.FindStringSubmatch(said), sent.FindStringSubmatch(said)
		if code != 0 || announced == nil || made == nil {
			t.Fatalf("%v: %d: %s", arguments, code, said)
		}
		if announced[1] != fmt.Sprint(dry) || made[2] != announced[1] || len(perhaps) == 0 {
			t.Errorf("%v: %d statements are printed, %s announced, and %s sent", arguments, dry, announced[1], made[2])
		}
	}
}
