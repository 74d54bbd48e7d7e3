package weblog

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/internal/par"
)

// Visits that are cut and counted in parts, on all processors, are those of one part, also where one visitor has more rows than a part.
func TestPartsAreAsOne(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
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
	counted := map[string]float64{}
	for _, s := range left.visits {
		counted[left.people[s.who]]++
	}
	all, err := table.Values("visits")
	if err != nil {
		t.Fatal(err)
	}
	for i, id := range table.IDs() {
		if all[i] != counted[id] {
			t.Errorf("%s has %v visits, want %v", id, all[i], counted[id])
		}
	}
	if table.Len() != len(counted) || table.Len() <= par.Chunk {
		t.Errorf("%d visitors, want %d", table.Len(), len(counted))
	}
}

// A visitor whose name the file has in UTF-8 and in Windows-1252 is one.
func TestOneVisitorInTwoEncodings(t *testing.T) {
	visits, err := ParseVisits(strings.NewReader("time,visitor,page\n2025-01-05 10:00:00,caf\xe9,/a\n2025-01-06 10:00:00,b,/a\n2025-01-07 10:00:00,café,/b\n"), "visits.csv", VisitsOptions{})
	if err != nil {
		t.Fatal(err)
	}
	v, err := visits.view()
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"", "b", "café"}; !slices.Equal(v.people, want) || len(v.visits) != 3 || v.visits[1].who != v.visits[2].who {
		t.Errorf("visitors %q, want %q; visits %v", v.people, want, v.visits)
	}
}

// Names that hardly ever come again are not looked up in a block, and are the same visitors all the same, whatever is missing between them.
func TestNamesThatHardlyComeAgain(t *testing.T) {
	defer func(n int) { mostTexts = n }(mostTexts)
	mostTexts = 1 << 10
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(3))
	var b strings.Builder
	b.WriteString("time,visitor,page\n")
	names := make([]string, 100_000)
	for i := range names {
		names[i] = fmt.Sprint("visitor-", i)
		if i%10 == 0 {
			names[i] = fmt.Sprint("visitor-", i/20)
		}
		written := names[i]
		if i%1001 == 0 {
			names[i], written = "", []string{"", "NA", "  "}[i%3]
		}
		fmt.Fprintf(&b, "2025-01-%02d 10:00:00,%s,/a\n", 1+i%28, written)
	}
	visits, err := ParseVisits(strings.NewReader(b.String()), "visits.csv", VisitsOptions{})
	if err != nil {
		t.Fatal(err)
	}
	v, err := visits.view()
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range names {
		if got := v.visitor.at(int32(i)); got != name {
			t.Fatalf("line %d is of %q, want %q", i+2, got, name)
		}
	}
	sorted := slices.Clone(v.visitor.names)
	slices.Sort(sorted)
	if len(slices.Compact(sorted)) != len(v.visitor.names) {
		t.Error("a visitor has two codes")
	}
}
