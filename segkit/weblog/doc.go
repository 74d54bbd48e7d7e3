// Package weblog turns website visits into one row per visitor.
//
//	visits, err := weblog.ReadVisits("hits.csv", weblog.VisitsOptions{})                 // hits, sessions, or a server's log
//	clean, err := visits.Clean(weblog.NoVisitor, weblog.KnownBot, weblog.TooFast)        // each rule says what it removed
//	visitors, err := clean.Features(asOf)                                                // a table.Table; nothing after asOf
//
// A hit is one page view, or one event. Hits of one visitor belong to the same visit (session) until nothing follows for half an hour, or
// for VisitsOptions.Gap. A file may have a line for each hit or one for each visit.
//
// These are the rules for Clean; the ledger says what each of them removed:
//
//	NoVisitor   hits without a visitor                   KnownBot    robots that identify themselves in their user agent
//	NoTime      hits whose time is not known             TooFast     visits that look at pages faster than people read
//	Duplicate   hits that repeat an earlier one          TooMany     visitors with more pages on a day than people look at
//	ClockReset  hits of years far from all others        AllDay      visitors who are there around the clock
//	NotAPage    pictures, failed requests, robots.txt    SamePerson  makes one visitor of the browsers on which one customer logs in
//	Without     hits with given values of a column
//
// It is not known how long the last page of a visit was viewed, so a visit of one page has no duration, rather than a duration of 0.
// Cookies do not live long, and neither do the visitors who are recognised by them: see Cleaned.Cookies.
//
// Hits are held in columns, about 40 bytes each. Days and hours are the local ones of the file, or of the place that VisitsOptions.Zone
// names. If the file has time zones, order and durations go by the exact instant, so that the repeated hour when clocks go back counts as
// two.
package weblog
