package features_test

// One truth written in many dialects: every file is read to the same cents and days, or refused with a question that,
// answered, gives them. None is misread.

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
)

var (
	files = flag.Int("dialects", 400, "files in random dialects that are read")
	draw  = flag.Uint64("draw", 11, "of these files: another number gives others")
)

// truth is what one line of the file means.
type truth struct {
	order, customer, product string
	when                     time.Time
	quantity                 int
	cents                    int // per unit
	missing                  bool
}

// dialect is how a program writes it.
type dialect struct {
	r *rand.Rand

	comma                     string
	encoding                  int // UTF-8, with BOM, UTF-16 little and big, Windows-1252, gzip
	lineEnd                   string
	mark, group               string // of numbers
	indian                    bool
	before, after             string // currency
	negative                  int
	digits                    int // decimals that are written; 0 where all money is whole
	layout                    string
	amounts                   bool // money of the line instead of a price and a quantity
	header                    []string
	noHeader                  bool
	titles                    []string
	units, totals, sep, blank bool
	trailing                  bool // a separator at the end of every line
	quotes                    int  // where needed, all texts, all cells, the whole line, ="…"
	marker                    string
	unnamed                   bool // a last column without a name
}

func pick[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }

func makeTruth(r *rand.Rand) []truth {
	day := time.Date(2019+r.IntN(6), time.Month(1+r.IntN(12)), 1+r.IntN(28), 0, 0, 0, 0, time.UTC)
	var out []truth
	n, whole := 3+r.IntN(40), r.IntN(4) == 0
	span := pick(r, 3, 30, 400)
	for i := range n {
		day = day.AddDate(0, 0, r.IntN(1+2*span/n+1))
		t := truth{order: fmt.Sprintf("%05d", 100+i/2), when: day.Add(time.Duration(r.IntN(24*60)) * time.Minute),
			customer: pick(r, "00123", "C-7", "Müller, Jörg", "ann@example.org", `The "Shop"`, "Zoë", "4711"),
			product:  pick(r, "Mug, red", "Café crème", "Tee 10", `12" pipe`, "Löffel; groß"), quantity: 1 + r.IntN(3), cents: r.IntN(pick(r, 2000, 200000, 90000000))}
		if whole {
			t.cents = t.cents / 100 * 100
		}
		if r.IntN(12) == 0 {
			t.quantity = -t.quantity
		}
		t.missing = r.IntN(25) == 0
		out = append(out, t)
	}
	return out
}

func makeDialect(r *rand.Rand, lines []truth) *dialect {
	d := &dialect{r: r, comma: pick(r, ",", ",", ";", ";", "\t", "|", "   "), encoding: r.IntN(6), lineEnd: pick(r, "\n", "\n", "\r\n", "\r"),
		mark: pick(r, ".", ","), amounts: r.IntN(3) == 0, quotes: r.IntN(5), marker: pick(r, "", "", "NULL", `\N`, "NA")}
	d.group = pick(r, "", "", "", map[string]string{".": ",", ",": "."}[d.mark], "'", " ", "\u00a0")
	if d.mark == "." && d.group == "," {
		d.indian = r.IntN(4) == 0
	}
	d.digits = 2
	whole := true
	for _, t := range lines {
		whole = whole && t.cents%100 == 0
	}
	if whole && r.IntN(2) == 0 {
		d.digits = 0
	}
	switch r.IntN(4) {
	case 0:
		d.before = pick(r, "$", "€", "EUR ", "£")
	case 1:
		d.after = pick(r, " €", " EUR", "€")
	}
	d.negative = r.IntN(4)
	d.layout = pick(r, layouts...)
	if d.comma == "   " { // fields need something in them, and blanks only within quotes
		d.quotes, d.marker = 2, "NULL"
	}
	if d.quotes >= 3 && d.comma == "|" {
		d.quotes = 0
	}
	d.header = pick(r, []string{"order_id", "customer_id", "order_date", "product", "quantity", "unit_price"},
		[]string{"Bestellnummer", "Kundennummer", "Bestelldatum", "Artikel", "Menge", "Einzelpreis"}, []string{"Invoice", "Customer ID", "Date", "Description", "Qty", "Price"})
	if d.amounts {
		d.header = append(d.header[:4:4], pick(r, "amount", "Betrag", "total"))
	}
	switch r.IntN(6) {
	case 0:
		d.noHeader = true
	case 1:
		d.titles = pick(r, []string{"Order report"}, []string{"Orders of all shops", "", "made on 2024-02-01"}, []string{"Export", ""})
	}
	if d.comma != "   " {
		d.units, d.totals, d.sep, d.blank, d.trailing, d.unnamed = !d.noHeader && r.IntN(8) == 0, r.IntN(6) == 0, r.IntN(12) == 0, r.IntN(6) == 0, r.IntN(10) == 0, !d.noHeader && r.IntN(12) == 0
	}
	if d.sep {
		d.titles = nil
	}
	return d
}

