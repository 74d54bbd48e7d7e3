package survey_test

// Sheets as the common form programs export them.

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/survey"
	"github.com/segkit/lab/segkit/table"
)

// qualtrics has three lines of names.
var qualtrics = []string{
	`StartDate,EndDate,IPAddress,Progress,Duration (in seconds),Finished,ResponseId,Q1_1,Q1_2,Q2`,
	`Start Date,End Date,IP Address,Progress,Duration (in seconds),Finished,Response ID,"How much do you agree? - I like it, really","How much do you agree? - It is cheap",How old are you?`,
	`"{""ImportId"":""startDate""}","{""ImportId"":""endDate""}","{""ImportId"":""ipAddress""}","{""ImportId"":""progress""}","{""ImportId"":""duration""}","{""ImportId"":""finished""}","{""ImportId"":""_recordId""}","{""ImportId"":""QID1_1""}","{""ImportId"":""QID1_2""}","{""ImportId"":""QID2_TEXT""}"`,
	`2024-03-01 10:00:00,2024-03-01 10:05:00,10.0.0.1,100,300,True,R_1,Strongly agree,Disagree,34`,
	`2024-03-01 10:01:00,2024-03-01 10:05:00,10.0.0.2,100,240,True,R_2,Agree,Disagree,35`,
	`2024-03-01 10:02:00,2024-03-01 10:02:20,10.0.0.3,40,20,False,R_3,Neither agree nor disagree,,61`,
}

func TestQualtrics(t *testing.T) {
	a := trial.Sure(parse(survey.Options{}, qualtrics...))
	if want := []string{"R_1", "R_2", "R_3"}; !slices.Equal(a.IDs(), want) {
		t.Errorf("ids %q", a.IDs())
	}
	q := trial.Sure(a.Question("Q1_2")) // only "Disagree" was chosen; its battery says the other steps
	want := []string{"Disagree", "Neither agree nor disagree", "Agree", "Strongly agree"}
	if q.Text != "How much do you agree? - It is cheap" || q.Kind != survey.Scale || !slices.Equal(q.Levels, want) {
		t.Errorf("Q1_2: %+v", q)
	}
	if got := fmt.Sprint(trial.Sure(a.Scores("Q1_*", "Q2")).Raw().Data); got != "[4 1 34 3 1 35 2 NaN 61]" {
		t.Errorf("scores %v", got)
	}
	clean := trial.Sure(a.Clean(survey.Without("Finished", "False"), survey.Speeder(0)))
	if got := clean.Ledger.Steps; got[0].Removed.Sheets != 1 || got[1].Removed.Sheets != 0 || got[1].Alone != 1 { // 20 s are less than a third of 240
		t.Errorf("steps %+v", got)
	}
}

// surveyMonkey has two lines of names, and a column for each answer of a list.
var surveyMonkey = []string{
	`Respondent ID,Collector ID,Date Created,Date Modified,IP Address,Which of these do you own? Select all that apply.,,,How satisfied are you?,How much do you agree?,`,
	`,,,,,Laptop,Phone,Other (please specify),Response,It is cheap,It is near`,
	`114,9,03/01/2024 10:00:00 AM,03/01/2024 10:04:00 AM,10.0.0.1,Laptop,,,Very satisfied,Strongly agree,Agree`,
	`115,9,03/01/2024 10:00:00 AM,03/01/2024 10:04:30 AM,10.0.0.2,,Phone,Pager,Satisfied,Strongly agree,Disagree`,
	`116,9,03/01/2024 10:00:00 AM,03/01/2024 10:14:00 AM,10.0.0.3,,,,Satisfied,Agree,Disagree`,
	`117,9,03/01/2024 10:00:00 AM,03/01/2024 10:00:50 AM,10.0.0.4,,,Beeper,Satisfied,Agree,Disagree`,
}

