package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/stat"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/measure"
	"github.com/segkit/lab/segkit/predict"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/table"
)

// workload is one comparison. Work is our side: prepare reads the input, and what it returns is timed and gives a cost.
type workload struct {
	name    string
	needs   string  // begins with the file of this public set
	peer    string  // has an environment of its own; "" is in that of most
	random  bool    // random starts or other stopping: costs differ a little, and a lower one is no fault
	slack   float64 // share by which our cost may be higher then; 0 means a thousandth
	prepare func(in, name string) (work func() (cost float64, err error), err error)
}

var workloads = []workload{
	{name: "rfm_csv_pandas", needs: "online-retail", prepare: fromRetail("recency", "orders", "spend")},
	{name: "rfm_csv_polars", needs: "online-retail", prepare: fromRetail("recency", "orders", "spend")},
	{name: "rfm_csv_duckdb", needs: "online-retail", prepare: fromRetail("recency", "orders", "spend")},
	{name: "features_csv_pandas", needs: "online-retail", prepare: fromRetail()},
	{name: "snapshots_12", needs: "online-retail", prepare: snapshots},
	{name: "visits_5m", prepare: visits},
	{name: "table_csv_pandas", prepare: tableCSV},
	{name: "kmeans_default", random: true, prepare: kmeansDefault},
	{name: "elbow_sweep", random: true, prepare: elbowSweep},
	{name: "lloyd_1m_8d_5k", prepare: lloyd},
	{name: "lloyd_1m_3d_5k", prepare: lloyd},
	{name: "lloyd_200k_20d_8k", prepare: lloyd},
	{name: "lloyd_1m_8d_50k", prepare: lloyd},
	{name: "silhouette_20k", prepare: silhouette},
	{name: "stability_10k", random: true, prepare: stability},
	{name: "ward_20k", prepare: ward},
	{name: "hdbscan_50k", prepare: hdbscan},
	{name: "score_1m_8d", prepare: score},
	{name: "mixture_200k", random: true, prepare: mixture},
	{name: "kmedoids_10k", random: true, prepare: kmedoids},
	{name: "kprototypes_10k", random: true, prepare: kprototypes},
	{name: "forest_50k", random: true, slack: .25, prepare: predictor(predict.Forest{Trees: 200})},
	{name: "bgnbd_cdnow", needs: "cdnow-sample", peer: "lifetimes", prepare: bgnbdCDNOW},
	{name: "boosted_50k", random: true, slack: .25, prepare: predictor(predict.Boosted{})},
	{name: "rules_groceries", needs: "groceries", prepare: rulesGroceries},
	{name: "rules_1m_lines", prepare: rulesLines},
	{name: "pca_200k_20d", random: true, prepare: components},
	{name: "cak_kmeans_1m", peer: "clusteraudiencekit", random: true, prepare: kmeansOfThree},
	{name: "cak_rfm", needs: "online-retail", peer: "clusteraudiencekit", prepare: rfmOfLines},
}

// runOurs repeats the work until a second has passed, as peers.py does; the fastest counts, and the one that took the processors least.
func runOurs(name, in string, out io.Writer) error {
	for _, w := range workloads {
		if w.name != name {
			continue
		}
		work, err := w.prepare(in, name)
		if err != nil {
			return err
		}
		r := result{Peer: "segkit", Seconds: math.Inf(1), CPU: math.Inf(1)}
		for begin := time.Now(); time.Since(begin) < time.Second; {
			start, busy := time.Now(), processorSeconds()
			if r.Cost, err = work(); err != nil {
				return err
			}
			r.Seconds, r.CPU = min(r.Seconds, time.Since(start).Seconds()), min(r.CPU, processorSeconds()-busy)
		}
		return json.NewEncoder(out).Encode(r)
	}
	return fmt.Errorf("there is no workload %q", name)
}

// processorSeconds is what all threads of this process have worked.
func processorSeconds() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return math.NaN()
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// tableCSV reads a table of customers, whose numbers mean what the whole column says; the cost is their sum.
func tableCSV(in, _ string) (func() (float64, error), error) {
	return func() (float64, error) {
		t, err := table.ReadCSV(filepath.Join(in, "customers.csv"), "customer")
		if err != nil {
			return 0, err
		}
		sum := 0.0
		for _, v := range t.Raw().Data {
			sum += v
		}
		return sum, nil
	}, nil
}

func kmeansDefault(in, name string) (func() (float64, error), error) {
	x, k, err := readTable(in, name)
	return func() (float64, error) {
		c, err := cluster.Fit(x, cluster.KMeans{K: k})
		return costOf(c, err)
	}, err
}

