package segkit

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/dialect"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/prep"
)

// The statements themselves are run in internal/sqltest, on SQLite and PostgreSQL; of the other dialects the text is held.
func TestModelsAsSQLInEveryDialect(t *testing.T) {
	raw := trial.ThreeGroups(60)
	m := fitted(t, Recipe{Columns: []string{"orders", "basket"}, Prep: []prep.Transformer{prep.Log1p{}, prep.Standardize{}, prep.Snap{}}, Method: cluster.KMeans{K: 3, Seed: 1}}, raw)
	m.Names[0] = "L'élite"
	for d := dialect.Standard; d.Check("") == nil; d++ {
		got, err := m.SQL(d, "crm.customers")
		if err != nil {
			t.Fatal(err)
		}
		path := "testdata/model_" + strings.ToLower(d.String()) + ".sql"
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s differs from %s:\n%s", d, path, got)
		}
	}
}

func TestWhatHasNoFormInSQLSaysSo(t *testing.T) {
	raw := trial.ThreeGroups(60)
	columns := []string{"orders", "basket"}
	mixture := fitted(t, Recipe{Columns: columns, Method: cluster.GaussianMixture{K: 2}}, raw)
	normal := fitted(t, Recipe{Columns: columns, Prep: []prep.Transformer{prep.Quantile{Normal: true}}, Method: cluster.KMeans{K: 2}}, raw)
	good := fitted(t, Recipe{Columns: columns, Method: cluster.KMeans{K: 2}}, raw)
	nul := fitted(t, Recipe{Columns: columns, Method: cluster.KMeans{K: 2}}, raw)
	nul.Names[1] = "a\x00b"
	for _, c := range []struct {
		name  string
		m     *Model
		d     dialect.SQL
		table string
		is    error
		says  string
	}{
		{"a mixture", mixture, dialect.Standard, "customers", fault.ErrNoPredict, "rulebook.Explain"},
		{"normal scores", normal, dialect.Standard, "customers", fault.ErrNotPortable, "Quantile{Normal: true}"},
		{"a dialect", good, 99, "customers", nil, "dialect.Standard, dialect.MySQL"},
		{"no table", good, dialect.Standard, "", nil, "no name of a table"},
		{"half a name", good, dialect.Standard, `"crm.customers`, nil, "no name of a table"},
		{"a NUL byte", nul, dialect.MySQL, "customers", fault.ErrNotPortable, "NUL byte"},
		{"nil", nil, dialect.MySQL, "customers", fault.ErrNil, "nil"},
	} {
		text, err := c.m.SQL(c.d, c.table)
		if err == nil || text != "" || c.is != nil && !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v\n%s", c.name, err, text)
		}
	}
	for name, want := range map[string]string{`a.b`: `"a"."b"`, `"a.b".c"d`: `"a.b"."c""d"`, `"x""y"`: `"x""y"`, `; drop table x`: `"; drop table x"`} {
		if got, err := dialect.Standard.Table(name); err != nil || got != want {
			t.Errorf("%s became %s, want %s (%v)", name, got, want, err)
		}
	}
}
