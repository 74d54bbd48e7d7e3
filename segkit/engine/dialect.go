package engine

// What the engines differ in, as far as statements here need it. Quoting is package dialect's.

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/segkit/lab/segkit/dialect"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/suggest"
)

// Dialect is the kind of database engine.
type Dialect uint8

const (
	DuckDB     Dialect = iota // 1.1 or newer
	PostgreSQL                // 12 or newer
	Trino                     // 400 or newer
)

// dialects says in what they differ. %s is the expression that a form is about.
var dialects = [...]struct {
	name      string
	sql       dialect.SQL
	version   string // asks for it
	oldest    [2]int // major and minor version
	temporary bool   // helper tables belong to the connection and end with it
	byRow     bool   // rows are read one by one, with all expressions anew, and what a helper table holds is known to the planner only after ANALYZE

	hash    string // a number that equal lists of columns have in common; "" where there is none
	days    string // since 1970, of a date or a time
	seconds string // since 1970, of a time
	bytes   string // of a text in UTF-8
	lower   string // an ASCII text in small letters
	nul     string // true of a text that holds a NUL; "" where none can
	sorted  string // a text that sorts by its bytes, as Go does
	wide    string // type of whole numbers of 38 digits
	whole   string // %[1]s / %[2]s for whole numbers of that type that are not below zero, cut
}{
	DuckDB: {"DuckDB", dialect.Standard, "SELECT version()", [2]int{1, 1}, true, false, "hash(%s)",
		"date_diff('day', DATE '1970-01-01', CAST(%s AS DATE))", "date_diff('second', TIMESTAMP '1970-01-01 00:00:00', CAST(%s AS TIMESTAMP))",
		"strlen(%s)", "LOWER(%s)", "contains(%s, chr(0))", "%s", "HUGEINT", "(%[1]s // %[2]s)"},
	PostgreSQL: {"PostgreSQL", dialect.Standard, "SHOW server_version", [2]int{12, 0}, true, true, "",
		"(CAST(%s AS DATE) - DATE '1970-01-01')", "CAST(FLOOR(EXTRACT(EPOCH FROM CAST(%s AS TIMESTAMP))) AS BIGINT)",
		"octet_length(%s)", `LOWER(%s COLLATE "C")`, "", `%s COLLATE "C"`, "NUMERIC(38, 0)", "DIV(%[1]s, %[2]s)"},
	Trino: {"Trino", dialect.Trino, "SELECT version()", [2]int{400, 0}, false, false, "",
		"date_diff('day', DATE '1970-01-01', CAST(%s AS DATE))", "date_diff('second', TIMESTAMP '1970-01-01 00:00:00', date_trunc('second', CAST(%s AS TIMESTAMP)))",
		"length(to_utf8(%s))", "LOWER(%s)", "strpos(%s, chr(0)) > 0", "%s", "DECIMAL(38, 0)", "((%[1]s - MOD(%[1]s, %[2]s)) / %[2]s)"},
}

// String returns the name of the constant.
func (d Dialect) String() string {
	if int(d) >= len(dialects) {
		return fmt.Sprintf("Dialect(%d)", d)
	}
	return dialects[d].name
}

// SQL returns the family of databases to which d belongs, for rule books and models as SQL.
func (d Dialect) SQL() dialect.SQL {
	if int(d) >= len(dialects) {
		return dialect.Standard
	}
	return dialects[d].sql
}

func (d Dialect) check(op string) error {
	if int(d) < len(dialects) {
		return nil
	}
	var names []string
	for _, each := range dialects {
		names = append(names, "engine."+each.name)
	}
	return fault.Option(op, "Dialect", d, strings.Join(names[:len(names)-1], ", ")+" or "+names[len(names)-1])
}

// double reads x as a float64.
func (d Dialect) double(x string) string { return "CAST(" + x + " AS " + d.SQL().Float() + ")" }

// whole reads x, which has no fraction, as an int64. Engines round what has one differently: take the floor first.
func (d Dialect) whole(x string) string { return "CAST(" + x + " AS BIGINT)" }

// wide reads the whole number x as one of 38 digits.
func (d Dialect) wide(x string) string { return "CAST(" + x + " AS " + dialects[d].wide + ")" }

// days is how many days after 1 January 1970 the date or time x lies.
func (d Dialect) days(x string) string { return fmt.Sprintf(dialects[d].days, x) }