func TestSurveyMonkey(t *testing.T) {
	names := map[string]string{"Which of these do you own? Select all that apply.": "owns", "How much do you agree?": "agrees", "How satisfied are you?": "satisfied"}
	a := trial.Sure(parse(survey.Options{Names: names}, surveyMonkey...))
	got := trial.Sure(a.Table("owns: Laptop", "owns: Phone"))
	// 116 ticked nothing at all and may have passed the question over; 117 ticked "other" only
	if fmt.Sprint(got.Raw().Data) != "[1 0 0 1 NaN NaN 0 0]" {
		t.Errorf("owns: %v", got.Raw().Data)
	}
	if q := trial.Sure(a.Question("owns: Other (please specify)")); q.Kind != survey.Choice && q.Kind != survey.Open {
		t.Errorf("other: %+v", q)
	}
	if !strings.Contains(strings.Join(a.Notes(), " "), `1 respondent ticked nothing in the list "owns"`) {
		t.Errorf("notes %q", a.Notes())
	}
	if got := fmt.Sprint(trial.Sure(a.Scores("agrees: *")).Raw().Data); got != "[3 2 3 1 2 1 2 1]" {
		t.Errorf("agrees: %v", got)
	}
	flags := trial.Sure(a.Flags(survey.Speeder(.3), survey.Repeated)) // 240, 270, 840, 50 s: the median is 255
	if fmt.Sprint(flags.Raw().Data) != "[0 0 0 0 0 0 1 0]" {
		t.Errorf("flags %v", flags.Raw().Data)
	}
}

// googleForms has several answers in one cell, one of them with commas of its own.
func googleForms(n int) []string {
	offered := []string{"Laptop", "Bread, cakes, and pastry", "Phone"}
	lines := []string{`Timestamp,What do you buy?,Please rate [Price],Please rate [Service],Your age,Anything else?`}
	ages := []string{"18-24", "25-34", "35-54", "55+", "Prefer not to say"}
	for i := range n {
		var chosen []string
		for k, answer := range offered {
			if i>>k&1 == 1 {
				chosen = append(chosen, answer)
			}
		}
		if i == 5 {
			chosen = append(chosen, "some, of my own")
		}
		lines = append(lines, fmt.Sprintf(`2024/03/01 10:%02d:00 AM,"%s",%d,%d,%s,"it was nice, number %d"`, i, strings.Join(chosen, ", "), i%5+1, i%3+2, ages[i%5], i))
	}
	return lines
}

func TestGoogleForms(t *testing.T) {
	for _, given := range [][]string{nil, {"Laptop", "Bread, cakes, and pastry", "Phone"}} {
		o := survey.Options{Names: map[string]string{"What do you buy?": "buys"}}
		if given != nil {
			o.Multiple = map[string][]string{"buys": given}
		}
		a := trial.Sure(parse(o, googleForms(40)...))
		for k, answer := range []string{"Laptop", "Bread, cakes, and pastry", "Phone"} {
			for i, got := range trial.Sure(trial.Sure(a.Table("buys: " + answer)).Values("buys: " + answer)) {
				if want := float64(i >> k & 1); i%8 != 0 && got != want {
					t.Errorf("%s, row %d: %v, want %v", answer, i+1, got, want)
				} else if i%8 == 0 && got == got {
					t.Errorf("%s, row %d: an empty cell is %v", answer, i+1, got)
				}
			}
		}
		own := trial.Sure(trial.Sure(a.Table("buys: other")).Values("buys: other"))
		if own[5] != 1 || own[6] != 0 {
			t.Errorf("other: %v", own)
		}
		age := trial.Sure(a.Question("Your age"))
		if age.Kind != survey.Scale || !slices.Equal(age.Levels, []string{"18-24", "25-34", "35-54", "55+"}) || !slices.Equal(age.DontKnow, []string{"Prefer not to say"}) {
			t.Errorf("age: %+v", age)
		}
		if q := trial.Sure(a.Question("Anything else?")); q.Kind != survey.Open {
			t.Errorf("words of their own: %+v", q)
		}
	}
}

