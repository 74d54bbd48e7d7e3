// Package layout says how a text file lays out its records: its encoding, what separates the fields, which line names the
// columns, and where the data starts.
//
//	text, err := layout.Open(file)               // unpacked, in UTF-8, while it is read
//	l, err := layout.Recognise(text, layout.Given{}) // from the first megabyte; text then stands at the first line of data
//
// Programs decide all of this in many ways, and files do not say how. What the first megabyte shows with certainty is
// taken, and what is unusual is said in Notes; what it leaves open is refused in a sentence that names the remedy.
package layout
