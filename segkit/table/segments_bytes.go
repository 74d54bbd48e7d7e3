package table

import (
	"fmt"

	"github.com/segkit/lab/segkit/internal/gobs"
	"github.com/segkit/lab/segkit/internal/kinds"
)

// segmentsData is Segments for gob.
type segmentsData struct {
	IDs              []string
	Labels           Labels
	Names            []string
	Distance, Margin []float64
	Model            []byte
	FormedBy         []string
	Known            bool // FormedBy is known, although gob does not tell nothing from nil
	Ancestry         Ancestry
	Times            []int
	Flags            []Flag
	Remarks          []string
}

// MarshalBinary encodes the segments exactly. If their model holds customers' rows, as DBSCAN's does, the recipe is kept, but not
// the part that would score new customers.
func (s *Segments) MarshalBinary() ([]byte, error) {
	d := segmentsData{s.IDs, s.Labels, s.Names, s.Distance, s.Margin, nil, s.FormedBy, s.FormedBy != nil, s.Ancestry, s.Times, s.Flags, s.Remarks}
	if s.Model != nil {
		var err error
		if d.Model, err = kinds.Origin.Encode(s.Model); err != nil {
			return nil, err
		}
	}
	return gobs.Encode(d)
}

// UnmarshalBinary is the inverse of MarshalBinary.
func (s *Segments) UnmarshalBinary(b []byte) error {
	var d segmentsData
	if err := gobs.Decode(b, &d); err != nil {
		return fmt.Errorf("segkit: not stored segments: %w", err)
	}
	out := Segments{IDs: d.IDs, Labels: d.Labels, Names: d.Names, Distance: d.Distance, Margin: d.Margin, FormedBy: d.FormedBy, Ancestry: d.Ancestry, Times: d.Times, Flags: d.Flags, Remarks: d.Remarks}
	if d.Known && out.FormedBy == nil {
		out.FormedBy = []string{}
	}
	if d.Model != nil {
		m, err := kinds.Origin.Decode(d.Model)
		if err != nil {
			return err
		}
		out.Model = m.(Origin)
	}
	*s = out
	return nil
}
