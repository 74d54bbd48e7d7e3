package features_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/sheet"
)

// everythingOf is all that is known about a file, as text.
func everythingOf(path string, o features.OrdersOptions) string {
	var b strings.Builder
	note := func(what any, err error) {
		if err != nil {
			what = err.Error()
		}
		if s, ok := what.(sheet.Sheeter); ok {
			what = s.Sheet()
		}
		text, _ := json.Marshal(what)
		fmt.Fprintf(&b, "%s\n", text)
	}
	orders, err := features.ReadOrders(path, o)
	if err != nil {
		return err.Error()
	}
	note(orders.Count())
	note(orders.Notes())
	rules := []features.Rule{features.NoCustomer, features.Returned, features.Undone, features.SameEmail, features.MissingValue}
	clean, err := orders.Clean(rules...)
	note(clean, err)
	if err == nil {
		note(clean.Features(time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC), features.Spec{Features: []string{"recency", "orders", "spend"}}))
		note(clean.Features(time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)))
		again, err := clean.Clean(features.Duplicate, features.Without("product", "Tee 10"))
		note(again, err)
		if err == nil {
			note(again.Ledger, nil)
		}
	}
	clean, err = orders.Clean(features.Undone, features.Duplicate, features.NetCancelled, features.TestOrder)
	note(clean, err)
	note(orders, nil)
	note(orders.Audit(), nil)
	if lines, err := orders.Lines(); err == nil {
		for l := range lines {
			note(l, nil)
		}
	}
	return b.String()
}

// What is read later is what would have been read at once, and so is every error.
func TestDetailsReadLaterAreTheSame(t *testing.T) {
	folder, later := t.TempDir(), 0
	check := func(name string, data []byte, o features.OrdersOptions) {
		t.Helper()
		path := filepath.Join(folder, "orders.csv")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		back := features.LargeFrom(1 << 40)
		want := everythingOf(path, o)
		back()
		back = features.LargeFrom(0)
		defer back()
		if orders, err := features.ReadOrders(path, o); err == nil && features.Later(orders) {
			later++
		}
		if got := everythingOf(path, o); got != want {
			t.Errorf("%s: later\n%s\nat once\n%s\n%.400q", name, got, want, data)
		}
	}
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 17))
		lines := makeTruth(r)
		d := makeDialect(r, lines)
		data := d.write(lines)
		check(fmt.Sprintf("dialect %d", seed), data, features.OrdersOptions{})
		data = append([]byte(nil), data...)
		for range 1 + r.IntN(3) { // and with some damage
			data[r.IntN(len(data))] = pick[byte](r, 0xfc, 0xc3, '"', ',', '\n', 'x')
		}
		check(fmt.Sprintf("damaged %d", seed), data, features.OrdersOptions{})
	}
	const head = "order,date,customer,product,name,quantity,unit price,country\n"
	var b strings.Builder
	for i := range 20_000 { // many blocks, some of them with lines that are none
		name := fmt.Sprintf("thing %d", i%700)
		if i%4000 == 3999 {
			name = "\"thing\nnumber \"\"9\"\"\""
		}
		fmt.Fprintf(&b, "%d,2025-01-%02d,c%d,p%d,%s,%d,2.5%d,%s\n", i/3, 1+i/2000, i%999, i%700, name, 1+i%4, i%10, []string{"NL", "DE", ""}[i%3])
		if i%5000 == 4999 {
			fmt.Fprintf(&b, "\n,,,Total %d,,,,\n,,,,,,,\n", i)
		}
	}
	text := b.String()
	check("blocks", []byte(head+text), features.OrdersOptions{})
	check("UTF-8 within", []byte(head+strings.Replace(text, "thing 600", "Löffel", 40)), features.OrdersOptions{})
	check("Windows-1252", []byte(head+strings.ReplaceAll(text, "thing 600", "L\xf6ffel")), features.OrdersOptions{})
	check("both", []byte(head+strings.Replace(strings.ReplaceAll(text, "thing 600", "L\xf6ffel"), "thing 30", "Gl\xc3\xbchwein", 90)), features.OrdersOptions{})
	check("half a character", []byte(head+strings.ReplaceAll(text, "thing 600,", "Gl\xc3,")), features.OrdersOptions{})
	check("totals at the end", []byte(head+text+",,,all of it,,,100.00,\n"), features.OrdersOptions{})
	check("lines of nobody at the end", []byte(head+text+",,,p1,thing 1,2,9.99,NL\n,,,p2,thing 2,1,5.00,\n"), features.OrdersOptions{})
	if later < 60 {
		t.Errorf("the details of %d files were read later: too few to tell", later)
	}
}

// A huge file is not read a second time: what is known of it stands, also when it is gone.
func TestHugeFilesAreReadInOneGo(t *testing.T) {
	path, text := filepath.Join(t.TempDir(), "orders.csv"), header+"1,2025-03-01,a,P,2,3.5\n2,2025-03-02,b,Q,2,3.5\n"
	defer features.LargeFrom(0)()
	for _, more := range []int64{1, 0} { // bytes that the file lacks to be huge
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		back := features.HugeFrom(int64(len(text)) + more)
		orders, err := features.ReadOrders(path, features.OrdersOptions{})
		back()
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if _, err := orders.Lines(); (err == nil) != (more == 0) {
			t.Errorf("%d bytes less than huge: %v", more, err)
		}
	}
}

func TestDetailsOfAFileThatIsNotTheSameAnyMore(t *testing.T) {
	defer features.LargeFrom(0)()
	path := filepath.Join(t.TempDir(), "orders.csv")
	text := header + "1,2025-03-01,a,P,2,3.5\n2,2025-03-02,b,Q,2,3.5\n"
	for name, change := range map[string]func() error{
		"removed": func() error { return os.Remove(path) },
		"longer":  func() error { return os.WriteFile(path, []byte(text+"3,2025-03-02,b,Q,2,3.5\n"), 0o600) },
		"as long": func() error {
			return errors.Join(os.WriteFile(path, []byte(strings.Replace(text, "P", "X", 1)), 0o600), os.Chtimes(path, time.Time{}, time.Now().Add(time.Hour)))
		},
		"replaced": func() error { return os.WriteFile(path, []byte("a,b\n1,2\n"), 0o600) },
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		orders, err := features.ReadOrders(path, features.OrdersOptions{})
		if err != nil || !features.Later(orders) {
			t.Fatalf("%s: %v, later %v", name, err, err == nil && features.Later(orders))
		}
		if err := change(); err != nil {
			t.Fatal(err)
		}
		if _, err := orders.Lines(); !errors.Is(err, fault.ErrFormat) || !strings.Contains(err.Error(), "orders.csv: was changed or removed after it was read") {
			t.Errorf("%s: %v", name, err)
		}
		clean, err := orders.Clean(features.NoCustomer)
		if err != nil || clean.Ledger.Closing.Lines != 2 {
			t.Errorf("%s: what was read stands: %v", name, err)
		}
	}
}
