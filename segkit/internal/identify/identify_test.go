package identify

import (
	"fmt"
	"testing"

	"github.com/segkit/lab/segkit/table"
)

// texts is a column of n cells, cell i of which is text(i).
func texts(name string, n int, text func(i int) string) (table.Column, []float64) {
	c, at := table.Column{Name: name}, map[string]int{}
	var values []float64
	for i := range n {
		level := text(i)
		if _, known := at[level]; !known {
			at[level] = len(c.Levels)
			c.Levels = append(c.Levels, level)
		}
		values = append(values, float64(at[level]))
	}
	return c, values
}

func numbers(name, unit string, n int, number func(i int) float64) (table.Column, []float64) {
	var values []float64
	for i := range n {
		values = append(values, number(i))
	}
	return table.Column{Name: name, Unit: unit}, values
}

func TestColumnsThatTellWhoSomebodyIs(t *testing.T) {
	same := func(text string) func(int) string {
		return func(i int) string { return fmt.Sprintf(text, i) }
	}
	for _, test := range []struct {
		want Kind
		of   func() (table.Column, []float64)
	}{
		{Email, func() (table.Column, []float64) { return texts("contact", 40, same("user%d@example.org")) }},
		{Email, func() (table.Column, []float64) { return texts("x", 4, same("u%d@example.org")) }},
		{Phone, func() (table.Column, []float64) { return texts("contact", 40, same("+49 30 1234%02d")) }},
		{Phone, func() (table.Column, []float64) { return texts("Mobile_Number", 40, same("0171 / 12345%02d")) }},
		{Phone, func() (table.Column, []float64) {
			return numbers("telephone", "", 40, func(i int) float64 { return 301234500 + float64(i) })
		}},
		{PersonName, func() (table.Column, []float64) {
			return texts("LastName", 60, func(i int) string { return fmt.Sprint("Smith", i%30) })
		}},
		{Address, func() (table.Column, []float64) { return texts("street", 60, same("Main Street %d")) }},
		{Number, func() (table.Column, []float64) { return texts("customerID", 60, same("A%d")) }},
		{Number, func() (table.Column, []float64) {
			return numbers("account_number", "", 60, func(i int) float64 { return float64(i) })
		}},
		{Unique, func() (table.Column, []float64) { return texts("remark", 60, same("said %d")) }},
		{Postcode, func() (table.Column, []float64) {
			return texts("plz", 60, func(i int) string { return fmt.Sprint(10115 + i%20) })
		}},
		{Postcode, func() (table.Column, []float64) {
			return texts("home", 60, func(i int) string { return fmt.Sprintf("LS%d 4AP", 1+i%9) })
		}},
		{Postcode, func() (table.Column, []float64) {
			return numbers("zip_code", "", 60, func(i int) float64 { return float64(10115 + i%7) })
		}},
		{BirthDate, func() (table.Column, []float64) {
			return texts("DateOfBirth", 60, func(i int) string { return fmt.Sprintf("1980-01-%02d", 1+i%28) })
		}},

		// what only looks like it
		{None, func() (table.Column, []float64) {
			return texts("name", 60, func(i int) string { return fmt.Sprint("plan ", i%3) })
		}},
		{None, func() (table.Column, []float64) {
			return texts("city", 200, func(i int) string { return fmt.Sprint("city ", i%60) })
		}},
		{None, func() (table.Column, []float64) {
			return texts("plz", 60, func(i int) string { return fmt.Sprint(i % 10) })
		}}, // the first digit
		{None, func() (table.Column, []float64) {
			return texts("first order", 60, func(i int) string { return fmt.Sprintf("2024-01-%02d", 1+i%28) })
		}},
		{None, func() (table.Column, []float64) {
			return numbers("spend", "EUR", 60, func(i int) float64 { return float64(i) })
		}},
		{None, func() (table.Column, []float64) {
			return numbers("zip", "", 60, func(i int) float64 { return float64(i) })
		}}, // a region, or an amount
		{None, func() (table.Column, []float64) {
			return numbers("orders", "", 60, func(i int) float64 { return float64(i) })
		}},
		{None, func() (table.Column, []float64) {
			return numbers("id", "", 60, func(i int) float64 { return float64(i % 7) })
		}},
	} {
		c, values := test.of()
		if got := Column(c, values); got != test.want {
			t.Errorf("%s (%v …): %q, want %q", c.Name, c.Levels[:min(1, len(c.Levels))], got, test.want)
		}
	}
}

// A shop writes its headers in its own language, with its own marks and capitals.
func TestHeadersOfEveryLanguageTellWhoSomebodyIs(t *testing.T) {
	cells := map[Kind]func(i int) string{
		Email:      func(i int) string { return fmt.Sprintf("hash%d", i%30) }, // masked, so that the name alone says what they are
		Phone:      func(i int) string { return fmt.Sprintf("0612 345%03d", i%30) },
		PersonName: func(i int) string { return fmt.Sprint("Jansen ", i%30) },
		Address:    func(i int) string { return fmt.Sprint("Dorpsstraat ", i%30) },
		Number:     func(i int) string { return fmt.Sprint("K", i) },
		Postcode:   func(i int) string { return fmt.Sprintf("%d AB", 1000+i%30) },
		BirthDate:  func(i int) string { return fmt.Sprintf("%02d-01-1980", 1+i%28) },
	}
	for kind, names := range map[Kind][]string{ // English, German, French, Spanish, Italian, Dutch, Portuguese, Polish
		Email:      {"E-mail address", "E-Mail-Adresse", "Adresse e-mail", "Correo electrónico", "Indirizzo e-mail", "E-mailadres", "Endereço de e-mail", "Adres e-mail"},
		Phone:      {"Phone", "Telefonnummer", "Numéro de téléphone", "Teléfono móvil", "Cellulare", "Telefoonnummer", "Telemóvel", "Numer telefonu"},
		PersonName: {"Name", "Nachname", "Vorname", "Kundenname", "Nom", "Prénom", "Nom du client", "Nombre", "Apellido", "Apellidos", "Nome", "Cognome", "Naam", "Klantnaam", "Achternaam", "VoorNaam", "Sobrenome", "Imię", "Nazwisko", "Imię i nazwisko"},
		Address:    {"Street", "Straße", "Rue", "Dirección", "Indirizzo", "Straat", "Endereço", "Ulica", "Adres"},
		Number:     {"Customer no.", "Kundennummer", "N° client", "Código cliente", "Codice cliente", "Klantnummer", "Relatienummer", "Número de cartão", "Nr klienta"},
		Postcode:   {"Zip code", "PLZ", "Code postal", "Código postal", "CAP", "Postcode", "CEP", "Kod pocztowy"},
		BirthDate:  {"Birthday", "Geburtstag", "Date de naissance", "Fecha de nacimiento", "Data di nascita", "Geboortedatum", "Data de nascimento", "Data urodzenia"},
	} {
		for _, name := range names {
			c, values := texts(name, 60, cells[kind])
			if got := Column(c, values); got != kind {
				t.Errorf("%s: %q, want %q", name, got, kind)
			}
			c, values = texts(name, 60, func(i int) string { return []string{"basis", "plus", "premium"}[i%3] })
			if got := Column(c, values); got != None {
				t.Errorf("%s of three plans: %q", name, got)
			}
		}
	}
}
