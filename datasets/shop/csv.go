package shop

// Writing the shop as CSV files: UTF-8, comma, line feed, header, dates as 2024-12-31 23:59.

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"time"
)

// WriteOrders writes one row per order line, 10 columns.
func (s *Shop) WriteOrders(w io.Writer) error {
	return write(w, []string{"order_id", "order_date", "customer_id", "product_id", "product", "category",
		"quantity", "unit_price", "channel", "country"},
		func(yield func(...string)) {
			for _, o := range s.Orders {
				date, channel := o.At.text(), channelName(o.Web)
				for _, l := range o.Lines {
					yield(o.ID, date, o.Customer, l.ProductID, l.Product, l.Category,
						strconv.Itoa(l.Quantity), fmt.Sprintf("%d.%02d", l.Price/100, l.Price%100), channel, o.Country)
				}
			}
		})
}

// WriteCustomers writes one row per customer, 5 columns.
func (s *Shop) WriteCustomers(w io.Writer) error {
	return write(w, []string{"customer_id", "age", "city", "country", "channel"},
		func(yield func(...string)) {
			for _, c := range s.Customers {
				yield(c.ID, orEmpty(c.Age), c.City, c.Country, channelName(c.Web))
			}
		})
}

// WriteTruth writes the latent segment of each customer, 2 columns; it is empty for the wholesale buyer.
func (s *Shop) WriteTruth(w io.Writer) error {
	return write(w, []string{"customer_id", "segment"},
		func(yield func(...string)) {
			for _, c := range s.Customers {
				name := c.story.name
				if c.Segment == NoSegment {
					name = ""
				}
				yield(c.ID, name)
			}
		})
}

// WriteSurvey writes one row per returned sheet, 15 columns.
func (s *Shop) WriteSurvey(w io.Writer) error {
	header := append([]string{"customer_id"}, Statements[:]...)
	return write(w, append(header, Questions[:]...),
		func(yield func(...string)) {
			for _, a := range s.Survey() {
				row := []string{a.Customer}
				for _, v := range a.Scale {
					row = append(row, orEmpty(v))
				}
				for _, v := range a.YesNo {
					row = append(row, [...]string{"", "no", "yes"}[v])
				}
				yield(row...)
			}
		})
}

// WriteVisits writes one row per visit, 7 columns.
func (s *Shop) WriteVisits(w io.Writer) error {
	return write(w, []string{"visit_start", "customer_id", "source", "device", "pages", "seconds", "ordered"},
		func(yield func(...string)) {
			for _, v := range s.Visits() {
				yield(v.At.text(), v.Customer, v.Source, v.Device, strconv.Itoa(v.Pages), strconv.Itoa(v.Seconds),
					map[bool]string{false: "no", true: "yes"}[v.Ordered])
			}
		})
}

// WriteHits writes one row per page looked at, 7 columns: the web log of one quarter.
func (s *Shop) WriteHits(w io.Writer) error {
	return write(w, []string{"time", "cookie", "customer_id", "page", "source", "device", "user_agent"},
		func(yield func(...string)) {
			for _, h := range s.Hits() {
				yield(firstDay.Add(time.Duration(h.Second)*time.Second).Format("2006-01-02 15:04:05"), h.Cookie, h.Customer, h.Page, h.Source, h.Device, h.Agent)
			}
		})
}

func write(w io.Writer, header []string, rows func(yield func(...string))) error {
	c := csv.NewWriter(w)
	c.Write(header) // csv.Writer keeps its first error for the end
	rows(func(row ...string) { c.Write(row) })
	c.Flush()
	return c.Error()
}

func (m moment) text() string { return m.Time().Format("2006-01-02 15:04") }

func channelName(web bool) string {
	if web {
		return "web"
	}
	return "store"
}

func orEmpty(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
