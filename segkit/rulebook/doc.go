// Package rulebook says segments as rules: those that people write, and those that say clusters in a few conditions.
//
//	Book     named rules, from Go or from a text file (Read): Assign, Lint, SQL
//	Explain  says any segments as rules, and how nearly (Explanation)
//	Carve    takes rules first and clusters the rest; Adopt lets rules decide and clusters audit; Refine edits by hand
package rulebook
