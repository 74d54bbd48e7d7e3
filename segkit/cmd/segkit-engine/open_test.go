package main

import (
	"database/sql"
	"testing"

	"github.com/segkit/lab/segkit/cmd/segkit-engine/internal/connect"
)

func open(t *testing.T, url string) *sql.DB {
	t.Helper()
	target, err := connect.Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	db, err := target.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return db
}
