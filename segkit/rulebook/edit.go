package rulebook

import (
	"fmt"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/wording"
)

// One change that somebody makes to segments by hand, as plain data: it reads like a sentence, and can be made again next month.

// Edit is one change. At most one of Merge, Rename, Split and Move is given:
//
//	Edit{Merge: []string{"Recent", "New"}, Into: "Recent"}                  // makes one segment of several
//	Edit{Rename: "Frequent, high-value", Into: "Regulars"}
//	Edit{Split: "Regulars", When: "basket > 200", Into: "Wholesale"}        // part of a segment becomes a new one
//	Edit{Move: "Regulars", When: "country == 'FR'", Into: "Recent"}         // part of a segment joins another
//	Edit{IDs: []string{"C-17", "C-29"}, Into: "Wholesale"}                  // customers of any segment, or of none, join one
type Edit struct {
	Merge  []string `json:"merge,omitempty"`
	Rename string   `json:"rename,omitempty"`
	Split  string   `json:"split,omitempty"`
	Move   string   `json:"move,omitempty"`
	When   string   `json:"when,omitempty"` // the customers to split off or to move, by a condition, as in Where; or
	IDs    []string `json:"ids,omitempty"`  // the customers themselves
	Into   string   `json:"into"`
}

// editKind is what an Edit does.
type editKind int

const (
	mergeEdit editKind = iota
	renameEdit
	splitEdit
	moveEdit
)

// kind returns what the edit does, or an error that says what it lacks.
func (e Edit) kind() (editKind, error) {
	refuse := func(field string, value any, want string) (editKind, error) {
		return 0, &fault.OptionError{Method: "rulebook.Edit", Field: field, Value: value, Want: want}
	}
	verbs, kind := 0, moveEdit
	for k, given := range []bool{mergeEdit: e.Merge != nil, renameEdit: e.Rename != "", splitEdit: e.Split != "", moveEdit: e.Move != ""} {
		if given {
			verbs++
			kind = editKind(k)
		}
	}
	picks := e.When != "" || e.IDs != nil
	switch {
	case verbs > 1:
		return refuse("Into", e.Into, "an edit that does one thing: give only one of Merge, Rename, Split, Move, "+
			"and make the other a separate edit")
	case e.Into == "":
		return refuse("Into", `""`, "the name of the segment that results")
	case e.When != "" && e.IDs != nil:
		return refuse("IDs", fmt.Sprintf("%q", e.IDs), "nothing, because When says who: make two edits of it")
	case (kind == splitEdit || kind == moveEdit) && !picks:
		return refuse("When", `""`, "a condition such as spend > 100, or IDs, to say who moves")
	case (kind == mergeEdit || kind == renameEdit) && picks:
		return refuse("When", wording.Code(e.When), "nothing: Merge and Rename take whole segments; use Split or Move for a part")
	case kind == mergeEdit && len(e.Merge) < 2:
		return refuse("Merge", fmt.Sprintf("%q", e.Merge), "two segments or more")
	}
	return kind, nil
}

// String says what the edit does: `split "Wholesale" off "Regulars" (basket > 200)`.
func (e Edit) String() string {
	who := ""
	switch {
	case e.When != "":
		who = " (" + e.When + ")"
	case e.IDs != nil:
		who = fmt.Sprintf(" (%s by id)", wording.Plural(len(e.IDs), "customer"))
	}
	switch {
	case e.Merge != nil:
		return fmt.Sprintf("merge %s into %q", wording.Quoted(e.Merge), e.Into)
	case e.Rename != "":
		return fmt.Sprintf("rename %q to %q", e.Rename, e.Into)
	case e.Split != "":
		return fmt.Sprintf("split %q off %q%s", e.Into, e.Split, who)
	case e.Move != "":
		return fmt.Sprintf("move from %q to %q%s", e.Move, e.Into, who)
	}
	return fmt.Sprintf("move to %q%s", e.Into, who)
}
