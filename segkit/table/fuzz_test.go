package table_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/fuzzing"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/table"
)

// Whatever the bytes of a stored table or of stored segments: those that are read are written and read the same, and whatever else is ErrFormat or
// what a table of such columns would be refused for.
func FuzzStored(f *testing.F) {
	x := trial.Sure(table.ParseCSV(strings.NewReader("id,spend,city\na,1.5,Leeds\nb,,York\n"), "x.csv", "id"))
	f.Add(trial.Sure(x.MarshalBinary()), true)
	s := trial.Sure(table.NewSegments(x.IDs(), table.Labels{0, 1}, []string{"A", "B"}))
	f.Add(trial.Sure(s.MarshalBinary()), false)
	f.Fuzz(func(t *testing.T, data []byte, tabular bool) {
		type stored interface {
			MarshalBinary() ([]byte, error)
			UnmarshalBinary([]byte) error
		}
		of := func() stored {
			if tabular {
				return new(table.Table)
			}
			return new(table.Segments)
		}
		fuzzing.Bounded(t, len(data), func() {
			v, w := of(), of()
			if err := v.UnmarshalBinary(data); err != nil {
				if !errors.Is(err, fault.ErrFormat) && !errors.Is(err, fault.ErrSchema) && !errors.Is(err, fault.ErrNotFinite) && !errors.Is(err, fault.ErrEmpty) {
					t.Fatalf("an error of no kind: %v", err)
				}
				return
			}
			once, err := v.MarshalBinary()
			if err != nil {
				t.Fatal(err)
			}
			if err := w.UnmarshalBinary(once); err != nil {
				t.Fatalf("what was written cannot be read: %v", err)
			}
			if twice, err := w.MarshalBinary(); err != nil || !bytes.Equal(once, twice) {
				t.Fatalf("%x is written as %x, %v", once, twice, err)
			}
		})
	})
}
