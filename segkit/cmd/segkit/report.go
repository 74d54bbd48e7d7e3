package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/segkit/lab/datasets"
	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cmd/internal/analysis"
	"github.com/segkit/lab/segkit/cmd/internal/browser"
	"github.com/segkit/lab/segkit/cmd/internal/choices"
	"github.com/segkit/lab/segkit/cmd/internal/inputs"
	"github.com/segkit/lab/segkit/cmd/internal/version"
	"github.com/segkit/lab/segkit/cmd/internal/workbook"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/progressbar"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/report"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// reportCmd runs the whole analysis of a file of order lines and writes what a manager reads, and what programs read, into one folder.
type reportCmd struct {
	Orders         string   `arg:"" optional:"" help:"Order lines: CSV in any dialect (gzip and UTF-16 are recognised), an Excel workbook, Parquet, or a data set by its name, such as shop."`
	Out            string   `short:"o" placeholder:"DIR" help:"Folder to write: report.html, report.pdf, personas.pdf, segments.csv, model.json, rules.sql, tables.xlsx, record.json. Each file appears whole or not at all."`
	Config         string   `placeholder:"FILE" help:"File with any of these choices, one per line, as in k = 4; flags take precedence. Otherwise segkit.toml, where no orders are named."`
	Sheet          string   `placeholder:"NAME,…" help:"Sheet of a workbook of orders, otherwise the first; several with the same columns are read one after another as one table."`
	Customers      string   `placeholder:"FILE" help:"What else is known about the customers, one row each: CSV, an Excel workbook or Parquet."`
	CustomersSheet string   `placeholder:"NAME,…" help:"Sheet of a workbook of --customers, otherwise the first."`
	ID             string   `placeholder:"COLUMN" help:"Column of the customers' ids in --customers; otherwise id."`
	Model          string   `placeholder:"FILE" help:"Model to keep, as an earlier report or a notebook wrote it; otherwise one is fitted."`
	Last           string   `placeholder:"DIR" help:"Folder of the last report: its model is kept, and the new report says who has moved since and what came of its forecasts. Otherwise the folder that is written, if it holds a report."`
	Refit          bool     `help:"Fit a new model even where there is a last report."`
	K              int      `short:"k" help:"Number of segments; otherwise what the evidence favours."`
	AsOf           string   `placeholder:"DAY" help:"Last day to look at, as in 2025-09-30; otherwise the last day of the orders."`
	Days           int      `help:"How many days to look ahead, and to hold back to judge by; otherwise 90."`
	Window         int      `placeholder:"DAYS" help:"Count only this many days up to the last one; otherwise all."`
	Columns        []string `placeholder:"NAME,…" help:"Columns that form the segments; otherwise recency, orders and basket."`
	Rules          []string `placeholder:"NAME,…" help:"Rules of cleaning, in order, as listed above; otherwise those of the last report, or the usual ones."`
	Seed           *int     `help:"Seed of all draws; otherwise 1."`
	Lang           string   `help:"Language of the report; otherwise en."`
	Title          string   `help:"Title of the report; otherwise that of the last report."`
	NoPDF          bool     `name:"no-pdf" help:"Print no PDF."`
	Browser        string   `env:"SEGKIT_BROWSER" placeholder:"PATH" help:"Chromium or Chrome that prints the PDF; otherwise one that is installed."`
}

// Help goes with --help.
func (*reportCmd) Help() string { return choices.RulesHelp() }

// configFile is what a project keeps its choices in.
const configFile = "segkit.toml"

