package privacy

import (
	"cmp"
	"math"
	"slices"
)

// Which cells must stay out of a table, and which others with them.

// Why says why a cell is left out.
type Why uint8

const (
	Shown      Why = iota
	Small          // it rests on fewer than MinCount customers
	Dominated      // one customer is most of the sum: the p % rule
	Complement     // it would give another cell away
)

var whys = [...]string{"shown", "too few customers", "one customer is most of it", "would give another cell away"}

func (w Why) String() string { return whys[min(w, Complement)] }

// Cell is one cell, or a total, of a table that may be shared.
type Cell struct {
	Value     float64 // NaN if it is left out
	Low, High float64 // the range that the rest of the table allows: both are Value if it is shown; infinite if nothing bounds it
	Why       Why
}

// Suppressed is a table that may be shared.
type Suppressed struct {
	Row, Column   string
	Rows, Columns []string // (r), (c)
	Amount, Unit  string   // what the cells add up; "" if they count customers
	Cells         [][]Cell // (r+1 x c+1), the last of each is the total
	Rules         Rules    // as applied
}

// margin costs so much more than any cell that a total is left out only where no cells can do it.
const margin = 1e6

// Suppress leaves out of a table what would disclose too much about single customers. These are cells and totals of fewer than MinCount customers
// (but not zero) and, in a table of sums, those that break the p % rule. It then leaves out enough others that none of these can be worked out from
// the rest: a count must stay within a range at least MinCount wide, and a sum must be uncertain by at least what the p % rule lacks, upwards and
// downwards. The ranges are exact (see Cell): they are what a reader can know who adds and subtracts, and knows that no cell is negative, but
// nothing else.
//
// The other cells to leave out are found by shortest augmenting paths through the cells (Cox 1980, "Suppression methodology and statistical disclosure control",
// JASA 75, 377-385; Cox 1995), with a cost for cells that would hide many customers or much money. The result is then checked once for cells that could have stayed.
// Hiding the least possible is NP-hard: this hides few cells, though not always the fewest.
//
// It does not stop a reader who is one of the customers of a cell and knows their own figure, nor one who subtracts another table of nearly the same
// customers, or with other bands. Nor does it hide that all customers of a group are alike, if a cell is all of its row. Sums are rounded to cents.
// Cost about s² flows through the table for s cells left out: seconds for a thousand.
func Suppress(t Crosstab, r Rules) (*Suppressed, error) {
	const op = "privacy.Suppress"
	r, err := r.checked()
	if err != nil {
		return nil, err
	}
	if err := t.check(op); err != nil {
		return nil, err
	}
	c := newCover(t, r)
	c.leaveOut()
	c.takeBack()
	return c.result(t), nil
}

// need is what a cell that is too small or dominated must be left open by.
type need struct {
	e               int   // arc
	up, down, width int64 // at least
}

// cover is a table with some cells left out.
type cover struct {
	network
	rules Rules
	unit  float64 // how much one unit of flow is: a customer, or a cent
	why   []Why   // (arcs)
	needs []need
}

func newCover(t Crosstab, r Rules) *cover {
	rows, columns := len(t.Rows), len(t.Columns)
	c := &cover{rules: r, unit: 1}
	c.nodes = rows + columns + 2
	from := func(at, col int) int { return at }
	to := func(at, col int) int { return rows + 1 + col }
	if columns == 1 { // its cells are the totals of the rows: all lead from one node to another, and the total back
		c.nodes = 2
		from, to = func(at, col int) int { return 0 }, func(at, col int) int { return 1 }
	}
	if t.Sums != nil {
		c.unit = .01
	}
	counts, sums, largest := margins(t)
	signed := slices.ContainsFunc(t.Sums, func(row []float64) bool { return slices.Min(row) < 0 })
	for at := range rows + 1 {
		for col := range columns + 1 {
			if columns == 1 && col == 1 {
				continue
			}
			n, amount := counts[at][col], float64(counts[at][col])
			if t.Sums != nil {
				amount = sums[at][col]
			}
			a := arc{from: from(at, col), to: to(at, col), value: int64(math.Round(amount / c.unit)), zero: n == 0, row: at, col: col}
			if a.spare = a.value; signed {
				a.spare = unlimited
			}
			if total := at == rows; total != (col == columns) {
				a.from, a.to = a.to, a.from
			}
			a.cost = 1 + math.Log2(1+math.Abs(float64(a.value)))
			for _, total := range []bool{at == rows, col == columns} {
				if total {
					a.cost *= margin
				}
			}
			c.judge(&a, n, largest[at][col], t.Sums != nil)
			c.add(a)
		}
	}
	slices.SortStableFunc(c.needs, func(a, b need) int { return cmp.Compare(max(b.up, b.width), max(a.up, a.width)) })
	return c
}

// judge says whether a cell must be left out by itself, and how open it must stay.
func (c *cover) judge(a *arc, n int, largest [2]float64, sum bool) {
	why, lack, size := Shown, int64(0), max(a.value, -a.value)
	switch {
	case n == 0:
	case !sum && n < c.rules.MinCount:
		why = Small
	case sum:
		first := int64(math.Round(largest[0] / c.unit))
		rest := size - first - int64(math.Round(largest[1]/c.unit))
		lack = int64(math.Ceil(c.rules.P/100*float64(first))) - max(rest, 0)
		if lack > 0 {
			why = Dominated
		}
		if n < c.rules.MinCount {
			why, lack = Small, max(lack, int64(math.Ceil(c.rules.P/100*float64(size))))
		}
	}
	if c.why = append(c.why, why); why == Shown {
		return
	}
	a.open = true
	width := int64(0)
	if !sum {
		width = int64(c.rules.MinCount)
	}
	c.needs = append(c.needs, need{len(c.arcs), lack, min(lack, a.spare), width})
}

