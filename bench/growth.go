package main

// Growth: how our own time rises with the number of customers n and of segments k.

import (
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/table"
)

// growth times one start of each method on n customers x 8 columns around k centres.
func growth(out io.Writer) error {
	methods := []struct {
		name   string
		method func(k int) cluster.Method
	}{
		{"k-means, 20 iterations", func(k int) cluster.Method { return cluster.KMeans{K: k, Restarts: 1, MaxIter: 20, Tol: -1} }},
		{"mini-batch", func(k int) cluster.Method { return cluster.MiniBatch{K: k, Restarts: 1} }},
		{"mixture, 20 iterations", func(k int) cluster.Method {
			return cluster.GaussianMixture{K: k, Restarts: 1, MaxIter: 20, Tol: -1}
		}},
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(table, "n\tk\t")
	for _, m := range methods {
		fmt.Fprintf(table, "%s\t", m.name)
	}
	fmt.Fprintln(table)
	for _, n := range []int{10_000, 100_000, 1_000_000} {
		for _, k := range []int{3, 10, 50} {
			x, err := blobs(n, 8, k)
			if err != nil {
				return err
			}
			fmt.Fprintf(table, "%d\t%d\t", n, k)
			for _, m := range methods {
				start := time.Now()
				if _, err := cluster.Fit(x, m.method(k)); err != nil {
					return err
				}
				fmt.Fprintf(table, "%.3f s\t", time.Since(start).Seconds())
			}
			fmt.Fprintln(table)
		}
	}
	return table.Flush()
}

// blobs draws n customers x d columns around k centres, as peers.py does.
func blobs(n, d, k int) (*table.Table, error) {
	r := rand.New(rand.NewPCG(0, 0))
	centres := make([]float64, k*d)
	for i := range centres {
		centres[i] = 3 * r.NormFloat64()
	}
	ids, columns, data := make([]string, n), make([]table.Column, d), make([]float64, 0, n*d)
	for j := range columns {
		columns[j].Name = "x" + strconv.Itoa(j)
	}
	for i := range ids {
		ids[i] = strconv.Itoa(i)
		g := r.IntN(k)
		for j := range d {
			data = append(data, centres[g*d+j]+1.5*r.NormFloat64())
		}
	}
	return table.New(ids, columns, data)
}
