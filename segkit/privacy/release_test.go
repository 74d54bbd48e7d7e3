package privacy

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/table"
)

// people draws n customers with what neighbours may know of them, and two things that they may not.
func people(t *testing.T, seed uint64, n int) *table.Table {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 11))
	codes := []string{}
	for i := range 60 {
		codes = append(codes, fmt.Sprint(10000+i*137))
	}
	var ids []string
	var data []float64
	for i := range n {
		age := math.Round(40 + 15*random.NormFloat64())
		if random.IntN(20) == 0 {
			age = math.NaN()
		}
		ids = append(ids, fmt.Sprint("Somebody-", i))
		data = append(data, age, float64(random.IntN(60)), float64(min(random.IntN(6), random.IntN(6))), math.Round(math.Exp(8*random.Float64())), float64(random.IntN(2)))
	}
	raw, err := table.New(ids, []table.Column{{Name: "age", Unit: "years", Role: table.Descriptor}, {Name: "plz", Levels: codes}, {Name: "channel", Levels: []string{"web", "app", "shop", "phone", "fax", "post"}},
		{Name: "spend", Unit: "EUR"}, {Name: "left", Role: table.Outcome}}, data)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// classesIn counts the customers of a table by their values in some columns.
func classesIn(raw *table.Table, columns []string) map[string]int {
	out := map[string]int{}
	x, _ := raw.Select(columns...)
	for i := range x.Len() {
		out[fmt.Sprint(x.Row(i))]++
	}
	return out
}

func TestNobodyStandsAlone(t *testing.T) {
	for seed := range uint64(25) {
		raw := people(t, seed, 40+30*int(seed))
		quasi := [][]string{{"age"}, {"plz"}, {"age", "plz", "channel"}, {"channel", "age"}, {"age", "plz", "channel", "spend", "left"}}[seed%5]
		k := 2 + int(seed)%9
		out, err := Release(raw, ReleaseOptions{Quasi: quasi, K: k, Loss: []float64{0, -1, .2}[seed%3]})
		if err != nil {
			t.Fatal(err)
		}
		if err := out.Table.Check(); err != nil {
			t.Fatal(err)
		}
		least := math.MaxInt
		for class, n := range classesIn(out.Table, quasi) {
			if least = min(least, n); n < k {
				t.Fatalf("%d customers are in class %s, want %d", n, class, k)
			}
		}
		limit := []float64{.05, 0, .2}[seed%3]
		if out.Least != least || float64(out.Of-out.Table.Len()) > limit*float64(raw.Len()) {
			t.Errorf("the smallest class has %d, not %d; %d of %d left out", least, out.Least, out.Of-out.Table.Len(), out.Of)
		}
		// What is not coarsened is as it was, somebody's each.
		for j, name := range raw.Names() {
			if slices.Contains(quasi, name) {
				continue
			}
			had, has := classesIn(raw, []string{name}), classesIn(out.Table, []string{name})
			for v, n := range has {
				if n > had[v] {
					t.Errorf("column %d: %s is released %d times, and was there %d times", j, v, n, had[v])
				}
			}
		}
		if text := fmt.Sprint(out.Table.IDs(), out.Sheet()); strings.Contains(text, "Somebody") {
			t.Error("an id is released")
		}
		for _, c := range out.Coarser {
			if c.After > c.Before || c.Lost < -1e-9 || c.Lost > 1+1e-9 || c.Kind == "as it was" && c.Lost != 0 {
				t.Errorf("%+v", c)
			}
		}
	}
}

// Nothing can be taken back: with any one column a step finer, more customers than may be left out stand alone.
func TestNoColumnIsCoarserThanItMustBe(t *testing.T) {
	for seed := range uint64(10) {
		raw := people(t, seed, 400)
		r := release{raw: raw, k: 5, spare: 20}
		for j := range 3 {
			r.ladders = append(r.ladders, ladder(raw, j, 5))
		}
		r.climb()
		stepwise := r.cost(r.at)
		if r.search(); r.cost(r.at) > stepwise+1e-12 {
			t.Errorf("all combinations: %v costs %v, single steps %v", r.at, r.cost(r.at), stepwise)
		}
		if seed%2 == 0 { // both must hold what follows
			r.climb()
		}
		if alone, _, _ := r.alone(r.at); alone > r.spare {
			t.Fatalf("%d stand alone", alone)
		}
		for q := range r.at {
			if r.at[q] == 0 {
				continue
			}
			r.at[q]--
			if alone, _, _ := r.alone(r.at); alone <= r.spare {
				t.Errorf("column %d could be finer: %v", q, r.at)
			}
			r.at[q]++
		}
	}
}

