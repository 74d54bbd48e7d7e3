package memory

import (
	"context"
	"errors"
	"testing"
)

type text struct{ s string }

func (t *text) MarshalBinary() ([]byte, error)    { return []byte(t.s), nil }
func (t *text) UnmarshalBinary(data []byte) error { t.s = string(data); return nil }

type inMap map[string][]byte

func (m inMap) Get(key string) ([]byte, bool) { v, ok := m[key]; return v, ok }
func (m inMap) Put(key string, value []byte)  { m[key] = value }

func TestRecallComputesOncePerKeyAndNeverKeepsErrors(t *testing.T) {
	store := inMap{}
	ctx := With(context.Background(), store)
	calls := 0
	compute := func() (*text, error) { calls++; return &text{"answer"}, nil }
	for range 3 {
		if v, err := Recall(ctx, Key("q", 1), compute); err != nil || v.s != "answer" {
			t.Fatal(v, err)
		}
	}
	if calls != 1 {
		t.Fatalf("computed %d times with a store", calls)
	}
	if _, err := Recall(ctx, Key("q", 2), func() (*text, error) { return nil, errors.New("no") }); err == nil {
		t.Fatal("error lost")
	}
	if len(store) != 1 {
		t.Fatalf("%d entries after an error", len(store))
	}
	for range 2 {
		if _, err := Recall(context.Background(), Key("q", 1), compute); err != nil {
			t.Fatal(err)
		}
	}
	if calls != 3 {
		t.Fatalf("without a store %d calls, want 3", calls)
	}
}

func TestKeysTellInputsApart(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range []string{Key("a", "b", "c"), Key("a", "bc"), Key("a", "b\x00c"), Key("ab", "c"), Key("a", 1, 2), Key("a", 12), Key("a", "12"),
		Key("a", []string{"b c"}), Key("a", []string{"b", "c"}), Key("a", []string{}), Key("a", []string(nil)), Key("a", struct{ B, C string }{"", "b"}), Key("a", struct{ B, C string }{"b", ""})} {
		if seen[k] {
			t.Fatalf("two inputs share %s", k)
		}
		seen[k] = true
	}
}

// What is made of a result without a key has none either, and is computed each time.
func TestNothingIsRememberedWithoutAKey(t *testing.T) {
	if got, want := Derived("q-1", "sum", 2), Key("sum", "q-1", 2); got != want || Derived("", "sum", 2) != "" {
		t.Errorf("the key is %q, want %q; of a result without a key %q", got, want, Derived("", "sum", 2))
	}
	store, calls := inMap{}, 0
	ctx := With(context.Background(), store)
	for range 2 {
		if v, err := Recall(ctx, Derived("", "sum", 2), func() (*text, error) { calls++; return &text{"answer"}, nil }); err != nil || v.s != "answer" {
			t.Fatal(v, err)
		}
	}
	if calls != 2 || len(store) != 0 {
		t.Errorf("computed %d times, and %d entries are kept", calls, len(store))
	}
}
