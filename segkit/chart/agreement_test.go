package chart

import (
	"errors"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/table"
)

func TestAgreementTitleNamesMostAndLeast(t *testing.T) {
	of := oneColumn(t, table.Column{Name: "x"}, make([]float64, 6)...)
	a := segments(t, of, nil, 0, 0, 0, 1, 1, 1)
	renamed := segments(t, of, []string{"p", "q"}, 1, 1, 1, 0, 0, 0)
	// Hubert & Arabie's formula by hand: 2 of 15 pairs together in both, 6 and 3 in each: (2 − 18/15) / (4.5 − 18/15) = 0.2424…
	other := segments(t, of, nil, 0, 0, 1, 1, 2, 2)
	titled(t, "A and b divide the customers in the same way")(Agreement([]string{"a", "b"}, []*table.Segments{a, renamed}))
	titled(t, "All 3 divide the customers in the same way")(Agreement([]string{"a", "b", "c"}, []*table.Segments{a, renamed, a}))
	titled(t, "A and c: adjusted Rand 0.24")(Agreement([]string{"a", "c"}, []*table.Segments{a, other}))
	titled(t, "iOS and c: adjusted Rand 0.24")(Agreement([]string{"iOS", "c"}, []*table.Segments{a, other})) // a spelling of its own
	titled(t, "A and b agree most (adjusted Rand 1.00), a and c least (0.24)")(Agreement([]string{"a", "b", "c"}, []*table.Segments{a, renamed, other}))
}

func TestAgreementJoinsByID(t *testing.T) {
	ids := []string{"a", "b", "c", "d"}
	first, _ := table.NewSegments(ids, table.Labels{0, 0, 1, 1}, nil)
	turned, _ := table.NewSegments([]string{"d", "c", "b", "a", "new"}, table.Labels{0, 0, 1, 1, 2}, nil)
	f, err := Agreement([]string{"first", "turned"}, []*table.Segments{first, turned})
	titled(t, "First and turned divide the customers in the same way")(f, err)
	if !strings.Contains(f.Note, "on 4 customers") {
		t.Errorf("note %q: four customers are in both", f.Note)
	}
	few, _ := table.NewSegments([]string{"a", "b", "c"}, table.Labels{0, 0, table.Noise}, nil)
	f, err = Agreement([]string{"first", "turned", hostile}, []*table.Segments{first, turned, few})
	titled(t, "All 3 divide the customers in the same way")(f, err) // noise is a group like others
	if !strings.Contains(f.Note, "on 3 to 4 customers") {
		t.Errorf("note %q", f.Note)
	}
}

func TestAgreementOfWhatCannotBeCompared(t *testing.T) {
	a, _ := table.NewSegments([]string{"a", "b"}, table.Labels{0, 0}, nil)
	f, err := Agreement([]string{"x", ""}, []*table.Segments{a, a})
	titled(t, "No two of these divisions can be compared")(f, err)
	if !strings.Contains(f.Alt, "x and segmentation 2 –") {
		t.Errorf("description %q", f.Alt)
	}
	strangers, _ := table.NewSegments([]string{"y", "z"}, table.Labels{0, 1}, nil)
	for what, c := range map[string]struct {
		names  []string
		of     []*table.Segments
		want   error
		saying string
	}{
		"one":                   {[]string{"x"}, []*table.Segments{a}, fault.ErrEmpty, "at least two"},
		"a name too few":        {[]string{"x"}, []*table.Segments{a, a}, fault.ErrSchema, "1 names for 2"},
		"nil":                   {[]string{"x", "y"}, []*table.Segments{a, nil}, fault.ErrEmpty, "segmentation 2 (y) is nil"},
		"no customer in common": {[]string{"x", "y"}, []*table.Segments{a, strangers}, fault.ErrUnmatched, "x and y have no customer in common"},
	} {
		if _, err := Agreement(c.names, c.of); !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.saying) {
			t.Errorf("%s gives error %v", what, err)
		}
	}
}
