package sqltest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/rulebook"
	"github.com/segkit/lab/segkit/table"
)

// Names that would end a text, a name or a statement, as column, level and segment: SQLite puts every customer where Go does, and the table is still there.
func TestHostileNamesInSQLite(t *testing.T) {
	db := database(t)
	for _, tries := range slices.Sorted(maps.Keys(trial.Hostile)) {
		t.Run(tries, func(t *testing.T) {
			name := trial.Hostile[tries]
			name = name[:min(len(name), 10_000)] // a statement of SQLite has a million characters at most
			x := trial.Table(t, []string{"a", "b", "c"}, []table.Column{{Name: name}, {Name: name + " city", Levels: []string{name, name + "2"}}}, []float64{1, 0, 5, 1, 9, 0})
			column := fmt.Sprintf("col(%q)", name)
			b := &rulebook.Book{Rules: []rulebook.Rule{{Name: name, When: column + " > 7"}, {Name: name + " 2", When: fmt.Sprintf("col(%q) == %q", name+" city", name)}}, Rest: name + " rest"}
			err := same(db, x, b)
			if unsayable := tries == "NUL" || tries == "no text"; unsayable != (err != nil) || unsayable && !strings.HasPrefix(err.Error(), "segkit: rulebook.Book.SQL: ") {
				t.Fatalf("%.2000s", fmt.Sprint(err))
			}
		})
	}
}
