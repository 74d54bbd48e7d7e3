package engine

// Exact sums arrive as texts, since no number of Go's or of a driver's holds 38 digits.

import (
	"database/sql"
	"fmt"
	"math/big"
	"strings"
)

// exact is a whole number of any size as a destination of Scan; NULL is none.
type exact struct{ n *big.Int }

// Scan implements sql.Scanner. Anything but a whole number is an error; otherwise a sum would silently be lost.
func (x *exact) Scan(v any) error {
	var text sql.NullString
	if err := text.Scan(v); err != nil {
		return err
	}
	if x.n = nil; !text.Valid {
		return nil
	}
	n, ok := new(big.Int).SetString(strings.TrimSuffix(text.String, ".0"), 10)
	if !ok {
		return fmt.Errorf("%q is not a whole number", text.String)
	}
	x.n = n
	return nil
}

// orZero is the number, 0 where there is none.
func (x exact) orZero() *big.Int {
	if x.n == nil {
		return new(big.Int)
	}
	return x.n
}
