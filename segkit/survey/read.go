package survey

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/identify"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/internal/textfile"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/table"
)

// Reading sheets: the cells are those of table.ReadCSV, all of them as text; what they mean is found column by column.

// missingCells mean that a question was not answered, unless Options.CSV.Missing lists others. "N/A" is not among them: it is an answer
// of those to whom the question does not apply.
var missingCells = []string{"", "NA", "#N/A", "NaN", "nan", "null", "NULL", `\N`, "<NA>", "-", "--"}

// Read reads the sheets of a survey, one row per respondent, from the CSV file at path, which it opens as table.ReadCSV does. See Parse.
func Read(path string, o Options) (*Answers, error) {
	data, err := textfile.Read(path)
	if err != nil {
		return nil, &fault.CellError{Op: "survey.Read", File: path, Why: err.Error(), Err: fault.ErrFormat}
	}
	return o.parse(data, "survey.Read", path)
}

// Parse reads the sheets of a survey, one row per respondent, from CSV; name identifies it in messages.
//
// Each column is a question. What it asks for is recognised from its answers, and Question.Why says how. The kinds are yes and no in a dozen
// languages, of which a column must use only one; steps of common scales in words (agreement, satisfaction, frequency, likelihood,
// importance, quality; in English, German, French, Spanish, Italian and Dutch, and some of them in Polish and Portuguese); numbers that run
// like a scale (1 to 5, 0 to 10, -5 to 5), also with words at their ends ("I hate it!-5" is -5); other numbers; a list of answers; and
// respondents' own words. Columns about the sheet, such as its times, are recognised by their names. "Don't know" and "not applicable" are
// distinguished from empty cells.
//
// A cell that fits nowhere is an error with its row and a remedy: a word that the scale does not know, a number outside it, yes and no
// in two languages, a scale that runs the wrong way. Cost n·q, and the sorting of the different answers.
func Parse(r io.Reader, name string, o Options) (*Answers, error) {
	if r == nil {
		return nil, fault.Nil("survey.Parse", "reader")
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, &fault.CellError{Op: "survey.Parse", File: name, Why: "cannot be read to its end: " + err.Error(), Err: fault.ErrFormat}
	}
	return o.parse(data, "survey.Parse", name)
}

func (o Options) parse(data []byte, op, name string) (*Answers, error) {
	csv := table.CSVOptions{Comma: o.CSV.Comma, Decimal: o.CSV.Decimal, Missing: o.CSV.Missing, HeaderLine: o.CSV.HeaderLine, Header: o.CSV.Header}
	if csv.Missing == nil {
		csv.Missing = missingCells
	}
	scan, err := csv.Scan(bytes.NewReader(data), name)
	if err != nil {
		return nil, err
	}
	csv.Text = scan.Header
	t, err := table.ParseCSV(bytes.NewReader(data), name, "", csv)
	if err != nil {
		return nil, err
	}
	raw := t.Raw()
	columns := make([]*column, len(raw.Columns))
	for j := range columns {
		columns[j] = columnOf(raw, j)
	}
	a := &Answers{source: name, idName: "respondent", ids: raw.IDs}
	if raw.Note != "" {
		a.notes = append(a.notes, raw.Note)
	}
	at := idColumn(scan.Header)
	if at < 0 {
		if at = customerColumn(columns); at >= 0 && o.ID == "" && !columns[at].named() {
			a.notes = append(a.notes, fmt.Sprintf("%q names the respondents: its cells are %s, a different one on each sheet.", columns[at].name, identify.Official))
		}
	}
	if o.ID != "" {
		if at = slices.Index(scan.Header, o.ID); at < 0 {
			return nil, suggest.Column(op+": "+name, o.ID, scan.Header)
		}
	}
	p := &place{op: op, source: name}
	for _, c := range columns {
		c.place = p
	}
	if note := takeHeader(columns, at); note != "" {
		a.notes = append(a.notes, note)
		a.ids = a.ids[:len(columns[0].at)]
	}
	if len(a.ids) == 0 {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: %s: %s has a header and no sheets below it", op, name)
	}
	if at >= 0 {
		c := columns[at]
		a.idName, a.ids = c.name, make([]string, len(c.at))
		for i, l := range c.at {
			if l < 0 {
				return nil, &fault.CellError{Op: op, File: name, Column: c.name, Row: i + 1, Why: "the respondent has no id", Remedy: "fill it in, or delete the row", Err: fault.ErrSchema}
			}
			a.ids[i] = c.levels[l]
		}
		columns = slices.Delete(columns, at, at+1)
	}
	if a.numbered = at < 0; a.numbered {
		if note := unnamed(columns); note != "" {
			a.notes = append(a.notes, note)
		}
	}
	p.ids = a.ids
	if err := o.understand(a, columns); err != nil {
		return nil, err
	}
	return a, nil
}

