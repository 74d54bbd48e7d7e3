package dialect

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/wording"
)

// SQL is what a family of databases speaks.
type SQL uint8

const (
	Standard  SQL = iota // PostgreSQL, SQLite, DuckDB
	MySQL                // and MariaDB
	SQLServer            // and Azure SQL
	BigQuery
	Spark // and Databricks
	Trino // and Presto, Athena
)

// dialects says in what they differ.
var dialects = [...]struct {
	name         string
	open, close  string // around a name; close is doubled within
	backslash    bool   // in text is an escape
	float        string // a float64
	log          string // the natural logarithm
	materialized string // keeps a common table expression from being computed again wherever it is named; "" where there is no such word
}{
	Standard:  {"Standard", `"`, `"`, false, "DOUBLE PRECISION", "LN", "MATERIALIZED "},
	MySQL:     {"MySQL", "`", "`", true, "DOUBLE", "LN", ""},
	SQLServer: {"SQLServer", "[", "]", false, "FLOAT", "LOG", ""},
	BigQuery:  {"BigQuery", "`", "`", true, "FLOAT64", "LN", ""},
	Spark:     {"Spark", "`", "`", true, "DOUBLE", "LN", ""},
	Trino:     {"Trino", `"`, `"`, false, "DOUBLE", "LN", ""},
}

// String is the name of the constant.
func (d SQL) String() string {
	if int(d) >= len(dialects) {
		return fmt.Sprintf("SQL(%d)", d)
	}
	return dialects[d].name
}

// Check refuses a dialect that is none of the constants, in the name of op.
func (d SQL) Check(op string) error {
	if int(d) < len(dialects) {
		return nil
	}
	var names []string
	for _, each := range dialects {
		names = append(names, "dialect."+each.name)
	}
	return fault.Option(op, "Dialect", d, strings.Join(names[:len(names)-1], ", ")+" or "+names[len(names)-1])
}

// Float is the name of the type of a float64.
func (d SQL) Float() string { return dialects[d].float }

// Log is the natural logarithm of x.
func (d SQL) Log(x string) string { return dialects[d].log + "(" + x + ")" }

// Materialized stands behind AS where a common table expression should be computed once.
func (d SQL) Materialized() string { return dialects[d].materialized }

// Double is a number as a float64 constant: a plain 0.1 would be a decimal in most databases, and what is computed from it, too.
func (d SQL) Double(v float64) string {
	exact := strconv.FormatFloat(v, 'e', -1, 64) // which no engine takes through a decimal of its own on the way to a float64
	if v == math.Trunc(v) && math.Abs(v) < 1e15 {
		exact = wording.Number(v)
	}
	return "CAST(" + exact + " AS " + dialects[d].float + ")"
}

// Name quotes the name of a column or table. It fails for one that no statement can hold.
func (d SQL) Name(name string) (string, error) {
	q := dialects[d]
	if d == BigQuery {
		return q.open + strings.NewReplacer(`\`, `\\`, "`", "\\`", "\n", `\n`, "\r", `\r`).Replace(name) + q.close, legible(name)
	}
	return q.open + strings.ReplaceAll(name, q.close, q.close+q.close) + q.close, legible(name)
}

// Text quotes a text. It fails for one that no statement can hold.
func (d SQL) Text(text string) (string, error) {
	switch {
	case dialects[d].backslash:
		return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`, "\n", `\n`, "\r", `\r`).Replace(text) + "'", legible(text)
	case d == SQLServer && strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }):
		return "N'" + strings.ReplaceAll(text, "'", "''") + "'", legible(text)
	}
	return "'" + strings.ReplaceAll(text, "'", "''") + "'", legible(text)
}

func legible(text string) error {
	if strings.ContainsRune(text, 0) || !utf8.ValidString(text) {
		return fmt.Errorf("%q holds a NUL byte or is not UTF-8, which SQL cannot say: rename it", wording.Clip(text))
	}
	return nil
}

// Table quotes the name of a table, which may stand in a schema: "crm.customers". A part that holds a point itself is given
// in the dialect's own quotation marks: `crm."old.customers"`.
func (d SQL) Table(name string) (string, error) {
	var parts []string
	for rest := name; ; {
		part, after, more := cutName(rest, dialects[d].open, dialects[d].close)
		if part == "" {
			return "", fmt.Errorf("%q is no name of a table: want \"customers\" or \"schema.customers\"", wording.Clip(name))
		}
		quoted, err := d.Name(part)
		if err != nil {
			return "", err
		}
		parts = append(parts, quoted)
		if rest = after; !more {
			return strings.Join(parts, "."), nil
		}
	}
}

// cutName cuts the first part off a name; more says that another follows behind a point.
func cutName(name, open, close string) (part, after string, more bool) {
	if !strings.HasPrefix(name, open) {
		return strings.Cut(name, ".")
	}
	for i := len(open); i < len(name); i++ {
		switch {
		case !strings.HasPrefix(name[i:], close):
			part += name[i : i+1]
		case strings.HasPrefix(name[i+len(close):], close): // doubled
			part += close
			i++
		case i+len(close) == len(name):
			return part, "", false
		case name[i+len(close)] == '.':
			return part, name[i+len(close)+1:], true
		default:
			return "", "", false
		}
	}
	return "", "", false
}
