package inspect_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/segkit/lab/segkit/features"
)

// No cell says whether the day or the month comes first, so the report asks, and its answers have been tried.
func Example() {
	folder, err := os.MkdirTemp("", "inspect")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	file := filepath.Join(folder, "orders.csv")
	err = os.WriteFile(file, []byte(`order_id,date,customer_id,product,quantity,unit_price
1001,03/04/2025,00017,mug,2,4.50
1002,05/04/2025,00023,teapot,1,19.95
1003,07/05/2025,00017,mug,6,4.20
`), 0o600)
	if err != nil {
		log.Fatal(err)
	}
	report, err := features.Inspect(file, features.OrdersOptions{Currency: "EUR"})
	if err != nil {
		log.Fatal(err)
	}
	for _, q := range report.Questions {
		for _, a := range q.Answers {
			fmt.Printf("%q gives %s\n", a.Value, a.Gives)
		}
	}
	// Output:
	// "2/1/2006" gives net 54.15, 2025-04-03 to 2025-05-07, 2 customers
	// "1/2/2006" gives net 54.15, 2025-03-04 to 2025-07-05, 2 customers
}
