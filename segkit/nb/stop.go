package nb

// Stopping a cell at an error: one line that names the cause, then where it happened, and no stack trace.

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/segkit/lab/segkit/internal/inert"
)

// Must returns v, or stops the cell with the error: var orders = nb.Must(datasets.Orders("shop")).
func Must[T any](v T, err error) T {
	Check(err)
	return v
}

// Check stops the cell if err is not nil.
func Check(err error) {
	if err != nil {
		stop(err)
	}
}

// exit ends the program; tests replace it.
var exit = os.Exit

// stop writes the error to stderr, where notebooks and terminals both show it, and ends the program. The kernel reports a
// program that ends with a status other than 0 as a failed cell, and Run All stops there.
func stop(err error) {
	progress.Clear()
	if errors.Is(err, context.Canceled) && cell.Err() != nil {
		err = context.Cause(cell)
	}
	frames := make([]uintptr, 64)
	fmt.Fprint(os.Stderr, inert.Shown(message(err, frames[:runtime.Callers(2, frames)])))
	exit(1)
}

// message is what a reader sees of an error. The kernel finds the position of its generated program in the text and puts
// the cell and the line in front: [[ Cell [4] Line 2 ]].
func message(err error, stack []uintptr) string {
	at, declaration := origin(stack)
	text := err.Error() + "\n"
	if at.File != "" {
		// The position comes before any colon: one in front of it, as of := in the source, kills the kernel (GoNB 0.11.5).
		text += fmt.Sprintf("    at %s:%d   %s\n", at.File, at.Line, sourceLine(at.File, at.Line))
	}
	if declaration && inNotebook() {
		text += "    Every later cell runs this declaration again and repeats the error, until you mend it and run its cell; if that cell is deleted, restart the kernel.\n"
	}
	return text
}

// here is the folder of this package's sources.
var here = func() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Dir(file)
}()

// origin finds the innermost position in the user's own program, and whether a package-level declaration led there.
func origin(stack []uintptr) (at runtime.Frame, declaration bool) {
	frames := runtime.CallersFrames(stack)
	for {
		f, more := frames.Next()
		own := strings.HasPrefix(f.Function, "main.") && filepath.Dir(f.File) != here // generic code of ours counts as main's
		if own && at.File == "" {
			at = f
		}
		if own {
			declaration = f.Function == "main.init" || strings.HasPrefix(f.Function, "main.init.func")
		}
		if !more {
			return at, declaration
		}
	}
}

// sourceLine is the text of one line of a source file, "" where it cannot be read.
func sourceLine(file string, line int) string {
	f, err := os.Open(file)
	if err != nil {
		return ""
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for range line {
		if !lines.Scan() {
			return ""
		}
	}
	return strings.TrimSpace(lines.Text())
}
