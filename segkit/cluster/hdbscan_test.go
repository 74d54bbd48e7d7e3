package cluster_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/table"
)

// direct is HDBSCAN from its definitions on the matrix of all mutual reachability distances: no tree, no spanning tree.
type direct struct {
	reach  [][]float64
	least  float64
	floor  float64
	groups []*directGroup
	group  []*directGroup // (n) smallest group of each row
	level  []float64      // (n)
}

type directGroup struct {
	rows      []int
	birth     float64
	death     float64
	stability float64
	endless   int // rows at one place, dense by themselves: no density parts them
	inside    []*directGroup
}

func newDirect(x *table.Table, size, samples int) *direct {
	n := x.Len()
	d := &direct{least: float64(size), floor: math.Inf(1), group: make([]*directGroup, n), level: make([]float64, n)}
	dist, core := make([][]float64, n), make([]float64, n)
	for i := range n {
		for j := range n {
			dist[i] = append(dist[i], math.Sqrt(trial.Squared(x.Row(i), x.Row(j))))
		}
		core[i] = slices.Sorted(slices.Values(dist[i]))[samples-1]
	}
	all := make([]int, n)
	for i := range n {
		all[i] = i
		d.reach = append(d.reach, make([]float64, n))
		for j := range n {
			d.reach[i][j] = max(dist[i][j], core[i], core[j])
			for _, v := range []float64{core[i], d.reach[i][j]} {
				if v > 0 {
					d.floor = min(d.floor, v)
				}
			}
		}
	}
	root := &directGroup{rows: all}
	d.groups = []*directGroup{root}
	d.follow(root, all)
	return d
}

// parts returns the connected parts of rows under the pairs that ok admits.
func (d *direct) parts(rows []int, ok func(w float64) bool) (parts [][]int) {
	seen := map[int]bool{}
	for _, i := range rows {
		if seen[i] {
			continue
		}
		seen[i] = true
		part := []int{i}
		for at := 0; at < len(part); at++ {
			for _, j := range rows {
				if !seen[j] && ok(d.reach[part[at]][j]) {
					seen[j] = true
					part = append(part, j)
				}
			}
		}
		slices.Sort(part)
		parts = append(parts, part)
	}
	return parts
}

// follow raises the density until the rows fall apart, and goes on with what weighs enough.
func (d *direct) follow(g *directGroup, rows []int) {
	var heights []float64
	for _, i := range rows {
		for _, j := range rows {
			if i < j {
				heights = append(heights, d.reach[i][j])
			}
		}
	}
	slices.Sort(heights)
	height := 0.0 // least under which the rows are connected
	for _, h := range slices.Compact(heights) {
		if len(d.parts(rows, func(w float64) bool { return w <= h })) == 1 {
			height = h
			break
		}
	}
	level := 1 / max(height, d.floor)
	if math.IsInf(d.floor, 1) {
		level = 1
	}
	g.death = max(g.death, level)
	if height == 0 {
		g.endless = len(rows)
	}
	var heavy [][]int
	for _, part := range d.parts(rows, func(w float64) bool { return w < height }) {
		if float64(len(part)) >= d.least {
			heavy = append(heavy, part)
			continue
		}
		for _, i := range part {
			d.group[i], d.level[i] = g, level
			g.stability += level - g.birth
		}
	}
	if len(heavy) == 1 {
		d.follow(g, heavy[0])
		g.death = max(g.death, level)
		return
	}
	for _, part := range heavy {
		g.stability += float64(len(part)) * (level - g.birth)
		in := &directGroup{rows: part, birth: level}
		g.inside = append(g.inside, in)
		d.groups = append(d.groups, in)
		d.follow(in, part)
		g.death = max(g.death, in.death)
	}
}

// best returns the most stable selection below g: g itself, or the best of the groups inside it.
func (d *direct) best(g *directGroup) (selected []*directGroup, stability float64) {
	for _, in := range g.inside {
		s, v := d.best(in)
		selected, stability = append(selected, s...), stability+v
	}
	own := g.stability
	if g.endless > 0 {
		own = math.Inf(1)
	}
	if g != d.groups[0] && own >= stability {
		return []*directGroup{g}, own
	}
	return selected, stability
}

