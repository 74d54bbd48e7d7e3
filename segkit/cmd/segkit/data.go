package main

import (
	"context"
	"fmt"

	"github.com/segkit/lab/datasets"
	"github.com/segkit/lab/datasets/download"
	"github.com/segkit/lab/segkit/cmd/internal/bigshop"
	"github.com/segkit/lab/segkit/internal/progressbar"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
)

// dataCmd is what segkit does with data sets: it finds the public ones, and makes one up.
type dataCmd struct {
	List dataListCmd `cmd:"" help:"List the public data sets: what they are, their licence, and where they are on this machine."`
	Get  dataGetCmd  `cmd:"" help:"Download a public data set from its publisher into the cache, resuming where an earlier attempt broke off."`
	Make dataMakeCmd `cmd:"" help:"Make up the order lines of a shop of any size as Parquet files."`
}

type dataListCmd struct{}

func (c *dataListCmd) Run() error {
	for _, s := range datasets.Sets() {
		path, err := datasets.Find(s.Name)
		if err != nil {
			path = "not here: segkit data get " + s.Name
		}
		fmt.Printf("%s\n    %s\n    %s; licence: %s\n    %s\n", s.Name, s.Title, s.From, s.Licence, path)
	}
	return nil
}

type dataGetCmd struct {
	Name string `arg:"" help:"Name of the set, such as online-retail."`
	From string `type:"existingfile" help:"Take this file, downloaded by hand, instead of asking the publisher: zip, workbook, CSV or CSV.gz."`
}

func (c *dataGetCmd) Run(ctx context.Context) error {
	set, err := datasets.Lookup(c.Name)
	if err != nil {
		return err
	}
	bar := &progressbar.Bar{Draw: progressbar.Terminal()}
	ctx = job.WithProgress(ctx, bar.Report)
	var path string
	if c.From != "" {
		path, err = download.Client{}.Install(ctx, set, c.From)
	} else {
		path, err = download.Client{}.Get(ctx, set)
	}
	bar.Clear()
	if err != nil {
		return err
	}
	fmt.Printf("%s\n%s; licence: %s\n", path, set.From, set.Licence)
	return nil
}

type dataMakeCmd struct {
	Dir   string `arg:"" help:"New folder for the files."`
	Lines int    `default:"1000000" help:"Approximate number of order lines; the command says how many there are."`
	Seed  int    `help:"Other seeds give other shops of the same kind."`
}

func (c *dataMakeCmd) Run(ctx context.Context) error {
	if c.Lines < 1 || c.Lines > 1e9 {
		return usageError{fmt.Errorf("segkit: --lines is %d, want 1 to 1,000,000,000", c.Lines)}
	}
	bar := &progressbar.Bar{Draw: progressbar.Terminal()}
	lines, err := bigshop.Write(job.WithProgress(ctx, bar.Report), c.Dir, c.Lines, c.Seed)
	bar.Clear()
	if err != nil {
		return err
	}
	fmt.Printf("%s in %s\n", wording.Plural(lines, "order line"), c.Dir)
	return nil
}
