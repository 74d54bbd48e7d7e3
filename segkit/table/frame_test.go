package table

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"github.com/segkit/lab/segkit/fault"
)

func frameOf(t *testing.T, text string, types map[string]series.Type) dataframe.DataFrame {
	t.Helper()
	df := dataframe.ReadCSV(strings.NewReader(text), dataframe.WithTypes(types))
	if df.Err != nil {
		t.Fatal(df.Err)
	}
	return df
}

var textID = map[string]series.Type{"id": series.String}

func TestFrameAndBack(t *testing.T) {
	want := tableOf(t, "id,spend,city,member\n00123,1e-9,Leeds,TRUE\n7,,York,FALSE\n8,-3,,TRUE\n")
	got, err := FromFrame(want.Frame(), "id")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got.raw.IDs, want.raw.IDs) || !sameFloats(got.raw.Data, want.raw.Data) || !slices.Equal(got.Names(), want.Names()) {
		t.Errorf("came back as %v %v, want %v %v", got.raw.IDs, got.raw.Data, want.raw.IDs, want.raw.Data)
	}
	if !slices.Equal(got.raw.Columns[2].Levels, []string{"FALSE", "TRUE"}) {
		t.Errorf("levels %q", got.raw.Columns[2].Levels)
	}
}

func TestFromFrame(t *testing.T) {
	df := frameOf(t, "id,spend,orders,city,member\n00123,1.5,3,Leeds,true\n7,NaN,4,York,false\n", textID)
	table, err := FromFrame(df, "id", "member", "spend", "city")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(table.raw.IDs, []string{"00123", "7"}) || !sameFloats(table.raw.Data, []float64{1, 1.5, 0, 0, math.NaN(), 1}) {
		t.Errorf("%v %v", table.raw.IDs, table.raw.Data)
	}
	numbered, err := FromFrame(df, "", "spend")
	if err != nil || !slices.Equal(numbered.raw.IDs, []string{"1", "2"}) {
		t.Errorf("without an id column: %v", err)
	}
}

func TestFromFrameErrors(t *testing.T) {
	numericID := frameOf(t, "id,a\n001,1\n", nil)
	mixed := frameOf(t, "id,a\nx,1\ny,2\nz,abc\n", textID)
	for name, c := range map[string]struct {
		df      dataframe.DataFrame
		columns []string
		is      error
		parts   []string
	}{
		"its own error":  {dataframe.DataFrame{Err: errors.New("gota says no")}, nil, nil, []string{"gota says no"}},
		"numeric id":     {numericID, nil, fault.ErrSchema, []string{`"id"`, "leading zeros", "ReadCSV"}},
		"mixed column":   {mixed, nil, fault.ErrSchema, []string{`"a"`, "row 3", "(id z)", `"abc"`, "2 other cells"}},
		"no such column": {mixed, []string{"b"}, fault.ErrMissingColumn, []string{`"b"`}},
		"same id twice":  {frameOf(t, "id,a\nx,1\nx,2\n", textID), nil, fault.ErrDuplicate, []string{"row 2", "row 1"}},
		"no id":          {frameOf(t, "id,a\nx,1\n,2\n", textID), nil, fault.ErrSchema, []string{"row 2", "no id"}},
		"infinite":       {dataframe.New(series.New([]string{"x"}, series.String, "id"), series.New([]float64{math.Inf(1)}, series.Float, "a")), nil, fault.ErrNotFinite, []string{"+Inf"}},
		"empty":          {dataframe.New(series.New([]string{}, series.String, "id")), nil, fault.ErrEmpty, nil},
	} {
		_, err := FromFrame(c.df, "id", c.columns...)
		if err == nil || c.is != nil && !errors.Is(err, c.is) {
			t.Errorf("%s: error %v, want one that is %v", name, err, c.is)
			continue
		}
		for _, part := range c.parts {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %q does not say %q", name, err, part)
			}
		}
	}
	if _, err := FromFrame(mixed, "customer"); !errors.Is(err, fault.ErrMissingColumn) {
		t.Errorf("no id column: %v", err)
	}
}

func TestAttachJoinsByIDAndKeepsTheRows(t *testing.T) {
	s, err := NewSegments([]string{"a", "b", "c"}, Labels{1, 0, Noise}, []string{"Loyal", "Lapsed"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewSegments([]string{"a", "b"}, Labels{0, -2}, nil); !errors.Is(err, fault.ErrSchema) || !strings.Contains(err.Error(), "row 2 (id b)") {
		t.Errorf("a label below Noise: %v", err)
	}
	for want, s := range map[string]*Segments{
		"2 segments but 1 names": {IDs: []string{"a"}, Labels: Labels{1}, Names: []string{"one"}}, "1 labels for 2 customers": {IDs: []string{"a", "b"}, Labels: Labels{0}, Names: []string{"one"}},
	} {
		x, err := New([]string{"a"}, []Column{{Name: "spend"}}, []float64{1})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.LabelsOf(x); !errors.Is(err, fault.ErrSchema) || !strings.Contains(err.Error(), want) {
			t.Errorf("segments made by hand: %v, want %s", err, want)
		}
	}
	df := frameOf(t, "id,x\nc,1\nb,2\na,3\nb,4\n", textID)
	out, err := Attach(df, "id", s)
	if err != nil {
		t.Fatal(err)
	}
	if got := out.Col("segment").Records(); !slices.Equal(got, []string{"no segment", "Loyal", "Lapsed", "Loyal"}) {
		t.Errorf("segments %q", got)
	}
	if got := out.Col("id").Records(); !slices.Equal(got, []string{"c", "b", "a", "b"}) {
		t.Errorf("rows moved: %q", got)
	}
	if _, err := Attach(out, "id", s); !errors.Is(err, fault.ErrSchema) {
		t.Errorf("attaching twice: %v", err)
	}
	if _, err := Attach(frameOf(t, "id,x\na,1\nq,2\nr,3\n", textID), "id", s); err == nil || !strings.Contains(err.Error(), "(id q)") || !strings.Contains(err.Error(), "2 such") {
		t.Errorf("unknown ids: %v", err)
	}
	if _, err := Attach(df, "customer", s); !errors.Is(err, fault.ErrMissingColumn) {
		t.Errorf("no id column: %v", err)
	}
}
