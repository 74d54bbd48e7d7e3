package repeats

import (
	"os"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

// Whatever part of the texts goes through the file, as many repeat as a set says.
func TestCountIsThatOfASet(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	rapid.Check(t, func(t *rapid.T) {
		c := Counter{most: rapid.IntRange(1, 20).Draw(t, "most")}
		seen, want := map[string]bool{}, 0
		for _, v := range rapid.SliceOfN(rapid.IntRange(0, 40), 0, 100).Draw(t, "texts") {
			text := strconv.Itoa(v)
			if err := c.Add(text); err != nil {
				t.Fatal(err)
			}
			if seen[text] {
				want++
			}
			seen[text] = true
		}
		if got, err := c.Count(); err != nil || got != want {
			t.Fatalf("%d repeat, %v; want %d", got, err, want)
		}
	})
	if left, _ := os.ReadDir(os.TempDir()); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestNoPlaceForTheFileIsAnError(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir()+"/nowhere")
	c := Counter{most: 1}
	if err := c.Add("a"); err == nil {
		t.Error("a folder that does not exist was written to")
	}
	c.Close()
}
