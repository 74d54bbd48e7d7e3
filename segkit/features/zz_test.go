package features

import (
	"testing"
)

func TestZZ(t *testing.T) {
	r, err := Inspect("/tmp/ins/ten.csv")
	if err != nil {
		t.Fatal(err)
	}
	_ = r
}
