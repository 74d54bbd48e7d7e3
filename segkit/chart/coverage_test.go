package chart

import (
	"errors"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/trial"
)

// holdings are what combine.Coverage counts, by hand.
type holdings struct {
	sources []string
	in      [][]bool
	n       []int
}

func (h holdings) Combinations() ([]string, []int, [][]bool, []int) {
	each := make([]int, len(h.sources))
	for c, in := range h.in {
		for s := range in {
			if in[s] {
				each[s] += h.n[c]
			}
		}
	}
	return h.sources, each, h.in, h.n
}

func TestCoverageSaysWhoIsInAllSources(t *testing.T) {
	h := holdings{[]string{"orders", "visits", "survey", "address & age of the household"},
		[][]bool{{true, true, false, true}, {true, true, true, true}, {true, false, false, true}, {true, false, false, false}, {false, false, true, false}},
		[]int{2014, 1009, 701, 44, 9}}
	fig := trial.Sure(Coverage(h))
	golden(t, "coverage", fig)
	titled(t, "1,009 of 3,777 customers (27 %) are in all 4 sources")(fig, nil)
	for _, says := range []string{"orders, visits and address & age of the household: 2,014 (53 %)", "survey: 9 (0.2 %)"} {
		if !strings.Contains(fig.Alt, says) {
			t.Errorf("%q is not in %q", says, fig.Alt)
		}
	}
	if _, err := Coverage(holdings{}); !errors.Is(err, fault.ErrEmpty) {
		t.Error(err)
	}
	many := holdings{n: []int{1}, in: [][]bool{make([]bool, 13)}, sources: make([]string, 13)}
	if _, err := Coverage(many); !errors.Is(err, fault.ErrUndefined) {
		t.Error(err)
	}
}

// As many combinations as 12 sources can make do not run off the page.
func TestCoverageLeavesOutWhatAPageCannotHold(t *testing.T) {
	var h holdings
	for s := range 12 {
		h.sources = append(h.sources, strings.Repeat("source ", 3)+string(rune('A'+s)))
	}
	for c := range 100 {
		in := make([]bool, 12)
		for s := range in {
			in[s] = (c+1)>>s&1 == 1
		}
		h.in, h.n = append(h.in, in), append(h.n, 1000-c)
	}
	fig := trial.Sure(Coverage(h))
	if !strings.Contains(fig.Note, "76 combinations of fewer customers not drawn") {
		t.Errorf("note %q", fig.Note)
	}
	if w, _ := fig.size(); w > defaultWidth {
		t.Errorf("width %v", w)
	}
}
