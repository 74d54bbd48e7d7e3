package segkit

import (
	"fmt"
	"io"
	"iter"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/condition"
	"github.com/segkit/lab/segkit/internal/formula"
	"github.com/segkit/lab/segkit/internal/repeats"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Scored reports what ScoreCSV did, in numbers.
type Scored struct {
	Customers   int      // rows
	Names       []string // (k) of the segments
	Sizes       []int    // (k) customers in each
	NoSegment   int      // customers in none
	NewLevel    int      // customers with this flag; the next fields likewise
	Missing     int
	Unusable    int
	OutOfRange  int
	RepeatedIDs int      // rows whose id occurs in an earlier row
	EmptyIDs    int      // rows without an id
	Remarks     []string // sentences: how many customers were flagged, and why
}

// ScoreCSV scores customers that arrive in pieces, such as those of table.Scan, and writes them to w as Segments.WriteCSV does, in the same
// order. It keeps one piece at a time, so a file may be of any size. Repeated or empty ids are scored like others, and counted; beyond some
// two million ids, 8 bytes of each go through a temporary file.
//
//	scan, err := table.ScanCSV("customers.csv")
//	columns, err := model.Reads(scan.Header)
//	scored, err := model.ScoreCSV(w, scan.Pieces("id", columns))
func (m *Model) ScoreCSV(w io.Writer, pieces iter.Seq2[*table.Table, error]) (*Scored, error) {
	switch {
	case m == nil:
		return nil, fault.Nil("Model.ScoreCSV", "model")
	case w == nil:
		return nil, fault.Nil("Model.ScoreCSV", "writer")
	case pieces == nil:
		return nil, fault.Nil("Model.ScoreCSV", "sequence of pieces")
	}
	out := &Scored{Names: slices.Clone(m.Names), Sizes: make([]int, m.K())}
	var ids repeats.Counter
	defer ids.Close()
	var found remarks
	var numbers []string
	for piece, err := range pieces {
		if err != nil {
			return nil, err
		}
		if piece == nil {
			return nil, fault.Nil("Model.ScoreCSV", "piece")
		}
		anonymous := *piece.Raw() // ids may repeat or be empty, which no table of customers allows
		if len(numbers) < len(anonymous.IDs) {
			numbers = wording.Numbered(len(anonymous.IDs))
		}
		anonymous.IDs = numbers[:len(anonymous.IDs)]
		s, more, err := m.score(table.FromRaw(anonymous))
		if err != nil {
			return nil, err
		}
		s.IDs = piece.Raw().IDs
		if err := s.EncodeCSV(w, out.Customers == 0); err != nil {
			return nil, err
		}
		for _, r := range more {
			found.add(r)
		}
		for _, id := range s.IDs {
			if id == "" {
				out.EmptyIDs++
			} else if err := ids.Add(id); err != nil {
				return nil, err
			}
		}
		out.count(s)
	}
	if out.Customers == 0 {
		return nil, fmt.Errorf("segkit: Model.ScoreCSV: there are no customers: %w", fault.ErrEmpty)
	}
	var err error
	if out.RepeatedIDs, err = ids.Count(); err != nil {
		return nil, err
	}
	out.Remarks = found.sentences()
	if n := out.RepeatedIDs; n > 0 {
		out.Remarks = append(out.Remarks, fmt.Sprintf("%s the id of an earlier row, and %s scored all the same: keep one row per customer.",
			wording.Plural(n, "row")+map[bool]string{true: " has", false: " have"}[n == 1], wording.Be(n)))
	}
	if n := out.EmptyIDs; n > 0 {
		out.Remarks = append(out.Remarks, fmt.Sprintf("%s no id, and %s scored all the same.", wording.Plural(n, "row")+" "+wording.Have(n), wording.Be(n)))
	}
	return out, nil
}

// count adds a piece.
func (s *Scored) count(piece *table.Segments) {
	s.Customers += piece.Count()
	in := 0
	for l, n := range piece.Counts() {
		s.Sizes[l] += n
		in += n
	}
	s.NoSegment += piece.Count() - in
	for i, f := range piece.Flags {
		for _, of := range []struct {
			flag table.Flag
			n    *int
		}{{NewLevel, &s.NewLevel}, {MissingValue, &s.Missing}, {Unusable, &s.Unusable}, {OutOfRange, &s.OutOfRange}} {
			if f&of.flag != 0 {
				*of.n += piece.Customers(i)
			}
		}
	}
}

// Sheet lays out how many customers are in each segment; the notes say what was unusual.
func (s *Scored) Sheet() sheet.Sheet {
	out := sheet.Sheet{Caption: wording.Plural(s.Customers, "customer") + " scored", Notes: s.Remarks,
		Columns: []sheet.Column{{Name: "segment", Text: true}, {Name: "customers"}, {Name: "share"}}}
	add := func(name string, n int) {
		out.Rows = append(out.Rows, []string{name, sheet.Count(n), sheet.Percent(float64(n) / float64(max(1, s.Customers)))})
	}
	for l, name := range s.Names {
		add(name, s.Sizes[l])
	}
	if s.NoSegment > 0 {
		add("no segment", s.NoSegment)
	}
	return out
}

// Reads returns the columns that Score needs from a table with the columns have, as table.Scan reads them: the model's columns, and for a
// missing one that Table.With computed, the columns that it is computed from. Any other missing column is ErrMissingColumn.
func (m *Model) Reads(have []string) ([]table.Column, error) {
	if m == nil {
		return nil, fault.Nil("Model.Reads", "model")
	}
	var out []table.Column
	add := func(name string) {
		c := table.Column{Name: name}
		for _, of := range m.Columns {
			if of.Name == name {
				c.Levels, c.Labels = of.Levels, of.Labels
			}
		}
		if !slices.ContainsFunc(out, func(had table.Column) bool { return had.Name == name }) {
			out = append(out, c)
		}
	}
	var missing []string
	for _, c := range m.Columns {
		sources := sourcesOf(c)
		switch {
		case slices.Contains(have, c.Name):
			add(c.Name)
		case sources == nil:
			missing = append(missing, fmt.Sprintf("%q", c.Name))
		case slices.ContainsFunc(sources, func(name string) bool { return !slices.Contains(have, name) }):
			missing = append(missing, fmt.Sprintf("%q (which is %s)", c.Name, c.Formula))
		default:
			for _, name := range sources {
				add(name)
			}
		}
	}
	if missing != nil {
		return nil, lacks("", missing, have)
	}
	return out, nil
}

// sourcesOf returns the columns that c is computed from, nil where that is not known.
func sourcesOf(c table.Column) []string {
	if c.Formula == "" {
		return nil
	}
	tree, err := formula.Parse(c.Formula)
	if err != nil {
		return nil
	}
	return condition.ColumnsOf(tree)
}
