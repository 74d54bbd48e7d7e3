package main

import (
	"fmt"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/sheet"
)

// describeCmd says what is in a saved model.
type describeCmd struct {
	Model string `arg:"" help:"Model, as Model.Save wrote it."`
}

func (c *describeCmd) Run() error {
	m, err := segkit.LoadModel(c.Model)
	if err != nil {
		return err
	}
	fmt.Println(m.Sheet().Text())
	fmt.Println(m.Inputs().Text())
	if m.Spec != nil {
		spec, err := features.ParseSpec(m.Spec)
		if err != nil {
			return err
		}
		rules := []string{}
		for _, r := range spec.Rules {
			rules = append(rules, r.String())
		}
		fmt.Printf("The columns were made from order lines, cleaned by %s, up to %s.\n", sheet.List(rules), spec.AsOf.Format("2006-01-02"))
	}
	made := m.MadeBy
	if made == "" {
		made = "an earlier version of segkit"
	}
	fmt.Printf("Fitted by %s on %s customers (fingerprint %s); %d of %d starts found this solution.\n",
		made, sheet.Count(m.Customers), m.TrainedOn, m.Starts.Hits(), len(m.Starts))
	return nil
}
