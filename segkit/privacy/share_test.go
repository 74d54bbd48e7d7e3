package privacy

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// shop draws n customers in k segments of very different sizes, with everything that gives people away: rare towns, a few who spend all the
// money, answers that hardly anybody gives, values that many lack.
func shop(t *testing.T, seed uint64, n, k int) (*table.Table, *table.Segments) {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 7))
	towns := strings.Fields("Bonn Leeds Turin Graz Lyon Brno")
	for i := range 24 {
		towns = append(towns, fmt.Sprintf("village %d", i))
	}
	columns := []table.Column{{Name: "spend", Unit: "EUR", Role: table.Value}, {Name: "orders"}, {Name: "town", Levels: towns, Role: table.Descriptor},
		{Name: "app"}, {Name: "member", Levels: []string{"no", "yes"}}, {Name: "score"}}
	var ids []string
	var data []float64
	var labels table.Labels
	for i := range n {
		ids = append(ids, fmt.Sprintf("Customer-%03d-", i))
		l := 0
		for l < k-1 && random.IntN(2) == 0 {
			l++
		}
		if random.IntN(30) == 0 {
			l = table.Noise
		}
		labels = append(labels, l)
		spend := math.Round(math.Exp(3+2*random.NormFloat64())*100) / 100
		score := math.NaN()
		if random.IntN(4) == 0 {
			score = float64(random.IntN(100))
		}
		data = append(data, spend, float64(1+random.IntN(9)), float64(random.IntN(2+random.IntN(len(towns)-1))), float64(random.IntN(12)/11), float64(random.IntN(2)), score)
	}
	raw, err := table.New(ids, columns, data)
	if err != nil {
		t.Fatal(err)
	}
	s, err := table.NewSegments(ids, labels, nil)
	if err != nil {
		t.Fatal(err)
	}
	return raw, s
}

// Every figure of a shared profile is computed again from the customers it rests on: none of them are too few, and no customer is a sum.
func TestASharedProfileTellsOfNobody(t *testing.T) {
	for seed := range uint64(40) {
		raw, s := shop(t, seed, 60+int(seed)*12, 7)
		shared, err := Share(raw, s, Rules{})
		if err != nil {
			t.Fatal(err)
		}
		p := shared.Profile
		if out := raw.Len() - shared.raw.Len(); out >= 10 || (out > 0) != shared.Outside {
			t.Fatalf("%d customers are left out", out)
		}
		raw = shared.raw
		labels := trial.Sure(shared.Segments.LabelsFor("test", raw))
		told, total := 0, 0
		for r, g := range shared.groups() {
			label := r
			if g == p.Noise {
				label = table.Noise
			}
			if 0 < g.Size && g.Size < 10 {
				t.Fatalf("%s has %d customers", g.Name, g.Size)
			}
			total += g.Size
			for j, c := range p.Columns {
				count, known, sum, first, second := map[float64]int{}, 0, 0.0, 0.0, 0.0
				for i, l := range labels {
					v := raw.At(i, j)
					if l != label || math.IsNaN(v) {
						continue
					}
					count[v]++
					known++
					sum += v
					if v > first {
						first, second = v, first
					} else {
						second = max(second, v)
					}
				}
				st := g.Stats[j]
				for l, share := range st.Levels {
					if told++; !math.IsNaN(share) && share > 0 && count[float64(l)] < 10 {
						t.Errorf("%s, %s %s: %d customers are told", g.Name, c.Name, c.Levels[l], count[float64(l)])
					}
				}
				switch {
				case c.Categorical() || math.IsNaN(st.Mean):
				case c.Name == "app" && (known-count[1] > 0 && known-count[1] < 10 || count[1] > 0 && count[1] < 10):
					t.Errorf("%s: %d of %d have the app, and it is told", g.Name, count[1], known)
				case c.Name != "app" && (known < 10 || sum-first-second < .1*first-1e-6):
					t.Errorf("%s, %s: the mean of %d customers is told, whose sum is %v and the largest two %v and %v", g.Name, c.Name, known, sum, first, second)
				}
				if !c.Categorical() && !math.IsNaN(st.Median) && known < 10 {
					t.Errorf("%s, %s: the median of %d customers is told", g.Name, c.Name, known)
				}
			}
			if g.Size > 0 && math.IsNaN(g.Stats[0].Mean) != math.IsNaN(g.ValueShare[0]) {
				t.Errorf("%s: the share of spend gives its mean away, or the other way round", g.Name)
			}
		}
		if total != raw.Len() || told == 0 {
			t.Fatalf("%d of %d customers", total, raw.Len())
		}
	}
}

