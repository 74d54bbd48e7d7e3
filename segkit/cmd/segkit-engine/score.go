package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/engine"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
)

// scoreCmd scores the customers of order lines by a saved model.
type scoreCmd struct {
	Model string `arg:"" help:"Model, as segkit segment, segkit report or Model.Save wrote it."`
	connection
	into
	AsOf string `name:"as-of" required:"" placeholder:"DAY" help:"Last day that counts, as in 2025-09-30."`
}

func (c *scoreCmd) Run(ctx context.Context) error {
	asOf, err := day(c.AsOf)
	if err != nil {
		return err
	}
	model, err := segkit.LoadModel(c.Model)
	if err != nil {
		return err
	}
	if model.Spec == nil {
		return fault.Errorf(fault.ErrSchema, "segkit: %s was not made from order lines, and does not say how customers are made of them: fit one with segkit segment", c.Model)
	}
	spec, err := features.ParseSpec(model.Spec)
	if err != nil {
		return err
	}
	return c.on(ctx, func(ctx context.Context, s *session) error {
		if err := c.into.check(s); err != nil {
			return err
		}
		s.source.rules = spec.Rules // as the model was made
		cleaned, err := s.clean(ctx)
		if err != nil {
			return err
		}
		customers, err := cleaned.FeaturesContext(ctx, asOf, spec)
		if err != nil {
			return err
		}
		return c.into.score(ctx, s, customers, model)
	})
}

// into is where the segments go.
type into struct {
	Into string `required:"" placeholder:"TABLE" help:"Table to write: id, segment, distance, margin. It is made beside and renamed. Where DuckDB reads files and has no database of its own: the name of a new Parquet file."`
}

// inMemory is the table of segments in a database that ends with the command.
const inMemory = "segments"

// check refuses a table that would end with the command, and a file that is there.
func (i into) check(s *session) error {
	file := strings.HasSuffix(i.Into, ".parquet")
	switch {
	case s.target.InMemory() && !file:
		return fault.Errorf(fault.ErrOption, "segkit: --into %s: the database is in memory, and the table would end with it: name a file such as segments.parquet", i.Into)
	case !s.target.InMemory() && file:
		return fault.Errorf(fault.ErrOption, "segkit: --into %s: want the name of a table", i.Into)
	}
	return nil
}

// score puts every customer's segment into the table or the file, and says who is in them.
func (i into) score(ctx context.Context, s *session, customers *engine.Customers, m *segkit.Model) error {
	table := i.Into
	if s.target.InMemory() {
		table = inMemory
	}
	if err := customers.ScoreContext(ctx, m, table); err != nil || s.dry {
		return err
	}
	profile, err := customers.ProfileContext(ctx, table)
	if err != nil {
		return err
	}
	if err := s.show(profile.Sheet()); err != nil {
		return err
	}
	if s.target.InMemory() {
		if err := export(ctx, s, i.Into); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(s.out, "The segments are in %s.\n", i.Into)
	return err
}

// export writes the table of segments as a Parquet file, whole or not at all.
func export(ctx context.Context, s *session, path string) error {
	beside := filepath.Join(filepath.Dir(path), ".segkit-"+filepath.Base(path))
	defer os.Remove(beside)
	if _, err := s.db.ExecContext(ctx, "COPY (SELECT * FROM "+inMemory+" ORDER BY id) TO '"+strings.ReplaceAll(beside, "'", "''")+"' (FORMAT parquet)"); err != nil {
		return fmt.Errorf("segkit: cannot write %s: %w", path, err)
	}
	return os.Rename(beside, path)
}
