package lab
import (
 _ "github.com/go-gota/gota/dataframe"
 _ "gonum.org/v1/plot"
 _ "gonum.org/v1/plot/plotter"
 _ "gonum.org/v1/plot/vg/vgsvg"
 _ "gonum.org/v1/plot/vg/vgimg"
 _ "gonum.org/v1/plot/vg/vgpdf"
 _ "gonum.org/v1/gonum/mat"
 _ "gonum.org/v1/gonum/stat"
 _ "github.com/expr-lang/expr"
 _ "github.com/alecthomas/kong"
 _ "pgregory.net/rapid"
 _ "github.com/janpfeifer/gonb/gonbui"
)
