package inspect

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/flags"
	"github.com/segkit/lab/segkit/internal/kept"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
)

// What a file is read as.
const (
	Orders    = kept.Orders    // order lines, by features.ReadOrders
	Customers = kept.Customers // a row per customer, by table.ReadCSV
)

// Report is what was found in a file.
type Report struct {
	File       string
	Kind       string // Orders or Customers
	Encoding   string // "UTF-8", "UTF-16", "Windows-1252", preceded by "gzip" if it is compressed; "" if it is not text
	Separator  string // between fields: ",", "\t"; "blanks"
	HeaderLine int    // the line that names the columns; 0 if none does

	Records    int // below the header
	Repeated   int // records that repeat an earlier one in every field
	Lines      int // that are read: order lines, or customers
	Orders     int
	Customers  int
	Sales      string // decimal text: "27998.60"; "" if not yet known
	Refunds    string // zero or less
	Net        string
	Currency   string
	First      string // day, YYYY-MM-DD
	Last       string
	Key        string // column of the customers' ids, in a customer table
	RepeatedID int    // rows of a customer table whose id occurs in an earlier row

	Columns   []Column
	Questions []Question // in the order in which they arise; empty if the file can be read
	Notes     []string   // sentences: what was assumed, what is counted and what is not
	Options   []Answer   // options with which it was read: given, or kept beside it
	Sheets    string     // sheets of a workbook, if they were named; several are separated by commas
	Among     []Answer   // the words to which answers among the Options apply, to be kept with them
}

// Column is one column of the file.
type Column struct {
	Name     string
	Role     string         // "order", "date", …, "descriptor"; "" if it is not read
	MayBe    []string       // roles that its name would allow
	Form     string         // how its cells are written: "numbers with a decimal comma, thousands set apart"
	Evidence string         // the cells that decide it
	Missing  map[string]int // number of cells by their text, "" for empty ones
	Unread   int            // cells that cannot be read
	Example  string         // the first cell that is not missing
}

// Question is what the file leaves open, or what is wrong with it.
type Question struct {
	Column  string
	Line    int    // of the first cell that raises it
	Value   string // of that cell
	Count   int    // cells that raise it
	Text    string // why, as a sentence
	Remedy  string // what to do about it, as an imperative; the Answers say the same for a program
	Answers []Answer
}

// Answer is an option that answers a question.
type Answer struct {
	Option string // as in the file of options: "decimal", "date_layout", "customer"
	Value  any    // string, int or []string
	Gives  string // the totals of the file with it: "net 28,000, 2024-01-05 to 2024-02-06"; "" if other questions are still open
}

// Flag is the answer as the command segkit inspect takes it.
func (a Answer) Flag() string { return flags.Of(a.Option, a.Value) }

// Go is the answer as a field of features.OrdersOptions or table.CSVOptions.
func (a Answer) Go() string {
	field := ""
	for _, part := range strings.Split(a.Option, "_") {
		field += wording.Capital(part)
	}
	switch v := a.Value.(type) {
	case string:
		if a.Option == "decimal" || a.Option == "comma" {
			return fmt.Sprintf("%s: %q", field, []rune(v)[0])
		}
		return fmt.Sprintf("%s: %q", field, v)
	case []string:
		return fmt.Sprintf("%s: %#v", field, v)
	}
	return fmt.Sprintf("%s: %v", field, a.Value)
}

// Keep writes the options with which the file was read beside it, as FILE.segkit.toml, where every reader finds them. It refuses
// while questions are open.
func (r *Report) Keep() (path string, err error) {
	if n := len(r.Questions); n > 0 {
		return "", &fault.CellError{Op: "inspect.Keep", File: r.File, Why: fmt.Sprintf("cannot be read yet: %s open", wording.Plural(n, "question")), Remedy: "answer first: " + r.Questions[0].Text, Err: fault.ErrFormat}
	}
	o := kept.Options{Kind: r.Kind, Sheet: r.Sheets}
	for _, c := range r.Columns {
		o.Columns = append(o.Columns, c.Name)
	}
	for _, a := range slices.Concat(r.Options, r.Among) {
		o.Set = append(o.Set, kept.Setting{Key: a.Option, Value: a.Value})
	}
	return r.File + kept.Suffix, o.Write(r.File)
}

var _ sheet.Sheeter = (*Report)(nil)

// Sheet lays the report out: a row per column, and below it what holds for the file and what is open.
func (r *Report) Sheet() sheet.Sheet {
	return r.sheet(Answer.Go, func(text string) string { return text })
}

// Command is Sheet with its answers as the command segkit inspect takes them.
func (r *Report) Command() sheet.Sheet { return r.sheet(Answer.Flag, flags.InFlags) }

