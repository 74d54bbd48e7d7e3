package features_test

// Lines that a file has twice are no sign that an amount is what the whole order cost: only lines that are alike and yet differ are.

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"github.com/segkit/lab/segkit/features"
)

func TestCopiesOfLinesAreNoTotals(t *testing.T) {
	const (
		product = "order_id,customer_id,date,product,amount\n"
		number  = "order_id,customer_id,date,amount,position\n" // which nobody reads
		beside  = "order_id,customer_id,date,product,quantity,price,amount\n"
	)
	twice := func(lines ...string) string {
		return strings.Join(append(lines, lines...), "\n") + "\n"
	}
	for name, c := range map[string]struct {
		file string
		asks string // "" for nothing
		net  string
	}{
		"the file joined to itself":     {product + twice("1,a,2024-02-05,M,10", "2,b,2024-02-06,M,20", "3,b,2024-02-07,P,5"), "", "70"},
		"copies below one another":      {product + "1,a,2024-02-05,M,10\n1,a,2024-02-05,M,10\n2,b,2024-02-06,M,20\n2,b,2024-02-06,M,20\n3,b,2024-02-07,P,5\n3,b,2024-02-07,P,5\n", "", "70"},
		"other products":                {product + "1,a,2024-02-05,M,10\n1,a,2024-02-05,P,10\n2,b,2024-02-06,M,20\n2,b,2024-02-06,P,20\n3,b,2024-02-07,P,5\n3,b,2024-02-07,Q,5\n", "in each of 3 orders", ""},
		"other products, and copies":    {product + twice("1,a,2024-02-05,M,10", "1,a,2024-02-05,P,10", "2,b,2024-02-06,M,20", "2,b,2024-02-06,P,20", "3,b,2024-02-07,P,5", "3,b,2024-02-07,Q,5", "4,c,2024-02-07,Q,7"), "in each of 3 orders", ""},
		"too few that are no copies":    {product + twice("1,a,2024-02-05,M,10", "1,a,2024-02-05,P,10", "2,b,2024-02-06,M,20", "2,b,2024-02-06,P,20", "4,c,2024-02-07,Q,7"), "", "134"},
		"they differ where nobody read": {number + "1,a,2024-02-05,10,1\n1,a,2024-02-05,10,2\n2,b,2024-02-06,20,1\n2,b,2024-02-06,20,2\n3,b,2024-02-07,5,1\n3,b,2024-02-07,5,2\n", "in each of 3 orders", ""},
		"beside a price":                {beside + twice("1,a,2024-02-05,M,2,6,10", "2,b,2024-02-06,M,1,20,20"), "differ on 2 of 4 lines", ""},
		"beside a price, with totals":   {beside + twice("1,a,2024-02-05,M,2,6,22", "1,a,2024-02-05,P,1,10,22", "2,b,2024-02-06,M,1,20,20"), "", "84"},
		"beside a price, totals alike":  {beside + "1,a,2024-02-05,M,1,6,12\n1,a,2024-02-05,P,1,6,12\n2,b,2024-02-06,M,1,20,20\n", "", "32"},
	} {
		t.Run(name, func(t *testing.T) {
			path := fileOf(t, "orders.csv", c.file)
			check := func(how string, orders *features.Orders, err error) {
				t.Helper()
				if c.asks != "" {
					if err == nil || !strings.Contains(err.Error(), c.asks) {
						t.Errorf("%s: %v, want a question: %q", how, err, c.asks)
					}
					return
				}
				if err != nil {
					t.Errorf("%s: %v", how, err)
				} else if n, err := orders.Count(); err != nil || n.Net().String() != c.net {
					t.Errorf("%s: %v, %v, want %s", how, n.Net(), err, c.net)
				}
			}
			r := inspected(t, path)
			if (c.asks == "") != (len(r.Questions) == 0) || c.asks != "" && !strings.Contains(r.Questions[0].Text, c.asks) || c.asks == "" && r.Net != c.net {
				t.Errorf("inspected: asks %+v, net %s", r.Questions, r.Net)
			}
			orders, err := features.ReadOrders(path, features.OrdersOptions{})
			check("read", orders, err)
			back := features.LargeFrom(0)
			orders, err = features.ReadOrders(path, features.OrdersOptions{})
			back()
			check("read as a large file", orders, err)
			orders, err = features.ParseOrders(io.MultiReader(strings.NewReader(c.file)), "pipe", features.OrdersOptions{})
			check("from a pipe", orders, err)
			rows := [][]string{}
			for _, line := range slices.Collect(strings.SplitSeq(strings.TrimSpace(c.file), "\n")) {
				rows = append(rows, strings.Split(line, ","))
			}
			orders, err = features.OrdersFromFrame(dataframe.LoadRecords(rows, dataframe.DetectTypes(false), dataframe.DefaultType(series.String)), features.OrdersOptions{})
			check("from a frame", orders, err)
		})
	}
	var large strings.Builder // of many blocks, with each order again far below
	for n := range 40_000 {
		i := n % 20_000
		fmt.Fprintf(&large, "%d,c%d,2024-01-%02d,p%d,%d\n", i, i/3, 1+i%28, i%70, 1+i%50)
	}
	orders, err := features.ReadOrders(fileOf(t, "large.csv", product+large.String()), features.OrdersOptions{})
	if err != nil {
		t.Fatal(err)
	}
	clean, err := orders.Clean(features.Duplicate)
	if err != nil || clean.Ledger.Closing.Lines != 20_000 {
		t.Errorf("%+v, %v", clean, err)
	}
}
