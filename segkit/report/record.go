package report

import (
	"bytes"
	"encoding/json"
	"time"
)

// Record is what a report leaves for programs, and for the next report: what it was made from, what was decided, what was forecast. There is no clock in
// it, so the same inputs give the same bytes.
type Record struct {
	Schema    string            `json:"schema"`  // "segkit/report"
	Version   int               `json:"version"` // raised when a field is renamed, removed or changes its meaning
	MadeBy    string            `json:"made_by"`
	AsOf      string            `json:"as_of"` // 2025-09-30; "" where it is not known
	Days      int               `json:"days"`  // that were looked ahead
	Seed      int               `json:"seed"`
	Language  string            `json:"language"`
	Inputs    []Input           `json:"inputs"`
	Decisions []Decision        `json:"decisions"`
	Segments  []RecordedSegment `json:"segments"`
}

// RecordedSegment is a segment in a record.
type RecordedSegment struct {
	Name      string   `json:"name"`
	Customers int      `json:"customers"`
	Spent     *float64 `json:"spent"`    // null where nobody knows, as the following
	Expected  *float64 `json:"expected"` // in the days ahead, if nothing is done
	Low       *float64 `json:"low"`
	High      *float64 `json:"high"`
}

const recordVersion = 1

// Record is what record.json holds.
func (c Contents) Record() (*Record, error) {
	p, err := newPage("report.Contents.Record", c)
	if err != nil {
		return nil, err
	}
	out := &Record{Schema: "segkit/report", Version: recordVersion, MadeBy: c.MadeBy, Days: p.c.Days, Seed: c.Seed, Language: p.Language,
		Inputs: append([]Input{}, c.Inputs...), Decisions: append([]Decision{}, c.Decisions...)}
	if !c.AsOf.IsZero() {
		out.AsOf = c.AsOf.Format(time.DateOnly)
	}
	for l, s := range c.Profile.Segments {
		r := RecordedSegment{Name: s.Name, Customers: s.Size, Spent: known(p.spent(l))}
		if w := worth(c.Ahead, s.Name); w != nil && c.Ahead.Money {
			r.Expected, r.Low, r.High = known(w.Value.Mean), known(w.Value.Low), known(w.Value.High)
		}
		out.Segments = append(out.Segments, r)
	}
	return out, nil
}

func known(v float64) *float64 {
	if v != v {
		return nil
	}
	return &v
}

func (c Contents) record() ([]byte, error) {
	r, err := c.Record()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", " ")
	e.SetEscapeHTML(false)
	err = e.Encode(r)
	return b.Bytes(), err
}
