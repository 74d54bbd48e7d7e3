// Command segkit does in a terminal what belongs around an analysis: it runs, checks and tidies notebooks.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// cli lists the commands. Each lives in a file of its own, as a struct whose fields are its flags and whose method
// Run(ctx context.Context) error does the work.
type cli struct {
	Nb      nbCmd      `cmd:"" help:"Run, check and tidy notebooks."`
	Data    dataCmd    `cmd:"" help:"List and download the public data sets."`
	Inspect inspectCmd `cmd:"" help:"Say what a data file holds, how it is read and what it leaves open, and keep the answers."`

	Score scoreCmd `cmd:"" help:"Assign the customers of a file to the segments of a saved model."`

	Describe describeCmd `cmd:"" help:"Say what is in a saved model."`

	Version versionCmd `cmd:"" help:"Say version, commit and Go."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var commands cli
	k := kong.Parse(&commands,
		kong.Name("segkit"),
		kong.Description("Customer segmentation from the command line."),
		kong.UsageOnError(),
		kong.BindTo(ctx, (*context.Context)(nil)))
	if err := k.Run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
