package seed

import "testing"

func TestStreamsAreRepeatableAndDistinct(t *testing.T) {
	seen := map[uint64]string{}
	for _, purpose := range []string{"start", "bootstrap"} {
		for s := range 20 {
			for i := range 20 {
				first := Stream(s, purpose, i).Uint64()
				if again := Stream(s, purpose, i).Uint64(); again != first {
					t.Fatalf("Stream(%d, %q, %d) gave %d, then %d", s, purpose, i, first, again)
				}
				if other, ok := seen[first]; ok {
					t.Fatalf("two streams start alike: %s", other)
				}
				seen[first] = purpose
			}
		}
	}
}

func TestFirstIsThatOfTheStream(t *testing.T) {
	first := First(3, "start")
	for i := range 20 {
		if got, want := first(i-5), Stream(3, "start", i-5).Uint64(); got != want {
			t.Errorf("%d: %d, the stream's is %d", i-5, got, want)
		}
	}
}
