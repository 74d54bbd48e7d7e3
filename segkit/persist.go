package segkit

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"strings"

	"github.com/segkit/lab/segkit/internal/atomicfile"
)

// A model file is JSON: an envelope that says what it is, then the recipe, the fitted transforms and the assigner, each
// under its kind. Readers are strict, because a number that is silently skipped is a customer silently put elsewhere; so
// every change to the format, an added field included, raises the version.

const (
	modelFormat  = "segkit/model"
	modelVersion = 2
)

// modelFile is the version 2 form of a Model. Version 1 has no labels, and its starts no agreement.
type modelFile struct {
	Format     string            `json:"format"`
	Version    int               `json:"version"`
	Kind       string            `json:"kind"` // of the method
	Recipe     Recipe            `json:"recipe"`
	Before     Before            `json:"input"`
	Transforms []json.RawMessage `json:"transforms"`
	Assigner   json.RawMessage   `json:"assigner"`
	Labels     []int             `json:"labels,omitempty"` // of the assigner's segments, where they are not 0..k-1
	Names      []string          `json:"names"`
	Sizes      []int             `json:"sizes"`
	Customers  int               `json:"customers"`
	Cost       jsonFloat         `json:"cost"`
	Iterations int               `json:"iterations"`
	Converged  bool              `json:"converged"`
	Starts     []startFile       `json:"starts"`
	TrainedOn  string            `json:"trained_on"`
}

type startFile struct {
	Cost       jsonFloat `json:"cost"`
	Iterations int       `json:"iterations"`
	Converged  bool      `json:"converged"`

	Agreement *jsonFloat  `json:"agreement,omitempty"` // none in version 1
	From      StartFamily `json:"from,omitempty"`
	Collapsed int         `json:"collapsed,omitempty"`
	LogUnits  float64     `json:"log_units,omitempty"`
}

// recipeFile is the form of a Recipe.
type recipeFile struct {
	Columns []string          `json:"columns"`
	Prep    []json.RawMessage `json:"prep"`
	Method  json.RawMessage   `json:"method"`
}

// What a file may hold, by kind. A new transform or method is one line here.
var (
	transformers = registry[Transformer]{"transform", []kind[Transformer]{
		of[Log1p, Transformer]("log1p"),
		of[Standardize, Transformer]("standardize"),
		of[Robust, Transformer]("robust"),
		of[Winsor, Transformer]("winsor"),
		of[MinMax, Transformer]("minmax"),
		of[YeoJohnson, Transformer]("yeojohnson"),
		of[Quantile, Transformer]("quantile"),
		of[Impute, Transformer]("impute"),
		of[OneHot, Transformer]("onehot"),
		of[Ordinal, Transformer]("ordinal"),
		of[PCA, Transformer]("pca"),
	}}
	transforms = registry[Fitted]{"fitted transform", []kind[Fitted]{
		of[fittedLog1p, Fitted]("log1p"),
		of[fittedScale, Fitted]("scale"),
		of[fittedWinsor, Fitted]("winsor"),
		of[fittedYeoJohnson, Fitted]("yeojohnson"),
		of[fittedQuantile, Fitted]("quantile"),
		of[fittedImpute, Fitted]("impute"),
		of[fittedOneHot, Fitted]("onehot"),
		of[fittedOrdinal, Fitted]("ordinal"),
		of[FittedPCA, Fitted]("pca"),
	}}
	methods = registry[Method]{"method", []kind[Method]{
		of[KMeans, Method]("kmeans"),
		of[MiniBatch, Method]("minibatch"),
		of[KMedoids, Method]("kmedoids"),
		of[KPrototypes, Method]("kprototypes"),
		of[GaussianMixture, Method]("gaussian mixture"),
		of[LatentClass, Method]("latent class"),
		of[Hierarchical, Method]("hierarchical"),
		of[DBSCAN, Method]("dbscan"),
		of[HDBSCAN, Method]("hdbscan"),
	}}
	assigners = registry[Assigner]{"assigner", []kind[Assigner]{
		of[Nearest, Assigner]("nearest"),
		of[NearestMedoid, Assigner]("medoids"),
		of[Prototypes, Assigner]("prototypes"),
		of[FittedMixture, Assigner]("mixture"),
		of[FittedLatentClass, Assigner]("latent class"),
	}}
)

// registry knows the types that implement T by the names they have in files.
type registry[T any] struct {
	what  string // for messages
	kinds []kind[T]
}

type kind[T any] struct {
	name   string
	is     func(v T) bool
	decode func(data []byte) (T, error)
}

// of is the kind of type V, which implements T.
func of[V, T any](name string) kind[T] {
	return kind[T]{
		name: name,
		is:   func(v T) bool { _, ok := any(v).(V); return ok },
		decode: func(data []byte) (none T, err error) {
			var v V
			if err := strict(data, &v); err != nil {
				return none, err
			}
			return any(v).(T), nil
		},
	}
}

// tagged is a value of a registry in a file.
type tagged struct {
	Kind string          `json:"kind"`
	Data json.RawMessage `json:"data"`
}

