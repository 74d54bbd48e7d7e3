package engine

import (
	"errors"
	"testing"
)

// What a driver says is cut to the line that says why; of a file that is no UTF-8 the line of the file and a remedy stay.
func TestRefusalsSayWhereAndWhy(t *testing.T) {
	f := &fake{}
	e := sure[*Engine](t)(f.open(t, DuckDB, "v1.5"))
	r := e.run(t.Context(), 1)
	defer r.end()
	csv := errors.New("Invalid Input Error: CSV Error on Line: 2\nOriginal Line: 0,\xff\xfe\nInvalid unicode (byte sequence mismatch) detected. This file is not utf-8 encoded.\n\nPossible Solution: …")
	says(t, r.refused("look at the columns of the query", csv), "CSV Error on Line: 2: Invalid unicode (byte sequence mismatch) detected", "encoding = 'latin-1'")
	says(t, r.refused("look at the columns of orderss", errors.New("Catalog Error: Table with name orderss does not exist!\nDid you mean \"orders\"?\n\nLINE 1: SELECT")), `orderss does not exist; did you mean "orders"?`)
	says(t, r.refused("write the segments", errors.New(`ERROR: invalid byte sequence for encoding "UTF8": 0x00 (SQLSTATE 22021)`)), "write the text as UTF-8")
}
