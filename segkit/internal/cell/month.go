package cell

import (
	"strings"
	"unicode/utf8"
)

// Names in dates: months in seven languages, days of the week, zones.

// monthNames are the months in English, German, French, Spanish, Italian, Portuguese and Dutch, full and short, without accents.
// No name means two months, in any two of the languages.
var monthNames = index([12]string{
	"january jan januar jan janner janvier janv enero ene gennaio gen janeiro januari",
	"february feb februar feber fevrier fevr fev febrero febbraio fevereiro februari febr",
	"march mar marz mrz maerz mars marzo marco maart mrt maa",
	"april apr avril avr abril abr aprile",
	"may mai mayo maggio mag maio mei",
	"june jun juni juin junio giugno giu junho",
	"july jul juli juillet juil julio luglio lug julho",
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
