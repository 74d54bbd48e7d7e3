package dialect_test

import (
	"fmt"
	"log"

	"github.com/segkit/lab/segkit/dialect"
)

// A name or a text cannot end the statement that it stands in, whatever it holds.
func Example() {
	for _, d := range []dialect.SQL{dialect.Standard, dialect.MySQL, dialect.SQLServer} {
		column, err := d.Name("net spend")
		if err != nil {
			log.Fatal(err)
		}
		text, err := d.Text("O'Brien")
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(column, text)
	}
	// Output:
	// "net spend" 'O''Brien'
	// `net spend` 'O\'Brien'
	// [net spend] 'O''Brien'
}
