package report

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/segkit/lab/datasets"
	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/campaign"
	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/inert"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/judge"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/privacy"
	"github.com/segkit/lab/segkit/rulebook"
	"github.com/segkit/lab/segkit/table"
	"github.com/segkit/lab/segkit/track"
	"github.com/segkit/lab/segkit/value"
)

// hostile is a name that would do harm wherever it is not taken for text.
const hostile = `<script>alert(1)</script>"'><img src=http://evil.example/x onerror=alert(1)>` + "\n--; DROP TABLE customers; =HYPERLINK(1)"

// shop are all results that a report shows, of customers of three kinds. A suffix makes every name in the data hostile.
func shop(t *testing.T, suffix string) Contents {
	t.Helper()
	r := seed.Stream(1, "report", 0)
	const n = 300
	ids, data := wording.Numbered(n), []float64(nil)
	for i := range ids {
		ids[i] += suffix
		middle := [][3]float64{{20, 12, 30}, {200, 2, 25}, {60, 4, 150}}[i%3]
		draw := func(v float64) float64 { return v * (1 + .2*r.NormFloat64()) }
		orders := max(1, float64(int(draw(middle[1]))))
		basket := max(1, draw(middle[2]))
		data = append(data, max(1, draw(middle[0])), orders, basket, orders*basket, float64(i%2))
	}
	columns := []table.Column{{Name: "recency", Unit: "days", LowerIsBetter: true, Phrase: "last order %s ago"}, {Name: "orders", Phrase: "%s order|%s orders"},
		{Name: "basket", Unit: "EUR", Phrase: "%s an order"}, {Name: "spend", Unit: "EUR", Role: table.Value, Phrase: "%s spent"},
		{Name: "city" + suffix, Levels: []string{"Ghent" + suffix, "Leeds" + suffix}, Role: table.Descriptor}}
	customers := trial.Sure(table.New(ids, columns, data))
	var later []float64
	for i := range ids {
		later = append(later, []float64{90, 5, 60}[i%3]*(1+.3*r.NormFloat64()))
	}
	next := trial.Sure(table.New(ids, []table.Column{{Name: "money", Unit: "EUR", Role: table.Outcome}}, later))
	recipe := segkit.Recipe{Columns: []string{"recency", "orders", "basket"}, Prep: []prep.Transformer{prep.Log1p{}, prep.Standardize{}}, Method: cluster.KMeans{K: 3, Seed: 1}}
	model := trial.Sure(recipe.Fit(customers))
	for l := range model.Names {
		model.Names[l] += suffix
	}
	segments := trial.Sure(model.Score(customers))
	profile := trial.Sure(describe.Segments(customers, segments))
	sweep := trial.Sure(choose.SweepK(customers, recipe, 1, 5, choose.SweepOptions{Draws: 99}))
	rules := trial.Sure(rulebook.Explain(customers, segments, rulebook.Options{MaxConditions: 2}))
	ahead := &value.Worth{Days: 90, Currency: "EUR", Money: true}
	proof := &value.Worth{Days: 90, Currency: "EUR", Money: true, Proved: true}
	for l, name := range model.Names {
		w := value.SegmentWorth{Segment: name, Customers: segments.Counts()[l], Value: value.Range{Mean: 9120, Low: 8010, High: 10400}, Silent: .3}
		ahead.Segments = append(ahead.Segments, w)
		w.SeenValue = 9500 + 2000*float64(l)
		proof.Segments = append(proof.Segments, w)
	}
	test := campaign.Test{Revenue: "money", Seed: 1}
	sizes := trial.Sure(test.Size(next, segments))
	money := func(units int64) features.Money { return features.Money{Units: units, Decimals: 2} }
	ledger := &features.Ledger{Currency: "EUR", Opening: features.Count{Lines: 1000, Orders: 900, Customers: 301, Sales: money(10000000), Refunds: money(-50001)},
		Steps:   []features.Step{{Rule: "no customer", Removed: features.Count{Lines: 100, Orders: 90, Customers: 1, Sales: money(1000000), Refunds: money(-1)}}},
		Closing: features.Count{Lines: 900, Orders: 810, Customers: 300, Sales: money(9000000), Refunds: money(-50000)}}
	return Contents{Title: "Report" + suffix, Customers: customers, Segments: segments, Profile: profile, Sizes: sizes, Ahead: ahead, Proof: proof, Rules: rules, Model: model, Sweep: sweep,
		Plan:     trial.Sure(campaign.Plan(profile, campaign.PlanOptions{Ahead: ahead, Sizes: sizes})),
		Verdict:  trial.Sure(judge.Segments(customers, segments, judge.Options{Outcome: next, Sweep: sweep, Rules: rules})),
		Cleaning: ledger, AsOf: time.Date(2025, 9, 30, 0, 0, 0, 0, time.UTC), First: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), Days: 90, Currency: "EUR",
		Inputs: []Input{{"orders.csv" + suffix, "ab12", 17}}, Decisions: []Decision{{"number of segments" + suffix, "3", "as it was given" + suffix}}, Seed: 1, MadeBy: "segkit" + suffix, Notes: []string{"A note." + suffix}}
}

