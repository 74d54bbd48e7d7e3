package main

import (
	"maps"
	"slices"

	"github.com/segkit/lab/segkit/cmd/internal/choices"
	"github.com/segkit/lab/segkit/cmd/segkit-engine/internal/connect"
	"github.com/segkit/lab/segkit/engine"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
)

// source is what a file says of where the data are, as plain data:
//
//	table = "crm.order_lines"      # or query = "SELECT …"; without either, the Parquet files of the URL
//	customer = "customer_id"       # by what they mean, the columns of order lines
//	order = "order_id"
//	date = "order_date"
//	quantity = "quantity"
//	price = "unit_price"
//	product = "product_id"
//	status = "state"
//	undone = ["on hold"]           # words of the status that mean that the order came to nothing, beside those that are known
//	undone_among = ["paid", "on hold"]   # the words that undone answers for: others are asked about
//	currency = "EUR"
//	rules = ["no customer", "duplicate", "test order", "net cancelled", "undone"]
//
// or of a table with a row for each customer:
//
//	table = "crm.customers"
//	id = "customer_id"
type source struct {
	engine.Source
	path  string
	id    string // column of the ids, where rows are customers
	rules []features.Rule
	ruled bool // the file says which
}

// meanings are the keys that name columns.
var meanings = []string{"customer", "order", "date", "quantity", "price", "amount", "product", "name", "category", "status", "line"}

// readSource reads the file of a source.
func readSource(path string, t connect.Target) (source, error) {
	s := source{path: path}
	var rules []string
	columns := make(map[string]*string, len(meanings))
	to := map[string]any{"table": &s.Table, "query": &s.Query, "id": &s.id, "currency": &s.Currency, "descriptors": &s.Descriptors, "undone": &s.Undone, "undone_among": &s.UndoneAmong, "rules": &rules}
	for _, m := range meanings {
		columns[m] = new(string)
		to[m] = columns[m]
	}
	if err := choices.Fill(path, to); err != nil {
		return s, err
	}
	if s.Table == "" && s.Query == "" {
		if t.Parquet == "" {
			return s, &fault.CellError{File: path, Why: "names neither a table nor a query", Remedy: `add a line such as table = "order_lines"`, Err: fault.ErrOption}
		}
		s.Table = connect.ParquetView
	}
	s.Columns = map[string]string{}
	for _, m := range slices.Sorted(maps.Keys(columns)) {
		if *columns[m] != "" {
			s.Columns[m] = *columns[m]
		}
	}
	if s.id != "" && (len(s.Columns) > 0 || rules != nil || s.Undone != nil || s.UndoneAmong != nil) {
		return s, &fault.CellError{File: path, Why: "names the id of customers, and columns or rules of order lines", Remedy: "say which of the two the rows are", Err: fault.ErrOption}
	}
	s.rules, s.ruled = features.UsualRules, rules != nil
	if s.ruled {
		s.rules = []features.Rule{}
	}
	for _, name := range rules {
		r, err := choices.Rule(name)
		if err != nil {
			return s, fault.Errorf(fault.ErrOption, "segkit: %s: %w", path, fault.Trimmed(err))
		}
		s.rules = append(s.rules, r)
	}
	return s, nil
}
