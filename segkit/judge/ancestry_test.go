package judge

import (
	"bytes"
	"context"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/rulebook"
	"github.com/segkit/lab/segkit/table"
)

// evidenceFor writes for every column what it is worth as evidence for s: c circular, s same source, i independent, ? not known.
func evidenceFor(t testing.TB, raw *table.Table, s *table.Segments) string {
	t.Helper()
	p, err := describe.Segments(raw, s)
	if err != nil {
		t.Fatal(err)
	}
	d := p.Differences()
	var out strings.Builder
	for _, c := range raw.Raw().Columns {
		at := slices.IndexFunc(d.Columns, func(have table.Column) bool { return have.Name == c.Name })
		out.WriteString(map[string]string{"independent": "i", "same source": "s", "not known": "?"}[d.Evidence(at)])
		if d.Effects[at].Circular {
			out.WriteString("c")
		}
	}
	return out.String()
}

// sumAndParts is 600 customers with orders = online + offline: the case of that name, whose noise is independent of both.
func sumAndParts(t testing.TB) *table.Table {
	t.Helper()
	var csv strings.Builder
	csv.WriteString("id,online,offline,noise\n")
	for i := range 600 {
		csv.WriteString(strings.Join([]string{"c" + strconv.Itoa(i), strconv.Itoa(i * 37 % 61), strconv.Itoa(i * 11 % 53), strconv.Itoa(i * 29 % 17)}, ",") + "\n")
	}
	return trial.Sure(trial.TableOf(t, csv.String()).With("orders", "online + offline"))
}

// A sum differs between segments where its parts formed them, and the parts differ where the sum did: neither is evidence.
func TestPartsSumsAndRatiosAreCircular(t *testing.T) {
	raw := sumAndParts(t)
	raw = trial.Sure(raw.With("online_share", "online / orders"))
	raw = trial.Sure(raw.With("often", "orders > 40"))
	for rule, want := range map[string]string{ // of online, offline, noise, orders, online_share, often
		"orders > 10":  "cciccc",
		"online > 10":  "ciiccc", // offline is no part of online, but what is made of both hangs on each
		"offline > 10": "iciccc",
		"noise > 10":   "iiciii",
		"often == 1":   "cciccc",
	} {
		s := trial.Sure((&rulebook.Book{Rules: []rulebook.Rule{{Name: "high", When: rule}}}).Assign(raw))
		if got := evidenceFor(t, raw, s); got != want {
			t.Errorf("formed by %s: %s, want %s", rule, got, want)
		}
	}
}

// Where the model formed the segments, the verdict finds nothing in the parts, and says so.
func TestVerdictIsNotFooledByParts(t *testing.T) {
	raw := sumAndParts(t)
	m := trial.Sure(segkit.Recipe{Columns: []string{"orders"}, Prep: []prep.Transformer{prep.Standardize{}}, Method: cluster.KMeans{K: 3}}.Fit(raw))
	s := trial.Sure(m.Score(raw))
	v := trial.Sure(Segments(raw, s, Options{Rules: trial.Sure(rulebook.Explain(raw, s, rulebook.Options{MaxConditions: 1, Folds: 2})),
		Stability: trial.Sure(choose.Stability(trial.Sure(m.Prepare(raw)), segkit.Recipe{Method: m.Recipe.Method}, choose.StabilityOptions{Pairs: 3, Draws: -1})),
		Sweep:     trial.Sure(choose.SweepK(trial.Sure(m.Prepare(raw)), segkit.Recipe{Method: cluster.KMeans{}}, 1, 4, choose.SweepOptions{Draws: -1}))}))
	if c := grade(t, v, "distinct"); c.Grade != Fail || !strings.Contains(c.Says, "noise, which did not form them") {
		t.Errorf("only the noise is independent of orders: %v %s", c.Grade, c.Says)
	}
	if len(v.SpreadWithin) != 1 || v.SpreadWithin[0].Column != "noise" {
		t.Errorf("alike in %v", v.SpreadWithin)
	}
}

