package main

import (
	"context"
	"fmt"

	"github.com/segkit/lab/datasets"
	"github.com/segkit/lab/datasets/download"
	"github.com/segkit/lab/segkit/internal/progressbar"
	"github.com/segkit/lab/segkit/job"
)

// dataCmd is what segkit does with the public data sets.
type dataCmd struct {
	List dataListCmd `cmd:"" help:"List the public data sets: what they are, their licence, and where they lie on this machine."`
	Get  dataGetCmd  `cmd:"" help:"Download a public data set from its publisher into the cache, going on where an earlier try was cut."`
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
