package survey

import (
	"fmt"
	"slices"
	"strings"
)

// The words of common scales, from low to high. Synonyms that take the same step stand side by side.
type wordScale struct {
	about, language string
	steps           [][]string
}

func words(about, language string, steps ...string) wordScale {
	s := wordScale{about: about, language: language}
	for _, step := range steps {
		s.steps = append(s.steps, strings.Split(step, "|"))
	}
	return s
}

var wordScales = []wordScale{
	words("agreement", "English", "strongly disagree|disagree strongly|completely disagree|totally disagree|fully disagree", "disagree|mostly disagree",
		"somewhat disagree|slightly disagree|tend to disagree|rather disagree|disagree somewhat|disagree slightly",
		"neither agree nor disagree|neutral|neither|neither nor|undecided|neither disagree nor agree",
		"somewhat agree|slightly agree|tend to agree|rather agree|agree somewhat|agree slightly", "agree|mostly agree",
		"strongly agree|agree strongly|completely agree|totally agree|fully agree"),
	words("satisfaction", "English", "extremely dissatisfied|completely dissatisfied", "very dissatisfied|very unsatisfied", "dissatisfied|unsatisfied|moderately dissatisfied",
		"somewhat dissatisfied|slightly dissatisfied|rather dissatisfied", "neither satisfied nor dissatisfied|neutral|neither|neither dissatisfied nor satisfied",
		"somewhat satisfied|slightly satisfied|rather satisfied", "satisfied|moderately satisfied", "very satisfied", "extremely satisfied|completely satisfied"),
	words("frequency", "English", "never", "almost never|hardly ever|very rarely", "rarely|seldom", "occasionally|once in a while", "sometimes", "about half the time|half of the time",
		"often|frequently", "usually|most of the time|very often", "almost always|nearly always", "always"),
	words("how often", "English", "never", "less than once a year|less often", "once a year|yearly|annually", "twice a year|every six months|every half year",
		"every three months|quarterly|once a quarter|four times a year", "every two months|every other month", "less than once a month", "once a month|monthly",
		"two or three times a month|2-3 times a month|several times a month|more than once a month", "every two weeks|every other week|twice a month|fortnightly", "once a week|weekly",
		"more than once a week|several times a week|2-3 times a week|twice a week", "4-6 times a week|almost every day", "daily|once a day|every day", "several times a day|more than once a day"),
	words("likelihood", "English", "extremely unlikely|definitely not", "very unlikely", "unlikely|probably not|moderately unlikely", "somewhat unlikely|slightly unlikely", "neither likely nor unlikely|neutral|might or might not|neither",
		"somewhat likely|slightly likely", "likely|probably|moderately likely|probably yes", "very likely", "extremely likely|definitely|definitely yes"),
	words("importance", "English", "not at all important|not important at all|completely unimportant", "very unimportant", "not important|unimportant|not very important|not so important", "slightly important|of little importance|a little important", "neutral|neither important nor unimportant",
		"somewhat important|moderately important|fairly important", "important|quite important", "very important", "extremely important|essential|absolutely essential"),
	words("quality", "English", "terrible|extremely bad|awful", "very poor|very bad", "poor|bad", "somewhat bad|below average", "fair|average|acceptable|okay|ok|neither good nor bad|neutral|neither", "somewhat good|above average", "good", "very good", "excellent|extremely good|outstanding"),
	words("amount", "English", "none at all|none|not at all", "a little|very little|slightly|a bit", "somewhat|a moderate amount|moderately|to some extent|some", "quite a bit|a lot|quite|very|considerably|to a large extent", "a great deal|extremely|very much|completely|fully"),
	words("agreement", "German", "stimme überhaupt nicht zu|stimme gar nicht zu|trifft überhaupt nicht zu|trifft gar nicht zu|lehne stark ab", "stimme nicht zu|trifft nicht zu|lehne ab", "stimme eher nicht zu|trifft eher nicht zu|lehne eher ab",
		"teils/teils|teils teils|teils, teils|teils-teils|weder noch|neutral|unentschieden|weder/noch", "stimme eher zu|trifft eher zu", "stimme zu|trifft zu", "stimme voll und ganz zu|stimme voll zu|stimme völlig zu|trifft voll und ganz zu|trifft völlig zu|trifft voll zu"),
	words("satisfaction", "German", "sehr unzufrieden", "unzufrieden", "eher unzufrieden", "weder noch|teils/teils|teils teils|neutral|weder zufrieden noch unzufrieden", "eher zufrieden", "zufrieden", "sehr zufrieden"),
	words("frequency", "German", "nie|niemals", "fast nie|sehr selten", "selten", "gelegentlich", "manchmal", "häufig|oft", "sehr oft|sehr häufig|meistens", "fast immer", "immer"),
	words("how often", "German", "nie|niemals", "seltener", "einmal im jahr|jährlich", "halbjährlich|zweimal im jahr", "alle drei monate|vierteljährlich", "einmal im monat|monatlich", "mehrmals im monat", "einmal in der woche|einmal pro woche|wöchentlich", "mehrmals in der woche|mehrmals pro woche", "täglich", "mehrmals täglich"),
	words("likelihood", "German", "sehr unwahrscheinlich|auf keinen fall", "unwahrscheinlich", "eher unwahrscheinlich", "weder noch|vielleicht|teils/teils", "eher wahrscheinlich", "wahrscheinlich", "sehr wahrscheinlich|auf jeden fall"),
	words("importance", "German", "überhaupt nicht wichtig|völlig unwichtig|gar nicht wichtig", "unwichtig|nicht wichtig", "weniger wichtig|eher unwichtig|kaum wichtig", "teils/teils|neutral|mittelmäßig", "eher wichtig|ziemlich wichtig", "wichtig", "sehr wichtig", "äußerst wichtig"),
	words("quality", "German", "ungenügend|sehr schlecht", "mangelhaft|schlecht", "eher schlecht", "ausreichend|mittelmäßig|mittel|teils/teils", "eher gut|befriedigend", "gut", "sehr gut"),
	words("agreement", "French", "pas du tout d'accord|tout à fait en désaccord", "pas d'accord|en désaccord|plutôt pas d'accord|plutôt en désaccord", "ni d'accord ni pas d'accord|neutre|ni en accord ni en désaccord|ni d'accord, ni pas d'accord", "plutôt d'accord", "d'accord", "tout à fait d'accord"),
	words("satisfaction", "French", "pas du tout satisfait|très insatisfait|très insatisfaite", "insatisfait|insatisfaite|plutôt pas satisfait|plutôt insatisfait", "ni satisfait ni insatisfait|neutre", "plutôt satisfait", "satisfait|satisfaite", "très satisfait|très satisfaite|tout à fait satisfait"),
	words("frequency", "French", "jamais", "presque jamais|très rarement", "rarement", "parfois|quelquefois|de temps en temps", "souvent", "très souvent|la plupart du temps", "presque toujours", "toujours"),
	words("importance", "French", "pas du tout important", "peu important|pas important", "moyennement important|neutre", "assez important|plutôt important", "important", "très important|extrêmement important"),
	words("agreement", "Spanish", "totalmente en desacuerdo|muy en desacuerdo", "en desacuerdo", "algo en desacuerdo", "ni de acuerdo ni en desacuerdo|neutral|indiferente", "algo de acuerdo", "de acuerdo", "totalmente de acuerdo|muy de acuerdo"),
	words("satisfaction", "Spanish", "muy insatisfecho|nada satisfecho", "insatisfecho|poco satisfecho", "ni satisfecho ni insatisfecho|neutral", "satisfecho|bastante satisfecho", "muy satisfecho|totalmente satisfecho"),
	words("frequency", "Spanish", "nunca", "casi nunca", "rara vez|raramente", "a veces|algunas veces", "a menudo|frecuentemente", "casi siempre|muy a menudo", "siempre"),
	words("importance", "Spanish", "nada importante", "poco importante", "neutral|algo importante", "importante|bastante importante", "muy importante"),
}

