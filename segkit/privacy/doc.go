// Package privacy says what part of an analysis may be shown, and to whom.
//
//	Share     what a page about segments may disclose: a profile, a plan and personas without real people in them
//	Cross     customers, or what they are worth, by segment and one more column: a table that is about to be shared
//	Suppress  such a table with small and dominated cells left out, and enough others that the first cannot be worked out from the totals
//	Proxies   how well the segments reveal what must play no part, such as age or sex: a question of the verdict (judge.Options.Proxies)
//	Release   rows that may leave the company: k-anonymity, with what it does not prevent
//	Identifiers  columns that identify customers, which no recipe takes
//	Rules     how many customers a cell must rest on, and how closely one of them may be estimated
//
// A cell that is left out is protected only if it cannot be worked out from the other cells and the totals: Suppressed gives the
// range that these still allow for each.
package privacy