// sheet says answers with say, and sentences in words.
func (r *Report) sheet(say func(Answer) string, words func(string) string) sheet.Sheet {
	s := sheet.Sheet{Whole: true, Caption: filepath.Base(r.File) + ": " + r.summary(),
		Columns: []sheet.Column{{Name: "column", Text: true}, {Name: "read as", Text: true}, {Name: "its cells", Text: true}, {Name: "missing"}, {Name: "first cell", Text: true}}}
	for _, c := range r.Columns {
		role := cmp.Or(c.Role, "not read")
		if c.Role == "" && c.MayBe != nil {
			role += "; may be " + strings.Join(c.MayBe, " or ")
		}
		form := c.Form
		if c.Evidence != "" {
			form += " (" + c.Evidence + ")"
		}
		switch {
		case c.Unread > 0 && c.Role == "": // the column is not read at all, so no cell of it is wrong
			form += fmt.Sprintf(", and %s not like that", wording.Plural(c.Unread, "cell"))
		case c.Unread > 0:
			form += fmt.Sprintf("; %s unreadable", wording.Plural(c.Unread, "cell"))
		}
		s.Rows = append(s.Rows, []string{c.Name, role, form, missing(c.Missing), wording.Clip(c.Example)})
	}
	s.Notes = append(s.Notes, r.layout())
	if r.Repeated > 0 {
		s.Notes = append(s.Notes, fmt.Sprintf("%s equal an earlier one in every field.", wording.Capital(wording.Plural(r.Repeated, "record"))))
	}
	for _, note := range r.Notes {
		s.Notes = append(s.Notes, words(note))
	}
	for i, q := range r.Questions {
		s.Notes = append(s.Notes, words(q.note(i+1, len(r.Questions), say)))
	}
	if len(r.Options) > 0 {
		var set []string
		for _, a := range r.Options {
			set = append(set, say(a))
		}
		s.Notes = append(s.Notes, "Read with: "+strings.Join(set, "; "))
	}
	return s
}

// summary says in a clause what the file comes to.
func (r *Report) summary() string {
	open := ""
	if n := len(r.Questions); n > 0 && r.Net != "" {
		open = ", and " + wording.Plural(n, "question")
	} else if n > 0 {
		kind := "order lines"
		if r.Kind == Customers {
			kind = "customers"
		}
		if r.Records == 0 {
			return "cannot be read as it is"
		}
		return fmt.Sprintf("%s of %s, and %s before %s can be read", wording.Plural(r.Records, "record"), kind, wording.Plural(n, "question"), map[bool]string{true: "it", false: "they"}[r.Records == 1])
	}
	if r.Kind == Customers {
		return fmt.Sprintf("%s, %s", wording.Plural(r.Lines, "customer"), wording.Plural(len(r.Columns), "column"))
	}
	unit := ""
	if r.Currency != "" {
		unit = r.Currency + " "
	}
	return fmt.Sprintf("%s, %s, %s, %s%s net, %s to %s%s", wording.Plural(r.Lines, "order line"), wording.Plural(r.Orders, "order"), wording.Plural(r.Customers, "customer"), unit, grouped(r.Net), r.First, r.Last, open)
}

// layout says in a sentence how the file is laid out.
func (r *Report) layout() string {
	switch {
	case r.Encoding == "" && r.HeaderLine > 0: // a workbook, Parquet
		return fmt.Sprintf("The columns are named in row %d.", r.HeaderLine)
	case r.Encoding == "":
		return "No layout was recognised."
	}
	text := "Encoded in " + r.Encoding
	switch r.Separator {
	case "":
	case "\t":
		text += ", fields separated by tabs"
	case "blanks":
		text += ", fields separated by blanks"
	default:
		text += fmt.Sprintf(", fields separated by %q", r.Separator)
	}
	if r.HeaderLine > 0 {
		text += fmt.Sprintf(", columns named in line %d", r.HeaderLine)
	}
	return text + "."
}

// note is the question with its answers.
func (q *Question) note(i, of int, say func(Answer) string) string {
	text := "Question: "
	if of > 1 {
		text = fmt.Sprintf("Question %d of %d: ", i, of)
	}
	text += q.Text
	var answers []string
	for _, a := range q.Answers {
		answer := say(a)
		if a.Gives != "" {
			answer += " (" + a.Gives + ")"
		}
		answers = append(answers, answer)
	}
	if !strings.HasSuffix(text, "?") {
		text += "."
	}
	switch {
	case answers != nil:
		text += " Answer with " + strings.Join(answers, ", or with ") + "."
	case q.Remedy != "":
		text += " " + wording.Capital(q.Remedy)
		if !strings.HasSuffix(text, "?") {
			text += "."
		}
	}
	return text
}

