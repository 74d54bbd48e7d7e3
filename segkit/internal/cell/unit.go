package cell

import (
	"bytes"
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Percent is the unit of 12 %, which is 12 and not 0.12.
const Percent = "%"

// The dollar that a sign alone mostly means, and the sign.
const (
	dollar   = "$"
	usDollar = "USD"
)

// codes are the currencies of ISO 4217 in use, without ALL and TOP: "TOP 10" is no amount.
const codes = " AED AFN AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK " +
	"DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW " +
	"KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR " +
	"RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD " +
	"XOF XPF YER ZAR ZMW ZWL RMB "

// signs are the other ways of writing a currency. A sign of several currencies stays what it is: $, kr, ¥, Rs.
var signs = map[string]string{
	"%": Percent,
	"€": "EUR", "£": "GBP", "₹": "INR", "₽": "RUB", "₺": "TRY", "₩": "KRW", "₪": "ILS", "฿": "THB", "₫": "VND", "₴": "UAH", "₦": "NGN", "₱": "PHP", "₲": "PYG", "₡": "CRC", "₸": "KZT",
	"$": "$", "¥": "¥", "￥": "¥", "元": "CNY", "円": "JPY", "원": "KRW",
	"kr": "kr", "Kr": "kr", "KR": "kr", "Rs": "Rs", "rs": "Rs", "Fr": "Fr", "fr": "Fr", "SFr": "CHF", "sFr": "CHF", "Ft": "HUF", "zł": "PLN", "zl": "PLN", "Kč": "CZK", "Kc": "CZK", "lei": "RON", "лв": "BGN",
	"руб": "RUB", "грн": "UAH", "TL": "TRY", "Rp": "IDR", "S/": "PEN", "S/.": "PEN", "Euro": "EUR", "euro": "EUR", "EURO": "EUR", "Euros": "EUR", "euros": "EUR", "eur": "EUR", "Eur": "EUR", "usd": "USD", "gbp": "GBP", "chf": "CHF", "sek": "SEK", "nok": "NOK", "dkk": "DKK", "pln": "PLN", "czk": "CZK",
	"US$": "USD", "U$S": "USD", "R$": "BRL", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "CAN$": "CAD", "NZ$": "NZD", "HK$": "HKD", "S$": "SGD", "SG$": "SGD", "NT$": "TWD", "MX$": "MXN",
}

// shared are the signs of several currencies, and the codes that may stand beside them: "$5.00 USD" is in USD.
var shared = map[string]string{
	"$": " USD CAD AUD NZD HKD SGD TWD MXN ARS CLP COP UYU ", "¥": " JPY CNY RMB ", "kr": " SEK NOK DKK ISK ", "Rs": " INR PKR LKR NPR MUR ", "Fr": " CHF XAF XOF ",
}

// units are signs and codes together.
var units = func() map[string]string {
	out := maps.Clone(signs)
	for code := range strings.FieldsSeq(codes) {
		out[code] = code
	}
	out["RMB"] = "CNY"
	return out
}()

// unitOf returns the currency or percent that text stands for.
func unitOf(text []byte) (unit string, ok bool) {
	text = bytes.TrimSpace(text)
	if t, dot := bytes.CutSuffix(text, []byte{'.'}); dot { // Rs. and kr., but the point of $.50 belongs to the number
		if r, _ := utf8.DecodeLastRune(t); unicode.IsLetter(r) {
			unit, ok = signs[string(t)]
			return unit, ok
		}
	}
	unit, ok = units[string(bytes.ReplaceAll(text, []byte{' '}, nil))] // eBay writes AU $5
	return unit, ok
}

// Currency is the currency that a text stands for, as a cell would have it; "" for none.
func Currency(text string) string {
	if unit, _ := unitOf([]byte(text)); unit != Percent {
		return unit
	}
	return ""
}

// Currencies are what the texts of a column stand for: each currency under one name, and any other text as it is. A $ beside USD is the same where no text is another
// dollar, such as CAD.
func Currencies(texts []string) []string {
	out := make([]string, len(texts))
	for i, t := range texts {
		out[i] = oneName(t)
	}
	if slices.Contains(out, usDollar) && !slices.ContainsFunc(out, otherDollar) {
		for i, unit := range out {
			if unit == dollar {
				out[i] = usDollar
			}
		}
	}
	return out
}

// oneName is the one name of a currency that people write in several ways, and any other text as it is.
func oneName(text string) string {
	return cmp.Or(Currency(text), Currency(strings.ToUpper(text)), text)
}

// SameUnit reports whether two columns may be in one unit: a currency is the same under all its names, a sign such as $ may be each of its currencies, and a unit that is
// not known ("") may be any.
func SameUnit(a, b string) bool {
	_, same := OneUnit(oneName(a), oneName(b))
	return same
}

// SeveralCurrencies reports whether the texts of a column stand for more than one.
func SeveralCurrencies(texts []string) bool {
	units := Currencies(texts)
	return slices.ContainsFunc(units, func(unit string) bool { return unit != units[0] })
}

// otherDollar reports whether a currency is a dollar, but not that of the United States.
func otherDollar(unit string) bool {
	return unit != usDollar && strings.Contains(shared[dollar], " "+unit+" ")
}

// OneUnit is the unit of a number that has the unit a before it, b behind it, or either alone.
func OneUnit(a, b string) (string, bool) {
	switch {
	case a == "" || a == b || strings.Contains(shared[a], " "+b+" "):
		return b, true
	case b == "" || strings.Contains(shared[b], " "+a+" "):
		return a, true
	}
	return "", false
}

// leadingUnit and trailingUnit return how many bytes of b are a unit at its front and at its back; 0 for none.
func leadingUnit(b []byte) int {
	n := 0
	for n < len(b) {
		r, size := utf8.DecodeRune(b[n:])
		if r == ' ' && n > 0 && n+1 < len(b) && b[n+1] == '$' { // AU $5
			n += 2
			break
		}
		if unicode.IsDigit(r) || strings.ContainsRune("()-+ '", r) {
			break
		}
		n += size
	}
	for ; n > 0 && (b[n-1] == '.' || b[n-1] == ','); n-- { // "Rs.500" or "$.50"
		if _, ok := unitOf(b[:n]); ok {
			break
		}
	}
	return n
}

func trailingUnit(b []byte) int {
	n := len(b)
	for n > 0 {
		r, size := utf8.DecodeLastRune(b[:n])
		if unicode.IsDigit(r) || strings.ContainsRune("()-+ '", r) {
			break
		}
		n -= size
	}
	for n < len(b) && (b[n] == '.' || b[n] == ',') { // "5.EUR"
		n++
	}
	return len(b) - n
}
