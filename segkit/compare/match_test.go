package compare_test

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit/compare"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/table"
)

// divided is a segmentation of customers a, b, c, … with one label each.
func divided(t testing.TB, names []string, labels ...int) *table.Segments {
	t.Helper()
	ids := strings.Split("abcdefghijklmnopqrstuvwxyz", "")[:len(labels)]
	s, err := table.NewSegments(ids, labels, names)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Overlaps counted by hand: 0 goes on as 1, 1 as 0, and 2 is new.
func TestMatchPairsSegmentsByTheirCustomers(t *testing.T) {
	from := divided(t, nil, 0, 0, 0, 0, 1, 1, 1, table.Noise)
	to := divided(t, nil, 1, 1, 1, 2, 0, 0, table.Noise, 0)
	m, err := compare.Match(from, to)
	if err != nil {
		t.Fatal(err)
	}
	if m.Customers != 8 || !slices.Equal(m.Of, []int{1, 0, -1}) || !slices.Equal(m.Counts[0], []int{0, 3, 1}) ||
		!slices.Equal(m.Counts[1], []int{2, 0, 0}) {
		t.Fatalf("%d customers, %v, %v", m.Customers, m.Of, m.Counts)
	}
	if m.Jaccard[0] != 2./4 || m.Jaccard[1] != 3./4 || !math.IsNaN(m.Jaccard[2]) {
		t.Errorf("overlaps %v", m.Jaccard)
	}
	aligned := m.Aligned()
	if !slices.Equal(aligned.Labels, table.Labels{0, 0, 0, 2, 1, 1, table.Noise, 1}) || !slices.Equal(aligned.Names, []string{"1", "2", "3"}) {
		t.Errorf("aligned %v %q", aligned.Labels, aligned.Names)
	}
	if s := m.Sheet(); s.Caption != "2 of 2 segments continue; 83.3 % of customers stay in them" {
		t.Errorf("caption %q", s.Caption)
	}
}

// Counted by hand. Old is 10 a and 10 b and 10 c and 4 d. Of a, 8 stay in A (8 / 10, overlap .8) and 2 go to M; b goes to M (7) and S (3), c to M (6), S (1) and T (3);
// d goes to T (2) and U (2). So A continues a; M takes in most of b and of c, and with 7 of 15 from b continues neither; S, with 3 of 4 from b, splits off from it; T, with 3 of 5 from c, splits off from c; U, all of
// it from d, splits off from d, half of which is not most of it: d dissolves.
func TestChangesSaysWhatHappened(t *testing.T) {
	counts := [][]int{{8, 2, 0, 0, 0}, {0, 7, 3, 0, 0}, {0, 6, 1, 3, 0}, {0, 0, 0, 2, 2}}
	var ids []string
	var before, after table.Labels
	for a, row := range counts {
		for b, n := range row {
			for range n {
				ids, before, after = append(ids, strconv.Itoa(len(ids))), append(before, a), append(after, b)
			}
		}
	}
	from, err := table.NewSegments(ids, before, []string{"a", "b", "c", "d"})
	if err != nil {
		t.Fatal(err)
	}
	to, err := table.NewSegments(ids, after, []string{"A", "M", "S", "T", "U"})
	if err != nil {
		t.Fatal(err)
	}
	m, err := compare.Match(from, to)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`"M" takes in most of "b" and "c".`,
		`"S" splits off from "b", where 75 % of its customers come from.`,
		`"T" splits off from "c", where 60 % of its customers come from.`,
		`"U" splits off from "d", where 100 % of its customers come from.`,
		`"d" dissolves: no segment takes more than 50 % of its customers.`}
	if got := m.Changes(); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	for b, continues := range []bool{true, false, false, false, false} {
		if m.Continues(b) != continues {
			t.Errorf("%s continues %d: %v", to.Names[b], m.Of[b], m.Continues(b))
		}
	}
	s := m.Sheet()
	if s.Caption != "1 of 4 segments continues; 23.5 % of customers stay in it" || !slices.Contains(s.Notes, strings.Join(want, " ")) { // 8 of 34
		t.Errorf("%q %q", s.Caption, s.Notes)
	}
	column := m.Frame().Col("continues").Records()
	if i := slices.Index(column, "true"); i != 0 || slices.Contains(column[1:], "true") {
		t.Errorf("the frame says %v", column)
	}
	same, err := compare.Match(from, from)
	if err != nil || same.Changes() != nil {
		t.Errorf("nothing changes, and yet: %q, %v", same.Changes(), err)
	}
}

