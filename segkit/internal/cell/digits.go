package cell

// Digits is what the cells of a column show as to whether their numbers are codes, such as the postcode 01067. The zero value has seen none.
type Digits struct {
	Zeros             Seen // cells of digits alone that begin with a zero and go on
	Shortest, Longest int  // of the cells of digits alone
	Others            bool // some cell has more than digits
}

// Add takes one more cell, which stands in the given row or line.
func (d *Digits) Add(cell []byte, row int) {
	for _, c := range cell {
		if c < '0' || c > '9' {
			d.Others = true
			return
		}
	}
	d.measure(len(cell), len(cell))
	if len(cell) > 1 && cell[0] == '0' {
		d.Zeros.add(cell, row)
	}
}

func (d *Digits) measure(shortest, longest int) {
	if d.Longest == 0 {
		d.Shortest = shortest
	}
	d.Shortest, d.Longest = min(d.Shortest, shortest), max(d.Longest, longest)
}

// Merge adds what another block has shown; before is added to its rows.
func (d *Digits) Merge(from *Digits, before int) {
	d.Zeros.join(from.Zeros, before)
	d.Others = d.Others || from.Others
	if from.Longest > 0 {
		d.measure(from.Shortest, from.Longest)
	}
}

// Padded reports whether the zeros in front belong to codes, which are no numbers without them: every cell is of digits alone, and these have one length, or four digits and
// more, as where a spreadsheet has taken some of the zeros away. 07 beside 12 and 3 is a number.
func (d *Digits) Padded() bool {
	return !d.Others && d.Zeros.Count > 0 && (d.Shortest == d.Longest || d.Shortest > 3)
}
