package featurestest

import (
	"reflect"
	"slices"
	"testing"

	"github.com/segkit/lab/segkit/engine"
	"github.com/segkit/lab/segkit/features"
)

// sameAudit fails unless the database finds what memory finds: as many lines of each kind, worth as much, with the same first line.
func sameAudit(t fatal, got *engine.Orders, orders *features.Orders) {
	t.Helper()
	a, err := got.Audit()
	if err != nil {
		t.Fatalf("%v", err)
	}
	want := orders.Audit()
	if a.Count != want.Count || a.First != want.First || a.Last != want.Last || a.Currency != want.Currency {
		t.Fatalf("audit %+v %s %s, want %+v %s %s", a.Count, a.First, a.Last, want.Count, want.First, want.Last)
	}
	found := map[string]features.Finding{}
	for _, f := range a.Findings {
		found[f.Name] = f
	}
	for _, f := range want.Findings {
		mine, ok := found[f.Name]
		if !ok {
			continue
		}
		if f.Lines > 0 {
			f.Example.File-- // the file has a header
		}
		if mine.Remedy != f.Remedy || mine.Lines != f.Lines || mine.Money != f.Money || !reflect.DeepEqual(mine.Example, f.Example) {
			t.Fatalf("%s\n%+v\nwant\n%+v", f.Name, mine, f)
		}
	}
	for _, fact := range a.Facts {
		if !slices.Contains(want.Facts, fact) {
			t.Fatalf("the fact %q is none of %q", fact, want.Facts)
		}
	}
}

// The tester is tested: an audit of other lines does not pass.
func TestTheTester(t *testing.T) {
	one, two := 1, 250
	ledger := &features.Ledger{Opening: features.Count{Lines: one}}
	other := &features.Ledger{Opening: features.Count{Lines: two}}
	failed := &failing{}
	func() {
		defer func() { _ = recover() }()
		sameLedger(failed, ledger, other)
	}()
	if !failed.yes {
		t.Error("two different ledgers pass for the same")
	}
}

// failing notes that a test would have failed.
type failing struct{ yes bool }

func (f *failing) Helper()             {}
func (f *failing) Logf(string, ...any) {}
func (f *failing) Fatalf(string, ...any) {
	f.yes = true
	panic("failed")
}
