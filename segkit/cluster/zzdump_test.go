package cluster_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/internal/trial"
)

func rings(n int) (data []float64) {
	r := rand.New(rand.NewPCG(15, 1))
	for i := range n {
		radius, turn := float64(1+i%2*2)+.15*r.NormFloat64(), 2*math.Pi*r.Float64()
		data = append(data, radius*math.Cos(turn), radius*math.Sin(turn))
	}
	return data
}

func labyrinth(n int) (data []float64) {
	r := rand.New(rand.NewPCG(15, 2))
	corners := [][2]float64{{0, 0}, {6, 0}, {6, 6}, {1, 6}, {1, 2}, {4, 2}, {4, 4}, {2.5, 4}}
	for range n {
		at := r.Float64() * 27.5
		for s := 1; s < len(corners); s++ {
			a, b := corners[s-1], corners[s]
			long := math.Abs(b[0]-a[0]) + math.Abs(b[1]-a[1])
			if at > long && s < len(corners)-1 {
				at -= long
				continue
			}
			data = append(data, a[0]+(b[0]-a[0])*at/long+.12*r.NormFloat64(), a[1]+(b[1]-a[1])*at/long+.12*r.NormFloat64())
			break
		}
	}
	return data
}

func TestZZDump(t *testing.T) {
	for name, data := range map[string][]float64{"rings": rings(600), "labyrinth": labyrinth(600)} {
		f, _ := os.Create("/tmp/rest9/gmm/" + name + ".csv")
		for i := 0; i < len(data); i += 2 {
			fmt.Fprintf(f, "%.17g,%.17g\n", data[i], data[i+1])
		}
		f.Close()
		x := trial.Numbered(t, 2, data)
		for _, k := range []int{4, 8} {
		for seed := range 3 {
			began := time.Now()
			c := fit(t, x, cluster.GaussianMixture{K: k, Restarts: 100, Seed: seed})
			fmt.Println(name, k, seed, c.Cost, c.Restarts.From(), c.Iterations, c.Converged, time.Since(began))
		}
		}
	}
}
