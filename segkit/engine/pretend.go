package engine

// A dry run reads nothing, and goes on with made-up numbers, so that all statements are written: as for more customers than fit the small table.
// The numbers, centres and names in those statements mean nothing.

import (
	"context"
	"fmt"
	"math/big"

	"github.com/segkit/lab/segkit/cluster"
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

const pretendedRows = 100

// pretended makes up n rows under a header.
func pretended(header *table.Table, n int) *table.Table {
	raw := *header.Raw()
	raw.IDs, raw.Data = nil, nil
	for i := range n {
		raw.IDs = append(raw.IDs, fmt.Sprint(i+1))
		for _, column := range raw.Columns {
			if column.Categorical() {
				raw.Data = append(raw.Data, 0)
			} else {
				raw.Data = append(raw.Data, float64(i)/float64(n))
			}
		}
	}
	return table.FromRaw(raw)
}

// pretendFit makes centres of the first rows, which are all different.
func (s *Compressed) pretendFit(ctx context.Context, method cluster.KMeans) (*cluster.Clustering, error) {
	start := *s.Prepared.Raw()
	start.IDs, start.Data, start.Weights = start.IDs[:method.K], start.Data[:method.K*len(start.Columns)], nil
	method.Start, method.MaxIter = table.FromRaw(start), 1
	return cluster.FitContext(ctx, s.Prepared, method)
}

// pretendRows makes up the small table.
func (s *Compressed) pretendRows(l *learner) {
	method, _ := kmeans(s.Recipe.Method)
	n := max(pretendedRows, method.K)
	s.Rows, s.Prepared = pretended(l.header, n), pretended(l.stage, n)
	s.total = totals{l.n, nil, big.NewInt(l.n * snapSteps)}
	for range s.Prepared.Raw().Columns {
		s.total.sums = append(s.total.sums, new(big.Int))
	}
}
