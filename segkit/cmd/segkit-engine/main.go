// Command segkit-engine runs an analysis where the data are: on DuckDB, PostgreSQL or Trino. It is a program and a module of its own, since
// the drivers are large and one of them is C; segkit starts it for every command with --engine.
package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "segkit-engine: no command works on an engine yet")
	os.Exit(1)
}
