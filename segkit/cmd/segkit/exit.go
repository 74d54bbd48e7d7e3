package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"

	"github.com/segkit/lab/segkit/internal/terminal"
)

// What every command answers with: an exit code, words for people, and data for programs. docs/command.md describes them.

const (
	exitDone        = 0
	exitFailed      = 1   // it could not be done; a sentence says why
	exitUsage       = 2   // the command line makes no sense
	exitLook        = 3   // done, and what was found wants a person to look at it
	exitInterrupted = 130 // by the user, as shells count it
)

// usageError is what is wrong with a command line that parses.
type usageError struct{ error }

// lookError says why a person should look at what a command has done.
type lookError struct{ error }

// exitCode is that of a command which returned err.
func exitCode(err error) int {
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, new(usageError)):
		return exitUsage
	case errors.As(err, new(lookError)):
		return exitLook
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	}
	return exitFailed
}

// schema begins every answer in JSON: what it is, and which version of that.
type schema struct {
	Schema  string `json:"schema"`  // "segkit/score"
	Version int    `json:"version"` // raised when a field is renamed, removed or changes its meaning
}

// writeJSON writes an answer, which begins with its schema.
func writeJSON(w io.Writer, answer any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", " ")
	e.SetEscapeHTML(false)
	return e.Encode(answer)
}

// columns is how wide the terminal behind f is, 100 where it is none or does not say.
func columns(f *os.File) int {
	if n := terminal.Columns(f); n > 0 {
		return n
	}
	return 100
}