func TestThePageIsTheAnswer(t *testing.T) {
	c := shop(t, "")
	page := trial.Sure(c.HTML())
	for _, want := range []string{"<html lang=\"en\">", "As of 30 September 2025", "300 customers", "What to do with each segment", "€9,120", "€8,010 to €10,400", "Chosen at random, 50 get the offer and 50 do not.",
		"Before you act", "worth a test", "30% will probably not order", "sales of €10,000, 10% of all", "10,000,000"[:6], "role=\"img\"", "<title id=", "<desc id=", "What cleaning removed"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	for _, never := range []string{"NaN", "Inf", "%!", "<script", "translated yet"} {
		if strings.Contains(page, never) {
			t.Errorf("the page holds %q", never)
		}
	}
	if n := strings.Count(page, "<figure>"); n != strings.Count(page, "<figcaption>") || n != strings.Count(page, "<desc") || n < 3 {
		t.Errorf("%d pictures, not all with title and description", n)
	}
	for _, s := range c.Profile.Segments { // the medoid is a customer, and no customer is on the page
		if id := ">" + s.Exemplars.Medoid + "<"; s.Exemplars.Medoid != "" && len(s.Exemplars.Medoid) > 2 && strings.Contains(page, id) {
			t.Errorf("the page shows customer %s", s.Exemplars.Medoid)
		}
	}
}

// A year has no mark of thousands, and a number of the same size that is none has.
// A page within another one is the page to its last character, however long it is.
// What is read has curly quotation marks; SQL, which is copied, has straight ones.
func TestQuotationMarksOfAPageAreCurly(t *testing.T) {
	c := shop(t, "")
	c.Notes = []string{`The column "memo" was left out.`}
	page := regexp.MustCompile(`(?s)<(style|script|svg|pre).*?</(style|script|svg|pre)>|<[^>]*>`).ReplaceAllString(string(trial.Sure(c.HTML())), " ")
	text := html.UnescapeString(page)
	if found := regexp.MustCompile(`.{0,40}".{0,40}`).FindString(text); found != "" {
		t.Errorf("straight quotation marks: %s", found)
	}
	if !strings.Contains(text, "The column “memo” was left out.") {
		t.Error("the note is not there")
	}
}

func TestAnEmbeddedPageIsWhole(t *testing.T) {
	c := shop(t, "")
	page, frame := trial.Sure(c.HTML()), trial.Sure(c.Embedded())
	_, rest, found := strings.Cut(frame, ` srcdoc="`)
	inside, end, closed := strings.Cut(rest, `"`)
	if got := html.UnescapeString(inside); !found || !closed || end != "></iframe>" || got != page || len(page) <= inert.Longest {
		t.Errorf("%d of %d characters stand in the frame, then %q", len(got), len(page), end)
	}
}

func TestYearsAreWrittenAsYears(t *testing.T) {
	column := func(name string) table.Column { return table.Column{Name: name, Role: table.Descriptor} }
	points := column("points")
	points.Unit = "points"
	columns := []table.Column{column("born"), column("bonus"), column("steps"), points, {Name: "orders"}}
	customers := trial.Sure(table.New([]string{"a", "b"}, columns, []float64{1984, 1950, 1984.5, 1984, 1984, math.NaN(), 1200, 1950, 1950, 1950}))
	p := trial.Sure(newPage("test", Contents{Customers: customers, Profile: &describe.Profile{Columns: columns}}))
	for j, want := range []string{"1984", "1,984", "1,984", "1,984", "1,984"} {
		if got := p.figureOf(j, 1984); got != want {
			t.Errorf("%s: %s, want %s", columns[j].Name, got, want)
		}
	}
}

// Customers and money that cleaning left and the segments have not are told beside the ledger, and page 1 says of how many the file of customers knows nothing.
func TestWhoIsNotInTheReportIsTold(t *testing.T) {
	c := shop(t, "")
	total := features.Money{Units: int64(math.Round(100 * c.Profile.ValueTotals[0])), Decimals: 2}
	for _, w := range languages {
		c.Language = w.Language
		_, unlisted, _ := strings.Cut(w.MindUnlisted, ": ")
		for name, of := range map[string]struct {
			customers, unlisted int
			more                int64 // than the report has, in cents
			told                string
		}{"all": {300, 0, 0, ""}, "one who only gave something back": {301, 83, -2800, w.CleaningMore}, "later refunds": {300, 1, -2800, w.CleaningMore}, "later purchases": {300, 1, 2800, w.CleaningApart}} {
			c.Cleaning.Closing = features.Count{Lines: 900, Orders: 810, Customers: of.customers, Sales: total, Refunds: features.Money{Units: of.more, Decimals: 2}}
			c.Unlisted = of.unlisted
			page := trial.Sure(c.HTML())
			for _, says := range []string{w.CleaningApart, w.CleaningMore} {
				if told := strings.Contains(page, says[strings.LastIndex(says, "%s")+2:]); told != (says == of.told) {
					t.Errorf("%s, %s: %q is told: %v", w.Language, name, says, told)
				}
			}
			if strings.Contains(page, unlisted) != (of.unlisted > 0) || of.unlisted > 1 && !strings.Contains(page, fmt.Sprintf(w.MindUnlisted, "83", fmt.Sprintf(w.Customers, "300"))) {
				t.Errorf("%s, %s: who is not in the file of customers", w.Language, name)
			}
		}
	}
}

// Page 1 says that the customers have outgrown a model that was kept, in the reader's language, and is silent where they have not.
func TestTheAgeOfAModelIsTold(t *testing.T) {
	c := shop(t, "")
	c.Judged = c.AsOf.AddDate(0, 0, -90)
	for _, w := range languages {
		c.Language = w.Language
		if of := fmt.Sprintf(w.VerdictOf, (&reader{words: *w}).date(c.Judged)); !strings.Contains(trial.Sure(c.HTML()), of) {
			t.Errorf("%s: the day of the verdict is not told: %s", w.Language, of)
		}
		for action, told := range map[track.Action]bool{track.Keep: false, track.Rename: true, track.Renew: true, track.Rethink: true} {
			c.Age = &track.Decision{Action: action, Look: action != track.Keep}
			page := trial.Sure(c.HTML())
			if of := fmt.Sprintf(w.MindAgeOf, (&reader{words: *w}).date(c.AsOf)); strings.Contains(page, of) != told {
				t.Errorf("%s, %s: the day is told: %v", w.Language, action, !told)
			}
			for _, other := range []track.Action{track.Keep, track.Rename, track.Renew, track.Rethink} {
				text := w.MindAge[other.String()]
				if got := text != "" && strings.Contains(page, text); got != (told && other == action) {
					t.Errorf("%s, %s: told as %s: %v", w.Language, action, other, got)
				}
			}
		}
	}
}

// Each segment has one card, with a typical customer who is nobody, what they are worth and what to do; without plan and forecast it says what is left.
func TestPersonas(t *testing.T) {
	c := shop(t, "")
	page := trial.Sure(c.Personas())
	for _, s := range c.Profile.Segments {
		card := page[strings.Index(page, "<h2>"+s.Name+"</h2>"):]
		card = card[:strings.Index(card, "</article>")]
		for _, want := range []string{"A typical customer: last order ", "no real person", "100", "Brought in so far", "€", "Expected in the next 90 days", "How to recognise them:", "class=\"do\""} {
			if !strings.Contains(card, want) {
				t.Errorf("the card of %s does not say %q", s.Name, want)
			}
		}
	}
	if n := strings.Count(page, "<article"); n != len(c.Profile.Segments) {
		t.Errorf("%d cards for %d segments", n, len(c.Profile.Segments))
	}
	bare := trial.Sure(Contents{Customers: c.Customers, Segments: c.Segments, Profile: c.Profile}.Personas())
	for _, never := range []string{"NaN", "Inf", "%!", "class=\"do\""} {
		if strings.Contains(bare, never) {
			t.Errorf("the page holds %q", never)
		}
	}
	if _, err := (Contents{}).Personas(); err == nil || !strings.Contains(err.Error(), "Contents.Customers") {
		t.Error(err)
	}
}

// What is not at hand leaves its section out, and nothing else.
func TestFewResultsMakeAPage(t *testing.T) {
	c := shop(t, "")
	page := trial.Sure(Contents{Customers: c.Customers, Segments: c.Segments, Profile: c.Profile}.HTML())
	for _, never := range []string{"NaN", "%!", "id=\"evidence\"", "id=\"cleaning\""} {
		if strings.Contains(page, never) {
			t.Errorf("the page holds %q", never)
		}
	}
	if _, err := (Contents{}).HTML(); err == nil || !strings.Contains(err.Error(), "Contents.Customers") {
		t.Error(err)
	}
	if _, err := (Contents{Customers: c.Customers, Segments: c.Segments, Profile: c.Profile, Language: "tlh"}).HTML(); err == nil || !strings.Contains(err.Error(), "en") {
		t.Error(err)
	}
}

var (
	anyTag = regexp.MustCompile(`<[a-zA-Z/!][^>]*>`)
	ourTag = regexp.MustCompile(`^</?(html|head|meta|title|style|body|header|main|section|article|h1|h2|h3|p|small|strong|br|span|table|caption|thead|tbody|tr|th|td|div|dl|dt|dd|ul|li|figure|figcaption|svg|desc|text|rect|line|circle|path|details|summary|pre|code|!DOCTYPE html)\b`)
	loads  = regexp.MustCompile(`(?i)(\ssrc=|\shref=|url\(|@import|\son\w+=)`)
)

func TestHostileNamesStayText(t *testing.T) {
	for _, page := range []string{trial.Sure(shop(t, hostile).HTML()), trial.Sure(shop(t, hostile).Personas())} {
		for _, tag := range anyTag.FindAllString(page, -1) {
			if !ourTag.MatchString(tag) || loads.MatchString(tag) {
				t.Errorf("the page has %s", tag)
			}
		}
		if style := page[strings.Index(page, "<style>"):strings.Index(page, "</style>")]; loads.MatchString(style) {
			t.Error("the style loads something")
		}
	}
	for _, f := range trial.Sure(shop(t, hostile).Files()) {
		if f.Name == "rules.sql" && regexp.MustCompile(`(?m)^\s*--;`).Match(regexp.MustCompile(`'(?:[^']|'')*'|"(?:[^"]|"")*"`).ReplaceAll(f.Data, nil)) {
			t.Errorf("a name leaves its quotes:\n%s", f.Data)
		}
	}
}

func TestSameContentsGiveTheSameBytes(t *testing.T) {
	a, b := trial.Sure(shop(t, "").Files()), trial.Sure(shop(t, "").Files())
	if !reflect.DeepEqual(a, b) {
		t.Error("two reports of the same differ")
	}
	dir := filepath.Join(t.TempDir(), "deep", "report")
	for range 2 {
		if err := Write(dir, shop(t, "")); err != nil {
			t.Fatal(err)
		}
	}
	entries, _ := os.ReadDir(dir)
	if len(entries) != len(a) {
		t.Errorf("%d files, want %d and nothing left behind", len(entries), len(a))
	}
	for _, f := range a {
		if got, _ := os.ReadFile(filepath.Join(dir, f.Name)); !bytes.Equal(got, f.Data) {
			t.Errorf("%s is not what Files says", f.Name)
		}
	}
}

// What cannot be written leaves the old files as they were.
func TestAFolderThatIsNone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report")
	if err := os.WriteFile(path, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Write(path, shop(t, "")); err == nil || !strings.Contains(err.Error(), path) {
		t.Error(err)
	}
	if got, _ := os.ReadFile(path); string(got) != "mine" {
		t.Error("the file is gone")
	}
}

// What cannot be written is found out before anything is replaced, and nothing is left behind.
func TestWhatCannotBeWrittenChangesNothing(t *testing.T) {
	dir := t.TempDir()
	if err := Write(dir, shop(t, "")); err != nil {
		t.Fatal(err)
	}
	old, _ := os.ReadFile(filepath.Join(dir, "report.html"))
	if err := errors.Join(os.Remove(filepath.Join(dir, "record.json")), os.Mkdir(filepath.Join(dir, "record.json"), 0o755)); err != nil {
		t.Fatal(err)
	}
	c := shop(t, "")
	c.Title = "Another"
	if err := Write(dir, c); err == nil || !strings.Contains(err.Error(), "record.json is a directory") {
		t.Error(err)
	}
	if now, _ := os.ReadFile(filepath.Join(dir, "report.html")); !bytes.Equal(old, now) {
		t.Error("the page is another, and the record is not")
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".segkit-*")); left != nil {
		t.Errorf("left behind: %v", left)
	}
	if os.Geteuid() == 0 {
		return // who may write everywhere
	}
	closed := filepath.Join(t.TempDir(), "closed")
	if err := os.Mkdir(closed, 0o555); err != nil {
		t.Fatal(err)
	}
	if err := Write(closed, c); err == nil || !strings.Contains(err.Error(), closed) {
		t.Error(err)
	}
}

