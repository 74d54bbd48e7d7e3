// Package fault says what is wrong, in one sentence with the place and the remedy. What an error wraps tells a program what kind of
// trouble it was: errors.Is(err, fault.ErrMissingColumn).
//
//	CellError    a cell, row or column of the input that cannot be used
//	OptionError  an option out of range, and what would be right
//
// The kinds:
//
//	ErrNil            an argument is nil, mostly since the error of the call that should have made it was passed over
//	ErrOption         an option is out of range, or does not go with another: every OptionError
//	ErrNotFinite      a cell is missing or infinite where a number is needed: impute it, or leave the column out
//	ErrMissingColumn  a table, file or result has no column of that name; the message says which name comes near
//	ErrSchema         a column holds another kind, unit or level than is needed, or two inputs differ in size
//	ErrDuplicate      an id, a column or a name appears twice where it must be unique
//	ErrUnmatched      two inputs are joined by the customers' ids, and these do not match
//	ErrCondition      a condition, formula or rule cannot be read
//	ErrEmpty          there is nothing to work on: no rows, no segments, no values
//	ErrNoPredict      the method assigns no new customers
//	ErrNotPortable    a model cannot be saved without the customers' rows
//	ErrUndefined      a measure or picture has no answer for such data, as the silhouette of one segment
//	ErrFormat         a file is damaged, or is not what it should be
//
// What the system says of a file stays beneath: errors.Is(err, fs.ErrNotExist).
package fault
