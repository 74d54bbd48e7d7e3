package report

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/segkit/lab/internal/atomicfile"
	"github.com/segkit/lab/segkit/dialect"
	"github.com/segkit/lab/segkit/fault"
)

// File is one file of a report.
type File struct {
	Name string
	Data []byte
}

// Write writes the report into a folder, which is created if necessary: report.html, segments.csv, record.json, and model.json and rules.sql if there
// are a model and rules. Everything is made before anything is written, and each file appears whole or not at all.
func Write(dir string, c Contents) error {
	files, err := c.Files()
	if err != nil {
		return err
	}
	return Save(dir, files)
}

// Save writes files into a folder, which is created if necessary. All are first written under temporary names and then renamed, so that a full disk
// leaves existing files intact, and each file appears whole or not at all.
func Save(dir string, files []File) (err error) {
	_, missing := os.Stat(dir)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fault.Errorf(fault.ErrFormat, "segkit: cannot make the folder %s: %w", dir, err)
	}
	for _, f := range files {
		if info, err := os.Stat(filepath.Join(dir, f.Name)); err == nil && info.IsDir() {
			return fault.Errorf(fault.ErrFormat, "segkit: %s is a directory: give the report another folder", filepath.Join(dir, f.Name))
		}
	}
	stage, remove, err := atomicfile.Stage(dir)
	if err != nil {
		return fault.Errorf(fault.ErrFormat, "segkit: cannot write into %s: %w", dir, cause(err))
	}
	defer func() {
		remove()
		if err != nil && missing != nil {
			os.Remove(dir) // if it is empty still
		}
	}()
	for _, f := range files {
		if err := stored(filepath.Join(stage, f.Name), f.Data); err != nil {
			return fault.Errorf(fault.ErrFormat, "segkit: cannot write %s: %w (nothing was changed)", filepath.Join(dir, f.Name), cause(err))
		}
	}
	for _, f := range files {
		if err := os.Rename(filepath.Join(stage, f.Name), filepath.Join(dir, f.Name)); err != nil {
			return fault.Errorf(fault.ErrFormat, "segkit: cannot write %s: %w", filepath.Join(dir, f.Name), cause(err))
		}
	}
	return nil
}

// stored writes a new file, and waits until it is on the disk.
func stored(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	if _, err = f.Write(data); err == nil {
		err = f.Sync()
	}
	if failed := f.Close(); err == nil {
		err = failed
	}
	return err
}

// cause drops the name of the file in the making, which means nothing to the reader.
func cause(err error) error {
	if p := new(fs.PathError); errors.As(err, &p) {
		return p.Err
	}
	if l := new(os.LinkError); errors.As(err, &l) {
		return l.Err
	}
	return err
}

// Files returns what Write writes, the record last.
func (c Contents) Files() ([]File, error) {
	page, err := c.HTML()
	if err != nil {
		return nil, err
	}
	out := []File{{"report.html", []byte(page)}}
	var segments bytes.Buffer
	if err := c.Segments.EncodeCSV(&segments, true); err != nil {
		return nil, err
	}
	out = append(out, File{"segments.csv", segments.Bytes()})
	if c.Model != nil {
		model, err := c.Model.MarshalBinary()
		if err != nil {
			return nil, err
		}
		out = append(out, File{"model.json", model})
	}
	if c.Rules != nil {
		sql, err := c.Rules.SQL(dialect.Standard, c.Customers)
		if err != nil {
			return nil, err
		}
		out = append(out, File{"rules.sql", []byte("-- Who is in which segment, for a table with a row per customer and the columns of the report (\"What the figures mean\").\n-- Put it into a SELECT: SELECT customer, <this> AS segment FROM customers;\n" + sql + "\n")})
	}
	record, err := c.record()
	if err != nil {
		return nil, err
	}
	return append(out, File{recordFile, record}), nil
}
