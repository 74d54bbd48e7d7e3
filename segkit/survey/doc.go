// Package survey answers the question what respondents said: it takes the sheets of a survey to one row per respondent.
//
//	answers, err := survey.Read("answers.csv", survey.Options{})   // strict; scales, yes and no, "don't know" are recognised
//	customers, err := answers.Table()                              // a table.Table: scales are ordered levels
//	steps, err := answers.Scores("price_matters", "quality_matters") // the same as numbers, for methods that want some
//
// What else there is:
//
//	Answers.Clean    repeated sheets, speeders, straight-liners and others leave by rules, with a ledger
//	Answers.Alpha    how reliable a battery is, and which items run against it
//	Ipsatize         response style out of a broad battery: a step of a recipe
//	Rake             weights, so that the sheets stand for the population as far as its margins are known
//
// An answer is one of four things: a level of the question's scale or list, "don't know" in one of its forms, missing, or
// something that the question does not offer, which is an error with its row and its remedy. Answers tells them apart and
// counts them (Answers.Sheet). What the look of a column leaves open, Options decide; nothing is guessed in silence.
package survey
