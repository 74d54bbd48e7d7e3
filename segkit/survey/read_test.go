package survey_test

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/datasets"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/survey"
	"github.com/segkit/lab/segkit/table"
)

// parse reads lines of CSV.
func parse(o survey.Options, lines ...string) (*survey.Answers, error) {
	return survey.Parse(strings.NewReader(strings.Join(lines, "\n")+"\n"), "answers.csv", o)
}

// sheet is one question q with an id in front; the answers come one per respondent.
func sheet(answers ...string) []string {
	lines := []string{"respondent_id;q"}
	for i, answer := range answers {
		lines = append(lines, fmt.Sprintf("r%d;%s", i+1, answer))
	}
	return lines
}

func TestKindsAreRecognised(t *testing.T) {
	for _, c := range []struct {
		answers []string
		kind    survey.Kind
		levels  []string
		values  []float64
	}{
		{[]string{"1", "2", "5", "4", "3"}, survey.Scale, []string{"1", "2", "3", "4", "5"}, []float64{1, 2, 3, 4, 5}},
		{[]string{"2", "5", "4"}, survey.Scale, []string{"1", "2", "3", "4", "5"}, []float64{1, 2, 3, 4, 5}},
		{[]string{"0", "10", "7", "N/A"}, survey.Scale, []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"}, []float64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}},
		{[]string{"I hate it!-2", "-1", "0", "1", "I love it!+2"}, survey.Scale, []string{"-2", "-1", "0", "1", "2"}, []float64{-2, -1, 0, 1, 2}},
		{[]string{"dreadful-1", "2", "3", "wonderful-4"}, survey.Scale, []string{"1", "2", "3", "4"}, []float64{1, 2, 3, 4}}, // here the same dash is no minus
		{[]string{"0 - not at all likely", "1", "3 - extremely likely", "2"}, survey.Scale, []string{"0", "1", "2", "3"}, []float64{0, 1, 2, 3}},
		{[]string{"Agree", "Strongly Disagree", "agree", "Neutral"}, survey.Scale, []string{"Strongly Disagree", "Neutral", "Agree"}, []float64{1, 2, 3}},
		{[]string{"stimme zu", "stimme überhaupt nicht zu", "weiß nicht"}, survey.Scale, []string{"stimme überhaupt nicht zu", "stimme zu"}, []float64{1, 2}},
		{[]string{"Once a week", "Never", "Every three months", "Once a year"}, survey.Scale, []string{"Never", "Once a year", "Every three months", "Once a week"}, []float64{1, 2, 3, 4}},
		{[]string{"Yes", "No", "yes"}, survey.YesNo, []string{"No", "Yes"}, []float64{0, 1}},
		{[]string{"Oui", "non", "sans opinion"}, survey.YesNo, []string{"non", "Oui"}, []float64{0, 1}},
		{[]string{"tak", "nie"}, survey.YesNo, []string{"nie", "tak"}, []float64{0, 1}},
		{[]string{"0", "1"}, survey.YesNo, []string{"0", "1"}, []float64{0, 1}},
		{[]string{"34", "61", "18"}, survey.Number, nil, nil},
		{[]string{"12.5", "3", "0.25"}, survey.Number, nil, nil},
		{[]string{"blue", "red", "blue"}, survey.Choice, []string{"blue", "red"}, nil},
		{[]string{"1. Laptop", "2. Phone", "3. Tablet"}, survey.Choice, []string{"1. Laptop", "2. Phone", "3. Tablet"}, nil}, // numbered, not ordered
		{[]string{"07", "12", "3", "9", "40"}, survey.Number, nil, nil},                                                      // as in any table
		{[]string{"01067", "01069", "80331"}, survey.Choice, []string{"01067", "01069", "80331"}, nil},                       // postcodes
		{[]string{"X", "Y", "X"}, survey.Choice, []string{"X", "Y"}, nil},
		{[]string{"1", "2", "1"}, survey.Choice, []string{"1", "2"}, nil},
	} {
		a, err := parse(survey.Options{}, sheet(c.answers...)...)
		if err != nil {
			t.Errorf("%q: %v", c.answers, err)
			continue
		}
		q := trial.Sure(a.Question("q"))
		if q.Kind != c.kind || !slices.Equal(q.Levels, c.levels) || !slices.Equal(q.Values, c.values) {
			t.Errorf("%q: %v with %q at %v, want %v with %q at %v", c.answers, q.Kind, q.Levels, q.Values, c.kind, c.levels, c.values)
		}
	}
}

// A cell that fits nowhere is refused in a sentence with its column, its row, its id and its remedy.
func TestWhatDoesNotFitIsRefused(t *testing.T) {
	battery := []string{"id,a,b,c"}
	for i := range 40 {
		battery = append(battery, fmt.Sprintf("%d,%d,%d,%d", i+1, i%5+1, (i+1)%5+1, (i+2)%5+1))
	}
	beyond := slices.Clone(battery)
	beyond[7] = "7,1,6,1"
	coded := slices.Clone(battery)
	for i := range coded[1:] {
		coded[i+1] = fmt.Sprintf("%d,%d,99,1", i+1, i%5+1)
	}
	coded[3], coded[4], coded[5] = "3,1,1,3", "4,2,4,2", "5,3,3,4"
	agree := []string{"Strongly disagree", "Disagree", "Agree", "Strongly agree"}
	for _, c := range []struct {
		o     survey.Options
		lines []string
		says  []string
	}{
		{survey.Options{}, sheet("agree", "disagree", "strongly agree", "Stronly agree"), []string{`column "q", row 4 (id r4): "Stronly agree" is not a known step`, "Options.Means"}},
		{survey.Options{}, sheet("yes", "no", "ja", "nein"), []string{`column "q", row 2 (id r2): "no" is English, and "ja" beside it is German: yes and no in several languages`, "Options.Means"}},
		{survey.Options{}, beyond, []string{`column "b", row 7 (id 7): "6" lies outside the scale from 1 to 5`, "39 answers"}},
		{survey.Options{}, coded, []string{`column "b", row 1 (id 1): "99" may be a code for no answer`, "37 such cells", "Options.DontKnow"}},
		{survey.Options{Scales: map[string][]string{"q": {"1", "2", "3"}}}, sheet("1", "3", "4"), []string{`row 3 (id r3): "4" is not one of the levels of its scale`}},
		{survey.Options{Scales: map[string][]string{"q": {"Strongly agree", "Agree", "Disagree"}}}, sheet("Agree", "Disagree"), []string{"upside down", "Options.Reversed"}},
		{survey.Options{Scales: map[string][]string{"q": {"5", "4", "3", "2", "1"}}}, sheet("1", "2"), []string{"upside down"}},
		{survey.Options{}, sheet("1 strongly agree", "2", "3", "4", "5 strongly disagree"), []string{`is 1 for "strongly agree" and 5 for "strongly disagree", so the scale seems to be upside down`}},
		{survey.Options{}, sheet("I hate it!-2", "-1", "0", "2", "I love it!+2"), []string{`"I love it!+2" is among plain numbers`, "Options.Means"}},
		{survey.Options{}, sheet("12", "14", "19", "22", "about thirty"), []string{`"about thirty" is not a number, as 4 answers in the column are`}},
		{survey.Options{Kinds: map[string]survey.Kind{"q": survey.YesNo}}, sheet("often", "never"), []string{"Options.Means"}},
		{survey.Options{Scales: map[string][]string{"Q": agree}}, sheet("Agree"), []string{`did you mean "q"`}},
		{survey.Options{Reversed: []string{"q"}}, sheet("red", "blue"), []string{"Reversed"}},
	} {
		_, err := parse(c.o, c.lines...)
		if err == nil {
			t.Errorf("%q was read", c.lines[:2])
			continue
		}
		for _, say := range c.says {
			if !strings.Contains(err.Error(), say) {
				t.Errorf("says %q, want %q in it", err, say)
			}
		}
	}
	if _, err := parse(survey.Options{}, sheet("yes", "ja")...); !errors.Is(err, fault.ErrSchema) {
		t.Errorf("two languages: %v", err)
	}
}

// The remedies that messages name work.
func TestRemediesWork(t *testing.T) {
	a := trial.Sure(parse(survey.Options{Means: map[string]string{"ja": "yes", "nein": "no"}}, sheet("yes", "no", "ja", "nein")...))
	if q := trial.Sure(a.Question("q")); q.Kind != survey.YesNo || !slices.Equal(trial.Sure(a.Scores("q")).Raw().Data, []float64{1, 0, 1, 0}) {
		t.Errorf("with Means: %+v", q)
	}
	down := []string{"5 strongly disagree", "4", "3", "2", "1 strongly agree"}
	a = trial.Sure(parse(survey.Options{Scales: map[string][]string{"q": down}}, sheet("1 strongly agree", "5 strongly disagree", "4")...))
	if got := trial.Sure(a.Scores("q")).Raw().Data; !slices.Equal(got, []float64{5, 1, 2}) {
		t.Errorf("a scale listed from low to high scores %v", got)
	}
	lines := []string{"id,q,stars"}
	for i, answer := range []string{"agree", "disagree", "strongly agree", "6", "agree"} {
		lines = append(lines, fmt.Sprintf("r%d,%s,%d", i+1, answer, 2+i))
	}
	_, err := parse(survey.Options{}, lines...)
	if err == nil || !strings.Contains(err.Error(), `row 4 (id r4): "6" is not a known step`) || !strings.Contains(err.Error(), `Options.Missing: {"q": {"6"}}`) {
		t.Errorf("6 among words: %v", err)
	}
	for _, test := range []struct {
		o     survey.Options
		stars string
	}{
		{survey.Options{Missing: map[string][]string{"q": {"6"}}}, "[2 3 4 5 6]"},
		{survey.Options{Means: map[string]string{"6": ""}}, "[2 3 4 5 NaN]"}, // in every question
	} {
		a = trial.Sure(parse(test.o, lines...))
		if got := trial.Sure(a.Scores("q")).Raw().Data; fmt.Sprint(got) != "[2 1 3 NaN 2]" {
			t.Errorf("6 as no answer: %v", got)
		}
		if got := trial.Sure(a.Scores("stars")).Raw().Data; fmt.Sprint(got) != test.stars {
			t.Errorf("stars: %v, want %v", got, test.stars)
		}
	}
	if _, err := parse(survey.Options{Missing: map[string][]string{"Q": {"6"}}}, lines...); err == nil || !strings.Contains(err.Error(), `did you mean "q"`) {
		t.Errorf("a question that is not there: %v", err)
	}
	a = trial.Sure(parse(survey.Options{DontKnow: []string{"99"}}, sheet("1", "4", "99", "2")...))
	if got := trial.Sure(a.DontKnows()); !slices.Equal(got.Names(), []string{"q: don't know"}) || !slices.Equal(got.Raw().Data, []float64{0, 0, 1, 0}) {
		t.Errorf("99 as don't know: %v", got.Raw().Data)
	}
	a = trial.Sure(parse(survey.Options{Kinds: map[string]survey.Kind{"q": survey.Number}}, sheet("1", "4", "99", "2")...))
	if got := trial.Sure(a.Table()).Raw().Data; !slices.Equal(got, []float64{1, 4, 99, 2}) {
		t.Errorf("99 as a number: %v", got)
	}
}

// An answer that is empty, one of don't know, and a step are three things.
func TestDontKnowIsNeitherMissingNorAStep(t *testing.T) {
	a := trial.Sure(parse(survey.Options{Reversed: []string{"q"}}, sheet("Agree", "", "don’t know", "Disagree", "N/A")...))
	q := trial.Sure(a.Question("q"))
	if !slices.Equal(q.DontKnow, []string{"N/A", "don’t know"}) {
		t.Errorf("don't knows are %q", q.DontKnow)
	}
	if got := trial.Sure(a.DontKnows()).Raw().Data; fmt.Sprint(got) != "[0 NaN 1 0 1]" {
		t.Errorf("don't knows: %v", got)
	}
	if got := trial.Sure(a.Table()).Raw(); fmt.Sprint(got.Data) != "[1 NaN NaN 0 NaN]" || !got.Columns[0].Ordered {
		t.Errorf("table: %v", got.Data)
	}
	if got := trial.Sure(a.Scores()).Raw().Data; fmt.Sprint(got) != "[1 NaN NaN 2 NaN]" { // agree is 2 of 1 to 2, turned round
		t.Errorf("reversed scores: %v", got)
	}
}

// The shop's sheets and the public ones read without a word, and what stands in the cells comes out.
func TestPublishedSheets(t *testing.T) {
	shop := trial.Sure(datasets.Survey("shop"))
	a := trial.Sure(survey.FromTable(shop, survey.Options{}))
	scores := trial.Sure(a.Scores())
	for j, name := range shop.Names() {
		for i, want := range trial.Sure(shop.Values(name)) {
			if got := scores.At(i, j); got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
				t.Fatalf("%s, row %d: %v, want %v", name, i+1, got, want)
			}
		}
	}
	path, err := datasets.Find("mcdonalds")
	if err != nil {
		t.Skip("the second half reads this public set: ", err)
	}
	a = trial.Sure(survey.Read(path, survey.Options{}))
	kinds := map[survey.Kind]int{}
	for _, q := range a.Questions() {
		kinds[q.Kind]++
	}
	if want := (map[survey.Kind]int{survey.YesNo: 11, survey.Scale: 2, survey.Number: 1, survey.Choice: 1}); fmt.Sprint(kinds) != fmt.Sprint(want) {
		t.Errorf("kinds %v, want %v", kinds, want)
	}
	like := trial.Sure(a.Question("Like"))
	if like.Levels[0] != "-5" || like.Labels[0] != "I hate it!" || like.Labels[10] != "I love it!" || like.Values[10] != 5 {
		t.Errorf("Like: %+v", like)
	}
	sum := 0.0
	for _, v := range trial.Sure(trial.Sure(a.Scores("Like")).Values("Like")) {
		sum += v
	}
	if sum != 1129 { // awk: 5·(143-152) + 4(160-71) + 3(229-73) + 2(187-59) + 152-58
		t.Errorf("the sum of Like is %v", sum)
	}
}

