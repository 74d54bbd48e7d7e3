// Command segkit does in a terminal what belongs around an analysis: it scores files with a model, says what is in one, and runs, checks
// and tidies notebooks.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/segkit/lab/segkit/cmd/internal/choices"
	"github.com/segkit/lab/segkit/cmd/internal/version"
	"github.com/segkit/lab/segkit/internal/inert"
)

// cli lists the commands. Each lives in a file of its own, as a struct whose fields are its flags and whose method
// Run(ctx context.Context) error does the work.
type cli struct {
	Init initCmd `cmd:"" help:"Make a project of your own outside the checkout: a notebook, and the version of segkit it uses."`
	Lab  labCmd  `cmd:"" help:"Open JupyterLab in a project."`

	Nb      nbCmd      `cmd:"" help:"Run, check and tidy notebooks."`
	Data    dataCmd    `cmd:"" help:"List and download the public data sets."`
	Convert convertCmd `cmd:"" help:"Write an Excel sheet or a Parquet file as the CSV that a notebook reads."`
	Inspect inspectCmd `cmd:"" help:"Say what a data file holds, how it is read and what it leaves open, and keep the answers."`

	Report reportCmd `cmd:"" help:"Run the whole analysis of a file of order lines, and write the report that a manager reads."`

	Cheatsheet cheatsheetCmd `cmd:"" help:"Print the cheat sheet for notebooks: two pages to keep beside the keyboard."`

	Score scoreCmd `cmd:"" help:"Assign the customers of a file to the segments of a saved model."`
	Track trackCmd `cmd:"" help:"Follow the segments of a saved model from month to month, and say whether a person must look."`

	Forget forgetCmd `cmd:"" help:"Remove a customer from what segkit keeps, and say where else copies lie."`

	Describe describeCmd `cmd:"" help:"Say what is in a saved model."`

	Version versionCmd       `cmd:"" help:"Say version, commit, Go and platform; so does --version."`
	Said    kong.VersionFlag `name:"version" help:"Say version, commit, Go and platform."`
}

func main() { os.Exit(run(os.Args[1:])) }

// run does what the arguments say, and returns the exit code.
func run(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if onEngine(args) {
		return runEngine(ctx, args)
	}
	var commands cli
	parser := kong.Must(&commands,
		kong.Name("segkit"),
		kong.Description("Customer segmentation from the command line.\n\nWhere the data are in DuckDB, PostgreSQL, Trino or many Parquet files, --engine URL runs the command there: inspect and score, "+
			"and two more that only engines have, features (clean order lines, and write one row per customer) and segment (clean, fit segments, and write them there). segkit segment --help and segkit inspect --engine URL --help list their flags."),
		kong.Vars{"version": version.Line("segkit")},
		kong.BindTo(ctx, (*context.Context)(nil)))
	if len(args) == 0 {
		args = []string{"--help"}
	}
	k, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(os.Stderr, "segkit: %v: %s\n", err, remedy(parser.Model.Children, args, err))
		return exitUsage
	}
	err = k.Run()
	code := exitCode(err)
	switch code {
	case exitDone:
	case exitInterrupted:
		fmt.Fprintln(os.Stderr, "segkit: interrupted")
	default:
		fmt.Fprintln(os.Stderr, inert.Shown(inWords(args, err.Error())))
	}
	return code
}

// inWords says a sentence in flags and names of rules, but for the commands around notebooks, whose readers write Go.
func inWords(args []string, sentence string) string {
	if slices.Contains([]string{"nb", "lab", "init"}, args[0]) {
		return sentence
	}
	return choices.InFlags(sentence)
}

// remedy is what to do about a command line. How a file is read is said once, to segkit inspect; the commands that read it have no flags for that.
func remedy(commands []*kong.Node, args []string, err error) string {
	_, unknown, ok := strings.Cut(err.Error(), "unknown flag --")
	unknown, _, _ = strings.Cut(unknown, ",")
	at := slices.IndexFunc(commands, func(n *kong.Node) bool { return n.Name == "inspect" })
	if ok && slices.Contains([]string{"score", "report", "track"}, args[0]) && slices.ContainsFunc(commands[at].Flags, func(f *kong.Flag) bool { return f.Name == unknown }) {
		return fmt.Sprintf("segkit inspect FILE --%s … --write keeps it beside the file, and segkit %s finds it there", unknown, args[0])
	}
	return "see segkit --help"
}
