package segkit

// Segments as bytes: what notebooks remember of them, with the model that scored them.

import (
	"errors"
	"fmt"
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
}

// MarshalBinary encodes the segments exactly. Of a model that holds customers' rows, as DBSCAN's, the recipe is kept but not what
// would score new customers.
func (s *Segments) MarshalBinary() ([]byte, error) {
	d := segmentsData{s.IDs, s.Labels, s.Names, s.Distance, s.Margin, nil, s.FormedBy, s.FormedBy != nil, s.Ancestry}
	if s.Model != nil {
		var err error
		if d.Model, err = s.Model.MarshalBinary(); errors.Is(err, ErrNotPortable) {
			d.Model, err = s.Model.encode(nil)
		}
		if err != nil {
			return nil, err
		}
	}
	return toGob(d)
}

// UnmarshalBinary is the inverse of MarshalBinary.
func (s *Segments) UnmarshalBinary(b []byte) error {
	var d segmentsData
	if err := fromGob(b, &d); err != nil {
		return fmt.Errorf("segkit: not stored segments: %w", err)
	}
	out := Segments{IDs: d.IDs, Labels: d.Labels, Names: d.Names, Distance: d.Distance, Margin: d.Margin, FormedBy: d.FormedBy, Ancestry: d.Ancestry}
	if d.Known && out.FormedBy == nil {
		out.FormedBy = []string{}
	}
	if d.Model != nil {
		out.Model = new(Model)
		assigner := func(data []byte) (Assigner, error) {
			if string(data) == "null" {
				return nil, nil
			}
			return assigners.decode(data)
		}
		if err := out.Model.decode(d.Model, assigner); err != nil {
			return err
		}
	}
	*s = out
	return nil
}