// margins adds totals to a table: a row and a column behind the others.
func margins(t Crosstab) (counts [][]int, sums [][]float64, largest [][][2]float64) {
	rows, columns := append(slices.Clone(t.Rows), ""), append(slices.Clone(t.Columns), "")
	counts, sums, largest = grid[int](rows, columns), grid[float64](rows, columns), grid[[2]float64](rows, columns)
	for r := range t.Rows {
		for c := range t.Columns {
			for _, at := range [][2]int{{r, c}, {r, len(t.Columns)}, {len(t.Rows), c}, {len(t.Rows), len(t.Columns)}} {
				counts[at[0]][at[1]] += t.Customers[r][c]
				if t.Sums != nil {
					sums[at[0]][at[1]] += math.Round(t.Sums[r][c]*100) / 100 // as published, so that totals add up
					largest[at[0]][at[1]] = two(largest[at[0]][at[1]], t.Largest[r][c])
				}
			}
		}
	}
	return counts, sums, largest
}

// short is by how much a cell is not open enough, and in which direction; 0 where it is.
func (c *cover) short(n need) (lack int64, upwards bool) {
	up := c.up(n.e)
	if up < n.up {
		return n.up - up, true
	}
	if up == unlimited && n.down == 0 {
		return 0, false
	}
	down := c.down(n.e)
	if down < n.down {
		return n.down - down, false
	}
	if up != unlimited && up+down < n.width {
		return n.width - up - down, true
	}
	return 0, false
}

// leaveOut leaves out cells until every cell that must not be known is open enough.
func (c *cover) leaveOut() {
	for _, n := range c.needs {
		for {
			lack, upwards := c.short(n)
			if lack == 0 {
				break
			}
			for _, e := range c.path(n.e, lack, upwards) {
				if !c.arcs[e].open {
					c.arcs[e].open, c.why[e] = true, Complement
				}
			}
		}
	}
}

// path is the cheapest way, behind all that flows through open arcs, on which arc e can grow by lack more, or shrink. Shown cells on it are
// dear by what they hold, dearer if they can shrink by less than is lacking. Dijkstra's algorithm (1959, doi:10.1007/BF01386390).
func (c *cover) path(e int, lack int64, upwards bool) []int {
	from, to, enough := c.arcs[e].to, c.arcs[e].from, int64(unlimited)
	if !upwards {
		from, to, enough = to, from, c.arcs[e].spare
	}
	_, f := c.most(from, to, e, enough)
	cost, by, done := slices.Repeat([]float64{math.Inf(1)}, c.nodes), make([]int, c.nodes), make([]bool, c.nodes)
	cost[from] = 0
	for {
		v := -1
		for w := range cost {
			if !done[w] && !math.IsInf(cost[w], 1) && (v < 0 || cost[w] < cost[v]) {
				v = w
			}
		}
		if v == to {
			break
		}
		done[v] = true
		for _, g := range c.at[v] {
			a := c.arcs[g]
			room := c.room(f, g, v)
			if g == e || a.zero || room == 0 {
				continue
			}
			step := 1e-3 // many open cells are a detour
			if !a.open {
				step = a.cost * max(1, float64(lack)/float64(room))
			}
			if w := c.across(g, v); cost[v]+step < cost[w] {
				cost[w], by[w] = cost[v]+step, g
			}
		}
	}
	var path []int
	for w := to; w != from; w = c.across(by[w], w) {
		path = append(path, by[w])
	}
	return path
}

// takeBack shows again what was left out to no purpose, because what was left out later does its work; the dearest first.
func (c *cover) takeBack() {
	var besides []int
	for e, why := range c.why {
		if why == Complement {
			besides = append(besides, e)
		}
	}
	slices.SortStableFunc(besides, func(a, b int) int { return cmp.Compare(c.arcs[b].cost, c.arcs[a].cost) })
	for _, e := range besides {
		c.arcs[e].open = false
		if slices.ContainsFunc(c.needs, func(n need) bool { lack, _ := c.short(n); return lack > 0 }) {
			c.arcs[e].open = true
			continue
		}
		c.why[e] = Shown
	}
}

// result is the table that may be shared.
func (c *cover) result(t Crosstab) *Suppressed {
	out := &Suppressed{Row: t.Row, Column: t.Column, Rows: slices.Clone(t.Rows), Columns: slices.Clone(t.Columns), Amount: t.Amount, Unit: t.Unit, Rules: c.rules}
	out.Cells = grid[Cell](append(slices.Clone(t.Rows), ""), append(slices.Clone(t.Columns), ""))
	for e, a := range c.arcs {
		value := float64(a.value) * c.unit
		cell := Cell{value, value, value, c.why[e]}
		if a.open {
			cell.Value, cell.Low, cell.High = math.NaN(), math.Inf(-1), math.Inf(1)
			if down := c.down(e); down != unlimited {
				cell.Low = float64(a.value-down) * c.unit
			}
			if up := c.up(e); up != unlimited {
				cell.High = float64(a.value+up) * c.unit
			}
		}
		out.Cells[a.row][a.col] = cell
		if len(t.Columns) == 1 {
			out.Cells[a.row][1] = cell
		}
	}
	return out
}
