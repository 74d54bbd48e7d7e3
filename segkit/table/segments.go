package table

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
)

// Segments says who is in which segment: labels bound to customer ids, with names. Clusters, rules, RFM scores and a
// column of your own all give one. Everything after clustering takes one and joins by id, so that a filtered or sorted
// table can never be profiled against the wrong rows.
type Segments struct {
	IDs      []string  // (n) often shared with the table that they come from: read them, and write only to a copy
	Labels   Labels    // (n) 0..k-1, or Noise
	Names    []string  // (k)
	Distance []float64 // (n) distance to the segment's centre in the space that was clustered; nil if there is none
	Margin   []float64 // (n) 0 on the border with the second-nearest segment, 1 at the centre of its own segment; nil if there is none
	Model    Origin    // that scored them; nil for rules, for columns of your own, and once customers have been moved by hand
	FormedBy []string  // columns that formed them, nil if unknown; a difference between segments in these columns is not a finding
	Ancestry Ancestry  // what these columns were made from, as far as the segments' table knew
	Times    []int     // (n) how many customers each row is, if the table's weights repeat rows; nil if each is one
	Flags    []Flag    // (n) what was unusual about a customer whom a model scored; nil if nothing was
	Remarks  []string  // sentences: how many customers were flagged, and why
}

// Flag is what was unusual about a customer whom a model scored: segkit.NewLevel and the other constants there. Flags can be combined.
type Flag uint8

var flagNames = [...]string{"new level", "missing value", "unusable value", "out of range"}

// String names all flags that are set: "new level; out of range", "" for none.
func (f Flag) String() string {
	var set []string
	for bit, name := range flagNames {
		if f&(1<<bit) != 0 {
			set = append(set, name)
		}
	}
	return strings.Join(set, "; ")
}

// Origin is the fitted model behind segments, as far as they need to know it.
type Origin interface {
	// Space returns the customers of raw (n x any) where the model compared them (n x d), and its centres there (k, each of d; nil for an empty
	// segment), or nil if it has none. It fails if raw lacks a column, and if the model's distances are not between numbers.
	Space(raw *Table) (x *Table, centers [][]float64, err error)
	// Relabelled returns the model in which label l of this one has become to[l] (k, all different), with names for all labels of the
	// new model; nil if it cannot say, because the segments were changed by hand.
	Relabelled(to []int, names []string) Origin
}

// NewSegments binds labels (n, each 0..k-1 or Noise) to ids (n, unique). Names (k) may be nil: segments are then called "1",
// "2", …
func NewSegments(ids []string, labels Labels, names []string) (*Segments, error) {
	if names == nil {
		for i := range labels.K() {
			names = append(names, strconv.Itoa(i+1))
		}
	}
	s := &Segments{IDs: ids, Labels: labels, Names: names}
	if err := s.check("table.NewSegments"); err != nil {
		return nil, err
	}
	return s, nil
}

// check holds what NewSegments promises, since the fields are open to everyone.
func (s *Segments) check(op string) error {
	if s != nil && different(s.IDs) && len(s.IDs) == len(s.Labels) && s.Labels.K() <= len(s.Names) && slices.Min(s.Labels) >= Noise {
		return nil
	}
	_, err := s.ByID(op)
	return err
}

// ByID returns the label of every id. It checks what NewSegments promises, because anyone can change the fields.
func (s *Segments) ByID(op string) (map[string]int, error) {
	if s == nil {
		return nil, fault.Nil(op, "segmentation")
	}
	if len(s.IDs) != len(s.Labels) {
		return nil, &fault.CellError{Op: op, Why: fmt.Sprintf("%d labels for %d customers", len(s.Labels), len(s.IDs)), Err: fault.ErrSchema}
	}
	if k := s.Labels.K(); k > len(s.Names) {
		return nil, &fault.CellError{Op: op, Why: fmt.Sprintf("%d segments but %d names", k, len(s.Names)), Err: fault.ErrSchema}
	}
	at := make(map[string]int, len(s.IDs))
	for i, id := range s.IDs {
		if _, twice := at[id]; twice {
			return nil, &fault.CellError{Op: op, Row: i + 1, ID: id, Why: "a customer can be in one segment only", Err: fault.ErrDuplicate}
		}
		at[id] = s.Labels[i]
		if s.Labels[i] < Noise {
			return nil, &fault.CellError{Op: op, Row: i + 1, ID: id, Value: strconv.Itoa(s.Labels[i]),
				Why: "is not a label", Remedy: "labels count from 0; Noise (-1) is for customers in no segment", Err: fault.ErrSchema}
		}
	}
	return at, nil
}