// kmeansOfThree is the best of three starts, as on the peer's side, where each start iterates until no label changes.
func kmeansOfThree(in, name string) (func() (float64, error), error) {
	x, k, err := readTable(in, name)
	return func() (float64, error) { return costOf(cluster.Fit(x, cluster.KMeans{K: k, Restarts: 3})) }, err
}

// components keeps five principal components of standardized columns, and gives them to all customers; the cost is the share of variance that is lost.
func components(in, name string) (func() (float64, error), error) {
	x, _, err := readTable(in, name)
	return func() (float64, error) {
		scaled, err := segkit.Recipe{Prep: []prep.Transformer{prep.Standardize{}}}.Prepare(x)
		if err != nil {
			return 0, err
		}
		fitted, err := prep.PCA{Components: 5}.Fit(scaled)
		if err != nil {
			return 0, err
		}
		if _, err := fitted.Apply(scaled); err != nil {
			return 0, err
		}
		variance := fitted.(prep.FittedPCA).Variance
		return floats.Sum(variance[5:]) / floats.Sum(variance), nil
	}, err
}

// elbowSweep is everything that a sweep tells without another fit: costs, summed; silhouettes, simplified and of 1,000 customers;
// Calinski-Harabasz; Davies-Bouldin; how far starts agree; which segment continues which. The peer finds the costs alone.
func elbowSweep(in, name string) (func() (float64, error), error) {
	x, _, err := readTable(in, name)
	return func() (float64, error) {
		s, err := choose.SweepK(x, segkit.Recipe{Method: cluster.KMeans{}}, 2, 10, choose.SweepOptions{Draws: -1, SilhouetteRows: 1000})
		if err != nil {
			return 0, err
		}
		sum := 0.0
		for _, p := range s.Points {
			sum += p.Cost
		}
		return sum, nil
	}, err
}

// lloyd is twenty iterations from the first k rows.
func lloyd(in, name string) (func() (float64, error), error) {
	x, k, err := readTable(in, name)
	return func() (float64, error) {
		return costOf(cluster.Fit(x, cluster.KMeans{Start: x.Head(k), MaxIter: 20, Tol: -1}))
	}, err
}

func costOf(c *cluster.Clustering, err error) (float64, error) {
	if err != nil {
		return 0, err
	}
	return c.Cost, nil
}

// predictor learns from 50,000 customers and predicts 10,000 others; the cost is the share predicted wrongly.
func predictor(p predict.Predictor) func(in, name string) (func() (float64, error), error) {
	return func(in, name string) (func() (float64, error), error) {
		x, s, err := readGroups(in, name)
		if err != nil {
			return nil, err
		}
		learn := x.Head(50_000)
		var held []int
		for i := learn.Len(); i < x.Len(); i++ {
			held = append(held, i)
		}
		test := x.Rows(held)
		return func() (float64, error) {
			c, err := predict.Fit(learn, s, p)
			if err != nil {
				return 0, err
			}
			found, err := c.Predict(test)
			if err != nil {
				return 0, err
			}
			wrong := 0.0
			for at, i := range held {
				if found.Labels[at] != s.Labels[i] {
					wrong++
				}
			}
			return wrong / float64(len(held)), nil
		}, nil
	}
}

// silhouette uses the generating groups.
func silhouette(in, name string) (func() (float64, error), error) {
	x, s, err := readGroups(in, name)
	return func() (float64, error) {
		v, err := measure.Silhouette(x, s)
		if err != nil {
			return 0, err
		}
		return v.Mean, nil
	}, err
}

// readGroups is readTable for a table whose last column is the generating groups.
func readGroups(in, name string) (*table.Table, *table.Segments, error) {
	all, _, err := readTable(in, name)
	if err != nil {
		return nil, nil, err
	}
	names := all.Names()
	x, err := all.Select(names[:len(names)-1]...)
	if err != nil {
		return nil, nil, err
	}
	groups, err := all.Values(names[len(names)-1])
	if err != nil {
		return nil, nil, err
	}
	labels := make(table.Labels, len(groups))
	for i, g := range groups {
		labels[i] = int(g)
	}
	s, err := table.NewSegments(x.IDs(), labels, nil)
	return x, s, err
}

// stability has no draws without groups, which the peer lacks, but tells the stability of segments and customers too.
func stability(in, name string) (func() (float64, error), error) {
	x, groups, err := readTable(in, name)
	return func() (mean float64, err error) {
		for k := 2; k <= 6; k++ {
			s, err := choose.Stability(x, segkit.Recipe{Method: cluster.KMeans{K: k, Restarts: 3}}, choose.StabilityOptions{Pairs: 25, Draws: -1})
			if err != nil {
				return 0, err
			}
			if k == groups {
				mean = s.Mean
			}
		}
		return mean, nil
	}, err
}