// FromTable takes the answers from a table, whose ids name the respondents. Ordered categories are scales with their levels;
// everything else is recognised as in Parse. CSV and ID of o are ignored here.
func FromTable(t *table.Table, o Options) (*Answers, error) {
	if t == nil {
		return nil, fault.Nil("survey.FromTable", "table")
	}
	raw := t.Raw()
	a := &Answers{source: raw.Source, idName: raw.IDName, numbered: raw.Numbered, ids: slices.Clone(raw.IDs)}
	p := &place{op: "survey.FromTable", source: raw.Source, ids: a.ids}
	columns := make([]*column, len(raw.Columns))
	for j := range columns {
		columns[j] = columnOf(raw, j)
		columns[j].place = p
	}
	if err := o.understand(a, columns); err != nil {
		return nil, err
	}
	return a, nil
}

// understand recognises all columns and fills a.
func (o Options) understand(a *Answers, columns []*column) error {
	if err := o.rename(columns); err != nil {
		return err
	}
	if err := o.check(namesOf(columns)); err != nil {
		return err
	}
	for _, c := range columns {
		none, _, _ := of(o.Missing, c.name)
		c.mean(o.Means, none)
	}
	a.seconds, a.timed = secondsOf(columns)
	a.notes = append(a.notes, o.takeTicks(columns)...)
	columns, err := o.takeMultiple(columns)
	if err != nil {
		return err
	}
	names := namesOf(columns)
	drafts := make([]*draft, len(columns))
	for j, c := range columns {
		var err error
		if drafts[j], err = o.recognise(c); err != nil {
			return err
		}
	}
	if err := o.settle(drafts); err != nil {
		return err
	}
	reversed := make([]bool, len(columns))
	for _, name := range o.Reversed {
		at, err := match("survey.Options", name, names)
		if err != nil {
			return err
		}
		for _, j := range at {
			reversed[j] = true
		}
	}
	languages := map[string]string{}
	var lopsided []string
	for j, d := range drafts {
		if level := d.lopsided(); level != "" {
			lopsided = append(lopsided, fmt.Sprintf("%q (nobody chose the opposite of %q)", d.Name, level))
		}
		q, given, err := d.finish(reversed[j])
		if err != nil {
			return err
		}
		a.questions, a.given = append(a.questions, q), append(a.given, given)
		if language, ok := strings.CutPrefix(q.Why, "yes and no, "); ok && q.Kind == YesNo {
			if _, seen := languages[language]; !seen {
				languages[language] = q.Name
			}
		}
	}
	if lopsided != nil {
		a.notes = append(a.notes, "Steps in words are numbered as they occur, and some that were offered may be missing in "+wording.List(lopsided)+
			". Then Scores are too low or too near each other: list all steps in survey.Options.Scales.")
	}
	if len(languages) > 1 {
		var said []string
		for _, q := range a.questions {
			if language, ok := strings.CutPrefix(q.Why, "yes and no, "); ok && languages[language] == q.Name {
				said = append(said, fmt.Sprintf("%q in %s", q.Name, language))
			}
		}
		a.notes = append(a.notes, "Yes and no are written in several ways, one for each column: "+wording.List(said)+".")
	}
	return nil
}

// numbersOf returns what everybody answered to a question for a number: NaN for no answer.
func numbersOf(c *column, values []float64, code []int) []float64 {
	out := make([]float64, len(c.at))
	for i, l := range c.at {
		out[i] = math.NaN()
		if l >= 0 && code[l] >= 0 {
			out[i] = values[l]
		}
	}
	return out
}

func namesOf(columns []*column) []string {
	names := make([]string, len(columns))
	for j, c := range columns {
		names[j] = c.name
	}
	return names
}

// rename gives columns the shorter names that the user wants; what they were called becomes the question as asked.
func (o Options) rename(columns []*column) error {
	names := namesOf(columns)
	for _, long := range slices.Sorted(maps.Keys(o.Names)) {
		j := slices.Index(names, long)
		items := false
		for _, c := range columns {
			if item, ok := strings.CutPrefix(c.name, long+": "); ok && c.group == long {
				c.name, c.group, items = o.Names[long]+": "+item, o.Names[long], true
				if c.text == "" {
					c.text = long
				}
			}
		}
		if items {
			continue
		}
		if j < 0 {
			return suggest.Column("survey.Options", long, names)
		}
		c, short := columns[j], o.Names[long]
		if k := slices.IndexFunc(columns, func(other *column) bool { return other != c && other.name == short }); short == "" || k >= 0 {
			return fault.Option("survey.Options", fmt.Sprintf("Names[%q]", long), fmt.Sprintf("%q", short), "a name that no other column has")
		}
		if c.text == "" {
			c.text = c.name
		}
		c.name = short
	}
	return nil
}