// Ancestry goes through transforms, one to one, one to many and many to many.
func TestTransformsKeepAncestry(t *testing.T) {
	raw := sumAndParts(t)
	raw = trial.Sure(raw.With("kind", `if(orders > 80, "heavy", if(orders > 40, "middle", "light"))`))
	for name, r := range map[string]segkit.Recipe{
		"scaled":     {Columns: []string{"orders"}, Prep: []prep.Transformer{prep.Log1p{}, prep.Standardize{}}},
		"components": {Columns: []string{"orders"}, Prep: []prep.Transformer{prep.Standardize{}, prep.PCA{}}},
		"levels":     {Columns: []string{"kind"}, Prep: []prep.Transformer{prep.OneHot{}}},
	} {
		x := trial.Sure(r.Prepare(raw))
		c := trial.Sure(cluster.Fit(x, cluster.KMeans{K: 2}))
		if got := evidenceFor(t, raw, c.Segments()); !strings.HasPrefix(got, "ccic") {
			t.Errorf("%s: online, offline, noise and orders are %s", name, got)
		}
		if got := evidenceFor(t, raw, trial.Sure(trial.Sure(choose.SweepK(x, segkit.Recipe{Method: cluster.KMeans{}}, 1, 3, choose.SweepOptions{Draws: -1})).Segments(2))); !strings.HasPrefix(got, "ccic") {
			t.Errorf("%s, from a sweep: %s", name, got)
		}
	}
}

// Whatever the chain of formulas: segments formed by a column are circular in every ancestor and every descendant of it.
func TestAncestryIsFoundThroughAnyChain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := trial.Sure(table.New(wording.Numbered(8), []table.Column{{Name: "a"}, {Name: "b"}, {Name: "c"}}, make([]float64, 24)))
		sources := map[string]map[string]bool{"a": {"a": true}, "b": {"b": true}, "c": {"c": true}}
		for i := range rapid.IntRange(1, 6).Draw(t, "columns") {
			names := raw.Names()
			x, y := rapid.SampledFrom(names).Draw(t, "x"), rapid.SampledFrom(names).Draw(t, "y")
			name := "made" + strconv.Itoa(i)
			raw = trial.Sure(raw.With(name, x+rapid.SampledFrom([]string{" + ", " / ", " > ", " - 2 * "}).Draw(t, "op")+y))
			sources[name] = map[string]bool{}
			for _, parent := range []string{x, y} {
				for s := range sources[parent] {
					sources[name][s] = true
				}
			}
		}
		by := rapid.SampledFrom(raw.Names()).Draw(t, "by")
		s := trial.Sure(table.NewSegments(raw.IDs(), table.Labels{0, 0, 0, 0, 1, 1, 1, 1}, nil))
		s.FormedBy = []string{by} // written by hand: the table knows the rest
		for j, e := range trial.Sure(describe.Segments(raw, s)).Effects {
			name, shared := raw.Raw().Columns[j].Name, false
			for source := range sources[name] {
				shared = shared || sources[by][source]
			}
			if e.Circular != shared {
				t.Fatalf("formed by %s, %s: circular is %v, and they share a source: %v", by, name, e.Circular, shared)
			}
		}
	})
}

// Two columns of the same records are half a finding; what happened on other days is one.
func TestSameSourceIsAGradeOfItsOwn(t *testing.T) {
	days := func(from, to string) table.Ancestry {
		return table.Ancestry{Sources: []table.Source{{Name: "the orders of shop.csv", From: from, To: to}}}
	}
	columns := []table.Column{{Name: "orders", Ancestry: days("2024-01-01", "2024-06-30")}, {Name: "hour", Ancestry: days("2024-04-01", "2024-06-30")},
		{Name: "later", Role: table.Outcome, Ancestry: days("2024-07-01", "2024-09-30")}, {Name: "age", Role: table.Descriptor}}
	var data []float64
	for i := range 200 {
		g := float64(i % 2)
		data = append(data, 10*g, 5*g+float64(i%7), 3*g+float64(i%5), float64(i%11))
	}
	raw := trial.Sure(table.New(wording.Numbered(200), columns, data))
	s := trial.Sure((&rulebook.Book{Rules: []rulebook.Rule{{Name: "many", When: "orders > 5"}}}).Assign(raw))
	if got := evidenceFor(t, raw, s); got != "csii" {
		t.Errorf("%s", got)
	}
	few := trial.Sure(raw.Drop("later"))
	v := trial.Sure(Segments(few, s, Options{}))
	if c := grade(t, v, "distinct"); c.Grade != Weak || c.Value < .14 || !strings.Contains(c.Says, "hour, which came from the same source") {
		t.Errorf("a large difference in what came from the same orders: %v %s", c.Grade, c.Says)
	}
	if got := trial.Sure(describe.Segments(raw, s)).Differences().Columns[0].Name; got != "later" {
		t.Errorf("%s comes first, and is not independent", got)
	}
}

