// Package choices reads what people choose in files and on command lines: a line for each choice, and rules of cleaning by their names.
package choices

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/kept"
	"github.com/segkit/lab/segkit/internal/suggest"
)

// Fill fills fields that no flag has set from a file of choices: a line for each, as in k = 4. Names of files are taken from where the file lies. to
// has a pointer for each key: to a string, an int, a []string, or to a pointer to an int or a string, which is nil where nothing was said.
func Fill(path string, to map[string]any, files ...string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("segkit: the choices cannot be read: %w", err)
	}
	var keys []string
	for key := range to {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	refuse := func(line int, why, remedy string, kind error) error {
		return &fault.CellError{File: path, Line: line, Why: why, Remedy: remedy, Err: kind}
	}
	line, err := kept.Each(string(text), func(s kept.Setting, line int) error {
		field, known := to[s.Key]
		if !known {
			return refuse(line, fmt.Sprintf("there is no option %q%s", s.Key, suggest.Suggestion(s.Key, keys)), "", fault.ErrOption)
		}
		if text, ok := s.Value.(string); ok && slices.Contains(files, s.Key) && text != "" && !filepath.IsAbs(text) {
			if beside := filepath.Join(filepath.Dir(path), text); s.Key != "orders" || there(beside) { // orders may be a data set by its name
				s.Value = beside
			}
		}
		ok := true
		switch f := field.(type) {
		case *string:
			var v string
			if v, ok = s.Value.(string); ok && *f == "" {
				*f = v
			}
		case *int:
			var v int
			if v, ok = s.Value.(int); ok && *f == 0 {
				*f = v
			}
		case **int:
			var v int
			if v, ok = s.Value.(int); ok && *f == nil {
				*f = &v
			}
		case *[]string:
			var v []string
			if v, ok = s.Value.([]string); ok && *f == nil {
				*f = v
			}
		}
		if !ok {
			return refuse(line, fmt.Sprintf("%q needs %s", s.Key, map[bool]string{true: "a text in quotes", false: "a whole number, or a list of texts in [ ]"}[isText(field)]), "", fault.ErrOption)
		}
		return nil
	})
	var told *fault.CellError
	if err != nil && !errors.As(err, &told) {
		err = refuse(line, err.Error(), "mend the line", fault.ErrFormat)
	}
	return err
}

func isText(field any) bool {
	_, ok := field.(*string)
	return ok
}

func there(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

// rules are those that go by their name alone.
var rules = []features.Rule{features.NoCustomer, features.MissingValue, features.Duplicate, features.TestOrder, features.NetCancelled, features.Cancelled, features.Returned, features.Undone,
	features.SameEmail, features.ZeroQuantity, features.ZeroPrice, features.NegativePrice}

// Rule is the rule of cleaning with a name; blanks around it do not count, so that a list may have them behind its commas.
func Rule(name string) (features.Rule, error) {
	name = strings.TrimSpace(name)
	var names []string
	for _, r := range rules {
		if r.Name == name {
			return r, nil
		}
		names = append(names, r.Name)
	}
	return features.Rule{}, fmt.Errorf("segkit: there is no rule of cleaning %q%s", name, suggest.Suggestion(name, names))
}

// RulesHelp lists the rules of cleaning and those that are usual, for the help of a command.
func RulesHelp() string {
	return fmt.Sprintf("The rules of cleaning (--rules) are: %s. The usual list: --rules %q, with %q after %q where lines lack a date, a quantity, a price or an amount.",
		Names(rules), Names(features.UsualRules), features.MissingValue.Name, features.NoCustomer.Name)
}

// Names are the rules as --rules takes them.
func Names(rules []features.Rule) string {
	var names []string
	for _, r := range rules {
		names = append(names, r.Name)
	}
	return strings.Join(names, ", ")
}

// WithMissing is the list with features.MissingValue in it: behind NoCustomer where the list begins with that, otherwise first, so that a line without a value
// is no duplicate and cancels nothing.
func WithMissing(list []features.Rule) []features.Rule {
	if slices.ContainsFunc(list, func(r features.Rule) bool { return r.Name == features.MissingValue.Name }) {
		return list
	}
	at := 0
	if len(list) > 0 && list[0].Name == features.NoCustomer.Name {
		at = 1
	}
	return slices.Insert(slices.Clone(list), at, features.MissingValue)
}

// Whole is a list of rules that nobody wrote for these orders, made fit for them: WithMissing where lines of customers lack a value, otherwise as it is.
func Whole(orders *features.Orders, list []features.Rule) ([]features.Rule, error) {
	with := WithMissing(list)
	if len(with) == len(list) {
		return list, nil
	}
	at := slices.IndexFunc(with, func(r features.Rule) bool { return r.Name == features.MissingValue.Name })
	lacking, err := orders.Clean(with[:at+1]...)
	if err != nil {
		return nil, err
	}
	if lacking.Ledger.Steps[at].Removed.Lines == 0 {
		return list, nil
	}
	return with, nil
}