// A segment that gets less than half from each of three is new, and one that continues may take in another.
func TestChangesOfANewSegment(t *testing.T) {
	from := divided(t, nil, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3)
	to := divided(t, nil, 0, 0, 0, 0, 0, 3, 3, 1, 1, 1, 3, 3, 2, 2, 2, 2, 3, 0)
	m, err := compare.Match(from, to)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"Segment 1 takes in most of segment 4.", "Segment 4 is new: no segment gives it more than 40 % of its customers."}
	if got := m.Changes(); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Where more than half of the customers who are in either segment are in both, the two are paired whatever else happens, and one continues the other. A segment that
// continues another has most of its customers, those included who are in no segment now, and most of its own were there.
func TestWhatContinues(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.IntRange(1, 26).Draw(r, "customers")
		labels := rapid.SliceOfN(rapid.IntRange(table.Noise, 3), n, n)
		from, to := labels.Draw(r, "from"), labels.Draw(r, "to")
		m, err := compare.Match(divided(t, strings.Split("abcd", ""), from...), divided(t, strings.Split("ABCD", ""), to...))
		if err != nil {
			r.Fatal(err)
		}
		size := func(labels []int, l int) (n int) {
			for _, label := range labels {
				if label == l {
					n++
				}
			}
			return n
		}
		for b := range 4 {
			for a, row := range m.Counts {
				old, now, both := size(from, a), size(to, b), row[b]
				continues := m.Of[b] == a && m.Continues(b)
				if 2*both > old+now-both && !continues || continues && (2*both <= old || 2*both <= now) {
					r.Fatalf("%d of %d and %d are in both: paired with %d, continues %v", both, old, now, m.Of[b], m.Continues(b))
				}
			}
		}
	})
}

// A label of From stays free, and keeps its colour, where nothing continues it. Names go with their segments.
func TestAlignedLeavesAGapWhereASegmentIsGone(t *testing.T) {
	from := divided(t, []string{"Loyal", "Lost", "New"}, 0, 0, 0, 1, 1, 2, 2, 2)
	to := divided(t, []string{"Fresh", "Champions"}, 1, 1, 1, 1, 0, 0, 0, 0)
	m, err := compare.Match(from, to)
	if err != nil {
		t.Fatal(err)
	}
	aligned := m.Aligned()
	if !slices.Equal(aligned.Labels, table.Labels{0, 0, 0, 0, 2, 2, 2, 2}) ||
		!slices.Equal(aligned.Names, []string{"Champions", "Lost (gone)", "Fresh"}) {
		t.Errorf("aligned %v %q", aligned.Labels, aligned.Names)
	}
	if !slices.Equal(to.Labels, table.Labels{1, 1, 1, 1, 0, 0, 0, 0}) || to.Names[0] != "Fresh" {
		t.Errorf("the given segmentation was changed: %v %q", to.Labels, to.Names)
	}
}

// Equally many customers stay together whichever half goes on: the larger overlap decides, then the label.
func TestMatchTies(t *testing.T) {
	m, err := compare.Match(divided(t, nil, 0, 0, 0, 0, 0), divided(t, nil, 0, 0, 1, 1, 1))
	if err != nil || !slices.Equal(m.Of, []int{-1, 0}) {
		t.Errorf("the larger part goes on: %v %v", m.Of, err)
	}
	m, err = compare.Match(divided(t, nil, 0, 0, 0, 0, table.Noise), divided(t, nil, 1, 1, 0, 0, 1))
	if err != nil || !slices.Equal(m.Of, []int{0, -1}) {
		t.Errorf("the larger overlap goes on: %v %v", m.Of, err)
	}
	m, err = compare.Match(divided(t, nil, 0, 0, 1, 1), divided(t, nil, 0, 1, 0, 1))
	if err != nil || !slices.Equal(m.Of, []int{0, 1}) {
		t.Errorf("the same labels go on: %v %v", m.Of, err)
	}
}

func TestMatchJoinsByID(t *testing.T) {
	from, err := table.NewSegments([]string{"x", "y", "only from"}, table.Labels{0, 1, 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	to, err := table.NewSegments([]string{"only to", "y", "x"}, table.Labels{0, 0, 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	m, err := compare.Match(from, to)
	if err != nil || m.Customers != 2 || !slices.Equal(m.Of, []int{1, 0}) || m.Jaccard[0] != 1 {
		t.Fatalf("%+v, %v", m, err)
	}
	notes := strings.Join(m.Sheet().Notes, " ")
	if !strings.Contains(notes, "1 customer of the first") || !strings.Contains(notes, "1 customer of the second") {
		t.Errorf("notes %q", notes)
	}
	stranger, _ := table.NewSegments([]string{"z"}, table.Labels{0}, nil)
	if _, err := compare.Match(from, stranger); !errors.Is(err, fault.ErrUnmatched) || !strings.Contains(err.Error(), "no customer in common") {
		t.Error(err)
	}
	if _, err := compare.Match(nil, to); !errors.Is(err, fault.ErrNil) {
		t.Error(err)
	}
}
