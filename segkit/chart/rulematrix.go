package chart

// Rule matrix: what those who buy one thing also buy.

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/basket"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/sheet"
)

const (
	mostAntecedents = 14
	mostConsequents = 8
)

// RuleMatrix draws rules as cells: a row for the antecedent, a column for the consequent, with the lift in bold and the confidence
// beneath it; the higher the lift, the darker the cell. Rules come in order of lift, highest first, as long as there is room.
func RuleMatrix(r *basket.Rules) (*Figure, error) {
	switch {
	case r == nil:
		return nil, fault.Nil("chart.RuleMatrix", "rules")
	case len(r.Rules) == 0:
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: chart.RuleMatrix: there are no rules: lower Options.MinSupport or Options.MinConfidence")
	}
	m := matrix{tallest: 34, names: 190}
	left := 0
	at, highest := map[[2]string]basket.Rule{}, 2. // lift of full colour: twice at least
	place := func(names *[]string, name string, most int) bool {
		if !slices.Contains(*names, name) {
			if len(*names) == most {
				return false
			}
			*names = append(*names, name)
		}
		return true
	}
	for _, x := range r.Rules {
		row, column := strings.Join(x.Antecedent, " + "), strings.Join(x.Consequent, " + ")
		rows, columns := len(m.rows), len(m.columns)
		if !place(&m.rows, row, mostAntecedents) || !place(&m.columns, column, mostConsequents) {
			m.rows, m.columns = m.rows[:rows], m.columns[:columns]
			left++
			continue
		}
		at[[2]string{row, column}] = x
		highest = max(highest, x.Lift)
	}
	fig := &Figure{}
	fig.describe("Matrix of rules: rows are what baskets hold, columns what they also hold.")
	m.cells = make([][]matrixCell, len(m.rows))
	for i, row := range m.rows {
		m.cells[i] = make([]matrixCell, len(m.columns))
		var told []string
		for j, column := range m.columns {
			x, there := at[[2]string{row, column}]
			if !there {
				continue
			}
			m.cells[i][j] = matrixCell{above: sheet.Fixed(x.Lift, 1), below: share(x.Confidence), fill: tint(2*math.Log(max(x.Lift, 1e-9))/math.Log(highest), false)}
			told = append(told, fmt.Sprintf("%s with lift %s, confidence %s", clean(column), sheet.Fixed(x.Lift, 1), share(x.Confidence)))
		}
		fig.describe("%s: %s.", clean(row), strings.Join(told, "; "))
	}
	for i, name := range m.rows {
		m.rows[i] = clean(name)
	}
	for j, name := range m.columns {
		m.columns[j] = clean(name)
	}
	top := r.Rules[0]
	fig.Title = fmt.Sprintf("Baskets with %s hold %s %s times as often as by chance", quoted(top.Antecedent), quoted(top.Consequent), sheet.Fixed(top.Lift, 1))
	if significant := len(r.Significant().Rules); significant < len(r.Rules) {
		fig.remark("%s of %s are beyond chance (q up to %v).", sheet.Count(significant), count(len(r.Rules), "rule"), r.Options.Level)
	}
	fig.remark("Row: what a basket holds; column: what it also holds. Bold: lift, how many times as often as by chance. Below: confidence, the share of the row's baskets with the column's item.")
	if left > 0 {
		fig.remark("Not drawn: %s of lower lift.", count(left, "rule"))
	}
	fig.drawMatrix(m)
	return fig, nil
}

// quoted writes the items of a side as a part of a sentence.
func quoted(items []string) string {
	out := make([]string, len(items))
	for i, item := range items {
		out[i] = clip(bold(large), clean(item), 200)
	}
	return sheet.List(out)
}
