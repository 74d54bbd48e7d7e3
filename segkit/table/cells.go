package table

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/cell"
	"github.com/segkit/lab/segkit/internal/condition"
	"github.com/segkit/lab/segkit/internal/exports"
	"github.com/segkit/lab/segkit/internal/wording"
)

// From text cells to a column: numbers, levels, or an error that names the one cell in the way. Nothing becomes missing
// that was not written as missing, and no column becomes text because one of its cells cannot be read.

// cellReader turns text cells into columns.
type cellReader struct {
	op       string
	decimal  rune // what CSVOptions.Decimal says; 0: the columns decide
	missing  *cell.Missing
	fromFile bool                         // remedies may speak of CSVOptions
	fixed    bool                         // what each column is stands fast, and remedies do not speak of text
	at       func(i int) *fault.CellError // coordinates of row i
	lines    []int                        // of the file, that each row stands on; nil for a frame
	seen     []*cell.Numbers              // (columns) what their cells show, where they are read as numbers
	met      []string                     // markers of missing values that stand in the file
}

func (r *cellReader) isMissing(text string) bool { return r.missing.Find([]byte(text)) >= 0 }

// texts are the cells of a column, of which there are many: one text, and where each cell ends in it.
type texts struct {
	all  []byte
	ends []int
}

func (t *texts) add(text string) {
	t.all = append(t.all, text...)
	t.ends = append(t.ends, len(t.all))
}

func (t *texts) len() int { return len(t.ends) }

// at is cell i, valid as long as t; it must not be written to.
func (t *texts) at(i int) []byte {
	from := 0
	if i > 0 {
		from = t.ends[i-1]
	}
	return t.all[from:t.ends[i]:t.ends[i]]
}

// evidence is what the cells of a column show: what it is read as, and what advice about another column must respect.
type evidence struct {
	numbers *cell.Numbers // nil for a column of text
	digits  cell.Digits   // of a column that is not text
	met     []string      // markers of missing values
}

// look sees the cells of a column. Of a column of text it sees only what is missing.
func (r *cellReader) look(cells *texts, asText bool) evidence {
	var e evidence
	if !asText {
		e.numbers = new(cell.Numbers)
	}
	for i := range cells.len() {
		text := cells.at(i)
		if r.missing.Find(text) >= 0 {
			if !slices.Contains(e.met, string(text)) {
				e.met = append(e.met, string(text))
			}
		} else if !asText {
			e.numbers.Add(text, r.place(i))
			e.digits.Add(text, r.place(i))
		}
	}
	return e
}

// know takes the evidence of one more column into account.
func (r *cellReader) know(e evidence) {
	if e.numbers != nil {
		r.seen = append(r.seen, e.numbers)
	}
	for _, text := range e.met {
		if !slices.Contains(r.met, text) {
			r.met = append(r.met, text)
		}
	}
}

// place is what people call row i: its line in the file, or its number in the frame. index is the inverse.
func (r *cellReader) place(i int) int {
	if r.lines != nil {
		return r.lines[i]
	}
	return i + 1
}

func (r *cellReader) index(place int) int {
	if r.lines == nil {
		return place - 1
	}
	i, _ := slices.BinarySearch(r.lines, place)
	return i
}

// column reads cells (n) into values (n) and fills in c.Levels where the cells are text, or c.Unit where they have a
// currency or a percent sign. seen is what look saw in them; nil where numbers are to be read as text too. When c.Levels is set
// already, only these levels are allowed.
func (r *cellReader) column(c *Column, cells *texts, seen *cell.Numbers) ([]float64, error) {
	values := make([]float64, cells.len())
	if c.Levels != nil {
		return values, r.levels(c, cells, values)
	}
	if seen != nil && areNumbers(seen) {
		return values, r.numbers(c, cells, values, seen)
	}
	known := make(map[string]bool)
	for i := range cells.len() {
		if text := cells.at(i); !known[string(text)] && r.missing.Find(text) < 0 {
			level := string(text)
			known[level] = true
			c.Levels = append(c.Levels, level)
		}
	}
	sortLevels(c.Levels)
	return values, r.levels(c, cells, values)
}

