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

// Plain is Parse for the commonest cells, read by a single layout of figures such as 2006-01-02 or 2/1/2006: the date alone, or
// with a time "15:04" or "15:04:05" behind it, and no zone. Everything else is false, and Parse may still read it.
func (r *DateReading) Plain(cell []byte) (seconds int64, timed, ok bool) {
	if len(r.Layouts) != 1 || r.location != nil || len(r.Layouts[0].parts) != 5 {
		return 0, false, false
	}
	var s stamp
	i := 0
	for f := range r.Layouts[0].parts {
		p := &r.Layouts[0].parts[f]
		if p.field == literal {
			if len(p.text) != 1 || i >= len(cell) || cell[i] != p.text[0] {
				return 0, false, false
			}
			i++
			continue
		}
		v, from := 0, i
		for i < len(cell) && digit(cell[i]) && i < from+4 {
			v = 10*v + int(cell[i]-'0')
			i++
		}
		n := i - from
		switch {
		case p.field == year4 && n == 4:
			s.year = v
		case p.field == month && n > 0 && n < 3:
			s.month = v
		case p.field == day && n > 0 && n < 3:
			s.day = v
		default:
			return 0, false, false
		}
	}
	if t := cell[i:]; len(t) > 0 {
		if len(t) != 6 && len(t) != 9 || t[0] != ' ' && t[0] != 'T' || t[3] != ':' || !digit(t[1]) || !digit(t[2]) || !digit(t[4]) || !digit(t[5]) {
			return 0, false, false
		}
		s.hour, s.minute = int(t[1]-'0')*10+int(t[2]-'0'), int(t[4]-'0')*10+int(t[5]-'0')
		if len(t) == 9 {
			if t[6] != ':' || !digit(t[7]) || !digit(t[8]) {
				return 0, false, false
			}
			s.second = int(t[7]-'0')*10 + int(t[8]-'0')
		}
		s.timed = true
	}
	return s.seconds(), s.timed, s.valid()
}
