package survey_test

import (
	"fmt"
	"log"
	"strings"

	"github.com/segkit/lab/segkit/survey"
)

// "Don't know" is no step of the scale, and not an empty cell either.
func Example() {
	const sheets = `respondent,price_matters,has_app
r1,Agree,yes
r2,Strongly disagree,no
r3,Don't know,yes
r4,Neither agree nor disagree,no
r5,Strongly agree,no
r6,Disagree,yes
`
	answers, err := survey.Parse(strings.NewReader(sheets), "answers.csv", survey.Options{})
	if err != nil {
		log.Fatal(err)
	}
	scores, err := answers.Scores("price_matters")
	if err != nil {
		log.Fatal(err)
	}
	for i, id := range scores.IDs() {
		fmt.Println(id, scores.Row(i)[0])
	}
	// Output:
	// r1 4
	// r2 1
	// r3 NaN
	// r4 3
	// r5 5
	// r6 2
}