// areNumbers reports whether a column holds numbers, if only some that cannot be read. One without any value does, all of them missing.
func areNumbers(seen *cell.Numbers) bool {
	return seen.Count() > 0 || seen.Bad().Count == 0 || looksNumeric(seen.Strange()) && !condition.AreDates(seen.Strange())
}

// numbers fills values with what the whole column says the cells are.
func (r *cellReader) numbers(c *Column, cells *texts, values []float64, seen *cell.Numbers) error {
	read, err := r.reading(c, seen)
	if err != nil {
		return err
	}
	if first, grade := r.grades(seen, cells); grade {
		e := r.refuse(c.Name, cell.Seen{Count: 1, Row: r.place(first), Cell: string(cells.at(first))})
		e.Why = "may be a negative number or a name such as a grade"
		e.Remedy = fmt.Sprintf("set CSVOptions.Decimal to '.' for numbers, or read the column as text with CSVOptions{Text: []string{%q}}", c.Name)
		return e
	}
	for i := range values {
		if values[i], err = r.value(c, &read, cells.at(i), r.place(i)); err != nil {
			return err
		}
	}
	return nil
}

// reading says how the cells of a column of numbers are read, and gives the column their unit.
func (r *cellReader) reading(c *Column, seen *cell.Numbers) (cell.Reading, error) {
	words := cell.Words{Row: "row", Decimal: "CSVOptions.Decimal"}
	if r.fromFile {
		words.Row = "line"
	}
	answer := r.answer(seen)
	if q := seen.Question(answer, words); q != nil && q.Kind != cell.TooLarge {
		return cell.Reading{}, r.ask(c.Name, seen, q)
	}
	read := seen.Readings(answer)[0]
	switch {
	case c.Unit == "":
		c.Unit = read.Unit
	case !cell.SameUnit(c.Unit, read.Unit):
		e := r.refuse(c.Name, seen.Units()[0].Seen)
		e.Why, e.Remedy = fmt.Sprintf("is in %s, while CSVOptions.Units says %s", read.Unit, c.Unit), fmt.Sprintf("give the unit %q, or none", read.Unit)
		return cell.Reading{}, e
	}
	return read, nil
}

// value reads one cell of a column of numbers: NaN for a missing one.
func (r *cellReader) value(c *Column, read *cell.Reading, text []byte, place int) (float64, error) {
	if r.missing.Find(text) >= 0 {
		return math.NaN(), nil
	}
	v, ok := read.Float(text)
	if !ok || math.IsInf(v, 0) {
		e := r.refuse(c.Name, cell.Seen{Count: 1, Row: place, Cell: string(text)})
		e.Why, e.Err, e.Remedy = "is not a finite number", fault.ErrNotFinite, "mend the cell, or list it in CSVOptions.Missing"
		return 0, e
	}
	return v, nil
}

// answer is the decimal mark that the user gave, for a column whose cells leave room for it. A column in which no single cell
// can be read in two ways is read as its cells say, whatever another column of the file needs.
func (r *cellReader) answer(seen *cell.Numbers) rune {
	if seen.Either() == 0 && len(seen.Readings(0)) == 1 {
		return 0
	}
	return r.decimal
}

// ask turns a question about a column into the error that asks it. Advice is tried on all columns before it is given.
func (r *cellReader) ask(column string, seen *cell.Numbers, q *cell.Question) error {
	e := r.refuse(column, q.Seen)
	e.Why, e.Remedy = q.Why, q.Remedy
	if q.Kind == cell.Unreadable {
		r.notNumber(e, column, seen)
		return e
	}
	if !r.fromFile {
		e.Remedy = "mend the cells in the frame, or read the file with table.ReadCSV, which has options for this"
		return e
	}
	if q.Kind == cell.TwoReadings {
		var works []string
		for _, read := range seen.Readings(0) {
			if r.fits(rune(read.Decimal)) {
				works = append(works, fmt.Sprintf("CSVOptions{Decimal: %q} for %v", read.Decimal, read.Sum))
			}
		}
		switch len(works) {
		case 2:
			e.Remedy = "read the file with " + works[0] + ", or with " + works[1]
		case 1:
			e.Remedy = "read the file with " + works[0] + ", which suits the other columns, or write this column with as many decimals as they have"
		default:
			e.Remedy = "write this column without thousands separators, and with decimals as in the other columns"
		}
	}
	return e
}

