package segkit

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"testing"
	"time"
)

func rawTable(tb testing.TB, path string, d int) *Table {
	b, err := os.ReadFile(path)
	if err != nil {
		tb.Skip(err)
	}
	n := len(b) / 8 / d
	ids, data := make([]string, n), make([]float64, n*d)
	for i := range data {
		data[i] = math.Float64frombits(binary.LittleEndian.Uint64(b[8*i:]))
	}
	for i := range ids {
		ids[i] = fmt.Sprint(i)
	}
	cols := make([]Column, d)
	for j := range cols {
		cols[j].Name = fmt.Sprint("x", j)
	}
	t, err := NewTable(ids, cols, data)
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

func TestPeer(t *testing.T) {
	x := rawTable(t, "/tmp/peers-out/kmeans_default.f64", 6)
	for s := range 3 {
		t0 := time.Now()
		c, err := Fit(x, KMeans{K: 5, Seed: s})
		if err != nil {
			t.Fatal(err)
		}
		t.Log(time.Since(t0), c.Cost, c.Restarts, c.Labels.Counts())
	}
}
