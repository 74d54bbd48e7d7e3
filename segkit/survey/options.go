package survey

import (
	"maps"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/table"
)

// Options says what the sheets themselves do not. The zero value recognises everything, and asks if that fails. Questions have
// their column's name; a name that ends in * stands for all that begin with it: "Q1_*".
type Options struct {
	ID       string              // column with the respondents' ids; "" recognises "Respondent ID", "ResponseId" and the like, or a unique customer number, and otherwise numbers them
	Scales   map[string][]string // levels of a scale, from low to high, as written in the cells
	Kinds    map[string]Kind     // what a question is, if it looks like something else
	Means    map[string]string   // cells that mean the same as another: {"ja": "yes", "Stronly agree": "Strongly agree"}; "" for no answer, in every question
	Missing  map[string][]string // cells that are not an answer to this question, although they may be to another: {"satisfied": {"6"}}
	Multiple map[string][]string // lists from which several may be chosen, in one cell: the answers offered, or none if the separator is enough
	Names    map[string]string   // shorter names: {"How satisfied are you with us?": "satisfied"}; everything else here, and everything afterwards, uses these
	DontKnow []string            // cells that mean "don't know", in addition to those that are recognised in eight languages
	Reversed []string            // questions in which a high step means little of what their battery asks for
	CSV      table.CSVOptions    // how the file is laid out: Comma, Decimal, Missing, HeaderLine, Header; its other fields are ignored here
}

// of returns what is said of a question: by its name, or else by the longest start of its name with * behind it.
func of[V any](said map[string]V, question string) (v V, key string, ok bool) {
	if v, ok = said[question]; ok {
		return v, question, true
	}
	for name, value := range said {
		n := len(name) - 1
		if n >= 0 && name[n] == '*' && len(question) >= n && question[:n] == name[:n] && len(name) > len(key) {
			v, key, ok = value, name, true
		}
	}
	return v, key, ok
}

// check refuses options that speak of columns that are not there.
func (o Options) check(names []string) error {
	var asked []string
	for name := range o.Scales {
		asked = append(asked, name)
	}
	for name := range o.Kinds {
		asked = append(asked, name)
	}
	for name := range o.Multiple {
		asked = append(asked, name)
	}
	for name := range o.Missing {
		asked = append(asked, name)
	}
	slices.Sort(asked)
	for _, name := range asked {
		if _, err := match("survey.Options", name, names); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(o.Scales)) {
		levels := o.Scales[name]
		if len(levels) < 2 {
			return fault.Option("survey.Options", "Scales", name, "at least two levels, from low to high")
		}
		for l, level := range levels {
			if slices.Contains(levels[:l], level) {
				return fault.Option("survey.Options", "Scales", name, "levels that differ, and "+level+" appears twice")
			}
		}
	}
	return nil
}