// Every label holds the values that carry it.
func TestBandsHoldTheirNumbers(t *testing.T) {
	raw := people(t, 3, 500)
	out, err := Release(raw, ReleaseOptions{Quasi: []string{"age", "plz"}, K: 20})
	if err != nil {
		t.Fatal(err)
	}
	steps := ladder(raw, 0, 20)
	for _, s := range steps[1 : len(steps)-1] {
		for i, l := range s.of {
			v := raw.At(i, 0)
			if math.IsNaN(v) {
				if s.levels[l] != "unknown" {
					t.Fatalf("missing is in %q", s.levels[l])
				}
				continue
			}
			var low, high float64
			if n, _ := fmt.Sscanf(s.levels[l], "%f to %f", &low, &high); n == 1 {
				high = low
			}
			if v < low || v > high {
				t.Fatalf("%v is in %q", v, s.levels[l])
			}
		}
	}
	prefixes := ladder(raw, 1, 20)
	for _, s := range prefixes[1 : len(prefixes)-1] {
		for i, l := range s.of {
			code, got := raw.Raw().Columns[1].Levels[int(raw.At(i, 1))], s.levels[l]
			if known := strings.TrimRight(got, "*"); len(got) != 5 || !strings.HasPrefix(code, known) || s.kind != fmt.Sprintf("first %d characters", len(known)) && s.kind != "first 1 character" {
				t.Fatalf("%s is in %q of %q", code, got, s.kind)
			}
		}
	}
	if !strings.Contains(out.Coarser[1].Kind, "character") && out.Coarser[1].Kind != "nothing" {
		t.Errorf("%+v", out.Coarser[1])
	}
}

// The order of the rows is in nothing that is released.
func TestReleaseDoesNotTellTheOrderOfRows(t *testing.T) {
	raw := people(t, 5, 300)
	o := ReleaseOptions{Quasi: []string{"age", "channel"}}
	a, err := Release(raw, o)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Release(raw.Rows(rand.New(rand.NewPCG(2, 2)).Perm(raw.Len())), o)
	if err != nil {
		t.Fatal(err)
	}
	if a.Table.Fingerprint() != b.Table.Fingerprint() || !reflect.DeepEqual(a.Coarser, b.Coarser) {
		t.Error("another order of the same customers is another release")
	}
}

// Five customers of one band who all left: whoever knows one of them knows that.
func TestReleaseTellsWhatItDoesNotStop(t *testing.T) {
	var ids []string
	var data []float64
	for i := range 40 {
		group := float64(i / 10)
		ids, data = append(ids, fmt.Sprint("c", i)), append(data, group, float64(min(i%2, 1)), float64(i)*1.5)
		if group == 2 {
			data[len(data)-2] = 1
		}
	}
	raw, err := table.New(ids, []table.Column{{Name: "area", Levels: []string{"a", "b", "c", "d"}}, {Name: "left"}, {Name: "spend"}}, data)
	if err != nil {
		t.Fatal(err)
	}
	out, err := Release(raw, ReleaseOptions{Quasi: []string{"area"}})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(out.Alike, []Alike{{"left", 1, 10}}) || !slices.Equal(out.Exact, []string{"spend"}) || out.Coarser[0].Kind != "as it was" {
		t.Errorf("%+v", out)
	}
	notes := strings.Join(out.Sheet().Notes, " ")
	for _, says := range []string{"same left (10 customers)", "In spend nearly every customer", "another release"} {
		if !strings.Contains(notes, says) {
			t.Errorf("%q does not say %q", notes, says)
		}
	}
}

func TestDatesBecomeYearsAndDecades(t *testing.T) {
	c := table.Column{Name: "born"}
	var ids []string
	var data []float64
	for i := range 300 {
		c.Levels = append(c.Levels, fmt.Sprintf("%02d.%02d.%d", 1+i%28, 1+i%12, 1940+i%60))
		ids, data = append(ids, fmt.Sprint("c", i)), append(data, float64(i))
	}
	raw, err := table.New(ids, []table.Column{c}, data)
	if err != nil {
		t.Fatal(err)
	}
	for k, want := range map[int]string{5: "years", 20: "decades", 60: nothing} {
		out, err := Release(raw, ReleaseOptions{Quasi: []string{"born"}, K: k})
		if err != nil || out.Coarser[0].Kind != want {
			t.Errorf("K %d: %v %+v", k, err, out)
		}
		if levels := out.Table.Columns()[0].Levels; want == "decades" && (levels[0] != "1940s" || len(levels) != 6) || want == "years" && levels[0] != "1940" {
			t.Errorf("%v", levels)
		}
	}
}

func TestReleaseRefuses(t *testing.T) {
	raw := people(t, 1, 60)
	for what, o := range map[string]ReleaseOptions{"Quasi": {}, "K": {Quasi: []string{"age"}, K: 1}, "Loss": {Quasi: []string{"age"}, Loss: 1}, "agee": {Quasi: []string{"agee"}}, "fewer than K = 61": {Quasi: []string{"age"}, K: 61}} {
		if _, err := Release(raw, o); err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("%+v: %v", o, err)
		}
	}
	var levels []string
	data := make([]float64, 60)
	for i := range data {
		levels, data[i] = append(levels, fmt.Sprintf("user%d@example.org", i)), float64(i)
	}
	mail, err := table.New(raw.IDs(), []table.Column{{Name: "contact", Levels: levels}}, data)
	if err != nil {
		t.Fatal(err)
	}
	joined, err := raw.Join(mail)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Release(joined, ReleaseOptions{Quasi: []string{"age"}}); !errors.Is(err, fault.ErrSchema) || !strings.Contains(err.Error(), `Drop("contact")`) {
		t.Errorf("%v", err)
	}
	if out, err := Release(joined, ReleaseOptions{Quasi: []string{"contact"}}); err != nil || len(out.Table.Columns()[5].Levels) != 1 {
		t.Errorf("what is coarsened to nothing names nobody: %v", err)
	}
	found, err := Identifiers(joined)
	if err != nil || len(found) != 2 || found[0].Column != "plz" || found[0].Alone || found[1] != (Identifier{Column: "contact", Holds: "e-mail addresses", Alone: true}) {
		t.Errorf("%+v %v", found, err)
	}
}
