package segkit

// Results as bytes, to the last bit and NaN included: what notebooks remember between cells.

import (
	"bytes"
	"encoding/gob"
)

// toGob encodes v, whose type has fields and no methods: gob would call MarshalBinary again.
func toGob(v any) ([]byte, error) {
	var b bytes.Buffer
	err := gob.NewEncoder(&b).Encode(v)
	return b.Bytes(), err
}

// fromGob is the inverse of toGob. What it cannot read is no stored result: ErrFormat.
func fromGob(b []byte, v any) error {
	if gob.NewDecoder(bytes.NewReader(b)).Decode(v) != nil {
		return ErrFormat
	}
	return nil
}
