package combine_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit/combine"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/survey"
	"github.com/segkit/lab/segkit/table"
)

// one is a table of a single number for each id.
func one(t testing.TB, column string, ids ...string) *table.Table {
	t.Helper()
	data := make([]float64, len(ids))
	for i := range data {
		data[i] = float64(i + 1)
	}
	return trial.Sure(table.New(ids, []table.Column{{Name: column}}, data))
}

func two(orders, survey *table.Table) combine.Sources {
	return combine.Sources{{Name: "orders", Table: orders}, {Name: "survey", Table: survey}}
}

func TestEverybodyIsInTheTableOnceAndWhatIsNotKnownIsMissing(t *testing.T) {
	c := trial.Sure(combine.Tables(two(one(t, "spend", "b", "a", "c"), one(t, "mood", "c", "d"))))
	if got := c.Table.IDs(); !slices.Equal(got, []string{"a", "b", "c", "d"}) {
		t.Errorf("ids %v", got)
	}
	if got := fmt.Sprint(c.Table.Raw().Data); got != "[2 NaN 1 NaN 3 1 NaN 2]" {
		t.Errorf("cells %s", got)
	}
	for column, source := range map[string]string{"spend": "orders", "mood": "survey"} {
		if got := trial.Sure(c.Of(column)); got != source {
			t.Errorf("%s is of %s", column, got)
		}
	}
}

