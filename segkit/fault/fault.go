package fault

import (
	"errors"
	"fmt"
	"strings"

	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
)

// The kinds of trouble. Every error of this module that a program can do something about is one of them by errors.Is; its own
// text says more than theirs.
var (
	ErrNil           = errors.New("an argument is nil")
	ErrOption        = errors.New("option is out of range")
	ErrNotFinite     = errors.New("value is missing or infinite")
	ErrMissingColumn = errors.New("no such column")
	ErrSchema        = errors.New("columns do not fit")
	ErrDuplicate     = errors.New("an id or a name appears twice")
	ErrUnmatched     = errors.New("customers do not match by id")
	ErrCondition     = errors.New("condition cannot be read")
	ErrEmpty         = errors.New("there are no rows")
	ErrNoPredict     = errors.New("this method cannot assign new rows")
	ErrNotPortable   = errors.New("this model cannot be saved without customer rows")
	ErrUndefined     = errors.New("measure is undefined")
	ErrFormat        = errors.New("not a file of the expected format")
)

// Errorf is fmt.Errorf for a sentence that is of the given kind, whose own text is not repeated.
func Errorf(kind error, format string, args ...any) error {
	return ofKind{fmt.Errorf(format, args...), kind}
}

type ofKind struct {
	error
	kind error
}

func (e ofKind) Unwrap() []error { return []error{e.error, e.kind} }

// CellError says which cell of the input cannot be used and why. Zero fields are unknown and not printed.
type CellError struct {
	Op     string // what was being done: "ReadCSV", "Standardize"
	File   string
	Line   int // line of the file, from 1
	Row    int // row of the table, from 1
	ID     string
	Column string
	Value  string
	Count  int    // bad cells in all, when more than this one are known
	Why    string // why the cell cannot be used, as a clause: `is not a number`
	Remedy string // what to do about it, as an imperative: `use prep.Impute first`
	Err    error  // sentinel
}

// Error reads like: segkit: table.ReadCSV: customers.csv, line 17: column "income" (id C-0042): "abc" is not a number; 3 such cells. …
func (e *CellError) Error() string {
	var b strings.Builder
	b.WriteString("segkit: ")
	if e.Op != "" {
		b.WriteString(e.Op + ": ")
	}
	var at []string
	if e.File != "" {
		at = append(at, e.File)
	}
	if e.Line > 0 {
		at = append(at, fmt.Sprintf("line %d", e.Line))
	}
	if e.Column != "" {
		at = append(at, fmt.Sprintf("column %q", wording.Clip(e.Column)))
	}
	if e.Row > 0 {
		at = append(at, fmt.Sprintf("row %d", e.Row))
	}
	b.WriteString(strings.Join(at, ", "))
	if e.ID != "" {
		fmt.Fprintf(&b, " (id %s)", wording.Clip(e.ID))
	}
	if len(at) > 0 || e.ID != "" {
		b.WriteString(": ")
	}
	if e.Value != "" {
		fmt.Fprintf(&b, "%q ", wording.Clip(e.Value))
	}
	switch {
	case e.Why != "":
		b.WriteString(e.Why)
	case e.Err != nil:
		b.WriteString(e.Err.Error())
	}
	if e.Count > 1 {
		of := "cells"
		if e.Column == "" && e.Value == "" && e.Line > 0 { // the whole line is at fault
			of = "lines"
		}
		fmt.Fprintf(&b, "; %s such %s", sheet.Count(e.Count), of)
	}
	if e.Remedy != "" {
		b.WriteString(": " + e.Remedy)
	}
	return b.String()
}

func (e *CellError) Unwrap() error { return e.Err }

// OptionError says which option of which method is out of range, and what would be right.
type OptionError struct {
	Method, Field string // the method with its package: "cluster.KMeans"
	Value         any
	Want          string
	Err           error // sentinel beside ErrOption, if any
}

// Error reads like: segkit: cluster.KMeans.K = 500, want 1 to 200 (the number of customers).
func (e *OptionError) Error() string {
	return fmt.Sprintf("segkit: %s.%s = %v, want %s", e.Method, e.Field, e.Value, e.Want)
}

func (e *OptionError) Unwrap() []error {
	if e.Err == nil {
		return []error{ErrOption}
	}
	return []error{ErrOption, e.Err}
}

// Nil is the error for an argument that is nil, mostly since the error of another call was passed over.
func Nil(op, what string) error {
	return &CellError{Op: op, Why: "the " + what + " is nil", Remedy: "look at the error of the call that should have made it", Err: ErrNil}
}

// Trimmed is err without the package's name in front, for a sentence that begins with it already.
func Trimmed(err error) error {
	return trimmedError{err}
}

type trimmedError struct{ error }

func (e trimmedError) Error() string { return strings.TrimPrefix(e.error.Error(), "segkit: ") }

func (e trimmedError) Unwrap() error { return e.error }

// Option is the error for an option out of range: segkit: cluster.KMeans.K = 500, want 1 to 200 (the number of customers).
func Option(method, field string, value any, want string) error {
	return &OptionError{Method: method, Field: field, Value: value, Want: want}
}
