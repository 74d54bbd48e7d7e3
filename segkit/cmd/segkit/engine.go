package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// onEngine reports whether a command works on a SQL engine. Such a command is carried out by segkit-engine, which has the same commands with
// flags of their own: the drivers that it links are not to be carried by everybody. Two commands are there alone, so that their --help is too.
func onEngine(args []string) bool {
	return len(args) > 0 && (args[0] == "segment" || args[0] == "features") || slices.ContainsFunc(args, func(a string) bool { return a == "--engine" || strings.HasPrefix(a, "--engine=") })
}

// helpOnEngine is what --help says of a command that there is on an engine, too.
func helpOnEngine(command string) string {
	return fmt.Sprintf("Where the data are in DuckDB, PostgreSQL, Trino or many Parquet files, segkit %s --engine URL does its work there, with flags of its own: segkit %[1]s --engine URL --help.", command)
}

// runEngine starts segkit-engine, which lies beside segkit, and returns its exit code. An interrupt goes to it, and it stops what the database does.
func runEngine(ctx context.Context, args []string) int {
	self, err := os.Executable()
	if err != nil {
		fmt.Fprintf(os.Stderr, "segkit: cannot find out where segkit-engine is: %v\n", err)
		return exitFailed
	}
	program := filepath.Join(filepath.Dir(self), "segkit-engine")
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	c := exec.CommandContext(ctx, program, args...)
	c.Stdin, c.Stdout, c.Stderr = os.Stdin, os.Stdout, os.Stderr
	c.Cancel = func() error { return c.Process.Signal(os.Interrupt) }
	c.WaitDelay = time.Minute // to drop its tables
	err = c.Run()
	var left *exec.ExitError
	switch {
	case c.ProcessState != nil && c.ProcessState.Exited():
		return c.ProcessState.ExitCode()
	case errors.As(err, &left) && ctx.Err() != nil:
		return exitInterrupted
	case exists(program):
		fmt.Fprintf(os.Stderr, "segkit: %s: %v\n", program, err)
	default:
		fmt.Fprintf(os.Stderr, "segkit: segkit segment, segkit features and any command with --engine URL need the program segkit-engine beside %s, and it is not there: in the checkout, make engine builds it (it needs a C compiler, since DuckDB is linked)\n", self)
	}
	return exitFailed
}
