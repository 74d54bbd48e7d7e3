package features_test

// A header such as State may name a place or the status of the order: its words tell.

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"github.com/segkit/lab/segkit/features"
)

func TestStatesAreStatusesOrPlaces(t *testing.T) {
	statuses := map[string][]string{"State": {"paid", "on hold", "cancelled"}, "Estado": {"pagado", "en espera", "cancelado"}, "Stato": {"pagato", "in attesa", "annullato"},
		"État": {"payée", "en attente", "annulée"}, "Staat": {"betaald", "wacht", "geannuleerd"}, "Stan": {"opłacone", "czeka", "anulowane"}}
	places := map[string][]string{"State": {"NY", "CA", "Texas"}, "Estado": {"Jalisco", "SP", "Nuevo León"}, "Stato": {"Italia", "San Marino", "Svizzera"},
		"État": {"Suisse", "Québec", "New York"}, "Staat": {"Deutschland", "Österreich", "Bayern"}, "Stan": {"Teksas", "Nowy Jork", "CA"}}
	file := func(header string, words []string) string {
		text := "order,customer,date,amount," + header + "\n"
		for i, w := range words {
			text += fmt.Sprintf("%d,c%d,2024-03-0%d,%d,%s\n", i, i, i+1, 10*(i+1), w)
		}
		return text
	}
	roles := func(r []features.Mapping) (status, descriptors []string) {
		for _, m := range r {
			switch {
			case m.Meaning == "descriptor":
				descriptors = append(descriptors, m.Header)
			case m.Meaning == "status" && m.Header != "":
				status = append(status, m.Header)
			}
		}
		return status, descriptors
	}
	check := func(name, text string, o features.OrdersOptions, status, descriptors []string, open int) {
		t.Helper()
		path := fileOf(t, "orders.csv", text)
		orders, err := features.ReadOrders(path, o)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		m, _ := orders.Mapping()
		if s, d := roles(m); !slices.Equal(s, status) || !slices.Equal(d, descriptors) {
			t.Errorf("%s: status %q, descriptors %q, want %q and %q", name, s, d, status, descriptors)
		}
		if notes, _ := orders.Notes(); strings.Contains(fmt.Sprint(notes), "and not as a place") != (o.Status == "" && status != nil && status[0] != "Order status") {
			t.Errorf("%s: %q", name, notes)
		}
		if r := inspected(t, path, o); len(r.Questions) != open {
			t.Errorf("%s: asks %+v", name, r.Questions)
		}
		rows := [][]string{}
		for line := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
			rows = append(rows, strings.Split(line, ","))
		}
		frame, err := features.OrdersFromFrame(dataframe.LoadRecords(rows, dataframe.DetectTypes(false), dataframe.DefaultType(series.String)), o)
		if err != nil {
			t.Fatalf("%s, as a frame: %v", name, err)
		}
		m, _ = frame.Mapping()
		if s, d := roles(m); !slices.Equal(s, status) || !slices.Equal(d, descriptors) {
			t.Errorf("%s, as a frame: status %q, descriptors %q", name, s, d)
		}
	}
	for header, words := range statuses {
		check(header+" of orders", file(header, words), features.OrdersOptions{}, []string{header}, nil, 1) // of the word in the middle
		check(header+" of customers", file(header, places[header]), features.OrdersOptions{}, nil, []string{header}, 0)
		check(header+" of customers, by name", file(header, words), features.OrdersOptions{Descriptors: []string{header}}, nil, []string{header}, 0)
		check(header+" of orders, by name", file(header, places[header]), features.OrdersOptions{Status: header, Undone: []string{}}, []string{header}, nil, 0)
		check(header+" beside a status", file("Order status,"+header, []string{"paid," + words[0], "paid," + words[2]}), features.OrdersOptions{}, []string{"Order status"}, []string{header}, 0)
	}
}

func TestUndoneByItsState(t *testing.T) {
	o := read(t, "order,customer,date,amount,State\n1,a,2024-03-01,10,paid\n2,a,2024-03-02,20,cancelled\n3,b,2024-03-03,40,on hold\n")
	if got := clean(t, o, features.Undone).Ledger.Closing.Net().String(); got != "50" {
		t.Errorf("%s is left, want 50: the cancelled order is not", got)
	}
}
