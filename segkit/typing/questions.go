package typing

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/table"
)

// What can be asked, and how answers become numbers.

const (
	mostSteps  = 12 // different numbers that a question offers at most
	mostLevels = 20 // levels of a category
)

// Question is a question with the answers that it takes.
type Question struct {
	Name    string    `json:"name"`    // of the column
	Text    string    `json:"text"`    // as it is asked: how the column was described (Column.About), else its name in words
	Answers []string  `json:"answers"` // (a) in words, from low to high if they have an order
	Levels  []string  `json:"levels"`  // (a) the same, as written in the column
	Values  []float64 `json:"values"`  // (a) the number that each counts as; for answers without an order 0 .. a-1
	Scale   bool      `json:"scale"`   // the answers are steps of a scale, or only two, so one number is enough
	Numbers bool      `json:"numbers"` // the column holds numbers, not levels
}

// questionOf returns the question that a column asks, or why it cannot be asked.
func questionOf(c table.Column, values []float64) (q Question, why string) {
	q = Question{Name: c.Name, Text: wording.Capital(wording.InWords(c.Name)), Numbers: c.Numeric()}
	if c.About != "" {
		q.Text = wording.Capital(c.About)
	}
	if c.Unit != "" {
		q.Text += " (" + c.Unit + ")"
	}
	used := slices.DeleteFunc(slices.Clone(values), math.IsNaN)
	slices.Sort(used)
	switch used = slices.Compact(used); {
	case len(used) == 0:
		return q, "nobody answered it"
	case len(used) == 1 && c.Numeric():
		return q, "everybody who answered it said " + wording.Number(used[0])
	case len(used) == 1:
		return q, fmt.Sprintf("everybody who answered it said %q", wording.Clip(c.Word(int(used[0]))))
	}
	if c.Categorical() {
		if len(c.Levels) > mostLevels {
			return q, fmt.Sprintf("it has %d answers, and a question offers %d at most: pool the rare ones", len(c.Levels), mostLevels)
		}
		q.Scale = c.Ordered || len(c.Levels) == 2
		for l, level := range c.Levels {
			q.Answers, q.Levels, q.Values = append(q.Answers, c.Word(l)), append(q.Levels, level), append(q.Values, float64(l))
		}
		return q, ""
	}
	if slices.ContainsFunc(used, func(v float64) bool { return math.IsInf(v, 0) }) {
		return q, "it holds infinite numbers"
	}
	low, high := used[0], used[len(used)-1]
	whole := !slices.ContainsFunc(used, func(v float64) bool { return v != math.Trunc(v) })
	switch {
	case whole && high-low < mostSteps: // a step that nobody chose is still an answer
		for v := low; v <= high; v++ {
			q.Values = append(q.Values, v)
		}
	case len(used) <= mostSteps:
		q.Values = used
	default:
		return q, fmt.Sprintf("it holds %d different numbers: cut it into bands to ask about it", len(used))
	}
	q.Scale = true
	for _, v := range q.Values {
		level := wording.Number(v)
		word := level
		if l, ok := c.LevelOf(level); ok {
			word = c.Word(l)
		}
		q.Answers, q.Levels = append(q.Answers, word), append(q.Levels, level)
	}
	return q, ""
}

// askable returns the questions that the columns of t can ask, and why others are left out.
func askable(op string, t *table.Table, columns []string, itself func(column int) bool) (questions []Question, leftOut []string, err error) {
	for _, name := range columns {
		if _, err := t.Index(name); err != nil {
			return nil, nil, suggest.Column(op, name, t.Names())
		}
	}
	for j, c := range t.Raw().Columns {
		named := slices.Contains(columns, c.Name)
		if columns != nil && !named {
			continue
		}
		why := ""
		var q Question
		switch {
		case itself(j):
			why = "it holds the segments themselves"
		case c.Role == table.Outcome:
			why = "it is an outcome: a new respondent has none yet"
		case c.Role == table.Value && !named:
			why = "it is a value, not an answer"
		default:
			q, why = questionOf(c, t.Raw().Column(j))
		}
		switch {
		case why == "":
			questions = append(questions, q)
		case named:
			return nil, nil, &fault.CellError{Op: op, Column: c.Name, Err: fault.ErrSchema, Why: "cannot be asked: " + why, Remedy: "leave it out of Columns"}
		default:
			leftOut = append(leftOut, fmt.Sprintf("%s: %s", c.Name, why))
		}
	}
	if len(questions) == 0 {
		return nil, nil, fault.Errorf(fault.ErrSchema, "segkit: %s: no column can be asked: %s", op, strings.Join(leftOut, "; "))
	}
	return questions, leftOut, nil
}

