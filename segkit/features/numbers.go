package features

// A column of decimals while it is read: whole numbers at the most decimals seen.

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// numbers collects a column of decimals as whole numbers at the most decimals seen.
type numbers struct {
	values   []int64
	decimals int
	largest  int64 // the greatest magnitude
}

// add appends v with the given decimals. It reports false, and changes nothing, where the column cannot be kept exactly.
func (c *numbers) add(v int64, decimals int) bool {
	if decimals > c.decimals && !c.rescale(decimals) {
		return false
	}
	v, ok := scaled(v, c.decimals-decimals)
	if !ok {
		return false
	}
	c.values = append(c.values, v)
	c.largest = max(c.largest, v, -v)
	return true
}

// rescale brings the column to more decimals, if it fits.
func (c *numbers) rescale(decimals int) bool {
	largest, ok := scaled(c.largest, decimals-c.decimals)
	if !ok {
		return false
	}
	for i, v := range c.values {
		c.values[i], _ = scaled(v, decimals-c.decimals)
	}
	c.decimals, c.largest = decimals, largest
	return true
}

// join appends another column, if both fit at the decimals of the finer one.
func (c *numbers) join(from *numbers) bool {
	if from.decimals > c.decimals && !c.rescale(from.decimals) || from.decimals < c.decimals && !from.rescale(c.decimals) {
		return false
	}
	c.values, c.largest = append(c.values, from.values...), max(c.largest, from.largest)
	return true
}

// fewest returns value i with no more decimals than it needs.
func (c *numbers) fewest(i int) (v int64, decimals int) {
	v, decimals = c.values[i], c.decimals
	for ; decimals > 0 && v%10 == 0; decimals-- {
		v /= 10
	}
	return v, decimals
}

// notNumber says, as a clause, why value is no number that can be kept, and what to do about it.
func notNumber(value string, mark byte) (why, remedy string) {
	_, decimals, plain := parseDecimal([]byte(value), mark)
	v, err := strconv.ParseFloat(strings.Replace(value, string(mark), ".", 1), 64)
	float := err == nil && !math.IsNaN(v) && !math.IsInf(v, 0)
	dots, commas := strings.Count(value, "."), strings.Count(value, ",")
	why, remedy = "is not a number", "mend the cell, or name another column in features.OrdersOptions"
	switch {
	case value == "":
		return "the number is missing", "give it, or leave the line out of the file"
	case plain:
		return fmt.Sprintf("has %d decimals, and numbers are kept exactly", decimals), "set OrdersOptions.Decimals to round money, to 2 for cents"
	case float && strings.ContainsAny(value, "eE"):
		return "is written with an exponent, which may have cost it digits", "export numbers with all their digits"
	case float && math.Abs(v) >= 1e17:
		return "is too large to be summed exactly", "mend the cell"
	case dots > 0 && commas > 0 || dots > 1 || commas > 1:
		remedy = "export numbers without thousands separators"
	case mark == '.' && commas == 1:
		remedy = "if the file writes decimal commas, set features.OrdersOptions.Decimal to ','"
	case mark == ',' && dots == 1:
		remedy = "this file is read with decimal commas; leave features.OrdersOptions.Decimal unset for decimal points"
	}
	return why, remedy
}

// rounded rounds v from the given decimals to fewer, halves away from zero.
func rounded(v int64, decimals, to int) (int64, int) {
	for ; decimals > to+1; decimals-- {
		v /= 10 // cutting first cannot turn less than a half into a half: only the sign of the rest could, and it is dropped
	}
	if decimals > to {
		r := v % 10
		v /= 10
		if r >= 5 {
			v++
		} else if r <= -5 {
			v--
		}
	}
	return v, to
}
