package cluster

import (
	"context"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/em"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// FittedLatentClass is the fitted state of LatentClass: the shares of the classes, and how their members answer. It assigns
// every row to the likeliest class, ties to the first. It has no distances; Memberships gives probabilities instead.
type FittedLatentClass struct {
	Columns       []table.Column `json:"columns"`       // (d) questions with their levels; a column of numbers has the levels 0 and 1
	Shares        []float64      `json:"shares"`        // (k) of all customers, adding up to 1
	Probabilities [][][]float64  `json:"probabilities"` // (k x d x levels) of an answer, given the class
}

var (
	_ Assigner      = FittedLatentClass{}
	_ sheet.Sheeter = FittedLatentClass{}
)

func newFittedLatentClass(columns []table.Column, c *em.Classes) FittedLatentClass {
	a := FittedLatentClass{Columns: table.CloneColumns(columns), Shares: c.Shares}
	at := 0
	for range c.Shares {
		var class [][]float64
		for _, l := range a.levels() {
			class = append(class, c.Prob[at:at+l:at+l])
			at += l
		}
		a.Probabilities = append(a.Probabilities, class)
	}
	return a
}

// levels returns how many answers each question has (d).
func (a FittedLatentClass) levels() []int {
	levels := make([]int, len(a.Columns))
	for j, c := range a.Columns {
		levels[j] = len(answersTo(c))
	}
	return levels
}

// answersTo are the levels of a column; a column of numbers has 0 and 1.
func answersTo(c table.Column) []string {
	if c.Categorical() {
		return c.Levels
	}
	return []string{"0", "1"}
}

// at returns 0..d-1, where the questions are in the table that was fitted.
func (a FittedLatentClass) at() []int {
	at := make([]int, len(a.Columns))
	for j := range at {
		at[j] = j
	}
	return at
}

// codes returns the answers of x (n*d), whose questions are columns at (d).
func (a FittedLatentClass) codes(x *table.Table, at []int) []int32 {
	codes := make([]int32, 0, x.Len()*len(at))
	for i := range x.Raw().IDs {
		row := x.Raw().Row(i)
		for _, j := range at {
			if math.IsNaN(row[j]) {
				codes = append(codes, -1)
			} else {
				codes = append(codes, int32(row[j]))
			}
		}
	}
	return codes
}

// Kind implements Assigner.
func (FittedLatentClass) Kind() string { return "latent class" }

// Reorder implements Assigner.
func (a FittedLatentClass) Reorder(order []int) Assigner {
	return FittedLatentClass{a.Columns, pick.At(a.Shares, order), pick.At(a.Probabilities, order)}
}

// TakesMissing says that customers who have not answered every question are assigned by their other answers.
func (FittedLatentClass) TakesMissing() bool { return true }

// Assign implements Assigner, without distances. It costs n*k*d.
func (a FittedLatentClass) Assign(x *table.Table) (labels table.Labels, nearest, second []float64, err error) {
	labels, err = likeliest("cluster.FittedLatentClass.Assign", x, a.members)
	return labels, nil, nil, err
}

// Memberships returns the probability of every segment for every row of x (n x k). It costs n*k*d.
func (a FittedLatentClass) Memberships(x *table.Table) (*mat.Dense, error) {
	return probabilities("cluster.FittedLatentClass.Memberships", x, a.members)
}

// members returns the likeliest segment of every row, and if wanted the probabilities (n x k; nil for no rows).
func (a FittedLatentClass) members(ctx context.Context, x *table.Table, want bool) (table.Labels, *mat.Dense, error) {
	if err := a.Valid(); err != nil {
		return nil, nil, err
	}
	at, err := table.Schema{Columns: a.Columns}.Find("cluster.LatentClass", x)
	if err != nil {
		return nil, nil, err
	}
	for p, c := range a.Columns {
		if c.Categorical() {
			continue
		}
		if err := x.Refuse(at[p:p+1], noAnswer, fault.CellError{Op: "cluster.LatentClass", Err: fault.ErrSchema, Why: "is a number other than 0 and 1, so it is not an answer"}); err != nil {
			return nil, nil, err
		}
	}
	classes := &em.Classes{Shares: a.Shares}
	for _, class := range a.Probabilities {
		classes.Prob = append(classes.Prob, slices.Concat(class...)...)
	}
	classes.Ready()
	codes, levels := a.codes(x, at), a.levels()
	n, d, k := x.Len(), len(at), len(a.Shares)
	labels := make(table.Labels, n)
	var shares []float64
	if want {
		shares = make([]float64, n*k)
	}
	err = par.Rows(ctx, n, func(_, from, to int) {
		row := make([]float64, k)
		for i := from; i < to; i++ {
			if want {
				row = shares[i*k : (i+1)*k]
			}
			labels[i], _ = classes.Members(levels, codes[i*d:(i+1)*d], row)
		}
	})
	if err != nil || n == 0 || !want {
		return labels, nil, err
	}
	return labels, mat.NewDense(n, k, shares), nil
}

// Valid refuses numbers that cannot be latent classes.
func (a FittedLatentClass) Valid() error {
	if len(a.Shares) == 0 || len(a.Columns) == 0 || len(a.Probabilities) != len(a.Shares) {
		return fault.Errorf(fault.ErrFormat, "segkit: latent classes with %d shares, %d columns and the answers of %d classes",
			len(a.Shares), len(a.Columns), len(a.Probabilities))
	}
	levels := a.levels()
	for s, class := range a.Probabilities {
		if len(class) != len(levels) || !share(a.Shares[s]) {
			return fault.Errorf(fault.ErrFormat, "segkit: latent class %d has a share of %v, and answers to %d of %d questions", s+1, a.Shares[s], len(class), len(levels))
		}
		for j, answers := range class {
			if len(answers) != levels[j] || slices.ContainsFunc(answers, func(p float64) bool { return !share(p) }) {
				return fault.Errorf(fault.ErrFormat, "segkit: the answers of latent class %d to %q are %v, want %d probabilities", s+1, a.Columns[j].Name, answers, levels[j])
			}
		}
	}
	return nil
}

// share reports whether v is one, but for rounding.
func share(v float64) bool { return v >= 0 && v <= 1+1e-9 }

// Sheet lays out the probability of every answer in every class. A question with two levels takes one row, for the second.
func (a FittedLatentClass) Sheet() sheet.Sheet {
	s := sheet.Sheet{Caption: fmt.Sprintf("How the members of %s answer", wording.Plural(len(a.Shares), "segment")),
		Columns: []sheet.Column{{Name: "question", Text: true}, {Name: "answer", Text: true}}}
	for i, v := range a.Shares {
		s.Columns = append(s.Columns, sheet.Column{Name: fmt.Sprintf("%d: %s", i+1, sheet.Percent(v))})
	}
	for j, c := range a.Columns {
		levels := answersTo(c)
		for l, level := range levels {
			if len(levels) == 2 && l == 0 {
				continue
			}
			row := []string{c.Name, level}
			for _, class := range a.Probabilities {
				row = append(row, sheet.Percent(class[j][l]))
			}
			s.Rows = append(s.Rows, row)
		}
	}
	return s.Clip()
}
