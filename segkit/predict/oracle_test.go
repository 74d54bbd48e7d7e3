package predict_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/predict"
	"github.com/segkit/lab/segkit/table"
)

// oracle is what testdata/scikit_learn.py wrote.
type oracle struct {
	Sets map[string]struct {
		Rows, Columns, Classes int
		Models                 map[string]struct {
			Accuracy float64
			MacroF1  float64  `json:"macro_f1"`
			LogLoss  *float64 `json:"log_loss"`
		}
	}
}

// The same models on the same folds as scikit-learn's come out within noise: at most two and a half standard errors of a difference less
// accurate than it, and not more than the same in log loss. Being better is no fault.
func TestAsGoodAsScikitLearn(t *testing.T) {
	data, err := os.ReadFile("testdata/scikit_learn.json")
	if err != nil {
		t.Fatal(err)
	}
	var want oracle
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	ours := map[string]predict.Predictor{"center": predict.NearestCenter{}, "neighbors": predict.Neighbors{K: 10}, "logistic": predict.Logistic{Ridge: 1},
		"tree": predict.Tree{Depth: 3}, "forest": predict.Forest{Trees: 200}, "boosted": predict.Boosted{}}
	read := map[string]func(t *testing.T) (*table.Table, *table.Segments){
		"iris": func(t *testing.T) (*table.Table, *table.Segments) {
			return known(t, filepath.Join("..", "testdata", "iris.csv"), "species", "id")
		},
		"wine": func(t *testing.T) (*table.Table, *table.Segments) {
			return known(t, filepath.Join("..", "testdata", "wine.csv"), "class", "id")
		},
		"wholesale": func(t *testing.T) (*table.Table, *table.Segments) {
			return public(t, "wholesale_customers/Wholesale_customers_data.csv", "Channel", nil, "Region")
		},
		"mcdonalds": func(t *testing.T) (*table.Table, *table.Segments) {
			return public(t, "mcdonalds/mcdonalds.csv", "VisitFrequency", []string{"Like"})
		},
		"online_shoppers": func(t *testing.T) (*table.Table, *table.Segments) {
			return public(t, "online_shoppers/online_shoppers_intention.csv.gz", "Revenue", nil)
		},
	}
	for name, set := range want.Sets {
		t.Run(name, func(t *testing.T) {
			if testing.Short() && set.Rows > 5000 {
				t.Skip("takes seconds")
			}
			x, s := read[name](t)
			if n, d := x.Dims(); n != set.Rows || d != set.Columns {
				t.Fatalf("%d x %d, but scikit-learn saw %d x %d", n, d, set.Rows, set.Columns)
			}
			for model, theirs := range set.Models {
				p, ok := ours[model]
				if !ok {
					t.Fatalf("no counterpart of %s", model)
				}
				accuracy, loss := crossValidated(t, x, s, p)
				n := float64(set.Rows)
				noise := 2.5 * math.Sqrt(2*theirs.Accuracy*(1-theirs.Accuracy)/n)
				t.Logf("%-10s accuracy %.4f (scikit-learn %.4f), log loss %.4f (%s)", model, accuracy, theirs.Accuracy, loss, said(theirs.LogLoss))
				if accuracy < theirs.Accuracy-noise {
					t.Errorf("%s: accuracy %.4f, scikit-learn's %.4f, noise %.4f", model, accuracy, theirs.Accuracy, noise)
				}
				if theirs.LogLoss != nil && loss > *theirs.LogLoss+noise {
					t.Errorf("%s: log loss %.4f, scikit-learn's %.4f, noise %.4f", model, loss, *theirs.LogLoss, noise)
				}
			}
		})
	}
}

func said(v *float64) string {
	if v == nil {
		return "none"
	}
	data, _ := json.Marshal(math.Round(*v*1e4) / 1e4)
	return string(data)
}

// known reads a file and takes one column as segments.
func known(t *testing.T, path, segments string, id string) (*table.Table, *table.Segments) {
	t.Helper()
	x, err := table.ReadCSV(path, id, table.CSVOptions{Text: []string{segments}})
	if err != nil {
		t.Fatal(err)
	}
	return apart(t, x, segments)
}

// public is known of a public data set, some of whose columns are read as text and some left out.
func public(t *testing.T, path, segments string, text []string, left ...string) (*table.Table, *table.Segments) {
	t.Helper()
	full := filepath.Join(os.Getenv("SEGKIT_DATA"), filepath.FromSlash(path))
	if _, err := os.Stat(full); os.Getenv("SEGKIT_DATA") == "" || err != nil {
		t.Skipf("%s is not in SEGKIT_DATA, the folder of the public data sets", path)
	}
	x, err := table.ReadCSV(full, "", table.CSVOptions{Text: append(text, segments)})
	if err != nil {
		t.Fatal(err)
	}
	return apart(t, x, append([]string{segments}, left...)...)
}

// apart takes the first of the columns as segments and drops all.
func apart(t *testing.T, x *table.Table, columns ...string) (*table.Table, *table.Segments) {
	t.Helper()
	s := trial.Sure(x.SegmentsBy(columns[0]))
	s.FormedBy, s.Ancestry = nil, table.Ancestry{}
	return trial.Sure(x.Drop(columns...)), s
}

// crossValidated predicts row i by a predictor that has not seen fold i % 5.
func crossValidated(t *testing.T, x *table.Table, s *table.Segments, p predict.Predictor) (accuracy, loss float64) {
	t.Helper()
	for f := range 5 {
		var seen, held []int
		for i := range x.Len() {
			if i%5 == f {
				held = append(held, i)
			} else {
				seen = append(seen, i)
			}
		}
		got := probabilities(t, fit(t, x.Rows(seen), s, p), x.Rows(held))
		for q, i := range held {
			if got.Labels[q] == s.Labels[i] {
				accuracy += 1 / float64(x.Len())
			}
			loss -= math.Log(max(got.Probability[q][s.Labels[i]], 1e-15)) / float64(x.Len())
		}
	}
	return accuracy, loss
}
