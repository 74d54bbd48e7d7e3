package connect

// What keeps a program from connecting, as a sentence with a remedy. The words of drivers name users, hosts and settings that people did not type, and may repeat
// what is secret.

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
)

// refused is an error whose text says all that a person needs; the driver's lies beneath.
type refused struct {
	text string
	err  error
}

func (r *refused) Error() string { return r.text }

func (r *refused) Unwrap() error { return r.err }

// refusal says why a connection did not come about.
func (t Target) refusal(err error) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	name := map[string]string{DuckDB: "DuckDB", PostgreSQL: "PostgreSQL", Trino: "Trino"}[t.Kind]
	return &refused{"segkit: connecting to " + name + ": " + t.why(err), err}
}

// why is a clause, with a remedy where there is one.
func (t Target) why(err error) string {
	var server *pgconn.PgError
	if errors.As(err, &server) {
		switch server.Code {
		case "28P01", "28000":
			return "the server does not let this user in: look at the user in the URL, and at the password in PGPASSWORD or ~/.pgpass"
		case "3D000":
			return "there is no database of this name: look at what follows the last slash of the URL"
		case "53300":
			return "the server accepts no more connections: try again later"
		}
		return "the server says: " + legible(server.Message)
	}
	var unknown *net.DNSError
	text := strings.ToLower(err.Error())
	has := func(parts ...string) bool {
		return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(text, part) })
	}
	switch {
	case errors.As(err, &unknown):
		return "no machine is named " + unknown.Name + ": look at the host in the URL"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "nothing answers at that address: look at host and port in the URL, and whether the server runs"
	case errors.Is(err, syscall.ENOENT) && has(".s.pgsql"):
		return "there is no socket in that folder: look at ?host= in the URL, and whether the server runs"
	case errors.Is(err, context.DeadlineExceeded), has("timeout", "timed out"):
		return "no answer came in time: look at host and port in the URL, and whether the server runs"
	case has("failed sasl auth", "password"):
		return "the server asks for a password: give it in PGPASSWORD or ~/.pgpass"
	case t.Kind == Trino && has("401", "unauthorized"): // a file may be called 401
		return "the server does not let this user in: look at the user in the URL, and at TRINO_PASSWORD"
	case has("tls", "x509", "certificate", "http response to https"):
		return "the two sides do not agree on encryption: look at ?SSL= or ?sslmode= in the URL (" + legible(err.Error()) + ")"
	case has("options were not recognized"):
		_, names, _ := strings.Cut(text, "recognized: ")
		return "DuckDB has no setting named " + legible(names) + ": look after the ? in the URL"
	case has("corrupt database file"):
		return "the file is damaged: bring back a copy of it"
	case has("version number", "newer version", "serialization error", "deserialize"):
		path, _, _ := strings.Cut(t.dsn, "?")
		return newer(path)
	case has("no magic bytes", "too small to be a parquet"):
		return "a Parquet file is not complete, so write it again: " + legible(err.Error())
	case has("conflicting lock", "could not set lock", "being used by another"):
		return "another program has the file open: close it there, or add ?access_mode=read_only to both"
	case has("not a valid duckdb database"):
		return "the file holds no DuckDB database"
	case has("out of memory"):
		return "the memory_limit in the URL is too small to start with: want memory_limit=100MB or more"
	case has("permission denied"):
		return "you may not read and write the file; ?access_mode=read_only in the URL is enough to inspect it and to make features"
	}
	return legible(err.Error())
}

// legible is the first line of what a driver says, without the passwords that it may know.
func legible(text string) string {
	text, _, _ = strings.Cut(strings.TrimSpace(text), "\n")
	for _, variable := range []string{"PGPASSWORD", "TRINO_PASSWORD"} {
		if secret := os.Getenv(variable); secret != "" {
			text = strings.ReplaceAll(text, secret, fmt.Sprintf("(what %s holds)", variable))
		}
	}
	return text
}
