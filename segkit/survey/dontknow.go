package survey

import "slices"

// How people say that they cannot or would not answer. It is no step of a scale, and not a cell that was left empty either.
var dontKnows = []string{
	"don't know", "dont know", "do not know", "i don't know", "dk", "not sure", "unsure", "can't say", "cannot say", "no opinion", "not applicable", "n/a",
	"does not apply", "prefer not to say", "prefer not to answer", "i prefer not to say", "rather not say", "no answer", "refused", "dk/na",
	"weiß nicht", "weiss nicht", "weiß ich nicht", "weiß ich nicht", "weiss ich nicht", "keine angabe", "keine angaben", "nicht zutreffend", "entfällt", "keine antwort", "k.a", "k. a", "ka", "keine meinung", "kann ich nicht sagen", "kann ich nicht beurteilen", "nicht anwendbar", "möchte ich nicht sagen",
	"ne sait pas", "je ne sais pas", "nsp", "sans opinion", "sans réponse", "non concerné", "non concernée", "ne se prononce pas", "nspp", "pas d'avis", "aucun avis", "pas d'opinion", "ne s'applique pas", "sans objet", "je préfère ne pas répondre", "non applicable",
	"no sabe", "no sé", "no lo sé", "ns/nc", "no sabe / no contesta", "no contesta", "no aplica", "n/c", "ns", "nc", "sin opinión", "no procede", "no tengo opinión", "prefiero no decirlo", "prefiero no responder",
	"non so", "non saprei", "non lo so", "non applicabile", "nessuna opinione", "non pertinente", "nessuna risposta", "non risponde", "non sa", "preferisco non rispondere",
	"weet niet", "weet ik niet", "geen mening", "niet van toepassing", "n.v.t", "nvt", "geen idee", "geen antwoord", "zeg ik liever niet", "wil ik niet zeggen", "wil niet zeggen",
	"não sei", "nao sei", "não se aplica", "prefiro não responder", "não sabe", "sem opinião", "não aplicável", "não responde", "ns/nr", "n.a",
	"nie wiem", "trudno powiedzieć", "nie dotyczy", "brak opinii", "nie mam zdania", "brak odpowiedzi", "odmowa odpowiedzi",
}

// isDontKnow reports whether a cell says so, in the words that are recognised or in those that the user gives.
func (o Options) isDontKnow(text string) bool {
	known := func(text string) bool { return slices.Contains(dontKnows, text) }
	if slices.Contains(o.DontKnow, text) || known(folded(text)) {
		return true
	}
	joined := alternatives(folded(text)) // "Weet niet / n.v.t."
	return len(joined) > 1 && !slices.ContainsFunc(joined, func(text string) bool { return !known(text) })
}