func TestHDBSCANIsTheDirectConstruction(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 40).Draw(t, "n")
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		grid := rapid.Bool().Draw(t, "grid")
		data := make([]float64, 2*n)
		for i := range data {
			data[i] = r.NormFloat64() + 4*float64(i/2%3)
			if grid {
				data[i] = math.Round(data[i])
			}
		}
		var ids []string
		for i := range n {
			ids = append(ids, string(rune('A'+i)))
		}
		x, err := table.New(ids, []table.Column{{Name: "a"}, {Name: "b"}}, data)
		if err != nil {
			t.Fatal(err)
		}
		m := cluster.HDBSCAN{MinSize: rapid.IntRange(2, 6).Draw(t, "size"), MinSamples: rapid.IntRange(1, min(n, 6)).Draw(t, "samples")}
		c, err := cluster.Fit(x, m)
		if err != nil {
			t.Fatal(err)
		}
		d := newDirect(x, m.MinSize, m.MinSamples)
		selected, stability := d.best(d.groups[0])
		if c.K != len(selected) || len(c.Persistence) != c.K {
			// Two selections may be equally stable but for rounding; one that holds on to piles is stable for ever.
			other := 0.0
			for s, p := range c.Persistence {
				other += p * float64(c.Labels.Counts()[s]) * d.groups[0].death
			}
			if math.Abs(other-stability) > 1e-9*stability {
				t.Fatalf("%d segments of stability %v, want %d of %v", c.K, other, len(selected), stability)
			}
			return
		}
		want := make(table.Labels, n)
		for i := range want {
			want[i] = table.Noise
		}
		persistence := map[int]float64{}
		for s, g := range selected {
			for _, i := range g.rows {
				want[i] = s
			}
			lasting := g.stability + float64(g.endless)*g.birth // who never parts counts 1
			persistence[c.Labels[g.rows[0]]] = lasting / (float64(len(g.rows)) * d.groups[0].death)
		}
		for i := range n {
			for j := range i + 1 {
				if (want[i] < 0) != (c.Labels[i] < 0) || (want[i] == want[j]) != (c.Labels[i] == c.Labels[j]) {
					t.Fatalf("labels %v, want the division %v", c.Labels, want)
				}
			}
			if o := 1 - d.level[i]/d.group[i].death; math.Abs(o-c.Outlier[i]) > 1e-9 {
				t.Fatalf("row %d: outlier score %v, want %v", i, c.Outlier[i], o)
			}
		}
		for s, p := range c.Persistence {
			if math.Abs(p-persistence[s]) > 1e-9 {
				t.Fatalf("persistence %v, want %v", c.Persistence, persistence)
			}
		}
	})
}

// Exactly, ties included: equal heights are one.
func TestHDBSCANDoesNotSeeTheOrderOfRows(t *testing.T) {
	for seed := range uint64(30) {
		x := trial.Grid(t, seed, 80, 2)
		m := cluster.HDBSCAN{MinSize: 4, MinSamples: 1 + int(seed)%6}
		rows := rand.New(rand.NewPCG(seed, 9)).Perm(x.Len())
		a, b := fit(t, x, m), fit(t, trial.RowsOf(t, x, rows), m)
		for p, i := range rows {
			for q, j := range rows[:p] {
				if (a.Labels[i] < 0) != (b.Labels[p] < 0) || (a.Labels[i] == a.Labels[j]) != (b.Labels[p] == b.Labels[q]) {
					t.Fatalf("seed %d: rows %d and %d", seed, i, j)
				}
			}
			if math.Abs(a.Outlier[i]-b.Outlier[p]) > 1e-12 {
				t.Fatalf("seed %d: outlier score %v, then %v", seed, a.Outlier[i], b.Outlier[p])
			}
		}
	}
}

func TestHDBSCANWeightsAreRepeatedRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weighted, long, of := repeated(t, trial.Small(t))
		m := cluster.HDBSCAN{MinSize: rapid.IntRange(2, 6).Draw(t, "size"), MinSamples: rapid.IntRange(1, 6).Draw(t, "samples")}
		a, errA := cluster.Fit(weighted, m)
		b, errB := cluster.Fit(long, m)
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		if a.K != b.K {
			t.Fatalf("%d segments with weights, %d with repeated rows", a.K, b.K)
		}
		for r, i := range of {
			if a.Labels[i] != b.Labels[r] || math.Abs(a.Outlier[i]-b.Outlier[r]) > 1e-9 {
				t.Fatalf("row %d: segment %d, outlier score %v with weights; %d, %v repeated", i, a.Labels[i], a.Outlier[i], b.Labels[r], b.Outlier[r])
			}
		}
	})
}

