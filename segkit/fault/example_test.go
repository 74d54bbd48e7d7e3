package fault_test

import (
	"errors"
	"fmt"
	"log"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/table"
)

// People read the sentence; a program asks for its kind.
func Example() {
	customers, err := table.New([]string{"ann"}, []table.Column{{Name: "orders"}}, []float64{3})
	if err != nil {
		log.Fatal(err)
	}
	_, err = customers.Select("order")
	fmt.Println(err)
	fmt.Println(errors.Is(err, fault.ErrMissingColumn))
	// Output:
	// segkit: no column "order"; did you mean "orders"?
	// true
}
