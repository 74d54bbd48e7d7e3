package evidence

import (
	"testing"

	"github.com/segkit/lab/segkit/internal/exports"
)

// The rule removes purchases: to a word that stands on nothing else but goods that came back, it is no remedy.
func TestRemedyOfGoodsThatCameBack(t *testing.T) {
	for want, w := range map[string]Word{
		"features.Undone":               {Of: exports.Status, Taken: Undone, Text: "returned", Lines: 1, Back: 5},
		"none: it counts as money back": {Of: exports.Status, Taken: Undone, Text: "returned", Back: 5},
	} {
		if got := w.Remedy(); got != want {
			t.Errorf("%+v: %q, want %q", w, got, want)
		}
	}
}
