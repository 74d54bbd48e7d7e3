package engine

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/rfm"
	"github.com/segkit/lab/segkit/rulebook"
	"github.com/segkit/lab/segkit/table"
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

// Customers whose money is in another currency than the model's are not scored, and no database is asked; the same currency under another name is no other.
func TestScoreRefusesAnotherCurrency(t *testing.T) {
	f := &fake{answer: segments}
	e := sure[*Engine](t)(f.open(t, DuckDB, "v1.5"))
	raw := trial.ThreeGroups(60)
	model := sure[*segkit.Model](t)(segkit.Recipe{Columns: []string{"recency", "basket"}, Prep: []prep.Transformer{prep.Standardize{}}, Method: cluster.KMeans{K: 3}}.Fit(raw)) // basket in EUR
	for unit, refused := range map[string]bool{"EUR": false, "€": false, "": false, "USD": true} {
		c := &Customers{engine: e, from: "customers", name: "customers", id: "id", columns: []customerColumn{{table.Column{Name: "recency", Unit: "days"}, "recency", false}, {table.Column{Name: "basket", Unit: unit}, "basket", false}}}
		asked := len(f.asked)
		err := c.Score(model, "segments")
		if !refused && err != nil || refused && (!errors.Is(err, fault.ErrSchema) || len(f.asked) != asked) {
			t.Errorf("basket in %q: %v", unit, err)
		}
		if refused {
			says(t, err, `"basket"`, "USD", "EUR", "convert")
		}
	}
}

// A wrong name in a recipe, a model, rules or scores is told before the database is asked for anything, with the nearest names first.
func TestNamesAreToldBeforeTheFirstScan(t *testing.T) {
	f := &fake{}
	e := sure[*Engine](t)(f.open(t, DuckDB, "v1.5"))
	c := &Customers{engine: e, from: "customers", name: "customers", id: "id"}
	for i := range 30 {
		c.columns = append(c.columns, customerColumn{table.Column{Name: fmt.Sprintf("column %d", i)}, "x", false})
	}
	c.columns = append(c.columns, customerColumn{table.Column{Name: "recency"}, "recency", false}, customerColumn{table.Column{Name: "plan"}, "plan", true})
	asked := len(f.asked)
	model := &segkit.Model{Schema: table.Schema{Columns: []table.Column{{Name: "recncy"}}}}
	_, byColumn := c.Compress(segkit.Recipe{Columns: []string{"recncy"}, Method: cluster.KMeans{K: 2}}, Compression{})
	_, byStep := c.Compress(segkit.Recipe{Columns: []string{"recency"}, Prep: []prep.Transformer{prep.Log1p{}, prep.Winsor{Columns: []string{"recncy"}}}, Method: cluster.KMeans{K: 2}}, Compression{})
	_, byScore := c.RFM(rfm.Options{Recency: "recncy"}, nil, "scored")
	byRule := c.Assign(&rulebook.Book{Rest: "others", Rules: []rulebook.Rule{{Name: "late", When: "recncy > 80"}}}, "ruled")
	for what, err := range map[string]error{"a recipe": byColumn, "a model": c.Score(model, "scored"), "scores": byScore} {
		says(t, err, `"recncy"`, "the nearest first: recency, ", " others")
		if !errors.Is(err, fault.ErrMissingColumn) {
			t.Errorf("%s: %v", what, err)
		}
	}
	says(t, byStep, "recncy", "recency")
	says(t, byRule, "recncy", "recency")
	if len(f.asked) != asked {
		t.Errorf("asked meanwhile: %q", f.asked[asked:])
	}
}
