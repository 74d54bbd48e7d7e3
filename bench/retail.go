package main

import (
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/segkit/lab/datasets"
	"github.com/segkit/lab/segkit/features"
)

// fromRetail goes from the file of Online Retail to one row per customer with the features named, none for all that the file
// supports. It cleans as the peers do, and keeps a ledger of that.
func fromRetail(named ...string) func(in, _ string) (func() (float64, error), error) {
	return func(in, _ string) (func() (float64, error), error) {
		path := filepath.Join(in, "online_retail.csv")
		return func() (float64, error) {
			clean, err := cleanRetail(path)
			if err != nil {
				return 0, err
			}
			last := time.Date(2011, 12, 9, 0, 0, 0, 0, time.UTC) // of the file
			customers, err := clean.Features(last, features.Spec{Features: named})
			if err != nil {
				return 0, err
			}
			spend, err := customers.Values("spend")
			sum := 0.0
			for _, v := range spend {
				sum += v
			}
			return sum, err
		}, nil
	}
}

// unpackOnlineRetail puts online_retail.csv into the folder, so that both sides read the same plain file. It reports false
// where the data set is not on this machine.
func unpackOnlineRetail(folder string) (bool, error) {
	out := filepath.Join(folder, "online_retail.csv")
	if _, err := os.Stat(out); err == nil {
		return true, nil
	}
	path, err := datasets.Find("online-retail")
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
