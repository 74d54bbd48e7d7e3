package workbook

// The description and the page headers of a Parquet file are structs of Thrift's compact protocol. A few bytes there can claim two thousand million entries, or
// be structs within structs without end: the library would count up to the former, and need a stack as high as the latter.
// So they are looked through before it reads them. The layout: github.com/apache/thrift, doc/specs/thrift-compact-protocol.md.

import (
	"encoding/binary"
	"errors"
	"io"
)

// deepest is how many structs and lists may stand within each other. Those of Parquet go nine deep.
const deepest = 32

var errClaims = errors.New("claims more than there is, or is nested without end")

// claims walks over values that must keep within the bytes that are left.
type claims struct {
	in   io.ByteReader
	left int64
}

// ReadByte implements io.ByteReader, for the numbers of package binary.
func (c *claims) ReadByte() (byte, error) {
	if c.left--; c.left < 0 {
		return 0, errClaims
	}
	return c.in.ReadByte()
}

func (c *claims) skip(n uint64) error {
	if n > uint64(max(0, c.left)) {
		return errClaims
	}
	for range n {
		if _, err := c.ReadByte(); err != nil {
			return err
		}
	}
	return nil
}

// fields walks over a struct: its fields, each behind its kind, and a zero.
func (c *claims) fields(depth int) error {
	for {
		b, err := c.ReadByte()
		if err != nil || b == 0 {
			return err
		}
		if b>>4 == 0 { // the number of the field is no small step from the last one
			if _, err := binary.ReadVarint(c); err != nil {
				return err
			}
		}
		if kind := b & 15; kind > 2 { // a truth value is its kind
			if err := c.value(kind, depth); err != nil {
				return err
			}
		}
	}
}

func (c *claims) value(kind byte, depth int) error {
	if depth > deepest {
		return errClaims
	}
	switch kind {
	case 1, 2, 3: // a truth value in a list, a byte
		return c.skip(1)
	case 4, 5, 6: // whole numbers
		_, err := binary.ReadUvarint(c)
		return err
	case 7: // a floating-point number
		return c.skip(8)
	case 8: // bytes
		n, err := binary.ReadUvarint(c)
		if err != nil {
			return err
		}
		return c.skip(n)
	case 9, 10: // a list, a set
		b, err := c.ReadByte()
		if err != nil {
			return err
		}
		n := uint64(b >> 4)
		if n == 15 {
			if n, err = binary.ReadUvarint(c); err != nil {
				return err
			}
		}
		return c.entries(n, depth+1, b&15)
	case 11: // pairs
		n, err := binary.ReadUvarint(c)
		if err != nil || n == 0 {
			return err
		}
		b, err := c.ReadByte()
		if err != nil {
			return err
		}
		return c.entries(n, depth+1, b>>4, b&15)
	case 12:
		return c.fields(depth + 1)
	case 13: // a UUID
		return c.skip(16)
	}
	return errClaims // there is no such kind
}

// entries walks over n entries of a list, each of values of these kinds, which take a byte at least.
func (c *claims) entries(n uint64, depth int, kinds ...byte) error {
	if n > uint64(max(0, c.left)) {
		return errClaims
	}
	for range n {
		for _, kind := range kinds {
			if err := c.value(kind, depth); err != nil {
				return err
			}
		}
	}
	return nil
}
