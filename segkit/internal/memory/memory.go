// Package memory lets expensive calls recall what an earlier process already computed.
//
// In a notebook every cell is a new process that evaluates all earlier declarations again. A Store carried by the context
// lets the library's few expensive calls look their result up by the content of their inputs, so that later cells do not
// pay for earlier ones. Without a Store, everything is simply computed.
package memory

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"reflect"
	"strings"

	"github.com/segkit/lab/segkit/internal/gobs"
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

// Derived is the Key of what is made of another result and of more inputs: none, where that result has none.
func Derived(from, purpose string, inputs ...any) string {
	if from == "" {
		return ""
	}
	return Key(purpose, append([]any{from}, inputs...)...)
}

// Continuing is options that may hold a start to continue, which is content and no option.
type Continuing interface {
	// WithoutStart returns the options without the start, and a text that tells starts apart.
	WithoutStart() (options any, start string)
}

// Spell writes a method or transform out for a key: its type, every option, tables by their content. It is not known for types
// from other modules: a change of their code would go unnoticed, so nothing that they made is remembered.
func Spell(options any) (text string, known bool) {
	t := reflect.TypeOf(options)
	if t == nil { // a step left out: the call that runs it says so
		return "nil", false
	}
	if m, ok := options.(Continuing); ok {
		options, text = m.WithoutStart()
	}
	return fmt.Sprintf("%s%#v", text, options), strings.HasPrefix(t.PkgPath(), ours)
}

// ours begins the import paths of this module's packages.
var ours = strings.TrimSuffix(reflect.TypeFor[Continuing]().PkgPath(), "/internal/memory")

// Recall returns what the context's store holds under key, else computes and stores it. Errors are never stored, nor is what has no key ("").
//
// T survives the round trip through bytes exactly: it is plain data with exported fields, or marshals itself.
func Recall[T any](ctx context.Context, key string, compute func() (*T, error)) (*T, error) {
	store := From(ctx)
	if store == nil || key == "" {
		return compute()
	}
	if data, ok := store.Get(key); ok {
		v := new(T)
		if gobs.Decode(data, v) == nil {
			return v, nil
		}
	}
	v, err := compute()
	if err != nil {
		return nil, err
	}
	if data, err := gobs.Encode(v); err == nil {
		store.Put(key, data)
	}
	return v, nil
}
