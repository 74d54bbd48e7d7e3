package datasets

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/segkit/lab/datasets/shop"
)

var embedded = []struct {
	name, gz string
	write    func(*shop.Shop, io.Writer) error
}{
	{"orders", ordersGz, (*shop.Shop).WriteOrders},
	{"customers", customersGz, (*shop.Shop).WriteCustomers},
	{"truth", truthGz, (*shop.Shop).WriteTruth},
	{"survey", surveyGz, (*shop.Shop).WriteSurvey},
	{"visits", visitsGz, (*shop.Shop).WriteVisits},
}

func TestShopIsReproducedByteForByte(t *testing.T) {
	s := shop.Generate(shop.Options{})
	for _, f := range embedded {
		var made bytes.Buffer
		if err := f.write(s, &made); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(made.Bytes(), uncompressed(t, f.gz)) {
			t.Errorf("%s: the generator no longer makes the embedded file: go generate ./datasets, and say so in the change log", f.name)
		}
	}
}

func TestShopIsSmall(t *testing.T) {
	total := 0
	for _, f := range embedded {
		total += len(f.gz)
	}
	if total > 1_500_000 {
		t.Errorf("the embedded shop has %d bytes, want at most 1,500,000: every notebook cell may link it", total)
	}
}

func uncompressed(t *testing.T, gz string) []byte {
	t.Helper()
	z, err := gzip.NewReader(strings.NewReader(gz))
	if err != nil {
		t.Fatal(err)
	}
	all, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestDatasheet counts lines and dirt in the file itself, without the generator's bookkeeping, and compares with every
// number of the datasheet's table.
func TestDatasheet(t *testing.T) {
	sheet, err := os.ReadFile("DATASHEET.md")
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^\| ([^|]+) \| ([-\d,.]+) \|`).FindAllStringSubmatch(string(sheet), -1) {
		told[m[1]] = strings.ReplaceAll(m[2], ",", "")
	}
	counted := count(t)
	for what, n := range counted {
		if told[what] != n {
			t.Errorf("the datasheet says %q = %q, the file says %s", what, told[what], n)
		}
	}
	for what := range told {
		if _, ok := counted[what]; !ok {
			t.Errorf("the datasheet says something that nobody counts: %q", what)
		}
	}
}

// A line of the order file.
type line struct {
	order, date, customer, product string
	quantity, cents                int
}

// readRows reads an embedded file without its header.
func readRows(t *testing.T, gz string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(uncompressed(t, gz))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

func readLines(t *testing.T) []line {
	var lines []line
	for _, r := range readRows(t, ordersGz) {
		q, err := strconv.Atoi(r[6])
		if err != nil {
			t.Fatal(err)
		}
		cents, err := strconv.Atoi(strings.ReplaceAll(r[7], ".", "")) // always two decimals
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line{r[0], r[1], r[2], r[3], q, cents})
	}
	return lines
}

func count(t *testing.T) map[string]string {
	lines := readLines(t)
	n := map[string]int{}
	orders := map[string][]line{}
	customers := map[string]bool{}
	spentOn := map[string]int{} // pieces by customer, to find the wholesale buyer
	cheapest := map[string]int{}
	seen := map[line]bool{}
	var numbers []string // orders as they come
	money := 0
	for i, l := range lines {
		if l.cents > 0 && (cheapest[l.product] == 0 || l.cents < cheapest[l.product]) {
			cheapest[l.product] = l.cents
		}
		if i > 0 && l.date < lines[i-1].date {
			t.Errorf("line %d is older than the one before", i+2)
		}
		if orders[l.order] == nil {
			numbers = append(numbers, l.order)
		}
		orders[l.order] = append(orders[l.order], l)
		if seen[l] {
			n["lines written twice"]++
		}
		seen[l] = true
		if l.cents == 0 {
			n["lines at price 0"]++
		}
		if l.customer != "" && l.customer != "TEST" {
			customers[l.customer] = true
			if l.quantity > 0 && l.quantity < 1000 {
				spentOn[l.customer] += l.quantity
			}
		}
		money += l.quantity * l.cents
	}
	wholesaler := ""
	for id, pieces := range spentOn {
		if pieces > spentOn[wholesaler] || pieces == spentOn[wholesaler] && id < wholesaler {
			wholesaler = id
		}
	}
	n["order lines"], n["orders and credits"], n["customers with a number"] = len(lines), len(orders), len(customers)
	bought := map[string][][]line{} // earlier orders by customer
	for _, number := range numbers {
		order := orders[number]
		customer := order[0].customer
		switch {
		case strings.HasPrefix(number, "C"):
			n["credits"]++
			n["lines of credits"] += len(order)
			if order[0].quantity <= -1000 {
				n["cancelled slips of the finger"]++
			}
			switch {
			case slices.ContainsFunc(bought[customer], func(o []line) bool { return cancels(order, o) }):
				n["credits that equal a whole earlier order"]++
			case slices.ContainsFunc(bought[customer], func(o []line) bool { return returns(order, o) }):
				n["credits that equal part of an earlier order"]++
			default:
				t.Errorf("credit %s matches no earlier order", number)
			}
			continue
		case customer == "":
			n["orders without a customer"]++
			n["lines without a customer"] += len(order)
		case customer == "TEST":
			n["test orders"]++
			n["lines of test orders"] += len(order)
		case customer == wholesaler:
			n["orders of the wholesale buyer"]++
			n["lines of the wholesale buyer"] += len(order)
		default:
			for _, l := range order {
				if l.quantity >= 100 && l.quantity < 1000 || l.cents >= 50*cheapest[l.product] {
					n["lines with a typing error"]++
				}
			}
		}
		bought[customer] = append(bought[customer], order)
	}
	for _, v := range readRows(t, visitsGz) {
		n["web visits"]++
		pages, _ := strconv.Atoi(v[4])
		seconds, _ := strconv.Atoi(v[5])
		if pages >= 150 && seconds < pages {
			n["robots in the web log"]++
		}
	}
	n["survey sheets"] = len(readRows(t, surveyGz))
	for _, c := range readRows(t, truthGz) {
		if c[1] != "" {
			n[c[1]]++
		}
	}
	out := map[string]string{"EUR, everything summed": fmt.Sprintf("%d.%02d", money/100, money%100)}
	for what, k := range n {
		out[what] = strconv.Itoa(k)
	}
	return out
}

// cancels: the credit takes back every line of the order.
func cancels(credit, order []line) bool {
	if len(credit) != len(order) {
		return false
	}
	for i, l := range credit {
		if o := order[i]; l.product != o.product || l.cents != o.cents || l.quantity != -o.quantity {
			return false
		}
	}
	return true
}

// returns: the credit is one line and takes back part of the order.
func returns(credit, order []line) bool {
	return len(credit) == 1 && slices.ContainsFunc(order, func(o line) bool {
		l := credit[0]
		return l.product == o.product && l.cents == o.cents && l.quantity < 0 && -l.quantity <= o.quantity
	})
}

// The check of lesson 00 can fail: it does for the orders of another shop, and for a file that is no orders at all.
func TestCheckShop(t *testing.T) {
	if err := CheckShop(); err != nil {
		t.Error(err)
	}
	for what, gz := range map[string]string{"another file": customersGz, "a file cut short": ordersGz[:len(ordersGz)/2], "no file": ""} {
		if err := checkShop(gz); !errors.Is(err, ErrChecksum) {
			t.Errorf("%s: %v", what, err)
		}
	}
}
