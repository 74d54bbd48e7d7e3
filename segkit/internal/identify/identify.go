// Package identify says which columns of a table tell who a customer is rather than what they are like: names, addresses, numbers that
// were given to them. No two customers are alike in such a column, and whoever has it knows them.
package identify

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/segkit/lab/segkit/table"
)

// Kind is how a column tells who somebody is.
type Kind uint8

const (
	None Kind = iota
	Email
	Phone
	PersonName
	Address
	Number    // that was given to a customer: of an account, of a card
	Unique    // text of which most customers have their own
	Postcode  // at full length: in a small place it is a handful of people
	BirthDate // to the day: with the postcode it names most people
)

var kinds = [...]string{"", "e-mail addresses", "phone numbers", "names of people", "addresses", "numbers that were given to customers", "text of which most customers have their own",
	"postcodes at full length", "dates of birth"}

// String reads like "e-mail addresses".
func (k Kind) String() string { return kinds[min(k, BirthDate)] }

// Tells reports whether a column of this kind names a customer by itself; the others do so together with something else.
func (k Kind) Tells() bool { return k != None && k < Postcode }

// manyLevels is how many different texts a column must hold before its name decides: "name" may be that of one of five plans.
const manyLevels = 20

var (
	email    = regexp.MustCompile(`^[^\s@]+@[^\s@]+\.[^\s@]+$`)
	dialled  = regexp.MustCompile(`^(\+|00)[\d ()/.-]{7,20}$`)
	callable = regexp.MustCompile(`^[+\d][\d ()/.-]{5,20}$`)
	british  = regexp.MustCompile(`(?i)^[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}$`)
	day      = regexp.MustCompile(`^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}`)

	named = map[Kind][]string{
		Email:      {"email", "e mail", "mail", "correo", "courriel"},
		Phone:      {"phone", "telephone", "mobile", "cell phone", "phone number", "mobile number", "tel", "telefon", "telefonnummer", "handy", "handynummer", "telefono", "teléfono", "téléphone"},
		PersonName: {"name", "full name", "customer name", "first name", "firstname", "given name", "last name", "lastname", "surname", "family name", "vorname", "nachname", "familienname", "kundenname", "nom", "prénom", "prenom", "nombre", "apellido", "apellidos", "cognome"},
		Address:    {"address", "street", "street address", "address line", "adresse", "straße", "strasse", "anschrift", "calle", "dirección", "rue", "indirizzo"},
		Number:     {"id", "customer id", "customer number", "account", "account number", "user id", "client id", "card number", "kundennummer", "kundennr", "konto", "kontonummer", "iban", "ssn", "passport"},
		Postcode:   {"postcode", "post code", "postal code", "zip", "zip code", "zipcode", "plz", "postleitzahl", "code postal", "código postal", "cap"},
		BirthDate:  {"birth date", "birthdate", "date of birth", "dob", "birthday", "geburtsdatum", "geburtstag", "date de naissance", "fecha de nacimiento", "data di nascita"},
	}
)

// Column says how column c tells who somebody is, by its cells and its name; values (n) are its cells as a table holds them.
func Column(c table.Column, values []float64) Kind {
	name := words(c.Name)
	is := func(k Kind) bool { return slices.Contains(named[k], name) }
	if c.Numeric() {
		switch {
		case c.Formula != "" || c.Unit != "":
		case is(Phone):
			return Phone
		case is(Number) && allDifferent(values):
			return Number
		case is(Postcode):
			return Postcode
		case is(BirthDate):
			return BirthDate
		}
		return None
	}
	count := make([]int, len(c.Levels))
	known := 0
	for _, v := range values {
		if !math.IsNaN(v) {
			count[int(v)]++
			known++
		}
	}
	var seen []string
	alone := 0
	for l, n := range count {
		if n > 0 {
			seen = append(seen, c.Levels[l])
		}
		if n == 1 {
			alone++
		}
	}
	share := func(pattern *regexp.Regexp) float64 {
		n := 0
		for _, level := range seen {
			if pattern.MatchString(strings.TrimSpace(level)) {
				n++
			}
		}
		return float64(n) / float64(max(1, len(seen)))
	}
	many := len(seen) > manyLevels
	switch {
	case share(email) > .5:
		return Email
	case share(day) <= .5 && (share(dialled) > .5 || is(Phone) && share(callable) > .5):
		return Phone
	case many && is(PersonName):
		return PersonName
	case many && is(Address):
		return Address
	case many && is(Number) && 2*alone > known:
		return Number
	case is(BirthDate) && share(day) > .5:
		return BirthDate
	case share(british) > .5, is(Postcode) && longCodes(seen):
		return Postcode
	case len(c.Levels) >= manyLevels && 2*alone > known:
		return Unique
	}
	return None
}

// words is a name of a column as words in lower case: "CustomerID" and "customer_id" are "customer id".
func words(name string) string {
	var b strings.Builder
	var last rune
	for _, r := range name {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			r = ' '
		case unicode.IsUpper(r) && unicode.IsLower(last):
			b.WriteRune(' ')
		}
		b.WriteRune(unicode.ToLower(r))
		last = r
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// longCodes reports whether most of the texts have four letters or digits and more, some digits among them.
func longCodes(texts []string) bool {
	n := 0
	for _, text := range texts {
		if len(text) >= 4 && strings.ContainsFunc(text, unicode.IsDigit) {
			n++
		}
	}
	return 2*n > len(texts)
}

// allDifferent reports whether no two customers have the same whole number.
func allDifferent(values []float64) bool {
	seen := make(map[float64]bool, len(values))
	for _, v := range values {
		if v != math.Trunc(v) || seen[v] { // NaN too
			return false
		}
		seen[v] = true
	}
	return len(values) > 1
}
