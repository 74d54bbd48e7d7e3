// Package notebooks keeps the modules of what the lessons import in go.mod, and has them compiled with everything else,
// so that the first cell of a lesson takes half a second instead of half a minute. It names what no package of the
// project imports itself.
package notebooks

import (
	_ "github.com/janpfeifer/gonb/gonbui" // 00_start_here
)
