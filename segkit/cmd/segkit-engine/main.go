// Command segkit-engine runs an analysis where the data are: on DuckDB, PostgreSQL or Trino. It is a program and a module of its own, since
// the drivers are large and one of them is C; segkit starts it for every command with --engine.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/inert"
)

// cli lists the commands. Each lives in a file of its own, as a struct whose fields are its flags and whose method
// Run(ctx context.Context) error does the work.
type cli struct {
	Inspect  inspectCmd  `cmd:"" help:"Say what the order lines hold, and what each rule of cleaning removes."`
	Features featuresCmd `cmd:"" help:"Clean order lines, and write one row per customer as CSV."`
	Segment  segmentCmd  `cmd:"" help:"Clean order lines, fit segments, write the model, and put every customer's segment into a table."`
	Score    scoreCmd    `cmd:"" help:"Put every customer's segment by a saved model into a table."`

	Version versionCmd  `cmd:"" help:"Say version, commit, Go, platform and drivers; so does --version."`
	Said    versionFlag `name:"version" help:"Say version, commit, Go, platform and drivers."`
}

// As segkit answers: docs/command.md.
const (
	exitFailed      = 1
	exitUsage       = 2
	exitLook        = 3
	exitInterrupted = 130
)

// lookError says why a person should look at what a command has done.
type lookError struct{ error }

func main() { os.Exit(run(os.Args[1:])) }

// run does what the arguments say, and returns the exit code.
func run(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var commands cli
	parser := kong.Must(&commands,
		kong.Name("segkit"),
		kong.Description("Customer segmentation where the data are: in DuckDB, PostgreSQL or Trino, which --engine names. --source is a file that says what the columns mean."),
		kong.BindTo(ctx, (*context.Context)(nil)))
	k, err := parser.Parse(args)
	if err != nil {
		remedy := "see segkit COMMAND --engine URL --help"
		if !slices.ContainsFunc(args, func(a string) bool { return strings.HasPrefix(a, "--engine") }) {
			remedy += "; a file of order lines is taken to segments by segkit report FILE, without an engine"
		}
		fmt.Fprintf(os.Stderr, "segkit: %v: %s\n", err, remedy)
		return exitUsage
	}
	switch err := k.Run(); {
	case err == nil:
		return 0
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(os.Stderr, "segkit: interrupted")
		return exitInterrupted
	case errors.Is(err, fault.ErrOption):
		fmt.Fprintln(os.Stderr, inert.Shown(asTyped(err.Error())))
		return exitUsage
	case errors.As(err, new(lookError)):
		fmt.Fprintln(os.Stderr, inert.Shown(err.Error()))
		return exitLook
	default:
		fmt.Fprintln(os.Stderr, inert.Shown(asTyped(err.Error())))
		return exitFailed
	}
}
