// Package memory lets expensive calls recall what an earlier process already computed.
//
// In a notebook every cell is a new process that evaluates all earlier declarations again. A Store carried by the context
// lets the library's few expensive calls look their result up by the content of their inputs, so that later cells do not
// pay for earlier ones. Without a Store, everything is simply computed.
package memory

import (
	"context"
	"crypto/sha256"
	"encoding"
	"encoding/hex"
	"fmt"
)

// Store keeps bytes by key. Get reports false for anything it does not hold whole; Put may fail silently: a memory that
// forgets costs time, never correctness.
type Store interface {
	Get(key string) ([]byte, bool)
	Put(key string, value []byte)
}

type storeKey struct{}

// With returns a context that carries the store.
func With(ctx context.Context, s Store) context.Context { return context.WithValue(ctx, storeKey{}, s) }

// From returns the store that ctx carries, or nil.
func From(ctx context.Context) Store {
	s, _ := ctx.Value(storeKey{}).(Store)
	return s
}

// Key names a result by what it was made from: a purpose and the inputs' content, each written in Go's syntax, which tells
// nil from empty and ["a b"] from ["a", "b"]. Inputs must be plain data: a pointer's address is not its content.
func Key(purpose string, inputs ...any) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s", purpose)
	for _, in := range inputs {
		text := fmt.Sprintf("%#v", in)
		fmt.Fprintf(h, "\x00%d\x00%s", len(text), text) // lengths keep ("ab","c") and ("a","bc") apart
	}
	return purpose + "-" + hex.EncodeToString(h.Sum(nil)[:16])
}

// Remembered is a pointer to a type that survives a round trip through bytes exactly.
type Remembered[T any] interface {
	*T
	encoding.BinaryMarshaler
	encoding.BinaryUnmarshaler
}

// Recall returns what the context's store holds under key, else computes and stores it. Errors are never stored.
func Recall[T any, P Remembered[T]](ctx context.Context, key string, compute func() (P, error)) (P, error) {
	store := From(ctx)
	if store == nil {
		return compute()
	}
	if data, ok := store.Get(key); ok {
		v := P(new(T))
		if v.UnmarshalBinary(data) == nil {
			return v, nil
		}
	}
	v, err := compute()
	if err != nil {
		return nil, err
	}
	if data, err := v.MarshalBinary(); err == nil {
		store.Put(key, data)
	}
	return v, nil
}
