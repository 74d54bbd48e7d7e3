package main

import (
	"context"
	"fmt"

	"github.com/segkit/lab/segkit/internal/wording"
)

// featuresCmd makes the customers of a day, and brings them here.
type featuresCmd struct {
	connection
	AsOf string `name:"as-of" required:"" placeholder:"DAY" help:"Last day that counts, as in 2025-09-30."`
	Out  string `short:"o" default:"customers.csv" help:"File to write. It appears whole or not at all."`
}

func (c *featuresCmd) Run(ctx context.Context) error {
	return c.on(ctx, func(ctx context.Context, s *session) error {
		if err := s.canWrite("-o", c.Out); err != nil {
			return err
		}
		customers, err := s.customers(ctx, c.AsOf, s.source.rules)
		if err != nil {
			return err
		}
		t, err := customers.TableContext(ctx)
		if err != nil || s.dry {
			return err
		}
		if err := t.WriteCSV(c.Out); err != nil {
			return err
		}
		_, err = fmt.Fprintf(s.out, "%s written to %s.\n", wording.Plural(t.Len(), "customer"), c.Out)
		return err
	})
}
