package cell

import (
	"math"

	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
)

// Figure writes a number with its unit as people read it: money below 1 to the cent, as from 1 on, so that 0.42 EUR stands beside
// 40.60 EUR; all else, and what would read as nothing, with the digits of sheet.Number.
func Figure(v float64, unit string) string { return wording.Measured(Bare(v, unit), unit) }

// Bare is the number that Figure writes, without its unit.
func Bare(v float64, unit string) string {
	text := sheet.Number(v)
	if currency, ok := unitOf([]byte(unit)); ok && currency != Percent && math.Abs(v) < 1 && math.Abs(v) >= .005 {
		text = sheet.Fixed(v, 2)
	}
	return text
}
