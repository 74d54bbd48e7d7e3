package features_test

// What cannot be used is refused in a sentence that says where and what to do.

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
)

const header = "order_id,order_date,customer_id,product_id,quantity,unit_price\n"

func TestBadFiles(t *testing.T) {
	good := "1,2025-03-01,00123,A,2,3.50\n"
	for name, c := range map[string]struct {
		file string
		o    features.OrdersOptions
		want []string // parts of the message
	}{
		"empty":              {"", features.OrdersOptions{}, []string{"orders.csv", "the file is empty"}},
		"header only":        {header, features.OrdersOptions{}, []string{"no order lines"}},
		"blank":              {"\n  \n\n", features.OrdersOptions{}, []string{"orders.csv", "the file is empty"}},
		"not CSV":            {"%PDF-1.4 whatever\n", features.OrdersOptions{}, []string{"PDF", "not a CSV file"}},
		"odd separator":      {strings.ReplaceAll(header+good, ",", ":"), features.OrdersOptions{}, []string{"single column", "OrdersOptions.Comma"}},
		"no header":          {good + good, features.OrdersOptions{}, []string{"line 1", "holds data, not the names"}},
		"rows of customers":  {"customer_id,city,age\nA,Bern,31\n", features.OrdersOptions{}, []string{"no column for the date and the price", "table.ReadCSV", "--customers"}},
		"no customer":        {"order_id,order_date,price\n1,2025-03-01,2\n", features.OrdersOptions{}, []string{"no column for the customer", "OrdersOptions.Customer"}},
		"workbook":           {"PK\x03\x04....", features.OrdersOptions{}, []string{"workbook", "CSV"}},
		"one column":         {"hello\nworld\nagain\n", features.OrdersOptions{}, []string{"line 1", `single column "hello"`, "no CSV", "OrdersOptions.Comma"}},
		"wrong separator":    {header + good, features.OrdersOptions{Comma: ';'}, []string{"single column", "';'", "unset"}},
		"column twice":       {"order_id,order_id,date,customer_id,price\n", features.OrdersOptions{}, []string{`"order_id"`, "twice", "1 and 2"}},
		"header again":       {header + good + header + good, features.OrdersOptions{}, []string{"line 3", "second time"}},
		"ragged":             {header + good + "1,2025-03-01,00123,A,2\n", features.OrdersOptions{}, []string{"line 3", "5 fields", "6 columns"}},
		"cut off":            {header + good + "1,2025-03-01,00123,A,2", features.OrdersOptions{}, []string{"line 3", "5 fields", "cut off", "export it again"}},
		"quote never closed": {header + good + "1,2025-03-01,\"00123,A,2,3.50\n" + good, features.OrdersOptions{}, []string{"line 3", "not closed before the end of the file"}},
		"quote inside":       {header + "1,2025-03-01,5\" pipe,A,2,3.50\n", features.OrdersOptions{}, []string{"line 2", "field 3", "double"}},
		"huge field":         {header + good + "1,2025-03-01," + strings.Repeat("x", 10<<20) + ",A,2,3.50\n", features.OrdersOptions{}, []string{"line 3", "field 3", "bytes"}},
		"huge quoted field":  {header + good + "1,2025-03-01,\"" + strings.Repeat("x\n", 5<<20) + "\",A,2,3.50\n", features.OrdersOptions{}, []string{"line 3", "not closed within"}},
		"NUL":                {header + good + "1,2025-03-01,a\x00b,A,2,3.50\n", features.OrdersOptions{}, []string{"line 3", "NUL"}},
		"ambiguous date":     {header + "1,03/04/2025,00123,A,2,3.50\n", features.OrdersOptions{}, []string{"line 2", `"order_date"`, "03/04/2025", `"2/1/2006"`, `"1/2/2006"`}},
		"odd date":           {header + good + "1,yesterday,00123,A,2,3.50\n", features.OrdersOptions{}, []string{"line 3", "yesterday", "not a date"}},
		"other layout":       {header + good + "1,03/28/2025,00123,A,2,3.50\n1,28/03/2025,00123,A,2,3.50\n", features.OrdersOptions{}, []string{"line 3", "03/28/2025", "line 4", "28/03/2025"}},
		"both marks":         {header + "1,2025-03-01,00123,A,2,\"12,50\"\n1,2025-03-01,00123,A,2,12.50\n", features.OrdersOptions{}, []string{"line 2", `"unit_price"`, "12,50", "12.50"}},
		"thousands or not":   {header + "1,2025-03-01,00123,A,2,\"1,250\"\n", features.OrdersOptions{}, []string{"line 2", `"1,250"`, "1.25", "'.'", "2,500", "','", "2.5"}},
		"text quantity":      {header + "1,2025-03-01,00123,A,two,3.50\n", features.OrdersOptions{}, []string{`"quantity"`, `"two" is not a number`}},
		"twenty digits":      {header + "1,2025-03-01,00123,A,2,99999999999999999999\n", features.OrdersOptions{}, []string{"line 2", "too large"}},
		"infinite":           {header + "1,2025-03-01,00123,A,2,Inf\n", features.OrdersOptions{}, []string{"line 2", `"Inf" is not a number`}},
		"float noise":        {header + "1,2025-03-01,00123,A,2,2.5500000000000003\n", features.OrdersOptions{}, []string{"more than 9 decimals", "OrdersOptions.Decimals"}},
		"too large":          {header + "1,2025-03-01,00123,A,9999999999,9999999999.99\n", features.OrdersOptions{}, []string{"line 2", "too large"}},
		"mixed encodings":    {header + "1,2025-03-01,café,A,2,3.50\n1,2025-03-01,caf\xe9,A,2,3.50\n", features.OrdersOptions{}, []string{"line 3", "UTF-8", "line 2"}},
		"unknown column":     {header + good, features.OrdersOptions{Customer: "client"}, []string{`"client"`, "customer_id", "OrdersOptions.Customer"}},
		"bad option":         {header + good, features.OrdersOptions{Decimal: 'x'}, []string{"OrdersOptions.Decimal"}},
	} {
		_, err := features.ParseOrders(strings.NewReader(c.file), "orders.csv", c.o)
		if err == nil {
			t.Errorf("%s: taken", name)
			continue
		}
		for _, part := range c.want {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %q does not say %q", name, err, part)
			}
		}
		if len(err.Error()) > 700 {
			t.Errorf("%s: a message of %d bytes", name, len(err.Error()))
		}
	}
}

