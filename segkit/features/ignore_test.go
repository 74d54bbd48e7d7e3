package features_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/kept"
)

// What is said not to matter in ids is left out while they are read, from a file and from a frame, and no more than that: the orders are those of fewer customers, and what means
// that there is none stays so.
func TestWhatDoesNotMatterInIDs(t *testing.T) {
	ids := []string{"095.170.678-01", "9517067801", "09517067801", "C 17", "c17", "123.0", "123", "N/A", "n.a.", "-1", "a.b@x.org", "A.B@x.org"}
	text := "order,customer,date,amount\n"
	for i, id := range ids {
		text += string(rune('a'+i)) + "," + id + ",2024-01-05,10\n"
	}
	for _, c := range []struct {
		ignore []string
		want   string // ids in the order of the lines; "" is nobody
		noted  string
	}{
		{nil, "095.170.678-01|9517067801|09517067801|C 17|c17|123.0|123|||-1|a.b@x.org|A.B@x.org", ""},
		{[]string{"marks"}, "09517067801|9517067801|09517067801|C 17|c17|1230|123|||-1|a.b@x.org|A.B@x.org", "read without punctuation marks,"},
		{[]string{"marks", "zeros"}, "9517067801|9517067801|9517067801|C 17|c17|1230|123|||-1|a.b@x.org|A.B@x.org", "read without leading zeros and punctuation marks,"},
		{[]string{"blank", "case", "point"}, "095.170.678-01|9517067801|09517067801|c17|c17|123|123|||-1|a.b@x.org|a.b@x.org", `read without blanks, capitals and ".0" at the end,`},
	} {
		orders, err := features.ParseOrders(strings.NewReader(text), "orders.csv", features.OrdersOptions{Ignore: c.ignore})
		if err != nil {
			t.Fatal(err)
		}
		frame := dataframe.ReadCSV(strings.NewReader(text), dataframe.WithTypes(map[string]series.Type{"customer": series.String, "date": series.String}), dataframe.NaNValues(nil))
		framed, err := features.OrdersFromFrame(frame, features.OrdersOptions{Ignore: c.ignore})
		if err != nil {
			t.Fatal(err)
		}
		for from, o := range map[string]*features.Orders{"file": orders, "frame": framed} {
			lines, err := o.Frame()
			if err != nil {
				t.Fatal(err)
			}
			got := lines.Col("customer").Records()
			for i := range got {
				if got[i] == "NaN" {
					got[i] = ""
				}
			}
			if strings.Join(got, "|") != c.want {
				t.Errorf("%s, without %q: %q, want %s", from, c.ignore, got, c.want)
			}
			different := slices.DeleteFunc(slices.Compact(slices.Sorted(strings.SplitSeq(c.want, "|"))), func(id string) bool { return id == "" })
			if n, err := o.Count(); err != nil || n.Customers != len(different) {
				t.Errorf("%s, without %q: %d customers, want %q", from, c.ignore, n.Customers, different)
			}
		}
		notes, _ := orders.Notes()
		if said := strings.Join(notes, " "); !strings.Contains(said, c.noted) || c.noted == "" && strings.Contains(said, "are read without") {
			t.Errorf("without %q: %q", c.ignore, said)
		}
		if m, _ := orders.Mapping(); !slices.Contains(m, features.Mapping{Meaning: "customer", Header: "customer"}) {
			t.Errorf("without %q: %v", c.ignore, m)
		}
	}
	if _, err := features.ParseOrders(strings.NewReader(text), "orders.csv", features.OrdersOptions{Ignore: []string{"zeros", "dots"}}); !errors.Is(err, fault.ErrOption) || !strings.Contains(err.Error(), `"dots"`) || !strings.Contains(err.Error(), `"marks"`) {
		t.Errorf("%v", err)
	}
}

// The note about ids in several writings offers the answer, the answer settles it, and it is kept beside the file.
func TestWritingsOfIDsAreSettledWhileReading(t *testing.T) {
	path := fileOf(t, "orders.csv", "order,CPF,date,amount\n1,095.170.678-01,2024-01-05,10\n2,9517067801,2024-02-05,10\n3,52998224725,2024-02-06,10\n")
	said := func(o ...features.OrdersOptions) string { return strings.Join(inspected(t, path, o...).Notes, " ") }
	if notes := said(); !strings.Contains(notes, "3 ids of customers are 2 if leading zeros and punctuation marks are ignored") || !strings.Contains(notes, `or set features.OrdersOptions.Ignore to []string{"zeros", "marks"}.`) {
		t.Errorf("%q", notes)
	}
	r := inspected(t, path, features.OrdersOptions{Ignore: []string{"zeros", "marks"}})
	if notes := strings.Join(r.Notes, " "); strings.Contains(notes, "ids of customers are 2") || r.Customers != 2 || r.Columns[1].Role != "customer" || r.Columns[1].Form != "text, without leading zeros and punctuation marks" {
		t.Errorf("%d customers, %+v: %q", r.Customers, r.Columns[1], notes)
	}
	if _, err := r.Keep(); err != nil {
		t.Fatal(err)
	}
	if k, err := kept.Beside("test", path); err != nil || !slices.Equal(k.List("ignore"), []string{"zeros", "marks"}) {
		t.Errorf("%+v, %v", k, err)
	}
	orders, err := features.ReadOrders(path, features.OrdersOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := orders.Count(); err != nil || n.Customers != 2 {
		t.Errorf("%d customers, %v", n.Customers, err)
	}
	table := fileOf(t, "customers.csv", "customer,spend\n0123,1\n123,2\n")
	if _, err := features.Inspect(table, features.OrdersOptions{Ignore: []string{"zeros"}}); !errors.Is(err, fault.ErrOption) || !strings.Contains(err.Error(), "a table of customers") {
		t.Errorf("a table of customers: %v", err)
	}
}