func missing(cells map[string]int) string {
	var parts []string
	for _, m := range slices.Sorted(maps.Keys(cells)) {
		name := m
		if m == "" {
			name = "empty"
		}
		parts = append(parts, fmt.Sprintf("%s %s", sheet.Count(cells[m]), name))
	}
	if parts == nil {
		return "0"
	}
	return strings.Join(parts, ", ")
}

// grouped writes decimal text as people write money: with thousands set apart, and two decimals even where one would do.
func grouped(text string) string {
	sign, digits := "", text
	if rest, ok := strings.CutPrefix(text, "-"); ok {
		sign, digits = "−", rest
	}
	whole, fraction, _ := strings.Cut(digits, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if len(fraction) == 1 {
		fraction += "0"
	}
	if fraction != "" {
		whole += "." + fraction
	}
	return sign + whole
}

// Schema and Version name the layout of a report as JSON.
const (
	Schema  = "segkit/inspect"
	Version = 1
)

// MarshalJSON gives the report for programs: money as decimal text, null if not yet known.
func (r *Report) MarshalJSON() ([]byte, error) {
	type answer struct {
		Option string `json:"option"`
		Value  any    `json:"value"`
		Flag   string `json:"flag"`
		Gives  string `json:"gives,omitempty"`
	}
	type question struct {
		Column  string   `json:"column,omitempty"`
		Line    int      `json:"line,omitempty"`
		Value   string   `json:"value,omitempty"`
		Count   int      `json:"count,omitempty"`
		Text    string   `json:"text"`
		Remedy  string   `json:"remedy,omitempty"`
		Answers []answer `json:"answers"`
	}
	type column struct {
		Name     string         `json:"name"`
		Role     string         `json:"role,omitempty"`
		MayBe    []string       `json:"may_be,omitempty"`
		Form     string         `json:"form,omitempty"`
		Evidence string         `json:"evidence,omitempty"`
		Missing  map[string]int `json:"missing,omitempty"`
		Unread   int            `json:"unreadable,omitempty"`
		Example  string         `json:"example,omitempty"`
	}
	known := func(text string) *string {
		if text == "" {
			return nil
		}
		return &text
	}
	number := func(n int) *int {
		if len(r.Questions) > 0 && n == 0 {
			return nil
		}
		return &n
	}
	answers := func(all []Answer) []answer {
		out := []answer{}
		for _, a := range all {
			out = append(out, answer{a.Option, a.Value, a.Flag(), a.Gives})
		}
		return out
	}
	out := struct {
		Schema     string         `json:"schema"`
		Version    int            `json:"version"`
		File       string         `json:"file"`
		Kind       string         `json:"kind"`
		Encoding   string         `json:"encoding"`
		Separator  string         `json:"separator"`
		HeaderLine int            `json:"header_line"`
		Records    int            `json:"records"`
		Repeated   int            `json:"repeated_records"`
		Lines      *int           `json:"lines"`
		Orders     *int           `json:"orders"`
		Customers  *int           `json:"customers"`
		RepeatedID int            `json:"repeated_ids"`
		Sales      *string        `json:"sales"`
		Refunds    *string        `json:"refunds"`
		Net        *string        `json:"net"`
		Currency   string         `json:"currency"`
		First      *string        `json:"first"`
		Last       *string        `json:"last"`
		Columns    []column       `json:"columns"`
		Missing    map[string]int `json:"missing"`
		Questions  []question     `json:"questions"`
		Notes      []string       `json:"notes"`
		Options    []answer       `json:"options"`
	}{Schema: Schema, Version: Version, File: r.File, Kind: r.Kind, Encoding: r.Encoding, Separator: r.Separator, HeaderLine: r.HeaderLine, Records: r.Records, Repeated: r.Repeated,
		Lines: number(r.Lines), Orders: number(r.Orders), Customers: number(r.Customers), RepeatedID: r.RepeatedID, Sales: known(r.Sales), Refunds: known(r.Refunds), Net: known(r.Net),
		Currency: r.Currency, First: known(r.First), Last: known(r.Last), Columns: []column{}, Missing: map[string]int{}, Questions: []question{}, Notes: append([]string{}, r.Notes...),
		Options: answers(r.Options)}
	for _, c := range r.Columns {
		out.Columns = append(out.Columns, column(c))
		for _, n := range c.Missing {
			out.Missing[c.Name] += n
		}
	}
	for _, q := range r.Questions {
		out.Questions = append(out.Questions, question{q.Column, q.Line, q.Value, q.Count, q.Text, q.Remedy, answers(q.Answers)})
	}
	return json.Marshal(out)
}
