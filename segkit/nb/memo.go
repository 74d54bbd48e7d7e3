package nb

// Memo keeps a value of the user's own between cells and sessions.

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"reflect"
	"sync"

	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/memory"
)

// Memo returns a function that gives the value of compute, and computes it only if it is not on disk yet:
//
//	var similar = nb.Memo("similar", func() *table.Table { return slow(customers) }, customers)
//
//	%%
//	nb.Show(similar())
//
// The value is recalled as long as the name, the content of the inputs, the source of compute with everything that it can
// reach in the notebook, and the code of segkit are the same. Pass as inputs whatever comes from outside the notebook:
// tables, the contents of files. Nothing is computed or read before the first call.
//
// The value may be plain data, or any type that marshals itself exactly, as segkit's types do. A type that would come back
// changed stops the cell with an explanation: a gota frame, unexported fields, functions, channels, interfaces. The
// library's own slow calls (SweepK, Recipe.Fit, reading orders) remember their results themselves; use Memo for your own
// functions that take over a second.
func Memo[T any](name string, compute func() T, inputs ...any) func() T {
	return sync.OnceValue(func() T {
		kind := reflect.TypeFor[T]()
		if err := storable(kind); err != nil {
			stop(fmt.Errorf("segkit: Memo %q cannot keep a %v exactly: %w: %s", name, kind, err, remedy(kind)))
		}
		key, err := memoKey(name, kind, dependencies(compute), inputs)
		if err != nil {
			stop(err)
		}
		if data, ok := store.Get(key); ok {
			var v T
			if decode(data, reflect.ValueOf(&v).Elem()) == nil {
				return v
			}
		}
		v := compute()
		data, err := encode(nil, reflect.ValueOf(&v).Elem(), 0)
		if err == nil {
			err = comesBack[T](data)
		}
		if err != nil {
			stop(fmt.Errorf("segkit: Memo %q cannot keep this %v exactly: %w", name, kind, err))
		}
		store.Put(key, data)
		return v
	})
}

// comesBack makes sure, before data is kept, that reading it gives the same value.
func comesBack[T any](data []byte) error {
	var v T
	if err := decode(data, reflect.ValueOf(&v).Elem()); err != nil {
		return err
	}
	again, err := encode(nil, reflect.ValueOf(&v).Elem(), 0)
	if err == nil && string(again) != string(data) {
		err = fmt.Errorf("it reads back differently")
	}
	return err
}

// remedy says what to keep instead of a type that cannot be kept.
func remedy(t reflect.Type) string {
	if t == reflect.TypeFor[frame.Frame]() {
		return "keep a *table.Table and take its Frame()"
	}
	return "keep its exported numbers and texts, or give the type MarshalBinary and UnmarshalBinary"
}

// memoKey names the value by all that it depends on.
func memoKey(name string, kind reflect.Type, source string, inputs []any) (string, error) {
	parts := []any{name, kind.String(), source}
	for i, in := range inputs {
		content, err := digest(in)
		if err != nil {
			return "", fmt.Errorf("segkit: Memo %q cannot tell when its input %d (a %T) changes: %w: pass its numbers and texts instead", name, i+1, in, err)
		}
		parts = append(parts, content)
	}
	return memory.Key("memo", parts...), nil
}

// digest is a hash of the content of an input.
func digest(in any) (string, error) {
	switch in := in.(type) {
	case interface{ Fingerprint() string }:
		return in.Fingerprint(), nil
	case frame.Frame:
		return digest([]any{in.Names(), fmt.Sprint(in.Types()), in.Records()})
	}
	data, err := encode(nil, reflect.ValueOf(&in).Elem(), 0)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]), nil
}
