// Command script is what a notebook's cells look like as a plain program; show_test.go runs it.
package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/segkit/lab/segkit/nb"
	"github.com/segkit/lab/segkit/sheet"
)

type picture struct{}

func (picture) SVG() ([]byte, error) {
	return []byte(`<?xml version="1.0"?><svg role="img"><title>Spend &amp; orders: A/B</title></svg>`), nil
}

var limit = nb.Param("limit", 1.5)

var day = nb.Date(os.Getenv("DAY"))

func half(v float64) (float64, error) {
	if v > 2 {
		return 0, errors.New("segkit: more than 2: take less")
	}
	return v / 2, nil
}

// wait is a long call: it ends when it is interrupted, unless it is deaf to that.
func wait() error {
	fmt.Println("waiting")
	if os.Getenv("DEAF") != "" {
		select {}
	}
	<-nb.Context().Done()
	return nb.Context().Err()
}

func main() {
	if os.Getenv("WAIT") != "" {
		nb.Check(wait())
	}
	nb.Show("first", picture{})
	nb.Show(sheet.Sheet{Caption: "second", Columns: []sheet.Column{{Name: "x"}}, Rows: [][]string{{"1"}}})
	nb.Show(half(limit))
	nb.Check(nil)
	nb.Show(nb.Must(half(8)), "never shown")
}