// A label that looks at days of the features would judge them by themselves.
func TestOutcomesLieAfterTheFeatures(t *testing.T) {
	days := func(from, to string) table.Ancestry {
		return table.Ancestry{Sources: []table.Source{{Name: "the orders of shop.csv", From: from, To: to}}}
	}
	raw, next, m, s := judged(t, 150, 8)
	o := given(raw, next, m, s)
	for i := range raw.Raw().Columns[:2] {
		raw.Raw().Columns[i].Ancestry = days("2024-01-01", "2024-06-30")
	}
	for _, known := range []bool{true, false} {
		s := trial.Sure(m.Score(raw))
		if !known {
			s.FormedBy, s.Ancestry = nil, table.Ancestry{}
		}
		for from, fine := range map[string]bool{"2024-06-30": false, "2024-07-01": true, "2024-01-01": false} {
			next.Raw().Columns[0].Ancestry = days(from, "2024-09-30")
			o.Outcome = next
			if _, err := Segments(raw, s, o); (err == nil) != fine || err != nil && !strings.Contains(err.Error(), "2024-01-01 to 2024-06-30") {
				t.Errorf("outcome from %s, formers known %v: %v", from, known, err)
			}
			x := trial.Sure(m.Prepare(raw))
			x.Raw().Columns[0].Ancestry = raw.Raw().Columns[0].Ancestry
			if _, err := choose.SweepK(x, segkit.Recipe{Method: cluster.KMeans{}}, 1, 3, choose.SweepOptions{Draws: -1, Outcome: next}); (err == nil) != fine {
				t.Errorf("a sweep with an outcome from %s: %v", from, err)
			}
		}
	}
}

// A column made of an outcome is one: it must form no segments.
func TestWhatIsMadeOfAnOutcomeIsOne(t *testing.T) {
	raw, next, _, _ := judged(t, 60, 8)
	both := trial.Sure(trial.Sure(raw.Join(next)).With("rise", "next - spend"))
	if c := trial.Sure(both.Column("rise")); c.Role != table.Outcome || !slices.Equal(c.Ancestry.Columns, []string{"outcome next", "spend"}) {
		t.Errorf("%+v", c)
	}
	s := trial.Sure((&rulebook.Book{Rules: []rulebook.Rule{{Name: "much", When: "spend > 100"}}}).Assign(raw))
	if got := evidenceFor(t, both, s); got != "ciiiic" { // the rise hangs on spend
		t.Errorf("spend, visits, age, shoe, next, rise: %s", got)
	}
}

func TestNotKnownStaysNotKnown(t *testing.T) {
	raw, next, _, s := judged(t, 240, 8)
	byHand := trial.Sure(table.NewSegments(s.IDs, s.Labels, s.Names))
	raw = trial.Sure(raw.With("double", "2 * spend"))
	refined := trial.Sure(rulebook.Refine(raw, byHand, rulebook.Edit{Merge: []string{s.Names[0], s.Names[1]}, Into: "Both"}, rulebook.Edit{Split: "Both", When: "double > 200", Into: "D"})).Segments
	for name, s := range map[string]*table.Segments{"given": byHand, "refined": refined} {
		if got := evidenceFor(t, raw, s); got != "?????" || s.FormedBy != nil {
			t.Errorf("%s: %s, %q", name, got, s.FormedBy)
		}
		v := trial.Sure(Segments(raw, s, Options{Outcome: next}))
		if c := grade(t, v, "distinct"); c.Grade != Weak || !strings.Contains(c.Says, "not known") {
			t.Errorf("%s: it may have formed them: %v %s", name, c.Grade, c.Says)
		}
	}
	var back table.Segments
	if err := back.UnmarshalBinary(trial.Sure(byHand.MarshalBinary())); err != nil || back.FormedBy != nil {
		t.Errorf("stored and read: %q, %v", back.FormedBy, err)
	}
}