func TestFilesThatCannotBeOpened(t *testing.T) {
	dir := t.TempDir()
	if _, err := features.ReadOrders(dir, features.OrdersOptions{}); err == nil || !strings.Contains(err.Error(), "directory") {
		t.Errorf("directory: %v", err)
	}
	if _, err := features.ReadOrders(filepath.Join(dir, "nowhere.csv"), features.OrdersOptions{}); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "nowhere.csv") {
		t.Errorf("missing file: %v", err)
	}
	if os.Getuid() != 0 { // root may read everything
		path := filepath.Join(dir, "closed.csv")
		if err := os.WriteFile(path, []byte(header), 0); err != nil {
			t.Fatal(err)
		}
		if _, err := features.ReadOrders(path, features.OrdersOptions{}); !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), "permission") {
			t.Errorf("no permission: %v", err)
		}
	}
}

func TestHundredColumnsAndNegativeIds(t *testing.T) {
	extra, cells := strings.Builder{}, strings.Builder{}
	for i := range 95 {
		extra.WriteString(",x" + strings.Repeat("y", i))
		cells.WriteString(",1")
	}
	o, err := features.ParseOrders(strings.NewReader(strings.TrimSpace(header)+extra.String()+"\n-7,2025-03-01,-00123,A,2,3.50"+cells.String()+"\n"), "wide.csv", features.OrdersOptions{})
	if err != nil {
		t.Fatal(err)
	}
	lines, err := o.Lines()
	if err != nil {
		t.Fatal(err)
	}
	for l := range lines {
		if l.Order != "-7" || l.Customer != "-00123" || l.Amount.String() != "7.0" {
			t.Errorf("%+v", l)
		}
	}
}

func TestOrdersFromFrame(t *testing.T) {
	csv := header + "1,2025-03-01,00123,A,2,3.55\n2,2025-03-04,00124,B,-1,0.1\n"
	types := dataframe.WithTypes(map[string]series.Type{"customer_id": "string", "order_id": "string"})
	o, err := features.OrdersFromFrame(dataframe.ReadCSV(strings.NewReader(csv), types), features.OrdersOptions{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := features.ParseOrders(strings.NewReader(csv), "orders.csv", features.OrdersOptions{})
	if err != nil {
		t.Fatal(err)
	}
	a, _ := o.Count()
	b, _ := p.Count()
	if a != b || a.Net().String() != "7.00" {
		t.Errorf("from the frame %+v, from the file %+v", a, b)
	}
	_, err = features.OrdersFromFrame(dataframe.ReadCSV(strings.NewReader(csv)), features.OrdersOptions{})
	if !errors.Is(err, fault.ErrSchema) || !strings.Contains(err.Error(), "ReadOrders") {
		t.Errorf("numbers as ids: %v", err)
	}
	_, err = features.OrdersFromFrame(dataframe.ReadCSV(strings.NewReader(strings.ReplaceAll(csv, "2025-03-04", "soon")), types), features.OrdersOptions{})
	if err == nil || !strings.Contains(err.Error(), "row 2") || !strings.Contains(err.Error(), "soon") {
		t.Errorf("bad date: %v", err)
	}
}