var verb = regexp.MustCompile(`%(\[\d\])?[a-z]|%%`)

// Every language has every word, and each takes what the English one takes.
func TestEveryLanguageHasEveryWord(t *testing.T) {
	for _, w := range languages {
		got, want := reflect.ValueOf(*w), reflect.ValueOf(english)
		for i := range got.NumField() {
			name := got.Type().Field(i).Name
			switch got.Field(i).Kind() {
			case reflect.String:
				sameVerbs(t, w.Language+" "+name, got.Field(i).String(), want.Field(i).String())
			case reflect.Map:
				for _, key := range want.Field(i).MapKeys() {
					text := ""
					if v := got.Field(i).MapIndex(key); v.IsValid() {
						text = v.String()
					}
					sameVerbs(t, w.Language+" "+name+" "+key.String(), text, want.Field(i).MapIndex(key).String())
				}
			}
		}
	}
	customers := trial.Sure(trial.Sure(trial.Sure(datasets.Orders("shop")).Clean(features.NoCustomer)).Features(time.Time{}))
	for _, c := range customers.Columns() { // what the columns of package features say of themselves in English
		for _, w := range languages[1:] {
			if c.Phrase != "" && w.Phrases[c.Name] == "" || c.High != "" && (w.Highs[c.Name] == "" || w.Lows[c.Name] == "") || c.Unit != "" && c.Unit != "EUR" && w.Units[c.Unit] == "" {
				t.Errorf("%s: column %s lacks a word", w.Language, c.Name)
			}
		}
		if c.Numeric() && english.Columns[c.Name] == "" {
			t.Errorf("column %s is not explained", c.Name)
		}
	}
	for demand := range english.Questions {
		for _, g := range []judge.Grade{judge.Pass, judge.Weak, judge.Fail, judge.NotJudged} {
			if english.Answers[demand+" "+g.String()] == "" {
				t.Errorf("no answer to %s %s", demand, g)
			}
		}
	}
	for _, play := range campaign.PlayBook() {
		if english.PlayNames[play.Name] == "" || english.PlayDo[play.Name] != play.Do {
			t.Errorf("play %q is not said", play.Name)
		}
	}
}

