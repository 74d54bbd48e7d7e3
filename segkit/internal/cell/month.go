package cell

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Names in dates: months in seven languages, days of the week, zones.

// monthNames are the months in English, German, French, Spanish, Italian, Portuguese and Dutch, full and short, without accents.
// No name means two months, in any two of the languages. All of CLDR (Babel 2.19) are among them.
var monthNames = index([12]string{
	"january jan januar jan janner janvier janv enero ene gennaio gen janeiro januari",
	"february feb februar feber fevrier fevr fev febrero febbraio fevereiro februari febr",
	"march mar marz mrz maerz mars marzo marco maart mrt maa",
	"april apr avril avr abril abr aprile",
	"may mai mayo maggio mag maio mei",
	"june jun juni juin junio giugno giu junho",
	"july jul juli juillet juil juill julio luglio lug julho",
	"august aug aout aou agosto ago augustus",
	"september sept sep septembre septiembre setiembre settembre set sett setembro",
	"october oct oktober okt octobre octubre ottobre ott outubro out",
	"november nov novembre noviembre novembro",
	"december dec dezember dez decembre diciembre dic dicembre dezembro",
})

// weekdays are what may stand in front of a date, and says nothing that the date does not.
var weekdays = index([12]string{
	"monday mon montag mo lundi lun lunes lunedi segunda seg maandag ma",
	"tuesday tue tues dienstag di mardi martes mar martedi terca ter dinsdag",
	"wednesday wed mittwoch mi mercredi mer miercoles mie mercoledi quarta qua woensdag wo",
	"thursday thu thur thurs donnerstag do jeudi jeu jueves jue giovedi gio quinta qui donderdag",
	"friday fri freitag fr vendredi ven viernes vie venerdi sexta sex vrijdag vr",
	"saturday sat samstag sa sonnabend samedi sam sabado sab sabato zaterdag za",
	"sunday sun sonntag so dimanche dim domingo dom domenica zondag zo",
})

// ordinals may follow a day: 1st, 1er, 1º.
var ordinals = index([12]string{"st nd rd th er o e a º ª °"})

// between are the words of "5 de mayo de 2019" and "5th of May 2019".
var between = index([12]string{"de del of di"})

// zones are the names whose offset from UTC is one number, in minutes; CST, MST and the like are those of North America.
// IST is not among them: India, Israel and Ireland use it.
var zones = map[string]int{
	"UTC": 0, "GMT": 0, "Z": 0, "UT": 0, "WET": 0, "WEST": 60, "BST": 60, "CET": 60, "MEZ": 60, "CEST": 120, "MESZ": 120, "EET": 120, "EEST": 180, "MSK": 180,
	"EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420, "AKST": -540, "AKDT": -480, "HST": -600,
	"JST": 540, "KST": 540, "SGT": 480, "HKT": 480, "AEST": 600, "AEDT": 660, "ACST": 570, "ACDT": 630, "AWST": 480, "NZST": 720, "NZDT": 780, "BRT": -180, "ART": -180, "SAST": 120,
}

func index(lists [12]string) map[string]int {
	out := make(map[string]int)
	for i, list := range lists {
		for _, name := range strings.Fields(list) {
			out[name] = i + 1
		}
	}
	return out
}

// letters returns the word at the front of b as the lists have it, in small letters without accents, and how long it is in b.
func letters(b []byte) (word string, n int) {
	var out [24]byte
	w := 0
	for n < len(b) {
		c := b[n]
		size := 1
		switch {
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		case c >= 'a' && c <= 'z':
		case c >= utf8.RuneSelf:
			r, s := utf8.DecodeRune(b[n:])
			size = s
			if c = plainLetter(r); c == 0 {
				return string(out[:w]), n
			}
		default:
			return string(out[:w]), n
		}
		if w == len(out) {
			return "", 0
		}
		out[w] = c
		w++
		n += size
	}
	return string(out[:w]), n
}

// plainLetter is a letter without its accent; 0 for what is no letter with an accent.
func plainLetter(r rune) byte {
	const from, to = "àáâãäåçèéêëìíîïñòóôõöùúûüÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜ", "aaaaaaceeeeiiiinooooouuuuaaaaaaceeeeiiiinooooouuuu"
	i := 0
	for _, f := range from {
		if f == r {
			return to[i]
		}
		i++
	}
	return 0
}

// Month is a month, or one day of it, as headers name them.
type Month struct{ Year, Month, Day int } // 0 where it is not said

// ParseMonth reads 2024-01, 01/2024, 202401, Jan 2024, Januar 24, January, 2024-01-31.
func ParseMonth(text string) (m Month, ok bool) {
	var groups []string
	for rest := []byte(text); len(rest) > 0; {
		digits := 0
		for digits < len(rest) && rest[digits] >= '0' && rest[digits] <= '9' {
			digits++
		}
		if digits > 0 {
			groups, rest = append(groups, string(rest[:digits])), rest[digits:]
			continue
		}
		word, n := letters(rest)
		switch {
		case n == 0:
			if !strings.ContainsRune(" -/._'", rune(rest[0])) {
				return m, false
			}
			n = 1
		case monthNames[word] > 0 && m.Month == 0:
			m.Month = monthNames[word]
		case between[word] == 0:
			return m, false
		}
		rest = rest[n:]
	}
	number := func(s string) int {
		n, _ := strconv.Atoi(s)
		return n
	}
	named := m.Month > 0
	switch {
	case named && len(groups) == 0:
		return m, true
	case named && len(groups) == 1 && len(groups[0]) == 2:
		m.Year = 2000 + number(groups[0])
	case named && len(groups) == 1:
		m.Year = number(groups[0])
	case named && len(groups) == 2 && len(groups[0]) == 4:
		m.Year, m.Day = number(groups[0]), number(groups[1])
	case named && len(groups) == 2:
		m.Day, m.Year = number(groups[0]), number(groups[1])
	case len(groups) == 1 && len(groups[0]) == 6:
		m.Year, m.Month = number(groups[0][:4]), number(groups[0][4:])
	case len(groups) == 2 && len(groups[0]) == 4 && len(groups[1]) <= 2 && !strings.Contains(text, "."): // 2024.01 may be money
		m.Year, m.Month = number(groups[0]), number(groups[1])
	case len(groups) == 2 && len(groups[1]) == 4 && len(groups[0]) <= 2:
		m.Month, m.Year = number(groups[0]), number(groups[1])
	case len(groups) == 3 && len(groups[0]) == 4:
		m.Year, m.Month, m.Day = number(groups[0]), number(groups[1]), number(groups[2])
	default:
		return m, false
	}
	days := 31
	if m.Month >= 1 && m.Month <= 12 {
		days = m.last()
	}
	return m, m.Year >= 1900 && m.Year < 2100 && m.Month >= 1 && m.Month <= 12 && m.Day >= 0 && m.Day <= days
}

// last is the last day of the month.
func (m Month) last() int {
	return time.Date(m.Year, time.Month(m.Month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// First and Last are the first and the last day of the month, as YYYY-MM-DD; its own day where it has one.
func (m Month) First() string { return fmt.Sprintf("%04d-%02d-%02d", m.Year, m.Month, max(m.Day, 1)) }

func (m Month) Last() string {
	if m.Day > 0 {
		return m.First()
	}
	return fmt.Sprintf("%04d-%02d-%02d", m.Year, m.Month, m.last())
}
