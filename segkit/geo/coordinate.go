package geo

// Coordinates as people write them: 53.5511, 53,5511, N 53.5511, 53°33'4"N, 53 33.07 S, -9.99, 9.99 W.

import (
	"math"
	"strconv"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/wording"
)

// ParseCoordinate reads a latitude or a longitude in degrees: decimal with a point or a comma, or in degrees, minutes and seconds, with a
// sign or a letter for the side: N, S, E, W, and O for east as in German ("Ost").
func ParseCoordinate(text string) (float64, error) {
	v, _, ok := coordinate(text)
	if !ok {
		return 0, fault.Errorf(fault.ErrFormat, `segkit: geo.ParseCoordinate: %q is not a coordinate: write it as 53.5511, 53,5511 or 53°33'4"N`, wording.Clip(text))
	}
	return v, nil
}

// side is which of the two coordinates a letter speaks of.
type side uint8

const (
	eitherSide side = iota
	northSouth
	eastWest
)

// coordinate reads a coordinate, and which of the two it says it is.
func coordinate(text string) (v float64, of side, ok bool) {
	text = strings.ToUpper(strings.TrimSpace(text))
	sign := 1.0
	letter := func(c byte) bool {
		switch c {
		case 'N':
			of = northSouth
		case 'S':
			of, sign = northSouth, -1
		case 'E', 'O':
			of = eastWest
		case 'W':
			of, sign = eastWest, -1
		default:
			return false
		}
		return true
	}
	if text != "" && letter(text[0]) {
		text = text[1:]
	} else if n := len(text); n > 0 && letter(text[n-1]) {
		text = text[:n-1]
	}
	text = strings.TrimSpace(strings.Replace(text, "\u2212", "-", 1)) // the minus of typesetters
	if rest, negative := strings.CutPrefix(text, "-"); negative {
		if of != eitherSide {
			return 0, of, false // a sign and a letter
		}
		text, sign = rest, -1
	}
	text = strings.TrimPrefix(text, "+")
	parts := strings.FieldsFunc(text, func(r rune) bool {
		return strings.ContainsRune(" \u00a0\u202f\u00b0\u00ba'\u2032\u2019\"\u2033\u201d:", r)
	})
	if len(parts) == 0 || len(parts) > 3 {
		return 0, of, false
	}
	for i, part := range parts {
		part = strings.Replace(part, ",", ".", 1)
		x, err := strconv.ParseFloat(part, 64)
		whole := x == math.Trunc(x)
		if err != nil || strings.Trim(part, "0123456789.") != "" || i > 0 && x >= 60 || i < len(parts)-1 && !whole {
			return 0, of, false
		}
		v += x / math.Pow(60, float64(i))
	}
	return sign * v, of, true
}
