// Package choose weighs how many segments there are, and whether they can be trusted.
//
//	SweepK     the same recipe at k = 2, 3, …, beside the same on data without groups (Sweep)
//	Advice     Sweep.Advice: which k the evidence favours, which criteria disagree, or that there are no natural segments; Sweep.Panel lists what each says
//	Stability  do the segments, and each customer's, come back when the customers are drawn again?
//	Gap, PredictionStrength, SweepBIC  further evidence
//
// Each takes a table and a recipe. For a table that is already prepared, use a recipe without Prep.
package choose
