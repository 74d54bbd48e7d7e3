package cell

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/segkit/lab/segkit/internal/textfile"
)

// Layout is one way of writing dates. A time of day and a zone may follow the date in any common way.
type Layout struct {
	name  string
	parts []part
	count epoch // for dates that are numbers
}

// String is the layout as ParseLayouts takes it.
func (l Layout) String() string { return l.name }

// part is a field of a layout, or the text between fields.
type part struct {
	field
	text string // of literal
	wide bool   // has as many digits as it may: what follows is a digit too
}

type field byte

const (
	literal field = iota // one blank stands for any number of them
	year4
	year2 // 69 to 99 are 1969 to 1999, 00 to 68 are 2000 to 2068, as POSIX and package time have it
	month
	monthName
	day
	hour
	minute
	second
	half // AM or PM
	zone
	weekday
)

// figures reports whether the field is written in digits.
func (f field) figures() bool {
	switch f {
	case year4, year2, month, day, hour, minute, second:
		return true
	}
	return false
}

// epoch is what a date that is a number counts from, and in what.
type epoch byte

const (
	none epoch = iota
	excel
	excel1904
	unix
	unixMilli
	unixMicro
)

var epochs = [...]struct {
	name    string
	perDay  int64 // units of a day
	shift   int64 // days from the epoch to 1970
	comment string
}{
	excel:     {"excel", 1, 25569, "days counted from 1900"},
	excel1904: {"excel 1904", 1, 24107, "days counted from 1904"},
	unix:      {"unix", 86400, 0, "seconds since 1970"},
	unixMilli: {"unix ms", 86400e3, 0, "milliseconds since 1970"},
	unixMicro: {"unix us", 86400e6, 0, "microseconds since 1970"},
}

// stamp is a date as a cell shows it.
type stamp struct {
	year, month, day     int
	hour, minute, second int
	timed                bool
	zone                 string // "" for none
	offset               int    // minutes
}

// match reads a whole cell.
func (l *Layout) match(b []byte) (s stamp, ok bool) {
	s, ok = l.fields(b)
	return s, ok && s.valid()
}

// fields is match for any numbers, also for a day that there is not.
func (l *Layout) fields(b []byte) (s stamp, ok bool) {
	b = legible(b)
	if l.count != none {
		return s, l.number(b, &s)
	}
	for i := range l.parts {
		if b, ok = l.parts[i].match(b, &s); !ok {
			return s, false
		}
	}
	return s, len(b) == 0 || s.tail(b)
}

// legible is a cell with plain blanks, and without the marks of direction that some programs put between the figures.
func legible(b []byte) []byte {
	if !slices.ContainsFunc(b, func(c byte) bool { return c >= utf8.RuneSelf }) {
		return b
	}
	if !utf8.Valid(b) {
		b = textfile.FromWindows1252(b)
	}
	return bytes.Map(shown, b)
}

// shown is what a person sees of a character: of any blank a plain one, and -1 of a mark that does not show.
func shown(r rune) rune {
	switch r {
	case '\u00a0', '\u202f', '\u2009', '\u2007':
		return ' '
	case '\u200e', '\u200f', '\u200b', '\ufeff':
		return -1
	}
	return r
}

func (p *part) match(b []byte, s *stamp) (rest []byte, ok bool) {
	switch p.field {
	case literal:
		return p.skip(b)
	case monthName, weekday:
		word, n := letters(b)
		if n < len(b) && n > 0 && b[n] == '.' {
			n++
		}
		if p.field == weekday {
			return b[n:], weekdays[word] > 0
		}
		s.month = monthNames[word]
		return b[n:], s.month > 0
	case half:
		return s.half(b)
	case zone:
		return s.readZone(b)
	case year4:
		s.year, b, ok = digits(b, 4, 4)
		return b, ok
	case year2:
		if s.year, b, ok = digits(b, 2, 2); s.year < 69 {
			s.year += 100
		}
		s.year += 1900
		return b, ok
	}
	least := 1
	if p.wide {
		least = 2
	}
	v, b, ok := digits(b, least, 2)
	switch p.field {
	case month:
		s.month = v
	case day:
		s.day = v
		if word, n := letters(b); n > 0 && ordinals[word] > 0 {
			b = b[n:]
		} else if r, size := utf8.DecodeRune(b); r == 'º' || r == 'ª' || r == '°' {
			b = b[size:]
		}
	case hour:
		s.hour, s.timed = v, true
	case minute:
		s.minute = v
	case second:
		s.second = v
		b = skipFraction(b)
	}
	return b, ok
}

// skip passes over the text between two fields.
func (p *part) skip(b []byte) ([]byte, bool) {
	for i := 0; i < len(p.text); i++ {
		if len(b) == 0 || b[0] != p.text[i] {
			return b, false
		}
		b = b[1:]
		for p.text[i] == ' ' && len(b) > 0 && b[0] == ' ' {
			b = b[1:]
		}
	}
	return b, true
}

