// Package privacy says what of an analysis may be shown, and to whom.
//
//	Share     what a page about segments may tell: a profile, a plan and personas without anybody in them
//	Cross     customers, or what they are worth, by segment and one more column: a table that is about to be shared
//	Suppress  such a table with small and dominated cells left out, and enough others that they cannot be worked out from the totals
//	Proxies   how well the segments tell what must play no part, such as age or sex: a question of the verdict (judge.Options.Proxies)
//	Release   rows that may leave the house: k-anonymity, with what it does not stop
//	Identifiers  columns that tell who customers are, which no recipe takes
//	Rules     how many customers a cell must rest on, and how closely one of them may be estimated
//
// A cell that is left out is protected only if the other cells and the totals leave it open: Suppressed says for each the range that
// they still allow.
package privacy
