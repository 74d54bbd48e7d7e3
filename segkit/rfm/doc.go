// Package rfm scores customers by recency, frequency and monetary value, and names them by their scores: the oldest
// segmentation in direct marketing (Hughes 1994, "Strategic Database Marketing"), and still the yardstick.
//
//	scores, err := rfm.Score(customers, rfm.Options{})
//	segments, err := scores.Segments(nil)        // the ten named segments
//	verdict, err := scores.Lint(rfm.RVignette()) // what is wrong with another map of the same names
//
// The cuts between scores can be kept and used again (Options.Cuts), so that next month's customers are measured by the
// same yardstick and not against each other.
package rfm
