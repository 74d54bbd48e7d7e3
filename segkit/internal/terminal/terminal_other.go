//go:build !linux && !darwin

package terminal

import "os"

// Columns is 0: the width of a terminal is not asked for here.
func Columns(*os.File) int { return 0 }
