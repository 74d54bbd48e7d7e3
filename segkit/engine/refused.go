package engine

// What a database refuses, as sentences with the purpose of the statement.

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
)

// refused says that a statement failed, why, and what to do. The driver's own error stays beneath.
func (r *run) refused(purpose string, err error) error {
	var ours *sentence
	if errors.As(err, &ours) {
		return err
	}
	if cancelled := r.ctx.Err(); cancelled != nil {
		if lost(r.ping()) {
			_ = r.disconnect()
		}
		return &sentence{fmt.Sprintf("segkit: engine: it was cancelled while asking the database to %s", purpose), cancelled}
	}
	if lost(err) {
		_ = r.disconnect()
		why := fmt.Sprintf("segkit: engine: the connection was lost while asking the database to %s (%s)", purpose, said(err))
		if r.temporary() && len(r.tables)+len(r.made) > 0 {
			why += "; the helper tables went with it"
		}
		return &sentence{why + ": check that the database runs, and begin again with engine.Open", err}
	}
	text := fmt.Sprintf("segkit: engine: the database refused to %s: %s", purpose, said(err))
	if remedy := remedyFor(err); remedy != "" {
		text += ": " + remedy
	}
	return &sentence{text, err}
}

// ping asks whether the connection still stands; nil where there is none.
func (r *run) ping() error {
	if r.conn == nil {
		return nil
	}
	return r.conn.PingContext(context.WithoutCancel(r.ctx))
}

// sentence is an error whose text says all that a person needs.
type sentence struct {
	text string
	err  error
}

func (s *sentence) Error() string { return s.text }

func (s *sentence) Unwrap() error { return s.err }

// said is the first line of what a driver says, which may quote the statement behind it. Of a file that cannot be read DuckDB says there where, and below why; of a
// table that is not there, below which one may have been meant.
func said(err error) string {
	first, rest, _ := strings.Cut(strings.TrimSpace(err.Error()), "\n")
	if strings.Contains(first, "CSV Error on Line") {
		for line := range strings.Lines(rest) {
			if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "Original Line:") {
				first += ": " + line
				break
			}
		}
	}
	if _, meant, ok := strings.Cut(rest, "Did you mean "); ok {
		meant, _, _ = strings.Cut(meant, "\n")
		first = strings.TrimRight(first, "!.") + "; did you mean " + meant
	}
	if r := []rune(first); len(r) > 300 {
		first = string(r[:300]) + "…"
	}
	return strings.TrimRight(first, ". ")
}

// state is the SQLSTATE of an error, "" if the driver gives none.
func state(err error) string {
	var coded interface{ SQLState() string }
	if errors.As(err, &coded) {
		return coded.SQLState()
	}
	return ""
}

// lost reports whether an error means that the connection is gone.
func lost(err error) bool {
	var network net.Error
	code := state(err)
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.As(err, &network) || strings.HasPrefix(code, "08") || strings.HasPrefix(code, "57P")
}

// missing reports whether an error means that a table is not there, nor perhaps its schema.
func missing(err error) bool {
	var ours *sentence
	if errors.As(err, &ours) { // which keeps only the first line, and a table's name may have two
		err = ours.err
	}
	text, code := strings.ToLower(err.Error()), state(err)
	return code == "42P01" || code == "3F000" || strings.Contains(text, "does not exist") && (strings.Contains(text, "table") || strings.Contains(text, "schema") || strings.Contains(text, "catalog"))
}

// remedyFor says what to do about some errors that databases give.
func remedyFor(err error) string {
	text, code := strings.ToLower(err.Error()), state(err)
	has := func(parts ...string) bool {
		return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(text, part) })
	}
	switch {
	case code == "42501" || has("permission denied", "access denied", "not authorized"):
		return "ask the owner of the database for this permission"
	case missing(err):
		return "check the names in engine.Source, or begin again with Engine.Orders where the table was changed meanwhile"
	case has("read-only", "read only"):
		return "open the database so that tables can be made in it"
	case code == "22021" || has("not utf-8", "invalid unicode", "invalid byte sequence"):
		return "write the text as UTF-8, or name its encoding, as in read_csv('orders.csv', encoding = 'latin-1')"
	case code == "22003" || has("overflow", "out of range"):
		return "a number is too large to be summed exactly"
	case has("out of memory", "exceeded per-node", "exceeded memory", "exceeded the query"):
		return "give the database more memory (memory_limit, in DuckDB) or room on disk"
	}
	return ""
}
