package features_test

import (
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/features"
)

// A file that may have been cut off in its last cell is read, and says so.
func TestALastCellThatWasCutIsTold(t *testing.T) {
	const head = "order,customer,date,amount\n1,a,2024-03-01,10.00\n2,b,2024-03-02,120.00\n3,c,2024-03-03,7.50\n4,d,2024-03-04,"
	const dated = "order,customer,amount,date\n1,a,10,2024-03-01\n2,b,12,2024-03-02\n3,c,7,2024-03-03\n4,d,9,"
	for text, cut := range map[string]bool{
		head + "19.90":       false,
		head + "19.90\n":     false,
		head + "19.9\n":      false, // somebody wrote so
		head + "19.9":        true,
		head + "19.":         true,
		head + "19":          true,
		dated + "2024-03-04": false,
		dated + "20240304":   false, // refused: no date like the others
		strings.ReplaceAll(head, "120.00", "120") + "19": false, // as others are
		head[:strings.Index(head, "3,c")] + "1":          false, // too few to tell
	} {
		orders, err := features.ParseOrders(strings.NewReader(text), "orders.csv", features.OrdersOptions{})
		if err != nil {
			if cut {
				t.Errorf("%q: %v", text, err)
			}
			continue
		}
		notes, err := orders.Notes()
		if err != nil {
			t.Fatal(err)
		}
		if said := strings.Contains(strings.Join(notes, "\n"), `ends in line 5 without a line end, and its last cell, "19`); said != cut {
			t.Errorf("%q: %q", text, notes)
		}
	}
}
