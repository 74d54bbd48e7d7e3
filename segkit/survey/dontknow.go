package survey

import "slices"

// How people say that they cannot or would not answer. It is no step of a scale, and not a cell that was left empty either.
var dontKnows = []string{
	"don't know", "dont know", "do not know", "i don't know", "dk", "not sure", "unsure", "can't say", "cannot say", "no opinion", "not applicable", "n/a",
	"does not apply", "prefer not to say", "prefer not to answer", "i prefer not to say", "rather not say", "no answer", "refused", "don't know / not applicable", "don't know/not applicable", "don't know / no answer",
	"weiß nicht", "weiss nicht", "weiß ich nicht", "keine angabe", "keine angaben", "k.a", "k. a", "ka", "keine meinung", "kann ich nicht sagen", "kann ich nicht beurteilen", "nicht anwendbar", "möchte ich nicht sagen", "weiß nicht / keine angabe",
	"ne sait pas", "je ne sais pas", "nsp", "sans opinion", "sans réponse", "non concerné", "non concernée", "ne se prononce pas", "non applicable",
	"no sabe", "no sé", "no lo sé", "ns/nc", "no sabe / no contesta", "no contesta", "no aplica", "prefiero no decirlo", "prefiero no responder",
	"non so", "non saprei", "non lo so", "non applicabile", "preferisco non rispondere",
	"weet niet", "weet ik niet", "geen mening", "niet van toepassing", "n.v.t", "nvt", "wil niet zeggen",
	"não sei", "nao sei", "não se aplica", "prefiro não responder", "não sabe",
	"nie wiem", "trudno powiedzieć", "nie dotyczy", "odmowa odpowiedzi",
}

// isDontKnow reports whether a cell says so, in the words that are recognised or in those that the user gives.
func (o Options) isDontKnow(text string) bool {
	return slices.Contains(o.DontKnow, text) || slices.Contains(dontKnows, folded(text))
}
