package typing

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"github.com/segkit/lab/internal/atomicfile"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/kinds"
	"github.com/segkit/lab/segkit/predict"
)

// A tool in a file is JSON, as a classifier is: an envelope that says what it is, the questions with their points, and what the folds
// said. There is no respondent in it.

const (
	fileFormat  = "segkit/typing-tool"
	fileVersion = 1
	largestFile = 1 << 26 // bytes
)

// toolFile is the version 1 form of a Tool.
type toolFile struct {
	Format      string          `json:"format"`
	Version     int             `json:"version"`
	Questions   []Question      `json:"questions"`
	Names       []string        `json:"names"`
	Curve       []CurvePoint    `json:"curve"`
	All         CurvePoint      `json:"all"`
	Wanted      float64         `json:"wanted,omitempty"`
	Reached     bool            `json:"reached"`
	Respondents int             `json:"respondents"`
	Accuracy    interval        `json:"accuracy"`
	Largest     float64         `json:"largest"`
	Gain        interval        `json:"gain"`
	Hand        interval        `json:"hand"`
	Ceiling     kinds.Float     `json:"ceiling"`
	Each        []segmentFile   `json:"each"`
	Folds       int             `json:"folds"`
	Chosen      []int           `json:"chosen"`
	Confusion   [][]float64     `json:"confusion"`
	Rates       [][]float64     `json:"rates"`
	OneMissing  float64         `json:"one_missing"`
	Sure        []sureFile      `json:"sure"`
	Points      pointsFile      `json:"points"`
	LeftOut     []string        `json:"left_out,omitempty"`
	Classifier  json.RawMessage `json:"classifier"`
}

// interval is a predict.Interval, which may be NaN.
type interval struct {
	Value kinds.Float `json:"value"`
	Low   kinds.Float `json:"low"`
	High  kinds.Float `json:"high"`
}

func asFile(i predict.Interval) interval {
	return interval{kinds.Float(i.Value), kinds.Float(i.Low), kinds.Float(i.High)}
}

func (i interval) back() predict.Interval {
	return predict.Interval{Value: float64(i.Value), Low: float64(i.Low), High: float64(i.High)}
}

type segmentFile struct {
	Name        string      `json:"name"`
	Respondents int         `json:"respondents"`
	Named       interval    `json:"named"`
	Right       interval    `json:"right"`
	Ceiling     kinds.Float `json:"ceiling"`
}

type sureFile struct {
	Least    float64  `json:"least"`
	Coverage float64  `json:"coverage"`
	Right    interval `json:"right"`
}

type pointsFile struct {
	Start      []int     `json:"start"`
	Answers    [][][]int `json:"answers"`
	Clear      int       `json:"clear"`
	Sure       interval  `json:"sure"`
	Close      interval  `json:"close"`
	CloseShare float64   `json:"close_share"`
}

// MarshalBinary writes the tool in the form of its file.
func (t *Tool) MarshalBinary() ([]byte, error) {
	if t == nil || t.Classifier == nil || t.Points == nil {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: the typing tool has learned nothing: use typing.Find")
	}
	classifier, err := t.Classifier.MarshalBinary()
	if err != nil {
		return nil, err
	}
	out := toolFile{fileFormat, fileVersion, t.Questions, t.Names, t.Curve, t.All, t.Wanted, t.Reached, t.Respondents, asFile(t.Accuracy), t.Largest, asFile(t.Gain), asFile(t.Hand),
		kinds.Float(t.Ceiling), nil, t.Folds, t.Chosen, t.Confusion, t.Rates, t.OneMissing, nil,
		pointsFile{t.Points.Start, t.Points.Answers, t.Points.Clear, asFile(t.Points.Sure), asFile(t.Points.Close), t.Points.CloseShare}, t.LeftOut, classifier}
	for _, e := range t.Each {
		out.Each = append(out.Each, segmentFile{e.Name, e.Respondents, asFile(e.Named), asFile(e.Right), kinds.Float(e.Ceiling)})
	}
	for _, c := range t.Sure {
		out.Sure = append(out.Sure, sureFile{c.Least, c.Coverage, asFile(c.Right)})
	}
	data, err := json.Marshal(out)
	return append(data, '\n'), err
}

