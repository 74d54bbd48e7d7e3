// Package notebooks names every package that a lesson may import, so that building the module compiles them and
// the first cell of a lesson need not: half a second instead of half a minute.
package notebooks

import (
	_ "github.com/janpfeifer/gonb/gonbui"
)
