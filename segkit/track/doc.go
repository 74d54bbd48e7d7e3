// Package track asks how segments change over time: who moves, who stays, what changes, and what to do about it.
//
//	Follow       one model at many dates of one order log (History); Refit does the same with a recipe fitted again at every date
//	Migration    customers and money that moved between two dates, compared with what chance alone would move
//	Life         how long customers stay in a segment (Kaplan-Meier); Steady says where it would all end, if that can be known
//	Cohorts      who came when, and who came back; Stages says where each customer stands by their own rhythm
//	Drift        which columns have changed, tested and measured, in all customers or Of one segment; Refresh says how far a fresh fit is from the frozen model
//	Decide       one sentence: keep, rename, refit, or rethink
//	Ledger       customer, segment, valid from, valid to: the file that a monthly job keeps
package track
