// Package gobs turns results into bytes and back, to the last bit and NaN included: what notebooks remember between cells.
package gobs

import (
	"bytes"
	"encoding/gob"

	"github.com/segkit/lab/segkit/fault"
)

// Encode encodes v exactly: exported fields, or what v makes of itself by MarshalBinary.
func Encode(v any) ([]byte, error) {
	var b bytes.Buffer
	err := gob.NewEncoder(&b).Encode(v)
	return b.Bytes(), err
}

// Decode is the inverse of Encode. What it cannot read is no stored result: ErrFormat.
func Decode(b []byte, v any) error {
	if gob.NewDecoder(bytes.NewReader(b)).Decode(v) != nil {
		return fault.ErrFormat
	}
	return nil
}
