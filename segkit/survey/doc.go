// Package survey says what respondents answered: it turns the sheets of a survey into one row per respondent.
//
//	answers, err := survey.Read("answers.csv", survey.Options{})   // strict; scales, yes and no, "don't know" are recognised
//	customers, err := answers.Table()                              // a table.Table: scales are ordered levels
//	steps, err := answers.Scores("price_matters", "quality_matters") // the same as numbers, for methods that want some
//
// What else there is:
//
//	Answers.Clean    removes repeated sheets, speeders, straight-liners and others by rules, with a ledger
//	Answers.Alpha    how reliable a battery is, and which items run against it
//	Ipsatize         takes response style out of a broad battery, as a step of a recipe
//	Rake             weights the sheets so that they represent the population as far as its margins are known
//
// An answer is one of four things: a level of the question's scale or list, "don't know" in one of its forms, missing, or
// something that the question does not offer, which is an error with its row and its remedy. Answers distinguishes and
// counts them (Answers.Sheet). If a column leaves something open, Options decide; nothing is guessed silently.
package survey
