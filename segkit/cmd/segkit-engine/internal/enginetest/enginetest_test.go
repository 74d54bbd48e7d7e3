package enginetest

import (
	"database/sql"
	"testing"
)

func TestEveryEngineAnswers(t *testing.T) {
	Each(t, func(t *testing.T, db *sql.DB, kind string) {
		var n int64
		if err := db.QueryRow("SELECT SUM(x) FROM (VALUES (1), (2), (4)) AS v (x)").Scan(&n); err != nil || n != 7 {
			t.Errorf("1 + 2 + 4 = %d, %v", n, err)
		}
	})
}