func TestHDBSCANFindsGroupsOfDifferentDensity(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var data []float64
	truth := table.Labels{}
	for i := range 600 {
		centre, spread := 0.0, 0.05 // dense, and 20 times as wide
		if i%2 == 1 {
			centre, spread = 6, 1
		}
		data = append(data, centre+spread*r.NormFloat64(), centre+spread*r.NormFloat64())
		truth = append(truth, i%2)
	}
	data = append(data, 60, -60)
	c := fit(t, trial.Numbered(t, 2, data), cluster.HDBSCAN{})
	if m := c.Method.(cluster.HDBSCAN); m.MinSize != 13 || m.MinSamples != 10 {
		t.Fatalf("defaults %+v, want 2 %% of 601 and 10", m)
	}
	if c.K != 2 || c.Labels[600] != table.Noise || c.Outlier[600] < 0.9 {
		t.Fatalf("%d segments; the far customer is in %d, outlier score %v", c.K, c.Labels[600], c.Outlier[600])
	}
	for i, s := range c.Labels[:600] {
		if s >= 0 && (s == c.Labels[0]) != (truth[i] == truth[0]) {
			t.Fatalf("row %d is in segment %d", i, s)
		}
	}
	new, err := c.Predict(trial.Numbered(t, 2, []float64{0.01, 0.01, 6.1, 5.9, -90, 90}))
	if err != nil || new[0] != c.Labels[0] || new[1] != c.Labels[1] || new[2] != table.Noise {
		t.Fatalf("predicted %v, %v", new, err)
	}
}

// One group is no segmentation: everyone is noise, and the path after the method bears it.
func TestHDBSCANMayFindNothing(t *testing.T) {
	x := trial.Groups(t, 300, 2, 1, 0)
	c := fit(t, x, cluster.HDBSCAN{MinSize: 100})
	if c.K != 0 || c.Labels.K() != 0 {
		t.Fatalf("K = %d", c.K)
	}
	model, err := segkit.Recipe{Method: cluster.HDBSCAN{MinSize: 100}}.Fit(x)
	if err != nil {
		t.Fatal(err)
	}
	if s, err := model.Score(x); err != nil || s.K() != 0 || s.Labels[0] != table.Noise {
		t.Fatalf("%v, %v", s, err)
	}
	for _, x := range []*table.Table{x.Head(1), trial.Column(t, 7, 7, 7, 7, 7, 7, 7)} {
		if c := fit(t, x, cluster.HDBSCAN{}); c.K != 0 || c.Labels[0] != table.Noise {
			t.Fatalf("%d customers: K = %d", x.Len(), c.K)
		}
	}
}

// Whole numbers pile customers up. At one place they are infinitely dense, so no density parts or thins out a pile, and a pile of
// MinSize is a segment however near the next one is, equally far from two others or not.
func TestHDBSCANMakesASegmentOfEveryPile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		places := rapid.SliceOfNDistinct(rapid.IntRange(0, 8), 2, 6, rapid.ID).Draw(t, "places")
		size := rapid.IntRange(2, 6).Draw(t, "MinSize")
		var data []float64
		pile := table.Labels{}
		piles := 0
		for i, v := range places {
			n := rapid.IntRange(1, 9).Draw(t, "customers")
			if i < 2 {
				n = max(n, size) // one group alone is no segmentation
			}
			mine := -1
			if n >= size {
				mine = piles
				piles++
			}
			for range n {
				data, pile = append(data, float64(v)), append(pile, mine)
			}
		}
		ids := make([]string, len(data))
		for i := range ids {
			ids[i] = string(rune('A' + i))
		}
		x, err := table.New(ids, []table.Column{{Name: "orders"}}, data)
		if err != nil {
			t.Fatal(err)
		}
		c, err := cluster.Fit(x, cluster.HDBSCAN{MinSize: size})
		if err != nil {
			t.Fatal(err)
		}
		of, taken := map[int]int{}, map[int]int{}
		for i, p := range pile {
			if p < 0 {
				continue // alone, or in a group of neighbours
			}
			mine := c.Labels[i]
			if before, known := of[p]; mine < 0 || known && before != mine {
				t.Fatalf("a pile is parted or noise: %v of %v", c.Labels, data)
			}
			if other, known := taken[mine]; known && other != p {
				t.Fatalf("two piles are one segment: %v of %v", c.Labels, data)
			}
			of[p], taken[mine] = mine, p
		}
		for s, p := range c.Persistence {
			if !(p > 0 && p <= 1) {
				t.Fatalf("segment %d has persistence %v", s, p)
			}
		}
		for i, o := range c.Outlier {
			if !(o >= 0 && o <= 1) {
				t.Fatalf("row %d has outlier score %v", i, o)
			}
		}
	})
	// By hand: piles at 0, 1 and 3 of five each. 0 and 1 are nearer to each other than to 3, and still two. Nobody ever leaves a pile.
	c := fit(t, trial.Column(t, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 3, 3, 3, 3, 3), cluster.HDBSCAN{MinSize: 5})
	if c.K != 3 || !slices.Equal(c.Persistence, []float64{1, 1, 1}) {
		t.Errorf("%d segments of persistence %v, want 3 of 1", c.K, c.Persistence)
	}
}
