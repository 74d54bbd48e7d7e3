package main

import (
	"fmt"
	"os"

	"github.com/segkit/lab/segkit/cmd/internal/version"
)

// versionCmd says which build this is.
type versionCmd struct{}

func (versionCmd) Run() error {
	_, err := fmt.Fprintln(os.Stdout, version.Line("segkit"))
	return err
}