func TestBands(t *testing.T) {
	for _, levels := range [][]string{
		{"under 18", "18-24", "25-34", "65 or older"},
		{"< 1,000 €", "1,000 - 1,999 €", "2,000 - 4,999 €", "5,000 € or more"},
		{"unter 20 Jahre", "20 bis 39 Jahre", "40 bis 59 Jahre", "60 Jahre und älter"},
	} {
		mixed := []string{levels[2], levels[3], levels[0], levels[1]}
		q := trial.Sure(trial.Sure(parse(survey.Options{}, sheet(mixed...)...)).Question("q"))
		if q.Kind != survey.Scale || !slices.Equal(q.Levels, levels) {
			t.Errorf("%q are %v %q", levels, q.Kind, q.Levels)
		}
	}
	for _, levels := range [][]string{{"18-24", "20-30"}, {"2024-01", "2024-02"}, {"Route 66", "Studio 54"}} {
		if q := trial.Sure(trial.Sure(parse(survey.Options{}, sheet(levels...)...)).Question("q")); q.Kind == survey.Scale {
			t.Errorf("%q are bands", levels)
		}
	}
}

// What a ledger says adds up, in every column, and each rule does what its name says.
func TestLedgerReconciles(t *testing.T) {
	lines := []string{"id,mail,seconds,a,b,c,d,e"}
	for i := range 20 {
		lines = append(lines, fmt.Sprintf("r%d,m%d@x.org,%d,%d,%d,%d,%d,%d", i, i, 100+i, i%5+1, (i+1)%5+1, i%4+1, (i+2)%5+1, (i+3)%5+1))
	}
	lines = append(lines,
		"r20,m20@x.org,20,1,2,3,4,5",  // fast
		"r21,m21@x.org,120,4,4,4,4,4", // straight
		"r22,m22@x.org,10,2,2,2,2,2",  // both
		"r23,m23@x.org,100,1,,,,",     // incomplete
		"r24, M0@X.org ,100,1,2,3,4,4",
		"r3,m3@x.org,100,5,1,5,1,5")
	o := survey.Options{Kinds: map[string]survey.Kind{"mail": survey.Open}}
	a := trial.Sure(parse(o, lines...))
	clean := trial.Sure(a.Clean(survey.Repeated, survey.SamePerson("mail"), survey.Speeder(0), survey.StraightLiner(), survey.Incomplete(.5)))
	var removed, alone []int
	left := clean.Ledger.Opening
	for _, s := range clean.Ledger.Steps {
		removed, alone = append(removed, s.Removed.Sheets), append(alone, s.Alone)
		left.Sheets, left.Answers = left.Sheets-s.Removed.Sheets, left.Answers-s.Removed.Answers
	}
	if left != clean.Ledger.Closing || clean.Len() != left.Sheets {
		t.Errorf("the ledger closes with %+v, and what was removed leaves %+v", clean.Ledger.Closing, left)
	}
	if fmt.Sprint(removed) != "[1 1 2 1 1]" || fmt.Sprint(alone) != "[1 2 2 2 1]" { // r3's first sheet is of the same address too
		t.Errorf("removed %v, alone %v", removed, alone)
	}
	if ids := clean.IDs(); slices.Contains(ids, "r0") || !slices.Contains(ids, "r24") || slices.Contains(ids, "r21") {
		t.Errorf("left are %q", ids)
	}
	if got, want := trial.Sure(clean.Scores("a")).Len(), clean.Len(); got != want {
		t.Errorf("%d rows of %d sheets", got, want)
	}
	for _, c := range []struct {
		rule survey.Rule
		says string
	}{
		{survey.StraightLiner("a", "b"), "at least 5 questions"},
		{survey.Without("a", "7"), `"7" is not an answer to this question`},
		{survey.Incomplete(0), "above 0"},
		{survey.Rule{Name: "nonsense"}, "a rule such as"},
		{survey.SamePerson("a"), "survey.Open"},
	} {
		if _, err := a.Clean(c.rule); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%v: %v, want %q", c.rule, err, c.says)
		}
	}
	if _, err := trial.Sure(parse(survey.Options{}, sheet("1", "2", "3")...)).Clean(survey.Speeder(0)); err == nil || !strings.Contains(err.Error(), "how long people took") {
		t.Errorf("speeders without times: %v", err)
	}
	var _ table.Frame = clean.Ledger.Frame()
}

