package main

import (
	"fmt"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/table"
)

// scoreCmd assigns the customers of a file to the segments of a saved model.
type scoreCmd struct {
	Model string `arg:"" help:"Model, as Model.Save wrote it."`
	File  string `arg:"" help:"Customers as CSV, with the columns of the model in its units; gzip is recognised."`
	ID    string `default:"id" help:"Column of the customers' ids."`
	Out   string `short:"o" default:"segments.csv" help:"File to write: id, segment, distance, margin. It appears whole or not at all."`
}

func (c *scoreCmd) Run() error {
	model, err := segkit.LoadModel(c.Model)
	if err != nil {
		return err
	}
	announce(c.File)
	customers, err := table.ReadCSV(c.File, c.ID, table.CSVOptions{Columns: model.Recipe.Columns})
	if err != nil {
		return err
	}
	segments, err := model.Score(customers)
	if err != nil {
		return err
	}
	if err := segments.WriteCSV(c.Out); err != nil {
		return err
	}
	fmt.Printf("%s: %s\n", c.Out, segments.Sheet().Caption)
	return nil
}
