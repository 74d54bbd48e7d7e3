package predict

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"

	"github.com/segkit/lab/internal/atomicfile"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/kinds"
	"github.com/segkit/lab/segkit/table"
)

// A classifier in a file is JSON, as a model is: an envelope that says what it is, and what was learned under its kind. There is no
// customer in it; Neighbors, which keeps some, is not saved.

const (
	fileFormat  = "segkit/predictor"
	fileVersion = 1
	largestFile = 1 << 30 // bytes: a forest of 200 trees on a million customers is smaller
)

func init() {
	kinds.Add[LargestSegment](kinds.Predictors, "largest-segment")
	kinds.Add[StratifiedGuess](kinds.Predictors, "stratified-guess")
	kinds.Add[NearestCenter](kinds.Predictors, "nearest-center")
	kinds.Add[Neighbors](kinds.Predictors, "neighbors")
	kinds.Add[Logistic](kinds.Predictors, "logistic")
	kinds.Add[Tree](kinds.Predictors, "tree")
	kinds.Add[Forest](kinds.Predictors, "forest")
	kinds.Add[Boosted](kinds.Predictors, "boosted")

	kinds.Add[fittedShares](kinds.FittedPredictors, "shares")
	kinds.Add[fittedGuess](kinds.FittedPredictors, "guess")
	kinds.Add[fittedCenters](kinds.FittedPredictors, "centers")
	kinds.Add[fittedLogistic](kinds.FittedPredictors, "logistic")
	kinds.Add[fittedTree](kinds.FittedPredictors, "tree")
	kinds.Add[*fittedForest](kinds.FittedPredictors, "forest")
	kinds.Add[*fittedBoosted](kinds.FittedPredictors, "boosted")
}

// classifierFile is the version 1 form of a Classifier.
type classifierFile struct {
	Format     string          `json:"format"`
	Version    int             `json:"version"`
	Predictor  json.RawMessage `json:"predictor"`
	Input      table.Schema    `json:"input"`
	Fitted     json.RawMessage `json:"fitted"`
	Names      []string        `json:"names"`
	Shares     []float64       `json:"shares"`
	Customers  int             `json:"customers"`
	Formed     []string        `json:"formed,omitempty"`
	SameSource []string        `json:"same_source,omitempty"`
	Trials     []trialFile     `json:"trials,omitempty"`
}

type trialFile struct {
	Predictor json.RawMessage `json:"predictor"`
	LogLoss   float64         `json:"log_loss"`
}

// MarshalBinary writes the classifier in the form of its file.
func (c *Classifier) MarshalBinary() ([]byte, error) {
	if c.Fitted == nil {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: the classifier has learned nothing: use predict.Fit")
	}
	if f, ok := c.Fitted.(interface{ NotPortable() error }); ok {
		return nil, f.NotPortable()
	}
	out := classifierFile{Format: fileFormat, Version: fileVersion, Input: c.Schema, Names: c.Names, Shares: c.Shares, Customers: c.Customers,
		Formed: c.Formed, SameSource: c.SameSource}
	var err error
	if out.Predictor, err = kinds.Predictors.Encode(c.Predictor); err != nil {
		return nil, err
	}
	if out.Fitted, err = kinds.FittedPredictors.Encode(c.Fitted); err != nil {
		return nil, err
	}
	for _, t := range c.Trials {
		p, err := kinds.Predictors.Encode(t.Predictor)
		if err != nil {
			return nil, err
		}
		out.Trials = append(out.Trials, trialFile{p, t.LogLoss})
	}
	data, err := json.Marshal(out)
	return append(data, '\n'), err
}

// UnmarshalBinary reads what MarshalBinary writes. Any error is ErrFormat.
func (c *Classifier) UnmarshalBinary(data []byte) error {
	var head struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
	}
	switch err := json.Unmarshal(data, &head); {
	case err == nil && head.Format != fileFormat:
		return fault.Errorf(fault.ErrFormat, "segkit: it is JSON, but not a classifier written by Classifier.Save")
	case err == nil && head.Version > fileVersion:
		return fault.Errorf(fault.ErrFormat, "segkit: a newer segkit wrote it (version %d, this one reads up to %d): update to read it", head.Version, fileVersion)
	case err == nil && head.Version < 1:
		return fault.Errorf(fault.ErrFormat, "segkit: version %d was never written", head.Version)
	}
	var in classifierFile
	if err := kinds.Strict(data, &in); err != nil {
		return err
	}
	out := Classifier{Schema: in.Input, Names: in.Names, Shares: in.Shares, Customers: in.Customers, Formed: in.Formed, SameSource: in.SameSource}
	var err error
	if out.Predictor, err = kinds.Decode[Predictor](kinds.Predictors, in.Predictor); err != nil {
		return err
	}
	if out.Fitted, err = kinds.Decode[Fitted](kinds.FittedPredictors, in.Fitted); err != nil {
		return err
	}
	for _, t := range in.Trials {
		p, err := kinds.Decode[Predictor](kinds.Predictors, t.Predictor)
		if err != nil {
			return err
		}
		out.Trials = append(out.Trials, Trial{p, t.LogLoss})
	}
	if err := out.valid(); err != nil {
		return err
	}
	*c = out
	return nil
}

// valid refuses a classifier whose parts do not fit together: it would fail, or worse, name the wrong segment.
func (c *Classifier) valid() error {
	wrong := func(format string, args ...any) error {
		return fmt.Errorf("segkit: classifier: "+format+": %w", append(args, fault.ErrFormat)...)
	}
	if len(c.Names) < 2 || len(c.Shares) != len(c.Names) {
		return wrong("%d names and %d shares of segments", len(c.Names), len(c.Shares))
	}
	for l, share := range c.Shares {
		if !(share >= 0 && share <= 1+1e-9) {
			return wrong("segment %q has a share of %v", c.Names[l], share)
		}
	}
	if len(c.Columns) == 0 {
		return wrong("there is no column to predict from")
	}
	if err := table.FromRaw(table.Raw{Columns: c.Columns}).Check(); err != nil {
		return wrong("%s", fault.Trimmed(err))
	}
	if v, ok := c.Fitted.(interface {
		valid(columns []table.Column, k int) error
	}); ok {
		if err := v.valid(c.Columns, len(c.Names)); err != nil {
			return wrong("%s", err)
		}
	}
	return nil
}

func finite(values ...float64) bool {
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}

// Save writes the classifier to a file, completely or not at all. Neighbors gives ErrNotPortable.
func (c *Classifier) Save(path string) error {
	if c == nil {
		return fault.Nil("predict.Classifier.Save", "classifier")
	}
	data, err := c.MarshalBinary()
	if err != nil {
		return err
	}
	return atomicfile.Write(path, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// LoadClassifier reads a file that Classifier.Save wrote.
func LoadClassifier(path string) (*Classifier, error) {
	c := new(Classifier)
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		err = errors.New("it is a directory: give the name of a file")
	case err == nil && info.Size() > largestFile:
		err = fault.Errorf(fault.ErrFormat, "it has %d bytes, more than any classifier", info.Size())
	case err == nil:
		var data []byte
		if data, err = os.ReadFile(path); err == nil {
			err = c.UnmarshalBinary(data)
		}
	}
	if cause, ok := err.(*fs.PathError); ok {
		err = cause.Err // which does not repeat the path
	}
	if err != nil {
		return nil, fmt.Errorf("segkit: cannot load the classifier %s: %w", path, fault.Trimmed(err))
	}
	return c, nil
}
