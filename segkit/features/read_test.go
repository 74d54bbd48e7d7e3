package features

// The parallel reader against itself at other block sizes, and against encoding/csv.

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/csv"
	"fmt"
	"hash"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/segkit/lab/segkit/internal/exports"
	"github.com/segkit/lab/segkit/internal/records"
)

// readAt reads data in blocks of the given size.
func readAt(data []byte, size int, o OrdersOptions) (*lines, error) {
	o, err := o.check()
	if err != nil {
		return nil, err
	}
	r := reading{file: "orders.csv", o: o, size: size}
	return r.parse(bytes.NewReader(data))
}

// plainRow is what the obvious reader makes of one record.
type plainRow struct {
	order, customer, product string
	when                     int64
	amount                   *big.Rat
}

// plain reads data in the obvious way. It knows the columns of seeds below only.
func plain(data []byte) (rows []plainRow, err error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	r := csv.NewReader(bytes.NewReader(data))
	if header, _, _ := bytes.Cut(data, []byte("\n")); bytes.Contains(header, []byte(";")) {
		r.Comma = ';'
	}
	records, err := r.ReadAll()
	if err != nil {
		return nil, err
	}
	if len(records) < 2 {
		return nil, io.ErrUnexpectedEOF
	}
	at := map[string]int{}
	for i, h := range records[0] {
		at[strings.TrimSpace(h)] = i
	}
	layout := ""
	number := func(s string) (*big.Rat, error) {
		s = strings.TrimSpace(s)
		if strings.Trim(s, "+-.0123456789") != "" {
			return nil, fmt.Errorf("number %q", s)
		}
		if v, ok := new(big.Rat).SetString(s); ok {
			return v, nil
		}
		return nil, fmt.Errorf("number %q", s)
	}
	for _, rec := range records[1:] {
		cell := func(name string) string { return strings.TrimSpace(rec[at[name]]) }
		if layout == "" {
			layout = time.DateOnly
			if len(cell("order_date")) > len(layout) {
				layout += " 15:04"
			}
		}
		when, err := time.Parse(layout, cell("order_date"))
		if err != nil {
			return nil, err
		}
		q, err := number(cell("quantity"))
		if err != nil {
			return nil, err
		}
		p, err := number(cell("unit_price"))
		if err != nil {
			return nil, err
		}
		row := plainRow{cell("order_id"), cell("customer_id"), cell("product_id"), when.Unix(), q.Mul(q, p)}
		for _, id := range []*string{&row.order, &row.customer, &row.product} {
			if slices.Contains(exports.NoIDs, *id) {
				*id = ""
			}
		}
		if row.order == "" && row.customer != "" { // without a number, a customer's day is an order
			row.order = row.customer + " " + when.Format(time.DateOnly)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

const seedHeader = "order_id,order_date,customer_id,product_id,quantity,unit_price\n"

var seeds = []string{
	seedHeader + "1,2025-03-01,00123,A,2,3.50\n1,2025-03-01,00123,B,1,0.125\nC1,2025-03-02,00123,A,-2,3.50\n",
	seedHeader + "\"1\",2025-03-01,\"Smith, Jo\",\"a \"\"b\"\"\nc\",2,3.50\r\n\r\n2,2025-03-01,x,B,1,1",
	"\xef\xbb\xbf" + strings.ReplaceAll(seedHeader, ",", ";") + "1;2025-03-01 10:00;7;A;2;3\n",
	seedHeader + "1,2025-03-01,a,\"open,2,3.50\n2,2025-03-01,a,b,1,1\n",
	seedHeader + "1,2025-03-01,a,mid\"dle,2,3.50\n2,2025-03-01,a,\"b\"x,1,1\n",
	seedHeader + "1,03/04/2025,a,b,2,3.50\n",
	seedHeader + "1,2025-03-01,a,b,2,1.234,56\n",
	seedHeader + "1,2025-03-01,a,b,2,99999999999999999\n2,2025-03-01,a,b,99999999999999999,2\n",
	seedHeader + "1,2025-03-01,a,b,2,0.000000001\n2,2025-03-01,a,b,2,9999999999.5\n",
	seedHeader + "1,2025-03-01,a\x00,b,2,1\n",
	seedHeader + "1,2025-03-01,caf\xe9,b,2,1\n",
	seedHeader + "1,2025-03-01,NA,b,2,1\n" + seedHeader,
	seedHeader + ",2025-03-01,a,b,2,1\nnull,2025-03-01,a,,2,1\n\\N,2025-03-02,,NaN,2,1\n1,2025-03-02,a,b,2,1\n",
	seedHeader, "", "\n\n", "nonsense", "a,a\n1,2\n",
}

func check(t *testing.T, data []byte) {
	whole, wholeErr := readAt(data, 1<<16, OrdersOptions{})
	for _, size := range []int{1, 16, 61} {
		part, err := readAt(data, size, OrdersOptions{})
		if fmt.Sprint(err) != fmt.Sprint(wholeErr) {
			t.Fatalf("blocks of %d bytes: %v\none block: %v\nfile: %q", size, err, wholeErr, data)
		}
		if !reflect.DeepEqual(part, whole) {
			t.Fatalf("blocks of %d bytes: %+v\none block: %+v\nfile: %q", size, part, whole, data)
		}
	}
	header, _, _ := bytes.Cut(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), []byte("\n"))
	if strings.Trim(string(header), "\r") != strings.TrimSpace(seedHeader) || bytes.IndexByte(data, 0) >= 0 {
		return // the obvious reader knows one header only, and takes NUL for text
	}
	rows, err := plain(data)
	if wholeErr != nil {
		for _, known := range []string{"decimals", "too large", "UTF-8", "sets thousands apart", "was cut"} { // what the obvious reader never asks
			if strings.Contains(wholeErr.Error(), known) {
				return
			}
		}
		if err == nil {
			t.Fatalf("refused (%v), but the obvious reader takes %q", wholeErr, data)
		}
		return
	}
	if err != nil { // thousands, several layouts of dates, missing cells: it knows none of them
		return
	}
	if len(rows) != whole.len() {
		t.Fatalf("%d lines, the obvious reader has %d: %q", whole.len(), len(rows), data)
	}
	for i, row := range rows {
		i32 := int32(i)
		amount := new(big.Rat).SetFrac(big.NewInt(whole.amount.at(i32)), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(whole.decimals)), nil))
		utf := strings.ToValidUTF8(row.order+row.customer+row.product, "") == row.order+row.customer+row.product
		if utf && (whole.order.at(i32) != row.order || whole.customer.at(i32) != row.customer || whole.product.at(i32) != row.product) ||
			whole.when.at(i32) != row.when || amount.Cmp(row.amount) != 0 {
			t.Fatalf("line %d: %+v, the obvious reader has %+v", i, whole.all().show(i32), row)
		}
	}
}

