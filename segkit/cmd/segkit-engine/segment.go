package main

import (
	"context"
	"fmt"
	"math"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/engine"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/sheet"
)

// segmentCmd takes order lines, or customers, to segments.
type segmentCmd struct {
	connection
	into
	AsOf       string   `name:"as-of" placeholder:"DAY" help:"For order lines: the last day that counts, as in 2025-09-30."`
	K          int      `short:"k" required:"" help:"Number of segments, 2 to 150."`
	Columns    []string `default:"recency,orders,basket" placeholder:"NAME,…" help:"Columns that form the segments: logarithms, standardised."`
	Seed       int      `default:"1" help:"Seed of all draws."`
	FixedPoint bool     `help:"Scan the customers until none of them changes segment, instead of 10 scans in all."`
	Model      string   `short:"o" default:"model.json" placeholder:"FILE" help:"File to write the model to, for segkit score; without it, model.json in this folder."`
}

// mostSegments is how many may be asked for: the statement that finds the nearest of k centres grows with the cube of k.
const mostSegments = 150

func (c *segmentCmd) Run(ctx context.Context) error {
	if c.K < 2 || c.K > mostSegments {
		return fault.Errorf(fault.ErrOption, "segkit: -k is %d, want 2 to %d", c.K, mostSegments)
	}
	recipe := segkit.Recipe{
		Columns: c.Columns,
		Prep:    []prep.Transformer{prep.Log1p{}, prep.Standardize{}, prep.Snap{}},
		Method:  cluster.KMeans{K: c.K, Seed: c.Seed},
	}
	return c.on(ctx, func(ctx context.Context, s *session) error {
		if err := s.canWrite("-o", c.Model); err != nil {
			return err
		}
		if err := c.into.check(ctx, s); err != nil {
			return err
		}
		customers, err := s.customers(ctx, c.AsOf, s.source.rules)
		if err != nil {
			return err
		}
		if s.after = ". With more than 200,000 customers, fitting and scoring take at most 10 scans of them"; c.FixedPoint {
			s.after = ". With more than 200,000 customers, they are scanned until none of them moves, at most 300 times"
		}
		fit, err := customers.FitContext(ctx, recipe, engine.FitOptions{FixedPoint: c.FixedPoint})
		if err != nil {
			return err
		}
		if err := c.into.write(ctx, s, customers, fit.Model); err != nil {
			return err
		}
		if !s.dry {
			if err := fit.Model.Save(c.Model); err != nil { // at once: the two belong together, and telling of them takes time
				return err
			}
		}
		if err := c.into.say(ctx, s, customers, fit.Model); err != nil || s.dry {
			return err
		}
		_, err = fmt.Fprintf(s.out, "%s\nThe model is in %s.\n", quality(fit), c.Model)
		return err
	})
}

// quality says what is known of a fit, in a sentence.
func quality(f *engine.Fit) string {
	text := fmt.Sprintf("Fitted on %s; the cost, the sum of the squared distances of all customers to the centres of their segments, is exactly %s", f.Kind, sheet.Number(f.Cost))
	if f.Kind == engine.Grid { // |√Cost - √CellsCost| is at most √Within for the best centres as well
		text += fmt.Sprintf(", and its square root is within %s of that on the cells", sheet.Number(math.Sqrt(f.Within)))
	}
	return text + fmt.Sprintf("; %d scans of the customers.", f.Scans)
}
