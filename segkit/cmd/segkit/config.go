package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/kept"
	"github.com/segkit/lab/segkit/internal/suggest"
)

// configFile is what a project keeps its choices in.
const configFile = "segkit.toml"

// configure fills fields that no flag has set from a file of choices: a line for each, as in k = 4. Names of files are taken from where the file lies. to
// has a pointer for each key: to a string, an int, a []string, or to a pointer to an int or a string, which is nil where nothing was said.
func configure(path string, to map[string]any, files ...string) error {
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
			if beside := filepath.Join(filepath.Dir(path), text); s.Key != "orders" || exists(beside) { // orders may be a data set by its name
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
			return refuse(line, fmt.Sprintf("%q wants %s", s.Key, map[bool]string{true: "a text in quotes", false: "a whole number, or a list of texts in [ ]"}[isText(field)]), "", fault.ErrOption)
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

func exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}