// name returns the kind of v, or ErrNotPortable for a type of the user's own, which no file can bring back.
func (r registry[T]) name(v T) (string, error) {
	for _, k := range r.kinds {
		if k.is(v) {
			return k.name, nil
		}
	}
	return "", fmt.Errorf("segkit: %s %T has no form in a file: %w", r.what, v, ErrNotPortable)
}

func (r registry[T]) encode(v T) (json.RawMessage, error) {
	name, err := r.name(v)
	if err != nil {
		return nil, err
	}
	data, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return json.Marshal(tagged{name, data})
}

func (r registry[T]) decode(data []byte) (none T, err error) {
	var in tagged
	if err := strict(data, &in); err != nil {
		return none, err
	}
	names := make([]string, len(r.kinds))
	for i, k := range r.kinds {
		if k.name == in.Kind {
			return k.decode(in.Data)
		}
		names[i] = k.name
	}
	return none, fmt.Errorf("segkit: %q is no %s that this version knows, which are %s: %w", clip(in.Kind), r.what, strings.Join(names, ", "), ErrFormat)
}

// strict reads one JSON value and nothing else, without unknown fields, and calls whatever is wrong ErrFormat.
func strict(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	err := d.Decode(v)
	if err == nil {
		if _, more := d.Token(); more != io.EOF {
			return fmt.Errorf("segkit: there is more after the end: %w", ErrFormat)
		}
		return nil
	}
	var syntax *json.SyntaxError
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.Is(err, ErrFormat):
		return err
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("segkit: it ends too early, as a file does that was cut off: %w", ErrFormat)
	case errors.As(err, &syntax):
		return fmt.Errorf("segkit: it is not JSON: line %d: %s: %w", 1+bytes.Count(data[:min(int(syntax.Offset), len(data))], []byte("\n")), syntax.Error(), ErrFormat)
	case errors.As(err, &wrong):
		return fmt.Errorf("segkit: field %q holds a %s, want %s: %w", wrong.Field, wrong.Value, wrong.Type, ErrFormat)
	}
	return fmt.Errorf("segkit: %s: %w", strings.TrimPrefix(err.Error(), "json: "), ErrFormat)
}

// jsonFloat is a float64 that JSON can hold even if it is missing or infinite. Finite ones are written with the digits that
// bring the same bits back.
type jsonFloat float64

func (n jsonFloat) MarshalJSON() ([]byte, error) {
	if f := float64(n); math.IsNaN(f) || math.IsInf(f, 0) {
		return json.Marshal(fmt.Sprint(f)) // "NaN", "+Inf", "-Inf"
	}
	return json.Marshal(float64(n))
}

func (n *jsonFloat) UnmarshalJSON(data []byte) error {
	switch string(data) {
	case `"NaN"`:
		*n = jsonFloat(math.NaN())
	case `"+Inf"`:
		*n = jsonFloat(math.Inf(1))
	case `"-Inf"`:
		*n = jsonFloat(math.Inf(-1))
	default:
		return json.Unmarshal(data, (*float64)(n))
	}
	return nil
}

