// Package inspect says what a data file holds, how it will be read, and what it leaves open.
//
//	report, err := features.Inspect("orders.csv")  // looks at every record, and tries every answer that it offers
//	report.Questions                               // what somebody who knows the file must say; none: it can be read
//	path, err := report.Keep()                     // keeps the options beside the file, where every reader finds them
//
// A Report holds Columns and Questions, and a Question the Answers that work. Reports are made by features.Inspect; here they are
// laid out for people (Sheet) and for programs (JSON).
package inspect
