// Package distinct finds which rows of a table are different. Missing is like missing, and -0 is 0.
package distinct

import (
	"context"
	"math"
	"math/bits"
)

// Found are the different rows of a table.
type Found struct {
	First []int // (u) where each stands first
	Of    []int // (n) which of them each row is
}

// Rows finds the different rows among n (in: n x d, row-major), unless ctx knows them. It costs n*d, and memory in n.
func Rows(ctx context.Context, rows []float64, n, d int) Found {
	if k, ok := ctx.Value(knownKey{}).(known); ok && len(rows) > 0 && k.row == &rows[0] && len(k.Of) == n {
		return k.Found
	}
	of := make([]int, n)
	return Found{find(rows, n, d, n, of), of}
}

type knownKey struct{}

// known are the different rows of the table that begins with this row.
type known struct {
	row *float64
	Found
}

// Known returns a context in which the different rows of this table (n x d) need not be found again: samples of one table are many.
func Known(ctx context.Context, rows []float64, f Found) context.Context {
	return context.WithValue(ctx, knownKey{}, known{&rows[0], f})
}

// Sample returns the different rows among the given ones, in their order. It costs n.
func (f Found) Sample(rows []int) Found {
	if len(f.First) == len(f.Of) && rising(rows) { // all differ
		each := make([]int, len(rows))
		for p := range each {
			each[p] = p
		}
		return Found{each, each}
	}
	number := make([]int, len(f.First)) // in the sample plus 1, 0 for none yet
	out := Found{Of: make([]int, len(rows))}
	for p, i := range rows {
		u := f.Of[i]
		if number[u] == 0 {
			out.First = append(out.First, p)
			number[u] = len(out.First)
		}
		out.Of[p] = number[u] - 1
	}
	return out
}

// rising reports whether every row comes before the next.
func rising(rows []int) bool {
	for p := 1; p < len(rows); p++ {
		if rows[p] <= rows[p-1] {
			return false
		}
	}
	return true
}

// Count counts the different rows among n (rows: n x d), up to limit: it looks no further then, and takes memory in limit.
func Count(rows []float64, n, d, limit int) int {
	return len(find(rows, n, d, min(limit, n), nil))
}

// find returns where up to limit different rows stand first and writes to of (n, or nil) which of them each row is.
func find(rows []float64, n, d, limit int, of []int) (first []int) {
	type place struct {
		mark uint32 // of the hash
		row  int32  // number of the different row plus 1, 0 for none; rows whose place is taken take the next
	}
	first = make([]int, 0, limit)
	shift := 64 - bits.Len(uint(2*limit))
	places := make([]place, 1<<(64-shift))
	for i := 0; i < n && (of != nil || len(first) < limit); i++ {
		row, hash := rows[i*d:(i+1)*d], uint64(0)
		odd := uint64(0x9e3779b97f4a7c15)
		for _, v := range row { // products that do not wait for each other
			hash += (pattern(v) ^ pattern(v)>>32) * odd
			odd += 0x632be59bd9b4e01a
		}
		hash = (hash ^ hash>>32) * 0x9e3779b97f4a7c15
		at, mark := hash>>shift, uint32(hash)
		for p := places[at]; p.row > 0 && !(p.mark == mark && same(row, rows[first[p.row-1]*d:][:d])); p = places[at] {
			at = (at + 1) % uint64(len(places))
		}
		if places[at].row == 0 {
			first = append(first, i)
			places[at] = place{mark, int32(len(first))}
		}
		if of != nil {
			of[i] = int(places[at].row - 1)
		}
	}
	return first
}

func same(a, b []float64) bool {
	for j, v := range a {
		if pattern(v) != pattern(b[j]) {
			return false
		}
	}
	return true
}

// pattern is the same for values that are the same: for 0 and -0, and for all the patterns of bits that are not a number.
func pattern(v float64) uint64 {
	if math.IsNaN(v) {
		v = math.NaN()
	}
	return math.Float64bits(v + 0) // -0 + 0 is 0
}
