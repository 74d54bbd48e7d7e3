// Package track asks how segments live on: who moves, who stays, what changes, and what to do about it.
//
//	Follow       one model at many dates of one order log (History); Refit the same with a recipe fitted anew at every date
//	Migration    customers and money that moved between two dates, beside what chance alone would move
//	Life         how long customers stay in a segment (Kaplan-Meier); Steady where it would all end, if that can be said
//	Cohorts      who came when, and who came back; Stages where each customer stands by their own rhythm
//	Drift        which columns have changed, tested and measured, in all customers or Of one segment; Refresh how far a fresh fit is from the frozen model
//	Decide       one sentence: keep, rename, refit, or rethink
//	Ledger       customer, segment, valid from, valid to: the file that a monthly job keeps
package track
