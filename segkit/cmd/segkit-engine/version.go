package main

import (
	"fmt"
	"os"

	"github.com/alecthomas/kong"

	"github.com/segkit/lab/segkit/cmd/internal/version"
	"github.com/segkit/lab/segkit/cmd/segkit-engine/internal/connect"
)

// versionCmd says which build this is.
type versionCmd struct{}

func (versionCmd) Run() error {
	_, err := fmt.Fprintln(os.Stdout, build())
	return err
}

// versionFlag is the same as a flag. DuckDB is asked only where somebody wants to know.
type versionFlag bool

func (versionFlag) BeforeReset(app *kong.Kong) error {
	_, err := fmt.Fprintln(app.Stdout, build())
	app.Exit(0)
	return err
}

// build is this build with its drivers, and the DuckDB within.
func build() string {
	line := version.Line("segkit-engine", "github.com/duckdb/duckdb-go/v2", "github.com/jackc/pgx/v5", "github.com/trinodb/trino-go-client")
	if linked := connect.Linked(); linked != "" {
		line += ", DuckDB " + linked
	}
	return line
}