// The order in which sources are named changes the order of columns and nothing else; every cell is the source's own.
func TestTheOrderOfSourcesDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		m := rapid.IntRange(2, 4).Draw(r, "sources")
		var sources combine.Sources
		for s := range m {
			ids := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-h]`), 1, 8, rapid.ID[string]).Draw(r, "ids")
			if !slices.Contains(ids, "a") {
				ids = append(ids, "a") // so that they have somebody in common
			}
			data := make([]float64, len(ids))
			for i := range data {
				data[i] = rapid.SampledFrom([]float64{0, 1, 2.5, math.NaN()}).Draw(r, "value")
			}
			sources = append(sources, combine.Source{Name: fmt.Sprint("s", s), Table: trial.Sure(table.New(ids, []table.Column{{Name: fmt.Sprint("x", s)}}, data))})
		}
		c := trial.Sure(combine.Tables(sources))
		turned := slices.Clone(sources)
		slices.Reverse(turned)
		d := trial.Sure(combine.Tables(turned))
		if !slices.Equal(c.Table.IDs(), d.Table.IDs()) {
			r.Fatal("other customers")
		}
		known := 0
		for s, source := range sources {
			a, b := trial.Sure(c.Table.Values(fmt.Sprint("x", s))), trial.Sure(d.Table.Values(fmt.Sprint("x", s)))
			for i, id := range c.Table.IDs() {
				want := math.NaN()
				if at := slices.Index(source.Table.IDs(), id); at >= 0 {
					want = source.Table.At(at, 0)
				}
				if math.Float64bits(a[i]) != math.Float64bits(b[i]) || a[i] != want && !(math.IsNaN(a[i]) && math.IsNaN(want)) {
					r.Fatalf("customer %s, source %d: %v and %v, want %v", id, s, a[i], b[i], want)
				}
			}
		}
		cover, turnedCover := trial.Sure(c.Coverage()), trial.Sure(d.Coverage())
		for _, h := range cover.Holdings {
			known += h.Customers
			back := slices.Clone(h.In)
			slices.Reverse(back)
			if !slices.ContainsFunc(turnedCover.Holdings, func(o combine.Holding) bool { return slices.Equal(o.In, back) && o.Customers == h.Customers }) {
				r.Fatalf("%v is counted otherwise", h)
			}
			count := 0
			for _, id := range c.Table.IDs() {
				exactly := true
				for s, source := range sources {
					exactly = exactly && slices.Contains(source.Table.IDs(), id) == h.In[s]
				}
				if exactly {
					count++
				}
			}
			if count != h.Customers {
				r.Fatalf("%v holds %d customers", h, count)
			}
		}
		if known != c.Table.Len() {
			r.Fatalf("%d customers counted of %d", known, c.Table.Len())
		}
	})
}

func TestTwoFormsOfAnIDAreAsked(t *testing.T) {
	for _, c := range []struct {
		orders, survey []string
		form           combine.IDForm
		says           string
	}{
		{[]string{"00017", "00018"}, []string{"17", "00018"}, combine.IgnoreZeros, "leading zeros"},
		{[]string{"C17", "C18"}, []string{"c17", "C18"}, combine.IgnoreCase, "capitals"},
		{[]string{"C17", "C18"}, []string{"C\u00a017 ", "C18"}, combine.IgnoreBlank, "blanks"},
		{[]string{"17", "18"}, []string{"17.0", "18"}, combine.IgnorePoint, `".0" at the end`},
		{[]string{"00017", "x"}, []string{"17.0", "x"}, combine.IgnoreZeros | combine.IgnorePoint, `leading zeros and ".0" at the end`},
		{[]string{"c-0", "x"}, []string{"C-0", "x"}, combine.IgnoreCase, "capitals"},
		{[]string{"12345678909", "x"}, []string{"123.456.789-09", "x"}, combine.IgnoreMarks, "punctuation marks"},
		{[]string{"9517067801", "x"}, []string{"095.170.678-01", "x"}, combine.IgnoreZeros | combine.IgnoreMarks, "leading zeros and punctuation marks"},
		{[]string{"+55 11 98765-4321", "x"}, []string{"5511987654321", "x"}, combine.IgnoreBlank | combine.IgnoreMarks, "blanks and punctuation marks"},
	} {
		sources := two(one(t, "spend", c.orders...), one(t, "mood", c.survey...))
		_, err := combine.Tables(sources)
		if !errors.Is(err, fault.ErrUnmatched) {
			t.Errorf("%v: %v", c.survey, err)
			continue
		}
		for _, part := range []string{"survey, row 1", "1 more customer would join", c.says + " were ignored", "combine.Options{IDs: " + c.form.String() + "}", "combine.ExactIDs"} {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%v is not in: %v", part, err)
			}
		}
		joined := trial.Sure(combine.Tables(sources, combine.Options{IDs: c.form}))
		if got := joined.Table.IDs(); len(got) != 2 || !slices.Contains(got, c.orders[0]) {
			t.Errorf("%v: joined as %v", c.survey, got)
		}
		if apart := trial.Sure(combine.Tables(sources, combine.Options{IDs: combine.ExactIDs})); apart.Table.Len() != 3 {
			t.Errorf("%v: apart %v", c.survey, apart.Table.IDs())
		}
	}
	// Different customers whose ids merely look alike are nobody's question where each joins as it is written.
	if _, err := combine.Tables(two(one(t, "spend", "1", "01"), one(t, "mood", "01", "1"))); err != nil {
		t.Error(err)
	}
	// Customer 2 of shop 11 is not customer 12 of shop 1.
	if _, err := combine.Tables(two(one(t, "spend", "1-12", "x"), one(t, "mood", "11-2", "x"))); err != nil {
		t.Error(err)
	}
	// An answer keeps what was answered before.
	_, err := combine.Tables(two(one(t, "spend", "017", "C8"), one(t, "mood", "17", "c8")), combine.Options{IDs: combine.IgnoreZeros})
	if both := combine.IgnoreZeros | combine.IgnoreCase; err == nil || !strings.Contains(err.Error(), both.String()) {
		t.Error(err)
	}
	sources := two(one(t, "spend", "1", "2"), one(t, "mood", "1", "2"))
	if _, err := combine.Tables(sources, combine.Options{IDs: combine.ExactIDs | combine.IgnoreCase}); !errors.Is(err, fault.ErrOption) {
		t.Error(err)
	}
}

func TestBadSourcesAreRefused(t *testing.T) {
	good := one(t, "spend", "a", "b")
	twice := table.FromRaw(table.Raw{IDs: []string{"a", "b", "a"}, Columns: []table.Column{{Name: "x"}}, Data: []float64{1, 2, 3}})
	weighted := trial.Sure(one(t, "mood", "a", "b").WithWeights([]float64{2, 1}, table.FrequencyWeights))
	for name, c := range map[string]struct {
		sources combine.Sources
		o       combine.Options
		kind    error
		says    string
	}{
		"one source":        {combine.Sources{{Name: "orders", Table: good}}, combine.Options{}, fault.ErrEmpty, "at least two"},
		"no name":           {combine.Sources{{Name: "orders", Table: good}, {Table: good}}, combine.Options{}, fault.ErrSchema, "source 2 has no name"},
		"same name":         {combine.Sources{{Name: "orders", Table: good}, {Name: "orders", Table: good}}, combine.Options{}, fault.ErrDuplicate, `called "orders"`},
		"nil":               {two(good, nil), combine.Options{}, fault.ErrNil, "survey"},
		"two rows":          {two(good, twice), combine.Options{}, fault.ErrDuplicate, "survey, row 3 (id a): is the customer of row 1"},
		"two rows by form":  {two(good, one(t, "mood", "a", "A")), combine.Options{IDs: combine.IgnoreCase}, fault.ErrDuplicate, "row 2 (id A): is the customer of row 1 (id a) once capitals are ignored"},
		"nobody":            {two(good, one(t, "mood", "a", " ")), combine.Options{}, fault.ErrSchema, "survey, row 2"},
		"no overlap":        {two(good, one(t, "mood", "x", "y")), combine.Options{}, fault.ErrUnmatched, `no customer of orders is in any other source; ids of orders look like "a", those of survey like "x"`},
		"frequency weights": {two(good, weighted), combine.Options{}, fault.ErrSchema, "one row per customer"},
		"no rows":           {two(good, good.Head(0)), combine.Options{}, fault.ErrEmpty, "survey has no rows"},
	} {
		if _, err := combine.Tables(c.sources, c.o); !errors.Is(err, c.kind) || !strings.Contains(fmt.Sprint(err), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAColumnOfTwoSourcesSaysWhoseItIs(t *testing.T) {
	country := table.Column{Name: "country", Levels: []string{"AT", "DE"}, Role: table.Descriptor}
	turned := country
	turned.Levels = []string{"DE", "AT"}
	a := trial.Sure(table.New([]string{"a", "b", "c"}, []table.Column{country, {Name: "basket", Ancestry: table.MadeOf(country)}}, []float64{0, 1, 1, 2, 1, 3}))
	b := trial.Sure(table.New([]string{"a", "b", "d"}, []table.Column{turned}, []float64{1, 1, 0}))
	c := trial.Sure(combine.Tables(combine.Sources{{Name: "orders", Table: a}, {Name: "the survey", Table: b}}))
	if got := c.Table.Names(); !slices.Equal(got, []string{"country_orders", "basket", "country_the_survey"}) {
		t.Errorf("names %v", got)
	}
	if len(c.Notes) != 1 || !strings.Contains(c.Notes[0], "for 2 customers known to all of them, it is the same for 1 customer") {
		t.Errorf("notes %q", c.Notes)
	}
	// What is made of country is still made of it.
	s := trial.Sure(table.NewSegments(c.Table.IDs(), table.Labels{0, 0, 1, 1}, nil))
	s.FormedAlso(trial.Sure(c.Table.Column("country_orders")))
	if circular, _ := s.FormingColumns(c.Table).Tie(trial.Sure(c.Table.Column("basket"))); !circular {
		t.Error("basket is no longer made of country")
	}
}

func TestBasisLeavesTheOthersToDescribe(t *testing.T) {
	orders := trial.Sure(table.New([]string{"a", "b", "c"}, []table.Column{{Name: "orders"}, {Name: "spend", Role: table.Value}}, []float64{1, 10, 2, 20, 3, 30}))
	survey := trial.Sure(one(t, "mood", "b", "c", "d").WithWeights([]float64{1, 2, 3}))
	c := trial.Sure(combine.Tables(two(orders, survey)))
	basis := trial.Sure(c.Basis("survey"))
	if got := basis.IDs(); !slices.Equal(got, []string{"b", "c", "d"}) {
		t.Errorf("customers %v", got)
	}
	roles := map[string]table.Role{"orders": table.Descriptor, "spend": table.Value, "mood": table.Feature}
	for _, col := range basis.Columns() {
		if col.Role != roles[col.Name] {
			t.Errorf("%s is a %v", col.Name, col.Role)
		}
	}
	if got := basis.Weights(); !slices.Equal(got, []float64{1, 2, 3}) {
		t.Errorf("weights %v", got)
	}
	if both := trial.Sure(c.Basis("orders", "survey")); !slices.Equal(both.IDs(), []string{"b", "c"}) || len(both.Weights()) != 2 {
		t.Errorf("both: %v, weights %v", both.IDs(), both.Weights())
	}
	if got := trial.Sure(c.Columns("orders")); !slices.Equal(got, []string{"orders"}) {
		t.Errorf("columns %v", got)
	}
	if got := trial.Sure(c.Columns()); !slices.Equal(got, []string{"orders", "mood"}) {
		t.Errorf("all columns %v", got)
	}
	if _, err := c.Basis("surveys"); !errors.Is(err, fault.ErrMissingColumn) || !strings.Contains(err.Error(), `did you mean "survey"`) {
		t.Error(err)
	}
	if c.Table.Columns()[0].Role != table.Feature {
		t.Error("Basis changed the combined table")
	}
}

// Replies follow spend as a planted shift of half a standard deviation; age is the same for all.
func TestBiasFindsWhoReplies(t *testing.T) {
	var ids, replied []string
	var data []float64
	for i := range 2000 {
		id := fmt.Sprintf("c%04d", i)
		half := float64(i % 2)
		z := math.Sqrt2 * math.Erfinv(2*(float64(i/2)+.5)/1000-1)        // the same normal quantiles in both halves
		data = append(data, 100+20*z+10*half, 40+10*z, float64((i/2)%2)) // half a standard deviation more; the same; the same
		if ids = append(ids, id); half == 1 {
			replied = append(replied, id)
		}
	}
	customers := trial.Sure(table.New(ids, []table.Column{{Name: "spend", Unit: "EUR"}, {Name: "age"}, {Name: "city", Levels: []string{"Bonn", "Köln"}}}, data))
	c := trial.Sure(combine.Tables(two(customers, one(t, "mood", replied...))))
	b := trial.Sure(c.Bias("survey"))
	if b.In != 1000 || b.Out != 1000 || len(b.Columns) != 3 {
		t.Fatalf("%+v", b)
	}
	first := b.Columns[0]
	if first.Name() != "spend (EUR)" || math.Abs(first.Difference-.5) > .01 || first.Low < .40 || first.High > .60 {
		t.Errorf("%+v", first)
	}
	for _, rest := range b.Columns[1:] {
		if rest.Difference != 0 || rest.Low > 0 || rest.High < 0 {
			t.Errorf("%+v", rest)
		}
	}
	if s := b.Sheet(); !strings.Contains(s.Caption, "1 of 3 figures: spend (EUR) (+0.50 sd)") {
		t.Errorf("caption %q", s.Caption)
	}
	if _, err := c.Bias("orders"); !errors.Is(err, fault.ErrUndefined) {
		t.Error(err)
	}
}

func TestLookalikesOfOneSourceAreMentioned(t *testing.T) {
	c := trial.Sure(combine.Tables(two(one(t, "spend", "ab", "AB", "c"), one(t, "mood", "ab", "c"))))
	if len(c.Notes) != 1 || !strings.Contains(c.Notes[0], `3 ids of orders are 2 if capitals are ignored, as in "ab" and "AB". Are they the same customers?`) {
		t.Errorf("notes %q", c.Notes)
	}
}

func TestSourcesThatHardlyOverlapAreMentioned(t *testing.T) {
	var ids []string
	for i := range 100 {
		ids = append(ids, fmt.Sprint("x", i))
	}
	c := trial.Sure(combine.Tables(two(one(t, "spend", "a", "b"), one(t, "mood", append(ids, "a")...))))
	if len(c.Notes) != 1 || !strings.HasPrefix(c.Notes[0], "Only 1 of 101 customers of survey is in any other source") {
		t.Errorf("notes %q", c.Notes)
	}
	if got := trial.Sure(c.Coverage()).Sheet().Caption; got != "1 of 102 customers (1.0 %) is in both sources" {
		t.Errorf("caption %q", got)
	}
}

// Rows that were only numbered are nobody's: row 7 is not customer 7 or 007, whether the table was read without ids, came from a survey or was cut since.
func TestNumberedRowsAreNobody(t *testing.T) {
	const sheets = "I like it,I would come again\n5,4\n2,1\n4,3\n"
	read := func(ids string) *table.Table {
		return trial.Sure(table.ParseCSV(strings.NewReader(sheets), "survey.csv", ids))
	}
	answers := trial.Sure(survey.Parse(strings.NewReader(sheets), "survey.csv", survey.Options{}))
	kept := trial.Sure(answers.Clean(survey.Incomplete(.5)))
	for name, numbered := range map[string]*table.Table{"a table": read(""), "scores": trial.Sure(answers.Scores()), "cleaned": trial.Sure(kept.Scores()), "some": read("").Rows([]int{2, 0}),
		"a column": trial.Sure(read("").Select("I like it")), "from a table": trial.Sure(trial.Sure(survey.FromTable(read(""), survey.Options{})).Scores())} {
		for _, ids := range [][]string{{"1", "2", "3"}, {"001", "002", "003"}, {"a", "b", "1"}} {
			orders := one(t, "spend", ids...)
			for _, sources := range []combine.Sources{two(orders, numbered), two(numbered, orders)} {
				if _, err := combine.Tables(sources); !errors.Is(err, fault.ErrUnmatched) || !strings.Contains(fmt.Sprint(err), "survey.Options.ID") {
					t.Errorf("%s, with %q: %v", name, ids, err)
				}
			}
			if _, err := combine.Tables(two(orders, numbered), combine.Options{IDs: combine.ExactIDs}); ids[0] != "001" && err != nil {
				t.Errorf("%s, with %q, although it was said that these are the customers: %v", name, ids, err)
			}
		}
		if _, err := combine.Tables(two(numbered, numbered)); err != nil {
			t.Errorf("%s: with itself: %v", name, err)
		}
	}
	if _, err := combine.Tables(two(one(t, "spend", "5", "2"), read("I like it"))); err != nil {
		t.Errorf("a column of ids: %v", err)
	}
}
