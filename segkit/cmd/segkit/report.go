package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/segkit/lab/datasets"
	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cmd/internal/analysis"
	"github.com/segkit/lab/segkit/internal/kept"
	"github.com/segkit/lab/segkit/internal/progressbar"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/report"
	"github.com/segkit/lab/segkit/table"
)

// reportCmd runs the whole analysis of a file of order lines and writes what a manager reads, and what programs read, into one folder.
type reportCmd struct {
	Orders    string   `arg:"" help:"Order lines as CSV in any dialect (gzip and UTF-16 are recognised), or a data set by its name, such as shop."`
	Out       string   `short:"o" required:"" placeholder:"DIR" help:"Folder to write: report.html, segments.csv, model.json, rules.sql, record.json. Each file appears whole or not at all."`
	Customers string   `placeholder:"FILE" help:"What else is known of the customers, as CSV with a row each."`
	ID        string   `placeholder:"COLUMN" default:"id" help:"Column of the customers' ids in --customers."`
	Model     string   `placeholder:"FILE" help:"Model to keep, as Model.Save or an earlier report wrote it; otherwise one is fitted."`
	K         int      `short:"k" help:"Number of segments; otherwise what the evidence favours."`
	AsOf      string   `placeholder:"DAY" help:"Last day that is looked at, as in 2025-09-30; otherwise the last day of the orders."`
	Days      int      `default:"90" help:"How far to look ahead, and how many days are held back to judge by."`
	Columns   []string `placeholder:"NAME,…" help:"Columns that form the segments; otherwise recency, orders and basket."`
	Seed      int      `default:"1" help:"Seed of all draws."`
	Lang      string   `default:"en" help:"Language of the report."`
	Title     string   `help:"Title of the report."`
}

func (c *reportCmd) Run(ctx context.Context) error {
	announce(c.Orders)
	bar := progressbar.Bar{Draw: progressbar.Terminal()}
	defer bar.Clear()
	contents, err := c.contents(job.WithProgress(ctx, bar.Report))
	if err != nil {
		return inFlags(err, c.Orders)
	}
	files, err := contents.Files()
	if err != nil {
		return err
	}
	if err := report.Save(c.Out, files); err != nil {
		return err
	}
	bar.Clear()
	_, err = fmt.Fprintf(os.Stdout, "Written to %s: %d files. Open %s.\n", c.Out, len(files), filepath.Join(c.Out, "report.html"))
	return err
}

// contents reads the inputs and runs the analysis.
func (c *reportCmd) contents(ctx context.Context) (*report.Contents, error) {
	choices, err := c.choices()
	if err != nil {
		return nil, err
	}
	orders, err := datasets.Orders(c.Orders)
	if err != nil {
		return nil, err
	}
	var more *table.Table
	if c.Customers != "" {
		if more, err = table.ReadCSV(c.Customers, c.ID); err != nil {
			return nil, err
		}
	}
	var model *segkit.Model
	if c.Model != "" {
		if model, err = segkit.LoadModel(c.Model); err != nil {
			return nil, err
		}
	}
	out, err := analysis.Run(ctx, orders, more, model, choices)
	if err != nil {
		return nil, err
	}
	out.Title, out.Language, out.Seed = c.Title, c.Lang, c.Seed
	info, _ := debug.ReadBuildInfo()
	out.MadeBy = version(info)
	out.Inputs, err = c.inputs()
	return out, err
}

func (c *reportCmd) choices() (analysis.Choices, error) {
	out := analysis.Choices{K: c.K, Days: c.Days, Columns: c.Columns, Seed: c.Seed}
	if c.AsOf != "" {
		day, err := time.Parse(time.DateOnly, c.AsOf)
		if err != nil {
			return out, usageError{fmt.Errorf("segkit: --as-of is %q, want a day such as 2025-09-30", c.AsOf)}
		}
		out.AsOf = day
	}
	if c.K < 0 || c.K == 1 {
		return out, usageError{fmt.Errorf("segkit: --k is %d, want 2 or more", c.K)}
	}
	if c.Days < 1 {
		return out, usageError{fmt.Errorf("segkit: --days is %d, want 1 or more", c.Days)}
	}
	return out, nil
}

// inputs are the files that the report is made from, with those that say how they are read.
func (c *reportCmd) inputs() ([]report.Input, error) {
	var out []report.Input
	orders := c.Orders
	if _, err := os.Stat(orders); err != nil { // a data set by its name
		if orders, err = datasets.Find(c.Orders); err != nil {
			orders = ""
			out = append(out, report.Input{Name: c.Orders})
		}
	}
	for _, path := range []string{orders, c.Customers, c.Model} {
		if path == "" {
			continue
		}
		in, err := hashFile(path, "")
		if err != nil {
			return nil, err
		}
		out = append(out, report.Input{Name: filepath.Base(path), SHA256: in.SHA256, Bytes: in.Bytes})
		if in, err := hashFile(path+kept.Suffix, ""); err == nil {
			out = append(out, report.Input{Name: filepath.Base(path) + kept.Suffix, SHA256: in.SHA256, Bytes: in.Bytes})
		}
	}
	return out, nil
}