func sameVerbs(t *testing.T, name, got, want string) {
	t.Helper()
	if got == "" {
		t.Errorf("%s is not said", name)
	}
	a, b := len(verb.FindAllString(got, -1)), len(verb.FindAllString(want, -1))
	if a != b {
		t.Errorf("%s: %q takes %d things, in English %d", name, got, a, b)
	}
}

// A word that is lacking all the same is a sentence on the page, and the English word stands in.
func TestALackingWordIsTold(t *testing.T) {
	half := words{Language: "half", Decimal: ",", Thousands: ".", Months: english.Months}
	old := languages
	languages = append([]*words{&english}, &half)
	defer func() { languages = old }()
	c := shop(t, "")
	c.Language = "half"
	page := trial.Sure(c.HTML())
	if !strings.Contains(page, "not translated yet") || !strings.Contains(page, "PlanTitle") || !strings.Contains(page, "What to do with each segment") {
		t.Error("the page does not say that words are lacking")
	}
}

func TestNumbersAsReadersWriteThem(t *testing.T) {
	r := trial.Sure(speaking("", ""))
	r.currency = "EUR"
	for want, got := range map[string]string{"82,200": r.round(82153), "0.12": r.round(.1234), "1,230": r.round(1234), "€1,235": r.money(1234.6), "23%": r.percent(.2251, 0),
		"30 September 2025": r.date(time.Date(2025, 9, 30, 0, 0, 0, 0, time.UTC)), "–": r.money(value.Range{}.Mean / value.Range{}.Mean), "−€5": r.money(-5), "a, b and c": r.list([]string{"a", "b", "c"})} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// What may be told of segments has fewer columns than the profile: each figure is that of its own column, and those of a column that names customers are left out.
func TestFiguresAreTakenByTheNamesOfColumns(t *testing.T) {
	c := shop(t, "")
	whole := c.Customers.Raw()
	columns, data := []table.Column{{Name: "phone"}}, []float64(nil)
	for i := range c.Customers.Len() {
		data = append(append(data, 4930000000+float64(i)), whole.Row(i)...)
	}
	rows := c.Customers.WithData(append(columns, c.Customers.Columns()...), data)
	shared := trial.Sure(privacy.Share(rows, c.Segments, privacy.Rules{}))
	if shared.Profile.Index("phone") >= 0 {
		t.Fatal("phone numbers may be told")
	}
	plain := trial.Sure(privacy.Share(c.Customers, c.Segments, privacy.Rules{}))
	tables := func(customers *table.Table, s *privacy.Shared) (profile Table, page string) {
		d := c
		d.Customers, d.Profile, d.Shared, d.Model, d.Rules = customers, trial.Sure(describe.Segments(customers, c.Segments)), s, nil, nil
		all := trial.Sure(d.Tables())
		return all[slices.IndexFunc(all, func(t Table) bool { return t.Name == "profile" })], trial.Sure(d.HTML())
	}
	got, page := tables(rows, shared)
	want, bare := tables(c.Customers, plain)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got.Rows, want.Rows)
	}
	cards := func(page string) string {
		return regexp.MustCompile(`(?s)<section id="cards">.*?</section>`).FindString(page)
	}
	if cards(page) == "" || cards(page) != cards(bare) {
		t.Error("a column that may not be told changes the cards")
	}
}

