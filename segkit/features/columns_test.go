package features

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/internal/records"
)

// Within a block, columns are read one after another. That must not show: blocks of a single record are the same file read
// record by record, with the same first error.
func TestColumnsAgreeWithRecords(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 1))
	var often [8]bool // which cells of the file are odd now and then; two or three of them, so that several reasons meet
	at := 0
	odd := func(usual string, others ...string) string {
		if at++; often[at%8] && r.IntN(20) == 0 {
			return others[r.IntN(len(others))]
		}
		return usual
	}
	read, refused := 0, map[string]int{}
	for range 400 {
		often, at = [8]bool{}, 0
		for range 1 + r.IntN(3) {
			often[r.IntN(8)] = true
		}
		var file strings.Builder
		file.WriteString("order,date,customer,product,description,quantity,price,refund,country\n")
		for i := range 1 + r.IntN(60) {
			day := odd(fmt.Sprintf("2025-03-%02d", 1+i%28), "", "Total", "date", "1/2/2025")
			customer := odd(fmt.Sprint("c", r.IntN(9)), "", "Total", "caf\xe9", "café", `"Lee, ""J"""`)
			quantity := odd(fmt.Sprint(r.IntN(20)-2), "", "99999999999999999", "0.000000001", " 7 ")
			price := odd(fmt.Sprintf("%d.%d0", r.IntN(1000), r.IntN(10)), "", "99999999999999999", "0.123456789", "1.5 EUR", "many")
			refund := odd("", "5", "99999999999999999", "0.000000001")
			line := fmt.Sprintf("%d,%s,%s,p%d,%s,%s,%s,%s,%s", i/4, day, customer, r.IntN(5), odd("a long name of a product", "x\xff", `"two"`, " b"), quantity, price, refund, odd("United Kingdom", "", `"a`+"\n"+`b"`))
			file.WriteString(odd(line, "", ",,,,,,,,", line+",,", line+",x", "(3 rows affected)", "order,date,customer,product,description,quantity,price,refund,country") + "\n")
		}
		want, wantErr := readAt([]byte(file.String()), 1, OrdersOptions{})
		for _, size := range []int{300, records.Size} {
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
	if read < 40 || len(refused) < 8 {
		t.Errorf("%d files were read, others refused for %d reasons: the files are too much alike", read, len(refused))
	}
}

// The first text in another encoding is the one in the earliest line, though its column is read late.
func TestForeignTextOfTheFirstLine(t *testing.T) {
	file := "order,date,customer,product,description,price\n1,2025-03-01,a,p,x\xff y,1\n2,2025-03-01,caf\xe9,p,z,1\n3,2025-03-01,café,p,z,1\n"
	_, err := readAt([]byte(file), records.Size, OrdersOptions{})
	if want := "line 2, column \"description\""; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%v, want %q", err, want)
	}
}