// layouts are how dates are written, as in package time; the others are described at stamp.
var layouts = []string{"2006-01-02", "2006-01-02 15:04", "2006-01-02 15:04:05", "2006-01-02T15:04:05", "02.01.2006", "2.1.2006 15:04", "02/01/2006", "01/02/2006", "1/2/2006 15:04",
	"2/1/2006 15:04", "2006/01/02", "02-01-2006", "01-02-2006", "20060102", "2 Jan 2006", "Jan 2, 2006", "2 January 2006", "1/2/06", "02.01.06", "1/2/2006 3:04 PM", "excel", "unix", "unix ms"}

func (d *dialect) stamp(t time.Time) string {
	switch d.layout {
	case "excel":
		return strconv.Itoa(25569 + int(t.Unix()/86400))
	case "unix":
		return strconv.FormatInt(t.Unix(), 10)
	case "unix ms":
		return strconv.FormatInt(t.Unix()*1000, 10)
	}
	return t.Format(d.layout)
}

// timed reports whether the dialect keeps the time of day.
func (d *dialect) timed() bool {
	return strings.Contains(d.layout, ":04") || strings.HasPrefix(d.layout, "unix")
}

func (d *dialect) number(v, digits int, money bool) string {
	abs := max(v, -v)
	for range 2 - digits {
		abs /= 10
	}
	text := fmt.Sprintf("%0*d", digits+1, abs)
	whole, fraction := text[:len(text)-digits], text[len(text)-digits:]
	if d.group != "" {
		var parts []string
		for size := 3; len(whole) > size; {
			parts = append([]string{whole[len(whole)-size:]}, parts...)
			if whole = whole[:len(whole)-size]; d.indian {
				size = 2
			}
		}
		whole = strings.Join(append([]string{whole}, parts...), d.group)
	}
	if fraction != "" {
		whole += d.mark + fraction
	}
	sign := v < 0
	if money {
		whole = d.before + whole + d.after
	}
	if !sign {
		return whole
	}
	switch d.negative {
	case 1:
		return "(" + whole + ")"
	case 2:
		return whole + "-"
	case 3:
		if d.encoding != 4 {
			return "−" + whole
		}
	}
	return "-" + whole
}

func (d *dialect) line(cells []string, text []bool) string {
	for i, c := range cells {
		need := strings.Contains(c, d.comma) || strings.ContainsAny(c, "\"\n") || d.comma == "   " && (c == "" || strings.Contains(c, " "))
		switch {
		case d.quotes == 4 && text != nil && text[i] && !need && c != "":
			cells[i] = `="` + c + `"`
		case need || d.quotes == 2 || d.quotes == 1 && (text == nil || text[i]):
			cells[i] = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
		}
	}
	out := strings.Join(cells, d.comma)
	if d.trailing {
		out += d.comma
	}
	if d.quotes == 3 {
		out = `"` + strings.ReplaceAll(out, `"`, `""`) + `"`
	}
	return out
}

