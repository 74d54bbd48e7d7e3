package weblog

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/internal/par"
)

// Visits that are cut and counted in parts, on all processors, are those of one part, also where one visitor has more rows than a part.
func TestPartsAreAsOne(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	b.WriteString("time,visitor,page,source,device\n")
	at := 1_735_689_600
	for range 12 * par.Chunk {
		visitor := fmt.Sprint("v", rng.IntN(3000))
		switch rng.IntN(4) {
		case 0:
			visitor = "most"
		case 1:
			visitor = []string{"", "v7"}[rng.IntN(2)]
		}
		at += rng.IntN(40)
		when := dateOf(at/secondsPerDay).Format("2006-01-02") + fmt.Sprintf(" %02d:%02d:%02d", at/3600%24, at/60%60, at%60)
		if rng.IntN(50) == 0 {
			when = ""
		}
		fmt.Fprintf(&b, "%s,%s,/%d,%s,%s\n", when, visitor, rng.IntN(5), []string{"", "mail", "search"}[rng.IntN(3)], []string{"", "phone"}[rng.IntN(2)])
	}
	visits, err := ParseVisits(strings.NewReader(b.String()), "visits.csv", VisitsOptions{})
	if err != nil {
		t.Fatal(err)
	}
	v, err := visits.view()
	if err != nil {
		t.Fatal(err)
	}
	want, loose := v.cutBetween(0, len(v.rows))
	if !slices.Equal(v.visits, want) || v.loose != loose || loose == 0 || len(want) < 3000 {
		t.Errorf("in parts %d visits and %d rows in none, as one %d and %d", len(v.visits), v.loose, len(want), loose)
	}
	if !slices.ContainsFunc(want, func(s visit) bool { return int(s.to-s.from) > par.Chunk }) {
		t.Error("no visit is longer than a part")
	}

	clean, err := visits.Clean(NoVisitor, NoTime)
	if err != nil {
		t.Fatal(err)
	}
	left, err := clean.view()
	if err != nil {
		t.Fatal(err)
	}
	_, last, err := clean.Period()
	if err != nil {
		t.Fatal(err)
	}
	spec, err := clean.Spec(last)
	if err != nil {
		t.Fatal(err)
	}
	m, err := clean.maker(left, spec)
	if err != nil {
		t.Fatal(err)
	}
	count := func(s visit, hits []int) { hits[left.known(&left.source, s)]++ }
	one := make([]int, len(left.source.names))
	for s := range m.visits {
		count(s, one)
	}
	if parts := m.counted(len(one), count); !slices.Equal(parts, one) {
		t.Errorf("sources counted in parts %v, as one %v", parts, one)
	}
	table, err := clean.Features(last)
	if err != nil {
		t.Fatal(err)
	}
	all, err := table.Values("visits")
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for _, n := range all {
		sum += n
	}
	if int(sum) != len(left.visits) || table.Len() <= par.Chunk {
		t.Errorf("%d visitors have %v visits of %d", table.Len(), sum, len(left.visits))
	}
}
