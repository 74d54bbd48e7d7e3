//go:build !linux && !darwin

package nb

import "os"

// terminalColumns is 0: the width of a terminal is not asked for here.
func terminalColumns(*os.File) int { return 0 }
