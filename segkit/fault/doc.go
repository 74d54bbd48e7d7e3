// Package fault says what is wrong, in one sentence with the place and the remedy. What an error wraps tells a program what kind of
// trouble it was: errors.Is(err, fault.ErrMissingColumn).
//
//	CellError    a cell, row or column of the input that cannot be used
//	OptionError  an option out of range, and what would be right
package fault
