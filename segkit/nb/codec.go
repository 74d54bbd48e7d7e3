package nb

// Values as bytes, exactly: what Memo writes to disk, and what it hashes of its inputs. Unlike gob, it keeps nil apart
// from empty, every bit of a NaN and the order of map keys, and it refuses what would come back changed.

import (
	"bytes"
	"encoding"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
)

var (
	marshaler   = reflect.TypeFor[encoding.BinaryMarshaler]()
	unmarshaler = reflect.TypeFor[encoding.BinaryUnmarshaler]()
)

// storable returns nil if every value of type t survives the round trip, else a sentence that names the part that would
// not. Types that marshal themselves are trusted to do it well.
func storable(t reflect.Type) error { return storableIn(t, t.String(), map[reflect.Type]bool{}) }

func storableIn(t reflect.Type, path string, seen map[reflect.Type]bool) error {
	if seen[t] || marshalsItself(t) {
		return nil
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Func, reflect.Chan, reflect.UnsafePointer, reflect.Uintptr, reflect.Interface:
		return fmt.Errorf("%s is a %s", path, t.Kind())
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return storableIn(t.Elem(), path, seen)
	case reflect.Map:
		if err := storableIn(t.Key(), path, seen); err != nil {
			return err
		}
		return storableIn(t.Elem(), path, seen)
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			if !f.IsExported() {
				return fmt.Errorf("%s has the unexported field %s", path, f.Name)
			}
			if err := storableIn(f.Type, path+"."+f.Name, seen); err != nil {
				return err
			}
		}
	}
	return nil
}

func marshalsItself(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		return t.Implements(marshaler) && t.Implements(unmarshaler)
	}
	return t.Kind() != reflect.Interface && t.Implements(marshaler) && reflect.PointerTo(t).Implements(unmarshaler)
}

// deepest is how far values may nest: a list linked into a circle never ends.
const deepest = 1000

// encode appends the bytes of v to b. It also takes what decode cannot make, a value in an interface, so that inputs of any
// type can be hashed.
func encode(b []byte, v reflect.Value, depth int) ([]byte, error) {
	if depth > deepest {
		return nil, errors.New("value nests without end")
	}
	if v.Kind() == reflect.Pointer || v.Kind() == reflect.Slice || v.Kind() == reflect.Map || v.Kind() == reflect.Interface {
		if v.IsNil() {
			return append(b, 0), nil
		}
		b = append(b, 1)
	}
	if marshalsItself(v.Type()) {
		data, err := v.Interface().(encoding.BinaryMarshaler).MarshalBinary()
		if err != nil {
			return nil, err
		}
		return append(binary.AppendUvarint(b, uint64(len(data))), data...), nil
	}
	var err error
	switch v.Kind() {
	case reflect.Bool:
		if v.Bool() {
			return append(b, 1), nil
		}
		return append(b, 0), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return binary.AppendVarint(b, v.Int()), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return binary.AppendUvarint(b, v.Uint()), nil
	case reflect.Float32, reflect.Float64:
		return binary.LittleEndian.AppendUint64(b, math.Float64bits(v.Float())), nil
	case reflect.Complex64, reflect.Complex128:
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(real(v.Complex())))
		return binary.LittleEndian.AppendUint64(b, math.Float64bits(imag(v.Complex()))), nil
	case reflect.String:
		return append(binary.AppendUvarint(b, uint64(v.Len())), v.String()...), nil
	case reflect.Pointer:
		return encode(b, v.Elem(), depth+1)
	case reflect.Interface:
		kind := v.Elem().Type().String()
		b = append(binary.AppendUvarint(b, uint64(len(kind))), kind...)
		return encode(b, v.Elem(), depth+1)
	case reflect.Slice, reflect.Array:
		b = binary.AppendUvarint(b, uint64(v.Len()))
		for i := range v.Len() {
			if b, err = encode(b, v.Index(i), depth+1); err != nil {
				return nil, err
			}
		}
		return b, nil
	case reflect.Map:
		return encodeMap(b, v, depth)
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); !f.IsExported() {
				return nil, fmt.Errorf("%s has the unexported field %s", v.Type(), f.Name)
			}
			if b, err = encode(b, v.Field(i), depth+1); err != nil {
				return nil, err
			}
		}
		return b, nil
	}
	return nil, fmt.Errorf("it contains a %s", v.Kind())
}

