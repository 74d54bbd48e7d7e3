// Package enum writes typed choices as their names, and reads the names back: options in messages, model files and records.
package enum

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/wording"
)

// Name is the name of v among names, which stand in the order of the values; of a value beyond them "Distance(9)".
func Name[T ~uint8](v T, names []string) string {
	if int(v) < len(names) {
		return names[v]
	}
	return fmt.Sprintf("%s(%d)", wording.TypeName(v), uint8(v))
}

// Read sets v to the value that has the name text. Anything else is ErrFormat, with the names that there are; what says what they name.
func Read[T ~uint8](v *T, text []byte, what string, names []string) error {
	at := slices.Index(names, string(text))
	if at < 0 {
		return fault.Errorf(fault.ErrFormat, "segkit: %q is not a %s, want one of %s", wording.Clip(string(text)), what, strings.Join(names, ", "))
	}
	*v = T(at)
	return nil
}