func TestReaderAgreesWithPlainReader(t *testing.T) {
	for _, s := range seeds {
		check(t, []byte(s))
	}
}

func FuzzReadOrders(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<12 {
			t.Skip("long files try nothing that short ones do not")
		}
		check(t, data)
	})
}

func TestReaderIsTheSameAtAnyNumberOfProcessors(t *testing.T) {
	var b strings.Builder
	b.WriteString(seedHeader)
	for i := range 3000 {
		fmt.Fprintf(&b, "%d,2025-%02d-%02d,c%d,\"p \"\"%d\"\"\n\",%d,%d.%d\n", i/3, 1+i/3%12, 1+i/3%28, i/3%97, i%41, 1+i%5, i%9, i%100)
	}
	var want *lines
	for _, procs := range []int{1, 2, 8} {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		for _, size := range []int{100, 4096, records.Size} {
			got, err := readAt([]byte(b.String()), size, OrdersOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if want == nil {
				want = got
			} else if !reflect.DeepEqual(got, want) {
				t.Fatalf("differs at %d processors and blocks of %d bytes", procs, size)
			}
		}
	}
	if want.len() != 3000 || want.line.at(1) != 4 {
		t.Fatalf("%d lines, the second in line %d of the file", want.len(), want.line.at(1))
	}
}

func TestEncodingsLineEndsAndCompression(t *testing.T) {
	want, err := readAt([]byte(seeds[0]), records.Size, OrdersOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	io.WriteString(z, seeds[0])
	z.Close()
	for name, data := range map[string]string{
		"BOM": "\xef\xbb\xbf" + seeds[0], "CRLF": strings.ReplaceAll(seeds[0], "\n", "\r\n"), "CR": strings.ReplaceAll(seeds[0], "\n", "\r"),
		"no end": strings.TrimSuffix(seeds[0], "\n"), "gzip": packed.String(), "semicolons": strings.ReplaceAll(seeds[0], ",", ";"), "tabs": strings.ReplaceAll(seeds[0], ",", "\t"),
	} {
		got, err := readAt([]byte(data), 64, OrdersOptions{})
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, %+v", name, err, got)
		}
	}
	if _, err := readAt(packed.Bytes()[:packed.Len()-9], records.Size, OrdersOptions{}); err == nil || !strings.Contains(err.Error(), "is cut off") {
		t.Errorf("gzip cut short: %v", err)
	}
	latin, err := readAt([]byte(seedHeader+"1,2025-03-01,caf\xe9 \x80,b,2,1\n"), records.Size, OrdersOptions{})
	if err != nil || latin.customer.at(0) != "café €" {
		t.Errorf("Windows-1252: %v, %v", err, latin)
	}
	commas, err := readAt([]byte(strings.ReplaceAll(seedHeader, ",", ";")+"1;2.3.2025 08:05;a;b;2;12,50\n"), records.Size, OrdersOptions{Decimal: ','})
	if err != nil || commas.money(commas.amount.at(0)).String() != "25.0" || time.Unix(commas.when.at(0), 0).UTC().Format(time.DateTime) != "2025-03-02 08:05:00" {
		t.Errorf("decimal commas: %v", err)
	}
}

func TestGermanHeadersAreRecognised(t *testing.T) {
	orders, err := ParseOrders(strings.NewReader("Bestell-Nr.;Bestelldatum;Kunden-Nr.;Artikelnummer;Artikel;Warengruppe;Menge;Einzelpreis;Filiale\n"+
		"1;02.03.2025;K1;A7;Löffel;Küche;2;1234,50;Ulm\n"), "orders.csv", OrdersOptions{Decimal: ','})
	if err != nil {
		t.Fatal(err)
	}
	got, err := orders.Mapping()
	want := []Mapping{{"order", "Bestell-Nr."}, {"date", "Bestelldatum"}, {"customer", "Kunden-Nr."}, {"product", "Artikelnummer"},
		{"name", "Artikel"}, {"category", "Warengruppe"}, {"quantity", "Menge"}, {"price", "Einzelpreis"}, {"amount", ""}, {"descriptor", "Filiale"}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v, %v", got, err)
	}
}

// growing appends to a file as soon as somebody reads it.
type growing struct {
	hash.Hash
	path string
}

func (g *growing) Write(p []byte) (int, error) {
	if g.path != "" {
		f, err := os.OpenFile(g.path, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			return 0, err
		}
		io.WriteString(f, "9,2025-03-09,00123,A,2,3.")
		f.Close()
		g.path = ""
	}
	return g.Hash.Write(p)
}

func TestAFileThatGrowsWhileItIsRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "orders.csv")
	if err := os.WriteFile(path, []byte(seeds[0]), 0o600); err != nil {
		t.Fatal(err)
	}
	s := source{name: path, open: func() (io.ReadCloser, error) { return os.Open(path) }}
	if _, err := s.lines(OrdersOptions{}, &growing{sha256.New(), path}); err == nil || !strings.Contains(err.Error(), "written to while it was read") {
		t.Errorf("a file that grows: %v", err)
	}
}
