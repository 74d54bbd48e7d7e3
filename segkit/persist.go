package segkit

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"strings"

	"github.com/segkit/lab/internal/atomicfile"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/kinds"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/starts"
	"github.com/segkit/lab/segkit/table"
)

// A model file is JSON: an envelope that says what it is, then the recipe, the fitted transforms and the assigner, each
// under its kind. Readers are strict, because a number that is silently skipped is a customer silently put elsewhere; so
// every change to the format, an added field included, raises the version.

const (
	modelFormat  = "segkit/model"
	modelVersion = 3
)

// modelFile is the version 3 form of a Model. Version 2 has nothing behind TrainedOn; version 1 has no labels either, and its starts no agreement.
type modelFile struct {
	Format     string            `json:"format"`
	Version    int               `json:"version"`
	Kind       string            `json:"kind"` // of the method
	Recipe     Recipe            `json:"recipe"`
	Before     table.Schema      `json:"input"`
	Transforms []json.RawMessage `json:"transforms"`
	Assigner   json.RawMessage   `json:"assigner"`
	Labels     []int             `json:"labels,omitempty"` // of the assigner's segments, where they are not 0..k-1
	Names      []string          `json:"names"`
	Sizes      []int             `json:"sizes"`
	Customers  int               `json:"customers"`
	Cost       kinds.Float       `json:"cost"`
	Iterations int               `json:"iterations"`
	Converged  bool              `json:"converged"`
	Starts     []startFile       `json:"starts"`
	TrainedOn  string            `json:"trained_on"`
	ID         string            `json:"id,omitempty"`
	Spec       json.RawMessage   `json:"spec,omitempty"`
	Training   []Distribution    `json:"training,omitempty"`
	Distances  *Distribution     `json:"distances,omitempty"`
	Typical    [][]kinds.Float   `json:"typical,omitempty"`
	MadeBy     string            `json:"made_by,omitempty"`
	LeftOut    string            `json:"left_out,omitempty"` // a sentence
}

type startFile struct {
	Cost       kinds.Float `json:"cost"`
	Iterations int         `json:"iterations"`
	Converged  bool        `json:"converged"`

	Agreement *kinds.Float  `json:"agreement,omitempty"` // none in version 1
	From      starts.Family `json:"from,omitempty"`
	Collapsed int           `json:"collapsed,omitempty"`
	LogUnits  float64       `json:"log_units,omitempty"`
}

// recipeFile is the form of a Recipe.
type recipeFile struct {
	Columns []string          `json:"columns"`
	Prep    []json.RawMessage `json:"prep"`
	Method  json.RawMessage   `json:"method"`
}

