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
	usual := [2][]float64{vec.Repeat(low), vec.Repeat(high)}
	far := make([][]cell, par.Chunks(n))
	labels, distance, margin = make(table.Labels, n), make([]float64, n), make([]float64, n)
	var stuck atomic.Bool
	desks := sync.Pool{New: func() any { return newDesk(d) }}
	par.Rows(context.Background(), n, func(chunk, first, end int) {
		desk := desks.Get().(*desk)
		defer desks.Put(desk)
		for from := first; from < end && !stuck.Load(); from += desk.customers {
			to := min(end, from+desk.customers)
			rows := desk.rows[:copy(desk.rows, x.Raw().Data[from*d:to*d])]
			if !vec.Within(rows, usual[0], usual[1]) {
				out, finite := beyond(rows, d, from, low, high)
				if !finite { // which a step such as Winsor could hide
					stuck.Store(true)
					return
				}
				far[chunk] = append(far[chunk], out...)
			}
			for _, step := range steps {
				if !step(rows) {
					stuck.Store(true)
					return
				}
			}
			if !vec.Usable(rows) {
				stuck.Store(true)
				return
			}
			short, nearest, second := desk.labels[:to-from], desk.nearest[:to-from], desk.second[:to-from]
			vec.NearestTwo(rows, d, centers, short, nearest, second)
			vec.Margins(nearest, second, distance[from:to], margin[from:to])
			for i, l := range short {
				labels[from+i] = int(l)
			}
			if m.Labels != nil {
				for i, l := range short {
					labels[from+i] = m.Labels[l]
				}
			}
		}
	})
	if stuck.Load() {
		return nil, nil, nil, false
	}
	c.ranges(x, slices.Concat(far...), m.Training)
	return labels, distance, margin, true
}

// desk is what a worker needs for as many customers as stay in the nearest cache from one step to the next.
type desk struct {
	customers       int
	rows            []float64 // (customers*d)
	labels          []int32   // (customers)
	nearest, second []float64 // (customers)
}

func newDesk(d int) *desk {
	n := max(64, 2048/max(d, 1))
	return &desk{n, make([]float64, n*d), make([]int32, n), make([]float64, n), make([]float64, n)}
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