// fits reports whether every column could be read if the user gave this decimal mark.
func (r *cellReader) fits(mark rune) bool {
	given := *r
	given.decimal = mark
	return !slices.ContainsFunc(r.seen, func(n *cell.Numbers) bool {
		q := n.Question(given.answer(n), cell.Words{})
		return n.Count() > 0 && q != nil && (q.Kind == cell.TwoReadings || q.Kind == cell.Mixed)
	})
}

// grades finds whole numbers with a minus behind them or in brackets, in a column where nothing else says that they are
// amounts: 1- may be a grade.
func (r *cellReader) grades(seen *cell.Numbers, cells *texts) (first int, ok bool) {
	if r.decimal != 0 || seen.Shape(cell.TrailingMinus)+seen.Shape(cell.Accounting) == 0 || seen.Shape(cell.WithUnit)+seen.Shape(cell.Grouped) > 0 ||
		seen.Readings(0)[0].Deciding.Count > 0 {
		return 0, false
	}
	for first = range cells.len() {
		text := cells.at(first)
		if last, n := utf8.DecodeLastRune(text); n > 0 && strings.ContainsRune("-−)", last) && r.missing.Find(text) < 0 {
			return first, true
		}
	}
	return -1, true
}

// refuse is the error about the first of the cells seen, by its row.
func (r *cellReader) refuse(column string, seen cell.Seen) *fault.CellError {
	e := r.at(r.index(seen.Row))
	e.Op, e.Column, e.Value, e.Count, e.Err = r.op, column, seen.Cell, seen.Count, fault.ErrSchema
	return e
}

// levels fills values with the indexes of cells in c.Levels.
func (r *cellReader) levels(c *Column, cells *texts, values []float64) error {
	index := make(map[string]float64, len(c.Levels))
	for l, name := range c.Levels {
		index[name] = float64(l)
	}
	var bad *fault.CellError
	for i := range values {
		text := cells.at(i)
		v, ok := index[string(text)]
		switch {
		case ok:
			values[i] = v
		case r.missing.Find(text) >= 0:
			values[i] = math.NaN()
		case bad == nil:
			bad = r.at(i)
			bad.Op, bad.Column, bad.Value, bad.Count, bad.Err = r.op, c.Name, string(text), 1, fault.ErrSchema
			bad.Why = "is not one of its levels " + wording.List(c.Levels)
			bad.Remedy = "add it to the levels, or mend the cell"
		default:
			bad.Count++
		}
	}
	if bad != nil {
		return bad
	}
	return nil
}

// notNumber says of the first of the cells that are no numbers, beside others that are, what can be done about it.
func (r *cellReader) notNumber(e *fault.CellError, column string, seen *cell.Numbers) {
	e.Why = "is not a number"
	if others := seen.Count(); others > 0 {
		e.Why = fmt.Sprintf("is not a number, while %s of this column can be read", wording.Plural(others, "other cell"))
	}
	asText := fmt.Sprintf("CSVOptions{Text: []string{%q}}", column)
	strange := seen.Strange()
	switch {
	case r.fixed:
		e.Remedy = "mend the cell, or leave it empty if nothing is known"
	case r.fromFile && digitsAlone(seen) && likeCodes(column, strange):
		e.Why = fmt.Sprintf("is not a number, so the column seems to hold codes such as postcodes or article numbers, although %s %s only digits", wording.Plural(seen.Count(), "other cell"), wording.Have(seen.Count()))
		e.Remedy = fmt.Sprintf("read it as text with %s, which keeps each code as it is written, zeros at the front included", asText)
	case !r.fromFile:
		e.Remedy = "mend the cell in the frame, or read the file with table.ReadCSV, which has more options"
	case seen.Count() == 0:
		e.Remedy = "write the numbers the same way, or read the column as text with " + asText
	case len(strange) > 3 || len(strings.Join(strange, "")) > 60:
		e.Remedy = "mend the cells, or read the column as text with " + asText
	default:
		e.Remedy = fmt.Sprintf("mend the cell, read the column as text with %s, or, if it means that nothing is known, read the file with CSVOptions{Missing: []string{%s}}",
			asText, literals(append(slices.Clone(r.met), strange...)))
	}
}

