package enum

import (
	"errors"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/fault"
)

type colour uint8

var colours = []string{"red", "green"}

func TestNamesComeBack(t *testing.T) {
	for v := range colours {
		var got colour
		if err := Read(&got, []byte(Name(colour(v), colours)), "colour", colours); err != nil || got != colour(v) {
			t.Errorf("%d came back as %d (%v)", v, got, err)
		}
	}
	if got := Name(colour(7), colours); got != "colour(7)" {
		t.Errorf("a value without a name is %q", got)
	}
	if err := Read(new(colour), []byte("blue"), "colour", colours); !errors.Is(err, fault.ErrFormat) || !strings.Contains(err.Error(), "red, green") {
		t.Errorf("blue: %v", err)
	}
}
