// Package describe introduces the segments: who is in them, what is typical of them, and how do they differ?
//
//	Segments   profiles segments on a table in original units (Profile): sizes, values, medians, markers, names
//	Personas   introduces each in three sentences with a typical customer and, given rules, how to recognise it
//	Influence  how much each column contributes to the segments
//
// Columns that formed the segments are marked, because a difference between segments there is not a finding.
package describe
