package main

import (
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/segkit/lab/datasets"
)

// unpackSets puts the files of public sets into the folder, so that both sides read the same plain files, and says which are there.
func unpackSets(folder string) (map[string]bool, error) {
	there := map[string]bool{}
	for name, file := range map[string]string{"online-retail": "online_retail.csv", "groceries": "groceries.csv"} {
		var err error
		if there[name], err = unpack(name, filepath.Join(folder, file)); err != nil {
			return nil, err
		}
	}
	return there, nil
}

// unpack puts the file of a public set at the given path. It reports false where the set is not on this machine.
func unpack(name, out string) (bool, error) {
	if _, err := os.Stat(out); err == nil {
		return true, nil
	}
	path, err := datasets.Find(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	r := io.Reader(f)
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			return false, err
		}
	}
	part, err := os.Create(out + ".part")
	if err != nil {
		return false, err
	}
	if _, err := io.Copy(part, r); err != nil {
		return false, err
	}
	if err := part.Close(); err != nil {
		return false, err
	}
	return true, os.Rename(part.Name(), out)
}
