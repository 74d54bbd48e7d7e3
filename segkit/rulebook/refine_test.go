package rulebook

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/internal/worth"
	"github.com/segkit/lab/segkit/table"
)

func TestRefineEdits(t *testing.T) {
	raw, s := trial.Refinable(t)
	for _, c := range []struct {
		edit            Edit
		names           []string
		labels          table.Labels
		customers       int
		spend           float64
		unknown, absent int
	}{
		{Edit{Merge: []string{"C", "A"}, Into: "A"}, []string{"A", "B"}, table.Labels{0, 0, 0, 0, 1, 1, 1, 0}, 5, 180, 0, 0},
		{Edit{Merge: []string{"B", "C"}, Into: "D"}, []string{"A", "D"}, table.Labels{0, 0, 0, 0, 1, 1, 1, 1}, 4, 190, 0, 0},
		{Edit{Rename: "B", Into: "D"}, []string{"A", "D", "C"}, table.Labels{0, 0, 0, 0, 1, 1, 1, 2}, 3, 110, 0, 0},
		{Edit{Split: "A", When: "orders >= 2", Into: "D"}, []string{"A", "B", "C", "D"}, table.Labels{0, 3, 3, 0, 1, 1, 1, 2}, 2, 50, 1, 0},
		{Edit{Move: "A", When: "orders <= 2", Into: "C"}, []string{"A", "B", "C"}, table.Labels{2, 2, 0, 0, 1, 1, 1, 2}, 2, 30, 1, 0},
		{Edit{IDs: []string{"c3", "c6", "c7", "c9"}, Into: "C"}, []string{"A", "B", "C"}, table.Labels{0, 0, 0, 2, 1, 1, 2, 2}, 2, 40, 0, 2},
		{Edit{When: "orders > 5", Into: "A"}, []string{"A", "B", "C"}, table.Labels{0, 0, 0, 0, 1, 0, 0, 0}, 3, 140, 0, 0},
	} {
		got, err := Refine(raw, s, c.edit)
		if err != nil {
			t.Errorf("%s: %v", c.edit, err)
			continue
		}
		step := got.Steps[0]
		if !slices.Equal(got.Segments.Names, c.names) || !slices.Equal(got.Segments.Labels, c.labels) {
			t.Errorf("%s: %v of %q", c.edit, got.Segments.Labels, got.Segments.Names)
		}
		if step.Customers != c.customers || step.Value[0] != c.spend || step.Unknown != c.unknown || step.Absent != c.absent {
			t.Errorf("%s: %+v, want %d customers, %g EUR, %d unknown, %d absent", c.edit, step, c.customers, c.spend, c.unknown, c.absent)
		}
	}
	if !slices.Equal(s.Names, []string{"A", "B", "C"}) || s.Labels[0] != 0 {
		t.Error("the segments given were changed")
	}
}

// The edits may come from a file, and the segments' rows may stand in another order than the table's.
func TestRefineReplaysFromJSONInAnyOrder(t *testing.T) {
	raw, s := trial.Refinable(t)
	edits := []Edit{{Split: "A", When: "orders > 1", Into: "D"}, {Merge: []string{"B", "C"}, Into: "B"}, {Rename: "D", Into: "E"}, {Move: "B", IDs: []string{"c4"}, Into: "E"}}
	text, err := json.Marshal(edits)
	if err != nil {
		t.Fatal(err)
	}
	var back []Edit
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	first, err := Refine(raw, s, edits...)
	if err != nil {
		t.Fatal(err)
	}
	backwards := raw.Rows([]int{7, 6, 5, 4, 3, 2, 1, 0})
	again, err := Refine(backwards, s, back...)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(first.Segments.Labels, again.Segments.Labels) || !slices.Equal(first.Segments.IDs, again.Segments.IDs) {
		t.Errorf("%v, then %v", first.Segments.Labels, again.Segments.Labels)
	}
	want := table.Labels{0, 2, 2, 0, 2, 1, 1, 1}
	if !slices.Equal(first.Segments.Labels, want) {
		t.Errorf("%v, want %v", first.Segments.Labels, want)
	}
	text2 := first.Sheet().Text()
	for _, part := range []string{"4 edits: 3 segments became 3", `split "D" off "A" (orders > 1)`, "Edit 1: 1 customer stay", "A (2); B (3); E (3)"} {
		if !strings.Contains(text2, part) {
			t.Errorf("the sheet does not say %q:\n%s", part, text2)
		}
	}
	if f := first.Frame(); f.Err != nil || f.Nrow() != 4 {
		t.Errorf("frame: %v", f.Err)
	}
}