// score gives distances and margins too, and looks for customers who cannot be scored.
func score(in, name string) (func() (float64, error), error) {
	x, k, err := readTable(in, name)
	if err != nil {
		return nil, err
	}
	some, scale := x.Head(10_000), segkit.Recipe{Prep: []prep.Transformer{prep.Standardize{}}}
	scaled, err := scale.Prepare(some)
	if err != nil {
		return nil, err
	}
	scale.Method = cluster.KMeans{Start: scaled.Head(k), MaxIter: 20, Tol: -1}
	model, err := scale.Fit(some)
	return func() (sum float64, err error) {
		s, err := model.Score(x)
		if err != nil {
			return 0, err
		}
		for _, n := range s.Counts() {
			sum += float64(n * n)
		}
		return sum, nil
	}, err
}

// ward cuts the tree at as many groups as there are; the cost is the within-segment sum of squares.
func ward(in, name string) (func() (float64, error), error) {
	x, k, err := readTable(in, name)
	return func() (float64, error) {
		return costOf(cluster.Fit(x, cluster.Hierarchical{K: k}))
	}, err
}

// hdbscan counts the groups it finds. The peer leaves the customer itself out of its samples, we do not: 11 is its 10.
func hdbscan(in, name string) (func() (float64, error), error) {
	x, _, err := readTable(in, name)
	return func() (float64, error) {
		c, err := cluster.Fit(x, cluster.HDBSCAN{MinSize: 100, MinSamples: 11})
		if err != nil {
			return 0, err
		}
		return float64(c.K), nil
	}, err
}

// mixture is twenty steps of EM from the first rows as means, equal weights and unit covariances. The cost is the mean
// negative log-likelihood.
func mixture(in, name string) (func() (float64, error), error) {
	x, k, err := readTable(in, name)
	if err != nil {
		return nil, err
	}
	start := cluster.FittedMixture{Columns: x.Names(), Collapsed: make([]bool, k)}
	for i := range k {
		start.Means = append(start.Means, x.Row(i))
		start.Weights = append(start.Weights, 1/float64(k))
		unit := make([][]float64, len(start.Columns))
		for j := range unit {
			unit[j] = make([]float64, len(start.Columns))
			unit[j][j] = 1
		}
		start.Covariances = append(start.Covariances, unit)
	}
	return func() (float64, error) {
		cost, err := costOf(cluster.Fit(x, cluster.GaussianMixture{Start: &start, MaxIter: 20, Tol: -1}))
		return cost / float64(x.Len()), err
	}, nil
}

// kmedoids is three starts with six medoids against one of the peer: single starts end within 0.2 % of each other.
func kmedoids(in, name string) (func() (float64, error), error) {
	x, _, err := readTable(in, name)
	return func() (float64, error) {
		return costOf(cluster.Fit(x, cluster.KMedoids{K: 6, Restarts: 3}))
	}, err
}

// kprototypes is one start on four numbers and three categories of four levels, with the peer's weight of a category: half
// the mean standard deviation.
func kprototypes(in, name string) (func() (float64, error), error) {
	x, k, err := readTable(in, name)
	if err != nil {
		return nil, err
	}
	columns, data := x.Columns(), []float64(nil)
	for i := range x.Len() {
		data = append(data, x.Row(i)...)
	}
	gamma := 0.0
	for j := range columns {
		if j >= 4 {
			columns[j].Levels = []string{"0", "1", "2", "3"}
			continue
		}
		v, err := x.Values(columns[j].Name)
		if err != nil {
			return nil, err
		}
		gamma += 0.5 * stat.PopStdDev(v, nil) / 4
	}
	mixed, err := table.New(x.IDs(), columns, data)
	return func() (float64, error) {
		return costOf(cluster.Fit(mixed, cluster.KPrototypes{K: k, Gamma: gamma, Restarts: 1}))
	}, err
}

// readTable reads NAME.f64, whose shape stands in NAME.json.
func readTable(in, name string) (x *table.Table, k int, err error) {
	var shape struct{ Rows, Cols, K int }
	head, err := os.ReadFile(filepath.Join(in, name+".json"))
	if err == nil {
		err = json.Unmarshal(head, &shape)
	}
	if err != nil {
		return nil, 0, err
	}
	raw, err := os.ReadFile(filepath.Join(in, name+".f64"))
	if err != nil {
		return nil, 0, err
	}
	data := make([]float64, shape.Rows*shape.Cols)
	if err := binary.Read(bytes.NewReader(raw), binary.LittleEndian, data); err != nil {
		return nil, 0, fmt.Errorf("%s: %w", name, err)
	}
	ids := make([]string, shape.Rows)
	for i := range ids {
		ids[i] = strconv.Itoa(i)
	}
	columns := make([]table.Column, shape.Cols)
	for j := range columns {
		columns[j].Name = "x" + strconv.Itoa(j)
	}
	x, err = table.New(ids, columns, data)
	return x, shape.K, err
}