func (d *dialect) write(lines []truth) []byte {
	var out []string
	if d.sep {
		out = append(out, "sep="+d.comma)
	}
	out = append(out, d.titles...)
	row := func(cells []string, text []bool) {
		if d.unnamed {
			cells, text = append(cells, ""), append(text, false)
			if len(out) > 0 && d.r.IntN(3) == 0 {
				cells[len(cells)-1] = "x"
			}
		}
		out = append(out, d.line(cells, text))
	}
	text := []bool{true, true, false, true, false, false}[:len(d.header)]
	if !d.noHeader {
		named := d.unnamed
		d.unnamed = false
		cells := append([]string{}, d.header...)
		if named {
			cells = append(cells, "")
		}
		out = append(out, d.line(cells, nil))
		d.unnamed = named
	}
	if d.units {
		cells := make([]string, len(d.header))
		cells[2], cells[len(cells)-1] = "(date)", "(money)"
		row(cells, text)
	}
	sum := 0
	for i, t := range lines {
		if d.blank && i > 0 && d.r.IntN(8) == 0 {
			out = append(out, pick(d.r, "", strings.Repeat(d.comma, len(d.header)-1)))
		}
		cells := []string{t.order, t.customer, d.stamp(t.when), t.product}
		money := t.cents
		if d.amounts {
			money *= t.quantity
		} else {
			cells = append(cells, d.number(t.quantity*100, 0, false))
		}
		if cells = append(cells, d.number(money, d.digits, true)); t.missing {
			cells[len(cells)-1] = d.marker
		}
		sum += money
		row(cells, text)
	}
	if d.totals {
		cells := make([]string, len(d.header))
		cells[0], cells[len(cells)-1] = pick(d.r, "Total", "Summe", "Grand total"), d.number(sum, d.digits, true)
		row(cells, text)
	}
	file := strings.Join(out, d.lineEnd)
	if d.r.IntN(2) == 0 || len(out) < 3 {
		file += d.lineEnd
	}
	switch d.encoding {
	case 1:
		return []byte("\ufeff" + file)
	case 2, 3:
		order := binary.AppendByteOrder(binary.LittleEndian)
		if d.encoding == 3 {
			order = binary.BigEndian
		}
		var b []byte
		for _, u := range utf16.Encode([]rune("\ufeff" + file)) {
			b = order.AppendUint16(b, u)
		}
		return b
	case 4:
		var b []byte
		for _, r := range file {
			if r == '€' {
				r = 0x80
			}
			b = append(b, byte(r))
		}
		return b
	case 5:
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		io.WriteString(z, file)
		z.Close()
		return b.Bytes()
	}
	return []byte(file)
}

// text is the file in UTF-8, for messages. What is drawn while it is written may differ.
func (d *dialect) text(lines []truth) []byte {
	plain := *d
	plain.encoding, plain.r = 0, rand.New(rand.NewPCG(0, 0))
	return plain.write(lines)
}

// answer sets the option that a question asks for, as somebody does who knows the file; false where it asks for none.
func (d *dialect) answer(question string, o *features.OrdersOptions) bool {
	switch {
	case strings.Contains(question, "OrdersOptions.DateLayout") && o.DateLayout == "":
		o.DateLayout = d.layout
	case strings.Contains(question, "OrdersOptions.Decimal ") && o.Decimal == 0:
		o.Decimal = rune(d.mark[0])
	case strings.Contains(question, "OrdersOptions.Header") && o.Header == nil && d.noHeader:
		o.Header = append([]string{}, d.header...)
		if d.trailing {
			o.Header = append(o.Header, "")
		}
	case strings.Contains(question, "OrdersOptions.HeaderLine") && o.HeaderLine == 0 && !d.noHeader:
		o.HeaderLine = len(d.titles) + 1
		if d.sep {
			o.HeaderLine++
		}
	case strings.Contains(question, "OrdersOptions.Comma") && o.Comma == 0 && len(d.comma) == 1:
		o.Comma = rune(d.comma[0])
	default:
		return false
	}
	return true
}

func TestDialects(t *testing.T) {
	asked, bad := 0, 0
	for seed := range uint64(*files) {
		r := rand.New(rand.NewPCG(seed, *draw))
		lines := makeTruth(r)
		d := makeDialect(r, lines)
		file := d.write(lines)
		var o features.OrdersOptions
		var questions []string
		orders, err := features.ParseOrders(bytes.NewReader(file), "orders.csv", o)
		for err != nil && len(questions) < 4 && d.answer(err.Error(), &o) {
			questions = append(questions, err.Error())
			orders, err = features.ParseOrders(bytes.NewReader(file), "orders.csv", o)
		}
		if len(questions) > 0 {
			asked++
		}
		if err == nil {
			err = d.same(orders, lines)
		}
		if err != nil {
			d.r = nil
			t.Errorf("file %d: %v\nasked: %q\n%+v\n%.300q", seed, err, questions, *d, d.text(lines))
			if bad++; bad == 8 {
				t.FailNow()
			}
		}
	}
	t.Logf("%d files, %d of them asked something", *files, asked)
	if 2*asked > *files {
		t.Errorf("%d of %d files asked something: most say what they are", asked, *files)
	}
}

