package survey

import (
	"slices"
	"strings"
)

// What people write for no and for yes, by language. A column must keep to one.
var yesNo = []struct {
	language string
	no, yes  []string
}{
	{"English", []string{"no", "n"}, []string{"yes", "y"}},
	{"German", []string{"nein", "n"}, []string{"ja", "j"}},
	{"French", []string{"non", "n"}, []string{"oui"}},
	{"Spanish", []string{"no", "n"}, []string{"sí", "si", "s"}},
	{"Italian", []string{"no", "n"}, []string{"sì", "si", "s"}},
	{"Dutch", []string{"nee", "n"}, []string{"ja", "j"}},
	{"Portuguese", []string{"não", "nao", "n"}, []string{"sim", "s"}},
	{"Polish", []string{"nie", "n"}, []string{"tak"}},
	{"Swedish or Danish", []string{"nej", "n"}, []string{"ja", "j"}},
	{"Norwegian", []string{"nei", "n"}, []string{"ja", "j"}},
	{"Finnish", []string{"ei"}, []string{"kyllä"}},
	{"Czech", []string{"ne", "n"}, []string{"ano"}},
	{"true and false", []string{"false", "f"}, []string{"true", "t"}},
	{"German truth values", []string{"falsch"}, []string{"wahr"}},
	{"French truth values", []string{"faux"}, []string{"vrai"}},
	{"ticks", []string{"unchecked", "not selected", "unticked", "not checked"}, []string{"checked", "selected", "ticked", "x", "✓", "✔", "☑"}},
	{"0 and 1", []string{"0"}, []string{"1"}},
}

// readYesNo reads the levels at the given indexes as no and yes. ok is false where they are something else; err tells of several languages.
func (c *column) readYesNo(at []int) (q Question, code []int, ok bool, err error) {
	meaning := func(language int, text string) int {
		switch {
		case slices.Contains(yesNo[language].no, text):
			return 0
		case slices.Contains(yesNo[language].yes, text):
			return 1
		}
		return -1
	}
	var spoken [][]int // (levels) languages in which it is a word
	for _, l := range at {
		var in []int
		for language := range yesNo {
			if meaning(language, folded(c.levels[l])) >= 0 {
				in = append(in, language)
			}
		}
		if in == nil {
			return q, nil, false, nil
		}
		spoken = append(spoken, in)
	}
	letters := !slices.ContainsFunc(c.textsAt(at), func(text string) bool { return len(folded(text)) > 1 })
	common := spoken[0]
	for p, in := range spoken {
		before := common
		common = slices.DeleteFunc(slices.Clone(common), func(language int) bool { return !slices.Contains(in, language) })
		if len(common) == 0 && letters { // X and Y are a list of two
			return q, nil, false, nil
		}
		if len(common) == 0 {
			first := c.levels[at[slices.IndexFunc(spoken, func(in []int) bool { return slices.Contains(in, before[0]) })]]
			return q, nil, false, c.refuse(at[p], `say which mean the same in Options.Means: {"ja": "yes", "nein": "no"}`,
				"is "+yesNo[in[0]].language+", and "+strings.TrimSpace(quoted([]string{first}))+" beside it is "+yesNo[before[0]].language+": yes and no in several languages")
		}
	}
	language := common[0]
	q = Question{Kind: YesNo, Levels: []string{yesNo[language].no[0], yesNo[language].yes[0]}, Values: []float64{0, 1}, Why: "yes and no, " + yesNo[language].language}
	code = make([]int, len(at))
	most := [2]int{}
	for p, l := range at {
		m := meaning(language, folded(c.levels[l]))
		code[p] = m
		if c.count[l] > most[m] { // the spelling that most cells have
			most[m], q.Levels[m] = c.count[l], c.levels[l]
		}
	}
	return q, code, true, nil
}
