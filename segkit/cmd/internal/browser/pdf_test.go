package browser

import (
	"bytes"
	"errors"
	"testing"
	"time"
)

// The same page gives the same bytes, and a screen reader finds the headings in it.
func TestPDF(t *testing.T) {
	path, err := Find("")
	if errors.Is(err, ErrNone) {
		t.Skip("no Chromium or Chrome is installed, so there is nothing to print with")
	}
	page := []byte("<!DOCTYPE html><html lang=\"en\"><head><title>Two pages</title></head><body><h1>One</h1><p style=\"break-after:page\">text</p><h2>Two</h2></body></html>")
	made := time.Date(2025, 9, 30, 0, 0, 0, 0, time.UTC)
	var printed [2][]byte
	for i := range printed {
		if printed[i], err = PDF(t.Context(), path, page, made); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(printed[0], printed[1]) {
		t.Error("two prints of the same page differ")
	}
	for _, want := range []string{"/MarkInfo <</Type /MarkInfo\n/Marked true", "/Count 2", "D:20250930000000"} {
		if !bytes.Contains(printed[0], []byte(want)) {
			t.Errorf("the PDF does not hold %q", want)
		}
	}
}