// A rule that misses most of a segment, or takes mostly others, is not printed without a warning, and the verdict names its segment; one that does well is.
func TestARuleThatMissesMostIsWarnedOf(t *testing.T) {
	for _, language := range []string{"en", "de"} {
		w := trial.Sure(speaking("", language))
		for _, each := range []struct {
			precision, recall float64
			want              string
		}{{.9, .9, ""}, {.5, .5, ""}, {.9, .3, w.RuleMisses}, {.3, .9, w.RuleErrs}, {.3, .3, w.RuleMissesErrs}} {
			c := shop(t, "")
			c.Language = language
			rules := *c.Rules
			rules.Evidence = slices.Clone(rules.Evidence)
			first := rules.Evidence[0].Segment
			for i := range rules.Evidence {
				e := &rules.Evidence[i]
				e.Precision, e.Recall = .9, .9
				if e.Segment == first {
					e.Precision, e.Recall = each.precision, each.recall
				}
			}
			c.Rules = &rules
			personas, page := trial.Sure(c.Personas()), trial.Sure(c.HTML())
			for _, warning := range []string{w.RuleMisses, w.RuleErrs, w.RuleMissesErrs} {
				for _, text := range []string{personas, page} {
					if n := strings.Count(text, "<strong>"+warning+"</strong>"); n != map[bool]int{true: 1}[warning == each.want] {
						t.Errorf("%s, precision %v, recall %v: %q stands there %d times", language, each.precision, each.recall, warning, n)
					}
				}
			}
			if strings.Contains(page, fmt.Sprintf(w.RulesMiss, w.quoted(first))) != (each.want != "") {
				t.Errorf("%s, precision %v, recall %v: the verdict does not name those that are missed, or others", language, each.precision, each.recall)
			}
		}
	}
}

