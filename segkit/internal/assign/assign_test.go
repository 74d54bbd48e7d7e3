package assign

import (
	"fmt"
	"slices"
	"testing"

	"github.com/segkit/lab/segkit/internal/seed"
)

// Against all pairings of small matrices, wide and tall, with many equal values and with negative ones.
func TestMostIsTheBestOfAllPairings(t *testing.T) {
	for i := range 3000 {
		r := seed.Stream(1, "assign", i)
		rows, columns, spread := 1+r.IntN(5), 1+r.IntN(5), []int{2, 5, 1_000_000}[i%3]
		value := make([][]int, rows)
		for a := range value {
			value[a] = make([]int, columns)
			for b := range value[a] {
				value[a][b] = r.IntN(spread) - spread/3
			}
		}
		of := Most(value)
		sum, pairs, used := 0, 0, map[int]bool{}
		for a, b := range of {
			if b < 0 {
				continue
			}
			if used[b] {
				t.Fatalf("%v: column %d twice in %v", value, b, of)
			}
			used[b] = true
			sum, pairs = sum+value[a][b], pairs+1
		}
		if want := best(value, 0, make([]bool, columns), max(0, rows-columns)); pairs != min(rows, columns) || sum != want {
			t.Fatalf("%v: %d in %d pairs %v, want %d in %d", value, sum, pairs, of, want, min(rows, columns))
		}
		if again := Most(value); !slices.Equal(of, again) {
			t.Fatalf("%v: %v, then %v", value, of, again)
		}
	}
}

// best tries every column for row i, and no column while so many rows may stay alone.
func best(value [][]int, i int, used []bool, alone int) int {
	if i == len(value) {
		return 0
	}
	most := -1 << 60
	if alone > 0 {
		most = best(value, i+1, used, alone-1)
	}
	for j := range used {
		if !used[j] {
			used[j] = true
			most = max(most, value[i][j]+best(value, i+1, used, alone))
			used[j] = false
		}
	}
	return most
}

func TestMostOfNothing(t *testing.T) {
	for _, value := range [][][]int{nil, {{}}, {{}, {}}} {
		of := Most(value)
		if len(of) != len(value) || slices.Max(append(of, -1)) != -1 {
			t.Errorf("%v pairs %s", value, fmt.Sprint(of))
		}
	}
}
