// Package judge asks whether a segmentation is any good: is it few, distinct, stable, substantial, actionable, and did it matter?
//
//	Segments    grades a solution and each of its segments (Verdict), the business metric of later days first
//	Importance  which columns drive the segments: what becomes of them with each column left out, or shuffled among the customers
package judge
