package exports

import (
	"slices"
	"strings"
)

// coded are parts of the names of columns whose numbers are codes, as Simple has them.
var coded = []string{"zip", "postcode", "postalcode", "postleitzahl", "plz", "codepostal", "codigopostal", "phone", "telefon", "telefoon", "barcode", "ean", "gtin", "upc", "isbn", "sku"}

// NamesCode reports whether the name of a column says that it holds codes.
func NamesCode(name string) bool {
	simple := Simple(name)
	return slices.ContainsFunc(coded, func(part string) bool { return simple == part || len(part) > 3 && strings.Contains(simple, part) }) ||
		strings.HasSuffix(name, "ID") || strings.HasSuffix(strings.ToLower(name), "_id") || strings.HasSuffix(simple, "code")
}