// SegmentsBy takes a category of the table as segments, one for each level in the order of the levels, empty ones included. A
// customer without a value is Noise. If the category was made elsewhere, as by another program's clustering, only you know which
// columns formed it: write them into FormedBy.
func (t *Table) SegmentsBy(column string) (*Segments, error) {
	if t == nil {
		return nil, fault.Nil("table.Table.SegmentsBy", "table")
	}
	j, err := t.Index(column)
	if err != nil {
		return nil, err
	}
	c := t.raw.Columns[j]
	if !c.Categorical() {
		return nil, fault.Errorf(fault.ErrSchema, "segkit: column %q holds numbers, segments come from a category: read it as text (table.CSVOptions.Text), or make rules of it with Where", column)
	}
	labels := make(Labels, t.Len())
	for i, v := range t.Raw().Column(j) {
		labels[i] = Noise
		if !math.IsNaN(v) {
			labels[i] = int(v)
		}
	}
	s, err := NewSegments(t.IDs(), labels, slices.Clone(c.Levels))
	if err != nil {
		return nil, err
	}
	s.FormedAlso(c)
	s.Times = t.Times()
	return s, nil
}

// FormedAlso adds columns to those that formed the segments.
func (s *Segments) FormedAlso(columns ...Column) {
	for _, c := range columns {
		s.Ancestry = s.Ancestry.And(c.lineage())
		if !slices.Contains(s.FormedBy, c.Name) {
			s.FormedBy = append(s.FormedBy, c.Name)
		}
	}
}

// K returns the number of segments, empty ones included.
func (s *Segments) K() int { return len(s.Names) }

// Counts returns the number of customers in each segment (k), not counting noise. A row with a frequency weight counts as often
// as the weight says; sampling weights change no count, because each row is one customer who was seen.
func (s *Segments) Counts() []int {
	counts := make([]int, s.K())
	for i, l := range s.Labels {
		if l >= 0 {
			counts[l] += s.Customers(i)
		}
	}
	return counts
}

// Customers returns how many customers row i is, as Table.Customers does.
func (s *Segments) Customers(i int) int {
	if s.Times == nil {
		return 1
	}
	return s.Times[i]
}

// Count returns how many customers the rows are, including those in no segment.
func (s *Segments) Count() (n int) {
	for i := range s.IDs {
		n += s.Customers(i)
	}
	return n
}

// Name returns the name of a label: the segment's, or "no segment" for Noise.
func (s *Segments) Name(label int) string {
	if label < 0 {
		return "no segment"
	}
	return s.Names[label]
}

// NameOfEach returns the segment's name for every customer (n).
func (s *Segments) NameOfEach() []string {
	names := make([]string, len(s.Labels))
	for i, l := range s.Labels {
		names[i] = s.Name(l)
	}
	return names
}

// measure is a number per customer that goes with a segment.
type measure struct {
	name   string
	values []float64 // (n)
}

// measures returns those of distance and margin that are there.
func (s *Segments) measures() []measure {
	all := []measure{{"distance", s.Distance}, {"margin", s.Margin}}
	return slices.DeleteFunc(all, func(m measure) bool { return m.values == nil })
}

