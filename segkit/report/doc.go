// Package report asks what a manager needs to know: it lays results out as one page that opens anywhere, and as files that programs read.
//
//	Contents  the results at hand, as far as there are any
//	Write     report.html, segments.csv, model.json, rules.sql and record.json in a folder, each whole or not at all
//	HTML      the page alone
//	Tables    every table of the page with its units, for a workbook
//
// The page needs no script and loads nothing: it opens without a network, in light and in dark, and prints. Its first page is the answer: whom to
// write to, what they brought and will bring, what to do, how to test it, and what to mind. Cards, evidence, the verdict, what cleaning removed, and
// where everything comes from stand behind it. The same contents give the same bytes.
//
// The rooms below say their findings in English. A report speaks the reader's language: it makes its sentences of their figures, in the words of one
// file a language (english.go), with numbers, dates and money in the reader's form.
package report