// same compares what was read with the truth.
func (d *dialect) same(orders *features.Orders, lines []truth) error {
	read, err := orders.Lines()
	if err != nil {
		return err
	}
	i := 0
	for l := range read {
		if i == len(lines) {
			return fmt.Errorf("more than %d lines", i)
		}
		want := lines[i]
		if i++; !d.timed() {
			want.when = want.when.Truncate(24 * time.Hour)
		}
		cents := want.cents * want.quantity
		if want.missing {
			cents = 0
		}
		got := l.Amount.Units * 100
		for range l.Amount.Decimals {
			if got%10 != 0 {
				return fmt.Errorf("line %d: %v", i, l.Amount)
			}
			got /= 10
		}
		if int(got) != cents || !l.Time.Equal(want.when) || l.Order != want.order || l.Customer != want.customer || l.Product+l.Name != want.product {
			return fmt.Errorf("line %d: misread as %+v, want %+v", i, l, want)
		}
	}
	if i != len(lines) {
		return fmt.Errorf("%d lines, want %d", i, len(lines))
	}
	clean, err := orders.Clean(features.MissingValue)
	if err != nil {
		return err
	}
	missing := 0
	for _, l := range lines {
		if l.missing {
			missing++
		}
	}
	if got := clean.Ledger.Steps[0].Removed.Lines; got != missing {
		return fmt.Errorf("%d lines without a value, want %d", got, missing)
	}
	return nil
}

// A time without a date is not a date: all of them are asked about at once, and one word makes them missing.
func TestTimesWithoutADate(t *testing.T) {
	var b strings.Builder
	b.WriteString("order,date,customer,amount\n")
	for i := range 300 {
		date := fmt.Sprintf("2025-03-%02d", 1+i%28)
		if i%60 == 5 {
			date = fmt.Sprintf("%02d:27:15", 7+i/60)
		}
		fmt.Fprintf(&b, "%d,%s,K%d,%d.5\n", i, date, i%20, i%50)
	}
	_, err := features.ParseOrders(strings.NewReader(b.String()), "orders.csv", features.OrdersOptions{})
	var e *fault.CellError
	if !errors.As(err, &e) || e.Line != 7 || e.Count != 5 || e.Value != "07:27:15" || !strings.Contains(e.Why, "time without a date") || !strings.Contains(e.Remedy, "OrdersOptions.Missing") {
		t.Fatalf("%v, want 5 times without a date from line 7 on", err)
	}
	o, err := features.ParseOrders(strings.NewReader(b.String()), "orders.csv", features.OrdersOptions{Missing: []string{"time without a date"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range o.Audit().Findings {
		if f.Name == "no date" && f.Lines != 5 {
			t.Errorf("%d lines have no date, want 5", f.Lines)
		}
	}
	c, err := o.Clean(features.MissingValue)
	if err != nil || c.Ledger.Steps[0].Removed.Lines != 5 {
		t.Errorf("MissingValue removes the 5 lines: %v", err)
	}
}

// A no-break space beside an id is a blank in either encoding, and alone it is nothing.
func TestNoBreakSpacesAreBlanks(t *testing.T) {
	for encoding, space := range map[string]string{"UTF-8": "\u00a0", "Windows-1252": "\xa0"} {
		orders, err := features.ParseOrders(strings.NewReader("order,date,customer,product,price\n1,2025-01-03,K1,A,10\n2,2025-01-04,K1"+space+",A"+space+",10\n3,2025-01-05,"+space+"K1,B,10\n4,2025-01-06,"+space+",B,10\n"), "orders.csv", features.OrdersOptions{})
		if err != nil {
			t.Fatal(encoding, err)
		}
		if a := orders.Audit(); a.Customers != 1 || a.Lines != 4 {
			t.Errorf("%s: %d lines of %d customers", encoding, a.Lines, a.Customers)
		}
	}
}
