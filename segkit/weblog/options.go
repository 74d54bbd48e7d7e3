package weblog

// What a user may say about a file of visits.

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/cell"
)

// VisitsOptions says how to read a file of visits. The zero value recognises columns by their headers, or a server log in the
// Combined Log Format by its lines.
type VisitsOptions struct {
	// Columns by their header. Empty: recognised; Visits.Mapping says how. Time is required, unless the file has a line for each visit.
	Visitor  string // id of a browser or a device, kept as text; without it, the customer
	Customer string // id of the customer who is logged in, as in the orders
	Time     string // of the hit, or of the beginning of the visit
	Day      string // if the day is not in Time: "2025-01-31" besides "14:05"
	Page     string // address or name; anything after a ? or # is left out
	Kind     string // of the page: "product", "cart"; without it, the first part of the address
	Event    string // "view", "purchase"; if some are page_view or screen_view, only those lines are pages, and the others only help to time the visit
	Session  string // id of the visit, if the file has one; then Gap is ignored
	Source   string // where the visit came from: "search", "newsletter"
	Device   string
	Agent    string // the user agent, by which robots are recognised; without a known header, a column whose cells begin with "Mozilla/"
	Ordered  string // whether something was bought: yes or no, 1 or 0, how many

	// Columns of a file with a line for each visit.
	Pages   []string // number of pages; several columns are added up, and each of them is a kind of page
	Seconds []string // how long; several columns are added up. They are enough to recognise such a file, even without pages, such as that of a door counter

	Descriptors []string // where and how a visitor comes; nil recognises country, region, state, city, language, browser

	Gap   time.Duration     // after which a visit has ended; 0 is 30 minutes
	Order []string          // kinds and events that mean that something was bought; nil recognises purchase, order, transaction and the like
	Kinds map[string]string // kind of page by the beginning of its address, the longest that matches: "/p/": "product"

	// What the file itself usually reveals; if it does not, an error asks for one of these.
	DateLayout string   // "2/1/2006 15:04" as in package time, "%d/%m/%Y", "unix"; several with | between them
	Zone       string   // if times are in several zones: "as written" takes hours and days as the clock showed them, "Europe/Berlin" converts them
	Decimal    rune     // '.' or ','
	Comma      rune     // between fields: , ; tab | or another character
	Missing    []string // cells that mean "not known"; nil: empty, NA, N/A, #N/A, NaN, nan, null, NULL, \N, (not set) and the like; "time without a date": every such time
	HeaderLine int      // the line of the file that names the columns
	Header     []string // names of the columns, if no line of the file names them
}

const optionsName = "weblog.VisitsOptions"

// usualGap ends a visit: the convention of web analytics since Catledge & Pitkow (1995, doi:10.1016/0169-7552(95)00043-7), who found 25.5 minutes.
const usualGap = 30 * time.Minute

// check fills in the defaults that do not depend on the file.
func (o VisitsOptions) check() (VisitsOptions, error) {
	refuse := func(field string, value any, want string) (VisitsOptions, error) {
		return o, fault.Option(optionsName, field, value, want)
	}
	if o.Decimal != 0 && o.Decimal != '.' && o.Decimal != ',' {
		return refuse("Decimal", string(o.Decimal), "'.' or ','")
	}
	if o.Comma != 0 && (o.Comma >= utf8.RuneSelf || strings.ContainsRune("\"\r\n", o.Comma)) {
		return refuse("Comma", string(o.Comma), "one of , ; tab |")
	}
	if _, err := cell.ParseLayouts(o.DateLayout); o.DateLayout != "" && err != nil {
		return refuse("DateLayout", o.DateLayout, err.Error())
	}
	if why := cell.CheckZone(o.Zone); why != "" {
		return refuse("Zone", o.Zone, why)
	}
	if o.HeaderLine < 0 || o.HeaderLine > 0 && o.Header != nil {
		return refuse("HeaderLine", o.HeaderLine, "a line of the file, from 1, or nothing where Header gives the names")
	}
	if o.Gap < 0 || o.Gap > 0 && o.Gap < time.Second {
		return refuse("Gap", o.Gap, "0 (30 minutes), or a second or more")
	}
	if o.Gap == 0 {
		o.Gap = usualGap
	}
	for prefix, kind := range o.Kinds {
		if prefix == "" || kind == "" {
			return refuse("Kinds", fmt.Sprintf("%q: %q", prefix, kind), "the beginning of an address and the kind of its pages")
		}
	}
	return o, nil
}