func digits(b []byte, least, most int) (v int, rest []byte, ok bool) {
	n := 0
	for n < len(b) && n < most && digit(b[n]) {
		v = 10*v + int(b[n]-'0')
		n++
	}
	return v, b[n:], n >= least
}

func skipFraction(b []byte) []byte {
	if len(b) > 1 && (b[0] == '.' || b[0] == ',') && digit(b[1]) {
		for b = b[1:]; len(b) > 0 && digit(b[0]); b = b[1:] {
		}
	}
	return b
}

// tail reads a time of day, a zone, or both: " 15:04:05.000 CET", "T15:04Z", ", 3:04 PM", " 15.04", " 14h30".
func (s *stamp) tail(b []byte) bool {
	gap := len(b)
	b = bytes.TrimLeft(b, " ,")
	gap -= len(b)
	if len(b) > 1 && (b[0] == 'T' || b[0] == 't') && digit(b[1]) {
		b, gap = b[1:], 1
	}
	if len(b) > 0 && digit(b[0]) {
		if gap == 0 {
			return false
		}
		var ok bool
		if s.hour, b, ok = digits(b, 1, 2); !ok || len(b) == 0 {
			return false
		}
		s.timed = true
		if mark := b[0]; mark == ':' || mark == '.' || mark == 'h' {
			if s.minute, b, ok = digits(b[1:], 2, 2); !ok {
				return false
			}
			if len(b) > 0 && b[0] == mark && mark != 'h' {
				if s.second, b, ok = digits(b[1:], 2, 2); !ok {
					return false
				}
				b = skipFraction(b)
			}
			if rest, ok := s.half(bytes.TrimLeft(b, " ")); ok {
				b = rest
			}
		} else if b, ok = s.half(bytes.TrimLeft(b, " ")); !ok { // 3 PM
			return false
		}
	}
	if b = bytes.TrimLeft(b, " "); s.timed && bytes.EqualFold(b, []byte("uhr")) {
		return true
	}
	if len(b) > 0 {
		var ok bool
		if b, ok = s.readZone(b); !ok {
			return false
		}
	}
	return len(b) == 0
}

// half reads AM or PM, and turns the hour accordingly.
func (s *stamp) half(b []byte) ([]byte, bool) {
	for _, mark := range [...]string{"am", "pm", "a.m.", "p.m.", "a. m.", "p. m.", "a m", "p m"} {
		if len(b) < len(mark) || !strings.EqualFold(string(b[:len(mark)]), mark) {
			continue
		}
		if s.hour < 1 || s.hour > 12 {
			return b, false
		}
		s.hour %= 12
		if mark[0] == 'p' {
			s.hour += 12
		}
		return b[len(mark):], true
	}
	return b, false
}

// readZone reads Z, CET, +01:00, -0500, UTC+1 or GMT-0500 (EST).
func (s *stamp) readZone(b []byte) ([]byte, bool) {
	opened := len(b) > 0 && b[0] == '('
	if opened {
		b = b[1:]
	}
	n := 0
	for n < len(b) && b[n] >= 'A' && b[n] <= 'Z' {
		n++
	}
	name := string(b[:n])
	offset, known := zones[name]
	b = b[n:]
	if n > 0 && !known {
		return b, false
	}
	if s.zone = name; name == "Z" || name == "GMT" {
		s.zone = "UTC"
	}
	if n == 0 || s.zone == "UTC" && len(b) > 0 && (b[0] == '+' || b[0] == '-') {
		if len(b) < 2 || b[0] != '+' && b[0] != '-' {
			return b, false
		}
		sign := b[0]
		h, rest, ok := digits(b[1:], 1, 2)
		if !ok || h > 14 {
			return b, false
		}
		m := 0
		if len(rest) > 0 && rest[0] == ':' {
			rest = rest[1:]
		}
		if len(rest) > 0 && digit(rest[0]) {
			if m, rest, ok = digits(rest, 2, 2); !ok || m > 59 {
				return b, false
			}
		}
		b, offset = rest, 60*h+m
		s.zone = fmt.Sprintf("%c%02d:%02d", sign, h, m)
		if sign == '-' {
			offset = -offset
		}
		if offset == 0 {
			s.zone = "UTC"
		}
	}
	s.offset = offset
	if opened {
		return bytes.TrimPrefix(b, []byte{')'}), bytes.HasPrefix(b, []byte{')'})
	}
	if t := bytes.TrimLeft(b, " "); len(t) > 1 && t[0] == '(' && t[len(t)-1] == ')' { // what programs add in words
		b = nil
	}
	return b, true
}