// Where there are no natural segments, the picture does not say that the data ask for so many.
func TestWithoutGroupsNoNumberIsFavoured(t *testing.T) {
	c := shop(t, "")
	for _, structure := range []bool{true, false} {
		sweep := *c.Sweep
		control := *sweep.Control
		control.Structure = structure
		sweep.Control = &control
		c.Sweep, c.Verdict = &sweep, nil
		page := trial.Sure(c.HTML())
		none := strings.Contains(page, "there are no natural segments here")
		if none == structure || none != strings.Contains(page, "No number of segments stands out") || none && strings.Contains(page, "The evidence favours") {
			t.Errorf("structure %v: the page contradicts itself", structure)
		}
	}
}

// What is to be known before acting agrees with the verdict, also where there are groups and not in this number.
func TestGroupsOfAnotherNumber(t *testing.T) {
	c := shop(t, "")
	for _, w := range languages {
		c.Language = w.Language
		for _, is := range []struct {
			natural bool
			grade   judge.Grade
			says    string
		}{{true, judge.Pass, w.MindNatural}, {true, judge.Weak, w.MindOtherNumber}, {false, judge.Weak, w.MindLines}, {false, judge.NotJudged, w.MindUntried}} {
			v := *c.Verdict
			v.Natural, v.Solution = is.natural, slices.Clone(v.Solution)
			v.Solution[slices.IndexFunc(v.Solution, func(c judge.Check) bool { return c.Demand == "natural" })].Grade = is.grade
			other := c
			other.Verdict = &v
			page := trial.Sure(other.HTML())
			for _, text := range []string{w.MindNatural, w.MindOtherNumber, w.MindLines, w.MindUntried} {
				if got := strings.Contains(page, text); got != (text == is.says) {
					t.Errorf("%s, natural %v, %v: %q is told: %v", w.Language, is.natural, is.grade, text, got)
				}
			}
		}
	}
}

// A close call is told as one, whichever way it went, and which segments stand apart is said where some do and some do not.
func TestCloseCallsAndSegmentsApart(t *testing.T) {
	c := shop(t, "")
	homogeneous := func(c judge.Check) bool { return c.Demand == "homogeneous" }
	for _, w := range languages {
		c.Language = w.Language
		for i := range 16 {
			v := *c.Verdict
			lines, unsure, apart := i&1 > 0, i&2 > 0, i>>2 // apart of three segments
			v.Natural, v.Unsure, v.Solution, v.Segments = !lines, unsure, slices.Clone(v.Solution), slices.Clone(v.Segments)
			at := slices.IndexFunc(v.Solution, func(c judge.Check) bool { return c.Demand == "natural" })
			v.Solution[at].Grade = judge.Pass
			if lines {
				v.Solution[at].Grade = judge.Weak
			}
			for l := range v.Segments {
				v.Segments[l] = slices.Clone(v.Segments[l])
				v.Segments[l][slices.IndexFunc(v.Segments[l], homogeneous)].Grade = judge.Weak
				if l < apart {
					v.Segments[l][slices.IndexFunc(v.Segments[l], homogeneous)].Grade = judge.Pass
				}
			}
			other := c
			other.Verdict = &v
			p := trial.Sure(newPage("test", other))
			some := apart > 0 && apart < 3
			want := map[string]bool{w.MindLines: lines && !some, w.MindLinesApart: lines && some, w.MindNatural: !lines, w.MindUnsure: unsure}
			if some {
				want[fmt.Sprintf(w.MindApart, p.list(quotedBy(p, v.Names[:apart])), p.list(quotedBy(p, v.Names[apart:])))] = true
			}
			said := p.natural()
			for text, is := range want {
				if strings.Contains(said, text) != is {
					t.Errorf("%s, lines %v, unsure %v, %d apart: %q is told: %v, in %q", w.Language, lines, unsure, apart, text, !is, said)
				}
			}
			page := string(p.answer())
			if strings.Contains(page, w.PlanTitleUnsure) != unsure || strings.Contains(page, w.PlanTitleLines) != (lines && !unsure) {
				t.Errorf("%s, lines %v, unsure %v: the title says otherwise", w.Language, lines, unsure)
			}
		}
	}
}

func quotedBy(p *page, names []string) (out []string) {
	for _, name := range names {
		out = append(out, p.quoted(name))
	}
	return out
}

