package intern

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// text draws texts that come again, short and long ones, with a byte of room behind as cells of a file have.
func text(t *rapid.T) []byte {
	s := rapid.OneOf(rapid.StringN(0, 3, 7), rapid.StringN(0, 20, 40), rapid.Map(rapid.IntRange(0, 4000), func(i int) string { return fmt.Sprint("customer ", i) })).Draw(t, "text")
	return append(make([]byte, 0, len(s)+8), s...)
}

// Codes are those of a map that gives every new text the next number, however texts are looked up, and joining indexes is as if one had read everything.
func TestCodesAreThoseOfAMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		known, all := map[string]uint32{"": 0}, Index{}
		all.Reset()
		var part Index
		for range rapid.IntRange(1, 4).Draw(t, "parts") {
			part = part.Again()
			if rapid.Bool().Draw(t, "copied") { // as a value in a slice that grows
				part = append([]Index{part}, Index{})[0]
			}
			var codes []uint32
			var want []string
			for range rapid.IntRange(0, 3000).Draw(t, "texts") {
				b := text(t)
				key := ShortKey(b)
				code, ok := part.Recent(key)
				if !ok {
					code, _ = part.Code(b, key)
				}
				codes, want = append(codes, code), append(want, string(b))
				if _, ok := known[string(b)]; !ok {
					known[string(b)] = uint32(len(known))
				}
			}
			remap := all.Join(nil, part.Names, part.Hashes)
			for i, code := range codes {
				if part.Names[code] != want[i] || all.Names[remap[code]] != want[i] || remap[code] != known[want[i]] {
					t.Fatalf("%q has code %d of %q, joined %d of %q, and %d in a map", want[i], code, part.Names[code], remap[code], all.Names[remap[code]], known[want[i]])
				}
			}
		}
		if len(all.Names) != len(known) {
			t.Fatalf("%d texts, want %d", len(all.Names), len(known))
		}
	})
}

// What is missing has code 0, takes no place, and is found again in the same way.
func TestMissingTexts(t *testing.T) {
	var x Index
	x.Missing = func(text []byte) bool { return string(text) == "NA" }
	x.Reset()
	for range 2 {
		for i, s := range []string{"NA", "a", "", "NA"} {
			b := append(make([]byte, 0, 16), s...)
			code, ok := x.Recent(ShortKey(b))
			if !ok {
				code, _ = x.Code(b, ShortKey(b))
			}
			if want := []uint32{0, 1, 0, 0}[i]; code != want {
				t.Errorf("%q has code %d, want %d", s, code, want)
			}
		}
	}
	if want := []string{"", "a"}; !slices.Equal(x.Names, want) {
		t.Errorf("texts %q, want %q", x.Names, want)
	}
}

// The key of a short text is that of no other one, whatever stands behind it.
func TestShortKeys(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := text(t), text(t)
		copy(a[len(a):cap(a)], "behind!!")
		x, y := ShortKey(a), ShortKey(b)
		if x != 0 && (x == y) != (string(a) == string(b)) {
			t.Fatalf("%q has key %x and %q %x", a, x, b, y)
		}
		if (x == 0) != (len(a) == 0 || len(a) > 7) {
			t.Fatalf("%q has key %x", a, x)
		}
	})
}
