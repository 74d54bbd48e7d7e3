// Package cell reads the cells of a column: what their numbers and dates mean is decided by the whole column, never by one cell.
//
// Two passes do it. The first shows every cell to a Numbers or a Dates, which keep what decides and what contradicts: any
// block of the column by any worker, and Merge joins them in the order of the file. Readings then gives the one way in
// which the column can be read, or the ways that remain, each with what it would add up to (numbers) or the days it would
// run from and to (dates). The second pass calls Parse of that reading. Where more than one remains, Question is the
// sentence to ask: a factor of a thousand, or day for month, is never guessed.
//
//	var n cell.Numbers
//	for i, c := range cells {
//		v, decimals, ok := n.Add(c, i+2) // the value with decimal points, which mostly is the answer
//	}
//	r := n.Readings(0) // 0: not told; '.' or ',' where the user said so
//
// Cells come as raw bytes with no blanks around them, in UTF-8 or, cell by cell, Windows-1252. Cells that are missing are
// the caller's: Missing finds them, and they are not shown to the evidence.
package cell
