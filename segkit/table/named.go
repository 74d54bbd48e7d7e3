package table

import (
	"cmp"
	"slices"

	"github.com/segkit/lab/segkit/fault"
)

// Rows that were only numbered when a table was read are nobody's: row 224 is not customer 224.

// Named refuses to join r with another table by id if one of the two names its customers and the rows of the other were only numbered. Two numbered tables may be of the
// same people in the same order. The names are those of the tables in messages.
func (r *Raw) Named(op, name string, other *Raw, otherName string) error {
	if r.Numbered == other.Numbered {
		return nil
	}
	if other.Numbered {
		name = otherName
	}
	return &fault.CellError{Op: op, File: name, Err: fault.ErrUnmatched,
		Why: "its ids only number its rows, because it was read without a column that names the customers",
		Remedy: "name that column when you read it (survey.Options.ID, or the id of table.ReadCSV), or join with combine.Tables and combine.Options{IDs: combine.ExactIDs} " +
			"if the customers of the other table go by these numbers"}
}

// NamedAs is Named for a table of the same customers, such as what they did afterwards. What was made of the rows of r, such as their places, has the same ids in the
// same order, and is theirs.
func (r *Raw) NamedAs(op string, other *Raw) error {
	if slices.Equal(r.IDs, other.IDs) {
		return nil
	}
	return r.Named(op, cmp.Or(r.Source, "this table"), other, cmp.Or(other.Source, "the other table"))
}
