// Package table holds what is known about customers: who they are, and who is in which segment.
//
//	Table     n customers x d named columns: numbers and categories, weights, missing cells (ReadCSV, FromFrame, New)
//	Column    a name, a unit, the levels of a category, its role, and what it was made from
//	Segments  who is in which segment: labels bound to customer ids, with names; clusters, rules, scores and columns all give one
//	Summary   what is in each column
//
// A Table is immutable: Where, With, Join, Select, Drop, Head and Top return a new one. Missing values are NaN. The notation, here
// and in all packages: n customers (rows), d features (columns), k segments.
package table