func (s *stamp) valid() bool {
	if s.month < 1 || s.month > 12 || s.day < 1 || s.year < 1 {
		return false
	}
	return s.day <= s.lastDay() && (s.hour < 24 || s.hour == 24 && s.minute+s.second == 0) && s.minute < 60 && s.second <= 60
}

// lastDay is how many days the month has.
func (s *stamp) lastDay() int {
	if s.month == 2 && s.year%4 == 0 && (s.year%100 != 0 || s.year%400 == 0) {
		return 29
	}
	return [...]int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[s.month-1]
}

// wrong says in a clause what is impossible about a date, "" if nothing is.
func (s *stamp) wrong() string {
	switch {
	case s.valid():
		return ""
	case s.month < 1 || s.day < 1 || s.year < 1:
		return "is not a date: no year, month or day is numbered 0"
	case s.month > 12:
		return fmt.Sprintf("is not a date: a year has 12 months, and no month %d", s.month)
	case s.day > s.lastDay():
		return fmt.Sprintf("is not a date: %v %d has %d days", time.Month(s.month), s.year, s.lastDay())
	case s.hour > 23:
		return fmt.Sprintf("is not a time: a day has no hour %d", s.hour)
	}
	return "is not a time: minutes and seconds go up to 59"
}

// seconds since 1970, by the cell's own clock.
func (s *stamp) seconds() int64 {
	return days(s.year, s.month, s.day)*86400 + int64(3600*s.hour+60*s.minute+s.second)
}

// days since 1970 of a day of the Gregorian calendar. The year begins in March, so that leap days come last: Howard Hinnant,
// chrono-Compatible Low-Level Date Algorithms, 2014.
func days(year, month, day int) int64 {
	if month < 3 {
		year--
		month += 12
	}
	era := year / 400
	yearOfEra := year - 400*era
	dayOfYear := (153*(month-3)+2)/5 + day - 1
	return int64(era)*146097 + int64(yearOfEra*365+yearOfEra/4-yearOfEra/100+dayOfYear) - 719468
}

// civil is the inverse of days.
func civil(n int64) (year, month, day int) {
	n += 719468
	era := n / 146097
	dayOfEra := n - era*146097
	yearOfEra := (dayOfEra - dayOfEra/1460 + dayOfEra/36524 - dayOfEra/146096) / 365
	dayOfYear := dayOfEra - (365*yearOfEra + yearOfEra/4 - yearOfEra/100)
	m := (5*dayOfYear + 2) / 153
	year, month, day = int(yearOfEra+400*era), int(m)+3, int(dayOfYear-(153*m+2)/5+1)
	if month > 12 {
		year, month = year+1, month-12
	}
	return year, month, day
}

// number reads a date that counts days or seconds, with a fraction if it likes.
func (l *Layout) number(b []byte, s *stamp) bool {
	whole := 0
	for whole < len(b) && digit(b[whole]) {
		whole++
	}
	if epochOf(whole) != l.count && !(l.count == excel1904 && epochOf(whole) == excel) {
		return false
	}
	v, err := strconv.ParseInt(string(b[:whole]), 10, 64)
	if rest := b[whole:]; err != nil || len(rest) > 0 && len(skipFraction(rest)) > 0 {
		return false
	}
	e := epochs[l.count]
	var at int64
	if e.perDay == 1 {
		fraction := 0.0
		if whole < len(b) {
			fraction, _ = strconv.ParseFloat("."+string(b[whole+1:]), 64)
		}
		at = (v-e.shift)*86400 + int64(math.Round(fraction*86400))
		s.timed = fraction > 0
	} else {
		at, s.timed, s.zone = v/(e.perDay/86400), true, "UTC"
	}
	day := at / 86400
	if at%86400 < 0 {
		day--
	}
	rest := int(at - day*86400)
	s.year, s.month, s.day = civil(day)
	s.hour, s.minute, s.second = rest/3600, rest/60%60, rest%60
	return true
}

// epochOf tells what a number of so many digits may count: day numbers have 5 from 1927 to 2173, seconds 9 or 10 from 1973 to 2286.
func epochOf(digits int) epoch {
	switch digits {
	case 5:
		return excel
	case 9, 10:
		return unix
	case 13:
		return unixMilli
	case 16:
		return unixMicro
	}
	return none
}

// ParseLayouts reads what a user says about dates: a layout as in package time ("2/1/2006 15:04"), as in strftime
// ("%d/%m/%Y %H:%M"), as spreadsheets write it ("dd/mm/yyyy hh:mm"), or a name: "excel" and "excel 1904" for the day numbers of
// spreadsheets, "unix", "unix ms" and "unix us" for seconds, milliseconds and microseconds since 1970 in UTC. Several are
// separated by |. Month names are read in English, German, French, Spanish, Italian, Portuguese and Dutch. The error is a clause.
func ParseLayouts(option string) ([]Layout, error) {
	var out []Layout
	for name := range strings.SplitSeq(option, "|") {
		l, err := parseLayout(strings.TrimSpace(name))
		if err != nil {
			return nil, err
		}
		out = append(out, l)
	}
	return out, nil
}

