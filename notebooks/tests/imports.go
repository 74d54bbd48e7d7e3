// Package notebooks checks the lessons, which lie one folder up. It imports what readers reach for beside segkit, so that set-up fetches, verifies and
// compiles it, and a cell that imports it neither waits nor needs the network.
package notebooks

import (
	_ "github.com/go-gota/gota/dataframe"
	_ "github.com/go-gota/gota/series"
	_ "github.com/janpfeifer/gonb/gonbui"
	_ "gonum.org/v1/gonum/floats"
	_ "gonum.org/v1/gonum/mat"
	_ "gonum.org/v1/gonum/stat"
	_ "gonum.org/v1/gonum/stat/distuv"
	_ "gonum.org/v1/plot"
	_ "gonum.org/v1/plot/plotter"
	_ "gonum.org/v1/plot/plotutil"
	_ "gonum.org/v1/plot/vg"
)
