package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/segkit/lab/internal/atomicfile"
	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/engine"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/sheet"
)

// scoreCmd scores customers, or those of order lines, by a saved model.
type scoreCmd struct {
	Model string `arg:"" help:"Model, as segkit segment, segkit report or a notebook wrote it."`
	connection
	into
	AsOf string `name:"as-of" placeholder:"DAY" help:"For order lines: the last day that counts, as in 2025-09-30."`
}

func (c *scoreCmd) Run(ctx context.Context) error {
	model, err := segkit.LoadModel(c.Model)
	if err != nil {
		return err
	}
	return c.on(ctx, func(ctx context.Context, s *session) error {
		if err := c.into.check(ctx, s); err != nil {
			return err
		}
		var spec features.Spec
		if s.source.id == "" { // rules and features as the model was made
			if model.Spec == nil {
				return fault.Errorf(fault.ErrSchema, "segkit: %s was not made from order lines, and does not say how customers are made from them: fit one with segkit segment", c.Model)
			}
			if spec, err = features.ParseSpec(model.Spec); err != nil {
				return err
			}
		}
		customers, err := s.customers(ctx, c.AsOf, spec.Rules, spec)
		if err != nil {
			return err
		}
		return c.into.score(ctx, s, customers, model)
	})
}

// into is where the segments go.
type into struct {
	Into string `required:"" placeholder:"TABLE" help:"Table to write: id, segment, distance, margin. It is written under another name, then renamed. Where DuckDB reads files and has no database of its own, a file that ends in .parquet or .csv."`
}

// inMemory is the table of segments in a database that ends with the command.
const inMemory = "segments"

// formats are those of files, by what their names end in.
var formats = map[string]string{".parquet": "FORMAT parquet", ".csv": "FORMAT csv, HEADER"}

// check refuses, before the work, a table that would end with the command, a file where a table belongs, and what could not be written at the end.
func (i into) check(ctx context.Context, s *session) error {
	_, file := formats[filepath.Ext(i.Into)]
	switch {
	case s.target.InMemory() && !file:
		return fault.Errorf(fault.ErrOption, "segkit: --into %s: the database is in memory, and the table would go with it: name a file such as segments.parquet", i.Into)
	case !s.target.InMemory() && file:
		return fault.Errorf(fault.ErrOption, "segkit: --into %s: want the name of a table", i.Into)
	case file:
		if err := s.canWrite("--into", i.Into); err != nil {
			return err
		}
		return s.holdsSegments(ctx, i.Into)
	}
	return s.CanWriteContext(ctx, i.Into)
}

// holdsSegments refuses a file that is there and holds something else, as the engine refuses a table that does.
func (s *session) holdsSegments(ctx context.Context, path string) error {
	if _, err := os.Stat(path); err != nil {
		return nil
	}
	rows, err := s.db.QueryContext(ctx, "SELECT * FROM '"+strings.ReplaceAll(path, "'", "''")+"' LIMIT 0")
	if err == nil {
		defer rows.Close()
		if columns, err := rows.Columns(); err == nil && slices.Contains(columns, "segment") && len(columns) <= 5 {
			return nil
		}
	}
	return fault.Errorf(fault.ErrOption, "segkit: --into %s: a file of that name is there and holds no segments: name another one, or remove it", path)
}

// canWrite refuses a file that could not be written into its folder, and one that is read.
func (s *session) canWrite(flag, path string) error {
	if atomicfile.Overwrites(path, s.source.path) {
		return fault.Errorf(fault.ErrOption, "segkit: %s %s would overwrite the source file: name another one", flag, path)
	}
	if s.target.Reads(path) {
		return fault.Errorf(fault.ErrOption, "segkit: %s %s would overwrite what is read, or be read with it the next time: name a file elsewhere", flag, path)
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return fault.Errorf(fault.ErrOption, "segkit: %s %s: that is a folder: name a file in it", flag, path)
	}
	tried, err := atomicfile.Begin(path)
	if err != nil {
		return fault.Errorf(fault.ErrOption, "segkit: %s %s: no file can be made in the folder %s: check that it exists, and that you may write to it", flag, path, filepath.Dir(path))
	}
	tried.Abort()
	return nil
}

// score puts every customer's segment into the table or the file, and says who is in them.
func (i into) score(ctx context.Context, s *session, customers *engine.Customers, m *segkit.Model) error {
	if err := i.write(ctx, s, customers, m); err != nil {
		return err
	}
	return i.say(ctx, s, customers, m)
}

func (i into) table(s *session) string {
	if s.target.InMemory() {
		return inMemory
	}
	return i.Into
}

func (i into) write(ctx context.Context, s *session, customers *engine.Customers, m *segkit.Model) error {
	err := customers.ScoreContext(ctx, m, i.table(s))
	if err == nil && s.target.InMemory() {
		err = export(ctx, s, i.Into)
	}
	return err
}

func (i into) say(ctx context.Context, s *session, customers *engine.Customers, m *segkit.Model) error {
	profile, err := described(ctx, s, customers, m, i.table(s))
	if err != nil || s.dry {
		return err
	}
	if err := s.show(profile.Sheet()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "The segments are in %s.\n", i.Into)
	return err
}

// described says who is in the segments of a table that was written: as in memory where the customers are few enough to come here, by aggregates otherwise.
func described(ctx context.Context, s *session, customers *engine.Customers, m *segkit.Model, in string) (profile sheet.Sheeter, err error) {
	few, err := customers.FewContext(ctx)
	if err == nil && (few == nil || s.dry) {
		s.where("of more than 200,000 customers", func() { profile, err = customers.ProfileContext(ctx, in) })
		return profile, err
	}
	if err != nil {
		return nil, err
	}
	segments, err := m.Score(few)
	if err != nil {
		return nil, err
	}
	return describe.SegmentsContext(ctx, few, segments)
}

// export writes the table of segments as a file, whole or not at all. The database writes into the file in the making, and makes none of its own.
func export(ctx context.Context, s *session, path string) error {
	copied := func(to string) string {
		return "COPY (SELECT * FROM " + inMemory + " ORDER BY id) TO '" + strings.ReplaceAll(to, "'", "''") + "' (" + formats[filepath.Ext(path)] + ", USE_TMP_FILE false)"
	}
	s.own[len(s.Engine.Statements())] = engine.Statement{Purpose: "write the segments into " + path, SQL: copied(path)}
	if s.dry {
		return nil
	}
	f, err := atomicfile.Begin(path)
	if err != nil {
		return err
	}
	defer f.Abort()
	if _, err := s.db.ExecContext(ctx, copied(f.Name())); err != nil {
		return fmt.Errorf("segkit: cannot write %s: %w", path, err)
	}
	return f.Commit()
}