// inMemory is a store for tests.
type inMemory map[string][]byte

func (m inMemory) Get(key string) ([]byte, bool) { v, ok := m[key]; return v, ok }

func (m inMemory) Put(key string, value []byte) { m[key] = value }

// A verdict that was remembered for segments of unknown origin is not that of segments whose origin is known.
func TestMemoryTellsWhatFormedTheSegments(t *testing.T) {
	raw, _, m, s := judged(t, 90, 8)
	ctx := memory.With(context.Background(), inMemory{})
	o := given(raw, nil, m, s)
	byHand := trial.Sure(table.NewSegments(s.IDs, s.Labels, s.Names))
	before := trial.Sure(SegmentsContext(ctx, raw, byHand, o))
	byHand.FormedBy = []string{"spend", "visits"}
	after := trial.Sure(SegmentsContext(ctx, raw, byHand, o))
	if a, b := grade(t, before, "distinct"), grade(t, after, "distinct"); a.Grade != Weak || b.Grade != Pass {
		t.Errorf("not known: %v %s, known: %v %s", a.Grade, a.Says, b.Grade, b.Says)
	}
}

// Bytes keep ancestry; a CSV file does not, and its columns are sources themselves.
func TestAncestryIsStored(t *testing.T) {
	raw := sumAndParts(t)
	var back table.Table
	if err := back.UnmarshalBinary(trial.Sure(raw.MarshalBinary())); err != nil || back.Fingerprint() != raw.Fingerprint() {
		t.Fatal(err)
	}
	if c := trial.Sure(back.Column("orders")); !slices.Equal(c.Ancestry.Columns, []string{"offline", "online"}) {
		t.Errorf("%+v", c.Ancestry)
	}
	s := trial.Sure((&rulebook.Book{Rules: []rulebook.Rule{{Name: "much", When: "orders > 40"}}}).Assign(raw))
	var again table.Segments
	if err := again.UnmarshalBinary(trial.Sure(s.MarshalBinary())); err != nil || evidenceFor(t, trial.Sure(raw.Drop("orders")), &again) != "cci" {
		t.Errorf("segments that were stored forgot what orders were made of: %v %+v", err, again.Ancestry)
	}
	file := filepath.Join(t.TempDir(), "m.json")
	m := trial.Sure(segkit.Recipe{Columns: []string{"orders"}, Method: cluster.KMeans{K: 2}}.Fit(raw))
	if err := m.Save(file); err != nil {
		t.Fatal(err)
	}
	if got := evidenceFor(t, raw, trial.Sure(trial.Sure(segkit.LoadModel(file)).Score(raw))); got != "ccic" {
		t.Errorf("scored by a model from a file: %s", got)
	}
	if data, _ := os.ReadFile(file); bytes.Contains(data, []byte("Ancestry")) {
		t.Error("a model file tells what columns were made of, which its readers refuse")
	}
	plain := filepath.Join(t.TempDir(), "t.csv")
	if err := raw.WriteCSV(plain); err != nil {
		t.Fatal(err)
	}
	// A CSV file does not say so, but that orders add up the others shows in every row.
	if c := trial.Sure(trial.Sure(table.ReadCSV(plain, "id")).Column("orders")); !slices.Equal(c.Ancestry.Columns, []string{"offline", "online"}) {
		t.Errorf("%+v", c.Ancestry)
	}
}

func TestDrop(t *testing.T) {
	raw := sumAndParts(t)
	if got := trial.Sure(raw.Drop("noise", "online")).Names(); !slices.Equal(got, []string{"offline", "orders"}) {
		t.Error(got)
	}
	if _, err := raw.Drop("nosie"); err == nil || !strings.Contains(err.Error(), `did you mean "noise"?`) {
		t.Error(err)
	}
	if !slices.Equal(trial.Sure(raw.Drop()).Names(), raw.Names()) || math.IsNaN(raw.At(0, 0)) {
		t.Error("nothing dropped, but something gone")
	}
}
