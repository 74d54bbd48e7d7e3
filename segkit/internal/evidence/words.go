package evidence

// What the words of the status and of the direction are taken for, in sentences.

import (
	"fmt"

	"github.com/segkit/lab/segkit/internal/exports"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
)

// Taken is what a word is taken for.
type Taken int

const (
	Unsure Taken = iota // nobody has said: it counts as it stands
	Counts
	Undone    // by the status
	MoneyBack // by the direction
)

// Word is what one word stands for in a set of lines.
type Word struct {
	Of exports.Meaning // Status or Direction
	Taken
	Text      string // "" where there is none
	Lines     int    // of a word that is taken for Undone: purchases
	Money     string // sum of the amounts, as it is shown
	Back      int    // what is no purchase, which the rule Undone leaves where it is; not in Lines where the word is taken for Undone
	BackMoney string
}

// onReturns reports whether the word is not known but stands on no purchase: nothing that it could mean changes what such lines count for.
func (w *Word) onReturns() bool {
	return w.Taken == Unsure && w.Of == exports.Status && w.Back == w.Lines
}

// Without is the rule that leaves the lines of a word out.
func (w *Word) Without() string { return fmt.Sprintf("features.Without(%q, %q)", w.Of, w.Text) }

// Remedy is what an audit says to a word.
func (w *Word) Remedy() string {
	switch {
	case w.Taken == Undone && w.Lines > 0:
		return "features.Undone"
	case w.Taken == MoneyBack || w.Taken == Undone || w.onReturns(): // what is no purchase, the rule leaves
		return "none: it counts as money back"
	case w.Taken == Counts:
		return "none: it counts"
	case w.Of == exports.Direction:
		return "not known: its money counts with the sign that it has; " + w.Without() + " leaves it out"
	}
	return "not known, so it counts: " + w.Without() + " if such orders came to nothing"
}

// Finding is what an audit calls the lines of a word.
func (w *Word) Finding() string { return fmt.Sprintf("%s %q", w.Of, wording.Shorten(w.Text, 30)) }

// Said are sentences on the words of one column, in the order of the lines.
func Said(of exports.Meaning, header string, words []Word) (out []string) {
	const most = 12
	var lists [MoneyBack + 1][]string
	var unknown, back []Word
	var returns []string
	for _, w := range words {
		if w.Of != of {
			continue
		}
		if w.onReturns() {
			returns = append(returns, on(w.Text, w.Lines, w.Money))
			continue
		}
		if w.Taken == Unsure {
			unknown = append(unknown, w)
		}
		if w.Taken == Undone && w.Back > 0 {
			back = append(back, w)
		}
		if w.Lines > 0 {
			lists[w.Taken] = append(lists[w.Taken], on(w.Text, w.Lines, w.Money))
		}
	}
	list := func(t Taken) string {
		if n := len(lists[t]) - most; n > 0 && t != Unsure { // what is not known is for a person to answer, word by word
			return sheet.List(append(lists[t][:most:most], sheet.Count(n)+" others"))
		}
		return sheet.List(lists[t])
	}
	if lists[Counts] != nil {
		out = append(out, fmt.Sprintf("%s says %s: such lines count.", header, list(Counts)))
	}
	if lists[Undone] != nil {
		out = append(out, fmt.Sprintf("%s says %s; such lines count until features.Undone removes them.", header, list(Undone)))
	}
	if back != nil {
		var list []string
		for _, w := range back {
			list = append(list, on(w.Text, w.Back, w.BackMoney))
		}
		out = append(out, fmt.Sprintf("Of goods that came back, %s says %s: features.Undone removes purchases only, and such lines go on counting as refunds; %s leaves them out.", header, sheet.List(list), back[0].Without()))
	}
	if returns != nil {
		out = append(out, fmt.Sprintf("%s says %s, of which none is a purchase: such lines count as refunds.", header, sheet.List(returns)))
	}
	if lists[Unsure] != nil && of == exports.Status {
		out = append(out, fmt.Sprintf("What %s means by %s is not known, so such lines count: if their orders came to nothing, %s leaves them out, or features.OrdersOptions.Undone names them.", header, list(Unsure), unknown[0].Without()))
	} else if lists[Unsure] != nil {
		out = append(out, fmt.Sprintf("What %s means by %s is not known: such money counts with the sign that it has.", header, list(Unsure)))
	}
	return out
}

// on says on how many lines a word stands.
func on(word string, lines int, money string) string {
	text := fmt.Sprintf("%q", wording.Shorten(word, 30))
	if word == "" {
		text = "nothing"
	}
	return fmt.Sprintf("%s on %s (%s)", text, wording.Plural(lines, "line"), money)
}