// text is everything that a page shows.
func text(sheets ...sheet.Sheet) string {
	var b strings.Builder
	for _, s := range sheets {
		fmt.Fprintln(&b, s.Caption, s.Rows, s.Notes)
	}
	return b.String()
}

// The profile and the tables beside it hide the same cells: together they tell no more than each alone.
func TestTablesOfAPageHideTheSame(t *testing.T) {
	for seed := range uint64(10) {
		raw, s := shop(t, seed, 400, 5)
		shared, err := Share(raw, s, Rules{})
		if err != nil {
			t.Fatal(err)
		}
		cells, err := shared.Cross("town")
		if err != nil {
			t.Fatal(err)
		}
		j := shared.Profile.Index("town")
		if len(cells.Columns) != 21 || len(shared.Profile.Columns[j].Levels) != 30 {
			t.Fatalf("%d columns", len(cells.Columns))
		}
		for r, g := range shared.groups() {
			for c, name := range cells.Columns[:20] {
				l := slices.Index(shared.Profile.Columns[j].Levels, name)
				if hidden := cells.Cells[r][c].Why != Shown; hidden != math.IsNaN(g.Stats[j].Levels[l]) {
					t.Fatalf("%s, %s: hidden in the table is %v, in the profile %v", g.Name, name, hidden, !hidden)
				}
			}
		}
	}
}

func TestTypicalCustomersAreNobody(t *testing.T) {
	for seed := range uint64(30) {
		raw, s := shop(t, seed, 200, 4)
		names := [][]string{raw.Names(), {"town"}, {"member", "app"}, {"orders"}, {"orders", "member"}, {"spend"}}[seed%6]
		raw, err := raw.Select(names...)
		if err != nil {
			t.Fatal(err)
		}
		shared, err := Share(raw, s, Rules{})
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range shared.Profile.Segments {
			e := g.Exemplars
			if !e.MadeUp || e.Medoid != "" || e.Typical != nil || e.Border != nil {
				t.Fatalf("%+v", e)
			}
			for i := range raw.Len() {
				if slices.Equal(raw.Row(i), e.Values) {
					t.Fatalf("%v: the typical customer of %s is %s", names, g.Name, raw.Raw().IDs[i])
				}
			}
		}
		personas := shared.Profile.Personas()
		if page := text(shared.Sheet(), personas.Sheet(), shared.Profile.Examples()); strings.Contains(page, "Customer-") {
			t.Errorf("somebody is on the page: %s", page)
		}
		if len(names) > 2 && personas[0].Like == "" {
			t.Error("a typical customer says nothing")
		}
	}
}

func TestColumnsThatNameCustomersAreOnNoPage(t *testing.T) {
	raw, s := shop(t, 1, 100, 2)
	mail := table.Column{Name: "mail"}
	var at []float64
	for i, id := range raw.IDs() {
		mail.Levels, at = append(mail.Levels, id+"@example.org"), append(at, float64(i))
	}
	joined, err := table.New(raw.IDs(), []table.Column{mail}, at)
	if err != nil {
		t.Fatal(err)
	}
	if joined, err = raw.Join(joined); err != nil {
		t.Fatal(err)
	}
	shared, err := Share(joined, s, Rules{})
	if err != nil {
		t.Fatal(err)
	}
	if page := text(shared.Sheet()); shared.Profile.Index("mail") >= 0 || !strings.Contains(page, "naming customers: mail") || strings.Contains(page, "example.org") {
		t.Error(page)
	}
}

