package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/segkit/lab/datasets"
	"github.com/segkit/lab/datasets/download"
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
	bar := &bar{w: os.Stderr}
	ctx = job.WithProgress(ctx, bar.show)
	var path string
	if c.From != "" {
		path, err = download.Client{}.Install(ctx, set, c.From)
	} else {
		path, err = download.Client{}.Get(ctx, set)
	}
	bar.end()
	if err != nil {
		return err
	}
	fmt.Printf("%s\n%s; licence: %s\n", path, set.From, set.Licence)
	return nil
}

// A bar shows progress on one line of a terminal, at most once for each percent.
type bar struct {
	w    io.Writer
	last string
}

func (b *bar) show(p job.Progress) {
	line := p.Task
	if p.Total > 0 {
		line += fmt.Sprintf(": %d %%", 100*p.Done/p.Total)
	} else {
		line += fmt.Sprintf(": %d", p.Done/1_000_000*1_000_000)
	}
	if line != b.last {
		fmt.Fprintf(b.w, "\r%-60s", line)
		b.last = line
	}
}

// end closes the line, if one was begun.
func (b *bar) end() {
	if b.last != "" {
		fmt.Fprintln(b.w)
	}
}