// why is the reason for a question on the scale.
func (s wordScale) why() string { return fmt.Sprintf("words of %s, %s", s.about, s.language) }

// step returns which step of the scale a folded text is, -1 for none.
func (s wordScale) step(text string) int {
	return slices.IndexFunc(s.steps, func(step []string) bool { return slices.Contains(step, text) })
}

// bestWords returns the scale that knows most of the texts, the first of equals, and how many it knows: texts carry their cells.
func bestWords(texts []string) (best wordScale, known int) {
	for _, s := range wordScales {
		n := 0
		for _, text := range texts {
			if s.step(folded(text)) >= 0 {
				n++
			}
		}
		if n > known {
			best, known = s, n
		}
	}
	return best, known
}

// direction tells how known words run along the texts: 1 from low to high, -1 from high to low, 0 where that cannot be said. Texts without
// a word are passed over.
func direction(texts []string) int {
	var worded []string
	for _, text := range texts {
		if text != "" {
			worded = append(worded, text)
		}
	}
	s, known := bestWords(worded)
	if known < 2 || known < len(worded) {
		return 0
	}
	rises, falls := true, true
	for l := 1; l < len(worded); l++ {
		before, here := s.step(folded(worded[l-1])), s.step(folded(worded[l]))
		rises, falls = rises && before <= here, falls && before >= here
	}
	switch {
	case rises == falls:
		return 0
	case rises:
		return 1
	}
	return -1
}