// MarshalJSON writes the recipe as plain data. A transform or method whose type is defined outside segkit gives ErrNotPortable.
func (r Recipe) MarshalJSON() ([]byte, error) {
	out := recipeFile{Columns: r.Columns, Prep: make([]json.RawMessage, len(r.Prep))}
	var err error
	for i, step := range r.Prep {
		if out.Prep[i], err = kinds.Transformers.Encode(step); err != nil {
			return nil, err
		}
	}
	if out.Method, err = kinds.Methods.Encode(r.Method); err != nil {
		return nil, err
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (r *Recipe) UnmarshalJSON(data []byte) error {
	var in recipeFile
	if err := kinds.Strict(data, &in); err != nil {
		return err
	}
	out := Recipe{Columns: in.Columns}
	for _, step := range in.Prep {
		t, err := kinds.Decode[prep.Transformer](kinds.Transformers, step)
		if err != nil {
			return err
		}
		out.Prep = append(out.Prep, t)
	}
	var err error
	if out.Method, err = kinds.Decode[cluster.Method](kinds.Methods, in.Method); err != nil {
		return err
	}
	*r = out
	return nil
}

// MarshalBinary writes the model in the form of its file.
func (m *Model) MarshalBinary() ([]byte, error) {
	if m.Assigner == nil {
		return nil, fault.Errorf(fault.ErrNotPortable, "segkit: this method cannot assign new customers: save the segments (WriteCSV), or fit cluster.KMeans from their means and save that")
	}
	if a, ok := m.Assigner.(interface{ NotPortable() error }); ok {
		return nil, a.NotPortable()
	}
	assigner, err := kinds.Assigners.Encode(m.Assigner)
	if err != nil {
		return nil, err
	}
	return m.encode(assigner)
}

// encode writes the model with its assigner as given; null stands for none.
func (m *Model) encode(assigner json.RawMessage) ([]byte, error) {
	if err := m.valid(); err != nil {
		return nil, err
	}
	out := modelFile{Format: modelFormat, Version: modelVersion, Recipe: m.Recipe, Before: m.Schema,
		Transforms: make([]json.RawMessage, len(m.Transforms)), Assigner: assigner, Labels: m.Labels, Names: m.Names, Sizes: m.Sizes, Customers: m.Customers,
		Cost: kinds.Float(m.Cost), Iterations: m.Iterations, Converged: m.Converged, Starts: []startFile{}, TrainedOn: m.TrainedOn,
		ID: m.ID, Spec: m.Spec, Training: m.Training, MadeBy: m.MadeBy, LeftOut: m.leftOut}
	if m.Distances.Count > 0 {
		out.Distances = &m.Distances
	}
	for _, row := range m.Typical {
		out.Typical = append(out.Typical, kinds.Converted[kinds.Float](row))
	}
	var err error
	if out.Kind, err = kinds.Methods.Name(m.Recipe.Method); err != nil {
		return nil, err
	}
	for i, f := range m.Transforms {
		if out.Transforms[i], err = kinds.Fitted.Encode(f); err != nil {
			return nil, err
		}
	}
	for _, s := range m.Starts {
		agreement := kinds.Float(s.Agreement)
		out.Starts = append(out.Starts, startFile{kinds.Float(s.Cost), s.Iterations, s.Converged, &agreement, s.From, s.Collapsed, s.LogUnits})
	}
	data, err := json.MarshalIndent(out, "", " ")
	return append(data, '\n'), err
}

// UnmarshalBinary reads what MarshalBinary writes. Any error is ErrFormat.
func (m *Model) UnmarshalBinary(data []byte) error { return m.decode(data, storedAssigner) }

// storedAssigner reads an assigner.
func storedAssigner(data []byte) (cluster.Assigner, error) {
	return kinds.Decode[cluster.Assigner](kinds.Assigners, data)
}

// decode reads what encode writes, the assigner as told.
func (m *Model) decode(data []byte, assigner func(data []byte) (cluster.Assigner, error)) error {
	var head struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
	}
	var wrong *json.UnmarshalTypeError
	if err := json.Unmarshal(data, &head); errors.As(err, &wrong) || err == nil && head.Format != modelFormat {
		return fault.Errorf(fault.ErrFormat, "segkit: it is JSON, but not a model that Model.Save wrote")
	} else if err == nil && head.Version > modelVersion {
		return fault.Errorf(fault.ErrFormat, "segkit: a newer segkit wrote it (version %d, this one reads up to %d): update to read it", head.Version, modelVersion)
	} else if err == nil && head.Version < 1 {
		return fault.Errorf(fault.ErrFormat, "segkit: version %d was never written", head.Version)
	}
	var in modelFile
	if err := kinds.Strict(data, &in); err != nil {
		return err
	}
	out := Model{Recipe: in.Recipe, Schema: in.Before, Labels: in.Labels, Names: in.Names, Sizes: in.Sizes, Customers: in.Customers,
		Cost: float64(in.Cost), Iterations: in.Iterations, Converged: in.Converged, TrainedOn: in.TrainedOn,
		ID: in.ID, Spec: in.Spec, Training: in.Training, MadeBy: in.MadeBy, leftOut: in.LeftOut}
	if in.Distances != nil {
		out.Distances = *in.Distances
	}
	for _, row := range in.Typical {
		out.Typical = append(out.Typical, kinds.Converted[float64](row))
	}
	for _, data := range in.Transforms {
		f, err := kinds.Decode[prep.Fitted](kinds.Fitted, data)
		if err != nil {
			return err
		}
		out.Transforms = append(out.Transforms, f)
	}
	var err error
	if out.Assigner, err = assigner(in.Assigner); err != nil {
		return err
	}
	for _, s := range in.Starts {
		agreement := math.NaN()
		if s.Agreement != nil {
			agreement = float64(*s.Agreement)
		}
		out.Starts = append(out.Starts, starts.Restart{Cost: float64(s.Cost), Iterations: s.Iterations, Converged: s.Converged, Agreement: agreement, From: s.From, Collapsed: s.Collapsed, LogUnits: s.LogUnits})
	}
	if name, err := kinds.Methods.Name(out.Recipe.Method); err != nil || name != in.Kind {
		return fault.Errorf(fault.ErrFormat, "segkit: it says kind %q, but its method is %q", wording.Clip(in.Kind), name)
	}
	if err := out.valid(); err != nil {
		return err
	}
	*m = out
	return nil
}

// valid refuses a model whose parts do not fit together: it would fail, or worse, score customers wrongly.
func (m *Model) valid() error {
	wrong := func(format string, args ...any) error {
		return fault.Errorf(fault.ErrFormat, "segkit: model: "+format, args...)
	}
	if m.Recipe.Method == nil {
		return wrong("there is no method")
	}
	if len(m.Names) == 0 || len(m.Sizes) != len(m.Names) {
		return wrong("%d names and %d sizes of segments", len(m.Names), len(m.Sizes))
	}
	if len(m.Transforms) != len(m.Recipe.Prep) {
		return wrong("%d fitted transforms for %d steps of the recipe", len(m.Transforms), len(m.Recipe.Prep))
	}
	if err := (table.FromRaw(table.Raw{Columns: m.Columns})).Check(); err != nil {
		return wrong("%s", strings.TrimPrefix(err.Error(), "segkit: "))
	}
	parts := []any{m.Assigner}
	for _, f := range m.Transforms {
		parts = append(parts, f)
	}
	for _, part := range parts {
		if v, ok := part.(interface{ Valid() error }); ok {
			if err := v.Valid(); err != nil {
				return wrong("%w", fault.Trimmed(err))
			}
		}
	}
	stages, err := m.stages()
	if err == nil && m.Assigner != nil {
		_, _, _, err = m.Assigner.Assign(stages[len(m.Transforms)])
	}
	if err != nil {
		return wrong("its steps do not fit together: %s", strings.TrimPrefix(err.Error(), "segkit: "))
	}
	for g, l := range m.Labels {
		if l < 0 || l >= len(m.Names) || g > 0 && l <= m.Labels[g-1] {
			return wrong("the labels %v of its segments do not increase from 0 to below %d", m.Labels, len(m.Names))
		}
	}
	segments := len(m.Names)
	if m.Labels != nil {
		segments = len(m.Labels)
	}
	if k, ok := m.Assigner.(interface{ CenterRows() [][]float64 }); ok && len(k.CenterRows()) != segments {
		return wrong("%d names for %d segments", segments, len(k.CenterRows()))
	}
	if m.Training != nil && len(m.Training) != len(m.Columns) || m.Typical != nil && len(m.Typical) != len(m.Names) {
		return wrong("%d distributions for %d columns, %d typical customers for %d segments", len(m.Training), len(m.Columns), len(m.Typical), len(m.Names))
	}
	for j, d := range m.Training {
		if err := d.valid(m.Columns[j]); err != nil {
			return err
		}
	}
	for l, row := range m.Typical {
		if len(row) != len(m.Columns) {
			return wrong("segment %d has %d typical values for %d columns", l+1, len(row), len(m.Columns))
		}
		for j, v := range row {
			if c := m.Columns[j]; c.Categorical() && !math.IsNaN(v) && (v < 0 || v >= float64(len(c.Levels)) || v != math.Trunc(v)) {
				return wrong("the typical %s of segment %d is none of its %d levels", c.Name, l+1, len(c.Levels))
			}
		}
	}
	return m.Distances.valid(table.Column{Name: "distance"})
}

// Segments are remembered with the model that scored them. Of a model that holds customers' rows, as DBSCAN's, the recipe is kept but
// not what would score new customers.
func init() {
	kinds.Origin.Encode = func(v any) ([]byte, error) {
		m := v.(*Model)
		data, err := m.MarshalBinary()
		if errors.Is(err, fault.ErrNotPortable) {
			return m.encode(nil)
		}
		return data, err
	}
	kinds.Origin.Decode = func(data []byte) (any, error) {
		m := new(Model)
		err := m.decode(data, func(data []byte) (cluster.Assigner, error) {
			if string(data) == "null" {
				return nil, nil
			}
			return storedAssigner(data)
		})
		return m, err
	}
}

// Save writes the model to a file that LoadModel reads: versioned JSON of a few kilobytes, with exact numbers and no
// customer. The file is written under a temporary name and renamed, so a full disk leaves an older model intact.
func (m *Model) Save(path string) error {
	if m == nil {
		return fault.Nil("Model.Save", "model")
	}
	data, err := m.MarshalBinary()
	if err != nil {
		return fmt.Errorf("segkit: cannot save the model as %s: %w", path, fault.Trimmed(err))
	}
	return atomicfile.Write(path, func(w io.Writer) error { _, err := w.Write(data); return err })
}

// largestModel is how many bytes a model file may have. One of 1,000 columns with all their principal components has some 25 million.
const largestModel = 64 << 20

// readSmall reads a file that may be a model, and no more of it than a model can have.
func readSmall(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, largestModel+1))
	if err == nil && len(data) > largestModel {
		return nil, fault.Errorf(fault.ErrFormat, "segkit: it has more than %d MB, which no model has", largestModel>>20)
	}
	return data, err
}

// LoadModel reads a file that Model.Save wrote, by this or any earlier version. Anything else is ErrFormat, with the reason.
func LoadModel(path string) (*Model, error) {
	var m Model
	data, err := readSmall(path)
	if err == nil {
		err = m.UnmarshalBinary(data)
	} else if info, statErr := os.Stat(path); statErr == nil && info.IsDir() {
		err = errors.New("it is a directory: give the name of a file")
	}
	if cause, ok := err.(*fs.PathError); ok {
		err = cause.Err // which does not repeat the path
	}
	if err != nil {
		return nil, fmt.Errorf("segkit: cannot load the model %s: %w", path, fault.Trimmed(err))
	}
	return &m, nil
}