// Sheet lays out who is in which segment, with the size of each in the caption.
func (s *Segments) Sheet() sheet.Sheet {
	out := sheet.Sheet{Caption: s.Sizes(), Columns: []sheet.Column{{Name: "id", Text: true}, {Name: "segment", Text: true}}}
	measures := s.measures()
	for _, m := range measures {
		out.Columns = append(out.Columns, sheet.Column{Name: m.name})
	}
	out.Notes = slices.Clone(s.Remarks)
	if s.Margin != nil {
		out.Notes = append(out.Notes, "Margin: 0 on the border to the next segment, 1 at the centre of its own segment.")
	}
	if s.Flags != nil {
		out.Columns = append(out.Columns, sheet.Column{Name: "flags", Text: true})
	}
	out.Total = len(s.IDs)
	for i := range min(len(s.IDs), sheet.MaxRows) {
		row := []string{s.IDs[i], s.Name(s.Labels[i])}
		for _, m := range measures {
			row = append(row, sheet.Fixed(m.values[i], 2))
		}
		if s.Flags != nil {
			row = append(row, s.Flags[i].String())
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

// Sizes returns text like "3,912 customers in 2 segments: Lapsed, rare (2,700); Frequent (1,200); in no segment (12)".
func (s *Segments) Sizes() string {
	var parts []string
	in := 0
	for l, n := range s.Counts() {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%s (%s)", s.Names[l], sheet.Count(n)))
		}
		in += n
	}
	if out := s.Count() - in; out > 0 {
		parts = append(parts, fmt.Sprintf("in no segment (%s)", sheet.Count(out)))
	}
	return strings.TrimSuffix(fmt.Sprintf("%s in %s: %s", wording.Plural(s.Count(), "customer"), wording.Plural(s.K(), "segment"), strings.Join(parts, "; ")), ": ")
}

// LabelsFor returns the label of every row of t (n), joined by id. A customer of t without a segment is an error.
func (s *Segments) LabelsFor(op string, t *Table) (Labels, error) {
	if t == nil {
		return nil, fault.Nil(op, "table")
	}
	return s.LabelsOfIDs(op, t.raw.IDs)
}

// LabelsOfIDs is LabelsFor for ids (n) that may repeat.
func (s *Segments) LabelsOfIDs(op string, ids []string) (Labels, error) {
	if s != nil && len(ids) > 0 && slices.Equal(ids, s.IDs) { // mostly the table that was segmented
		if err := s.check(op); err != nil {
			return nil, err
		}
		return slices.Clone(s.Labels), nil
	}
	at, err := s.ByID(op)
	if err != nil {
		return nil, err
	}
	out, missing, first := make(Labels, len(ids)), 0, -1
	for i, id := range ids {
		l, ok := at[id]
		if !ok {
			if missing++; first < 0 {
				first = i
			}
			continue
		}
		out[i] = l
	}
	if missing > 0 {
		return nil, &fault.CellError{Op: op, Row: first + 1, ID: ids[first], Count: missing, Err: fault.ErrUnmatched,
			Why: "customer has no segment", Remedy: "score this table first (Model.Score), or keep the customers who were segmented by joining it to theirs (customers.Join)"}
	}
	return out, nil
}

// LabelsOf returns the segment of every customer of t (n), joined by id. A customer of t without a segment is an error.
func (s *Segments) LabelsOf(t *Table) (Labels, error) {
	return s.LabelsFor("table.Segments.LabelsOf", t)
}

// FormingColumns looks up in t the columns that formed s; t may know what they were made from when s does not.
func (s *Segments) FormingColumns(t *Table) FormingColumns {
	f := FormingColumns{s.FormedBy != nil, s.Ancestry.And(Ancestry{Columns: s.FormedBy})}
	for _, c := range t.raw.Columns {
		if c.Role != Outcome && slices.Contains(s.FormedBy, c.Name) { // orders afterwards are not the orders that formed them
			f.Ancestry = f.And(c.Ancestry)
		}
	}
	return f
}

// FormingColumns is all that is known of what formed segments: the columns, and everything that these were made from.
type FormingColumns struct {
	known bool
	Ancestry
}

// Tie says how a column is tied to the columns that formed the segments. The tie is circular if the column formed the segments,
// was made from columns that did, or went into them; two parts of one sum are circular too.
func (f FormingColumns) Tie(c Column) (circular, sameSource bool) {
	if !f.known {
		return false, false
	}
	own := c.lineage()
	if slices.ContainsFunc(own.Columns, func(name string) bool { _, in := slices.BinarySearch(f.Columns, name); return in }) {
		return true, false
	}
	_, _, sameSource = own.overlap(f.Ancestry)
	return false, sameSource
}
