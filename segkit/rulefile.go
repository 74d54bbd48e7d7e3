package segkit

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"syscall"
	"unicode"
	"unicode/utf8"

	"github.com/segkit/lab/segkit/internal/atomicfile"
	"github.com/segkit/lab/segkit/internal/formula"
	"github.com/segkit/lab/segkit/internal/textfile"
)

// A rule book as a plain text file, one rule a line:
//
//	# agreed with marketing
//	Champions: orders >= 6 and recency <= 30
//	"Staff: own shop": city == "Leeds"   # a name with a colon stands in quotes
//	Everyone else: *

const ruleExample = "Champions: orders >= 6 and recency <= 30"

// ReadRules reads a rule book from a text file: one rule a line, a name, a colon and a condition as in Table.Where. Blank
// lines and what follows a # count for nothing. The last line may name the rest: "Everyone else: *". A name that holds a
// colon stands in quotes.
func ReadRules(path string) (*RuleBook, error) {
	data, err := textfile.Read(path)
	if err != nil {
		e := &CellError{Op: "ReadRules", File: path, Why: err.Error(), Err: ErrFormat}
		if system := syscall.Errno(0); errors.As(err, &system) {
			e.Err = system
		}
		return nil, e
	}
	return parseRules("ReadRules", data, path)
}

// ParseRules is ReadRules for rules that do not lie in a file by themselves; name stands for it in messages.
func ParseRules(r io.Reader, name string) (*RuleBook, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("segkit: ParseRules: %s: %w", name, err)
	}
	if data, err = textfile.Decode(data); err != nil {
		return nil, &CellError{Op: "ParseRules", File: name, Why: err.Error(), Err: ErrFormat}
	}
	return parseRules("ParseRules", data, name)
}

func parseRules(op string, data []byte, file string) (*RuleBook, error) {
	b := &RuleBook{File: file}
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
			err = &CellError{Why: fmt.Sprintf("rule %q stands behind %q, which takes everyone", clip(rule.Name), clip(b.Rest)), Remedy: "move it up"}
		case rule.When == "*":
			b.Rest = rule.Name
		default:
			b.Rules, b.Lines = append(b.Rules, rule), append(b.Lines, line)
		}
		if err != nil {
			err.Op, err.File, err.Line, err.Err = op, file, line, ErrFormat
			errs = append(errs, err)
		}
	}
	if errs == nil && b.Rules == nil {
		errs = append(errs, &CellError{Op: op, File: file, Why: "holds no rules", Remedy: "write one a line, as in " + ruleExample, Err: ErrFormat})
	}
	if errs != nil {
		return nil, all(errs)
	}
	return b, nil
}

// parseRule reads one line that is neither blank nor a remark. It checks the grammar of the condition; columns are for Check.
func parseRule(line string) (Rule, *CellError) {
	name, when, found := strings.Cut(line, ":")
	if quoted, err := strconv.QuotedPrefix(line); err == nil && quoted[0] == '"' {
		name, _ = strconv.Unquote(quoted)
		when, found = strings.CutPrefix(strings.TrimSpace(line[len(quoted):]), ":")
	} else {
		name = strings.TrimSpace(name)
	}
	if !found || name == "" {
		return Rule{}, &CellError{Value: line, Why: "is not a rule", Remedy: "write a name, a colon and a condition, as in " + ruleExample}
	}
	rule := Rule{name, strings.TrimSpace(withoutRemark(when))}
	if _, err := formula.Parse(rule.When); err != nil && rule.When != "*" {
		return Rule{}, &CellError{Why: fmt.Sprintf("rule %q: %q, %v", clip(name), clip(rule.When), err),
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

// String is the rule book as ReadRules reads it.
func (b *RuleBook) String() string {
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

// WriteFile writes the rule book as a text file that ReadRules reads. A condition that does not come back as it is, such
// as one of several lines, is an error, and then no file is written.
func (b *RuleBook) WriteFile(path string) error {
	text := b.String()
	back, err := ParseRules(strings.NewReader(text), path)
	if err != nil {
		return err
	}
	for i, rule := range b.Rules {
		if i >= len(back.Rules) || back.Rules[i] != rule {
			return &CellError{Op: "RuleBook.WriteFile", File: path, Err: ErrFormat,
				Why:    fmt.Sprintf("the condition %q of %q does not come back as it is", clip(rule.When), clip(rule.Name)),
				Remedy: "write it on one line, without remarks"}
		}
	}
	return atomicfile.Write(path, func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
}
