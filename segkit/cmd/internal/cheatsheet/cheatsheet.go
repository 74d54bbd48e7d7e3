// Package cheatsheet is what beginners keep beside the keyboard, on two sheets of A4: the cells of an analysis, the rooms, the first mistakes, and
// how to read a chart.
package cheatsheet

import (
	_ "embed"
	"time"
)

// Page is the cheat sheet as HTML that loads nothing. Its cells are compiled by a test, and its mistakes are those of lesson 00.
//
//go:embed page.html
var Page []byte

// Made is the day that a print bears, so that two prints are the same: the day on which the made-up shop of the lessons ends.
var Made = time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC)
