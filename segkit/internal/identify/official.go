package identify

// Numbers that a state, a bank or an issuer of cards gives to one person only. Their check digits tell them from other numbers: nine in ten
// others, or more, fail the test.

import (
	"regexp"
	"strings"
)

// fewestOfficial is how many numbers it takes, and officialShare which share of them must have the right check digits, for that to be no chance.
const fewestOfficial, officialShare = 5, .9

var (
	spanish = regexp.MustCompile(`^[XYZ\d]\d{7}[A-Z]$`)                             // DNI and NIE
	account = regexp.MustCompile(`^[A-Z]{2}\d{2}[A-Z\d]{11,30}$`)                   // IBAN
	italian = regexp.MustCompile(`^[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]$`) // codice fiscale
)

// officials reports whether nearly all of the texts are numbers of one of the kinds that are known.
func officials(texts []string) bool {
	if len(texts) < fewestOfficial {
		return false
	}
	for _, is := range []func(string) bool{cpf, pesel, card, italian.MatchString, dni, iban} {
		n := 0
		for i, text := range texts {
			if is(strings.ToUpper(bare.Replace(text))) {
				n++
			}
			if float64(i+1-n) > (1-officialShare)*float64(len(texts)) {
				break
			}
		}
		if float64(n) >= officialShare*float64(len(texts)) {
			return true
		}
	}
	return false
}

// bare takes off what people write between the digits.
var bare = strings.NewReplacer(".", "", "-", "", "/", "", " ", "", "\u00a0", "")

// weighted is the sum of the digits times their weights; -1 if there is another character.
func weighted(digits string, weight func(i int) int) (sum int) {
	for i, c := range []byte(digits) {
		if c < '0' || c > '9' {
			return -1
		}
		sum += int(c-'0') * weight(i)
	}
	return sum
}

// cpf is the number of a Brazilian taxpayer: two digits check the nine before them. Spreadsheets drop its leading zeros.
func cpf(id string) bool {
	if len(id) < 8 || len(id) > 11 {
		return false
	}
	id = strings.Repeat("0", 11-len(id)) + id
	for n := 9; n < 11; n++ {
		sum := weighted(id[:n], func(i int) int { return n + 1 - i })
		if sum < 0 || id[n] != byte('0'+sum*10%11%10) {
			return false
		}
	}
	return strings.Trim(id, id[:1]) != "" // 11111111111 passes the test, and is nobody's
}

// pesel is the number of a Polish citizen.
func pesel(id string) bool {
	if len(id) != 11 {
		return false
	}
	sum := weighted(id, func(i int) int { return [...]int{1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1}[i] })
	return sum > 0 && sum%10 == 0
}

// card is the number of a payment card, by the algorithm of Luhn.
func card(id string) bool {
	if len(id) < 15 || len(id) > 16 {
		return false
	}
	sum := 0
	for i, c := range []byte(id) {
		if c < '0' || c > '9' {
			return false
		}
		digit := int(c - '0')
		if (len(id)-i)%2 == 0 {
			digit = digit/5 + digit*2%10 // the digits of its double, added up
		}
		sum += digit
	}
	return sum > 0 && sum%10 == 0
}

// dni is the number of a Spanish citizen or resident, whose last letter checks the others.
func dni(id string) bool {
	if !spanish.MatchString(id) {
		return false
	}
	number := weighted(strings.NewReplacer("X", "0", "Y", "1", "Z", "2").Replace(id[:1])+id[1:8], func(i int) int { return [...]int{1e7, 1e6, 1e5, 1e4, 1e3, 1e2, 10, 1}[i] })
	return id[8] == "TRWAGMYFPDXBNJZSQVHLCKE"[number%23]
}

// iban is the number of a bank account: moved to the end, its first four characters make the remainder by 97 one.
func iban(id string) bool {
	if !account.MatchString(id) {
		return false
	}
	rest := 0
	for _, c := range []byte(id[4:] + id[:4]) {
		if c >= 'A' {
			rest = (rest*100 + int(c-'A') + 10) % 97
		} else {
			rest = (rest*10 + int(c-'0')) % 97
		}
	}
	return rest == 1
}
