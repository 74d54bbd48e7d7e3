// Package growtree grows trees of rules on tables: what saying clusters and finding segments again share.
package growtree

import (
	"github.com/segkit/lab/segkit/internal/folds"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/tree"
	"github.com/segkit/lab/segkit/table"
)

// Rows is how many customers a tree is grown on at most, drawn from larger tables.
const Rows = 10_000

// Data lays the table out for the tree.
func Data(x *table.Table, labels table.Labels, k int) *tree.Data {
	d := &tree.Data{Class: labels, Classes: k, Weights: x.Raw().Weights}
	for j, c := range x.Raw().Columns {
		column := tree.Column{AtMost: c.LowerIsBetter}
		switch {
		case c.Categorical() && c.Ordered:
			column.Ordered = true
		case c.Categorical():
			column.Levels = len(c.Levels)
		}
		d.Columns, d.Values = append(d.Columns, column), append(d.Values, x.Raw().Column(j))
	}
	return d
}

// Sampled is on how many of n customers a tree is grown where these are fewer than all, else 0.
func Sampled(n int) int {
	if n <= Rows {
		return 0
	}
	return Rows
}

// Draw is the order in which customers are taken for the sample of a large table, nil of a table that is small enough for all of them. It
// serves every tree of the table, whatever customers that is grown on.
func Draw(x *table.Table) []int {
	if x.Len() <= Rows {
		return nil
	}
	return folds.Draw(x.Raw().IDs, 0, "tree")
}

// Grow grows a tree on the customers of x that are in; of more than Rows, on the first of them in the order drawn.
func Grow(x *table.Table, labels table.Labels, k int, in func(i int) bool, drawn []int, o tree.Options) *tree.Node {
	var rows []int
	for i := range labels {
		if in(i) {
			rows = append(rows, i)
		}
		if len(rows) > Rows {
			rows = rows[:0]
			for p := 0; len(rows) < Rows; p++ {
				if in(drawn[p]) {
					rows = append(rows, drawn[p])
				}
			}
			break
		}
	}
	return tree.Grow(Data(x.Rows(rows), pick.At(labels, rows), k), o)
}
