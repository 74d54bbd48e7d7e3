package judge

import (
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/table"
)

// Whatever the sizes, the money and the weights, the advice finds a segment too small, or with too few customers for certain figures, exactly where the verdict
// does.
func TestSubstantialIsWhatTheAdviceAccepts(t *testing.T) {
	grades := map[Grade]int{}
	for seed := range 9 {
		r, n := rand.New(rand.NewPCG(uint64(seed), 1)), 160+40*seed
		ids, data, weights := make([]string, n), []float64(nil), make([]float64, n)
		for i := range n {
			corner := min(int(r.ExpFloat64()*1.2), 5)
			ids[i], weights[i] = strconv.Itoa(i), float64(1+r.IntN(3))
			data = append(data, 9*float64(corner%2)+r.NormFloat64(), 9*float64(corner/2)+r.NormFloat64(), math.Exp(float64(corner)*r.Float64()))
		}
		role := table.Value
		if seed%4 == 3 {
			role = table.Descriptor
		}
		raw := trial.Sure(table.New(ids, []table.Column{{Name: "a"}, {Name: "b"}, {Name: "spend", Role: role}}, data))
		if seed%3 > 0 {
			raw = trial.Sure(raw.WithWeights(weights, []table.Weighting{table.SamplingWeights, table.FrequencyWeights}[seed%3-1]))
		}
		goal := choose.Goal{MaxSegments: 9}
		s := trial.Sure(choose.SweepK(raw, segkit.Recipe{Columns: []string{"a", "b"}, Method: cluster.KMeans{Seed: seed, Restarts: 3}}, 2, 7, choose.SweepOptions{Draws: -1, Goal: goal}))
		for _, choice := range s.Advice().Choices {
			segments := trial.Sure(s.Segments(choice.K))
			j := &judge{raw: raw, s: segments, labels: segments.Labels, o: Options{Goal: goal}.resolved(), profile: trial.Sure(describe.Segments(raw, segments)),
				out: &Verdict{Segments: make([][]Check, segments.K())}}
			if err := j.substantial(t.Context()); err != nil {
				t.Fatal(err)
			}
			c := j.out.Solution[0]
			small := slices.IndexFunc(choice.Against, func(text string) bool { return strings.HasPrefix(text, "its smallest segment holds ") })
			few := slices.ContainsFunc(choice.Against, func(text string) bool { return strings.HasPrefix(text, "a segment of only ") })
			if grades[c.Grade]++; (c.Grade == Pass) != (small < 0 && !few) || (c.Value < .05) != (small >= 0) {
				t.Errorf("seed %d, k = %d: %s, and against it stands %q", seed, choice.K, c.Says, choice.Against)
			}
			if small >= 0 && !strings.Contains(choice.Against[small], c.Reads) {
				t.Errorf("seed %d, k = %d: the verdict says %q, the advice %q", seed, choice.K, c.Reads, choice.Against[small])
			}
		}
	}
	if len(grades) < 3 {
		t.Errorf("grades %v: the test shows nothing", grades)
	}
}