func TestOpenQuestionsStayOut(t *testing.T) {
	lines := []string{"id,city"}
	for i := range 10000 {
		lines = append(lines, fmt.Sprintf("%d,place %dx", i, i))
	}
	a := trial.Sure(parse(survey.Options{}, append(lines, "x,place 1x")...))
	if q := trial.Sure(a.Question("city")); q.Kind != survey.Open || q.Why != "10,000 different answers" {
		t.Errorf("a column of 10,000 texts is %+v", q)
	}
	if _, err := a.Table("city"); err == nil || !strings.Contains(err.Error(), `"open" (10,000 different answers)`) {
		t.Errorf("it goes into a table: %v", err)
	}
}

// A customer's number names the respondents where each has one of their own; a question of that name does not.
func TestCustomersNumbersAreIds(t *testing.T) {
	for text, want := range map[string][]string{
		"Cód. cliente;P1\n007723;2\n004863;1\n":             {"007723", "004863"},
		"Respondent ID;Cód. cliente;P1\n1;007;3\n2;004;5\n": {"1", "2"},
		"Cliente;P1\nsí;2\nno;1\nsí;3\n":                    {"1", "2", "3"},
		"Kundennummer;P1\n17;2\n;1\n":                       {"1", "2"},
		"Email;P1\na@example.org;2\nb@example.org;1\n":      {"1", "2"},
		"Donor ID,Clean\n007618,2\n004863,1\n":              {"007618", "004863"},
		"Kundennummer;Zufrieden\n0017;2\n0018;1\n0019;5\n":  {"0017", "0018", "0019"},
	} {
		if got := trial.Sure(survey.Parse(strings.NewReader(text), "answers.csv", survey.Options{})).IDs(); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// Customers of whom one answered twice do not name the sheets by themselves, and a note says what would; a question of that name says nothing.
func TestCustomersWhoAnsweredTwiceAreTold(t *testing.T) {
	const twice = "member_no,clean,open\nF-1,4,2\nF-2,5,1\nF-3,2,2\nF-1,4,2\n"
	a := trial.Sure(survey.Parse(strings.NewReader(twice), "answers.csv", survey.Options{}))
	if notes := strings.Join(a.Notes(), " "); !strings.Contains(notes, `"member_no" does not name each of them once: 3 ids of 4 sheets`) || !strings.Contains(notes, "set survey.Options.ID") {
		t.Errorf("notes %q", notes)
	}
	named := trial.Sure(survey.Parse(strings.NewReader(twice), "answers.csv", survey.Options{ID: "member_no"}))
	if c := trial.Sure(named.Clean(survey.Repeated)); c.Len() != 3 || len(named.Notes()) > 0 {
		t.Errorf("%d sheets, notes %q", c.Len(), named.Notes())
	}
	if notes := trial.Sure(survey.Parse(strings.NewReader("Cliente;P1\nsí;2\nno;1\nsí;3\nno;3\n"), "answers.csv", survey.Options{})).Notes(); len(notes) > 0 {
		t.Errorf("notes %q of a question", notes)
	}
}

// Numbers of taxpayers, known by their check digits, say who answered and are no answers, whatever their header, with marks or without; segkit inspect takes the same column for the id.
// Numbers that only look so are answers.
func TestNumbersOfTaxpayersAreNoAnswers(t *testing.T) {
	marked := []string{"111.444.777-35", "529.982.247-25", "123.456.789-09", "390.533.447-05", "987.654.321-00"}
	plain := make([]string, len(marked))
	for i, id := range marked {
		plain[i] = strings.NewReplacer(".", "", "-", "").Replace(id)
	}
	sheets := func(ids []string, header string) string {
		text := "Satisfação;" + header + ";Comentário\n"
		for i, id := range ids {
			text += fmt.Sprintf("%d;%s;texto %d\n", i%3+1, id, i%2)
		}
		return text
	}
	valid, wrong := marked, []string{"111.444.777-36", "529.982.247-26", "123.456.789-00", "390.533.447-06", "987.654.321-01"}
	for name, c := range map[string]struct {
		ids     []string
		header  string
		named   bool        // the sheets are named by them
		kind    survey.Kind // else
		noted   string
		inspect string // the id of the table
	}{
		"by its name":             {valid, "CPF", true, 0, "", "CPF"},
		"by its cells":            {valid, "Documento", true, 0, `"Documento" names the respondents: its cells are numbers of taxpayers, cards or bank accounts, a different one on each sheet.`, "Documento"},
		"without marks":           {plain, "Documento", true, 0, `"Documento" names the respondents`, "Documento"},
		"somebody twice":          {append(slices.Clone(valid), valid[0]), "Documento", false, survey.Administrative, `"Documento" does not name each of them once: 5 ids of 6 sheets`, ""},
		"twice, without marks":    {append(slices.Clone(plain), plain[0]), "Documento", false, survey.Administrative, `"Documento" does not name each of them once`, ""},
		"with wrong check digits": {wrong, "Documento", false, survey.Choice, "", "Documento"},
	} {
		text := sheets(c.ids, c.header)
		a := trial.Sure(survey.Parse(strings.NewReader(text), "answers.csv", survey.Options{}))
		if got := slices.Equal(a.IDs(), c.ids); got != c.named {
			t.Errorf("%s: the sheets are %q", name, a.IDs())
		}
		if q, err := a.Question(c.header); (err != nil) != c.named || err == nil && q.Kind != c.kind {
			t.Errorf("%s: %v, %v", name, q, err)
		}
		if notes := strings.Join(a.Notes(), " "); !strings.Contains(notes, c.noted) || c.noted == "" && notes != "" {
			t.Errorf("%s: %q, want %q", name, notes, c.noted)
		}
		path := filepath.Join(t.TempDir(), "answers.csv")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if r, err := features.Inspect(path); err != nil || r.Key != c.inspect {
			t.Errorf("%s: inspected, the id is %q, %v", name, r.Key, err)
		}
	}
}

func TestTablesAreTakenAsTheyAre(t *testing.T) {
	o := table.CSVOptions{Levels: map[string][]string{"visits": {"never", "monthly", "weekly"}}}
	raw := trial.Sure(table.ParseCSV(strings.NewReader("id,visits\na,weekly\nb,never\n"), "t.csv", "id", o))
	q := trial.Sure(trial.Sure(survey.FromTable(raw, survey.Options{})).Question("visits"))
	if q.Kind != survey.Scale || !slices.Equal(q.Levels, []string{"never", "monthly", "weekly"}) {
		t.Errorf("%+v", q)
	}
}

// The day on which a sheet came is no answer to a question, whatever its column is called.
func TestDatesAreNoAnswers(t *testing.T) {
	lines := []string{"respondent_id,day,wish,q"}
	for i := range 40 {
		lines = append(lines, fmt.Sprintf("r%d,2025-06-%02d,%s,%d", i, 1+i%9, []string{"tea", "coffee", "2025-06-01"}[i%3], 1+i%5))
	}
	a := trial.Sure(parse(survey.Options{}, lines...))
	for name, want := range map[string]survey.Kind{"day": survey.Administrative, "wish": survey.Choice, "q": survey.Scale} {
		if q := trial.Sure(a.Question(name)); q.Kind != want {
			t.Errorf("%s: %v (%s), want %v", name, q.Kind, q.Why, want)
		}
	}
	if names := trial.Sure(a.Table()).Names(); !slices.Equal(names, []string{"wish", "q"}) {
		t.Errorf("the table has %q", names)
	}
	given := trial.Sure(parse(survey.Options{Kinds: map[string]survey.Kind{"day": survey.Choice}}, lines...))
	if q := trial.Sure(given.Question("day")); q.Kind != survey.Choice || len(q.Levels) != 9 {
		t.Errorf("as given: %+v", q)
	}
}

// A Net Promoter Score runs from 0 to 10, also where nobody is that unhappy.
func TestNetPromoterScoreBeginsAtZero(t *testing.T) {
	for name, c := range map[string]struct {
		answers   []string
		low, high float64
	}{
		"nps":                {[]string{"2", "7", "9", "10"}, 0, 10},
		"Q12_NPS":            {[]string{"2", "7", "9"}, 0, 10},
		"Net Promoter Score": {[]string{"1", "7", "8"}, 0, 10},
		"snps":               {[]string{"2", "7", "9", "10"}, 1, 10}, // another word
		"nps_group":          {[]string{"1", "2", "3"}, 1, 3},        // detractors, passives, promoters
	} {
		lines := []string{"respondent_id," + name}
		for i, answer := range c.answers {
			lines = append(lines, fmt.Sprintf("r%d,%s", i, answer))
		}
		q := trial.Sure(trial.Sure(parse(survey.Options{}, lines...)).Question(name))
		if n := len(q.Values); n == 0 || q.Values[0] != c.low || q.Values[n-1] != c.high {
			t.Errorf("%s: %v, want %v to %v", name, q.Values, c.low, c.high)
		}
		if said := strings.Contains(q.Why, "nobody chose 0"); said != (c.low == 0) {
			t.Errorf("%s: %q", name, q.Why)
		}
	}
}

// A balanced scale in words without one of its steps is numbered as it occurs, and a note says so.
func TestLopsidedScalesAreTold(t *testing.T) {
	for _, c := range []struct {
		answers []string
		says    string
	}{
		{[]string{"Agree", "Strongly disagree", "Neutral"}, `"q" (nobody chose the opposite of "Strongly disagree")`},
		{[]string{"sehr zufrieden", "zufrieden", "unzufrieden"}, `"q" (nobody chose the opposite of "sehr zufrieden")`},
		{[]string{"Agree", "Strongly disagree", "Disagree", "Strongly agree"}, ""},
		{[]string{"Disagree", "Agree", "Neutral"}, ""},
		{[]string{"Never", "Often"}, ""}, // has no opposites
	} {
		a, err := parse(survey.Options{}, sheet(c.answers...)...)
		if err != nil {
			t.Fatal(err)
		}
		if said := strings.Join(a.Notes(), " "); strings.Contains(said, "opposite") != (c.says != "") || !strings.Contains(said, c.says) {
			t.Errorf("%v: %q", c.answers, said)
		}
	}
}
