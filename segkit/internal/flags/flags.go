// Package flags says the options of readers as the command segkit inspect takes them.
//
// Options have one name for programs (OrdersOptions.DateLayout), one in the file that keeps them (date_layout) and one on the command
// line (--date); sentences that are written for programs are turned into those of the command here.
package flags

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/internal/cell"
	"github.com/segkit/lab/segkit/internal/kept"
)

// Roles are what --role says of a column.
var Roles = []string{"order", "customer", "date", "product", "name", "category", "quantity", "price", "amount", "total", "status", "refunded", "direction"}

// name is the flag of an option, by its key.
func name(key string) string {
	switch key {
	case "date_layout":
		return "--date"
	}
	return "--" + strings.ReplaceAll(key, "_", "-")
}

// Of is an option with its value as the command takes it.
func Of(key string, value any) string {
	if slices.Contains(Roles, key) {
		return "--role " + key + "=" + quoted(fmt.Sprint(value))
	}
	values, ok := value.([]string)
	if !ok {
		return name(key) + " " + quoted(fmt.Sprint(value))
	}
	if len(values) == 0 {
		return name(key) + " ''"
	}
	var parts []string
	for _, v := range values {
		if key != "missing" || !slices.Contains(cell.Markers, v) {
			parts = append(parts, name(key)+" "+quoted(v))
		}
	}
	return strings.Join(parts, " ")
}

// quoted is a text as a shell takes it.
func quoted(s string) string {
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,_-:/%@") == "" && strings.Trim(s, ".,_-:/%@") != "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// InFlags turns the names of options in a sentence into flags. Columns are given by --role. (It is written without package regexp, which
// every cell of a notebook that reads orders would have to link.)
func InFlags(sentence string) string {
	var out strings.Builder
	for sentence != "" {
		at, option := next(sentence)
		if at < 0 {
			break
		}
		before := strings.TrimSuffix(strings.TrimSuffix(sentence[:at], "features."), "table.")
		rest := sentence[at+len(option):]
		out.WriteString(before)
		switch {
		case strings.HasPrefix(rest, "."): // OrdersOptions.Customer = "Email"
			end := 1
			for end < len(rest) && (rest[end]|0x20 >= 'a' && rest[end]|0x20 <= 'z') {
				end++
			}
			key := kept.Key(rest[1:end])
			value, left, given := cutQuoted(rest[end:], ` = "`, `"`)
			if !given && key == "missing" {
				value, left, given = cutQuoted(rest[end:], ` ("`, `")`)
			}
			if texts, behind, listed := cutQuoted(rest[end:], ` to []string{"`, `"}`); listed { // set OrdersOptions.Ignore to []string{"zeros", "marks"}
				out.WriteString(Of(key, strings.Split(texts, `", "`)))
				sentence = behind
				continue
			}
			switch rest = left; {
			case given:
				out.WriteString(Of(key, value))
			case slices.Contains(Roles, key):
				out.WriteString("--role " + key + "=COLUMN")
			default:
				out.WriteString(name(key))
			}
		default: // CSVOptions{Decimal: ','}
			if value, left, ok := cutQuoted(rest, "{Decimal: '", "'}"); ok {
				rest = left
				out.WriteString(name("decimal") + "=" + value)
			} else if value, left, ok := cutQuoted(rest, `{Text: []string{"`, `"}}`); ok {
				rest = left
				out.WriteString(Of("text", []string{value}))
			} else {
				out.WriteString(option)
			}
		}
		sentence = rest
	}
	return out.String() + sentence
}

// next is where the next name of an option's struct stands in a sentence; -1 for nowhere.
func next(sentence string) (at int, option string) {
	at = -1
	for _, o := range [...]string{"OrdersOptions", "CSVOptions"} {
		if i := strings.Index(sentence, o); i >= 0 && (at < 0 || i < at) {
			at, option = i, o
		}
	}
	return at, option
}

// cutQuoted takes a text between begin and end off the front of s; where it does not begin so, rest is s.
func cutQuoted(s, begin, end string) (text, rest string, ok bool) {
	if behind, found := strings.CutPrefix(s, begin); found {
		if text, rest, ok = strings.Cut(behind, end); ok {
			return text, rest, true
		}
	}
	return "", s, false
}
