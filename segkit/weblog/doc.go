// Package weblog takes website visits to one row per visitor.
//
//	visits, err := weblog.ReadVisits("hits.csv", weblog.VisitsOptions{})                 // hits, sessions, or a server's log
//	clean, err := visits.Clean(weblog.NoVisitor, weblog.KnownBot, weblog.TooFast)        // each rule tells what it removed
//	visitors, err := clean.Features(asOf)                                                // a table.Table; nothing after asOf
//
// A hit is one page looked at, or one event. Hits of one visitor make a visit (a session) until nothing follows for half an hour, or what
// VisitsOptions.Gap says. A file may have a line for each hit or one for each visit.
//
// The rules of Clean, each of which says in the ledger what it removed:
//
//	NoVisitor   hits of nobody                           KnownBot    robots that say what they are in their user agent
//	NoTime      hits whose time is not known             TooFast     visits that look at pages faster than people read
//	Duplicate   hits that repeat an earlier one          TooMany     visitors with more pages on a day than people look at
//	ClockReset  hits of years far from all others        AllDay      visitors who are there around the clock
//	NotAPage    pictures, failed requests, robots.txt    SamePerson  makes one visitor of the browsers on which one customer logs in
//	Without     hits with given values of a column
//
// How long the last page of a visit was looked at is not known, so a visit of one page has no duration, rather than one of 0. Cookies
// do not live long, and neither do the visitors that are known by them: see Cleaned.Cookies.
//
// Hits are held in columns, about 40 bytes each. Days and hours are the local ones of the file, or of the place that VisitsOptions.Zone
// names. What comes after what, and how long it took, goes by the instant where the file has zones: the hour in which clocks go back is two.
package weblog
