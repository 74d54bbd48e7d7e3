package cell

// Sure is Add for a reader that goes on before the column is known to its end and takes mark for the decimal mark so far.
// sure says that the value will stand: no reading of the whole column gives the cell another one. What is not sure must be
// kept and parsed by the reading that the whole column allows. decided says that a cell of the column can only be read
// with mark, so that 1.234 is sure as well.
func (n *Numbers) Sure(cell []byte, row int, mark byte, decided bool) (v int64, decimals int, sure bool) {
	v, decimals, kind := plain(cell, mark)
	switch {
	case kind == unmarked:
		n.plain.add(cell, row)
		n.sums[ofPlain].add(v, 0)
		if v != 0 {
			n.bare.add(cell, row)
		}
		return v, 0, true
	case kind == noPlain, kind == isEither && !decided:
		n.Add(cell, row)
		return 0, 0, false
	}
	reading := 0
	if mark == ',' {
		reading = 1
		n.comma.add(cell, row)
		n.sums[ofComma].add(v, decimals)
	} else {
		n.point.add(cell, row)
		n.sums[ofPoint].add(v, decimals)
	}
	if v != 0 {
		n.bare.add(cell, row)
	}
	if v, decimals = trimmed(v, decimals); decimals > n.most[reading] {
		n.finer(reading, cell, row, decimals)
	}
	return v, decimals, decimals <= MaxDecimals
}

// Round rounds v from the given decimals to fewer, halves away from zero.
func Round(v int64, decimals, to int) (int64, int) {
	return rounded(v, decimals, to), min(decimals, to)
}