// digitsAlone reports whether a column has numbers, all of them without decimals and units.
func digitsAlone(seen *cell.Numbers) bool {
	read := seen.Readings(0)
	return seen.Count() > 0 && seen.Either() == 0 && len(read) == 1 && read[0].Deciding.Count == 0 && len(seen.Units()) == 0
}

// codeForms are what postcodes and article numbers look like where they are more than digits: D-20095, SW1A 1AA, A17; 1234 AB; 2A004; 123 45; 12345-6789, 1234-567; 00-950.
// Ranges such as 18-24 and amounts with a unit such as 12 kg are none.
const codeForms = `^(\p{Lu}{1,4}[-./ ]?\d[\p{Lu}\d]*([-./ ][\p{Lu}\d]+)*|\d{4,5} ?\p{Lu}{2}|\d+\p{Lu}\d+|\d{3} \d{2}|\d{5}-\d{3,4}|\d{4}-\d{3}|0\d*[- ]\d+)$`

// likeCodes reports whether cells that are no numbers are codes, by what they look like or by the name of their column.
func likeCodes(column string, strange []string) bool {
	form := regexp.MustCompile(codeForms)
	if exports.NamesCode(column) {
		form = regexp.MustCompile(`\d`)
	}
	return !slices.ContainsFunc(strange, func(text string) bool { return !form.MatchString(text) })
}

// literals are texts as Go has them, to be copied into an option.
func literals(texts []string) string {
	quoted := make([]string, len(texts))
	for i, text := range texts {
		quoted[i] = strconv.Quote(text)
	}
	return strings.Join(quoted, ", ")
}

// number reads a plain finite number: with a decimal point, and without thousands set apart.
func number(text string) (float64, bool) {
	v := parseFloat(text)
	return v, !math.IsNaN(v) && !math.IsInf(v, 0)
}

// parseFloat reads a decimal number and nothing else that Go would take (hexadecimal, underscores, "inf"); NaN if it is none.
// A number too large for a float64 is infinite.
func parseFloat(text string) float64 {
	digits := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c >= '0' && c <= '9':
			digits = true
		case c != '+' && c != '-' && c != '.' && c != 'e' && c != 'E':
			return math.NaN()
		}
	}
	if !digits {
		return math.NaN()
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil && !math.IsInf(v, 0) {
		return math.NaN()
	}
	return v
}

// looksNumeric reports whether a person would read these texts as amounts, though they cannot be read: "1.23,5".
func looksNumeric(texts []string) bool {
	return len(texts) > 0 && !slices.ContainsFunc(texts, func(text string) bool {
		return !strings.ContainsAny(text, "0123456789") || strings.Trim(text, "0123456789.,'’ \u00a0\u202f%€$£¥-+−") != "" || strings.ContainsAny(strings.TrimLeft(text, "-+"), "-+−")
	})
}

// sortLevels puts numbers in order of value, other text in order of its bytes.
func sortLevels(levels []string) {
	numeric := !slices.ContainsFunc(levels, func(l string) bool { _, ok := number(l); return !ok })
	slices.SortFunc(levels, func(a, b string) int {
		if numeric {
			if x, y := parseFloat(a), parseFloat(b); x != y {
				return int(math.Copysign(1, x-y))
			}
		}
		return strings.Compare(a, b)
	})
}
