package combine

// Tables of several sources joined into one row per customer.

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/option"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Source is a table of customers with a name: "orders", "visits", "survey".
type Source struct {
	Name  string
	Table *table.Table // one row per customer, in the customers' own units
}

// Sources are the tables to join, in the order in which their columns will appear.
type Sources []Source

// Options are the choices of Tables.
type Options struct {
	IDs IDForm // which differences between two spellings of an id to ignore; 0 asks if there are any
}

// Combined is one row per customer (n, sorted by id) with the columns of all sources (d). What a source does not know about a customer is
// missing.
type Combined struct {
	Table   *table.Table
	Sources []string // (m) names
	Notes   []string // sentences: columns that were renamed, weights, ids that look alike

	of      []int       // (d) source of each column
	in      [][]bool    // (m x n) whom each source knows
	weights [][]float64 // (m x n) of a source that has them, else nil
	specs   [][]byte    // (m) how the columns of a source were made from order lines, nil where they were not
}

// Tables joins the sources by customer id: everybody whom at least one source knows has a row, and what a source does not know about a
// customer is missing, never 0. Ids join exactly as written. If some would join only by ignoring leading zeros, capitals, blanks,
// punctuation or a ".0", nothing is joined and you are asked; Options.IDs answers. Two rows for one customer are refused, and so is a source whose rows were
// only numbered when it was read, beside one that names its customers.
//
// A column name that several sources have gets the name of its source appended (country_orders, country_survey), and Notes says for how
// many customers the two agree. Sampling weights stay with their source, and Basis restores them. Ids of one source that differ only in
// form are mentioned in Notes. It costs O(n d) and some lookups for every pair of sources.
func Tables(sources Sources, o ...Options) (*Combined, error) {
	opt, err := option.AtMostOne("combine.Tables", o)
	if err != nil {
		return nil, err
	}
	if opt.IDs&ExactIDs != 0 && opt.IDs != ExactIDs {
		return nil, fault.Option("combine.Tables", "IDs", opt.IDs.String()+" | combine.ExactIDs", "ExactIDs alone, or what to ignore")
	}
	if err := sources.check(); err != nil {
		return nil, err
	}
	if opt.IDs&ExactIDs == 0 {
		if err := sources.named(); err != nil {
			return nil, err
		}
	}
	at := make([]map[string]int, len(sources))
	for s, source := range sources {
		if at[s], err = keyed(source, opt.IDs); err != nil {
			return nil, err
		}
	}
	if opt.IDs&ExactIDs == 0 {
		if q := askAbout(sources, opt.IDs); q != nil {
			return nil, q.Error()
		}
	}
	c := &Combined{}
	if c.Notes, err = sources.touch(at); err != nil {
		return nil, err
	}
	c.Notes = append(c.Notes, lookalikes(sources)...)
	return c, c.join(sources, at)
}

// check refuses sources without a name, a table, rows or columns, and two of one name.
func (sources Sources) check() error {
	if len(sources) < 2 {
		return fault.Errorf(fault.ErrEmpty, "segkit: combine.Tables: %s: want at least two, as in combine.Sources{{\"orders\", customers}, {\"survey\", answers}}",
			wording.Plural(len(sources), "source"))
	}
	names := map[string]bool{}
	for s, source := range sources {
		name := strings.TrimSpace(source.Name)
		switch {
		case name == "":
			return fault.Errorf(fault.ErrSchema, "segkit: combine.Tables: source %d has no name: call it what it is, such as \"orders\"", s+1)
		case names[name]:
			return fault.Errorf(fault.ErrDuplicate, "segkit: combine.Tables: two sources are called %q", name)
		case source.Table == nil:
			return fault.Nil("combine.Tables", "table of "+name)
		case source.Table.Len() == 0:
			return fault.Errorf(fault.ErrEmpty, "segkit: combine.Tables: %s has no rows", name)
		case source.Table.Transformed():
			return fault.Errorf(fault.ErrSchema, "segkit: combine.Tables: %s holds transformed values, which describe nobody: join the original table, and let Recipe.Prep transform it", name)
		case source.Table.Raw().Weights != nil && source.Table.Weighting() == table.FrequencyWeights:
			return fault.Errorf(fault.ErrSchema, "segkit: combine.Tables: a row of %s is several customers (frequency weights), who cannot be joined by one id: give one row per customer", name)
		}
		names[name] = true
	}
	return nil
}

