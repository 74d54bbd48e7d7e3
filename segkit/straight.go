package segkit

import (
	"context"
	"math"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/vec"
	"github.com/segkit/lab/segkit/table"
)

// straight scores customers who have nothing unusual but, maybe, a number out of range, chunk by chunk in the cache: the table is read once and not copied.
// It reports false, having scored no one, where a customer cannot be scored or the model has a step or method that needs the whole table; the
// result is that of carefully, to the last bit.
func (m *Model) straight(x *table.Table, unseen []unseenLevel, c *checkup) (labels table.Labels, distance, margin []float64, ok bool) {
	assigner, ok := m.Assigner.(cluster.Nearest)
	if !ok || len(unseen) > 0 {
		return nil, nil, nil, false
	}
	stages, err := m.stages()
	if err != nil || !slices.Equal(stages[len(m.Transforms)].Names(), assigner.Columns) {
		return nil, nil, nil, false
	}
	steps := make([]func(rows []float64) bool, len(m.Transforms))
	for i, f := range m.Transforms {
		s, ok := f.(interface {
			InPlace(stage *table.Table) func(rows []float64) bool
		})
		if !ok {
			return nil, nil, nil, false
		}
		if steps[i] = s.InPlace(stages[i]); steps[i] == nil {
			return nil, nil, nil, false
		}
	}
	n, d := x.Dims()
	centers := slices.Concat(assigner.Centers...)
	low, high := m.bounds()
	far := make([][]cell, par.Chunks(n))
	labels, distance, margin = make(table.Labels, n), make([]float64, n), make([]float64, n)
	var stuck atomic.Bool
	desks := sync.Pool{New: func() any { return newDesk(d) }}
	par.Rows(context.Background(), n, func(chunk, from, to int) {
		if stuck.Load() {
			return
		}
		desk := desks.Get().(*desk)
		defer desks.Put(desk)
		rows := desk.rows[:copy(desk.rows, x.Raw().Data[from*d:to*d])]
		var finite bool
		if far[chunk], finite = beyond(rows, d, from, low, high); !finite { // which a step such as Winsor could hide
			stuck.Store(true)
			return
		}
		for _, step := range steps {
			if !step(rows) {
				stuck.Store(true)
				return
			}
		}
		if !within(rows) {
			stuck.Store(true)
			return
		}
		short, first, second := desk.labels[:to-from], desk.first[:to-from], desk.second[:to-from]
		vec.NearestTwo(rows, d, centers, short, first, second)
		for i, l := range short {
			if labels[from+i] = int(l); m.Labels != nil {
				labels[from+i] = m.Labels[l]
			}
		}
		apart(first, second, distance[from:to], margin[from:to])
	})
	if stuck.Load() {
		return nil, nil, nil, false
	}
	c.ranges(x, slices.Concat(far...), m.Training)
	return labels, distance, margin, true
}

// desk is what a worker needs for a chunk of rows.
type desk struct {
	rows          []float64 // (par.Chunk*d)
	labels        []int32   // (par.Chunk)
	first, second []float64 // (par.Chunk)
}

func newDesk(d int) *desk {
	return &desk{make([]float64, par.Chunk*d), make([]int32, par.Chunk), make([]float64, par.Chunk), make([]float64, par.Chunk)}
}

// beyond returns the cells of rows (m*d), of which the first is row from of the table, that lie outside the bounds (d), and whether all of
// these are finite.
func beyond(rows []float64, d, from int, low, high []float64) (out []cell, finite bool) {
	finite = true
	for i := 0; len(rows) > 0 && d > 0; i, rows = i+1, rows[d:] {
		for j, v := range rows[:d] {
			if v < low[j] || v > high[j] {
				out, finite = append(out, cell{from + i, j}), finite && !math.IsInf(v, 0)
			}
		}
	}
	return out, finite
}

// within reports whether no value is missing or too large to be squared.
func within(values []float64) bool {
	for _, v := range values {
		if !(math.Abs(v) <= vec.Largest) {
			return false
		}
	}
	return true
}