// MarshalJSON writes the recipe as plain data. A transform or method of a type from elsewhere gives ErrNotPortable.
func (r Recipe) MarshalJSON() ([]byte, error) {
	out := recipeFile{Columns: r.Columns, Prep: make([]json.RawMessage, len(r.Prep))}
	var err error
	for i, step := range r.Prep {
		if out.Prep[i], err = transformers.encode(step); err != nil {
			return nil, err
		}
	}
	if out.Method, err = methods.encode(r.Method); err != nil {
		return nil, err
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (r *Recipe) UnmarshalJSON(data []byte) error {
	var in recipeFile
	if err := strict(data, &in); err != nil {
		return err
	}
	out := Recipe{Columns: in.Columns}
	for _, step := range in.Prep {
		t, err := transformers.decode(step)
		if err != nil {
			return err
		}
		out.Prep = append(out.Prep, t)
	}
	var err error
	if out.Method, err = methods.decode(in.Method); err != nil {
		return err
	}
	*r = out
	return nil
}

// MarshalBinary writes the model as its file does.
func (m *Model) MarshalBinary() ([]byte, error) {
	if m.Assigner == nil {
		return nil, fmt.Errorf("segkit: this method cannot assign new customers: save the segments (WriteCSV), or fit KMeans from their means and save that: %w", ErrNotPortable)
	}
	if a, ok := m.Assigner.(interface{ notPortable() error }); ok {
		return nil, a.notPortable()
	}
	assigner, err := assigners.encode(m.Assigner)
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
	out := modelFile{Format: modelFormat, Version: modelVersion, Recipe: m.Recipe, Before: m.Before,
		Transforms: make([]json.RawMessage, len(m.Transforms)), Assigner: assigner, Labels: m.Labels, Names: m.Names, Sizes: m.Sizes, Customers: m.Customers,
		Cost: jsonFloat(m.Cost), Iterations: m.Iterations, Converged: m.Converged, Starts: []startFile{}, TrainedOn: m.TrainedOn}
	var err error
	if out.Kind, err = methods.name(m.Recipe.Method); err != nil {
		return nil, err
	}
	for i, f := range m.Transforms {
		if out.Transforms[i], err = transforms.encode(f); err != nil {
			return nil, err
		}
	}
	for _, s := range m.Starts {
		agreement := jsonFloat(s.Agreement)
		out.Starts = append(out.Starts, startFile{jsonFloat(s.Cost), s.Iterations, s.Converged, &agreement, s.From, s.Collapsed, s.LogUnits})
	}
	data, err := json.MarshalIndent(out, "", " ")
	return append(data, '\n'), err
}

// UnmarshalBinary reads what MarshalBinary writes. Whatever is wrong with it is ErrFormat.
func (m *Model) UnmarshalBinary(data []byte) error { return m.decode(data, assigners.decode) }

// decode reads what encode writes, the assigner as told.
func (m *Model) decode(data []byte, assigner func(data []byte) (Assigner, error)) error {
	var head struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
	}
	var wrong *json.UnmarshalTypeError
	if err := json.Unmarshal(data, &head); errors.As(err, &wrong) || err == nil && head.Format != modelFormat {
		return fmt.Errorf("segkit: it is JSON, but not a model that Model.Save wrote: %w", ErrFormat)
	} else if err == nil && head.Version > modelVersion {
		return fmt.Errorf("segkit: a newer segkit wrote it (version %d, this one reads up to %d): update to read it: %w", head.Version, modelVersion, ErrFormat)
	} else if err == nil && head.Version < 1 {
		return fmt.Errorf("segkit: version %d was never written: %w", head.Version, ErrFormat)
	}
	var in modelFile
	if err := strict(data, &in); err != nil {
		return err
	}
	out := Model{Recipe: in.Recipe, Before: in.Before, Labels: in.Labels, Names: in.Names, Sizes: in.Sizes, Customers: in.Customers,
		Cost: float64(in.Cost), Iterations: in.Iterations, Converged: in.Converged, TrainedOn: in.TrainedOn}
	for _, data := range in.Transforms {
		f, err := transforms.decode(data)
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
		out.Starts = append(out.Starts, Restart{float64(s.Cost), s.Iterations, s.Converged, agreement, s.From, s.Collapsed, s.LogUnits})
	}
	if name, err := methods.name(out.Recipe.Method); err != nil || name != in.Kind {
		return fmt.Errorf("segkit: it says kind %q, but its method is %q: %w", clip(in.Kind), name, ErrFormat)
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
		return fmt.Errorf("segkit: model: "+format+": %w", append(args, ErrFormat)...)
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
	if err := (&Table{columns: m.Columns}).check(); err != nil {
		return wrong("%s", strings.TrimPrefix(err.Error(), "segkit: "))
	}
	parts := []any{m.Assigner}
	for _, f := range m.Transforms {
		parts = append(parts, f)
	}
	for _, part := range parts {
		if v, ok := part.(interface{ valid() error }); ok {
			if err := v.valid(); err != nil {
				return err
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
			return wrong("the labels %v of its segments do not rise from 0 to below %d", m.Labels, len(m.Names))
		}
	}
	segments := len(m.Names)
	if m.Labels != nil {
		segments = len(m.Labels)
	}
	if k, ok := m.Assigner.(interface{ centers() [][]float64 }); ok && len(k.centers()) != segments {
		return wrong("%d names for %d segments", segments, len(k.centers()))
	}
	return nil
}

func (a Nearest) centers() [][]float64 { return a.Centers }

func (a Nearest) valid() error {
	if len(a.Centers) == 0 {
		return fmt.Errorf("segkit: model has no centres: %w", ErrFormat)
	}
	for s, row := range a.Centers {
		if len(row) != len(a.Columns) {
			return fmt.Errorf("segkit: centre %d has %d values for %d columns: %w", s+1, len(row), len(a.Columns), ErrFormat)
		}
	}
	return nil
}

// Save writes the model to a file that LoadModel reads: versioned JSON of a few kilobytes, with exact numbers, without
// any customer. The file is written beside and renamed, so a full disk leaves an older model whole.
func (m *Model) Save(path string) error {
	data, err := m.MarshalBinary()
	if err != nil {
		return fmt.Errorf("segkit: cannot save the model as %s: %w", path, trimmed(err))
	}
	return atomicfile.Write(path, func(w io.Writer) error { _, err := w.Write(data); return err })
}

// LoadModel reads a file that Model.Save wrote, by this or any earlier version. Anything else is ErrFormat, with the reason.
func LoadModel(path string) (*Model, error) {
	data, err := os.ReadFile(path)
	var m Model
	if err == nil {
		err = m.UnmarshalBinary(data)
	} else if info, statErr := os.Stat(path); statErr == nil && info.IsDir() {
		err = errors.New("it is a directory: give the name of a file")
	}
	if cause, ok := err.(*fs.PathError); ok {
		err = cause.Err // which does not repeat the path
	}
	if err != nil {
		return nil, fmt.Errorf("segkit: cannot load the model %s: %w", path, trimmed(err))
	}
	return &m, nil
}
