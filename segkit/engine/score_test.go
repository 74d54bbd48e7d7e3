package engine

import (
	"context"
	"database/sql/driver"
	"errors"
	"strings"
	"testing"
)

// segments answers as a database in which there is a table of segments, or of something else.
func segments(statement string) ([]string, [][]driver.Value, error) {
	if strings.Contains(statement, "WHERE 1 = 0") {
		return []string{"id", "segment"}, nil, nil
	}
	return []string{"n"}, [][]driver.Value{{int64(7)}}, nil
}

// refusing refuses statements that hold one of the texts.
func refusing(texts ...string) func(string) error {
	return func(s string) error {
		for _, text := range texts {
			if strings.Contains(s, text) {
				return errors.New("no room on " + text)
			}
		}
		return nil
	}
}

// Where Trino can neither name the new segments nor give the old ones their name back, it is said where they lie.
func TestSegmentsThatCannotBePutBackAreNamed(t *testing.T) {
	f := &fake{answer: segments, refuse: refusing("RENAME TO \"segments\"")}
	e := sure[*Engine](t)(f.open(t, Trino, "476"))
	c := &Customers{engine: e, from: "customers", name: "customers", id: "id"}
	err := c.write(context.Background(), "test", "score every customer", "segments", "SELECT 1")
	says(t, err, "give the new segments their name", "could not be put back", "_old", "rename it")
	for _, s := range f.asked {
		if strings.HasPrefix(s, "DROP") && strings.Contains(s, "_old") {
			t.Errorf("the old segments were dropped: %s", s)
		}
	}
}

// A transaction that cannot be rolled back ends with its connection: what comes after does not go into it.
func TestATransactionThatCannotBeRolledBackEnds(t *testing.T) {
	f := &fake{answer: segments, refuse: refusing("ALTER TABLE", "ROLLBACK")}
	e := sure[*Engine](t)(f.open(t, PostgreSQL, "15"))
	c := &Customers{engine: e, from: "customers", name: "customers", id: "id"}
	says(t, c.write(context.Background(), "test", "score every customer", "segments", "SELECT 1"), "give the new segments their name", "leave the old segments as they are")
	before := f.opened
	if err := c.write(context.Background(), "test", "score every customer", "other", "SELECT 1"); err == nil || f.opened == before {
		t.Errorf("the connection is still used: %v", err)
	}
}

// Of a table that cannot be looked at nobody knows whether it holds segments: that is an error, and not a table that is not there.
func TestATableThatCannotBeLookedAtIsNotTakenForMissing(t *testing.T) {
	for said, there := range map[string]bool{`Catalog Error: Table with name segments does not exist!`: false, `Table 'memory.default.segments' does not exist`: false, "permission denied for table segments": true} {
		f := &fake{answer: func(s string) ([]string, [][]driver.Value, error) { return nil, nil, errors.New(said) }}
		e := sure[*Engine](t)(f.open(t, DuckDB, "v1.5"))
		if err := e.CanWrite("segments"); (err != nil) != there {
			t.Errorf("%s: %v", said, err)
		}
	}
}

// A sum that is no whole number is an error, and not zero.
func TestSumsAreWholeNumbers(t *testing.T) {
	for text, want := range map[any]string{"12": "12", "-7.0": "-7", "123456789012345678901234567890": "123456789012345678901234567890", nil: "0", "1e+20": "", "": "", "1.5": ""} {
		var x exact
		if err := x.Scan(text); (err != nil) != (want == "") || err == nil && x.orZero().String() != want {
			t.Errorf("%v: %v, %v", text, x.n, err)
		}
	}
}
