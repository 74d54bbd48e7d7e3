package engine

// Customers into memory.

import (
	"database/sql"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/table"
)

// bring reads all customers, sorted by id.
func (c *Customers) bring(r *run, op string) (*table.Table, error) {
	names := []string{c.id}
	for _, column := range c.columns {
		name, err := r.speaks.SQL().Name(column.Name)
		if err != nil {
			return nil, fault.Option(op, "Columns", column.Name, err.Error())
		}
		names = append(names, name)
	}
	type customer struct {
		id   string
		data []float64
	}
	rows := make([]customer, 0, c.n)
	codes := make([]map[string]float64, len(c.columns)) // of levels, by first appearance
	err := r.read("bring the customers into memory", "SELECT "+strings.Join(names, ", ")+" FROM "+c.from, func(in *sql.Rows) error {
		numbers, texts := make([]sql.NullFloat64, len(c.columns)), make([]sql.NullString, len(c.columns))
		one := customer{data: make([]float64, len(c.columns))}
		into := []any{&one.id}
		for j, column := range c.columns {
			if column.Levels != nil {
				into = append(into, &texts[j])
			} else {
				into = append(into, &numbers[j])
			}
		}
		if err := in.Scan(into...); err != nil {
			return err
		}
		for j, column := range c.columns {
			one.data[j] = math.NaN()
			switch {
			case column.Levels == nil && numbers[j].Valid:
				one.data[j] = numbers[j].Float64
			case column.Levels != nil && texts[j].Valid:
				if codes[j] == nil {
					codes[j] = map[string]float64{}
				}
				code, ok := codes[j][texts[j].String]
				if !ok {
					code = float64(len(codes[j]))
					codes[j][texts[j].String] = code
				}
				one.data[j] = code
			}
		}
		rows = append(rows, one)
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(rows, func(a, b customer) int { return strings.Compare(a.id, b.id) })
	var columns []table.Column
	var at []int
	sorted := make([][]float64, len(c.columns)) // by code, the place of the level
	for j, column := range c.columns {
		if column.Levels != nil {
			column.Levels = nil
			for level := range codes[j] {
				column.Levels = append(column.Levels, level)
			}
			slices.Sort(column.Levels)
			sorted[j] = make([]float64, len(codes[j]))
			for place, level := range column.Levels {
				sorted[j][int(codes[j][level])] = float64(place)
			}
			if column.Levels == nil && c.whole {
				continue
			}
			if column.Levels == nil {
				return nil, &fault.CellError{Op: op, Why: fmt.Sprintf("no customer has a %s", column.Name), Remedy: "leave it out of Spec.Features", Err: fault.ErrEmpty}
			}
		}
		columns, at = append(columns, column), append(at, j)
	}
	ids, data := make([]string, len(rows)), make([]float64, 0, len(rows)*len(at))
	for i, row := range rows {
		ids[i] = row.id
		for _, j := range at {
			v := row.data[j]
			if sorted[j] != nil && !math.IsNaN(v) {
				v = sorted[j][int(v)]
			}
			data = append(data, v)
		}
	}
	out, err := table.New(ids, columns, data)
	if err != nil {
		return nil, err
	}
	out.Raw().Spec, out.Raw().Note = c.spec, c.note
	return out, nil
}
