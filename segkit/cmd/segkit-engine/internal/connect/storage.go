package connect

// The head of a DuckDB file says in which form it is stored, and which DuckDB wrote it: what a person needs to know where this DuckDB cannot read it.

import (
	"bytes"
	"database/sql"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"

	"github.com/duckdb/duckdb-go/v2"
)

// stored is the head of a file: behind a checksum "DUCK", the number of the storage version, flags, and the version of the program (storage_info.hpp).
type stored struct {
	version uint64
	by      string // "v1.5.6"; "" where it does not say
}

// head reads that of a file; false where the file is no database.
func head(path string) (s stored, ok bool) {
	f, err := os.Open(path)
	if err != nil {
		return s, false
	}
	defer f.Close()
	var b [84]byte
	if _, err := io.ReadFull(f, b[:]); err != nil || string(b[8:12]) != "DUCK" {
		return s, false
	}
	by, _, _ := bytes.Cut(b[52:], []byte{0})
	if s.version = binary.LittleEndian.Uint64(b[12:]); !bytes.ContainsFunc(by, func(r rune) bool { return !unicode.IsGraphic(r) || r == unicode.ReplacementChar }) {
		s.by = string(by)
	}
	return s, true
}

// Linked is the version of the DuckDB in this program, "" if it does not say.
func Linked() (version string) {
	c, err := duckdb.NewConnector("", nil)
	if err != nil {
		return ""
	}
	db := sql.OpenDB(c)
	defer db.Close()
	if db.QueryRow("SELECT version()").Scan(&version) != nil {
		return ""
	}
	return version
}

// newer says that a file was written by a newer DuckDB, with both versions as far as they are known.
func newer(path string) string {
	of, here := "a newer DuckDB than the one in segkit", Linked()
	if s, ok := head(path); ok {
		of = strings.TrimSpace("DuckDB "+s.by) + fmt.Sprintf(", in storage version %d", s.version)
		if s.by == "" {
			of = fmt.Sprintf("a newer DuckDB, in storage version %d", s.version)
		}
		if here != "" {
			of += ", and segkit has DuckDB " + here + ", which does not read that"
		}
	}
	return "the file was written by " + of + ": open it with the DuckDB that wrote it and write it as Parquet files (EXPORT DATABASE 'folder' (FORMAT parquet)), and give duckdb://folder/*.parquet; or write a file that older ones read (ATTACH 'older.db' (STORAGE_VERSION 'v1.0.0'), and COPY FROM DATABASE)"
}
