package compare_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

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
	if s := m.Sheet(); s.Caption != "1 of 2 segments continue; 83.3 % of customers stay together" {
		t.Errorf("caption %q", s.Caption)
	}
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
