package evidence

// What a model's own orders did not say: words of the status, or that came to something else there, and money that is read of another column. It is asked before such orders are counted.

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/cell"
	"github.com/segkit/lab/segkit/internal/exports"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
)

// Unfamiliar is the error where words of the status say other things than in the orders that a model was made of: known has the words of those, and whether such
// orders came to nothing. A new word that is known to stand changes nothing. Where header is "", there is no status at all. The error names no file yet.
func Unfamiliar(header string, words []Word, known map[string]bool) *fault.CellError {
	if header == "" {
		var said []string
		for word := range known {
			said = append(said, word)
		}
		slices.Sort(said)
		return &fault.CellError{Err: fault.ErrSchema,
			Why:    "no column is known to be the status, and the model's own orders had one (" + quoted(said) + ")",
			Remedy: "set features.OrdersOptions.Status if a column says it, or features.OrdersOptions.Undone to []string{} if no order came to nothing"}
	}
	var fresh, lost, found []string
	for _, w := range words {
		came, there := known[w.Text]
		switch now := w.Taken == Undone; {
		case w.Text == "", !there && w.Taken == Counts:
		case !there:
			fresh = append(fresh, w.Text)
		case came && !now:
			lost = append(lost, w.Text)
		case now && !came:
			found = append(found, w.Text)
		}
	}
	var why []string
	if fresh != nil {
		why = append(why, "holds "+quoted(fresh)+", which the orders that the model was made from never said")
	}
	if lost != nil {
		why = append(why, "says that orders count ("+quoted(lost)+") which came to nothing in those that the model was made from")
	}
	if found != nil {
		why = append(why, "says that orders came to nothing ("+quoted(found)+") which counted in those that the model was made from")
	}
	if why == nil {
		return nil
	}
	first := append(append(lost, fresh...), found...)[0]
	return &fault.CellError{Column: header, Err: fault.ErrSchema, Why: strings.Join(why, "; it "),
		Remedy: fmt.Sprintf("name those of its words whose orders came to nothing in features.OrdersOptions.Undone, such as []string{%q}, or set it to []string{} if none does but those that are known to", first)}
}

// Worth are the roles of the columns that say what a line is worth, as options name them.
var Worth = [...]string{"price", "amount", "total", "quantity"}

// OtherWorth says in a clause that lines are worth something else than those that a model was made of: was and now have the column of each role in Worth, and the "currency". roles
// are those of the model where the file, of that header, still has all their columns; said are the roles that somebody has given by name. Columns whose names differ only in how they are written
// are the same, and so is one that the file has under another name, as somebody has said. why is "" where nothing is otherwise. A unit of money that only one of the two names is no other.
func OtherWorth(was, now map[string]string, header []string, said func(role string) bool) (why string, roles []string) {
	if len(was) == 0 {
		return "", nil
	}
	has := func(column string) bool {
		return slices.ContainsFunc(header, func(h string) bool { return exports.Header(h) == exports.Header(column) })
	}
	other, there := false, true
	for _, role := range Worth {
		w, n := was[role], now[role]
		if w != "" {
			roles, there = append(roles, role), there && has(w)
		}
		switch {
		case exports.Header(w) == exports.Header(n):
		case role == "quantity" && w == "" && was["price"] == "": // the file says more than it did, and money is the same
		case w != "" && n != "" && said(role) && !has(w):
		default:
			other = true
		}
	}
	if !there {
		roles = nil
	}
	if other {
		return fmt.Sprintf("money is %s here, and was %s in the orders that the model was made from", worth(now), worth(was)), roles
	}
	if w, n := was["currency"], now["currency"]; !cell.SameUnit(w, n) {
		return fmt.Sprintf("money is in %s here, and was in %s in the orders that the model was made from", n, w), []string{"currency"}
	}
	return "", nil
}

// worth says which columns give the money.
func worth(columns map[string]string) string {
	out := ""
	switch price, quantity := columns["price"], columns["quantity"]; {
	case price != "" && quantity != "":
		return fmt.Sprintf("%q times %q", price, quantity)
	case price != "":
		return fmt.Sprintf("%q, once a line", price)
	case columns["total"] != "":
		out = fmt.Sprintf("%q, once an order", columns["total"])
	default:
		out = fmt.Sprintf("%q", columns["amount"])
	}
	if quantity := columns["quantity"]; quantity != "" {
		out += fmt.Sprintf(", with %q as the quantity", quantity)
	}
	return out
}

// MostStatuses is how many words a column may have at most to be kept as the status that a model knows: a column of more holds hardly words.
const MostStatuses = 100

// Incomparable says in a sentence that a model does not tell the words of its orders.
func Incomparable(header string) string {
	return fmt.Sprintf("The model does not say which words the status of its orders had (it is of an older version, or its orders had no status), so the words of %s are not compared with them.", header)
}

// quoted lists words, at most six.
func quoted(words []string) string {
	const most = 6
	var out []string
	for _, w := range words[:min(len(words), most)] {
		out = append(out, fmt.Sprintf("%q", wording.Shorten(w, 30)))
	}
	if n := len(words) - len(out); n > 0 {
		out = append(out, wording.Plural(n, "other"))
	}
	return sheet.List(out)
}