func TestRefineKeepsDistancesThroughNamesOnly(t *testing.T) {
	raw, s := trial.Refinable(t)
	s.Distance, s.Model = make([]float64, 8), &segkit.Model{}
	named, err := Refine(raw, s, Edit{Rename: "A", Into: "D"})
	if err != nil || named.Segments.Distance == nil || named.Segments.Model != s.Model {
		t.Errorf("after a new name: %+v, %v", named, err)
	}
	s.FormedBy = []string{"spend"}
	moved, err := Refine(raw, s, Edit{Move: "A", IDs: []string{"c0"}, Into: "B"}, Edit{When: "orders > 7 or orders < 0", Into: "A"})
	if err != nil || moved.Segments.Distance != nil || moved.Segments.Model != nil || !slices.Equal(moved.Segments.FormedBy, []string{"spend", "orders"}) {
		t.Errorf("after a move: %+v, %v", moved, err)
	}
}

func TestRefineErrors(t *testing.T) {
	raw, s := trial.Refinable(t)
	for name, c := range map[string]struct {
		edit  Edit
		parts []string
	}{
		"unknown segment":   {Edit{Merge: []string{"Aa", "B"}, Into: "A"}, []string{"edit 1", `no segment "Aa"`, "did you mean", `"A"`}},
		"unknown target":    {Edit{Move: "A", When: "orders > 1", Into: "Z"}, []string{`no segment "Z"`}},
		"nothing":           {Edit{}, []string{"Edit.Into"}},
		"nobody":            {Edit{Split: "A", When: "orders > 100", Into: "D"}, []string{"orders > 100", `no customer of "A"`}},
		"nobody by id":      {Edit{IDs: []string{"x"}, Into: "A"}, []string{"1 customer by id", "concerns no customer"}},
		"everybody":         {Edit{Split: "C", IDs: []string{"c7"}, Into: "D"}, []string{`all of "C"`, "Rename"}},
		"name taken":        {Edit{Rename: "A", Into: "B"}, []string{`"B" already`, "Merge"}},
		"split into old":    {Edit{Split: "A", When: "orders > 1", Into: "B"}, []string{`"B" already`, "Move"}},
		"merge into other":  {Edit{Merge: []string{"A", "B"}, Into: "C"}, []string{`another segment "C"`}},
		"merge one":         {Edit{Merge: []string{"A"}, Into: "C"}, []string{"Edit.Merge", "two segments"}},
		"merge twice":       {Edit{Merge: []string{"A", "A"}, Into: "C"}, []string{`"A" is named twice`}},
		"two verbs":         {Edit{Rename: "A", Split: "B", Into: "C"}, []string{"only one of"}},
		"who":               {Edit{Move: "A", Into: "B"}, []string{"Edit.When", "to say who moves"}},
		"who of all":        {Edit{Into: "B"}, []string{"Edit.When"}},
		"rename some":       {Edit{Rename: "A", When: "orders > 1", Into: "D"}, []string{"Edit.When", "Split or Move"}},
		"both":              {Edit{Move: "A", When: "orders > 1", IDs: []string{"c1"}, Into: "B"}, []string{"Edit.IDs"}},
		"not a condition":   {Edit{Move: "A", When: "orders + 1", Into: "B"}, []string{"not a condition"}},
		"unknown column":    {Edit{Move: "A", When: "order > 1", Into: "B"}, []string{`no column "order"`, `"orders"`}},
		"to where they are": {Edit{Move: "A", When: "orders > 1", Into: "A"}, []string{"no customer"}},
	} {
		_, err := Refine(raw, s, c.edit)
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		for _, part := range c.parts {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %q does not say %q", name, err, part)
			}
		}
	}
	if _, err := Refine(raw.Head(7), s); !errors.Is(err, fault.ErrUnmatched) || !strings.Contains(err.Error(), "c7") {
		t.Errorf("customer without a row: %v", err)
	}
	if _, err := Refine(raw, &table.Segments{IDs: s.IDs[:7], Labels: s.Labels[:7], Names: s.Names}); !errors.Is(err, fault.ErrUnmatched) || !strings.Contains(err.Error(), "c7") {
		t.Errorf("customer without a segment: %v", err)
	}
	twins := &table.Segments{IDs: s.IDs, Labels: s.Labels, Names: []string{"A", "A", "C"}}
	if _, err := Refine(raw, twins, Edit{Rename: "A", Into: "D"}); err == nil || !strings.Contains(err.Error(), "more than one") {
		t.Errorf("two segments of one name: %v", err)
	}
}

