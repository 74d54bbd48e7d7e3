package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"time"

	"github.com/segkit/lab/segkit/fault"
)

// Record is what a report leaves for programs, and for the next report: what it was made from, what was decided, what was forecast. It contains no time
// stamp, so the same inputs give the same bytes.
type Record struct {
	Schema    string            `json:"schema"`  // "segkit/report"
	Version   int               `json:"version"` // raised when a field is renamed, removed or changes its meaning
	MadeBy    string            `json:"made_by"`
	Title     string            `json:"title,omitempty"` // as given; "" for the language's default
	AsOf      string            `json:"as_of"`           // 2025-09-30; "" if unknown
	Days      int               `json:"days"`            // of the forecast
	Seed      int               `json:"seed"`
	Language  string            `json:"language"`
	Inputs    []Input           `json:"inputs"`
	Decisions []Decision        `json:"decisions"`
	Model     string            `json:"model"`      // SHA-256 of model.json; "" without a model
	ModelKept bool              `json:"model_kept"` // it comes from an earlier report, or was given
	Segments  []RecordedSegment `json:"segments"`
	Forecasts []Forecast        `json:"forecasts"` // of earlier reports with the same model, and of this one, the oldest first
}

// RecordedSegment is a segment in a record.
type RecordedSegment struct {
	Name      string   `json:"name"`
	Customers int      `json:"customers"`
	Spent     *float64 `json:"spent"` // null if unknown
}

const (
	recordSchema  = "segkit/report"
	recordVersion = 1
	recordFile    = "record.json"
)

// Record returns the contents of record.json.
func (c Contents) Record() (*Record, error) {
	p, err := newPage("report.Contents.Record", c)
	if err != nil {
		return nil, err
	}
	out := &Record{Schema: recordSchema, Version: recordVersion, MadeBy: c.MadeBy, Title: c.Title, Days: p.c.Days, Seed: c.Seed, Language: p.Language,
		Inputs: append([]Input{}, c.Inputs...), Decisions: append([]Decision{}, c.Decisions...)}
	if !c.AsOf.IsZero() {
		out.AsOf = c.AsOf.Format(time.DateOnly)
	}
	for l, s := range c.Profile.Segments {
		out.Segments = append(out.Segments, RecordedSegment{Name: s.Name, Customers: s.Size, Spent: known(p.spent(l))})
	}
	if c.Model != nil {
		model, err := c.Model.MarshalBinary()
		if err != nil {
			return nil, err
		}
		out.Model, out.ModelKept = fmt.Sprintf("%x", sha256.Sum256(model)), c.ModelKept
	}
	out.Forecasts = append([]Forecast{}, c.Forecasts...)
	return out, nil
}

// ReadRecord reads the record of the report in a folder; nil if there is none.
func ReadRecord(dir string) (*Record, error) {
	path := filepath.Join(dir, recordFile)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fault.Errorf(fault.ErrFormat, "segkit: the record of the last report cannot be read: %w", err)
	}
	var r Record
	if err := json.Unmarshal(data, &r); err != nil || r.Schema != recordSchema {
		return nil, &fault.CellError{Op: "report", File: path, Why: "is not the record of a report", Remedy: "name another folder", Err: fault.ErrFormat}
	}
	if r.Version != recordVersion {
		return nil, &fault.CellError{Op: "report", File: path, Why: fmt.Sprintf("is of version %d, want %d", r.Version, recordVersion), Remedy: "name another folder", Err: fault.ErrFormat}
	}
	for i := range r.Forecasts {
		f := &r.Forecasts[i]
		f.All.Came = math.NaN()
		for l := range f.Segments {
			f.Segments[l].Came = math.NaN()
		}
	}
	return &r, nil
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
