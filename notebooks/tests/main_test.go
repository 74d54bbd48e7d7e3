package notebooks_test

import (
	"log"
	"os"
	"testing"
)

// The tests see the lessons as their reader does, who starts in their folder.
func TestMain(m *testing.M) {
	if err := os.Chdir(".."); err != nil {
		log.Fatal(err)
	}
	os.Exit(m.Run())
}