// Half points with a decimal comma are not two answers of a list, and nobody can tell them apart: that is asked, and either answer holds.
func TestHalfPointsAreNoLists(t *testing.T) {
	rows := []string{"Respondent ID;grade"}
	for i := range 30 {
		rows = append(rows, fmt.Sprintf("r%d;%s", i, []string{"1", "1,5", "2", "2,5", "3"}[i%5]))
	}
	if _, err := parse(survey.Options{}, rows...); err == nil || !strings.Contains(err.Error(), `"1,5" is a number with a decimal comma, or two answers of a list; 6 such cells: set Options.Kinds["grade"] to survey.Number`) {
		t.Errorf("%v", err)
	}
	a := trial.Sure(parse(survey.Options{Kinds: map[string]survey.Kind{"grade": survey.Number}}, rows...))
	if got := trial.Sure(a.Scores("grade")).Raw().Data[:5]; !slices.Equal(got, []float64{1, 1.5, 2, 2.5, 3}) {
		t.Errorf("as numbers %v", got)
	}
	trial.Sure(parse(survey.Options{Multiple: map[string][]string{"grade": {"1", "2", "3", "5"}}}, rows...))
	rows[3] = "r2;2,3" // no half
	trial.Sure(parse(survey.Options{}, rows...))
}

// A form in Dutch, with all that its program and its author write around the answers.
func TestDutchForm(t *testing.T) {
	a := trial.Sure(parse(survey.Options{},
		"Klantnummer;V1;V2;Hoe waarschijnlijk is het dat u ons aanbeveelt? (0 = zeer onwaarschijnlijk, 10 = zeer waarschijnlijk);Invultijd (min)",
		"K1;Helemaal mee eens;Mee eens;9;2", "K2;Mee oneens;Neutraal / Noch eens noch oneens;7;3", "K3;Helemaal mee oneens;Weet niet / n.v.t.;1;4", "K4;N.v.t.;Geen mening;10;5"))
	agreement := []string{"Helemaal mee oneens", "Mee oneens", "Neutraal / Noch eens noch oneens", "Mee eens", "Helemaal mee eens"}
	for name, missing := range map[string][]string{"V1": {"N.v.t."}, "V2": {"Geen mening", "Weet niet / n.v.t."}} {
		if q := trial.Sure(a.Question(name)); q.Kind != survey.Scale || !slices.Equal(q.Levels, agreement) || !slices.Equal(q.DontKnow, missing) {
			t.Errorf("%s: %+v", name, q)
		}
	}
	if q := a.Questions()[2]; q.Kind != survey.Scale || len(q.Levels) != 11 || q.Levels[0] != "0" || q.Levels[10] != "10" {
		t.Errorf("%+v", q)
	}
	if names := trial.Sure(a.Battery()); !slices.Equal(names, []string{"V1", "V2"}) {
		t.Errorf("%q", names)
	}
	clean := trial.Sure(a.Clean(survey.Speeder(.6))) // half of the median of 3.5 minutes is more than 2 minutes
	if step := clean.Ledger.Steps[0]; step.Removed.Sheets != 1 || !strings.Contains(strings.Join(clean.Ledger.Notes, " "), "126 seconds") {
		t.Errorf("%+v %q", step, clean.Ledger.Notes)
	}
}

