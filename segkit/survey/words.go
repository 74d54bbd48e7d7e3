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
	words("likelihood", "French", "très improbable|certainement pas", "improbable|peu probable|probablement pas", "plutôt improbable", "neutre|ni probable ni improbable|peut-être", "plutôt probable|assez probable", "probable|probablement", "très probable|certainement"),
	words("quality", "French", "très mauvais|très mauvaise|très mal", "mauvais|mauvaise|mal", "plutôt mauvais|plutôt mauvaise", "moyen|moyenne|passable|neutre", "plutôt bon|plutôt bonne|assez bon|assez bonne|assez bien", "bon|bonne|bien", "très bon|très bonne|très bien", "excellent|excellente"),
	words("likelihood", "Spanish", "muy improbable|definitivamente no", "improbable|poco probable|probablemente no", "neutral|ni probable ni improbable|quizás|tal vez", "probable|bastante probable|probablemente sí", "muy probable|definitivamente sí"),
	words("quality", "Spanish", "muy malo|muy mala|muy mal", "malo|mala|mal", "regular|normal|neutral|aceptable", "bueno|buena|bien", "muy bueno|muy buena|muy bien", "excelente"),
	words("agreement", "Italian", "fortemente in disaccordo|totalmente in disaccordo|completamente in disaccordo|per niente d'accordo|del tutto in disaccordo|molto in disaccordo", "in disaccordo|non d'accordo|non sono d'accordo", "abbastanza in disaccordo|poco d'accordo|piuttosto in disaccordo|parzialmente in disaccordo",
		"né d'accordo né in disaccordo|né in accordo né in disaccordo|neutrale|neutro|indifferente|indeciso", "abbastanza d'accordo|piuttosto d'accordo|parzialmente d'accordo", "d'accordo|sono d'accordo", "molto d'accordo|fortemente d'accordo|totalmente d'accordo|completamente d'accordo|del tutto d'accordo|pienamente d'accordo"),
	words("satisfaction", "Italian", "molto insoddisfatto|molto insoddisfatta|per niente soddisfatto|per niente soddisfatta", "insoddisfatto|insoddisfatta|poco soddisfatto|poco soddisfatta", "né soddisfatto né insoddisfatto|neutrale|neutro|indifferente", "abbastanza soddisfatto|abbastanza soddisfatta", "soddisfatto|soddisfatta", "molto soddisfatto|molto soddisfatta|del tutto soddisfatto"),
	words("frequency", "Italian", "mai", "quasi mai|molto raramente", "raramente|di rado", "a volte|qualche volta|talvolta|ogni tanto", "spesso|frequentemente", "molto spesso|la maggior parte delle volte", "quasi sempre", "sempre"),
	words("likelihood", "Italian", "molto improbabile|sicuramente no", "improbabile|poco probabile|probabilmente no", "neutrale|né probabile né improbabile|forse", "abbastanza probabile", "probabile|probabilmente sì", "molto probabile|sicuramente sì"),
	words("importance", "Italian", "per niente importante|per nulla importante", "poco importante|non importante", "neutrale|mediamente importante", "abbastanza importante", "importante", "molto importante|estremamente importante"),
	words("quality", "Italian", "pessimo|pessima|molto scarso|molto male|molto cattivo", "scarso|scarsa|cattivo|cattiva|male", "sufficiente|mediocre|discreto|discreta|nella media", "buono|buona|bene", "molto buono|molto buona|molto bene", "ottimo|ottima|eccellente"),
	words("agreement", "Dutch", "helemaal mee oneens|zeer mee oneens|sterk mee oneens|volledig mee oneens|geheel mee oneens|helemaal niet mee eens|helemaal oneens|zeer oneens", "mee oneens|oneens|niet mee eens", "enigszins mee oneens|een beetje mee oneens|eerder mee oneens|eerder oneens",
		"neutraal|noch eens noch oneens|noch mee eens noch mee oneens|niet mee eens, niet mee oneens|niet mee eens en niet mee oneens|niet eens, niet oneens|niet eens/niet oneens|niet eens en niet oneens", "enigszins mee eens|een beetje mee eens|eerder mee eens|eerder eens", "mee eens|eens", "helemaal mee eens|zeer mee eens|sterk mee eens|volledig mee eens|geheel mee eens|helemaal eens|zeer eens"),
	words("satisfaction", "Dutch", "zeer ontevreden|heel ontevreden|helemaal niet tevreden", "ontevreden|niet tevreden", "enigszins ontevreden|een beetje ontevreden|eerder ontevreden", "neutraal|noch tevreden noch ontevreden|niet tevreden, niet ontevreden|niet tevreden en niet ontevreden", "enigszins tevreden|een beetje tevreden|redelijk tevreden|eerder tevreden", "tevreden", "zeer tevreden|heel tevreden|helemaal tevreden"),
	words("frequency", "Dutch", "nooit", "bijna nooit|vrijwel nooit|zeer zelden", "zelden", "af en toe", "soms", "vaak|regelmatig", "heel vaak|zeer vaak|meestal", "bijna altijd|vrijwel altijd", "altijd"),
	words("how often", "Dutch", "nooit", "minder vaak", "eens per jaar|één keer per jaar|jaarlijks", "eens per half jaar|twee keer per jaar", "eens per kwartaal|elk kwartaal", "eens per maand|één keer per maand|maandelijks", "meerdere keren per maand", "eens per week|één keer per week|wekelijks", "meerdere keren per week", "dagelijks|elke dag", "meerdere keren per dag"),
	words("likelihood", "Dutch", "zeer onwaarschijnlijk|heel onwaarschijnlijk|zeker niet", "onwaarschijnlijk|waarschijnlijk niet", "enigszins onwaarschijnlijk", "neutraal|misschien|noch waarschijnlijk noch onwaarschijnlijk", "enigszins waarschijnlijk", "waarschijnlijk|waarschijnlijk wel", "zeer waarschijnlijk|heel waarschijnlijk|zeker wel"),
	words("importance", "Dutch", "helemaal niet belangrijk|zeer onbelangrijk", "niet belangrijk|onbelangrijk", "niet zo belangrijk|minder belangrijk", "neutraal", "enigszins belangrijk|redelijk belangrijk", "belangrijk", "zeer belangrijk|heel belangrijk"),
	words("quality", "Dutch", "zeer slecht|heel slecht", "slecht", "onvoldoende|matig", "neutraal|gemiddeld|redelijk|niet goed, niet slecht", "voldoende", "goed", "zeer goed|heel goed", "uitstekend"),
	words("agreement", "Portuguese", "discordo totalmente|discordo completamente|discordo fortemente", "discordo", "discordo parcialmente|discordo em parte", "não concordo nem discordo|nem concordo nem discordo|neutro|indiferente", "concordo parcialmente|concordo em parte", "concordo", "concordo totalmente|concordo completamente|concordo fortemente"),
	words("satisfaction", "Portuguese", "muito insatisfeito|muito insatisfeita|nada satisfeito", "insatisfeito|insatisfeita|pouco satisfeito", "nem satisfeito nem insatisfeito|neutro|indiferente", "satisfeito|satisfeita", "muito satisfeito|muito satisfeita"),
	words("frequency", "Portuguese", "nunca", "quase nunca", "raramente", "às vezes|por vezes|algumas vezes", "muitas vezes|frequentemente", "quase sempre", "sempre"),
	words("agreement", "Polish", "zdecydowanie się nie zgadzam|zdecydowanie nie zgadzam się|całkowicie się nie zgadzam", "nie zgadzam się", "raczej się nie zgadzam|raczej nie zgadzam się", "ani się zgadzam, ani się nie zgadzam|ani tak, ani nie|neutralnie", "raczej się zgadzam|raczej zgadzam się", "zgadzam się", "zdecydowanie się zgadzam|zdecydowanie zgadzam się|całkowicie się zgadzam"),
	words("satisfaction", "Polish", "bardzo niezadowolony|bardzo niezadowolona", "niezadowolony|niezadowolona|raczej niezadowolony", "ani zadowolony, ani niezadowolony|neutralnie", "zadowolony|zadowolona|raczej zadowolony", "bardzo zadowolony|bardzo zadowolona"),
	words("frequency", "Polish", "nigdy", "prawie nigdy", "rzadko", "czasami|czasem", "często", "bardzo często", "prawie zawsze", "zawsze"),
}

// why is the reason for a question on the scale.
func (s wordScale) why() string { return fmt.Sprintf("words of %s, %s", s.about, s.language) }

// step returns which step of the scale a folded text is, -1 for none. "Neutral / neither agree nor disagree" is the step of both.
func (s wordScale) step(text string) int {
	find := func(text string) int {
		return slices.IndexFunc(s.steps, func(step []string) bool { return slices.Contains(step, text) })
	}
	at := find(text)
	if joined := alternatives(text); at < 0 && len(joined) > 1 {
		at = find(joined[0])
		if slices.ContainsFunc(joined, func(text string) bool { return find(text) != at }) {
			return -1
		}
	}
	return at
}

// alternatives are the folded texts that slashes join in one: "weet niet" and "n.v.t" of "weet niet / n.v.t.".
func alternatives(text string) []string {
	slash := "/"
	if strings.Contains(text, " / ") { // "don't know / n/a"
		slash = " / "
	}
	parts := strings.Split(text, slash)
	for i, part := range parts {
		parts[i] = folded(part)
	}
	return parts
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
