// Package judge asks whether a segmentation is any good: is it few, distinct, stable, substantial, actionable, and did it matter?
//
//	Segments    grades a solution and each of its segments (Verdict), starting with the business metric of later days
//	Importance  which columns drive the segments: what happens to them if each column is left out, or shuffled among the customers
package judge