func parseLayout(name string) (Layout, error) {
	for e, known := range epochs {
		if known.name != "" && strings.EqualFold(name, known.name) {
			return Layout{name: known.name, count: epoch(e)}, nil
		}
	}
	l := Layout{name: name}
	switch {
	case strings.Contains(name, "%"):
		l.parts = inFields(name, strftimeFields)
	case strings.ContainsAny(name, "0123456789"):
		l.parts = inFields(name, goFields)
	default:
		l.parts = inFields(strings.ToLower(name), sheetFields)
	}
	has := func(f field) bool { return slices.ContainsFunc(l.parts, func(p part) bool { return p.field == f }) }
	if !has(day) || !(has(month) || has(monthName)) || !(has(year2) || has(year4)) {
		return l, fmt.Errorf("%q names no day, month and year: write how 2 January 2006 15:04:05 would be written, such as \"02-01-2006 15:04\", or a layout such as \"%%d-%%m-%%Y %%H:%%M\"", name)
	}
	// Where the date comes first, what follows it is read in any form.
	seen := 0
	for i, p := range l.parts {
		if p.field == hour || p.field == zone || p.field == minute {
			break
		}
		if slices.Contains([]field{day, month, monthName, year2, year4}, p.field) {
			if seen++; seen == 3 {
				// Not so a full stop at the end, and times that are run together with the date.
				if rest := l.parts[i+1:]; len(rest) > 1 && rest[0].field == literal {
					l.parts = l.parts[:i+1]
				}
				break
			}
		}
	}
	for i := range l.parts {
		l.parts[i].wide = i+1 < len(l.parts) && l.parts[i+1].figures() || i > 0 && l.parts[i-1].figures()
	}
	return l, nil
}

// spelled is how a way of writing layouts spells a field, the longer spellings first.
type spelled struct {
	text string
	field
}

var goFields = []spelled{
	{"January", monthName}, {"Monday", weekday}, {"-07:00", zone}, {"Z07:00", zone}, {"Z0700", zone}, {"-0700", zone}, {"2006", year4}, {"Jan", monthName}, {"Mon", weekday},
	{"MST", zone}, {"-07", zone}, {"01", month}, {"02", day}, {"03", hour}, {"04", minute}, {"05", second}, {"06", year2}, {"15", hour}, {"_2", day}, {"PM", half}, {"pm", half},
	{"1", month}, {"2", day}, {"3", hour}, {"4", minute}, {"5", second},
}

var strftimeFields = []spelled{
	{"%Y", year4}, {"%y", year2}, {"%m", month}, {"%-m", month}, {"%B", monthName}, {"%b", monthName}, {"%h", monthName}, {"%d", day}, {"%-d", day}, {"%e", day}, {"%H", hour}, {"%-H", hour},
	{"%I", hour}, {"%-I", hour}, {"%M", minute}, {"%S", second}, {"%p", half}, {"%z", zone}, {"%Z", zone}, {"%A", weekday}, {"%a", weekday}, {".%f", literal},
}

var sheetFields = []spelled{
	{"yyyy", year4}, {"jjjj", year4}, {"aaaa", year4}, {"yy", year2}, {"jj", year2}, {"mmmm", monthName}, {"mmm", monthName}, {":mm", minute}, {"mm", month}, {"m", month}, {"tt", day}, {"dd", day}, {"d", day},
	{"hh", hour}, {"h", hour}, {"ss", second}, {"am/pm", half},
}

// inFields cuts a layout into fields and the text between them.
func inFields(layout string, known []spelled) []part {
	layout = strings.NewReplacer("%F", "%Y-%m-%d", "%T", "%H:%M:%S", "%D", "%m/%d/%y", "%R", "%H:%M").Replace(layout)
	var out []part
next:
	for len(layout) > 0 {
		for _, k := range known {
			rest, ok := strings.CutPrefix(layout, k.text)
			if !ok {
				continue
			}
			if k.text == ":mm" {
				out = append(out, part{field: literal, text: ":"})
			}
			if layout = rest; k.field != literal { // .%f: seconds bring their fraction along
				out = append(out, part{field: k.field})
			}
			continue next
		}
		if n := len(out); n > 0 && out[n-1].field == literal {
			out[n-1].text += layout[:1]
		} else {
			out = append(out, part{field: literal, text: layout[:1]})
		}
		layout = layout[1:]
	}
	return out
}