// encodeMap writes the entries in the order of their encoded keys.
func encodeMap(b []byte, v reflect.Value, depth int) ([]byte, error) {
	var entries [][2][]byte
	for i := v.MapRange(); i.Next(); {
		key, err := encode(nil, i.Key(), depth+1)
		if err != nil {
			return nil, err
		}
		value, err := encode(nil, i.Value(), depth+1)
		if err != nil {
			return nil, err
		}
		entries = append(entries, [2][]byte{key, value})
	}
	slices.SortFunc(entries, func(x, y [2][]byte) int { return bytes.Compare(x[0], y[0]) })
	b = binary.AppendUvarint(b, uint64(len(entries)))
	for _, e := range entries {
		b = append(append(b, e[0]...), e[1]...)
	}
	return b, nil
}

var errDamaged = errors.New("stored value is damaged")

// decoder reads back what encode wrote. Its methods set err once and then return zeros.
type decoder struct {
	data []byte
	err  error
}

// decode fills the settable v from data, which must be used up.
func decode(data []byte, v reflect.Value) error {
	d := &decoder{data: data}
	d.value(v, 0)
	if d.err == nil && len(d.data) > 0 {
		d.err = errDamaged
	}
	return d.err
}

func (d *decoder) value(v reflect.Value, depth int) {
	if d.err != nil || depth > deepest {
		d.err = errDamaged
		return
	}
	t := v.Type()
	if t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
		if d.take(1)[0] == 0 {
			v.SetZero()
			return
		}
		if t.Kind() == reflect.Pointer {
			v.Set(reflect.New(t.Elem()))
		}
	}
	if marshalsItself(t) {
		target := v
		if t.Kind() != reflect.Pointer {
			target = v.Addr()
		}
		data := d.take(d.length())
		if d.err == nil {
			d.err = target.Interface().(encoding.BinaryUnmarshaler).UnmarshalBinary(data)
		}
		return
	}
	switch t.Kind() {
	case reflect.Bool:
		v.SetBool(d.take(1)[0] == 1)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		x, n := binary.Varint(d.data)
		d.skip(n)
		v.SetInt(x)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(d.uvarint())
	case reflect.Float32, reflect.Float64:
		v.SetFloat(d.float())
	case reflect.Complex64, reflect.Complex128:
		re := d.float()
		v.SetComplex(complex(re, d.float()))
	case reflect.String:
		v.SetString(string(d.take(d.length())))
	case reflect.Pointer:
		d.value(v.Elem(), depth+1)
	case reflect.Slice:
		n := d.length()
		v.Set(reflect.MakeSlice(t, n, n))
		for i := range n {
			d.value(v.Index(i), depth+1)
		}
	case reflect.Array:
		if d.length() != t.Len() {
			d.err = errDamaged
		}
		for i := range t.Len() {
			d.value(v.Index(i), depth+1)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(t))
		for range d.length() {
			key, value := reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem()
			d.value(key, depth+1)
			d.value(value, depth+1)
			v.SetMapIndex(key, value)
		}
	case reflect.Struct:
		for i := range t.NumField() {
			d.value(v.Field(i), depth+1)
		}
	default:
		d.err = errDamaged
	}
}

// take returns the next n bytes, or zeros after damage.
func (d *decoder) take(n int) []byte {
	if d.err != nil || n > len(d.data) {
		d.err = errDamaged
		return make([]byte, n)
	}
	out := d.data[:n]
	d.data = d.data[n:]
	return out
}

func (d *decoder) skip(n int) {
	if n <= 0 {
		d.err = errDamaged
		return
	}
	d.take(n)
}

func (d *decoder) uvarint() uint64 {
	x, n := binary.Uvarint(d.data)
	d.skip(n)
	return x
}

// length reads a count of items. Each takes a byte at least, so that a damaged count cannot ask for all memory.
func (d *decoder) length() int {
	n := d.uvarint()
	if n > uint64(len(d.data)) {
		d.err = errDamaged
		return 0
	}
	return int(n)
}

func (d *decoder) float() float64 {
	return math.Float64frombits(binary.LittleEndian.Uint64(d.take(8)))
}
