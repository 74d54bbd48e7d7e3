package separation

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/table"
)

// Several segmentations at once, whose distances are added up by the groups that they share, have the silhouettes that each has alone.
func TestSilhouettesOfSeveralSegmentations(t *testing.T) {
	const n = 2000
	x := trial.Groups(t, n, 3, 4, 2)
	r := rand.New(rand.NewPCG(1, 2))
	all := make([]table.Labels, 5)
	for s := range all {
		all[s] = make(table.Labels, n)
		for i := range all[s] {
			all[s][i] = min(s, int(4*x.Raw().Row(i)[0]+100)%(s+1)) // the first has one segment
			if s == 3 && r.IntN(50) == 0 {
				all[s][i] = table.Noise
			}
		}
	}
	rows := pick.Sample(n, 300, rand.New(rand.NewPCG(3, 4)))
	groups, of := together(all[1:])
	if len(of[0])*fewInGroup > n || len(groups) != n {
		t.Fatalf("%d groups: distances are not added up by them", len(of[0]))
	}
	got := trial.Sure(SampledSilhouettes(t.Context(), x, all, rows))
	if !math.IsNaN(got[0].Mean) || !math.IsNaN(got[0].High) {
		t.Errorf("one segment has the silhouette %+v", got[0])
	}
	for s, labels := range all[1:] {
		values := trial.Sure(Silhouettes(t.Context(), x, labels, rows, EuclideanSums(x, labels)))
		mean, low, high := MeanInterval(values, nil, len(InSegments(labels)))
		if g := got[s+1]; math.Abs(g.Mean-mean) > 1e-12 || math.Abs(g.Low-low) > 1e-12 || math.Abs(g.High-high) > 1e-12 || !(low < high) {
			t.Errorf("segmentation %d: %+v at once, %v (%v to %v) alone", s+1, g, mean, low, high)
		}
	}
}
