package suggest

// Ids of one customer that people and programs write in several ways.

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
)

// Form says which differences between two spellings of an id do not matter.
type Form uint8

const (
	Zeros  Form = 1 << iota // "00123" is "123"
	Blanks                  // "C 17", " C17" and "C17" are the same, whatever the kind of blank
	Case                    // "C-17" is "c-17"
	Point                   // "123.0" is "123"
	Marks                   // "123.456-7" and "123456/7" are "1234567"

	Every = Zeros | Blanks | Case | Point | Marks
)

// forms are the single forms with their names in options and what ignoring them means, the most usual first.
var forms = []struct {
	form       Form
	name, says string
}{{Zeros, "zeros", "leading zeros"}, {Blanks, "blank", "blanks"}, {Case, "case", "capitals"}, {Point, "point", `".0" at the end`}, {Marks, "marks", "punctuation marks"}}

// punctuation is what people put between the parts of an id.
const punctuation = ".-/\\_,;:'()+#·‐‑–—"

// Says reads like "leading zeros and capitals".
func (f Form) Says() string {
	var words []string
	for _, one := range forms {
		if f&one.form != 0 {
			words = append(words, one.says)
		}
	}
	return sheet.List(words)
}

// Names are the names of the single forms of f, as options have them.
func (f Form) Names() (names []string) {
	for _, one := range forms {
		if f&one.form != 0 {
			names = append(names, one.name)
		}
	}
	return names
}

// Named is the form of names; unknown is the first that there is none of.
func Named(names []string) (f Form, unknown string) {
	for _, name := range names {
		at := slices.Index(Every.Names(), name)
		if at < 0 {
			return 0, name
		}
		f |= forms[at].form
	}
	return f, ""
}

// Of is the id without the differences that do not matter. Marks and zeros of an e-mail address are part of it, and so is the minus of a number below zero.
func (f Form) Of(id string) string {
	if !alphanumeric(id) {
		if strings.Contains(id, "@") {
			f &= Blanks | Case
		}
		if f&Blanks != 0 {
			id = without(id, blank)
		}
		if f&Point != 0 {
			if whole, fraction, ok := strings.Cut(id, "."); ok && whole != "" && fraction != "" && strings.Trim(fraction, "0") == "" && digits(whole) {
				id = whole
			}
		}
		if f&Marks != 0 && !(strings.HasPrefix(id, "-") && digits(id[1:])) {
			if plain := without(id, mark); plain != "" {
				id = plain
			}
		}
	}
	if f&Case != 0 {
		id = strings.ToLower(id)
	}
	if f&Zeros != 0 {
		if rest := strings.TrimLeft(id, "0"); rest != "" {
			id = rest
		} else if id != "" {
			id = "0"
		}
	}
	return id
}

// alphanumeric reports whether an id is of plain letters and digits alone, as most are.
func alphanumeric(id string) bool {
	for _, c := range []byte(id) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return true
}

func blank(r rune) bool { return unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' }

func mark(r rune) bool { return strings.ContainsRune(punctuation, r) }

func without(id string, drop func(r rune) bool) string {
	if !strings.ContainsFunc(id, drop) {
		return id
	}
	return strings.Map(func(r rune) rune {
		if drop(r) {
			return -1
		}
		return r
	}, id)
}

func digits(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}

// moved reports whether two ids have the same marks in other places, as 1-12 and 11-2 do: they are numbers of two parts, and not the same.
func moved(a, b string) bool {
	between := func(id string) string { return without(id, func(r rune) bool { return !mark(r) && !blank(r) }) }
	return a != b && between(a) != "" && between(a) == between(b) && (Marks|Blanks).Of(a) == (Marks|Blanks).Of(b)
}

// Respelled is ids of one list that another has once some differences are ignored, and not before.
type Respelled struct {
	IDs      int    // how many
	Row      int    // where the first of them stands in its list
	ID, Like string // that id, and how the other list writes it
	Form     Form   // the fewest differences that explain as many
}

// Elsewhere looks for ids of the one list that the other does not have in form now, but has in another. It costs O(n).
func Elsewhere(ids, other []string, now Form) Respelled {
	lone := func(of, among []string) (rows []int) {
		known := make(map[string]struct{}, len(among))
		for _, id := range among {
			known[now.Of(id)] = struct{}{}
		}
		for i, id := range of {
			if _, ok := known[now.Of(id)]; !ok {
				rows = append(rows, i)
			}
		}
		return rows
	}
	mine := lone(ids, other)
	if len(mine) == 0 {
		return Respelled{}
	}
	theirs := lone(other, ids)
	try := func(f Form) Respelled {
		out, known := Respelled{Form: f}, make(map[string]string, len(theirs))
		for _, i := range theirs {
			known[(f | now).Of(other[i])] = other[i]
		}
		for _, i := range mine {
			if like, ok := known[(f | now).Of(ids[i])]; ok && !moved(ids[i], like) {
				if out.IDs++; out.IDs == 1 {
					out.Row, out.ID, out.Like = i, ids[i], like
				}
			}
		}
		return out
	}
	all := try(Every)
	if all.IDs == 0 {
		return all
	}
	for _, one := range forms {
		if r := try(all.Form &^ one.form); r.IDs == all.IDs {
			all = r
		}
	}
	return all
}

// Several is ids of one list that are fewer once some differences between them are ignored.
type Several struct {
	Fewer   int      // by how many
	Form    Form     // the fewest differences that explain as many; 0: how accents and blanks are stored
	Example []string // the spellings of the id that has most
}

// Spellings looks for ids that differ in their spelling alone. It costs O(n).
func Spellings(ids []string) Several {
	plain := func(f Form, id string) string {
		if alphanumeric(id) {
			return f.Of(id)
		}
		return f.Of(composed.Replace(id))
	}
	try := func(f Form) Several {
		changed := map[string][]string{} // the spellings of the ids of which something was taken off, by what remains
		for _, id := range ids {
			if p := plain(f, id); p != id {
				changed[p] = nil
			}
		}
		out := Several{Form: f}
		if len(changed) == 0 {
			return out
		}
		for _, id := range ids {
			p := plain(f, id)
			as, ok := changed[p]
			if !ok || len(as) > 0 && (as[0] == id || moved(as[0], id)) {
				continue
			}
			changed[p] = append(as, id)
			if len(as) > 0 {
				out.Fewer++
			}
			if len(as) > 0 && len(as)+1 > len(out.Example) {
				out.Example = changed[p]
			}
		}
		return out
	}
	all := try(Every)
	if all.Fewer == 0 {
		return all
	}
	for _, one := range forms {
		if s := try(all.Form &^ one.form); s.Fewer == all.Fewer {
			all = s
		}
	}
	return all
}

// Among reads like `3 customer ids are 1 if leading zeros and punctuation marks are ignored, as in "0123", "12-3" and "123"`, where there are n ids of what in all.
func (s Several) Among(n int, what string) string {
	but := s.Form.Says() + " are"
	if s.Form == 0 {
		but = "the ways to store accents and blanks are"
	}
	const most = 4
	var as []string
	for _, id := range s.Example[:min(most, len(s.Example))] {
		as = append(as, strconv.QuoteToASCII(wording.Clip(id)))
	}
	return fmt.Sprintf("%s %s are %s if %s ignored, as in %s", sheet.Count(n), what, sheet.Count(n-s.Fewer), but, sheet.List(as))
}
