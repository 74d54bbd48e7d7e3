package features

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// Within a block, columns are read one after another. That must not show: blocks of a single record are the same file read
// record by record, with the same first error.
func TestColumnsAgreeWithRecords(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 1))
	odd := func(usual string, others ...string) string {
		if r.IntN(120) == 0 {
			return others[r.IntN(len(others))]
		}
		return usual
	}
	read, refused := 0, map[string]int{}
	for range 600 {
		var file strings.Builder
		file.WriteString("order,date,customer,product,name,quantity,price,refund,country\n")
		for i := range 1 + r.IntN(90) {
			day := odd(fmt.Sprintf("2025-03-%02d", 1+i%28), "", "Total", "date", "1/2/2025")
			customer := odd(fmt.Sprint("c", r.IntN(9)), "", "Total", "caf\xe9", "café", `"Lee, ""J"""`)
			quantity := odd(fmt.Sprint(r.IntN(20)-2), "", "9223372036854775807", "0.000000001", " 7 ", "many")
			price := odd(fmt.Sprintf("%d.%d0", r.IntN(1000), r.IntN(10)), "", "999999999999999999", "0.123456789", "1,234.50", "1.5 EUR")
			refund := odd("", "5", "99999999999999999", "0.000000001")
			line := fmt.Sprintf("%d,%s,%s,p%d,%s,%s,%s,%s,%s", i/4, day, customer, r.IntN(5), odd("a long name of a product", "x\xff", `"two"`, " b"), quantity, price, refund, odd("United Kingdom", "", `"a`+"\n"+`b"`))
			file.WriteString(odd(line, "", ",,,,,,,,", line+",,", line+",x", "(3 rows affected)", "order,date,customer,product,name,quantity,price,refund,country") + "\n")
		}
		want, wantErr := readAt([]byte(file.String()), 1, OrdersOptions{})
		for _, size := range []int{300, blockSize} {
			got, err := readAt([]byte(file.String()), size, OrdersOptions{})
			if fmt.Sprint(err) != fmt.Sprint(wantErr) || !reflect.DeepEqual(got, want) {
				t.Fatalf("%s\nin blocks of %d: %v, want %v", file.String(), size, err, wantErr)
			}
		}
		if wantErr == nil {
			read++
		} else {
			_, why, _ := strings.Cut(wantErr.Error(), ": ")
			refused[why[max(0, len(why)-40):]]++
		}
	}
	if read < 50 || len(refused) < 8 {
		t.Errorf("%d files were read, others refused for %d reasons: the files are too much alike", read, len(refused))
	}
}