// seconds is how many seconds after the start of 1970 the time x lies; a part of a second is cut.
func (d Dialect) seconds(x string) string { return fmt.Sprintf(dialects[d].seconds, x) }

// capitals are all letters that have a small one, and small ones in the same order.
var capitals, smalls = func() (string, string) {
	var from, to strings.Builder
	for r := range unicode.MaxRune {
		if small := unicode.ToLower(r); small != r {
			from.WriteRune(r)
			to.WriteRune(small)
		}
	}
	return from.String(), to.String()
}()

// small is the text x in small letters as Go has them. Databases differ in those of other alphabets, and with their locale.
func (d Dialect) small(x string) string {
	return fmt.Sprintf("CASE WHEN "+strings.ReplaceAll(dialects[d].bytes, "%s", "%[1]s")+" = LENGTH(%[1]s) THEN "+strings.ReplaceAll(dialects[d].lower, "%s", "%[1]s")+" ELSE TRANSLATE(%[1]s, '%[2]s', '%[3]s') END", x, capitals, smalls)
}

// folded is the id x in small letters, without accents, blanks and punctuation marks but the point: a first step to what suggest.Spellings takes for one id.
func (d Dialect) folded(x string) (string, error) {
	from, to := suggest.Folded()
	quoted, err := d.SQL().Text(from)
	return fmt.Sprintf("TRANSLATE(%s, %s, '%s')", d.small(x), quoted, to), err
}

// plain is the folded id x without its point, zeros in front, and zeros behind the point of a whole number. Ids that suggest.Spellings takes for one are the same in it; a few others are, too.
func (d Dialect) plain(x string) string {
	whole := "TRIM(TRAILING '0' FROM " + x + ")"
	return "TRIM(LEADING '0' FROM REPLACE(CASE WHEN TRANSLATE(" + x + ", '0123456789', '') = '.' AND " + whole + " LIKE '%.' THEN " + whole + " ELSE " + x + " END, '.', ''))"
}

// word is the plain id x without the other marks of ASCII, as exports.Nobody has such ids.
func (d Dialect) word(x string) string { return "TRANSLATE(" + x + ", '!\"$%&*<=>?@[]^`{|}~', '')" }

// sorted is the text x for ORDER BY, MIN and comparisons: by its bytes, whatever the language of the database.
func (d Dialect) sorted(x string) string { return fmt.Sprintf(dialects[d].sorted, x) }

// among is true of the lines that a SELECT of one column, line, has. PostgreSQL makes no join of NOT IN, and DuckDB an expensive one of NOT EXISTS.
func (d Dialect) among(query string) string {
	if d == PostgreSQL {
		return "EXISTS (SELECT 1 FROM (" + query + ") AS picked WHERE picked.line = lines.line)"
	}
	return "lines.line IN (" + query + ")"
}

// kind is what a column of a database holds, as far as it matters here.
type kind uint8

const (
	other kind = iota
	text
	whole  // integers
	number // with a fraction
	date
	moment // date and time, without a zone
	zoned  // with one: which day it is depends on who asks
)

func (k kind) String() string {
	return [...]string{"something else", "texts", "whole numbers", "numbers", "dates", "times", "times with a zone"}[k]
}

// kindOf reads the name of a type as the drivers give it: "DECIMAL(18,2)", "INT4", "timestamp(3) with time zone".
func kindOf(databaseType string) kind {
	name := strings.ToUpper(databaseType)
	zone := strings.HasSuffix(name, "TZ") || strings.Contains(name, "WITH TIME ZONE")
	name, _, _ = strings.Cut(name, "(")
	switch strings.TrimSpace(name) {
	case "VARCHAR", "TEXT", "CHAR", "BPCHAR", "CHARACTER", "CHARACTER VARYING", "STRING", "ENUM", "UUID", "NAME":
		return text
	case "TINYINT", "SMALLINT", "INTEGER", "INT", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT", "INT2", "INT4", "INT8":
		return whole
	case "DECIMAL", "NUMERIC", "DOUBLE", "DOUBLE PRECISION", "REAL", "FLOAT", "FLOAT4", "FLOAT8":
		return number
	case "DATE":
		return date
	}
	switch {
	case strings.HasPrefix(name, "TIMESTAMP") && zone:
		return zoned
	case strings.HasPrefix(name, "TIMESTAMP"):
		return moment
	}
	return other
}
