package features_test

// Advice is tried before it is given: a file read as the questions of Inspect are answered is read right.

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/inspect"
	"github.com/segkit/lab/segkit/table"
)

// A file of a door or of answers asks nearly everything of order lines: the report says what reads such files.
func TestWhatReadsOtherFilesIsTold(t *testing.T) {
	const told = "weblog.ReadVisits reads visits and what people do in an app; survey.Read reads answers to a survey."
	for text, want := range map[string]bool{
		"pass,check_in,duration,hall\na,2025-01-05 07:00,3600,x\na,2025-01-06 07:00,3400,x\nb,2025-01-06 07:00,3400,y\n": true,
		"no,shopper,placed,product,price\n1,a,2024-02-05,P,4\n1,b,2024-02-06,P,5\n1,b,2024-02-07,P,5\n":                  false,
	} {
		r := inspected(t, fileOf(t, "some.csv", text))
		if has := strings.Contains(strings.Join(r.Notes, " "), told); has != want || len(r.Questions) < 2 {
			t.Errorf("%q: told %v, want %v: %+v", text, has, want, r.Questions)
		}
	}
}

func fileOf(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func inspected(t *testing.T, path string, o ...features.OrdersOptions) *inspect.Report {
	t.Helper()
	r, err := features.Inspect(path, o...)
	if err != nil {
		t.Fatalf("%s: %v", filepath.Base(path), err)
	}
	return r
}

// set gives an answer, as the command does.
func set(o *features.OrdersOptions, a inspect.Answer) {
	switch v := a.Value.(type) {
	case []string:
		switch a.Option {
		case "missing":
			o.Missing = v
		case "back":
			o.Back = v
		case "undone":
			o.Undone = v
		case "text":
			o.Descriptors = append(o.Descriptors, v...)
		}
	case int:
		o.HeaderLine = v
	case string:
		switch a.Option {
		case "decimal":
			o.Decimal = rune(v[0])
		case "comma":
			o.Comma = rune(v[0])
		case "date_layout":
			o.DateLayout = v
		case "zone":
			o.Zone = v
		case "customer":
			o.Customer = v
		case "date":
			o.Date = v
		case "quantity":
			o.Quantity = v
		case "price":
			o.Price, o.Amount = v, ""
		case "amount":
			o.Amount, o.Price = v, ""
		case "total":
			o.Total = v
		}
	}
}

// Only columns whose cells can be what is asked for are offered, whatever they are called.
func TestInspectOffersColumnsThatFit(t *testing.T) {
	path := fileOf(t, "land.csv", "Bestelnr;Landcode;Wer;Wann;Paid;Was\n1;NL;a;2024-01-05;9,50;x\n2;BE;b;2024-01-06;12,25;y\n2;BE;b;2024-01-06;1;z\n")
	r := inspected(t, path)
	var got []string
	for _, q := range r.Questions {
		for _, a := range q.Answers {
			got = append(got, a.Flag())
		}
	}
	want := "--role customer=Wer,--role customer=Was,--role date=Wann,--role amount=Paid"
	if strings.Join(got, ",") != want {
		t.Errorf("%q, want %q", got, want)
	}
	r = inspected(t, fileOf(t, "quantity.csv", "order_id,customer,date,quantity,price\n1,a,2024-01-05,5 \xd7 3,2\n2,b,2024-01-06,2 \xd7 4,3\n"))
	if text := r.Command().Text(); !strings.Contains(text, `"5 × 3" is not a number`) || !strings.Contains(text, "Name another column in\n--role quantity=COLUMN") {
		t.Errorf("%s", text)
	}
}

func TestInspectAsksWhatTheReaderAsks(t *testing.T) {
	asked := 0
	for seed := range uint64(*files / 2) {
		r := rand.New(rand.NewPCG(seed, 12))
		lines := makeTruth(r)
		d := makeDialect(r, lines)
		path := fileOf(t, "orders.csv", string(d.write(lines)))
		var o features.OrdersOptions
		report := inspected(t, path, o)
		for rounds := 0; len(report.Questions) > 0 && rounds < 4; rounds++ {
			if rounds == 0 {
				asked++
				if _, err := features.ReadOrders(path, o); err == nil {
					t.Errorf("file %d: %+v is asked of a file that is read", seed, report.Questions)
				}
				if _, err := report.Keep(); err == nil {
					t.Errorf("file %d: kept with %d questions open", seed, len(report.Questions))
				}
			}
			q := report.Questions[0]
			right := len(q.Answers) == 0
			for _, a := range q.Answers { // all that is offered works, and gives what it says; one of them is right
				with := o
				set(&with, a)
				if orders, err := features.ReadOrders(path, with); err == nil {
					right = right || d.same(orders, lines) == nil
				} else {
					right = right || a.Gives == ""
				}
				after := inspected(t, path, with)
				if slices.ContainsFunc(after.Questions, func(p inspect.Question) bool { return p.Column == q.Column && p.Text == q.Text }) {
					t.Errorf("file %d: %v does not answer %q", seed, a, q.Text)
				}
				if a.Gives != "" && len(after.Questions) > 0 {
					t.Errorf("file %d: %v leaves %+v", seed, a, after.Questions)
				}
			}
			if !d.answer(q.Text+" "+q.Remedy, &o) {
				break
			}
			if !right {
				t.Errorf("file %d: the truth is not among %+v", seed, q.Answers)
			}
			report = inspected(t, path, o)
		}
		if len(report.Questions) > 0 {
			t.Errorf("file %d: still asks %+v\n%.300q", seed, report.Questions, d.text(lines))
			continue
		}
		if _, err := report.Keep(); err != nil {
			t.Fatal(err)
		}
		orders, err := features.ReadOrders(path, features.OrdersOptions{})
		if err == nil {
			err = d.same(orders, lines)
		}
		if err != nil {
			t.Errorf("file %d: read with what was kept: %v\n%.300q", seed, err, d.text(lines))
			continue
		}
		c, _ := orders.Count()
		first, last, _ := orders.Period()
		if c.Lines != report.Lines || c.Orders != report.Orders || c.Customers != report.Customers || strings.NewReplacer(",", "", "−", "-").Replace(c.Net().String()) != report.Net ||
			first.Format("2006-01-02") != report.First || last.Format("2006-01-02") != report.Last {
			t.Errorf("file %d: %+v, %v to %v; the report says %+v", seed, c, first, last, report)
		}
		if notes, _ := orders.Notes(); len(notes) == 0 || !strings.Contains(notes[0], "orders.csv.segkit.toml") {
			t.Errorf("file %d: what was kept is not announced: %q", seed, notes)
		}
	}
	t.Logf("%d of %d files asked something", asked, *files/2)
	if asked == 0 {
		t.Error("no file asked anything")
	}
}

// A file that is looked at in many chunks says the same as in one.
func TestInspectInChunks(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 13))
		var lines []truth
		for range 8 {
			lines = append(lines, makeTruth(r)...)
		}
		for i := range lines {
			lines[i].order = fmt.Sprint(i / 3)
		}
		d := makeDialect(r, lines)
		path := fileOf(t, "orders.csv", string(d.write(lines)))
		whole := inspected(t, path)
		back := features.InChunks(1 + r.IntN(40))
		parts := inspected(t, path)
		back()
		for _, both := range []*inspect.Report{whole, parts} {
			both.Notes = nil
			for i := range both.Questions { // the reader's own sentence adds up the column, or the file
				both.Questions[i].Remedy = ""
			}
		}
		if a, b := fmt.Sprintf("%+v", whole), fmt.Sprintf("%+v", parts); a != b {
			t.Errorf("file %d:\n%s\nin chunks\n%s", seed, a, b)
		}
	}
}

