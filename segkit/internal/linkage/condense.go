package linkage

import "math"

// Dense is a tree of joins condensed to the groups that weigh enough (Campello, Moulavi & Sander 2013,
// doi:10.1007/978-3-642-37456-2_14): going down from the root, a group lives on while rows fall away from it, ends where it
// parts into two or more groups that weigh enough, and a density is 1 / height.
//
// Joins of equal height are one: neither the order of rows nor the choice among spanning trees shows in the groups.
//
// Rows at one place that are dense by themselves stay together at any density, so a group of them is more stable than any that parts.
type Dense struct {
	Groups []Group   // the root, then children after their parents
	Group  []int     // (n) the smallest group that the row belongs to
	Level  []float64 // (n) density at which it falls away from it
}

// Group is a set of rows that stays together over a range of densities.
type Group struct {
	Parent    int // -1 for the root
	Birth     float64
	Death     float64 // greatest density at which it, or a group it parted into, has rows
	Weight    float64 // at birth
	Stability float64 // sum over its rows of the densities they stay in it, up to the greatest that is finite
	Endless   float64 // weight of its rows that stay for ever: they coincide
	Selected  bool    // of the segments that together are most stable
}

// Condense reads the tree of n >= 1 rows. Core (n) is the height from which on a row is dense by itself, mass (n or nil) its weight,
// and least the weight of a group. Densities are finite: that of height 0 counts as that of the smallest core or height that is not 0,
// and Endless tells such rows apart.
func Condense(n int, merges []Merge, core, mass []float64, least float64) *Dense {
	c := condenser{n: n, merges: merges, core: core, least: least, mass: make([]float64, n+len(merges)),
		Dense: &Dense{Group: make([]int, n), Level: make([]float64, n)}}
	c.floor = math.Inf(1)
	for i := range n {
		c.mass[i] = 1
		if mass != nil {
			c.mass[i] = mass[i]
		}
		if core[i] > 0 {
			c.floor = min(c.floor, core[i])
		}
	}
	for m, v := range merges {
		c.mass[n+m] = c.mass[v.A] + c.mass[v.B]
		if v.Height > 0 {
			c.floor = min(c.floor, v.Height)
		}
	}
	root := n + len(merges) - 1
	c.Groups = []Group{{Parent: -1, Weight: c.mass[root]}}
	c.open = []part{{root, 0}}
	for len(c.open) > 0 {
		p := c.open[len(c.open)-1]
		c.open = c.open[:len(c.open)-1]
		c.divide(p)
	}
	c.choose()
	return c.Dense
}

type condenser struct {
	*Dense
	n      int
	merges []Merge
	core   []float64
	mass   []float64 // (n + merges)
	least  float64
	floor  float64 // smallest core or height above 0
	open   []part
}

// part is a node of the tree that is, or continues, a group.
type part struct{ node, group int }

// height is where a node falls apart. A single row does so at its core: there its own weight no longer makes it a group.
func (c *condenser) height(node int) float64 {
	if node < c.n {
		return c.core[node]
	}
	return c.merges[node-c.n].Height
}

func (c *condenser) density(height float64) float64 {
	if math.IsInf(c.floor, 1) {
		return 1 // all rows coincide
	}
	return 1 / max(height, c.floor)
}

// divide follows one node down to where it falls apart.
func (c *condenser) divide(p part) {
	height := c.height(p.node)
	level := c.density(height)
	var heavy, light []int
	todo := []int{p.node}
	if p.node < c.n {
		todo, light = nil, todo
	}
	for len(todo) > 0 {
		m := c.merges[todo[len(todo)-1]-c.n]
		todo = todo[:len(todo)-1]
		for _, child := range [2]int{m.B, m.A} {
			switch {
			case child >= c.n && c.height(child) == height:
				todo = append(todo, child)
			case c.mass[child] >= c.least && c.height(child) < height:
				heavy = append(heavy, child)
			default:
				light = append(light, child)
			}
		}
	}
	g := &c.Groups[p.group]
	if height == 0 {
		g.Endless = c.mass[p.node]
	}
	for _, node := range light {
		g.Stability += float64((level - g.Birth) * c.mass[node])
		c.fall(node, p.group, level)
	}
	g.Death = max(g.Death, level)
	if len(heavy) == 1 {
		c.open = append(c.open, part{heavy[0], p.group})
		return
	}
	for _, node := range heavy {
		g.Stability += float64((level - g.Birth) * c.mass[node])
	}
	for _, node := range heavy {
		c.open = append(c.open, part{node, len(c.Groups)})
		c.Groups = append(c.Groups, Group{Parent: p.group, Birth: level, Weight: c.mass[node]})
	}
}

// fall lets all rows of a node fall away from a group.
func (c *condenser) fall(node, group int, level float64) {
	todo := []int{node}
	for len(todo) > 0 {
		v := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if v < c.n {
			c.Group[v], c.Level[v] = group, level
			continue
		}
		todo = append(todo, c.merges[v-c.n].A, c.merges[v-c.n].B)
	}
}

// even covers the rounding of sums over rows in another order: a group as stable as those inside it is taken whole.
const even = 1 - 1e-9

// choose selects groups, none inside another and never the root, whose stabilities add up to the most. What stays for ever is
// infinitely stable, and only a group that never parts has such rows.
func (c *condenser) choose() {
	best := make([]float64, len(c.Groups)) // of the group or of those inside it
	for i := len(c.Groups) - 1; i > 0; i-- {
		g := &c.Groups[i]
		stability := g.Stability
		if g.Endless > 0 {
			stability = math.Inf(1)
		}
		if g.Selected = stability >= best[i]*even; g.Selected {
			best[i] = stability
		}
		up := &c.Groups[g.Parent]
		best[g.Parent] += best[i]
		up.Death = max(up.Death, g.Death)
	}
	for i := 1; i < len(c.Groups); i++ {
		if c.Within(c.Groups[i].Parent) >= 0 {
			c.Groups[i].Selected = false
		}
	}
}

// Persistence says how lasting group i is, 0 to 1: the mean over its rows of the densities they stay in it, as a share of the
// greatest finite one. A row that stays for ever counts 1.
func (d *Dense) Persistence(i int) float64 {
	g := d.Groups[i]
	return min(1, (g.Stability+g.Endless*g.Birth)/(g.Weight*d.Groups[0].Death)) // but for rounding
}

// Within returns the selected group that group i is or lies in, -1 if none.
func (d *Dense) Within(i int) int {
	for i >= 0 && !d.Groups[i].Selected {
		i = d.Groups[i].Parent
	}
	return i
}