// Whatever is edited, every customer is in one segment, names are unique, the money is all there, and every edit has its inverse.
func TestRefineLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, k := rapid.IntRange(4, 30).Draw(t, "n"), rapid.IntRange(2, 5).Draw(t, "k")
		ids, labels, data, total := make([]string, n), make(table.Labels, n), make([]float64, n), 0.0
		for i := range n {
			ids[i], labels[i], data[i] = fmt.Sprint("c", i), rapid.IntRange(-1, k-1).Draw(t, "label"), float64(rapid.IntRange(0, 9).Draw(t, "spend"))
			total += data[i]
		}
		raw, err := table.New(ids, []table.Column{{Name: "spend", Role: table.Value}}, data)
		if err != nil {
			t.Fatal(err)
		}
		s, err := table.NewSegments(ids, labels, wording.Numbered(k))
		if err != nil {
			t.Fatal(err)
		}
		a, b := rapid.IntRange(1, k).Draw(t, "a"), rapid.IntRange(1, k).Draw(t, "b")
		from, to := fmt.Sprint(a), fmt.Sprint(b)
		when, opposite := "spend > 4", Edit{}
		edit := Edit{Split: from, When: when, Into: "new"}
		switch opposite = (Edit{Merge: []string{"new", from}, Into: from}); rapid.IntRange(0, 2).Draw(t, "kind") {
		case 1:
			edit, opposite = Edit{Rename: from, Into: "new"}, Edit{Rename: "new", Into: from}
		case 2:
			var moved []string
			for i, l := range labels {
				if l == a-1 && data[i] > 4 {
					moved = append(moved, ids[i])
				}
			}
			edit, opposite = Edit{Move: from, When: when, Into: to}, Edit{Move: to, IDs: moved, Into: from}
		}
		got, err := Refine(raw, s, edit)
		if err != nil {
			return // nobody to move, or everybody: told elsewhere
		}
		names := slices.Sorted(slices.Values(got.Segments.Names))
		if len(slices.Compact(names)) != got.Segments.K() || got.Segments.Labels.K() > got.Segments.K() || len(got.Segments.Labels) != n {
			t.Fatalf("%q of %v", got.Segments.Names, got.Segments.Labels)
		}
		sum := 0.0
		for _, v := range worth.Of(raw).BySegment(got.Segments.Labels, got.Segments.K()) {
			sum += v[0]
		}
		for i, l := range got.Segments.Labels {
			if l == table.Noise {
				sum += data[i]
			}
		}
		if sum != total || got.ValueTotals[0] != total {
			t.Fatalf("%g of %g is left", sum, total)
		}
		back, err := Refine(raw, got.Segments, opposite)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(back.Segments.Labels, labels) || !slices.Equal(back.Segments.Names, s.Names) {
			t.Fatalf("%s and back: %v of %q, were %v", edit, back.Segments.Labels, back.Segments.Names, labels)
		}
	})
}

// What formed the segments is no finding, whoever formed them: a rule, a column of the user's, a hand that moved customers.
func TestWhatFormedSegmentsIsCircular(t *testing.T) {
	raw, s := trial.Refinable(t)
	raw, err := raw.With("band", `if(orders > 4, "true", "false")`)
	if err != nil {
		t.Fatal(err)
	}
	by, err := raw.SegmentsBy("band")
	if err != nil {
		t.Fatal(err)
	}
	ruled, err := (&Book{Rules: []Rule{{"low", `col("orders") / 2 < 2 and band in ["false"]`}}}).Assign(raw)
	if err != nil {
		t.Fatal(err)
	}
	by.Labels[3] = 0 // whose number of orders is missing
	edit := Edit{Split: "A", When: "spend > 15", Into: "D"}
	unknown, err := Refine(raw, s, edit)
	if err != nil {
		t.Fatal(err)
	}
	s.FormedBy = []string{} // known: no column of these
	refined, err := Refine(raw, s, edit)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		s    *table.Segments
		want []string
	}{"not known": {unknown.Segments, nil}, "a column and what it is made of": {by, []string{"orders", "band"}},
		"a rule": {ruled, []string{"orders", "band"}}, "by hand": {refined.Segments, []string{"spend"}}} {
		p, err := describe.Segments(raw, c.s)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for j, e := range p.Effects {
			if e.Circular {
				got = append(got, p.Columns[j].Name)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: circular are %q, want %q", name, got, c.want)
		}
	}
}