// namesSegments returns whether a column of t holds the names of the segments, respondent by respondent.
func namesSegments(t *table.Table, labels table.Labels, names []string) func(column int) bool {
	return func(j int) bool {
		c := t.Raw().Columns[j]
		if !c.Categorical() {
			return false
		}
		for i, l := range labels {
			if v := t.At(i, j); l != table.Noise && (math.IsNaN(v) || c.Levels[int(v)] != names[l]) {
				return false
			}
		}
		return true
	}
}

// none is the answer of one who gave none.
const none = -1

// replies are answers by their place among those of each question.
type replies [][]int // (n x m) 0 .. a-1, or none

// read finds the answers to the questions in t by the columns' names. An answer that a question does not offer counts as none, and is
// counted; a column without any answer that the question offers is an error.
func read(op string, t *table.Table, questions []Question) (r replies, unknown int, err error) {
	if t == nil {
		return nil, 0, fault.Nil(op, "table")
	}
	var missing []string
	for _, q := range questions {
		if _, err := t.Index(q.Name); err != nil {
			missing = append(missing, fmt.Sprintf("%q", q.Name))
		}
	}
	if missing != nil {
		return nil, 0, &fault.CellError{Op: op, File: t.Raw().Source, Err: fault.ErrMissingColumn, Remedy: "ask it, or join the column",
			Why: fmt.Sprintf("the tool asks %s, which is not among %s", strings.Join(missing, ", "), strings.Join(t.Names(), ", "))}
	}
	r = make(replies, t.Len())
	for i := range r {
		r[i] = make([]int, len(questions))
	}
	for j, q := range questions {
		at, _ := t.Index(q.Name)
		find := q.finder(t.Raw().Columns[at])
		known, first, other := 0, "", 0
		for i := range r {
			v := t.At(i, at)
			r[i][j] = none
			if math.IsNaN(v) {
				continue
			}
			if a := find(v); a != none {
				r[i][j] = a
				known++
				continue
			}
			if other++; other == 1 {
				first = wording.Number(v)
				if c := t.Raw().Columns[at]; c.Categorical() {
					first = c.Levels[int(v)]
				}
			}
		}
		if known == 0 && other > 0 {
			return nil, 0, &fault.CellError{Op: op, File: t.Raw().Source, Column: q.Name, Value: first, Count: other, Err: fault.ErrSchema,
				Why: "is not an answer to the question, which offers " + wording.List(q.Levels), Remedy: "write the answers as the question has them"}
		}
		unknown += other
	}
	return r, unknown, nil
}

// finder returns the place of a cell of column c among the answers, none where it is none of them. A step of a scale may be a number
// here and a level there: 1 is "1".
func (q Question) finder(c table.Column) func(v float64) int {
	byText := func(text string) int {
		if a := slices.Index(q.Levels, text); a >= 0 {
			return a
		}
		if a := slices.Index(q.Answers, text); a >= 0 && text != "" {
			return a
		}
		if v, err := strconv.ParseFloat(text, 64); err == nil {
			return slices.IndexFunc(q.Levels, func(level string) bool { w, err := strconv.ParseFloat(level, 64); return err == nil && w == v })
		}
		return none
	}
	if c.Numeric() {
		return func(v float64) int { return byText(wording.Number(v)) }
	}
	of := make([]int, len(c.Levels))
	for l, level := range c.Levels {
		of[l] = byText(level)
	}
	return func(v float64) int { return of[int(v)] }
}

// column is how the question stands in the table that scores are learned from.
func (q Question) column() table.Column {
	if q.Scale {
		return table.Column{Name: q.Name}
	}
	return table.Column{Name: q.Name, Levels: q.Levels}
}

// numbers returns the answers of some respondents to some questions as a table to learn from or to score.
func (r replies) numbers(questions []Question, rows, asked []int, ids []string, weights []float64) *table.Table {
	raw := table.Raw{Columns: make([]table.Column, len(asked)), Data: make([]float64, 0, len(rows)*len(asked))}
	for j, at := range asked {
		raw.Columns[j] = questions[at].column()
	}
	for _, i := range rows {
		raw.IDs = append(raw.IDs, ids[i])
		if weights != nil {
			raw.Weights = append(raw.Weights, weights[i])
		}
		for _, at := range asked {
			v := math.NaN()
			if a := r[i][at]; a != none {
				v = questions[at].Values[a]
			}
			raw.Data = append(raw.Data, v)
		}
	}
	return table.FromRaw(raw)
}
