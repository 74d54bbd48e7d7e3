package value

import (
	"fmt"
	"math"

	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

var _ sheet.Sheeter = (*Estimate)(nil)

// Sheet lays out the parameters with their meanings, and a report on the search.
func (e *Estimate) Sheet() sheet.Sheet {
	if e == nil {
		return sheet.Sheet{}
	}
	out := sheet.Sheet{Caption: fmt.Sprintf("%s of %s: log-likelihood %s", e.Model, wording.Plural(e.Customers, "customer"), sheet.Fixed(e.LogLikelihood, 3)),
		Columns: []sheet.Column{{Name: "parameter", Text: true}, {Name: "meaning", Text: true}, {Name: "estimate"}, {Name: "standard error"}, {Name: "95 % interval"}}}
	for _, p := range e.Parameters {
		row := []string{p.Name, p.Meaning, digits(p.Value), digits(p.SE), sheet.Missing}
		if !math.IsNaN(p.SE) {
			row[4] = fmt.Sprintf("%s to %s", digits(p.Low), digits(p.High))
		}
		out.Rows = append(out.Rows, row)
	}
	out.Notes = append(out.Notes, e.Doubts...)
	out.Notes = append(out.Notes, e.says())
	return out
}

// digits writes a parameter with three digits behind the point, as the literature does, and more where it is small.
func digits(v float64) string {
	switch {
	case math.IsNaN(v):
		return sheet.Missing
	case math.Abs(v) < .01:
		return fmt.Sprintf("%.3g", v)
	case math.Abs(v) < 1000:
		return sheet.Fixed(v, 3)
	}
	return sheet.Number(v)
}

// says reports the search in a sentence.
func (e *Estimate) says() string {
	state := "The search converged"
	if !e.Converged {
		state = "The search did not converge"
	}
	return fmt.Sprintf("%s: %d of %s reached this maximum, the steepest slope left is %.1g, and the likelihood %s. %s with %s different histories.", state, e.hits(), wording.Plural(len(e.Starts), "start"), e.Slope,
		map[bool]string{true: "falls on all sides", false: "does not fall on all sides"}[e.Peaked], wording.Plural(e.Customers, "customer"), sheet.Count(e.Groups))
}

// Frame returns the parameters as a gota frame: parameter, estimate, se, low, high.
func (e *Estimate) Frame() table.Frame {
	if e == nil {
		return table.Frame{}
	}
	return frame.New(
		frame.Each("parameter", e.Parameters, func(p Parameter) string { return p.Name }),
		frame.Numbers([]string{"estimate", "se", "low", "high"}, e.Parameters, func(p Parameter) []float64 { return []float64{p.Value, p.SE, p.Low, p.High} }),
	)
}