// named refuses a source whose rows were only numbered, beside one that names its customers. Sources that are all numbered may be the same people in the same order.
func (sources Sources) named() error {
	first := sources[0]
	for _, s := range sources[1:] {
		if err := first.Table.Raw().Named("combine.Tables", first.Name, s.Table.Raw(), s.Name); err != nil {
			return err
		}
	}
	return nil
}

// fewCommon is the share of a source's customers below which it hardly has anything to do with the others.
const fewCommon = .05

// touch refuses a source that has no customer in common with any other, and mentions one that has hardly any.
func (sources Sources) touch(at []map[string]int) (notes []string, err error) {
	for s, source := range sources {
		common := 0
		for key := range at[s] {
			for other := range sources {
				if _, ok := at[other][key]; ok && other != s {
					common++
					break
				}
			}
		}
		o := (s + 1) % len(sources)
		likes := fmt.Sprintf("ids of %s look like %q, those of %s like %q", source.Name, wording.Clip(source.Table.Raw().IDs[0]), sources[o].Name, wording.Clip(sources[o].Table.Raw().IDs[0]))
		switch {
		case common == 0:
			return nil, fault.Errorf(fault.ErrUnmatched, "segkit: combine.Tables: no customer of %s is in any other source; %s: are they of the same kind?", source.Name, likes)
		case float64(common) < fewCommon*float64(len(at[s])):
			notes = append(notes, fmt.Sprintf("Only %s of %s customers of %s %s in any other source; %s. Are they of the same kind?",
				sheet.Count(common), sheet.Count(len(at[s])), source.Name, wording.Be(common), likes))
		}
	}
	return notes, nil
}

// lookalikes mentions ids of one source that differ from one another in form only.
func lookalikes(sources Sources) (notes []string) {
	for _, source := range sources {
		ids := source.Table.Raw().IDs
		if several := suggest.Spellings(ids); several.Fewer > 0 {
			notes = append(notes, several.Among(len(ids), "ids of "+source.Name)+". Are they the same customers?")
		}
	}
	return notes
}

// join fills the table.
func (c *Combined) join(sources Sources, at []map[string]int) error {
	everybody := spelled(sources, at)
	ids := make([]string, len(everybody))
	var columns []table.Column
	for s, source := range sources {
		c.Sources = append(c.Sources, strings.TrimSpace(source.Name))
		c.specs = append(c.specs, source.Table.Raw().Spec)
		own := source.Table.Columns()
		for range own {
			c.of = append(c.of, s)
		}
		columns = append(columns, own...)
	}
	rows := make([][]int, len(sources)) // (m x n) row in each source, -1 for none
	for s := range sources {
		rows[s], c.in = make([]int, len(ids)), append(c.in, make([]bool, len(ids)))
		for i, one := range everybody {
			ids[i], rows[s][i] = one.id, -1
			if row, ok := at[s][one.key]; ok {
				rows[s][i], c.in[s][i] = row, true
			}
		}
	}
	data := make([]float64, 0, len(ids)*len(columns))
	for i := range ids {
		for s, source := range sources {
			if row := rows[s][i]; row >= 0 {
				data = append(data, source.Table.Raw().Row(row)...)
				continue
			}
			for range source.Table.Raw().Columns {
				data = append(data, math.NaN())
			}
		}
	}
	c.rename(columns, data)
	c.weigh(sources, rows)
	t := table.FromRaw(table.Raw{IDs: ids, Columns: columns, Data: data, IDName: sources[0].Table.Raw().IDName, Note: strings.Join(c.Notes, " ")})
	c.Table = t
	return t.Check()
}

// rename puts the source behind the name of a column that several have, and says how often they agree.
func (c *Combined) rename(columns []table.Column, data []float64) {
	places := map[string][]int{}
	var names []string
	for j, col := range columns {
		if places[col.Name] == nil {
			names = append(names, col.Name)
		}
		places[col.Name] = append(places[col.Name], j)
	}
	for _, name := range names {
		js := places[name]
		if len(js) < 2 {
			continue
		}
		var from []string
		both, same := 0, 0
		for i := 0; i < len(data); i += len(columns) {
			known, alike, first := 0, true, ""
			for _, j := range js {
				v := data[i+j]
				if math.IsNaN(v) {
					continue
				}
				word := wording.Number(v)
				if columns[j].Categorical() {
					word = columns[j].Levels[int(v)]
				}
				if known++; known == 1 {
					first = word
				}
				alike = alike && word == first
			}
			if known == len(js) {
				both++
				if alike {
					same++
				}
			}
		}
		for _, j := range js {
			from = append(from, c.Sources[c.of[j]])
			columns[j].Ancestry = table.MadeOf(columns[j]) // it is still what it was
			columns[j].Name = name + "_" + strings.ReplaceAll(c.Sources[c.of[j]], " ", "_")
		}
		note := fmt.Sprintf("%s have a column %s, now called %s and so on", sheet.List(from), name, columns[js[0]].Name)
		if both > 0 {
			note += fmt.Sprintf("; for %s known to all of them, it is the same for %s", wording.Plural(both, "customer"), wording.Plural(same, "customer"))
		}
		c.Notes = append(c.Notes, note+".")
	}
}

