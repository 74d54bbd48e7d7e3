package table

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/cell"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/internal/wording"
)

// The bridge to gota: one checked conversion in; the way out is segkit/internal/frame. No gota frame is computed on.

// Frame is a gota data frame, a shorter name for github.com/go-gota/gota/dataframe.DataFrame. Every result has a method
// Frame that returns one.
type Frame = dataframe.DataFrame

// FromFrame makes a table from the named columns of a gota frame, or from all but the id if none are named. With id "", the
// customers are numbered from 1. As in ReadCSV, a text column without any number is categorical and a mixed one is an error:
// gota turns a number column into text if a single cell is bad.
//
// A numeric id column is refused: gota reads "00123" as 123, and what was lost can no longer be seen.
func FromFrame(df Frame, id string, columns ...string) (*Table, error) {
	if df.Err != nil {
		return nil, fmt.Errorf("segkit: table.FromFrame: the frame carries an error: %w", df.Err)
	}
	names, n := df.Names(), df.Nrow()
	if n == 0 {
		return nil, fmt.Errorf("segkit: table.FromFrame: %w", fault.ErrEmpty)
	}
	t := FromRaw(Raw{IDName: id, IDs: wording.Numbered(n), Numbered: id == ""})
	if id != "" {
		if !slices.Contains(names, id) {
			return nil, suggest.Column("table.FromFrame", id, names)
		}
		ids := df.Col(id)
		if ids.Type() != series.String {
			return nil, &fault.CellError{Op: "table.FromFrame", Column: id, Err: fault.ErrSchema,
				Why:    fmt.Sprintf("ids were read as %ss, so leading zeros are lost", ids.Type()),
				Remedy: fmt.Sprintf("read the file with table.ReadCSV, or with dataframe.WithTypes(map[string]series.Type{%q: series.String})", id)}
		}
		t.raw.IDs = ids.Records()
		for i, v := range t.raw.IDs {
			if t.raw.IDs[i] = strings.TrimSpace(v); t.raw.IDs[i] == "" || ids.Elem(i).IsNA() {
				return nil, &fault.CellError{Op: "table.FromFrame", Column: id, Row: i + 1, Why: "the customer has no id",
					Remedy: "fill it in, or drop the row", Err: fault.ErrSchema}
			}
		}
	}
	if len(columns) == 0 {
		columns = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name == id })
	}
	t.raw.Columns = make([]Column, len(columns))
	t.raw.Data = make([]float64, n*len(columns))
	for p, name := range columns {
		if !slices.Contains(names, name) {
			return nil, suggest.Column("table.FromFrame", name, names)
		}
		t.raw.Columns[p].Name = name
		values, note, err := fromSeries(&t.raw.Columns[p], df.Col(name), t.raw.IDs)
		if err != nil {
			return nil, err
		}
		t.raw.Note = strings.TrimSpace(t.raw.Note + " " + note)
		for i, v := range values {
			t.raw.Data[i*len(columns)+p] = v
		}
	}
	return t, t.Check()
}

// fromSeries reads one column of a frame (n), filling in c.Levels for text and truth values; note says what was decided about it.
func fromSeries(c *Column, s series.Series, ids []string) (values []float64, note string, err error) {
	if s.Type() == series.Float || s.Type() == series.Int {
		values = s.Float()
		for i, v := range values {
			if math.IsInf(v, 0) {
				return nil, "", &fault.CellError{Op: "table.FromFrame", Column: c.Name, Row: i + 1, ID: ids[i], Value: fmt.Sprint(v),
					Why: "is not a finite number", Err: fault.ErrNotFinite}
			}
		}
		return values, "", nil
	}
	r := &cellReader{op: "table.FromFrame", missing: cell.NewMissing(nil), at: func(i int) *fault.CellError { return &fault.CellError{Row: i + 1, ID: ids[i]} }}
	var cells texts
	for _, text := range s.Records() {
		cells.add(strings.TrimSpace(text))
	}
	e := r.look(&cells, false)
	if e.digits.Padded() {
		e.numbers, note = nil, keptAsCode(c.Name, "row", e.digits.Zeros, "make the column one of numbers in the frame")
	}
	r.know(e)
	values, err = r.column(c, &cells, e.numbers)
	return values, note, err
}

// Frame returns the table as a gota frame: the id as text, numbers as floats, categories as their text.
func (t *Table) Frame() Frame {
	if t == nil {
		return Frame{Err: fault.Nil("table.Table.Frame", "table")}
	}
	columns := []frame.Columns{frame.Column(t.idColumn(), t.raw.IDs)}
	for j, c := range t.raw.Columns {
		if !c.Categorical() {
			columns = append(columns, frame.Column(c.Name, t.Raw().Column(j)))
			continue
		}
		columns = append(columns, frame.Texts(c.Name, t.Len(), func(i int) (string, bool) {
			if v := t.At(i, j); !math.IsNaN(v) {
				return c.Levels[int(v)], true
			}
			return "", false
		}))
	}
	return frame.New(columns...)
}

// Frame returns who is in which segment as a gota frame: id, segment, and distance and margin if there are any.
func (s *Segments) Frame() Frame {
	if s == nil {
		return Frame{Err: fault.Nil("table.Segments.Frame", "segmentation")}
	}
	columns := []frame.Columns{frame.Column("id", s.IDs), frame.Column("segment", s.NameOfEach())}
	for _, m := range s.measures() {
		columns = append(columns, frame.Column(m.name, m.values))
	}
	if s.Flags != nil {
		columns = append(columns, frame.Each("flags", s.Flags, func(f Flag) string { return f.String() }))
	}
	return frame.New(columns...)
}

// Attach returns the frame df with an additional column "segment", joined by the column id; df keeps its rows and their
// order. A row whose id has no segment is an error.
func Attach(df Frame, id string, s *Segments) (Frame, error) {
	if df.Err != nil {
		return df, fmt.Errorf("segkit: table.Attach: the frame carries an error: %w", df.Err)
	}
	names := df.Names()
	if !slices.Contains(names, id) {
		return df, suggest.Column("table.Attach", id, names)
	}
	if slices.Contains(names, "segment") {
		return df, fault.Errorf(fault.ErrSchema, `segkit: Attach: the frame already has a column "segment": drop or rename it first`)
	}
	ids := df.Col(id).Records()
	for i := range ids {
		ids[i] = strings.TrimSpace(ids[i])
	}
	labels, err := s.LabelsOfIDs("table.Attach", ids)
	if err != nil {
		return df, err
	}
	out := frame.With(df, frame.Each("segment", labels, s.Name))
	return out, out.Err
}
