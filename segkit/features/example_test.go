package features_test

import (
	"fmt"
	"log"
	"strings"
	"time"

	"github.com/segkit/lab/segkit/features"
)

const exampleOrders = `order_id,order_date,customer_id,product,quantity,unit_price
1001,2025-03-01 10:00,00017,mug,2,4.50
1001,2025-03-01 10:00,00017,teapot,1,19.95
1002,2025-03-02 16:30,00023,mug,6,4.20
C1003,2025-03-05 09:10,00023,mug,-6,4.20
1004,2025-03-20 11:45,00017,mug,1,4.50
1005,2025-03-21 12:00,,teapot,1,19.95
`

func Example() {
	orders, err := features.ParseOrders(strings.NewReader(exampleOrders), "orders.csv", features.OrdersOptions{Currency: "EUR"})
	if err != nil {
		log.Fatal(err)
	}
	clean, err := orders.Clean(features.NoCustomer, features.NetCancelled)
	if err != nil {
		log.Fatal(err)
	}
	for _, row := range clean.Ledger.Sheet().Rows {
		fmt.Println(strings.Join(row, " | "))
	}
	customers, err := clean.Features(time.Date(2025, 3, 21, 0, 0, 0, 0, time.UTC), features.Spec{Features: []string{"recency", "orders", "spend"}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(customers.IDs(), customers.Names(), customers.Row(0))
	// Output:
	// as read | 6 | 5 | 2 | 78.60 | −25.20 | 53.40
	// no customer | −1 | −1 | 0 | −19.95 | 0.00 | −19.95
	// net cancelled | −2 | −2 | −1 | −25.20 | 25.20 | 0.00
	// left | 3 | 2 | 1 | 33.45 | 0.00 | 33.45
	// [00017] [recency orders spend] [1 2 33.45]
}

func ExampleOrders_Audit() {
	orders, err := features.ParseOrders(strings.NewReader(exampleOrders), "orders.csv", features.OrdersOptions{Currency: "EUR"})
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range orders.Audit().Findings {
		if f.Lines > 0 {
			fmt.Println(f.Name, f.Lines, f.Money, "first in line", f.Example.File)
		}
	}
	// Output:
	// no customer 1 19.95 first in line 7
	// cancellation 1 −25.20 first in line 5
}