// A postcode at full length names customers together with others: it is on no page until it is coarsened.
func TestPostcodesAreSharedOnlyWhenCoarsened(t *testing.T) {
	raw, s := shop(t, 1, 300, 2)
	for digits, shown := range map[int]bool{5: false, 2: true} {
		home := table.Column{Name: "plz"}
		var at []float64
		for i := range raw.Len() {
			code := fmt.Sprint(10115 + 1000*(i%3) + i%2)[:digits]
			if !slices.Contains(home.Levels, code) {
				home.Levels = append(home.Levels, code)
			}
			at = append(at, float64(slices.Index(home.Levels, code)))
		}
		joined := trial.Sure(raw.Join(trial.Sure(table.New(raw.IDs(), []table.Column{home}, at))))
		shared := trial.Sure(Share(joined, s, Rules{}))
		page := text(shared.Sheet(), shared.Profile.Personas().Sheet(), shared.Profile.Examples()) + fmt.Sprint(shared.Profile.Columns)
		if has := shared.Profile.Index("plz") >= 0; has != shown || strings.Contains(page, "customers together with other columns: plz") == shown || strings.Contains(page, "10115") {
			t.Errorf("%d digits: %s", digits, page)
		}
		if found := trial.Sure(Identifiers(joined)); (len(found) == 0) != shown {
			t.Errorf("%d digits: %+v", digits, found)
		}
	}
}

func TestSmallSegmentsArePooled(t *testing.T) {
	var ids []string
	var labels table.Labels
	for l, n := range []int{100, 4, 30, 3} {
		for i := range n {
			ids, labels = append(ids, fmt.Sprint(l, "-", i)), append(labels, l)
		}
	}
	ids, labels = append(ids, "x", "y"), append(labels, table.Noise, table.Noise)
	data := make([]float64, len(ids))
	for i := range data {
		data[i] = float64(i)
	}
	raw, err := table.New(ids, []table.Column{{Name: "spend"}}, data)
	if err != nil {
		t.Fatal(err)
	}
	s, _ := table.NewSegments(ids, labels, []string{"A", "B", "C", "D"})
	shared, err := Share(raw, s, Rules{MinCount: 7})
	if err != nil {
		t.Fatal(err)
	}
	if p := shared.Profile; !shared.Outside || p.N != 137 || len(p.Segments) != 3 || p.Segments[2].Name != "others" || p.Segments[2].Size != 7 || p.Noise != nil || p.Segments[1].Name != "C" {
		t.Errorf("%d segments, pooled %v", len(p.Segments), shared.Pooled)
	}
	if shared, _ = Share(raw, s, Rules{MinCount: 20}); len(shared.Profile.Segments) != 2 || shared.Profile.Segments[1].Size != 37 { // 7 are too few: the 30 go with them
		t.Errorf("%v", shared.Pooled)
	}
	if shared, _ = Share(raw, s, Rules{MinCount: 2}); shared.Pooled != nil || shared.Profile.Noise == nil {
		t.Errorf("%v", shared.Pooled)
	}
	if _, err := Share(raw.Head(5), s, Rules{}); !errors.Is(err, fault.ErrUndefined) {
		t.Errorf("%v", err)
	}
}

// What is left out reads as a dash wherever a profile is laid out, and nothing panics on it.
func TestWhatIsLeftOutReadsAsADash(t *testing.T) {
	raw, s := shop(t, 3, 150, 6)
	shared, err := Share(raw, s, Rules{MinCount: 25})
	if err != nil {
		t.Fatal(err)
	}
	if shared.Hidden == 0 {
		t.Fatal("nothing had to be left out")
	}
	page := text(shared.Sheet(), shared.Profile.Personas().Sheet(), shared.Profile.Examples())
	if strings.Contains(page, "NaN") || !strings.Contains(page, sheet.Missing) {
		t.Error(page)
	}
	shared.Profile.Frame()
	shared.Profile.Long()
	var _ describe.Personas = shared.Profile.Personas()
	if cells, err := shared.Cross("town", "spend"); err != nil || len(cells.Rows) != len(shared.groups()) {
		t.Errorf("%v", err)
	}
}

// The ids of the rows are looked at as columns are, but they are no column that anybody could drop.
func TestIDsThatNameCustomers(t *testing.T) {
	ids := []string{"111.444.777-35", "529.982.247-25", "12345678909", "00000000191", "39053344705", "987.654.321-00"}
	raw := trial.Sure(table.New(ids, []table.Column{{Name: "spend"}}, []float64{1, 2, 3, 4, 5, 6}))
	found := trial.Sure(Identifiers(raw))
	if len(found) != 1 || !found[0].IDs || !found[0].Alone || found[0].Column != "id" {
		t.Fatalf("%+v", found)
	}
	if got := found.Sheet().Caption; got != "No column names customers; the ids of the rows do: they are numbers of taxpayers, cards or bank accounts" {
		t.Error(got)
	}
	if alone, together := found.split(); alone != nil || together != nil {
		t.Errorf("%q %q are no columns", alone, together)
	}
}