// Small files of the kinds that come from real shops: what is asked, and what the second try gives.
func TestInspectKinds(t *testing.T) {
	const head = "order_id,customer_id,date,amount\n"
	for name, c := range map[string]struct {
		file    string
		asks    string           // part of the first question, "" for none
		answers []inspect.Answer // given, of those that are offered
		net     string           // then
		first   string           // day
		more    func(*inspect.Report) bool
	}{
		"thousands":        {file: head + "1,a,2024-02-05,\"12,000\"\n2,b,2024-02-06,\"7,000\"\n", asks: "sets thousands apart", answers: []inspect.Answer{{Option: "decimal", Value: "."}}, net: "19000"},
		"German":           {file: "order_id;customer_id;date;amount\n1;a;2024-02-05;2.100,50\n2;b;2024-02-06;3,00\n", net: "2103.5"},
		"currency":         {file: head + "1,a,2024-02-05,\"€1,200.50\"\n2,b,2024-02-06,€3.00\n", net: "1203.5", more: func(r *inspect.Report) bool { return r.Currency == "EUR" }},
		"brackets":         {file: head + "1,a,2024-02-05,30.25\n2,a,2024-02-06,(10.25)\n", net: "20.00", more: func(r *inspect.Report) bool { return r.Refunds == "-10.25" && r.Sales == "30.25" }},
		"no order numbers": {file: head + ",a,2024-02-05,1\n,a,2024-02-05,2\n,a,2024-02-07,3\n", net: "6", more: func(r *inspect.Report) bool { return r.Orders == 2 && r.Columns[0].Missing[""] == 3 }},
		"missing":          {file: head + "1,a,2024-02-05,1\n2,a,2024-02-05,\n3,b,2024-02-07,NULL\n", net: "1", more: func(r *inspect.Report) bool { m := r.Columns[3].Missing; return m[""] == 1 && m["NULL"] == 1 }},
		"own marker":       {file: head + "1,a,2024-02-05,1\n2,a,2024-02-05,open\n3,b,2024-02-07,5\n4,b,2024-02-08,5\n", asks: `"open" is not a number`, answers: []inspect.Answer{{Option: "missing"}}, net: "11"},
		"two layouts":      {file: head + "1,a,02-05-2019,1\n2,b,2/27/2019,2\n3,a,4/8/2019,4\n", asks: "no cell that is written like it decides", answers: []inspect.Answer{{Option: "date_layout", Value: "1-2-2006|1/2/2006"}}, net: "7", first: "2019-02-05"},
		"day or month":     {file: head + "1,a,02/05/2019,1\n2,b,03/06/2019,2\n", asks: "is 2 May 2019 (day first, as in 2/1/2006) or 5 February 2019 (month first", answers: []inspect.Answer{{Option: "date_layout", Value: "2/1/2006"}}, net: "3", first: "2019-05-02"},
		"serial":           {file: head + "1,a,43840,1\n2,b,43850,2\n", asks: "days counted from 1900", answers: []inspect.Answer{{Option: "date_layout", Value: "excel"}}, net: "3", first: "2020-01-10"},
		"titles":           {file: "All orders\nof all shops\n\n" + head + "1,a,2024-02-05,4\n", net: "4", more: func(r *inspect.Report) bool { return r.HeaderLine == 4 }},
		"unknown headers":  {file: "no,shopper,placed,paid\n1,a,2024-02-05,4\n1,b,2024-02-06,5\n", asks: "no column for the customer", answers: []inspect.Answer{{Option: "customer", Value: "shopper"}, {Option: "date", Value: "placed"}, {Option: "amount", Value: "paid"}}, net: "9"},
		"price or line":    {file: "order_id,customer_id,date,quantity,price,amount\n1,a,2024-02-05,2,4,8\n2,b,2024-02-05,3,5,13\n", asks: "differ on 1 of 2 lines", answers: []inspect.Answer{{Option: "amount", Value: "amount"}}, net: "21"},
		"debit and credit": {file: "order_id,customer_id,date,direction,amount\n1,a,2024-02-05,D,10\n2,a,2024-02-06,C,4\n3,b,2024-02-06,D,1\n", asks: "which of these mean that money went back", answers: []inspect.Answer{{Option: "back", Value: []string{"C"}}}, net: "7"},
		"zones":            {file: head + "1,a,2024-02-05T23:30:00+01:00,4\n2,b,2024-02-06T00:30:00-05:00,5\n", asks: "has a different zone", answers: []inspect.Answer{{Option: "zone", Value: "as written"}}, net: "9", first: "2024-02-05"},
		"colons":           {file: strings.ReplaceAll(head+"1,a,20240205,4\n2,b,20240206,5\n", ",", ":"), asks: "single column", answers: []inspect.Answer{{Option: "comma", Value: ":"}}, net: "9"},
		"totals repeated":  {file: "order_id,customer_id,date,product,order_total\n1,a,2024-02-05,M,10\n1,a,2024-02-05,P,10\n2,b,2024-02-06,M,20\n2,b,2024-02-06,P,20\n3,b,2024-02-07,P,5\n3,b,2024-02-07,Q,5\n", asks: "what the whole order cost", answers: []inspect.Answer{{Option: "total", Value: "order_total"}}, net: "35"},
		"lines alike":      {file: "order_id,customer_id,date,product,amount\n1,a,2024-02-05,M,10\n1,a,2024-02-05,P,10\n2,b,2024-02-06,M,20\n2,b,2024-02-06,P,20\n3,b,2024-02-07,P,5\n3,b,2024-02-07,Q,5\n", asks: "what the whole order cost", answers: []inspect.Answer{{Option: "amount", Value: "amount"}}, net: "70"},
		"repeated records": {file: head + "1,a,2024-02-05,4\n1,a,2024-02-05,4\n", net: "8", more: func(r *inspect.Report) bool { return r.Repeated == 1 }},
	} {
		path := fileOf(t, "orders.csv", c.file)
		var o features.OrdersOptions
		r := inspected(t, path)
		if (c.asks == "") != (len(r.Questions) == 0) || c.asks != "" && !strings.Contains(r.Questions[0].Text, c.asks) {
			t.Errorf("%s: asks %+v, want %q", name, r.Questions, c.asks)
			continue
		}
		for _, want := range c.answers {
			found := false
			for _, q := range r.Questions {
				for _, a := range q.Answers {
					if a.Option == want.Option && (want.Value == nil || slices.Equal(texts(a.Value), texts(want.Value))) {
						set(&o, a)
						found = true
					}
				}
			}
			if !found {
				t.Errorf("%s: %+v is not offered: %+v", name, want, r.Questions)
			}
		}
		if r = inspected(t, path, o); len(r.Questions) > 0 || r.Net != c.net || c.first != "" && r.First != c.first || c.more != nil && !c.more(r) {
			t.Errorf("%s: at the second try %+v, want %s", name, r, c.net)
		}
		text, err := json.Marshal(r)
		var data struct {
			Schema  string
			Net     string
			Columns []struct{ Name string }
		}
		if err != nil || json.Unmarshal(text, &data) != nil || data.Schema != inspect.Schema || data.Net != c.net || len(data.Columns) != len(r.Columns) {
			t.Errorf("%s: as data: %s, %v", name, text, err)
		}
	}
}