// weigh keeps the sampling weights of each source.
func (c *Combined) weigh(sources Sources, rows [][]int) {
	c.weights = make([][]float64, len(sources))
	for s, source := range sources {
		if source.Table.Raw().Weights == nil {
			continue
		}
		c.weights[s] = make([]float64, len(rows[s]))
		for i, row := range rows[s] {
			if row >= 0 {
				c.weights[s][i] = source.Table.Weight(row)
			}
		}
		c.Notes = append(c.Notes, fmt.Sprintf("The sampling weights of %s hold for its own customers; Basis(%q) returns them.", c.Sources[s], c.Sources[s]))
	}
}

// index finds sources by name; no names are all.
func (c *Combined) index(op string, names []string) ([]int, error) {
	if c == nil {
		return nil, fault.Nil(op, "combined table")
	}
	var at []int
	for _, name := range names {
		s := slices.Index(c.Sources, name)
		if s < 0 {
			return nil, fault.Errorf(fault.ErrMissingColumn, "segkit: %s: no source %q%s", op, wording.Clip(name), suggest.Suggestion(name, c.Sources))
		}
		at = append(at, s)
	}
	if names == nil {
		for s := range c.Sources {
			at = append(at, s)
		}
	}
	return at, nil
}

// Columns returns the names of the features of the named sources, or of all, for Recipe.Columns. Descriptors, values and outcomes
// are left out, as in a recipe without columns.
func (c *Combined) Columns(sources ...string) ([]string, error) {
	at, err := c.index("combine.Combined.Columns", sources)
	if err != nil {
		return nil, err
	}
	var names []string
	for j, col := range c.Table.Raw().Columns {
		if col.Role == table.Feature && slices.Contains(at, c.of[j]) {
			names = append(names, col.Name)
		}
	}
	return names, nil
}

// Of returns the source of a column.
func (c *Combined) Of(column string) (string, error) {
	if c == nil {
		return "", fault.Nil("combine.Combined.Of", "combined table")
	}
	j, err := c.Table.Index(column)
	if err != nil {
		return "", err
	}
	return c.Sources[c.of[j]], nil
}

// Basis returns the customers whom all the named sources know, for a segmentation by these sources: features of the others become
// descriptors, so that a recipe without columns clusters only the named ones, and a profile describes the segments by the others. Sampling
// weights apply if exactly one of the named sources has them.
func (c *Combined) Basis(sources ...string) (*table.Table, error) {
	const op = "combine.Combined.Basis"
	at, err := c.index(op, sources)
	if err != nil {
		return nil, err
	}
	var rows []int
	for i := range c.Table.Raw().IDs {
		if !slices.ContainsFunc(at, func(s int) bool { return !c.in[s][i] }) {
			rows = append(rows, i)
		}
	}
	if len(rows) == 0 {
		return nil, fault.Errorf(fault.ErrUnmatched, "segkit: %s: no customer is in all of %s", op, sheet.List(sources))
	}
	t := c.Table.Rows(rows)
	columns := t.Columns()
	for j := range columns {
		if columns[j].Role == table.Feature && !slices.Contains(at, c.of[j]) {
			columns[j].Role = table.Descriptor
		}
	}
	t = t.WithData(columns, t.Raw().Data)
	var weighted []int
	for _, s := range at {
		if c.weights[s] != nil {
			weighted = append(weighted, s)
		}
	}
	if len(weighted) == 1 {
		w := make([]float64, len(rows))
		for p, i := range rows {
			w[p] = c.weights[weighted[0]][i]
		}
		t.Raw().Weights, t.Raw().Weighting = w, table.SamplingWeights
	}
	if len(at) == 1 {
		t.Raw().Spec = c.specs[at[0]]
	}
	return t, nil
}
