package cell

import (
	"strings"
	"testing"
)

// Zeros in front make a code where all cells are of digits and of one length, or long; whatever the order of the cells, and however they are cut into blocks.
func TestPaddedDigitsAreCodes(t *testing.T) {
	for cells, want := range map[string]bool{
		"01067 20095": true, "01067 1069 80331": true, "007 012": true, "01 12": true, "00 01": true, "0000000000000000000000012": true,
		"07 12 3": false, "10115 20095": false, "0 1 2": false, "01067 D-20095": false, "01067 20095.5": false, "-01 -02": false, "0.5 0.7": false, "": false,
	} {
		all := strings.Fields(cells)
		for cut := range len(all) + 1 {
			var first, second Digits
			for i, text := range all {
				if i < cut {
					first.Add([]byte(text), i+1)
				} else {
					second.Add([]byte(text), i-cut+1)
				}
			}
			first.Merge(&second, cut)
			if first.Padded() != want {
				t.Errorf("%s cut after %d: %+v, want %v", cells, cut, first, want)
			}
			if z := first.Zeros; z.Count > 0 && all[z.Row-1] != z.Cell {
				t.Errorf("%s cut after %d: %q in row %d", cells, cut, z.Cell, z.Row)
			}
		}
	}
}
