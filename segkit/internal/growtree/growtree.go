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

// Grow grows a tree, of a large table on a sample.
func Grow(x *table.Table, labels table.Labels, k int, o tree.Options) *tree.Node {
	if x.Len() > Rows {
		rows := folds.Draw(x.Raw().IDs, 0, "tree")[:Rows]
		x, labels = x.Rows(rows), pick.At(labels, rows)
	}
	return tree.Grow(Data(x, labels, k), o)
}
