package segkit

import (
	"fmt"
	"strconv"
)

// Segments is who is in which segment: labels bound to customer ids, with names. Clusters, rules, RFM scores and a column
// of the user's own all give one, and everything after clustering takes one and joins by id, so that a filtered or sorted
// table can never be profiled against the wrong rows.
type Segments struct {
	IDs      []string  // (n)
	Labels   Labels    // (n) 0..k-1, or Noise
	Names    []string  // (k)
	Distance []float64 // (n) distance to the segment's centre in the space that was clustered; nil where there is none
	Margin   []float64 // (n) 0 on the border to the second-nearest segment, 1 at the own centre; nil where there is none
}

// NewSegments binds labels (n) to ids (n). Names (k) may be nil: segments are then called "1", "2", …
func NewSegments(ids []string, labels Labels, names []string) (*Segments, error) {
	if len(ids) != len(labels) {
		return nil, fmt.Errorf("segkit: %d labels for %d customers: %w", len(labels), len(ids), ErrSchema)
	}
	if names == nil {
		for i := range labels.K() {
			names = append(names, strconv.Itoa(i+1))
		}
	}
	s := &Segments{IDs: ids, Labels: labels, Names: names}
	if labels.K() > len(names) {
		return nil, fmt.Errorf("segkit: %d segments but %d names: %w", labels.K(), len(names), ErrSchema)
	}
	seen := make(map[string]bool, len(ids))
	for i, id := range ids {
		if seen[id] {
			return nil, &CellError{Op: "NewSegments", Row: i + 1, ID: id, Why: "a customer can be in one segment only", Err: ErrSchema}
		}
		seen[id] = true
	}
	return s, nil
}

// K returns the number of segments, empty ones included.
func (s *Segments) K() int { return len(s.Names) }

// Counts returns the number of customers in each segment (k), noise left out.
func (s *Segments) Counts() []int {
	counts := make([]int, s.K())
	for _, l := range s.Labels {
		if l >= 0 {
			counts[l]++
		}
	}
	return counts
}

// labelsFor returns the label of every row of t (n), joined by id. A customer of t without a segment is an error.
func (s *Segments) labelsFor(op string, t *Table) (Labels, error) {
	at := make(map[string]int, len(s.IDs))
	for i, id := range s.IDs {
		at[id] = s.Labels[i]
	}
	out, missing, first := make(Labels, t.Len()), 0, -1
	for i, id := range t.ids {
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
		return nil, &CellError{Op: op, Row: first + 1, ID: t.ids[first], Count: missing, Err: ErrSchema,
			Why: "customer has no segment", Remedy: "score this table first (Model.Score), or filter it to the customers who were segmented"}
	}
	return out, nil
}