func texts(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []string:
		return v
	}
	return nil
}

func TestInspectCustomers(t *testing.T) {
	path := fileOf(t, "customers.csv", "id,last_order,spend,grade\na,2021-05-30,\"1,234\",x\nb,2020-06-01,\"2,000\",NA\nc,2021-05-02,\"7,750\",y\n")
	r := inspected(t, path)
	if r.Kind != inspect.Customers || r.Key != "id" || len(r.Questions) != 1 || len(r.Questions[0].Answers) < 2 || r.Columns[3].Missing["NA"] != 1 || !strings.Contains(r.Columns[1].Form, "dates as 2006-1-2") {
		t.Fatalf("%+v", r)
	}
	var o features.OrdersOptions
	set(&o, r.Questions[0].Answers[0])
	if r = inspected(t, path, o); len(r.Questions) > 0 || r.Customers != 3 {
		t.Fatalf("%+v", r)
	}
	if _, err := r.Keep(); err != nil {
		t.Fatal(err)
	}
	customers, err := table.ReadCSV(path, "id")
	if err != nil {
		t.Fatal(err)
	}
	if spend, _ := customers.Values("spend"); !slices.Equal(spend, []float64{1234, 2000, 7750}) {
		t.Errorf("spend is %v", spend)
	}
	if notes := customers.Summary().Notes; len(notes) != 1 || !strings.Contains(notes[0], "customers.csv.segkit.toml") {
		t.Errorf("what was kept is not announced: %q", notes)
	}
	scan, err := table.ScanCSV(path)
	if err != nil {
		t.Fatal(err)
	}
	for piece, err := range scan.Pieces("id", []table.Column{{Name: "spend"}}) { // in pieces, too
		if err != nil {
			t.Fatal(err)
		}
		if spend, _ := piece.Values("spend"); !slices.Equal(spend, []float64{1234, 2000, 7750}) {
			t.Errorf("in pieces, spend is %v", spend)
		}
	}
	if err := os.WriteFile(path, []byte("id,spend\na,1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := table.ScanCSV(path); !errors.Is(err, fault.ErrSchema) {
		t.Errorf("other columns, in pieces: %v", err)
	}
	if _, err := table.ReadCSV(path, "id"); !errors.Is(err, fault.ErrSchema) || !strings.Contains(err.Error(), `lacks "last_order", "grade"`) {
		t.Errorf("other columns: %v", err)
	}
}

func TestKeptOptionsAreRefusedWhereColumnsChanged(t *testing.T) {
	path := fileOf(t, "orders.csv", "order_id,customer_id,date,amount\n1,a,02/05/2019,1\n")
	r := inspected(t, path, features.OrdersOptions{DateLayout: "2/1/2006"})
	if _, err := r.Keep(); err != nil {
		t.Fatal(err)
	}
	o, err := features.ReadOrders(path, features.OrdersOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if first, _, _ := o.Period(); first.Format("2006-01-02") != "2019-05-02" {
		t.Errorf("read as %v", first)
	}
	if o, err = features.ReadOrders(path, features.OrdersOptions{DateLayout: "1/2/2006"}); err != nil { // what is said in the call holds
		t.Fatal(err)
	}
	if first, _, _ := o.Period(); first.Format("2006-01-02") != "2019-02-05" {
		t.Errorf("read as %v", first)
	}
	if err := os.WriteFile(path, []byte("order_id,customer_id,date,amount,shop\n1,a,02/05/2019,1,x\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := features.ReadOrders(path, features.OrdersOptions{}); !errors.Is(err, fault.ErrSchema) || !strings.Contains(err.Error(), `also has "shop"`) || !strings.Contains(err.Error(), "segkit inspect") {
		t.Errorf("other columns: %v", err)
	}
	if r := inspected(t, path); len(r.Questions) != 1 || !strings.Contains(strings.Join(r.Notes, " "), "not used") { // inspect says so, and goes on
		t.Errorf("%+v", r)
	}
	if err := os.WriteFile(path+".segkit.toml", []byte("version = 1\nkind = \"orders\"\ndate_layuot = \"x\"\ncolumns = [\"a\"]\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := features.ReadOrders(path, features.OrdersOptions{}); !errors.Is(err, fault.ErrFormat) || !strings.Contains(err.Error(), `did you mean "date_layout"`) {
		t.Errorf("a key misspelled: %v", err)
	}
}

func TestInspectRefusesWhatIsNoFile(t *testing.T) {
	dir := t.TempDir()
	for name, c := range map[string]struct{ file, want string }{
		"binary":    {string(make([]byte, 5000)), "binary file"},
		"workbook":  {"PK\x03\x04....", "workbook"},
		"empty":     {"", "the file is empty"},
		"half":      {"order_id,customer_id,date,amount\n1,M\xc3\xbcll\xc3,2024-01-05,3\n2,b,2024-01-05,3\n", "the middle of a character"},
		"open":      {"order_id,customer_id,date,amount\n1,a,2024-01-05,3\n2,\"b,2024-01-05,3\n" + strings.Repeat("3,c,2024-01-06,4\n", 700_000), "not closed within 1 MB"},
		"huge":      {"order_id,customer_id,date,amount\n1," + strings.Repeat("x", 10<<20) + ",2024-01-05,3\n2,b,2024-01-05,3\n", "field 2 has more than"},
		"ragged":    {"order_id,customer_id,date,amount\n1,a,2024-01-05,3\n2,b,3\n4,c,3\n5,a,2024-01-05,3\n", "line 3: has 3 fields"},
		"directory": {"", "is a directory"},
	} {
		path := filepath.Join(dir, name+".csv")
		if name == "directory" {
			os.Mkdir(path, 0o755)
		} else if err := os.WriteFile(path, []byte(c.file), 0o644); err != nil {
			t.Fatal(err)
		}
		r, err := features.Inspect(path)
		said := ""
		if err != nil {
			said = err.Error()
		} else {
			for _, q := range r.Questions {
				said += q.Text + "\n"
			}
		}
		if !strings.Contains(said, c.want) {
			t.Errorf("%s: says %.400q, want %q", name, said, c.want)
		}
	}
}

// Numbers that are codes are told from amounts: by the zeros that they begin with, by their length, by their name. What is an amount is left alone.
func TestInspectTellsOfCodes(t *testing.T) {
	const file = "customer,postcode,spend,phone,store_id,income,zip,born,visits,ean\n" +
		"c1,01234,5,0301234,12,30000,10115,1980,07,4006381333931\nc2,98765,6,0301235,13,45000,20095,1975,12,4006381333948\nc3,04109,7.5,03012367,12,51000,80331,1990,3,4006381333955\n"
	path := fileOf(t, "customers.csv", file)
	note := ""
	for _, n := range inspected(t, path).Notes {
		if strings.Contains(n, "codes") {
			note += n
		}
	}
	for _, want := range []string{"3 columns seem to hold codes", `"postcode" holds codes, since "01234" in line 2 begins with a zero, and is read as text`, `"phone" holds codes`, `"store_id" (its name`, `"zip"`, `"ean" (every cell has 13 digits)`, `CSVOptions{Text: []string{"store_id"}}`} {
		if !strings.Contains(note, want) {
			t.Errorf("%q does not say %q", note, want)
		}
	}
	if all, err := table.ReadCSV(path, "customer"); err != nil {
		t.Error(err)
	} else { // what the report says is what is read
		for j, c := range all.Columns() {
			if form := inspected(t, path).Columns[j+1].Form; c.Categorical() != (form == "text, kept as it is") {
				t.Errorf("%s is read as %v, and said to be %s", c.Name, c.Levels, form)
			}
		}
	}
	told := inspected(t, path, features.OrdersOptions{Descriptors: []string{"postcode", "phone", "store_id", "zip", "ean"}})
	if slices.ContainsFunc(told.Notes, func(n string) bool { return strings.Contains(n, "codes") }) {
		t.Errorf("still told of codes: %q", told.Notes)
	}
}

// A list as programs print it: lines drawn across it, a separator at both ends of each line, minus signs behind, cents that are a dash.
func TestPrintedLists(t *testing.T) {
	const rule = "---------------------------------------------------\n"
	list := "Sales orders            Page 1\n\n" + rule + "|Order  |Customer|Order date|Qty|Amount     |\n" + rule +
		"|0000101|0004711 |31.01.2024|  2|CHF 1'234.50|\n|0000102|0004712 |01.02.2024|  1|CHF 200.–|\n" + rule + "|0000103|0004711 |05.02.2024| 1-|CHF 617.25-|\n" + rule
	r := inspected(t, fileOf(t, "list.txt", list))
	if r.Net != "817.25" || r.Lines != 3 || r.Customers != 2 || r.Currency != "CHF" || len(r.Questions) != 0 {
		t.Errorf("%+v", r)
	}
	marked := "| order | customer | date | amount |\n|-------|:--------:|------|-------:|\n| 1 | a | 2024-01-05 | 5 |\n| 2 | b | 2024-01-06 | –6 |\n"
	if r := inspected(t, fileOf(t, "marked.md", marked)); r.Net != "-1" || r.Lines != 2 || len(r.Questions) != 0 {
		t.Errorf("%+v", r)
	}
}

// A header over two lines names its columns on one, so that an answer can be given back; days in digits alone may be the date.
func TestInspectNamesColumnsOnOneLine(t *testing.T) {
	path := fileOf(t, "two.csv", "\"Order\nNo\",\"Customer\r\nID\",\"Trans\nDay\",\"Goods\nValue\"\n1,a,20240301,12.50\n2,b,20240315,3.00\n")
	r := inspected(t, path)
	var o features.OrdersOptions
	for _, q := range r.Questions {
		if len(q.Answers) != 1 {
			t.Fatalf("%+v", q)
		}
		set(&o, q.Answers[0])
	}
	if o.Date != "Trans Day" || o.Amount != "Goods Value" {
		t.Errorf("%+v", o)
	}
	if r = inspected(t, path, o); r.Net != "15.5" || r.Last != "2024-03-15" || len(r.Questions) != 0 {
		t.Errorf("%+v", r)
	}
}

// A word that comes again is counted each time, among numbers as well as among dates.
func TestInspectCountsRepeatedWords(t *testing.T) {
	text := "a,b,c\n"
	for i := range 40 {
		text += fmt.Sprintf("%s,%s,%s\n", []string{"tbd", "7", "tbd", "8"}[i%4], []string{"2024-03-01", "2024-03-02", "2024-03-03", "later"}[i%4], []string{"yes", "no"}[i%2])
	}
	r := inspected(t, fileOf(t, "unknown.csv", text))
	for i, want := range []struct {
		unread int
		form   string
	}{{20, "numbers"}, {10, "dates"}, {0, "text, 2 distinct"}} {
		if c := r.Columns[i]; c.Unread != want.unread || !strings.HasPrefix(c.Form, want.form) {
			t.Errorf("%s: %d cells of %q are not like that, want %d of %q", c.Name, c.Unread, c.Form, want.unread, want.form)
		}
	}
}

// Lines are spoken of as lines, and a question ends once.
func TestInspectSpeaksOfLines(t *testing.T) {
	text := inspected(t, fileOf(t, "pages.csv", "order,customer,date,amount\n1,a,2024-03-01,5\n2,b,2024-03-02\norder,customer,date,amount\n3,a,2024-03-03\n4,a,2024-03-03,1\n")).Sheet().Text()
	if !strings.Contains(text, "; 2 such lines") || !strings.Contains(text, "joined?\n") {
		t.Error(text)
	}
}

// What cannot be the answer is not offered: percents for money, days for the name of a customer, what a spreadsheet failed to compute for an id.
func TestInspectOffersNoNonsense(t *testing.T) {
	r := inspected(t, fileOf(t, "invoices.csv", "Invoice,Client ID,Invoice Date,Qty,Rate,Discount %,Net\n1,a,05-Mar-24,1,200.00,10%,180.00\n2,b,06-Mar-24,2,30.00,0%,60.00\n3,a,07-Mar-24,1,-20.00,0%,-20.00\n"))
	var offered []string
	for _, q := range r.Questions {
		for _, a := range q.Answers {
			offered = append(offered, a.Flag())
		}
	}
	if got := strings.Join(offered, ","); got != "--role price=Rate,--role amount=Rate,--role price=Net,--role amount=Net" {
		t.Errorf("offered %s", got)
	}
	if r := inspected(t, fileOf(t, "days.csv", "day,person,visits\n2024-01-01,a,3\n2024-01-02,b,4\n")); r.Key != "person" {
		t.Errorf("the key is %q", r.Key)
	}
	if r := inspected(t, fileOf(t, "answers.csv", "comment,CPF,mark\nfine,111.444.777-35,1\nslow,529.982.247-25,2\n")); r.Key != "CPF" { // what everybody says in other words is no id beside what is called so
		t.Errorf("the key is %q", r.Key)
	}
	o, err := features.ParseOrders(strings.NewReader("order,customer,date,amount\n1,a,2024-01-05,5\n2,#REF!,2024-01-06,6\n#VALUE!,b,2024-01-06,7\n"), "x.csv", features.OrdersOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if c, err := o.Count(); err != nil || c.Customers != 2 || c.Orders != 3 { // without a number, a day of a customer is an order
		t.Errorf("%+v, %v", c, err)
	}
}

// Where lines have a price and no column is known to be the quantity, whole numbers in another column are a question, with what either answer gives: by its
// name or by its cells, whatever the column is called. Where none can be the quantity, each line counts once, and that is said.
func TestAQuantityThatIsNotReadIsAskedFor(t *testing.T) {
	const read, once = "", "each line counts once, at its price"
	lines := func(header string, cells ...string) string {
		text := "order_id,customer,date," + header + ",price\n"
		for i, c := range cells {
			text += fmt.Sprintf("%d,c%d,2024-01-%02d,%s,%d\n", i+1, i%3, 1+i%28, c, 2+i%2)
		}
		return text
	}
	count := func(n int, cell func(i int) string) (out []string) {
		for i := range n {
			out = append(out, cell(i))
		}
		return out
	}
	for name, c := range map[string]struct {
		file string
		net  string // with the column as the quantity
		says string // where nothing is asked, by the only note
	}{
		"known":                     {lines("qty (pcs)", "5", "2"), "16", read},
		"known with its unit":       {lines("Menge [Stk.]", "5", "2"), "16", read},
		"by its name":               {lines("pcs per line", "5", "2"), "16", "?"},
		"by its cells":              {lines("Bultos", "5", "2"), "16", "?"},
		"a name of no meaning":      {lines("Xyz", "5", "2", "1", "-1"), "15", "?"},
		"with decimals that say 0":  {lines("Bultos", "5.000", "2.00"), "16", "?"},
		"with thousands set apart":  {lines("Bultos", `"5.000,00"`, `"1,00"`), "10003", "?"},
		"every line of one piece":   {lines("Bultos", "1", "1"), "5", "?"},
		"a long file":               {lines("Bultos", count(200, func(i int) string { return fmt.Sprint(1 + i%7) })...), "1986", "?"},
		"no number":                 {lines("shelf", "left", "right"), "5", once},
		"a name, and no number":     {lines("pcs per line", "few", "many"), "5", `If "pcs per line" says how many pieces`},
		"no other column":           {"order_id,customer,date,price\n1,a,2024-01-01,2\n2,b,2024-01-02,3\n", "5", once},
		"decimals":                  {lines("Peso", "1.25", "0.75"), "5", once},
		"years":                     {lines("Cosecha", "2019", "2021"), "5", once},
		"codes by their zeros":      {lines("Estante", "007", "012"), "5", once},
		"codes by their name":       {lines("shelf_id", "7", "12"), "5", once},
		"long numbers":              {lines("Tarjeta", "70012345", "70099999"), "5", once},
		"yes or no":                 {lines("Regalo", "0", "1", "0", "0"), "10", once},
		"an age":                    {lines("Customer Age", "34", "51"), "5", once},
		"an age, in one word":       {lines("kundenAlter", "34", "51"), "5", once},
		"not an age":                {lines("Packages", "5", "2"), "16", "?"},
		"of customers":              {lines("Xyz", count(30, func(i int) string { return fmt.Sprint(20 + i%3) })...), "75", once},
		"numbers of the lines":      {lines("Fila", count(60, func(i int) string { return fmt.Sprint(i + 1) })...), "150", once},
		"a key":                     {lines("Albaran", count(60, func(i int) string { return fmt.Sprint(100 + 7*i%997) })...), "150", once},
		"known for something else":  {lines("country", "1", "2"), "5", once},
		"the hour beside the dates": {lines("day", "1", "2"), "5", once},
	} {
		path := fileOf(t, "shop.csv", c.file)
		r := inspected(t, path)
		if c.says != "?" {
			if r.Net != c.net || len(r.Questions) > 0 || c.says == read && len(r.Notes) > 0 || c.says != read && (len(r.Notes) == 0 || !strings.Contains(r.Notes[0], c.says)) {
				t.Errorf("%s: net %s, notes %q, questions %v", name, r.Net, r.Notes, r.Questions)
			}
			continue
		}
		if len(r.Questions) != 1 || r.Net != "" {
			t.Errorf("%s: net %s, questions %v", name, r.Net, r.Questions)
			continue
		}
		_, err := features.ReadOrders(path, features.OrdersOptions{})
		q := r.Questions[0]
		header := strings.Split(c.file, ",")[3]
		if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("features.OrdersOptions.Quantity = %q", header)) || !strings.Contains(err.Error(), `features.OrdersOptions.Amount = "price"`) || !strings.Contains(err.Error(), q.Text) {
			t.Errorf("%s: %v, inspected as %s", name, err, q.Text)
		}
		if len(q.Answers) != 2 || q.Answers[0].Option != "quantity" || q.Answers[0].Value != header || q.Answers[1].Option != "amount" {
			t.Fatalf("%s: %+v", name, q.Answers)
		}
		for i, a := range q.Answers {
			var o features.OrdersOptions
			set(&o, a)
			orders, err := features.ReadOrders(path, o)
			if err != nil {
				t.Errorf("%s: %v: %v", name, a, err)
				continue
			}
			n, err := orders.Count()
			if net := strings.NewReplacer(",", "", ".00", "", ".0", "").Replace(n.Net().String()); err != nil || i == 0 && net != c.net || !strings.HasPrefix(a.Gives, "net "+n.Net().String()+",") {
				t.Errorf("%s: %v gives %s (%v), want %s", name, a, n.Net(), err, c.net)
			}
		}
	}
	// the answer to another question is offered all the same
	r := inspected(t, fileOf(t, "shop.csv", "order_id,customer,date,Bultos,price\n1,a,03/04/2025,5,2\n2,b,04/04/2025,2,3\n"))
	if len(r.Questions) != 2 || len(r.Questions[0].Answers) != 2 || len(r.Questions[1].Answers) != 2 {
		t.Errorf("with dates of two readings: %+v", r.Questions)
	}
	df := dataframe.ReadCSV(strings.NewReader(lines("Bultos", "5", "2")), dataframe.DetectTypes(false), dataframe.DefaultType(series.String))
	if _, err := features.OrdersFromFrame(df, features.OrdersOptions{}); err == nil || !strings.Contains(err.Error(), `features.OrdersOptions.Quantity = "Bultos"`) {
		t.Errorf("of a frame: %v", err)
	}
}

// Order lines whose date or price has an unknown name are no table of customers, though every order number stands once.
func TestOrderLinesWithAnUnknownDateAreNoCustomers(t *testing.T) {
	const german = "Kundennr;Rechnungsnr;Tag;Artikel;Menge;Einzelpreis\n1001;R-1;03.01.2025;Tasse;2;12,50\n1001;R-2;17.02.2025;Teller;1;8,90\n1002;R-3;25.03.2025;Tasse;3;12,50\n1003;R-4;30.03.2025;Schale;1;1.019,00\n"
	for name, text := range map[string]string{
		"unknown date":      german,
		"unknown price":     strings.NewReplacer("Tag", "Datum", "Einzelpreis", "Ladenpr.").Replace(german),
		"customers once":    strings.Replace(german, "1001;R-2", "1005;R-2", 1),
		"unknown order too": strings.Replace(german, "Rechnungsnr", "Vorgang", 1),
	} {
		r, err := features.Inspect(fileOf(t, "rechnungen.csv", text))
		if err != nil {
			t.Fatal(err)
		}
		if r.Kind != inspect.Orders || len(r.Questions) != 1 || len(r.Questions[0].Answers) == 0 {
			t.Errorf("%s: %s, %+v", name, r.Kind, r.Questions)
		}
	}
	r, err := features.Inspect(fileOf(t, "kunden.csv", "Kundennr;Umsatz;Kategorie\n1;12,50;a\n2;8,90;b\n3;7,25;a\n"))
	if err != nil || r.Kind != inspect.Customers {
		t.Errorf("customers are taken for %v, %v", r, err)
	}
}

// Several currencies are a question, whose answers say what the file comes to, however the file is cut into chunks. An answer settles it.
func TestInspectAsksWhichCurrency(t *testing.T) {
	var text strings.Builder
	text.WriteString("order_id,customer_id,date,amount,currency\n")
	for i := range 300 {
		fmt.Fprintf(&text, "%d,c%d,2024-01-05,%d.25,%s\n", i, i%7, i%3, []string{"EUR", "USD", ""}[i%3])
	}
	path := fileOf(t, "two.csv", text.String())
	for _, lines := range []int{1 << 19, 20} {
		back := features.InChunks(lines)
		r := inspected(t, path)
		back()
		if len(r.Questions) != 1 || r.Questions[0].Column != "currency" || !strings.Contains(r.Questions[0].Text, "EUR on 100 lines (25.00) and USD on 100 lines (125.00)") {
			t.Fatalf("%d: %+v", lines, r.Questions)
		}
		var said []string
		for _, a := range r.Questions[0].Answers {
			said = append(said, a.Flag()+": "+a.Gives)
		}
		if want := []string{"--currency EUR: all of it counts as EUR: net 375.00", "--currency USD: all of it counts as USD: net 375.00"}; !slices.Equal(said, want) {
			t.Errorf("%d: %q, want %q", lines, said, want)
		}
		if _, err := r.Keep(); err == nil {
			t.Errorf("%d: kept with the question open", lines)
		}
		if r := inspected(t, path, features.OrdersOptions{Currency: "EUR"}); len(r.Questions) != 0 {
			t.Errorf("answered: %+v", r.Questions)
		}
	}
}

// What a word of the status means is asked where lines of purchases have it, and the answer does to the money what it says. Lines of goods that came back count whatever
// their word means, so nothing is asked about a word that only they have.
func TestAskedIsOfPurchases(t *testing.T) {
	const head = "order_id,customer_id,date,product,quantity,price,status\n1,a,2024-01-05,P,3,10,paid\n"
	for name, c := range map[string]struct {
		lines string
		gives string // "" where nothing is asked
	}{
		"money":           {"2,a,2024-01-06,P,1,10.5,at sea\n", "removes 1 line of 10.50"},
		"purchases":       {"2,a,2024-01-06,P,2,10,at sea\n", "removes 1 line of 20"},
		"both":            {"2,a,2024-01-06,P,2,10,at sea\n3,a,2024-01-07,P,-1,5,at sea\n", "removes 1 line of 20"},
		"goods came back": {"3,a,2024-01-07,P,-1,5,at sea\n", ""},
	} {
		r := inspected(t, fileOf(t, "orders.csv", head+c.lines))
		switch {
		case c.gives == "" && len(r.Questions) != 0:
			t.Errorf("%s: %+v", name, r.Questions)
		case c.gives != "" && (len(r.Questions) != 1 || !strings.Contains(r.Questions[0].Answers[0].Gives, c.gives)):
			t.Errorf("%s: %+v, want %s", name, r.Questions, c.gives)
		}
	}
}

// Where no header says who the customer is, columns are offered whose cells could: not ages, ratings and discounts, which name nobody.
func TestAttributesAreNotOfferedAsCustomers(t *testing.T) {
	r := inspected(t, fileOf(t, "orders.csv", "order_id,Wie,Leeftijd,Korting %,Kundenrabatt,date,product,quantity,price\n1,k7,34,5,a,2024-01-05,P,3,10\n2,k9,51,0,b,2024-01-06,P,1,10\n3,k7,34,5,a,2024-01-07,Q,2,4\n"))
	var offered []any
	for _, q := range r.Questions {
		for _, a := range q.Answers {
			if a.Option == "customer" {
				offered = append(offered, a.Value)
			}
		}
	}
	if fmt.Sprint(offered) != "[Wie]" {
		t.Errorf("offered as the customer: %q", offered)
	}
}