// Nobody has half an order, and nobody is thanked twice in a row.
func TestPlainWords(t *testing.T) {
	c := shop(t, "")
	p := trial.Sure(newPage("", c))
	for l := range c.Profile.Segments {
		if text := p.typicalOne(l); !regexp.MustCompile(`, \d+ orders?\b`).MatchString(text) || !strings.Contains(text, "no real person") {
			t.Errorf("%q: orders are not whole", text)
		}
	}
	for _, play := range campaign.PlayBook() {
		want := markup("<strong>" + play.Name + ".</strong> " + play.Do)
		if play.Name == "Thank" {
			want = "<strong>Thank</strong> them, with a present or early access; no discount unless a test shows that it adds orders."
		}
		if got := p.toDo(play, "."); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// What tells of a segment is first what formed it, in the order in which it stands out; where nothing stands out, whatever formed the segments; never the outcome or a category.
func TestWhatTellsOfASegment(t *testing.T) {
	p := trial.Sure(newPage("test", shop(t, "")))
	profile := *p.c.Profile
	p.c.Profile = &profile
	profile.FormedBy, profile.Segments = []string{"recency", "orders"}, slices.Clone(profile.Segments)
	mark := func(names ...string) {
		profile.Segments[0].Markers = nil
		for _, name := range names {
			profile.Segments[0].Markers = append(profile.Segments[0].Markers, describe.Marker{Column: name})
		}
	}
	for _, c := range []struct{ markers, want []string }{
		{[]string{"spend", "orders", "city", "basket", "recency"}, []string{"orders", "recency", "spend", "basket"}},
		{[]string{"city", "spend"}, []string{"spend"}},
		{[]string{"city"}, []string{"recency", "orders"}},
		{nil, []string{"recency", "orders"}},
	} {
		mark(c.markers...)
		var got []string
		for _, j := range p.telling(0) {
			got = append(got, profile.Columns[j].Name)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q stand out: %q tell, want %q", c.markers, got, c.want)
		}
	}
}

// Page 1 of the movement says how many of those who were there are elsewhere now, how many chance alone would have moved, and who is new.
func TestMovementCountsItsMoves(t *testing.T) {
	day := time.Date(2024, 3, 31, 0, 0, 0, 0, time.UTC)
	m := &track.Migration{From: day, To: day.AddDate(0, 3, 0), States: []string{"Loyal", "Lapsing", "in no segment", "not a customer"}, Segments: 2,
		Customers: [][]int{{40, 7, 2, 1}, {5, 30, 0, 4}, {3, 0, 0, 0}, {11, 6, 1, 0}}, Spend: numbers(4, 10), Before: numbers(4, 8), Still: numbers(4, 2)}
	for _, w := range languages {
		c := shop(t, "")
		c.Language, c.Movement = w.Language, m
		p := trial.Sure(newPage("test", c))
		text := string(p.movement())
		for _, want := range []string{
			fmt.Sprintf(w.MovementLead, p.date(day), p.count(7+2+1+5+4), p.people(40+7+2+1+5+30+4), p.percent(19./89, 0), p.people(11+6)),
			fmt.Sprintf(w.MovementStill, p.round(12)), // six ways out of the two segments, two customers each
		} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is not in %s", w.Language, want, text)
			}
		}
		var moves []string
		for _, row := range p.moveTable().Rows {
			moves = append(moves, fmt.Sprintf("%v to %v: %v", row[0], row[1], row[2]))
		}
		if want := fmt.Sprintf("[%[1]s to Loyal: 11 Loyal to Lapsing: 7 %[1]s to Lapsing: 6 Lapsing to Loyal: 5 Lapsing to %[1]s: 4 %[2]s to Loyal: 3 Loyal to %[2]s: 2 Loyal to %[1]s: 1 %[1]s to %[2]s: 1]", w.StateAbsent, w.StateNone); fmt.Sprint(moves) != want {
			t.Errorf("%s: moves %s, want %s", w.Language, moves, want)
		}
		if strings.Contains(text, w.MovementCalm) {
			t.Errorf("%s: 19 moves where chance makes 12 are no calm", w.Language)
		}
	}
}

// numbers are n x n of v.
func numbers(n int, v float64) [][]float64 {
	return slices.Repeat([][]float64{slices.Repeat([]float64{v}, n)}, n)
}

// Of each report the forecast over the longest time counts, once that is over.
func TestForecastsThatAreOver(t *testing.T) {
	c := shop(t, "")
	made := func(asOf string, days int, came float64) Forecast {
		return Forecast{AsOf: asOf, Days: days, All: SegmentForecast{Came: came}}
	}
	c.Forecasts = []Forecast{made("2024-01-31", 30, 1), made("2024-01-31", 90, 2), made("2024-01-31", 60, 3), made("2024-02-29", 90, 4), made("2024-02-29", 180, math.NaN()), made("2024-03-31", 90, math.NaN())}
	p := trial.Sure(newPage("test", c))
	var came []float64
	for _, f := range p.over() {
		came = append(came, f.All.Came)
	}
	if !slices.Equal(came, []float64{2, 4}) || p.reports() != 3 {
		t.Errorf("%v are over, of %d reports; want [2 4] of 3", came, p.reports())
	}
}

