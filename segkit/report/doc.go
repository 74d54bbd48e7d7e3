// Package report asks what a manager needs to know: it lays results out as one page that opens anywhere, and as files that programs read.
//
//	Contents  the available results
//	Write     report.html, segments.csv, model.json, rules.sql and record.json in a folder, each complete or not at all
//	HTML      only the page
//	Tables    every table of the page with its units, for a workbook
//
// The page needs no script and loads nothing: it opens without a network, in light and dark mode, and can be printed. Its first page is the answer:
// whom to write to, what they brought and are expected to bring, what to do, how to test it, and what to bear in mind. Cards, evidence, the verdict,
// what cleaning removed, and where everything comes from follow. The same contents give the same bytes.
//
// Other packages state their findings in English. A report uses the reader's language: it makes its sentences from their figures, with the words of
// one file per language (english.go), and with numbers, dates and money in the reader's format.
package report