// configured takes what no flag says from the file of choices, and then from the defaults.
func (c *reportCmd) configured() error {
	path := c.Config
	if path == "" && c.Orders == "" && exists(configFile) {
		path = configFile
	}
	if path != "" {
		flag := c.Browser
		if err := choices.Fill(path, map[string]any{"orders": &c.Orders, "out": &c.Out, "sheet": &c.Sheet, "customers": &c.Customers, "customers_sheet": &c.CustomersSheet, "id": &c.ID, "model": &c.Model, "last": &c.Last, "k": &c.K, "as_of": &c.AsOf,
			"days": &c.Days, "window": &c.Window, "columns": &c.Columns, "rules": &c.Rules, "seed": &c.Seed, "lang": &c.Lang, "title": &c.Title, "browser": &c.Browser},
			"orders", "out", "customers", "model", "last"); err != nil {
			return err
		}
		if flag == "" && strings.ContainsAny(c.Browser, `/\`) {
			return usageError{fmt.Errorf("segkit: %s: browser = %q: the file may come from somebody else, so it may not name a program by its path: say --browser %[2]s, or give a name that PATH finds", path, c.Browser)}
		}
	}
	switch {
	case c.Orders == "":
		return usageError{errors.New("segkit: report needs a file of orders: segkit report orders.csv -o report")}
	case c.Out == "":
		return usageError{errors.New("segkit: report needs a folder to write: -o report")}
	}
	if info, err := os.Stat(c.Out); err == nil && !info.IsDir() {
		return usageError{fmt.Errorf("segkit: %s is a file; -o needs a folder", c.Out)}
	}
	c.ID, c.Lang, c.Days = cmp.Or(c.ID, "id"), cmp.Or(c.Lang, "en"), cmp.Or(c.Days, 90)
	if c.Seed == nil {
		one := 1
		c.Seed = &one
	}
	return nil
}

func (c *reportCmd) Run(ctx context.Context) error {
	if err := c.configured(); err != nil {
		return err
	}
	announce(c.Orders)
	bar := progressbar.Bar{Draw: progressbar.Terminal()}
	defer bar.Clear()
	contents, err := c.contents(job.WithProgress(ctx, bar.Report))
	if err != nil {
		return inFlags(c.inRules(err), c.Orders)
	}
	files, unprinted, err := c.files(ctx, contents)
	if err != nil {
		return err
	}
	if err := report.Save(c.Out, files); err != nil {
		return err
	}
	bar.Clear()
	if _, err := fmt.Fprintf(os.Stdout, "Written to %s: %d files. Open %s.\n", c.Out, len(files), filepath.Join(c.Out, "report.html")); err != nil {
		return err
	}
	for _, d := range contents.Decisions {
		switch {
		case d.What == "reading": // what was assumed of the file, which may be wrong
			fmt.Fprintln(os.Stdout, d.Value)
		case d.What == "cleaning" && d.Why != "":
			fmt.Fprintln(os.Stdout, d.Why)
		}
	}
	if unprinted == nil {
		if old := c.ofEarlier(files); old != nil {
			fmt.Fprintf(os.Stdout, "Left from an earlier report: %s.\n", sheet.List(old))
		}
		return nil
	}
	for _, name := range []string{pdfFile, personasFile} { // those of an earlier report would belie this one
		if err := os.Remove(filepath.Join(c.Out, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return lookError{unprinted}
}

// ofEarlier are the files of an earlier report that stay in the folder though this one has none: what is on paper with --no-pdf, a model and rules.
func (c *reportCmd) ofEarlier(written []report.File) (old []string) {
	for _, name := range []string{pdfFile, personasFile, "model.json", "rules.sql"} {
		if !slices.ContainsFunc(written, func(f report.File) bool { return f.Name == name }) && exists(filepath.Join(c.Out, name)) {
			old = append(old, name)
		}
	}
	return old
}

// inRules says how --rules takes up the rule that a list of one's own lacks.
func (c *reportCmd) inRules(err error) error {
	var e *fault.CellError
	if !errors.As(err, &e) || !strings.Contains(e.Remedy, "features.MissingValue") {
		return err
	}
	chosen, wrong := c.choices()
	if wrong != nil {
		return err
	}
	e.Remedy = fmt.Sprintf("say --rules %q", choices.Names(choices.WithMissing(chosen.Rules)))
	return err
}

const (
	pdfFile      = "report.pdf"
	personasFile = "personas.pdf"
)

// files are all that is written: those of the library, and the workbook and what is on paper, for which it has no libraries. unprinted says why there
// is no PDF though it was wanted.
func (c *reportCmd) files(ctx context.Context, contents *report.Contents) (files []report.File, unprinted, err error) {
	if files, err = contents.Files(); err != nil {
		return nil, nil, err
	}
	tables, err := contents.Tables()
	if err != nil {
		return nil, nil, err
	}
	book, err := workbook.Write(tables, contents.AsOf)
	if err != nil {
		return nil, nil, err
	}
	more := []report.File{{Name: "tables.xlsx", Data: book}}
	if !c.NoPDF {
		path, err := browser.Find(c.Browser)
		switch {
		case errors.Is(err, browser.ErrNone):
			unprinted = fmt.Errorf("segkit: %w, so there is no %s and no %s: install one, name it with --browser, or say --no-pdf", err, pdfFile, personasFile)
		case err != nil:
			return nil, nil, usageError{err}
		default:
			personas, err := contents.Personas()
			if err != nil {
				return nil, nil, err
			}
			for _, on := range []struct {
				paper string
				page  []byte
			}{{pdfFile, files[0].Data}, {personasFile, []byte(personas)}} {
				pdf, err := browser.PDF(ctx, path, on.page, contents.AsOf)
				if err != nil {
					return nil, nil, err
				}
				more = append(more, report.File{Name: on.paper, Data: pdf})
			}
		}
	}
	return slices.Insert(files, len(files)-1, more...), unprinted, nil
}

// contents reads the inputs and runs the analysis.
func (c *reportCmd) contents(ctx context.Context) (*report.Contents, error) {
	chosen, err := c.choices()
	if err != nil {
		return nil, err
	}
	orders, notes, err := readOrders(c.Orders, c.Sheet)
	if err != nil {
		return nil, err
	}
	chosen.Assumed = notes
	var more *table.Table
	if c.Customers != "" {
		if more, err = readCustomers(c.Customers, c.CustomersSheet, c.ID); err != nil {
			return nil, err
		}
	}
	last, before, err := c.lastReport()
	if err != nil {
		return nil, err
	}
	asOf, err := c.lastDay(orders, chosen)
	if err != nil {
		return nil, err
	}
	if silence, err := orders.Silence(chosen.AsOf); err != nil {
		return nil, err
	} else if silence != "" { // which a page of many sentences could hide
		fmt.Fprintln(os.Stderr, "segkit: "+silence)
	}
	if last != nil && last.AsOf > asOf {
		return nil, &fault.CellError{Op: "report", File: c.folderOfLast(), Err: fault.ErrSchema, Why: fmt.Sprintf("holds the report of %s, which is later than %s", last.AsOf, asOf), Remedy: "write into another folder"}
	}
	if chosen.Before, err = rulesOfModel(before); err != nil {
		return nil, err
	}
	if last != nil && last.AsOf == asOf && !last.ModelKept { // the same report again: it fitted its own model
		before = ""
	}
	path := c.Model
	if path == "" && !c.Refit && c.K == 0 && c.Columns == nil {
		path = before
	}
	var model *segkit.Model
	if path != "" {
		if model, err = segkit.LoadModel(path); err != nil {
			return nil, err
		}
	}
	out, err := analysis.Run(ctx, orders, more, model, last, chosen)
	if err != nil {
		return nil, err
	}
	open := slices.DeleteFunc(slices.Clone(out.Notes), func(note string) bool { return !choices.Asks(note) })
	if len(open) > 0 { // page 1 tells them, too
		fmt.Fprint(os.Stderr, lines(append(open, fmt.Sprintf("segkit inspect %s … --write keeps answers beside the file, and segkit report finds them there.", c.Orders))))
	}
	out.Title, out.Seed = c.Title, *c.Seed
	if last != nil && c.Title == "" {
		out.Title = last.Title
	}
	info, _ := debug.ReadBuildInfo()
	out.MadeBy = version.Of("segkit", info)
	out.Inputs, err = c.inputs()
	return out, err
}

// folderOfLast is where the last report lies: the folder that was named, or the one that is written, which may hold one.
func (c *reportCmd) folderOfLast() string { return cmp.Or(c.Last, c.Out) }

// lastReport is the record of the last report, nil where there is none, and its model.
func (c *reportCmd) lastReport() (last *report.Record, model string, err error) {
	if last, err = report.ReadRecord(c.folderOfLast()); err != nil {
		return nil, "", err
	}
	if last == nil {
		if c.Last != "" {
			return nil, "", usageError{fmt.Errorf("segkit: --last %s: the folder holds no report", c.Last)}
		}
		return nil, "", nil
	}
	return last, filepath.Join(c.folderOfLast(), "model.json"), nil
}

// rulesOfModel are the rules of cleaning that the model of the last report goes with; nil without a model.
func rulesOfModel(path string) ([]features.Rule, error) {
	if path == "" || !exists(path) {
		return nil, nil
	}
	model, err := segkit.LoadModel(path)
	if err != nil {
		return nil, err
	}
	spec, err := features.ParseSpec(model.Spec)
	return spec.Rules, err
}

// lastDay is the day of this report.
func (c *reportCmd) lastDay(orders *features.Orders, chosen analysis.Choices) (string, error) {
	day := chosen.AsOf
	if day.IsZero() {
		var err error
		if _, day, err = orders.Period(); err != nil {
			return "", err
		}
	}
	return day.Format(time.DateOnly), nil
}

func (c *reportCmd) choices() (analysis.Choices, error) {
	out := analysis.Choices{K: c.K, Window: c.Window, Days: c.Days, Columns: c.Columns, Seed: *c.Seed, Language: c.Lang}
	if c.AsOf != "" {
		day, err := time.Parse(time.DateOnly, c.AsOf)
		if err != nil {
			return out, usageError{fmt.Errorf("segkit: --as-of is %q, want a day such as 2025-09-30", c.AsOf)}
		}
		out.AsOf = day
	}
	if !slices.Contains(report.Languages(), c.Lang) {
		return out, usageError{fmt.Errorf("segkit: --lang is %q, want one of %s", c.Lang, strings.Join(report.Languages(), ", "))}
	}
	for _, name := range c.Rules {
		rule, err := choices.Rule(name)
		if err != nil {
			return out, usageError{err}
		}
		out.Rules = append(out.Rules, rule)
	}
	if c.K < 0 || c.K == 1 {
		return out, usageError{fmt.Errorf("segkit: --k is %d, want 2 or more", c.K)}
	}
	if c.Days < 1 || c.Window < 0 {
		return out, usageError{fmt.Errorf("segkit: --days is %d and --window %d, want 1 or more", c.Days, c.Window)}
	}
	return out, nil
}

// inputs are the files that the report is made from, with those that say how they are read.
func (c *reportCmd) inputs() ([]report.Input, error) {
	var out []report.Input
	orders := c.Orders
	if info, err := os.Stat(orders); err != nil || info.IsDir() { // a data set by its name
		if orders, err = datasets.Find(c.Orders); err != nil {
			orders = ""
			out = append(out, report.Input{Name: c.Orders})
		}
	}
	for _, path := range []string{orders, c.Customers, c.Model} {
		if path == "" {
			continue
		}
		files, err := inputs.Of(path, "")
		if err != nil {
			return nil, err
		}
		for _, in := range files {
			out = append(out, report.Input{Name: filepath.Base(in.Path), SHA256: in.SHA256, Bytes: in.Bytes})
		}
	}
	return out, nil
}