// A segment of which the same forecast would have said more than twice what came, or less than half, is named with both figures.
func TestForecastsFarOffAreNamed(t *testing.T) {
	c := shop(t, "")
	for _, w := range languages {
		c.Language = w.Language
		for came, far := range map[float64]bool{100: false, 51: false, 50: false, 49: true, 7: true, 199: false, 200: false, 201: true} {
			proof := *c.Proof
			proof.Money, proof.Proved = true, true
			proof.Segments = []value.SegmentWorth{{Segment: "calm", Value: value.Range{Mean: 100, Low: 90, High: 110}, SeenValue: 100}, {Segment: "wild", Value: value.Range{Mean: 100, Low: 99, High: 101}, SeenValue: came}}
			c.Proof = &proof
			p := trial.Sure(newPage("test", c))
			want := []string(nil)
			if far {
				want = []string{fmt.Sprintf(w.MindProofFar, p.quoted("wild"), p.about(100), p.about(came))}
			}
			off := fmt.Sprintf(w.MindTooHigh, p.percent(200/(100+came)-1, 0))
			if came > 100 {
				off = fmt.Sprintf(w.MindTooLow, p.percent(1-200/(100+came), 0))
			}
			if said := p.proof(); !strings.Contains(said, off) && came != 100 {
				t.Errorf("%s, %v came: %q is not in %q", w.Language, came, off, said)
			}
			if got := p.farOff(); !slices.Equal(got, want) {
				t.Errorf("%s, %v came: %q, want %q", w.Language, came, got, want)
			}
			p.c.Ahead = nil // a report that looks ahead to nothing speaks of no forecast
			if got := p.farOff(); len(got) > 0 {
				t.Errorf("%s: without a forecast it says %q", w.Language, got)
			}
		}
	}
}

// The figure of a segment whose forecast was far off when it was tested is neither in the plan nor in its total, its picture or its table, and the total says whose is missing.
func TestAFigureNotToPlanWithIsNotPlannedWith(t *testing.T) {
	c := shop(t, "")
	c.Forecasts = nil
	ahead, proof := *c.Ahead, *c.Proof
	ahead.Segments, proof.Segments = slices.Clone(ahead.Segments), slices.Clone(proof.Segments)
	for l, v := range []float64{71100, 3000, 1000} {
		ahead.Segments[l].Value = value.Range{Mean: v, Low: v - 100, High: v + 100}
	}
	proof.Segments[0].SeenValue = 1 // of 9120
	c.Ahead, c.Proof = &ahead, &proof
	off := ahead.Segments[0].Segment
	for _, w := range languages {
		c.Language = w.Language
		p := trial.Sure(newPage("test", c))
		if got, want := string(p.aheadAll()), p.about(4000); !strings.Contains(got, want) || !strings.Contains(got, string(put("%s", fmt.Sprintf(p.ExpectedWithout, p.quoted(off))))) {
			t.Errorf("%s: all: %s, want %s", w.Language, got, want)
		}
		page := string(p.answer())
		if strings.Contains(page, p.about(71100)) || !strings.Contains(page, w.ExpectedOff) || !strings.Contains(page, fmt.Sprintf(p.BarAhead, p.percent(.75, 0))) {
			t.Errorf("%s: the page plans with the figure, or does not say why it does not", w.Language)
		}
		for l := range proof.Segments {
			proof.Segments[l].SeenValue = 1
		}
		if got := trial.Sure(newPage("test", c)).aheadAll(); got != missing {
			t.Errorf("%s: nothing can be planned with, and the total is %s", w.Language, got)
		}
		for l := range proof.Segments[1:] {
			proof.Segments[l+1].SeenValue = 9120
		}
	}
}

// A forecast that came true is not "0% too high", and one of which nothing came has no share to be off by.
func TestAForecastThatCameTrueIsAboutRight(t *testing.T) {
	c := shop(t, "")
	for _, w := range languages {
		c.Language = w.Language
		one := (&reader{words: *w}).percent(.01, 0)
		for came, want := range map[float64]string{100: w.MindClose, 100.4: w.MindClose, 99.6: w.MindClose, 0: w.MindFarTooHigh, 99: fmt.Sprintf(w.MindTooHigh, one), 101: fmt.Sprintf(w.MindTooLow, one)} {
			proof := *c.Proof
			proof.Segments = []value.SegmentWorth{{Segment: "calm", Value: value.Range{Mean: 100, Low: 90, High: 110}, SeenValue: came}}
			c.Proof = &proof
			if said := trial.Sure(newPage("test", c)).proof(); !strings.Contains(said, want) {
				t.Errorf("%s, %v came: %q is not in %q", w.Language, came, want, said)
			}
		}
	}
}
