// Package capstone grades the work on two shops that no lesson shows: is the ledger right, are there groups, do the rules hold, can the test tell?
//
//	nb.Show(capstone.Rubric())                                       // what is asked, and the points for it
//	nb.Show(capstone.Check(capstone.HandIn{A: …, B: …, Model: …}))   // the points, what was found, a hint where some were lost
//
// The orders are datasets.Orders("shop-a") and datasets.Orders("shop-b"). What is true of these shops is made up anew inside Check, from their seeds; and
// the rules are tried on further customers of the same shop that no file holds, so that a rule cannot fit them by chance.
package capstone
