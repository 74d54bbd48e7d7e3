package typing_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/fuzzing"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/typing"
)

// Whatever the bytes of a typing tool: one that is read is written and read the same, and names segments or refuses; anything else is ErrFormat.
func FuzzTool(f *testing.F) {
	answers, segments := planted(f, 200, 1, []float64{.6, .4}, 1)
	data := trial.Sure(find(f, answers, segments, typing.Options{}).MarshalBinary())
	f.Add(data)
	f.Add(data[:len(data)/2])
	f.Add([]byte(`{"format": "segkit/typing-tool", "version": 1}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		fuzzing.Bounded(t, len(data), func() {
			tool := new(typing.Tool)
			if err := tool.UnmarshalBinary(data); err != nil {
				if !errors.Is(err, fault.ErrFormat) {
					t.Fatalf("not ErrFormat: %v", err)
				}
				return
			}
			once, err := tool.MarshalBinary()
			if err != nil {
				t.Fatalf("a tool that was read cannot be written: %v", err)
			}
			again := new(typing.Tool)
			if err := again.UnmarshalBinary(once); err != nil {
				t.Fatalf("what was written cannot be read: %v", err)
			}
			if twice, err := again.MarshalBinary(); err != nil || !bytes.Equal(once, twice) {
				t.Fatalf("written once:\n%s\nwritten twice:\n%s", once, twice)
			}
			if _, err := tool.Score(answers); err != nil && !strings.HasPrefix(err.Error(), "segkit: ") {
				t.Fatal(err)
			}
			tool.Sheet()
			tool.Says()
		})
	})
}
