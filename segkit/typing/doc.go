// Package typing finds the few questions that tell which segment a new respondent is in, and makes a scoring sheet from them.
//
//	Find     chooses the shortest questionnaire with the desired accuracy from answers whose segments are known (Tool)
//	Tool     its Questions, the Curve of accuracy by length, the accuracy for Each segment next to its ceiling, and the Points
//	Score    names the segment of new respondents, with probabilities (Scores); Sizes corrects how many are in each
//	Points   the scoring sheet: whole points to add up by hand, as CSV, as a page, and as a rule book with SQL
//
//	tool, err := typing.Find(answers, segments, typing.Options{Accuracy: .85, Recipe: recipe})
//	scores, err := tool.Score(others)
//	sizes, err := tool.Sizes(others)
//
// Every accuracy is out-of-fold: questions are chosen, scores learned and points rounded again in each fold, without the
// respondents who are then classified. Choosing the questions from everybody and cross-validating only the scores would find
// accuracy even in answers that have nothing to do with the segments.
//
// A segment has a ceiling: the share of its members who would be in it again if other respondents had been drawn and segmented by
// the same recipe. A tool that is more accurate than that reproduces the accident of the sample, not the segment.
package typing
