// Package identify says which columns of a table tell who a customer is rather than what they are like: names, addresses, numbers that
// were given to them. No two customers are alike in such a column, and whoever has it knows them.
package identify

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/segkit/lab/segkit/internal/exports"
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
	Official  // number by which a state or a bank knows somebody, by its check digits
	Number    // that was given to a customer: of an account, of a card
	Unique    // text of which most customers have their own
	Postcode  // at full length: in a small place it is a handful of people
	BirthDate // to the day: with the postcode it names most people
)

var kinds = [...]string{"", "e-mail addresses", "phone numbers", "names of people", "addresses", "numbers of taxpayers, cards or bank accounts", "numbers that were given to customers", "text of which most customers have their own",
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

	// named are headers as exports.Simple writes them, in English, German, French, Spanish, Italian, Dutch, Portuguese and Polish.
	named = map[Kind]map[string]bool{
		Email: headers(`email mail emailaddress emailadresse mailadresse courriel adressemail adresseemail adresseelectronique correo correoelectronico direcciondecorreo
			indirizzoemail postaelettronica emailadres mailadres enderecodeemail correioeletronico adresemail adresmailowy`),
		Phone: headers(`phone telephone mobile cellphone phonenumber mobilenumber mobilephone tel telefon telefonnummer telefonnr telnr handy handynummer mobilnummer mobiltelefon rufnummer telefono
			telephoneportable telephonemobile numerodetelephone numerotelephone telefonomovil movil numerodetelefono numerotelefono cellulare numerodicellulare numeroditelefono
			telefoon telefoonnummer telefoonnr mobiel mobielnummer mobieltje gsm gsmnummer telefone telemovel celular numerodetelefone numertelefonu nrtelefonu telefonkomorkowy komorka`),
		PersonName: headers(`name fullname customername clientname firstname givenname forename lastname surname familyname
			vorname nachname zuname familienname kundenname vorundnachname vornamenachname namedeskunden ansprechpartner
			nom prenom nomprenom nometprenom prenometnom nomdefamille nomclient nomduclient nomcomplet
			nombre nombres apellido apellidos nombreyapellido nombreyapellidos apellidosynombre nombrecliente nombredelcliente nombrecompleto primerapellido segundoapellido
			nome cognome nomeecognome cognomeenome nomecliente nomedelcliente nominativo nomecompleto
			naam voornaam achternaam familienaam klantnaam naamklant naamvandeklant volledigenaam contactpersoon
			sobrenome apelido nomeesobrenome nomedocliente primeironome ultimonome
			imie nazwisko imieinazwisko nazwiskoiimie nazwaklienta imieklienta nazwiskoklienta`),
		Address: headers(`address street streetname streetaddress addressline addressline1 address1 homeaddress postaladdress billingaddress shippingaddress deliveryaddress
			adresse strasse strassenr strassehausnr strassehausnummer strasseundhausnummer anschrift wohnadresse postanschrift rechnungsadresse lieferadresse lieferanschrift
			rue adressepostale adressedelivraison adressedefacturation calle direccion domicilio direccionpostal direcciondeenvio
			indirizzo viaenumerocivico indirizzodispedizione straat straatnaam straatenhuisnummer adres adresregel1 factuuradres bezorgadres afleveradres
			endereco morada rua enderecodeentrega ulica adreszamieszkania adresdostawy`),
		Number: headers(`id account accountnumber cardnumber loyaltycard iban ssn passport passportnumber taxid konto kontonummer kontonr kartennummer kundenkarte steuernummer steuerid ausweisnummer
			numerodecompte numerodecarte cartedefidelite numerodesecuritesociale numerodecuenta numerodetarjeta dni nif nie pasaporte numerodiconto numerodicarta codicefiscale partitaiva
			rekeningnummer kaartnummer klantenkaart bsn paspoortnummer numerodaconta numerodecartao cpf contribuinte numerkonta nrkonta numerkarty pesel nip `, strings.Join(exports.Headers[exports.Customer], " ")),
		Postcode: headers(`postcode postalcode zip zipcode plz postleitzahl codepostal codigopostal cp cap codicepostale codiceavviamentopostale cep kodpocztowy`),
		BirthDate: headers(`birthdate dateofbirth dob birthday geburtsdatum geburtstag gebdatum geborenam datedenaissance datenaissance neele anniversaire fechadenacimiento fechanacimiento nacimiento cumpleanos
			datadinascita datanascita natoil compleanno geboortedatum geboortedag verjaardag gebdat datadenascimento datanascimento nascimento aniversario dataurodzenia urodziny`),
	}
)

// Column says how column c tells who somebody is, by its cells and its name; values (n) are its cells as a table holds them.
func Column(c table.Column, values []float64) Kind {
	name := exports.Simple(c.Name)
	is := func(k Kind) bool { return named[k][name] }
	if c.Numeric() {
		switch {
		case c.Formula != "" || c.Unit != "":
		case is(Phone):
			return Phone
		case is(Number) && allDifferent(values):
			return Number
		case is(Postcode) && !slices.ContainsFunc(values, func(v float64) bool { return v < 1000 || v != math.Trunc(v) && !math.IsNaN(v) }):
			return Postcode
		case is(BirthDate):
			return BirthDate
		}
		return None
	}
	seen, most := own(c, values)
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
	case share(email) > .5, many && is(Email):
		return Email
	case share(day) <= .5 && (share(dialled) > .5 || is(Phone) && share(callable) > .5):
		return Phone
	case officials(seen):
		return Official
	case many && is(PersonName):
		return PersonName
	case many && is(Address):
		return Address
	case many && is(Number) && most:
		return Number
	case is(BirthDate) && share(day) > .5:
		return BirthDate
	case share(british) > .5, is(Postcode) && longCodes(seen):
		return Postcode
	case most:
		return Unique
	}
	return None
}

// IDs says how the ids of customers, of a column of that name, tell who somebody is to people who have never seen this table: as addresses, names, phone numbers and official
// numbers do. Numbers that a shop gave its customers itself tell nobody else, and are None.
func IDs(name string, ids []string) Kind {
	values := make([]float64, len(ids))
	for i := range values {
		values[i] = float64(i)
	}
	switch kind := Column(table.Column{Name: name, Levels: ids}, values); kind {
	case Email, Phone, PersonName, Address, Official:
		return kind
	}
	return None
}

// Names says how column c names customers by itself, None where it does not: a date of birth, or a postcode, does where most customers have one of their own.
func Names(c table.Column, values []float64) Kind {
	kind := Column(c, values)
	if kind.Tells() || kind == None || c.Numeric() {
		return kind.alone()
	}
	if _, most := own(c, values); most {
		return kind
	}
	return None
}

// alone is the kind, None for one that does not name customers by itself.
func (k Kind) alone() Kind {
	if k.Tells() {
		return k
	}
	return None
}

// own returns the levels that somebody has, and whether most customers have one of their own; with few levels that is chance.
func own(c table.Column, values []float64) (seen []string, most bool) {
	count, known, alone := make([]int, len(c.Levels)), 0, 0
	for _, v := range values {
		if !math.IsNaN(v) {
			count[int(v)]++
			known++
		}
	}
	for l, n := range count {
		if n > 0 {
			seen = append(seen, c.Levels[l])
		}
		if n == 1 {
			alone++
		}
	}
	return seen, len(c.Levels) >= manyLevels && 2*alone > known
}

// headers are the words of the lists.
func headers(lists ...string) map[string]bool {
	out := map[string]bool{}
	for _, word := range strings.Fields(strings.Join(lists, " ")) {
		out[word] = true
	}
	return out
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
