package nb

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// locked makes the key of an answer, as the generator does: from what Exercise shows without one.
func locked(t interface{ Fatalf(string, ...any) }, number string, answer any) string {
	_, key, found := strings.Cut(verdict(number, answer, nil), "`")
	if !found {
		t.Fatalf("no key for %v", answer)
	}
	return strings.TrimSuffix(key, "`")
}

func TestExerciseTellsAnswersApart(t *testing.T) {
	for _, c := range []struct {
		right, answer any
		pass          bool
	}{
		{18.04, 18.0, true},
		{18, 18.0, true},
		{int8(18), uint(18), true},
		{18.0, 18.1, false},
		{18.0, -18.0, false},
		{18.0, 1.8, false},
		{0.0, math.Copysign(0, -1), true},
		{999.6, 1000, true},
		{0.87651, 0.87649, true},   // both sides of a border
		{0.8765, 0.8772, false},    // near none
		{12345678, 12310000, true}, // three digits count
		{math.NaN(), math.NaN(), true},
		{math.NaN(), 0.0, false},
		{"Frequent, lapsed", " frequent,  LAPSED", true},
		{"Frequent, lapsed", "Frequent", false},
		{true, true, true},
		{true, false, false},
		{[]float64{1, 2}, []int{1, 2}, true},
		{[]float64{1, 2}, []float64{2, 1}, false},
		{[]float64{1, 2}, []float64{1, 2, 3}, false},
		{[]any{"a", 2}, []any{"a", 2.001}, true},
		{[]float64{}, []float64{}, true},
		{[]float64{1}, 1, true},
		{1, nil, false},
		{1, []any{nil}, false},
		{1, map[string]int{"a": 1}, false},
		{1, func() {}, false},
		{1, (*int)(nil), false},
		{1, struct{ a int }{1}, false},
		{1, [][]int{{1}}, false},
	} {
		got := verdict("1.1", c.answer, []Key{{Right: locked(t, "1.1", c.right), Hint: "look again."}})
		if want := map[bool]string{true: "**PASS**", false: "**TRY AGAIN**"}[c.pass]; !strings.HasPrefix(got, want) {
			t.Errorf("%v for %v: %q, want %s", c.answer, c.right, got, want)
		}
	}
}

func TestExerciseKnowsNearMisses(t *testing.T) {
	key := Key{Right: locked(t, "1.1", 18.0), Hint: "count again.", Near: []Near{{locked(t, "1.1", .18), "answer in per cent."}}}
	for answer, want := range map[float64]string{18: "**PASS** (exercise 1.1)", .18: "**TRY AGAIN** (exercise 1.1): answer in per cent.",
		3: "**TRY AGAIN** (exercise 1.1): count again."} {
		if got := verdict("1.1", answer, []Key{key}); got != want {
			t.Errorf("%v: %q, want %q", answer, got, want)
		}
	}
	if got := verdict("1.2", 18.0, []Key{key}); !strings.Contains(got, "TRY AGAIN") {
		t.Errorf("the key of one exercise opens another: %q", got)
	}
	for _, broken := range []string{"", "1", "1-", "-", "2-00000000", "x"} {
		if got := verdict("1.1", 18.0, []Key{{Right: broken}}); !strings.Contains(got, "TRY AGAIN") {
			t.Errorf("a broken key %q: %q", broken, got)
		}
	}
}

// Of a list, the values that are right are told, and never what the others should be; a near miss has its own hint and no more.
func TestExerciseTellsWhichValuesAreRight(t *testing.T) {
	key := Key{Right: locked(t, "3.2", []any{12, "often", 7}), Hint: "count again.", Near: []Near{{locked(t, "3.2", []any{12, "often", 9}), "nine are too many."}}}
	const again = "**TRY AGAIN** (exercise 3.2): "
	for _, c := range []struct {
		answer any
		want   string
	}{
		{[]any{12, "often", 7}, "**PASS** (exercise 3.2)"},
		{[]any{12, "often", 9}, again + "nine are too many."},
		{[]any{12, "rarely", 7}, again + "count again. Right so far: values 1 and 3 of 3."},
		{[]any{1, "often", 3}, again + "count again. Right so far: value 2 of 3."},
		{[]any{7, "rarely", 12}, again + "count again."},
		{[]any{12, "often"}, again + "count again. The answer has 3 values; this one has 2."},
		{12, again + "count again. The answer has 3 values; this one has 1."},
	} {
		if got := verdict("3.2", c.answer, []Key{key}); got != c.want {
			t.Errorf("%v: %q, want %q", c.answer, got, c.want)
		}
	}
}

// Whatever the number, it passes its own key, and so does what lies within a hundred-thousandth of it; what is a hundredth off does not.
func TestExerciseRounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Range(1e-12, 1e12).Draw(t, "x")
		key := locked(t, "1.1", x)
		for _, near := range []float64{x, x * (1 + 1e-5), x * (1 - 1e-5)} {
			if items, _ := list(reflect.ValueOf(near)); !opens("1.1", items, key) {
				t.Fatalf("%v does not pass for %v", near, x)
			}
		}
		if items, _ := list(reflect.ValueOf(x * 1.011)); opens("1.1", items, key) {
			t.Fatalf("%v passes for %v", x*1.011, x)
		}
	})
}
