package rulebook

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"syscall"
	"unicode"
	"unicode/utf8"

	"github.com/segkit/lab/internal/atomicfile"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/formula"
	"github.com/segkit/lab/segkit/internal/textfile"
	"github.com/segkit/lab/segkit/internal/wording"
)

// A rule book as a plain text file, one rule a line:
//
//	# agreed with marketing
//	Champions: orders >= 6 and recency <= 30
//	"Staff: own shop": city == "Leeds"   # a name with a colon stands in quotes
//	Everyone else: *

const ruleExample = "Champions: orders >= 6 and recency <= 30"

// Read reads a rule book from a text file. Each line has one rule: a name, a colon and a condition as in Table.Where.
// Blank lines and anything after a # are ignored. The last line may name the rest: "Everyone else: *". A name that
// contains a colon must be in quotes.
func Read(path string) (*Book, error) {
	data, err := textfile.Read(path)
	if err != nil {
		e := &fault.CellError{Op: "rulebook.Read", File: path, Why: err.Error(), Err: fault.ErrFormat}
		if system := syscall.Errno(0); errors.As(err, &system) {
			e.Err = system
		}
		return nil, e
	}
	return parseRules("rulebook.Read", data, path)
}

// Parse is Read for rules that are not in a file of their own; name identifies them in messages.
func Parse(r io.Reader, name string) (*Book, error) {
	if r == nil {
		return nil, fault.Nil("rulebook.Parse", "reader")
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("segkit: rulebook.Parse: %s: %w", name, err)
	}
	if data, err = textfile.Decode(data); err != nil {
		return nil, &fault.CellError{Op: "rulebook.Parse", File: name, Why: err.Error(), Err: fault.ErrFormat}
	}
	return parseRules("rulebook.Parse", data, name)
}

func parseRules(op string, data []byte, file string) (*Book, error) {
	b := &Book{File: file}
	var errs []error
	line := 0
	for text := range strings.Lines(string(data)) {
		line++
		if text = strings.TrimSpace(text); text == "" || text[0] == '#' {
			continue
		}
		rule, err := parseRule(text)
		switch {
		case err != nil:
		case b.Rest != "":
			err = &fault.CellError{Why: fmt.Sprintf("rule %q comes after %q, which takes everyone", wording.Clip(rule.Name), wording.Clip(b.Rest)), Remedy: "move it up"}
		case rule.When == "*":
			b.Rest = rule.Name
		default:
			b.Rules, b.Lines = append(b.Rules, rule), append(b.Lines, line)
		}
		if err != nil {
			err.Op, err.File, err.Line, err.Err = op, file, line, fault.ErrFormat
			errs = append(errs, err)
		}
	}
	if errs == nil && b.Rules == nil {
		errs = append(errs, &fault.CellError{Op: op, File: file, Why: "holds no rules", Remedy: "write one a line, as in " + ruleExample, Err: fault.ErrFormat})
	}
	if errs != nil {
		return nil, all(errs)
	}
	return b, nil
}

// parseRule reads one line that is neither blank nor a remark. It checks the grammar of the condition; columns are for Check.
func parseRule(line string) (Rule, *fault.CellError) {
	name, when, found := strings.Cut(line, ":")
	if quoted, err := strconv.QuotedPrefix(line); err == nil && quoted[0] == '"' {
		name, _ = strconv.Unquote(quoted)
		when, found = strings.CutPrefix(strings.TrimSpace(line[len(quoted):]), ":")
	} else {
		name = strings.TrimSpace(name)
	}
	if !found || name == "" {
		return Rule{}, &fault.CellError{Value: line, Why: "is not a rule", Remedy: "write a name, a colon and a condition, as in " + ruleExample}
	}
	rule := Rule{name, strings.TrimSpace(withoutRemark(when))}
	if _, err := formula.Parse(rule.When); err != nil && rule.When != "*" {
		return Rule{}, &fault.CellError{Why: fmt.Sprintf("rule %q: %s, %v", wording.Clip(name), wording.Code(wording.Clip(rule.When)), err),
			Remedy: "write a condition, as in " + ruleExample}
	}
	return rule, nil
}

// withoutRemark cuts a condition at the first # outside of quotes.
func withoutRemark(condition string) string {
	var quote byte // that is open
	for i := 0; i < len(condition); i++ {
		switch c := condition[i]; {
		case quote != 0 && c == '\\' && quote != '`':
			i++
		case c == quote:
			quote = 0
		case quote == 0 && strings.IndexByte("\"'`", c) >= 0:
			quote = c
		case quote == 0 && c == '#':
			return condition[:i]
		}
	}
	return condition
}

// String returns the rule book in the form that Read reads.
func (b *Book) String() string {
	var out strings.Builder
	for _, rule := range b.Rules {
		fmt.Fprintf(&out, "%s: %s\n", writtenName(rule.Name), rule.When)
	}
	if b.Rest != "" {
		fmt.Fprintf(&out, "%s: *\n", writtenName(b.Rest))
	}
	return out.String()
}

// writtenName puts a name in quotes where it could be misread.
func writtenName(name string) string {
	plain := utf8.ValidString(name) && strings.TrimSpace(name) == name && !strings.Contains(name, ":") &&
		!strings.HasPrefix(name, "#") && !strings.HasPrefix(name, `"`) &&
		!strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) })
	if plain {
		return name
	}
	return strconv.Quote(name)
}

// WriteFile writes the rule book as a text file that Read reads. A condition that Read would not return unchanged, such as one with
// several lines, is an error, and then no file is written.
func (b *Book) WriteFile(path string) error {
	if b == nil {
		return fault.Nil("rulebook.Book.WriteFile", "rule book")
	}
	text := b.String()
	back, err := Parse(strings.NewReader(text), path)
	if err != nil {
		return err
	}
	for i, rule := range b.Rules {
		if i >= len(back.Rules) || back.Rules[i] != rule {
			return &fault.CellError{Op: "rulebook.Book.WriteFile", File: path, Err: fault.ErrFormat,
				Why:    fmt.Sprintf("the condition %s of %q does not read back unchanged", wording.Code(wording.Clip(rule.When)), wording.Clip(rule.Name)),
				Remedy: "write it on one line, without comments"}
		}
	}
	return atomicfile.Write(path, func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
}
