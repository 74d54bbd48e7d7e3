// Package rulebook expresses segments as rules: rules that people write, and rules that describe clusters in a few conditions.
//
//	Book     named rules, from Go or from a text file (Read): Assign, Lint, SQL
//	Explain  describes any segments as rules, and says how well they fit (Explanation)
//	Carve    applies rules first and clusters the rest; Adopt lets rules decide and clusters audit; Refine edits by hand
package rulebook
