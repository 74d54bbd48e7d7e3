package engine

// A dry run reads nothing, and goes on with made-up numbers, so that all statements are written: as for more customers than fit the small table.
// The numbers, centres and names in those statements mean nothing.

import (
	"fmt"
	"math/big"

	"github.com/segkit/lab/segkit/table"
)

// pretend makes up what a survey would have found.
func (l *learner) pretend(most int) {
	l.n = int64(most) + 1
	for _, column := range l.header.Raw().Columns {
		l.span[column.Name] = ends{low: 0, high: 1}
	}
}

// pretendSums makes up sums of columns that are spread evenly over their spans.
func (l *learner) pretendSums(pairs [][2]int) (sums []*big.Int) {
	for _, pair := range pairs {
		sum := new(big.Int).Mul(big.NewInt(l.n), big.NewInt(fine))
		switch {
		case pair[1] < 0:
			sum.Div(sum, big.NewInt(2))
		case pair[0] == pair[1]:
			sum.Mul(sum, big.NewInt(fine)).Div(sum, big.NewInt(3))
		default:
			sum.Mul(sum, big.NewInt(fine)).Div(sum, big.NewInt(4))
		}
		sums = append(sums, sum)
	}
	return sums
}

// pretendBins makes up the bins of a column.
func (l *learner) pretendBins() map[int64]bin {
	half := l.n / 2
	return map[int64]bin{0: {half, 0, .4}, bins / 2: {l.n - half, .5, 1}}
}

// pretendRows makes up the small table.
func (s *Compressed) pretendRows(l *learner) {
	const rows = 100
	raw, stage := *l.header.Raw(), *l.stage.Raw()
	raw.IDs, raw.Data, stage.Data = nil, nil, nil
	for i := range rows {
		raw.IDs = append(raw.IDs, fmt.Sprint(i+1))
		for _, column := range raw.Columns {
			if column.Categorical() {
				raw.Data = append(raw.Data, 0)
			} else {
				raw.Data = append(raw.Data, float64(i)/rows)
			}
		}
		for range stage.Columns {
			stage.Data = append(stage.Data, float64(i)/rows)
		}
	}
	stage.IDs = raw.IDs
	s.Rows, s.Prepared = table.FromRaw(raw), table.FromRaw(stage)
	s.total = totals{l.n, nil, big.NewInt(l.n * snapSteps)}
	for range stage.Columns {
		s.total.sums = append(s.total.sums, new(big.Int))
	}
}
