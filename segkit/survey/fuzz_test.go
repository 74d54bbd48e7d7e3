package survey_test

import (
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/internal/fuzzing"
	"github.com/segkit/lab/segkit/survey"
)

// Whatever the bytes: sheets, of which no answer is lost, or a sentence that names the file.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"id,sex,age,like,yummy\n1,Female,61,-3,Yes\n2,Male,51,+2,No\n3,,,,\n",
		"respondent;Q1: The price is right;Q2\na;strongly agree;I hate it!-5\nb;disagree;0\nc;don't know;I love it!+5\n",
		"StartDate,Q1,Q1_1\n{\"ImportId\":\"x\"},\"Which?\",\"Which?\"\n2025-01-01,1,\"a;b\"\n",
		"a\tb\nja\tnein\nnein\tja\n", "id\n1\n", "a,a\n1,2\n", "",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		fuzzing.Bounded(t, len(data), func() {
			a, err := survey.Parse(strings.NewReader(string(data)), "answers.csv", survey.Options{})
			if (a == nil) == (err == nil) {
				t.Fatalf("%v and %v", a, err)
			}
			if err != nil {
				if !strings.HasPrefix(err.Error(), "segkit: ") || !strings.Contains(err.Error(), "answers.csv") {
					t.Fatalf("an error that does not say whose: %v", err)
				}
				return
			}
			if a.Len() == 0 || len(a.IDs()) != a.Len() {
				t.Fatalf("%d sheets of %d respondents", a.Len(), len(a.IDs()))
			}
			clean, err := a.Clean(survey.Repeated, survey.Incomplete(.5), survey.StraightLiner())
			if err == nil {
				rest := clean.Ledger.Opening.Sheets
				for _, s := range clean.Ledger.Steps {
					rest -= s.Removed.Sheets
				}
				if rest != clean.Len() || clean.Ledger.Opening.Sheets != a.Len() {
					t.Fatalf("%+v of %d sheets", clean.Ledger, a.Len())
				}
			}
			a.Sheet()
			a.Frame()
			if x, err := a.Table(); err == nil && x.Len() != a.Len() {
				t.Fatalf("a table of %d rows of %d sheets", x.Len(), a.Len())
			}
		})
	})
}
