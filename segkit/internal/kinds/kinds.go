// Package kinds knows the types that a model file may hold, by the names that they have there. Each room adds its own when the
// program starts, so that reading a file needs no list of all that exists.
package kinds

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/wording"
)

// What a file may hold. A new transform or method is one line with Add, beside its type.
var (
	Transformers = &Registry{what: "transform"}
	Fitted       = &Registry{what: "fitted transform"}
	Methods      = &Registry{what: "method"}
	Assigners    = &Registry{what: "assigner"}

	Predictors       = &Registry{what: "predictor"}
	FittedPredictors = &Registry{what: "fitted predictor"}
)

// Origin turns the fitted model that gave segments into bytes and back. The package of models sets it, since segments stand below
// models and know them only as an interface.
var Origin struct {
	Encode func(model any) ([]byte, error)
	Decode func(data []byte) (any, error)
}

// Registry knows types by the names that they have in files.
type Registry struct {
	what  string // for messages
	kinds []kind
}

type kind struct {
	name   string
	is     func(v any) bool
	decode func(data []byte) (any, error)
}

// Add makes type V known by a name.
func Add[V any](r *Registry, name string) {
	r.kinds = append(r.kinds, kind{
		name: name,
		is:   func(v any) bool { _, ok := v.(V); return ok },
		decode: func(data []byte) (any, error) {
			var v V
			err := Strict(data, &v)
			return v, err
		},
	})
}

// tagged is a value of a registry in a file.
type tagged struct {
	Kind string          `json:"kind"`
	Data json.RawMessage `json:"data"`
}

// Names returns the names of all kinds, in the order in which they were added.
func (r *Registry) Names() []string {
	names := make([]string, len(r.kinds))
	for i, k := range r.kinds {
		names[i] = k.name
	}
	return names
}

// Name returns the kind of v, or ErrNotPortable for a type of the user's own, which no file can bring back.
func (r *Registry) Name(v any) (string, error) {
	for _, k := range r.kinds {
		if k.is(v) {
			return k.name, nil
		}
	}
	return "", fault.Errorf(fault.ErrNotPortable, "segkit: %s %T cannot be written to a file", r.what, v)
}

// Encode writes v under its kind.
func (r *Registry) Encode(v any) (json.RawMessage, error) {
	name, err := r.Name(v)
	if err != nil {
		return nil, err
	}
	data, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return json.Marshal(tagged{name, data})
}

// Decode reads what Encode writes.
func Decode[T any](r *Registry, data []byte) (none T, err error) {
	var in tagged
	if err := Strict(data, &in); err != nil {
		return none, err
	}
	for _, k := range r.kinds {
		if k.name == in.Kind {
			v, err := k.decode(in.Data)
			if err != nil {
				return none, err
			}
			return v.(T), nil
		}
	}
	return none, fault.Errorf(fault.ErrFormat, "segkit: %q is not a %s that this version knows; it knows %s",
		wording.Clip(in.Kind), r.what, strings.Join(r.Names(), ", "))
}

// Strict reads one JSON value and nothing else, without unknown fields, and calls whatever is wrong ErrFormat.
func Strict(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	err := d.Decode(v)
	if err == nil {
		if _, more := d.Token(); more != io.EOF {
			return fault.Errorf(fault.ErrFormat, "segkit: there is more after the end")
		}
		return nil
	}
	var syntax *json.SyntaxError
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.Is(err, fault.ErrFormat):
		return err
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fault.Errorf(fault.ErrFormat, "segkit: it ends too early, as if it had been cut off")
	case errors.As(err, &syntax):
		line := 1 + bytes.Count(data[:min(int(syntax.Offset), len(data))], []byte("\n"))
		return fault.Errorf(fault.ErrFormat, "segkit: it is not JSON: line %d: %s", line, syntax.Error())
	case errors.As(err, &wrong):
		return fault.Errorf(fault.ErrFormat, "segkit: field %q holds a %s, want %s", wrong.Field, wrong.Value, wrong.Type)
	}
	return fault.Errorf(fault.ErrFormat, "segkit: %s", strings.TrimPrefix(err.Error(), "json: "))
}

// Float is a float64 that JSON can hold even if it is missing or infinite. Finite ones are written with the digits that
// bring the same bits back.
type Float float64

func (n Float) MarshalJSON() ([]byte, error) {
	if f := float64(n); math.IsNaN(f) || math.IsInf(f, 0) {
		return json.Marshal(fmt.Sprint(f)) // "NaN", "+Inf", "-Inf"
	}
	return json.Marshal(float64(n))
}

func (n *Float) UnmarshalJSON(data []byte) error {
	switch string(data) {
	case `"NaN"`:
		*n = Float(math.NaN())
	case `"+Inf"`:
		*n = Float(math.Inf(1))
	case `"-Inf"`:
		*n = Float(math.Inf(-1))
	default:
		return json.Unmarshal(data, (*float64)(n))
	}
	return nil
}

// Converted returns the numbers of v as another type.
func Converted[To, From ~float64](v []From) []To {
	out := make([]To, len(v))
	for i, x := range v {
		out[i] = To(x)
	}
	return out
}
