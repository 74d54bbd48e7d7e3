package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/segkit/lab/segkit/cmd/internal/browser"
	"github.com/segkit/lab/segkit/cmd/internal/cheatsheet"
	"github.com/segkit/lab/segkit/report"
)

// cheatsheetCmd prints what beginners keep beside the keyboard.
type cheatsheetCmd struct {
	Out     string `short:"o" default:"cheatsheet.pdf" placeholder:"FILE" help:"File to write: two pages of A4 as PDF, or as a page for any browser where its name ends in .html."`
	Browser string `env:"SEGKIT_BROWSER" placeholder:"PATH" help:"Chromium or Chrome that prints the PDF; otherwise one that is installed."`
}

func (c *cheatsheetCmd) Run(ctx context.Context) error {
	page := cheatsheet.Page
	if !strings.HasSuffix(c.Out, ".html") {
		path, err := browser.Find(c.Browser)
		if errors.Is(err, browser.ErrNone) {
			return fmt.Errorf("segkit: %w to print %s: install one, name it with --browser, or write a page with -o cheatsheet.html and print that", err, c.Out)
		}
		if err != nil {
			return usageError{err}
		}
		if page, err = browser.PDF(ctx, path, page, cheatsheet.Made); err != nil {
			return err
		}
	}
	if err := report.Save(filepath.Dir(c.Out), []report.File{{Name: filepath.Base(c.Out), Data: page}}); err != nil {
		return err
	}
	_, err := fmt.Fprintf(os.Stdout, "Written: %s.\n", c.Out)
	return err
}
