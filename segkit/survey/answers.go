package survey

import (
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/enum"
	"github.com/segkit/lab/segkit/internal/suggest"
)

// Answers are the sheets of n respondents: what each said to every question. They are immutable: every operation returns new ones.
type Answers struct {
	ids       []string // (n)
	idName    string
	numbered  bool   // the ids, because no column names the respondents
	source    string // the file, for messages
	notes     []string
	questions []Question
	given     [][]int32 // (questions)(n) index into Levels, or one of the codes below
	seconds   []float64 // (n) how long each sheet took, NaN where that is not known; nil where the file does not say
	timed     string    // the columns that say so
}

// What an answer is if it is not a level.
const (
	missing  = -1
	dontKnow = -2 // and below: the index of the text in DontKnow, counted downwards
)

// Kind says what a question asks for.
type Kind uint8

const (
	Choice         Kind = iota // one of several answers without an order
	Scale                      // one step of a scale
	YesNo                      // no or yes: levels 0 and 1
	Number                     // a number: age, hours a week
	Open                       // respondents' own words, or too many different answers for a list
	Administrative             // about the sheet, not an answer: times, addresses, names, the form's own columns
)

func (k Kind) String() string { return enum.Name(k, kindNames[:]) }

// MarshalText writes the kind as its name.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (k *Kind) UnmarshalText(text []byte) error {
	return enum.Read(k, text, "kind of question", kindNames[:])
}

var kindNames = [...]string{Choice: "choice", Scale: "scale", YesNo: "yes/no", Number: "number", Open: "open", Administrative: "administrative"}

// Question is one question of a survey and the answers that it offers.
type Question struct {
	Name     string    // the column's name
	Text     string    // as asked, if the file has it in addition to the name
	Kind     Kind      //
	Levels   []string  // the answers offered: for a Scale from low to high, for YesNo first no; nil for Number, Open and Administrative
	Labels   []string  // words for levels that are numbers: "I hate it!" for -5; nil for none
	Values   []float64 // for a Scale or YesNo: the number of each level, in rising order: -5 to 5, 1 to 5, 0 and 1
	DontKnow []string  // what people wrote if they could not or would not answer: "don't know", "not applicable"
	Reversed bool      // a high step means little of what the battery asks for, so Scores reverses it
	Why      string    // how its kind was recognised, or that it was given
	numbers  []float64 // of a Number: (n)
	texts    []string  // of Open and Administrative: what stands in the cells (n)
}

// Len returns the number of respondents.
func (a *Answers) Len() int {
	if a == nil {
		return 0
	}
	return len(a.ids)
}

// IDs returns the respondents' ids (n).
func (a *Answers) IDs() []string { return slices.Clone(a.ids) }

// Notes says what is unusual about the sheets and how they were read, in sentences.
func (a *Answers) Notes() []string { return slices.Clone(a.notes) }

// Questions returns all questions, in the order of the file.
func (a *Answers) Questions() []Question {
	out := slices.Clone(a.questions)
	for j := range out {
		q := &out[j]
		q.Levels, q.Labels, q.Values, q.DontKnow = slices.Clone(q.Levels), slices.Clone(q.Labels), slices.Clone(q.Values), slices.Clone(q.DontKnow)
		q.numbers, q.texts = nil, nil
	}
	return out
}

// Question returns the question of that name.
func (a *Answers) Question(name string) (Question, error) {
	at, err := a.find("survey.Answers.Question", []string{name})
	if err != nil {
		return Question{}, err
	}
	return a.Questions()[at[0]], nil
}

// find returns the positions of questions. A name that ends in * stands for all that begin so.
func (a *Answers) find(op string, names []string) ([]int, error) {
	if a == nil {
		return nil, fault.Nil(op, "answers")
	}
	var at []int
	for _, name := range names {
		matched, err := match(op, name, a.names())
		if err != nil {
			return nil, err
		}
		for _, j := range matched {
			if slices.Contains(at, j) {
				return nil, fault.Errorf(fault.ErrDuplicate, "segkit: %s: the question %q is named twice", op, a.questions[j].Name)
			}
			at = append(at, j)
		}
	}
	return at, nil
}

// match returns which of the names are meant: one, or with * at the end all that begin so.
func match(op, name string, names []string) ([]int, error) {
	if j := slices.Index(names, name); j >= 0 {
		return []int{j}, nil
	}
	var at []int
	if start, pattern := strings.CutSuffix(name, "*"); pattern {
		for j, n := range names {
			if strings.HasPrefix(n, start) {
				at = append(at, j)
			}
		}
	}
	if at == nil {
		return nil, suggest.Column(op, name, names)
	}
	return at, nil
}

func (a *Answers) names() []string {
	names := make([]string, len(a.questions))
	for j, q := range a.questions {
		names[j] = q.Name
	}
	return names
}

// Batteries returns the names of neighbouring questions that are answered on the same scale, or by yes and no, with at least two in
// each battery.
func (a *Answers) Batteries() [][]string {
	if a == nil {
		return nil
	}
	var out [][]string
	for _, battery := range a.batteries() {
		var names []string
		for _, j := range battery {
			names = append(names, a.questions[j].Name)
		}
		out = append(out, names)
	}
	return out
}

// Battery returns the first of Batteries, or an error that says what to do if there is none.
func (a *Answers) Battery() ([]string, error) {
	if a == nil {
		return nil, fault.Nil("survey.Answers.Battery", "answers")
	}
	all := a.Batteries()
	if len(all) == 0 {
		return nil, fault.Errorf(fault.ErrSchema, "segkit: survey.Answers.Battery: no two neighbouring questions share a scale: list the levels of their answers, from low to high, in Options.Scales")
	}
	return all[0], nil
}

// batteries are the positions of Batteries.
func (a *Answers) batteries() (out [][]int) {
	for from := 0; from < len(a.questions); {
		first := a.questions[from]
		battery := []int{from}
		for j := from + 1; j < len(a.questions) && a.questions[j].Kind == first.Kind && first.Values != nil && slices.Equal(a.questions[j].Values, first.Values); j++ {
			battery = append(battery, j)
		}
		if len(battery) > 1 {
			out = append(out, battery)
		}
		from += len(battery)
	}
	return out
}