// The scales that forms offer, in the order in which a reader of the language would put them.
func TestScalesInWordsOfEveryLanguage(t *testing.T) {
	for _, scale := range []string{
		"Strongly disagree|Disagree|Neither agree nor disagree|Agree|Strongly agree",
		"Stimme überhaupt nicht zu|Stimme eher nicht zu|Teils/teils|Stimme eher zu|Stimme voll und ganz zu", "Sehr unzufrieden|Unzufrieden|Weder noch|Zufrieden|Sehr zufrieden",
		"Pas du tout d'accord|Plutôt pas d'accord|Ni d'accord ni pas d'accord|Plutôt d'accord|Tout à fait d'accord", "Très mauvais|Mauvais|Moyen|Bon|Très bon", "Très improbable|Improbable|Probable|Très probable",
		"Totalmente en desacuerdo|En desacuerdo|Ni de acuerdo ni en desacuerdo|De acuerdo|Totalmente de acuerdo", "Muy malo|Malo|Regular|Bueno|Muy bueno",
		"Totalmente in disaccordo|In disaccordo|Né d'accordo né in disaccordo|D'accordo|Totalmente d'accordo", "Molto insoddisfatto|Insoddisfatto|Neutrale|Soddisfatto|Molto soddisfatto", "Mai|Raramente|A volte|Spesso|Sempre",
		"Helemaal mee oneens|Mee oneens|Neutraal|Mee eens|Helemaal mee eens", "Zeer ontevreden|Ontevreden|Neutraal|Tevreden|Zeer tevreden", "Nooit|Zelden|Soms|Vaak|Altijd", "Zeer slecht|Slecht|Redelijk|Goed|Zeer goed",
		"Discordo totalmente|Discordo|Neutro|Concordo|Concordo totalmente", "Nigdy|Rzadko|Czasami|Często|Zawsze",
	} {
		levels := strings.Split(scale, "|")
		shuffled := slices.Clone(levels)
		slices.Sort(shuffled)
		if q, err := parse(survey.Options{}, sheet(shuffled...)...); err != nil || q.Questions()[0].Kind != survey.Scale || !slices.Equal(q.Questions()[0].Levels, levels) {
			t.Errorf("%s: %+v, %v", scale, q.Questions(), err)
		}
	}
	for _, none := range []string{"Weet niet", "Don't know / N/A", "Weiß nicht / keine Angabe", "Ne sait pas/sans opinion", "NS/NC", "Non so / Non applicabile", "Não sei / não se aplica", "Nie wiem / nie dotyczy"} {
		if a, err := parse(survey.Options{}, sheet("Agree", "Disagree", none)...); err != nil || !slices.Equal(a.Questions()[0].DontKnow, []string{none}) {
			t.Errorf("%s is taken for an answer: %v", none, err)
		}
	}
	for _, name := range []string{"Invultijd (sec)", "Bearbeitungszeit", "Durée (s)", "Duración", "Durata [sec.]", "Duration (in seconds)"} {
		if a := trial.Sure(parse(survey.Options{}, "id;q;"+name, "1;2;30", "2;3;40", "3;1;50")); a.Questions()[len(a.Questions())-1].Kind != survey.Administrative {
			t.Errorf("%s: %+v", name, a.Questions())
		}
	}
}

// A list of answers has no order, and questions that share no scale are no battery: both are said.
func TestSheetsPromiseNoOrder(t *testing.T) {
	a := trial.Sure(parse(survey.Options{}, "id;q;r", "1;red;34", "2;blue;18", "3;red;61"))
	if header := a.Sheet().Columns[2].Name; header != "answers, of scales from low to high" {
		t.Errorf("%q", header)
	}
	if names, err := a.Battery(); names != nil || err == nil || !strings.Contains(err.Error(), "no two neighbouring questions share a scale") || !strings.Contains(err.Error(), "Options.Scales") {
		t.Errorf("%q: %v", names, err)
	}
}
