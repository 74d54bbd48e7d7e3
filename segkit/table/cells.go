package table

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/wording"
)

// From text cells to a column: numbers, levels, or an error that names the one cell in the way. Nothing becomes missing
// that was not written as missing, and no column becomes text because one of its cells cannot be read.

// missingTokens are the cells that mean "not known" unless CSVOptions.Missing says otherwise.
var missingTokens = []string{"", "NA", "N/A", "#N/A", "NaN", "nan", "null", "NULL"}

// cellReader turns text cells into columns.
type cellReader struct {
	op       string
	decimal  rune // 0: point, without grouping
	missing  []string
	fromFile bool                         // remedies may speak of CSVOptions
	at       func(i int) *fault.CellError // coordinates of row i
}

func (r *cellReader) isMissing(cell string) bool { return slices.Contains(r.missing, cell) }

// column reads cells (n) into values (n) and fills in c.Levels where the cells are text. When asText is set, numbers are
// read as text too; when c.Levels is set already, only these levels are allowed.
func (r *cellReader) column(c *Column, cells []string, asText bool) ([]float64, error) {
	values := make([]float64, len(cells))
	if c.Levels != nil {
		return values, r.levels(c, cells, values)
	}
	if !asText {
		present, first, bad, lookalikes := 0, -1, 0, 0
		for i, cell := range cells {
			values[i] = math.NaN()
			if r.isMissing(cell) {
				continue
			}
			present++
			v, ok := number(cell, r.decimal)
			if ok {
				values[i] = v
				continue
			}
			if bad++; first < 0 {
				first = i
			}
			if looksNumeric(cell) {
				lookalikes++
			}
		}
		if bad == 0 { // a column without any value is a number column, all missing
			return values, nil
		}
		if bad < present || lookalikes == bad {
			return nil, r.notNumber(c.Name, cells[first], first, bad, present)
		}
	}
	seen := make(map[string]bool)
	for _, cell := range cells {
		if !r.isMissing(cell) && !seen[cell] {
			seen[cell] = true
			c.Levels = append(c.Levels, cell)
		}
	}
	sortLevels(c.Levels)
	return values, r.levels(c, cells, values)
}

// levels fills values with the indexes of cells in c.Levels.
func (r *cellReader) levels(c *Column, cells []string, values []float64) error {
	index := make(map[string]float64, len(c.Levels))
	for l, name := range c.Levels {
		index[name] = float64(l)
	}
	var bad *fault.CellError
	for i, cell := range cells {
		v, ok := index[cell]
		switch {
		case ok:
			values[i] = v
		case r.isMissing(cell):
			values[i] = math.NaN()
		case bad == nil:
			bad = r.at(i)
			bad.Op, bad.Column, bad.Value, bad.Count, bad.Err = r.op, c.Name, cell, 1, fault.ErrSchema
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

// notNumber is the error of a column that holds bad cells which are not numbers beside present-bad which are.
func (r *cellReader) notNumber(column, cell string, row, bad, present int) error {
	e := r.at(row)
	e.Op, e.Column, e.Value, e.Count, e.Err = r.op, column, cell, bad, fault.ErrSchema
	e.Why = "is not a number"
	if others := present - bad; others > 0 {
		e.Why = fmt.Sprintf("is not a number, while %s of this column can be read", wording.Plural(others, "other cell"))
	}
	asText := fmt.Sprintf("CSVOptions{Text: []string{%q}}", column)
	switch _, comma := number(cell, ','); {
	case !r.fromFile:
		e.Remedy = "mend the cell in the frame, or read the file with table.ReadCSV, which can say more"
	case math.IsInf(parseFloat(cell), 0):
		e.Why, e.Err = "is not a finite number", fault.ErrNotFinite
		e.Remedy = "mend the cell, or list it in CSVOptions.Missing"
	case r.decimal == 0 && comma:
		e.Why = "looks like a number with a decimal comma"
		e.Remedy = "read the file with CSVOptions{Decimal: ','}, or with Decimal: '.' if the comma separates thousands"
	case r.decimal == 0 && looksNumeric(cell) && strings.Contains(cell, ","):
		e.Why = "looks like a number with separated thousands"
		e.Remedy = "read the file with CSVOptions{Decimal: '.'}"
	case looksNumeric(cell):
		e.Why = "is not a plain number"
		e.Remedy = "write the number alone (its unit goes into CSVOptions.Units), or read the column as text with " + asText
	default:
		e.Remedy = "mend the cell, list it in CSVOptions.Missing, or read the column as text with " + asText
	}
	return e
}

// number reads a finite number. decimal 0 wants a point and no grouping; '.' and ',' name the decimal mark and allow
// thousands to be grouped in threes by the other of the two, by a blank or by an apostrophe.
func number(cell string, decimal rune) (float64, bool) {
	if decimal != 0 {
		cell = ungroup(cell, byte(decimal))
	}
	v := parseFloat(cell)
	return v, !math.IsNaN(v) && !math.IsInf(v, 0)
}

// parseFloat reads a decimal number and nothing else that Go would take (hexadecimal, underscores, "inf"); NaN if it is none.
// A number too large for a float64 is infinite.
func parseFloat(cell string) float64 {
	digits := false
	for i := 0; i < len(cell); i++ {
		switch c := cell[i]; {
		case c >= '0' && c <= '9':
			digits = true
		case c != '+' && c != '-' && c != '.' && c != 'e' && c != 'E':
			return math.NaN()
		}
	}
	if !digits {
		return math.NaN()
	}
	v, err := strconv.ParseFloat(cell, 64)
	if err != nil && !math.IsInf(v, 0) {
		return math.NaN()
	}
	return v
}

// ungroup rewrites "1.234,5" as "1234.5" where decimal is a comma, and "1,234.5" likewise where it is a point. Text that
// is not grouped in threes comes back as something parseFloat refuses.
func ungroup(cell string, decimal byte) string {
	const unreadable = ""
	whole, fraction, split := strings.Cut(cell, string(decimal))
	group := ","
	if decimal == ',' {
		group = "."
	}
	whole = strings.NewReplacer(" ", group, "\u00a0", group, "\u202f", group, "'", group, "’", group).Replace(whole)
	parts := strings.Split(whole, group)
	for p, part := range parts {
		long := len(strings.TrimLeft(part, "+-"))
		if len(parts) > 1 && (p == 0 && (long < 1 || long > 3) || p > 0 && len(part) != 3) {
			return unreadable
		}
	}
	whole = strings.Join(parts, "")
	if !split {
		return whole
	}
	if strings.ContainsAny(fraction, ".,") {
		return unreadable
	}
	return whole + "." + fraction
}

// looksNumeric reports whether a person would read the cell as an amount: "12,5", "€ 1.200", "15 %".
func looksNumeric(cell string) bool {
	digits := false
	for i, r := range cell {
		switch {
		case r >= '0' && r <= '9':
			digits = true
		case strings.ContainsRune(".,'’ \u00a0\u202f%€$£¥", r):
		case (r == '-' || r == '+' || r == '−') && i == 0:
		default:
			return digits && math.IsInf(parseFloat(cell), 0)
		}
	}
	return digits
}

// sortLevels puts numbers in order of value, other text in order of its bytes.
func sortLevels(levels []string) {
	numeric := !slices.ContainsFunc(levels, func(l string) bool { _, ok := number(l, 0); return !ok })
	slices.SortFunc(levels, func(a, b string) int {
		if numeric {
			if x, y := parseFloat(a), parseFloat(b); x != y {
				return int(math.Copysign(1, x-y))
			}
		}
		return strings.Compare(a, b)
	})
}