// UnmarshalBinary reads what MarshalBinary writes. Any error is ErrFormat.
func (t *Tool) UnmarshalBinary(data []byte) error {
	var head struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
	}
	switch err := json.Unmarshal(data, &head); {
	case err == nil && head.Format != fileFormat:
		return fault.Errorf(fault.ErrFormat, "segkit: it is JSON, but not a typing tool written by Tool.Save")
	case err == nil && head.Version > fileVersion:
		return fault.Errorf(fault.ErrFormat, "segkit: a newer segkit wrote it (version %d, this one reads up to %d): update to read it", head.Version, fileVersion)
	case err == nil && head.Version < 1:
		return fault.Errorf(fault.ErrFormat, "segkit: version %d was never written", head.Version)
	}
	var in toolFile
	if err := kinds.Strict(data, &in); err != nil {
		return err
	}
	out := Tool{Questions: in.Questions, Names: in.Names, Curve: in.Curve, All: in.All, Wanted: in.Wanted, Reached: in.Reached, Respondents: in.Respondents,
		Accuracy: in.Accuracy.back(), Largest: in.Largest, Gain: in.Gain.back(), Hand: in.Hand.back(), Ceiling: float64(in.Ceiling), Folds: in.Folds, Chosen: in.Chosen, Confusion: in.Confusion, Rates: in.Rates, OneMissing: in.OneMissing, LeftOut: in.LeftOut,
		Points:     &Points{Questions: in.Questions, Names: in.Names, Start: in.Points.Start, Answers: in.Points.Answers, Clear: in.Points.Clear, Sure: in.Points.Sure.back(), Close: in.Points.Close.back(), CloseShare: in.Points.CloseShare},
		Classifier: new(predict.Classifier)}
	for _, e := range in.Each {
		out.Each = append(out.Each, SegmentAccuracy{e.Name, e.Respondents, e.Named.back(), e.Right.back(), float64(e.Ceiling)})
	}
	for _, c := range in.Sure {
		out.Sure = append(out.Sure, predict.CoveragePoint{Least: c.Least, Coverage: c.Coverage, Right: c.Right.back()})
	}
	if err := out.Classifier.UnmarshalBinary(in.Classifier); err != nil {
		return err
	}
	if why := out.wrong(); why != "" {
		return fault.Errorf(fault.ErrFormat, "segkit: typing tool: %s", why)
	}
	*t = out
	return nil
}

// wrong says which parts of a tool do not fit together: it would fail, or worse, name the wrong segment.
func (t *Tool) wrong() string {
	k, m := len(t.Names), len(t.Questions)
	switch {
	case m == 0 || len(t.Curve) == 0:
		return "it asks no question"
	case !slices.Equal(t.Classifier.Names, t.Names):
		return "its parts name different segments"
	case !slices.Equal(t.Classifier.ColumnNames(), t.Columns()):
		return "its parts ask different questions"
	case len(t.Points.Start) != k || len(t.Points.Answers) != m || len(t.Each) != k || len(t.Confusion) != k || len(t.Rates) != k || len(t.Chosen) != m:
		return fmt.Sprintf("it does not say everything about %d segments and %d questions", k, m)
	}
	for _, row := range slices.Concat(t.Confusion, t.Rates) {
		if len(row) != k || slices.ContainsFunc(row, func(v float64) bool { return !(v >= 0) }) {
			return "the confusion is not that of its segments"
		}
	}
	for j, q := range t.Questions {
		if want := q.column(); len(q.Answers) != len(q.Levels) || len(q.Values) != len(q.Levels) || len(t.Points.Answers[j]) != len(q.Levels) ||
			!slices.Equal(want.Levels, t.Classifier.Columns[j].Levels) {
			return fmt.Sprintf("question %q does not have the same answers everywhere", q.Name)
		}
		for a, points := range t.Points.Answers[j] {
			if len(points) != k {
				return fmt.Sprintf("an answer to %q has points for %d segments of %d", q.Name, len(points), k)
			}
			if v := q.Values[a]; !q.Scale && v != float64(a) {
				return fmt.Sprintf("answer %d to %q counts as %v", a+1, q.Name, v)
			}
		}
	}
	return ""
}

// Save writes the tool to a file, completely or not at all.
func (t *Tool) Save(path string) error {
	if t == nil {
		return fault.Nil("typing.Tool.Save", "tool")
	}
	data, err := t.MarshalBinary()
	if err != nil {
		return err
	}
	return atomicfile.Write(path, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// Load reads a file that Tool.Save wrote.
func Load(path string) (*Tool, error) {
	t := new(Tool)
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		err = errors.New("it is a directory: give the name of a file")
	case err == nil && info.Size() > largestFile:
		err = fault.Errorf(fault.ErrFormat, "it has %d bytes, more than any typing tool", info.Size())
	case err == nil:
		var data []byte
		if data, err = os.ReadFile(path); err == nil {
			err = t.UnmarshalBinary(data)
		}
	}
	if cause, ok := err.(*fs.PathError); ok {
		err = cause.Err // which does not repeat the path
	}
	if err != nil {
		return nil, fmt.Errorf("segkit: cannot load the typing tool %s: %w", path, fault.Trimmed(err))
	}
	return t, nil
}
